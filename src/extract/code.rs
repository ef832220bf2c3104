//! Code as its author wrote it: its lines, its language, and no numbers of lines.

use super::content::is_block;
use crate::markup::{Document, NodeData, NodeId, Tag};
use std::collections::HashSet;

/// Language and text of a `pre` element; `None` where it is empty or the column of numbers beside a column of code.
pub(super) fn code_block(document: &Document, node: NodeId) -> Option<(Option<String>, String)> {
    let (labelled, counted) = line_numbers(document, node);
    let (mut text, _) = text_without(document, node, &labelled);
    if labelled.is_empty() && counted.len() > 1 {
        // Code has numbers of its own; one in order at the start of every line, before something else, is none of them.
        let (rest, at_start) = text_without(document, node, &counted);
        if at_start == counted.len() && at_start == rest.lines().count() && rest.contains(char::is_alphabetic) {
            text = rest;
        }
    }
    let in_cell = || document.parent(node).and_then(|above| document.tag(above)) == Some(Tag::Td);
    if text.trim().is_empty() || in_cell() && text.lines().count() > 1 && counts(text.split_whitespace()) {
        return None;
    }
    let inner = document.find(node, Tag::Code).unwrap_or(node);
    Some(([inner, node].into_iter().find_map(|element| language(document, element)), text))
}

/// The text of a code block without some of its elements, and how many of these stand at the start of a line.
fn text_without(document: &Document, node: NodeId, without: &HashSet<NodeId>) -> (String, usize) {
    let mut text = String::new();
    let mut at_start = 0;
    let mut next = document.first_child(node);
    while let Some(below) = next {
        match document.data(below) {
            NodeData::Text(piece) => text.push_str(piece),
            NodeData::Element { tag: Tag::Br, .. } => text.push('\n'),
            // A line may be an element of its own, with or without a break in it.
            NodeData::Element { tag, .. }
                if is_block(*tag) && !matches!(tag, Tag::Td | Tag::Th) && !text.is_empty() && !text.ends_with('\n') =>
            {
                text.push('\n');
            }
            NodeData::Element { .. } | NodeData::Document => {}
        }
        let left_out = without.contains(&below);
        at_start += usize::from(left_out && (text.is_empty() || text.ends_with('\n')));
        let inside = if left_out { None } else { document.first_child(below) };
        next = inside.or_else(|| document.after(below, node));
    }
    (text.trim_matches('\n').to_owned(), at_start)
}

/// The elements of a code block that hold nothing but a number: those labelled as numbers of lines, and those that count
/// from one.
fn line_numbers(document: &Document, node: NodeId) -> (HashSet<NodeId>, HashSet<NodeId>) {
    const LABELS: [&str; 7] = ["lineno", "line-no", "line_no", "linenumber", "line-number", "ln-num", "gutter"];
    let is_labelled = |element| {
        document.attribute(element, "class").is_some_and(|class| {
            let class = class.to_ascii_lowercase();
            LABELS.iter().any(|label| class.contains(label))
        })
    };
    let (mut labelled, mut counted) = (HashSet::new(), HashSet::new());
    for below in document.descendants(node) {
        let Some(number) = document.text(below).map(str::trim) else { continue };
        // All that its element holds: the label can be that of the whole code, which has numbers in it.
        let alone = |&parent: &NodeId| {
            parent != node && document.first_child(parent) == Some(below) && document.next_sibling(below).is_none()
        };
        let Some(parent) = document.parent(below).filter(alone) else { continue };
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        if is_labelled(parent) {
            labelled.insert(parent);
        } else if number.parse() == Ok(counted.len() + 1) {
            counted.insert(parent);
        }
    }
    (labelled, counted)
}

fn language(document: &Document, node: NodeId) -> Option<String> {
    let named = document.attribute(node, "data-lang").or_else(|| document.attribute(node, "data-language"));
    let from_class = || {
        document.attribute(node, "class").and_then(|class| {
            class.split_ascii_whitespace().find_map(|word| {
                ["language-", "lang-", "brush:", "highlight-source-"]
                    .iter()
                    .find_map(|prefix| word.strip_prefix(prefix))
            })
        })
    };
    let language = named.or_else(from_class)?.to_ascii_lowercase();
    let plain = language.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+#-_.".contains(&byte));
    (plain && !language.is_empty() && language.len() <= 30).then_some(language)
}

/// Whether words count upwards by one.
fn counts<'a>(words: impl Iterator<Item = &'a str>) -> bool {
    let numbers: Option<Vec<u32>> = words.map(|word| word.parse().ok()).collect();
    numbers.is_some_and(|numbers| numbers.windows(2).all(|pair| pair[0].checked_add(1) == Some(pair[1])))
}
