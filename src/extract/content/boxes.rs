//! Small boxes among a story's paragraphs that are no part of it, told by how they are built and not by what they say: a few
//! words that end in a button or a link, lists of links to the site's own pages, the words below a picture.

use super::blocks::{NO_ELEMENT, is_formatting};
use super::heuristic::Rule;
use super::words::Category;
use super::{Decision, PageKind, PageWords, Reason, ends_sentence, heuristic};
use crate::extract::pictures::is_one_picture;
use crate::markup::{Document, NodeId, Tag};
use crate::model::hashed::HashedMap;
use crate::model::registrable_domain;
use std::ops::RangeInclusive;
use url::Url;

/// Tokens and blocks of a box that ends in a call, at the most.
const CALL_BOX_TOKENS: f32 = 60.0;
const CALL_BOX_BLOCKS: f32 = 8.0;

/// Tokens and blocks of a picture's box with its caption and credit, at the most.
const CAPTION_BOX_TOKENS: f32 = 45.0;
const CAPTION_BOX_BLOCKS: f32 = 3.0;

/// Tokens and blocks of a list of links, at the most.
const LINKS_BOX_TOKENS: f32 = 150.0;
const LINKS_BOX_BLOCKS: f32 = 16.0;

/// Tokens of the line that heads a list of links, at the most, and links below it at the least.
const HEAD_TOKENS: f32 = 12.0;
const LEAST_LINKS: usize = 2;

/// Tokens of a link that is a story's headline, at the least.
const HEADLINE_TOKENS: f32 = 3.0;

/// Tokens of a line that points to one other story, at the most, and words before its link.
const POINTER_TOKENS: f32 = 30.0;
const POINTER_LABEL_WORDS: usize = 8;

/// Boxes built alike from which they are entries of the story: products with a link to each, steps with a picture.
const ENTRIES: u32 = 3;

/// Boxes with a call that a page has, at the most: of more they are its entries, however they are built.
/// Of a page that does not say that it is an article fewer.
const MOST_CALLS: usize = 6;
const MOST_CALLS_UNSAID: usize = 3;

/// Tokens of a caption, at the least: two or three words below a drawing are the name of a feature.
const LEAST_CAPTION: f32 = 5.0;

/// The share of the kept words that such boxes can have together: of more they are the page.
const LARGEST_SHARE: f32 = 0.3;

/// Nodes of an element that are looked at for links: a box has few, and many lines can stand in one large element.
const MOST_NODES: usize = 400;

/// How far above what makes it one a box can end, in elements.
const BOX_REACH: usize = 4;

/// How large a box can be that stands among a story's paragraphs.
#[derive(Debug, Clone, Copy)]
pub(super) struct BoxSize {
    pub(super) tokens: f32,
    pub(super) blocks: f32,
}

/// By how it is built, how many paragraphs of the story are built so.
pub(super) type Shapes = HashedMap<u32>;

/// What a box is by its build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Build {
    /// It ends in a button, or in a link in a line of its own.
    Call,
    /// A head and links to the site's own pages.
    Links,
    /// A picture and its caption.
    Caption,
}

/// A box, and the blocks in it.
struct Found {
    build: Build,
    element: u32,
    blocks: RangeInclusive<usize>,
}

impl Build {
    /// Why it is dropped.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Call => "a small box that ends in a button or a link",
            Self::Links => "a line, and below it links to other pages of the site",
            Self::Caption => "the words of a box with a picture",
        }
    }
}

