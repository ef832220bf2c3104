//! Short lines that are a label of the page as a whole, told by an exact comparison: what marks advertising, what controls
//! and lists of other stories are called, counters, and pointers to other stories.

use super::label_words::{ABOUT, ADVERTISING, AROUND, BEGINNINGS, BESIDE, CALLS, CONTROLS, COUNTED, POINTERS};
use super::words::is_unspaced;
use crate::model::letters::{is_alphanumeric, lower};
use std::collections::HashSet;
use std::sync::LazyLock;

/// Words of a counter, at the most: "1,203 views, 44 shares".
const COUNTER_WORDS: usize = 8;

/// Words of a call to the reader, at the most.
const CALL_WORDS: usize = 8;

/// Bytes of the words before the sign that ends a pointer's beginning, at the most; "читайте подробнее:" has 36.
const LEAD_BYTES: usize = 72;

/// Signs that part what points from what is pointed to.
const SEPARATORS: [char; 14] = [':', '：', '|', '｜', '»', '›', '>', ']', '】', '］', '►', '▶', '→', '–'];

/// What the small letter of a Turkish capital with a dot has behind its own.
const DOT_ABOVE: char = '\u{307}';

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let entries = |list: &'static str| list.split(['|', '\n']).map(str::trim).collect();
    Tables {
        advertising: entries(ADVERTISING),
        controls: entries(CONTROLS),
        counted: entries(COUNTED),
        beside: entries(BESIDE),
        pointers: entries(POINTERS),
        about: entries(ABOUT),
        beginnings: entries(BEGINNINGS),
        calls: entries(CALLS),
        around: entries(AROUND),
    }
});

#[derive(Debug)]
struct Tables {
    advertising: HashSet<&'static str>,
    controls: HashSet<&'static str>,
    counted: HashSet<&'static str>,
    beside: HashSet<&'static str>,
    pointers: HashSet<&'static str>,
    about: HashSet<&'static str>,
    beginnings: HashSet<&'static str>,
    calls: HashSet<&'static str>,
    around: HashSet<&'static str>,
}

/// What a line as a whole says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Label {
    /// That it is advertising, or that the story goes on behind it.
    Advertising,
    /// A control's name, the heading of a list of other stories, or a count.
    Control,
}

/// What a short line is the label of; `None` for a line of a story.
pub(in super::super) fn page_label(line: &str) -> Option<Label> {
    let key = key(line);
    if TABLES.advertising.contains(key.as_str()) {
        Some(Label::Advertising)
    } else if TABLES.controls.contains(key.as_str()) && !is_numbered(line)
        || line.contains(char::is_numeric) && is_counter(&key)
        || is_call(line, &key)
    {
        Some(Label::Control)
    } else {
        None
    }
}

/// Whether a line is numbered, as headings are: "4. Share".
fn is_numbered(line: &str) -> bool {
    let rest = line.trim_start().trim_start_matches(char::is_numeric);
    rest.len() < line.trim_start().len() && rest.starts_with(['.', ')', '．', '、'])
}

/// Whether a line is what stands above a writer's biography: "About the author".
pub(in super::super) fn introduces_writer(line: &str) -> bool {
    TABLES.about.contains(key(line).as_str())
}

/// Whether a line is what the first part of a text is called, or its summary.
pub(in super::super) fn names_beginning(line: &str) -> bool {
    TABLES.beginnings.contains(key(line).as_str())
}

/// Whether a line begins as a pointer to another story does and goes on behind a sign: "Read also: the bridge". Where
/// `has_mark` does not say that the line is a link or set off, one word of a language with blanks tells too little: "Video".
pub(in super::super) fn points_elsewhere(line: &str, has_mark: bool) -> bool {
    // Signs and brackets before the words are part of neither.
    let text = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    let head = &text[..text.floor_char_boundary(LEAD_BYTES)];
    let Some(end) = head.find(SEPARATORS) else { return false };
    let key = key(&head[..end]);
    (has_mark || key.contains(' ') || key.contains(is_unspaced))
        && text[end..].contains(char::is_alphabetic)
        && TABLES.pointers.contains(key.as_str())
}

/// Whether a line is what stands above a list of other stories: "Read also", "Most read".
pub(in super::super) fn heads_other_stories(line: &str) -> bool {
    /// What may as well be said of the story's own parts.
    const OWN: [&str; 8] = ["watch", "listen", "video", "recommended", "explained", "trending", "además", "zobacz"];
    /// What such a list may be called by its subject: "More from Transport".
    const MORE: [&str; 10] = [
        "more from ",
        "more in ",
        "more news from ",
        "mehr aus ",
        "mehr von ",
        "altro da ",
        "meer uit ",
        "meer van ",
        "mer från ",
        "więcej z ",
    ];
    /// Words of it at the most.
    const WORDS: usize = 5;
    let key = key(line);
    let names_more = || MORE.iter().any(|more| key.starts_with(more)) && key.split(' ').count() <= WORDS;
    TABLES.pointers.contains(key.as_str()) && !OWN.contains(&key.as_str()) || names_more()
}

/// Whether a line without its numbers says only what was counted: "views shares", "temps de lecture min".
fn is_counter(key: &str) -> bool {
    let mut words = key.split(' ');
    let is_known = |word: &str| TABLES.counted.contains(word) || TABLES.beside.contains(word);
    words.clone().count() <= COUNTER_WORDS
        && words.clone().all(is_known)
        && words.any(|word| TABLES.counted.contains(word))
}

