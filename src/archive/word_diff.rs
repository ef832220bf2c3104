//! Two texts side by side, word by word.
//!
//! Paragraphs are matched first, so that one which moved or came in costs no more than itself; words are compared only
//! within paragraphs that stand in each other's place.

use serde::Serialize;
use similar::{Algorithm, ChangeTag, DiffOp, TextDiff, capture_diff_slices};

/// The share of common words under which two paragraphs are no versions of each other, and are shown one after the other:
/// below it, a word diff is harder to read than both.
const LEAST_ALIKE: f32 = 0.35;

/// Which of two texts has a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Both.
    Both,
    /// The old one.
    Old,
    /// The new one.
    New,
}

/// A piece of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// Which text has it.
    pub side: Side,
    /// The words, with the spaces between them.
    pub text: String,
}

/// A paragraph of either text, or of both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Paragraph {
    /// Its pieces, in order; the old words before the new ones.
    pub pieces: Vec<Piece>,
}

impl Paragraph {
    fn whole(side: Side, text: &str) -> Self {
        Self { pieces: vec![Piece { side, text: text.to_owned() }] }
    }

    /// Whether both texts have it as it is.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.pieces.iter().all(|piece| piece.side == Side::Both)
    }
}

/// Compares two texts whose paragraphs stand on lines of their own.
#[must_use]
pub fn word_diff(old: &str, new: &str) -> Vec<Paragraph> {
    let paragraphs = |text| str::lines(text).map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>();
    let (old, new) = (paragraphs(old), paragraphs(new));
    let mut out = Vec::new();
    for op in capture_diff_slices(Algorithm::Patience, &old, &new) {
        match op {
            DiffOp::Equal { old_index, len, .. } => {
                out.extend(old[old_index..old_index + len].iter().map(|text| Paragraph::whole(Side::Both, text)));
            }
            DiffOp::Delete { old_index, old_len, .. } => {
                out.extend(old[old_index..old_index + old_len].iter().map(|text| Paragraph::whole(Side::Old, text)));
            }
            DiffOp::Insert { new_index, new_len, .. } => {
                out.extend(new[new_index..new_index + new_len].iter().map(|text| Paragraph::whole(Side::New, text)));
            }
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                replace(&old[old_index..old_index + old_len], &new[new_index..new_index + new_len], &mut out);
            }
        }
    }
    out
}

/// Paragraphs in the place of others: each new one beside the first old one that is like it.
fn replace(old: &[&str], new: &[&str], out: &mut Vec<Paragraph>) {
    let mut old = old.iter().copied();
    // New ones that are like none, since the last that was: behind the old ones of the same place.
    let mut unlike: Vec<Paragraph> = Vec::new();
    for new in new {
        let mut rest = old.clone();
        let alike = rest.by_ref().enumerate().find_map(|(passed, old)| Some((passed, words(old, new)?)));
        match alike {
            Some((passed, pieces)) => {
                out.extend(old.by_ref().take(passed).map(|text| Paragraph::whole(Side::Old, text)));
                old = rest;
                out.append(&mut unlike);
                out.push(Paragraph { pieces });
            }
            None => unlike.push(Paragraph::whole(Side::New, new)),
        }
    }
    out.extend(old.map(|text| Paragraph::whole(Side::Old, text)));
    out.append(&mut unlike);
}

/// Two paragraphs word by word; nothing where they are too unlike.
fn words(old: &str, new: &str) -> Option<Vec<Piece>> {
    let diff = TextDiff::configure().algorithm(Algorithm::Patience).diff_unicode_words(old, new);
    let mut pieces: Vec<Piece> = Vec::new();
    // Spaces and full stops are the same everywhere.
    let (mut common, mut all) = (0_usize, 0_usize);
    for change in diff.iter_all_changes() {
        let side = match change.tag() {
            ChangeTag::Equal => Side::Both,
            ChangeTag::Delete => Side::Old,
            ChangeTag::Insert => Side::New,
        };
        if change.value().contains(char::is_alphanumeric) {
            common += 2 * usize::from(side == Side::Both);
            all += if side == Side::Both { 2 } else { 1 };
        }
        match pieces.last_mut() {
            Some(last) if last.side == side => last.text.push_str(change.value()),
            _ => pieces.push(Piece { side, text: change.value().to_owned() }),
        }
    }
    (common as f32 >= LEAST_ALIKE * all as f32).then(|| joined(pieces))
}

/// Changes with nothing but a space between them read as one.
fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let mut run = (String::new(), String::new());
    let mut pieces = pieces.into_iter().peekable();
    while let Some(piece) = pieces.next() {
        match piece.side {
            Side::Old => run.0.push_str(&piece.text),
            Side::New => run.1.push_str(&piece.text),
            Side::Both => {
                let is_between = !(run.0.is_empty() && run.1.is_empty()) && pieces.peek().is_some();
                if is_between && piece.text.trim().is_empty() {
                    run.0.push_str(&piece.text);
                    run.1.push_str(&piece.text);
                } else {
                    end(&mut run, &mut out);
                    out.push(piece);
                }
            }
        }
    }
    end(&mut run, &mut out);
    out
}

fn end(run: &mut (String, String), out: &mut Vec<Piece>) {
    for (side, text) in [(Side::Old, std::mem::take(&mut run.0)), (Side::New, std::mem::take(&mut run.1))] {
        if !text.is_empty() {
            out.push(Piece { side, text });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(old: &str, new: &str) -> String {
        let piece = |piece: &Piece| match piece.side {
            Side::Both => piece.text.clone(),
            Side::Old => format!("[-{}-]", piece.text),
            Side::New => format!("{{+{}+}}", piece.text),
        };
        let paragraph = |paragraph: &Paragraph| paragraph.pieces.iter().map(piece).collect::<String>();
        word_diff(old, new).iter().map(paragraph).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn words_are_compared_within_paragraphs() {
        let old = "Head.\n\nThe bridge cost four million and opens on Monday.\n\nGone for good, all of it.\n\nEnd.";
        let new = "Head.\n\nThe bridge cost five thousand and opens on Monday.\n\nEnd.\n\nMore.";
        let expected = "Head.\nThe bridge cost [-four million-]{+five thousand+} and opens on Monday.\n[-Gone for good, all of it.-]\nEnd.\n{+More.+}";
        assert_eq!(shown(old, new), expected);
    }

    #[test]
    fn paragraphs_that_have_nothing_in_common_are_no_versions_of_each_other() {
        assert_eq!(
            shown("One two three.", "Quite another thing here."),
            "[-One two three.-]\n{+Quite another thing here.+}"
        );
        assert_eq!(shown("", "New."), "{+New.+}");
        assert_eq!(shown("", ""), "");
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_out_of_it(old in "([a-d ]{1,12}\n){0,5}", new in "([a-d ]{1,12}\n){0,5}") {
            let diff = word_diff(&old, &new);
            let lines = |text: &str| text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>();
            for (side, text) in [(Side::Old, &old), (Side::New, &new)] {
                let read: Vec<String> = diff
                    .iter()
                    .map(|paragraph| paragraph.pieces.iter().filter(|piece| piece.side == side || piece.side == Side::Both))
                    .map(|pieces| pieces.map(|piece| piece.text.as_str()).collect::<String>())
                    .filter(|text| !text.is_empty())
                    .collect();
                prop_assert_eq!(read, lines(text));
            }
        }
    }
}
