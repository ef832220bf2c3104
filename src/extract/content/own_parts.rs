//! What belongs to a story by where it stands, though the model was not quite sure of it: headings, lists, short lines and
//! tables among its paragraphs, the rest of a table, times and headings of entries.

use super::blocks::{Element, NO_ELEMENT};
use super::heuristic::Rule;
use super::words::Category;
use super::{Decision, Reason, Verdict, heuristic};
use crate::markup::Tag;

impl Decision {
    /// Short pieces that stand or fall with what is around them.
    pub(super) fn adopt(&mut self, heuristic: &heuristic::Heuristic) {
        /// Tokens from which a block is a line, and no cell or time.
        const LINE_TOKENS: f32 = 6.0;
        let kept: Vec<bool> = self.verdicts.iter().map(|verdict| verdict.kept).collect();
        let may = |block: usize| {
            let rule = heuristic.verdicts[block];
            // An entry between others that is labelled as none of them stays out.
            let is_labelled = matches!(
                rule,
                Rule::SmallPart(Category::Related | Category::Newsletter | Category::Advertising | Category::Share)
            ) && self.measures.blocks[block].tokens >= LINE_TOKENS;
            !is_labelled && rule.is_adoptable()
                || heuristic.keeps(block)
                || matches!(rule, Rule::AfterEnd | Rule::In(Tag::Figure))
        };
        for block in heuristic::adopted(&self.outline, &self.measures, &kept, may) {
            let verdict = &mut self.verdicts[block];
            *verdict = Verdict { kept: true, probability: verdict.probability, reason: Reason::Adopted };
        }
    }

    /// Headings of entries that are kept: of a live blog's.
    pub(super) fn keep_entry_headings(&mut self) {
        /// Blocks of an entry at the most, and how likely its heading is body at the least, also where it speaks of subscribing.
        const MOST_BLOCKS: f32 = 8.0;
        const LEAST: f32 = 0.3;
        const SPOKEN_OF: f32 = 0.5;
        for index in 0..self.verdicts.len().saturating_sub(1) {
            let Verdict { kept: false, probability, reason: Reason::Model(rule) } = self.verdicts[index] else {
                continue;
            };
            let own = self.outline.blocks[index].element;
            let is_entry = match rule {
                Rule::Outside | Rule::SmallPart(Category::Byline) => probability >= LEAST,
                // "Subscribe or resign?"
                Rule::Promo => probability >= SPOKEN_OF,
                _ => false,
            };
            if self.outline.blocks[index].links > 0
                || !is_entry
                || !heuristic::is_subheading(heuristic::line_tag(&self.outline, own))
            {
                continue;
            }
            let (next, measure) = (self.verdicts[index + 1], &self.measures.blocks[index + 1]);
            let around = self.common(own, self.outline.blocks[index + 1].element);
            if next.kept && measure.ends_sentence && self.measures.sums[around as usize].blocks <= MOST_BLOCKS {
                self.verdicts[index] = Verdict { kept: true, probability, reason: Reason::Within };
            }
        }
    }

    /// Lines that unfold what is kept: the question above an answer, the name of a panel.
    pub(super) fn keep_heads_of_panels(&mut self) {
        /// How likely such a line is body at the least, its words at the most, and elements up to what says so.
        const LEAST: f32 = 0.2;
        const MOST_WORDS: f32 = 40.0;
        const REACH: u8 = 3;
        /// Blocks of a question and its answer, at the most.
        const MOST_BLOCKS: f32 = 12.0;
        for index in (0..self.verdicts.len().saturating_sub(1)).rev() {
            let Verdict { kept: false, probability, reason: Reason::Model(rule) } = self.verdicts[index] else {
                continue;
            };
            let (block, next) = (&self.outline.blocks[index], &self.outline.blocks[index + 1]);
            let measure = &self.measures.blocks[index];
            if !self.verdicts[index + 1].kept
                || probability < LEAST
                || rule.is_invitation()
                || block.links > 0
                || measure.tokens > MOST_WORDS * measure.tokens_a_word()
            {
                continue;
            }
            let place = self.measures.place(block.element);
            let is_in = |tag: Tag| place.landmarks[heuristic::landmark(tag)] <= REACH;
            // What stands on a button above code copies it.
            let is_code = heuristic::line_tag(&self.outline, next.element) == Tag::Pre;
            let unfolds =
                is_in(Tag::Button) && !is_code || heuristic::line_tag(&self.outline, block.element) == Tag::Summary;
            let is_question = place.categories[Category::Faq as usize] <= REACH;
            let around = self.common(block.element, next.element);
            if (unfolds || is_question) && self.measures.sums[around as usize].blocks <= MOST_BLOCKS {
                self.verdicts[index] = Verdict { kept: true, probability, reason: Reason::Within };
            }
        }
    }

