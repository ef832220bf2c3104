//! The text of a feed or a sitemap, whatever it says of its charset.

use crate::markup;
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// The document's text: by its byte order mark, its XML declaration or, where these say nothing or what cannot be, its
/// bytes.
pub(super) fn text(bytes: &[u8]) -> Cow<'_, str> {
    let charset = match bytes {
        // UTF-16 without a mark: a tag, and every other byte is naught.
        [0, b'<', 0, _, ..] => Some("utf-16be".to_owned()),
        [b'<', 0, _, 0, ..] => Some("utf-16le".to_owned()),
        _ => declared(bytes),
    };
    markup::decode(bytes, charset.as_deref()).text
}

/// The charset that an XML declaration names.
fn declared(bytes: &[u8]) -> Option<String> {
    /// An XML declaration is shorter; in bytes.
    const DECLARATION: usize = 200;
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARATION)]);
    let declaration = head.split_once("<?xml")?.1.split_once("?>")?.0;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let label = value[1..].split(quote).next()?;
    // A declaration that can be read byte by byte does not stand in UTF-16, whatever it says: a program has written the
    // text anew and left its head as it was.
    let is_wide = Encoding::for_label(label.as_bytes()).is_some_and(|named| [UTF_16BE, UTF_16LE].contains(&named));
    Some(if is_wide { "utf-8" } else { label }.to_owned())
}

#[cfg(test)]
mod tests {
    use super::text;

    const HEADLINE: &str = "<a>Fährmann fängt Möwe</a>";

    #[test]
    fn a_declaration_that_cannot_be_is_passed_over() {
        for label in ["UTF-16", "utf-16le", "UTF-16BE", "ucs-2", "utf-8", "no-such-charset"] {
            for headline in [HEADLINE, "<a>Ferryman catches gull</a>"] {
                let document = format!("<?xml version=\"1.0\" encoding='{label}'?>{headline}");
                assert_eq!(text(document.as_bytes()), document, "{label}");
            }
        }
    }

    #[test]
    fn utf_16_without_a_mark_and_other_charsets_are_read() {
        let wide: Vec<u8> = HEADLINE.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text(&wide), HEADLINE);
        let wide: Vec<u8> = HEADLINE.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(text(&wide), HEADLINE);
        let document = format!("<?xml version='1.0' encoding = \"iso-8859-1\"?>{HEADLINE}");
        let (bytes, ..) = encoding_rs::WINDOWS_1252.encode(&document);
        assert_eq!(text(&bytes), document);
    }
}
