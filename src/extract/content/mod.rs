//! Which blocks of a page are its body.
//!
//! Steps that know nothing of each other's insides: [`blocks`] walks the tree, [`measure`] counts, [`heuristic`] judges by
//! rules, [`features`] puts all of it into rows, and [`model`] says how likely each block is. What is done with the decision
//! (structure, rendering) lies outside.

mod blocks;
mod boxes;
mod byline_words;
mod bylines;
mod colophon;
mod colophon_words;
mod features;
mod furniture;
mod furniture_words;
mod heuristic;
mod label_words;
mod labels;
mod measure;
mod model;
mod paywall;
mod phrases;
mod report;
mod threshold;
mod words;
mod xray;

pub(super) use blocks::{
    begins_word, effective_tag, ends_in_word, has_own_line, is_block, is_hidden, is_invisible, is_skipped, is_verbatim,
    meets_other_link,
};
pub use report::{BlockReport, Decisive};

pub(super) use bylines::writers;
pub(super) use colophon::{COLOPHON_REACH, ClosingLine, is_credit};
pub(super) use furniture::FurnitureLine;
pub(super) use labels::{heads_other_stories, introduces_writer, names_beginning, page_label, points_elsewhere};
pub(super) use measure::{PageKind, PageWords, ends_sentence};
pub(super) use model::replace as replace_models;
pub(super) use paywall::{LONGEST_BEGINNING, NOTICE_WORDS, PITCH_WORDS, is_paywall_notice};
pub(super) use phrases::{PhraseTable, Recent};
pub(super) use words::{count_words, cues_of, each_word, is_pointer, is_unspaced};

use super::body::Kept;
use crate::markup::{Document, NodeId, Tag};
use crate::model::hashed::{HashedMap, HashedSet};
use blocks::Outline;
use boxes::Build;
use features::{COLUMNS, Features};
use heuristic::Rule;
use measure::Measures;
use model::Haste;
use std::collections::HashSet;
use std::ops::Range;
use words::Category;

/// Words from which a block that stands on the page twice is kept once: shorter ones recur rightly ("Yes.").
const REPEATED_TOKENS: f32 = 12.0;

/// Blocks built alike from which those that are long, or headings, are entries. A page has one or two biographies of its
/// writers.
const ENTRIES: f32 = 5.0;

/// The probability from which an entry is kept, if it is lower than the page's: they belong together.
const ENTRY: f32 = 0.3;

/// The same for whole sentences between headline and story that nothing labels: some are a standfirst, some an appeal.
const BARE_STANDFIRST: f32 = 0.35;

/// The same for a paragraph that begins as a correction does: elsewhere than below its story there is none.
const CORRECTION: f32 = 0.05;

/// What was decided for a page, block by block.
#[derive(Debug)]
pub(super) struct Decision {
    outline: Outline,
    measures: Measures,
    verdicts: Vec<Verdict>,
    /// Whether the story breaks off at a notice that the rest is for subscribers.
    shows_paywall: bool,
    /// Lines at the end of kept blocks that are no part of the story, in the outline's text, and their text nodes.
    closing_lines: Vec<Range<usize>>,
    cut: HashSet<NodeId>,
    /// Elements that hold a picture and its caption and say so by nothing but how they are built.
    captions: HashSet<NodeId>,
}

/// What was decided for a block.
#[derive(Debug, Clone, Copy)]
struct Verdict {
    kept: bool,
    /// How likely it is that the block is body, 0 to 1.
    probability: f32,
    reason: Reason,
}

