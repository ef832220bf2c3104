//! A row of numbers for every block: what the learned model reads, and what training writes to disk. One
//! implementation for both, so that the two cannot drift apart.

use super::blocks::{NO_ELEMENT, Outline, is_block};
use super::heuristic::{Heuristic, Rule, line_tag};
use super::measure::{LANDMARKS, Measures, Sums, Thing};
use super::words::{Category, NEGATIVE, cue, is_unspaced};
use crate::markup::Tag;
use crate::model::hashed::HashedMap;
use crate::model::letters::{is_alphabetic, is_uppercase};
use std::ops::Range;

/// Tags that a block's own element, or the line that it is in, is compared with.
const OWN_TAGS: [Tag; 19] = [
    Tag::P,
    Tag::Li,
    Tag::H1,
    Tag::H2,
    Tag::H3,
    Tag::H4,
    Tag::Div,
    Tag::Span,
    Tag::A,
    Tag::Td,
    Tag::Blockquote,
    Tag::Figcaption,
    Tag::Pre,
    Tag::Dd,
    Tag::Button,
    Tag::Section,
    Tag::Strong,
    Tag::Time,
    Tag::Label,
];

/// How far into a block its letters are looked at, in characters.
const SAMPLE_CHARS: usize = 400;
/// Farthest strong paragraph that counts, in blocks.
const FAR_BLOCKS: f32 = 30.0;
/// What stands for "there is none" in a distance that can be negative.
const NONE: f32 = -99.0;

/// How many columns a row has.
pub(super) const COLUMNS: usize = 248;

/// A block's row. It has room for as many columns as a byte can number, so that none that a tree names lies outside.
pub(super) type Values = [f32; 256];

/// Writes a row.
struct Row<'a, N> {
    values: &'a mut Values,
    next: usize,
    names: N,
}

/// What becomes of the columns' names. Where nobody collects them, nothing is left of it in a row's making.
trait Names {
    fn add(&mut self, name: impl FnOnce() -> String);
}

impl Names for () {
    fn add(&mut self, _: impl FnOnce() -> String) {}
}

impl Names for &mut Vec<String> {
    fn add(&mut self, name: impl FnOnce() -> String) {
        self.push(name());
    }
}

impl<N: Names> Row<'_, N> {
    fn put(&mut self, name: &str, value: f32) {
        self.values[self.next] = value;
        self.next += 1;
        self.names.add(|| name.to_owned());
    }

    fn put_indexed(&mut self, prefix: &str, index: impl std::fmt::Display, name: &str, value: f32) {
        self.values[self.next] = value;
        self.next += 1;
        self.names.add(|| format!("{prefix}{index}_{name}"));
    }

    fn flag(&mut self, name: &str, value: bool) {
        self.put(name, f32::from(value));
    }
}

/// Rows that are made and read together. All of a page's at once would be most of its memory; 16, 32 and 64 take the same
/// time.
const ROWS: usize = 32;

/// The rows of a page's blocks.
pub(super) struct Features<'a> {
    page: Page<'a>,
    values: Vec<Values>,
}

impl<'a> Features<'a> {
    pub(super) fn new(outline: &'a Outline, measures: &'a Measures, heuristic: &'a Heuristic) -> Self {
        let values = Vec::with_capacity(outline.blocks.len().min(ROWS));
        Self { page: Page::new(outline, measures, heuristic), values }
    }

    /// The blocks in the parts in which their rows are best read.
    pub(super) fn parts(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let count = self.page.count;
        (0..count).step_by(ROWS).map(move |from| from..(from + ROWS).min(count))
    }

    /// The rows of some blocks.
    pub(super) fn rows(&mut self, blocks: Range<usize>) -> &[Values] {
        self.values.clear();
        for block in blocks {
            let row = self.row(block);
            self.values.push(row);
        }
        &self.values
    }

