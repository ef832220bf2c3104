//! A scraped text's header: which of the lines above the story is its headline, who signs it, and when it appeared.
//!
//! ```text
//! menu ─ page's title ─ site's name ─ kicker ─ headline ─ standfirst ─ byline ─ date ─ buttons ─► story
//! ```

use super::corpus::RepeatedLines;
use super::kinds::{LABEL_WORDS, frame_kind, is_addressed, is_caption, is_running};
use super::lines::{Form, Line, ends_sentence, is_spoken};
use super::words::{BAR, CONTENTS_NAMES, HOMES, RELEASE, SECTION, SKIP, said, says};
use crate::extract::content::{count_words, is_unspaced, label_key, pitches};
use crate::extract::metadata;
use crate::model::ArticleDate;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use xxhash_rust::xxh3::xxh3_64;

/// Lines of a text's beginning in which a headline is looked for: the longest menus have some hundred entries.
const MOST_LINES: usize = 400;
/// Words up to which a line can be a headline.
pub(super) const TITLE_WORDS: usize = 40;
/// Words up to which a line can be an entry of a menu, a kicker or a site's name; and such lines in a row that make a menu.
const NAME_WORDS: usize = 4;
const MENU_ENTRIES: usize = 5;
/// Words from which a sentence tells something: no headline, unless a byline or a date stands below it.
const TELLING_WORDS: usize = 6;
/// Lines from a text's end in which a site says its name again.
const FOOTER_LINES: usize = 12;
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
enum Part {
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
    fn is_candidate(self) -> bool {
        matches!(self, Self::Name | Self::Headline)
    }

    fn tells(self) -> bool {
        matches!(self, Self::Sentence | Self::Paragraph)
    }
}

/// Reads the header of a text.
pub(super) fn find(lines: &[Line], language: &str, repeated: &RepeatedLines) -> Header {
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
    if let Some(title) = marked(lines, repeated) {
        header.title = Some(title);
        header.take_site_off(lines);
    } else if let Some((page, title, site)) = by_page_title(lines, &parts, lead) {
        (header.page_title, header.title, header.site_name) = (Some(page), Some(title), Some(site));
    } else {
        header.title = choose(lines, &parts, lead);
        header.take_site_off(lines);
    }
    header.read_names_and_dates(lines, &parts, language);
    header
}

/// The headline, where the text's own marks say which line it is: the highest heading above the first paragraph, or the only
/// one of the first level.
fn marked(lines: &[Line], repeated: &RepeatedLines) -> Option<usize> {
    let lead = lines.iter().position(is_running).unwrap_or(lines.len());
    let level = |index: usize| match lines[index].form {
        Form::Heading(level) if !lines[index].is_link && !repeated.has(&lines[index]) => Some(level),
        _ => None,
    };
    let above = (0..lead).filter_map(|index| Some((level(index)?, index))).min().map(|(_, index)| index);
    let first: Vec<usize> = (0..lines.len()).filter(|&index| level(index) == Some(1)).take(2).collect();
    let found = above.or_else(|| <[usize; 1]>::try_from(first).ok().map(|[only]| only));
    found.filter(|&index| count_words(&lines[index].text) <= TITLE_WORDS)
}

impl Header {
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
        let start = self.title.map_or(0, |title| title + 1);
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
        let named = || Some(text).filter(|_| is_caseless_name(text) && self.is_beside_date(parts, index));
        let followed = || writer_to_follow(lines, index);
        bare.or_else(alone)
            .or_else(named)
            .or_else(followed)
            .map(|name| metadata::clean_names(&[name.to_owned()], &[]))
            .unwrap_or_default()
    }
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
fn is_caseless_name(text: &str) -> bool {
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
    HOMES.has(text)
        || SKIP.has(text)
        || BAR.has(text)
        || CONTENTS_NAMES.has(text)
        || RELEASE.has(text)
        || is_row(text)
        || is_menu(text)
        || offers()
}