impl Verdict {
    fn drop_for(&mut self, reason: Reason) {
        if self.kept {
            self.kept = false;
            self.reason = reason;
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Reason {
    Rule(Rule),
    /// The model, and what the heuristic had said.
    Model(Rule),
    Adopted,
    Alike,
    LonelyHeading,
    Excerpt,
    Furniture,
    Box(Build),
    Colophon,
    Paywall,
    Repeated,
    Everything,
}

/// How plainly a block is the page's headline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Headline {
    /// It says what the metadata says.
    Text,
    /// The same, but the body has begun before it.
    Part,
    /// It is a first-level heading, one of several.
    FirstLevel,
    /// It is the page's only first-level heading.
    OnlyFirstLevel,
}

/// Where a picture stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Surroundings {
    /// Among the body's blocks.
    Own,
    /// The same, but it is a link to another page.
    Linked,
    /// In a part that holds something else.
    Foreign,
}

/// Decides what of a page is its body.
pub(super) fn decide(document: &Document, page: &PageWords<'_>) -> Decision {
    let outline = blocks::outline(document);
    let measures = measure::measure(document, &outline, page);
    let heuristic = heuristic::decide(&outline, &measures);
    let mut features = Features::new(&outline, &measures, &heuristic);
    let mut probabilities = Vec::with_capacity(outline.blocks.len());
    for part in features.parts() {
        probabilities.extend(model::probabilities(page.kind, features.rows(part), Haste::Settled));
    }
    for (probability, rule) in probabilities.iter_mut().zip(&heuristic.verdicts) {
        if rule.is_final(page.kind) {
            *probability = 0.0;
        }
    }
    let tokens = measures.blocks.iter().map(|block| block.tokens);
    // Of a part that somebody chose, only what is surely none goes.
    let threshold =
        if page.is_chosen { threshold::LOWEST } else { threshold::best(probabilities.iter().copied().zip(tokens)) };
    let is_prose = is_prose(&measures, &probabilities, threshold);
    let is_article = page.kind == PageKind::Article;
    let verdicts = probabilities
        .into_iter()
        .zip(&heuristic.verdicts)
        .enumerate()
        .map(|(index, (probability, &rule))| {
            if rule.is_final(page.kind) {
                return Verdict { kept: false, probability, reason: Reason::Rule(rule) };
            }
            // A caption in a line of its own goes to its picture, which only lines that are kept do.
            let is_caption = rule == Rule::Credit && outline.blocks[index].media > 0;
            // Entries of a live blog stand in small parts that have the time and the writer's name for label.
            let is_entry = rule == Rule::SmallPart(Category::Byline)
                && features.alike(index) >= ENTRIES
                && (measures.blocks[index].is_long
                    || heuristic::is_subheading(heuristic::line_tag(&outline, outline.blocks[index].element)));
            // Code is body, however unlike prose it looks.
            let is_code =
                rule == Rule::InContainer && heuristic::line_tag(&outline, outline.blocks[index].element) == Tag::Pre;
            let is_outside = rule == Rule::Outside && is_article;
            let threshold = if is_outside && is_correction(&outline, &measures, index) {
                CORRECTION
            } else if is_caption || is_code {
                threshold::LOWEST
            } else if is_outside && heuristic::is_bare_standfirst(&outline, &measures, index) {
                threshold.min(BARE_STANDFIRST)
            } else if is_entry {
                threshold.min(ENTRY)
            } else {
                rule.threshold(page.kind, is_prose, threshold)
            };
            Verdict { kept: probability >= threshold, probability, reason: Reason::Model(rule) }
        })
        .collect();
    let mut decision = Decision::of(outline, measures, verdicts);
    decision.drop_hidden();
    decision.even_out(page.kind, is_prose);
    if is_article || is_prose {
        decision.adopt_own_parts();
    }
    decision.adopt(&heuristic);
    if is_article {
        decision.drop_excerpts();
    }
    if is_article || is_prose {
        // Running text below a headline is a story where nothing says that it is something else.
        let is_story = is_article || page.kind == PageKind::Unsaid && decision.measures.title_block.is_some();
        decision.drop_bylines();
        decision.drop_furniture(document, is_story.then_some(page));
        decision.drop_colophon(document, is_story.then_some(page.site));
        decision.drop_paywall();
    }
    if is_prose {
        decision.drop_lonely_headings();
    }
    decision.drop_repeated();
    decision
}

/// Whether a block says what was wrong in the story: it may stand below what holds the rest.
fn is_correction(outline: &Outline, measures: &Measures, index: usize) -> bool {
    let (block, measure) = (&outline.blocks[index], &measures.blocks[index]);
    measure.ends_sentence && block.links <= 1 && furniture::names_correction(measures.lower_of(index))
}

/// Whether what is likely to be kept is running text rather than cards, rows and short lines.
fn is_prose(measures: &Measures, probabilities: &[f32], threshold: f32) -> bool {
    /// Least share of the words that stands in blocks of running text. Of 0, 0.5 to 0.9 and a share that no page has, whole
    /// articles came out best with 0.7 and 0.8 in cross-validation, and other pages nearly as well as with the last.
    const LEAST_SHARE: f32 = 0.8;
    /// Words up to which a page is short, and how likely its blocks are that count: around a notice of three lines the
    /// cards of other stories may have as many words.
    const SHORT: f32 = 150.0;
    const SURE: f32 = 0.6;
    let share = |least: f32| {
        let (mut running, mut all) = (0.0, 0.0);
        for (block, _) in measures.blocks.iter().zip(probabilities).filter(|&(_, &probability)| probability >= least) {
            all += block.tokens;
            if block.is_long {
                running += block.tokens;
            }
        }
        (running / all, all)
    };
    let (running, words) = share(threshold);
    running >= LEAST_SHARE || words <= SHORT && share(SURE).0 >= LEAST_SHARE
}

/// A page as training sees it.
#[derive(Debug)]
pub struct BlockTable {
    /// The columns' names.
    pub columns: Vec<String>,
    /// Block after block, a value for every column.
    pub values: Vec<f32>,
    /// Every block's text.
    pub texts: Vec<String>,
    /// Every block's length in words.
    pub tokens: Vec<f32>,
    /// Whether the rules that come after the model drop the block whatever the model says.
    pub ruled_out: Vec<bool>,
}

/// The blocks of a page with their features, exactly as the model gets them.
pub(super) fn table(document: &Document, page: &PageWords<'_>) -> BlockTable {
    let outline = blocks::outline(document);
    let measures = measure::measure(document, &outline, page);
    let heuristic = heuristic::decide(&outline, &measures);
    let features = Features::new(&outline, &measures, &heuristic);
    BlockTable {
        columns: features.names(),
        values: (0..outline.blocks.len()).flat_map(|block| features.row(block).into_iter().take(COLUMNS)).collect(),
        texts: outline.blocks.iter().map(|block| outline.text_of(block).to_owned()).collect(),
        tokens: measures.blocks.iter().map(|block| block.tokens).collect(),
        ruled_out: heuristic.verdicts.iter().map(|rule| rule.is_final(page.kind)).collect(),
    }
}

/// Keeps every block: for a page that another engine has already cut down to its body.
pub(super) fn keep_all(document: &Document) -> Decision {
    let outline = blocks::outline(document);
    let measures = measure::measure(document, &outline, &PageWords::default());
    let verdict = Verdict { kept: true, probability: 1.0, reason: Reason::Everything };
    let verdicts = vec![verdict; outline.blocks.len()];
    Decision::of(outline, measures, verdicts)
}

impl Decision {
    fn of(outline: Outline, measures: Measures, verdicts: Vec<Verdict>) -> Self {
        Self {
            outline,
            measures,
            verdicts,
            shows_paywall: false,
            closing_lines: Vec::new(),
            cut: HashSet::new(),
            captions: HashSet::new(),
        }
    }

