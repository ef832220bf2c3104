//! A scraped text's header: which of the lines above the story is its headline, who signs it, and when it appeared.
//!
//! ```text
//! menu ─ page's title ─ site's name ─ kicker ─ headline ─ standfirst ─ byline ─ date ─ buttons ─► story
//! ```

use super::corpus::RepeatedLines;
use super::headline::{
    above_story, by_page_title, choose, is_named_below, is_section, mark_kickers, mark_menus, marked, split_page_title,
};
use super::kinds::{LABEL_WORDS, frame_kind, is_addressed, is_caption, is_running};
use super::lines::{Form, Line, ends_sentence, is_spoken};
use super::words::{BAR, CONTENTS_NAMES, HOMES, RELEASE, SECTION, SKIP, said, says};
use crate::extract::content::{count_words, is_unspaced, label_key, pitches};
use crate::extract::metadata;
use crate::model::ArticleDate;
use std::collections::HashMap;

/// Lines of a text's beginning in which a headline is looked for: the longest menus have a thousand entries.
const MOST_LINES: usize = 1500;
/// Words up to which a line can be a headline.
pub(super) const TITLE_WORDS: usize = 40;
/// Words up to which a line can be an entry of a menu, a kicker or a site's name.
pub(super) const NAME_WORDS: usize = 4;
/// Words from which a sentence tells something: no headline, unless a byline or a date stands below it.
const TELLING_WORDS: usize = 6;
/// Words up to which a line with a date is a date line.
const DATE_WORDS: usize = 9;
/// Lines below a headline in which byline and date stand, and below a standfirst of some length.
const HEADER_LINES: usize = 12;
const BELOW_STANDFIRST: usize = 4;

/// What stands above the story.
#[derive(Debug, Default)]
pub(super) struct Header {
    /// The headline's line.
    pub(super) title: Option<usize>,
    /// What it says without the site's name.
    pub(super) headline: Option<String>,
    /// The line that was the page's title: the headline again, and the site's name.
    pub(super) page_title: Option<usize>,
    pub(super) site_name: Option<String>,
    /// Lines that say who wrote the text, and whom they name.
    pub(super) signed: HashMap<usize, Vec<String>>,
    /// Lines that say when it appeared.
    pub(super) dated: Vec<usize>,
    /// Where the story begins.
    pub(super) end: usize,
}

/// What a line of the beginning may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// A control, an entry of a menu, a label.
    Frame,
    Dated,
    Signed,
    /// A few words: a short headline, a kicker, the site's name.
    Name,
    Headline,
    /// A sentence that is short for a paragraph.
    Sentence,
    Paragraph,
}

impl Part {
    pub(super) fn is_candidate(self) -> bool {
        matches!(self, Self::Name | Self::Headline)
    }

    pub(super) fn tells(self) -> bool {
        matches!(self, Self::Sentence | Self::Paragraph)
    }
}

/// What the lines are that a header is read of.
#[derive(Debug, Clone, Copy)]
pub(super) enum Extent<'a> {
    /// A text, as it was given.
    Text,
    /// Of a whole page, the story, which begins at a line, below some of the lines above it; the headline, where that is known,
    /// and the page's first line.
    Story { start: usize, title: Option<usize>, first: &'a str },
}

