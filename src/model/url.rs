//! One form for each address, and the key under which a host is paced.

use serde::{Deserialize, Serialize};
use std::fmt;
use url::Url;

/// Query parameters that say how a reader came, not what is read: click ids of advertising networks, of web analytics and of
/// mailing services, as they are seen in links.
const TRACKING_PARAMETERS: &[&str] = &[
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "_openstat",
    "at_campaign",
    "at_medium",
    "cmpid",
    "cx_testid",
    "cx_testvariant",
    "dclid",
    "ef_id",
    "fb_action_ids",
    "fb_action_types",
    "fb_ref",
    "fb_source",
    "fbclid",
    "gaa_at",
    "gaa_n",
    "gaa_sig",
    "gaa_ts",
    "gbraid",
    "gclid",
    "gclsrc",
    "guccounter",
    "guce_referrer",
    "guce_referrer_sig",
    "hsctatracking",
    "icid",
    "igshid",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "msclkid",
    "ns_campaign",
    "ns_mchannel",
    "oly_anon_id",
    "oly_enc_id",
    "rb_clickid",
    "s_cid",
    "srsltid",
    "ttclid",
    "twclid",
    "vero_conv",
    "vero_id",
    "wbraid",
    "wickedid",
    "wt_mc",
    "wt_zmc",
    "xtor",
    "yclid",
    "ysclid",
];

/// Prefixes of families of such parameters: Urchin, Matomo (two generations), Pinterest.
const TRACKING_PREFIXES: &[&str] = &["utm_", "mtm_", "pk_", "piwik_", "epik"];

/// Query parameters, with the values that they have then, that ask for another form of the same story: for AMP, for a
/// printer.
const FORM_PARAMETERS: &[(&str, &[&str])] = &[
    ("amp", &["", "1", "true", "yes"]),
    ("outputtype", &["amp"]),
    ("print", &["", "1", "true", "yes"]),
    ("printable", &["", "1", "true", "yes"]),
    ("printview", &["", "1", "true", "yes"]),
    ("view", &["print"]),
    ("layout", &["print"]),
];

/// Session ids that some servers put in the query or behind the path.
const SESSION_PARAMETERS: &[&str] =
    &["jsessionid", "phpsessid", "aspsessionid", "sessionid", "zenid", "cfid", "cftoken"];

/// What servers send for the address of a folder, by their custom.
const DEFAULT_DOCUMENTS: &[&str] = &[
    "index.html",
    "index.htm",
    "index.shtml",
    "index.php",
    "index.asp",
    "index.aspx",
    "index.jsp",
    "default.htm",
    "default.html",
    "default.asp",
    "default.aspx",
];

/// Names that mean a session only with a value that was made by chance.
const SESSION_NAMES: &[&str] = &["oscsid", "phpsid", "s_id", "session", "session_id", "sid"];

/// Letters and digits of a value that was made by chance.
const CHANCE: usize = 16;

/// A URL in the one form under which it is stored and compared.
///
/// Scheme and host are lower case and the default port is left out (the `url` crate does this), the fragment, tracking
/// parameters, session ids and what asks for a form to print or for AMP are gone, percent-escapes are upper case and escape nothing that needs no escape, and
/// parameters stand in order of their names (equal names keep their order). A default document (`index.html`) without a
/// query is its folder. Two URLs that a server could tell apart in any other way stay apart: a slash at the end counts, and
/// a redirect or the page's own word joins the two.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CanonicalUrl(String);

impl CanonicalUrl {
    /// The canonical form of an absolute URL.
    #[must_use]
    pub fn new(url: &Url) -> Self {
        let mut url = url.clone();
        url.set_fragment(None);
        // Escapes first, so that what they hide is seen.
        let path = normalize_escapes(url.path());
        let path = strip_path_session(&path);
        url.set_path(if url.query().is_none() { strip_default_document(path) } else { path });
        if let Some(query) = url.query() {
            let pairs = query.split('&').map(normalize_escapes);
            let mut pairs: Vec<String> = pairs.filter(|pair| !pair.is_empty() && !is_noise(pair)).collect();
            // A query of bare words (`?7`, `?a&b`) is positional; only named parameters may change places.
            if pairs.iter().all(|pair| pair.contains('=')) {
                pairs.sort_by(|one, other| parameter_name(one).cmp(parameter_name(other)));
            }
            let query = pairs.join("&");
            url.set_query((!query.is_empty()).then_some(query.as_str()));
        }
        Self(url.into())
    }

