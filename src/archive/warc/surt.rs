//! The keys that web archives sort and look up addresses by (SURT): `com,example)/path?query`.
//!
//! They are those of the Internet Archive's `surt` library, which pywb and other replay tools go by: two addresses that
//! differ in what seldom matters (scheme, `www.`, case, order of the query, session ids) have one key.

use std::borrow::Cow;
use std::fmt::Write as _;
use url::{Host, Url};

/// Names of session ids in a query, with the length of their values, all of letters and digits.
const SESSION_IDS: [(&[u8], usize); 3] = [(b"jsessionid=", 32), (b"phpsessid=", 32), (b"sid=", 32)];

/// The key of an address.
pub(super) fn surt(url: &Url) -> String {
    let mut key = match url.host() {
        Some(Host::Domain(host)) => {
            let host = without_www(host.trim_matches('.'));
            host.rsplit('.').collect::<Vec<_>>().join(",")
        }
        Some(Host::Ipv4(address)) => address.to_string().rsplit('.').collect::<Vec<_>>().join(","),
        Some(Host::Ipv6(address)) => format!("[{address}]"),
        None => return url.as_str().to_owned(),
    };
    if let Some(port) = url.port() {
        key.push(':');
        key.push_str(&port.to_string());
    }
    key.push(')');
    let path = escape(&one_slash(&unescape(url.path().as_bytes()))).to_ascii_lowercase();
    key.push_str(path.strip_suffix('/').filter(|path| !path.is_empty()).unwrap_or(&path));
    if let Some(query) = url.query().filter(|query| !query.is_empty()) {
        let query = escape(&unescape(query.as_bytes()));
        let query = without_session(query.as_bytes()).to_ascii_lowercase();
        let query = String::from_utf8_lossy(&query).into_owned();
        if !query.is_empty() {
            let mut arguments: Vec<Vec<&str>> =
                query.split('&').map(|argument| argument.splitn(2, '=').collect()).collect();
            arguments.sort_unstable();
            let arguments: Vec<String> = arguments.into_iter().map(|argument| argument.join("=")).collect();
            key.push('?');
            key.push_str(&arguments.join("&"));
        }
    }
    key
}

/// Without `www.`, `www2.` and so on.
fn without_www(host: &str) -> &str {
    let rest = host.strip_prefix("www").map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    rest.and_then(|rest| rest.strip_prefix('.')).unwrap_or(host)
}

/// Undoes escapes until there is none left.
fn unescape(text: &[u8]) -> Cow<'_, [u8]> {
    let mut text = Cow::Borrowed(text);
    while let Some(next) = unescape_once(&text) {
        text = Cow::Owned(next);
    }
    text
}

/// `None` where there is no escape.
fn unescape_once(text: &[u8]) -> Option<Vec<u8>> {
    let digit = |at: usize| text.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut found = false;
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        if text[at] == b'%'
            && let (Some(high), Some(low)) = (digit(at + 1), digit(at + 2))
        {
            out.push((high * 16 + low) as u8);
            found = true;
            at += 3;
        } else {
            out.push(text[at]);
            at += 1;
        }
    }
    found.then_some(out)
}

/// Escapes what is no visible ASCII, and what would be taken for something else.
fn escape(text: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text {
        if byte.is_ascii_graphic() && !matches!(byte, b'#' | b'%') {
            out.push(char::from(*byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Several slashes behind each other are one.
fn one_slash(path: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(path.len());
    for byte in path {
        if !(*byte == b'/' && out.last() == Some(&b'/')) {
            out.push(*byte);
        }
    }
    out
}

/// Takes session ids out of a query.
fn without_session(query: &[u8]) -> Vec<u8> {
    let mut query = query.to_vec();
    for (name, length) in SESSION_IDS {
        let lower = query.to_ascii_lowercase();
        let begins = memchr::memmem::rfind_iter(&lower, name);
        let found = begins.map(|at| (at, at + name.len() + length)).find(|(at, end)| {
            let value = query.get(at + name.len()..*end);
            value.is_some_and(|value| value.iter().all(u8::is_ascii_alphanumeric))
                && query.get(*end).is_none_or(|next| *next == b'&')
        });
        if let Some((at, end)) = found {
            let end = (end + 1).min(query.len());
            query.drain(at..end);
        }
    }
    query
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys are those that the Python library `surt` gives.
    #[test]
    fn keys_as_the_internet_archive_makes_them() {
        let cases = [
            ("http://www.example.com/", "com,example)/"),
            ("https://www2.Example.com:443/Path/", "com,example)/path"),
            ("http://www.example.com:8080/a/b.html", "com,example:8080)/a/b.html"),
            ("http://example.com/?b=2&a=1&a", "com,example)/?a&a=1&b=2"),
            ("http://example.com/?", "com,example)/"),
            ("http://127.0.0.1:8080/x", "1,0,0,127:8080)/x"),
            ("http://example.com/a%2520b//c", "com,example)/a%20b/c"),
            ("http://example.com/caf%c3%a9", "com,example)/caf%c3%a9"),
            ("http://example.com/a?PHPSESSID=0123456789abcdef0123456789abcdef&b=1", "com,example)/a?b=1"),
            ("http://example.com/a?b=1&sid=0123456789abcdef0123456789abcdef", "com,example)/a?&b=1"),
            ("http://wwwexample.com/", "com,wwwexample)/"),
        ];
        for (url, key) in cases {
            assert_eq!(surt(&Url::parse(url).unwrap()), key, "{url}");
        }
    }
}