    /// Short pieces that stand or fall with what is around them.
    fn adopt(&mut self, heuristic: &heuristic::Heuristic) {
        let kept: Vec<bool> = self.verdicts.iter().map(|verdict| verdict.kept).collect();
        let may = |block: usize| heuristic.verdicts[block].is_adoptable() || heuristic.keeps(block);
        for block in heuristic::adopted(&self.outline, &self.measures, &kept, may) {
            let verdict = &mut self.verdicts[block];
            *verdict = Verdict { kept: true, probability: verdict.probability, reason: Reason::Adopted };
        }
    }

    /// Blocks that are built alike stand or fall together, where most of them do: one card of a list, one heading of a manual;
    /// among running text one card of other stories.
    fn even_out(&mut self, kind: PageKind, is_prose: bool) {
        /// How many are a pattern, and the share of them that is most: in an article the paragraphs of a promotion may be
        /// built as the story's are. Of .3 to .75 either made whole texts no better in cross-validation.
        const PATTERN: u32 = 3;
        /// The share that is few, and how likely a block is body that stands alone for all that.
        const FEW: f64 = 0.3;
        const LIKELY: f32 = 0.6;
        let most = if kind == PageKind::Article { 0.7 } else { 0.5 };
        let mut groups: HashedMap<[u32; 2]> = HashedMap::default();
        for (verdict, measure) in self.verdicts.iter().zip(&self.measures.blocks) {
            let [all, kept] = groups.entry(measure.shape).or_default();
            *all += 1;
            *kept += u32::from(verdict.kept);
        }
        for (verdict, measure) in self.verdicts.iter_mut().zip(&self.measures.blocks) {
            let [all, kept] = groups[&measure.shape];
            let Reason::Model(rule) = verdict.reason else { continue };
            if all < PATTERN {
                continue;
            }
            let share = f64::from(kept) / f64::from(all);
            let may_stand = verdict.probability >= threshold::LOWEST && !rule.is_invitation();
            let may_fall = is_prose && verdict.probability < LIKELY;
            if share >= most && may_stand && !verdict.kept {
                *verdict = Verdict { kept: true, probability: verdict.probability, reason: Reason::Alike };
            } else if share <= FEW && may_fall {
                verdict.drop_for(Reason::Alike);
            }
        }
    }