/// "Home News Sport", `HomeNewsSport`, "新闻社会体育": a menu's entries in one line, with blanks between them or nothing.
fn is_menu(text: &str) -> bool {
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
    let key = label_key(text);
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
    let (mut rest, mut known) = (key.as_str(), 0);
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

/// Rows of short lines are a menu, but for the last: the headline may be short itself.
fn mark_menus(parts: &mut [Part]) {
    let end = parts.iter().position(|&part| part == Part::Paragraph);
    // A text of short lines alone is a poem or a list.
    let Some(end) = end else { return };
    let mut from = 0;
    while from < end {
        let count = parts[from..end].iter().take_while(|&&part| part == Part::Name).count();
        if count >= MENU_ENTRIES {
            let last = from + count - 1;
            let is_last = !parts[last + 1..end].iter().any(|part| part.is_candidate());
            parts[from..if is_last { last } else { last + 1 }].fill(Part::Frame);
        }
        from += count.max(1);
    }
}

/// Lines above the headline that say in which section it stands, or what kind of text it is: "Opinion", "FOOTBALL | CUP".
/// Below each is a headline before anything else.
fn mark_kickers(lines: &[Line], parts: &mut [Part]) {
    /// Words of a headline that one word stands above.
    const LONG: usize = 5;
    // What stands below, and below that.
    let (mut below, mut further): (Option<usize>, Option<usize>) = (None, None);
    for index in (0..parts.len()).rev() {
        if parts[index] == Part::Frame {
            continue;
        }
        let headline = below.filter(|&below| parts[index].is_candidate() && parts[below].is_candidate());
        let is_above = |headline: usize| {
            let (text, below) = (lines[index].text.as_str(), lines[headline].text.as_str());
            let is_signed = || further.is_some_and(|further| matches!(parts[further], Part::Signed | Part::Dated));
            // "Town" is a section even of papers that nobody knows.
            is_kicker(text, below) || count_words(text) == 1 && count_words(below) >= LONG && is_signed()
        };
        if headline.is_some_and(is_above) {
            parts[index] = Part::Frame;
        } else {
            (below, further) = (Some(index), below);
        }
    }
}

/// Whether a line is a kicker above another.
fn is_kicker(text: &str, below: &str) -> bool {
    let mut parts = text.split(['|', '·', '/', '›', '•', '｜']).map(str::trim);
    let count = parts.clone().count();
    let is_large = |text: &str| text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase);
    let is_name = |part: &str| count_words(part) < NAME_WORDS && !part.is_empty();
    // Headlines in capitals stand below others in capitals.
    let stands_out = is_large(text) && !is_large(below) && below.chars().any(char::is_lowercase);
    parts.all(|part| is_name(part) && (is_section(part) || stands_out || count > 1 && !below.contains(part)))
}

/// The headline that the page's title says as well: "Headline | Site" above "Headline". Which line is the page's title, which
/// the headline, and what the site is called.
fn by_page_title(lines: &[Line], parts: &[Part], lead: Option<usize>) -> Option<(usize, usize, String)> {
    let end = lead.unwrap_or(parts.len());
    let known: HashMap<String, usize> =
        (0..end).rev().filter(|&at| parts[at].is_candidate()).map(|at| (lines[at].text.to_lowercase(), at)).collect();
    (0..end).find_map(|page| {
        split_page_title(&lines[page].text).into_iter().find_map(|(headline, site)| {
            let title = known.get(&headline.to_lowercase()).copied().filter(|&title| title != page)?;
            (count_words(headline) >= 2 && count_words(site) <= NAME_WORDS + 1).then(|| (page, title, site.to_owned()))
        })
    })
}

/// How a page's title can be parted: what it says, and the site's name before or behind a separator.
fn split_page_title(text: &str) -> Vec<(&str, &str)> {
    const SEPARATORS: [&str; 9] = [" | ", " - ", " – ", " — ", " :: ", " · ", " » ", "｜", " • "];
    let split = |separator: &&str| {
        let behind = text.rsplit_once(*separator);
        let before = text.split_once(*separator).map(|(site, headline)| (headline, site));
        [behind, before]
    };
    SEPARATORS.iter().flat_map(split).flatten().map(|(headline, site)| (headline.trim(), site.trim())).collect()
}

/// Whether a site's name stands again at the text's end.
fn is_named_below(lines: &[Line], index: usize, name: &str) -> bool {
    let from = lines.len().saturating_sub(FOOTER_LINES).max(index + 1);
    lines[from..].iter().any(|line| {
        let text = line.text.as_str();
        let is_of_frame = count_words(text) <= LABEL_WORDS && !ends_sentence(text) || text.contains('©');
        is_of_frame && text.match_indices(name).any(|(at, _)| is_word(text, at, name.len()))
    })
}