impl Decision {
    /// Drops them, from the lead on.
    pub(super) fn drop_boxes(&mut self, document: &Document, lead: usize, shapes: &Shapes, page: &PageWords<'_>) {
        let site = page.site;
        let home = self.story_home(lead);
        let mut found: Vec<Found> = Vec::new();
        for element in 0..self.outline.elements.len() as u32 {
            let sums = &self.measures.sums[element as usize];
            let is_small = (1.0..=LINKS_BOX_BLOCKS).contains(&sums.blocks) && sums.tokens <= 3.0 * LINKS_BOX_TOKENS;
            if !is_small || found.last().is_some_and(|last| sums.last as usize <= *last.blocks.end()) {
                continue;
            }
            let own = self.blocks_of(element);
            if own.contains(&lead)
                || !self.is_box(element)
                || !own.clone().any(|index| self.verdicts[index].kept)
                || !self.stands_apart(element, home, shapes)
            {
                continue;
            }
            if let Some(build) = self.build_of(document, element, lead, site) {
                found.push(Found { build, element, blocks: own });
            }
        }
        // Where nothing says that a page is an article, they may be what it is made of, unless its paragraphs stand together.
        let calls = found.iter().filter(|found| found.build == Build::Call).count();
        let is_story = page.kind == PageKind::Article || home.is_some() && calls <= MOST_CALLS_UNSAID;
        found.retain(|found| found.build != Build::Call || is_story);
        for build in [Build::Call, Build::Links, Build::Caption] {
            let own: Vec<&Found> = found.iter().filter(|found| found.build == build).collect();
            self.drop_all(build, &own);
        }
        for index in lead + 1..self.verdicts.len() {
            if !self.verdicts[index].kept {
                continue;
            }
            if self.points_to_one(document, index, site) || self.is_list_in_lines(document, index, site) {
                self.verdicts[index].drop_for(Reason::Box(Build::Links));
            } else if is_story && self.is_call_in_lines(document, index, site) {
                self.verdicts[index].drop_for(Reason::Box(Build::Call));
            }
        }
        self.drop_links_below_a_line(document, lead, site, is_story);
    }

    fn drop_all(&mut self, build: Build, boxes: &[&Found]) {
        let shape = |found: &Found| self.measures.blocks[*found.blocks.end()].shape;
        let mut alike: HashedMap<u32> = HashedMap::default();
        for found in boxes {
            *alike.entry(shape(found)).or_default() += 1;
        }
        let are_few = |found: &&&Found| alike.get(&shape(found)).is_none_or(|&count| count < ENTRIES);
        let boxes: Vec<&&Found> = boxes.iter().filter(|found| build != Build::Call || are_few(found)).collect();
        if build == Build::Call && boxes.len() > MOST_CALLS {
            return;
        }
        let own = boxes.iter().flat_map(|found| found.blocks.clone()).filter(|&index| self.verdicts[index].kept);
        let tokens: f32 = own.map(|index| self.measures.blocks[index].tokens).sum();
        if tokens > LARGEST_SHARE * self.kept_tokens() {
            return;
        }
        for found in boxes {
            found.blocks.clone().for_each(|index| self.verdicts[index].drop_for(Reason::Box(build)));
            if build == Build::Caption {
                self.captions.insert(self.outline.elements[found.element as usize].node);
            }
        }
    }

    /// Notes where a picture and a few words that were not kept are all of an element: they are its caption, whatever they are
    /// called.
    pub(super) fn note_captions(&mut self, document: &Document) {
        const FOREIGN: [Category; 8] = [
            Category::Related,
            Category::Advertising,
            Category::Share,
            Category::Navigation,
            Category::Newsletter,
            Category::Comment,
            Category::Biography,
            Category::Byline,
        ];
        let first = self.verdicts.iter().position(|verdict| verdict.kept).unwrap_or(0);
        // A writer's portrait has the name and the day beside it.
        let is_byline = |index: usize| {
            let signs = &self.measures.blocks[index].signs;
            matches!(self.verdicts[index].reason, Reason::Rule(Rule::Byline) | Reason::Model(Rule::Byline))
                || index < first && (signs.address || signs.pointer)
        };
        let is_caption = |element: u32| {
            let sums = &self.measures.sums[element as usize];
            let tag = self.outline.elements[element as usize].tag;
            let own = self.blocks_of(element);
            matches!(tag, Tag::Div | Tag::Span | Tag::Section)
                && sums.blocks <= CAPTION_BOX_BLOCKS
                && sums.link_chars == 0.0
                && own.clone().all(|index| !self.verdicts[index].kept && !is_byline(index))
                && (LEAST_CAPTION..=CAPTION_BOX_TOKENS)
                    .contains(&(sums.tokens / self.measures.blocks[*own.start()].tokens_a_word()))
                && FOREIGN.iter().all(|&foreign| self.measures.place(element).categories[foreign as usize] > 3)
                && self.is_captioned(document, element)
        };
        let found: Vec<u32> = (0..self.outline.elements.len() as u32)
            .filter(|&element| self.measures.sums[element as usize].blocks > 0.0 && is_caption(element))
            .collect();
        self.captions.extend(found.into_iter().map(|element| self.outline.elements[element as usize].node));
    }

    /// The blocks of an element that has some.
    pub(super) fn blocks_of(&self, element: u32) -> RangeInclusive<usize> {
        let sums = &self.measures.sums[element as usize];
        sums.first as usize..=sums.last as usize
    }