    /// Hidden blocks of a page whose body is mostly shown: notes, other states of a control. Where most of the body is
    /// hidden, a script was to show it.
    fn drop_hidden(&mut self) {
        const MINORITY: f32 = 0.3;
        self.drop_hidden_copies();
        let hidden = |index: usize| self.outline.elements[self.outline.blocks[index].element as usize].hidden;
        let kept = |index: &usize| self.verdicts[*index].kept;
        let tokens = |index: usize| self.measures.blocks[index].tokens;
        let all: f32 = (0..self.verdicts.len()).filter(kept).map(tokens).sum();
        let unseen: f32 = (0..self.verdicts.len()).filter(kept).filter(|&index| hidden(index)).map(tokens).sum();
        if unseen < MINORITY * all {
            let drop: Vec<usize> = (0..self.verdicts.len()).filter(kept).filter(|&index| hidden(index)).collect();
            for index in drop {
                self.verdicts[index].drop_for(Reason::Rule(Rule::Hidden));
            }
        }
    }

    /// The first lines of other stories below an article: blocks built alike, each in a card of its own with a link to the
    /// rest, most of which break off.
    fn drop_excerpts(&mut self) {
        const SEVERAL: f32 = 3.0;
        const MOST: f32 = 0.8;
        let text = |index: usize| self.outline.text_of(&self.outline.blocks[index]).trim_end_matches([']', ')', ' ']);
        let breaks_off = |index: usize| text(index).ends_with('…') || text(index).ends_with("...");
        let measure = |index: usize| &self.measures.blocks[index];
        let long = || (0..self.verdicts.len()).filter(|&index| self.verdicts[index].kept && measure(index).is_long);
        if long().filter(|&index| breaks_off(index)).nth(SEVERAL as usize - 1).is_none() {
            return;
        }
        let mut groups: HashedMap<[f32; 2]> = HashedMap::default();
        for index in long().filter(|&index| self.is_card(index)) {
            let [all, cut] = groups.entry(measure(index).shape).or_default();
            *all += 1.0;
            *cut += f32::from(u8::from(breaks_off(index)));
        }
        let are_excerpts = |index: usize| {
            groups.get(&measure(index).shape).is_some_and(|[all, cut]| *cut >= SEVERAL && *cut >= MOST * all)
        };
        let excerpts: Vec<usize> =
            long().filter(|&index| are_excerpts(index) && breaks_off(index) && self.is_card(index)).collect();
        // Where they are all that there is, they are the page.
        if excerpts.len() == long().count() {
            return;
        }
        for excerpt in excerpts {
            self.verdicts[excerpt].drop_for(Reason::Excerpt);
        }
    }

    /// Whether a block is the only long one of a part that has a link. A paragraph with a link is no part.
    fn is_card(&self, block: usize) -> bool {
        const REACH: usize = 3;
        let tokens = self.measures.blocks[block].tokens;
        let above = self.ancestors(self.outline.blocks[block].element);
        above.take(REACH).filter(|&element| self.outline.elements[element as usize].tag != Tag::P).any(|element| {
            let sums = &self.measures.sums[element as usize];
            sums.link_chars > 0.0 && sums.long_tokens <= tokens
        })
    }

    /// Hidden blocks that say again what is shown: the text for a reading aid or for a search engine.
    fn drop_hidden_copies(&mut self) {
        const SAID: f32 = 0.8;
        let hidden = |index: usize| self.outline.elements[self.outline.blocks[index].element as usize].hidden;
        let kept = || self.verdicts.iter().enumerate().filter(|(_, verdict)| verdict.kept).map(|(index, _)| index);
        if !kept().any(hidden) {
            return;
        }
        let grams = |index: usize| measure::grams(&self.measures.words[self.measures.blocks[index].words.clone()], 3);
        let shown: HashedSet = kept().filter(|&index| !hidden(index)).flat_map(grams).collect();
        let said = |&index: &usize| {
            let (all, said) = grams(index).fold((0.0, 0.0_f32), |(all, said), gram| {
                (all + 1.0, said + f32::from(u8::from(shown.contains(&gram))))
            });
            said >= SAID * all
        };
        let copies: Vec<usize> = kept().filter(|&index| hidden(index)).filter(said).collect();
        for copy in copies {
            self.verdicts[copy].probability = 0.0;
            self.verdicts[copy].drop_for(Reason::Repeated);
        }
    }

    /// Headings of running text with nothing kept below them, but for those that the model is sure of.
    fn drop_lonely_headings(&mut self) {
        const SURE: f32 = 0.9;
        for block in heuristic::lonely_headings(&self.outline, &self.measures, |block| self.verdicts[block].kept) {
            let verdict = &mut self.verdicts[block];
            if verdict.probability < SURE {
                verdict.drop_for(Reason::LonelyHeading);
            }
        }
    }

