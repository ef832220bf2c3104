//! Single-byte text of other alphabets that was read as Latin-1: "Ïàðîì" for "Паром", "tûzoltó" for "tűzoltó". As with
//! misread UTF-8, only what can mean nothing else is put back.
//!
//! No language that Latin-1 is for has words made of its accented letters alone, or signs such as `³` and `¿` within words.
//! The table by which such a text is meant is the one that gives the letters a language is mostly written with.

use super::mojibake::byte_of;
use encoding_rs::{
    Encoding, ISO_8859_2, ISO_8859_5, KOI8_U, WINDOWS_1250, WINDOWS_1251, WINDOWS_1253, WINDOWS_1255, WINDOWS_1256,
};
use std::borrow::Cow;

/// Words of accented letters alone, with so many letters, from which a text is none of Latin letters.
const LEAST_WORDS: usize = 5;
const WORD_LETTERS: usize = 4;

/// Signs within words from which a text is one of Central Europe, and how many different ones.
const LEAST_SIGNS: usize = 3;
const LEAST_KINDS: usize = 2;

/// The share of its letters that a text is written with, in percent: half of it with a third of the alphabet.
const LEAST_SHARE: usize = 50;

/// Tables of other alphabets, each with its commonest letters.
static ALPHABETS: [(&Encoding, &str); 6] = [
    (WINDOWS_1251, "оеаинтсрвлі"),
    (KOI8_U, "оеаинтсрвлі"),
    (ISO_8859_5, "оеаинтсрвлі"),
    (WINDOWS_1253, "αοιετσνηυρκπ"),
    (WINDOWS_1255, "יוהלאתמרבש"),
    (WINDOWS_1256, "اليمونترب"),
];

/// A text as it was meant.
pub(super) fn repair(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains(|c| matches!(c, '\u{B1}'..='\u{FF}')) {
        return text;
    }
    let repaired = other_alphabet(&text).or_else(|| central_european(&text)).or_else(|| hungarian(&text));
    repaired.map_or(text, Cow::Owned)
}

/// What the bytes from 0x80 stand for in a table.
fn upper_half(table: &'static Encoding) -> [char; 128] {
    let mut half = ['\u{FFFD}'; 128];
    for (place, byte) in (0x80..=0xFF_u8).enumerate() {
        if let Some(c) = table.decode_without_bom_handling(&[byte]).0.chars().next() {
            half[place] = c;
        }
    }
    half
}

/// A sign as a table has it.
fn by(half: &[char; 128], c: char) -> char {
    match byte_of(c) {
        Some((byte @ 0x80.., _)) => half[usize::from(byte) - 0x80],
        _ => c,
    }
}

fn is_accented(c: char) -> bool {
    matches!(c, '\u{C0}'..='\u{FF}')
}

/// A line of whose letters most are accented.
fn is_misread(line: &str) -> bool {
    let (mut accented, mut plain) = (0_usize, 0_usize);
    for c in line.chars() {
        accented += usize::from(is_accented(c));
        plain += usize::from(c.is_alphabetic() && !is_accented(c));
    }
    accented > plain
}

/// Text in another alphabet.
fn other_alphabet(text: &str) -> Option<String> {
    let mut run = 0;
    let mut words = 0;
    for c in text.chars().chain([' ']) {
        if is_accented(c) {
            run += 1;
        } else {
            words += usize::from(run >= WORD_LETTERS && !c.is_alphabetic());
            run = 0;
        }
        if words >= LEAST_WORDS {
            break;
        }
    }
    if words < LEAST_WORDS {
        return None;
    }
    let misread: Vec<&str> = text.split('\n').filter(|line| is_misread(line)).collect();
    let share = |half: &[char; 128], common: &str| {
        const SAMPLE: usize = 10_000;
        let (mut letters, mut found) = (0_usize, 0_usize);
        let signs = misread.iter().flat_map(|line| line.chars()).filter(|c| !c.is_ascii()).take(SAMPLE);
        for c in signs.map(|c| by(half, c)) {
            letters += usize::from(c.is_alphabetic());
            found += usize::from(common.contains(c));
        }
        found * 100 / letters.max(1)
    };
    let tables = ALPHABETS.iter().map(|(table, common)| (upper_half(table), common));
    let (best, half) = tables.map(|(half, common)| (share(&half, common), half)).max_by_key(|(share, _)| *share)?;
    if best < LEAST_SHARE {
        return None;
    }
    let mut out = String::with_capacity(text.len() * 2);
    for line in text.split_inclusive('\n') {
        if is_misread(line) {
            out.extend(line.chars().map(|c| by(&half, c)));
        } else {
            out.push_str(line);
        }
    }
    Some(out)
}

/// Letters of Central Europe that Latin-1 does not have. Where some are in order, nothing was misread.
fn has_central_letters(text: &str) -> bool {
    text.contains(|c: char| "ąćęłńśźżĄĆĘŁŃŚŹŻčďěňřťůČĎĚŇŘŤŮőűŐŰăşţșțŞŢ".contains(c))
}

