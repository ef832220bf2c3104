//! One walk over the tree: the page as a list of blocks, each the text that a reader sees as one piece.

use super::drawn::{begins_drawn_line, ends_drawn_line};
use super::words::is_screen_reader_only;
use crate::extract::formula;
use crate::extract::pictures::is_caption_label;
use crate::markup::{Document, NodeData, NodeId, Tag};
use crate::model::hashed::HashedMap;
use crate::model::letters::pieces;
use std::ops::Range;

/// No element: the parent of the body.
pub(super) const NO_ELEMENT: u32 = u32::MAX;

/// An element of the body, in document order: a parent stands before its children.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) node: NodeId,
    pub(super) tag: Tag,
    pub(super) parent: u32,
    pub(super) depth: u16,
    /// It or an element around it is hidden by attribute or inline style.
    pub(super) hidden: bool,
}

/// Fields of a page that are looked at. A page of news has a few.
const MOST_FIELDS: usize = 64;

/// Bytes of words that stand twice, for the eye and for screen readers: an initial, a line or two.
const TWIN_BYTES: usize = 300;

/// A run of text with no block boundary in it.
#[derive(Debug)]
pub(super) struct Block {
    /// The deepest element that holds all of it.
    pub(super) element: u32,
    /// Its text in [`Outline::text`], white space folded, a line break where the page has `<br>`.
    pub(super) text: Range<usize>,
    /// Characters that are not white space: in all, in links, bold, italic.
    pub(super) chars: u32,
    pub(super) link_chars: u32,
    pub(super) bold_chars: u32,
    pub(super) italic_chars: u32,
    /// Links that start in it.
    pub(super) links: u16,
    /// Line breaks in it.
    pub(super) breaks: u16,
    /// Pictures, films and frames between the block before and its end.
    pub(super) media: u16,
}

/// A field that asks the reader for something.
#[derive(Debug)]
pub(super) struct Field {
    /// The element that it stands in.
    pub(super) element: u32,
    /// Whether it is one of several answers, rather than room for an address of electronic mail.
    pub(super) is_choice: bool,
}

/// The page as blocks.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub(super) elements: Vec<Element>,
    pub(super) blocks: Vec<Block>,
    /// The text of all blocks, one after the other.
    pub(super) text: String,
    /// For every text node that is part of a block: the node and the block, in document order.
    pub(super) pieces: Vec<(NodeId, u32)>,
    /// At most [`MOST_FIELDS`].
    pub(super) fields: Vec<Field>,
}

impl Outline {
    pub(super) fn text_of(&self, block: &Block) -> &str {
        &self.text[block.text.clone()]
    }

    /// The text nodes of a block, with its number.
    pub(super) fn pieces_of(&self, block: usize) -> &[(NodeId, u32)] {
        let first = self.pieces.partition_point(|&(_, of)| (of as usize) < block);
        let end = self.pieces.partition_point(|&(_, of)| of as usize <= block);
        &self.pieces[first..end]
    }
}

/// Elements whose text is never the page's: code, drawings, controls, frames, and what shows only without scripting.
pub(in super::super) fn is_skipped(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Script
            | Tag::Style
            | Tag::Noscript
            | Tag::Template
            | Tag::Svg
            | Tag::Iframe
            | Tag::Select
            | Tag::Option
            | Tag::Optgroup
            | Tag::Textarea
            | Tag::Head
            | Tag::Canvas
            | Tag::Object
            | Tag::Embed
            | Tag::Audio
            | Tag::Video
            | Tag::Math
            | Tag::Map
            | Tag::Datalist
            | Tag::Input
            | Tag::Meta
            | Tag::Link
            | Tag::Rp
    )
}

