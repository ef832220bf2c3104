//! The lines of a robots.txt, as keys and values. It forgives what Google's open-source parser forgives: a missing
//! colon, frequent misspellings, a key with something behind it.

/// Bytes of a line that are read: Google's parser takes eight times the longest URL that browsers took (2083).
const MAX_LINE: usize = 8 * 2083 - 1;

/// The byte order mark of UTF-8. Its first bytes alone are skipped as well.
const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

/// What a line says, with its value as it stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line<'a> {
    UserAgent(&'a [u8]),
    Allow(&'a [u8]),
    Disallow(&'a [u8]),
    Sitemap(&'a [u8]),
    CrawlDelay(&'a [u8]),
    ContentSignal(&'a [u8]),
}

/// Names that begin with one of these are that key, whatever follows. The first of each row is the right one, the
/// others are misspellings that Google's parser takes for it.
const DISALLOW: [&str; 6] = ["disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"];
const USER_AGENT: [&str; 3] = ["user-agent", "useragent", "user agent"];
const SITEMAP: [&str; 2] = ["sitemap", "site-map"];

/// The lines that mean something to us. The others, blank ones too, end no group and so need not be known.
pub(super) fn lines(text: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let mark = text.iter().zip(BYTE_ORDER_MARK).take_while(|(byte, mark)| **byte == *mark).count();
    text[mark..].split(|byte| matches!(byte, b'\n' | b'\r')).filter_map(line)
}

fn line(text: &[u8]) -> Option<Line<'_>> {
    let text = &text[..text.len().min(MAX_LINE)];
    // A zero byte ends the line as the end of a C string would.
    let text = trim(text.split(|byte| matches!(byte, b'#' | 0)).next().unwrap_or(text));
    let (key, value) = match text.iter().position(|byte| *byte == b':') {
        Some(colon) => (trim(&text[..colon]), trim(&text[colon + 1..])),
        None => two_words(text)?,
    };
    let key = String::from_utf8_lossy(key).to_ascii_lowercase();
    let begins = |names: &[&str]| names.iter().any(|name| key.starts_with(name));
    Some(if begins(&USER_AGENT) {
        Line::UserAgent(value)
    } else if begins(&["allow"]) {
        Line::Allow(value)
    } else if begins(&DISALLOW) {
        Line::Disallow(value)
    } else if begins(&SITEMAP) {
        Line::Sitemap(value)
    } else {
        match key.as_str() {
            "crawl-delay" | "crawldelay" | "crawl delay" => Line::CrawlDelay(value),
            "content-signal" | "content-signals" => Line::ContentSignal(value),
            _ => return None,
        }
    })
}

/// A line without a colon counts if it is two words and no more.
fn two_words(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t');
    let space = text.iter().position(is_space)?;
    let value = trim(&text[space..]);
    (!value.iter().any(is_space)).then_some((&text[..space], value))
}

/// Without white space around it; that is C's idea of it, which has the vertical tab.
fn trim(text: &[u8]) -> &[u8] {
    let is_space = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0x0b;
    let Some(start) = text.iter().position(|byte| !is_space(byte)) else { return &[] };
    let end = text.iter().rposition(|byte| !is_space(byte)).map_or(start, |last| last + 1);
    &text[start..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_very_long_line_is_cut() {
        let long = format!("disallow: /{}\nallow: /x", "a".repeat(MAX_LINE));
        let lines: Vec<_> = lines(long.as_bytes()).collect();
        let Line::Disallow(value) = lines[0] else { panic!("{lines:?}") };
        assert_eq!(value.len(), MAX_LINE - "disallow: ".len());
        assert_eq!(lines[1], Line::Allow(b"/x"));
    }

    #[test]
    fn a_zero_byte_ends_a_line() {
        assert_eq!(
            lines(b"allow: /a\0b\ndisallow: /c").collect::<Vec<_>>(),
            [Line::Allow(b"/a"), Line::Disallow(b"/c")]
        );
    }
}