/// Whether a line that is no sentence has only words of calls and those that stand around them: "Click here to subscribe".
fn is_call(line: &str, key: &str) -> bool {
    let words = || key.split(' ');
    let count = words().count();
    // "The podcast" may be a heading.
    let begins = || words().next().is_some_and(|word| TABLES.calls.contains(word));
    (2..=CALL_WORDS).contains(&count)
        && (count > 2 || begins())
        && !line.trim_end().ends_with(['.', '?', '。', '؟', '।'])
        && words().any(|word| TABLES.calls.contains(word))
        && words().all(|word| TABLES.calls.contains(word) || TABLES.around.contains(word))
}

/// The words of a line in lower case with one blank between them, without signs and numbers.
pub(in super::super) fn key(line: &str) -> String {
    let mut key = String::with_capacity(line.len());
    for c in lower(line.trim()).chars() {
        if is_of_word(c) {
            key.push(without_accent(c));
        } else if c != DOT_ABOVE && !key.ends_with(' ') && !key.is_empty() {
            key.push(' ');
        }
    }
    key.truncate(key.trim_end().len());
    key
}

/// Whether a character is a letter, or what a word has between and above its letters.
fn is_of_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphabetic() || c == '\'';
    }
    let is_mark = || {
        matches!(u32::from(c),
            0x0300..=0x036F | 0x0591..=0x05C7 | 0x0610..=0x061A | 0x064B..=0x065F | 0x0670 | 0x06D6..=0x06ED
            | 0x0900..=0x0963 | 0x0966..=0x0DFF | 0x0E00..=0x0E7F | 0x1000..=0x109F | 0x200C | 0x200D)
    };
    c != DOT_ABOVE && (c == '’' || is_alphanumeric(c) || is_mark()) && !c.is_numeric()
}

/// Greek capitals are written without the accents that their small letters have; of apostrophes there are two.
fn without_accent(c: char) -> char {
    match c {
        '’' => '\'',
        'ά' => 'α',
        'έ' => 'ε',
        'ή' => 'η',
        'ί' | 'ϊ' | 'ΐ' => 'ι',
        'ό' => 'ο',
        'ύ' | 'ϋ' | 'ΰ' => 'υ',
        'ώ' => 'ω',
        'ς' => 'σ',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_whole_lines() {
        for text in ["ADVERTISEMENT", "- Anzeige -", "Publicité", "广告", "РЕКЛАМА", "โฆษณา", "विज्ञापन", "פרסומת"]
        {
            assert_eq!(page_label(text), Some(Label::Advertising), "{text}");
        }
        for text in [
            "Share this article",
            "Print",
            "Nach oben ↑",
            "« Haut de page »",
            "3 comments",
            "コメント3件",
            "댓글 3",
            "4 min de lectura",
            "Temps de lecture : 4 min",
            "Lesezeit: 4 Min.",
            "Views: 1,203 | Shares: 44",
            "৩টি মন্তব্য",
            "【纠错】",
            "###ENDS###",
            "ΕΚΤΥΠΩΣΗ",
            "İLGİLİ HABERLER",
            "Click here to subscribe",
            "Hier geht es zum Newsletter",
            "Sigue leyendo la noticia",
        ] {
            assert_eq!(page_label(text), Some(Label::Control), "{text}");
        }
        for text in [
            "",
            "...",
            "12",
            "Print is not dead",
            "The advertisement",
            "4 crowns",
            "Forty minutes",
            "40 minutes",
            "She reads",
            "Werbung für die Fähre",
            "Not everyone is pleased",
            "Read the room",
            "The full story",
            "The podcast",
            "Instagram and Facebook",
            "12. Share",
            "6.849 Lecture 7",
            "77° View",
            "Subscribe to our newsletter, she said",
            "What people want",
            "Share prices and dividends",
        ] {
            assert_eq!(page_label(text), None, "{text}");
        }
    }

    #[test]
    fn pointers_have_a_sign_behind_their_words() {
        for text in [
            "Read also: the bridge",
            "READ MORE | the bridge",
            "▶ Lee también: el puente",
            "【関連記事】橋の修理",
            "[관련기사] 다리 수리",
            "延伸阅读：桥",
            "Читайте также: мост",
        ] {
            assert!(points_elsewhere(text, false), "{text}");
        }
        for text in
            ["", "Read also:", "Read the letter: it says all", "He read more: three books", "10:30", "Read more"]
        {
            assert!(!points_elsewhere(text, false), "{text}");
        }
    }

    #[test]
    fn lists_of_other_stories_are_headed() {
        for text in ["Related stories", "MOST READ", "Mehr zum Thema", "More from Transport", "相关阅读"] {
            assert!(heads_other_stories(text), "{text}");
        }
        for text in ["", "Watch", "More than a ferry", "Plus de 300 emplois", "The most read of her books"] {
            assert!(!heads_other_stories(text), "{text}");
        }
    }

    #[test]
    fn entries_are_what_they_say() {
        // An entry that no line is compared as, or one that two lists share, would be a slip.
        for list in [ABOUT, ADVERTISING, AROUND, BEGINNINGS, BESIDE, CALLS, CONTROLS, COUNTED, POINTERS] {
            for entry in list.split(['|', '\n']).map(str::trim) {
                assert!(!entry.is_empty() && key(entry) == entry, "{entry}");
            }
        }
        assert!(TABLES.advertising.is_disjoint(&TABLES.controls));
    }
}
