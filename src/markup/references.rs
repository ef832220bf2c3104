//! Character references: `&amp;`, `&#38;`, `&#x26;` as the HTML standard reads them.

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// Where a reference stands: in a value, one without its semicolon may be part of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Text,
    Attribute,
}

/// Letters and digits of the longest name, `CounterClockwiseContourIntegral`.
const LONGEST_NAME: usize = 31;

/// Highest code point of Unicode.
const LAST_CODE_POINT: u32 = 0x10_FFFF;

/// Text with its character references resolved, as those of a page's text are.
#[must_use]
pub fn resolve_text(text: &str) -> String {
    resolve(text, Place::Text)
}

/// Text with its character references resolved.
pub(super) fn resolve(text: &str, place: Place) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(found) = memchr::memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..found]);
        rest = &rest[found..];
        let length = reference(rest, place, &mut out);
        if length == 0 {
            out.push('&');
            rest = &rest[1..];
        } else {
            rest = &rest[length..];
        }
    }
    out.push_str(rest);
    out
}

/// Reads the reference that `text` begins with; gives its length in bytes, 0 where it is none.
fn reference(text: &str, place: Place, out: &mut String) -> usize {
    if let Some(number) = text.strip_prefix("&#") {
        let (digits, base) = match number.strip_prefix(['x', 'X']) {
            Some(hex) => (hex, 16),
            None => (number, 10),
        };
        let count = digits.bytes().take_while(|byte| char::from(*byte).is_digit(base)).count();
        if count == 0 {
            return 0;
        }
        out.push(numeric(&digits[..count], base));
        let semicolon = usize::from(digits[count..].starts_with(';'));
        return text.len() - digits.len() + count + semicolon;
    }
    named(text, place, out)
}

fn numeric(digits: &str, base: u32) -> char {
    let number = digits.bytes().filter_map(|byte| char::from(byte).to_digit(base)).try_fold(0_u32, |number, digit| {
        number.checked_mul(base)?.checked_add(digit).filter(|&number| number <= LAST_CODE_POINT)
    });
    match number {
        None | Some(0) => char::REPLACEMENT_CHARACTER,
        Some(number @ 0x80..=0x9F) => {
            C1_REPLACEMENTS[number as usize - 0x80].or(char::from_u32(number)).unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        Some(number) => char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

/// The longest name that the text goes on with. The table holds every prefix of a name too, with 0 for its character.
fn named(text: &str, place: Place, out: &mut String) -> usize {
    let bytes = text.as_bytes();
    let letters = bytes[1..].iter().take(LONGEST_NAME).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    // No name goes on behind a semicolon: with one most are found at once.
    if bytes.get(1 + letters) == Some(&b';')
        && let Some(&(first @ 1.., second)) = NAMED_ENTITIES.get(&text[1..letters + 2])
    {
        push(first, second, out);
        return letters + 2;
    }
    let (mut end, mut longest) = (1, None);
    while bytes.get(end).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b';') {
        end += 1;
        match NAMED_ENTITIES.get(&text[1..end]) {
            None => break,
            Some(&(0, _)) => {}
            Some(&characters) => longest = Some((end, characters)),
        }
    }
    let Some((end, (first, second))) = longest else { return 0 };
    let is_closed = bytes[end - 1] == b';';
    let goes_on = bytes.get(end).is_some_and(|byte| *byte == b'=' || byte.is_ascii_alphanumeric());
    if place == Place::Attribute && !is_closed && goes_on {
        return 0;
    }
    push(first, second, out);
    end
}

/// Adds the one or two characters of a name.
fn push(first: u32, second: u32, out: &mut String) {
    out.extend(char::from_u32(first));
    if second != 0 {
        out.extend(char::from_u32(second));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_standard_reads_them() {
        for (text, expected) in [
            ("a &amp; b", "a & b"),
            ("&lt&gt;", "<>"),
            ("&notit; &notin; &not", "¬it; ∉ ¬"),
            ("&#38;&#x26;&#X26", "&&&"),
            ("&#150; &#0; &#xD800; &#x110000; &#99999999999;", "– \u{FFFD} \u{FFFD} \u{FFFD} \u{FFFD}"),
            ("& &; &# &#x; &#xg; &nosuch;", "& &; &# &#x; &#xg; &nosuch;"),
            ("&NotEqualTilde;", "≂̸"),
            ("&", "&"),
        ] {
            assert_eq!(resolve(text, Place::Text), expected, "{text}");
        }
    }

    #[test]
    fn addresses_keep_their_parameters() {
        assert_eq!(resolve("?a=1&copy=2&lang=en&amp;x", Place::Attribute), "?a=1&copy=2&lang=en&x");
        assert_eq!(resolve("?a=1&copy=2", Place::Text), "?a=1©=2");
    }
}
