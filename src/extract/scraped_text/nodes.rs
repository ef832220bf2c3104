//! Pieces of sentences in lines of their own: programs that write each piece of a page's text into a line part a sentence at
//! its links and at its emphasis.

use super::lines::ends_sentence;
use super::physical::Physical;

/// Lines that begin within a sentence, from which a text is made of such pieces. One line is long at least of each such pair:
/// verse has none.
const LEAST: usize = 2;
const LONG_COLUMNS: usize = 45;
/// Words of a link or of emphasis that begins as a sentence does, and of what stands before it.
const LINK_WORDS: usize = 8;
const BEFORE_WORDS: usize = 2;
/// Lines at a text's beginning that may be its headline and its byline.
const HEADER_LINES: usize = 2;

/// Joins such pieces.
pub(super) fn join(lines: &mut Vec<Physical<'_>>) {
    let is_long = |line: &Physical<'_>| line.width >= LONG_COLUMNS;
    let (mut telling, mut told) = (0, false);
    for pair in lines.windows(2) {
        // What goes on twice tells by its first line.
        let is_sure = told || is_long(&pair[0]) || is_long(&pair[1]) || pair[1].text.starts_with(CLOSING);
        told = goes_on(&pair[0], &pair[1]) && is_sure;
        telling += usize::from(told);
    }
    if telling < LEAST {
        return;
    }
    let goes_on_at = |index: usize| lines.get(index + 1).is_some_and(|next| goes_on(&lines[index], next));
    let words = |index: usize| lines[index].text.split(' ').count();
    let mut joints: Vec<bool> = (0..lines.len()).map(goes_on_at).collect();
    for index in HEADER_LINES..lines.len().saturating_sub(1) {
        // "The", "Rope Walk Trust", "has said": the name goes on, and so does what stands before it.
        joints[index] |= goes_on_at(index + 1)
            && can_go_on(&lines[index], &lines[index + 1])
            && (words(index) <= BEFORE_WORDS || lines[index].text.ends_with(','))
            && words(index + 1) <= LINK_WORDS;
    }
    let mut joined: Vec<Physical<'_>> = Vec::with_capacity(lines.len());
    let mut is_open = false;
    for (line, goes_on) in std::mem::take(lines).into_iter().zip(joints) {
        match joined.last_mut().filter(|_| is_open) {
            Some(last) => {
                if !line.text.starts_with(CLOSING) {
                    last.text.push(' ');
                }
                last.text.push_str(&line.text);
                last.width += line.width + 1;
            }
            None => joined.push(line),
        }
        is_open = goes_on;
    }
    *lines = joined;
}

/// Signs that nothing begins with.
const CLOSING: [char; 8] = [',', '.', ';', ':', '!', '?', ')', '”'];

/// Whether a line breaks off within a sentence and the next says so by how it begins.
fn goes_on(line: &Physical<'_>, next: &Physical<'_>) -> bool {
    can_go_on(line, next) && (next.text.starts_with(char::is_lowercase) || next.text.starts_with(CLOSING))
}

fn can_go_on(line: &Physical<'_>, next: &Physical<'_>) -> bool {
    let is_text = |line: &Physical<'_>| line.is_running() && !line.is_item && !line.is_link && !line.is_rule();
    is_text(line) && is_text(next) && line.form == next.form && !line.ends && !next.begins && !ends_sentence(&line.text)
}
