//! `CommonMark` with the tables of GitHub's dialect, escaped no more than it must be.

use crate::extract::flow::{Definition, Flow, Inline, plain};

/// The body as `CommonMark`.
pub(in crate::extract) fn markdown(flows: &[Flow]) -> String {
    let mut out = blocks(flows).join("\n\n");
    out.truncate(out.trim_end().len());
    out
}

fn blocks(flows: &[Flow]) -> Vec<String> {
    let mut parts: Vec<String> = Vec::with_capacity(flows.len());
    let mut after_list = false;
    for flow in flows {
        let is_list = matches!(flow, Flow::List { .. });
        // Two lists in a row would run into one.
        if is_list && after_list {
            parts.push("<!-- -->".to_owned());
        }
        after_list = is_list;
        let part = block(flow);
        if !part.is_empty() {
            parts.push(part);
        }
    }
    parts
}

fn block(flow: &Flow) -> String {
    match flow {
        Flow::Paragraph(inlines) => paragraph(inlines),
        Flow::Heading(level, inlines) => {
            let text = line(inlines).replace("\\\n", " ").replace('\n', " ");
            // A run of `#` at the end would be taken for the heading's own closing.
            let text = if text.ends_with('#') { format!("{}\\#", &text[..text.len() - 1]) } else { text };
            format!("{} {text}", "#".repeat(usize::from(*level)))
        }
        Flow::Quote(below) => prefixed(&blocks(below).join("\n\n"), "> ", "> "),
        Flow::Code { language, text } => {
            let fence = "`".repeat(longest_run(text, '`').max(2) + 1);
            format!("{fence}{}\n{}\n{fence}", language.as_deref().unwrap_or_default(), text.trim_end_matches('\n'))
        }
        Flow::List { start, items } => list(*start, items),
        Flow::Table { headers, rows } => table(*headers, rows),
        Flow::Definitions(entries) => entries
            .iter()
            .map(|entry| match entry {
                Definition::Term(inlines) => format!("**{}**", line(inlines).replace("**", "")),
                Definition::Meaning(below) => blocks(below).join("\n\n"),
            })
            .collect::<Vec<_>>()
            .join("\n\n"),
        Flow::Figure { url, alt, caption } => {
            let mut out = format!("![{}]({})", escape(alt).replace('\n', " "), destination(url));
            if !caption.is_empty() {
                out.push_str("\n\n");
                out.push_str(&delimited("*", &[Inline::Text(plain(caption).replace('\n', " "))]));
            }
            out
        }
        Flow::Break => "---".to_owned(),
    }
}

fn list(start: Option<u32>, items: &[Vec<Flow>]) -> String {
    let loose = items.iter().any(|item| item.iter().filter(|flow| !matches!(flow, Flow::List { .. })).count() > 1);
    let mut out = String::new();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push_str(if loose { "\n\n" } else { "\n" });
        }
        let marker = match start {
            Some(number) => format!("{}. ", u64::from(number) + index as u64),
            None => "- ".to_owned(),
        };
        let indent = " ".repeat(marker.len());
        let body = blocks(item).join(if loose { "\n\n" } else { "\n" });
        out.push_str(&prefixed(&body, &marker, &indent));
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

