//! Candidate and prune, in the manner of Readability: the container that holds the article, and what in it is none.

use super::blocks::{Block, Element, NO_ELEMENT, Outline, is_block};
use super::measure::{BlockMeasure, FAR, LANDMARKS, Measures, PageKind, Place, cue};
use super::words::{Category, is_pointer};
use crate::extract::digits::digit_of;
use crate::markup::Tag;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// How much better a wider container must be than a narrower one, as a factor of its F-value.
const WIDEN: f32 = 1.08;
/// Tokens from which class words alone no longer drop a block.
const LONG_BLOCK: f32 = 20.0;
/// Blocks after the last paragraph that may still belong to the article (a list, a correction).
const TAIL_BLOCKS: usize = 4;
/// A landmark nearer than this is one that the block is in; further up it is the page's frame.
pub(super) const NEAR_LANDMARK: u8 = 10;
/// The same for comment sections, whose markup is shallower.
const NEAR_COMMENTS: u8 = 8;

/// What the heuristic found.
#[derive(Debug)]
pub(super) struct Heuristic {
    /// Block by block: the rule that kept or dropped it.
    pub(super) verdicts: Vec<Rule>,
    /// The container.
    pub(super) container: u32,
    /// Balance of running text inside against outside for every element, 0 to 1.
    pub(super) balance: Vec<f32>,
}

impl Heuristic {
    pub(super) fn keeps(&self, block: usize) -> bool {
        self.verdicts[block].keeps()
    }
}

/// Why a block was kept or dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// Running text in the article's container.
    InContainer,
    /// A standfirst just above the container.
    Standfirst,
    /// Outside the container.
    Outside,
    /// In a part that its class words name as something else.
    Labelled(Category),
    /// In a small part that its class words name as something else.
    SmallPart(Category),
    /// In an element for something else: `aside`, `nav`, `form` …
    In(Tag),
    /// Mostly links.
    Links,
    /// Hidden by attribute or style.
    Hidden,
    /// In what asks the reader for consent before the page.
    Consent,
    /// Addresses of pictures or keys of a program in place of words.
    Data,
    /// "Read more", advertising.
    More,
    /// A link behind a sign that points to it.
    Pointer,
    /// "Read also:" or the like, and little but a link.
    WordedPointer,
    /// A photo credit.
    Credit,
    /// An invitation with a link to follow it.
    Invitation,
    /// A short invitation to subscribe, register, follow.
    Promo,
    /// What stands in the place of embedded content until the reader agrees to it.
    Placeholder,
    /// The headline.
    Headline,
    /// A section's name or the like above the headline.
    Kicker,
    /// Names and dates below the headline.
    Byline,
    /// In another article on the same page.
    AnotherArticle,
    /// A short piece that belongs to a kept table, list, definition or live entry.
    Adopted,
    /// Too short to be a paragraph, and in no element that would make it one.
    Fragment,
    /// A heading with nothing kept below it.
    LonelyHeading,
    /// After the end of the article.
    AfterEnd,
}

impl Rule {
    pub(super) fn keeps(self) -> bool {
        matches!(self, Self::InContainer | Self::Standfirst | Self::Adopted)
    }

    /// The probability from which a model may keep a block against or with this rule. Where the body policy is plain
    /// (a promotion, a pointer to other pages, a form) the model needs to be sure; a standfirst needs little. What labels
    /// like "related" and "tags" say of a part holds where the body is running text; where it is cards and rows, parts so
    /// labelled are often the body, and on pages other than articles the model's own view holds. Each was set so that of the
    /// blocks of labelled pages that it lets through, judged by models that saw no page of their site, most are body.
    pub(super) fn threshold(self, kind: PageKind, is_prose: bool, default: f32) -> f32 {
        let is_article = kind == PageKind::Article;
        let own = match self {
            Self::Standfirst => return 0.15,
            // What an entry or a table is kept for stays whole: the times of a live blog.
            Self::Adopted => return default.min(0.3),
            Self::Labelled(Category::Advertising) | Self::SmallPart(Category::Advertising) if is_article => 0.8,
            Self::Labelled(Category::Advertising) | Self::SmallPart(Category::Advertising) | Self::Links
                if is_prose =>
            {
                0.65
            }
            Self::Fragment if is_article => 0.45,
            Self::AfterEnd if is_article || is_prose => 0.45,
            Self::AfterEnd | Self::SmallPart(Category::Byline) => 0.6,
            Self::More | Self::Promo if is_article => 0.65,
            // A pull quote and a box of facts stand so.
            Self::In(Tag::Aside | Tag::Figure) | Self::More | Self::Promo => 0.5,
            Self::Pointer | Self::WordedPointer | Self::In(_) | Self::SmallPart(Category::Newsletter) => 0.8,
            Self::SmallPart(Category::Related) if kind != PageKind::Other && (is_prose || is_article) => 0.6,
            Self::SmallPart(_) if is_prose || is_article => 0.5,
            Self::Labelled(category) if SMALL.contains(&category) => 0.5,
            Self::Invitation | Self::Placeholder => 0.98,
            _ => default,
        };
        own.max(default)
    }

