//! The kept lines as structure: paragraphs, lists in lists, quotations, code and tables, as the text's own marks have them.

use super::kinds::Kind;
use super::lines::{Form, Line};
use crate::extract::flow::{Flow, Inline, Numbering};

/// Adds a kept line to the body.
pub(super) fn push(flows: &mut Vec<Flow>, line: &Line, kind: Kind) {
    match (kind, line.form) {
        // The first level is the headline's.
        (Kind::Heading, Form::Heading(level)) => flows.push(Flow::Heading(level.clamp(2, 6), words(line))),
        (Kind::Heading, _) => flows.push(Flow::Heading(2, words(line))),
        (Kind::Item, _) => push_item(flows, line, line.depth),
        (Kind::Code, _) => flows.push(Flow::Code { language: line.language.clone(), text: line.text.clone() }),
        (Kind::Row, Form::Row { is_head }) => push_row(flows, line, is_head),
        (Kind::Quote, _) => match flows.last_mut() {
            Some(Flow::Quote(below)) => below.push(Flow::Paragraph(words(line))),
            _ => flows.push(Flow::Quote(vec![Flow::Paragraph(words(line))])),
        },
        _ => flows.push(Flow::Paragraph(words(line))),
    }
}

/// Adds a rule between two pieces of the body.
pub(super) fn push_break(flows: &mut Vec<Flow>) {
    if flows.last().is_some_and(|last| *last != Flow::Break) {
        flows.push(Flow::Break);
    }
}

/// Takes off a rule that nothing follows.
pub(super) fn finish(flows: &mut Vec<Flow>) {
    if flows.last() == Some(&Flow::Break) {
        flows.pop();
    }
}

/// A line's words, with their links and emphasis where they are known.
fn words(line: &Line) -> Vec<Inline> {
    if line.inlines.is_empty() { vec![Inline::Text(line.text.clone())] } else { line.inlines.clone() }
}

/// Adds an item to the list that is open at its depth.
fn push_item(flows: &mut Vec<Flow>, line: &Line, depth: u8) {
    let item = vec![Flow::Paragraph(words(line))];
    match flows.last_mut() {
        Some(Flow::List { items, .. }) if depth > 0 => match items.last_mut() {
            Some(last) => push_item(last, line, depth - 1),
            None => items.push(item),
        },
        Some(Flow::List { items, numbering }) if numbering.is_some() == line.number.is_some() => items.push(item),
        _ => flows.push(Flow::List { numbering: line.number.map(Numbering::from), items: vec![item] }),
    }
}

fn push_row(flows: &mut Vec<Flow>, line: &Line, is_head: bool) {
    match flows.last_mut() {
        Some(Flow::Table { rows, .. }) if !is_head => rows.push(line.cells.clone()),
        _ => flows.push(Flow::Table { headers: usize::from(is_head), rows: vec![line.cells.clone()] }),
    }
}
