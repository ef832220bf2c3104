//! The inside of a line of `CommonMark`: emphasis, links, code, and what must be escaped.
//!
//! A star opens and closes emphasis only where its neighbours let it (the specification's flanking rules). Where they do
//! not, and where emphasis stands in emphasis, there is the HTML element that `CommonMark` has for such cases.

use crate::extract::flow::{Inline, plain};

/// What a line stands in.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a place by itself, and they come together")]
pub(super) struct Context {
    /// In the text of a link: brackets must come in pairs.
    pub(super) in_link: bool,
    /// In a table's cell: a bar ends it.
    pub(super) in_table: bool,
    /// In emphasis of any kind.
    pub(super) in_marks: bool,
    /// In a body with formulas: a dollar begins one.
    pub(super) formulas: bool,
}

/// The characters right before and right behind a piece; a space where there are none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Neighbours {
    before: char,
    behind: char,
}

impl Default for Neighbours {
    fn default() -> Self {
        Self { before: ' ', behind: ' ' }
    }
}

/// Renders the pieces of a line.
pub(super) fn line(inlines: &[Inline], context: Context, neighbours: Neighbours) -> String {
    let mut out = String::new();
    let mut index = 0;
    while let Some(inline) = inlines.get(index) {
        // Adjacent texts are one: what must be escaped can lie across their seam.
        let joined;
        let next =
            index + 1 + inlines[index + 1..].iter().take_while(|_| is_text(inline)).take_while(|i| is_text(i)).count();
        let inline = if next > index + 1 {
            joined = Inline::Text(plain(&inlines[index..next]));
            &joined
        } else {
            inline
        };
        let around = Neighbours {
            before: out.chars().last().unwrap_or(neighbours.before),
            behind: inlines.get(next).map_or(Some(neighbours.behind), first_char).unwrap_or(' '),
        };
        // Two runs of backticks side by side would be one.
        if matches!(inline, Inline::Code(_)) && index > 0 && matches!(inlines[index - 1], Inline::Code(_)) {
            out.push_str("<!-- -->");
        }
        piece(inline, inlines.get(next), context, around, &mut out);
        index = next;
    }
    out
}

fn is_text(inline: &Inline) -> bool {
    matches!(inline, Inline::Text(_))
}

/// The first character of what a piece is written as.
fn first_char(inline: &Inline) -> Option<char> {
    match inline {
        Inline::Text(text) => text.chars().next(),
        Inline::Link(_, below) => below.first().map(|_| '['),
        Inline::Strong(_) | Inline::Emphasis(_) => Some('*'),
        Inline::Deleted(_) => Some('~'),
        Inline::Subscript(_) | Inline::Superscript(_) | Inline::NoteMark(_) | Inline::Ruby(..) => Some('<'),
        Inline::Math { .. } => Some('$'),
        Inline::Code(_) => Some('`'),
        Inline::LineBreak => Some('\n'),
    }
}