    /// The element and those around it, from the inside, as long as they are small.
    pub(super) fn boxes_around(&self, element: u32, most: BoxSize) -> impl Iterator<Item = u32> {
        self.ancestors(element).take(BOX_REACH).take_while(move |&element| {
            let sums = &self.measures.sums[element as usize];
            sums.tokens <= most.tokens && sums.blocks <= most.blocks
        })
    }

    /// How many paragraphs are built alike, of those that are kept from the lead on.
    pub(super) fn shapes_of_paragraphs(&self, lead: usize) -> Shapes {
        let mut shapes = Shapes::default();
        for index in lead..self.verdicts.len() {
            if self.verdicts[index].kept && self.measures.blocks[index].is_long {
                *shapes.entry(self.measures.blocks[index].shape).or_default() += 1;
            }
        }
        shapes
    }

    /// Whether an element holds the headline, or a paragraph that is built as others outside are.
    pub(super) fn holds_story(&self, element: u32, shapes: &Shapes) -> bool {
        let own = || self.blocks_of(element);
        own().any(|index| Some(index) == self.measures.title_block)
            || own().filter(|&index| self.measures.blocks[index].is_long).any(|index| {
                let shape = self.measures.blocks[index].shape;
                let is_alike = |other: &usize| {
                    let block = &self.measures.blocks[*other];
                    block.is_long && block.shape == shape && self.verdicts[*other].kept
                };
                shapes.get(&shape).is_some_and(|&all| all as usize > own().filter(is_alike).count())
            })
    }

    /// The element whose own children most of the story's paragraphs are, if there is one.
    pub(super) fn story_home(&self, lead: usize) -> Option<u32> {
        self.home_of(lead, |index| self.verdicts[index].kept && self.measures.blocks[index].is_long)
    }

    /// The element whose own children most of certain blocks are, by their words, from the block `first` on.
    pub(super) fn home_of(&self, first: usize, is_one: impl Fn(usize) -> bool) -> Option<u32> {
        let mut tokens: HashedMap<f32> = HashedMap::default();
        let mut all = 0.0;
        for index in (first..self.verdicts.len()).filter(|&index| is_one(index)) {
            let own = self.measures.blocks[index].tokens;
            *tokens.entry(u64::from(self.home_of_block(index))).or_default() += own;
            all += own;
        }
        let (&home, _) = tokens.iter().find(|(_, own)| **own > all / 2.0)?;
        u32::try_from(home).ok().filter(|&home| home != NO_ELEMENT)
    }

    /// The nearest element that a block shares with others, and that is more than how they are drawn.
    pub(super) fn home_of_block(&self, index: usize) -> u32 {
        let is_shared = |&element: &u32| {
            let tag = self.outline.elements[element as usize].tag;
            self.measures.sums[element as usize].blocks > 1.0 && !is_formatting(tag) && tag != Tag::Center
        };
        self.ancestors(self.outline.blocks[index].element).find(is_shared).unwrap_or(NO_ELEMENT)
    }

    /// Whether an element may be such a box, by its tag and those around it: no line of a list, no cell, no quotation.
    fn is_box(&self, element: u32) -> bool {
        const REACH: usize = 4;
        let tag = |element: u32| self.outline.elements[element as usize].tag;
        let is_part = |tag: Tag| {
            matches!(tag, Tag::Blockquote | Tag::Figure | Tag::Pre | Tag::Li | Tag::Td | Tag::Th | Tag::Dd | Tag::Dt)
        };
        let is_line =
            matches!(tag(element), Tag::P | Tag::Article | Tag::A | Tag::Ol | Tag::Tr | Tag::Tbody | Tag::Span)
                || tag(element).heading_level().is_some();
        !is_line && !self.ancestors(element).take(REACH).any(|element| is_part(tag(element)))
    }

    /// Whether an element holds nothing of the story: where the paragraphs are all children of one element, what is another
    /// child's; else what is built in another way.
    fn stands_apart(&self, element: u32, home: Option<u32>, shapes: &Shapes) -> bool {
        let holds_title = || self.measures.title_block.is_some_and(|title| self.blocks_of(element).contains(&title));
        match home {
            Some(home) => {
                !self.ancestors(home).any(|above| above == element)
                    && self.ancestors(element).any(|above| above == home)
                    && !holds_title()
            }
            None => !self.holds_story(element, shapes),
        }
    }

