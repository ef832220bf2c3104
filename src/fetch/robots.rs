//! What a robots.txt says to us (RFC 9309). Pure: it is given the bytes.
//!
//! The rules are matched by `robotxt`. That crate ends a group at a Crawl-delay line, which the standard does not know
//! and so must not count, and compares a product token as a whole line; so this file reads the User-agent and
//! Crawl-delay lines itself and hands over a text without them or with them made plain.

use robotxt::Robots;
use std::time::Duration;
use url::{Position, Url};

/// Bytes that are read: what RFC 9309, section 2.5, asks for at the least and Google's crawler takes at the most.
pub(super) const MAX_BYTES: u64 = 500 * 1024;

/// Redirects that are followed (RFC 9309, section 2.3.1.2).
pub(super) const MAX_REDIRECTS: usize = 5;

/// How long a copy may be used (RFC 9309, section 2.4).
pub(super) const KEPT_FOR: Duration = Duration::from_hours(24);

/// How long a failure to get it stands before it is asked for again. Short beside the day of a good copy, because it
/// closes a whole site; long beside a request, because a site in trouble is not helped by more of them.
pub(super) const FAILURE_KEPT_FOR: Duration = Duration::from_mins(10);

/// A robots.txt, read for one product token.
#[derive(Debug)]
pub(super) struct Rules {
    /// Where it was asked for.
    pub(super) url: Url,
    /// The pause that it asks for.
    pub(super) crawl_delay: Option<Duration>,
    /// The sitemaps that it names, each once, in order.
    pub(super) sitemaps: Vec<Url>,
    robots: Robots,
}

impl Rules {
    /// The rules of a site that has none.
    pub(super) fn allow_all(url: Url) -> Self {
        Self { url, crawl_delay: None, sitemaps: Vec::new(), robots: Robots::allow_all() }
    }

    /// Reads a file. `token` is our name in it, compared without regard to case.
    pub(super) fn parse(url: Url, text: &[u8], token: &str) -> Self {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let mut plain = Vec::with_capacity(text.len());
        let mut delays = Delays::default();
        let mut sitemaps: Vec<Url> = Vec::new();
        for line in text.split(|byte| matches!(byte, b'\n' | b'\r')) {
            match key_and_value(line) {
                Some((Key::UserAgent, value)) => {
                    let name = product_token(&value);
                    delays.user_agent(&name, token);
                    plain.extend_from_slice(b"User-agent: ");
                    plain.extend_from_slice(name.as_bytes());
                }
                Some((Key::CrawlDelay, value)) => delays.crawl_delay(&value),
                Some((Key::Sitemap, value)) => {
                    // A relative address is outside the protocol but its meaning is plain.
                    if let Ok(sitemap) = url.join(&value)
                        && matches!(sitemap.scheme(), "http" | "https")
                        && !value.is_empty()
                        && !sitemaps.contains(&sitemap)
                    {
                        sitemaps.push(sitemap);
                    }
                }
                Some((Key::Rule, _)) => {
                    delays.rule();
                    plain.extend_from_slice(line);
                }
                None => {}
            }
            plain.push(b'\n');
        }
        Self {
            url,
            crawl_delay: delays.result(),
            sitemaps,
            robots: Robots::parse(&plain, token.to_ascii_lowercase().as_str()),
        }
    }

    /// Whether a URL may be fetched; the rule that forbids it, if not.
    pub(super) fn check(&self, url: &Url) -> Result<(), String> {
        let path = &url[Position::BeforePath..Position::AfterQuery];
        if url.path() == "/robots.txt" {
            return Ok(());
        }
        // The crate keeps its rules with the one that wins first.
        match self.robots.rules().iter().find(|rule| rule.is_match(path)) {
            Some(rule) if !rule.is_allow() => Err(format!("Disallow: {}", rule.pattern())),
            _ => Ok(()),
        }
    }
}

enum Key {
    UserAgent,
    CrawlDelay,
    Sitemap,
    Rule,
}

/// A line that means something to us. The misspellings are those that Google's parser and `robotxt` take.
fn key_and_value(line: &[u8]) -> Option<(Key, String)> {
    let line = String::from_utf8_lossy(line.split(|byte| *byte == b'#').next().unwrap_or(line));
    let line = line.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\0');
    let (key, value) = line.split_once(':').or_else(|| line.split_once(|c: char| c.is_ascii_whitespace()))?;
    let key = match key.trim().to_ascii_lowercase().as_str() {
        "user-agent" | "user agent" | "useragent" => Key::UserAgent,
        "crawl-delay" | "crawl delay" | "crawldelay" => Key::CrawlDelay,
        "sitemap" | "site-map" | "site map" => Key::Sitemap,
        "allow" | "alow" | "allaw" | "disallow" | "dissallow" | "dissalow" | "disalow" | "diasllow" | "disallaw" => {
            Key::Rule
        }
        _ => return None,
    };
    Some((key, value.trim().to_owned()))
}

