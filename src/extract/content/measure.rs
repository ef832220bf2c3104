//! What can be counted of every block and of every element, in a fixed number of passes over flat arrays.

use super::blocks::{NO_ELEMENT, Outline};
use super::drawn;
use super::phrases::Recent;
use super::words::{self, Category, NEGATIVE, categories_of, cues_of, each_word};
use crate::markup::{Document, Tag};
use crate::model::hashed::{HashedMap, HashedSet};
use crate::model::letters::{lower, push_lower};
use std::cell::RefCell;
use std::ops::Range;

/// Which model reads a page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in super::super) enum PageKind {
    /// Its metadata says that it is an article.
    Article,
    /// Nothing says what it is.
    Unsaid,
    /// It is something else.
    #[default]
    Other,
}

/// What a page says that it is about, if that is one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Thing {
    /// Something that is sold there.
    Product,
    /// Something that is discussed there.
    Thread,
}

/// What the page's metadata says of its own text; any of it may be empty.
#[derive(Debug, Default, Clone)]
pub(in super::super) struct PageWords<'a> {
    /// What kind of page it says it is.
    pub(in super::super) kind: PageKind,
    /// The one thing that it says it is about.
    pub(in super::super) thing: Option<Thing>,
    /// Whether all of it is a part that the user chose as the body.
    pub(in super::super) is_chosen: bool,
    /// The title as Open Graph or `<title>` give it.
    pub(in super::super) title: &'a str,
    /// What of that title is the page's own, without the names of sections and site.
    pub(in super::super) own_title: &'a str,
    /// The headline as JSON-LD gives it.
    pub(in super::super) headline: &'a str,
    /// The descriptions of meta tags and JSON-LD.
    pub(in super::super) descriptions: [&'a str; 3],
    /// The body as JSON-LD gives it.
    pub(in super::super) article_body: &'a str,
    /// Who wrote it, as JSON-LD and meta tags give it, in lower case: whole names.
    pub(in super::super) writers: Vec<String>,
    /// The domain that the page's owner registered.
    pub(in super::super) site: &'a str,
    /// What the page calls its site.
    pub(in super::super) site_name: &'a str,
}

/// Ancestors that are looked at have a distance below this; a category or element that is not there has this distance.
pub(super) const FAR: u8 = 15;

/// Tokens from which a block of few links counts as running text.
const LONG_TOKENS: f32 = 12.0;
/// Link share under which it does.
const LONG_LINK_DENSITY: f32 = 0.35;
/// The same for text that is surely a paragraph.
const STRONG_TOKENS: f32 = 25.0;
const STRONG_LINK_DENSITY: f32 = 0.3;
/// Characters from which a block earns its ancestors points, as in Readability.
const SCORED_CHARS: u32 = 25;
/// How many ancestors it earns points for, as in Readability.
const SCORED_LEVELS: usize = 5;
/// How many of the page's commonest words count as its function words.
const STOP_WORDS: usize = 25;
/// Longest block in tokens that can be a headline.
pub(super) const TITLE_TOKENS: usize = 60;

/// Elements whose distance above a block is a feature, in the order of the columns.
pub(super) const LANDMARKS: [Tag; 20] = [
    Tag::Article,
    Tag::Main,
    Tag::Aside,
    Tag::Nav,
    Tag::Header,
    Tag::Footer,
    Tag::Form,
    Tag::Figure,
    Tag::Blockquote,
    Tag::Table,
    Tag::Ul,
    Tag::Ol,
    Tag::Li,
    Tag::Section,
    Tag::Dl,
    Tag::Button,
    Tag::A,
    Tag::Details,
    Tag::Dialog,
    Tag::P,
];

/// How many categories there are.
pub(super) const CATEGORIES: usize = Category::NAMES.len();