fn is_word(text: &str, at: usize, length: usize) -> bool {
    !text[..at].ends_with(char::is_alphanumeric) && !text[at + length..].starts_with(char::is_alphanumeric)
}

/// The headline by what stands around it.
fn choose(lines: &[Line], parts: &[Part], lead: Option<usize>) -> Option<usize> {
    /// Sections' names below the site's that make a menu.
    const LEAST_OF_MENU: usize = 2;
    let tells = parts.iter().position(|part| part.tells());
    let is_candidate = |index: &usize| parts[*index].is_candidate();
    // Without a paragraph the text may be a poem or a list, whose lines are all alike.
    let Some(lead) = lead else {
        return (0..tells.unwrap_or(parts.len())).find(is_candidate);
    };
    let first = (0..lead).find(is_candidate)?;
    // A story without a headline may have a heading below its first sentence.
    let is_signed = || parts[first..lead].iter().any(|part| matches!(part, Part::Signed | Part::Dated));
    if tells.is_some_and(|sentence| sentence < first) && !is_signed() {
        return None;
    }
    // Above byline and date, if any candidate stands there.
    let ends = |index: &usize| matches!(parts[*index], Part::Signed | Part::Dated | Part::Sentence);
    let anchor = (first..lead).find(ends).unwrap_or(lead);
    let is_menu = |index: &usize| HOMES.has(&lines[*index].text) || SECTION.has(&lines[*index].text);
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut is_open = false;
    for (index, part) in parts.iter().enumerate().take(anchor).skip(first) {
        if !part.is_candidate() {
            is_open = false;
        } else if let Some(group) = groups.last_mut().filter(|_| is_open) {
            group.push(index);
        } else {
            groups.push(vec![index]);
            is_open = true;
        }
    }
    let is_below_frame = first > 0 || groups.len() > 1;
    // A headline that plays with words has no more below it than a standfirst.
    let opens_with_headline = !is_below_frame && parts[first] == Part::Headline;
    let may_be_menu = is_below_frame || !opens_with_headline && groups.iter().any(|group| group.len() > 2);
    let by_shape = || set_apart(lines, parts, first..anchor);
    if let Some(headline) =
        Some(anchor).filter(|_| may_be_menu).and_then(|anchor| echoed(lines, parts, anchor, lead).or_else(by_shape))
    {
        return Some(headline);
    }
    // What stands above a menu is the site's name.
    if let [first, second, ..] = &groups[..]
        && (first[first.len() - 1] + 1..second[0]).filter(is_menu).count() >= LEAST_OF_MENU
    {
        groups.remove(0);
    }
    let may_be_headline = |&&index: &&usize| {
        let text = lines[index].text.as_str();
        parts[index] == Part::Headline && !text.starts_with(char::is_lowercase)
    };
    let Some((at, long)) =
        groups.iter().enumerate().find_map(|(at, group)| Some((at, *group.iter().find(may_be_headline)?)))
    else {
        let group = groups.last()?;
        // Sender and day of what is sent to the press stand above its headline.
        let below = (anchor..lead).find(|index| may_be_headline(&index) && lines[*index].opens_group);
        if let Some(below) = below.filter(|_| group.len() > 1) {
            return Some(below);
        }
        return short_headline(lines, parts, group, is_below_frame);
    };
    let group = &groups[at];
    let above: Vec<usize> = group.iter().copied().take_while(|&index| index < long).collect();
    let opens_text = at == 0 && first == 0;
    let is_kicker = |&index: &usize| {
        let text = lines[index].text.as_str();
        let below = lines[index + 1].text.as_str();
        is_named_below(lines, index, text) || is_section(text) || below.starts_with(char::is_lowercase)
    };
    // The first line of all is the headline, unless it is the site's name or a section's; below a menu it is a kicker.
    let headline = above.iter().copied().find(|index| !is_kicker(index) && parts[*index] == Part::Name);
    let is_standfirst = ends_sentence(&lines[long].text);
    Some(headline.filter(|_| (opens_text || is_standfirst) && above.len() < MENU_ENTRIES).unwrap_or(long))
}

