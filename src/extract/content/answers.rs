//! What a decision tells of its page to those who look for the headline, for names, days and pictures.

use super::heuristic::Rule;
use super::words::{self, Category};
use super::{Decision, Reason, Verdict, colophon, furniture, heuristic};
use crate::extract::pictures::is_in_captioned_figure;
use crate::markup::{Document, NodeId, Tag};

/// How plainly a block is the page's headline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract) enum Headline {
    /// It says what the metadata says.
    Text,
    /// The same, but the body has begun before it.
    Part,
    /// It is a first-level heading, one of several.
    FirstLevel,
    /// It is the page's only first-level heading.
    OnlyFirstLevel,
    /// The metadata has none of its words: it is drawn as a headline above the text.
    Drawn,
}

/// Where a picture stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract) enum Surroundings {
    /// Among the body's blocks.
    Own,
    /// The same, but it is a link to another page.
    Linked,
    /// In a part that holds something else.
    Foreign,
}

impl Decision {
    /// The page's headline as it shows it, and how plainly it is one.
    pub(in crate::extract) fn headline(&self) -> Option<(&str, Headline)> {
        let is_first_level =
            |block: usize| heuristic::line_tag(&self.outline, self.outline.blocks[block].element) == Tag::H1;
        let title = self.measures.title_block?;
        let headline = if !is_first_level(title) && self.measures.blocks[title].title_share == 0.0 {
            Headline::Drawn
        } else if !is_first_level(title) {
            let has_begun = (0..title).any(|index| self.verdicts[index].kept && self.measures.blocks[index].is_long);
            if has_begun { Headline::Part } else { Headline::Text }
        } else if (0..self.outline.blocks.len()).filter(|&block| is_first_level(block)).nth(1).is_none() {
            Headline::OnlyFirstLevel
        } else {
            Headline::FirstLevel
        };
        Some((self.outline.text_of(&self.outline.blocks[title]), headline))
    }

    /// Whether the headline stands right above the story: whatever the page's metadata says, its readers take it for one.
    pub(in crate::extract) fn heads_story(&self) -> bool {
        /// Blocks between the headline and the first paragraph, at the most, and words of a headline at the least.
        const REACH: usize = 6;
        const LEAST_WORDS: usize = 3;
        let Some(title) = self.measures.title_block else { return false };
        let is_paragraph = |&index: &usize| self.verdicts[index].kept && self.measures.blocks[index].is_long;
        let place = self.measures.place(self.outline.blocks[title].element);
        let in_frame = [Tag::Nav, Tag::Aside, Tag::Footer]
            .into_iter()
            .any(|tag| place.landmarks[heuristic::landmark(tag)] <= heuristic::NEAR_LANDMARK);
        let text = self.outline.text_of(&self.outline.blocks[title]);
        !in_frame
            && self.outline.blocks[title].link_chars == 0
            && words::count_words(text) >= LEAST_WORDS
            && (0..self.verdicts.len())
                .find(is_paragraph)
                .is_some_and(|first| (title + 1..=title + REACH).contains(&first))
    }

