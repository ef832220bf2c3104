//! What browsers for terminals print: lynx, links, elinks, w3m. Links have numbers, forms have brackets, and the addresses
//! stand in a list at the end.
//!
//! A text is taken for such a print by signs that running text does not have, never by one bracket.

use super::physical::{Physical, is_drawn};

/// Links whose numbers go up by one, with which a text is such a print.
const LEAST_LINKS: usize = 3;

/// Words of a link that stands alone, at the most; and of an entry in a row of brackets.
const LINK_WORDS: usize = 10;
const ENTRY_WORDS: usize = 4;

/// Why a line is left out.
const MENU: &str = "a row of controls that a browser for terminals printed";
const ADDRESSES: &str = "the list of addresses that a browser for terminals printed";

/// What stands for pictures, frames and buttons.
const MARKS: [&str; 14] = [
    "[inline]",
    "[image]",
    "[img]",
    "[link]",
    "[embed]",
    "[usemap]",
    "[frame]",
    "[isindex]",
    "(button)",
    "[img:",
    "[usemap:",
    "iframe:",
    "[applet]",
    "[button]",
];

/// Relations of a page to others, which stand above it: "Link: stylesheet".
const RELATIONS: [&str; 9] =
    ["stylesheet", "alternate", "canonical", "shortlink", "search", "icon", "shortcut icon", "next", "prev"];

/// Reads the lines of such a print. Other texts are left as they are.
pub(super) fn read(lines: &mut [Physical<'_>]) {
    let numbers = numbered_links(lines);
    let list = address_list(lines);
    let rows = lines.iter().filter(|line| is_row_of_brackets(&line.text)).count();
    let marks = lines.iter().filter(|line| is_mark(&line.text)).count();
    let has_numbers = numbers >= LEAST_LINKS || numbers > 0 && list.is_some();
    if !has_numbers && rows + marks < 2 {
        return;
    }
    if has_numbers && let Some(from) = list {
        lines[from..].iter_mut().filter(|line| !line.is_blank()).for_each(|line| line.leave_out(ADDRESSES));
    }
    for index in 0..lines.len() {
        if !lines[index].is_running() {
            continue;
        }
        let stands_alone = |index: usize| {
            let is_blank = |near: Option<usize>| near.and_then(|near| lines.get(near)).is_none_or(Physical::is_blank);
            is_blank(index.checked_sub(1)) && is_blank(Some(index + 1))
        };
        let alone = stands_alone(index);
        let line = &mut lines[index];
        if is_mark(&line.text) || is_row_of_brackets(&line.text) || is_form(&line.text) {
            line.leave_out(MENU);
        } else if has_numbers && (line.text.starts_with("#[") || is_row_of_links(&line.text, alone)) {
            line.text = without_numbers(line.text.trim_start_matches('#'));
            (line.is_link, line.begins, line.ends) = (true, true, true);
        } else if has_numbers && line.text.contains('[') {
            line.text = without_numbers(&line.text);
        }
    }
}

/// The number in brackets at a place, its length in bytes, and whether a word follows at once. A note's mark has none
/// behind it.
fn number_at(text: &str) -> Option<(u32, usize, bool)> {
    const DIGITS: usize = 4;
    let digits = text.bytes().skip(1).take(DIGITS).take_while(u8::is_ascii_digit).count();
    let number = text.get(1..=digits)?.parse().ok()?;
    let rest = text.get(digits + 1..)?.strip_prefix(']')?;
    let is_link = rest.starts_with(|c: char| c.is_alphanumeric() || "\"'“‘«([#@&_".contains(c));
    Some((number, digits + 2, is_link))
}

/// Links whose numbers go up by one through the text.
fn numbered_links(lines: &[Physical<'_>]) -> usize {
    let (mut last, mut count) = (0, 0);
    for line in lines {
        for (at, _) in line.text.match_indices('[') {
            if let Some((number, _, true)) = number_at(&line.text[at..])
                && number == last + 1
            {
                (last, count) = (number, count + 1);
            }
        }
    }
    count
}

/// A line without the numbers of its links.
fn without_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        let (before, found) = rest.split_at(at);
        out.push_str(before);
        let length = if let Some((_, length, true)) = number_at(found) {
            length
        } else {
            out.push('[');
            1
        };
        rest = &found[length..];
    }
    out.push_str(rest);
    out
}