/// A block, counted.
#[derive(Debug, Clone)]
pub(super) struct BlockMeasure {
    /// Its words in [`Measures::words`].
    pub(super) words: Range<usize>,
    /// Its text in [`Measures::lower`].
    lower: Range<usize>,
    pub(super) tokens: f32,
    pub(super) chars: f32,
    pub(super) link_chars: f32,
    pub(super) link_density: f32,
    pub(super) short_words: f32,
    pub(super) signs: Signs,
    pub(super) ends_sentence: bool,
    pub(super) cues: u32,
    /// Running text by length and links.
    pub(super) is_long: bool,
    /// Surely a paragraph.
    pub(super) is_strong: bool,
    pub(super) duplicates: u32,
    pub(super) seen_before: u32,
    /// Which blocks are built alike: tag and first class of element and parent.
    pub(super) shape: u64,
    /// The same among the children of one parent.
    pub(super) sibling_shape: u64,
    /// Share of its words that the title has, and of the title's that it has.
    pub(super) title_share: f32,
    pub(super) title_cover: f32,
    /// The same for pairs of words and the descriptions; -1 where there are none.
    pub(super) description_share: f32,
    pub(super) description_cover: f32,
    /// Share of its word triples that the JSON-LD body has; -0.5 for blocks under three words, -1 without such a body.
    pub(super) body_share: f32,
}

impl BlockMeasure {
    /// How many tokens make a word: in scripts without blanks every character is one.
    pub(super) fn tokens_a_word(&self) -> f32 {
        /// Characters of a token under which the text is of such a script.
        const CHARACTERS: f32 = 2.0;
        /// About how many make a word there.
        const TOKENS: f32 = 3.0;
        if self.chars < CHARACTERS * self.tokens { TOKENS } else { 1.0 }
    }
}

/// What an element's subtree holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sums {
    pub(super) tokens: f32,
    pub(super) chars: f32,
    pub(super) link_chars: f32,
    pub(super) commas: f32,
    pub(super) blocks: f32,
    pub(super) long: f32,
    pub(super) paragraphs: f32,
    pub(super) children: f32,
    pub(super) first: u32,
    pub(super) last: u32,
    /// Tokens in blocks that are running text.
    pub(super) long_tokens: f32,
    /// Blocks with an amount of money.
    pub(super) prices: f32,
}

const NOTHING: Sums = Sums {
    tokens: 0.0,
    chars: 0.0,
    link_chars: 0.0,
    commas: 0.0,
    blocks: 0.0,
    long: 0.0,
    paragraphs: 0.0,
    children: 0.0,
    first: u32::MAX,
    last: 0,
    long_tokens: 0.0,
    prices: 0.0,
};

impl Sums {
    pub(super) fn link_density(&self) -> f32 {
        self.link_chars / self.chars.max(1.0)
    }

    fn add(&mut self, below: &Self) {
        self.tokens += below.tokens;
        self.chars += below.chars;
        self.link_chars += below.link_chars;
        self.commas += below.commas;
        self.blocks += below.blocks;
        self.long += below.long;
        self.paragraphs += below.paragraphs;
        self.long_tokens += below.long_tokens;
        self.prices += below.prices;
        self.first = self.first.min(below.first);
        self.last = self.last.max(below.last);
    }
}

/// What an element inherits from above.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Steps up to the nearest element of each category, 0 for itself.
    pub(super) categories: [u8; CATEGORIES],
    /// How many elements of the categories that speak against a body are above, itself included.
    pub(super) negatives: u16,
    /// The same for the two that speak for one.
    pub(super) positives: u16,
    /// Steps up to the nearest [`LANDMARKS`].
    pub(super) landmarks: [u8; LANDMARKS.len()],
    /// In an element that says it is the body by microdata.
    pub(super) article_body: bool,
    /// In an element whose role is `main`.
    pub(super) role_main: bool,
    /// In what asks the reader for consent before the page.
    pub(super) asks_consent: bool,
    /// Its own categories, as a mask.
    pub(super) own: u32,
}

const NOWHERE: Place = Place {
    categories: [FAR; CATEGORIES],
    negatives: 0,
    positives: 0,
    landmarks: [FAR; LANDMARKS.len()],
    article_body: false,
    role_main: false,
    asks_consent: false,
    own: 0,
};

