//! Furniture of pages that are no articles: what stands around the thing that is sold, around the posts of a thread, and the
//! controls of lists and forms.

use super::boxes::Shapes;
use super::heuristic::{landmark, line_tag};
use super::measure::Thing;
use super::thread_words::{is_users_line, tells_of_the_board};
use super::words::Category;
use super::{Decision, Reason, labels};
use crate::markup::{Document, NodeId, Tag};

/// Tokens of a label or a control, at the most.
const CONTROL_TOKENS: f32 = 12.0;

/// How likely a card of another product or a buyer's review is body at the most.
const DOUBTFUL: f32 = 0.7;

/// Links of a path to the page, at the most, how far above the headline it ends, in blocks, and tokens of each.
const PATH_LINKS: usize = 7;
const PATH_REACH: usize = 8;
const PATH_TOKENS: f32 = 10.0;

impl Decision {
    /// Drops what pages of all other kinds have: the labels of forms and filters, and the path to the page.
    pub(super) fn drop_controls(&mut self) {
        for index in 0..self.verdicts.len() {
            if self.verdicts[index].kept && self.is_label(index) {
                self.verdicts[index].drop_for(Reason::Control);
            }
        }
        self.drop_path();
    }

    /// Whether a line labels a field or a group of fields.
    fn is_label(&self, index: usize) -> bool {
        let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
        let own = self.outline.elements[block.element as usize].tag;
        let is_label = |tag: Tag| matches!(tag, Tag::Label | Tag::Legend);
        (is_label(own) || is_label(line_tag(&self.outline, block.element)))
            && measure.tokens <= CONTROL_TOKENS * measure.tokens_a_word()
            && !measure.ends_sentence
    }

    /// The links by which readers came to the page, above its headline: a list of nothing else, but that its last item may be
    /// the page itself.
    fn drop_path(&mut self) {
        let Some(title) = self.measures.title_block else { return };
        let is_item = |index: usize| {
            let place = self.measures.place(self.outline.blocks[index].element);
            place.landmarks[landmark(Tag::Li)] <= 2 && self.measures.blocks[index].tokens <= PATH_TOKENS
        };
        let is_link = |index: usize| self.measures.blocks[index].link_density > 0.8;
        let from = title.saturating_sub(PATH_REACH + PATH_LINKS);
        let Some(last) = (from..title).rev().find(|&index| is_item(index)) else { return };
        let first = (from..=last).rev().take_while(|&index| is_item(index)).last().unwrap_or(last);
        let links = (first..=last).filter(|&index| is_link(index)).count();
        if last + PATH_REACH >= title && links >= 1 && links + 1 > last - first && last - first < PATH_LINKS {
            (first..=last).for_each(|index| self.verdicts[index].drop_for(Reason::Control));
        }
    }

    /// Of pages that say that one thing is sold or discussed there: the lists of others, and what belongs to shops and boards.
    pub(super) fn drop_from_others(&mut self, document: &Document, thing: Thing) {
        let first = self.measures.title_block.unwrap_or(0);
        self.drop_lists(first, &Shapes::default());
        let found: Vec<usize> = (0..self.verdicts.len())
            .filter(|&index| self.verdicts[index].kept)
            .filter(|&index| match thing {
                Thing::Product => self.is_review(index) || self.is_other_product(index),
                Thing::Thread => {
                    index >= first && self.is_signature(document, index)
                        || self.is_of_the_board(index)
                        || self.is_users_link(document, index)
                }
            })
            .collect();
        for index in found {
            self.drop_as_furniture(index);
        }
    }

    /// Whether a part that is labelled as buyers' reviews holds a block: they are to a product what comments are to a story.
    fn is_review(&self, index: usize) -> bool {
        const REACH: u8 = 8;
        let element = self.outline.blocks[index].element;
        let steps = self.measures.place(element).categories[Category::Review as usize];
        // A page may be called so as a whole.
        let part = || self.ancestors(element).nth(usize::from(steps));
        steps < REACH
            && self.verdicts[index].probability < DOUBTFUL
            && part().is_some_and(|part| !self.holds_headline(part))
    }

