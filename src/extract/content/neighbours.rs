//! Blocks that stand or fall with others: built alike, hidden copies, cards of other stories, headings with nothing below.

use super::apart::Sign;
use super::heuristic::Rule;
use super::words::Category;
use super::{Decision, Reason, Verdict, heuristic, measure, threshold};
use crate::markup::{Document, Tag};
use crate::model::hashed::{HashedMap, HashedSet};

/// Words from which a block that stands on the page twice is kept once: shorter ones recur rightly ("Yes.").
const REPEATED_TOKENS: f32 = 12.0;

impl Decision {
    /// Blocks that are built alike stand or fall together, where most of them do: one card of a list, one heading of a manual;
    /// among running text one card of other stories.
    pub(super) fn even_out(&mut self, is_story: bool, is_prose: bool) {
        /// How many are a pattern, and the share of them that is most: in an article the paragraphs of a promotion may be
        /// built as the story's are. Of .3 to .75 either made whole texts no better in cross-validation.
        const PATTERN: u32 = 3;
        /// The share that is few, and how likely a block is body that stands alone for all that.
        const FEW: f64 = 0.3;
        const LIKELY: f32 = 0.6;
        /// How likely one is body that stands with the others of a story.
        const NEARLY: f32 = 0.35;
        /// How likely blocks of entries are on the average that stand together, though few are kept.
        const MEAN: f32 = 0.4;
        /// Share of a block's letters that are links from which it is none of the paragraphs that are built as it is: where a
        /// page has no elements for these, the links below them are made the same way.
        const LINKS: f32 = 0.5;
        /// The same of all blocks that are alike, up to which they are paragraphs.
        const FEW_LINKS: f32 = 0.1;
        let most = if is_story { 0.7 } else { 0.5 };
        let mut groups: HashedMap<([u32; 2], f32, [f32; 2])> = HashedMap::default();
        for (verdict, measure) in self.verdicts.iter().zip(&self.measures.blocks) {
            let ([all, kept], likely, [chars, links]) = groups.entry(measure.shape).or_default();
            *chars += measure.chars;
            *links += measure.link_chars;
            *all += 1;
            *kept += u32::from(verdict.kept);
            *likely += verdict.probability;
        }
        for (verdict, measure) in self.verdicts.iter_mut().zip(&self.measures.blocks) {
            let ([all, kept], likely, [chars, links]) = groups[&measure.shape];
            let is_odd = measure.link_density > LINKS && links <= FEW_LINKS * chars;
            let are_entries = !is_story && !is_prose && kept > 0 && likely >= MEAN * all as f32;
            let Reason::Model(rule) = verdict.reason else { continue };
            if all < PATTERN {
                continue;
            }
            let share = f64::from(kept) / f64::from(all);
            let least = if is_story { NEARLY } else { threshold::LOWEST };
            let may_stand = verdict.probability >= least && !rule.is_invitation() && !is_odd;
            let may_fall = is_prose && verdict.probability < LIKELY;
            if (share >= most || are_entries) && may_stand && !verdict.kept {
                *verdict = Verdict { kept: true, probability: verdict.probability, reason: Reason::Alike };
            } else if share <= FEW && may_fall {
                verdict.drop_for(Reason::Alike);
            }
        }
    }

    /// The lines of links with which pages end that have no element for them: the way back, what prints, the archive.
    pub(super) fn drop_last_links(&mut self) {
        /// Such lines at the most, their tokens, and the share of their letters that is links at the least.
        const LINES: usize = 3;
        const TOKENS: f32 = 25.0;
        const LINKS: f32 = 0.6;
        /// The same of the line above them at the most.
        const FEW_LINKS: f32 = 0.2;
        let kept: Vec<usize> = (0..self.verdicts.len()).filter(|&index| self.verdicts[index].kept).collect();
        let is_way = |index: &usize| {
            let measure = &self.measures.blocks[*index];
            let tag = heuristic::line_tag(&self.outline, self.outline.blocks[*index].element);
            measure.link_density >= LINKS
                && measure.tokens <= TOKENS * measure.tokens_a_word()
                && !measure.ends_sentence
                && matches!(tag, Tag::P | Tag::Div | Tag::Td | Tag::Center | Tag::Body)
        };
        let last: Vec<usize> = kept.iter().rev().copied().take_while(is_way).take(LINES + 1).collect();
        // Below lines full of links they are more of the same.
        let above = kept.len().checked_sub(last.len() + 1).map(|above| &self.measures.blocks[kept[above]]);
        if last.len() <= LINES && above.is_some_and(|above| above.link_density <= FEW_LINKS) {
            for index in last {
                self.verdicts[index].drop_for(Reason::Apart(Sign::Links));
            }
        }
    }

