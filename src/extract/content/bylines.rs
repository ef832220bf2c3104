//! Lines between the headline and the story that only say who wrote it, when, and where it is from, by labels in the words
//! of the world's press: "作者：李小海 来源：海湾日报", "입력 2026-03-04 08:15", "Haber: Ayşe Demir".
//!
//! The model was trained on pages most of which are English and whose bylines have class names that say so. These are told
//! by their words alone, and only where nothing else stands in the line.

use super::heuristic::{BYLINE_REACH, names_year};
use super::words::{count_words, is_unspaced};
use super::{Decision, Reason, Rule};
use crate::model::letters::lower;

/// Characters of a line, at the most.
const LINE_CHARS: usize = 200;
/// Words and characters of what stands behind a label, at the most: names, an office, a paper.
const VALUE_WORDS: usize = 9;
const VALUE_CHARS: usize = 60;
/// Words of a part that holds a day and a time, at the most.
const DAY_WORDS: usize = 9;
/// Characters and words of a part that says nothing of itself, at the most: the paper's name.
const NAME_CHARS: usize = 24;
const NAME_WORDS: usize = 4;

/// Words before a colon that say that a writer follows, in lower case.
const WRITERS: &[&str] = &[
    "author",
    "authors",
    "autor",
    "autora",
    "autorin",
    "autoren",
    "autores",
    "autorka",
    "autoři",
    "autori",
    "auteur",
    "auteurs",
    "autore",
    "by",
    "written by",
    "words by",
    "text",
    "texte",
    "texto",
    "testo",
    "tekst",
    "teksti",
    "von",
    "par",
    "por",
    "escrito por",
    "di",
    "av",
    "af",
    "door",
    "redactor",
    "автор",
    "авторы",
    "автори",
    "текст",
    "作者",
    "记者",
    "記者",
    "文",
    "撰文",
    "采写",
    "執筆",
    "執筆者",
    "著者",
    "取材・文",
    "ライター",
    "글",
    "기자",
    "기자명",
    "작성자",
    "취재",
    "كتب",
    "كتبت",
    "بقلم",
    "الكاتب",
    "إعداد",
    "تحرير",
    "نویسنده",
    "به قلم",
    "گزارش",
    "تحریر",
    "מאת",
    "כתב",
    "כתבת",
    "γράφει",
    "γράφει ο",
    "γράφει η",
    "του",
    "της",
    "συντάκτης",
    "κείμενο",
    "ρεπορτάζ",
    "लेखक",
    "लेखिका",
    "द्वारा",
    "रिपोर्टर",
    "লেখক",
    "প্রতিবেদক",
    "โดย",
    "ผู้เขียน",
    "เขียนโดย",
    "เรื่อง",
    "tác giả",
    "bài",
    "bài viết",
    "thực hiện",
    "haber",
    "yazar",
    "yazan",
    "muhabir",
    "penulis",
    "oleh",
    "reporter",
    "szerző",
    "írta",
    "kirjoittaja",
    "skribent",
];

/// Words before a colon that say where a text is from, who edited it, or how often it was read.
const SOURCES: &[&str] = &[
    "source",
    "sources",
    "quelle",
    "quellen",
    "fuente",
    "fuentes",
    "fonte",
    "bron",
    "źródło",
    "zdroj",
    "källa",
    "kilde",
    "kaynak",
    "источник",
    "джерело",
    "извор",
    "来源",
    "來源",
    "稿源",
    "文章来源",
    "信息来源",
    "出典",
    "提供",
    "출처",
    "제공",
    "nguồn",
    "theo",
    "المصدر",
    "منبع",
    "מקור",
    "πηγή",
    "स्रोत",
    "ที่มา",
    "sumber",
    "forrás",
    "sursa",
    "lähde",
    "editor",
    "edited by",
    "编辑",
    "編輯",
    "责任编辑",
    "責任編輯",
    "责编",
    "編集",
    "편집",
    "редактор",
    "editör",
    "penyunting",
    "المحرر",
    "浏览",
    "浏览量",
    "浏览次数",
    "阅读",
    "阅读量",
    "点击",
    "点击数",
    "조회",
    "조회수",
    "viewed",
    "views",
    "просмотров",
    "просмотры",
];

