//! Lines between the headline and the story that only say who wrote it, when, and where it is from, by labels in the words
//! of the world's press: "作者：李小海 来源：海湾日报", "입력 2026-03-04 08:15", "Haber: Ayşe Demir".
//!
//! The model was trained on pages most of which are English and whose bylines have class names that say so. These are told
//! by their words alone, and only where nothing else stands in the line.

use super::super::by_words::{self, COLONS, places_of};
use super::byline_words::{DAYS, OFFICES, SOURCES};
use super::heuristic::{BYLINE_REACH, names_year};
use super::words::{count_words, is_unspaced};
use super::{Decision, Reason, Rule};
use crate::model::letters::lower;

/// Characters of a line, at the most.
const LINE_CHARS: usize = 200;
/// Characters of a label, at the most.
const LABEL_CHARS: usize = 30;
/// Words and characters of what stands behind a label, at the most: names, an office, a paper.
const VALUE_WORDS: usize = 9;
const VALUE_CHARS: usize = 60;
/// Words of a part that holds a day and a time, at the most.
const DAY_WORDS: usize = 9;
/// Characters and words of a part that says nothing of itself, at the most: the paper's name.
const NAME_CHARS: usize = 24;
const NAME_WORDS: usize = 4;

/// What parts a label from its value: the signs of Armenia and Cambodia among them.
/// Words for "by" of scripts without blanks that stand before a name with no colon, and the longest such name, in characters
/// and words: they begin sentences, too.
const BARE_BY: [&str; 3] = ["โดย ", "ໂດຍ ", "ដោយ "];
const BARE_CHARS: usize = 40;
const BARE_WORDS: usize = 3;