    fn build_of(&self, document: &Document, element: u32, lead: usize, site: &str) -> Option<Build> {
        let sums = &self.measures.sums[element as usize];
        let own = self.blocks_of(element);
        let a_word = self.measures.blocks[*own.start()].tokens_a_word();
        let tokens = sums.tokens / a_word;
        if (LEAST_CAPTION..=CAPTION_BOX_TOKENS).contains(&tokens)
            && sums.blocks <= CAPTION_BOX_BLOCKS
            && self.is_captioned(document, element)
        {
            return Some(Build::Caption);
        }
        if *own.start() <= lead {
            return None;
        }
        if tokens <= CALL_BOX_TOKENS && sums.blocks <= CALL_BOX_BLOCKS && self.ends_in_call(document, element, site) {
            return Some(Build::Call);
        }
        (tokens <= LINKS_BOX_TOKENS && self.is_list_of_links(document, &own, site)).then_some(Build::Links)
    }

    /// Whether an element holds a picture and, behind it, a few words that lead nowhere.
    fn is_captioned(&self, document: &Document, element: u32) -> bool {
        let own = self.blocks_of(element);
        let is_caption = |index: usize| {
            let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
            let tag = heuristic::line_tag(&self.outline, block.element);
            measure.link_density <= 0.5 && tag.heading_level().is_none() && !matches!(tag, Tag::Li | Tag::Td | Tag::Th)
        };
        self.outline.blocks[*own.start()].media > 0
            && own.into_iter().all(is_caption)
            && holds_one_picture(document, self.outline.elements[element as usize].node)
    }

    /// Whether some words and then one or two calls are all that an element has.
    fn ends_in_call(&self, document: &Document, element: u32, site: &str) -> bool {
        const LABELS: [Category; 4] =
            [Category::Newsletter, Category::Advertising, Category::Paywall, Category::Related];
        let own = self.blocks_of(element);
        let calls = own.clone().filter(|&index| self.is_call(index)).count();
        let is_heading = |index: usize| {
            heuristic::line_tag(&self.outline, self.outline.blocks[index].element).heading_level().is_some()
        };
        let is_labelled = || {
            let labels = self.measures.place(element).own;
            LABELS.into_iter().any(|label| labels & label.bit() != 0)
        };
        // "Ingredients" with a button that prints them.
        let says_something = || own.clone().any(|index| !self.is_call(index) && !is_heading(index)) || is_labelled();
        // A box of facts that a button opens.
        let is_facts = || {
            self.measures.place(element).own & Category::Infobox.bit() != 0
                && !is_labelled()
                && own.clone().all(|index| self.outline.blocks[index].links == 0)
                && own.clone().any(|index| self.measures.blocks[index].ends_sentence)
        };
        // Others' shops are what a story tells of.
        let stays = |index: usize| {
            let node = self.outline.elements[self.outline.blocks[index].element as usize].node;
            self.is_button(index) || is_control(document, node) || leads_to_own_pages(document, node, site)
        };
        (1..=2).contains(&calls)
            && own.clone().filter(|&index| self.is_call(index)).all(stays)
            && own.clone().count() > calls
            && own.clone().rev().take(calls).all(|index| self.is_call(index))
            && says_something()
            && !is_facts()
    }

    /// Whether a short line and below it nothing but links to the site's own pages is what stands there.
    fn is_list_of_links(&self, document: &Document, own: &RangeInclusive<usize>, site: &str) -> bool {
        let first = &self.measures.blocks[*own.start()];
        let links: Vec<usize> = own.clone().skip(1).collect();
        first.link_density <= 0.5
            && first.tokens <= HEAD_TOKENS * first.tokens_a_word()
            && links.len() >= LEAST_LINKS
            && links.into_iter().all(|index| self.is_headline_of_another(document, index, site))
    }

    /// Whether a block is one link to another page of the site, and as long as a headline.
    fn is_headline_of_another(&self, document: &Document, index: usize, site: &str) -> bool {
        let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
        block.link_chars * 10 >= block.chars * 9
            && measure.tokens >= HEADLINE_TOKENS
            && leads_to_own_pages(document, self.outline.elements[block.element as usize].node, site)
    }