    /// Copies for another screen size, and pull quotes that repeat a paragraph whole.
    fn drop_repeated(&mut self) {
        let mut seen = HashedSet::default();
        for (index, (verdict, measure)) in self.verdicts.iter_mut().zip(&self.measures.blocks).enumerate() {
            let place = self.measures.place(self.outline.blocks[index].element);
            // Short pieces that a class shows on some screens only.
            let for_some_screens = place.categories[Category::Hidden as usize] <= 3;
            if verdict.kept && (measure.tokens >= REPEATED_TOKENS || (measure.duplicates > 1 && for_some_screens)) {
                let words = &self.measures.words[measure.words.clone()];
                let hash = measure::grams(words, words.len()).next().unwrap_or(0);
                if !seen.insert(hash) {
                    verdict.probability = 0.0;
                    verdict.drop_for(Reason::Repeated);
                }
            }
        }
    }

    /// Whether the story breaks off at a notice that the rest is for those who subscribe, sign in or pay.
    pub(super) fn shows_paywall(&self) -> bool {
        self.shows_paywall
    }

    /// The text nodes of the kept blocks.
    pub(super) fn kept(&self, document: &Document) -> Kept {
        let mut kept = Kept::none(document);
        for &(node, block) in &self.outline.pieces {
            if self.verdicts[block as usize].kept && !self.cut.contains(&node) {
                kept.keep(document, node);
            }
        }
        kept
    }

    /// The F-value that the body is expected to have, by the blocks' probabilities: 0 to 1.
    pub(super) fn expected_f1(&self) -> f32 {
        let (mut kept, mut right, mut wanted) = (0.0, 0.0, 0.0);
        for (verdict, measure) in self.verdicts.iter().zip(&self.measures.blocks) {
            let likely = verdict.probability * measure.tokens;
            wanted += likely;
            if verdict.kept {
                kept += measure.tokens;
                right += likely;
            }
        }
        if kept > 0.0 { 2.0 * right / (kept + wanted) } else { 0.0 }
    }

    /// Words in the kept blocks.
    pub(super) fn kept_tokens(&self) -> f32 {
        self.verdicts.iter().zip(&self.measures.blocks).filter(|(verdict, _)| verdict.kept).map(|(_, m)| m.tokens).sum()
    }

    /// Share of the kept words that is running text, and how many paragraphs that are.
    pub(super) fn running_share(&self) -> (f32, usize) {
        let kept = self.verdicts.iter().zip(&self.measures.blocks).filter(|(verdict, _)| verdict.kept);
        let (mut long, mut all, mut count) = (0.0, 0.0, 0);
        for (_, measure) in kept {
            all += measure.tokens;
            if measure.is_long {
                long += measure.tokens;
                count += 1;
            }
        }
        (if all > 0.0 { long / all } else { 0.0 }, count)
    }

    /// Share of the page's words that are links.
    pub(super) fn link_share(&self) -> f32 {
        self.measures.sums.first().map_or(0.0, measure::Sums::link_density)
    }

    /// The page's headline as it shows it, and how plainly it is one.
    pub(super) fn headline(&self) -> Option<(&str, Headline)> {
        let is_first_level =
            |block: usize| heuristic::line_tag(&self.outline, self.outline.blocks[block].element) == Tag::H1;
        let title = self.measures.title_block?;
        let headline = if !is_first_level(title) {
            let has_begun = (0..title).any(|index| self.verdicts[index].kept && self.measures.blocks[index].is_long);
            if has_begun { Headline::Part } else { Headline::Text }
        } else if (0..self.outline.blocks.len()).filter(|&block| is_first_level(block)).nth(1).is_none() {
            Headline::OnlyFirstLevel
        } else {
            Headline::FirstLevel
        };
        Some((self.outline.text_of(&self.outline.blocks[title]), headline))
    }

    /// The section's name that many pages show just above the headline.
    pub(super) fn kicker(&self) -> Option<&str> {
        let title = self.measures.title_block?;
        let above = title.checked_sub(1)?;
        let (block, measure) = (&self.outline.blocks[above], &self.measures.blocks[above]);
        let text = self.outline.text_of(block);
        // In one line with the headline, not in a menu or a byline above it.
        let (one, other) = (block.element, self.outline.blocks[title].element);
        let common = self.outline.elements[self.common(one, other) as usize].depth;
        let close = [one, other].iter().all(|&element| self.outline.elements[element as usize].depth <= common + 2);
        let place = self.measures.place(one);
        let is_frame =
            place.landmarks[heuristic::landmark(Tag::Nav)] < 10 || place.landmarks[heuristic::landmark(Tag::Li)] < 10;
        let words_only = text.chars().all(|c| c.is_alphabetic() || c.is_whitespace() || "&-’'".contains(c));
        let short = measure.tokens <= 3.0 || (text.chars().count() <= 8);
        (close && !is_frame && words_only && short && measure.cues & words::cue::BYLINE == 0).then_some(text)
    }