/// The headline whose words the story says again, whatever language names the menu's entries above it. Of lines that stand
/// together, as headline and standfirst do, it is the first that is echoed nearly as well as the best.
fn echoed(lines: &[Line], parts: &[Part], anchor: usize, lead: usize) -> Option<usize> {
    /// Paragraphs that are looked at.
    const PARAGRAPHS: usize = 12;
    /// Shares of a line's words that come again: at the least, and of the best line's share in one above it.
    const LEAST: f32 = 0.3;
    const NEARLY: f32 = 0.6;
    /// What it adds to stand right above a byline, a date or the story.
    const BONUS: f32 = 0.15;
    let paragraphs = lines[lead..].iter().filter(|line| is_running(line)).take(PARAGRAPHS);
    let story: HashSet<u64> = paragraphs.flat_map(|line| stems(&line.text)).collect();
    let share = |index: usize| {
        let text = lines[index].text.as_str();
        let own: HashSet<u64> = stems(text).into_iter().collect();
        let common = own.intersection(&story).count();
        // One word may be a place's, in the site's name or in a menu.
        if common < 2 || text.starts_with(char::is_lowercase) || is_named_below(lines, index, text) {
            return 0.0;
        }
        common as f32 / own.len() as f32
    };
    let shares: Vec<f32> =
        (0..anchor).map(|index| if parts[index].is_candidate() { share(index) } else { 0.0 }).collect();
    let value = |index: usize| {
        let below = parts[index + 1..].iter().find(|part| **part != Part::Frame);
        let is_last = below.is_none_or(|part| !part.is_candidate());
        shares[index] + if is_last { BONUS } else { 0.0 }
    };
    let best = (0..anchor)
        .filter(|&index| shares[index] >= LEAST)
        .rev()
        .max_by(|&one, &other| value(one).total_cmp(&value(other)))?;
    let above = (0..best).rev().take_while(|&index| parts[index].is_candidate());
    Some(above.filter(|&index| shares[index] >= NEARLY * shares[best]).last().unwrap_or(best))
}

/// The headline that stands between blank lines, where a menu above it does not. A standfirst may stand so below it.
fn set_apart(lines: &[Line], parts: &[Part], header: Range<usize>) -> Option<usize> {
    let is_alone = |index: usize| {
        let text = lines[index].text.as_str();
        parts[index].is_candidate()
            && lines[index].opens_group
            && lines.get(index + 1).is_none_or(|below| below.opens_group)
            && !text.starts_with(char::is_lowercase)
            && !is_named_below(lines, index, text)
            && !is_section(text)
    };
    let last = header.clone().rfind(|&index| is_alone(index))?;
    (header.start..=last).rev().take_while(|&index| is_alone(index)).last()
}

/// What a text's words begin with, as hashes: their first letters, which inflected forms have in common; in scripts without
/// blanks, pairs of signs.
fn stems(text: &str) -> Vec<u64> {
    const LEAST_LETTERS: usize = 4;
    const LETTERS: usize = 5;
    let lower = text.to_lowercase();
    let mut stems = Vec::new();
    for word in lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if word.starts_with(is_unspaced) {
            let pairs = word.char_indices().zip(word.char_indices().skip(2).map(|(at, _)| at).chain([word.len()]));
            stems.extend(pairs.map(|((from, _), to)| xxh3_64(&word.as_bytes()[from..to])));
        } else if word.chars().nth(LEAST_LETTERS - 1).is_some() {
            let end = word.char_indices().nth(LETTERS).map_or(word.len(), |(at, _)| at);
            stems.push(xxh3_64(&word.as_bytes()[..end]));
        }
    }
    stems
}

/// The headline where all candidates are short.
fn short_headline(lines: &[Line], parts: &[Part], group: &[usize], is_below_frame: bool) -> Option<usize> {
    let is_person = |index: usize| {
        let text = lines[index].text.as_str();
        metadata::is_person(text) || is_caseless_name(text) && parts.get(index + 1) == Some(&Part::Dated)
    };
    if is_below_frame {
        let last = *group.last()?;
        // A name below a headline is the writer's.
        let above = group.iter().rev().nth(1).filter(|_| is_person(last));
        return Some(above.copied().unwrap_or(last));
    }
    let is_site = |&&index: &&usize| {
        let text = lines[index].text.as_str();
        is_named_below(lines, index, text) || is_section(text)
    };
    group.iter().find(|index| !is_site(index)).or(group.first()).copied()
}

/// Whether a line is a section's name, or what kind of text it is: "Opinion".
fn is_section(text: &str) -> bool {
    SECTION.has(text) || metadata::is_section_word(&text.to_lowercase())
}
