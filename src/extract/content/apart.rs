//! What stands apart from a story's paragraphs and is none of it. Most paragraphs of a story are children of one element; what
//! is another child of that goes where it gives itself away: a question above answers of a few words, nothing but links, a
//! label of what is on every page, words of the site about itself and to its reader, one line in a box of its own that is no
//! sentence. Below the last paragraph also what readers wrote.

use super::apart_words::{begins_with_ad, speaks, spoken};
use super::blocks::Outline;
use super::boxes::{Shapes, leads_to_own_pages};
use super::labels::{Label, heads_other_stories, page_label};
use super::words::Category;
use super::{Decision, Reason, heuristic};
use crate::markup::{Document, NodeId, Tag};
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

/// Tokens and blocks of what can be none of the story, at the most.
const TOKENS: f32 = 140.0;
const BLOCKS: f32 = 18.0;

/// Words of an answer to choose, and answers at the least.
const ANSWER_WORDS: usize = 5;
const LEAST_ANSWERS: usize = 2;
const ANSWER_CHARS: usize = 40;
/// Answers in a list, at the most, and tokens of a poll.
const MOST_ANSWERS: usize = 6;
const POLL_TOKENS: f32 = 60.0;

/// Words of what heads links, at the most, and tokens of the links' box.
const LABEL_WORDS: usize = 6;
const LINKS_TOKENS: f32 = 80.0;
/// Pieces that are nothing but links, at the most: of more they are what the story lists.
const MOST_LINKS: usize = 8;

/// How far above a block a quotation or a list can begin, in elements.
const REACH: u8 = 4;

/// Tokens of words to the reader, at the most.
const ADDRESS_TOKENS: f32 = 70.0;

/// Tokens of a line that marks advertising, at the most.
const MARK_TOKENS: f32 = 14.0;

/// Tokens of a line in a box of its own that is no sentence, at the most, and how likely it is body at the most.
const LONE_TOKENS: f32 = 24.0;
const LONE: f32 = 0.9;

/// Paragraphs built alike that make a pattern.
const PATTERN: u32 = 3;

/// The share of the story's paragraphs from which it is told by "we" or to "you".
const OFTEN: f32 = 0.2;

/// The share of the kept words that what stands apart can have: of more it is the page.
const LARGEST_SHARE: f32 = 0.4;

/// What reader's remarks can have of the kept words, at the most, and how many make a list.
const REMARKS_SHARE: f32 = 0.5;
const LEAST_REMARKS: usize = 2;
/// Words of a reader's name with the day.
const NAME_WORDS: usize = 7;

/// How likely labelled blocks are body at the most, and others that speak of the site.
const DOUBTFUL: f32 = 0.75;
const SURE: f32 = 0.985;

/// Labels of what is none of a story wherever it stands among its paragraphs.
const FURNITURE: [Category; 7] = [
    Category::Share,
    Category::Related,
    Category::Newsletter,
    Category::Advertising,
    Category::Biography,
    Category::Comment,
    Category::Navigation,
];

/// By what something gives itself away that stands apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Answers,
    Links,
    Label,
    Address,
    Lone,
    Remarks,
    Below,
}

impl Sign {
    /// Why it is dropped.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Answers => "apart from the story: a question and answers to choose from",
            Self::Links => "apart from the story: nothing but links",
            Self::Label => "apart from the story, in a part that is labelled",
            Self::Address => "apart from the story: the site speaks of itself",
            Self::Lone => "apart from the story: a line in a box of its own that is no sentence",
            Self::Remarks => "below the story: what readers wrote",
            Self::Below => "below the story, in another part of the page",
        }
    }
}

/// A child of the element that the story's paragraphs are children of.
struct Piece {
    element: u32,
    /// Its blocks that are kept.
    blocks: Vec<usize>,
    tokens: f32,
}

