//! Which blocks of a page are its body.
//!
//! Steps that know nothing of each other's insides: [`blocks`] walks the tree, [`measure`] counts, [`heuristic`] judges by
//! rules, [`features`] puts all of it into rows, and [`model`] says how likely each block is. What is done with the decision
//! (structure, rendering) lies outside.

mod answers;
mod apart;
mod apart_words;
mod blocks;
mod boxes;
mod byline_words;
mod bylines;
mod colophon;
mod colophon_words;
mod drawn;
mod features;
mod furniture;
mod furniture_words;
mod heuristic;
mod label_words;
mod labels;
mod measure;
mod model;
mod neighbours;
mod others;
mod own_parts;
mod paywall;
mod phrases;
mod pitch_words;
mod report;
mod thread_words;
mod threshold;
mod words;
mod xray;

pub(super) use answers::{Headline, Surroundings};
pub(super) use blocks::{
    begins_word, effective_tag, ends_in_word, has_label, has_own_line, is_block, is_custom, is_formatting, is_hidden,
    is_invisible, is_skipped, is_verbatim, joins_lines, may_join_lines, meets_other_link,
};
pub use report::{BlockReport, Decisive};

pub(super) use bylines::{sources, writers};
pub(super) use colophon::{COLOPHON_REACH, ClosingLine, is_credit};
pub(super) use drawn::ends_drawn_line;
pub(super) use furniture::{FurnitureLine, writer_told_of};
pub(super) use furniture_words::REPLIES;
pub(super) use labels::{
    Label, heads_other_stories, introduces_writer, key as label_key, names_beginning, page_label, points_elsewhere,
};
pub(super) use measure::{PageKind, PageWords, Thing, ends_sentence};
pub(super) use model::replace as replace_models;
pub(super) use paywall::{LONGEST_BEGINNING, NOTICE_WORDS, PITCH_WORDS, is_paywall_notice};
pub(super) use phrases::{PhraseTable, Recent};
pub(super) use pitch_words::pitches;
pub(super) use words::{count_words, cues_of, each_word, is_pointer, is_screen_reader_only, is_unspaced};

use super::body::Kept;
use crate::markup::{Document, NodeId, Tag};
use apart::Sign;
use blocks::Outline;
use boxes::Build;
use features::{COLUMNS, Features};
use heuristic::Rule;
use measure::Measures;
use model::Haste;
use std::collections::HashSet;
use std::ops::Range;
use words::Category;

/// Blocks built alike from which those that are long are entries, and those that are headings. A page has one or two
/// biographies of its writers.
const ENTRIES: f32 = 5.0;
const ENTRY_HEADINGS: f32 = 3.0;

/// The probability from which an entry is kept, if it is lower than the page's: they belong together.
const ENTRY: f32 = 0.3;

/// The same for whole sentences between headline and story that nothing labels: some are a standfirst, some an appeal.
const BARE_STANDFIRST: f32 = 0.04;

/// The same for a paragraph that begins as a correction does: elsewhere than below its story there is none.
const CORRECTION: f32 = 0.05;

/// The same for what a thread labels as comments, outside of the part that the heuristic took for the story, and how far
/// above the block the label is.
const POST: f32 = 0.1;
const POST_REACH: u8 = 6;