/// Reads the header of a text.
pub(super) fn find(lines: &[Line], language: &str, repeated: &RepeatedLines, extent: Extent<'_>) -> Header {
    let mut parts: Vec<Part> =
        lines.iter().take(MOST_LINES).map(|line| part_of(line, language, repeated.has(line))).collect();
    // "Jane Roe, The Ledger", "Jane Roe | The Ledger".
    for index in 1..parts.len() {
        let below = parts[index + 1..].iter().find(|part| **part != Part::Frame);
        let is_above_date = below == Some(&Part::Dated) || lines[index].text.contains('|');
        if parts[index].is_candidate()
            && is_above_date
            && person_before_paper(&lines[index].text).is_some()
            && parts[..index].iter().any(|&part| part.is_candidate() || part == Part::Sentence)
        {
            parts[index] = Part::Signed;
        }
    }
    // A headline that is a sentence has a byline or a date below it.
    for index in 0..parts.len() {
        let below = parts[index + 1..].iter().find(|part| **part != Part::Frame);
        if parts[index].tells()
            && count_words(&lines[index].text) <= TITLE_WORDS / 2
            && matches!(below, Some(Part::Dated | Part::Signed))
            && !parts[..index].iter().any(|part| part.is_candidate() || part.tells())
        {
            parts[index] = Part::Headline;
        }
    }
    mark_menus(&mut parts);
    mark_kickers(lines, &mut parts);
    let mut header = Header::default();
    let lead = parts.iter().position(|&part| part == Part::Paragraph);
    if let Extent::Story { title: Some(title), .. } = extent {
        header.title = Some(title);
    } else if let Some(title) = marked(lines, repeated) {
        header.title = Some(title);
        header.take_site_off(lines);
    } else if let Some((page, title, site)) = by_page_title(lines, &parts, lead) {
        (header.page_title, header.title, header.site_name) = (Some(page), Some(title), Some(site));
    } else {
        header.title = match extent {
            Extent::Text => choose(lines, &parts, lead),
            Extent::Story { start, first, .. } => above_story(lines, &parts, start, first),
        };
        header.take_site_off(lines);
    }
    header.read_names_and_dates(lines, &parts, language);
    header
}

impl Header {
    /// The header of a part of a text, as one of the whole, whose `lines_above` stand above the part. The page's title is
    /// known of the whole.
    pub(super) fn further_down(self, lines_above: usize, whole: Self) -> Self {
        let down = |index: usize| index + lines_above;
        Self {
            title: self.title.map(down),
            headline: self.headline,
            page_title: whole.page_title,
            site_name: whole.site_name.filter(|_| whole.page_title.is_some()).or(self.site_name),
            signed: self.signed.into_iter().map(|(index, names)| (down(index), names)).collect(),
            dated: self.dated.into_iter().map(down).collect(),
            end: down(self.end),
        }
    }

    /// "Headline | Site" in one line, where the site says its name again below.
    fn take_site_off(&mut self, lines: &[Line]) {
        let Some(title) = self.title else { return };
        let parts = split_page_title(&lines[title].text);
        let found = parts.into_iter().find(|&(headline, site)| {
            count_words(headline) >= 2 && count_words(site) <= NAME_WORDS + 1 && is_named_below(lines, title, site)
        });
        if let Some((headline, site)) = found {
            (self.headline, self.site_name) = (Some(headline.to_owned()), Some(site.to_owned()));
        }
    }

    fn read_names_and_dates(&mut self, lines: &[Line], parts: &[Part], language: &str) {
        // A mark can make a line the headline that stands far below all others.
        let start = self.title.map_or(0, |title| title + 1).min(parts.len());
        let tells = (start..parts.len()).find(|&index| parts[index].tells() || lines[index].is_item);
        let mut lines_left = (start..parts.len()).filter(|&index| parts[index] != Part::Frame);
        let most = lines_left.nth(HEADER_LINES).filter(|_| self.title.is_some()).unwrap_or(parts.len());
        let mut end = tells.unwrap_or(most).min(most);
        // Byline and date may stand below a standfirst. Many dates are the entries' own.
        let is_entry = |index: usize| {
            parts[index] == Part::Dated && parts[end..].iter().filter(|&&part| part == Part::Dated).count() > 2
        };
        let below = end + 1..parts.len().min(end + 1 + BELOW_STANDFIRST);
        let signs = |index: &usize| parts[*index] == Part::Signed || parts[*index] == Part::Dated && !is_entry(*index);
        let standfirst = self.title.is_some() && end < parts.len() && !parts[start..end].contains(&Part::Dated);
        if standfirst
            && let Some(sign) = below.clone().find(signs)
            && !parts[end + 1..sign].contains(&Part::Paragraph)
        {
            end = (sign + 1..parts.len()).find(|&index| parts[index].tells()).unwrap_or(parts.len().min(sign + 3));
        }
        // Short lines without a sentence below them are a poem or a list.
        self.end = if tells.is_some() { end } else { start };
        let texts: Vec<&str> = lines[start..end].iter().map(|line| line.text.as_str()).collect();
        // Mail names its sender above its subject as well as below it.
        for (index, line) in lines.iter().enumerate().filter(|(_, line)| line.form == Form::Sender) {
            self.signed.insert(index, metadata::clean_names(std::slice::from_ref(&line.text), &[]));
        }
        for index in start..end {
            if lines[index].form == Form::Sender {
                continue;
            }
            let names = self.names_at(lines, parts, &texts, index, language);
            if !names.is_empty() {
                self.signed.insert(index, names);
            }
            if parts[index] == Part::Dated {
                self.dated.push(index);
            }
        }
    }

