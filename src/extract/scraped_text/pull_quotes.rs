//! Pull quotes: lines set off on the page that say a paragraph's words again.

use super::kinds::Kind;
use super::lines::{Line, ends_sentence, is_spoken};
use crate::extract::content::each_word;

/// Words of a pull quote. Fewer are a heading that somebody is quoted in.
const WORDS: std::ops::RangeInclusive<usize> = 6..=40;
/// Lines before and behind it in which the paragraph stands.
const REACH: usize = 8;
/// Words of a paragraph that are looked at.
const PARAGRAPH_WORDS: usize = 600;
/// Words between the halves of what somebody is quoted with: "says Jane Roe, who owns the boat".
const GAP: usize = 8;

/// Marks lines that repeat what a paragraph near them says, without a break or in two halves around who said it. Whole
/// sentences that nobody says are the text's own: a refrain, a poem.
pub(super) fn cut(lines: &[Line], kinds: &mut [Kind]) {
    let words: Vec<Vec<u32>> = lines.iter().zip(&*kinds).map(|(line, kind)| words_of(line, *kind)).collect();
    for index in 0..lines.len() {
        let text = lines[index].text.as_str();
        let may_be_quote = matches!(kinds[index], Kind::Body | Kind::Heading)
            && WORDS.contains(&words[index].len())
            && (is_spoken(text) && text.ends_with(['"', '”', '“', '»', '«', '’', '\'', '」']) || !ends_sentence(text));
        if !may_be_quote {
            continue;
        }
        let near = index.saturating_sub(REACH)..lines.len().min(index + REACH + 1);
        if near.filter(|&at| at != index && kinds[at] == Kind::Body).any(|at| says(&words[at], &words[index])) {
            kinds[index] = Kind::Copy;
        }
    }
}

fn words_of(line: &Line, kind: Kind) -> Vec<u32> {
    if !matches!(kind, Kind::Body | Kind::Heading) {
        return Vec::new();
    }
    let end = line.text.char_indices().nth(PARAGRAPH_WORDS * 8).map_or(line.text.len(), |(at, _)| at);
    let mut words = Vec::new();
    each_word(&line.text[..end].to_lowercase(), |word, _| words.push(word));
    words.truncate(PARAGRAPH_WORDS);
    words
}

/// Whether a paragraph has all words of a quote in their order, with one gap at the most, and more than these.
fn says(paragraph: &[u32], quote: &[u32]) -> bool {
    let Some(last_start) = paragraph.len().checked_sub(quote.len() + 1) else { return false };
    (0..=last_start + 1).any(|start| {
        let same = |paragraph: &[u32], quote: &[u32]| paragraph.iter().zip(quote).take_while(|(a, b)| a == b).count();
        let first = same(&paragraph[start..], quote);
        if first == quote.len() {
            return true;
        }
        let rest = &quote[first..];
        let behind = &paragraph[start + first..];
        first >= 2
            && rest.len() >= 2
            && (1..=GAP).any(|gap| behind.get(gap..).is_some_and(|behind| same(behind, rest) == rest.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::super::lines::logical_lines;
    use super::*;

    #[test]
    fn a_quote_comes_again_whole_or_in_halves() {
        let lines = logical_lines(
            "Two people live there. \"We were told to keep it,\" says Nora, \"and nobody told us to stop.\"\n\n\
             “We were told to keep it and nobody told us to stop”\n\nNobody told us to stop it\n\n\
             The light went out, as lights do.\n\nThe light went out.",
        );
        let mut kinds = vec![Kind::Body; lines.len()];
        cut(&lines, &mut kinds);
        assert_eq!(kinds, [Kind::Body, Kind::Copy, Kind::Body, Kind::Body, Kind::Body]);
    }
}
