//! `CommonMark` with the tables of GitHub's dialect, escaped no more than it must be.

use super::markdown_line::{Context, Neighbours, destination, escape, line, longest_run};
use crate::extract::flow::{Definition, Flow, Inline, Numbering, plain};
use std::borrow::Cow;

/// The largest number that a list's item can have: nine digits.
const MAX_NUMBER: u32 = 999_999_999;

/// The body as `CommonMark`.
pub(in crate::extract) fn markdown(flows: &[Flow]) -> String {
    // Readers that know formulas would take the money of another paragraph for one.
    let base = Context { formulas: flows.iter().any(has_formula), ..Context::default() };
    let mut out = blocks(flows, base).join("\n\n");
    out.truncate(out.trim_end().len());
    out
}

fn has_formula(flow: &Flow) -> bool {
    let in_line = |line: &[Inline]| line.iter().any(is_formula);
    match flow {
        Flow::Paragraph(line) | Flow::Heading(_, line) | Flow::Figure { caption: line, .. } => in_line(line),
        Flow::Quote(below) => below.iter().any(has_formula),
        Flow::List { items, .. } => items.iter().flatten().any(has_formula),
        Flow::Table { rows, .. } => rows.iter().flatten().any(|cell| in_line(cell)),
        Flow::Definitions(entries) => entries.iter().any(|entry| match entry {
            Definition::Term(line) => in_line(line),
            Definition::Meaning(below) => below.iter().any(has_formula),
        }),
        Flow::Code { .. } | Flow::Break => false,
    }
}

fn is_formula(inline: &Inline) -> bool {
    match inline {
        Inline::Math { .. } => true,
        Inline::Link(_, below)
        | Inline::Strong(below)
        | Inline::Emphasis(below)
        | Inline::Deleted(below)
        | Inline::Subscript(below)
        | Inline::Superscript(below)
        | Inline::NoteMark(below)
        | Inline::Ruby(below, _) => below.iter().any(is_formula),
        Inline::Text(_) | Inline::Code(_) | Inline::LineBreak => false,
    }
}

fn blocks(flows: &[Flow], base: Context) -> Vec<String> {
    let mut parts: Vec<String> = Vec::with_capacity(flows.len());
    let mut after_list = false;
    for flow in without_definitions(flows) {
        let part = block(&flow, base);
        if part.is_empty() {
            continue;
        }
        let is_list = matches!(*flow, Flow::List { .. });
        // Two lists in a row would run into one.
        if is_list && after_list {
            parts.push("<!-- -->".to_owned());
        }
        after_list = is_list;
        parts.push(part);
    }
    parts
}

/// The dialect knows no definitions: a term is a bold paragraph, and what it means stands below it.
fn without_definitions(flows: &[Flow]) -> Vec<Cow<'_, Flow>> {
    let mut out = Vec::with_capacity(flows.len());
    for flow in flows {
        let Flow::Definitions(entries) = flow else {
            out.push(Cow::Borrowed(flow));
            continue;
        };
        for entry in entries {
            match entry {
                Definition::Term(line) => {
                    out.push(Cow::Owned(Flow::Paragraph(vec![Inline::Strong(line.clone())])));
                }
                Definition::Meaning(below) => out.extend(without_definitions(below)),
            }
        }
    }
    out
}

fn block(flow: &Flow, base: Context) -> String {
    match flow {
        Flow::Paragraph(inlines) => paragraph(inlines, base),
        Flow::Heading(level, inlines) => {
            let text = one_line(inlines, base, " ");
            // A run of `#` at the end would be taken for the heading's own closing.
            let text = if text.ends_with('#') { format!("{}\\#", &text[..text.len() - 1]) } else { text };
            format!("{} {text}", "#".repeat(usize::from(*level)))
        }
        Flow::Quote(below) => prefixed(&blocks(below, base).join("\n\n"), "> ", "> "),
        Flow::Code { language, text } => {
            let fence = "`".repeat(longest_run(text, '`').max(2) + 1);
            format!("{fence}{}\n{}\n{fence}", language.as_deref().unwrap_or_default(), text.trim_end_matches('\n'))
        }
        Flow::List { numbering, items } => list(*numbering, items, base),
        Flow::Table { headers, rows } => table(*headers, rows, base),
        Flow::Definitions(_) => blocks(std::slice::from_ref(flow), base).join("\n\n"),
        Flow::Figure { url, alt, caption } => {
            let alt = escape(alt, Context { in_link: true, ..base });
            let mut out = format!("![{}]({})", alt.replace('\n', " ").trim(), destination(url, base));
            if !caption.is_empty() {
                out.push_str("\n\n");
                let caption = Inline::Emphasis(vec![Inline::Text(plain(caption).replace('\n', " "))]);
                out.push_str(&paragraph(&[caption], base));
            }
            out
        }
        Flow::Break => "---".to_owned(),
    }
}