    /// How many blocks are built like this one, itself among them.
    pub(super) fn alike(&self, block: usize) -> f32 {
        self.page.shapes.get(&self.page.measures.blocks[block].shape).map_or(0.0, |group| group[0])
    }

    /// A block's row.
    pub(super) fn row(&self, block: usize) -> Values {
        let mut row = [0.0; _];
        self.fill(block, &mut row, ());
        row
    }

    /// The columns' names, in order; a page without blocks has none.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names = Vec::with_capacity(COLUMNS);
        if self.page.count > 0 {
            self.fill(0, &mut [0.0; _], &mut names);
        }
        names
    }

    fn fill(&self, block: usize, values: &mut Values, names: impl Names) {
        let mut row = Row { values, next: 0, names };
        self.page.own_words(block, &mut row);
        self.page.place(block, &mut row);
        self.page.ancestors(block, &mut row);
        self.page.neighbours(block, &mut row);
        self.page.verdict(block, &mut row);
        self.page.section(block, &mut row);
        self.page.kind(&mut row);
        debug_assert_eq!(row.next, COLUMNS, "a column more or less");
    }
}

/// What is counted once for a page.
struct Page<'a> {
    outline: &'a Outline,
    measures: &'a Measures,
    heuristic: &'a Heuristic,
    count: usize,
    /// The deepest elements that hold half, and four fifths, of the running text.
    half: u32,
    most: u32,
    /// For every element whether it is in: the element with most points, `half`, `most`, the heuristic's container.
    in_top: Vec<bool>,
    in_half: Vec<bool>,
    in_most: Vec<bool>,
    in_container: Vec<bool>,
    /// Highest points, and highest balance, from the body down to an element.
    best_points: Vec<f32>,
    best_balance: Vec<f32>,
    tokens_before: Vec<f32>,
    strong_before: Vec<f32>,
    strong_after: Vec<f32>,
    /// Running sums over blocks: tokens, link characters, characters, long blocks.
    running: Vec<[f32; 4]>,
    first_strong: Option<usize>,
    last_strong: Option<usize>,
    first_kept: Option<usize>,
    last_kept: Option<usize>,
    kept_before: Vec<f32>,
    kept_below: Vec<f32>,
    shapes: Groups,
    sibling_shapes: Groups,
    sections: Vec<Section>,
}

/// Blocks that are built alike: how many, their tokens, characters, link characters, and how many are long.
type Groups = HashedMap<[f32; 5]>;

