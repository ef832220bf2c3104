//! Lines that many texts of one site have in common: its menus, its notices, what it says of itself.
//!
//! Only hashes and counts are kept, in a bounded number. What repeats is judged by how many documents have it (a line
//! counts once a document, and a document that is there twice counts once), where it stands, and what it looks like; see
//! [`Corpus::repeated`].

use super::kinds::is_running;
use super::lines::{Line, ends_sentence, is_spoken, logical_lines};
use crate::extract::content::count_words;
use std::collections::{HashMap, HashSet};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// Lines that are counted at the same time. At 24 bytes each the table stays under 50 MB.
const MAX_LINES: usize = 1_000_000;

/// Documents that are remembered, to know one that comes again; and sites.
const MAX_DOCUMENTS: usize = 1_000_000;

/// Documents of a site from which anything is learned of it.
const LEAST_DOCUMENTS: u32 = 5;

/// Documents that a line stands in before it can be the site's.
const LEAST_REPEATS: u32 = 4;

/// Lines from a document's start and end that are its frame, as is all above its first and below its last paragraph; and
/// the share of its lines that they are at the most (a fourth, a third).
const HEAD: (usize, usize) = (6, 4);
const TAIL: (usize, usize) = (10, 3);

/// Words from which a sentence is not said twice in the same form by chance.
const SENTENCE_WORDS: usize = 6;

/// Words up to which a sentence can be a whole line of speech: "Yes." "I don't know."
const SPEECH_WORDS: usize = 4;

/// Words up to which a line's digits are part of what it says: "Chapter 3".
const NUMBERED_WORDS: usize = 3;

/// Words from which a document of one line has the site's words at its start and end in that line, and words of each of
/// these at the most and at the least.
const ONE_LINE_WORDS: usize = 40;
const EDGE_WORDS: std::ops::RangeInclusive<usize> = 3..=60;

/// Headings that a document without paragraphs has in common with others, and lines below each, from which they part its own
/// text: "Ingredients", "Method".
const HEADINGS: usize = 2;
const BELOW_HEADING: usize = 2;

/// Questions that a document has in common with others, each with an answer of its own, from which they are its own.
const QUESTIONS: usize = 2;

/// What is counted of one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentLines {
    /// Hash of all of it.
    whole: u64,
    /// Each line once.
    lines: Vec<Counted>,
    /// Whether one of them is a paragraph.
    has_paragraphs: bool,
    /// How it begins and ends, where it is all one line, from the shortest to the longest.
    heads: Vec<Edge>,
    tails: Vec<Edge>,
}

/// A line's beginning or end, up to the end of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Edge {
    hash: u64,
    bytes: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Counted {
    hash: u64,
    form: Form,
    place: Spot,
}

/// What a line looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A short sentence, or somebody's words.
    Speech,
    /// A sentence that is long enough not to repeat by chance.
    Sentence,
    Question,
    /// Signs before it and behind it set it off: "+++ Now on Sundays, too +++".
    SetOff,
    /// A label or a heading.
    Label,
    /// A label with a number in it: "Rated 4.5 by 30 cooks".
    Counter,
}

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spot {
    First,
    Frame,
    Middle,
}

/// Reads a text for counting.
#[must_use]
pub fn document_lines(text: &str) -> DocumentLines {
    let lines = logical_lines(text);
    let above = lines.iter().position(is_running).unwrap_or(0);
    let below = lines.iter().rposition(is_running).map_or(lines.len(), |last| last + 1);
    let head = above.max(HEAD.0.min(lines.len().div_ceil(HEAD.1)));
    let tail = below.min(lines.len() - TAIL.0.min(lines.len() / TAIL.1));
    let mut seen = HashSet::with_capacity(lines.len());
    let mut whole = 0;
    let mut counted = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let hash = hash(&line.text);
        whole = xxh3_64_with_seed(&hash.to_le_bytes(), whole);
        if seen.insert(hash) {
            let place = match index {
                0 => Spot::First,
                _ if index < head || index >= tail => Spot::Frame,
                _ => Spot::Middle,
            };
            counted.push(Counted { hash, form: form(&line.text), place });
        }
    }
    let has_paragraphs = lines.iter().any(is_running);
    let (heads, tails) = match &lines[..] {
        [line] if line.text.split_whitespace().nth(ONE_LINE_WORDS).is_some() => edges(&line.text),
        _ => (Vec::new(), Vec::new()),
    };
    DocumentLines { whole, lines: counted, has_paragraphs, heads, tails }
}

