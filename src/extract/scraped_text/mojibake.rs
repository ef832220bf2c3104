//! UTF-8 that was read as windows-1252 or as Latin-1, once or twice: "cafÃ©" for "café". Repaired only where that is
//! certain; text that is meant as it stands is handed back as it is.
//!
//! A misread character is a *sequence*: a sign that stands for a UTF-8 lead byte, and as many signs for continuation
//! bytes as that asks for. The sequence is put back by the same table by which it came about, so a repair undone gives
//! the text that there was. Whether sequences are what they look like is asked of the whole text:
//!
//! * A sequence that no writing has (`fÃ¼r`, `â€™`, a run of `Ð¿Ñ€`) is *strong*; one that can be meant so (`MAÇÃ”`, a
//!   capital and a closing quotation mark) is *weak*, and goes only where the text has a strong one.
//! * A sequence that stands alone between quotation marks or brackets is what somebody quotes: weak, too.
//! * A line with a sequence and, beside it, an accented letter that is in order is by somebody who writes about the
//!   matter, or of two origins: then nothing of the text is touched.

use std::borrow::Cow;

/// How often a text can have been misread.
const PASSES: usize = 2;

/// What windows-1252 has in the places from 0x80 to 0x9F, where Latin-1 has controls.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

/// A text without what a wrong reading did to it.
pub(super) fn repair(text: &str) -> Cow<'_, str> {
    if let Some(repaired) = read_as_mac_roman(text) {
        return Cow::Owned(repaired);
    }
    let mut repaired = Cow::Borrowed(text);
    for _ in 0..PASSES {
        match repair_once(&repaired) {
            Some(better) => repaired = Cow::Owned(better),
            None => break,
        }
    }
    // What still needs another reading was not understood.
    let is_whole = matches!(repaired, Cow::Borrowed(_)) || !has_sequence(&repaired);
    if !is_whole || controls(&repaired) > controls(text) { Cow::Borrowed(text) } else { repaired }
}

/// A text that was read by the table of old Macs: "caf√©" for "café". Sure where all of it, put back into bytes, is UTF-8: no
/// other text with such signs is.
fn read_as_mac_roman(text: &str) -> Option<String> {
    // The first bytes of Latin letters and of typographic signs.
    if !text.contains(['√', '‚']) {
        return None;
    }
    let (bytes, _, is_lossy) = encoding_rs::MACINTOSH.encode(text);
    if is_lossy { None } else { String::from_utf8(bytes.into_owned()).ok() }
}

fn has_sequence(text: &str) -> bool {
    let mut found = false;
    walk(text, |_, piece| found |= matches!(piece, Piece::Misread(..)));
    found
}

fn controls(text: &str) -> usize {
    text.chars().filter(|c| ('\u{80}'..='\u{9F}').contains(c)).count()
}

/// The table by which bytes were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    /// Both have the same there.
    Either,
    Windows1252,
    Latin1,
}

impl Table {
    fn and(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Either, table) | (table, Self::Either) => Some(table),
            (one, other) => (one == other).then_some(one),
        }
    }
}

/// The byte that a sign of a misread text stands for.
pub(super) fn byte_of(c: char) -> Option<(u8, Table)> {
    match u32::from(c) {
        // The five that windows-1252 leaves free are read as controls by it too.
        0x81 | 0x8D | 0x8F | 0x90 | 0x9D | 0xA0..=0xFF => Some((c as u8, Table::Either)),
        0x80..=0x9F => Some((c as u8, Table::Latin1)),
        0x100.. => {
            let place = WINDOWS_1252.iter().position(|&known| known == c)?;
            Some((0x80 + place as u8, Table::Windows1252))
        }
        _ => None,
    }
}

/// How plainly a sequence is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Strength {
    Weak,
    Strong,
}

/// What a text holds from a place on.
enum Piece {
    /// A sequence: the character that it stands for, and its length in bytes of the text.
    Misread(char, usize, Strength),
    /// A lead without all that should follow it: a sign was lost on the way.
    Damaged,
    /// A letter that is in order, of those that a wrong reading would have torn up.
    InOrder,
    Other,
}

