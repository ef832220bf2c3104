//! Where the story stands in the text of a whole page, whose menus, lists and footers are most of its lines: between those
//! that bring more running words than the short lines among them cost.

use super::kinds::Kind;
use super::lines::{Line, ends_sentence};
use crate::extract::content::count_words;
use std::ops::Range;

/// Lines above the story in which its headline stands: nine in ten are nearer.
const ABOVE: usize = 30;

// The figures below were searched for on some 2,500 texts that common tools made of the labelled pages.

/// Words from which a sentence, or any line, runs on.
const SENTENCE_WORDS: usize = 10;
const LONG_WORDS: usize = 25;
/// Words that a line brings at the most: terms of use are in long paragraphs.
const MOST_WORDS: usize = 100;
/// Words of a short sentence from which it brings some, and the share of them.
const SAID_WORDS: usize = 3;
const SAID_SHARE: f32 = 0.5;
/// Words that a short line costs, and one that is known for the page's.
const SHORT_COST: f32 = 10.0;
const KNOWN_COST: f32 = 12.0;
/// Share of the running words that a story has at the least, if it is signed or dated and if not; words of it at the least.
pub(super) const SIGNED_SHARE: f32 = 0.4;
pub(super) const UNSIGNED_SHARE: f32 = 0.6;
const LEAST_WORDS: f32 = 100.0;
/// What short lines cost in the next trial if it has less: there are stories in points.
const CHEAPER: f32 = 0.2;
const TRIALS: usize = 4;
/// Short lines outside the story that a page's text has, and how many of them are known for the page's, if they stand above
/// and below the story and if on one side alone. Of the true texts of articles about one in a hundred has them, of what
/// the tools made of whole pages all but five in a hundred.
const LEAST_SHORT: usize = 12;
const LEAST_KNOWN: usize = 5;
const ON_ONE_SIDE: usize = 12;

/// The lines of the story, if the text is a whole page's and its story has `least_share` of the words that run on.
pub(super) fn story_in(lines: &[Line], kinds: &[Kind], least_share: f32) -> Option<Range<usize>> {
    let values: Vec<f32> = lines.iter().zip(kinds).map(|(line, kind)| value_of(line, *kind)).collect();
    let words_in = |lines: Range<usize>| values[lines].iter().filter(|value| **value > 0.0).sum::<f32>();
    let all = words_in(0..lines.len());
    let costs = std::iter::successors(Some(1.0), |cost| Some(cost * CHEAPER)).take(TRIALS);
    let story = costs.map(|cost| richest(&values, cost)).find(|story| words_in(story.clone()) >= least_share * all)?;
    let sides = [0..story.start, story.end..lines.len()];
    let short = sides.iter().cloned().flatten().filter(|&index| !runs_on(&lines[index])).count();
    let [above, below] = sides.map(|side| side.filter(|&index| is_of_page(kinds[index])).count());
    let known = above + below;
    let is_around = above > 0 && below > 0 || known >= ON_ONE_SIDE;
    let is_page = short >= LEAST_SHORT && known >= LEAST_KNOWN && is_around;
    (is_page && words_in(story.clone()) >= LEAST_WORDS).then_some(story)
}

/// From where on the headline is looked for.
pub(super) fn opening(story: &Range<usize>) -> usize {
    story.start.saturating_sub(ABOVE)
}

/// The lines that stand together and are worth most, where those that cost do so `cost` times.
fn richest(values: &[f32], cost: f32) -> Range<usize> {
    let (mut best, mut found) = (0.0, 0..0);
    let (mut sum, mut from) = (0.0, 0);
    for (index, &value) in values.iter().enumerate() {
        if sum <= 0.0 {
            (sum, from) = (0.0, index);
        }
        sum += if value < 0.0 { value * cost } else { value };
        if sum > best {
            (best, found) = (sum, from..index + 1);
        }
    }
    found
}

fn value_of(line: &Line, kind: Kind) -> f32 {
    if !kind.is_body() {
        return -KNOWN_COST;
    }
    let words = count_words(&line.text);
    if line.is_link {
        // The beginning of another story.
        -SHORT_COST
    } else if runs_on(line) {
        words.min(MOST_WORDS) as f32
    } else if words >= SAID_WORDS && ends_sentence(&line.text) {
        words as f32 * SAID_SHARE
    } else {
        -SHORT_COST
    }
}

/// Whether a line runs on as those of a story do.
pub(super) fn runs_on(line: &Line) -> bool {
    let words = count_words(&line.text);
    words >= LONG_WORDS || words >= SENTENCE_WORDS && ends_sentence(&line.text)
}

/// Whether a line is known for the page's, and not for one of the story's own that goes into a field.
fn is_of_page(kind: Kind) -> bool {
    !kind.is_body() && !matches!(kind, Kind::Title | Kind::PageTitle | Kind::Byline | Kind::Date | Kind::Caption)
}