/// Elements that end the line before and after them.
pub(in super::super) fn is_block(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::P
            | Tag::Div
            | Tag::Li
            | Tag::Ul
            | Tag::Ol
            | Tag::H1
            | Tag::H2
            | Tag::H3
            | Tag::H4
            | Tag::H5
            | Tag::H6
            | Tag::Blockquote
            | Tag::Pre
            | Tag::Td
            | Tag::Th
            | Tag::Tr
            | Tag::Table
            | Tag::Tbody
            | Tag::Thead
            | Tag::Tfoot
            | Tag::Caption
            | Tag::Figcaption
            | Tag::Figure
            | Tag::Section
            | Tag::Article
            | Tag::Main
            | Tag::Aside
            | Tag::Nav
            | Tag::Header
            | Tag::Footer
            | Tag::Form
            | Tag::Fieldset
            | Tag::Legend
            | Tag::Address
            | Tag::Dl
            | Tag::Dt
            | Tag::Dd
            | Tag::Details
            | Tag::Summary
            | Tag::Hr
            | Tag::Body
            | Tag::Html
            | Tag::Center
            | Tag::Button
            | Tag::Label
            | Tag::Picture
            | Tag::Dialog
            | Tag::Menu
            | Tag::Search
            | Tag::Noindex
            | Tag::AmpImg
            | Tag::Dir
    )
}

/// What an element stands for: its tag, or the heading or part of a table that its role makes of it.
pub(in super::super) fn effective_tag(document: &Document, node: NodeId, tag: Tag) -> Tag {
    if !matches!(tag, Tag::Div | Tag::P | Tag::Span) {
        return tag;
    }
    match document.attribute(node, "role") {
        Some("heading") => match document.attribute(node, "aria-level") {
            Some("1") => Tag::H1,
            Some("3") => Tag::H3,
            Some("4") => Tag::H4,
            Some("5") => Tag::H5,
            Some("6") => Tag::H6,
            _ => Tag::H2,
        },
        Some("table") => Tag::Table,
        Some("row") => Tag::Tr,
        Some("cell") => Tag::Td,
        Some("columnheader" | "rowheader") => Tag::Th,
        _ => tag,
    }
}

/// Elements that hold running text: a button, a label or a custom element inside one is part of its line.
fn is_running_text(tag: Tag) -> bool {
    tag.heading_level().is_some()
        || matches!(tag, Tag::P | Tag::Li | Tag::Td | Tag::Blockquote | Tag::Figcaption | Tag::Dd)
}

/// Elements that start afresh inside running text.
fn is_container(tag: Tag) -> bool {
    matches!(tag, Tag::Div | Tag::Ul | Tag::Ol | Tag::Section | Tag::Figure | Tag::Table)
}

/// Whether attributes or an inline style hide an element.
pub(in super::super) fn is_hidden(document: &Document, node: NodeId) -> bool {
    document.attributes(node).iter().any(|attribute| match &*attribute.name {
        "hidden" => &*attribute.value != "until-found",
        "aria-hidden" => &*attribute.value == "true",
        "style" => hides(&attribute.value),
        _ => false,
    })
}

fn hides(style: &str) -> bool {
    style.split(';').filter_map(|declaration| declaration.split_once(':')).any(|(property, value)| {
        let (property, value) = (property.trim(), value.trim());
        let value = value.split_ascii_whitespace().next().unwrap_or_default();
        (property.eq_ignore_ascii_case("display") && value.eq_ignore_ascii_case("none"))
            || (property.eq_ignore_ascii_case("visibility") && value.eq_ignore_ascii_case("hidden"))
    })
}

