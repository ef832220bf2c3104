//! Hard wraps: at which width a text was wrapped, and which of its lines run on in the next.
//!
//! Nobody says that a text was wrapped, but wrapping leaves a trace that nothing else does: the first word of the next line
//! would not have fitted on the line above. For every pair of neighbouring lines there is a range of widths at which that
//! is so, and in a wrapped text one width lies in nearly all of them. Verse, addresses and lists break elsewhere.

use super::lines::ends_sentence;
use super::physical::{Physical, first_word, has_no_blanks};
use std::collections::HashSet;
use xxhash_rust::xxh3::xxh3_64;

/// Columns at which texts were wrapped, at least and at most, and of a line that tells of it.
const NARROWEST: usize = 26;
const WIDEST: usize = 132;
const SHORTEST_LINE: usize = 20;

/// Columns of verse and of newspapers; there more lines have to be explained.
const NARROW: usize = 36;
const LEAST_NARROW: usize = 6;

/// Lines in the middle of a sentence that one width has to explain, in a text of wrapped lines alone and in one that has
/// paragraphs on one line, too.
const LEAST_EXPLAINED: usize = 2;
const LEAST_AMONG_LONG: usize = 4;

/// A single such line tells of a wrap from this width on: what is shorter may be verse.
const SINGLE_WIDTH: usize = 50;

/// Columns that a line may miss at its end and still be full, out of four: programs that even out their lines leave some.
const EVEN_QUARTERS: usize = 3;

/// How a text was wrapped.
#[derive(Debug, Default)]
pub(super) struct Wraps {
    /// Columns of the widest line; none where lines end where their paragraphs do.
    width: Option<usize>,
    /// Columns before the lines of a paragraph but its first, where first lines are set in.
    set_in_from: Option<usize>,
    /// In Markdown a line end is a blank.
    is_markdown: bool,
    /// Words are parted at line ends.
    is_hyphenated: bool,
    /// The hashes of the words that stand within lines, where words are parted at line ends.
    words: HashSet<u64>,
}

/// How a line runs on in the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    Blank,
    /// Nothing stands between: scripts without blanks, a compound parted at its hyphen.
    Nothing,
    /// The hyphen at the line's end is none of the word's.
    Hyphen,
}

