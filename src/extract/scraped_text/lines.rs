//! The lines of a text as somebody meant them: read by the notation they are in, hard-wrapped paragraphs joined, list marks
//! taken off.
//!
//! ```text
//! text ─ mojibake, code pages ─ characters ─ physical lines ─ mail, dumps, pages, Markdown, scripts ─ wraps ─► logical lines
//! ```

use super::markdown_line::Definitions;
use super::physical::{self, Physical};
use super::wraps::{self, Wraps};
use super::{
    broken_links, characters, codepages, dumps, front_matter, listings, mail, markdown, markdown_line, mojibake, nodes,
    pages, run_together, scripts,
};
use crate::extract::flow::Inline;

/// Signs that stand before the items of a list and nowhere else at the start of a line.
const LIST_MARKS: [char; 8] = ['•', '‣', '◦', '▪', '●', '○', '∙', '■'];

/// Signs that do so in plain text, where several such lines stand side by side.
const PLAIN_MARKS: [&str; 2] = ["* ", "+ "];

/// Why a rule is no text.
pub(super) const RULE: &str = "a rule";

/// What a line's own marks say that it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Form {
    /// Nothing but its words.
    #[default]
    Running,
    /// A heading, and its level.
    Heading(u8),
    Quote,
    /// Code, all of its lines in one.
    Code,
    /// A table's row.
    Row {
        is_head: bool,
    },
    /// Whom a mail is from, and when it was sent.
    Sender,
    Sent,
    /// Left by the program that made the text; why it is no part of it.
    Remains(&'static str),
}

/// A line of the text, white space folded.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    pub(super) text: String,
    /// A blank line stands before it.
    pub(super) opens_group: bool,
    /// It had a list's mark before it.
    pub(super) is_item: bool,
    /// How many lists that item's list stands in.
    pub(super) depth: u8,
    /// The number that the item had for a mark.
    pub(super) number: Option<u32>,
    pub(super) form: Form,
    /// All its words are links.
    pub(super) is_link: bool,
    /// Its words with their links and emphasis, where the notation has them; else nothing.
    pub(super) inlines: Vec<Inline>,
    /// The cells of a table's row.
    pub(super) cells: Vec<Vec<Inline>>,
    /// The language that code is said to be in.
    pub(super) language: Option<String>,
}

/// The text's lines that are not blank; hard-wrapped lines of one paragraph joined.
pub(super) fn logical_lines(text: &str) -> Vec<Line> {
    let text = characters::tidy(codepages::repair(mojibake::repair(text)));
    let mut lines: Vec<Physical<'_>> = text.split('\n').flat_map(of_pages).map(Physical::of).collect();
    front_matter::read(&mut lines);
    mail::read(&mut lines);
    dumps::read(&mut lines);
    pages::read(&mut lines);
    let definitions = markdown::is_markdown(&lines).then(|| {
        broken_links::join(&mut lines);
        markdown::read(&mut lines)
    });
    if definitions.is_none() {
        listings::read(&mut lines);
    }
    scripts::read(&mut lines);
    mark_items(&mut lines);
    physical::close_up(&mut lines);
    let wraps = Wraps::of(&lines, definitions.is_some());
    if definitions.is_none() && !wraps.is_wrapped() {
        nodes::join(&mut lines);
    }
    let is_markdown = definitions.is_some();
    let mut out = join(lines, &wraps);
    if let Some(definitions) = definitions {
        for line in &mut out {
            read_marks(line, &definitions);
        }
        out.retain(|line| !line.text.is_empty());
    }
    pages::mark_running_heads(&mut out);
    if is_markdown { out } else { run_together::part(out) }
}

/// A page may end in the middle of a line of the file.
fn of_pages(line: &str) -> impl Iterator<Item = &str> {
    let inner = line.trim_start_matches('\u{C}');
    let first = inner.find('\u{C}').map_or(line.len(), |at| line.len() - inner.len() + at);
    let (first, rest) = line.split_at(first);
    std::iter::once(first).chain((!rest.is_empty()).then_some(rest))
}