    /// Hidden blocks of a page whose body is mostly shown: notes, other states of a control. Where most of the body is
    /// hidden, a script was to show it.
    pub(super) fn drop_hidden(&mut self, document: &Document) {
        const MINORITY: f32 = 0.3;
        self.drop_hidden_copies();
        let hidden = |index: usize| self.outline.elements[self.outline.blocks[index].element as usize].hidden;
        let kept = |index: &usize| self.verdicts[*index].kept;
        let tokens = |index: usize| self.measures.blocks[index].tokens;
        let all: f32 = (0..self.verdicts.len()).filter(kept).map(tokens).sum();
        let unseen: f32 = (0..self.verdicts.len()).filter(kept).filter(|&index| hidden(index)).map(tokens).sum();
        if unseen < MINORITY * all {
            let drop: Vec<usize> = (0..self.verdicts.len())
                .filter(kept)
                .filter(|&index| hidden(index) && !self.is_panel(document, index))
                .collect();
            for index in drop {
                self.verdicts[index].drop_for(Reason::Rule(Rule::Hidden));
            }
        }
    }

    /// Whether a hidden block is what a reader unfolds: the panel of a tab, an answer below its question.
    fn is_panel(&self, document: &Document, index: usize) -> bool {
        /// How far above the block its class can say so, and the hidden element can be.
        const REACH: u8 = 4;
        const LEVELS: usize = 32;
        let is_hidden = |&element: &u32| self.outline.elements[element as usize].hidden;
        let Some(top) = self.ancestors(self.outline.blocks[index].element).take(LEVELS).take_while(is_hidden).last()
        else {
            return false;
        };
        let panel = &self.outline.elements[top as usize];
        let heads = |index: usize| {
            let place = self.measures.place(self.outline.blocks[index].element);
            place.landmarks[heuristic::landmark(Tag::Button)] <= 2
        };
        self.measures.place(self.outline.blocks[index].element).categories[Category::Faq as usize] <= REACH
            || matches!(document.attribute(panel.node, "role"), Some("tabpanel"))
            || (self.measures.sums[top as usize].first as usize).checked_sub(1).is_some_and(heads)
    }