/// Words that say that the day follows, with a colon or at once.
const DAYS: &[&str] = &[
    "published",
    "published on",
    "posted",
    "posted on",
    "updated",
    "last updated",
    "created",
    "veröffentlicht",
    "veröffentlicht am",
    "aktualisiert",
    "stand",
    "publié le",
    "mis à jour le",
    "publicado",
    "publicado el",
    "actualizado",
    "atualizado",
    "atualizado em",
    "publicado em",
    "pubblicato",
    "pubblicato il",
    "aggiornato",
    "gepubliceerd",
    "gepubliceerd op",
    "opublikowano",
    "data publikacji",
    "aktualizacja",
    "publikováno",
    "aktualizováno",
    "publicerad",
    "uppdaterad",
    "publisert",
    "oppdatert",
    "udgivet",
    "opdateret",
    "julkaistu",
    "päivitetty",
    "опубликовано",
    "обновлено",
    "дата публикации",
    "опубліковано",
    "оновлено",
    "публикувано",
    "发布时间",
    "发布日期",
    "发表时间",
    "发表于",
    "更新时间",
    "發布時間",
    "更新時間",
    "公開",
    "公開日",
    "公開日時",
    "更新",
    "更新日",
    "更新日時",
    "掲載日",
    "配信",
    "配信日",
    "投稿日",
    "입력",
    "수정",
    "승인",
    "등록",
    "게재",
    "기사입력",
    "최종수정",
    "최종 수정",
    "업데이트",
    "발행일",
    "송고",
    "ngày đăng",
    "đăng lúc",
    "cập nhật",
    "تاريخ النشر",
    "نشر في",
    "نشر",
    "آخر تحديث",
    "تاریخ انتشار",
    "منتشر شده",
    "פורסם",
    "פורסם ב",
    "עודכן",
    "δημοσίευση",
    "δημοσιεύτηκε",
    "τελευταία ενημέρωση",
    "ενημέρωση",
    "प्रकाशित",
    "अपडेट",
    "अपडेटेड",
    "প্রকাশ",
    "প্রকাশিত",
    "আপডেট",
    "เผยแพร่",
    "อัปเดต",
    "ปรับปรุงล่าสุด",
    "วันที่",
    "yayınlanma",
    "yayın tarihi",
    "yayınlanma tarihi",
    "güncelleme",
    "güncellenme",
    "giriş",
    "diterbitkan",
    "terbit",
    "diperbarui",
    "tayang",
    "közzétéve",
    "megjelent",
    "frissítve",
    "publicat",
    "actualizat",
];

/// What stands behind a reporter's name, or before it.
const OFFICES: [&str; 8] = ["기자", "특파원", "記者", "记者", "通讯员", "통신원", "인턴기자", "編集委員"];

/// What a part of such a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part<'a> {
    /// Whom a label or an office calls a writer.
    Writer(&'a str),
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

impl Decision {
    /// Drops the lines between the headline and the story that are nothing else.
    pub(super) fn drop_bylines(&mut self) {
        let Some(title) = self.measures.title_block else { return };
        let near = title + 1..self.verdicts.len().min(title + 1 + BYLINE_REACH.unsigned_abs());
        for index in near {
            let kept = self.verdicts[index].kept;
            let line = self.outline.text_of(&self.outline.blocks[index]);
            if kept && parts(line).is_some() {
                self.verdicts[index].drop_for(Reason::Rule(Rule::Byline));
            } else if kept && self.measures.blocks[index].is_long {
                return;
            }
        }
    }
}

/// The parts of a line that says only who, when and where from; `None` for any other.
fn parts(line: &str) -> Option<Vec<Part<'_>>> {
    if line.chars().nth(LINE_CHARS).is_some() {
        return None;
    }
    let mut found = Vec::new();
    for piece in line.split(['|', '｜', '·', '•', '\n', '\t', '\u{3000}']) {
        let mut rest = piece.trim();
        while !rest.is_empty() {
            let end = next_label(rest).unwrap_or(rest.len());
            found.push(part(rest[..end].trim())?);
            rest = rest[end..].trim_start();
        }
    }
    let count = |wanted: fn(&Part<'_>) -> bool| found.iter().filter(|part| wanted(part)).count();
    let told = count(|part| matches!(part, Part::Writer(_) | Part::Labelled));
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
        let is_sentence =
            value.ends_with(['!', '?', '。', '！', '？']) || value.ends_with('.') && count_words(value) > 3;
        return (fits && !is_sentence).then_some(if list == Label::Writer {
            Part::Writer(value)
        } else {
            Part::Labelled
        });
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let without_addresses = words.iter().filter(|word| !word.contains('@'));
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

/// Words that a text of a script without spaces may have: its characters count.
fn unspaced(text: &str) -> usize {
    if text.contains(is_unspaced) { VALUE_CHARS } else { 0 }
}

/// The name beside which a reporter's office stands: "홍길동 기자 hong@ilbo.example", "记者 李小海".
fn with_office(text: &str) -> Option<&str> {
    let text = text.strip_prefix("기자명 ").unwrap_or(text);
    let mut words = text.split_whitespace().filter(|word| !word.contains('@'));
    let (one, other) = (words.next()?, words.next()?);
    if words.next().is_some() {
        return None;
    }
    if OFFICES.contains(&other) { Some(one) } else { OFFICES.contains(&one).then_some(other) }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Writer,
    Other,
}

/// Which label a text begins with, and what is behind it.
fn label(text: &str) -> Option<(Label, &str)> {
    let colon = text.char_indices().take(VALUE_CHARS / 2).find(|(_, c)| [':', '：', '︰'].contains(c));
    if let Some((at, c)) = colon {
        let name = lower(text[..at].trim_end());
        let value = text[at + c.len_utf8()..].trim();
        let kind = if WRITERS.contains(&&*name) {
            Some(Label::Writer)
        } else {
            (SOURCES.contains(&&*name) || DAYS.contains(&&*name)).then_some(Label::Other)
        };
        if let Some(kind) = kind {
            return Some((kind, value));
        }
    }
    // "입력 2026-03-04", "Published 4 March".
    let digit = text.find(char::is_numeric)?;
    let name = lower(text[..digit].trim_end_matches(|c: char| c.is_whitespace() || ".:".contains(c)));
    DAYS.contains(&&*name).then(|| (Label::Other, &text[digit..]))
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
            "Harbour news | Town hall | Letters",
            "Published by the county: what the ramp cost",
            "Source: the county. It said that the ramp would be done in May.",
        ] {
            assert!(parts(line).is_none(), "{line}");
        }
    }
}