/// What a part of such a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part<'a> {
    /// Whom a label or an office calls a writer.
    Writer(&'a str),
    /// Where the label says that the text is from.
    Source(&'a str),
    /// Behind another label.
    Labelled,
    Day,
    /// It could be the paper's name.
    Short,
}

/// Whom a line names as its story's writers, where it is a byline as a whole.
pub(in super::super) fn writers(line: &str) -> Vec<&str> {
    let parts = parts(line).unwrap_or_default();
    let names = parts.into_iter().filter_map(|part| if let Part::Writer(name) = part { Some(name) } else { None });
    names.filter(|name| !name.is_empty()).collect()
}

/// Where a line says that its story is from, where it is a byline as a whole.
pub(in super::super) fn sources(line: &str) -> Vec<&str> {
    let parts = parts(line).unwrap_or_default();
    parts.into_iter().filter_map(|part| if let Part::Source(name) = part { Some(name) } else { None }).collect()
}

/// Whether a line only says who, when and where from.
pub(super) fn is_byline(line: &str) -> bool {
    parts(line).is_some()
}

impl Decision {
    /// Drops the lines between the headline and the story that are nothing else.
    pub(super) fn drop_bylines(&mut self) {
        let Some(title) = self.measures.title_block else { return };
        let near = title + 1..self.verdicts.len().min(title + 1 + BYLINE_REACH.unsigned_abs());
        for index in near {
            let line = self.outline.text_of(&self.outline.blocks[index]);
            if self.verdicts[index].kept && is_byline(line) {
                self.verdicts[index].drop_for(Reason::Rule(Rule::Byline));
            }
        }
    }
}

/// The parts of a line that says only who, when and where from; `None` for any other.
fn parts(line: &str) -> Option<Vec<Part<'_>>> {
    // Paragraphs of scripts without blanks could begin a label at every character: they are told by their end.
    if line.chars().nth(LINE_CHARS).is_some() || line.ends_with(['!', '?', '。', '！', '？']) {
        return None;
    }
    let mut found = Vec::new();
    // Without blanks beside it the dot stands between names, in Chinese within one.
    for piece in line.split(['|', '｜', '•', '\n', '\t', '\u{3000}']).flat_map(|piece| piece.split(" · ")) {
        let mut rest = piece.trim();
        while !rest.is_empty() {
            let end = next_label(rest).unwrap_or(rest.len());
            found.push(part(rest[..end].trim())?);
            rest = rest[end..].trim_start();
        }
    }
    let count = |wanted: fn(&Part<'_>) -> bool| found.iter().filter(|part| wanted(part)).count();
    let told = count(|part| matches!(part, Part::Writer(_) | Part::Source(_) | Part::Labelled));
    let strangers = count(|part| matches!(part, Part::Short));
    let is_byline = told > 0 && (strangers == 0 || strangers == 1 && found.len() > 2);
    is_byline.then_some(found)
}

/// Where the next label begins: behind a blank, or anywhere in scripts that know none.
fn next_label(text: &str) -> Option<usize> {
    // Labels end like others: "责任编辑" like "编辑".
    let own = label(text).map_or(0, |(_, value)| text.len() - value.len());
    let mut after_blank = false;
    text.char_indices().skip_while(|(at, _)| *at < own).skip(1).find_map(|(at, c)| {
        let may_begin = std::mem::replace(&mut after_blank, c.is_whitespace()) && !c.is_whitespace() || is_unspaced(c);
        (may_begin && label(&text[at..]).is_some()).then_some(at)
    })
}

fn part(text: &str) -> Option<Part<'_>> {
    if let Some((list, value)) = label(text) {
        // "Author:" alone belongs to the line below it.
        let fits = !value.is_empty()
            && count_words(value) <= VALUE_WORDS.max(unspaced(value))
            && value.chars().count() <= VALUE_CHARS;
        // In Thailand the word for the hour ends in a full stop.
        let is_sentence = list != Label::Day && value.ends_with('.') && count_words(value) > 3;
        return (fits && !is_sentence).then_some(match list {
            Label::Writer => Part::Writer(value),
            Label::Source => Part::Source(value),
            Label::Day => Part::Labelled,
        });
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let without_addresses = words.iter().filter(|word| !is_address(word));
    if let Some(name) = with_office(text) {
        return Some(Part::Writer(name));
    }
    let is_time = |word: &str| {
        word.contains(':') && word.chars().all(|c| c.is_numeric() || c == ':') && word.chars().any(char::is_numeric)
    };
    if words.len() <= DAY_WORDS && (names_year(text) || words.iter().all(|word| is_time(word))) {
        return Some(Part::Day);
    }
    match without_addresses.count() {
        0 => Some(Part::Labelled),
        count
            if count <= NAME_WORDS && text.chars().count() <= NAME_CHARS && !text.ends_with(['.', '。', '!', '?']) =>
        {
            Some(Part::Short)
        }
        _ => None,
    }
}

/// Whether a word can be an address of electronic mail.
fn is_address(word: &str) -> bool {
    word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
}

/// Words that a text of a script without spaces may have: its characters count.
fn unspaced(text: &str) -> usize {
    if text.contains(is_unspaced) { VALUE_CHARS } else { 0 }
}

/// The name beside which a reporter's office stands: "홍길동 기자 hong@ilbo.example", "记者 李小海".
fn with_office(text: &str) -> Option<&str> {
    let text = text.strip_prefix("기자명 ").unwrap_or(text);
    let mut words = text.split_whitespace().filter(|word| !is_address(word));
    let (one, other) = (words.next()?, words.next()?);
    if words.next().is_some() {
        return None;
    }
    if OFFICES.contains(&other) { Some(one) } else { OFFICES.contains(&one).then_some(other) }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Writer,
    Source,
    Day,
}

/// Which label a text begins with, and what is behind it.
fn label(text: &str) -> Option<(Label, &str)> {
    let colon = text.char_indices().take(LABEL_CHARS).find(|(_, c)| COLONS.contains(c));
    if let Some((at, c)) = colon {
        let name = lower(text[..at].trim_end());
        let value = text[at + c.len_utf8()..].trim();
        let kind = if places_of(&name) & (by_words::NAME | by_words::COLON) != 0 {
            Some(Label::Writer)
        } else if SOURCES.contains(&&*name) {
            Some(Label::Source)
        } else {
            DAYS.contains(&&*name).then_some(Label::Day)
        };
        if let Some(kind) = kind {
            return Some((kind, value));
        }
    }
    if let Some(value) = BARE_BY.iter().find_map(|by| text.strip_prefix(by)) {
        let end = value.split(['|', '\n']).next().unwrap_or(value).trim();
        let fits = end.chars().count() <= BARE_CHARS && end.split_whitespace().count() <= BARE_WORDS;
        return (fits && !end.contains(char::is_numeric)).then_some((Label::Writer, value.trim()));
    }
    // "입력 2026-03-04", "Published 4 March".
    let (digit, _) = text.char_indices().take(LABEL_CHARS).find(|(_, c)| c.is_numeric())?;
    let name = lower(text[..digit].trim_end_matches(|c: char| c.is_whitespace() || ".:".contains(c)));
    let day = &text[digit..];
    // "Updated 3 things to know" tells no day.
    let is_day = |day: &str| names_year(day) && day.split_whitespace().count() <= DAY_WORDS;
    if DAYS.contains(&&*name) {
        return is_day(day).then_some((Label::Day, day));
    }
    // "Updated March 3, 2026".
    let (name, _) = name.rsplit_once(' ')?;
    let month = text[..digit].trim_end().rfind(' ').map(|at| &text[at + 1..])?;
    (DAYS.contains(&name) && is_day(month)).then_some((Label::Day, month))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_only_say_who_and_when() {
        for (line, names) in [
            ("2026年03月04日 08:15 来源:海湾日报 作者:李小海", &["李小海"][..]),
            ("2026年03月04日 08:15　来源：海湾日报　作者：李小海", &["李小海"]),
            ("2026-03-04 08:15来源：海湾日报作者：李小海", &["李小海"]),
            ("来源：海湾日报", &[]),
            ("文章来源：海湾日报 责任编辑：李小海", &[]),
            ("海湾日报 | 记者 李小海 | 2026-03-04 08:15", &["李小海"]),
            ("홍길동 기자 hong@ilbo.example", &["홍길동"]),
            ("기자명 홍길동 기자", &["홍길동"]),
            ("입력 2026-03-04 08:15 | 수정 2026-03-04 09:00", &[]),
            ("Autor: Anna Lind", &["Anna Lind"]),
            ("Haber: Ayşe Demir", &["Ayşe Demir"]),
            ("द्वारा: अनीता शर्मा", &["अनीता शर्मा"]),
            ("เผยแพร่: 4 มี.ค. 2569 08:15 โดย: อนงค์ ใจดี", &["อนงค์ ใจดี"]),
            ("كتبت: ليلى حداد", &["ليلى حداد"]),
            ("Last updated on March 3, 2026", &[]),
            ("โดย อนงค์ ใจดีเผยแพร่: 4 มี.ค. 2569 08:15 น.ปรับปรุง: 5 มี.ค. 2569 09:00 น.", &["อนงค์ ใจดี"]),
            ("Հեղինակ՝ Անի Սարյան", &["Անի Սարյան"]),
            ("ដោយ៖ សុខា ចាន់", &["សុខា ចាន់"]),
            ("Müəllif: Aynur Əliyeva", &["Aynur Əliyeva"]),
            ("Besedilo: Ana Kos", &["Ana Kos"]),
            ("எழுதியவர்: கவிதா ராஜன்", &["கவிதா ராஜன்"]),
            ("تحریر: سارہ خان | 4 مارچ 2026", &["سارہ خان"]),
            ("Offentliggjort 4. marts 2026", &[]),
            ("laatste update: wo 4 maart 2026", &[]),
            ("Quelle: Bucht-Zeitung · Stand: 04.03.2026, 08:15 Uhr", &[]),
        ] {
            assert!(parts(line).is_some(), "{line}");
            assert_eq!(writers(line), names, "{line}");
        }
    }

    #[test]
    fn other_lines_stay() {
        for line in [
            "",
            "Author:",
            "4 March 2026",
            "Text: how the message was sent, and what the court made of it in the end, is told here.",
            "By: the time the ferry came, the bread was gone.",
            "The author: a life in nine ferries",
            "作者在这里住了三十年，每天早上都去码头看渡轮，他说没有风的夜晚最难得。",
            "기자 회견은 월요일에 열린다.",
            "Updated 3 things to know about the ferry",
            "Published poems 3 of 12",
            "Harbour news | Town hall | Letters",
            "Published by the county: what the ramp cost",
            "@cached(size)",
            "Source: the county. It said that the ramp would be done in May.",
        ] {
            assert!(parts(line).is_none(), "{line}");
        }
    }
}