    /// Whether it goes by what class names say of the part around the block.
    pub(super) fn is_label(self) -> bool {
        matches!(self, Self::Labelled(_) | Self::SmallPart(_) | Self::Links)
    }

    /// Whether a block so dropped may be kept after all with the table, list or entry that it is part of.
    pub(super) fn is_adoptable(self) -> bool {
        matches!(self, Self::Fragment | Self::Links | Self::Labelled(_) | Self::SmallPart(_))
    }

    /// Whether it tells a line by its words that asks for something or points elsewhere, whatever stands around it.
    pub(super) fn is_invitation(self) -> bool {
        matches!(
            self,
            Self::Promo | Self::Invitation | Self::More | Self::Pointer | Self::WordedPointer | Self::Placeholder
        )
    }

    /// Whether the rule holds whatever a model says: the headline and the lines around it are no body, nor is what says of
    /// itself that it points elsewhere, and of an article neither is another article or a pointer to one. A thread is made of articles.
    pub(super) fn is_final(self, kind: PageKind) -> bool {
        match self {
            Self::Headline | Self::Kicker | Self::Byline | Self::WordedPointer | Self::Consent | Self::Data => true,
            Self::AnotherArticle | Self::Pointer => kind == PageKind::Article,
            _ => false,
        }
    }

    /// The rule in words.
    pub(super) fn words(self) -> String {
        match self {
            Self::InContainer => "running text in the article's container".to_owned(),
            Self::Standfirst => "standfirst above the container".to_owned(),
            Self::Outside => "outside the article's container".to_owned(),
            Self::Labelled(category) => format!("in a part labelled {:?}", Category::NAMES[category as usize]),
            Self::SmallPart(category) => format!("in a small part labelled {:?}", Category::NAMES[category as usize]),
            Self::In(tag) => format!("in <{}>", tag.name()),
            Self::Links => "mostly links".to_owned(),
            Self::Hidden => "hidden".to_owned(),
            Self::Consent => "a dialog that asks for consent".to_owned(),
            Self::Data => "a picture's address or a program's keys".to_owned(),
            Self::More => "a pointer to other pages or an advertising label".to_owned(),
            Self::Pointer => "a sign that points to a link".to_owned(),
            Self::WordedPointer => "words that point to another story, and its link".to_owned(),
            Self::Credit => "a photo credit".to_owned(),
            Self::Promo => "a promotion".to_owned(),
            Self::Invitation => "an invitation to subscribe or to install".to_owned(),
            Self::Placeholder => "a placeholder for embedded content".to_owned(),
            Self::Headline => "the headline".to_owned(),
            Self::Kicker => "a line above the headline".to_owned(),
            Self::Byline => "a byline".to_owned(),
            Self::AnotherArticle => "in another article below the first".to_owned(),
            Self::Adopted => "part of a kept table, list or entry".to_owned(),
            Self::Fragment => "a fragment".to_owned(),
            Self::LonelyHeading => "a heading with nothing below it".to_owned(),
            Self::AfterEnd => "after the end of the article".to_owned(),
        }
    }
}

/// Drop a block whatever its length.
const STRICT: [Category; 4] = [Category::Comment, Category::Navigation, Category::Advertising, Category::Modal];

/// Drop a short block.
const LENIENT: [Category; 10] = [
    Category::Share,
    Category::Related,
    Category::Newsletter,
    Category::Form,
    Category::Byline,
    Category::Tags,
    Category::Caption,
    Category::Biography,
    Category::Side,
    Category::Footer,
];

/// Drop a block whatever its length if the part so labelled is small: a whole article may be labelled "subscriber".
const SMALL: [Category; 8] = [
    Category::Share,
    Category::Related,
    Category::Newsletter,
    Category::Form,
    Category::Tags,
    Category::Biography,
    Category::Paywall,
    Category::Byline,
];

