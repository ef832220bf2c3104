//! Character references that a page shows, because its program escaped them twice: `doesn&amp;#8217;t`.

use crate::markup::resolve_text;

/// Bytes of a reference between its `&` and its `;`, at the most: longer names stand for mathematical signs.
const LONGEST: usize = 8;

/// A text with its references resolved, where it is certain that they were meant to be: one that stands for a sign of
/// running text touches a letter. A text about references names them by themselves.
pub(super) fn unescaped(text: &str) -> Option<String> {
    if !text.contains('&') {
        return None;
    }
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    let mut from = 0;
    while let Some(found) = text[from..].find('&') {
        let start = from + found;
        from = start + 1;
        let Some(length) = text.as_bytes()[from..].iter().take(LONGEST + 1).position(|&byte| byte == b';') else {
            continue;
        };
        let end = from + length + 1;
        let touches = is_letter(text[..start].chars().next_back()) || is_letter(text[end..].chars().next());
        if touches && is_sign_of_text(&text[start..end]) {
            return Some(resolve_text(text));
        }
    }
    None
}

/// Whether a reference stands for what running text has: a letter, a quotation mark, a dash. No sign of ASCII but its
/// apostrophe and quotation mark: `a&amp;b` and `x&lt;y` may be an address or code.
fn is_sign_of_text(reference: &str) -> bool {
    let resolved = resolve_text(reference);
    let mut chars = resolved.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => matches!(c, '\'' | '"' | '\u{2010}'..='\u{2026}') || c.is_alphabetic() && !c.is_ascii(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_escaped_twice_is_read_twice() {
        let text = "Smith &amp; Sons doesn&#8217;t sell rope, &ldquo;not even&rdquo; in caf&eacute;s";
        assert_eq!(unescaped(text).as_deref(), Some("Smith & Sons doesn’t sell rope, “not even” in cafés"));
        for text in [
            "AT&T sells &amp; buys",
            "Write &#8217; for an apostrophe and &eacute; for the letter",
            "see /a?b=1&copy;right and R&D;",
            "x&lt;y",
            "none at all",
        ] {
            assert_eq!(unescaped(text), None, "{text}");
        }
    }
}