    /// Whether a line is a label and the link to another story that it announces: "Earlier in this series: Bell-founders".
    fn points_to_one(&self, document: &Document, index: usize, site: &str) -> bool {
        let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
        let tag = heuristic::line_tag(&self.outline, block.element);
        if block.links == 0
            || measure.tokens > POINTER_TOKENS * measure.tokens_a_word()
            || block.link_chars == 0
            || !matches!(tag, Tag::P | Tag::Div)
        {
            return false;
        }
        let text = self.outline.text_of(block);
        let node = self.outline.elements[block.element as usize].node;
        let Some(link) = first_link(document, node) else { return false };
        let label = document.text_content(link);
        let Some(before) = text.trim_end().strip_suffix(label.trim()) else { return false };
        let before = before.trim_end();
        block.links == 1
            && before.ends_with([':', '：'])
            && before.split_whitespace().count() <= POINTER_LABEL_WORDS
            && label.split_whitespace().count() >= HEADLINE_TOKENS as usize
            && !before.contains(['.', '。', '؟', '?'])
            && leads_to_own_pages(document, node, site)
    }

    /// Whether an element stands in no table, or is all that its table has.
    fn is_alone_in_table(&self, element: u32) -> bool {
        let tag = |element: u32| self.outline.elements[element as usize].tag;
        let table = self.ancestors(element).find(|&element| tag(element) == Tag::Table);
        table.is_none_or(|table| self.measures.sums[table as usize].blocks <= 1.0)
    }

    /// Whether a block is a list in one: a first line, and below it a link to a page of the site in each.
    fn is_list_in_lines(&self, document: &Document, index: usize, site: &str) -> bool {
        let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
        if usize::from(block.links) < LEAST_LINKS || block.breaks < block.links || measure.link_density < 0.5 {
            return false;
        }
        let first = self.outline.text_of(block).trim_start().split('\n').next().unwrap_or_default();
        let node = self.outline.elements[block.element as usize].node;
        let starts_with_link =
            first_link(document, node).is_some_and(|link| first.contains(document.text_content(link).trim()));
        self.is_alone_in_table(block.element)
            && block.bold_chars > 0
            && !starts_with_link
            && !first.trim_end().ends_with([':', '：'])
            && first.split_whitespace().count() <= HEAD_TOKENS as usize
            && !ends_sentence(first)
            && heuristic::line_tag(&self.outline, block.element) != Tag::Li
            && leads_to_own_pages(document, node, site)
    }

    /// Whether a block is a box in one: a first line in bold, and as its last a link to a page of the site.
    fn is_call_in_lines(&self, document: &Document, index: usize, site: &str) -> bool {
        let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
        if block.links != 1
            || block.breaks == 0
            || block.bold_chars == 0
            || block.bold_chars == block.chars
            || measure.tokens > CALL_BOX_TOKENS * measure.tokens_a_word()
        {
            return false;
        }
        let node = self.outline.elements[block.element as usize].node;
        let text = self.outline.text_of(block);
        let last = text.trim_end().rsplit('\n').next().unwrap_or_default().trim();
        let link = first_link(document, node).map(|link| document.text_content(link));
        self.is_alone_in_table(block.element)
            && heuristic::line_tag(&self.outline, block.element) != Tag::Li
            && link.is_some_and(|link| link.trim() == last)
            && leads_to_own_pages(document, node, site)
    }

    /// Whether the lines that two blocks are are children of one element.
    fn are_siblings(&self, one: usize, other: usize) -> bool {
        let parent = |index: usize| {
            let element = self.outline.blocks[index].element;
            let is_line = |&element: &u32| super::blocks::is_block(self.outline.elements[element as usize].tag);
            let line = self.ancestors(element).find(is_line).unwrap_or(element);
            self.outline.elements[line as usize].parent
        };
        parent(one) == parent(other)
    }

    /// Where what begins with a line that is set off ends, if that is a call: some words below it, and a link to a page of the
    /// site in a line of its own or behind them.
    fn end_of_call(&self, document: &Document, head: usize, site: &str) -> Option<usize> {
        const WORDS: f32 = 30.0;
        const LINK_WORDS: usize = 6;
        let is_line = |index: usize| {
            index < self.verdicts.len()
                && self.are_siblings(head, index)
                && heuristic::line_tag(&self.outline, self.outline.blocks[index].element) == Tag::P
                && self.measures.blocks[index].tokens <= WORDS * self.measures.blocks[index].tokens_a_word()
        };
        let node = |index: usize| self.outline.elements[self.outline.blocks[index].element as usize].node;
        let (words, link) = (head + 1, head + 2);
        if !is_line(words) {
            return None;
        }
        let block = &self.outline.blocks[words];
        if block.links == 0 {
            let is_end = is_line(link) && self.is_call(link) && leads_to_own_pages(document, node(link), site);
            return is_end.then_some(link);
        }
        let label = document.text_content(first_link(document, node(words))?);
        let is_behind = block.links == 1
            && block.italic_chars * 10 >= block.chars * 5
            && self.outline.text_of(block).trim_end().ends_with(label.trim())
            && label.split_whitespace().count() <= LINK_WORDS
            && leads_to_own_pages(document, node(words), site);
        is_behind.then_some(words)
    }