/// Tokens up to which a part is small.
const SMALL_TOKENS: f32 = 60.0;
/// Tokens up to which a line around the headline is a kicker or a byline.
const LABEL_TOKENS: f32 = 12.0;
/// Signs before a link that leads away from the article. The same as an opening quotation mark has no space behind it.
const POINTERS: [&str; 8] = [">>", "» ", "→", "➜", "➔", "►", "▶", "👉"];
/// Years that a date line of a page is of.
const OUR_YEARS: RangeInclusive<i64> = 1900..=2099;
/// The same years in the calendars of Iran and of the hijra, and in the Buddhist one.
const OTHER_YEARS: [RangeInclusive<i64>; 2] = [1279..=1523, 2443..=2642];
/// Blocks behind the headline in which a byline can stand.
pub(super) const BYLINE_REACH: isize = 6;
/// Tokens under which words in a gallery or a player that end no sentence are its controls.
const CONTROL_TOKENS: f32 = 8.0;
/// Tokens up to which a promotion's words with a link are one.
const PROMO_TOKENS: f32 = 40.0;
/// Tokens up to which a block with a placeholder's words is one; an article about them is longer.
const PLACEHOLDER_TOKENS: f32 = 90.0;
/// Tokens from which words in no element for paragraphs are one.
const FRAGMENT_TOKENS: f32 = 6.0;

/// Elements that hold something else than the article when they stand inside its container.
const FOREIGN: [Tag; 6] = [Tag::Aside, Tag::Nav, Tag::Footer, Tag::Form, Tag::Button, Tag::Dialog];

/// Whether a block has a picture's address or a program's keys in place of words, and is neither a link nor code.
fn is_data(outline: &Outline, block: &Block) -> bool {
    /// How addresses of pictures end.
    const PICTURES: [&str; 6] = [".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg"];
    /// Letters and digits of a key at the least, those of all in a block, and a digit among how many.
    const KEY: usize = 24;
    const KEYS: usize = 72;
    const DIGITS: usize = 5;
    let text = outline.text_of(block);
    let is_address = |word: &str| {
        let path = word.split(['?', '#']).next().unwrap_or_default();
        word.contains("://") && PICTURES.iter().any(|end| path.len() > end.len() && path.ends_with(end))
    };
    let is_key = |word: &str| {
        word.len() >= KEY
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
            && word.bytes().filter(u8::is_ascii_digit).count() * DIGITS >= word.len()
    };
    block.links == 0
        && !matches!(line_tag(outline, block.element), Tag::Pre | Tag::Code | Tag::Td | Tag::Li | Tag::Dd)
        && (text.split_ascii_whitespace().all(is_address)
            || text.len() >= KEYS && text.split_ascii_whitespace().all(is_key))
}

/// Sums of a value over every element's subtree.
pub(super) fn over_subtrees(outline: &Outline, value: impl Fn(usize) -> f32) -> Vec<f32> {
    let mut sums = vec![0.0; outline.elements.len()];
    for (index, block) in outline.blocks.iter().enumerate() {
        sums[block.element as usize] += value(index);
    }
    for index in (1..sums.len()).rev() {
        sums[outline.elements[index].parent as usize] += sums[index];
    }
    sums
}

/// For every element whether it is `top` or below it.
pub(super) fn within(outline: &Outline, top: u32) -> Vec<bool> {
    let mut inside = vec![false; outline.elements.len()];
    for (index, element) in outline.elements.iter().enumerate() {
        inside[index] = index == top as usize || (element.parent != NO_ELEMENT && inside[element.parent as usize]);
    }
    inside
}

/// F-value of taking an element whole, for every element: twice the wanted in it over all in it and all wanted.
pub(super) fn balance(wanted: &[f32], all: impl Fn(usize) -> f32) -> Vec<f32> {
    let total = wanted.first().copied().unwrap_or(0.0);
    wanted.iter().enumerate().map(|(index, &inside)| 2.0 * inside / (all(index) + total + 1e-9)).collect()
}

pub(super) fn landmark(tag: Tag) -> usize {
    LANDMARKS.iter().position(|&known| known == tag).expect("asked for landmarks only")
}

/// Decides for every block.
pub(super) fn decide(outline: &Outline, measures: &Measures) -> Heuristic {
    let count = outline.blocks.len();
    let page = Page { outline, measures };
    let is_good: Vec<bool> = (0..count).map(|block| page.is_running_text(block)).collect();
    let good_tokens = over_subtrees(outline, |block| if is_good[block] { measures.blocks[block].tokens } else { 0.0 });
    let balance = balance(&good_tokens, |element| measures.sums[element].tokens);
    let narrow = widen(outline, &balance, measures.top);
    let container = if measures.says_article { narrow } else { over_sections(outline, measures, narrow) };
    let inside = within(outline, container);
    let depth = outline.elements.get(container as usize).map_or(0, |element| element.depth);
    let mut verdicts: Vec<Rule> = (0..count)
        .map(|index| {
            if page.place(index).asks_consent {
                Rule::Consent
            } else if is_data(outline, &outline.blocks[index]) {
                Rule::Data
            } else if inside[outline.blocks[index].element as usize] {
                page.inside(index, depth)
            } else if page.is_standfirst(index) {
                Rule::Standfirst
            } else {
                Rule::Outside
            }
        })
        .collect();
    for block in lonely_headings(outline, measures, |block| verdicts[block].keeps()) {
        verdicts[block] = Rule::LonelyHeading;
    }
    if let Some(last) = (0..count).rev().find(|&index| verdicts[index].keeps() && is_good[index]) {
        for verdict in verdicts.iter_mut().skip(last + TAIL_BLOCKS).filter(|verdict| verdict.keeps()) {
            *verdict = Rule::AfterEnd;
        }
    }
    drop_other_articles(outline, measures, &mut verdicts);
    let kept: Vec<bool> = verdicts.iter().map(|rule| rule.keeps()).collect();
    for block in adopted(outline, measures, &kept, |block| verdicts[block].is_adoptable()) {
        verdicts[block] = Rule::Adopted;
    }
    Heuristic { verdicts, container, balance }
}