fn piece(inline: &Inline, next: Option<&Inline>, context: Context, around: Neighbours, out: &mut String) {
    match inline {
        Inline::Text(text) => {
            out.push_str(&escape(text, context));
            // With a link behind it, it would make a picture.
            if text.ends_with('!') && matches!(next, Some(Inline::Link(..))) {
                out.truncate(out.len() - 1);
                out.push_str("\\!");
            }
        }
        Inline::Strong(below) => delimited(("**", "strong"), below, context, around, out),
        Inline::Emphasis(below) => delimited(("*", "em"), below, context, around, out),
        Inline::Deleted(below) => delimited(("~~", "del"), below, context, around, out),
        Inline::Subscript(below) => tagged("sub", &line(below, context, INSIDE_TAG), out),
        Inline::Math { tex, display } => math(tex, *display, context, out),
        Inline::Superscript(below) | Inline::NoteMark(below) => tagged("sup", &line(below, context, INSIDE_TAG), out),
        Inline::Ruby(base, reading) => {
            out.push_str("<ruby>");
            out.push_str(&line(base, context, INSIDE_TAG));
            out.push_str("<rp>(</rp><rt>");
            out.push_str(&escape(reading, context));
            out.push_str("</rt><rp>)</rp></ruby>");
        }
        Inline::Code(text) => out.push_str(&code(text, context)),
        Inline::Link(url, below) => {
            let text = line(below, Context { in_link: true, ..context }, Neighbours { before: '[', behind: ']' });
            let (before, text, after) = split_spaces(&text);
            out.push_str(before);
            if !text.is_empty() {
                let url = destination(url, context);
                let url = if context.in_table { url.replace('|', "\\|") } else { url };
                out.push('[');
                out.push_str(text);
                out.push_str("](");
                out.push_str(&url);
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

/// Between tags.
const INSIDE_TAG: Neighbours = Neighbours { before: '>', behind: '<' };

fn tagged(tag: &str, text: &str, out: &mut String) {
    for part in ["<", tag, ">", text, "</", tag, ">"] {
        out.push_str(part);
    }
}

/// Emphasis opens before a word and closes behind one: spaces at its ends move outside.
fn delimited((mark, tag): (&str, &str), below: &[Inline], context: Context, around: Neighbours, out: &mut String) {
    let sign = mark.chars().next().unwrap_or('*');
    let inside = Context { in_marks: true, ..context };
    let text = line(below, inside, Neighbours { before: sign, behind: sign });
    let (before, text, after) = split_spaces(&text);
    out.push_str(before);
    if !text.is_empty() {
        let outside_before = if before.is_empty() { around.before } else { ' ' };
        let outside_behind = if after.is_empty() { around.behind } else { ' ' };
        let flanks = |inner: Option<char>, outer: char| {
            outer.is_whitespace()
                || (inner.is_some_and(|c| !is_punctuation(c)) || is_punctuation(outer)) && outer != sign
        };
        if !context.in_marks
            && flanks(text.chars().next(), outside_before)
            && flanks(text.chars().last(), outside_behind)
        {
            out.push_str(mark);
            out.push_str(text);
            out.push_str(mark);
        } else {
            tagged(tag, text, out);
        }
    }
    out.push_str(after);
}

/// Punctuation as the flanking rules count it. Symbols count too; a letter or a digit never does.
fn is_punctuation(c: char) -> bool {
    !c.is_alphanumeric() && !c.is_whitespace()
}

/// A text without the spaces and hard breaks at its ends, and what stood there.
fn split_spaces(text: &str) -> (&str, &str, &str) {
    const BREAK: &str = "\\\n";
    let mut inner = text;
    while let Some(rest) = inner.strip_prefix(BREAK).or_else(|| inner.strip_prefix(' ')) {
        inner = rest;
    }
    let (before, _) = text.split_at(text.len() - inner.len());
    let mut kept = inner;
    while let Some(rest) = kept.strip_suffix(BREAK).or_else(|| kept.strip_suffix(' ')) {
        kept = rest;
    }
    (before, kept, &inner[kept.len()..])
}

/// A formula between the signs that most readers of Markdown know: one dollar in a line, two for a line of its own.
fn math(tex: &str, display: bool, context: Context, out: &mut String) {
    let sign = if display { "$$" } else { "$" };
    // Two formulas side by side are one between two dollars.
    if out.ends_with('$') && !out.ends_with("\\$") {
        out.push_str("<!-- -->");
    }
    out.push_str(sign);
    if context.in_table && tex.contains('|') {
        // A bar would end the cell.
        let bars = tex.replace("\\|", "\\Vert ").replace('|', "\\vert ");
        out.push_str(bars.replace("  ", " ").trim_end());
    } else {
        out.push_str(tex);
    }
    out.push_str(sign);
}

fn code(text: &str, context: Context) -> String {
    let text = text.replace('\n', " ");
    // A bracket in a link's text would be looked at before the code around it, and so would the end of what is a link's
    // definition at the start of a paragraph.
    if context.in_link && text.contains(['[', ']']) || text.contains("]:") {
        let mut out = String::new();
        tagged("code", &escape(&text, context), &mut out);
        return out;
    }
    let text = if context.in_table { text.replace('|', "\\|") } else { text };
    let fence = "`".repeat(if text.contains('`') { longest_run(&text, '`') + 1 } else { 1 });
    let is_blank = text.trim_matches(' ').is_empty();
    // A reader takes one space off each end, if both have one.
    let padded = text.starts_with('`') || text.ends_with('`') || (text.starts_with(' ') && text.ends_with(' '));
    let pad = if padded && !is_blank { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

pub(super) fn longest_run(text: &str, sign: char) -> usize {
    text.split(|c| c != sign).map(str::len).max().unwrap_or(0)
}

/// Where a link leads, as a link's destination is written.
pub(super) fn destination(url: &str, context: Context) -> String {
    let mut out = String::with_capacity(url.len());
    let mut open = 0_i32;
    // Parentheses in pairs need no escape.
    let balanced = url.chars().all(|c| {
        open += i32::from(c == '(') - i32::from(c == ')');
        (0..32).contains(&open)
    }) && open == 0;
    for (at, c) in url.char_indices() {
        match c {
            '(' | ')' if !balanced => out.extend(['\\', c]),
            '$' if context.formulas => out.push_str("%24"),
            ' ' => out.push_str("%20"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            '\\' => out.push_str("%5C"),
            '&' if is_entity(url[at + 1..].chars()) => out.push_str("\\&"),
            c => out.push(c),
        }
    }
    out
}

fn is_special(byte: u8, context: Context) -> bool {
    matches!(byte, b'\\' | b'`' | b'[' | b']' | b'*' | b'_' | b'~' | b'<' | b'&' | b'|')
        || byte == b'$' && context.formulas
}

/// Escapes what `CommonMark` would read as markup in running text, and nothing else.
pub(super) fn escape(text: &str, context: Context) -> String {
    if !text.bytes().any(|byte| is_special(byte, context)) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 8);
    let mut previous = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        // Spaces at the ends may go.
        let is_inside = || out.chars().any(|c| c != ' ') && chars.clone().any(|c| c != ' ');
        let special = match c {
            // At the end, and before a space that may go, it would take away the meaning of whatever comes next.
            '\\' => next.is_ascii_punctuation() || next == ' ',
            '`' => true,
            '[' => context.in_link,
            // Brackets make a link only with what follows them; there are no definitions to refer to.
            ']' => context.in_link || matches!(next, '(' | '[' | ':'),
            // A lone star between spaces opens nothing.
            '*' => !(is_inside() && previous.is_whitespace() && next.is_whitespace()),
            // An underscore inside a word opens nothing.
            '_' => !(previous.is_alphanumeric() && next.is_alphanumeric()),
            // One tilde strikes out as two do; before a number it is "about".
            '~' => {
                previous == '~'
                    || !(next.is_ascii_digit() && !context.in_marks
                        || is_inside() && previous.is_whitespace() && next.is_whitespace())
            }
            '<' => next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?'),
            '&' => next == '#' || next.is_ascii_alphabetic() && is_entity(chars.clone()),
            '|' => context.in_table,
            '$' => context.formulas,
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

/// Whether an ampersand starts something of the form of a character reference.
fn is_entity(rest: impl Iterator<Item = char>) -> bool {
    let name: String = rest.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, ';' | '#')).take(33).collect();
    name.contains(';')
}