fn repair_once(text: &str) -> Option<String> {
    // Every sequence begins with one of these.
    if !text.contains(|c: char| ('\u{C2}'..='\u{F4}').contains(&c)) {
        return None;
    }
    let mut strong = 0;
    for line in text.split('\n') {
        let (mut misread, mut in_order) = (0, 0);
        walk(line, |_, piece| match piece {
            Piece::Misread(_, _, strength) => {
                misread += 1;
                strong += usize::from(strength == Strength::Strong);
            }
            Piece::InOrder => in_order += 1,
            Piece::Damaged | Piece::Other => {}
        });
        if misread > 0 && in_order > 0 {
            return None;
        }
    }
    if strong == 0 {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    walk(text, |rest, piece| match piece {
        Piece::Misread(c, ..) => out.push(c),
        _ => out.extend(rest.chars().next()),
    });
    Some(out)
}

/// Calls `visit` with every piece, and the text from it on.
fn walk<'a>(text: &'a str, mut visit: impl FnMut(&'a str, Piece)) {
    let mut before = Before::default();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let piece = piece(rest, c, before);
        let length = if let Piece::Misread(meant, length, _) = piece {
            before = Before { sign: Some(c), misread: Some(meant) };
            length
        } else {
            before = Before { sign: Some(c), misread: None };
            c.len_utf8()
        };
        visit(rest, piece);
        rest = &rest[length..];
    }
}

/// What stands right before a sign.
#[derive(Debug, Clone, Copy, Default)]
struct Before {
    sign: Option<char>,
    /// What a sequence that ended there stands for.
    misread: Option<char>,
}

fn piece(rest: &str, c: char, before: Before) -> Piece {
    let Some((lead, mut table)) = byte_of(c) else { return Piece::Other };
    let length = match lead {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ if c.is_alphabetic() => return Piece::InOrder,
        _ => return Piece::Other,
    };
    let mut bytes = [lead, 0, 0, 0];
    let mut signs = rest.char_indices().skip(1);
    let mut last = c;
    for (place, byte) in bytes.iter_mut().enumerate().take(length).skip(1) {
        let next = signs.next();
        let found = next
            .and_then(|(_, sign)| byte_of(sign))
            .filter(|(byte, _)| (0x80..=0xBF).contains(byte))
            .and_then(|(byte, of)| Some((byte, table.and(of)?)));
        let Some(found) = found else {
            let is_damaged = place > 1 || next.is_none_or(|(_, sign)| sign.is_whitespace() && c.is_uppercase());
            return if is_damaged { Piece::Damaged } else { Piece::InOrder };
        };
        (*byte, table) = found;
        last = next.map_or(c, |(_, sign)| sign);
    }
    let end = signs.next().map_or(rest.len(), |(at, _)| at);
    let meant = std::str::from_utf8(&bytes[..length]).ok().and_then(|text| text.chars().next());
    let Some(meant) = meant.filter(|&meant| is_plausible(meant)) else { return Piece::InOrder };
    let next = rest[end..].chars().next();
    let is_quoted = before.sign.is_some_and(is_bracket) && next.is_some_and(is_bracket);
    // Three letters in a row can be a word; with a sign among them they are none.
    let has_sign = rest[..end].chars().any(|sign| !sign.is_alphabetic());
    let strong = !is_quoted && (length > 2 && has_sign || is_strong(c, last, meant, before, next));
    Piece::Misread(meant, end, if strong { Strength::Strong } else { Strength::Weak })
}

/// Whether no writing has a lead of two bytes and its continuation side by side.
fn is_strong(lead: char, last: char, meant: char, before: Before, next: Option<char>) -> bool {
    // A capital does not follow a small letter.
    if before.misread.is_none() && before.sign.is_some_and(|sign| sign.is_ascii_lowercase()) {
        return true;
    }
    if matches!(lead, 'Â' | 'Ã') && !can_follow_capital(last) {
        return true;
    }
    // Degrees and other signs of measure.
    if lead == 'Â' && before.sign.is_some_and(|sign| sign.is_ascii_digit()) {
        return true;
    }
    // Text of another script comes in runs.
    if before.misread.is_some_and(|other| script(other) == script(meant) && script(meant) > 0) {
        return true;
    }
    matches!(lead, 'Ã' | 'Ä' | 'Å') && !can_follow_capital(last) && next.is_some_and(|next| next.is_ascii_lowercase())
}