    /// The first lines of other stories below an article: blocks built alike, each in a card of its own with a link to the
    /// rest, most of which break off.
    pub(super) fn drop_excerpts(&mut self) {
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

    /// Headings of running text with nothing kept below them, but for those that the model is sure of and whole sentences:
    /// what customers said is drawn so.
    pub(super) fn drop_lonely_headings(&mut self) {
        const SURE: f32 = 0.9;
        for block in heuristic::lonely_headings(&self.outline, &self.measures, |block| self.verdicts[block].kept) {
            let is_standfirst = heuristic::is_plain_standfirst(&self.outline, &self.measures, block);
            let is_said = self.is_kept_sentence(block);
            let verdict = &mut self.verdicts[block];
            if verdict.probability < SURE && !is_standfirst && !is_said {
                verdict.drop_for(Reason::LonelyHeading);
            }
        }
    }

    /// Pull quotes that say again what a paragraph says, in a part of their own.
    pub(super) fn drop_pull_quotes(&mut self) {
        /// Words in a row that are compared, and words and tokens of a pull quote.
        const RUN: usize = 4;
        const LEAST_WORDS: f32 = 5.0;
        const MOST_TOKENS: f32 = 45.0;
        /// Elements around it that may say what it is.
        const REACH: u8 = 3;
        let grams = |index: usize| measure::grams(&self.measures.words[self.measures.blocks[index].words.clone()], RUN);
        let is_quote = |index: usize| {
            let place = self.measures.place(self.outline.blocks[index].element);
            let is_in = |tag: Tag| place.landmarks[heuristic::landmark(tag)] <= REACH;
            let measure = &self.measures.blocks[index];
            (LEAST_WORDS * measure.tokens_a_word()..=MOST_TOKENS).contains(&measure.tokens)
                && (is_in(Tag::Aside)
                    || is_in(Tag::Figure)
                    || is_in(Tag::Blockquote)
                    || place.categories[Category::Quote as usize] <= REACH)
        };
        let kept = (0..self.verdicts.len()).filter(|&index| self.verdicts[index].kept);
        let (quotes, others): (Vec<usize>, Vec<usize>) = kept.partition(|&index| is_quote(index));
        if quotes.is_empty() {
            return;
        }
        let said: HashedSet = others.into_iter().flat_map(grams).collect();
        let is_said = |&index: &usize| {
            let mut own = grams(index).peekable();
            own.peek().is_some() && own.all(|gram| said.contains(&gram))
        };
        let repeated: Vec<usize> = quotes.into_iter().filter(is_said).collect();
        for index in repeated {
            self.verdicts[index].drop_for(Reason::Repeated);
        }
    }

    /// Copies for another screen size, and pull quotes that repeat a paragraph whole.
    pub(super) fn drop_repeated(&mut self) {
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

    /// Whether sentences below the headline, most of them children of one element, are most of what is kept: a story, though
    /// the page does not say so and more furniture than usual was kept with it.
    pub(super) fn tells_a_story(&self) -> bool {
        /// Sentences of a story at the least, and their share of the kept words.
        const SENTENCES: usize = 3;
        const LEAST_SHARE: f32 = 0.35;
        let Some(title) = self.measures.title_block else { return false };
        let Some(home) = self.home_of(title, |index| self.is_kept_sentence(index)) else { return false };
        let own: Vec<f32> = (title..self.verdicts.len())
            .filter(|&index| self.is_kept_sentence(index) && self.home_of_block(index) == home)
            .map(|index| self.measures.blocks[index].tokens)
            .collect();
        own.len() >= SENTENCES && own.iter().sum::<f32>() >= LEAST_SHARE * self.kept_tokens()
    }

    /// Whether a block is a sentence that is kept, of a paragraph's length and more words than links.
    pub(super) fn is_kept_sentence(&self, index: usize) -> bool {
        const WORDS: f32 = 8.0;
        let measure = &self.measures.blocks[index];
        self.verdicts[index].kept
            && measure.ends_sentence
            && measure.tokens >= WORDS * measure.tokens_a_word()
            && measure.link_density < 0.35
    }

    /// What was kept above the headline of a story: notices, sections, other stories. Where it is more than a little, the
    /// headline is not where the story begins.
    pub(super) fn drop_above_headline(&mut self) {
        const MOST_SHARE: f32 = 0.2;
        /// Share of a heading's words that the title has.
        const ALIKE: f32 = 0.4;
        let Some(title) = self.measures.title_block else { return };
        // A heading of the story can be more like the page's title than the first-level heading above it.
        let top = (0..title).rev().find(|&index| {
            self.measures.blocks[index].title_share >= ALIKE
                && heuristic::line_tag(&self.outline, self.outline.blocks[index].element) == Tag::H1
        });
        let above: Vec<usize> = (0..top.unwrap_or(title)).filter(|&index| self.verdicts[index].kept).collect();
        let tokens: f32 = above.iter().map(|&index| self.measures.blocks[index].tokens).sum();
        if tokens <= MOST_SHARE * self.kept_tokens() {
            for index in above {
                self.verdicts[index].drop_for(Reason::AboveHeadline);
            }
        }
    }
}
