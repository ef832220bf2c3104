//! The path of a rule, and whether a URL matches it.
//!
//! Both sides are brought to one form first (RFC 9309, section 2.2.2): what need not be escaped is not, what must be is,
//! and the digits of an escape are in upper case. A pattern is cut at its stars once; matching then looks for the pieces
//! one after the other, so that no pattern takes more than the path's length times its own.

use memchr::memmem;
use std::borrow::Cow;

/// A rule's path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::fetch) struct Pattern {
    /// What lies between the stars.
    pieces: Vec<Vec<u8>>,
    /// Whether the path has to end where the pattern does.
    to_the_end: bool,
    /// How specific it is: its length in octets. The longest that matches decides.
    octets: usize,
}

impl Pattern {
    /// Reads the value of a rule; an empty one is no pattern.
    pub(in crate::fetch) fn new(value: &[u8]) -> Option<Self> {
        if value.is_empty() {
            return None;
        }
        let (body, to_the_end) = value.strip_suffix(b"$").map_or((value, false), |body| (body, true));
        let pieces: Vec<Vec<u8>> = body.split(|byte| *byte == b'*').map(|piece| normal(piece).into_owned()).collect();
        let stars = pieces.len() - 1;
        let octets = pieces.iter().map(Vec::len).sum::<usize>() + stars + usize::from(to_the_end);
        Some(Self { pieces, to_the_end, octets })
    }

    pub(in crate::fetch) fn octets(&self) -> usize {
        self.octets
    }

    /// Whether a path with its query, in [`normal`] form, matches.
    pub(in crate::fetch) fn matches(&self, path: &[u8]) -> bool {
        let Some((first, rest)) = self.pieces.split_first() else { return false };
        let Some(mut tail) = path.strip_prefix(first.as_slice()) else { return false };
        let Some((last, middle)) = rest.split_last() else { return !self.to_the_end || tail.is_empty() };
        for piece in middle {
            let Some(at) = memmem::find(tail, piece) else { return false };
            tail = &tail[at + piece.len()..];
        }
        if self.to_the_end { tail.ends_with(last) } else { memmem::find(tail, last).is_some() }
    }
}

/// A path as it is compared.
///
/// `%24` and `%2A` stand for the characters that would mean something else in a pattern (section 2.2.3), so they are
/// those characters here. So is `%27`: the URL standard escapes an apostrophe in a query, and robots.txt files do not.
pub(in crate::fetch) fn normal(path: &[u8]) -> Cow<'_, [u8]> {
    if path.iter().all(|byte| *byte != b'%' && stays(*byte)) {
        return Cow::Borrowed(path);
    }
    let mut out = Vec::with_capacity(path.len() + 16);
    let mut rest = path;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let escaped = if byte == b'%' { escape(after) } else { None };
        if let Some(escaped) = escaped {
            rest = &after[2..];
            if is_unreserved(escaped) || matches!(escaped, b'$' | b'*' | b'\'') {
                out.push(escaped);
            } else {
                push_escaped(&mut out, escaped);
            }
        } else if stays(byte) {
            out.push(byte);
        } else {
            push_escaped(&mut out, byte);
        }
    }
    Cow::Owned(out)
}

/// The byte that two hexadecimal digits stand for.
fn escape(digits: &[u8]) -> Option<u8> {
    let [high, low, ..] = digits else { return None };
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

fn push_escaped(out: &mut Vec<u8>, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.extend([b'%', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
}

/// RFC 3986, section 2.3.
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Unreserved or reserved (RFC 3986, section 2.2): what a URL may hold unescaped.
fn stays(byte: u8) -> bool {
    is_unreserved(byte) || b":/?#[]@!$&'()*+,;=".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_form() {
        for (from, to) in [
            ("/a/b", "/a/b"),
            ("/%61%2d%7E", "/a-~"),
            ("/%2f%3f", "/%2F%3F"),
            ("/ü", "/%C3%BC"),
            ("/%c3%bc", "/%C3%BC"),
            ("/a b|c", "/a%20b%7Cc"),
            ("/100%", "/100%25"),
            ("/%zz%4", "/%25zz%254"),
            ("/%24%2a%27", "/$*'"),
        ] {
            assert_eq!(String::from_utf8_lossy(&normal(from.as_bytes())), to, "{from}");
        }
    }

    /// The definition, without any thought for speed.
    fn matches_by_definition(pattern: &[u8], path: &[u8]) -> bool {
        match (pattern, path) {
            ([], _) | ([b'$'], []) => true,
            ([b'*', rest @ ..], _) => (0..=path.len()).any(|at| matches_by_definition(rest, &path[at..])),
            ([one, rest @ ..], [other, tail @ ..]) => one == other && matches_by_definition(rest, tail),
            (_, []) => false,
        }
    }

    proptest! {
        #[test]
        fn pieces_in_order_are_the_definition(pattern in "[ab*]{1,8}\\$?", path in "[ab]{0,10}") {
            let compiled = Pattern::new(pattern.as_bytes()).unwrap();
            prop_assert_eq!(compiled.matches(path.as_bytes()), matches_by_definition(pattern.as_bytes(), path.as_bytes()));
        }

        #[test]
        fn the_normal_form_is_its_own(path in "[a-zé %0-9A-F/?$*]{0,20}") {
            let once = normal(path.as_bytes()).into_owned();
            // A per cent sign that was no escape is one now, and stands for itself.
            prop_assert_eq!(normal(&once).into_owned(), once);
        }
    }
}
