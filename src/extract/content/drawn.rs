//! How a line is drawn where no element says what it is: before style sheets a headline was large, or bold on a line of its
//! own, and converters still write it so.

use super::blocks::{NO_ELEMENT, Outline, is_block};
use super::measure::{BlockMeasure, TITLE_TOKENS};
use super::words::{Category, categories_of, count_words};
use crate::markup::{Document, NodeId, Tag};
use crate::model::letters::lower;

/// The size of ordinary text, of those that `<font size>` counts from one to seven.
const PLAIN: i32 = 3;

/// Words of a line that is drawn as a headline or a part's title, at the most.
const LINE_WORDS: usize = 25;
/// Bytes of such a line, at the most.
const LINE_BYTES: usize = 300;

/// How much larger than ordinary text an element draws its words, in the sizes of `<font>`.
fn larger_by(document: &Document, node: NodeId) -> i32 {
    match document.tag(node) {
        Some(Tag::Other) if document.local_name(node) == "big" => 1,
        Some(Tag::Font) => document.attribute(node, "size").map_or(0, font_size),
        _ => 0,
    }
    .max(document.attribute(node, "style").map_or(0, style_size))
}

/// "+2" and "5" are the same.
fn font_size(size: &str) -> i32 {
    let size = size.trim();
    let Ok(number) = size.trim_start_matches('+').parse::<i32>() else { return 0 };
    (if size.starts_with(['+', '-']) { number } else { number - PLAIN }).clamp(-2, 4)
}

/// The same of a `font-size`: points, pixels, times the size around it, or a word.
fn style_size(style: &str) -> i32 {
    /// In points the sizes of `<font>` from "+1" on, as browsers draw them.
    const POINTS: [f32; 4] = [13.5, 18.0, 24.0, 36.0];
    const WORDS: [&str; 4] = ["large", "x-large", "xx-large", "xxx-large"];
    let Some(at) = style.find("font-size") else { return 0 };
    let value = style[at + "font-size".len()..].trim_start().trim_start_matches(':').trim_start();
    let value = value.split([';', '!']).next().unwrap_or_default().trim();
    if let Some(known) = WORDS.iter().position(|word| value.eq_ignore_ascii_case(word)) {
        return i32::try_from(known).unwrap_or_default() + 1;
    }
    let digits = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
    let Ok(number) = digits.trim().parse::<f32>() else { return 0 };
    let points = match &value[digits.len()..] {
        "pt" => number,
        "px" => number * 0.75,
        "em" | "rem" => number * 12.0,
        "%" => number * 0.12,
        _ => return 0,
    };
    POINTS.iter().map(|&least| i32::from(points >= least)).sum()
}

/// What programs for layout call the paragraph with the headline: as large as a heading of the second level.
fn by_class(document: &Document, node: NodeId) -> i32 {
    const SECOND_LEVEL: i32 = 3;
    let is_title = |class: &str| categories_of(&lower(class)) & (1 << Category::Title as u32) != 0;
    if document.tag(node) == Some(Tag::P) && document.attribute(node, "class").is_some_and(is_title) {
        SECOND_LEVEL
    } else {
        0
    }
}

/// Whether an element behind a line break begins a line that is drawn larger than what stands above it.
pub(super) fn begins_drawn_line(document: &Document, node: NodeId) -> bool {
    matches!(document.tag(node), Some(Tag::Font | Tag::Other))
        && larger_by(document, node) > 0
        && document.next_sibling(node).is_some_and(|next| document.tag(next) == Some(Tag::Br))
        && document.short_text(node, LINE_BYTES).is_some_and(|text| count_words(&text) <= LINE_WORDS)
}

