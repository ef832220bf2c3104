//! Plain text: paragraphs apart by one blank line, headings and list items on lines of their own, no captions.

use crate::extract::flow::{Definition, Flow, Inline, plain};

/// The body as plain text.
pub(in crate::extract) fn text(flows: &[Flow]) -> String {
    let mut out = String::new();
    for flow in flows {
        let mut part = String::new();
        push(flow, &mut part);
        if !part.is_empty() {
            if !out.is_empty() {
                out.push_str("\n\n");
            }
            out.push_str(&part);
        }
    }
    out
}

fn push(flow: &Flow, out: &mut String) {
    match flow {
        Flow::Paragraph(inlines) | Flow::Heading(_, inlines) => line(inlines, out),
        Flow::Quote(below) => out.push_str(&text(below)),
        Flow::Code { text, .. } => out.push_str(text.trim_end()),
        Flow::List { items, .. } => {
            for item in items {
                next_line(out);
                tight(item, out);
            }
        }
        Flow::Table { rows, .. } => {
            for row in rows {
                next_line(out);
                for (column, cell) in row.iter().enumerate() {
                    if column > 0 {
                        out.push('\t');
                    }
                    line(cell, out);
                }
            }
        }
        Flow::Definitions(list) => {
            for entry in list {
                next_line(out);
                match entry {
                    Definition::Term(inlines) => line(inlines, out),
                    Definition::Meaning(below) => tight(below, out),
                }
            }
        }
        Flow::Figure { .. } | Flow::Break => {}
    }
}

/// The pieces of a list item, one a line.
fn tight(flows: &[Flow], out: &mut String) {
    for (index, flow) in flows.iter().enumerate() {
        if index > 0 {
            next_line(out);
        }
        push(flow, out);
    }
}

fn next_line(out: &mut String) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

fn line(inlines: &[Inline], out: &mut String) {
    out.push_str(&plain(inlines));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_blank_line_between_pieces_and_none_in_a_list() {
        let paragraph = |text: &str| Flow::Paragraph(vec![Inline::Text(text.to_owned())]);
        let inner = Flow::List { start: None, items: vec![vec![paragraph("c")]] };
        let list = Flow::List { start: None, items: vec![vec![paragraph("b"), inner], vec![paragraph("d")]] };
        let table = Flow::Table { headers: 0, rows: vec![vec![vec![Inline::Text("e".to_owned())], vec![]]] };
        assert_eq!(text(&[paragraph("a"), list, Flow::Break, table, paragraph("f")]), "a\n\nb\nc\nd\n\ne\t\n\nf");
    }
}