/// All that is counted of a page.
#[derive(Debug)]
pub(super) struct Measures {
    pub(super) blocks: Vec<BlockMeasure>,
    /// Every block's text in lower case.
    lower: String,
    pub(super) sums: Vec<Sums>,
    /// Index of an element's [`Place`] in `places`; elements without text below have none.
    place_of: Vec<u32>,
    places: Vec<Place>,
    /// Points as in Readability, weighed by link share and class words.
    pub(super) points: Vec<f32>,
    /// The element with the most points, and its points (1 where there are none).
    pub(super) top: u32,
    pub(super) top_points: f32,
    pub(super) words: Vec<u32>,
    pub(super) stop_words: HashedSet,
    /// The block that is the headline.
    pub(super) title_block: Option<usize>,
    pub(super) body_triples: usize,
    /// The page's metadata says that it is an article.
    pub(super) says_article: bool,
    /// What the page says that it is about.
    pub(super) thing: Option<Thing>,
    /// The page says that it is no article.
    pub(super) is_other: bool,
    pub(super) tokens: f32,
}

impl Measures {
    /// A block's text in lower case.
    pub(super) fn lower_of(&self, block: usize) -> &str {
        &self.lower[self.blocks[block].lower.clone()]
    }

    /// Where an element stands; only for elements with text below them.
    pub(super) fn place(&self, element: u32) -> &Place {
        self.places.get(self.place_of[element as usize] as usize).unwrap_or(&NOWHERE)
    }
}

/// Counts a page.
pub(super) fn measure(document: &Document, outline: &Outline, page: &PageWords<'_>) -> Measures {
    let mut lower = String::with_capacity(outline.text.len());
    let mut words = Vec::with_capacity(outline.text.len() / 5);
    let mut blocks = Vec::with_capacity(outline.blocks.len());
    let page_grams = PageGrams::new(page);
    let mut copies: HashedMap<u32> = HashedMap::default();
    let mut text_hashes = Vec::with_capacity(outline.blocks.len());
    let first_class = |element: u32| {
        let element = &outline.elements[element as usize];
        let id = || document.attribute(element.node, "id").filter(|_| element.tag.heading_level().is_none());
        let class = document.attribute(element.node, "class").or_else(id).unwrap_or_default();
        class.split_ascii_whitespace().next().unwrap_or_default()
    };
    for block in &outline.blocks {
        let text = outline.text_of(block);
        let from = lower.len();
        push_lower(&mut lower, text);
        let low = &lower[from..];
        let first_word = words.len();
        let mut short_words = 0;
        each_word(low, |hash, length| {
            words.push(hash);
            short_words += usize::from(length <= 3);
        });
        let tokens = (words.len() - first_word) as f32;
        let link_density = block.link_chars as f32 / (block.chars as f32).max(1.0);
        let hash = xxhash_rust::xxh3::xxh3_64(low.as_bytes());
        *copies.entry(hash).or_default() += 1;
        text_hashes.push(hash);
        let element = &outline.elements[block.element as usize];
        let parent = if element.parent == NO_ELEMENT { block.element } else { element.parent };
        let shape = hash_all(&[
            &[element.tag as u8],
            first_class(block.element).as_bytes(),
            &[outline.elements[parent as usize].tag as u8],
            first_class(parent).as_bytes(),
        ]);
        let sibling_shape =
            hash_all(&[&[element.tag as u8], first_class(block.element).as_bytes(), &parent.to_le_bytes()]);
        let own = &words[first_word..];
        let (title_share, title_cover) = page_grams.title_overlap(own);
        let (description_share, description_cover) = page_grams.description_overlap(own);
        blocks.push(BlockMeasure {
            words: first_word..words.len(),
            lower: from..lower.len(),
            tokens,
            chars: block.chars as f32,
            link_chars: block.link_chars as f32,
            link_density,
            short_words: short_words as f32 / tokens.max(1.0),
            signs: Signs::of(text),
            ends_sentence: ends_sentence(text),
            cues: cues_of(low),
            is_long: tokens >= LONG_TOKENS && link_density < LONG_LINK_DENSITY,
            is_strong: tokens >= STRONG_TOKENS && link_density < STRONG_LINK_DENSITY,
            duplicates: 0,
            seen_before: 0,
            shape,
            sibling_shape,
            title_share,
            title_cover,
            description_share,
            description_cover,
            body_share: page_grams.body_share(own),
        });
    }
    let mut seen: HashedMap<u32> = HashedMap::default();
    for (block, hash) in blocks.iter_mut().zip(text_hashes) {
        block.duplicates = copies[&hash];
        let before = seen.entry(hash).or_default();
        block.seen_before = *before;
        *before += 1;
    }
    let sums = sum_up(outline, &blocks);
    let title_block = title_block(outline, &blocks, &words, &page_grams.title, &words_of(page.own_title))
        .or_else(|| drawn::headline(document, outline, &blocks));
    let (place_of, places) = places(document, outline, &sums, title_block);
    let (points, top) = points(outline, &blocks, &sums, &place_of, &places);
    let top_points = points.get(top as usize).copied().filter(|&best| best > 0.0).unwrap_or(1.0);
    Measures {
        stop_words: stop_words(&blocks, &words),
        tokens: blocks.iter().map(|block| block.tokens).sum::<f32>().max(1.0),
        blocks,
        lower,
        sums,
        place_of,
        places,
        points,
        top,
        top_points,
        words,
        title_block,
        body_triples: page_grams.body.len(),
        says_article: page.kind == PageKind::Article,
        thing: page.thing,
        is_other: page.kind == PageKind::Other,
    }
}

