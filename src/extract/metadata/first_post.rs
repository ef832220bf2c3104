//! The line that a thread's program puts to its first post: who wrote it, and when.

use super::Context;
use crate::extract::pictures::fold;
use crate::markup::{Document, NodeId, Tag};

/// Longest such line, in characters: a name, a day, an hour and the post's number.
const LINE_CHARS: usize = 120;
/// The same as written, in bytes, with its indents.
const MOST_SOURCE: usize = 1000;
/// Elements around the first words of the post, and what stands before each, that are looked at.
const LEVELS: usize = 8;
const BESIDE: usize = 6;
/// Nodes of such a line that are looked at for a moment in an attribute.
const MOST_NODES: usize = 60;
/// Attributes in which programs write the moment, whatever the words are.
const MOMENTS: [&str; 2] = ["datetime", "title"];

/// What stands before the first post's text and has a number, the nearest first: moments that programs wrote in attributes
/// before the words around them.
pub(super) fn lines(context: &Context<'_>) -> Vec<String> {
    let document = context.document;
    let mut found = Vec::new();
    let Some(mut at) = context.decision.first_kept() else { return found };
    for _ in 0..LEVELS {
        let before = std::iter::successors(document.previous_sibling(at), |&node| document.previous_sibling(node));
        for node in before.filter(|&node| is_drawn(document, node)).take(BESIDE) {
            found.extend(moments(document, node));
            found.extend(words(document, node).filter(|text| has_number(text)));
        }
        let Some(parent) = document.parent(at) else { break };
        if matches!(document.tag(parent), None | Some(Tag::Main | Tag::Body)) {
            break;
        }
        at = parent;
    }
    found
}

fn moments(document: &Document, line: NodeId) -> impl Iterator<Item = String> + '_ {
    let nodes = std::iter::once(line).chain(document.descendants(line)).take(MOST_NODES);
    nodes.flat_map(move |node| MOMENTS.into_iter().filter_map(move |name| attribute(document, node, name)))
}

/// The words of a short line. Only the look of a page parts day and hour where each is an element.
fn words(document: &Document, line: NodeId) -> Option<String> {
    let mut words = String::new();
    for (step, node) in std::iter::once(line).chain(document.descendants(line)).enumerate() {
        if let Some(text) = document.text(node) {
            words.push_str(text);
            words.push(' ');
        }
        if step >= MOST_NODES || words.len() > MOST_SOURCE {
            return None;
        }
    }
    Some(fold(&words)).filter(|words| words.chars().count() <= LINE_CHARS)
}

fn attribute(document: &Document, node: NodeId, name: &str) -> Option<String> {
    let value = document.attribute(node, name)?.trim();
    (has_number(value) && value.chars().count() <= LINE_CHARS).then(|| value.to_owned())
}

fn has_number(text: &str) -> bool {
    text.contains(char::is_numeric)
}

fn is_drawn(document: &Document, node: NodeId) -> bool {
    document.tag(node).is_some() || document.text(node).is_some_and(|text| !text.trim().is_empty())
}