/// What the rules look at.
struct Page<'a> {
    outline: &'a Outline,
    measures: &'a Measures,
}

impl Page<'_> {
    fn place(&self, block: usize) -> &Place {
        self.measures.place(self.outline.blocks[block].element)
    }

    fn near(&self, block: usize, tag: Tag) -> u8 {
        self.place(block).landmarks[landmark(tag)]
    }

    /// How many blocks behind the headline a block stands, negative before it; `None` without a headline.
    fn title_distance(&self, block: usize) -> Option<isize> {
        self.measures.title_block.map(|title| block.cast_signed() - title.cast_signed())
    }

    /// A paragraph in no part that is plainly none of the article.
    fn is_running_text(&self, block: usize) -> bool {
        self.measures.blocks[block].is_long
            && [Tag::Aside, Tag::Nav, Tag::Footer].into_iter().all(|tag| self.near(block, tag) > NEAR_LANDMARK)
            && self.place(block).categories[Category::Comment as usize] > NEAR_COMMENTS
            && !self.outline.elements[self.outline.blocks[block].element as usize].hidden
            && !self.place(block).asks_consent
    }

    fn is_standfirst(&self, block: usize) -> bool {
        let measure = &self.measures.blocks[block];
        let element = self.outline.blocks[block].element;
        let is_bare = self.title_distance(block).is_some_and(|distance| (1..=3).contains(&distance))
            && is_sentence_heading(self.outline, measure, element);
        is_bare
            || self.place(block).categories[Category::Lead as usize] <= 2
                && measure.tokens >= 8.0
                && measure.link_density < 0.2
                && self.title_distance(block).is_some_and(|distance| (1..8).contains(&distance))
                && self.near(block, Tag::Aside) > NEAR_LANDMARK
    }

    /// The rule for a block of the container, which stands `container_depth` deep.
    fn inside(&self, index: usize, container_depth: u16) -> Rule {
        let element = &self.outline.elements[self.outline.blocks[index].element as usize];
        if element.hidden {
            return Rule::Hidden;
        }
        let is_heading = || line_tag(self.outline, self.outline.blocks[index].element).heading_level().is_some();
        if self.title_distance(index) == Some(0) && is_heading() {
            return Rule::Headline;
        }
        // Only what stands between the container and the block speaks against the block.
        let level = element.depth.saturating_sub(container_depth).min(u16::from(FAR)) as u8;
        self.by_label(index, level)
            .or_else(|| self.by_element(index, level))
            .or_else(|| self.by_words(index))
            .or_else(|| self.by_headline(index))
            .unwrap_or_else(|| self.by_form(index))
    }

    /// What class names and ids call the parts around it.
    fn by_label(&self, index: usize, level: u8) -> Option<Rule> {
        let measure = &self.measures.blocks[index];
        let categories = &self.place(index).categories;
        let labelled = |category: Category, reach: u8| categories[category as usize] < reach;
        if let Some(&category) = STRICT.iter().find(|&&category| labelled(category, level)) {
            return Some(Rule::Labelled(category));
        }
        if let Some(&category) =
            SMALL.iter().find(|&&category| labelled(category, level) && self.is_small(index, category))
        {
            return Some(Rule::SmallPart(category));
        }
        if measure.tokens < LONG_BLOCK
            && let Some(&category) = LENIENT.iter().find(|&&category| labelled(category, level.min(4)))
        {
            return Some(Rule::Labelled(category));
        }
        if measure.tokens < CONTROL_TOKENS && !measure.ends_sentence && labelled(Category::Media, level) {
            return Some(Rule::SmallPart(Category::Media));
        }
        labelled(Category::Caption, 2).then_some(Rule::Labelled(Category::Caption))
    }

    /// Whether the part that a label names is small; of a paywall, too, whether it asks to pay.
    fn is_small(&self, index: usize, category: Category) -> bool {
        let steps = self.place(index).categories[category as usize];
        let sums = &self.measures.sums[ancestor(self.outline, self.outline.blocks[index].element, steps) as usize];
        let asks_to_pay =
            || (sums.first..=sums.last).any(|near| self.measures.blocks[near as usize].cues & cue::PROMO != 0);
        sums.tokens <= SMALL_TOKENS && (category != Category::Paywall || asks_to_pay())
    }

    /// What elements it is in.
    fn by_element(&self, index: usize, level: u8) -> Option<Rule> {
        let own = self.outline.elements[self.outline.blocks[index].element as usize].tag;
        let foreign = FOREIGN.iter().find(|&&tag| self.near(index, tag) < level);
        if foreign.is_none() && self.is_in_promotion_box(index, level) {
            return Some(Rule::SmallPart(Category::Newsletter));
        }
        foreign.map(|&tag| Rule::In(tag)).or_else(|| {
            let figure = self.near(index, Tag::Figure);
            let in_figure = figure < level
                && !matches!(own, Tag::Td | Tag::Blockquote)
                && self.near(index, Tag::Blockquote) >= figure;
            in_figure.then_some(Rule::In(Tag::Figure))
        })
    }

    /// Whether it shares a small box with a form or a button that invites to subscribe, register or pay.
    fn is_in_promotion_box(&self, index: usize, level: u8) -> bool {
        /// How far up the box can be, in elements.
        const REACH: u8 = 2;
        let element = self.outline.blocks[index].element;
        (1..=REACH.min(level.saturating_sub(1))).any(|steps| {
            let sums = &self.measures.sums[ancestor(self.outline, element, steps) as usize];
            sums.tokens <= SMALL_TOKENS
                && (sums.first..=sums.last).any(|near| {
                    let near = near as usize;
                    self.measures.blocks[near].cues & cue::PROMO != 0
                        && (self.near(near, Tag::Form) <= REACH + 1 || self.near(near, Tag::Button) <= REACH)
                })
        })
    }

    /// What its own words say.
    fn by_words(&self, index: usize) -> Option<Rule> {
        let measure = &self.measures.blocks[index];
        let has = |cue: u32, most: f32| measure.cues & cue != 0 && measure.tokens < most;
        if has(cue::PLACEHOLDER, PLACEHOLDER_TOKENS) {
            Some(Rule::Placeholder)
        } else if has(cue::MORE, LONG_BLOCK) {
            // Without the colon or the link it may be a sentence of the story.
            let points = measure.link_density > 0.5 && is_pointer(self.outline.text_of(&self.outline.blocks[index]));
            Some(if points { Rule::WordedPointer } else { Rule::More })
        } else if measure.link_density > 0.5 && measure.tokens < 30.0 {
            let points =
                POINTERS.iter().any(|sign| self.outline.text_of(&self.outline.blocks[index]).starts_with(sign));
            Some(if points { Rule::Pointer } else { Rule::Links })
        } else if has(cue::CREDIT, 12.0) {
            Some(Rule::Credit)
        } else if has(cue::INVITATION, PROMO_TOKENS) && self.outline.blocks[index].links > 0 {
            Some(Rule::Invitation)
        } else if has(cue::PROMO, 15.0) {
            Some(Rule::Promo)
        } else {
            None
        }
    }

    /// Where it stands to the headline.
    fn by_headline(&self, index: usize) -> Option<Rule> {
        let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
        if line_tag(self.outline, block.element) == Tag::H1 && !self.is_among_paragraphs(index) {
            return Some(Rule::Headline);
        }
        match self.title_distance(index)? {
            0 => Some(Rule::Headline),
            1..=3 if is_sentence_heading(self.outline, measure, block.element) => Some(Rule::Standfirst),
            distance if distance < 0 => (measure.tokens < LABEL_TOKENS).then_some(Rule::Kicker),
            distance => {
                let is_in_reach = distance <= BYLINE_REACH;
                let dated = is_in_reach && names_year(self.outline.text_of(block)) && !self.is_release(index);
                let is_byline = is_in_reach
                    && self.near(index, Tag::Blockquote) > NEAR_LANDMARK
                    && (!measure.ends_sentence || dated && !has_two_sentences(self.outline.text_of(block)))
                    && (measure.cues & cue::BYLINE != 0 && measure.tokens < 2.0 * LABEL_TOKENS
                        || dated && measure.tokens < LABEL_TOKENS);
                is_byline.then_some(Rule::Byline)
            }
        }
    }

    /// Whether a line is one of several headings that are built alike: a list of changes has one with a day for each version.
    fn is_release(&self, index: usize) -> bool {
        const SEVERAL: usize = 3;
        let shape = self.measures.blocks[index].shape;
        is_subheading(line_tag(self.outline, self.outline.blocks[index].element))
            && self.measures.blocks.iter().filter(|measure| measure.shape == shape).nth(SEVERAL - 1).is_some()
    }

    /// Whether a heading stands between two paragraphs, all children of one element: some programs give every heading of a
    /// story the first level.
    fn is_among_paragraphs(&self, index: usize) -> bool {
        let parent = |index: usize| self.outline.elements[self.outline.blocks[index].element as usize].parent;
        let is_paragraph = |near: usize| {
            self.measures.blocks.get(near).is_some_and(|measure| measure.is_long) && parent(near) == parent(index)
        };
        self.title_distance(index).is_some_and(|distance| distance > 0)
            && index.checked_sub(1).is_some_and(is_paragraph)
            && is_paragraph(index + 1)
    }

    /// Whether it is a paragraph at all.
    fn by_form(&self, index: usize) -> Rule {
        let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
        let tag = line_tag(self.outline, block.element);
        let is_crosshead = block.bold_chars == block.chars && block.link_chars == 0 && !measure.ends_sentence;
        let is_paragraph = matches!(tag, Tag::P | Tag::Blockquote | Tag::Pre | Tag::Li | Tag::Td | Tag::Dd);
        if is_paragraph || is_crosshead || is_subheading(tag) || measure.tokens >= FRAGMENT_TOKENS {
            Rule::InContainer
        } else {
            Rule::Fragment
        }
    }
}

