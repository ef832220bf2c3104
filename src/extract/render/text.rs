//! Plain text: paragraphs apart by one blank line, headings and list items on lines of their own, no captions.

use crate::extract::flow::{Definition, Flow, Inline};

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
                    let from = out.len();
                    line(cell, out);
                    // A row is one line.
                    if out[from..].contains('\n') {
                        let cell = out.split_off(from).replace('\n', " ");
                        out.push_str(&cell);
                    }
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

/// A line's words. An exponent is told from the number before it: `10³`, `2¹⁰`, `x^(n+1)`; the mark of a note stands in
/// brackets. Letters alone (`1st`, `Mme`) and indices (`H2O`) stay as they are.
fn line(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Superscript(below) => {
                let mut raised = String::new();
                line(below, &mut raised);
                exponent(&raised, out);
            }
            Inline::NoteMark(below) => {
                let mut mark = String::new();
                line(below, &mut mark);
                let mark = mark.trim();
                if mark.starts_with(['[', '(']) || mark.chars().all(|c| !c.is_alphanumeric()) {
                    out.push_str(mark);
                } else {
                    out.push('[');
                    out.push_str(mark);
                    out.push(']');
                }
            }
            Inline::Link(_, below)
            | Inline::Strong(below)
            | Inline::Emphasis(below)
            | Inline::Deleted(below)
            | Inline::Subscript(below)
            | Inline::Ruby(below, _) => line(below, out),
            Inline::Text(text) | Inline::Code(text) | Inline::Math { tex: text, .. } => out.push_str(text),
            Inline::LineBreak => out.push('\n'),
        }
    }
}

fn exponent(raised: &str, out: &mut String) {
    let high = |c: char| match c {
        '0' => Some('⁰'),
        '1' => Some('¹'),
        '2' => Some('²'),
        '3' => Some('³'),
        '4'..='9' => char::from_u32(u32::from(c) - u32::from('4') + u32::from('⁴')),
        '+' => Some('⁺'),
        '-' | '−' | '–' => Some('⁻'),
        _ => None,
    };
    let is_plain = !raised.contains(|c: char| c.is_ascii_digit() || "+-−=*/".contains(c));
    let behind_word = out.chars().next_back().is_some_and(|c| c.is_alphanumeric() || matches!(c, ')' | ']' | '}'));
    // Behind the end of a clause there is nothing to raise to a power: it is a note's mark that leads nowhere.
    let is_mark = out.ends_with(['.', ',', ';', ':', '?', '!', '…', '”', '"', '»', '。', '、'])
        && raised.starts_with(|c: char| c.is_ascii_digit());
    if is_mark {
        out.push('[');
        out.push_str(raised);
        out.push(']');
    } else if raised.chars().all(|c| high(c).is_some()) {
        out.extend(raised.chars().filter_map(high));
    } else if is_plain || !behind_word {
        out.push_str(raised);
    } else {
        out.push_str("^(");
        out.push_str(raised);
        out.push(')');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_and_notes_are_told_from_the_words_before_them() {
        let word = |text: &str| Inline::Text(text.to_owned());
        let raised = |text: &str| Inline::Superscript(vec![word(text)]);
        let note = |text: &str| Inline::NoteMark(vec![word(text)]);
        for (before, piece, expected) in [
            ("10", raised("3"), "10³"),
            ("2", raised("10"), "2¹⁰"),
            ("m", raised("−3"), "m⁻³"),
            ("x", raised("n+1"), "x^(n+1)"),
            ("1", raised("st"), "1st"),
            ("reason.", raised("2"), "reason.[2]"),
            ("M", raised("me"), "Mme"),
            ("a hill", note("1"), "a hill[1]"),
            ("a hill", note("[2]"), "a hill[2]"),
            ("before", note("1–3"), "before[1–3]"),
            ("H", Inline::Subscript(vec![word("2")]), "H2"),
        ] {
            assert_eq!(text(&[Flow::Paragraph(vec![word(before), piece])]), expected);
        }
    }

    #[test]
    fn one_blank_line_between_pieces_and_none_in_a_list() {
        let paragraph = |text: &str| Flow::Paragraph(vec![Inline::Text(text.to_owned())]);
        let inner = Flow::List { numbering: None, items: vec![vec![paragraph("c")]] };
        let list = Flow::List { numbering: None, items: vec![vec![paragraph("b"), inner], vec![paragraph("d")]] };
        let table = Flow::Table { headers: 0, rows: vec![vec![vec![Inline::Text("e".to_owned())], vec![]]] };
        assert_eq!(text(&[paragraph("a"), list, Flow::Break, table, paragraph("f")]), "a\n\nb\nc\nd\n\ne\t\n\nf");
    }
}