/// How a story's paragraphs are built, and whether they speak to their reader.
struct Story<'a> {
    /// Of the elements that hold one each: how many have this tag and these classes.
    builds: HashMap<(Tag, String), u32>,
    /// The same of all that are children of the same element.
    pieces: HashMap<(Tag, String), u32>,
    is_addressed: bool,
    /// The places of the page that its links can lead to, once somebody asks.
    places: OnceCell<HashSet<&'a str>>,
}

impl Decision {
    /// Drops it, from the lead on.
    pub(super) fn drop_apart(&mut self, document: &Document, lead: usize, shapes: &Shapes, site: &str) {
        let Some(home) = self.story_home(lead) else { return };
        let story = self.story_at(document, lead, home);
        let mut found: Vec<(Piece, Sign)> = Vec::new();
        for element in 0..self.outline.elements.len() as u32 {
            if self.parent_of(element) != home || !self.may_be_apart(element) {
                continue;
            }
            let blocks: Vec<usize> =
                self.blocks_of(element).filter(|&index| self.verdicts[index].kept && index != lead).collect();
            if blocks.is_empty() || blocks[0] < lead && self.blocks_of(element).contains(&lead) {
                continue;
            }
            let tokens = blocks.iter().map(|&index| self.measures.blocks[index].tokens).sum();
            let piece = Piece { element, blocks, tokens };
            if let Some(sign) = self.sign_of(document, &piece, &story, site) {
                found.push((piece, sign));
            }
        }
        let links = found.iter().filter(|(_, sign)| *sign == Sign::Links).count();
        found.retain(|(_, sign)| *sign != Sign::Links || links <= MOST_LINKS);
        let tokens: f32 = found.iter().map(|(piece, _)| piece.tokens).sum();
        if tokens <= LARGEST_SHARE * self.kept_tokens() {
            for (piece, sign) in found {
                piece.blocks.iter().for_each(|&index| self.verdicts[index].drop_for(Reason::Apart(sign)));
            }
        }
        self.drop_remarks(lead, home);
        self.drop_below(lead, home, shapes, self.measures.says_article);
        self.drop_last_words(lead, story.is_addressed);
    }

    /// What stands below the story in another part of the page: no paragraph built as the story's is in it, it corrects nothing,
    /// and the model has doubts.
    fn drop_below(&mut self, lead: usize, home: u32, shapes: &Shapes, is_article: bool) {
        const LIKELY: f32 = 0.85;
        const MOST_SHARE: f32 = 0.25;
        /// Kept blocks built alike above it that make it one of theirs.
        const ENTRIES: usize = 2;
        let is_own = |index: usize| self.ancestors(self.outline.blocks[index].element).any(|above| above == home);
        let Some(last) = (lead..self.verdicts.len()).rev().find(|&index| self.verdicts[index].kept && is_own(index))
        else {
            return;
        };
        // Times and headings of a live blog's entries.
        let mut above: HashMap<u64, usize> = HashMap::new();
        for index in (lead..last).filter(|&index| self.verdicts[index].kept) {
            *above.entry(self.measures.blocks[index].shape).or_default() += 1;
        }
        let is_entrys = |index: usize| above.get(&self.measures.blocks[index].shape).is_some_and(|&all| all >= ENTRIES);
        // Below what is told of something that is sold stand its measures.
        let is_fact = |index: usize| {
            matches!(
                heuristic::line_tag(&self.outline, self.outline.blocks[index].element),
                Tag::Dt | Tag::Dd | Tag::Th | Tag::Td
            )
        };
        // What stands above a paragraph that is sure is not below the story.
        let is_sure = |&index: &usize| {
            let (verdict, measure) = (&self.verdicts[index], &self.measures.blocks[index]);
            verdict.kept
                && verdict.probability >= LIKELY
                && measure.is_long
                && measure.ends_sentence
                && !super::is_correction(&self.outline, &self.measures, index)
        };
        let last = (last + 1..self.verdicts.len()).rfind(is_sure).unwrap_or(last);
        let below: Vec<usize> = (last + 1..self.verdicts.len())
            .filter(|&index| {
                self.verdicts[index].kept
                    && self.verdicts[index].probability < LIKELY
                    && !super::is_correction(&self.outline, &self.measures, index)
                    && (is_article || !is_fact(index))
                    && !is_entrys(index)
            })
            .collect();
        let is_storys =
            |&index: &usize| shapes.get(&self.measures.blocks[index].shape).is_some_and(|&alike| alike >= PATTERN);
        let tokens: f32 = below.iter().map(|&index| self.measures.blocks[index].tokens).sum();
        if below.iter().any(is_storys) || tokens > MOST_SHARE * self.kept_tokens() {
            return;
        }
        for index in below {
            self.verdicts[index].drop_for(Reason::Apart(Sign::Below));
        }
    }