    /// The canonical form of a URL given as text, or `None` where it is not an absolute http or https URL.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text.trim()).ok()?;
        matches!(url.scheme(), "http" | "https").then(|| Self::new(&url))
    }

    /// The URL as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The URL, parsed again.
    ///
    /// # Panics
    /// Never for a value that [`CanonicalUrl::new`] made.
    #[must_use]
    pub fn to_url(&self) -> Url {
        Url::parse(&self.0).expect("a canonical URL was made from a parsed one")
    }

    /// The article id that goes with this address: 16 hexadecimal digits.
    ///
    /// `http` and `https`, and a leading `www.`, give the same id, since publishers move between them.
    #[must_use]
    pub fn article_id(&self) -> String {
        let rest = self.0.split_once("://").map_or(self.0.as_str(), |(_, rest)| rest);
        let rest = rest.strip_prefix("www.").unwrap_or(rest);
        format!("{:016x}", xxhash_rust::xxh3::xxh3_64(rest.as_bytes()))
    }
}

impl fmt::Display for CanonicalUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Host and port, the unit of politeness: `example.org`, `127.0.0.1:8900`. The scheme's default port is left out.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HostKey(String);

impl HostKey {
    /// The key of a URL's host; empty for a URL without one.
    #[must_use]
    pub fn of(url: &Url) -> Self {
        let host = url.host_str().unwrap_or_default();
        Self(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HostKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The part of a host name that its owner registered (`news.example.co.uk` gives `example.co.uk`), by the Public Suffix
/// List; the host itself for an IP address or a bare name.
#[must_use]
pub fn registrable_domain(host: &str) -> &str {
    if host.parse::<std::net::IpAddr>().is_ok() || host.starts_with('[') {
        return host;
    }
    psl::domain_str(host).unwrap_or(host)
}

fn parameter_name(pair: &str) -> &str {
    pair.split('=').next().unwrap_or(pair)
}

fn is_noise(pair: &str) -> bool {
    let name = parameter_name(pair).to_ascii_lowercase();
    let value = pair.split_once('=').map_or("", |(_, value)| value).to_ascii_lowercase();
    let is_form = |(known, values): &(&str, &[&str])| *known == name && values.contains(&value.as_str());
    TRACKING_PARAMETERS.binary_search(&name.as_str()).is_ok()
        || FORM_PARAMETERS.iter().any(is_form)
        || SESSION_NAMES.contains(&name.as_str())
            && value.len() >= CHANCE
            && value.bytes().all(|byte| byte.is_ascii_alphanumeric())
        || TRACKING_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || SESSION_PARAMETERS.iter().any(|session| name.starts_with(session))
}

/// `/news/index.html` is `/news/`.
fn strip_default_document(path: &str) -> &str {
    let at = path.rfind('/').map_or(0, |at| at + 1);
    if DEFAULT_DOCUMENTS.iter().any(|name| path[at..].eq_ignore_ascii_case(name)) { &path[..at] } else { path }
}

/// `/story;jsessionid=1A2B` is `/story`.
fn strip_path_session(path: &str) -> &str {
    let mut rest = path;
    while let Some(at) = rest.rfind(';') {
        if !SESSION_PARAMETERS.iter().any(|name| starts_with_ignoring_case(&rest[at + 1..], name)) {
            break;
        }
        rest = &rest[..at];
    }
    rest
}

fn starts_with_ignoring_case(text: &str, prefix: &str) -> bool {
    text.as_bytes().get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix.as_bytes()))
}

/// Upper-case escapes, and none for the characters that never need one (RFC 3986, section 6.2.2).
fn normalize_escapes(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    // A `%` that begins no escape must not begin one afterwards ("%%33a" is not "%3a").
    let mut stray: Option<usize> = None;
    while at < bytes.len() {
        let escape = (bytes[at] == b'%').then(|| bytes.get(at + 1..at + 3)).flatten().and_then(hex_pair);
        match escape {
            Some(byte)
                if (byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~'))
                    && !(byte.is_ascii_hexdigit() && stray.is_some_and(|stray| out.len() - stray <= 2)) =>
            {
                out.push(byte);
                at += 3;
            }
            Some(_) => {
                out.extend(bytes[at..at + 3].to_ascii_uppercase());
                at += 3;
            }
            None => {
                if bytes[at] == b'%' {
                    stray = Some(out.len());
                }
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    // Only ASCII was taken away or put in, so the rest is still the UTF-8 that it was.
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

fn hex_pair(pair: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    Some((digit(pair[0])? * 16 + digit(pair[1])?) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> String {
        CanonicalUrl::parse(text).unwrap().to_string()
    }

    #[test]
    fn the_tracking_table_is_sorted_for_its_search() {
        assert!(TRACKING_PARAMETERS.is_sorted());
    }

    #[test]
    fn noise_goes_and_identity_stays() {
        let cases = [
            ("HTTP://News.Example.ORG:80/A/../b?utm_source=x&id=7#top", "http://news.example.org/b?id=7"),
            ("https://a.example/?b=2&a=1&b=1", "https://a.example/?a=1&b=2&b=1"),
            ("https://a.example/x?7&3", "https://a.example/x?7&3"),
            ("https://a.example/%7euser/%e2%82%ac%2fz", "https://a.example/~user/%E2%82%AC%2Fz"),
            ("https://a.example/story;jsessionid=1A2B?fbclid=1", "https://a.example/story"),
            ("https://a.example/story;v=2", "https://a.example/story;v=2"),
            ("https://a.example/x?", "https://a.example/x"),
            ("https://a.example/x?sid=0a1b2c3d4e5f60718293", "https://a.example/x"),
            ("https://a.example/x?sid=42", "https://a.example/x?sid=42"),
            ("https://a.example/news/index.html#top", "https://a.example/news/"),
            ("https://a.example/Default.aspx", "https://a.example/"),
            ("https://a.example/index.php?p=7", "https://a.example/index.php?p=7"),
            ("https://a.example/news/my-index.html", "https://a.example/news/my-index.html"),
            ("https://a.example/x?amp&id=7", "https://a.example/x?id=7"),
            ("https://a.example/x?outputType=amp", "https://a.example/x"),
            ("https://a.example/x?print=1", "https://a.example/x"),
            ("https://a.example/x?print=poster", "https://a.example/x?print=poster"),
            ("https://a.example/x?view=print", "https://a.example/x"),
            ("https://a.example/x?view=list", "https://a.example/x?view=list"),
            ("https://a.example/%0'%00%3%33e", "https://a.example/%0'%00%3%33e"),
            ("https://a.example/a;jsessionid=1;JSESSIONID=2", "https://a.example/a"),
            ("https://a.example/?utm_%&%30", "https://a.example/?0"),
            ("https://a.example/a?%75tm_source=x&%62=1&a=2", "https://a.example/a?a=2&b=1"),
        ];
        for (given, expected) in cases {
            assert_eq!(canonical(given), expected);
        }
    }

    #[test]
    fn ids_survive_a_move_to_https() {
        let id = |text| CanonicalUrl::parse(text).unwrap().article_id();
        assert_eq!(id("http://www.a.example/x"), id("https://a.example/x"));
        assert_ne!(id("https://a.example/x"), id("https://a.example/X"));
    }

    #[test]
    fn other_schemes_are_no_pages() {
        assert!(CanonicalUrl::parse("mailto:a@b.example").is_none());
        assert!(CanonicalUrl::parse("/relative").is_none());
    }

    #[test]
    fn the_registered_part_of_a_host() {
        assert_eq!(registrable_domain("news.example.co.uk"), "example.co.uk");
        assert_eq!(registrable_domain("127.0.0.1"), "127.0.0.1");
        assert_eq!(registrable_domain("localhost"), "localhost");
    }

    proptest::proptest! {
        #[test]
        fn canonical_is_idempotent(path in "(%[0-9a-f]{0,2}|[a-zA-Z0-9%/;._~-]|;jsessionid=|%3b){0,20}", query in "(%[2-7][0-9a-f]|utm_|[a-z0-9%=&_+]){0,20}") {
            let text = format!("https://news.example/{path}?{query}");
            if let Some(once) = CanonicalUrl::parse(&text) {
                proptest::prop_assert_eq!(CanonicalUrl::parse(once.as_str()).unwrap(), once);
            }
        }
    }
}