/// Whether a block can be the story's first words that no label names: whole sentences just below the headline, of a length
/// that standfirsts have.
pub(super) fn is_bare_standfirst(outline: &Outline, measures: &Measures, index: usize) -> bool {
    /// Blocks behind the headline, and tokens.
    const REACH: usize = 3;
    const TOKENS: RangeInclusive<f32> = 8.0..=70.0;
    let (block, measure) = (&outline.blocks[index], &measures.blocks[index]);
    measures.title_block.is_some_and(|title| (title + 1..=title + REACH).contains(&index))
        && TOKENS.contains(&measure.tokens)
        && measure.ends_sentence
        && measure.cues == 0
        && block.links == 0
        && block.media == 0
        && matches!(line_tag(outline, block.element), Tag::P | Tag::Div | Tag::Span)
}

/// Whether a block just below the headline is its standfirst beyond doubt: it says what the page's metadata gives as its
/// description, is called so, or is a heading of its own as long as a sentence beside the headline.
pub(super) fn is_plain_standfirst(outline: &Outline, measures: &Measures, index: usize) -> bool {
    /// Blocks behind the headline, and of those a heading.
    const REACH: usize = 6;
    const HEADING_REACH: usize = 2;
    /// Share of its pairs of words that the description has, tokens that are more than a label, and those of a sentence.
    const SAID: f32 = 0.9;
    const LEAST_TOKENS: f32 = 4.0;
    const SENTENCE_TOKENS: f32 = 9.0;
    let Some(title) = measures.title_block.filter(|title| (title + 1..=title + REACH).contains(&index)) else {
        return false;
    };
    let (block, measure) = (&outline.blocks[index], &measures.blocks[index]);
    let own = |index: usize| &outline.elements[outline.blocks[index].element as usize];
    let is_beside = || {
        index <= title + HEADING_REACH
            && measure.tokens >= SENTENCE_TOKENS * measure.tokens_a_word()
            && is_subheading(own(index).tag)
            && own(index).parent == own(title).parent
    };
    // A caption below the picture on top and the box about the writer can be called so too.
    let place = measures.place(block.element);
    let is_other = place.landmarks[landmark(Tag::Figure)] <= 3
        || [Category::Caption, Category::Biography, Category::Byline]
            .iter()
            .any(|&own| place.categories[own as usize] <= 2)
        || measure.tokens < 2.0 * LABEL_TOKENS && names_year(outline.text_of(block));
    !is_other
        && (measure.description_share >= SAID || place.categories[Category::Lead as usize] <= 1 || is_beside())
        && measure.tokens >= LEAST_TOKENS
        && block.links == 0
}

