//! A source: one publication to crawl.

use super::Respect;
use crate::discover::Scope;
use crate::frontier::Schedule;
use url::Url;

/// One publication: where its stories are found, and which of them are wanted.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its name: in reports, and as the folder of its records. Unique.
    pub name: String,
    /// Its home page.
    pub url: Url,
    /// Its feeds.
    pub feeds: Vec<Url>,
    /// Its sitemaps.
    pub sitemaps: Vec<Url>,
    /// Its section pages. Where there are neither feeds, sitemaps nor sections, they are looked for: in robots.txt, at
    /// the usual place, on the home page.
    pub sections: Vec<Url>,
    /// Which links are wanted.
    pub scope: Scope,
    /// Pages of articles fetched in one pass, at the most.
    pub max_pages: Option<usize>,
    /// Which of the publisher's words are obeyed; `None` where that is said for all sources.
    pub respect: Option<Vec<Respect>>,
    /// When it is crawled, where the crawler goes on by schedule.
    pub schedule: Schedule,
    /// Whether its pages are rendered by a browser.
    pub render: Render,
}

/// Whether pages are rendered by a browser before they are cleaned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Render {
    /// Never.
    #[default]
    Never,
    /// Where the page as sent holds no article.
    Auto,
    /// Always.
    Always,
}

impl Source {
    /// A source of which only the name and the home page are known.
    #[must_use]
    pub fn new(name: impl Into<String>, url: Url) -> Self {
        Self {
            name: name.into(),
            url,
            feeds: Vec::new(),
            sitemaps: Vec::new(),
            sections: Vec::new(),
            scope: Scope::default(),
            max_pages: None,
            respect: None,
            schedule: Schedule::default(),
            render: Render::default(),
        }
    }

    /// Whether where to look was left to the crawler.
    #[must_use]
    pub fn is_to_be_explored(&self) -> bool {
        self.feeds.is_empty() && self.sitemaps.is_empty() && self.sections.is_empty()
    }
}