/// A line that must not be broken.
fn one_line(inlines: &[Inline], context: Context, hard_break: &str) -> String {
    line(inlines, context, Neighbours::default()).replace("\\\n", hard_break).replace('\n', " ")
}

fn list(numbering: Option<Numbering>, items: &[Vec<Flow>], base: Context) -> String {
    // Behind a line of text only a list that begins with a mark or with 1 is one without a blank line before it, and
    // behind a list any text would belong to its last item.
    let from_one = |numbering: Option<Numbering>| numbering.is_none_or(|numbering| numbering.start == 1);
    let runs_on = |flow: &Flow| matches!(flow, Flow::List { numbering, .. } if from_one(*numbering));
    let several = |flow: &Flow| matches!(flow, Flow::Definitions(_) | Flow::Figure { .. });
    let loose = items.iter().any(|item| item.iter().any(several) || !item.iter().skip(1).all(runs_on));
    let separator = if loose { "\n\n" } else { "\n" };
    // The numbers of all items have to fit.
    let numbering = numbering.map(|numbering| {
        let most = MAX_NUMBER.saturating_sub(u32::try_from(items.len()).unwrap_or(MAX_NUMBER));
        Numbering { start: numbering.start.min(most), ..numbering }
    });
    let mut out = String::new();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push_str(separator);
        }
        let marker = match numbering {
            Some(numbering) => format!("{}. ", numbering.of(index)),
            None => "- ".to_owned(),
        };
        let indent = " ".repeat(marker.len());
        out.push_str(&prefixed(&blocks(item, base).join(separator), &marker, &indent));
    }
    out
}

fn prefixed(text: &str, first: &str, rest: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let prefix = if index == 0 { first } else { rest };
        out.push_str(if line.is_empty() { prefix.trim_end() } else { prefix });
        out.push_str(line);
    }
    out
}

fn table(headers: usize, rows: &[Vec<Vec<Inline>>], base: Context) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let row_text = |row: &[Vec<Inline>]| {
        let mut out = String::from("|");
        for column in 0..columns {
            let cell = row.get(column).map(|cell| one_line(cell, Context { in_table: true, ..base }, "<br>"));
            out.push(' ');
            out.push_str(&cell.unwrap_or_default());
            out.push_str(" |");
        }
        out
    };
    let mut lines = Vec::with_capacity(rows.len() + 2);
    // The dialect knows tables with one header row only; a table without one gets an empty one.
    let (head, body) = if headers == 0 { (&[][..], rows) } else { (&rows[0][..], &rows[1..]) };
    lines.push(row_text(head));
    lines.push(format!("|{}", " --- |".repeat(columns)));
    lines.extend(body.iter().map(|row| row_text(row)));
    lines.join("\n")
}

fn paragraph(inlines: &[Inline], base: Context) -> String {
    let text = line(inlines, base, Neighbours::default());
    let mut out = String::with_capacity(text.len() + 8);
    for (index, line) in text.trim().lines().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        escape_line_start(line.trim_start(), &mut out);
    }
    out
}