fn hash_all(parts: &[&[u8]]) -> u64 {
    parts.iter().fold(0, |hash, part| xxhash_rust::xxh3::xxh3_64_with_seed(part, hash ^ part.len() as u64))
}

/// The page's own words for its title, its descriptions and its body.
struct PageGrams {
    title: HashedSet,
    descriptions: HashedSet,
    body: HashedSet,
}

impl PageGrams {
    fn new(page: &PageWords<'_>) -> Self {
        let mut title = HashedSet::default();
        for text in [page.title, page.headline] {
            title.extend(words_of(text).into_iter().map(u64::from));
        }
        let mut descriptions = HashedSet::default();
        for text in page.descriptions {
            descriptions.extend(grams(&words_of(text), 2));
        }
        let body = grams(&words_of(page.article_body), 3).collect();
        Self { title, descriptions, body }
    }

    fn title_overlap(&self, words: &[u32]) -> (f32, f32) {
        if self.title.is_empty() || words.is_empty() || words.len() > 4 * TITLE_TOKENS {
            return (0.0, 0.0);
        }
        if !words.iter().any(|&word| self.title.contains(&u64::from(word))) {
            return (0.0, 0.0);
        }
        let own: HashedSet = words.iter().map(|&word| u64::from(word)).collect();
        let common = own.intersection(&self.title).count() as f32;
        (common / own.len() as f32, common / self.title.len() as f32)
    }

    fn description_overlap(&self, words: &[u32]) -> (f32, f32) {
        if self.descriptions.is_empty() {
            return (-1.0, -1.0);
        }
        if !grams(words, 2).any(|gram| self.descriptions.contains(&gram)) {
            return (0.0, 0.0);
        }
        let own: HashedSet = grams(words, 2).collect();
        let common = own.intersection(&self.descriptions).count() as f32;
        (common / (own.len() as f32).max(1.0), common / self.descriptions.len() as f32)
    }

    fn body_share(&self, words: &[u32]) -> f32 {
        if self.body.is_empty() || words.is_empty() {
            return -1.0;
        }
        if words.len() < 3 {
            return -0.5;
        }
        let total = words.len() - 2;
        grams(words, 3).filter(|gram| self.body.contains(gram)).count() as f32 / total as f32
    }
}

/// The hashes of a text's words.
pub(in super::super) fn words_of(text: &str) -> Vec<u32> {
    let mut words = Vec::new();
    each_word(&lower(text), |hash, _| words.push(hash));
    words
}

