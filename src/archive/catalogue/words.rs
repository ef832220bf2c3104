//! Text as the words that are searched for: folded, and with scripts that set no spaces divided into pairs.
//!
//! Case, diacritics, width and the common spelling variants of Arabic and Cyrillic make no difference. A word of a script
//! without spaces (Chinese, Japanese, Thai, …) cannot be told from its neighbours without a dictionary, so each two
//! characters that stand together are a word of the index, and what is looked for is a row of them. Korean sets spaces, but
//! joins particles to its words; it is treated likewise.

use std::ops::Range;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Where it stands, in bytes.
    pub(super) range: Range<usize>,
    /// As the index has it.
    pub(super) folded: String,
    /// Whether it is of a script that is divided into pairs.
    pub(super) is_pair: bool,
}

/// Calls back for each word of a text, in order. Of a run of a script without spaces the last character comes by itself,
/// so that every character begins a word.
pub(super) fn each_word(text: &str, mut found: impl FnMut(Word)) {
    let mut word: Option<Word> = None;
    // The last character of a run that is divided into pairs, and where it stands.
    let mut before: Option<(char, Range<usize>)> = None;
    for (at, c) in text.char_indices() {
        let range = at..at + c.len_utf8();
        if is_unspaced(c) {
            if let Some(word) = word.take() {
                found(word);
            }
            let c = unspaced(c);
            if let Some((earlier, place)) = before.replace((c, range.clone())) {
                let range = place.start..range.end;
                found(Word { range, folded: [earlier, c].iter().collect(), is_pair: true });
            }
            continue;
        }
        if let Some((last, range)) = before.take() {
            found(Word { range, folded: last.to_string(), is_pair: true });
        }
        let is_inside = c.is_alphanumeric() || (word.is_some() && (is_combining_mark(c) || is_ignored(c)));
        if is_inside {
            let word = word.get_or_insert_with(|| Word { range: range.clone(), folded: String::new(), is_pair: false });
            word.range.end = range.end;
            fold(c, &mut word.folded);
        } else if let Some(word) = word.take() {
            found(word);
        }
    }
    if let Some(word) = word {
        found(word);
    }
    if let Some((last, range)) = before {
        found(Word { range, folded: last.to_string(), is_pair: true });
    }
}

/// A text as the index takes it: its words with spaces in between.
pub(super) fn indexed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    each_word(text, |word| {
        out.push_str(&word.folded);
        out.push(' ');
    });
    out
}

/// The words to look for, as they have to stand behind each other. Whether the last of them may go on is said with it: a
/// single character of a script without spaces begins a pair.
pub(super) fn wanted(text: &str) -> (Vec<String>, bool) {
    let mut words: Vec<Word> = Vec::new();
    each_word(text, |word| words.push(word));
    let is_single = |word: &Word| word.is_pair && word.folded.chars().nth(1).is_none();
    let mut wanted = Vec::with_capacity(words.len());
    let mut is_open = false;
    for (index, word) in words.iter().enumerate() {
        let ends_a_run = is_single(word) && index > 0 && words[index - 1].is_pair && adjoins(&words[index - 1], word);
        if ends_a_run {
            continue;
        }
        is_open = is_single(word) && index + 1 == words.len();
        wanted.push(word.folded.clone());
    }
    (wanted, is_open)
}

/// Whether a word is the second half of a pair.
fn adjoins(pair: &Word, single: &Word) -> bool {
    pair.range.end == single.range.end
}

/// Scripts that set no spaces between words, and Korean.
fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        // Thai, Lao; Myanmar; Hangul; Khmer.
        0x0e01..=0x0e3a | 0x0e40..=0x0e4e | 0x0e81..=0x0ece | 0x1000..=0x109f | 0x1100..=0x11ff | 0x1780..=0x17d3
        // Marks of repetition, kana, bopomofo, Hangul letters, small kana.
        | 0x3005..=0x3007 | 0x3041..=0x3096 | 0x3099..=0x309f | 0x30a1..=0x30fa | 0x30fc..=0x318e | 0x31a0..=0x31bf
        | 0x31f0..=0x31ff
        // Han and its extensions, Hangul syllables, compatibility forms, half width kana.
        | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xa960..=0xa97f | 0xac00..=0xd7ff | 0xf900..=0xfaff | 0xff66..=0xff9f
        | 0x2_0000..=0x3_ffff)
}

/// Half width kana and compatibility characters as the usual ones.
fn unspaced(c: char) -> char {
    // A syllable of Hangul would fall apart into letters.
    if !matches!(u32::from(c), 0xf900..=0xfaff | 0xff66..=0xff9f) {
        return c;
    }
    let mut first = None;
    decompose_compatible(c, |part| first = first.or(Some(part)));
    first.unwrap_or(c)
}

/// Signs within a word that are no part of it: the soft hyphen, the joiners, the Arabic stretching sign.
fn is_ignored(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{640}')
}

fn fold(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    decompose_compatible(c, |part| {
        if is_combining_mark(part) || is_ignored(part) {
            return;
        }
        for part in part.to_lowercase() {
            match part {
                'ß' => out.push_str("ss"),
                'æ' => out.push_str("ae"),
                'œ' => out.push_str("oe"),
                'ø' => out.push('o'),
                'ł' => out.push('l'),
                'đ' | 'ð' => out.push('d'),
                'ı' => out.push('i'),
                'þ' => out.push_str("th"),
                // Yeh and kaf as Arabic and Persian keyboards set them; teh marbuta, which is often set as heh.
                'ى' | 'ی' => out.push('ي'),
                'ک' => out.push('ك'),
                'ة' => out.push('ه'),
                'ς' => out.push('σ'),
                // Lower case of İ leaves its dot, a mark.
                part if is_combining_mark(part) => {}
                part => out.push(part),
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_unspaced_scripts_paired() {
        assert_eq!(indexed("L’Été à Łódź: STRASSE/Straße"), "l ete a lodz strasse strasse ");
        assert_eq!(indexed("東京都の knee"), "東京 京都 都の の knee ");
        assert_eq!(indexed("大"), "大 ");
        assert_eq!(indexed("한국에서 왔다"), "한국 국에 에서 서 왔다 다 ");
        assert_eq!(indexed("Ёлки й"), "елки и ");
        assert_eq!(indexed("مَدْرَسَة مدرسـة"), "مدرسه مدرسه ");
        assert_eq!(indexed("ﾊﾟｰﾃｨ"), indexed("ハ゜ーティ".replace('゜', "\u{309a}").as_str()));
        assert_eq!(indexed(" … — "), "");
    }

    #[test]
    fn what_is_looked_for_leaves_the_single_end_of_a_run() {
        assert_eq!(wanted("東京都"), (vec!["東京".to_owned(), "京都".to_owned()], false));
        assert_eq!(wanted("京"), (vec!["京".to_owned()], true));
        assert_eq!(wanted("covid-19"), (vec!["covid".to_owned(), "19".to_owned()], false));
        assert_eq!(wanted("大 小"), (vec!["大".to_owned(), "小".to_owned()], true));
    }

    #[test]
    fn ranges_lie_in_the_text() {
        let text = "Ångström 東京 ok";
        let mut seen = Vec::new();
        each_word(text, |word| seen.push(text[word.range].to_owned()));
        assert_eq!(seen, ["Ångström", "東京", "京", "ok"]);
    }
}