/// The beginnings and ends of a line, each up to the end of a sentence or to a sign that parts titles.
fn edges(text: &str) -> (Vec<Edge>, Vec<Edge>) {
    let ends = |before: &str| ends_sentence(before) || before.ends_with(['|', '»', '›']);
    let fits = |text: &str| text.split_whitespace().nth(*EDGE_WORDS.start() - 1).is_some();
    let edge = |text: &str, bytes: usize| Edge { hash: hash(text), bytes };
    let blanks = text.match_indices(' ').map(|(at, _)| at).take(*EDGE_WORDS.end());
    let heads = blanks.filter(|&at| ends(&text[..at]) && fits(&text[..at])).map(|at| edge(&text[..at], at)).collect();
    let blanks = text.rmatch_indices(' ').map(|(at, _)| at).take(*EDGE_WORDS.end());
    let tails = blanks.filter(|&at| ends(&text[..at]) && fits(&text[at + 1..]));
    (heads, tails.map(|at| edge(&text[at + 1..], text.len() - at - 1)).collect())
}

/// A line's hash, whatever its case; in lines of some length, numbers are all the same ("3 of 9", "© 2026").
fn hash(line: &str) -> u64 {
    let lower = line.to_lowercase();
    if !lower.bytes().any(|byte| byte.is_ascii_digit()) || count_words(&lower) <= NUMBERED_WORDS {
        return xxh3_64(lower.as_bytes());
    }
    let mut text = String::with_capacity(lower.len());
    for c in lower.chars() {
        match c.is_ascii_digit() {
            true if text.ends_with('0') => {}
            true => text.push('0'),
            false => text.push(c),
        }
    }
    xxh3_64(text.as_bytes())
}

fn form(line: &str) -> Form {
    const SIGNS: [&str; 4] = ["+++", "***", "###", "==="];
    let words = count_words(line);
    if SIGNS.iter().any(|sign| line.starts_with(sign) && line.ends_with(sign)) {
        return Form::SetOff;
    }
    if words > SPEECH_WORDS && line.ends_with(['?', '？', '؟']) {
        return Form::Question;
    }
    match (ends_sentence(line), is_spoken(line)) {
        (true, _) if words <= SPEECH_WORDS => Form::Speech,
        (_, true) if words <= 2 * SPEECH_WORDS => Form::Speech,
        (true, _) if words >= SENTENCE_WORDS => Form::Sentence,
        _ if words > NUMBERED_WORDS && line.contains(char::is_numeric) => Form::Counter,
        _ => Form::Label,
    }
}

/// How many documents of a site have a line.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    first: u32,
    frame: u32,
    middle: u32,
}

impl Count {
    fn all(self) -> u32 {
        self.first + self.frame + self.middle
    }
}

/// What many documents have in common, by site.
#[derive(Debug)]
pub struct Corpus {
    /// By the hash of site and line.
    lines: HashMap<u64, Count>,
    /// Documents by site.
    sites: HashMap<u64, u32>,
    documents: HashSet<u64>,
    max_lines: usize,
    max_documents: usize,
}

impl Default for Corpus {
    fn default() -> Self {
        Self::with_limits(MAX_LINES, MAX_DOCUMENTS)
    }
}