/// Runs of `n` words, hashed; a shorter text is one run.
pub(super) fn grams(words: &[u32], n: usize) -> impl Iterator<Item = u64> + '_ {
    let size = n.min(words.len()).max(1);
    words.windows(size).map(move |window| {
        window.iter().fold(size as u64, |hash, &word| {
            (hash.rotate_left(29) ^ u64::from(word)).wrapping_mul(0xD6E8_FEB8_6659_FD93)
        })
    })
}

/// What a block's signs say of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signs {
    /// Commas and ends of sentences, in the scripts that have signs for them.
    pub(super) commas: f32,
    pub(super) sentences: f32,
    /// It has a sign that parts links or points to them.
    pub(super) pointer: bool,
    /// It has an address of a page or of a mailbox.
    pub(super) address: bool,
    /// It has an amount of money.
    pub(super) price: bool,
}

impl Signs {
    fn of(text: &str) -> Self {
        let (mut commas, mut sentences) = (0, 0);
        let (mut pointer, mut address, mut price) = (false, false, false);
        let mut pending = false;
        for (at, c) in text.char_indices() {
            if pending && c.is_whitespace() {
                sentences += 1;
            }
            match c {
                ',' | '،' | '、' | '，' | ';' | '；' => {
                    commas += 1;
                    pending = false;
                }
                '。' | '！' | '？' => {
                    sentences += 1;
                    pending = false;
                }
                '.' | '!' | '?' | '؟' | '।' | '…' => pending = true,
                '"' | '\'' | '”' | '’' | '）' | ')' => {}
                '»' => pointer = true,
                _ => {
                    pending = false;
                    match c {
                        '$' | '€' | '£' | '¥' | '₹' | '₽' | '₩' | '₪' | '₫' | '₺' | '฿' => {
                            price = true;
                        }
                        '|' | '›' | '•' | '·' | '→' | '▶' | '►' => pointer = true,
                        '@' => address = true,
                        'h' => address |= text[at..].starts_with("http"),
                        'w' => address |= text[at..].starts_with("www."),
                        _ => {}
                    }
                }
            }
        }
        Self { commas: commas as f32, sentences: (sentences + i32::from(pending)) as f32, pointer, address, price }
    }
}

pub(in super::super) fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(|c: char| c.is_whitespace() || "\"'”’»」』）)]".contains(c));
    text.ends_with(['.', '!', '?', '。', '！', '？', '؟', '।'])
}

fn sum_up(outline: &Outline, blocks: &[BlockMeasure]) -> Vec<Sums> {
    let mut sums = vec![NOTHING; outline.elements.len()];
    for (index, (block, measure)) in outline.blocks.iter().zip(blocks).enumerate() {
        let sum = &mut sums[block.element as usize];
        sum.tokens += measure.tokens;
        sum.chars += measure.chars;
        sum.link_chars += measure.link_chars;
        sum.commas += measure.signs.commas;
        sum.blocks += 1.0;
        sum.prices += f32::from(measure.signs.price);
        sum.paragraphs += f32::from(outline.elements[block.element as usize].tag == Tag::P);
        if measure.is_long {
            sum.long += 1.0;
            sum.long_tokens += measure.tokens;
        }
        sum.first = sum.first.min(index as u32);
        sum.last = sum.last.max(index as u32);
    }
    for index in (1..sums.len()).rev() {
        let below = sums[index];
        let parent = &mut sums[outline.elements[index].parent as usize];
        parent.add(&below);
        parent.children += 1.0;
    }
    sums
}

thread_local! {
    /// The categories of labels.
    static SEEN: RefCell<Recent> = RefCell::default();
}