/// Whether a style, or the utility class that stands for it, gives an inline element a line of its own.
///
/// A note that a style moves into the margin is none of the words beside it either.
pub(in super::super) fn has_own_line(document: &Document, node: NodeId) -> bool {
    const OWN_LINE: [&str; 5] = ["block", "flex", "grid", "table", "list-item"];
    let by_style = |style: &str| {
        style.split(';').filter_map(|declaration| declaration.split_once(':')).any(|(property, value)| {
            let value = value.split_ascii_whitespace().next().unwrap_or_default();
            property.trim().eq_ignore_ascii_case("display")
                && OWN_LINE.iter().any(|own| value.eq_ignore_ascii_case(own))
        })
    };
    document.attribute(node, "class").is_some_and(|class| {
        (class.contains("block") || class.contains("note"))
            && class
                .split_ascii_whitespace()
                .any(|word| matches!(word, "block" | "d-block" | "sidenote" | "marginnote" | "margin-note"))
    }) || document.attribute(node, "style").is_some_and(by_style)
}

/// Whether a text ends in a word in lower case, with or without the end of a sentence behind it. What begins with a capital
/// in the element behind it is another word: a style keeps the two apart that the page's text does not.
pub(in super::super) fn ends_in_word(text: &str) -> bool {
    /// Letters in lower case before which a capital is no part of a name (`iPhone`, `McKay`).
    const LETTERS: usize = 3;
    let mut letters = text.trim_end_matches(['.', '?', '!', ':', ')', '”', '»']).chars().rev();
    (0..LETTERS).all(|_| letters.next().is_some_and(char::is_lowercase))
}

/// Whether what begins an element is a word of its own behind one in lower case: a capital, or a date ("19 July").
pub(in super::super) fn begins_word(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    text.starts_with(char::is_uppercase)
        || (1..=4).contains(&digits) && text[digits..].starts_with([' ', '.', '/', '-']) && text.len() > digits + 1
}

/// Whether the next thing behind a link is a link to somewhere else: the two are two, however close they stand.
pub(in super::super) fn meets_other_link(document: &Document, node: NodeId, tag: Tag) -> bool {
    let target = |node| document.attribute(node, "href");
    tag == Tag::A
        && document.next_sibling(node).is_some_and(|next| {
            document.tag(next) == Some(Tag::A) && target(next).is_some() && target(next) != target(node)
        })
}

/// Elements whose parts stand side by side as they are written: code, exponents, marked parts of a word.
pub(in super::super) fn is_verbatim(tag: Tag) -> bool {
    matches!(tag, Tag::Pre | Tag::Code | Tag::Kbd | Tag::Samp | Tag::Tt | Tag::Var | Tag::Sup | Tag::Sub | Tag::Mark)
}

/// An element that a page defines for itself. Those of `MathJax` stand in a line.
pub(in super::super) fn is_custom(document: &Document, node: NodeId, tag: Tag) -> bool {
    tag == Tag::Other && {
        let name = document.local_name(node);
        name.contains('-') && !name.starts_with("mjx-")
    }
}

/// The elements beside an element.
fn siblings(document: &Document, node: NodeId) -> [Option<NodeId>; 2] {
    let element = |node: Option<NodeId>| node.filter(|&node| document.tag(node).is_some());
    [element(document.previous_sibling(node)), element(document.next_sibling(node))]
}

/// Whether screen readers are spared what stands beside an element and has the same words.
fn has_hidden_twin(document: &Document, node: NodeId) -> bool {
    siblings(document, node)
        .into_iter()
        .flatten()
        .any(|twin| document.attribute(twin, "aria-hidden") == Some("true") && shows_the_same(document, node, twin))
}

/// Whether what screen readers are spared is what the element around it is labelled with for them, and all that this shows.
pub(in super::super) fn has_label(document: &Document, node: NodeId) -> bool {
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    document.attribute(node, "aria-hidden") == Some("true")
        && document.parent(node).and_then(|above| document.attribute(above, "aria-label")).is_some_and(|label| {
            label.len() <= TWIN_BYTES
                && document.short_text(node, TWIN_BYTES).is_some_and(|text| letters(&text) == letters(label))
        })
}