impl<'a> Page<'a> {
    fn new(outline: &'a Outline, measures: &'a Measures, heuristic: &'a Heuristic) -> Self {
        let count = outline.blocks.len();
        let elements = outline.elements.len();
        let total_long = measures.sums.first().map_or(0.0, |sums| sums.long_tokens);
        let deepest_with = |share: f32| {
            (0..elements)
                .filter(|&element| {
                    measures.sums[element].blocks > 0.0 && measures.sums[element].long_tokens >= share * total_long
                })
                .max_by_key(|&element| (outline.elements[element].depth, element))
                .unwrap_or(0) as u32
        };
        let (half, most) = (deepest_with(0.5), deepest_with(0.8));
        let mut best_points = vec![0.0_f32; elements];
        let mut best_balance = vec![0.0_f32; elements];
        for (index, element) in outline.elements.iter().enumerate() {
            let (points, balance) = match element.parent {
                NO_ELEMENT => (0.0, 0.0),
                parent => (best_points[parent as usize], best_balance[parent as usize]),
            };
            best_points[index] = points.max(measures.points[index] / measures.top_points);
            best_balance[index] = balance.max(heuristic.balance[index]);
        }
        let mut running = Vec::with_capacity(count + 1);
        let mut sum = [0.0_f32; 4];
        running.push(sum);
        for block in &measures.blocks {
            sum[0] += block.tokens;
            sum[1] += block.link_chars;
            sum[2] += block.chars;
            sum[3] += f32::from(block.is_long);
            running.push(sum);
        }
        let in_top = super::heuristic::within(outline, measures.top);
        let strong =
            |index: &usize| measures.blocks[*index].is_strong && in_top[outline.blocks[*index].element as usize];
        let kept = |index: &usize| heuristic.keeps(*index) && measures.blocks[*index].is_long;
        let mut kept_before = Vec::with_capacity(count + 1);
        let mut tokens = 0.0;
        for (index, block) in measures.blocks.iter().enumerate() {
            kept_before.push(tokens);
            tokens += if heuristic.keeps(index) { block.tokens } else { 0.0 };
        }
        kept_before.push(tokens);
        let mut groups = [Groups::default(), Groups::default()];
        for block in &measures.blocks {
            for (groups, shape) in groups.iter_mut().zip([block.shape, block.sibling_shape]) {
                let group = groups.entry(shape).or_default();
                let own = [1.0, block.tokens, block.chars, block.link_chars, f32::from(block.is_long)];
                group.iter_mut().zip(own).for_each(|(sum, value)| *sum += value);
            }
        }
        let [shapes, sibling_shapes] = groups;
        Self {
            count,
            half,
            most,
            in_half: super::heuristic::within(outline, half),
            in_most: super::heuristic::within(outline, most),
            in_container: super::heuristic::within(outline, heuristic.container),
            best_points,
            best_balance,
            tokens_before: running.iter().map(|sum| sum[0]).collect(),
            strong_before: distances((0..count).map(|index| measures.blocks[index].is_strong)),
            strong_after: {
                let mut after = distances((0..count).rev().map(|index| measures.blocks[index].is_strong));
                after.reverse();
                after
            },
            running,
            first_strong: (0..count).find(strong),
            last_strong: (0..count).rev().find(strong),
            first_kept: (0..count).find(kept),
            last_kept: (0..count).rev().find(kept),
            kept_below: super::heuristic::over_subtrees(outline, |block| {
                if heuristic.keeps(block) { measures.blocks[block].tokens } else { 0.0 }
            }),
            kept_before,
            shapes,
            sibling_shapes,
            sections: sections(outline, measures),
            in_top,
            outline,
            measures,
            heuristic,
        }
    }

    /// What the block's own text is like.
    fn own_words(&self, index: usize, row: &mut Row<'_, impl Names>) {
        let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
        let text = self.outline.text_of(block);
        let tokens = measure.tokens.max(1.0);
        let chars = measure.chars.max(1.0);
        row.put("tokens", measure.tokens);
        row.put("chars", measure.chars);
        row.put("link_density", measure.link_density);
        row.put("links", f32::from(block.links));
        row.put("bold", block.bold_chars as f32 / chars);
        row.put("italic", block.italic_chars as f32 / chars);
        row.put("breaks", f32::from(block.breaks));
        row.put("media", f32::from(block.media.min(5)));
        row.put("word_length", measure.chars / tokens);
        row.put("comma_share", measure.signs.commas / tokens);
        row.put("commas", measure.signs.commas);
        row.put("sentences", measure.signs.sentences);
        row.flag("ends_sentence", measure.ends_sentence);
        let first = text.chars().next().unwrap_or(' ');
        row.flag("ends_colon", text.ends_with([':', '：']));
        row.flag("ends_ellipsis", text.ends_with('…') || text.ends_with("..."));
        row.flag("starts_lower", first.is_lowercase());
        row.flag("starts_upper", first.is_uppercase());
        row.flag("starts_quote", "\"'“„«»‘「『–—-".contains(first));
        row.flag("starts_digit", first.is_numeric());
        let mut letters = Letters::default();
        text.chars().take(SAMPLE_CHARS).for_each(|c| letters.add(c));
        row.put("upper_share", letters.upper / letters.alphabetic.max(1.0));
        row.put("digit_share", letters.digits / letters.all.max(1.0));
        row.put("capital_words", letters.capital_words / letters.words.max(1.0));
        row.put("signs_share", letters.signs / letters.all.max(1.0));
        row.put("unspaced_share", letters.unspaced / letters.all.max(1.0));
        row.put("short_words", measure.short_words);
        let words = &self.measures.words[measure.words.clone()];
        let stops = words.iter().filter(|&&word| self.measures.stop_words.contains(&u64::from(word))).count();
        row.put("stop_words", stops as f32 / tokens);
        row.flag("pointer_sign", measure.signs.pointer);
        row.flag("address", measure.signs.address);
        for (bit, name) in cue::NAMES.iter().enumerate() {
            row.flag(name, measure.cues >> bit & 1 == 1);
        }
        row.put("duplicates", measure.duplicates.min(5) as f32);
        row.put("seen_before", measure.seen_before.min(3) as f32);
        row.put("title_share", measure.title_share);
        row.put("title_cover", measure.title_cover);
        row.put("description_share", measure.description_share);
        row.put("description_cover", measure.description_cover);
        row.put("body_share", measure.body_share);
        row.put("body_triples", self.measures.body_triples as f32);
    }