/// What would make a line a heading, a quote, a list item, a rule, or an underline of the line above.
fn escape_line_start(line: &str, out: &mut String) {
    let bytes = line.as_bytes();
    let space_at = |at: usize| bytes.get(at).is_none_or(|&byte| byte == b' ' || byte == b'\t');
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let hashes = bytes.iter().take_while(|&&byte| byte == b'#').count();
    // A hard break's own sign is at the end of a line, and no part of what the line is.
    let is_drawn = |signs: &[u8]| bytes.strip_suffix(b"\\").unwrap_or(bytes).iter().all(|byte| signs.contains(byte));
    let at = match bytes.first() {
        Some(b'#') if hashes <= 6 && space_at(hashes) => Some(0),
        Some(b'>') => Some(0),
        Some(b'-' | b'+' | b'*') if space_at(1) => Some(0),
        // An underline of a heading, or of a table's header.
        Some(b'-' | b'=' | b':' | b'|') if is_drawn(b"-=:| ") => Some(0),
        Some(b'~') if line.starts_with("~~~") => Some(0),
        Some(b'0'..=b'9') if digits <= 9 && matches!(bytes.get(digits), Some(b'.' | b')')) && space_at(digits + 1) => {
            Some(digits)
        }
        _ => None,
    };
    match at {
        Some(at) => {
            out.push_str(&line[..at]);
            out.push('\\');
            out.push_str(&line[at..]);
        }
        None => out.push_str(line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(flow: &Flow) -> String {
        super::block(flow, Context::default())
    }

    fn text(text: &str) -> Inline {
        Inline::Text(text.to_owned())
    }

    #[test]
    fn only_what_must_be_is_escaped() {
        let cases = [
            ("snake_case and 2 * 3", "snake_case and 2 * 3"),
            ("*starred* [x] `tick`", "\\*starred\\* [x] \\`tick\\`"),
            ("AT&T &amp; a < b <b>", "AT&T \\&amp; a < b \\<b>"),
            ("1. not a list", "1\\. not a list"),
            ("2024 was", "2024 was"),
            ("# no heading", "\\# no heading"),
            ("- no item", "\\- no item"),
            ("-5 degrees", "-5 degrees"),
        ];
        for (given, expected) in cases {
            assert_eq!(block(&Flow::Paragraph(vec![text(given)])), expected);
        }
    }

    #[test]
    fn spaces_move_out_of_emphasis() {
        let line = vec![text("a"), Inline::Strong(vec![text(" b ")]), text("c")];
        assert_eq!(block(&Flow::Paragraph(line)), "a **b** c");
    }

    #[test]
    fn lists_nest_and_code_is_fenced() {
        let inner =
            Flow::List { numbering: Some(Numbering::from(3)), items: vec![vec![Flow::Paragraph(vec![text("x")])]] };
        let outer = Flow::List { numbering: None, items: vec![vec![Flow::Paragraph(vec![text("a")]), inner]] };
        assert_eq!(block(&outer), "- a\n\n  3. x", "only a list from 1 can follow a line of text at once");
        let code = Flow::Code { language: Some("rust".to_owned()), text: "let a = \"```\";\n".to_owned() };
        assert_eq!(block(&code), "````rust\nlet a = \"```\";\n````");
    }

    #[test]
    fn tables_have_a_header_row() {
        let rows = vec![vec![vec![text("a|b")], vec![]], vec![vec![text("c")], vec![text("d")]]];
        assert_eq!(block(&Flow::Table { headers: 1, rows }), "| a\\|b |  |\n| --- | --- |\n| c | d |");
    }

    #[test]
    fn formulas_stand_between_dollars_and_money_does_not() {
        let math = |tex: &str, display| Inline::Math { tex: tex.to_owned(), display };
        let line = vec![text("for $5, "), math("a_i * b", false), text(" is "), math("x\\|y", false)];
        let rows = vec![vec![vec![text("$6")], vec![math("\\|x|", false)]]];
        let flows =
            [Flow::Paragraph(line), Flow::Paragraph(vec![math("E = mc^2", true)]), Flow::Table { headers: 1, rows }];
        assert_eq!(
            markdown(&flows),
            "for \\$5, $a_i * b$ is $x\\|y$\n\n$$E = mc^2$$\n\n| \\$6 | $\\Vert x\\vert$ |\n| --- | --- |"
        );
        assert_eq!(markdown(&[Flow::Paragraph(vec![text("for $5 or $6")])]), "for $5 or $6");
    }
}
