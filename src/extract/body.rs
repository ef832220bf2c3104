//! The kept parts of the tree as structure.

mod lists;
mod tables;

use super::content::{
    begins_word, each_word, effective_tag, ends_drawn_line, ends_in_word, has_label, has_own_line, is_block, is_custom,
    is_formatting, is_hidden, is_invisible, is_pointer, is_skipped, is_verbatim, joins_lines, may_join_lines,
    meets_other_link,
};
use super::entities;
use super::flow::{Flow, Inline, trim};
use super::formula::{self, Formula, Place, Source};
use super::pictures::Pictures;
use crate::markup::{Document, NodeData, NodeId, Tag};
use crate::model::letters::pieces;
use url::Url;

/// Bytes of a line above a listing that is only a control of it, at the most: `Code: Select all` in any language.
const CONTROL_BYTES: usize = 60;

/// Which text nodes and pictures of a page are its body.
#[derive(Debug)]
pub(super) struct Kept {
    /// By node: a kept text node or picture, or an element with one below.
    marks: Vec<bool>,
}

impl Kept {
    pub(super) fn none(document: &Document) -> Self {
        Self { marks: vec![false; document.len()] }
    }

    /// Keeps a node, and with it the way to it.
    pub(super) fn keep(&mut self, document: &Document, node: NodeId) {
        let mut at = Some(node);
        while let Some(node) = at {
            if std::mem::replace(&mut self.marks[node.index()], true) {
                return;
            }
            at = document.parent(node);
        }
    }

    pub(super) fn has(&self, node: NodeId) -> bool {
        self.marks[node.index()]
    }
}

/// Builds the structure of what is kept.
pub(super) fn assemble(document: &Document, kept: &Kept, pictures: &Pictures, base: Option<&Url>) -> Vec<Flow> {
    let Some(body) = document.find(NodeId::ROOT, Tag::Body) else { return Vec::new() };
    let mut builder = Builder {
        document,
        kept,
        pictures,
        base,
        flows: Vec::new(),
        line: Line::default(),
        running: false,
        verbatim: false,
        keeps_lines: false,
        formulas: false,
    };
    builder.children(body);
    builder.end_line();
    tidy(builder.flows)
}

/// The line under way: inline pieces, nested by the elements that are open.
#[derive(Default)]
struct Line {
    open: Vec<Vec<Inline>>,
    pieces: Vec<Inline>,
    after_space: bool,
    has_text: bool,
    /// What a blank behind a character of a script without spaces waits for: the next one decides.
    pending: Option<Blank>,
    /// Its last character.
    last: char,
    /// It ends in a word that a capital begins no part of.
    ends_in_word: bool,
}

/// White space that is not written yet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Blank {
    Space,
    /// With an end of a line of the source in it: nothing between two characters of scripts without spaces.
    LineEnd,
}

impl Line {
    fn current(&mut self) -> &mut Vec<Inline> {
        self.open.last_mut().unwrap_or(&mut self.pieces)
    }
}

#[expect(clippy::struct_excessive_bools, reason = "each is inherited by its own rule")]
struct Builder<'a> {
    document: &'a Document,
    kept: &'a Kept,
    pictures: &'a Pictures,
    base: Option<&'a Url>,
    flows: Vec<Flow>,
    line: Line,
    running: bool,
    verbatim: bool,
    /// A style has line ends of the source shown as such.
    keeps_lines: bool,
    /// Nothing stands here but formulas.
    formulas: bool,
}

