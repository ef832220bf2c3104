//! Plain text: paragraphs apart by one blank line, headings and list items on lines of their own, no captions.

use crate::extract::flow::{Definition, Flow, Inline, plain};

/// The body as plain text.
pub(in crate::extract) fn text(flows: &[Flow]) -> String {
    let mut out = String::new();
    for flow in flows {
        let from = out.len();
        push(flow, &mut out);
        if out.len() > from && from > 0 {
            out.insert_str(from, "\n\n");
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