    /// Whether a date stands right below a line that the headline stands above.
    fn is_beside_date(&self, parts: &[Part], index: usize) -> bool {
        self.title.is_some_and(|title| title < index) && parts.get(index + 1) == Some(&Part::Dated)
    }

    /// Whom a line below the headline names as who wrote the text.
    fn names_at(&self, lines: &[Line], parts: &[Part], texts: &[&str], index: usize, language: &str) -> Vec<String> {
        let start = self.title.map_or(0, |title| title + 1);
        let text = lines[index].text.as_str();
        if matches!(parts[index], Part::Signed | Part::Dated) {
            let mut names = metadata::names_in_line(text, language);
            names.retain(|name| !is_section(name));
            if !names.is_empty() {
                return names;
            }
        }
        if parts[index] == Part::Signed {
            return person_before_paper(text).map(str::to_owned).into_iter().collect();
        }
        if !parts[index].is_candidate() && parts[index] != Part::Dated || self.title.is_none() {
            return Vec::new();
        }
        let near = index.saturating_sub(start + 1)..texts.len().min(index - start + 2);
        let bare = metadata::bare_name_in(&texts[near.clone()], index - start - near.start, language);
        // A name alone between headline and story is no part of either.
        let is_alone = || {
            let mut below = parts[index + 1..].iter().filter(|part| **part != Part::Frame);
            let mut above_story = || below.next().is_none_or(|part| part.tells());
            index == start && above_story()
        };
        let alone = || {
            let name = text.split([',', '|']).next().unwrap_or(text);
            // "Jane Roe at Mill Lane": a reporter on the spot.
            let name = name.split_once(" at ").map_or(name, |(name, _)| name).trim();
            let is_name =
                metadata::is_person(name) && name.contains(char::is_lowercase) && !is_told_of(lines, index, name);
            (is_name && is_alone()).then_some(name)
        };
        let is_named = || is_caseless_name(text) || are_persons(text);
        let named = || Some(text).filter(|_| is_named() && self.is_beside_date(parts, index));
        let followed = || writer_to_follow(lines, index);
        bare.or_else(alone)
            .or_else(named)
            .or_else(followed)
            .map(|name| metadata::clean_names(&[name.to_owned()], &[]))
            .unwrap_or_default()
    }
}

/// "Jane Roe and John Doe", and no more.
fn are_persons(text: &str) -> bool {
    let names = metadata::clean_names(&[text.to_owned()], &[]);
    // One word between two names, a comma between more.
    let words: usize = names.iter().map(|name| name.split(' ').count() + 1).sum();
    names.len() > 1 && text.split(' ').count() < words && names.iter().all(|name| metadata::is_person(name))
}

/// The name in a line above a button to follow its writer.
fn writer_to_follow(lines: &[Line], index: usize) -> Option<&str> {
    let below = lines.get(index + 1)?.text.to_lowercase();
    let is_button = count_words(&below) <= 3 && (below.starts_with("follow") || below.starts_with('@'));
    // "Jane Roe at Mill Lane": a reporter on the spot.
    let name = lines[index].text.split([',', '|']).next()?;
    let name = name.split_once(" at ").map_or(name, |(name, _)| name).trim();
    let is_name = || metadata::is_person(name) && count_words(name) <= NAME_WORDS;
    (is_button && is_name()).then_some(name)
}