/// Marks the items of lists, and takes their marks off.
fn mark_items(lines: &mut [Physical<'_>]) {
    /// Lines from one to the next.
    const REACH: usize = 4;
    let mut last: Option<(usize, &str)> = None;
    let mut marks: Vec<usize> = Vec::new();
    for (index, line) in lines.iter_mut().enumerate() {
        if !line.is_running() || line.is_item {
            continue;
        }
        let item = line.text.strip_prefix(LIST_MARKS).map(str::trim_start).filter(|item| !item.is_empty());
        if let Some(item) = item {
            line.text = item.to_owned();
            (line.is_item, line.begins) = (true, true);
            continue;
        }
        if starts_item(&line.text) {
            line.begins = true;
        }
        // A sign that stands for other things, too, needs another beside it.
        let Some(mark) = PLAIN_MARKS.into_iter().find(|mark| line.text.starts_with(mark)) else { continue };
        if let Some((before, _)) = last.filter(|(before, own)| index - before <= REACH && *own == mark) {
            marks.extend([before, index]);
        }
        last = Some((index, mark));
    }
    marks.dedup();
    for index in marks {
        let line = &mut lines[index];
        if !line.is_item {
            line.text = line.text[2..].trim_start().to_owned();
            (line.is_item, line.begins) = (true, true);
        }
    }
}

/// Whether a line begins as an item does whose mark is kept: a hyphen, a number.
fn starts_item(text: &str) -> bool {
    const DIGITS: usize = 3;
    let rest = text.trim_start_matches('(');
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let is_number = (1..=DIGITS).contains(&digits) && rest[digits..].starts_with([')', '.']);
    let is_letter = digits == 0 && rest.starts_with(|c: char| c.is_ascii_alphabetic()) && rest[1..].starts_with(") ");
    let mark = rest.get(digits..).and_then(|mark| mark.get(1..));
    is_number && mark.is_some_and(|behind| behind.starts_with(' '))
        || is_letter
        || ["- ", "– ", "— ", "* ", "+ "].iter().any(|mark| text.starts_with(mark))
}

/// Joins the lines that run on in the next.
fn join(lines: Vec<Physical<'_>>, wraps: &Wraps) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    let mut opens_group = true;
    let mut previous: Option<Physical<'_>> = None;
    for line in lines {
        if line.form == Form::Code {
            add_code(&mut out, &line, &mut opens_group, previous.as_ref());
            previous = Some(line);
            continue;
        }
        if line.is_blank() {
            (opens_group, previous) = (true, None);
            continue;
        }
        let joint = previous.as_ref().and_then(|previous| wraps.joint(previous, &line, out.len() == 1));
        match out.last_mut().zip(joint) {
            Some((last, joint)) => {
                // What a mail quotes has its mark once.
                let text =
                    if last.text.starts_with('>') { line.text.trim_start_matches(['>', ' ']) } else { &line.text };
                wraps::append(&mut last.text, text, joint);
            }
            None => out.push(Line {
                text: line.text.clone(),
                opens_group,
                is_item: line.is_item,
                depth: line.depth,
                number: line.number,
                form: if line.is_rule() && line.form == Form::Running { Form::Remains(RULE) } else { line.form },
                is_link: line.is_link,
                ..Line::default()
            }),
        }
        opens_group = false;
        previous = Some(line);
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

/// Adds a line of code to the piece that it belongs to.
fn add_code(out: &mut Vec<Line>, line: &Physical<'_>, opens_group: &mut bool, previous: Option<&Physical<'_>>) {
    let goes_on = !line.begins && previous.is_some_and(|previous| previous.form == Form::Code && !previous.ends);
    match out.last_mut().filter(|_| goes_on) {
        Some(last) => {
            last.text.push('\n');
            last.text.push_str(&line.text);
        }
        None => out.push(Line {
            text: line.text.clone(),
            opens_group: *opens_group,
            form: Form::Code,
            language: line.language.clone(),
            ..Line::default()
        }),
    }
    *opens_group = false;
}

/// Reads what a line of Markdown says.
fn read_marks(line: &mut Line, definitions: &Definitions) {
    match line.form {
        Form::Code | Form::Remains(_) | Form::Sender | Form::Sent => {}
        Form::Row { .. } => {
            let cells: Vec<_> =
                markdown::cells(&line.text).into_iter().map(|cell| markdown_line::read(cell, definitions)).collect();
            line.text = cells.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" | ");
            line.cells = cells.into_iter().map(|cell| cell.inlines).collect();
        }
        Form::Running | Form::Heading(_) | Form::Quote => {
            let read = markdown_line::read(&line.text, definitions);
            if read.has_picture && read.text.is_empty() {
                line.form = Form::Remains("a picture");
                return;
            }
            line.is_link = read.is_link;
            (line.text, line.inlines) = (read.text, read.inlines);
        }
    }
}

pub(super) fn ends_sentence(line: &str) -> bool {
    line.trim_end_matches(|c: char| "\"'”’»」』）)]".contains(c))
        .ends_with(['.', '!', '?', '…', '。', '！', '？', '؟', '।', ':'])
}

/// A line that opens with a quotation mark or a dash is somebody's words.
pub(super) fn is_spoken(line: &str) -> bool {
    line.starts_with(['"', '“', '„', '«', '»', '–', '—', '-', '「', '『', '\'', '‘'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::pictures::fold;

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

    #[test]
    fn a_short_text_is_joined_at_its_own_width() {
        let ferry = "Ferry back\n\nThe ferry is back, and nobody on the island\nknows who brought it here.\n";
        let pair = "\nIt will leave on Monday, if somebody is found\nwho can steer.";
        assert_eq!(
            texts(&format!("{ferry}{pair}")),
            [
                "Ferry back",
                "The ferry is back, and nobody on the island knows who brought it here.",
                "It will leave on Monday, if somebody is found who can steer."
            ]
        );
    }

    #[test]
    fn verse_addresses_turns_and_columns_are_not_joined() {
        for text in [
            "The wind came up\nand took the pier\nfrom those who had\nno use for it,\nand gave it back\nin smaller parts\nto everyone.",
            "Rope Walk Ltd\n1 Hemp Lane, Almsworth\nOpen daily from nine",
            "MR ROE: I have heard it said that it is so.\nMS DOE: By whom?\nMR ROE: By you.",
            "Harle      72   Corve      71\nBexby      64   Long Weir  80\nTolland    77   Brack      58",
        ] {
            assert_eq!(texts(text), text.lines().map(fold).collect::<Vec<_>>());
        }
        // Nor between paragraphs that are.
        let prose = "The harbour office has counted the boats again and has come to a\nnumber that differs from the last by one, which is thought to be\nthe ferry. It will be counted a third time when the wind has turned\nand everybody is back in port.";
        let turns = "MR ROE: I have heard it said that there were nine boats in harbour.\nMS DOE: By whom was it said?";
        assert_eq!(texts(&format!("{prose}\n\n{turns}")).len(), 3);
    }

    #[test]
    fn hyphens_at_line_ends_go_where_the_text_says_so() {
        let text = "The committee has read the well-known report of the old light-\nhouse keepers, and finds that none of it is true as far as the com-\nmittee goes. The others say of the lighthouse that it is a well-\nknown thing that nobody has read any of its reports, and that Vor-\nund Nachteile were never looked at.";
        let joined = texts(text);
        assert_eq!(joined.len(), 1, "{joined:?}");
        assert!(
            joined[0].contains("the old lighthouse keepers") && joined[0].contains("far as the committee goes"),
            "{joined:?}"
        );
        assert!(
            joined[0].contains("it is a well-known thing") && joined[0].contains("Vor- und Nachteile"),
            "{joined:?}"
        );
    }

    #[test]
    fn a_text_with_a_bracket_is_no_print_of_a_browser() {
        let text = "As Roe says [1], the pier is old.\n\nDoe [2] and others [3] do not agree.\n\nReferences\n\n1. https://a.example/roe\n2. https://a.example/doe";
        assert_eq!(texts(text), text.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>());
    }

    #[test]
    fn texts_about_notations_keep_them() {
        for text in [
            "In HTML, <b> makes words bold and &amp; is an ampersand.",
            "The JSON was {\"name\":\"pier\"} and nothing else.\n{\"name\":\"pier\"}\nIt was long ago.",
            "Add this to your page:\nvar pier = 9;\nThen wait for the tide to come in again.",
        ] {
            let lines = logical_lines(text);
            assert!(lines.iter().all(|line| !matches!(line.form, Form::Remains(_))), "{lines:?}");
            assert_eq!(lines.into_iter().map(|line| line.text).collect::<Vec<_>>().join("\n"), text);
        }
    }
}
