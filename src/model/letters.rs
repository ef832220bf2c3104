//! What kind of character a character is, without a search.
//!
//! The standard library knows ASCII at once and searches its tables for all others, which a page of Greek or Japanese asks
//! it for a hundred thousand times. Here each 256 characters of the basic plane are searched for once in a process.

use std::sync::OnceLock;

/// What is known of 256 characters, a bit for each.
#[derive(Debug)]
struct Row {
    alphabetic: Bits,
    alphanumeric: Bits,
    uppercase: Bits,
    /// Those that are not their own lower case.
    lowered: Bits,
}

type Bits = [u64; 4];

/// The basic plane.
static ROWS: [OnceLock<Row>; 256] = [const { OnceLock::new() }; 256];

impl Row {
    fn make(number: u32) -> Self {
        let bits = |has: fn(char) -> bool| {
            let mut bits = [0; 4];
            for low in 0..256 {
                // No character stands at the surrogates.
                if char::from_u32(number << 8 | low).is_some_and(has) {
                    bits[low as usize / 64] |= 1_u64 << (low % 64);
                }
            }
            bits
        };
        Self {
            alphabetic: bits(char::is_alphabetic),
            alphanumeric: bits(char::is_alphanumeric),
            uppercase: bits(char::is_uppercase),
            lowered: bits(is_lowered),
        }
    }
}

fn is_lowered(c: char) -> bool {
    !c.to_lowercase().eq([c])
}

#[inline]
fn look_up(c: char, of_row: fn(&Row) -> &Bits, otherwise: fn(char) -> bool) -> bool {
    let code = u32::from(c);
    let Some(row) = ROWS.get((code >> 8) as usize) else { return otherwise(c) };
    let bits = of_row(row.get_or_init(|| Row::make(code >> 8)));
    bits[(code >> 6 & 3) as usize] >> (code & 63) & 1 == 1
}

/// As [`char::is_alphabetic`].
#[inline]
pub(crate) fn is_alphabetic(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphabetic();
    }
    look_up(c, |row| &row.alphabetic, char::is_alphabetic)
}

/// As [`char::is_alphanumeric`].
#[inline]
pub(crate) fn is_alphanumeric(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    look_up(c, |row| &row.alphanumeric, char::is_alphanumeric)
}

/// As [`char::is_uppercase`].
#[inline]
pub(crate) fn is_uppercase(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_uppercase();
    }
    look_up(c, |row| &row.uppercase, char::is_uppercase)
}

/// A text's runs of letters and digits.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !is_alphanumeric(c)).filter(|word| !word.is_empty())
}

/// A text in pieces: runs of ASCII signs with no more than single blanks between them, which most texts are made of, and
/// every other character by itself. With each comes its first character.
pub(crate) fn pieces(text: &str) -> impl Iterator<Item = (&str, char)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let bytes = rest.as_bytes();
        let signs = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_graphic()).count();
        let mut plain = signs(0);
        while plain > 0 && bytes.get(plain) == Some(&b' ') {
            match signs(plain + 1) {
                0 => break,
                more => plain += 1 + more,
            }
        }
        let (piece, behind) = rest.split_at(plain.max(first.len_utf8()));
        rest = behind;
        Some((piece, first))
    })
}

/// Appends a text in lower case, each character by itself: a capital sigma at the end of a word becomes a plain one.
pub(crate) fn push_lower(lower: &mut String, text: &str) {
    let push_ascii = |lower: &mut String, text: &str| {
        let from = lower.len();
        lower.push_str(text);
        lower[from..].make_ascii_lowercase();
    };
    if text.is_ascii() {
        push_ascii(lower, text);
        return;
    }
    let mut rest = text;
    loop {
        let plain = rest.bytes().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
        let (ascii, behind) = rest.split_at(plain);
        push_ascii(lower, ascii);
        let mut others = behind.chars();
        let Some(c) = others.next() else { return };
        rest = others.as_str();
        if look_up(c, |row| &row.lowered, is_lowered) {
            lower.extend(c.to_lowercase());
        } else {
            lower.push(c);
        }
    }
}

/// As [`str::to_lowercase`].
pub(crate) fn lower(text: &str) -> String {
    // A capital sigma is the one letter whose small form depends on where it stands.
    if text.contains('Σ') {
        return text.to_lowercase();
    }
    let mut lower = String::with_capacity(text.len());
    push_lower(&mut lower, text);
    lower
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_what_the_standard_library_says() {
        let mut lower = String::new();
        for c in (0..=u32::from(char::MAX)).filter_map(char::from_u32) {
            assert_eq!(is_alphabetic(c), c.is_alphabetic(), "{c:?}");
            assert_eq!(is_alphanumeric(c), c.is_alphanumeric(), "{c:?}");
            assert_eq!(is_uppercase(c), c.is_uppercase(), "{c:?}");
            lower.clear();
            push_lower(&mut lower, c.encode_utf8(&mut [0; 4]));
            assert!(lower.chars().eq(c.to_lowercase()), "{c:?}");
        }
    }

    #[test]
    fn pieces_are_runs_of_signs_or_single_characters() {
        let all: Vec<(&str, char)> = pieces("so, né\u{A0}東京 a  b ").collect();
        let expected = [("so, n", 's'), ("é", 'é'), ("\u{A0}", '\u{A0}'), ("東", '東'), ("京", '京'), (" ", ' ')];
        assert_eq!(all, [&expected[..], &[("a", 'a'), (" ", ' '), (" ", ' '), ("b", 'b'), (" ", ' ')]].concat());
    }

    #[test]
    fn texts_are_what_the_standard_library_says() {
        for text in ["", "Die ÄRZTE", "ΟΔΥΣΣΕΥΣ και Σία", "İSTANBUL'DA", "ПОЕЗД 7", "東京 Tower"]
        {
            assert_eq!(lower(text), text.to_lowercase());
        }
    }

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        assert_eq!(words("Zürich, 5 Öre—мост…橋").collect::<Vec<_>>(), ["Zürich", "5", "Öre", "мост", "橋"]);
        assert_eq!(words(" - ").count(), 0);
    }
}