/// Whether two elements have the same letters, some at least.
fn shows_the_same(document: &Document, one: NodeId, other: NodeId) -> bool {
    let letters = |node| {
        let text = document.short_text(node, TWIN_BYTES)?;
        Some(text.chars().filter(|c| !c.is_whitespace()).collect::<String>()).filter(|letters| !letters.is_empty())
    };
    letters(one).is_some_and(|text| letters(other) == Some(text))
}

/// Characters that show nothing and only break words for programs: soft hyphen, zero-width space and joiners that
/// pages put between words, byte order mark.
pub(in super::super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}')
}

/// Inline elements that only change how a part of running text looks.
pub(in super::super) fn is_formatting(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::B
            | Tag::Strong
            | Tag::I
            | Tag::Em
            | Tag::U
            | Tag::S
            | Tag::Del
            | Tag::Ins
            | Tag::Mark
            | Tag::Font
            | Tag::Ruby
            | Tag::Q
            | Tag::Cite
    )
}

/// Whether an end of a line of the source between two characters shows nothing: both are of a script without spaces, or one
/// is and the other is punctuation that it shares with others. Hangul has spaces.
pub(in super::super) fn joins_lines(before: char, behind: char) -> bool {
    (is_ideographic(before) || is_ideographic(behind)) && may_join_lines(before) && may_join_lines(behind)
}

/// Whether an end of a line of the source behind a character may show nothing.
pub(in super::super) fn may_join_lines(c: char) -> bool {
    is_ideographic(c) || matches!(c, '‘' | '’' | '“' | '”' | '—' | '…' | '·')
}

/// Han, Kana, Bopomofo and their punctuation, of full width too.
fn is_ideographic(c: char) -> bool {
    matches!(u32::from(c),
        0x2E80..=0x303F | 0x3041..=0x312F | 0x31A0..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0xFE30..=0xFE4F
        | 0xFF01..=0xFF9F | 0xFFE0..=0xFFE6 | 0x2_0000..=0x3_FFFF)
}

/// Characters of an ASCII text that are no blanks.
fn signs_in(text: &str) -> u32 {
    text.bytes().map(|byte| u32::from(byte != b' ')).sum()
}

#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is inherited by its own rule")]
struct Context {
    element: u32,
    in_link: bool,
    bold: bool,
    italic: bool,
    preformatted: bool,
    verbatim: bool,
    hidden: bool,
    running: bool,
}

struct Frame {
    next: Option<NodeId>,
    context: Context,
    ends_block: bool,
    /// It is no block, but what follows it stands apart.
    parted: bool,
}

/// What asks for a space before the next character of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Space {
    None,
    /// White space of the source.
    Blank,
    /// The same with an end of a line in it: nothing between two characters of scripts without spaces.
    LineEnd,
    /// Something else, whatever the characters are.
    Wanted,
}

struct Walk<'a> {
    document: &'a Document,
    without_scripts: bool,
    alternatives: Vec<NodeId>,
    /// Classes seen before, and whether they are for screen readers only.
    unseen_classes: HashedMap<bool>,
    outline: Outline,
    /// The block under way; `chars` is 0 while nothing of it has been seen.
    block: Block,
    first_piece: usize,
    space: Space,
    breaks_in_a_row: u16,
    media: u16,
}

/// Walks the body in document order. Where a page shows readers with scripts one thing and others another, and the latter
/// is most of its text, it is read as the others see it: script-built forums serve their threads so.
pub(super) fn outline(document: &Document) -> Outline {
    let Some(body) = document.find(NodeId::ROOT, Tag::Body) else { return Outline::default() };
    let (outline, alternatives) = walk(document, body, false);
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    let alternative: usize = alternatives
        .iter()
        .flat_map(|&node| document.descendants(node))
        .filter_map(|node| document.text(node))
        .map(letters)
        .sum();
    if alternative > letters(&outline.text) { walk(document, body, true).0 } else { outline }
}

