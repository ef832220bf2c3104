//! What was decided and why, block by block, for people.

use super::blocks::NO_ELEMENT;
use super::features::{Features, Values};
use super::heuristic::{self, Rule};
use super::measure::PageKind;
use super::model::Haste;
use super::{Decision, Reason, model};
use crate::markup::Document;
use std::fmt::Write as _;
use std::ops::Range;

/// Features that are named for a block.
const NAMED: usize = 3;
/// Blocks of a page that are so explained, from its start: each costs as much as deciding some hundred blocks.
const EXPLAINED_BLOCKS: usize = 1000;
/// Effect, in log-odds, from which a feature is worth naming.
const LEAST_EFFECT: f32 = 0.1;

/// A block and what was decided, for people.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct BlockReport {
    /// Whether it is part of the body.
    pub kept: bool,
    /// How likely it is that it is body, 0 to 1.
    pub probability: f32,
    /// Why, in words.
    pub reason: String,
    /// The features that told this block from the page's others most, where a model decided; strongest first.
    pub features: Vec<Decisive>,
    /// The elements around it, outermost first, as `tag.class`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// A feature and what it did for a block.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Decisive {
    /// The column, as training names it.
    pub name: String,
    /// Its value for the block.
    pub value: f32,
    /// Its value for the page's middle block.
    pub usual: f32,
    /// What the difference adds to the log-odds of the block being body: less than 0 speaks against it.
    pub effect: f32,
}

impl Decision {
    /// What was decided for each block, in document order.
    pub(in super::super) fn report(&self, document: &Document) -> Vec<BlockReport> {
        let decisive = self.decisive();
        self.outline
            .blocks
            .iter()
            .zip(&self.verdicts)
            .enumerate()
            .map(|(index, (block, verdict))| {
                let features = match verdict.reason {
                    Reason::Model(_) if index < EXPLAINED_BLOCKS => decisive(index),
                    _ => Vec::new(),
                };
                let mut reason = match verdict.reason {
                    Reason::Rule(rule) => rule.words(),
                    Reason::Model(rule) => in_words(&features, rule),
                    Reason::Adopted => Rule::Adopted.words(),
                    Reason::Within => "between the story's paragraphs".to_owned(),
                    Reason::Alike => "as most blocks that are built alike".to_owned(),
                    Reason::LonelyHeading => Rule::LonelyHeading.words(),
                    Reason::Control => "a control, or the path to the page".to_owned(),
                    Reason::Colophon => "a line below the story: who made it, or what readers are asked for".to_owned(),
                    Reason::Furniture => "a form's box, or what a control says".to_owned(),
                    Reason::Box(build) => build.words().to_owned(),
                    Reason::Apart(sign) => sign.words().to_owned(),
                    Reason::Paywall => "a notice that the rest is for subscribers, or its offer".to_owned(),
                    Reason::AboveHeadline => "above the headline of a story".to_owned(),
                    Reason::Excerpt => "one of several beginnings of other stories".to_owned(),
                    Reason::Repeated => "says again what stands above".to_owned(),
                    Reason::Everything => "kept by the other engine".to_owned(),
                };
                let is_inside = |line: &&Range<usize>| block.text.start <= line.start && line.end <= block.text.end;
                if let Some(line) = self.closing_lines.iter().find(is_inside).filter(|_| verdict.kept) {
                    let _ = write!(
                        reason,
                        "; without what is below the story: {:?}",
                        self.outline.text[line.clone()].trim()
                    );
                }
                BlockReport {
                    kept: verdict.kept,
                    probability: verdict.probability,
                    reason,
                    features,
                    path: self.path(document, block.element),
                    text: self.outline.text_of(block).to_owned(),
                }
            })
            .collect()
    }

