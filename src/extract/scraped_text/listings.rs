//! Code in plain text: lines that are set in below a sentence with a colon, and made as code is.

use super::markdown::mark_code;
use super::physical::Physical;

/// Columns by which code is set in, at the least.
const SET_IN: usize = 2;

/// Marks the listings of a text.
pub(super) fn read(lines: &mut [Physical<'_>]) {
    let mut index = 0;
    while index + 1 < lines.len() {
        let introduces = lines[index].is_running() && lines[index].text.ends_with([':', '：']);
        let (base, from) = (lines[index].indent, index + 1 + usize::from(lines[index + 1].is_blank()));
        index += 1;
        if !introduces {
            continue;
        }
        let is_in = |line: &Physical<'_>| line.is_blank() || line.is_running() && line.indent >= base + SET_IN;
        let length = lines[from..].iter().take_while(|line| is_in(line)).count();
        let Some(last) = lines[from..from + length].iter().rposition(|line| !line.is_blank()) else { continue };
        let listing = &mut lines[from..=from + last];
        let full = listing.iter().filter(|line| !line.is_blank()).count();
        let made = listing.iter().filter(|line| !line.is_blank() && is_made_as_code(line)).count();
        if made * 3 >= full * 2 && !listing.iter().any(is_prose) {
            mark_code(listing, None);
        }
        index = from + last;
    }
}

fn is_made_as_code(line: &Physical<'_>) -> bool {
    const COMMAND_WORDS: usize = 3;
    let text = line.text.as_str();
    let has_sign = text.contains(['/', '=', '{', '}', ';', '$', '<', '>', '_', '|', '\\'])
        || ["--", "()", "::", "->", "](", "[]"].iter().any(|sign| text.contains(sign));
    let is_command =
        text.split_whitespace().count() <= COMMAND_WORDS && text.starts_with(|c: char| c.is_ascii_lowercase());
    has_sign || line.has_columns || is_command && !text.ends_with(['.', ',', '!', '?'])
}

/// A sentence, or the item of a list.
fn is_prose(line: &Physical<'_>) -> bool {
    const WORDS: usize = 6;
    let text = line.text.as_str();
    text.starts_with(['•', '*', '–', '—', '"', '“', '„', '«'])
        || text.split_whitespace().count() >= WORDS && text.ends_with(['.', '!', '?']) && !line.has_columns
}