/// Whether a line may be a name in a script that has no capitals, but blanks between words.
pub(super) fn is_caseless_name(text: &str) -> bool {
    const WORDS: std::ops::RangeInclusive<usize> = 2..=3;
    let is_letter = |c: char| c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase() && !is_unspaced(c);
    WORDS.contains(&text.split(' ').count()) && text.chars().all(|c| is_letter(c) || c == ' ')
}

/// Whether the story tells of somebody by the last of the names.
fn is_told_of(lines: &[Line], index: usize, name: &str) -> bool {
    /// Paragraphs in which a story names whom it is about.
    const REACH: usize = 12;
    let last = name.split_whitespace().next_back().unwrap_or(name);
    lines[index + 1..].iter().take(REACH).any(|line| line.text.contains(last))
}

fn part_of(line: &Line, language: &str, is_repeated: bool) -> Part {
    let text = line.text.as_str();
    let words = count_words(text);
    let is_short = words <= LABEL_WORDS;
    match line.form {
        Form::Remains(_) => return Part::Frame,
        Form::Sender => return Part::Signed,
        Form::Sent => return Part::Dated,
        Form::Code | Form::Row { .. } => return Part::Paragraph,
        _ if line.is_link && is_short && !ends_sentence(text) => return Part::Frame,
        Form::Running | Form::Heading(_) | Form::Quote => {}
    }
    if is_date_line(text, language) {
        return Part::Dated;
    }
    if is_short && is_bar_entry(text) || frame_kind(line).is_some() || is_caption(text, words) {
        return Part::Frame;
    }
    // One writer may sign all that a site has.
    if is_short && (!ends_sentence(text) || words < TELLING_WORDS) && is_signed(text, language) {
        return Part::Signed;
    }
    if is_repeated {
        return Part::Frame;
    }
    let asks = text.trim_end_matches(['"', '”', '»', '」', '\'']).ends_with(['?', '!', '…', '？', '！', '؟']);
    // "Dear Miss Roe,", "— What for?"
    let is_said = text.ends_with([',', ';', '，', '、', '،']) || text.starts_with(['—', '–']) && is_spoken(text);
    if is_running(line) || words > TITLE_WORDS {
        Part::Paragraph
    } else if ends_sentence(text) && !asks || is_said || line.is_item {
        Part::Sentence
    } else if !text.contains(char::is_alphabetic) {
        Part::Frame
    } else if words <= NAME_WORDS && !ends_sentence(text) {
        Part::Name
    } else {
        Part::Headline
    }
}

/// Whether a line names somebody who wrote the text.
fn is_signed(text: &str, language: &str) -> bool {
    !metadata::names_in_line(text, language).is_empty()
}

/// The person before the paper's name: "Jane Roe, The Ledger".
fn person_before_paper(text: &str) -> Option<&str> {
    let (name, paper) = text.split_once(['|', ',', '｜'])?;
    let is_paper = paper.trim().starts_with(char::is_uppercase) && count_words(paper) <= NAME_WORDS + 1;
    (is_paper && metadata::is_person(name.trim())).then_some(name.trim())
}

/// Whether a line says when the text appeared, and no more than that.
pub(super) fn is_date_line(text: &str, language: &str) -> bool {
    /// Words of a line that has a word for publication, at the most.
    const MOST_WORDS: usize = 24;
    let words = count_words(text);
    if words > MOST_WORDS || !text.contains(char::is_numeric) || ends_sentence(text) && words >= TELLING_WORDS {
        return false;
    }
    let says = words <= DATE_WORDS || metadata::names_a_day(&text.to_lowercase());
    says && metadata::read_dates(text, language) != (None, None)
}

