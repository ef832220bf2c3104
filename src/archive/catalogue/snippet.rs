//! The part of a text that shows best why it was found.

use super::words::{Word, each_word};
use std::ops::Range;

/// Characters of a snippet: two lines of a terminal, as search engines show.
const LENGTH: usize = 180;

/// A piece of a text, with the places that were looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snippet {
    /// The piece, on one line.
    pub text: String,
    /// What was looked for within `text`, in bytes, in order, apart from each other.
    pub marks: Vec<Range<usize>>,
}

impl Snippet {
    /// The piece of a text with the most of the words, its beginning where none occurs. A word with `true` may go on.
    pub(super) fn of(text: &str, wanted: &[(String, bool)]) -> Self {
        let mut hits: Vec<(Range<usize>, usize)> = Vec::new();
        each_word(text, |word| {
            let which = wanted.iter().position(|(wanted, may_go_on)| is_meant(&word, wanted, *may_go_on));
            if let Some(which) = which {
                hits.push((word.range, which));
            }
        });
        let start = best_start(&hits, wanted.len());
        Self::cut(text, start, &hits)
    }

    fn cut(text: &str, first: usize, hits: &[(Range<usize>, usize)]) -> Self {
        // A few words before what was found, so that it can be understood.
        let begin = if first == 0 { 0 } else { back(text, first, LENGTH / 4) };
        let end = forth(text, begin, LENGTH);
        let mut snippet = Self::default();
        if begin > 0 {
            snippet.text.push('…');
        }
        let mut marks = hits.iter().map(|(range, _)| range.clone()).filter(|hit| hit.start >= begin && hit.end <= end);
        let mut mark = marks.next();
        let mut last_space = true;
        let mut open_mark: Option<usize> = None;
        for (at, c) in text[begin..end].char_indices() {
            let at = begin + at;
            while let Some(known) = &mark
                && at >= known.end
            {
                if let Some(start) = open_mark.take() {
                    snippet.mark(start..snippet.text.len());
                }
                mark = marks.next();
            }
            if c.is_whitespace() {
                if !last_space {
                    snippet.text.push(' ');
                }
                last_space = true;
                continue;
            }
            last_space = false;
            if open_mark.is_none() && mark.as_ref().is_some_and(|mark| mark.contains(&at)) {
                open_mark = Some(snippet.text.len());
            }
            snippet.text.push(c);
        }
        if let Some(start) = open_mark {
            snippet.mark(start..snippet.text.len());
        }
        if end < text.len() {
            snippet.text.truncate(snippet.text.trim_end().len());
            snippet.text.push('…');
        }
        snippet
    }

    /// Adds a mark, joined to the last one where the two touch.
    fn mark(&mut self, range: Range<usize>) {
        match self.marks.last_mut() {
            Some(last) if last.end >= range.start => last.end = last.end.max(range.end),
            _ => self.marks.push(range),
        }
    }
}

fn is_meant(word: &Word, wanted: &str, may_go_on: bool) -> bool {
    if may_go_on { word.folded.starts_with(wanted) } else { word.folded == wanted }
}

/// Where a window begins that holds the most different words, and of those the most hits; 0 where there are none.
fn best_start(hits: &[(Range<usize>, usize)], words: usize) -> usize {
    let mut best = (0, 0, 0);
    let mut counts = vec![0_usize; words];
    let (mut different, mut last) = (0, 0);
    for (first, (range, which)) in hits.iter().enumerate() {
        while last < hits.len() && hits[last].0.end <= range.start + LENGTH {
            let count = &mut counts[hits[last].1];
            different += usize::from(*count == 0);
            *count += 1;
            last += 1;
        }
        if last > first {
            if (different, last - first) > (best.0, best.1) {
                best = (different, last - first, range.start);
            }
            counts[*which] -= 1;
            different -= usize::from(counts[*which] == 0);
        } else {
            last = first + 1;
        }
    }
    best.2
}

/// A place some characters earlier, where a word or at least a character begins.
fn back(text: &str, from: usize, characters: usize) -> usize {
    let start = text[..from].char_indices().rev().nth(characters).map_or(0, |(at, _)| at);
    if start == 0 {
        return 0;
    }
    let gap = text[start..from].char_indices().find(|(_, c)| c.is_whitespace());
    gap.map_or(start, |(at, c)| start + at + c.len_utf8())
}

/// A place some characters later, where a word or at least a character ends.
fn forth(text: &str, from: usize, characters: usize) -> usize {
    let Some((at, _)) = text[from..].char_indices().nth(characters) else { return text.len() };
    let end = from + at;
    text[from..end].rfind(char::is_whitespace).filter(|gap| *gap > at / 2).map_or(end, |gap| from + gap)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, words: &[&str]) -> String {
        let wanted: Vec<_> = words.iter().map(|word| ((*word).to_owned(), false)).collect();
        let snippet = Snippet::of(text, &wanted);
        let mut out = String::new();
        let mut at = 0;
        for mark in &snippet.marks {
            out.push_str(&snippet.text[at..mark.start]);
            out.push('[');
            out.push_str(&snippet.text[mark.clone()]);
            out.push(']');
            at = mark.end;
        }
        out + &snippet.text[at..]
    }

    #[test]
    fn the_place_with_the_most_words_is_shown() {
        let filler = "Nothing of interest stands here at all. ".repeat(20);
        let text = format!("The harbour first. {filler}\n\nThe harbour got a new bridge. {filler}");
        let shown = shown(&text, &["harbour", "bridge"]);
        assert!(shown.starts_with('…') && shown.ends_with('…'), "{shown}");
        assert!(shown.contains("all. The [harbour] got a new [bridge]. Nothing"), "{shown}");
    }

    #[test]
    fn the_beginning_is_shown_where_nothing_occurs() {
        assert_eq!(shown("A short\n\ntext.", &["bridge"]), "A short text.");
        assert_eq!(shown("", &["bridge"]), "");
        assert_eq!(shown("", &[]), "");
    }

    #[test]
    fn pairs_are_marked_as_one() {
        assert_eq!(shown("昨日東京都で橋が開通した。", &["東京", "京都"]), "昨日[東京都]で橋が開通した。");
    }

    #[test]
    fn a_text_without_spaces_is_cut() {
        let text = "あ".repeat(1000);
        let snippet = Snippet::of(&text, &[]);
        assert_eq!(snippet.text.chars().count(), LENGTH + 1);
    }
}