/// The name in a User-agent line or header: letters, `_` and `-` (RFC 9309, section 2.2.1); a version behind it does
/// not count. `*` stays what it is.
pub(super) fn product_token(text: &str) -> String {
    let text = text.trim();
    if text == "*" || text.starts_with("* ") {
        return "*".to_owned();
    }
    text.chars().take_while(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '_')).collect()
}

/// Collects the Crawl-delay lines that are for us.
///
/// Files in the wild write a group as `User-agent`, `Crawl-delay` and nothing else; so for delays, other than for
/// rules, a Crawl-delay line does end the list of names.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each says one thing of the line read last or of the file")]
struct Delays {
    in_names: bool,
    names_us: bool,
    names_all: bool,
    ours_exists: bool,
    ours: Option<Duration>,
    everybodys: Option<Duration>,
}

impl Delays {
    fn user_agent(&mut self, name: &str, token: &str) {
        if !self.in_names {
            (self.in_names, self.names_us, self.names_all) = (true, false, false);
        }
        self.names_us |= name.eq_ignore_ascii_case(token);
        self.names_all |= name == "*";
        self.ours_exists |= self.names_us;
    }

    fn rule(&mut self) {
        self.in_names = false;
    }

    fn crawl_delay(&mut self, value: &str) {
        self.in_names = false;
        let seconds = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ').parse::<f64>().ok();
        // Of several the longest, which offends nobody.
        if let Some(delay) = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()) {
            if self.names_us {
                self.ours = self.ours.max(Some(delay));
            }
            if self.names_all {
                self.everybodys = self.everybodys.max(Some(delay));
            }
        }
    }

    fn result(self) -> Option<Duration> {
        if self.ours_exists { self.ours } else { self.everybodys }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> Rules {
        Rules::parse(Url::parse("https://news.test/robots.txt").unwrap(), text.as_bytes(), "Copydesk")
    }

    fn allowed(rules: &Rules, path: &str) -> bool {
        rules.check(&Url::parse("https://news.test").unwrap().join(path).unwrap()).is_ok()
    }

    #[test]
    fn our_group_wins_over_everybodys() {
        let rules =
            rules("User-agent: *\nDisallow: /\n\nUser-agent: CopyDesk/1.0\nDisallow: /private\nAllow: /private/open\n");
        assert!(allowed(&rules, "/a"));
        assert!(!allowed(&rules, "/private/x?y"));
        assert!(allowed(&rules, "/private/open"));
        assert_eq!(rules.check(&Url::parse("https://news.test/private/x").unwrap()).unwrap_err(), "Disallow: /private");
    }

    #[test]
    fn a_crawl_delay_does_not_end_a_list_of_names() {
        let rules = rules("User-agent: copydesk\nCrawl-delay: 5\nUser-agent: other\nDisallow: /x\n");
        assert!(!allowed(&rules, "/x"));
        assert_eq!(rules.crawl_delay, Some(Duration::from_secs(5)));
    }

    #[test]
    fn delays_of_groups_without_rules_stay_apart() {
        let text = "User-agent: other\nCrawl-delay: 60\nUser-agent: *\nCrawl-delay: 0.5\nDisallow: /x\n";
        assert_eq!(rules(text).crawl_delay, Some(Duration::from_millis(500)));
        assert_eq!(rules(&format!("{text}User-agent: copydesk\nAllow: /\n")).crawl_delay, None);
    }

    #[test]
    fn byte_order_mark_line_ends_and_sitemaps() {
        let rules = rules(
            "\u{feff}User-agent: *\rDisallow: /x # not this\rSitemap: https://cdn.test/a.xml\r\nsitemap: /b.xml\nSitemap: /b.xml\nSitemap: ftp://x/\n",
        );
        assert!(!allowed(&rules, "/x"));
        let sitemaps: Vec<_> = rules.sitemaps.iter().map(Url::as_str).collect();
        assert_eq!(sitemaps, ["https://cdn.test/a.xml", "https://news.test/b.xml"]);
    }

    #[test]
    fn nonsense_allows() {
        for text in [
            "",
            "<html>not found</html>",
            "Disallow: /",
            "User-agent: *\nDisallow:\nCrawl-delay: soon\nCrawl-delay: -4\nCrawl-delay: inf",
        ] {
            let rules = rules(text);
            assert!(allowed(&rules, "/x"), "{text}");
            assert_eq!(rules.crawl_delay, None, "{text}");
        }
    }

    #[test]
    fn wildcards_and_escapes() {
        let rules = rules("User-agent: *\nDisallow: /*.pdf$\nDisallow: /caf%C3%A9\nDisallow: /search?*q=\n");
        assert!(!allowed(&rules, "/a/b.pdf"));
        assert!(allowed(&rules, "/a/b.pdf?x"));
        assert!(!allowed(&rules, "/café"));
        assert!(!allowed(&rules, "/search?a=1&q=2"));
    }

    #[test]
    fn tokens() {
        assert_eq!(product_token("Copydesk/0.1 (x)"), "Copydesk");
        assert_eq!(product_token(" * "), "*");
        assert_eq!(product_token("* foo"), "*");
    }
}
