//! The lines of a text as they stand in the file, with what can be measured of each.

use super::lines::{Form, ends_sentence};
use crate::extract::content::is_unspaced;
use crate::extract::pictures::fold;

/// Columns from one tab stop to the next, as terminals and pagers have them.
const TAB_COLUMNS: usize = 8;

/// Columns that a line is measured up to: none that was wrapped is as wide, and a paragraph on one line need not be read.
const MEASURED_COLUMNS: usize = 400;

/// One line of the file.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is seen of a line by itself")]
pub(super) struct Physical<'a> {
    /// As it stands there, without its line end.
    pub(super) raw: &'a str,
    /// White space folded, and without the marks that were read.
    pub(super) text: String,
    /// Columns before its first sign.
    pub(super) indent: usize,
    /// Columns up to its last sign; a wide one takes two.
    pub(super) width: usize,
    pub(super) form: Form,
    /// It begins something, whatever stands above: an item, a heading.
    pub(super) begins: bool,
    /// Nothing below belongs to it: a heading.
    pub(super) ends: bool,
    /// It had a list's mark before it.
    pub(super) is_item: bool,
    /// How many lists that item's list stands in.
    pub(super) depth: u8,
    /// The number that the item had for a mark.
    pub(super) number: Option<u32>,
    /// Parts of it stand apart by more than a blank.
    pub(super) has_columns: bool,
    /// A page of the file begins with it.
    pub(super) opens_page: bool,
    /// All its words are a link's.
    pub(super) is_link: bool,
    /// The language that code is said to be in, on its first line.
    pub(super) language: Option<String>,
}

impl<'a> Physical<'a> {
    pub(super) fn of(line: &'a str) -> Self {
        let opens_page = line.starts_with('\u{C}');
        let raw = line.trim_start_matches('\u{C}').trim_end_matches(['\r', '\u{C}']);
        let end = raw.trim_end();
        let (mut indent, mut width, mut seen) = (0, 0, false);
        let (mut blanks, mut has_columns) = (0, false);
        let mut last = ' ';
        for c in end.chars() {
            if width >= MEASURED_COLUMNS {
                break;
            }
            let columns = columns(c, width);
            width += columns;
            if c.is_whitespace() {
                blanks += columns.max(usize::from(c == '\t') * 2);
                continue;
            }
            if seen {
                // Two blanks stand behind a full stop in older typing, and three nowhere between words.
                let most = if matches!(last, '.' | '?' | '!' | ':' | '"' | '”' | ')') { 2 } else { 1 };
                has_columns |= blanks > most;
            } else {
                (indent, seen) = (width - columns, true);
            }
            (blanks, last) = (0, c);
        }
        Self {
            raw,
            text: fold(raw),
            indent,
            width,
            form: Form::Running,
            begins: false,
            ends: false,
            is_item: false,
            depth: 0,
            number: None,
            has_columns,
            opens_page,
            is_link: false,
            language: None,
        }
    }

    pub(super) fn is_blank(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether it is a line of running text, for all that is known.
    pub(super) fn is_running(&self) -> bool {
        matches!(self.form, Form::Running | Form::Quote) && !self.is_blank()
    }

    /// A rule: a row of signs without a letter.
    pub(super) fn is_rule(&self) -> bool {
        const LEAST_SIGNS: usize = 3;
        is_drawn(&self.text) && self.text.chars().filter(|c| !c.is_whitespace()).count() >= LEAST_SIGNS
    }

    /// Takes it for something that the program left which made the text.
    pub(super) fn leave_out(&mut self, why: &'static str) {
        self.form = Form::Remains(why);
        (self.begins, self.ends) = (true, true);
    }
}

/// Takes out the blank line behind every line of a text whose line ends were doubled. There sentences go on behind blank
/// lines, and paragraphs are more than one blank line apart.
pub(super) fn close_up(lines: &mut Vec<Physical<'_>>) {
    /// Lines that go on behind a blank one from which they say so, out of as many of them.
    const LEAST: usize = 3;
    const SHARE: usize = 3;
    let (mut gaps, mut within) = (0, 0);
    for three in lines.windows(3) {
        if !three[0].is_blank() && !three[1].is_blank() {
            return;
        }
        if !three[0].is_blank() && !three[2].is_blank() {
            gaps += 1;
            let goes_on = three[2].text.starts_with(char::is_lowercase) && !ends_sentence(&three[0].text);
            within += usize::from(goes_on);
        }
    }
    if within < LEAST || within * SHARE < gaps {
        return;
    }
    let mut blanks = 0;
    lines.retain(|line| {
        blanks = if line.is_blank() { blanks + 1 } else { 0 };
        blanks != 1
    });
}

/// Columns that a sign takes at a place.
fn columns(c: char, at: usize) -> usize {
    match c {
        '\t' => TAB_COLUMNS - at % TAB_COLUMNS,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{300}'..='\u{36F}' | '\u{FEFF}' | '\u{2060}' => 0,
        _ => 1 + usize::from(is_wide(c)),
    }
}

/// Signs that take two columns: those of Chinese, Japanese and Korean, and their punctuation.
pub(super) fn is_wide(c: char) -> bool {
    matches!(u32::from(c), 0x1100..=0x115F | 0x2E80..=0x303E | 0x3041..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x20000..=0x3FFFF)
}

/// Whether words of a script stand side by side without blanks. Korean has blanks.
pub(super) fn has_no_blanks(c: char) -> bool {
    let is_korean = matches!(u32::from(c), 0x1100..=0x11FF | 0x3130..=0x318F | 0xAC00..=0xD7AF);
    !is_korean && (is_unspaced(c) || is_wide(c))
}

/// Whether a text is made of lines and ornaments alone: rules, frames, the places of a form.
pub(super) fn is_drawn(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_whitespace()
            || matches!(c, '_' | '-' | '=' | '*' | '~' | '+' | '|' | '#' | '\u{2014}' | '\u{2013}')
            || matches!(u32::from(c), 0x2500..=0x25FF)
    })
}

/// Columns of a line's first word; in scripts without blanks, of its first sign and of one that may have hung over.
pub(super) fn first_word(text: &str) -> usize {
    const HANGING: usize = 4;
    let mut width = 0;
    for c in text.chars() {
        if c.is_whitespace() || width >= MEASURED_COLUMNS {
            break;
        }
        if has_no_blanks(c) {
            return if width == 0 { HANGING } else { width };
        }
        width += columns(c, width);
    }
    width
}
