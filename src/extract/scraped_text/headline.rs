//! Which of the lines above a scraped text's story is its headline: by the marks of its notation, by the page's title, by the
//! words that the story says again, by what stands around it.

use super::corpus::RepeatedLines;
use super::header::{NAME_WORDS, Part, TITLE_WORDS, is_caseless_name};
use super::kinds::{LABEL_WORDS, is_running};
use super::lines::{Form, Line, ends_sentence};
use super::words::{HOMES, SECTION};
use crate::extract::content::{count_words, is_unspaced};
use crate::extract::metadata;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use xxhash_rust::xxh3::xxh3_64;

/// Short lines in a row that make a menu.
const MENU_ENTRIES: usize = 5;
/// Lines from a text's end in which a site says its name again.
const FOOTER_LINES: usize = 12;

/// The headline, where the text's own marks say which line it is: the highest heading above the first paragraph, or the only
/// one of the first level.
pub(super) fn marked(lines: &[Line], repeated: &RepeatedLines) -> Option<usize> {
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

/// Rows of short lines are a menu, but for the last: the headline may be short itself.
pub(super) fn mark_menus(parts: &mut [Part]) {
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
pub(super) fn mark_kickers(lines: &[Line], parts: &mut [Part]) {
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
pub(super) fn by_page_title(lines: &[Line], parts: &[Part], lead: Option<usize>) -> Option<(usize, usize, String)> {
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
pub(super) fn split_page_title(text: &str) -> Vec<(&str, &str)> {
    const SEPARATORS: [&str; 9] = [" | ", " - ", " – ", " — ", " :: ", " · ", " » ", "｜", " • "];
    let split = |separator: &&str| {
        let behind = text.rsplit_once(*separator);
        let before = text.split_once(*separator).map(|(site, headline)| (headline, site));
        [behind, before]
    };
    SEPARATORS.iter().flat_map(split).flatten().map(|(headline, site)| (headline.trim(), site.trim())).collect()
}

/// Whether a site's name stands again at the text's end.
pub(super) fn is_named_below(lines: &[Line], index: usize, name: &str) -> bool {
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
pub(super) fn choose(lines: &[Line], parts: &[Part], lead: Option<usize>) -> Option<usize> {
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
    /// What it adds to stand right above a byline, a date or the story.
    const BONUS: f32 = 0.15;
    /// Of the best line's share in one above it.
    const NEARLY: f32 = 0.6;
    let echo = Echo::of(lines, parts, lead, 0..anchor);
    let is_last = |index: usize| {
        parts[index + 1..].iter().find(|part| **part != Part::Frame).is_none_or(|part| !part.is_candidate())
    };
    let best = echo.best(|index| echo.shares[index] + if is_last(index) { BONUS } else { 0.0 })?;
    let above = (0..best).rev().take_while(|&index| parts[index].is_candidate());
    Some(above.filter(|&index| echo.shares[index] >= NEARLY * echo.shares[best]).last().unwrap_or(best))
}

/// The headline of a whole page's story, which begins at the line `story`: what its words say again, near it, above a byline or
/// a date, and as the page's first line has it.
pub(super) fn above_story(lines: &[Line], parts: &[Part], story: usize, first: &str) -> Option<usize> {
    /// What it adds to have a byline or a date below, and in how many lines.
    const SIGNED: f32 = 0.3;
    const REACH: usize = 5;
    /// What it adds to have all its words in the page's first line, which is its title; to stand in another line near it.
    const FIRST: f32 = 0.5;
    const AGAIN: f32 = 0.2;
    /// What a line between it and the story takes off, and what a headline does that stands right below.
    const AWAY: f32 = 0.01;
    const KICKER: f32 = 0.5;
    /// Lines above the story in which it stands if nothing says it again.
    const NEAR: usize = 8;
    // A question may be so long that it runs on.
    let above = 0..parts.len().min(story + 1);
    let echo = Echo::of(lines, parts, story, above.clone());
    let first: HashSet<u64> = stems(first).into_iter().collect();
    let is_signed = |index: usize| {
        let below = &parts[index + 1..parts.len().min(index + 1 + REACH)];
        below.iter().any(|part| matches!(part, Part::Signed | Part::Dated))
    };
    let in_first = |index: usize| {
        let own = stems(&lines[index].text);
        own.iter().filter(|stem| first.contains(stem)).count() as f32 / own.len().max(1) as f32
    };
    let stands_again = |index: usize| {
        let text = lines[index].text.as_str();
        above.clone().any(|other| other != index && lines[other].text.contains(text))
    };
    let value = |index: usize| {
        let signed = if is_signed(index) { SIGNED } else { 0.0 };
        let again = if stands_again(index) { AGAIN } else { 0.0 };
        let is_kicker =
            parts[index] == Part::Name && parts.get(index + 1) == Some(&Part::Headline) && index + 1 < story;
        let off = AWAY * story.abs_diff(index) as f32 + if is_kicker { KICKER } else { 0.0 };
        echo.shares[index] + signed + again + FIRST * in_first(index) - off
    };
    let nearest = || above.clone().rev().take(NEAR).find(|&index| parts[index] == Part::Headline);
    echo.best(value).or_else(nearest).or_else(|| choose(lines, parts, Some(story)))
}

/// How much of the lines above a story it says again.
struct Echo {
    /// The share of every line's words.
    shares: Vec<f32>,
}

impl Echo {
    /// Share of a line's words that come again at the least.
    const LEAST: f32 = 0.3;

    /// Of the candidates in `above`, for the story that begins at the line `lead`.
    fn of(lines: &[Line], parts: &[Part], lead: usize, above: Range<usize>) -> Self {
        /// Paragraphs that are looked at.
        const PARAGRAPHS: usize = 12;
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
        Self { shares: above.map(|index| if parts[index].is_candidate() { share(index) } else { 0.0 }).collect() }
    }

    /// The last line of the highest value among those that are echoed.
    fn best(&self, value: impl Fn(usize) -> f32) -> Option<usize> {
        (0..self.shares.len())
            .filter(|&index| self.shares[index] >= Self::LEAST)
            .max_by(|&one, &other| value(one).total_cmp(&value(other)))
    }
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
pub(super) fn is_section(text: &str) -> bool {
    SECTION.has(text) || metadata::is_section_word(&text.to_lowercase())
}
