//! What a robots.txt says to one agent (RFC 9309). Pure: it is given the bytes.
//!
//! Where the standard leaves room, it decides as Google's open-source parser does: which misspellings count, that a key
//! may have something behind it, that an empty rule is none, that `/index.html` in an Allow rule stands for its folder.
//! It differs in one thing, where the standard is plain (section 2.2.2): an escaped character that need not be escaped is
//! that character.

mod groups;
mod lines;
mod pattern;

use groups::{Asides, Named};
use lines::Line;
pub(super) use pattern::{Pattern, normal};
use std::collections::{BTreeMap, HashSet};
use std::time::Duration;
use url::{Position, Url};

/// Bytes that are read: what RFC 9309, section 2.5, asks for at the least and Google's crawler takes at the most.
pub(super) const MAX_BYTES: usize = 500 * 1024;

/// Redirects that are followed (RFC 9309, section 2.3.1.2).
pub(super) const MAX_REDIRECTS: usize = 5;

/// How long a copy may be used (RFC 9309, section 2.4).
pub(super) const KEPT_FOR: Duration = Duration::from_hours(24);

/// How long a failure to get it stands before it is asked for again. Short beside the day of a good copy, because it
/// closes a whole site; long beside a request, because a site in trouble is not helped by more of them.
pub(super) const FAILURE_KEPT_FOR: Duration = Duration::from_mins(10);

/// Where it lies (RFC 9309, section 2.3).
const PATH: &str = "/robots.txt";

/// A robots.txt, read for one agent.
#[derive(Debug, Clone)]
pub struct Robots {
    url: Url,
    rules: Vec<Rule>,
    crawl_delay: Option<Duration>,
    signals: BTreeMap<String, bool>,
    sitemaps: Vec<Url>,
}

#[derive(Debug, Clone)]
struct Rule {
    allows: bool,
    pattern: Pattern,
    /// As it stands in the file.
    value: String,
}

impl Robots {
    /// The rules of a site that has none. `url` is where the file was looked for.
    #[must_use]
    pub fn allow_all(url: Url) -> Self {
        Self { url, rules: Vec::new(), crawl_delay: None, signals: BTreeMap::new(), sitemaps: Vec::new() }
    }

    /// Reads a file that was found at `url`. `token` is the product token that it is read for, such as "Copydesk". Never
    /// fails: what is no rule is none. Of a file longer than 500 KiB the rest is ignored, and the line that is cut.
    #[must_use]
    pub fn parse(url: Url, text: &[u8], token: &str) -> Self {
        let mut ours: Option<Vec<Rule>> = None;
        let mut everybodys = Vec::new();
        let mut names = Names::default();
        let mut asides = Asides::default();
        let (mut sitemaps, mut known) = (Vec::new(), HashSet::new());
        for line in lines::lines(whole_lines(text)) {
            match line {
                Line::UserAgent(value) => {
                    let whom = whom(value, token);
                    names.add(whom);
                    asides.user_agent(whom);
                    if whom == Named::Us {
                        ours.get_or_insert_default();
                    }
                }
                Line::Allow(value) | Line::Disallow(value) => {
                    asides.rule();
                    let allows = matches!(line, Line::Allow(_));
                    // A group that names us and everybody is ours.
                    let group = match names.rule() {
                        Some(Named::Us) => ours.get_or_insert_default(),
                        Some(Named::Everybody) => &mut everybodys,
                        _ => continue,
                    };
                    if allows && let Some(folder) = index_of(value) {
                        group.extend(Rule::new(true, &folder));
                    }
                    group.extend(Rule::new(allows, value));
                }
                Line::CrawlDelay(value) => asides.crawl_delay(value),
                Line::ContentSignal(value) => asides.content_signal(value),
                Line::Sitemap(value) => {
                    // A relative address is outside the protocol but its meaning is plain.
                    if let Ok(sitemap) = url.join(&String::from_utf8_lossy(value))
                        && matches!(sitemap.scheme(), "http" | "https")
                        && !value.is_empty()
                        && known.insert(sitemap.clone())
                    {
                        sitemaps.push(sitemap);
                    }
                }
            }
        }
        let aside = asides.result();
        let rules = ours.unwrap_or(everybodys);
        Self { url, rules, crawl_delay: aside.delay, signals: aside.signals, sitemaps }
    }

    /// Where the file was looked for.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Whether a URL of the site may be fetched.
    ///
    /// # Errors
    /// The rule that forbids it, as it stands in the file: `Disallow: /private`.
    pub fn check(&self, url: &Url) -> Result<(), String> {
        match self.rule(url) {
            Some((false, rule)) => Err(rule),
            _ => Ok(()),
        }
    }

    /// The rule that decides on a URL, if one does: whether it allows, and as it stands in the file.
    pub(super) fn rule(&self, url: &Url) -> Option<(bool, String)> {
        if url.path() == PATH {
            return None;
        }
        let path = normal(url[Position::BeforePath..Position::AfterQuery].as_bytes());
        let matching = self.rules.iter().filter(|rule| rule.pattern.matches(&path));
        // The longest decides, and of equals the one that allows (section 2.2.2).
        let rule = matching.max_by_key(|rule| (rule.pattern.octets(), rule.allows))?;
        let key = if rule.allows { "Allow" } else { "Disallow" };
        Some((rule.allows, format!("{key}: {}", rule.value)))
    }