    fn holds_headline(&self, element: u32) -> bool {
        self.measures.title_block.is_some_and(|title| self.blocks_of(element).contains(&title))
    }

    /// Whether a block stands among cards with a price and a link each.
    fn is_other_product(&self, index: usize) -> bool {
        /// Share of blocks with a price in the card, and of links in the row of cards.
        const PRICES: f32 = 0.2;
        const LINKS: f32 = 0.4;
        let mut above = self.ancestors(self.outline.blocks[index].element).skip(2);
        let (Some(card), Some(row)) = (above.next(), above.next()) else { return false };
        let sums = |element: u32| &self.measures.sums[element as usize];
        sums(card).prices > PRICES * sums(card).blocks
            && sums(row).link_density() > LINKS
            && !self.holds_headline(row)
            && self.verdicts[index].probability < DOUBTFUL
    }

    /// Whether a line of a thread tells of its writers or of the board, or is a control of a post.
    fn is_of_the_board(&self, index: usize) -> bool {
        let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
        let tag = line_tag(&self.outline, block.element);
        if matches!(tag, Tag::Pre | Tag::Blockquote) || measure.tokens > 2.0 * CONTROL_TOKENS * measure.tokens_a_word()
        {
            return false;
        }
        let lower = self.measures.lower_of(index);
        let is_short = measure.tokens <= CONTROL_TOKENS * measure.tokens_a_word();
        tells_of_the_board(lower)
            || is_short && !measure.ends_sentence && is_users_line(lower)
            || is_short
                && tag.heading_level().is_none()
                && matches!(labels::page_label(self.outline.text_of(block)), Some(labels::Label::Control))
    }

    /// Whether a line is nothing but the name of somebody and a link to what the board knows of them.
    fn is_users_link(&self, document: &Document, index: usize) -> bool {
        const PLACES: [&str; 9] = [
            "/u/",
            "/user/",
            "/users/",
            "/member/",
            "/members/",
            "/profile/",
            "/people/",
            "memberlist.php",
            "space-uid-",
        ];
        const NAME_TOKENS: f32 = 4.0;
        let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
        let own = self.outline.elements[block.element as usize].node;
        let link = || {
            let around = std::iter::successors(Some(own), |&node| document.parent(node)).take(2);
            around.chain(document.descendants(own).take(4)).find(|&node| document.tag(node) == Some(Tag::A))
        };
        measure.link_density > 0.9
            && measure.tokens <= NAME_TOKENS * measure.tokens_a_word()
            && line_tag(&self.outline, block.element).heading_level().is_none()
            && link()
                .and_then(|link| document.attribute(link, "href"))
                .is_some_and(|target| PLACES.iter().any(|place| target.contains(place)))
    }

    /// Whether a forum's program calls it a signature or the line of who wrote a post, or drew its line above it.
    fn is_signature(&self, document: &Document, index: usize) -> bool {
        /// Elements around it that may be called so.
        const REACH: usize = 3;
        /// Bytes of the classes of such an element, at the most.
        const MOST_CLASS_BYTES: usize = 200;
        /// How the line begins that older programs draw.
        const LINE: &str = "______";
        /// What forums call it; what a function takes is called otherwise in manuals.
        const NAMES: [&str; 5] =
            ["signature", "post-signature", "post_signature", "user-signature", "message-signature"];
        let block = &self.outline.blocks[index];
        let is_writers = || {
            let element = &self.outline.elements[block.element as usize];
            element.tag == Tag::P && document.attribute(element.node, "class") == Some("author")
        };
        let says_so = |node: NodeId| {
            let class = document.attribute(node, "class").unwrap_or_default();
            // Many blocks may stand in an element with a long one.
            class.len() <= MOST_CLASS_BYTES
                && class.split_ascii_whitespace().any(|word| NAMES.contains(&word.to_ascii_lowercase().as_str()))
        };
        let is_called = |element: u32| {
            let element = &self.outline.elements[element as usize];
            matches!(element.tag, Tag::Div | Tag::Aside) && says_so(element.node)
        };
        self.outline.text_of(block).starts_with(LINE)
            || is_writers()
            || self.ancestors(block.element).take(REACH).any(is_called)
    }
}