fn places(document: &Document, outline: &Outline, sums: &[Sums], title_block: Option<usize>) -> (Vec<u32>, Vec<Place>) {
    /// The share of the page's words that what asks for consent can have: a wrapper of the page may have its name to say
    /// that it is shown. A story that stands with its headline below can be shorter than what is asked.
    const CONSENT_SHARE: f32 = 0.5;
    const SHARE_ABOVE_HEADLINE: f32 = 0.95;
    let all = sums.first().map_or(0.0, |body| body.tokens);
    let is_before_page = |sums: &Sums| {
        let has_headline = title_block.is_some_and(|title| (sums.first..=sums.last).contains(&(title as u32)));
        let is_above = title_block.is_some_and(|title| (sums.last as usize) < title);
        let share = if is_above { SHARE_ABOVE_HEADLINE } else { CONSENT_SHARE };
        !has_headline && sums.tokens <= share * all
    };
    let mut place_of = vec![u32::MAX; outline.elements.len()];
    let mut places: Vec<Place> = Vec::new();
    let mut labels = String::new();
    for (index, element) in outline.elements.iter().enumerate() {
        if sums[index].blocks == 0.0 {
            continue;
        }
        let mut place = match element.parent {
            NO_ELEMENT => NOWHERE,
            parent => places[place_of[parent as usize] as usize],
        };
        // A loop for each: of a chain the compiler makes no vectors.
        let step_up = |distance: &mut u8| *distance = (*distance + 1).min(FAR);
        place.categories.iter_mut().for_each(step_up);
        place.landmarks.iter_mut().for_each(step_up);
        labels.clear();
        collect_labels(document, element.node, &mut labels, &mut place);
        place.own = if labels.is_empty() || index == 0 {
            0
        } else {
            SEEN.with_borrow_mut(|seen| seen.groups(&labels, || categories_of(&lower(&labels))))
        };
        let mut own = place.own;
        while own != 0 {
            place.categories[own.trailing_zeros() as usize] = 0;
            own &= own - 1;
        }
        place.asks_consent |= place.own & Category::Consent.bit() != 0 && is_before_page(&sums[index]);
        place.negatives += (place.own & NEGATIVE).count_ones() as u16;
        place.positives += (place.own & (Category::Body.bit() | Category::Content.bit())).count_ones() as u16;
        if let Some(landmark) = LANDMARKS.iter().position(|&tag| tag == element.tag) {
            place.landmarks[landmark] = 0;
        }
        place_of[index] = places.len() as u32;
        places.push(place);
    }
    (place_of, places)
}

/// Longest label that is read, in bytes: utility-class frameworks write class lists of thousands.
const LABEL_BYTES: usize = 300;

fn collect_labels(document: &Document, node: crate::markup::NodeId, labels: &mut String, place: &mut Place) {
    let is_heading = document.tag(node).is_some_and(|tag| tag.heading_level().is_some());
    for attribute in document.attributes(node) {
        let value = &*attribute.value;
        let name = &*attribute.name;
        let longest = match name {
            // A heading's is mostly an anchor, made of its own words.
            "id" if is_heading => continue,
            "class" | "id" => LABEL_BYTES,
            "role"
            | "itemprop"
            | "data-testid"
            | "data-component"
            | "data-component-name"
            | "rel"
            | "aria-label"
            | "itemtype" => 60,
            _ => continue,
        };
        match name {
            "itemprop" => place.article_body |= matches!(value, "articleBody" | "text"),
            "role" => place.role_main |= value == "main",
            _ => {}
        }
        if !labels.is_empty() {
            labels.push(' ');
        }
        let value = if name == "itemtype" { value.rsplit('/').next().unwrap_or(value) } else { value };
        labels.push_str(&value[..value.floor_char_boundary(longest)]);
    }
}

/// Readability's points: every block gives its ancestors some, less the further up they are.
fn points(
    outline: &Outline,
    blocks: &[BlockMeasure],
    sums: &[Sums],
    place_of: &[u32],
    places: &[Place],
) -> (Vec<f32>, u32) {
    /// What a class word for or against a body does to the points.
    const AGAINST: f32 = 0.6;
    const FOR: f32 = 1.25;
    let mut points = vec![0.0_f32; outline.elements.len()];
    for (block, measure) in outline.blocks.iter().zip(blocks) {
        if block.chars < SCORED_CHARS {
            continue;
        }
        let score = 1.0 + measure.signs.commas + (measure.chars / 100.0).min(3.0);
        let mut above = outline.elements[block.element as usize].parent;
        for level in 0..SCORED_LEVELS {
            if above == NO_ELEMENT {
                break;
            }
            let share = match level {
                0 => 1.0,
                1 => 2.0,
                level => level as f32 * 3.0,
            };
            points[above as usize] += score / share;
            above = outline.elements[above as usize].parent;
        }
    }
    let mut top = 0;
    for index in 0..points.len() {
        if let Some(place) = places.get(place_of[index] as usize) {
            let mut weight = 1.0 - sums[index].link_density();
            if place.own & NEGATIVE != 0 {
                weight *= AGAINST;
            }
            if place.own & Category::Body.bit() != 0 {
                weight *= FOR;
            }
            points[index] *= weight;
        }
        if points[index] > points[top] {
            top = index;
        }
    }
    (points, top as u32)
}