/// Signs between which somebody quotes a character.
fn is_bracket(c: char) -> bool {
    "\"'`“”‘’„«»()[]<>;&=".contains(c)
}

/// Signs that stand behind a capital letter in ordinary writing: quotation marks, dashes, stops, and letters.
fn can_follow_capital(c: char) -> bool {
    c.is_alphabetic() || "‘’“”‚„‹›«»…–—•·°²³¹\u{A0}\u{AD}€™®%".contains(c)
}

/// The scripts whose letters take two bytes, by number; 0 for Latin and signs.
fn script(c: char) -> u8 {
    match u32::from(c) {
        0x370..=0x3FF => 1,
        0x400..=0x52F => 2,
        0x531..=0x58F => 3,
        0x590..=0x5FF => 4,
        0x600..=0x6FF => 5,
        _ => 0,
    }
}

/// Characters that texts are written with. U+FFFD is none: what it stands for is lost.
fn is_plausible(c: char) -> bool {
    matches!(u32::from(c),
        // The controls are what a second wrong reading is made of.
        0x80..=0x17F | 0x192 | 0x1A0 | 0x1A1 | 0x1AF | 0x1B0 | 0x218..=0x21B | 0x259 | 0x2C6 | 0x2DA | 0x2DC
        | 0x300..=0x304 | 0x306..=0x30C | 0x323 | 0x327 | 0x328
        | 0x386..=0x3CE | 0x401..=0x45F | 0x490..=0x493 | 0x49A..=0x4A3 | 0x4AE..=0x4B3 | 0x4BA | 0x4BB | 0x4D8 | 0x4D9
        | 0x4E8 | 0x4E9 | 0x531..=0x587 | 0x5D0..=0x5EA | 0x60C | 0x61B | 0x61F | 0x621..=0x652 | 0x660..=0x669 | 0x670
        | 0x679..=0x6D5 | 0x6F0..=0x6F9
        | 0x900..=0xDFF | 0xE00..=0xEFF | 0x1000..=0x109F | 0x10A0..=0x10FF | 0x1100..=0x11FF | 0x1200..=0x137F
        | 0x1780..=0x17FF | 0x1E00..=0x1EFF | 0x1F00..=0x1FFF | 0x2009 | 0x200A..=0x200F | 0x2010..=0x205E
        | 0x20A0..=0x20BF | 0x2100..=0x26FF | 0x2700..=0x27BF | 0x2B00..=0x2BFF | 0x3000..=0x30FF | 0x3130..=0x318F
        | 0x3400..=0x9FFF | 0xAC00..=0xD7AF | 0xFE0F | 0xFEFF | 0xFF00..=0xFFEF | 0x1F000..=0x1FAFF | 0x20000..=0x2FFFF)
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_was_read_as_mac_roman_is_put_back_as_a_whole() {
        assert_eq!(super::repair("Br√©zac, l‚Äô√©cole ¬´ √Ä la mer ¬ª"), "Brézac, l’école « À la mer »");
        for text in ["√2 is no fraction", "He said ‚no‘ twice", "caf√© and naïve"] {
            assert_eq!(super::repair(text), text);
        }
    }

    use super::*;
    use proptest::prelude::*;

    /// UTF-8 read by a table.
    fn misread(text: &str, table: Table) -> String {
        text.bytes()
            .map(|byte| match byte {
                0x80..=0x9F if table == Table::Windows1252 => WINDOWS_1252[usize::from(byte) - 0x80],
                _ => char::from(byte),
            })
            .collect()
    }

    const IN_ORDER: [&str; 12] = [
        "Le café de la gare ferme à l’été, dit « Le Phare » — dès lundi…",
        "Die Fähre nach Lüttenoog fällt bis Sonntag aus, heißt es im Büro „Groß & Söhne“.",
        "Łódź: wójt będzie mówił o moście, a śnieg leży już od środy.",
        "Příliš žluťoučký kůň úpěl ďábelské ódy na břehu řeky.",
        "İstanbul'da ağaçların gölgesinde çay içen yaşlılar gülüşüyordu.",
        "Паром снова ходит на остров, сообщила гавань.",
        "Το φέρι επιστρέφει στο νησί, είπε το λιμεναρχείο.",
        "המעבורת חוזרת אל האי ביום שני",
        "العبّارة تعود إلى الجزيرة يوم الاثنين",
        "島の郵便船が二日、新しい船に代わった。",
        "नाव सोमवार को द्वीप पर लौटेगी।",
        "The harbour’s “night ferry” – £4 a head – is back 🚢",
    ];

    #[test]
    fn what_was_misread_once_or_twice_comes_back() {
        for text in IN_ORDER {
            for table in [Table::Windows1252, Table::Latin1] {
                let once = misread(text, table);
                assert_eq!(repair(&once), text, "once, {table:?}: {once}");
                let twice = misread(&once, table);
                assert_eq!(repair(&twice), text, "twice, {table:?}: {twice}");
            }
        }
    }

    #[test]
    fn what_is_in_order_is_left() {
        let all = IN_ORDER.join("\n");
        assert_eq!(repair(&all), all);
        for text in [
            "“IRMÃ” foi o título escolhido.",
            "Ele disse «MAÇÃ» e saiu.",
            "SÃO PAULO – A cidade",
            "Il écrit le signe Â\u{A0}» sur le mur, puis à\u{A0}» encore.",
            "ÚŽASNÝ DEN",
            "NESTLÉ’s profit and Å’s tail and Ä…",
            "ÅÄÖ – så heter bokstäverna",
            "The page showed Ã© in place of é, and cafÃ© for café.",
            "Â© and Ã¼ are what you see.\nWho reads “für” as fÃ¼r has met ü.",
            "I lost count of how many times I saw \"Ã¤\" instead of the letter.",
            "The apostrophe comes out as (â€™) on their page.",
            "ï¿½ is lost for good",
            "Ð",
            "Ø’s and Ñ’s",
            "",
        ] {
            let repaired = repair(text);
            // Quoted alone, without the letter that is meant, nothing tells such a line from a misread one.
            assert_eq!(repaired, text);
        }
    }

    #[test]
    fn a_page_frame_in_order_does_not_keep_its_body_from_repair() {
        let text = "Über uns\n\nDie FÃ¤hre fÃ¤llt aus.\n\nÃœber den Fluss geht es wieder am Montag.";
        assert_eq!(repair(text), "Über uns\n\nDie Fähre fällt aus.\n\nÜber den Fluss geht es wieder am Montag.");
    }

    #[test]
    fn degrees_alone_are_enough() {
        assert_eq!(repair("Keep it above 41Â°F, or 5Â°C."), "Keep it above 41°F, or 5°C.");
    }

    #[test]
    fn a_sign_that_was_lost_costs_only_its_own_place() {
        assert_eq!(repair("He said: â€œThe ferryâ€™s back,â€ and left."), "He said: “The ferry’s back,â€ and left.");
    }

    proptest! {
        /// Ordinary writing, in any order, is nothing to repair.
        #[test]
        fn ordinary_writing_is_left(words in proptest::collection::vec("[a-zà-öø-ÿ]{1,8}[,.!?…]?|[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]{1,8}|[«„“][a-zé]{2,6}[»“”]|–|—", 1..30)) {
            let text = words.join(" ");
            prop_assert_eq!(repair(&text), text.as_str());
        }

        /// Misread text comes back whole or is not touched.
        // A word whose second reading leaves what can be meant as it stands ("ě" twice) is one that is not touched.
        #[test]
        fn a_repair_is_right_or_is_not_made(
            words in proptest::collection::vec("[a-zà-öø-ÿąćęłńóśźżčďěňřšťůž]{1,8}|[А-Яа-яё]{1,9}|[α-ω]{2,8}|[ぁ-ん一-十]{1,5}|“[a-z]{2,6}”|–|—|…|€", 1..30),
            latin1 in any::<bool>(), twice in any::<bool>(),
        ) {
            let text = words.join(" ");
            let table = if latin1 { Table::Latin1 } else { Table::Windows1252 };
            let mut broken = misread(&text, table);
            if twice {
                broken = misread(&broken, table);
            }
            let repaired = repair(&broken);
            prop_assert!(repaired == text || repaired == broken, "{} -> {}", broken, repaired);
        }

        /// Whatever comes, a second look finds nothing that the first left.
        #[test]
        fn any_text_is_taken(text in "\\PC*|[À-ÿ€-™\u{80}-\u{bf} a-z]{0,40}") {
            let _ = repair(&text);
        }
    }
}