    /// What a table, a listing or a quotation is captioned with, if the rest of the part that holds both is kept: no picture has it.
    pub(super) fn keep_captions(&mut self) {
        /// Tokens of a caption, and blocks of the part with it, at the most.
        const MOST_TOKENS: f32 = 60.0;
        const MOST_BLOCKS: f32 = 400.0;
        for index in 0..self.verdicts.len() {
            let Verdict { kept: false, probability, reason: Reason::Model(rule) } = self.verdicts[index] else {
                continue;
            };
            let element = self.outline.blocks[index].element;
            let is_caption = matches!(
                rule,
                Rule::In(Tag::Figure | Tag::Footer) | Rule::Labelled(Category::Caption) | Rule::Credit | Rule::Outside
            ) || heuristic::line_tag(&self.outline, element) == Tag::Figcaption;
            let part = self.home_of_block(index);
            if !is_caption || part == NO_ELEMENT || self.measures.blocks[index].tokens > MOST_TOKENS {
                continue;
            }
            let sums = &self.measures.sums[part as usize];
            let Element { tag, depth, .. } = self.outline.elements[part as usize];
            let is_part = matches!(tag, Tag::Blockquote | Tag::Figure) || rule == Rule::Labelled(Category::Caption);
            let is_in = |other: usize, tag: Tag| {
                let element = self.outline.blocks[other].element;
                let reach = self.outline.elements[element as usize].depth - depth;
                u16::from(self.measures.place(element).landmarks[heuristic::landmark(tag)]) <= reach
            };
            let belongs = |other: usize| {
                let is_code = || heuristic::line_tag(&self.outline, self.outline.blocks[other].element) == Tag::Pre;
                other == index
                    || self.verdicts[other].kept
                        && (is_in(other, Tag::Table) || is_in(other, Tag::Blockquote) || is_code())
            };
            if is_part && sums.blocks <= MOST_BLOCKS && self.blocks_of(part).all(belongs) {
                self.verdicts[index] = Verdict { kept: true, probability, reason: Reason::Within };
            }
        }
    }

    /// What stands between a story's paragraphs, where they do, though a word in it or a label above it spoke against it:
    /// lists that lead nowhere, headings, lines in bold, and, if the page tells a story, short lines, sentences that speak of
    /// subscribing without a link to do so, and tables.
    pub(super) fn keep_own_parts(&mut self, is_told: bool) {
        /// How likely such a block is body at the least. Of the labelled pages' headings from here on all were, of short lines
        /// nineteen in nineteen from .4 on.
        const LIKELY: f32 = 0.5;
        const SHORT_LINE: f32 = 0.35;
        /// The same for what heads a paragraph.
        const NEARLY: f32 = 0.3;
        let first = self.measures.title_block.unwrap_or(0);
        let Some(home) = self.home_of(first, |index| self.is_kept_sentence(index)) else { return };
        let is_paragraph = |index: &usize| self.is_kept_sentence(*index) && self.home_of_block(*index) == home;
        let Some(begin) = (first..self.verdicts.len()).find(is_paragraph) else { return };
        let Some(end) = (begin..self.verdicts.len()).rev().find(is_paragraph) else { return };
        let mut own = self.own_boxes(home, begin, is_told);
        for index in begin..=end {
            let Verdict { kept: false, probability, reason: Reason::Model(rule) } = self.verdicts[index] else {
                continue;
            };
            let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
            let is_subheading = heuristic::is_subheading(heuristic::line_tag(&self.outline, block.element));
            let heads = (is_subheading || block.bold_chars == block.chars)
                && block.links == 0
                && self.outline.elements[block.element as usize].parent == home
                && index < end
                && is_paragraph(&(index + 1));
            let is_heading = is_subheading && (rule == Rule::Promo || !rule.is_invitation());
            let is_sentence = rule == Rule::Promo && measure.ends_sentence && block.links == 0;
            let threshold = match rule {
                _ if heads => NEARLY,
                Rule::Fragment if is_told => SHORT_LINE,
                _ if is_told && (is_heading || is_sentence) => LIKELY,
                _ => continue,
            };
            if probability >= threshold && self.home_of_block(index) == home {
                own.push(index);
            }
        }
        for index in own {
            let Verdict { kept: false, probability, reason: Reason::Model(_) } = self.verdicts[index] else {
                continue;
            };
            self.verdicts[index] = Verdict { kept: true, probability, reason: Reason::Within };
        }
    }

    /// Blocks of the tables, lists and boxes that stand where a story's paragraphs do, alone in an element or not, and of which
    /// the model thinks so on the average: facts, results, rules of a game. But for tables they have no link.
    fn own_boxes(&self, home: u32, begin: usize, is_told: bool) -> Vec<usize> {
        const LIKELY: f32 = 0.3;
        /// The same for every piece of a list or box: one that is plainly none tells what the others are.
        const LEAST: f32 = 0.2;
        /// Tokens of a piece that make a table the page's layout.
        const MOST_TOKENS: f32 = 60.0;
        const MOST_LINKS: f32 = 0.3;
        /// Elements with nothing else in them that one can stand in.
        const REACH: usize = 8;
        let is_own = |&element: &u32| {
            let sums = &self.measures.sums[element as usize];
            let tag = self.outline.elements[element as usize].tag;
            let least = match tag {
                Tag::Table if is_told && sums.link_density() < MOST_LINKS => 4.0,
                Tag::Ul | Tag::Ol | Tag::Dl if sums.link_chars == 0.0 => 2.0,
                Tag::Div | Tag::Section if is_told && sums.link_chars == 0.0 => 4.0,
                _ => return false,
            };
            if sums.blocks < least || (sums.first as usize) < begin {
                return false;
            }
            let is_around = |&above: &u32| self.measures.sums[above as usize].blocks > sums.blocks;
            if self.ancestors(element).take(REACH).find(is_around) != Some(home) {
                return false;
            }
            let pieces = || self.blocks_of(element).map(|index| (&self.verdicts[index], &self.measures.blocks[index]));
            let likely: f32 = pieces().map(|(verdict, _)| verdict.probability).sum();
            likely >= LIKELY * sums.blocks
                && pieces().all(|(verdict, measure)| {
                    measure.tokens <= MOST_TOKENS && (tag == Tag::Table || verdict.probability >= LEAST)
                })
        };
        (0..self.outline.elements.len() as u32).filter(is_own).flat_map(|element| self.blocks_of(element)).collect()
    }
}
