//! What is known of a site's rules without asking it: for those who plan and explain.

use super::FetchOptions;
use super::robots::{self, Robots};
use crate::model::SiteFile;
use std::time::Duration;
use url::Url;

/// What a robots.txt that was fetched says of a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RobotsAnswer {
    /// It may be fetched: by this rule, as it stands in the file, or because none concerns it.
    Allowed(Option<String>),
    /// It may not be fetched, by this rule.
    Disallowed(String),
    /// There is no such file, so that everything is allowed.
    NoFile,
    /// The file could not be had, so that nothing is allowed.
    Unavailable,
}

/// What sets the pause between two requests to a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PauseRule {
    /// `[fetch] delay`.
    Delay,
    /// The Crawl-delay of its robots.txt.
    CrawlDelay,
    /// That, cut to `[fetch] max_crawl_delay`.
    CrawlDelayCut,
}

/// The rules of a site, from a robots.txt that was fetched.
#[derive(Debug, Clone)]
pub struct KnownRules {
    /// `None` where the file could not be had.
    robots: Option<Robots>,
    is_file: bool,
}

impl KnownRules {
    /// Where the robots.txt lies that speaks for a URL; `None` for a URL that has no such place.
    #[must_use]
    pub fn place(url: &Url) -> Option<Url> {
        robots::url_for(url)
    }

    /// Reads what that place answered.
    #[must_use]
    pub fn read(file: &SiteFile, options: &FetchOptions) -> Self {
        let is_file = (200..=299).contains(&file.status);
        let robots = match file.status {
            200..=299 => Some(Robots::parse(file.url.clone(), &file.body, &robots::product_token(&options.user_agent))),
            400..=428 | 430..=499 => Some(Robots::allow_all(file.url.clone())),
            _ => None,
        };
        Self { robots, is_file }
    }

    /// What it says of a URL.
    #[must_use]
    pub fn answer(&self, url: &Url) -> RobotsAnswer {
        match &self.robots {
            None => RobotsAnswer::Unavailable,
            Some(_) if !self.is_file => RobotsAnswer::NoFile,
            Some(robots) => match robots.rule(url) {
                Some((false, rule)) => RobotsAnswer::Disallowed(rule),
                Some((true, rule)) => RobotsAnswer::Allowed(Some(rule)),
                None => RobotsAnswer::Allowed(None),
            },
        }
    }

    /// The pause that it asks for.
    #[must_use]
    pub fn crawl_delay(&self) -> Option<Duration> {
        self.robots.as_ref()?.crawl_delay()
    }
}

/// The pause between two requests to a host, before its answers are known to be slow, and what sets it.
#[must_use]
pub fn pause(options: &FetchOptions, crawl_delay: Option<Duration>) -> (Duration, PauseRule) {
    let asked = crawl_delay.unwrap_or_default();
    match asked.min(options.max_crawl_delay) {
        kept if kept <= options.delay => (options.delay, PauseRule::Delay),
        kept if kept < asked => (kept, PauseRule::CrawlDelayCut),
        kept => (kept, PauseRule::CrawlDelay),
    }
}
