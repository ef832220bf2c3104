//! The kept parts of the tree as structure.

use super::content::{
    begins_word, each_word, effective_tag, ends_in_word, has_own_line, is_block, is_hidden, is_invisible, is_pointer,
    is_skipped, is_verbatim, meets_other_link,
};
use super::flow::{Definition, Flow, Inline, trim};
use super::pictures::Pictures;
use crate::markup::{Document, NodeData, NodeId, Tag};
use crate::model::letters::pieces;
use url::Url;

/// Characters past which a table's cell holds more than a datum.
const LONGEST_CELL: usize = 1000;

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
    /// It ends in a word that a capital begins no part of.
    ends_in_word: bool,
}

impl Line {
    fn current(&mut self) -> &mut Vec<Inline> {
        self.open.last_mut().unwrap_or(&mut self.pieces)
    }
}

struct Builder<'a> {
    document: &'a Document,
    kept: &'a Kept,
    pictures: &'a Pictures,
    base: Option<&'a Url>,
    flows: Vec<Flow>,
    line: Line,
    running: bool,
    verbatim: bool,
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
                    self.space();
                }
            }
            NodeData::Element { tag, .. } => self.element(node, *tag),
            NodeData::Document => {}
        }
    }

    fn element(&mut self, node: NodeId, tag: Tag) {
        let tag = effective_tag(self.document, node, tag);
        match tag {
            Tag::Br => {
                self.line_break();
                return;
            }
            Tag::Img | Tag::AmpImg if self.kept.has(node) => {
                self.picture(node);
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
            if !self.is_boundary(node, tag) {
                self.blank(node);
            }
            return;
        }
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
            Tag::Table => self.table(node),
            Tag::Dl => self.definitions(node),
            _ if self.is_boundary(node, tag) => {
                self.end_line();
                let running =
                    (self.running || is_running(tag)) && !matches!(tag, Tag::Div | Tag::Section | Tag::Figure);
                let outer = std::mem::replace(&mut self.running, running);
                self.children(node);
                self.running = outer;
                self.end_line();
            }
            _ if has_own_line(self.document, node) => {
                self.space();
                self.inline(node, tag);
                self.space();
            }
            _ => {
                self.inline(node, tag);
                if meets_other_link(self.document, node, tag) {
                    self.space();
                }
            }
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
        is_block(tag) || (tag == Tag::Other && !self.running && self.document.local_name(node).contains('-'))
    }

    fn inline(&mut self, node: NodeId, tag: Tag) {
        if is_hidden(self.document, node) && self.line.has_text {
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
        let mut out = String::with_capacity(text.len());
        for (piece, c) in pieces(text) {
            if is_invisible(c) {
                continue;
            }
            if c.is_whitespace() {
                if !self.line.after_space && self.line.has_text {
                    out.push(' ');
                    self.line.after_space = true;
                }
            } else {
                out.push_str(piece);
                self.line.after_space = false;
                self.line.has_text = true;
            }
        }
        if out.is_empty() {
            return;
        }
        self.line.ends_in_word = ends_in_word(&out);
        match self.line.current().last_mut() {
            Some(Inline::Text(end)) => end.push_str(&out),
            _ => self.line.current().push(Inline::Text(out)),
        }
    }

    fn space(&mut self) {
        if self.line.has_text && !self.line.after_space {
            self.text(" ");
        }
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

    fn list(&mut self, node: NodeId, tag: Tag) {
        self.end_line();
        let mut items = Vec::new();
        for child in self.document.children(node).collect::<Vec<_>>() {
            if !self.kept.has(child) {
                continue;
            }
            let mut below = match self.document.tag(child) {
                // A list directly in a list belongs to the item before it.
                Some(Tag::Ul | Tag::Ol) if !items.is_empty() => {
                    let outer = std::mem::take(&mut self.flows);
                    self.node(child);
                    let nested = std::mem::replace(&mut self.flows, outer);
                    if let Some(last) = items.last_mut() {
                        Vec::extend(last, nested);
                    }
                    continue;
                }
                Some(_) => self.flows_of(child),
                None => {
                    let outer = std::mem::take(&mut self.flows);
                    self.node(child);
                    self.end_line();
                    std::mem::replace(&mut self.flows, outer)
                }
            };
            below.retain(|flow| *flow != Flow::Break);
            if !below.is_empty() {
                items.push(below);
            }
        }
        // A list of one long thing, or of headings and pictures, is a layout.
        let is_layout = items.iter().any(|item| {
            item.iter().any(|flow| matches!(flow, Flow::Heading(..) | Flow::Table { .. } | Flow::Figure { .. }))
        });
        if is_layout {
            self.flows.extend(items.into_iter().flatten());
        } else if !items.is_empty() {
            let start = (tag == Tag::Ol).then(|| {
                self.document.attribute(node, "start").and_then(|start| start.trim().parse().ok()).unwrap_or(1)
            });
            self.flows.push(Flow::List { start, items });
        }
    }

    fn definitions(&mut self, node: NodeId) {
        self.end_line();
        let mut entries = Vec::new();
        let parts: Vec<NodeId> = self
            .document
            .descendants(node)
            .filter(|&below| {
                matches!(self.document.tag(below), Some(Tag::Dt | Tag::Dd))
                    && self.kept.has(below)
                    && self.nearest_list(below) == Some(node)
            })
            .collect();
        for part in parts {
            if self.document.tag(part) == Some(Tag::Dt) {
                let line = self.line_of(part);
                if !line.is_empty() {
                    entries.push(Definition::Term(line));
                }
            } else {
                let below = self.flows_of(part);
                if !below.is_empty() {
                    entries.push(Definition::Meaning(below));
                }
            }
        }
        if entries.is_empty() {
            self.children(node);
            self.end_line();
        } else {
            self.flows.push(Flow::Definitions(entries));
        }
    }

    fn nearest_list(&self, node: NodeId) -> Option<NodeId> {
        let mut at = self.document.parent(node);
        while let Some(above) = at {
            if self.document.tag(above) == Some(Tag::Dl) {
                return Some(above);
            }
            at = self.document.parent(above);
        }
        None
    }

    fn code_block(&mut self, node: NodeId) {
        self.end_line();
        if let Some((language, text)) = super::code::code_block(self.document, node) {
            self.flows.push(Flow::Code { language, text });
        }
    }

    fn table(&mut self, node: NodeId) {
        self.end_line();
        let rows: Vec<NodeId> = self
            .document
            .descendants(node)
            .filter(|&below| {
                self.document.tag(below) == Some(Tag::Tr)
                    && self.kept.has(below)
                    && self.nearest_table(below) == Some(node)
            })
            .collect();
        let cells_of = |row: NodeId| {
            self.document
                .children(row)
                .filter(|&cell| matches!(self.document.tag(cell), Some(Tag::Td | Tag::Th)))
                .collect::<Vec<_>>()
        };
        let grid: Vec<Vec<NodeId>> = rows.iter().map(|&row| cells_of(row)).collect();
        let widest = grid.iter().map(Vec::len).max().unwrap_or(0);
        let nests = self.document.descendants(node).any(|below| {
            self.kept.has(below)
                && matches!(
                    self.document.tag(below),
                    Some(Tag::Table | Tag::H1 | Tag::H2 | Tag::H3 | Tag::Blockquote | Tag::Pre)
                )
        });
        let paragraphs = |cell: &NodeId| {
            self.document
                .descendants(*cell)
                .filter(|&below| self.kept.has(below) && self.document.tag(below) == Some(Tag::P))
                .count()
        };
        let kept_columns = (0..widest)
            .filter(|&column| grid.iter().any(|row| row.get(column).is_some_and(|&cell| self.kept.has(cell))))
            .count();
        let has_long_cell = grid
            .iter()
            .flatten()
            .any(|&cell| self.kept.has(cell) && self.document.text_content(cell).chars().count() > LONGEST_CELL);
        // One column, a table in a table, paragraphs in a cell: a page laid out as a table.
        if kept_columns < 2 || nests || has_long_cell || grid.iter().flatten().any(|cell| paragraphs(cell) > 2) {
            self.children(node);
            self.end_line();
            return;
        }
        let mut headers = 0;
        let mut out = Vec::with_capacity(grid.len());
        for (index, cells) in grid.iter().enumerate() {
            let is_header = !cells.is_empty() && cells.iter().all(|&cell| self.document.tag(cell) == Some(Tag::Th));
            if is_header && index == headers {
                headers += 1;
            }
            let mut row = Vec::with_capacity(cells.len());
            for &cell in cells {
                row.push(self.cell(cell));
                let span =
                    self.document.attribute(cell, "colspan").and_then(|span| span.trim().parse().ok()).unwrap_or(1);
                // A span of 1000 in a table of two columns is a mistake or a trap.
                row.extend(std::iter::repeat_n(Vec::new(), usize::min(span, 20).saturating_sub(1)));
            }
            if row.iter().any(|cell| !cell.is_empty()) {
                out.push(row);
            }
        }
        if let Some(caption) = self.document.find(node, Tag::Caption).filter(|&caption| self.kept.has(caption)) {
            let line = self.line_of(caption);
            if !line.is_empty() {
                self.flows.push(Flow::Paragraph(line));
            }
        }
        if !out.is_empty() {
            self.flows.push(Flow::Table { headers: headers.min(1), rows: out });
        }
    }

    fn nearest_table(&self, node: NodeId) -> Option<NodeId> {
        let mut at = self.document.parent(node);
        while let Some(above) = at {
            if self.document.tag(above) == Some(Tag::Table) {
                return Some(above);
            }
            at = self.document.parent(above);
        }
        None
    }

    fn cell(&mut self, node: NodeId) -> Vec<Inline> {
        let mut line = Vec::new();
        let mut pending = self.flows_of(node);
        pending.reverse();
        while let Some(flow) = pending.pop() {
            match flow {
                Flow::Paragraph(part) | Flow::Heading(_, part) => {
                    if !line.is_empty() {
                        line.push(Inline::LineBreak);
                    }
                    line.extend(part);
                }
                Flow::List { items, .. } => pending.extend(items.into_iter().rev().flatten()),
                Flow::Quote(below) => pending.extend(below.into_iter().rev()),
                Flow::Code { text, .. } => line.push(Inline::Code(text)),
                _ => {}
            }
        }
        line
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