    /// Lines built as the story's paragraphs are in which the site speaks of itself: at the story's end, and elsewhere those
    /// that ask their reader for something as well.
    fn drop_last_words(&mut self, lead: usize, is_addressed: bool) {
        const REACH: usize = 6;
        const WORDS: f32 = 32.0;
        if is_addressed {
            return;
        }
        let kept: Vec<usize> =
            (lead + 1..self.verdicts.len()).rev().filter(|&index| self.verdicts[index].kept).collect();
        for (at, index) in kept.into_iter().enumerate() {
            let measure = &self.measures.blocks[index];
            if measure.tokens > WORDS * measure.tokens_a_word() || quotes(&self.outline, index) {
                continue;
            }
            let lower = self.measures.lower_of(index);
            let says = spoken(lower);
            let has = |all: u32| says & all == all;
            let asks = has(speaks::WE | speaks::YOU) && says & (speaks::TRADE | speaks::AD | speaks::PRESS) != 0;
            let is_doubtful = self.verdicts[index].probability < SURE;
            let is_likely = self.verdicts[index].probability >= DOUBTFUL;
            let at_end = has(speaks::WE | speaks::PRESS) && !is_likely
                || has(speaks::PRESS) && asks_first(lower)
                || asks_to_write(lower);
            let of_itself = asks || at < REACH && is_doubtful && at_end;
            if of_itself && heuristic::line_tag(&self.outline, self.outline.blocks[index].element) == Tag::P {
                self.verdicts[index].drop_for(Reason::Apart(Sign::Address));
            }
        }
    }

    /// How the paragraphs are built and told that are children of an element.
    fn story_at<'a>(&self, document: &Document, lead: usize, home: u32) -> Story<'a> {
        let mut pieces = HashMap::new();
        for element in (0..self.outline.elements.len() as u32).filter(|&element| self.parent_of(element) == home) {
            *pieces.entry(self.build_of_piece(document, element)).or_default() += 1;
        }
        let mut story = Story { builds: HashMap::new(), pieces, is_addressed: false, places: OnceCell::new() };
        let mut paragraphs = Vec::new();
        for index in lead..self.verdicts.len() {
            if !self.verdicts[index].kept || !self.measures.blocks[index].is_long || self.home_of_block(index) != home {
                continue;
            }
            let above = self.ancestors(self.outline.blocks[index].element);
            let child = above.take_while(|&element| element != home).last();
            let build = child.map(|child| self.build_of_piece(document, child));
            if let Some(build) = build.clone() {
                *story.builds.entry(build).or_default() += 1;
            }
            let says = spoken(self.measures.lower_of(index)) & (speaks::WE | speaks::YOU) != 0;
            paragraphs.push((build, says));
        }
        // What is built in a way of its own may be what speaks to the reader for the site.
        let is_storys = |build: &Option<_>| {
            build.as_ref().is_none_or(|build| story.builds.get(build).is_some_and(|&alike| alike >= PATTERN))
        };
        let own: Vec<bool> =
            paragraphs.into_iter().filter(|(build, _)| is_storys(build)).map(|(_, says)| says).collect();
        story.is_addressed =
            own.is_empty() || own.iter().filter(|&&says| says).count() as f32 > OFTEN * own.len() as f32;
        story
    }

    fn parent_of(&self, element: u32) -> u32 {
        self.outline.elements[element as usize].parent
    }