    /// The section's name that many pages show just above the headline.
    pub(in crate::extract) fn kicker(&self) -> Option<&str> {
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
    pub(in crate::extract) fn standfirst(&self) -> Option<&str> {
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
    pub(in crate::extract) fn colophon(&self) -> impl Iterator<Item = &str> {
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
    pub(in crate::extract) fn blocks_near_headline(&self, reach: usize) -> impl Iterator<Item = (&str, bool)> + '_ {
        let above_story = || {
            let first = self.verdicts.iter().position(|verdict| verdict.kept).unwrap_or_default();
            first.saturating_sub(reach - 1)
        };
        let from = self.measures.title_block.map_or_else(above_story, |title| title.saturating_sub(4));
        let last = self.verdicts.iter().rposition(|verdict| verdict.kept);
        let near = self.outline.blocks.iter().enumerate().skip(from).take(reach);
        // Behind a short story stand comments and lists of other stories.
        let is_near = move |index: usize| last.is_none_or(|last| index <= last || !self.is_of_others(index, last));
        near.filter(move |&(index, _)| is_near(index)).map(|(index, block)| {
            let place = self.measures.place(block.element);
            let is_byline = place.categories[Category::Byline as usize] <= 2;
            (self.outline.text_of(block), is_byline && !self.verdicts[index].kept)
        })
    }

    /// Whether a block behind the story's last one stands in a part of the page, without the story, that holds comments, other
    /// stories or the page's frame.
    fn is_of_others(&self, block: usize, last: usize) -> bool {
        let (element, story) = (self.outline.blocks[block].element, self.outline.blocks[last].element);
        let common = self.outline.elements[self.common(element, story) as usize].depth;
        let reach = self.outline.elements[element as usize].depth.saturating_sub(common);
        let place = self.measures.place(element);
        let in_tag = [Tag::Aside, Tag::Footer, Tag::Nav]
            .into_iter()
            .any(|tag| u16::from(place.landmarks[heuristic::landmark(tag)]) < reach);
        in_tag
            || [Category::Comment, Category::Footer, Category::Related]
                .into_iter()
                .any(|category| u16::from(place.categories[category as usize]) < reach)
    }

    /// The first lines of the page, above its headline and in no menu, and its last ones, neither of the story: where its
    /// site names itself.
    pub(in crate::extract) fn frame_lines(&self) -> (Vec<&str>, Vec<&str>) {
        /// Blocks at the page's start and at its end.
        const FIRST: usize = 8;
        const LAST: usize = 10;
        let blocks = self.outline.blocks.len();
        let title = self.measures.title_block.unwrap_or(blocks);
        let is_frame = |&index: &usize| !self.verdicts[index].kept && index != title;
        let in_menu = |index: usize| {
            let place = self.measures.place(self.outline.blocks[index].element);
            [Tag::Nav, Tag::Li].into_iter().any(|tag| place.landmarks[heuristic::landmark(tag)] <= 10)
        };
        let text = |index: usize| self.outline.text_of(&self.outline.blocks[index]);
        let first = (0..title.min(FIRST)).filter(is_frame).filter(|&index| !in_menu(index)).map(text).collect();
        let last = (blocks.saturating_sub(LAST)..blocks).filter(is_frame).map(text).collect();
        (first, last)
    }

    /// A heading between the headline and the story that says one of these, in letters alone.
    pub(in crate::extract) fn heading_below_headline(&self, wanted: &[String]) -> Option<&str> {
        /// Blocks below the headline that are looked at.
        const REACH: usize = 16;
        let title = self.measures.title_block?;
        let first = self.verdicts.iter().position(|verdict| verdict.kept).unwrap_or(self.verdicts.len());
        let headings = (title + 1..first.min(title + REACH)).filter(|&index| {
            let tag = heuristic::line_tag(&self.outline, self.outline.blocks[index].element);
            matches!(tag, Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4)
        });
        let letters = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        headings
            .map(|index| self.outline.text_of(&self.outline.blocks[index]))
            .find(|text| wanted.contains(&letters(text)))
    }

    /// The lines between the headline and the body's first paragraph, the first `reach` of them, with what each is in.
    pub(in crate::extract) fn lines_below_headline(&self, reach: usize) -> impl Iterator<Item = (&str, NodeId)> + '_ {
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

    /// What the first kept block is.
    pub(in crate::extract) fn first_kept(&self) -> Option<NodeId> {
        let first = self.verdicts.iter().position(|verdict| verdict.kept)?;
        Some(self.outline.elements[self.outline.blocks[first].element as usize].node)
    }

    /// Short lines at the end of the story and just below it, kept or not.
    pub(in crate::extract) fn lines_at_end(&self) -> impl Iterator<Item = &str> {
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
    pub(in crate::extract) fn person_below(&self) -> Option<(&str, NodeId)> {
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
    pub(in crate::extract) fn writers_told_of(&self) -> impl Iterator<Item = String> {
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
    pub(in crate::extract) fn datelines(&self) -> impl Iterator<Item = &str> {
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
        let top = self.body_top();
        move |element: u32| {
            let place = self.measures.place(element);
            // A label on what holds the whole body says nothing of a line in it.
            let shared = top.map_or(0, |top| self.outline.elements[self.common(element, top) as usize].depth);
            let reach = self.outline.elements[element as usize].depth.saturating_sub(shared).min(9);
            apart.iter().all(|&tag| place.landmarks[heuristic::landmark(tag)] > 10)
                && [Category::Comment, Category::Footer, Category::Related]
                    .into_iter()
                    .all(|category| u16::from(place.categories[category as usize]) >= reach)
        }
    }

    /// Short lines of the page outside its body, its frame and its comments, in runs of those that follow one another.
    pub(in crate::extract) fn lines_beside(&self) -> Vec<Vec<&str>> {
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
    pub(in crate::extract) fn short_blocks_with_digits(&self) -> impl Iterator<Item = &str> {
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

    /// Short lines with digits below the last kept block, without comments and other stories: what a manual says of its page.
    pub(in crate::extract) fn lines_behind_with_digits(&self) -> impl Iterator<Item = &str> {
        /// Blocks behind the last kept one that are looked at.
        const REACH: usize = 40;
        const MOST_TOKENS: f32 = 14.0;
        let end = self.verdicts.iter().rposition(|verdict| verdict.kept).map_or(0, |last| last + 1);
        let behind = end..self.verdicts.len().min(end + REACH);
        let own = behind.filter(|&index| {
            let place = self.measures.place(self.outline.blocks[index].element);
            self.measures.blocks[index].tokens <= MOST_TOKENS
                && [Category::Comment, Category::Related]
                    .into_iter()
                    .all(|category| place.categories[category as usize] > 10)
        });
        let lines = own.map(|index| self.outline.text_of(&self.outline.blocks[index]));
        lines.filter(|text| text.chars().filter(|c| c.is_numeric()).count() >= 3)
    }

    /// Whether an element holds a picture and its caption, and nothing in it says so but how it is built.
    pub(in crate::extract) fn is_caption_box(&self, node: NodeId) -> bool {
        self.captions.contains(&node)
    }

    /// The pictures from the headline to the last kept block, within what holds all of these, and those with captions above the
    /// headline in the same.
    pub(in crate::extract) fn pictures(&self, document: &Document) -> Vec<(NodeId, Surroundings)> {
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
            if matches!(document.tag(node), Some(Tag::Img | Tag::AmpImg))
                && (started || is_in_captioned_figure(document, node))
            {
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
}
