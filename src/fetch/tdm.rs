//! What a site's `tdmrep.json` says (TDM Reservation Protocol, W3C community group report of 2024). Pure.
//!
//! The file is a list of rules, each for the addresses that its location matches, by the patterns of robots.txt. Where
//! several match, the longest location counts, whatever its place in the list, and of equals the one that reserves.

use super::robots::{Pattern, normal};
use serde_json::Value;
use url::{Position, Url};

/// Where it lies.
const PATH: &str = "/.well-known/tdmrep.json";

/// What is said of the right to mine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reservation {
    /// Whether it is reserved.
    pub reserved: bool,
    /// Where the conditions are.
    pub policy: Option<String>,
}

/// The rules of a site; none where the file is no list.
#[derive(Debug, Default)]
pub(super) struct Reservations {
    rules: Vec<(Pattern, Reservation)>,
}

impl Reservations {
    pub(super) fn parse(text: &[u8]) -> Self {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let Ok(Value::Array(rules)) = serde_json::from_slice(text) else { return Self::default() };
        let read = |rule: &Value| {
            let pattern = Pattern::new(rule.get("location")?.as_str()?.trim().as_bytes())?;
            let reserved = flag(&match rule.get("tdm-reservation")? {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            })?;
            let policy = rule.get("tdm-policy").and_then(Value::as_str).map(str::to_owned);
            Some((pattern, Reservation { reserved, policy }))
        };
        Self { rules: rules.iter().filter_map(read).collect() }
    }

    pub(super) fn of(&self, url: &Url) -> Option<&Reservation> {
        let path = normal(url[Position::BeforePath..Position::AfterQuery].as_bytes());
        let matching = self.rules.iter().filter(|(pattern, _)| pattern.matches(&path));
        matching.max_by_key(|(pattern, said)| (pattern.octets(), said.reserved)).map(|(_, said)| said)
    }
}

/// `1` reserves, `0` does not; anything else says nothing.
pub(super) fn flag(text: &str) -> Option<bool> {
    match text.trim() {
        "1" => Some(true),
        "0" => Some(false),
        _ => None,
    }
}

/// Where the file of a URL's site lies.
pub(super) fn url_for(url: &Url) -> Option<Url> {
    let mut file = super::robots::url_for(url)?;
    file.set_path(PATH);
    Some(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reserved(text: &str, path: &str) -> Option<bool> {
        let url = Url::parse("https://news.test").unwrap().join(path).unwrap();
        Reservations::parse(text.as_bytes()).of(&url).map(|said| said.reserved)
    }

    #[test]
    fn the_longest_location_counts() {
        let text = r#"[{"location": "/", "tdm-reservation": 0},
            {"location": "/news/", "tdm-reservation": 1, "tdm-policy": "https://news.test/policy.json"},
            {"location": "/news/*.jpg$", "tdm-reservation": "0"},
            {"location": "/a", "tdm-reservation": 0}, {"location": "/a", "tdm-reservation": 1}]"#;
        for (path, expected) in
            [("/", false), ("/news/x", true), ("/news/x.jpg", false), ("/news/x.jpg?y", true), ("/ab", true)]
        {
            assert_eq!(reserved(text, path), Some(expected), "{path}");
        }
        let rules = Reservations::parse(text.as_bytes());
        let url = Url::parse("https://news.test/news/x").unwrap();
        assert_eq!(rules.of(&url).unwrap().policy.as_deref(), Some("https://news.test/policy.json"));
    }

    #[test]
    fn what_is_no_rule_says_nothing() {
        for text in [
            "",
            "<html>",
            "{}",
            "[1, null]",
            r#"{"location": "/", "tdm-reservation": 1}"#,
            r#"[{"location": "/"}]"#,
            r#"[{"tdm-reservation": 1}]"#,
            r#"[{"location": "/", "tdm-reservation": 2}]"#,
            r#"[{"location": "", "tdm-reservation": 1}]"#,
        ] {
            assert_eq!(reserved(text, "/x"), None, "{text}");
        }
    }
}