    /// An element's tag and classes.
    fn build_of_piece(&self, document: &Document, element: u32) -> (Tag, String) {
        let element = &self.outline.elements[element as usize];
        (element.tag, document.attribute(element.node, "class").unwrap_or_default().to_owned())
    }

    /// Whether an element may be none of the story by its tag and size.
    fn may_be_apart(&self, element: u32) -> bool {
        let sums = &self.measures.sums[element as usize];
        let tag = self.outline.elements[element as usize].tag;
        let is_part = tag.heading_level().is_some()
            || matches!(
                tag,
                Tag::Blockquote
                    | Tag::Figure
                    | Tag::Pre
                    | Tag::Table
                    | Tag::Tbody
                    | Tag::Tr
                    | Tag::Dl
                    | Tag::Ol
                    | Tag::Li
                    | Tag::Dt
                    | Tag::Dd
            );
        !is_part && (1.0..=BLOCKS).contains(&sums.blocks) && sums.tokens <= TOKENS * 3.0
    }

    fn sign_of<'a>(&self, document: &'a Document, piece: &Piece, story: &Story<'a>, site: &str) -> Option<Sign> {
        let a_word = self.measures.blocks[piece.blocks[0]].tokens_a_word();
        let tokens = piece.tokens / a_word;
        if tokens > TOKENS {
            return None;
        }
        // A paragraph, or what is built as those of the story are.
        let is_line = self.outline.elements[piece.element as usize].tag == Tag::P
            || story.builds.get(&self.build_of_piece(document, piece.element)).is_some_and(|&alike| alike >= PATTERN);
        if !is_line && tokens <= POLL_TOKENS && self.asks_with_answers(piece) {
            return Some(Sign::Answers);
        }
        if tokens <= LINKS_TOKENS && self.is_nothing_but_links(document, piece, story, site) {
            return Some(Sign::Links);
        }
        let is_among = |tag: Tag| {
            let has = |&index: &usize| {
                let place = self.measures.place(self.outline.blocks[index].element);
                place.landmarks[heuristic::landmark(tag)] <= REACH
            };
            piece.blocks.iter().any(has)
        };
        if is_among(Tag::Blockquote) {
            return None;
        }
        if self.is_labelled_as_furniture(piece) || self.begins_with_label(piece) {
            return Some(Sign::Label);
        }
        let is_set_off = || {
            piece.blocks.iter().all(|&index| {
                let block = &self.outline.blocks[index];
                block.italic_chars == block.chars || block.bold_chars == block.chars
            })
        };
        let is_apart = !is_line || is_set_off();
        let is_heading = |&index: &usize| {
            heuristic::line_tag(&self.outline, self.outline.blocks[index].element).heading_level().is_some()
        };
        if piece.blocks.iter().all(is_heading) {
            return None;
        }
        if !is_among(Tag::Li) && self.is_address(piece, tokens, is_apart, story.is_addressed) {
            return Some(Sign::Address);
        }
        (!is_line && tokens <= LONE_TOKENS && self.is_lone_line(document, piece, story)).then_some(Sign::Lone)
    }

    /// Whether it is one line in a box as only one or two of the story are, neither a sentence nor set as a heading is: "Listen
    /// to this story", "Follow us for more". Formulas and facts stand so too ("Serves 4").
    fn is_lone_line(&self, document: &Document, piece: &Piece, story: &Story<'_>) -> bool {
        const FEW: u32 = 2;
        let &[index] = piece.blocks.as_slice() else { return false };
        let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
        let text = self.outline.text_of(block);
        let words =
            text.split_whitespace().filter(|word| word.chars().all(|c| c.is_alphanumeric() || c == '-')).count();
        let build = self.build_of_piece(document, piece.element);
        let tag = heuristic::line_tag(&self.outline, block.element);
        self.verdicts[index].probability < LONE
            && !measure.ends_sentence
            && !text.trim_end().ends_with([':', '：', ',', ';'])
            && 2 * words >= text.split_whitespace().count()
            && !text.contains(char::is_numeric)
            && block.bold_chars < block.chars
            && matches!(tag, Tag::P | Tag::Div | Tag::Section | Tag::Aside)
            && !story.builds.contains_key(&build)
            && !self.is_labelled_as_heading(piece, index)
            && story.pieces.get(&build).is_none_or(|&alike| alike <= FEW)
    }

    /// Whether a line that asks stands above two or more of a few words each.
    fn asks_with_answers(&self, piece: &Piece) -> bool {
        let lines: Vec<(usize, &str)> = piece
            .blocks
            .iter()
            .flat_map(|&index| {
                self.outline.text_of(&self.outline.blocks[index]).split('\n').map(move |line| (index, line.trim()))
            })
            .filter(|(_, line)| !line.is_empty())
            .collect();
        let asks = |line: &str| line.ends_with(['?', '？', '؟', ';']);
        let is_answer = |&(index, line): &(usize, &str)| {
            let words = line.split_whitespace().count();
            let is_item = heuristic::line_tag(&self.outline, self.outline.blocks[index].element) == Tag::Li;
            let leads = self.measures.blocks[index].link_density > 0.5 || self.is_button(index);
            words <= ANSWER_WORDS
                && line.chars().count() <= ANSWER_CHARS
                && !asks(line)
                && !line.ends_with(['.', '。', ':', '：', '।'])
                && !line.contains(char::is_numeric)
                && (!is_item || leads)
        };
        (0..lines.len()).any(|at| {
            let answers = lines[at + 1..].iter().take_while(|line| is_answer(line)).count();
            asks(lines[at].1) && (LEAST_ANSWERS..=MOST_ANSWERS).contains(&answers)
        })
    }

    /// Whether all that stands there is links, but for a few words at the beginning: to other pages of the site, though not as
    /// a list, which can be what the story lists, or to nothing but what prints this page or sends it on.
    fn is_nothing_but_links<'a>(&self, document: &'a Document, piece: &Piece, story: &Story<'a>, site: &str) -> bool {
        let mut links = 0;
        let all = piece.blocks.iter().enumerate().all(|(at, &index)| {
            let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
            links += usize::from(block.links.max(u16::from(block.link_chars > 0)));
            if measure.link_density >= 0.9 {
                return true;
            }
            let text = self.outline.text_of(block);
            let rest = text.split_whitespace().count() as f32 * (1.0 - measure.link_density);
            let is_label = !measure.ends_sentence && rest <= LABEL_WORDS as f32;
            is_label && (at == 0 && piece.blocks.len() > 1 || block.links > 1 || self.heads_its_link(document, index))
        });
        let element = &self.outline.elements[piece.element as usize];
        let is_list = matches!(element.tag, Tag::Ul | Tag::Menu);
        let leads_away = || !is_list && leads_to_own_pages(document, element.node, site);
        all && links > 0 && (leads_away() || passes_on(document, element.node, story))
    }

    /// Whether the piece, or what of it holds the block, is called a title.
    fn is_labelled_as_heading(&self, piece: &Piece, index: usize) -> bool {
        let depth = |element: u32| self.outline.elements[element as usize].depth;
        let element = self.outline.blocks[index].element;
        let reach = depth(element).saturating_sub(depth(piece.element));
        u16::from(self.measures.place(element).categories[Category::Title as usize]) <= reach
    }

    /// Whether a line is a few words and a link behind them that has more: "READ | Ban upheld in high court".
    fn heads_its_link(&self, document: &Document, index: usize) -> bool {
        let block = &self.outline.blocks[index];
        let is_in_link = |node: NodeId| {
            let above = std::iter::successors(Some(node), |&node| document.parent(node)).take(4);
            above.into_iter().any(|node| document.tag(node) == Some(Tag::A))
        };
        let mut pieces = self.outline.pieces_of(index).iter().map(|&(node, _)| node);
        let own = |node: &NodeId| document.text(*node).is_some_and(|text| text.contains(char::is_alphanumeric));
        let first = pieces.by_ref().find(own);
        let says = first.and_then(|node| document.text(node)).unwrap_or_default();
        !super::ends_sentence(says)
            && 2 * block.link_chars >= block.chars
            && self.measures.blocks[index].tokens >= LONE_TOKENS / 4.0
            && block.breaks == 0
            && first.is_some_and(|node| !is_in_link(node))
            && self.outline.pieces_of(index).iter().rev().map(|&(node, _)| node).find(own).is_some_and(is_in_link)
    }

    fn is_labelled_as_furniture(&self, piece: &Piece) -> bool {
        let depth = self.outline.elements[piece.element as usize].depth;
        piece.blocks.iter().all(|&index| {
            let element = self.outline.blocks[index].element;
            // As far up as the piece goes.
            let reach = self.outline.elements[element as usize].depth.saturating_sub(depth);
            let place = self.measures.place(element);
            FURNITURE.iter().any(|&category| u16::from(place.categories[category as usize]) <= reach)
                && self.verdicts[index].probability < DOUBTFUL
        })
    }

    /// Whether its first line is what stands above other stories or advertising, and it leads somewhere or its classes say so,
    /// too.
    fn begins_with_label(&self, piece: &Piece) -> bool {
        const LABEL_BYTES: usize = 40;
        let sums = &self.measures.sums[piece.element as usize];
        let first = self.outline.text_of(&self.outline.blocks[sums.first as usize]);
        let own = self.measures.place(piece.element).own;
        let is_marked = sums.link_chars > 0.0 || FURNITURE.iter().any(|category| own & category.bit() != 0);
        // Elsewhere lists of stories are what the page is.
        self.measures.says_article
            && sums.blocks > 1.0
            && is_marked
            && first.len() <= LABEL_BYTES
            && (heads_other_stories(first) || page_label(first) == Some(Label::Advertising))
    }

    /// Whether the site speaks there of itself or to its reader, and nobody is quoted.
    fn is_address(&self, piece: &Piece, tokens: f32, is_apart: bool, often: bool) -> bool {
        let mut says = 0;
        for &index in &piece.blocks {
            if quotes(&self.outline, index) {
                return false;
            }
            says |= spoken(self.measures.lower_of(index));
        }
        let has = |all: u32| says & all == all;
        let speaks_to = has(speaks::WE | speaks::YOU);
        let sells = has(speaks::TRADE) || has(speaks::AD);
        let of_itself = (has(speaks::WE) || has(speaks::YOU)) && sells || has(speaks::YOU | speaks::PRESS);
        let begins = || self.measures.lower_of(piece.blocks[0]);
        let marks = tokens <= MARK_TOKENS
            && has(speaks::AD)
            && (has(speaks::PRESS) || has(speaks::WE) || begins_with_ad(begins()))
            && piece.blocks.iter().all(|&index| !self.measures.blocks[index].ends_sentence || is_apart);
        let likeliest = piece.blocks.iter().map(|&index| self.verdicts[index].probability).fold(0.0, f32::max);
        // "The owners had not answered our questions when this article went to press" is a story's own.
        let speaks_of_itself = likeliest < DOUBTFUL && has(speaks::WE);
        let addresses = is_apart
            && tokens <= ADDRESS_TOKENS
            && (of_itself && (likeliest < SURE || speaks_to || sells)
                || !often && (speaks_to || speaks_of_itself)
                || piece.blocks.len() == 1 && asks_to_write(begins())
                // "Got a tip? Our reporters answer within the hour."
                || has(speaks::WE | speaks::PRESS) && asks_first(begins()));
        marks || addresses
    }

    /// Below the story's last paragraph, names with a remark each.
    fn drop_remarks(&mut self, lead: usize, home: u32) {
        let own = |&index: &usize| {
            self.verdicts[index].kept && self.measures.blocks[index].is_long && self.home_of_block(index) == home
        };
        let Some(last) = (lead..self.verdicts.len()).rev().find(own) else { return };
        let below: Vec<usize> = (last + 1..self.verdicts.len()).filter(|&index| self.verdicts[index].kept).collect();
        let is_name = |index: usize| {
            let measure = &self.measures.blocks[index];
            let text = self.outline.text_of(&self.outline.blocks[index]);
            !measure.is_long
                && !measure.ends_sentence
                && text.contains(char::is_alphabetic)
                && text.split_whitespace().count() <= NAME_WORDS
        };
        let is_signed = |index: usize| {
            let block = &self.outline.blocks[index];
            let text = self.outline.text_of(block);
            text.split_once('\n').is_some_and(|(name, _)| {
                block.bold_chars > 0 && name.split_whitespace().count() <= NAME_WORDS && !super::ends_sentence(name)
            })
        };
        let shape = |index: usize| self.measures.blocks[index].shape;
        let remarks: Vec<usize> = below
            .iter()
            .enumerate()
            .filter(|&(at, &index)| {
                self.measures.blocks[index].ends_sentence
                    && (is_signed(index) || at > 0 && is_name(below[at - 1]) && shape(below[at - 1]) != shape(index))
            })
            .map(|(_, &index)| index)
            .collect();
        let alike = remarks.iter().filter(|&&index| shape(index) == shape(remarks[0])).count();
        let tokens: f32 = below.iter().map(|&index| self.measures.blocks[index].tokens).sum();
        if alike < LEAST_REMARKS || tokens > REMARKS_SHARE * self.kept_tokens() {
            return;
        }
        let elements = remarks.iter().map(|&index| self.outline.blocks[index].element);
        let Some(around) = elements.reduce(|one, other| self.common(one, other)) else { return };
        // The list's own heading and form stand beside it.
        let parts =
            self.ancestors(around).take_while(|&above| self.measures.sums[above as usize].first as usize > last);
        let Some(part) = parts.last() else { return };
        for index in self.blocks_of(part) {
            self.verdicts[index].drop_for(Reason::Apart(Sign::Remarks));
        }
    }
}