impl Builder<'_> {
    /// Recursion is as deep as the tree, which the guarded parse bounds.
    fn children(&mut self, node: NodeId) {
        for child in self.document.children(node) {
            self.node(child);
        }
    }

    fn node(&mut self, node: NodeId) {
        match self.document.data(node) {
            NodeData::Text(text) => {
                if self.kept.has(node) {
                    if !self.verbatim && self.line.ends_in_word && begins_word(text) {
                        self.space();
                    }
                    self.text(text);
                } else if !text.is_empty() && text.chars().all(char::is_whitespace) {
                    self.text(text);
                }
            }
            NodeData::Element { tag, .. } => self.element(node, *tag),
            NodeData::Document => {}
        }
    }

    fn element(&mut self, node: NodeId, tag: Tag) {
        let tag = effective_tag(self.document, node, tag);
        match formula::at(self.document, node, tag) {
            Some(Place::Formula(formula)) => {
                self.formula(formula);
                return;
            }
            Some(Place::Twin) => return,
            None => {}
        }
        match tag {
            // What the choice of blocks parts is parted here.
            Tag::Br if self.line.open.is_empty() && self.line.has_text && ends_drawn_line(self.document, node) => {
                self.end_line();
                return;
            }
            Tag::Br => {
                self.line_break();
                return;
            }
            Tag::Img | Tag::AmpImg if self.kept.has(node) => {
                self.picture(node);
                return;
            }
            Tag::Input => {
                self.tick(node);
                return;
            }
            Tag::Hr => {
                self.end_line();
                self.flows.push(Flow::Break);
                return;
            }
            _ => {}
        }
        if !self.kept.has(node) || (is_skipped(tag) && tag != Tag::Noscript) {
            self.element_not_kept(node, tag);
            return;
        }
        if self.is_control_of_code(node, tag) {
            return;
        }
        let keeps_lines = keeps_lines(self.document, node).unwrap_or(self.keeps_lines);
        let outer = std::mem::replace(&mut self.keeps_lines, keeps_lines);
        self.kept_element(node, tag);
        self.keeps_lines = outer;
    }

    /// An element none of whose words were chosen, in one that holds some that were.
    fn element_not_kept(&mut self, node: NodeId, tag: Tag) {
        if let Some(table) = self.lone_table(node, tag)
            && let Some((language, text)) = super::code::code_table(self.document, &self.rows(table, false))
        {
            self.end_line();
            self.flows.push(Flow::Code { language, text });
            return;
        }
        let formulas = self.formulas;
        // What is in one that does does so too.
        self.formulas = formulas || !is_skipped(tag) && formula::holds_only_formulas(self.document, node);
        if self.formulas {
            self.descend(node, tag);
        } else if !self.is_boundary(node, tag) {
            self.blank(node);
        }
        self.formulas = formulas;
    }

    /// The table that an element is or holds, and little else.
    fn lone_table(&self, node: NodeId, tag: Tag) -> Option<NodeId> {
        /// Boxes of a highlighter around its table.
        const LEVELS: usize = 4;
        if !matches!(tag, Tag::Table | Tag::Div | Tag::Figure) {
            return None;
        }
        let mut at = node;
        for _ in 0..LEVELS {
            if self.document.tag(at) == Some(Tag::Table) {
                return Some(at);
            }
            let mut inner = None;
            for child in self.document.children(at) {
                let holds_table =
                    self.document.tag(child) == Some(Tag::Table) || self.document.find(child, Tag::Table).is_some();
                if holds_table && inner.is_none() {
                    inner = Some(child);
                } else if holds_table || self.document.short_text(child, CONTROL_BYTES).is_none() {
                    return None;
                }
            }
            at = inner?;
        }
        None
    }

    /// Whether a line above a listing only holds what selects or copies it: its link leads nowhere.
    fn is_control_of_code(&self, node: NodeId, tag: Tag) -> bool {
        let is_code = |next: &NodeId| self.document.tag(*next) == Some(Tag::Pre);
        let mut behind =
            std::iter::successors(self.document.next_sibling(node), |&next| self.document.next_sibling(next));
        matches!(tag, Tag::P | Tag::Div)
            && behind.find(|&next| self.document.tag(next).is_some()).as_ref().is_some_and(is_code)
            && self.holds_control(node)
    }

    /// Whether a short line holds a button, or a link that only a script reads.
    fn holds_control(&self, node: NodeId) -> bool {
        self.document.short_text(node, CONTROL_BYTES).is_some()
            && self.document.descendants(node).any(|below| {
                self.document.tag(below) == Some(Tag::Button)
                    || self.document.tag(below) == Some(Tag::A) && self.document.attribute(below, "href") == Some("#")
            })
    }

    fn kept_element(&mut self, node: NodeId, tag: Tag) {
        if let Some(level) = tag.heading_level() {
            let inlines = self.line_of(node);
            if is_sentence(&inlines) {
                self.flows.push(Flow::Paragraph(inlines));
            } else if !inlines.is_empty() {
                self.flows.push(Flow::Heading(level.max(2), inlines));
            }
            return;
        }
        match tag {
            Tag::Ul | Tag::Ol | Tag::Menu | Tag::Dir => self.list(node, tag),
            Tag::Blockquote => {
                let below = self.flows_of(node);
                if !below.is_empty() {
                    self.flows.push(Flow::Quote(below));
                }
            }
            Tag::Pre => self.code_block(node),
            Tag::Code if !self.verbatim && self.is_listing(node) => self.code_block(node),
            Tag::Table => self.table(node),
            Tag::Dl => self.definitions(node),
            _ => self.descend(node, tag),
        }
    }

    fn descend(&mut self, node: NodeId, tag: Tag) {
        if self.is_boundary(node, tag) {
            self.end_line();
            let running = (self.running || is_running(tag)) && !matches!(tag, Tag::Div | Tag::Section | Tag::Figure);
            let outer = std::mem::replace(&mut self.running, running);
            self.children(node);
            self.running = outer;
            self.end_line();
        } else if has_own_line(self.document, node) {
            self.space();
            self.inline(node, tag);
            self.space();
        } else {
            if !is_formatting(tag) {
                self.settle();
            }
            self.inline(node, tag);
            if !is_formatting(tag) {
                self.settle();
            }
            if meets_other_link(self.document, node, tag) {
                self.space();
            }
        }
    }

    /// Whether code that is no block stands alone in one, with line breaks in it.
    fn is_listing(&self, node: NodeId) -> bool {
        let document = self.document;
        let is_blank = |child: NodeId| {
            document.tag(child) == Some(Tag::Br) || document.text(child).is_some_and(|text| text.trim().is_empty())
        };
        !self.line.has_text
            && document.find(node, Tag::Br).is_some()
            && document.parent(node).is_some_and(|above| {
                document.tag(above).is_some_and(is_block)
                    && document.children(above).all(|child| child == node || is_blank(child))
            })
    }

    fn formula(&mut self, formula: Formula) {
        let piece = match formula.source {
            Source::Tex(tex) => Inline::Math { tex, display: formula.display },
            Source::Words(words) => Inline::Text(words),
        };
        if formula.display {
            self.end_line();
            self.flows.push(Flow::Paragraph(vec![piece]));
            return;
        }
        self.settle();
        self.line.current().push(piece);
        self.line.after_space = false;
        self.line.has_text = true;
        self.line.ends_in_word = false;
        self.line.last = 'x';
    }

    /// The box before an item of a list of tasks, as the dialect of GitHub writes it. A field of a form has a name.
    fn tick(&mut self, node: NodeId) {
        let attribute = |name| self.document.attribute(node, name);
        let in_item = self.document.parent(node).is_some_and(|above| {
            let around = self.document.parent(above);
            [Some(above), around].into_iter().flatten().any(|above| self.document.tag(above) == Some(Tag::Li))
        });
        if attribute("type").is_some_and(|kind| kind.eq_ignore_ascii_case("checkbox"))
            && attribute("name").is_none_or(str::is_empty)
            && in_item
            && !self.line.has_text
        {
            self.text(if attribute("checked").is_some() { "[x] " } else { "[ ] " });
        }
    }

    /// An inline element without words of its own still keeps those around it apart: `one<span> </span>two`, and
    /// `one<b><br></b>two`.
    fn blank(&mut self, node: NodeId) {
        let (mut blanks, mut breaks) = (false, 0);
        for below in self.document.descendants(node) {
            match self.document.data(below) {
                NodeData::Text(text) if text.chars().all(char::is_whitespace) => blanks |= !text.is_empty(),
                NodeData::Text(_) => return,
                NodeData::Element { tag: Tag::Br, .. } => breaks += 1,
                NodeData::Element { .. } | NodeData::Document => {}
            }
        }
        if blanks {
            self.space();
        }
        for _ in 0..breaks {
            self.line_break();
        }
    }

    /// Whether an element ends the line: the same question that the walk over blocks asks.
    fn is_boundary(&self, node: NodeId, tag: Tag) -> bool {
        if self.running && matches!(tag, Tag::Button | Tag::Label) {
            return false;
        }
        is_block(tag) || !self.running && is_custom(self.document, node, tag)
    }

    fn inline(&mut self, node: NodeId, tag: Tag) {
        let is_hidden = || is_hidden(self.document, node) && !has_label(self.document, node);
        if self.line.has_text && is_hidden() || self.is_aid(node, tag) {
            return;
        }
        // An inline element around blocks (a link around a card) says nothing of each of them.
        let holds_blocks = self.document.descendants(node).any(|below| {
            self.kept.has(below)
                && self.document.tag(below).is_some_and(|tag| self.is_boundary(below, tag) || tag == Tag::Table)
        });
        let wrap: fn(Vec<Inline>) -> Inline = match tag {
            Tag::B | Tag::Strong => Inline::Strong,
            Tag::I | Tag::Em | Tag::Cite | Tag::Var => Inline::Emphasis,
            Tag::S | Tag::Strike | Tag::Del => Inline::Deleted,
            Tag::Sub => Inline::Subscript,
            Tag::Sup if self.is_note_mark(node) => Inline::NoteMark,
            Tag::Sup => Inline::Superscript,
            Tag::Code | Tag::Kbd | Tag::Samp | Tag::Tt => |below| Inline::Code(super::flow::plain(&below)),
            Tag::Ruby => {
                self.ruby(node);
                return;
            }
            // An arrow back to the text from a footnote.
            Tag::A if self.is_bare_jump(node) => return,
            Tag::A if self.line.has_text && is_pointer(&self.document.text_content(node)) => return,
            Tag::A => {
                let target = self.document.attribute(node, "href").and_then(|href| self.link_target(href));
                match target {
                    Some(url) if !holds_blocks => {
                        let below = self.nested(node);
                        if !below.is_empty() {
                            self.line.current().push(Inline::Link(url, below));
                        }
                    }
                    _ => self.children(node),
                }
                return;
            }
            _ => {
                self.children(node);
                return;
            }
        };
        if holds_blocks {
            self.children(node);
            return;
        }
        let outer = self.verbatim;
        self.verbatim |= is_verbatim(tag);
        let below = self.nested(node);
        self.verbatim = outer;
        if !below.is_empty() {
            self.line.current().push(wrap(below));
        }
    }

    /// Whether an inline element is there for the page's own use: a wiki's link that edits the section, a sign that shows a
    /// note in the margin.
    fn is_aid(&self, node: NodeId, tag: Tag) -> bool {
        let class = || self.document.attribute(node, "class").unwrap_or_default();
        match tag {
            Tag::Span => class().starts_with("mw-editsection") || class() == "editsection",
            Tag::Label => self.running && !self.document.text_content(node).chars().any(char::is_alphanumeric),
            _ => false,
        }
    }

    /// Whether an exponent is the mark of a note: it leads, or stands in what leads, to another place of the page.
    fn is_note_mark(&self, node: NodeId) -> bool {
        let leads = |node: NodeId| {
            self.document.tag(node) == Some(Tag::A)
                && self.document.attribute(node, "href").is_some_and(|href| href.starts_with('#'))
        };
        self.document.descendants(node).any(leads) || self.document.parent(node).is_some_and(leads)
    }

    fn is_bare_jump(&self, node: NodeId) -> bool {
        self.document.attribute(node, "href").is_some_and(|href| href.starts_with('#'))
            && !self.document.text_content(node).chars().any(char::is_alphanumeric)
    }

    fn nested(&mut self, node: NodeId) -> Vec<Inline> {
        self.line.open.push(Vec::new());
        self.children(node);
        self.line.open.pop().unwrap_or_default()
    }

    fn ruby(&mut self, node: NodeId) {
        let mut reading = String::new();
        self.line.open.push(Vec::new());
        for child in self.document.children(node) {
            match self.document.tag(child) {
                Some(Tag::Rt) => reading.push_str(self.document.text_content(child).trim()),
                Some(Tag::Rp) => {}
                _ => self.node(child),
            }
        }
        let base = self.line.open.pop().unwrap_or_default();
        if !base.is_empty() {
            let piece = if reading.is_empty() { None } else { Some(Inline::Ruby(base.clone(), reading)) };
            match piece {
                Some(piece) => self.line.current().push(piece),
                None => self.line.current().extend(base),
            }
        }
    }

    fn link_target(&self, href: &str) -> Option<String> {
        let href = href.trim();
        if href.is_empty() || href.starts_with('#') {
            return None;
        }
        let url = match self.base {
            Some(base) => base.join(href).ok()?,
            None => Url::parse(href).ok()?,
        };
        matches!(url.scheme(), "http" | "https" | "mailto" | "tel").then(|| url.into())
    }

    fn text(&mut self, text: &str) {
        let unescaped = if self.verbatim { None } else { entities::unescaped(text) };
        let text = unescaped.as_deref().unwrap_or(text);
        let mut out = String::with_capacity(text.len());
        for (piece, c) in pieces(text) {
            if is_invisible(c) {
                continue;
            }
            if c == '\n' && self.keeps_lines {
                self.push_text(&mut out);
                self.line_break();
            } else if !c.is_whitespace() {
                if let Some(blank) = self.line.pending.take()
                    && !(blank == Blank::LineEnd && joins_lines(self.line.last, c))
                {
                    out.push(' ');
                }
                out.push_str(piece);
                self.line.last = piece.chars().next_back().unwrap_or(c);
                self.line.after_space = false;
                self.line.has_text = true;
            } else if self.line.pending.is_some() {
                if c == '\n' {
                    self.line.pending = Some(Blank::LineEnd);
                }
            } else if !self.line.after_space && self.line.has_text {
                if may_join_lines(self.line.last) {
                    self.line.pending = Some(if c == '\n' { Blank::LineEnd } else { Blank::Space });
                } else {
                    out.push(' ');
                }
                self.line.after_space = true;
            }
        }
        self.push_text(&mut out);
    }

    fn push_text(&mut self, out: &mut String) {
        if out.is_empty() {
            return;
        }
        let out = std::mem::take(out);
        self.line.ends_in_word = ends_in_word(&out);
        match self.line.current().last_mut() {
            Some(Inline::Text(end)) => end.push_str(&out),
            _ => self.line.current().push(Inline::Text(out)),
        }
    }

    /// White space before something that is no text, or not of this line's own, is a blank.
    fn settle(&mut self) {
        if self.line.pending.take().is_some() {
            self.push_text(&mut " ".to_owned());
        }
    }

    fn space(&mut self) {
        if self.line.has_text && !self.line.after_space {
            self.text(" ");
        }
        self.settle();
    }

    /// A second break in a row ends the paragraph.
    fn line_break(&mut self) {
        if !self.line.has_text {
            return;
        }
        let doubled = self.line.open.is_empty()
            && self
                .line
                .pieces
                .iter()
                .rev()
                .find(|piece| !matches!(piece, Inline::Text(text) if text.trim().is_empty()))
                .is_some_and(|piece| *piece == Inline::LineBreak);
        if doubled {
            self.end_line();
        } else {
            self.line.pending = None;
            self.line.current().push(Inline::LineBreak);
            self.line.after_space = true;
        }
    }

    fn end_line(&mut self) {
        let inlines = self.take_line();
        if !inlines.is_empty() {
            self.flows.push(Flow::Paragraph(inlines));
        }
    }

    fn take_line(&mut self) -> Vec<Inline> {
        // A block inside an inline element ends the line; what the element held so far goes with it, unwrapped.
        let Line { open, mut pieces, .. } = std::mem::take(&mut self.line);
        let levels = open.len();
        for level in open {
            pieces.extend(level);
        }
        self.line.open = vec![Vec::new(); levels];
        trim(&mut pieces);
        pieces
    }

    /// An element's kept words as one line.
    fn line_of(&mut self, node: NodeId) -> Vec<Inline> {
        let mut inlines = Vec::new();
        for flow in self.flows_of(node) {
            match flow {
                Flow::Paragraph(line) | Flow::Heading(_, line) => {
                    if !inlines.is_empty() {
                        inlines.push(Inline::Text(" ".to_owned()));
                    }
                    inlines.extend(line);
                }
                figure @ Flow::Figure { .. } => self.flows.push(figure),
                _ => {}
            }
        }
        for inline in &mut inlines {
            if *inline == Inline::LineBreak {
                *inline = Inline::Text(" ".to_owned());
            }
        }
        inlines
    }

    fn flows_of(&mut self, node: NodeId) -> Vec<Flow> {
        self.end_line();
        let outer = std::mem::take(&mut self.flows);
        let line = std::mem::take(&mut self.line);
        let tag = self.document.tag(node).unwrap_or(Tag::Other);
        let running = std::mem::replace(&mut self.running, is_running(tag));
        self.children(node);
        self.end_line();
        self.running = running;
        self.line = line;
        tidy(std::mem::replace(&mut self.flows, outer))
    }

    fn code_block(&mut self, node: NodeId) {
        self.end_line();
        if let Some((language, text)) = super::code::code_block(self.document, node) {
            self.flows.push(Flow::Code { language, text });
        }
    }

    fn picture(&mut self, node: NodeId) {
        let Some(picture) = self.pictures.at(node) else { return };
        let figure = Flow::Figure {
            url: picture.image.url.clone().unwrap_or_default(),
            alt: picture.image.alt.clone().unwrap_or_default(),
            caption: if picture.caption.is_empty() { Vec::new() } else { vec![Inline::Text(picture.caption.clone())] },
        };
        // A picture in the middle of a line stands before it, so that no word is torn from its paragraph.
        self.flows.push(figure);
    }
}

