//! Semantic HTML from a closed vocabulary: nothing of the page's own markup is copied, so nothing of it can act.

use super::direction::{Direction, of_flow, of_line};
use crate::extract::flow::{Definition, Flow, Inline, Numbering};
use crate::markup::escape_into;
use std::fmt::Write;

/// The body as HTML: no script, style, class or handler can be in it, and links are `http`, `https`, `mailto` or `tel`.
///
/// Text that runs from right to left is marked with `dir`, on the outermost element where it begins.
pub(in crate::extract) fn html(flows: &[Flow]) -> String {
    let mut out = String::new();
    blocks(flows, Direction::LeftToRight, &mut out);
    out.truncate(out.trim_end().len());
    out
}

fn blocks(flows: &[Flow], around: Direction, out: &mut String) {
    for flow in flows {
        block(flow, around, out);
        out.push('\n');
    }
}

/// Opens an element, with its direction where that is another than the one around it. Gives the one within.
fn open(tag: &str, direction: Option<Direction>, around: Direction, out: &mut String) -> Direction {
    let within = direction.unwrap_or(around);
    out.push('<');
    out.push_str(tag);
    if within != around {
        out.push_str(" dir=\"");
        out.push_str(within.value());
        out.push('"');
    }
    within
}

fn block(flow: &Flow, around: Direction, out: &mut String) {
    match flow {
        Flow::Paragraph(inlines) => wrap_directed("p", inlines, around, out),
        Flow::Heading(level, inlines) => wrap_directed(&format!("h{level}"), inlines, around, out),
        Flow::Quote(below) => {
            let within = open("blockquote", of_flow(flow), around, out);
            out.push_str(">\n");
            blocks(below, within, out);
            out.push_str("</blockquote>");
        }
        Flow::Code { language, text } => {
            out.push_str("<pre><code");
            if let Some(language) = language {
                out.push_str(" class=\"language-");
                escape_into(language, out);
                out.push('"');
            }
            out.push('>');
            escape_into(text, out);
            out.push_str("</code></pre>");
        }
        Flow::List { numbering, items } => {
            let tag = if numbering.is_some() { "ol" } else { "ul" };
            let within = open(tag, of_flow(flow), around, out);
            if let Some(numbering) = numbering {
                number(*numbering, items.len(), out);
            }
            out.push_str(">\n");
            for item in items {
                contents("li", item, within, out);
                out.push('\n');
            }
            close(tag, out);
        }
        Flow::Table { headers, rows } => {
            let within = open("table", of_flow(flow), around, out);
            out.push_str(">\n");
            for (index, row) in rows.iter().enumerate() {
                out.push_str("<tr>");
                for cell in row {
                    wrap_directed(if index < *headers { "th" } else { "td" }, cell, within, out);
                }
                out.push_str("</tr>\n");
            }
            out.push_str("</table>");
        }
        Flow::Definitions(list) => {
            let within = open("dl", of_flow(flow), around, out);
            out.push_str(">\n");
            for entry in list {
                match entry {
                    Definition::Term(line) => wrap_directed("dt", line, within, out),
                    Definition::Meaning(below) => contents("dd", below, within, out),
                }
                out.push('\n');
            }
            out.push_str("</dl>");
        }
        Flow::Figure { url, alt, caption } => {
            out.push_str("<figure><img src=\"");
            escape_into(url, out);
            out.push_str("\" alt=\"");
            escape_into(alt, out);
            out.push_str("\">");
            if !caption.is_empty() {
                wrap_directed("figcaption", caption, around, out);
            }
            out.push_str("</figure>");
        }
        Flow::Break => out.push_str("<hr>"),
    }
}

/// How a list is numbered, where that is not from 1 upwards.
fn number(numbering: Numbering, items: usize, out: &mut String) {
    let Numbering { start, reversed, style } = numbering;
    // Writing to a String cannot fail.
    if reversed {
        out.push_str(" reversed=\"\"");
    }
    if start as usize != if reversed { items } else { 1 } {
        let _ = write!(out, " start=\"{start}\"");
    }
    if let Some(style) = style {
        let _ = write!(out, " type=\"{style}\"");
    }
}

fn close(tag: &str, out: &mut String) {
    out.push_str("</");
    out.push_str(tag);
    out.push('>');
}

