//! Rules for single sites: CSS selectors that say where a page has its body, its title, its authors and its date, and
//! what of it is neither here nor there.
//!
//! A rule cuts the page before it is cleaned: removed parts are gone for metadata and body alike, and what stands
//! outside of the body is not looked at for it. What is left is cleaned as any page is. A selector that matches nothing
//! changes nothing.

mod marked;

use super::metadata::{self, FieldReport};
use super::pictures::fold;
use crate::markup::{self, Document, NodeId, Tag};
use crate::model::{Article, ArticleDate};
use marked::{MarkedPage, Part};
use scraper::Selector;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use url::Url;

/// The hosts that a rule is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPattern {
    /// In lower case, without `www.` and `*.`.
    host: String,
    with_subdomains: bool,
}

impl HostPattern {
    /// Whether a host is meant.
    #[must_use]
    pub fn matches(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let bare = host.strip_prefix("www.").unwrap_or(&host);
        bare == self.host || self.with_subdomains && host.strip_suffix(&self.host).is_some_and(|sub| sub.ends_with('.'))
    }
}

impl FromStr for HostPattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (with_subdomains, host) = text.strip_prefix("*.").map_or((false, text), |host| (true, host));
        let error = || {
            format!("{text:?} is no host; write \"www.my-paper.example\", or \"*.my-paper.example\" with all below it")
        };
        // The parser knows what a host is, and how one in another script is written.
        let url = Url::parse(&format!("http://{host}/")).map_err(|_| error())?;
        let parsed = url.host_str().filter(|_| url.path() == "/" && url.port().is_none()).ok_or_else(error)?;
        if host.contains(['/', '@', '?', '#', '*', ' ', ':']) {
            return Err(error());
        }
        Ok(Self { host: parsed.strip_prefix("www.").unwrap_or(parsed).to_owned(), with_subdomains })
    }
}

impl fmt::Display for HostPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.with_subdomains { "*." } else { "" }, self.host)
    }
}

/// A CSS selector.
#[derive(Debug, Clone)]
pub struct SiteSelector {
    text: String,
    selector: Selector,
}

impl FromStr for SiteSelector {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let selector = Selector::parse(text).map_err(|error| {
            format!(
                "{text:?} is no CSS selector ({error}); write one such as \"div.story\", \"#text > p\" or \
                 \"aside, [data-ad]\", and try it with `copydesk rules test`"
            )
        })?;
        Ok(Self { text: text.to_owned(), selector })
    }
}

impl fmt::Display for SiteSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What is known of one site's pages.
#[derive(Debug, Clone)]
pub struct SiteRule {
    /// The hosts whose pages they are.
    pub host: HostPattern,
    /// The elements that hold the body.
    pub body: Vec<SiteSelector>,
    /// The title; the first that matches.
    pub title: Vec<SiteSelector>,
    /// The authors; all that the first selector with a match gives.
    pub authors: Vec<SiteSelector>,
    /// The date of publication; the first that can be read.
    pub date: Vec<SiteSelector>,
    /// What goes before anything is looked at.
    pub remove: Vec<SiteSelector>,
}

impl SiteRule {
    fn selectors(&self) -> [(&'static str, &[SiteSelector]); 5] {
        [
            ("body", &self.body),
            ("title", &self.title),
            ("authors", &self.authors),
            ("date", &self.date),
            ("remove", &self.remove),
        ]
    }
}

/// Every rule, in the order in which they are tried.
#[derive(Debug, Clone, Default)]
pub struct SiteRules {
    rules: Arc<[SiteRule]>,
}

impl SiteRules {
    /// Rules of which the first that fits a page counts.
    #[must_use]
    pub fn new(rules: Vec<SiteRule>) -> Self {
        Self { rules: rules.into() }
    }