impl Corpus {
    fn with_limits(max_lines: usize, max_documents: usize) -> Self {
        Self { lines: HashMap::new(), sites: HashMap::new(), documents: HashSet::new(), max_lines, max_documents }
    }

    /// Counts a document of a site. One that has been counted already is not counted again.
    pub fn learn(&mut self, site: &str, document: &DocumentLines) {
        let site = xxh3_64(site.as_bytes());
        if self.documents.len() >= self.max_documents {
            self.documents.clear();
        }
        if !self.documents.insert(xxh3_64_with_seed(&document.whole.to_le_bytes(), site)) {
            return;
        }
        if self.sites.len() >= self.max_documents {
            self.sites.retain(|_, documents| *documents >= LEAST_DOCUMENTS);
        }
        *self.sites.entry(site).or_default() += 1;
        for line in &document.lines {
            let count = self.lines.entry(key(site, line.hash)).or_default();
            match line.place {
                Spot::First => count.first += 1,
                Spot::Frame => count.frame += 1,
                Spot::Middle => count.middle += 1,
            }
        }
        for edge in document.heads.iter().chain(&document.tails) {
            self.lines.entry(key(site, edge.hash)).or_default().frame += 1;
        }
        // The rarest lines go first. One that comes back begins anew, so it can only be taken for rarer than it is, and
        // is kept.
        let mut rare = 1;
        while self.lines.len() > self.max_lines {
            self.lines.retain(|_, count| count.all() > rare);
            rare += 1;
        }
    }

    /// The lines of a document that are its site's and not its own.
    ///
    /// Nothing is judged before 5 documents of the site, and no line that stands in fewer than 4 of them. Beyond that a
    /// line is the site's if it stands in
    ///
    /// * a tenth of the documents, mostly above their first or below their last paragraph, or among their first 6 or last 10
    ///   lines;
    /// * a fifth, anywhere, if it is a sentence of six words or more;
    /// * half, if it is mostly the first line (a title may recur: "Letters to the editor"), or a short sentence or
    ///   somebody's words ("Yes.") in the frame.
    ///
    /// Other labels between paragraphs are kept, however frequent: "Ingredients" is a heading of every recipe. So are
    /// questions that have answers of the document's own, and headings of a document without paragraphs that stand above
    /// lines of its own. Where documents are one line each, sentences at its start and end that half of them have are the
    /// site's.
    #[must_use]
    pub fn repeated(&self, site: &str, document: &DocumentLines) -> RepeatedLines {
        let site = xxh3_64(site.as_bytes());
        let documents = self.sites.get(&site).copied().unwrap_or(0);
        if documents < LEAST_DOCUMENTS {
            return RepeatedLines::default();
        }
        let is_frequent = |all: u32, share: u64| all >= LEAST_REPEATS && u64::from(all) * share >= u64::from(documents);
        let count = |hash: u64| self.lines.get(&key(site, hash)).copied().unwrap_or_default();
        let is_sites = |line: &Counted| {
            let count = count(line.hash);
            let all = count.all();
            let mostly = |part: u32| part * 2 > all;
            let needed = match line.form {
                Form::Speech if mostly(count.frame + count.first) => Some(2),
                Form::Speech => None,
                _ if mostly(count.first) => Some(2),
                _ if mostly(count.frame + count.first) => Some(10),
                Form::Sentence | Form::Question | Form::SetOff => Some(5),
                Form::Label | Form::Counter => None,
            };
            needed.is_some_and(|share| is_frequent(all, share))
        };
        let mut sites: Vec<bool> = document.lines.iter().map(is_sites).collect();
        document.take_back_own(&mut sites);
        let mut repeated = RepeatedLines {
            hashes: document
                .lines
                .iter()
                .zip(sites)
                .filter(|(_, is_sites)| *is_sites)
                .map(|(line, _)| line.hash)
                .collect(),
            ..RepeatedLines::default()
        };
        let longest = |edges: &[Edge]| edges.iter().rev().find(|edge| is_frequent(count(edge.hash).all(), 2)).copied();
        for (edge, bytes) in
            [(longest(&document.heads), &mut repeated.head), (longest(&document.tails), &mut repeated.tail)]
        {
            if let Some(edge) = edge {
                *bytes = edge.bytes;
                repeated.hashes.insert(edge.hash);
            }
        }
        repeated
    }
}

