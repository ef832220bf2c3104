//! The lines of a text as somebody meant them: white space folded, hard-wrapped paragraphs joined, list marks taken off.

use super::mojibake;
use crate::extract::content::is_unspaced;
use crate::extract::pictures::fold;

/// Characters that a hard-wrapped line has at least, and at most: the widths at which mail and text files were wrapped.
const WRAP_WIDTH: std::ops::RangeInclusive<usize> = 50..=100;

/// Signs that stand before the items of a list and nowhere else at the start of a line.
const LIST_MARKS: [char; 8] = ['•', '‣', '◦', '▪', '●', '○', '∙', '■'];

/// A line of the text, white space folded.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) text: String,
    /// A blank line stands before it.
    pub(super) opens_group: bool,
    /// It had a list's mark before it.
    pub(super) is_item: bool,
}

/// The text's lines that are not blank; hard-wrapped lines of one paragraph joined.
pub(super) fn logical_lines(text: &str) -> Vec<Line> {
    let text = mojibake::repair(text);
    let lines: Vec<String> = text.lines().map(fold).collect();
    let wrapped = is_hard_wrapped(&lines);
    let mut out: Vec<Line> = Vec::new();
    let mut opens_group = true;
    let mut runs_on = false;
    for line in lines {
        if line.is_empty() {
            (opens_group, runs_on) = (true, false);
            continue;
        }
        let width = line.chars().count();
        let item = line.strip_prefix(LIST_MARKS).map(str::trim_start).filter(|item| !item.is_empty());
        match out.last_mut().filter(|_| runs_on && item.is_none()) {
            Some(last) => {
                if !last.text.chars().last().is_some_and(is_unspaced) {
                    last.text.push(' ');
                }
                last.text.push_str(&line);
            }
            None => {
                out.push(Line { is_item: item.is_some(), text: item.map(str::to_owned).unwrap_or(line), opens_group });
            }
        }
        opens_group = false;
        runs_on = wrapped && WRAP_WIDTH.contains(&width);
    }
    // One mark alone is an ornament.
    for index in 0..out.len() {
        let beside = |index: Option<usize>| index.and_then(|index| out.get(index)).is_some_and(|line| line.is_item);
        if out[index].is_item && !beside(index.checked_sub(1)) && !beside(Some(index + 1)) {
            out[index].is_item = false;
        }
    }
    out
}

/// Whether most lines that are followed by another have about one width and end in the middle of a sentence.
fn is_hard_wrapped(lines: &[String]) -> bool {
    let followed: Vec<&String> =
        lines.windows(2).filter(|pair| !pair[0].is_empty() && !pair[1].is_empty()).map(|pair| &pair[0]).collect();
    let wrapped =
        followed.iter().filter(|line| WRAP_WIDTH.contains(&line.chars().count()) && !ends_sentence(line)).count();
    let longest = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    wrapped >= 5 && wrapped * 2 > followed.len() && longest <= *WRAP_WIDTH.end()
}

pub(super) fn ends_sentence(line: &str) -> bool {
    line.trim_end_matches(|c: char| "\"'”’»」』）)]".contains(c))
        .ends_with(['.', '!', '?', '…', '。', '！', '？', '؟', '।', '։', '۔', '።', '။', '។', ':'])
}

/// A line that opens with a quotation mark or a dash is somebody's words.
pub(super) fn is_spoken(line: &str) -> bool {
    line.starts_with(['"', '“', '„', '«', '»', '–', '—', '-', '「', '『', '\'', '‘'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        logical_lines(text).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn a_list_has_marks_side_by_side() {
        let lines = logical_lines("Three things:\n• bread\n• rope\n● a lamp\n\nWords.\n■ Ornament\nMore words.");
        let items: Vec<&str> = lines.iter().filter(|line| line.is_item).map(|line| line.text.as_str()).collect();
        assert_eq!(items, ["bread", "rope", "a lamp"]);
    }

    #[test]
    fn wrapped_lines_are_joined_and_short_lines_are_not() {
        let line = "the village has bought its own streetlights back from the";
        let wrapped = format!("Title\n\n{}\nend.\n\nNext one\n", [line; 7].join("\n"));
        assert_eq!(
            texts(&wrapped),
            ["Title".to_owned(), format!("{} end.", [line; 7].join(" ")), "Next one".to_owned()]
        );
        assert_eq!(texts("one\ntwo\nthree"), ["one", "two", "three"]);
    }
}
