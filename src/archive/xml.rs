//! Text as XML can hold it. Pure.

use quick_xml::escape::escape;
use std::borrow::Cow;

/// A text for an element or a quoted attribute of XML 1.0. Characters that it has no place for become U+FFFD.
pub(super) fn xml(text: &str) -> String {
    let is_bad =
        |c: char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    let text = if text.contains(is_bad) { Cow::Owned(text.replace(is_bad, "\u{fffd}")) } else { Cow::Borrowed(text) };
    escape(text).into_owned()
}