    /// The pause that it asks for.
    #[must_use]
    pub fn crawl_delay(&self) -> Option<Duration> {
        self.crawl_delay
    }

    /// What it says may be done with the pages (`Content-Signal: search=yes, ai-train=no`), by name in lower case.
    #[must_use]
    pub fn signals(&self) -> &BTreeMap<String, bool> {
        &self.signals
    }

    /// The sitemaps that it names, each once, in order; for whatever agent they stand there.
    #[must_use]
    pub fn sitemaps(&self) -> &[Url] {
        &self.sitemaps
    }
}

impl Rule {
    fn new(allows: bool, value: &[u8]) -> Option<Self> {
        let pattern = Pattern::new(value)?;
        Some(Self { allows, pattern, value: String::from_utf8_lossy(value).into_owned() })
    }
}

/// Whose rules the next ones are.
#[derive(Debug, Default)]
struct Names {
    /// Whether rules have followed the last names, so that another name begins another group.
    closed: bool,
    us: bool,
    everybody: bool,
}

impl Names {
    fn add(&mut self, named: Named) {
        if self.closed {
            *self = Self::default();
        }
        self.us |= named == Named::Us;
        self.everybody |= named == Named::Everybody;
    }

    /// A rule came; whom it is for, as far as it concerns us.
    fn rule(&mut self) -> Option<Named> {
        self.closed = true;
        match (self.us, self.everybody) {
            (true, _) => Some(Named::Us),
            (false, true) => Some(Named::Everybody),
            _ => None,
        }
    }
}

/// Where the robots.txt of a URL's site lies; `None` for a URL that has no such place.
pub(super) fn url_for(url: &Url) -> Option<Url> {
    let mut robots = matches!(url.scheme(), "http" | "https").then(|| url.clone())?;
    // A name and password in a link are not the site's.
    let _ = (robots.set_username(""), robots.set_password(None));
    robots.set_path(PATH);
    robots.set_query(None);
    robots.set_fragment(None);
    Some(robots)
}

/// Whom a User-agent line names.
fn whom(value: &[u8], token: &str) -> Named {
    // A star counts with anything behind it that is set apart by white space.
    if let Some((b'*', rest)) = value.split_first()
        && rest.first().is_none_or(|byte| byte.is_ascii_whitespace() || *byte == 0x0b)
    {
        return Named::Everybody;
    }
    let name = product_token(&String::from_utf8_lossy(value));
    if !name.is_empty() && name.eq_ignore_ascii_case(token) { Named::Us } else { Named::Another }
}

/// The name in a User-agent line or header: letters, `_` and `-` (RFC 9309, section 2.2.1); a version behind it does
/// not count.
pub(super) fn product_token(text: &str) -> String {
    text.trim().chars().take_while(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '_')).collect()
}

/// The pattern of the folder whose index page a rule names.
fn index_of(value: &[u8]) -> Option<Vec<u8>> {
    let slash = value.iter().rposition(|byte| *byte == b'/')?;
    value[slash..].starts_with(b"/index.htm").then(|| [&value[..=slash], b"$"].concat())
}

/// The part of a text that is read, without a line that the limit cuts.
fn whole_lines(text: &[u8]) -> &[u8] {
    let Some(read) = text.get(..MAX_BYTES).filter(|read| read.len() < text.len()) else { return text };
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    if is_end(&text[MAX_BYTES]) {
        return read;
    }
    read.iter().rposition(is_end).map_or(&[], |end| &read[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn robots(text: &[u8]) -> Robots {
        Robots::parse(Url::parse("https://news.test/robots.txt").unwrap(), text, "Copydesk")
    }

    fn allowed(text: &[u8], path: &str) -> bool {
        robots(text).check(&Url::parse("https://news.test").unwrap().join(path).unwrap()).is_ok()
    }

    #[test]
    fn what_is_beyond_the_limit_is_ignored_and_a_cut_line_too() {
        let head = b"User-agent: *\nDisallow: /early\n".to_vec();
        let mut text = head.clone();
        text.resize(MAX_BYTES - 12, b'#');
        text.push(b'\n');
        // The limit falls behind "Disallow: /".
        text.extend(b"Disallow: /late\nDisallow: /later\n");
        assert!(!allowed(&text, "/early"));
        assert!(allowed(&text, "/x"), "the cut line is not `Disallow: /`");
        assert!(allowed(&text, "/later"));
        let mut exact = head;
        exact.resize(MAX_BYTES - 12, b'#');
        exact.extend(b"\nDisallow: /\n");
        assert!(!allowed(&exact, "/x"), "a line that ends at the limit is whole");
    }

    #[test]
    fn bytes_that_are_no_text() {
        assert!(!allowed(b"User-agent: *\nDisallow: /\xfc\n", "/%FC"));
        assert!(allowed(b"\xff\xfeU\0s\0e\0r\0", "/"));
    }

    #[test]
    fn the_rule_that_decides_is_named_as_it_stands() {
        let robots = robots(b"user-agent: *\ndisallow: /a*b$ # why\n");
        let url = Url::parse("https://news.test/axb").unwrap();
        assert_eq!(robots.check(&url).unwrap_err(), "Disallow: /a*b$");
    }

    #[test]
    fn tokens() {
        assert_eq!(product_token("Copydesk/0.1 (x)"), "Copydesk");
        assert_eq!(product_token("* foo"), "");
    }
}