fn table(headers: usize, rows: &[Vec<Vec<Inline>>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let row_text = |row: &[Vec<Inline>]| {
        let mut out = String::from("|");
        for column in 0..columns {
            let cell = row.get(column).map(|cell| line(cell).replace("\\\n", "<br>").replace('\n', " "));
            let cell = cell.unwrap_or_default().replace('|', "\\|");
            out.push(' ');
            out.push_str(&cell);
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

fn paragraph(inlines: &[Inline]) -> String {
    let text = line(inlines);
    let mut out = String::with_capacity(text.len() + 8);
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
        }
        escape_line_start(line, &mut out);
    }
    out
}

/// What would make a line a heading, a quote, a list item, a rule, or an underline of the line above.
fn escape_line_start(line: &str, out: &mut String) {
    let bytes = line.as_bytes();
    let space_at = |at: usize| bytes.get(at).is_none_or(|&byte| byte == b' ' || byte == b'\t');
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let hashes = bytes.iter().take_while(|&&byte| byte == b'#').count();
    let at = match bytes.first() {
        Some(b'#') if hashes <= 6 && space_at(hashes) => Some(0),
        Some(b'>') => Some(0),
        Some(b'-' | b'+') if space_at(1) => Some(0),
        Some(b'-' | b'=') if bytes.iter().all(|byte| b"-= ".contains(byte)) => Some(0),
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

fn line(inlines: &[Inline]) -> String {
    let mut out = String::new();
    for inline in inlines {
        match inline {
            Inline::Text(text) => out.push_str(&escape(text)),
            Inline::Strong(below) => out.push_str(&delimited("**", below)),
            Inline::Emphasis(below) => out.push_str(&delimited("*", below)),
            Inline::Deleted(below) => out.push_str(&delimited("~~", below)),
            Inline::Subscript(below) => tagged("sub", below, &mut out),
            Inline::Superscript(below) => tagged("sup", below, &mut out),
            Inline::Ruby(base, reading) => {
                out.push_str("<ruby>");
                out.push_str(&line(base));
                out.push_str("<rp>(</rp><rt>");
                out.push_str(&escape(reading));
                out.push_str("</rt><rp>)</rp></ruby>");
            }
            Inline::Code(text) => out.push_str(&code(text)),
            Inline::Link(url, below) => {
                let text = line(below);
                let (before, text, after) = split_spaces(&text);
                // Brackets inside a link's text must come in pairs.
                let text = if text.contains(['[', ']']) {
                    &text.replace("\\]", "]").replace('[', "\\[").replace(']', "\\]")
                } else {
                    text
                };
                out.push_str(before);
                if !text.is_empty() {
                    out.push('[');
                    out.push_str(text);
                    out.push_str("](");
                    out.push_str(&destination(url));
                    out.push(')');
                }
                out.push_str(after);
            }
            Inline::LineBreak => {
                out.truncate(out.trim_end_matches(' ').len());
                out.push_str("\\\n");
            }
        }
    }
    out
}

fn tagged(tag: &str, below: &[Inline], out: &mut String) {
    out.push('<');
    out.push_str(tag);
    out.push('>');
    out.push_str(&line(below));
    out.push_str("</");
    out.push_str(tag);
    out.push('>');
}

/// Emphasis opens before a word and closes behind one: spaces at its ends move outside, and a break ends it.
fn delimited(mark: &str, below: &[Inline]) -> String {
    let text = line(below);
    let (before, text, after) = split_spaces(&text);
    if text.is_empty() {
        return format!("{before}{after}");
    }
    if text.contains(mark) {
        return format!("{before}{text}{after}");
    }
    format!("{before}{mark}{text}{mark}{after}")
}

fn split_spaces(text: &str) -> (&str, &str, &str) {
    let inner = text.trim_start();
    let (before, _) = text.split_at(text.len() - inner.len());
    let kept = inner.trim_end();
    (before, kept, &inner[kept.len()..])
}

fn code(text: &str) -> String {
    let fence = "`".repeat(if text.contains('`') { longest_run(text, '`') + 1 } else { 1 });
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{}{pad}{fence}", text.replace('\n', " "))
}

fn longest_run(text: &str, sign: char) -> usize {
    text.split(|c| c != sign).map(str::len).max().unwrap_or(0)
}

fn destination(url: &str) -> String {
    if url.contains(['(', ')', ' ', '<', '>', '\\']) {
        url.replace('\\', "%5C")
            .replace('(', "%28")
            .replace(')', "%29")
            .replace(' ', "%20")
            .replace('<', "%3C")
            .replace('>', "%3E")
    } else {
        url.to_owned()
    }
}

/// Escapes what `CommonMark` would read as markup in running text, and nothing else.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut previous = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        let special = match c {
            '\\' => next.is_ascii_punctuation(),
            '`' => true,
            // Brackets make a link only with what follows them; there are no definitions to refer to.
            ']' => matches!(next, '(' | '[' | ':'),
            // A lone star between spaces opens nothing.
            '*' => !(previous.is_whitespace() && next.is_whitespace()),
            // An underscore inside a word opens nothing.
            '_' => !(previous.is_alphanumeric() && next.is_alphanumeric()),
            '~' => next == '~' || previous == '~',
            '<' => next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?'),
            '&' => next == '#' || next.is_ascii_alphabetic() && is_entity(chars.clone()),
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(c);
        previous = c;
    }
    out
}

/// Whether an ampersand starts something of the form of a named character reference.
fn is_entity(rest: impl Iterator<Item = char>) -> bool {
    let name: String = rest.take_while(|c| c.is_ascii_alphanumeric() || *c == ';').take(33).collect();
    name.contains(';')
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let inner = Flow::List { start: Some(3), items: vec![vec![Flow::Paragraph(vec![text("x")])]] };
        let outer = Flow::List { start: None, items: vec![vec![Flow::Paragraph(vec![text("a")]), inner]] };
        assert_eq!(block(&outer), "- a\n  3. x");
        let code = Flow::Code { language: Some("rust".to_owned()), text: "let a = \"```\";\n".to_owned() };
        assert_eq!(block(&code), "````rust\nlet a = \"```\";\n````");
    }

    #[test]
    fn tables_have_a_header_row() {
        let rows = vec![vec![vec![text("a|b")], vec![]], vec![vec![text("c")], vec![text("d")]]];
        assert_eq!(block(&Flow::Table { headers: 1, rows }), "| a\\|b |  |\n| --- | --- |\n| c | d |");
    }
}