    /// The rule for a page at an address.
    #[must_use]
    pub fn for_url(&self, url: &Url) -> Option<&SiteRule> {
        let host = url.host_str()?;
        self.rules.iter().find(|rule| rule.host.matches(host))
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &SiteRule> {
        self.rules.iter()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
}

/// How often a selector of a rule matches a page.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SelectorMatches {
    /// The rule's key.
    pub key: &'static str,
    /// The selector.
    pub selector: String,
    /// The elements that it matches.
    pub matches: usize,
    /// What the first of them holds, shortened.
    pub sample: Option<String>,
}

/// Characters of a sample.
const SAMPLE_CHARS: usize = 60;

/// What a rule's selectors match.
pub(super) fn matches(rule: &SiteRule, document: &Document) -> Vec<SelectorMatches> {
    let page = MarkedPage::new(document);
    let mut found = Vec::new();
    for (key, selectors) in rule.selectors() {
        for selector in selectors {
            let nodes = page.select(&selector.selector);
            let sample = nodes.first().map(|&node| value(document, node)).map(|text| {
                let cut: String = text.chars().take(SAMPLE_CHARS).collect();
                if cut.len() < text.len() { format!("{cut}…") } else { cut }
            });
            found.push(SelectorMatches { key, selector: selector.text.clone(), matches: nodes.len(), sample });
        }
    }
    found
}

/// A page as a rule leaves it.
#[derive(Debug)]
pub(super) struct Ruled {
    /// The page without what was removed; `None` if that is nothing.
    pub(super) page: Option<Document>,
    /// The body alone; `None` if the rule names none or the page has it not.
    pub(super) body: Option<Document>,
    title: Option<String>,
    authors: Vec<String>,
    dates: Vec<String>,
}

/// Cuts a page by a rule.
pub(super) fn apply(rule: &SiteRule, document: &Document) -> Ruled {
    let page = MarkedPage::new(document);
    let all = |selectors: &[SiteSelector]| -> Vec<NodeId> {
        selectors.iter().flat_map(|selector| page.select(&selector.selector)).collect()
    };
    let first = |selectors: &[SiteSelector]| -> Vec<NodeId> {
        selectors
            .iter()
            .map(|selector| page.select(&selector.selector))
            .find(|nodes| !nodes.is_empty())
            .unwrap_or_default()
    };
    let values =
        |nodes: Vec<NodeId>| nodes.into_iter().map(|node| value(document, node)).filter(|text| !text.is_empty());
    let removed = all(&rule.remove);
    let body = all(&rule.body);
    Ruled {
        title: values(all(&rule.title)).next(),
        authors: values(first(&rule.authors)).collect(),
        dates: values(all(&rule.date)).collect(),
        page: (!removed.is_empty()).then(|| markup::parse(&marked::html(document, Part::All, &removed))),
        body: (!body.is_empty()).then(|| markup::parse(&marked::html(document, Part::Below(&body), &removed))),
    }
}

/// What an element says: its text, or the attribute that holds what is meant for machines.
fn value(document: &Document, node: NodeId) -> String {
    let attribute = match document.tag(node) {
        Some(Tag::Meta) => document.attribute(node, "content"),
        Some(Tag::Time) => document.attribute(node, "datetime"),
        _ => None,
    };
    attribute.map_or_else(|| fold(&super::pictures::spaced_text(document, node)), fold)
}

impl Ruled {
    /// Puts what the rule found in the place of what the page was read to say.
    pub(super) fn fill(&self, article: &mut Article, fields: &mut Vec<FieldReport>) {
        const SOURCE: &str = "rule of the site";
        let mut note = |field, value: String| {
            fields.retain(|report| report.field != field);
            fields.push(FieldReport { field, source: SOURCE, value });
        };
        if let Some(title) = &self.title {
            note("title", title.clone());
            article.title = Some(title.clone());
        }
        let site: Vec<&str> = article.site_name.as_deref().into_iter().collect();
        let authors = metadata::clean_names(&self.authors, &site);
        if !authors.is_empty() {
            note("authors", authors.join(", "));
            article.authors = authors;
        }
        let language = article.language.clone().unwrap_or_default();
        if let Some(date) = self.dates.iter().find_map(|text| read_date(text, &language)) {
            note("published", date.to_string());
            article.published = Some(date);
        }
    }
}

fn read_date(text: &str, language: &str) -> Option<ArticleDate> {
    metadata::read_date(text, language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        let matches = |pattern: &str, host: &str| pattern.parse::<HostPattern>().unwrap().matches(host);
        for (pattern, host) in [
            ("holm.example", "holm.example"),
            ("www.holm.example", "holm.example"),
            ("holm.example", "WWW.Holm.example"),
            ("*.holm.example", "holm.example"),
            ("*.holm.example", "sport.en.holm.example"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("127.0.0.1", "127.0.0.1"),
        ] {
            assert!(matches(pattern, host), "{pattern} {host}");
        }
        for (pattern, host) in [
            ("holm.example", "sport.holm.example"),
            ("*.holm.example", "tholm.example"),
            ("holm.example", "holm.example.org"),
        ] {
            assert!(!matches(pattern, host), "{pattern} {host}");
        }
        for text in ["", "*.", "a b", "http://holm.example", "holm.example/x", "*", "holm.*", "u@holm.example", "h:80"]
        {
            assert!(text.parse::<HostPattern>().is_err(), "{text}");
        }
    }
}