impl DocumentLines {
    /// Of the lines that the site's documents have in common, takes back those between which the document's own words stand.
    fn take_back_own(&self, sites: &mut [bool]) {
        let own_below =
            |sites: &[bool], index: usize| sites[index + 1..].iter().take_while(|is_sites| !**is_sites).count();
        let questions: Vec<usize> = (0..sites.len())
            .filter(|&index| sites[index] && self.lines[index].form == Form::Question && own_below(sites, index) > 0)
            .collect();
        if questions.len() >= QUESTIONS {
            for question in questions {
                sites[question] = false;
            }
        }
        if self.has_paragraphs {
            return;
        }
        let is_heading = |index: &usize| {
            sites[*index] && self.lines[*index].form == Form::Label && own_below(sites, *index) >= BELOW_HEADING
        };
        let headings: Vec<usize> = (1..sites.len()).filter(is_heading).collect();
        if headings.len() >= HEADINGS
            && let Some(last) = sites.iter().rposition(|is_sites| !is_sites)
        {
            sites[headings[0]..=last].fill(false);
        }
    }
}

fn key(site: u64, line: u64) -> u64 {
    xxh3_64_with_seed(&line.to_le_bytes(), site)
}

/// Lines of a document that are its site's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RepeatedLines {
    hashes: HashSet<u64>,
    /// Bytes at the start and the end of a text of one line that are the site's.
    head: usize,
    tail: usize,
}

impl RepeatedLines {
    pub(super) fn has(&self, line: &Line) -> bool {
        !self.hashes.is_empty() && self.hashes.contains(&hash(&line.text))
    }

    /// Parts a text of one line from what is the site's at its start and end.
    pub(super) fn part(&self, lines: Vec<Line>) -> Vec<Line> {
        let [line] = &lines[..] else { return lines };
        let (text, tail) = (line.text.as_str(), line.text.len().saturating_sub(self.tail));
        let (head, own, tail) = match (text.get(..self.head), text.get(self.head..tail), text.get(tail..)) {
            (Some(head), Some(own), Some(tail)) if self.head + self.tail > 0 => (head, own, tail),
            _ => return lines,
        };
        let piece = |text: &str| Line { text: text.trim().to_owned(), inlines: Vec::new(), ..line.clone() };
        [head, own, tail].into_iter().map(piece).filter(|line| !line.text.is_empty()).collect()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_bounded_and_what_repeats_stays() {
        let mut corpus = Corpus::with_limits(100, 50);
        let text = |number: u32| {
            format!("Title {number}\n\nParagraph of {number}\n\nThe paper is printed on the island every day.")
        };
        for number in 0..1000 {
            corpus.learn(&format!("rare site {}", number % 70), &document_lines(&text(number)));
            corpus.learn("site", &document_lines(&text(number)));
            assert!(corpus.lines.len() <= 100 && corpus.sites.len() <= 51 && corpus.documents.len() <= 50);
        }
        let lines = document_lines(&text(0));
        assert_eq!(corpus.repeated("site", &lines).hashes.len(), 1);
    }

    #[test]
    fn case_and_numbers_make_no_other_line() {
        let hash = |text: &str| hash(&logical_lines(text)[0].text);
        assert_eq!(hash("Copyright 2025 The Holm Courier"), hash("COPYRIGHT 2026 the Holm Courier"));
        assert_eq!(hash("Page 3 of all our 12 pages"), hash("page 14 of all our 9 pages"));
        assert_ne!(hash("Chapter 3"), hash("Chapter 4"));
    }
}