    /// Finds, for a block, what the model would say if one of its features were as the page's middle block has it.
    fn decisive(&self) -> impl Fn(usize) -> Vec<Decisive> + use<> {
        let heuristic = heuristic::decide(&self.outline, &self.measures);
        let features = Features::new(&self.outline, &self.measures, &heuristic);
        let names = features.names();
        let blocks = self.outline.blocks.len().min(EXPLAINED_BLOCKS);
        let rows: Vec<Values> = (0..blocks).map(|block| features.row(block)).collect();
        let usual: Vec<f32> = (0..names.len())
            .map(|column| {
                let mut values: Vec<f32> = rows.iter().map(|row| row[column]).collect();
                values.sort_unstable_by(f32::total_cmp);
                values.get(values.len() / 2).copied().unwrap_or_default()
            })
            .collect();
        let kind = if self.measures.says_article { PageKind::Article } else { PageKind::Other };
        move |block| {
            let row = &rows[block];
            let unusual: Vec<usize> =
                (0..names.len()).filter(|&column| row[column].to_bits() != usual[column].to_bits()).collect();
            // The row as it is, and then with one column after the other as is usual here: read together, all of them
            // take little longer than a few would one by one.
            let mut together = vec![*row; 1 + unusual.len()];
            for (copy, &column) in together[1..].iter_mut().zip(&unusual) {
                copy[column] = usual[column];
            }
            let chances = model::probabilities(kind, &together, Haste::Whole);
            let odds: Vec<f32> = chances.into_iter().map(log_odds).collect();
            let mut found: Vec<Decisive> = unusual
                .iter()
                .zip(&odds[1..])
                .map(|(&column, without)| (column, odds[0] - without))
                .filter(|(_, effect)| effect.abs() >= LEAST_EFFECT)
                .map(|(column, effect)| Decisive {
                    name: names[column].clone(),
                    value: row[column],
                    usual: usual[column],
                    effect,
                })
                .collect();
            found.sort_by(|one, other| other.effect.abs().total_cmp(&one.effect.abs()));
            found.truncate(NAMED);
            found
        }
    }

    fn path(&self, document: &Document, element: u32) -> String {
        let mut parts = Vec::new();
        let mut at = element;
        while at != NO_ELEMENT {
            let element = &self.outline.elements[at as usize];
            let mut part = document.local_name(element.node).to_owned();
            if let Some(class) =
                document.attribute(element.node, "class").and_then(|c| c.split_ascii_whitespace().next())
            {
                part.push('.');
                part.push_str(class);
            }
            parts.push(part);
            at = element.parent;
        }
        parts.reverse();
        parts.join(" > ")
    }
}

fn log_odds(probability: f32) -> f32 {
    let probability = probability.clamp(1e-6, 1.0 - 1e-6);
    (probability / (1.0 - probability)).ln()
}

fn in_words(features: &[Decisive], rule: Rule) -> String {
    let mut words = format!("model; by rule: {}", rule.words());
    for (index, feature) in features.iter().enumerate() {
        let lead = if index == 0 { "; most by " } else { ", " };
        let Decisive { name, value, usual, effect } = feature;
        let _ = write!(words, "{lead}{name} {value:.3} (usual here {usual:.3}): {effect:+.1}");
    }
    words
}

#[cfg(test)]
mod tests {
    use crate::extract::{Explain, Input, Options, clean};

    #[test]
    fn lines_cut_from_a_block_are_explained_and_marked() {
        let page = "<html><head><meta property=og:type content=article></head><body><h1>Rope walk opens again</h1><div>\
            The long shed behind the fish market was opened on Saturday after sixty years, and forty people came to see.<br>\
            One of them had worked there as a boy, and he showed the others how to walk backwards without a fall.<br>\
            (Reporting by Jane Roe; editing by John Doe)</div></body></html>";
        let input = Input { bytes: page.as_bytes(), ..Input::default() };
        let cleaned = clean(&input, &Options { explain: Explain::WithPage, ..Options::default() }).unwrap();
        assert!(cleaned.article.text.ends_with("without a fall.") && cleaned.article.authors == ["Jane Roe"]);
        let explanation = cleaned.explanation.unwrap();
        let block = explanation.blocks.iter().find(|block| block.kept).unwrap();
        assert!(block.reason.contains("without what is below the story: \"(Reporting by Jane Roe"), "{}", block.reason);
        let page = explanation.page.unwrap();
        let marked = page.split("<mark").find(|mark| mark.contains("Reporting by")).unwrap();
        assert!(marked.contains("dropped"), "{marked}");
    }
}
