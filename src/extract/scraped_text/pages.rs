//! Text that was printed on pages: their running heads and feet, their numbers, and paragraphs that go on overleaf.

use super::lines::{Form, Line, ends_sentence};
use super::physical::Physical;
use regex::Regex;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Lines at the top of a page, and at its foot, that can be its own.
const MARGIN_LINES: usize = 2;

/// Pages that have a line in common, at the least, and the share of all of them.
const LEAST_PAGES: usize = 2;
const PAGE_SHARE: usize = 3;

/// Words up to which a line can be a running head.
const HEAD_WORDS: usize = 16;

const RUNNING: &str = "a page's running head or foot";

/// Words that stand before the number of a page.
const PAGE_WORDS: [&str; 16] = [
    "page",
    "seite",
    "página",
    "pagina",
    "strona",
    "strana",
    "stránka",
    "oldal",
    "side",
    "sida",
    "sivu",
    "стр",
    "страница",
    "сторінка",
    "sayfa",
    "σελίδα",
];

/// Takes heads, feet and numbers off the pages of a text that has page breaks, and brings together what they part.
pub(super) fn read(lines: &mut [Physical<'_>]) {
    leave_out_numbered_heads(lines);
    let starts: Vec<usize> = (1..lines.len()).filter(|&index| lines[index].opens_page).collect();
    if starts.is_empty() {
        return;
    }
    let mut margins: Vec<(usize, usize)> = Vec::new();
    let bounds = std::iter::once(0).chain(starts.iter().copied()).zip(starts.iter().copied().chain([lines.len()]));
    for (page, (from, to)) in bounds.enumerate() {
        let mut full = (from..to).filter(|&index| !lines[index].is_blank());
        let (first, last): (Vec<usize>, Vec<usize>) = (
            full.by_ref().take(MARGIN_LINES).collect(),
            (from..to).rev().filter(|&i| !lines[i].is_blank()).take(MARGIN_LINES).collect(),
        );
        let all = first.into_iter().chain(last).map(|index| (page, index));
        margins.extend(all);
    }
    margins.sort_unstable();
    margins.dedup();
    let mut pages: HashMap<String, (usize, usize)> = HashMap::new();
    for &(page, index) in &margins {
        let entry = pages.entry(form_of(&lines[index].text)).or_insert((0, usize::MAX));
        if entry.1 != page {
            *entry = (entry.0 + 1, page);
        }
    }
    let all = starts.len() + 1;
    for &(page, index) in &margins {
        let text = &lines[index].text;
        let (count, _) = pages.get(&form_of(text)).copied().unwrap_or_default();
        let repeats =
            count >= LEAST_PAGES && count * PAGE_SHARE >= all && text.split_whitespace().count() <= HEAD_WORDS;
        // The first page may have as its headline what the others have as their running head.
        let is_headline = page == 0 && !text.contains(|c: char| c.is_ascii_digit());
        if is_number(text) || repeats && !is_headline && !(ends_sentence(text) && count * 2 < all) {
            lines[index].leave_out(RUNNING);
        }
    }
    for start in starts {
        join_overleaf(lines, start);
    }
}

/// Running heads that have the page's number at the other margin, of which at least two are alike.
fn leave_out_numbered_heads(lines: &mut [Physical<'_>]) {
    const LEAST_WORDS: usize = 2;
    let is_blank = |index: Option<usize>| index.and_then(|index| lines.get(index)).is_none_or(Physical::is_blank);
    let mut heads: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_blank()) {
        let has_number_below = lines.get(index + 1).is_some_and(|below| is_number(&below.text));
        let end = index + usize::from(has_number_below);
        if !(line.has_columns || has_number_below) || !is_blank(index.checked_sub(1)) || !is_blank(Some(end + 1)) {
            continue;
        }
        let text = line.text.as_str();
        let name = match (text.split_once(' '), text.rsplit_once(' ')) {
            _ if has_number_below => text,
            (Some((number, name)), _) if is_number(number) => name,
            (_, Some((name, number))) if is_number(number) => name,
            _ => continue,
        };
        if (LEAST_WORDS..=HEAD_WORDS).contains(&name.split_whitespace().count()) {
            heads.entry(name.to_owned()).or_default().extend(index..=end);
        }
    }
    for (_, found) in heads {
        // A line, and its number below it, is one.
        if found.windows(2).filter(|pair| pair[1] > pair[0] + 1).count() > 0 {
            for index in found {
                lines[index].leave_out(RUNNING);
            }
        }
    }
}

/// A line with its numbers all the same.
fn form_of(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c.is_ascii_digit() {
            true if out.ends_with('0') => {}
            true => out.push('0'),
            false => out.push(c),
        }
    }
    out
}

/// A page's number: "17", "- 17 -", "xvii".
fn is_number(text: &str) -> bool {
    const LONGEST: usize = 6;
    let name = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | '[' | ']' | '|'));
    !name.is_empty()
        && name.len() <= LONGEST
        && (name.bytes().all(|byte| byte.is_ascii_digit()) || name.bytes().all(|byte| b"ivxlc".contains(&byte)))
}