impl Wraps {
    pub(super) fn of(lines: &[Physical<'_>], is_markdown: bool) -> Self {
        let Some(width) = width(lines) else { return Self { is_markdown, ..Self::default() } };
        let mut wraps = Self { width: Some(width), is_markdown, set_in_from: set_in_from(lines), ..Self::default() };
        let parted = lines.windows(2).filter(|pair| is_parted(&pair[0], &pair[1])).count();
        let followed = lines.windows(2).filter(|pair| can_join(&pair[0], &pair[1])).count();
        if parted > 0 {
            // Programs that wrap part no words, but some break at the hyphens that there are.
            const LEAST_PARTED: usize = 2;
            const COLUMN_WIDTH: usize = 46;
            const PARTED_SHARE: usize = 12;
            // Columns are hyphenated as a rule.
            wraps.is_hyphenated = width <= COLUMN_WIDTH || parted >= LEAST_PARTED && parted * PARTED_SHARE >= followed;
            wraps.words = lines.iter().flat_map(|line| words_within(&line.text)).map(hash).collect();
        }
        wraps
    }

    /// Whether the text was wrapped.
    pub(super) fn is_wrapped(&self) -> bool {
        self.width.is_some()
    }

    /// How a line runs on in the next, if it does. `is_first` is the text's first line, which may be its headline.
    pub(super) fn joint(&self, line: &Physical<'_>, next: &Physical<'_>, is_first: bool) -> Option<Joint> {
        if self.is_markdown && can_join(line, next) {
            match open_link(&line.text) {
                Some(OpenLink::Address) => return Some(Joint::Nothing),
                Some(OpenLink::Words) => return Some(Joint::Blank),
                None if is_within_sentence(line, next) == Some(true) => return Some(self.kind_of_joint(line, next)),
                None => {}
            }
        }
        let width = self.width?;
        let is_first_line = self.set_in_from.is_some_and(|from| next.indent > from + 1) && !line.is_item;
        if !can_join(line, next) || line.width > width || is_first_line {
            return None;
        }
        let runs_on = is_within_sentence(line, next);
        let words = words_of(next);
        let is_full = line.width + usize::from(!words.starts_with(has_no_blanks)) + first_word(words) > width;
        let is_even = runs_on == Some(true) && line.width * 4 >= width * EVEN_QUARTERS;
        if !(is_full && (runs_on.is_some() || !is_first) || is_even) {
            return None;
        }
        Some(self.kind_of_joint(line, next))
    }

    /// What stands between two lines that were one.
    fn kind_of_joint(&self, line: &Physical<'_>, next: &Physical<'_>) -> Joint {
        if is_parted(line, next) {
            self.hyphen(line, next)
        } else if line.text.ends_with(has_no_blanks) && next.text.starts_with(has_no_blanks) {
            Joint::Nothing
        } else {
            Joint::Blank
        }
    }

    /// What becomes of a hyphen at a line's end. It goes where the text itself has the word without it, or parts words at
    /// its line ends and has no such compound.
    fn hyphen(&self, line: &Physical<'_>, next: &Physical<'_>) -> Joint {
        if line.raw.trim_end().ends_with('\u{AD}') {
            return Joint::Nothing;
        }
        let head = last_word(&line.text);
        let head = head.trim_end_matches(is_hyphen);
        let tail = words_within(&next.text).next().unwrap_or_default();
        // "Vor- und Nachteile"
        if is_and(&tail.to_lowercase()) {
            return Joint::Blank;
        }
        let has = |word: String| self.words.contains(&hash(&word));
        if has(format!("{head}{tail}")) {
            return Joint::Hyphen;
        }
        if has(format!("{head}-{tail}")) || has(head.to_owned()) && has(tail.to_owned()) || head.contains(is_hyphen) {
            return Joint::Nothing;
        }
        if self.is_hyphenated { Joint::Hyphen } else { Joint::Nothing }
    }
}

/// What of a link goes on in the next line: some converters wrap within links.
enum OpenLink {
    Words,
    Address,
}

fn open_link(text: &str) -> Option<OpenLink> {
    /// A bracket that nobody closes opens no link.
    const LONGEST: usize = 120;
    if text.rfind("](").is_some_and(|address| !text[address..].contains([')', ' '])) {
        return Some(OpenLink::Address);
    }
    let open = text.rfind('[').filter(|&open| !text[open..].contains(']') && !text[..open].ends_with('\\'))?;
    (text.len() - open <= LONGEST).then_some(OpenLink::Words)
}

/// Whether nothing but its width speaks against a line's going on in the next.
fn can_join(line: &Physical<'_>, next: &Physical<'_>) -> bool {
    let is_text = |line: &Physical<'_>| line.is_running() && !line.has_columns && !line.is_link && !line.is_rule();
    if !is_text(line) || !is_text(next) || line.form != next.form || line.ends || next.begins {
        return false;
    }
    if line.text.starts_with('>') != next.text.starts_with('>') {
        return false;
    }
    // A paragraph begins where a line is set in; what is set in below an item is the item's.
    let is_set_in = next.indent > line.indent + 1 && !line.begins;
    let is_set_out = line.begins && next.indent < line.indent;
    !(is_set_in || is_set_out || ends_sentence(&line.text) && is_turn(&next.text))
}

/// A line's words without the marks of what a mail quotes.
fn words_of<'a>(line: &'a Physical<'_>) -> &'a str {
    line.text.trim_start_matches(['>', ' '])
}

/// "MR ROE: …", "Q: …": somebody's turn in a conversation.
fn is_turn(text: &str) -> bool {
    const LONGEST: usize = 40;
    const WORDS: usize = 5;
    let Some(colon) = text.bytes().take(LONGEST).position(|byte| byte == b':') else { return false };
    let name = &text[..colon];
    let mut words = name.split_whitespace();
    let begins_as_name = |word: &str| word.starts_with(|c: char| c.is_uppercase() || c == '(' || c.is_numeric());
    !name.contains(['.', ',', ';']) && words.clone().count() <= WORDS && words.all(begins_as_name)
}

/// Whether a line breaks off within a sentence that the next goes on with. `None` where only the letters could tell.
fn is_within_sentence(line: &Physical<'_>, next: &Physical<'_>) -> Option<bool> {
    let last = line.text.chars().last()?;
    let words = words_of(next);
    let first = words.chars().find(|c| c.is_alphanumeric())?;
    if ends_sentence(&line.text) {
        return None;
    }
    let goes_on = first.is_lowercase() && words.starts_with(|c: char| c.is_lowercase() || "\"'“‘(«„[*_`".contains(c));
    let has_case = first.is_lowercase() || first.is_uppercase();
    if goes_on || matches!(last, ',' | ';' | '،' | '，' | '、') || is_parted(line, next) {
        Some(true)
    } else if has_case {
        None
    } else {
        Some(first.is_alphabetic())
    }
}

/// Columns before the lines of a paragraph but its first, where the first lines are set in: where sentences go on in lines
/// that begin further out, and never in lines that begin further in.
fn set_in_from(lines: &[Physical<'_>]) -> Option<usize> {
    const LEAST: usize = 2;
    let goes_on =
        |pair: &&[Physical<'_>]| can_join(&pair[0], &pair[1]) && is_within_sentence(&pair[0], &pair[1]) == Some(true);
    let out = lines.windows(2).filter(goes_on).filter(|pair| pair[1].indent + 1 < pair[0].indent && !pair[0].is_item);
    let (count, indent) = out.fold((0, 0), |(count, most), pair| (count + 1, pair[1].indent.max(most)));
    (count >= LEAST).then_some(indent)
}

/// The width at which a text was wrapped.
fn width(lines: &[Physical<'_>]) -> Option<usize> {
    // Pairs within a sentence, by the widths that explain them: where each range begins, and where it has ended.
    let mut change = [0_i64; WIDEST + 3];
    let mut has_width = [false; WIDEST + 3];
    let (mut within, mut cased) = (0_usize, 0_usize);
    let mut count = |line: &Physical<'_>, next: &Physical<'_>| {
        // Shorter lines are verse, or in a column beside a picture, and tell nothing of the rest.
        if line.width < SHORTEST_LINE || !can_join(line, next) {
            return;
        }
        has_width[line.width.min(WIDEST + 1)] = true;
        if is_within_sentence(line, next) != Some(true) {
            return;
        }
        within += 1;
        cased += usize::from(words_of(next).starts_with(char::is_lowercase));
        let last = (line.width + first_word(words_of(next))).min(WIDEST + 1);
        if line.width <= WIDEST && last >= NARROWEST {
            change[line.width.max(NARROWEST)] += 1;
            change[last + 1] -= 1;
        }
    };
    lines.windows(2).for_each(|pair| count(&pair[0], &pair[1]));
    let (mut explained, mut width, mut sum) = (0, 0, 0);
    for (columns, change) in change.iter().enumerate() {
        sum += change;
        // Of the widths that explain as many, that of the widest line.
        if sum > explained || sum == explained && sum > 0 && has_width[columns] {
            (explained, width) = (sum, columns);
        }
    }
    let explained = usize::try_from(explained).unwrap_or_default();
    let is_long = |line: &&Physical<'_>| line.is_running() && line.width > width.max(NARROWEST) + NARROWEST;
    let has_long = lines.iter().any(|line| is_long(&line) && line.text.contains(' '));
    let is_wrapped = if has_long {
        explained >= LEAST_AMONG_LONG && explained * 5 >= within * 4
    } else if cased == 0 {
        // Without letters that tell, more of them.
        explained > LEAST_EXPLAINED && explained * 10 >= within * 7
    } else {
        let least = if width < NARROW { LEAST_NARROW } else { LEAST_EXPLAINED };
        explained >= least && explained * 10 >= within * 6 || explained == 1 && within == 1 && width >= SINGLE_WIDTH
    };
    is_wrapped.then_some(width)
}

/// Whether a line ends with a word's beginning and the next begins with its end.
fn is_parted(line: &Physical<'_>, next: &Physical<'_>) -> bool {
    if line.raw.trim_end().ends_with('\u{AD}') {
        return true;
    }
    let mut signs = line.text.chars().rev();
    signs.next().is_some_and(is_hyphen)
        && signs.next().is_some_and(char::is_alphabetic)
        && words_of(next).starts_with(char::is_lowercase)
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{AC}')
}

/// Words before which a hyphen stands for what they share with the next.
fn is_and(word: &str) -> bool {
    matches!(
        word,
        "und"
            | "oder"
            | "bzw"
            | "bis"
            | "sowie"
            | "and"
            | "or"
            | "to"
            | "en"
            | "of"
            | "och"
            | "eller"
            | "og"
            | "ja"
            | "tai"
    )
}

fn last_word(text: &str) -> &str {
    text.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '"' | '“' | '„' | '«' | '/'))
        .next()
        .unwrap_or_default()
}

/// A line's words but a parted one at its end: letters, and compounds with their hyphens.
fn words_within(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || is_hyphen(c) || matches!(c, '\'' | '’')))
        .filter(|word| !word.is_empty() && !word.ends_with(is_hyphen))
}

fn hash(word: impl AsRef<str>) -> u64 {
    xxh3_64(word.as_ref().to_lowercase().replace('\u{2010}', "-").as_bytes())
}

/// Puts a line's text behind what runs on in it.
pub(super) fn append(text: &mut String, next: &str, joint: Joint) {
    match joint {
        Joint::Blank => text.push(' '),
        Joint::Nothing => {}
        Joint::Hyphen => {
            text.pop();
        }
    }
    text.push_str(next);
}