fn stop_words(blocks: &[BlockMeasure], words: &[u32]) -> HashedSet {
    let mut counts: HashedMap<(u32, u32)> = HashedMap::default();
    for (index, block) in blocks.iter().enumerate().filter(|(_, block)| block.is_long) {
        for &word in &words[block.words.clone()] {
            let (count, last) = counts.entry(u64::from(word)).or_insert((0, u32::MAX));
            if *last != index as u32 {
                *last = index as u32;
                *count += 1;
            }
        }
    }
    let mut ranked: Vec<(u32, u64)> = counts.into_iter().map(|(word, (count, _))| (count, word)).collect();
    let keep = STOP_WORDS.min(ranked.len());
    if keep < ranked.len() {
        ranked.select_nth_unstable_by(keep, |one, other| other.cmp(one));
    }
    ranked[..keep].iter().map(|&(_, word)| word).collect()
}

fn title_block(
    outline: &Outline,
    blocks: &[BlockMeasure],
    words: &[u32],
    title: &HashedSet,
    own_title: &[u32],
) -> Option<usize> {
    /// A first-level heading is a headline even where its words differ a little.
    const HEADING_BONUS: f32 = 0.3;
    /// A heading that says just what the title says before the names of section and site: more than those names, which
    /// manuals repeat on every page, can have in common with the title.
    const OWN_TITLE_BONUS: f32 = 0.6;
    /// Overlap from which a block can be the headline.
    const LEAST: f32 = 0.45;
    // Its own element's level, or that of the heading that it is in.
    let heading = |index: usize| {
        let element = &outline.elements[outline.blocks[index].element as usize];
        element.tag.heading_level().or_else(|| {
            let parent = (element.parent != NO_ELEMENT).then(|| &outline.elements[element.parent as usize])?;
            parent.tag.heading_level()
        })
    };
    let mut best = None;
    let mut best_value = 0.0;
    if !title.is_empty() {
        for (index, block) in blocks.iter().enumerate() {
            if block.title_share == 0.0 || block.words.len() > TITLE_TOKENS {
                continue;
            }
            let block_words = &words[block.words.clone()];
            let own: HashedSet = block_words.iter().map(|&word| u64::from(word)).collect();
            let common = own.intersection(title).count() as f32;
            let mut value = 2.0 * common / (own.len() + title.len()) as f32;
            let level = heading(index);
            // Another story's headline can be nearly this one's: "Results of the south", "Results of the north".
            let is_link = outline.blocks[index].link_chars == outline.blocks[index].chars;
            let is_other = (own.len() as f32) > common && title.len() as f32 > common;
            if is_link && is_other && level != Some(1) {
                continue;
            }
            if level == Some(1) {
                value += HEADING_BONUS;
            }
            if level.is_some() && block_words == own_title {
                value += OWN_TITLE_BONUS;
            }
            if value > best_value + 0.001 && value > LEAST {
                (best, best_value) = (Some(index), value);
            }
        }
    }
    let first_heading = || (0..blocks.len()).find(|&index| heading(index) == Some(1));
    // Below running text that a first-level heading stands above, what is no heading says the title again.
    let is_said_again = |index: usize| {
        let above = first_heading().filter(|&first| first < index && heading(index).is_none());
        above.is_some_and(|first| blocks[first..index].iter().any(|block| block.is_long))
    };
    best.filter(|&index| !is_said_again(index)).or_else(first_heading)
}

/// The cue bits again, for the modules beside this one.
pub(super) use words::cue;