    /// A line set off by its letters or a heading with links below it that are as long as headlines, in no box of their own;
    /// and, in a story, one with a call below it.
    fn drop_links_below_a_line(&mut self, document: &Document, lead: usize, site: &str, asks: bool) {
        let mut index = lead + 1;
        while index < self.verdicts.len() {
            let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
            let is_head = self.verdicts[index].kept
                && measure.tokens <= HEAD_TOKENS * measure.tokens_a_word()
                && block.links == 0
                && (block.bold_chars == block.chars || block.italic_chars == block.chars)
                && !ends_sentence(self.outline.text_of(block))
                && !self.outline.text_of(block).trim_end().ends_with([':', '：'])
                && heuristic::line_tag(&self.outline, block.element) == Tag::P;
            if is_head {
                let is_link = |&below: &usize| {
                    self.are_siblings(index, below)
                        && heuristic::line_tag(&self.outline, self.outline.blocks[below].element) == Tag::P
                        && self.is_headline_of_another(document, below, site)
                };
                let end = (index + 1..self.verdicts.len()).take_while(is_link).last().unwrap_or(index);
                if end >= index + LEAST_LINKS {
                    (index..=end).for_each(|index| self.verdicts[index].drop_for(Reason::Box(Build::Links)));
                    index = end;
                } else if let Some(end) = self.end_of_call(document, index, site).filter(|_| asks) {
                    (index..=end).for_each(|index| self.verdicts[index].drop_for(Reason::Box(Build::Call)));
                    index = end;
                }
            }
            index += 1;
        }
    }
}

/// Whether an element holds a picture, and no more than one.
fn holds_one_picture(document: &Document, node: NodeId) -> bool {
    /// Nodes of an element that are looked at: a picture with its words has few.
    const MOST_NODES: usize = 60;
    is_one_picture(document, document.descendants(node).take(MOST_NODES))
}

/// Whether every link in an element leads to a page of the site, and not to a file or to a part of this page.
pub(super) fn leads_to_own_pages(document: &Document, node: NodeId, site: &str) -> bool {
    let around = std::iter::successors(Some(node), |&node| document.parent(node)).take(3);
    let below = document.descendants(node).take(MOST_NODES);
    let all = below.chain(around).filter(|&node| document.tag(node) == Some(Tag::A));
    let mut targets = all.filter_map(|link| document.attribute(link, "href")).peekable();
    targets.peek().is_some() && targets.all(|target| is_own_page(target, site))
}

/// The first link in an element.
fn first_link(document: &Document, node: NodeId) -> Option<NodeId> {
    document.descendants(node).take(MOST_NODES).find(|&below| document.tag(below) == Some(Tag::A))
}

/// Whether an element is a link that only a script does something with: "#vote", "javascript:".
fn is_control(document: &Document, node: NodeId) -> bool {
    let link =
        std::iter::successors(Some(node), |&node| document.parent(node)).take(2).chain(first_link(document, node));
    let mut targets =
        link.filter(|&node| document.tag(node) == Some(Tag::A)).filter_map(|link| document.attribute(link, "href"));
    targets.next().is_some_and(|target| {
        target.trim().is_empty() || target.trim().starts_with(['#']) || target.trim().starts_with("javascript:")
    })
}

/// Whether an address is of another page of the site.
fn is_own_page(target: &str, site: &str) -> bool {
    const FILES: [&str; 10] = [".pdf", ".doc", ".docx", ".xls", ".xlsx", ".csv", ".zip", ".ppt", ".pptx", ".odt"];
    let target = target.trim();
    let path = target.split(['?', '#']).next().unwrap_or(target).to_ascii_lowercase();
    if path.is_empty() || path == "/" || FILES.iter().any(|end| path.ends_with(end)) {
        return false;
    }
    let whole = if target.starts_with("//") { format!("https:{target}") } else { target.to_owned() };
    match Url::parse(&whole) {
        Ok(url) => url.host_str().is_some_and(|host| registrable_domain(host) == site),
        Err(_) => true,
    }
}
