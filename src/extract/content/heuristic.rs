//! Candidate and prune, in the manner of Readability: the container that holds the article, and what in it is none.

use super::blocks::{Element, NO_ELEMENT, Outline, is_block};
use super::measure::{FAR, LANDMARKS, Measures, cue};
use super::words::Category;
use crate::markup::Tag;
use std::collections::BTreeMap;

/// How much better a wider container must be than a narrower one, as a factor of its F-value.
const WIDEN: f32 = 1.08;
/// Tokens from which class words alone no longer drop a block.
const LONG_BLOCK: f32 = 20.0;
/// Blocks after the last paragraph that may still belong to the article (a list, a correction).
const TAIL_BLOCKS: usize = 4;
/// A landmark nearer than this is one that the block is in; further up it is the page's frame.
const NEAR_LANDMARK: u8 = 10;
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
    /// A teaser on a page that lists them.
    Teaser,
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
    /// "Read more", advertising.
    More,
    /// A photo credit.
    Credit,
    /// A short invitation to subscribe, register, follow.
    Promo,
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
        matches!(self, Self::InContainer | Self::Teaser | Self::Standfirst | Self::Adopted)
    }

    /// The probability from which a model may keep a block against or with this rule. Where the body policy is plain
    /// (a promotion, a pointer to other pages, a form) the model needs to be sure; a standfirst needs little. None of
    /// these differs from one threshold for all by more than .001 in cross-validation.
    pub(super) fn threshold(self) -> f32 {
        match self {
            Self::Standfirst => 0.15,
            Self::SmallPart(_) | Self::More | Self::Promo | Self::In(_) => 0.8,
            Self::Links => 0.6,
            _ => 0.45,
        }
    }

    /// Whether a block so dropped may be kept after all with the table, list or entry that it is part of.
    pub(super) fn is_adoptable(self) -> bool {
        matches!(self, Self::Fragment | Self::Links | Self::Labelled(_) | Self::SmallPart(_))
    }

    /// Whether the rule holds whatever a model says: the headline is no body, nor is another article.
    pub(super) fn is_final(self) -> bool {
        matches!(self, Self::Headline | Self::AnotherArticle | Self::Kicker | Self::Byline)
    }

    /// The rule in words.
    pub(super) fn words(self) -> String {
        match self {
            Self::InContainer => "running text in the article's container".to_owned(),
            Self::Teaser => "a teaser of the list".to_owned(),
            Self::Standfirst => "standfirst above the container".to_owned(),
            Self::Outside => "outside the article's container".to_owned(),
            Self::Labelled(category) => format!("in a part labelled {:?}", Category::NAMES[category as usize]),
            Self::SmallPart(category) => format!("in a small part labelled {:?}", Category::NAMES[category as usize]),
            Self::In(tag) => format!("in <{}>", tag.name()),
            Self::Links => "mostly links".to_owned(),
            Self::Hidden => "hidden".to_owned(),
            Self::More => "a pointer to other pages or an advertising label".to_owned(),
            Self::Credit => "a photo credit".to_owned(),
            Self::Promo => "a promotion".to_owned(),
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
/// Blocks behind the headline in which a byline can stand.
const BYLINE_REACH: i64 = 6;

/// Elements that hold something else than the article when they stand inside its container.
const FOREIGN: [Tag; 6] = [Tag::Aside, Tag::Nav, Tag::Footer, Tag::Form, Tag::Button, Tag::Dialog];

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
    let place = |block: usize| measures.place(outline.blocks[block].element);
    let near = |block: usize, tag: Tag| place(block).landmarks[landmark(tag)];
    let hidden = |block: usize| outline.elements[outline.blocks[block].element as usize].hidden;
    let is_good: Vec<bool> = (0..count)
        .map(|block| {
            measures.blocks[block].is_long
                && near(block, Tag::Aside) > NEAR_LANDMARK
                && near(block, Tag::Nav) > NEAR_LANDMARK
                && near(block, Tag::Footer) > NEAR_LANDMARK
                && place(block).categories[Category::Comment as usize] > NEAR_COMMENTS
                && !hidden(block)
        })
        .collect();
    let good_tokens = over_subtrees(outline, |block| if is_good[block] { measures.blocks[block].tokens } else { 0.0 });
    let balance = balance(&good_tokens, |element| measures.sums[element].tokens);
    let container = widen(outline, &balance, measures.top);
    let inside = within(outline, container);
    let container_depth = outline.elements.get(container as usize).map_or(0, |element| element.depth);

    let mut verdicts: Vec<Rule> = (0..count)
        .map(|index| {
            let block = &outline.blocks[index];
            let measure = &measures.blocks[index];
            let element = &outline.elements[block.element as usize];
            let place = place(index);
            let d_title = measures.title_block.map(|title| index as i64 - title as i64);
            if !inside[block.element as usize] {
                let is_standfirst = place.categories[Category::Lead as usize] <= 2
                    && measure.tokens >= 8.0
                    && measure.link_density < 0.2
                    && d_title.is_some_and(|distance| (1..8).contains(&distance))
                    && near(index, Tag::Aside) > NEAR_LANDMARK;
                return if is_standfirst { Rule::Standfirst } else { Rule::Outside };
            }
            // Only what stands between the container and the block speaks against the block.
            let level = element.depth.saturating_sub(container_depth).min(u16::from(FAR)) as u8;
            let short = measure.tokens < LONG_BLOCK;
            let labelled = |category: &&Category, reach: u8| place.categories[**category as usize] < reach;
            if element.hidden {
                return Rule::Hidden;
            }
            if let Some(&category) = STRICT.iter().find(|category| labelled(category, level)) {
                return Rule::Labelled(category);
            }
            let small = |category: &&Category| {
                let steps = place.categories[**category as usize];
                steps < level && subtree_tokens(outline, measures, block.element, steps) <= SMALL_TOKENS
            };
            let asks_to_pay = |steps: u8| {
                let sums = measures.sums[ancestor(outline, block.element, steps) as usize];
                (sums.first..=sums.last).any(|near| measures.blocks[near as usize].cues & cue::PROMO != 0)
            };
            let small = |category: &&Category| {
                small(category)
                    && (**category != Category::Paywall || asks_to_pay(place.categories[Category::Paywall as usize]))
            };
            if let Some(&category) = SMALL.iter().find(small) {
                return Rule::SmallPart(category);
            }
            if short && let Some(&category) = LENIENT.iter().find(|category| labelled(category, level.min(4))) {
                return Rule::Labelled(category);
            }
            if measure.tokens < 8.0 && !measure.ends_sentence && place.categories[Category::Media as usize] < level {
                return Rule::SmallPart(Category::Media);
            }
            if place.categories[Category::Caption as usize] <= 1 {
                return Rule::Labelled(Category::Caption);
            }
            if let Some(&tag) = FOREIGN.iter().find(|&&tag| near(index, tag) < level) {
                return Rule::In(tag);
            }
            if near(index, Tag::Figure) < level && !matches!(element.tag, Tag::Td | Tag::Blockquote) {
                return Rule::In(Tag::Figure);
            }
            if measure.cues & cue::MORE != 0 && short {
                return Rule::More;
            }
            if measure.link_density > 0.5 && measure.tokens < 30.0 {
                return Rule::Links;
            }
            if measure.cues & cue::CREDIT != 0 && measure.tokens < 12.0 {
                return Rule::Credit;
            }
            if measure.cues & cue::PROMO != 0 && measure.tokens < 15.0 {
                return Rule::Promo;
            }
            if d_title == Some(0) || line_tag(outline, block.element) == Tag::H1 {
                return Rule::Headline;
            }
            if d_title.is_some_and(|distance| distance < 0) && measure.tokens < LABEL_TOKENS {
                return Rule::Kicker;
            }
            if d_title.is_some_and(|distance| (1..=BYLINE_REACH).contains(&distance))
                && near(index, Tag::Blockquote) > NEAR_LANDMARK
                && !measure.ends_sentence | names_year(outline.text_of(block))
                && (measure.cues & cue::BYLINE != 0 && measure.tokens < 2.0 * LABEL_TOKENS
                    || measure.tokens < LABEL_TOKENS && names_year(outline.text_of(block)))
            {
                return Rule::Byline;
            }
            let tag = line_tag(outline, block.element);
            let is_crosshead = block.bold_chars == block.chars && block.link_chars == 0 && !measure.ends_sentence;
            let is_paragraph = matches!(tag, Tag::P | Tag::Blockquote | Tag::Pre | Tag::Li | Tag::Td | Tag::Dd);
            if is_paragraph || is_crosshead || is_subheading(tag) || measure.tokens >= 6.0 {
                Rule::InContainer
            } else {
                Rule::Fragment
            }
        })
        .collect();
    for block in lonely_headings(outline, |block| verdicts[block].keeps()) {
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

/// The element that stands `steps` above another.
fn ancestor(outline: &Outline, mut element: u32, steps: u8) -> u32 {
    for _ in 0..steps {
        element = outline.elements[element as usize].parent;
    }
    element
}

fn subtree_tokens(outline: &Outline, measures: &Measures, element: u32, steps: u8) -> f32 {
    measures.sums[ancestor(outline, element, steps) as usize].tokens
}

/// Pages that scroll on put the next article below the first: an `<article>` with a first-level heading of its own that
/// does not hold the page's headline.
fn drop_other_articles(outline: &Outline, measures: &Measures, verdicts: &mut [Rule]) {
    let Some(title) = measures.title_block else { return };
    let article_of = |block: usize| {
        let mut at = outline.blocks[block].element;
        while at != NO_ELEMENT && outline.elements[at as usize].tag != Tag::Article {
            at = outline.elements[at as usize].parent;
        }
        at
    };
    let own = article_of(title);
    if own == NO_ELEMENT {
        return;
    }
    let others: Vec<u32> = (title + 1..outline.blocks.len())
        .filter(|&block| line_tag(outline, outline.blocks[block].element) == Tag::H1)
        .map(article_of)
        .filter(|&article| article != NO_ELEMENT && article != own)
        .collect();
    for other in others {
        let inside = within(outline, other);
        if inside[outline.blocks[title].element as usize] {
            continue;
        }
        for (verdict, block) in verdicts.iter_mut().zip(&outline.blocks) {
            if inside[block.element as usize] && verdict.keeps() {
                *verdict = Rule::AnotherArticle;
            }
        }
    }
}

/// Kept headings that no kept text follows closely.
pub(super) fn lonely_headings(outline: &Outline, kept: impl Fn(usize) -> bool) -> Vec<usize> {
    /// Blocks below a heading in which its text must begin.
    const REACH: usize = 4;
    let count = outline.blocks.len();
    let is_heading = |block: usize| is_subheading(line_tag(outline, outline.blocks[block].element));
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
    let shape = |block: usize| measures.blocks[block].shape;
    let alike = |block: usize| times.iter().filter(|&&other| shape(other) == shape(block)).count() >= 3;
    adopted.extend(times.iter().copied().filter(|&block| alike(block)));
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

/// Whether a short line is a date: it has a year, and a day beside it.
fn names_year(text: &str) -> bool {
    let mut runs = text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
    runs.clone().any(|run| run.len() == 4 && (run.starts_with("19") || run.starts_with("20")))
        && runs.any(|run| run.len() <= 2)
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

fn is_subheading(tag: Tag) -> bool {
    matches!(tag, Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5)
}