/// Whether the element before a line break is all of its line, and drawn so that it is a line of another kind than the text
/// below: larger, or in bold or italics where a layout of old holds the text.
pub(in super::super) fn ends_drawn_line(document: &Document, line_break: NodeId) -> bool {
    /// Elements around each other that draw a line: font, bold, centred.
    const LEVELS: usize = 4;
    /// What stands behind it up to the end of its paragraph: lines and breaks.
    const SIBLINGS: usize = 24;
    let is_blank = |node: &NodeId| document.text(*node).is_some_and(|text| text.trim().is_empty());
    let before = |node: NodeId| {
        std::iter::successors(document.previous_sibling(node), |&node| document.previous_sibling(node))
            .take(2)
            .find(|node| !is_blank(node))
    };
    // The break may stand within what draws the line, at its end.
    let line = match before(line_break) {
        Some(node) if document.tag(node).is_some() => node,
        Some(_) if document.next_sibling(line_break).is_none() => {
            let Some(parent) = document.parent(line_break) else { return false };
            parent
        }
        _ => return false,
    };
    let starts_line =
        before(line).is_none_or(|before| document.tag(before).is_some_and(|tag| tag == Tag::Br || is_block(tag)));
    if !starts_line || document.short_text(line, LINE_BYTES).is_none_or(|text| count_words(&text) > LINE_WORDS) {
        return false;
    }
    let only_child = |&node: &NodeId| {
        let child = document.first_child(node)?;
        document.next_sibling(child).is_none().then_some(child)
    };
    let mut drawn = std::iter::successors(Some(line), only_child).take(LEVELS);
    let holder = document.parent(line).and_then(|holder| document.tag(holder));
    // Where paragraphs end in two breaks, and not in a small box.
    let mut behind = std::iter::successors(Some(line_break), |&node| document.next_sibling(node))
        .filter(|node| !is_blank(node))
        .take(SIBLINGS)
        .map(|node| document.tag(node));
    let mut last = None;
    let mut in_layout = || {
        matches!(holder, Some(Tag::Body | Tag::Td | Tag::Center | Tag::Font | Tag::Form))
            && behind.any(|tag| {
                let before = std::mem::replace(&mut last, tag);
                tag == Some(Tag::Br) && before == tag
            })
    };
    drawn.any(|node| {
        larger_by(document, node) > 0
            || matches!(document.tag(node), Some(Tag::B | Tag::Strong | Tag::I | Tag::Em)) && in_layout()
    })
}

/// The line above the first running text that the page draws as its headline: the largest, in doubt the first.
pub(super) fn headline(document: &Document, outline: &Outline, blocks: &[BlockMeasure]) -> Option<usize> {
    /// Blocks above the text that are looked at, and elements around a line that draw it.
    const REACH: usize = 12;
    const LEVELS: usize = 4;
    /// Tokens of a headline at the least.
    const LEAST_TOKENS: f32 = 2.0;
    let text = blocks.iter().position(|block| block.is_strong || block.is_long && block.ends_sentence)?;
    let size = |index: usize| {
        let (block, measure) = (&outline.blocks[index], &blocks[index]);
        let fits = measure.words.len() <= TITLE_TOKENS
            && measure.tokens >= LEAST_TOKENS
            && block.link_chars == 0
            && block.breaks == 0
            && !outline.text_of(block).trim_end().ends_with(['.', '。', ';', ':', '：']);
        if !fits {
            return 0;
        }
        let parent = |&element: &u32| Some(outline.elements[element as usize].parent).filter(|&up| up != NO_ELEMENT);
        let around = std::iter::successors(Some(block.element), parent).take(LEVELS);
        let drawn = around.map(|element| {
            let element = &outline.elements[element as usize];
            let by_level = element.tag.heading_level().map_or(0, |level| 5 - i32::from(level));
            larger_by(document, element.node).max(by_level).max(by_class(document, element.node))
        });
        2 * drawn.max().unwrap_or(0) + i32::from(block.bold_chars == block.chars)
    };
    let lines = text.saturating_sub(REACH)..text;
    let sizes = lines.map(|index| (size(index), std::cmp::Reverse(index))).filter(|&(size, _)| size > 0);
    sizes.max().map(|(_, std::cmp::Reverse(index))| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_browsers_do() {
        assert_eq!(["+2", "5", "3", "-1", "7", "large", ""].map(font_size), [2, 2, 0, -1, 4, 0, 0]);
        let styles =
            ["font-size: 24px", "color:red;font-size:14pt;", "font-size:150%", "font-size: x-large", "font-size:12px"];
        assert_eq!(styles.map(style_size), [2, 1, 2, 2, 0]);
        assert_eq!(["font-size:", "font-size: calc(1vw)", "font-size:é"].map(style_size), [0, 0, 0]);
    }
}