/// Polish, Czech, Slovak, Slovene, Romanian: signs stand within words.
fn central_european(text: &str) -> Option<String> {
    const SIGNS: [char; 8] = ['³', '±', '¶', '¿', '¼', '¾', '¹', 'º'];
    let mut counts = [0_usize; SIGNS.len()];
    let mut before: [Option<char>; 2] = [None, None];
    for c in text.chars() {
        if let [Some(first), Some(sign)] = before
            && first.is_alphabetic()
            && c.is_lowercase()
            && let Some(place) = SIGNS.iter().position(|&known| known == sign)
        {
            counts[place] += 1;
        }
        before = [before[1], Some(c)];
    }
    let all: usize = counts.iter().sum();
    let kinds = counts.iter().filter(|&&count| count > 0).count();
    let count = |letter: char| text.matches(letter).count();
    // Czech has none where windows-1250 has letters in the places of Latin-1's; but no other language has these together.
    let is_czech = || ['ø', 'ì', 'è'].into_iter().all(|letter| count(letter) >= LEAST_KINDS);
    if !(all >= LEAST_SIGNS && kinds >= LEAST_KINDS || is_czech()) || has_central_letters(text) {
        return None;
    }
    let [l_with_stroke, _, _, z_with_dot, ..] = counts;
    // In windows-1250 these two are what they are.
    let is_at_letter = |(at, sign): (usize, &str)| text[at + sign.len()..].starts_with(char::is_lowercase);
    let is_windows = if text.match_indices(['±', '¶']).any(is_at_letter) {
        false
    } else {
        l_with_stroke + z_with_dot > 0 || text.contains(['š', 'ž', '\u{9A}', '\u{9E}'])
    };
    let half = upper_half(if is_windows { WINDOWS_1250 } else { ISO_8859_2 });
    Some(text.chars().map(|c| if c == '\u{A0}' { c } else { by(&half, c) }).collect())
}

/// Hungarian has two letters more than Latin-1, and only these come out wrong.
fn hungarian(text: &str) -> Option<String> {
    const WORDS: [&str; 12] =
        ["és", "hogy", "egy", "nem", "az", "volt", "szerint", "csak", "mint", "még", "már", "ezt"];
    const LEAST: usize = 3;
    let wrong = |c: char| matches!(c, 'õ' | 'û' | 'Õ' | 'Û');
    if !text.contains(wrong) || text.contains(['ã', 'Ã', 'ç', 'è', 'ê']) || has_central_letters(text) {
        return None;
    }
    let mut found = [false; WORDS.len()];
    for word in text.split(|c: char| !c.is_alphabetic()) {
        if let Some(place) = WORDS.iter().position(|known| *known == word) {
            found[place] = true;
        }
    }
    let known = found.iter().filter(|found| **found).count();
    let meant = |c: char| match c {
        'õ' => 'ő',
        'û' => 'ű',
        'Õ' => 'Ő',
        'Û' => 'Ű',
        c => c,
    };
    (known >= LEAST).then(|| text.chars().map(meant).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::WINDOWS_1252;

    fn misread(text: &str, table: &'static Encoding) -> String {
        let (bytes, _, is_lossy) = table.encode(text);
        assert!(!is_lossy, "{text}");
        WINDOWS_1252.decode_without_bom_handling(&bytes).0.into_owned()
    }

    const TEXTS: [(&Encoding, &str); 10] = [
        (WINDOWS_1251, "Паром снова ходит на остров\n\nГавань сообщила об этом в среду, и никто не удивился."),
        (KOI8_U, "Паром снова ходит на остров\n\nГавань сообщила об этом в среду, и никто не удивился."),
        (WINDOWS_1251, "Фериботът отново пътува до острова, съобщиха от пристанището в сряда сутринта."),
        (WINDOWS_1253, "Το φέρι επιστρέφει στο νησί, είπε το λιμεναρχείο την Τετάρτη το πρωί."),
        (WINDOWS_1255, "המעבורת חוזרת אל האי ביום שני, כך נמסר מן הנמל ביום רביעי בבוקר"),
        (
            ISO_8859_2,
            "Prom znów płynie na wyspę, ogłosił w środę wójt. Żaden rybak się nie zdziwił, choć każdy się śmiał.",
        ),
        (
            WINDOWS_1250,
            "Prom znów płynie na wyspę, ogłosił w środę wójt. Żaden rybak się nie zdziwił, choć każdy się śmiał.",
        ),
        (
            ISO_8859_2,
            "Trajekt už zase jezdí, řekl přístav ve středu večer, ačkoli lidé už nečekali. Příliš žluťoučký kůň se při tom ještě děsil.",
        ),
        (
            WINDOWS_1250,
            "Trajekt už zase jezdí, řekl přístav ve středu večer, ačkoli lidé už nečekali. Příliš žluťoučký kůň se při tom ještě děsil.",
        ),
        (ISO_8859_2, "A komp és a révész szerint egy hétfőn volt, de nem hitték, hogy elindul a tűzoltókkal."),
    ];

    #[test]
    fn what_was_read_by_the_wrong_table_comes_back() {
        for (table, text) in TEXTS {
            let broken = misread(text, table);
            assert_ne!(broken, text);
            assert_eq!(repair(Cow::Borrowed(&broken)), text, "{}: {broken}", table.name());
            assert_eq!(repair(Cow::Borrowed(text)), text);
        }
    }

    #[test]
    fn what_is_in_order_is_left() {
        for text in [
            "L'été à l'île, où l'œuvre naît: être là, déjà, et l'être sûr.",
            "Às três horas não há ninguém, só os cães; a Câmara põe avisos: «não».",
            "Der Ärger über Öl und Ähren äußert sich überall.",
            "Õhtul sõitis laev ära, ütles sadam. Võib-olla õnnestub.",
            "Il a dû, il est sûr, il a crû; une flûte, un goût, août.",
            "The plot is 40 m³, ±2; see ¹ and º and ¼ and ¾, and the ¶ of each.",
            "Já, þetta er í lagi, sögðu þær á Ísafirði í gær, og öllum þótti það gott.",
            "Både æbler og pærer på øen, è già così, perciò; lunedì là.",
            "ÀÁÂÃÄÅÆÇÈÉ",
            "",
        ] {
            assert_eq!(repair(Cow::Borrowed(text)), text);
        }
    }
}