    /// Where the block stands.
    fn place(&self, index: usize, row: &mut Row<'_, impl Names>) {
        let block = &self.outline.blocks[index];
        let element = &self.outline.elements[block.element as usize];
        let place = self.measures.place(block.element);
        let line = line_tag(self.outline, block.element);
        for tag in OWN_TAGS {
            row.put_indexed("is", "", tag.name(), f32::from(element.tag == tag || line == tag));
        }
        row.put("depth", f32::from(element.depth));
        row.put("position", index as f32 / (self.count.max(2) - 1) as f32);
        row.put("token_position", self.tokens_before[index] / self.measures.tokens);
        row.put("index", index.min(400) as f32);
        row.put("index_from_end", (self.count - 1 - index).min(400) as f32);
        for (tag, &distance) in LANDMARKS.iter().zip(&place.landmarks) {
            row.put_indexed("in", "", tag.name(), f32::from(distance));
        }
        row.flag("article_body", place.article_body);
        row.flag("role_main", place.role_main);
        row.flag("hidden", element.hidden);
        for (name, &distance) in Category::NAMES.iter().zip(&place.categories) {
            row.put_indexed("class", "", name, f32::from(distance));
        }
        let nearest = (0..Category::NAMES.len())
            .filter(|&category| NEGATIVE >> category & 1 == 1)
            .map(|category| place.categories[category])
            .min()
            .unwrap_or(0);
        row.put("nearest_negative", f32::from(nearest));
        row.put("negatives", f32::from(place.negatives));
        row.put("positives", f32::from(place.positives));
    }