/// The element that stands `steps` above another.
fn ancestor(outline: &Outline, mut element: u32, steps: u8) -> u32 {
    for _ in 0..steps {
        element = outline.elements[element as usize].parent;
    }
    element
}

/// Pages that scroll on put the next article below the first: an `<article>` with a first-level heading of its own that
/// does not hold the page's headline.
fn drop_other_articles(outline: &Outline, measures: &Measures, verdicts: &mut [Rule]) {
    /// Share of running text that must stand below the headline before the other article begins, of the other's.
    const LEAST_OWN: f32 = 0.2;
    let Some(title) = measures.title_block else { return };
    let article_of = |block: usize| {
        let mut at = outline.blocks[block].element;
        while at != NO_ELEMENT && outline.elements[at as usize].tag != Tag::Article {
            at = outline.elements[at as usize].parent;
        }
        at
    };
    let long_tokens = |element: u32| measures.sums[element as usize].long_tokens;
    let own = article_of(title);
    if own == NO_ELEMENT {
        return;
    }
    let mut foreign = vec![false; outline.elements.len()];
    let mut above = 0.0;
    for block in title + 1..outline.blocks.len() {
        let article = article_of(block);
        let is_headed = article != NO_ELEMENT && line_tag(outline, outline.blocks[block].element) == Tag::H1;
        // A headline in a box of its own, with the story in the next one, is no article.
        if is_headed && above >= LEAST_OWN * long_tokens(article) {
            foreign[article as usize] = true;
        }
        let measure = &measures.blocks[block];
        above += if measure.is_long { measure.tokens } else { 0.0 };
    }
    // What holds the headline too is no other article.
    let mut at = outline.blocks[title].element;
    while at != NO_ELEMENT {
        foreign[at as usize] = false;
        at = outline.elements[at as usize].parent;
    }
    for (index, element) in outline.elements.iter().enumerate().skip(1) {
        foreign[index] |= foreign[element.parent as usize];
    }
    for (verdict, block) in verdicts.iter_mut().zip(&outline.blocks) {
        if foreign[block.element as usize] && verdict.keeps() {
            *verdict = Rule::AnotherArticle;
        }
    }
}