    /// The standfirst: a block labelled as one, between the headline and the elements that hold the body.
    pub(super) fn standfirst(&self) -> Option<&str> {
        /// Blocks behind the headline in which it can stand.
        const REACH: usize = 8;
        let title = self.measures.title_block?;
        (title + 1..self.outline.blocks.len().min(title + REACH)).find_map(|index| {
            let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
            let place = self.measures.place(block.element);
            let is_bare = index <= title + 3 && heuristic::is_sentence_heading(&self.outline, measure, block.element);
            let is_labelled = place.categories[Category::Lead as usize] <= 2;
            if !(is_labelled || is_bare) || measure.tokens < 5.0 || measure.link_density > 0.3 {
                return None;
            }
            if is_bare {
                return Some(self.outline.text_of(block));
            }
            let body = (index + 1..self.outline.blocks.len())
                .filter(|&later| self.verdicts[later].kept && self.measures.blocks[later].is_long)
                .map(|later| self.outline.blocks[later].element)
                .reduce(|one, other| self.common(one, other))?;
            let body = match self.outline.elements[body as usize].tag {
                Tag::P => self.outline.elements[body as usize].parent,
                _ => body,
            };
            (self.common(block.element, body) != body).then(|| self.outline.text_of(block))
        })
    }

    /// The lines below the story that say who made it, and pictures' credits.
    pub(super) fn colophon(&self) -> impl Iterator<Item = &str> {
        /// How far below the story's last line one can be that the heuristic already told for a byline.
        const REACH: usize = 3;
        let kept = |verdict: &Verdict| verdict.kept;
        let first = self.verdicts.iter().position(kept).unwrap_or(self.verdicts.len());
        let end = self.verdicts.iter().rposition(kept).map_or(0, |last| last + 1 + REACH);
        let blocks = self.outline.blocks.iter().zip(&self.verdicts).take(end).skip(first);
        let own = blocks.filter(|(_, verdict)| {
            let is_byline = matches!(verdict.reason, Reason::Rule(Rule::Byline) | Reason::Model(Rule::Byline));
            matches!(verdict.reason, Reason::Colophon) || is_byline && !verdict.kept
        });
        let lines = self.closing_lines.iter().map(|line| &self.outline.text[line.clone()]);
        own.map(|(block, _)| self.outline.text_of(block)).chain(lines)
    }

    /// Every block up to the first kept one that follows the headline closely, with its labels: where bylines stand. Without a
    /// headline those above the story.
    pub(super) fn blocks_near_headline(&self, reach: usize) -> impl Iterator<Item = (&str, bool)> + '_ {
        let above_story = || {
            let first = self.verdicts.iter().position(|verdict| verdict.kept).unwrap_or_default();
            first.saturating_sub(reach - 1)
        };
        let from = self.measures.title_block.map_or_else(above_story, |title| title.saturating_sub(4));
        self.outline.blocks.iter().enumerate().skip(from).take(reach).map(|(index, block)| {
            let place = self.measures.place(block.element);
            let is_byline = place.categories[Category::Byline as usize] <= 2;
            (self.outline.text_of(block), is_byline && !self.verdicts[index].kept)
        })
    }