    /// What the elements around the block hold.
    fn ancestors(&self, index: usize, row: &mut Row<'_, impl Names>) {
        let block = &self.outline.blocks[index];
        let measures = self.measures;
        let mut at = block.element;
        for level in 1..=4 {
            let parent = self.outline.elements[at as usize].parent;
            if parent != NO_ELEMENT {
                at = parent;
            }
            let sums = &measures.sums[at as usize];
            let blocks = sums.blocks.max(1.0);
            row.put_indexed("up", level, "tokens", sums.tokens);
            row.put_indexed("up", level, "share", sums.tokens / measures.tokens);
            row.put_indexed("up", level, "link_density", sums.link_density());
            row.put_indexed("up", level, "blocks", sums.blocks);
            row.put_indexed("up", level, "mean_tokens", sums.tokens / blocks);
            row.put_indexed("up", level, "long_share", sums.long / blocks);
            row.put_indexed("up", level, "comma_share", sums.commas / sums.tokens.max(1.0));
            row.put_indexed("up", level, "paragraphs", sums.paragraphs / blocks);
            row.put_indexed("up", level, "points", measures.points[at as usize] / measures.top_points);
            row.put_indexed("up", level, "position", (index as f32 - sums.first as f32) / blocks);
        }
        let element = block.element as usize;
        row.put("own_blocks", measures.sums[element].blocks);
        let parent = self.outline.elements[element].parent;
        row.put("siblings", if parent == NO_ELEMENT { 0.0 } else { measures.sums[parent as usize].children });
        row.put("best_points", self.best_points[element]);
        row.flag("in_top", self.in_top[element]);
        row.put("below_top", self.levels_below(element, &self.in_top, measures.top));
        row.flag("in_half", self.in_half[element]);
        row.flag("in_most", self.in_most[element]);
        let top = &measures.sums[measures.top as usize];
        let (first, last) = (top.first.min(top.last) as f32, top.last as f32);
        let here = index as f32;
        row.put("off_top", if here > last { here - last } else { (here - first).min(0.0) });
        row.put("top_position", (here - first) / (last - first).max(1.0));
        for (prefix, group) in [
            ("alike", &self.shapes[&measures.blocks[index].shape]),
            ("sibling", &self.sibling_shapes[&measures.blocks[index].sibling_shape]),
        ] {
            let &[count, tokens, chars, link_chars, long] = group;
            row.put_indexed(prefix, "", "count", count);
            row.put_indexed(prefix, "", "tokens", tokens);
            row.put_indexed(prefix, "", "mean_tokens", tokens / count);
            row.put_indexed(prefix, "", "link_density", link_chars / chars.max(1.0));
            row.put_indexed(prefix, "", "long_share", long / count);
            row.put_indexed(prefix, "", "share", tokens / measures.tokens);
        }
        let body = measures.sums.first().copied();
        let share = |element: u32, of: fn(&Sums) -> f32| {
            body.map_or(0.0, |body| of(&measures.sums[element as usize]) / of(&body).max(1.0))
        };
        row.flag("says_article", measures.says_article);
        row.put("page_tokens", measures.tokens);
        row.put("page_blocks", self.count as f32);
        row.put("page_long_share", body.map_or(0.0, |body| body.long / self.count as f32));
        row.put("page_long_tokens", body.map_or(0.0, |body| body.long_tokens));
        row.put("page_link_density", body.map_or(0.0, |body| body.link_density()));
        row.put("top_share", share(measures.top, |sums| sums.tokens));
        row.put("most_share", share(self.most, |sums| sums.tokens));
        row.put("half_share", share(self.half, |sums| sums.tokens));
    }

    /// What stands before and after the block.
    fn neighbours(&self, index: usize, row: &mut Row<'_, impl Names>) {
        let measures = self.measures;
        for offset in [-3_isize, -2, -1, 1, 2, 3] {
            let other = index.checked_add_signed(offset).and_then(|other| measures.blocks.get(other));
            row.put_indexed("next", offset, "tokens", other.map_or(-1.0, |other| other.tokens));
            row.put_indexed("next", offset, "link_density", other.map_or(-1.0, |other| other.link_density));
        }
        for reach in [3_usize, 8] {
            let (from, to) = (index.saturating_sub(reach), (index + reach + 1).min(self.count));
            let [tokens, link_chars, chars, long] =
                std::array::from_fn(|part| self.running[to][part] - self.running[from][part]);
            let blocks = (to - from) as f32;
            row.put_indexed("around", reach, "tokens", tokens / blocks);
            row.put_indexed("around", reach, "link_density", link_chars / chars.max(1.0));
            row.put_indexed("around", reach, "long_share", long / blocks);
        }
        row.put("strong_before", self.strong_before[index]);
        row.put("strong_after", self.strong_after[index]);
        let distance =
            |to: Option<usize>, low: f32, high: f32| to.map_or(NONE, |to| (index as f32 - to as f32).clamp(low, high));
        row.put("from_title", distance(measures.title_block, -50.0, 200.0));
        row.flag("is_title", measures.title_block == Some(index));
        row.put("from_first_strong", distance(self.first_strong, -50.0, 50.0));
        row.put("from_last_strong", distance(self.last_strong, -50.0, 50.0));
    }