/// Kept headings that no kept text follows closely.
pub(super) fn lonely_headings(outline: &Outline, measures: &Measures, kept: impl Fn(usize) -> bool) -> Vec<usize> {
    /// Blocks below a heading in which its text must begin.
    const REACH: usize = 8;
    let count = outline.blocks.len();
    // Some pages set whole paragraphs as headings.
    let is_heading = |block: usize| {
        measures.blocks[block].tokens < LONG_BLOCK && is_subheading(line_tag(outline, outline.blocks[block].element))
    };
    (0..count)
        .filter(|&block| kept(block) && is_heading(block))
        .filter(|&block| !(block + 1..count.min(block + REACH)).any(|next| kept(next) && !is_heading(next)))
        .collect()
}

/// Short pieces that stand or fall with what is around them: a table's cells, a list's items, a term with its meaning,
/// the time of a live entry. `may` says which blocks that are not kept can be.
pub(super) fn adopted(
    outline: &Outline,
    measures: &Measures,
    kept: &[bool],
    may: impl Fn(usize) -> bool,
) -> Vec<usize> {
    /// Share of a table's words or a list's items that must be kept for the rest to be.
    const MAJORITY: f32 = 0.5;
    /// Words of one cell past which a table is a page's layout.
    const CELL_TOKENS: f32 = 60.0;
    /// The same in blocks.
    const CELL_BLOCKS: usize = 4;
    let mut adopted = Vec::new();
    let mut parts: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (index, block) in outline.blocks.iter().enumerate() {
        let mut at = block.element;
        while at != NO_ELEMENT {
            let element = &outline.elements[at as usize];
            if matches!(element.tag, Tag::Table | Tag::Ul | Tag::Ol | Tag::Dl) {
                parts.entry(at).or_default().push(index);
                break;
            }
            at = element.parent;
        }
    }
    for (element, blocks) in parts {
        let is_table = outline.elements[element as usize].tag == Tag::Table;
        let weight = |block: &usize| if is_table { measures.blocks[*block].tokens } else { 1.0 };
        let all: f32 = blocks.iter().map(weight).sum();
        let wanted: f32 = blocks.iter().filter(|&&block| kept[block]).map(weight).sum();
        let mut cells: BTreeMap<u32, usize> = BTreeMap::new();
        for &block in &blocks {
            *cells.entry(cell_of(outline, outline.blocks[block].element)).or_default() += 1;
        }
        let is_layout = is_table
            && (blocks.iter().any(|&block| measures.blocks[block].tokens > CELL_TOKENS)
                || cells.values().any(|&count| count > CELL_BLOCKS));
        if wanted >= MAJORITY * all && !is_layout {
            adopted.extend(blocks.into_iter().filter(|&block| !kept[block] && may(block)));
        }
    }
    // Times of live entries: three or more of one shape, each just above something kept.
    let times: Vec<usize> = (0..kept.len())
        .filter(|&block| !kept[block] && is_clock_time(measures, outline, block))
        .filter(|&block| (block + 1..kept.len().min(block + 3)).any(|next| kept[next]))
        .filter(|&block| outline.elements[outline.blocks[block].element as usize].tag != Tag::A)
        .collect();
    let mut alike: BTreeMap<u64, usize> = BTreeMap::new();
    for &block in &times {
        *alike.entry(measures.blocks[block].shape).or_default() += 1;
    }
    adopted.extend(times.into_iter().filter(|&block| alike[&measures.blocks[block].shape] >= 3));
    adopted
}

