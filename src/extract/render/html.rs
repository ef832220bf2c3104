//! Semantic HTML from a closed vocabulary: nothing of the page's own markup is copied, so nothing of it can act.

use crate::extract::flow::{Definition, Flow, Inline};
use crate::markup::escape_into;
use std::fmt::Write;

/// The body as HTML: no script, style, class or handler can be in it, and links are `http`, `https`, `mailto` or `tel`.
pub(in crate::extract) fn html(flows: &[Flow]) -> String {
    let mut out = String::new();
    blocks(flows, &mut out);
    out.truncate(out.trim_end().len());
    out
}

fn blocks(flows: &[Flow], out: &mut String) {
    for flow in flows {
        block(flow, out);
        out.push('\n');
    }
}

fn block(flow: &Flow, out: &mut String) {
    match flow {
        Flow::Paragraph(inlines) => wrap("p", inlines, out),
        Flow::Heading(level, inlines) => wrap(&format!("h{level}"), inlines, out),
        Flow::Quote(below) => {
            out.push_str("<blockquote>\n");
            blocks(below, out);
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
        Flow::List { start, items } => {
            match start {
                None => out.push_str("<ul>\n"),
                Some(1) => out.push_str("<ol>\n"),
                Some(number) => {
                    // Writing to a String cannot fail.
                    let _ = writeln!(out, "<ol start=\"{number}\">");
                }
            }
            for item in items {
                out.push_str("<li>");
                contents(item, out);
                out.push_str("</li>\n");
            }
            out.push_str(if start.is_some() { "</ol>" } else { "</ul>" });
        }
        Flow::Table { headers, rows } => table(*headers, rows, out),
        Flow::Definitions(list) => {
            out.push_str("<dl>\n");
            for entry in list {
                match entry {
                    Definition::Term(line) => wrap("dt", line, out),
                    Definition::Meaning(below) => {
                        out.push_str("<dd>");
                        contents(below, out);
                        out.push_str("</dd>");
                    }
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
                wrap("figcaption", caption, out);
            }
            out.push_str("</figure>");
        }
        Flow::Break => out.push_str("<hr>"),
    }
}

fn table(headers: usize, rows: &[Vec<Vec<Inline>>], out: &mut String) {
    out.push_str("<table>\n");
    for (index, row) in rows.iter().enumerate() {
        out.push_str("<tr>");
        for cell in row {
            wrap(if index < headers { "th" } else { "td" }, cell, out);
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</table>");
}

/// A lone paragraph in an item needs no `<p>`.
fn contents(flows: &[Flow], out: &mut String) {
    for (index, flow) in flows.iter().enumerate() {
        match flow {
            Flow::Paragraph(inlines) if index == 0 => line(inlines, out),
            _ => {
                out.push('\n');
                block(flow, out);
            }
        }
    }
}

fn wrap(tag: &str, inlines: &[Inline], out: &mut String) {
    out.push('<');
    out.push_str(tag);
    out.push('>');
    line(inlines, out);
    out.push_str("</");
    out.push_str(tag);
    out.push('>');
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
            Inline::Superscript(below) => wrap("sup", below, out),
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