/// The blocks, and the `noscript` elements that were passed over.
fn walk(document: &Document, body: NodeId, without_scripts: bool) -> (Outline, Vec<NodeId>) {
    let mut walk = Walk {
        document,
        without_scripts,
        alternatives: Vec::new(),
        unseen_classes: HashedMap::default(),
        outline: Outline::default(),
        block: empty_block(0),
        first_piece: 0,
        space: Space::None,
        breaks_in_a_row: 0,
        media: 0,
    };
    walk.outline.elements.push(Element { node: body, tag: Tag::Body, parent: NO_ELEMENT, depth: 0, hidden: false });
    let context = Context {
        element: 0,
        in_link: false,
        bold: false,
        italic: false,
        preformatted: false,
        verbatim: false,
        hidden: false,
        running: false,
    };
    let mut stack = vec![Frame { next: document.first_child(body), context, ends_block: false, parted: false }];
    while let Some(frame) = stack.last_mut() {
        let Some(node) = frame.next else {
            if frame.ends_block {
                walk.end_block();
            } else if !is_formatting(walk.outline.elements[frame.context.element as usize].tag) {
                walk.settle_space();
            }
            walk.want_space(frame.parted);
            stack.pop();
            continue;
        };
        frame.next = document.next_sibling(node);
        let context = frame.context;
        match document.data(node) {
            NodeData::Text(text) => walk.text(node, text, context),
            NodeData::Element { tag, .. } => {
                let tag = effective_tag(document, node, *tag);
                if let Some(below) = walk.element(node, tag, context) {
                    stack.push(below);
                }
            }
            NodeData::Document => {}
        }
    }
    walk.end_block();
    (walk.outline, walk.alternatives)
}

fn empty_block(at: usize) -> Block {
    Block {
        element: NO_ELEMENT,
        text: at..at,
        chars: 0,
        link_chars: 0,
        bold_chars: 0,
        italic_chars: 0,
        links: 0,
        breaks: 0,
        media: 0,
    }
}