/// A line of links alone: several, or one that stands apart and is no sentence.
fn is_row_of_links(text: &str, stands_alone: bool) -> bool {
    let Some((_, _, true)) = number_at(text).filter(|_| text.starts_with('[')) else { return false };
    let links = text.match_indices('[').filter(|&(at, _)| matches!(number_at(&text[at..]), Some((_, _, true)))).count();
    let words = text.split_whitespace().count();
    links > 1 && words <= links * ENTRY_WORDS
        || stands_alone && words <= LINK_WORDS && !text.ends_with(['.', '!', '?', '…', ':'])
}

/// `[Prev] [Next]`, `[Search      ] [Go]`: nothing but short words in brackets, in a row.
fn is_row_of_brackets(text: &str) -> bool {
    let mut rest = text;
    let mut entries = 0;
    while let Some(open) = rest.strip_prefix('[') {
        let Some((entry, behind)) = open.split_once(']') else { return false };
        let words = entry.split(['_', ' ']).filter(|word| !word.is_empty()).count();
        if words > ENTRY_WORDS || entry.contains('[') || entry.bytes().all(|byte| byte.is_ascii_digit()) && words > 0 {
            return false;
        }
        entries += 1;
        rest = behind.trim_start_matches([' ', '|']);
    }
    rest.is_empty() && entries > 1
}

fn is_mark(text: &str) -> bool {
    const LONGEST: usize = 80;
    if text.len() > LONGEST || !text.contains(['[', '(', ':']) {
        return false;
    }
    let lower = text.to_lowercase();
    MARKS.iter().any(|mark| lower.starts_with(mark))
        || lower
            .strip_prefix("link: ")
            .is_some_and(|relation| RELATIONS.iter().any(|known| relation.starts_with(known)))
        || lower == "[top]"
}

/// The places of a form, with the button that sends it.
fn is_form(text: &str) -> bool {
    const PLACE: &str = "_____";
    const WORDS: usize = 8;
    text.contains(PLACE) && !is_drawn(text) && text.split_whitespace().count() <= WORDS && text.contains(['[', '('])
}

/// Where the list of addresses begins, if the text ends with one: a heading, and numbers with addresses.
fn address_list(lines: &[Physical<'_>]) -> Option<usize> {
    let is_address = |text: &str| {
        let digits = text.trim_start_matches('[').bytes().take_while(u8::is_ascii_digit).count();
        let rest = text.trim_start_matches('[').get(digits..).unwrap_or_default();
        digits > 0 && rest.starts_with(['.', ']']) && {
            let address = rest[1..].trim_start();
            ["http://", "https://", "mailto:", "ftp://", "file://", "javascript:"]
                .iter()
                .any(|start| address.starts_with(start))
        }
    };
    // An address that is too long goes on in the next line, without a blank.
    let is_part = |text: &str| is_address(text) || !text.contains(' ') || is_heading(text);
    let mut from = None;
    let mut addresses = 0;
    for (index, line) in lines.iter().enumerate().rev().filter(|(_, line)| !line.is_blank()) {
        if !is_part(&line.text) {
            break;
        }
        addresses += usize::from(is_address(&line.text));
        if is_heading(&line.text) {
            from = Some(index);
        }
    }
    from.filter(|_| addresses > 0)
}

fn is_heading(text: &str) -> bool {
    matches!(text, "References" | "Visible links" | "Visible links:" | "Hidden links" | "Hidden links:")
}