    /// What the heuristic thinks.
    fn verdict(&self, index: usize, row: &mut Row<'_, impl Names>) {
        let block = &self.outline.blocks[index];
        let element = block.element as usize;
        let container = self.heuristic.container;
        row.flag("kept", self.heuristic.keeps(index));
        row.put("rule", rule_rank(self.heuristic.verdicts[index]));
        row.flag("in_container", self.in_container[element]);
        row.put("below_container", self.levels_below(element, &self.in_container, container));
        row.put("container_balance", self.heuristic.balance[container as usize]);
        row.put("best_balance", self.best_balance[element]);
        let mut at = block.element;
        for level in 1..=3 {
            let parent = self.outline.elements[at as usize].parent;
            if parent != NO_ELEMENT {
                at = parent;
            }
            row.put_indexed("up", level, "balance", self.heuristic.balance[at as usize]);
            let tokens = self.measures.sums[at as usize].tokens.max(1.0);
            row.put_indexed("up", level, "kept_share", self.kept_below[at as usize] / tokens);
        }
        let distance = |to: Option<usize>| to.map_or(NONE, |to| (index as f32 - to as f32).clamp(-60.0, 60.0));
        row.put("from_first_kept", distance(self.first_kept));
        row.put("from_last_kept", distance(self.last_kept));
        let all = self.kept_before[self.count].max(1.0);
        row.put("kept_position", self.kept_before[index] / all);
        row.put("kept_tokens", self.kept_before[self.count]);
        // The element whose line it is: an inline one says nothing of the block.
        let tag = self.outline.elements[element].tag;
        row.flag("inline_element", !is_block(tag));
    }

    /// Prices around it, words that are none, and the heading above it.
    fn section(&self, index: usize, row: &mut Row<'_, impl Names>) {
        let block = &self.outline.blocks[index];
        row.flag("price", self.measures.blocks[index].signs.price);
        let mut at = block.element;
        for level in 1..=4 {
            let parent = self.outline.elements[at as usize].parent;
            if parent != NO_ELEMENT {
                at = parent;
            }
            let sums = &self.measures.sums[at as usize];
            row.put_indexed("up", level, "prices", sums.prices / sums.blocks.max(1.0));
        }
        row.put("page_prices", self.measures.sums.first().map_or(0.0, |body| body.prices));
        let words = self.outline.text_of(block).split_ascii_whitespace();
        row.put("longest_word", words.map(str::len).max().unwrap_or(0) as f32);
        let section = &self.sections[index];
        row.put("below_heading", section.below);
        row.put("list_heading", section.below_list);
        row.put("review_heading", section.below_reviews);
        row.put("section_link_density", section.link_density);
    }

    /// What the page says it is.
    fn kind(&self, row: &mut Row<'_, impl Names>) {
        row.flag("says_product", self.measures.thing == Some(Thing::Product));
        row.flag("says_thread", self.measures.thing == Some(Thing::Thread));
        row.flag("is_other", self.measures.is_other);
    }

    fn levels_below(&self, element: usize, inside: &[bool], top: u32) -> f32 {
        if !inside[element] {
            return -1.0;
        }
        let depth = |index: usize| self.outline.elements[index].depth;
        f32::from(depth(element) - depth(top as usize))
    }
}

/// A heuristic verdict's rule as a number; equal for all categories of labelled parts.
fn rule_rank(rule: Rule) -> f32 {
    match rule {
        Rule::InContainer => 0.0,
        Rule::Standfirst => 1.0,
        Rule::Adopted => 2.0,
        Rule::Outside => 3.0,
        Rule::Labelled(_) | Rule::SmallPart(_) => 4.0,
        Rule::In(_) => 5.0,
        Rule::Links => 6.0,
        Rule::Hidden | Rule::Consent | Rule::Data => 7.0,
        Rule::More | Rule::Pointer | Rule::WordedPointer => 8.0,
        Rule::Credit => 9.0,
        Rule::Promo | Rule::Invitation | Rule::Placeholder => 10.0,
        Rule::Headline => 11.0,
        Rule::Kicker => 12.0,
        Rule::Byline => 13.0,
        Rule::AnotherArticle => 14.0,
        Rule::Fragment => 15.0,
        Rule::LonelyHeading => 16.0,
        Rule::AfterEnd => 17.0,
    }
}