/// The day in an agency's dateline: "OSTBY, Aug 3, 2022 (Harbour News) - The mine …".
pub(super) fn dateline(paragraph: &str, language: &str) -> Option<ArticleDate> {
    const HEAD_BYTES: usize = 100;
    let head = &paragraph[..paragraph.floor_char_boundary(HEAD_BYTES)];
    let ends = [" - ", " – ", " — ", " -- ", "(-) "].iter().filter_map(|dash| head.find(dash));
    let head = &head[..ends.min()?];
    let place = head.split([',', '(']).next().unwrap_or(head);
    let is_place = place.starts_with(char::is_uppercase) && count_words(place) <= NAME_WORDS;
    (is_place && !ends_sentence(head)).then(|| metadata::read_date(head, language)).flatten()
}

/// Whether a line is what bars, menus and notices above a page say.
fn is_bar_entry(text: &str) -> bool {
    let lower = text.to_lowercase();
    let offers = || pitches(&lower) || said(&lower) & says::PROMO != 0 && is_addressed(text);
    let key = label_key(text);
    [&HOMES, &SKIP, &BAR, &CONTENTS_NAMES, &RELEASE].iter().any(|entries| entries.has_key(&key))
        || is_row(text)
        || is_menu(text, &key)
        || offers()
}

/// "Home News Sport", `HomeNewsSport`, "新闻社会体育": a menu's entries in one line, with blanks between them or nothing.
fn is_menu(text: &str, key: &str) -> bool {
    /// Entries from which they are no words of a headline.
    const LEAST: usize = 3;
    /// Words of an entry at the most.
    const MOST_WORDS: usize = 3;
    /// Bytes of the longest row of them.
    const MOST_BYTES: usize = 300;
    if text.len() > MOST_BYTES {
        return false;
    }
    let is_entry = |key: &str| SECTION.has_key(key) || HOMES.has_key(key) || BAR.has_key(key);
    let words: Vec<&str> = key.split(' ').collect();
    if words.len() > 1 {
        let (mut at, mut known, mut unknown) = (0, 0, 0);
        while at < words.len() {
            let most = MOST_WORDS.min(words.len() - at);
            let found = (1..=most).rev().find(|&count| is_entry(&words[at..at + count].join(" ")));
            known += usize::from(found.is_some());
            unknown += usize::from(found.is_none());
            at += found.unwrap_or(1);
        }
        return known >= LEAST && (unknown == 0 || HOMES.has_key(words[0]) && unknown < known);
    }
    let (mut rest, mut known) = (key, 0);
    while !rest.is_empty() {
        let mut ends = rest.char_indices().map(|(at, c)| at + c.len_utf8()).rev();
        let Some(end) = ends.find(|&end| is_entry(&rest[..end])) else { break };
        rest = &rest[end..];
        known += 1;
    }
    // In scripts with large letters one entry may be unknown.
    known >= LEAST || known > 0 && capitals_inside(text) + 1 >= LEAST
}

/// How many words begin inside of a word: `HomeNewsSport` has two.
fn capitals_inside(text: &str) -> usize {
    let small_before = |(before, c): (char, char)| before.is_lowercase() && c.is_uppercase();
    text.chars().zip(text.chars().skip(1)).filter(|&pair| small_before(pair)).count()
}

/// Rows of menus and buttons: "Home | News | Farming", "[home] [links]", "1. Before you start .......... 3".
fn is_row(text: &str) -> bool {
    /// Parts that make a row, and words of each.
    const PARTS: usize = 3;
    let parts = || text.split(['|', '·', '•', '｜']).map(str::trim).filter(|part| !part.is_empty());
    let is_entry = |part: &str| count_words(part) < NAME_WORDS && !ends_sentence(part);
    let is_menu = parts().count() >= PARTS && parts().all(is_entry) && !text.contains(char::is_numeric);
    let is_bracketed = text.starts_with('[') && text.ends_with(']') && text.matches('[').count() >= 2;
    let is_of_contents = text.contains("....") && text.trim_end().ends_with(char::is_numeric);
    is_menu || is_bracketed || is_of_contents
}