/// The table cell around an element, or the element at the top.
fn cell_of(outline: &Outline, mut element: u32) -> u32 {
    while !matches!(outline.elements[element as usize].tag, Tag::Td | Tag::Th)
        && outline.elements[element as usize].parent != NO_ELEMENT
    {
        element = outline.elements[element as usize].parent;
    }
    element
}

/// A standfirst that only its place and its full stop tell from a heading.
pub(super) fn is_sentence_heading(outline: &Outline, measure: &BlockMeasure, element: u32) -> bool {
    is_subheading(line_tag(outline, element))
        && measure.ends_sentence
        && measure.tokens >= 8.0
        && measure.link_density < 0.2
}

/// Whether a short line is a date: it has a year, and a day beside it. Digits of other scripts may count the years of
/// other calendars.
pub(super) fn names_year(text: &str) -> bool {
    // Lines without a digit are most of them, and those in our own the most of the others.
    if text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let (mut year, mut day) = (false, false);
    for run in text.split(|c: char| digit_of(c).is_none()).filter(|run| !run.is_empty()) {
        match run
            .chars()
            .filter_map(digit_of)
            .take(5)
            .fold((0, 0), |(length, value), digit| (length + 1, value * 10 + digit))
        {
            (1..=2, _) => day = true,
            (4, value) => {
                year |=
                    OUR_YEARS.contains(&value) || !run.is_ascii() && OTHER_YEARS.iter().any(|own| own.contains(&value));
            }
            _ => {}
        }
    }
    year && day
}

/// "14:52", "9.15 Uhr", "2:30 pm".
fn is_clock_time(measures: &Measures, outline: &Outline, block: usize) -> bool {
    let text = outline.text_of(&outline.blocks[block]);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    measures.blocks[block].tokens <= 5.0
        && (1..=2).contains(&digits)
        && matches!(text.as_bytes().get(digits), Some(b':' | b'.' | b'h'))
        && text.as_bytes().get(digits + 1).is_some_and(u8::is_ascii_digit)
}

/// From the element with the most points up, while a wider one is clearly better.
fn widen(outline: &Outline, balance: &[f32], top: u32) -> u32 {
    let Some(mut element) = outline.elements.get(top as usize) else { return 0 };
    let mut best = top;
    while element.parent != NO_ELEMENT {
        if balance[element.parent as usize] > balance[best as usize] * WIDEN {
            best = element.parent;
        }
        element = &outline.elements[element.parent as usize];
    }
    best
}

/// The element around a part and what stands beside it, if that is more of the same text: headings with what they head, and
/// hardly a link. The part with the longest paragraphs is no more the text than a table, a list of parameters or an example is.
fn over_sections(outline: &Outline, measures: &Measures, part: u32) -> u32 {
    /// Elements that it can be wider, and the share of links in what is added, at the most.
    const LEVELS: usize = 4;
    const MOST_LINKS: f32 = 0.15;
    let mut best = part;
    let mut inner = part;
    for _ in 0..LEVELS {
        let parent = outline.elements.get(inner as usize).map_or(NO_ELEMENT, |element| element.parent);
        let Some(sums) = measures.sums.get(parent as usize) else { break };
        let own = &measures.sums[best as usize];
        if matches!(outline.elements[parent as usize].tag, Tag::Body | Tag::Html) {
            break;
        }
        let (links, chars) = (sums.link_chars - own.link_chars, sums.chars - own.chars);
        if links > MOST_LINKS * chars {
            break;
        }
        let heads = (own.last as usize + 1..=sums.last as usize).any(|index| {
            let block = &outline.blocks[index];
            block.links == 0 && is_subheading(line_tag(outline, block.element))
        });
        if heads {
            best = parent;
        }
        inner = parent;
    }
    best
}

/// The tag of the element whose line a block is: of `<h2><a>Words</a></h2>` the heading, not the link.
pub(super) fn line_tag(outline: &Outline, mut element: u32) -> Tag {
    loop {
        let Element { tag, parent, .. } = outline.elements[element as usize];
        if is_block(tag) || parent == NO_ELEMENT {
            return tag;
        }
        element = parent;
    }
}

/// Whether a line is two sentences: "In 1998 it was 41. Last year it was 78."
fn has_two_sentences(text: &str) -> bool {
    let parts: Vec<&str> = text.trim_end().trim_end_matches('.').split(". ").collect();
    parts.len() == 2
        && parts.iter().all(|part| {
            part.split_whitespace().count() >= 3
                && part.starts_with(char::is_uppercase)
                && part.split_whitespace().skip(1).any(|word| word.starts_with(char::is_lowercase))
        })
}

pub(super) fn is_subheading(tag: Tag) -> bool {
    matches!(tag, Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5)
}