/// Share of the likely words under which what labels leave is no body: they are on a part that holds all of it.
const LABELLED_ALL: f32 = 0.7;

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
    Within,
    Alike,
    LonelyHeading,
    Excerpt,
    AboveHeadline,
    Furniture,
    Box(Build),
    Apart(Sign),
    Colophon,
    Control,
    Paywall,
    Repeated,
    Everything,
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
    // In a thread what is labelled as comments is what there is to read.
    let is_post = |index: usize, rule: Rule| {
        let block = &outline.blocks[index];
        rule == Rule::Outside
            && page.thing == Some(Thing::Thread)
            && measures.blocks[index].is_long
            && measures.place(block.element).categories[Category::Comment as usize] <= POST_REACH
    };
    let judge = |labels_hold: bool| -> Vec<Verdict> {
        let judged = probabilities.iter().zip(&heuristic.verdicts).enumerate();
        judged
            .map(|(index, (&probability, &rule))| {
                if rule.is_final(page.kind) {
                    return Verdict { kept: false, probability, reason: Reason::Rule(rule) };
                }
                // A caption in a line of its own goes to its picture, which only lines that are kept do.
                let is_caption = rule == Rule::Credit && outline.blocks[index].media > 0;
                // Entries of a live blog stand in small parts that have the time and the writer's name for label.
                let is_subheading =
                    || heuristic::is_subheading(heuristic::line_tag(&outline, outline.blocks[index].element));
                let is_entry = rule == Rule::SmallPart(Category::Byline)
                    && (measures.blocks[index].is_long && features.alike(index) >= ENTRIES
                        || is_subheading() && features.alike(index) >= ENTRY_HEADINGS);
                // Code is body, however unlike prose it looks.
                let is_code = matches!(rule, Rule::InContainer | Rule::Promo | Rule::AfterEnd)
                    && heuristic::line_tag(&outline, outline.blocks[index].element) == Tag::Pre;
                let is_outside = rule == Rule::Outside && is_article;
                let may_be_standfirst = is_article
                    && matches!(
                        rule,
                        Rule::Outside | Rule::Standfirst | Rule::LonelyHeading | Rule::SmallPart(Category::Related)
                    );
                let may_be_correction = is_outside || is_article && rule == Rule::Labelled(Category::Footer);
                let threshold = if may_be_correction && is_correction(&outline, &measures, index) {
                    CORRECTION
                } else if is_caption || is_code {
                    threshold::LOWEST
                } else if may_be_standfirst && heuristic::is_plain_standfirst(&outline, &measures, index) {
                    // Most annotators leave out what stands apart so, the body policy does not.
                    0.0
                } else if is_outside && heuristic::is_bare_standfirst(&outline, &measures, index) {
                    threshold.min(BARE_STANDFIRST)
                } else if is_entry {
                    threshold.min(ENTRY)
                } else if is_post(index, rule) {
                    threshold.min(POST)
                } else if !labels_hold && rule.is_label() {
                    threshold
                } else {
                    rule.threshold(page.kind, is_prose, threshold)
                };
                Verdict { kept: probability >= threshold, probability, reason: Reason::Model(rule) }
            })
            .collect()
    };
    let mut verdicts = judge(true);
    let words_where = |wanted: &dyn Fn(usize) -> bool| -> f32 {
        measures.blocks.iter().enumerate().filter(|&(index, _)| wanted(index)).map(|(_, block)| block.tokens).sum()
    };
    let likely = words_where(&|index| probabilities[index] >= threshold);
    if words_where(&|index| verdicts[index].kept) < LABELLED_ALL * likely {
        verdicts = judge(false);
    }
    let mut decision = Decision::of(outline, measures, verdicts);
    decision.apply_rules(document, page, &heuristic, is_prose);
    decision
}

impl Decision {
    /// The rules after the model, in their order.
    fn apply_rules(
        &mut self,
        document: &Document,
        page: &PageWords<'_>,
        heuristic: &heuristic::Heuristic,
        is_prose: bool,
    ) {
        let is_article = page.kind == PageKind::Article;
        self.drop_hidden(document);
        // Running text below a headline is a story where nothing says that it is something else.
        let is_unsaid = page.kind == PageKind::Unsaid && self.measures.title_block.is_some();
        let is_told = is_article || is_unsaid && self.tells_a_story();
        self.even_out(is_told, is_prose);
        if is_told || is_prose {
            self.keep_own_parts(is_told);
        }
        if is_told {
            self.keep_entry_headings();
        }
        self.keep_heads_of_panels();
        self.adopt(heuristic);
        if is_told {
            self.drop_excerpts();
            self.drop_above_headline();
        }
        if is_told || is_prose {
            // What is told as an article is has its furniture.
            let kind = if is_told { PageKind::Article } else { page.kind };
            self.drop_around_text(document, &PageWords { kind, ..page.clone() }, is_told || is_unsaid);
        }
        if page.kind != PageKind::Article && !is_told {
            self.drop_controls();
        }
        if let Some(thing) = page.thing {
            self.drop_from_others(document, thing);
        }
        if is_told || is_prose {
            self.drop_last_links();
        }
        if is_prose {
            self.drop_lonely_headings();
        }
        if is_told {
            self.drop_pull_quotes();
        }
        self.drop_repeated();
        self.keep_captions();
        self.note_captions(document);
    }
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
    /// Takes out what papers write around their text: bylines, furniture, the colophon, a paywall's notice.
    fn drop_around_text(&mut self, document: &Document, page: &PageWords<'_>, is_story: bool) {
        self.drop_bylines();
        self.drop_furniture(document, is_story.then_some(page));
        self.drop_colophon(document, is_story.then_some(page.site));
        self.drop_paywall();
    }

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