/// The section that a block stands in: from one heading to the next.
#[derive(Clone, Copy)]
struct Section {
    /// How many blocks below its heading; -1 above the first one.
    below: f32,
    /// The same if the heading is called as lists of other stories are, and if it heads reviews or comments; else -1.
    below_list: f32,
    below_reviews: f32,
    link_density: f32,
}

/// Every block's section.
fn sections(outline: &Outline, measures: &Measures) -> Vec<Section> {
    /// Bytes of a heading of reviews at the most: a longer one tells of something.
    const REVIEWS_BYTES: usize = 36;
    const REVIEWS: [&str; 28] = [
        "review",
        "rating",
        "testimonial",
        "comment",
        "customer",
        "bewertung",
        "kommentar",
        "komentar",
        "komentář",
        "avis",
        "opini",
        "reseña",
        "recensi",
        "comentario",
        "comentári",
        "commenti",
        "reacties",
        "hozzászólás",
        "yorum",
        "отзыв",
        "коммент",
        "σχόλια",
        "تعليق",
        "レビュー",
        "コメント",
        "评论",
        "評論",
        "댓글",
    ];
    let count = outline.blocks.len();
    let mut sections = Vec::with_capacity(count);
    let is_heading = |index: usize| line_tag(outline, outline.blocks[index].element).heading_level().is_some();
    while sections.len() < count {
        let from = sections.len();
        let end = (from + 1..count).find(|&index| is_heading(index)).unwrap_or(count);
        let has_heading = is_heading(from);
        let lower = measures.lower_of(from);
        let is_list = has_heading && super::heads_other_stories(outline.text_of(&outline.blocks[from]));
        let is_reviews = has_heading && lower.len() <= REVIEWS_BYTES && REVIEWS.iter().any(|word| lower.contains(word));
        let (links, chars) = measures.blocks[from + 1..end]
            .iter()
            .fold((0.0, 0.0), |(links, chars), block| (links + block.link_chars, chars + block.chars));
        sections.extend((from..end).map(|index| {
            let below = |is_so: bool| if is_so { (index - from) as f32 } else { -1.0 };
            Section {
                below: below(has_heading),
                below_list: below(is_list),
                below_reviews: below(is_reviews),
                link_density: links / f32::max(chars, 1.0),
            }
        }));
    }
    sections
}

/// Blocks since the last one that is marked, before each.
fn distances(marked: impl Iterator<Item = bool>) -> Vec<f32> {
    let mut since = FAR_BLOCKS;
    marked
        .map(|marked| {
            let here = since.min(FAR_BLOCKS);
            since = if marked { 0.0 } else { since + 1.0 };
            here
        })
        .collect()
}

#[derive(Default)]
struct Letters {
    all: f32,
    alphabetic: f32,
    upper: f32,
    digits: f32,
    signs: f32,
    unspaced: f32,
    words: f32,
    capital_words: f32,
    in_word: bool,
}

impl Letters {
    fn add(&mut self, c: char) {
        self.all += 1.0;
        if c.is_ascii_lowercase() && self.in_word {
            self.alphabetic += 1.0;
            return;
        }
        if c.is_whitespace() {
            self.in_word = false;
            return;
        }
        if !self.in_word {
            self.words += 1.0;
            self.capital_words += f32::from(is_uppercase(c));
            self.in_word = true;
        }
        if is_alphabetic(c) {
            self.alphabetic += 1.0;
            self.upper += f32::from(is_uppercase(c));
            self.unspaced += f32::from(!c.is_ascii() && is_unspaced(c));
        } else if c.is_numeric() {
            self.digits += 1.0;
        } else {
            self.signs += 1.0;
        }
    }
}
