//! Tables: which are data, and what stands in which cell.

use super::Builder;
use crate::extract::content::effective_tag;
use crate::extract::flow::{Flow, Inline, plain};
use crate::markup::{NodeData, NodeId, Tag};

/// Characters past which a table's cell holds more than a datum.
const LONGEST_CELL: usize = 1000;

/// The same for a table of one row, which is seldom data.
const LONGEST_CELL_OF_ROW: usize = 200;

/// A span of 1000 in a table of two columns is a mistake or a trap.
const WIDEST_SPAN: usize = 20;

/// Columns of a table up to which a cell goes on in the rows below it.
const MOST_SPANNED: usize = 64;

/// Characters of a cell that is written again in every row that it spans. Of longer ones the place stays empty.
const LONGEST_REPEATED: usize = 60;

/// Bytes of a cell without a letter or a digit, at the most: a sign, or one for nothing.
const SIGN_BYTES: usize = 24;

/// A cell that goes on in rows below.
struct Spanning {
    rows: usize,
    line: Vec<Inline>,
}

impl Builder<'_> {
    pub(super) fn table(&mut self, node: NodeId) {
        self.end_line();
        let grid = self.rows(node, true);
        if let Some((language, text)) = crate::extract::code::code_table(self.document, &grid) {
            self.flows.push(Flow::Code { language, text });
            return;
        }
        if self.is_layout(node, &grid) {
            self.children(node);
            self.end_line();
            return;
        }
        let mut headers = 0;
        let mut out = Vec::with_capacity(grid.len());
        let mut spanning: Vec<Option<Spanning>> = Vec::new();
        for (index, cells) in grid.iter().enumerate() {
            let is_header = !cells.is_empty()
                && cells.iter().all(|&cell| {
                    self.document.tag(cell).is_some_and(|tag| effective_tag(self.document, cell, tag) == Tag::Th)
                });
            if is_header && index == headers {
                headers += 1;
            }
            let row = self.row(cells, &mut spanning);
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

    /// The cells of a table, row by row.
    pub(super) fn rows(&self, node: NodeId, only_kept: bool) -> Vec<Vec<NodeId>> {
        let tag = |below: NodeId| match self.document.data(below) {
            NodeData::Element { tag, .. } => Some(effective_tag(self.document, below, *tag)),
            _ => None,
        };
        let rows = self.document.descendants(node).filter(|&below| {
            tag(below) == Some(Tag::Tr)
                && (!only_kept || self.kept.has(below))
                && self.nearest_table(below) == Some(node)
        });
        let is_cell = |cell: &NodeId| matches!(tag(*cell), Some(Tag::Td | Tag::Th));
        rows.map(|row| self.document.children(row).filter(is_cell).collect()).collect()
    }

    /// Whether a table is how a page is laid out: one column, a table in a table, paragraphs in a cell or, without heads, in
    /// most rows, or one row of more than data.
    fn is_layout(&self, node: NodeId, grid: &[Vec<NodeId>]) -> bool {
        let kept = |node: &NodeId| self.kept.has(*node);
        let nests = self.document.descendants(node).any(|below| {
            kept(&below)
                && matches!(
                    self.document.tag(below),
                    Some(Tag::Table | Tag::H1 | Tag::H2 | Tag::H3 | Tag::Blockquote | Tag::Pre)
                )
        });
        let is_blank = |node: &NodeId| self.document.text(*node).is_some_and(|text| text.trim().is_empty());
        // A second break in a row begins a paragraph as well.
        let ends_paragraph = |node: NodeId| {
            let mut before = std::iter::successors(self.document.previous_sibling(node), |&node| {
                self.document.previous_sibling(node)
            })
            .take(2);
            self.document.tag(node) == Some(Tag::Br)
                && before.find(|node| !is_blank(node)).is_some_and(|node| self.document.tag(node) == Some(Tag::Br))
        };
        let paragraphs = |cell: &NodeId| {
            let below = || self.document.descendants(*cell);
            let elements = below().filter(|&below| kept(&below) && self.document.tag(below) == Some(Tag::P)).count();
            let breaks = below().filter(|&below| ends_paragraph(below)).count();
            let holds_text =
                |child: NodeId| kept(&child) && !is_blank(&child) && self.document.tag(child) != Some(Tag::P);
            // What stands before the first of them is one too.
            let begun = elements + breaks > 0 && self.document.first_child(*cell).is_some_and(holds_text);
            elements + breaks + usize::from(begun)
        };
        let widest = grid.iter().map(Vec::len).max().unwrap_or(0);
        let kept_columns =
            (0..widest).filter(|&column| grid.iter().any(|row| row.get(column).is_some_and(kept))).count();
        let longest = grid.iter().flatten().filter(|cell| kept(cell));
        let longest = longest.map(|&cell| self.document.text_content(cell).chars().count()).max().unwrap_or(0);
        let is_row = grid.len() == 1 && grid[0].iter().all(|&cell| self.document.tag(cell) != Some(Tag::Th));
        let (most_paragraphs, most_chars) = if is_row { (1, LONGEST_CELL_OF_ROW) } else { (2, LONGEST_CELL) };
        // A story in cells as wide as the table, posts beside their writers.
        let is_headed = grid
            .iter()
            .flatten()
            .any(|&cell| self.document.tag(cell).is_some_and(|tag| effective_tag(self.document, cell, tag) == Tag::Th));
        let with_paragraphs = || grid.iter().filter(|row| row.iter().any(|cell| paragraphs(cell) > 1)).count();
        let is_wide = |row: &Vec<NodeId>| matches!(row.as_slice(), [cell] if self.document.attribute(*cell, "colspan").is_some() && paragraphs(cell) > 1);
        kept_columns < 2
            || nests
            || longest > most_chars
            || grid.iter().flatten().any(|cell| paragraphs(cell) > most_paragraphs)
            || !is_headed && (with_paragraphs() * 2 > grid.len() || grid.iter().any(is_wide))
    }

    /// The cells of a row, with those that go on from rows above it and the empty places of those that span columns.
    fn row(&mut self, cells: &[NodeId], spanning: &mut Vec<Option<Spanning>>) -> Vec<Vec<Inline>> {
        let mut row: Vec<Vec<Inline>> = Vec::with_capacity(cells.len());
        let mut begun: Vec<(usize, Spanning)> = Vec::new();
        let span = |builder: &Self, cell, name| -> usize {
            builder.document.attribute(cell, name).and_then(|span| span.trim().parse().ok()).unwrap_or(1).max(1)
        };
        for &cell in cells {
            go_on(spanning, &mut row);
            let line = self.cell(cell);
            let (columns, rows) = (span(self, cell, "colspan").min(WIDEST_SPAN), span(self, cell, "rowspan"));
            for column in 0..columns {
                let at = row.len();
                if rows > 1 && at < MOST_SPANNED {
                    let is_repeated = column == 0 && plain(&line).chars().count() <= LONGEST_REPEATED;
                    let line = if is_repeated { line.clone() } else { Vec::new() };
                    begun.push((at, Spanning { rows: rows - 1, line }));
                }
                row.push(if column == 0 { line.clone() } else { Vec::new() });
            }
        }
        // A row can end before the last cell that goes on into it.
        while spanning.iter().skip(row.len()).any(Option::is_some) {
            go_on(spanning, &mut row);
            if spanning.iter().skip(row.len()).any(Option::is_some) {
                row.push(Vec::new());
            }
        }
        for (at, span) in begun {
            if spanning.len() <= at {
                spanning.resize_with(at + 1, || None);
            }
            spanning[at] = Some(span);
        }
        row
    }

    fn nearest_table(&self, node: NodeId) -> Option<NodeId> {
        std::iter::successors(self.document.parent(node), |&above| self.document.parent(above)).find(|&above| {
            self.document.tag(above).is_some_and(|tag| effective_tag(self.document, above, tag) == Tag::Table)
        })
    }

    fn cell(&mut self, node: NodeId) -> Vec<Inline> {
        if !self.kept.has(node)
            && let Some(sign) = self.sign(node)
        {
            return vec![sign];
        }
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

    /// What a cell without words says: an operator, a dash for nothing. Signs for a private use are drawings.
    fn sign(&self, node: NodeId) -> Option<Inline> {
        let text = self.document.short_text(node, SIGN_BYTES)?;
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_sign = |c: char| !c.is_alphanumeric() && !matches!(c, '\u{E000}'..='\u{F8FF}');
        if text.is_empty() || !text.chars().all(is_sign) {
            return None;
        }
        Some(if self.document.find(node, Tag::Code).is_some() { Inline::Code(text) } else { Inline::Text(text) })
    }
}

/// Puts cells of rows above into a row as far as they follow each other from its end.
fn go_on(spanning: &mut [Option<Spanning>], row: &mut Vec<Vec<Inline>>) {
    while let Some(place) = spanning.get_mut(row.len()) {
        let Some(span) = place else { return };
        span.rows -= 1;
        row.push(span.line.clone());
        if span.rows == 0 {
            *place = None;
        }
    }
}