/// Whether every link in an element does something with this page, and leads to no other: prints it, sends it on.
fn passes_on<'a>(document: &'a Document, node: NodeId, story: &Story<'a>) -> bool {
    /// Nodes of an element that are looked at.
    const MOST_NODES: usize = 200;
    const PARTS: [&str; 9] =
        ["javascript:", "mailto:", "whatsapp:", "share", "intent/", "tweet", "/submit?", "send?text", "print"];
    let places = || {
        let ids = document.descendants(NodeId::ROOT).filter_map(|node| document.attribute(node, "id"));
        story.places.get_or_init(|| ids.collect())
    };
    let below = document.descendants(node).take(MOST_NODES).filter(|&node| document.tag(node) == Some(Tag::A));
    let mut targets = below.map(|link| document.attribute(link, "href").unwrap_or_default().trim()).peekable();
    targets.peek().is_some()
        && targets.all(|target| {
            // A page's table of contents leads to places in it.
            let leads_nowhere = || target.strip_prefix('#').is_some_and(|place| !places().contains(place));
            let lower = target.to_ascii_lowercase();
            lower.is_empty() || PARTS.iter().any(|part| lower.contains(part)) || leads_nowhere()
        })
}

/// Whether a text begins with a question and says more: "Something not right? Tell the editor."
fn asks_first(lower: &str) -> bool {
    let first = lower.find(['?', '？', '؟']);
    first.is_some_and(|at| lower[at..].trim_start_matches(['?', '？', '؟', ' ']).contains(char::is_alphabetic))
}

/// Whether it asks so and names an address of electronic mail: "Do you know more? Write to desk@ledger.example".
fn asks_to_write(lower: &str) -> bool {
    lower.contains('@') && asks_first(lower)
}

/// Whether a block has somebody's words in it.
fn quotes(outline: &Outline, index: usize) -> bool {
    outline.text_of(&outline.blocks[index]).contains(['"', '“', '”', '„', '«', '»', '「', '」', '『', '』'])
}