impl Walk<'_> {
    fn field(&mut self, node: NodeId, element: u32) {
        let names = |attribute: &str, word: &str| {
            self.document.attribute(node, attribute).is_some_and(|value| value.to_ascii_lowercase().contains(word))
        };
        let is_choice = names("type", "radio");
        let is_mail = || ["type", "name", "id"].into_iter().any(|attribute| names(attribute, "mail"));
        if self.outline.fields.len() < MOST_FIELDS && (is_choice || is_mail()) {
            self.outline.fields.push(Field { element, is_choice });
        }
    }

    fn element(&mut self, node: NodeId, tag: Tag, context: Context) -> Option<Frame> {
        match tag {
            Tag::Br => {
                self.breaks_in_a_row += 1;
                if self.block.chars > 0 && self.block.breaks == 0 && ends_drawn_line(self.document, node) {
                    self.end_block();
                } else if self.block.chars > 0 {
                    self.outline.text.truncate(self.outline.text.trim_end_matches(' ').len());
                    self.outline.text.push('\n');
                    self.block.breaks = self.block.breaks.saturating_add(1);
                    self.space = Space::None;
                }
                return None;
            }
            Tag::Img | Tag::AmpImg => {
                self.media = self.media.saturating_add(1);
                return None;
            }
            Tag::Input => {
                self.field(node, context.element);
                return None;
            }
            Tag::Wbr => return None,
            Tag::Noscript if self.without_scripts => {}
            Tag::Noscript => {
                self.alternatives.push(node);
                return None;
            }
            tag if is_skipped(tag) => {
                if matches!(tag, Tag::Video | Tag::Iframe | Tag::Object | Tag::Canvas) {
                    self.media = self.media.saturating_add(1);
                }
                return None;
            }
            _ => {}
        }
        let hides = is_hidden(self.document, node);
        if hides && (formula::is_twin(self.document, node) || self.has_unseen_twin(node)) {
            return None;
        }
        let custom = is_custom(self.document, node, tag);
        // Right behind a picture what is called its caption is no beginning of the line that follows.
        let is_caption = || {
            self.media > 0
                && matches!(tag, Tag::Span | Tag::Em | Tag::Small | Tag::I)
                && self.document.attribute(node, "class").is_some_and(is_caption_label)
        };
        let mut block = is_block(tag) || (custom && !context.running) || is_caption();
        if context.running && matches!(tag, Tag::Button | Tag::Label) {
            block = false;
        }
        // The lines of preformatted text are one block, also those that are elements.
        if block && context.preformatted {
            block = false;
            if !self.at_line_start() {
                self.outline.text.push('\n');
            }
        }
        // A suffix for screen readers, a biography that hovers over a name: inside a line it is none of its words.
        if !block
            && (self.block.chars > 0 || context.running)
            && (hides || self.is_unseen(node) && !has_hidden_twin(self.document, node))
            && !self.is_separator(node, context.element)
            && !has_label(self.document, node)
        {
            return None;
        }
        let element = self.outline.elements.len() as u32;
        let hidden = context.hidden || hides;
        let depth = self.outline.elements[context.element as usize].depth + 1;
        self.outline.elements.push(Element { node, tag, parent: context.element, depth, hidden });
        let starts_line = self.block.breaks > 0 && self.at_line_start();
        if block || starts_line && begins_drawn_line(self.document, node) {
            self.end_block();
        }
        let own_line = !block && has_own_line(self.document, node);
        // A name and the time of its story, which only a style keeps apart.
        let is_letter = |c: char| c.is_lowercase() || c.is_uppercase();
        self.want_space(own_line || tag == Tag::Time && self.outline.text.ends_with(is_letter));
        if !is_formatting(tag) {
            self.settle_space();
        }
        let link = tag == Tag::A && self.document.attribute(node, "href").is_some();
        if link {
            self.block.links = self.block.links.saturating_add(1);
        }
        let below = Context {
            element,
            in_link: context.in_link || link,
            bold: context.bold || matches!(tag, Tag::B | Tag::Strong),
            italic: context.italic || matches!(tag, Tag::I | Tag::Em | Tag::Cite),
            preformatted: context.preformatted || tag == Tag::Pre,
            verbatim: context.verbatim || is_verbatim(tag),
            hidden,
            running: !(block && is_container(tag)) && (context.running || is_running_text(tag)),
        };
        let parted = own_line || meets_other_link(self.document, node, tag);
        Some(Frame { next: self.document.first_child(node), context: below, ends_block: block, parted })
    }

    fn text(&mut self, node: NodeId, text: &str, context: Context) {
        if !text.chars().any(|c| !c.is_whitespace() && !is_invisible(c)) {
            self.white_space(text);
            return;
        }
        // Two line breaks in a row are how old pages end a paragraph.
        if self.breaks_in_a_row >= 2 {
            self.end_block();
        }
        self.breaks_in_a_row = 0;
        self.want_space(!context.verbatim && begins_word(text) && ends_in_word(&self.outline.text));
        let mut chars = 0;
        for (piece, c) in pieces(text) {
            if is_invisible(c) {
                continue;
            }
            if context.preformatted && c == '\n' {
                self.outline.text.push('\n');
                self.space = Space::None;
            } else if c.is_whitespace() {
                self.white_space(piece);
            } else {
                let space = std::mem::replace(&mut self.space, Space::None);
                if space != Space::None && !self.at_line_start() && !(space == Space::LineEnd && self.joins(c)) {
                    self.outline.text.push(' ');
                }
                self.outline.text.push_str(piece);
                chars += if c.is_ascii() { signs_in(piece) } else { 1 };
            }
        }
        self.block.element = match self.block.element {
            NO_ELEMENT => context.element,
            other => self.common_ancestor(other, context.element),
        };
        self.block.chars += chars;
        self.block.link_chars += if context.in_link { chars } else { 0 };
        self.block.bold_chars += if context.bold { chars } else { 0 };
        self.block.italic_chars += if context.italic { chars } else { 0 };
        self.outline.pieces.push((node, self.outline.blocks.len() as u32));
    }

    fn want_space(&mut self, wants: bool) {
        if wants {
            self.space = Space::Wanted;
        }
    }

    /// Between elements that are more than a look of their words white space is a space.
    fn settle_space(&mut self) {
        self.want_space(self.space != Space::None);
    }

    fn white_space(&mut self, text: &str) {
        self.space = match self.space {
            Space::None | Space::Blank if text.contains('\n') => Space::LineEnd,
            Space::None if !text.is_empty() => Space::Blank,
            other => other,
        };
    }

    fn joins(&self, c: char) -> bool {
        self.outline.text.chars().next_back().is_some_and(|before| joins_lines(before, c))
    }

    /// Whether what is hidden is a sign between two words that keeps them apart all the same: one that screen readers are
    /// spared ("Jane Roe · 5 March"), or one that only they are given, behind the kicker of a headline in `above`.
    fn is_separator(&self, node: NodeId, above: u32) -> bool {
        /// Elements around a sign within its heading: itself and the kicker's.
        const LEVELS: usize = 3;
        /// Bytes of a sign with its blanks: a rule of dashes has some dozens.
        const SIGN_BYTES: usize = 64;
        let elements = &self.outline.elements;
        let parent = |&element: &u32| Some(elements[element as usize].parent).filter(|&parent| parent != NO_ELEMENT);
        let mut around = std::iter::successors(Some(above), parent).take(LEVELS);
        (self.document.attribute(node, "aria-hidden").is_some()
            || self.block.chars > 0 && around.any(|element| elements[element as usize].tag.heading_level().is_some()))
            && self.document.short_text(node, SIGN_BYTES).is_some_and(|text| !text.chars().any(char::is_alphanumeric))
    }

    /// Whether the words of what screen readers are spared stand right beside it for them alone: a large initial is drawn
    /// so, and a line whose letters move.
    fn has_unseen_twin(&mut self, node: NodeId) -> bool {
        self.document.tag(node).is_some_and(|tag| !is_block(tag))
            && siblings(self.document, node)
                .into_iter()
                .flatten()
                .any(|twin| self.is_unseen(twin) && shows_the_same(self.document, node, twin))
    }

    /// Whether its class shows an element to screen readers only.
    fn is_unseen(&mut self, node: NodeId) -> bool {
        self.document.attribute(node, "class").is_some_and(|class| {
            let known = self.unseen_classes.entry(xxhash_rust::xxh3::xxh3_64(class.as_bytes()));
            *known.or_insert_with(|| is_screen_reader_only(class))
        })
    }

    fn at_line_start(&self) -> bool {
        let text = &self.outline.text[self.block.text.start..];
        text.is_empty() || text.ends_with('\n')
    }

    fn common_ancestor(&self, mut one: u32, mut other: u32) -> u32 {
        let elements = &self.outline.elements;
        while one != other {
            let (a, b) = (&elements[one as usize], &elements[other as usize]);
            if a.depth >= b.depth {
                one = a.parent;
            } else {
                other = b.parent;
            }
        }
        one
    }

    fn end_block(&mut self) {
        let start = self.block.text.start;
        let end = start + self.outline.text[start..].trim_end().len();
        self.outline.text.truncate(end);
        if self.block.chars > 0 && self.outline.text[start..].chars().any(char::is_alphanumeric) {
            let mut block = std::mem::replace(&mut self.block, empty_block(end));
            block.text = start..end;
            block.media = std::mem::take(&mut self.media);
            self.outline.blocks.push(block);
        } else {
            self.outline.text.truncate(start);
            self.outline.pieces.truncate(self.first_piece);
            self.block = empty_block(start);
        }
        self.first_piece = self.outline.pieces.len();
        self.space = Space::None;
        self.breaks_in_a_row = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::parse;

    #[test]
    fn a_date_is_a_word_of_its_own_and_a_power_is_none() {
        assert!(["19 July", "2026-03-04", "Roe", "4.5 km"].into_iter().all(begins_word));
        assert!(!["2", "roe", "19", ""].into_iter().any(begins_word));
        assert_eq!(texts("<p><span>updated</span><span>19 July 2026</span></p>"), ["updated 19 July 2026"]);
        assert_eq!(texts("<p><span>By Jane Roe</span><time>12 May</time></p>"), ["By Jane Roe 12 May"]);
    }

    fn texts(html: &str) -> Vec<String> {
        let document = parse(html);
        let outline = outline(&document);
        outline.blocks.iter().map(|block| outline.text_of(block).to_owned()).collect()
    }

    #[test]
    fn blocks_are_what_a_reader_sees_as_one_piece() {
        assert_eq!(texts("<p>One <b>two</b>\n three</p>tail<div>four</div>"), ["One two three", "tail", "four"]);
        assert_eq!(texts("first<br><br>second<br>line"), ["first", "second\nline"]);
        assert_eq!(
            texts("<p>don<wbr>'t glue</p><p>wo\u{AD}rd zero\u{200B}width</p>"),
            ["don't glue", "word zerowidth"]
        );
        assert_eq!(texts("<ul><li>a<li>b</ul><p> — </p>"), ["a", "b"]);
    }

    #[test]
    fn hidden_words_inside_a_line_are_not_its_words() {
        assert_eq!(
            texts("<p>The mayor<span class=sr-only> opens in new window</span> spoke<i hidden>bio</i>.</p>"),
            ["The mayor spoke."]
        );
        assert_eq!(
            texts(
                "<h1><span>The harbour<span class=sr-only>: </span></span><span>A mayor speaks<i hidden>bio</i></span></h1>"
            ),
            ["The harbour: A mayor speaks"]
        );
        let rule = "—".repeat(10);
        assert_eq!(
            texts(&format!("<p>Jane Roe<span aria-hidden=true>{rule}</span>5 March</p>")),
            [format!("Jane Roe{rule}5 March")]
        );
    }

    #[test]
    fn the_element_of_a_block_holds_all_of_it() {
        let document = parse("<div><p>a <b>b</b></p></div>");
        let outline = outline(&document);
        let block = &outline.blocks[0];
        assert_eq!(outline.elements[block.element as usize].tag, Tag::P);
        assert_eq!((block.chars, block.bold_chars), (2, 1));
        assert_eq!(outline.pieces.len(), 2);
    }

    #[test]
    fn line_ends_between_ideographs_are_none() {
        assert_eq!(
            texts("<p>三百年历\n  史，最<b>后一</b>\n班木船 由\nHarbour 公司</p>"),
            ["三百年历史，最后一班木船 由 Harbour 公司"]
        );
        assert_eq!(texts("<p>“心上。”\n老周</p><p>배가\n온다</p>"), ["“心上。”老周", "배가 온다"]);
        assert_eq!(texts("<p><a href=a>新闻</a>\n<a href=b>体育</a></p>"), ["新闻 体育"]);
    }

    #[test]
    fn what_is_drawn_twice_is_read_once() {
        assert_eq!(
            texts("<p><span aria-hidden=true>E</span><span class=sr-only>E</span>very window</p>"),
            ["Every window"]
        );
        assert_eq!(
            texts(
                "<p><span aria-label='The end'><span aria-hidden=true><i>The</i> <i>end</i></span></span> is near.</p>"
            ),
            ["The end is near."]
        );
    }

    #[test]
    fn preformatted_text_keeps_its_lines() {
        assert_eq!(texts("<pre>let x = 1;\nlet y = 2;</pre>"), ["let x = 1;\nlet y = 2;"]);
    }
}
