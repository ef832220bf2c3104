//! Front pages and sections: the teasers, without the frame around them.

use super::blocks::Outline;
use super::heuristic::{Rule, landmark, line_tag, over_subtrees, within};
use super::measure::Measures;
use super::words::Category;
use crate::markup::Tag;

/// Share of a page's teasers that the list's container must hold.
const MOST: f32 = 0.7;
/// Words under which a link is a label ("More", "Sport") and no teaser.
const TEASER_TOKENS: f32 = 3.0;

/// Decides for every block of a page that lists others.
pub(super) fn decide(outline: &Outline, measures: &Measures) -> Vec<Rule> {
    let tag_of = |block: usize| line_tag(outline, outline.blocks[block].element);
    let foreign = |block: usize| {
        let place = measures.place(outline.blocks[block].element);
        let landmarks = [Tag::Nav, Tag::Footer, Tag::Aside, Tag::Form, Tag::Dialog, Tag::Button];
        if let Some(&tag) = landmarks.iter().find(|&&tag| place.landmarks[landmark(tag)] < 10) {
            return Some(Rule::In(tag));
        }
        [Category::Navigation, Category::Footer, Category::Modal, Category::Advertising, Category::Newsletter]
            .into_iter()
            .find(|&category| place.categories[category as usize] < 6)
            .map(Rule::Labelled)
    };
    let weight = |block: usize| {
        let is_teaser = tag_of(block).heading_level().is_some() || measures.blocks[block].tokens >= 6.0;
        if is_teaser && foreign(block).is_none() { 1.0 } else { 0.0 }
    };
    let teasers = over_subtrees(outline, weight);
    let all = teasers.first().copied().unwrap_or(0.0);
    let container = (0..teasers.len())
        .filter(|&element| teasers[element] >= MOST * all)
        .max_by_key(|&element| outline.elements[element].depth)
        .unwrap_or(0) as u32;
    let inside = within(outline, container);
    (0..outline.blocks.len())
        .map(|block| {
            let measure = &measures.blocks[block];
            if !inside[outline.blocks[block].element as usize] {
                Rule::Outside
            } else if outline.elements[outline.blocks[block].element as usize].hidden {
                Rule::Hidden
            } else if measures.title_block == Some(block) || tag_of(block) == Tag::H1 {
                Rule::Headline
            } else if let Some(rule) = foreign(block) {
                rule
            } else if measure.tokens < TEASER_TOKENS && tag_of(block).heading_level().is_none() {
                Rule::Fragment
            } else {
                Rule::Teaser
            }
        })
        .collect()
}