/// Whether an element's style, or the utility class that stands for it, shows line ends of the source; `None` where neither
/// says.
fn keeps_lines(document: &Document, node: NodeId) -> Option<bool> {
    let of_value = |value: &str| match value.trim() {
        "pre" | "pre-line" | "pre-wrap" | "break-spaces" => Some(true),
        "normal" | "nowrap" => Some(false),
        _ => None,
    };
    document.attributes(node).iter().find_map(|attribute| match &*attribute.name {
        "style" if attribute.value.contains("white-space") => attribute
            .value
            .split(';')
            .filter_map(|declaration| declaration.split_once(':'))
            .filter(|(property, _)| property.trim() == "white-space")
            .find_map(|(_, value)| of_value(value)),
        "class" if attribute.value.contains("whitespace-") => attribute
            .value
            .split_ascii_whitespace()
            .filter_map(|word| word.strip_prefix("whitespace-"))
            .find_map(of_value),
        _ => None,
    })
}

/// A standfirst that the page marks up as a heading: full sentences, longer than a heading is.
fn is_sentence(inlines: &[Inline]) -> bool {
    const HEADING_WORDS: usize = 14;
    let text = super::flow::plain(inlines);
    let mut words = 0;
    each_word(&text.to_lowercase(), |_, _| words += 1);
    words > HEADING_WORDS && text.trim_end().ends_with(['.', '。', '!', '…'])
}

fn is_running(tag: Tag) -> bool {
    tag.heading_level().is_some()
        || matches!(tag, Tag::P | Tag::Li | Tag::Td | Tag::Blockquote | Tag::Figcaption | Tag::Dd)
}

/// Breaks only between things, and each picture once.
fn tidy(flows: Vec<Flow>) -> Vec<Flow> {
    let mut out: Vec<Flow> = Vec::with_capacity(flows.len());
    for flow in flows {
        if flow == Flow::Break && out.last().is_none_or(|last| *last == Flow::Break) {
            continue;
        }
        out.push(flow);
    }
    while out.last() == Some(&Flow::Break) {
        out.pop();
    }
    out
}