/// An item. A paragraph at its start needs no `<p>`.
fn contents(tag: &str, flows: &[Flow], around: Direction, out: &mut String) {
    let within = open(tag, flows.iter().find_map(of_flow), around, out);
    out.push('>');
    for (index, flow) in flows.iter().enumerate() {
        match flow {
            Flow::Paragraph(inlines) if index == 0 => line(inlines, out),
            _ => {
                out.push('\n');
                block(flow, within, out);
            }
        }
    }
    close(tag, out);
}

fn wrap_directed(tag: &str, inlines: &[Inline], around: Direction, out: &mut String) {
    open(tag, of_line(inlines), around, out);
    out.push('>');
    line(inlines, out);
    close(tag, out);
}

fn wrap(tag: &str, inlines: &[Inline], out: &mut String) {
    out.push('<');
    out.push_str(tag);
    out.push('>');
    line(inlines, out);
    close(tag, out);
}

fn line(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(text) => escape_into(text, out),
            Inline::Link(url, below) => {
                out.push_str("<a href=\"");
                escape_into(url, out);
                out.push_str("\">");
                line(below, out);
                out.push_str("</a>");
            }
            Inline::Strong(below) => wrap("strong", below, out),
            Inline::Emphasis(below) => wrap("em", below, out),
            Inline::Deleted(below) => wrap("del", below, out),
            Inline::Subscript(below) => wrap("sub", below, out),
            Inline::Superscript(below) | Inline::NoteMark(below) => wrap("sup", below, out),
            Inline::Math { tex, .. } => {
                out.push_str("<code class=\"language-math\">");
                escape_into(tex, out);
                out.push_str("</code>");
            }
            Inline::Code(text) => {
                out.push_str("<code>");
                escape_into(text, out);
                out.push_str("</code>");
            }
            Inline::Ruby(base, reading) => {
                out.push_str("<ruby>");
                line(base, out);
                out.push_str("<rp>(</rp><rt>");
                escape_into(reading, out);
                out.push_str("</rt><rp>)</rp></ruby>");
            }
            Inline::LineBreak => out.push_str("<br>"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraph(text: &str) -> Flow {
        Flow::Paragraph(vec![Inline::Text(text.to_owned())])
    }

    #[test]
    fn text_says_which_way_it_runs() {
        let list = Flow::List {
            numbering: Some(Numbering::from(3)),
            items: vec![vec![paragraph("«عبّارة»")], vec![paragraph("Ferry")]],
        };
        let flows =
            [paragraph("2026: המעבורת חוזרת"), paragraph("Ferry המעבורת"), Flow::Quote(vec![paragraph("עברית")]), list];
        assert_eq!(
            html(&flows),
            "<p dir=\"rtl\">2026: המעבורת חוזרת</p>\n<p>Ferry המעבורת</p>\n<blockquote dir=\"rtl\">\n<p>עברית</p>\n</blockquote>\n\
             <ol dir=\"rtl\" start=\"3\">\n<li>«عبّارة»</li>\n<li dir=\"ltr\">Ferry</li>\n</ol>"
        );
    }

    #[test]
    fn lists_say_how_they_are_numbered() {
        let items = vec![vec![paragraph("a")], vec![paragraph("b")]];
        let list = |numbering| html(&[Flow::List { numbering: Some(numbering), items: items.clone() }]);
        let opened = |numbering| list(numbering).lines().next().unwrap_or_default().to_owned();
        let down = Numbering { start: 2, reversed: true, style: None };
        assert_eq!(opened(down), "<ol reversed=\"\">");
        assert_eq!(opened(Numbering { start: 7, ..down }), "<ol reversed=\"\" start=\"7\">");
        assert_eq!(opened(Numbering { style: Some('A'), ..Numbering::from(1) }), "<ol type=\"A\">");
    }

    #[test]
    fn readings_stay_with_their_words() {
        let ruby = Inline::Ruby(vec![Inline::Text("杉".to_owned())], "すぎ".to_owned());
        assert_eq!(html(&[Flow::Paragraph(vec![ruby])]), "<p><ruby>杉<rp>(</rp><rt>すぎ</rt><rp>)</rp></ruby></p>");
    }
}
