//! Lists and definitions.

use super::Builder;
use crate::extract::flow::{Definition, Flow, Numbering, plain};
use crate::markup::{NodeId, Tag};

impl Builder<'_> {
    pub(super) fn list(&mut self, node: NodeId, tag: Tag) {
        self.end_line();
        let mut items: Vec<Vec<Flow>> = Vec::new();
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
        if is_layout(&items, tag) {
            self.flows.extend(items.into_iter().flatten());
        } else if !items.is_empty() {
            let numbering = (tag == Tag::Ol).then(|| self.numbering(node, items.len()));
            if let Some(numbering) = numbering {
                drop_written_numbers(&mut items, numbering);
            }
            self.flows.push(Flow::List { numbering, items });
        }
    }

    fn numbering(&self, node: NodeId, items: usize) -> Numbering {
        let attribute = |name| self.document.attribute(node, name);
        let reversed = attribute("reversed").is_some();
        let first = if reversed { u32::try_from(items).unwrap_or(1) } else { 1 };
        let start = attribute("start").and_then(|start| start.trim().parse().ok()).unwrap_or(first);
        let style = attribute("type").and_then(|style| match style.trim() {
            "a" => Some('a'),
            "A" => Some('A'),
            "i" => Some('i'),
            "I" => Some('I'),
            _ => None,
        });
        Numbering { reversed, style, ..Numbering::from(start) }
    }

    pub(super) fn definitions(&mut self, node: NodeId) {
        self.end_line();
        let mut entries = Vec::new();
        let parts: Vec<NodeId> = self
            .document
            .descendants(node)
            .filter(|&below| {
                matches!(self.document.tag(below), Some(Tag::Dt | Tag::Dd))
                    && self.kept.has(below)
                    && self.nearest(below, Tag::Dl) == Some(node)
            })
            .collect();
        for &part in &parts {
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
        // Boards put a listing below what selects it.
        if let [Definition::Term(_), Definition::Meaning(below)] = entries.as_mut_slice()
            && matches!(below.as_slice(), [Flow::Code { .. }])
            && self.holds_control(parts[0])
        {
            self.flows.append(below);
            return;
        }
        if entries.is_empty() {
            self.children(node);
            self.end_line();
        } else {
            self.flows.push(Flow::Definitions(entries));
        }
    }

    /// The element of a kind that stands closest around a node.
    pub(super) fn nearest(&self, node: NodeId, tag: Tag) -> Option<NodeId> {
        std::iter::successors(self.document.parent(node), |&above| self.document.parent(above))
            .find(|&above| self.document.tag(above) == Some(tag))
    }
}

/// Whether a list is how a page is laid out: one of one long thing, or of headings and pictures. Steps that are numbered
/// have pictures and tables too.
fn is_layout(items: &[Vec<Flow>], tag: Tag) -> bool {
    let holds = |is: fn(&Flow) -> bool| items.iter().flatten().any(is);
    holds(|flow| matches!(flow, Flow::Heading(..)))
        || tag != Tag::Ol && holds(|flow| matches!(flow, Flow::Table { .. } | Flow::Figure { .. }))
        || items.len() == 1 && holds(|flow| matches!(flow, Flow::Table { .. }))
}

/// Takes out the number that an item writes on a line of its own where the list gives it the same.
fn drop_written_numbers(items: &mut [Vec<Flow>], numbering: Numbering) {
    for (index, item) in items.iter_mut().enumerate() {
        let number = numbering.of(index).to_string();
        let at = item.iter().position(|flow| !matches!(flow, Flow::Figure { .. }));
        if let Some(at) = at
            && item.len() > at + 1
            && matches!(&item[at], Flow::Paragraph(line) if plain(line).trim_end_matches(['.', ')']) == number)
        {
            item.remove(at);
        }
    }
}
