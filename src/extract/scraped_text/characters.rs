//! What is left in a text of the notation that it was made from: character references, tags, line ends of other systems.

use crate::markup::resolve_text;
use std::borrow::Cow;

/// Bytes of a reference between its `&` and its `;`, at the most: longer names stand for mathematical signs.
const LONGEST_REFERENCE: usize = 8;

/// Bytes of a tag that is left in a text, at the most: a picture's with its addresses.
const LONGEST_TAG: usize = 1000;

/// How often references can have been escaped: once by the page, once by the program that stored it.
const ESCAPES: usize = 2;

/// Elements that begin a line of their own.
const BLOCKS: [&str; 22] = [
    "p",
    "br",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "blockquote",
    "hr",
    "table",
    "tr",
    "figure",
    "figcaption",
    "section",
    "article",
    "header",
    "footer",
];

/// Elements of a line.
const INLINES: [&str; 20] = [
    "a", "b", "i", "u", "em", "strong", "span", "font", "small", "big", "sup", "sub", "cite", "img", "abbr", "mark",
    "center", "td", "th", "tbody",
];

/// The text with one kind of line end, references resolved and stray tags taken out.
pub(super) fn tidy(text: Cow<'_, str>) -> Cow<'_, str> {
    let text = ligatures(line_ends(unescaped(text)));
    if !text.contains(['&', '<']) || is_about_markup(&text) {
        return text;
    }
    let mut text = without_tags(text);
    for _ in 0..ESCAPES {
        match resolved(&text) {
            // Tags can have been escaped, too: feeds hold them so.
            Some(better) => text = without_tags(Cow::Owned(better)),
            None => break,
        }
    }
    text
}

/// Line ends and tabs for `\n` and `\t`, where a program wrote a text so: nearly all its line ends are.
fn unescaped(text: Cow<'_, str>) -> Cow<'_, str> {
    const LEAST: usize = 3;
    let written = text.matches("\\n").count();
    if written < LEAST || memchr::memchr_iter(b'\n', text.as_bytes()).count() * 2 > written {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut signs = text.chars().peekable();
    while let Some(c) = signs.next() {
        let meant = match (c, signs.peek()) {
            ('\\', Some('n')) => '\n',
            ('\\', Some('t')) => '\t',
            ('\\', Some('r')) => '\r',
            ('\\', Some(&sign @ ('"' | '\'' | '/' | '\\'))) => sign,
            _ => {
                out.push(c);
                continue;
            }
        };
        out.push(meant);
        signs.next();
    }
    Cow::Owned(out)
}

/// Letters for the ligatures that PDF files have signs for.
fn ligatures(text: Cow<'_, str>) -> Cow<'_, str> {
    const LIGATURES: [(char, &str); 7] = [
        ('\u{FB00}', "ff"),
        ('\u{FB01}', "fi"),
        ('\u{FB02}', "fl"),
        ('\u{FB03}', "ffi"),
        ('\u{FB04}', "ffl"),
        ('\u{FB05}', "st"),
        ('\u{FB06}', "st"),
    ];
    if !text.contains(|c: char| ('\u{FB00}'..='\u{FB06}').contains(&c)) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match LIGATURES.iter().find(|(sign, _)| *sign == c) {
            Some((_, letters)) => out.push_str(letters),
            None => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Line feeds for the line ends of old Macs and of Unicode. The page break stays: it says more.
fn line_ends(text: Cow<'_, str>) -> Cow<'_, str> {
    let is_end = |c: char| matches!(c, '\r' | '\u{B}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    if !text.contains(is_end) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut signs = text.chars().peekable();
    while let Some(c) = signs.next() {
        match c {
            '\r' if signs.peek() == Some(&'\n') => {}
            c if is_end(c) => out.push('\n'),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// A text that speaks of HTML or shows it means its tags and references as they stand.
fn is_about_markup(text: &str) -> bool {
    let bytes = text.as_bytes();
    let names = |name: &[u8]| {
        memchr::memchr2_iter(name[0], name[0].to_ascii_uppercase(), bytes).any(|at| {
            // A file's ending in an address is none.
            bytes.get(at..at + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
                && !at.checked_sub(1).is_some_and(|before| matches!(bytes[before], b'.' | b'/' | b'_' | b'-'))
        })
    };
    names(b"html")
        || names(b"xml")
        || names(b"markup")
        || names(b"<script")
        || ["`<", "`&", "reference &", "entity &", "entities &"].iter().any(|phrase| text.contains(phrase))
}

/// The text without tags of elements that running text is made with.
fn without_tags(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains('<') {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest: &str = &text;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let Some((name, length)) = tag_at(tag) else {
            out.push('<');
            rest = &tag[1..];
            continue;
        };
        let name = name.as_str();
        if BLOCKS.contains(&name) {
            // A heading and a paragraph stand apart from what is around them.
            out.push_str(if matches!(name, "br" | "li" | "tr") { "\n" } else { "\n\n" });
        } else if matches!(name, "td" | "th") {
            out.push(' ');
        }
        rest = &tag[length..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The name of the element whose tag a text begins with, and the tag's length.
fn tag_at(text: &str) -> Option<(String, usize)> {
    const LONGEST_NAME: usize = 10;
    let bytes = text.as_bytes();
    let bytes = &bytes[..bytes.len().min(LONGEST_TAG)];
    let from = 1 + usize::from(bytes.get(1) == Some(&b'/'));
    let name = bytes[from.min(bytes.len())..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).take(LONGEST_NAME);
    let length = name.count();
    let name = text.get(from..from + length)?.to_ascii_lowercase();
    if !BLOCKS.contains(&name.as_str()) && !INLINES.contains(&name.as_str()) {
        return None;
    }
    let behind = &bytes[from + length..];
    let end = memchr::memchr2(b'>', b'<', behind)?;
    // What has a name of its own and a value is an attribute; words are none.
    let attributes = std::str::from_utf8(&behind[..end]).ok()?.trim_matches(['/', ' ', '\n', '\t']);
    let is_tag =
        behind[end] == b'>' && (attributes.is_empty() || attributes.contains('=')) && !attributes.contains("\n\n");
    is_tag.then_some((name, from + length + end + 1))
}

/// The text with references to signs of running text resolved, if it has any.
fn resolved(text: &str) -> Option<String> {
    let mut out: Option<String> = None;
    let mut copied = 0;
    for at in memchr::memchr_iter(b'&', text.as_bytes()) {
        let reach = &text.as_bytes()[at + 1..];
        let Some(length) = reach.iter().take(LONGEST_REFERENCE + 1).position(|&byte| byte == b';') else { continue };
        let reference = &text[at..at + length + 2];
        let meant = resolve_text(reference);
        let mut signs = meant.chars();
        let is_sign = matches!((signs.next(), signs.next()), (Some(c), None) if !c.is_control());
        if is_sign {
            let out = out.get_or_insert_with(|| String::with_capacity(text.len()));
            out.push_str(&text[copied..at]);
            out.push_str(&meant);
            copied = at + reference.len();
        }
    }
    let mut out = out?;
    out.push_str(&text[copied..]);
    Some(out)
}