    /// The lines between the headline and the body's first paragraph, the first `reach` of them, with what each is in.
    pub(super) fn lines_below_headline(&self, reach: usize) -> impl Iterator<Item = (&str, NodeId)> + '_ {
        let from = self.measures.title_block.map_or(self.outline.blocks.len(), |title| title + 1);
        let standfirst = self.standfirst();
        let is_paragraph = move |index: usize| {
            let text = self.outline.text_of(&self.outline.blocks[index]);
            self.verdicts[index].kept && self.measures.blocks[index].is_long && standfirst != Some(text)
        };
        let blocks = self.outline.blocks.iter().enumerate().skip(from).take(reach);
        let lines = blocks.take_while(move |(index, _)| !is_paragraph(*index));
        lines.map(|(_, block)| (self.outline.text_of(block), self.outline.elements[block.element as usize].node))
    }

    /// Short lines at the end of the story and just below it, kept or not.
    pub(super) fn lines_at_end(&self) -> impl Iterator<Item = &str> {
        /// Blocks before the end and behind it, and their words.
        const BEFORE: usize = 2;
        const BEHIND: usize = 3;
        const WORDS: f32 = 12.0;
        let end = self.verdicts.iter().rposition(|verdict| verdict.kept).map_or(0, |last| last + 1);
        let range = end.saturating_sub(BEFORE)..self.verdicts.len().min(end + BEHIND);
        let short = range.filter(|&index| self.measures.blocks[index].tokens <= WORDS);
        short.map(|index| self.outline.text_of(&self.outline.blocks[index]))
    }

    /// Whom the first box below the story is about, and what the name is in.
    pub(super) fn person_below(&self) -> Option<(&str, NodeId)> {
        /// How far below the story's last block the box's text can be.
        const REACH: usize = 6;
        let end = self.verdicts.iter().rposition(|verdict| verdict.kept)? + 1;
        let lead = (0..end).find(|&index| self.verdicts[index].kept && self.measures.blocks[index].is_long)?;
        let shapes = self.shapes_of_paragraphs(lead);
        let block = (end..self.verdicts.len().min(end + REACH)).find_map(|index| self.name_in_box(index, &shapes))?;
        let block = &self.outline.blocks[block];
        let (name, _) = colophon::name_and_role(self.outline.text_of(block), block);
        Some((name, self.outline.elements[block.element as usize].node))
    }

    /// Whom the paragraphs below the story say to be of the press, without those of its comments.
    pub(super) fn writers_told_of(&self) -> impl Iterator<Item = String> {
        /// Blocks behind the story's last one that are looked at, and words of a biography.
        const REACH: usize = 12;
        const WORDS: f32 = 120.0;
        let kept = |verdict: &Verdict| verdict.kept;
        let first = self.verdicts.iter().position(kept).unwrap_or(self.verdicts.len());
        let end = self.verdicts.iter().rposition(kept).map_or(0, |last| last + 1);
        let range = first..self.verdicts.len().min(end + REACH);
        let told = range.filter(|&index| {
            let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
            !self.verdicts[index].kept
                && measure.tokens <= WORDS
                && measure.ends_sentence
                && self.measures.place(block.element).categories[Category::Comment as usize] > 10
        });
        told.filter_map(|index| furniture::writer_told_of(self.outline.text_of(&self.outline.blocks[index])))
    }

    /// The first words of the body's first blocks, where they begin with a digit: a dateline before the text.
    pub(super) fn datelines(&self) -> impl Iterator<Item = &str> {
        /// Blocks in which a dateline can stand, and how long it can be in bytes.
        const REACH: usize = 4;
        const LENGTH: usize = 28;
        self.outline
            .blocks
            .iter()
            .zip(&self.verdicts)
            .filter(|(_, verdict)| verdict.kept)
            .take(REACH)
            .map(|(block, _)| self.outline.text_of(block))
            .filter(|text| text.starts_with(char::is_numeric))
            .map(|text| &text[..text.floor_char_boundary(LENGTH)])
    }

    /// Whether an element stands in none of the given parts of the page and in no part labelled as its frame, its comments or
    /// a list of other stories.
    fn is_in_page<'a>(&'a self, apart: &'a [Tag]) -> impl Fn(u32) -> bool + 'a {
        let top_depth = self.body_top().map_or(0, |top| self.outline.elements[top as usize].depth);
        move |element: u32| {
            let place = self.measures.place(element);
            // A label on what holds the whole body says nothing of a line in it.
            let reach = self.outline.elements[element as usize].depth.saturating_sub(top_depth).min(9);
            apart.iter().all(|&tag| place.landmarks[heuristic::landmark(tag)] > 10)
                && [Category::Comment, Category::Footer, Category::Related]
                    .into_iter()
                    .all(|category| u16::from(place.categories[category as usize]) >= reach)
        }
    }

    /// Short lines of the page outside its body, its frame and its comments, in runs of those that follow one another.
    pub(super) fn lines_beside(&self) -> Vec<Vec<&str>> {
        const MOST_TOKENS: f32 = 8.0;
        let in_page = self.is_in_page(&[Tag::Footer, Tag::Nav]);
        let is_one = |index: usize| {
            let element = self.outline.blocks[index].element;
            !self.verdicts[index].kept
                && self.measures.blocks[index].tokens <= MOST_TOKENS
                && in_page(element)
                && self.measures.place(element).categories[Category::Navigation as usize] > 10
        };
        let mut runs = Vec::new();
        let mut run = Vec::new();
        for (index, block) in self.outline.blocks.iter().enumerate() {
            if is_one(index) {
                run.push(self.outline.text_of(block));
            } else if !run.is_empty() {
                runs.push(std::mem::take(&mut run));
            }
        }
        runs.push(run);
        runs
    }

    /// Short blocks of the page with digits in them, its frame and its comments left out: where a date may stand that
    /// nothing labels.
    pub(super) fn short_blocks_with_digits(&self) -> impl Iterator<Item = &str> {
        const MOST_TOKENS: f32 = 10.0;
        let in_page = self.is_in_page(&[Tag::Footer, Tag::Aside, Tag::Nav]);
        self.outline
            .blocks
            .iter()
            .zip(&self.measures.blocks)
            .filter(move |(block, measure)| measure.tokens <= MOST_TOKENS && in_page(block.element))
            .map(|(block, _)| self.outline.text_of(block))
            .filter(|text| text.chars().filter(|c| c.is_numeric()).count() >= 3)
    }

    /// Whether an element holds a picture and its caption, and nothing in it says so but how it is built.
    pub(super) fn is_caption_box(&self, node: NodeId) -> bool {
        self.captions.contains(&node)
    }

    /// The pictures from the headline to the last kept block, within what holds all of these.
    pub(super) fn pictures(&self, document: &Document) -> Vec<(NodeId, Surroundings)> {
        let kept = || (0..self.verdicts.len()).filter(|&block| self.verdicts[block].kept);
        let (Some(first), Some(last)) = (kept().next(), kept().next_back()) else { return Vec::new() };
        let first = self.measures.title_block.filter(|&title| title < first).unwrap_or(first);
        let top = self.body_top().map_or(0, |body| self.common(body, self.outline.blocks[first].element));
        let Some(end) =
            self.outline.pieces.iter().rev().find(|&&(_, block)| block as usize == last).map(|&(node, _)| node)
        else {
            return Vec::new();
        };
        let start = self.outline.pieces.iter().find(|&&(_, block)| block as usize == first).map(|&(node, _)| node);
        let top_node = self.outline.elements[top as usize].node;
        // Without a headline inside it the container's own start is where the pictures begin.
        let mut started = start.is_none() || self.measures.title_block.is_none();
        let mut found = Vec::new();
        for node in document.descendants(top_node) {
            started |= Some(node) == start;
            if node == end {
                break;
            }
            if started && matches!(document.tag(node), Some(Tag::Img | Tag::AmpImg)) {
                found.push((node, Self::surroundings(document, node, top_node)));
            }
        }
        found
    }

    fn surroundings(document: &Document, picture: NodeId, top: NodeId) -> Surroundings {
        const FOREIGN: u32 = Category::Related.bit()
            | Category::Advertising.bit()
            | Category::Share.bit()
            | Category::Navigation.bit()
            | Category::Newsletter.bit()
            | Category::Comment.bit()
            | Category::Biography.bit()
            | Category::Byline.bit();
        let mut linked = false;
        let mut at = document.parent(picture);
        while let Some(above) = at.filter(|&above| above != top) {
            let foreign_tag =
                matches!(document.tag(above), Some(Tag::Aside | Tag::Nav | Tag::Footer | Tag::Form | Tag::Button));
            let labels = [document.attribute(above, "class"), document.attribute(above, "id")];
            // A figure says of itself what it is; words in its class name a layout ("figure-related-width").
            let labelled = document.tag(above) != Some(Tag::Figure)
                && labels.into_iter().flatten().any(|label| words::categories_of(&label.to_lowercase()) & FOREIGN != 0);
            if foreign_tag || labelled {
                return Surroundings::Foreign;
            }
            if document.tag(above) == Some(Tag::A)
                && let Some(href) = document.attribute(above, "href")
            {
                let path = href.split(['?', '#']).next().unwrap_or(href).to_ascii_lowercase();
                let is_picture =
                    [".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif"].iter().any(|end| path.ends_with(end));
                linked |= !is_picture && !href.starts_with('#');
            }
            at = document.parent(above);
        }
        if linked { Surroundings::Linked } else { Surroundings::Own }
    }

    /// The element that holds every block of the body, as deep as there is one.
    fn body_top(&self) -> Option<u32> {
        let kept = self.outline.blocks.iter().zip(&self.verdicts).filter(|(_, verdict)| verdict.kept);
        kept.map(|(block, _)| block.element).reduce(|one, other| self.common(one, other))
    }

    /// The node of the element that holds every block of the body.
    pub(super) fn body_node(&self) -> Option<NodeId> {
        self.body_top().map(|top| self.outline.elements[top as usize].node)
    }

    /// An element and those around it, from the inside.
    fn ancestors(&self, element: u32) -> impl Iterator<Item = u32> {
        std::iter::successors(Some(element), |&element| {
            Some(self.outline.elements[element as usize].parent).filter(|&parent| parent != blocks::NO_ELEMENT)
        })
    }

    fn common(&self, mut one: u32, mut other: u32) -> u32 {
        while one != other {
            let (a, b) = (&self.outline.elements[one as usize], &self.outline.elements[other as usize]);
            if a.depth >= b.depth {
                one = a.parent;
            } else {
                other = b.parent;
            }
        }
        one
    }
}