/// Brings the first line of a page behind the last of the one before, where a sentence goes on there: what was between them
/// comes before the paragraph.
fn join_overleaf(lines: &mut [Physical<'_>], start: usize) {
    /// Lines between the two at the most, on either side of the break; and lines of a paragraph.
    const REACH: usize = 12;
    const LONGEST: usize = 200;
    let is_text = |line: &Physical<'_>| line.form == Form::Running && !line.is_blank();
    let Some(last) = (start.saturating_sub(REACH)..start).rev().find(|&index| is_text(&lines[index])) else { return };
    let Some(next) = (start..lines.len().min(start + REACH)).find(|&index| is_text(&lines[index])) else { return };
    if ends_sentence(&lines[last].text) || !lines[next].text.starts_with(char::is_lowercase) {
        return;
    }
    let reach = last.saturating_sub(LONGEST);
    let first = (reach..last).rev().find(|&index| !is_text(&lines[index])).map_or(reach, |above| above + 1);
    lines[first..next].rotate_left(last + 1 - first);
}

/// Running heads of a text without page breaks: the same words again and again, with a page's number that goes up by one.
pub(super) fn mark_running_heads(lines: &mut [Line]) {
    const LEAST: usize = 3;
    const LONGEST: usize = 200;
    mark_dated_heads(lines);
    let mut heads: HashMap<String, (u32, Vec<usize>)> = HashMap::new();
    for (index, line) in lines.iter().enumerate() {
        if line.form != Form::Running || line.text.len() > LONGEST || !line.text.contains(|c: char| c.is_ascii_digit())
        {
            continue;
        }
        let Some((number, key)) = page_number(&line.text) else { continue };
        let entry = heads.entry(key).or_default();
        if entry.1.is_empty() || number == entry.0 + 1 {
            entry.0 = number;
            entry.1.push(index);
        }
    }
    for index in heads.into_values().filter(|(_, found)| found.len() >= LEAST).flat_map(|(_, found)| found) {
        lines[index].form = Form::Remains(RUNNING);
        // "Page 2", and "of 9" below.
        if let Some(below) = lines.get_mut(index + 1).filter(|line| is_count(&line.text)) {
            below.form = Form::Remains(RUNNING);
        }
    }
}

/// What newspapers print above their pages: "THE LEDGER", "Page 8 Saturday, May 14, 2016". The first tells the day.
fn mark_dated_heads(lines: &mut [Line]) {
    static DATED: LazyLock<Regex> = LazyLock::new(|| {
        let words = PAGE_WORDS.join("|");
        Regex::new(&format!(r"(?i)^.{{0,80}}\b(?:{words})\.? \d{{1,4}}\b.{{0,80}}$")).expect("a constant pattern")
    });
    static YEAR: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b(?:19|20)\d\d\b").expect("a constant pattern"));
    let is_head = |line: &Line| {
        line.form == Form::Running
            && line.text.split(' ').count() <= HEAD_WORDS
            && !ends_sentence(&line.text)
            && DATED.is_match(&line.text)
            && YEAR.is_match(&line.text)
    };
    let heads: Vec<usize> = (0..lines.len()).filter(|&index| is_head(&lines[index])).collect();
    // The paper's name beside it, on every page.
    let beside: Vec<usize> = heads
        .iter()
        .flat_map(|&head| [head.checked_sub(1), Some(head + 1)])
        .flatten()
        .filter(|&index| lines.get(index).is_some_and(|line| line.text.split(' ').count() <= HEAD_WORDS))
        .collect();
    let mut times: HashMap<&str, usize> = HashMap::new();
    for &index in &beside {
        *times.entry(&lines[index].text).or_default() += 1;
    }
    let names: Vec<usize> = beside.iter().copied().filter(|&index| times[lines[index].text.as_str()] > 1).collect();
    for (at, &head) in heads.iter().enumerate() {
        lines[head].form = if at == 0 { Form::Sent } else { Form::Remains(RUNNING) };
    }
    for name in names {
        lines[name].form = Form::Remains(RUNNING);
    }
}

/// The number behind a word for "page", and the words before it.
fn page_number(text: &str) -> Option<(u32, String)> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    if words.len() > HEAD_WORDS {
        return None;
    }
    let at = words.iter().rposition(|word| PAGE_WORDS.contains(&word.trim_end_matches('.')))?;
    let number = words.get(at + 1)?.trim_matches(|c: char| !c.is_ascii_digit()).parse().ok()?;
    // What follows is how many there are, and no sentence.
    (words.len() <= at + 4).then(|| (number, words[..at].join(" ")))
}

/// "of 9": how many pages there are.
fn is_count(text: &str) -> bool {
    const LONGEST: usize = 10;
    let mut words = text.split_whitespace();
    let is_of =
        words.next().is_some_and(|word| matches!(word, "of" | "von" | "de" | "di" | "van" | "av" | "z" | "из" | "/"));
    is_of && text.len() <= LONGEST && words.next().is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
}
