//! Texts cut to what a context window takes. Pure.

use std::hash::{BuildHasher, RandomState};

/// Characters of a text in one answer: about 5,000 tokens of English, a twentieth of a small context window.
pub(super) const PIECE: usize = 20_000;

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    pub(super) text: &'a str,
    /// Characters of the whole.
    pub(super) total: usize,
    /// Where the next part begins, in characters; `None` at the end.
    pub(super) next: Option<usize>,
}

/// The part of a text that begins at a character; nothing for an offset behind its end.
pub(super) fn piece(text: &str, offset: usize) -> Option<Piece<'_>> {
    let total = text.chars().count();
    if offset > 0 && offset >= total {
        return None;
    }
    let at = |number: usize| text.char_indices().nth(number).map_or(text.len(), |(at, _)| at);
    let rest = &text[at(offset)..];
    if total - offset <= PIECE {
        return Some(Piece { text: rest, total, next: None });
    }
    let end = rest.char_indices().nth(PIECE).map_or(rest.len(), |(at, _)| at);
    // Between two paragraphs, where one ends in the last quarter.
    let end = rest[..end].rfind("\n\n").filter(|cut| *cut > end / 4 * 3).map_or(end, |cut| cut + 2);
    let piece = &rest[..end];
    Some(Piece { text: piece, total, next: Some(offset + piece.chars().count()) })
}

/// A short text on one line, cut after so many characters.
pub(super) fn line(text: &str, limit: usize) -> String {
    let mut out = String::new();
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        out.push_str(word);
        if words.peek().is_some() {
            out.push(' ');
        }
        // A long text is not read to its end.
        if out.len() > limit.saturating_mul(4) {
            break;
        }
    }
    if out.chars().count() > limit {
        out = out.chars().take(limit.saturating_sub(1)).collect();
        out.push('…');
    }
    out
}

/// A page's words between marks that no page can know beforehand, so that none can end them itself.
pub(super) fn delimited(text: &str) -> String {
    let mark = RandomState::new().hash_one(text);
    format!(
        "--- the page's own words begin ({mark:016x}) ---\n{text}\n--- the page's own words end ({mark:016x}) ---\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_make_the_whole() {
        let text = "Ünï paragraph of some words.\n\n".repeat(3_000);
        let (mut offset, mut whole, mut count) = (0, String::new(), 0);
        loop {
            let piece = piece(&text, offset).unwrap();
            assert!(piece.text.chars().count() <= PIECE && piece.total == text.chars().count());
            whole.push_str(piece.text);
            count += 1;
            match piece.next {
                Some(next) => offset = next,
                None => break,
            }
        }
        assert_eq!((whole == text, count), (true, 5));
        assert_eq!(piece("", 0).unwrap().total, 0);
        assert!(piece("abc", 3).is_none() && piece("abc", usize::MAX).is_none());
        let unbroken = "鳴".repeat(PIECE + 1);
        assert_eq!(piece(&unbroken, 0).unwrap().next, Some(PIECE));
    }

    #[test]
    fn lines_are_short() {
        assert_eq!(line(" a \n b\tc ", 10), "a b c");
        assert_eq!(line("鳴鳴鳴鳴", 3), "鳴鳴…");
        assert!(line(&"word ".repeat(100_000), 50).chars().count() == 50);
        assert_ne!(delimited("x"), delimited("x"));
    }
}
