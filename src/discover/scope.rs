//! Which links a source wants: patterns and age.

use super::{DiscoverError, path_date};
use crate::model::{ArticleDate, Link};
use jiff::{SignedDuration, Timestamp};
use regex::RegexSet;
use std::fmt;
use std::time::Duration;
use url::Url;

/// What is in scope: what a source's `include`, `exclude` and `max_age` leave. By default everything.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    // None where there are no patterns: an empty set takes 13 KB, and a configuration may have thousands of sources.
    include: Option<RegexSet>,
    exclude: Option<RegexSet>,
    max_age: Option<SignedDuration>,
}

/// Why a link is not in scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutOfScope {
    /// There are `include` patterns and none matches.
    NotIncluded,
    /// An `exclude` pattern matches.
    Excluded,
    /// Published before `max_age`.
    TooOld,
}

impl fmt::Display for OutOfScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotIncluded => "no include pattern matches",
            Self::Excluded => "an exclude pattern matches",
            Self::TooOld => "older than max_age",
        })
    }
}

impl Scope {
    /// A scope of patterns, matched anywhere in the URL, and an age at the most.
    ///
    /// # Errors
    /// [`DiscoverError::Pattern`] for the first pattern that is no regular expression.
    pub fn new(include: &[String], exclude: &[String], max_age: Option<Duration>) -> Result<Self, DiscoverError> {
        Ok(Self {
            include: patterns("include", include)?,
            exclude: patterns("exclude", exclude)?,
            // An age too large to be counted is none.
            max_age: max_age.and_then(|age| SignedDuration::try_from(age).ok()),
        })
    }

    /// Whether a link is wanted at the moment `now`, by what is known before its page is fetched: its address, and the
    /// date that its source or its path gives it.
    ///
    /// # Errors
    /// Why it is not.
    pub fn admit(&self, link: &Link, now: Timestamp) -> Result<(), OutOfScope> {
        self.admit_url(&link.url)?;
        // The day of the path stands for the first publication; what a sitemap calls the last change may be today's
        // for a story of last year.
        let date = link.published.or_else(|| path_date(&link.url).map(ArticleDate::Day)).or(link.modified);
        self.admit_date(date.as_ref(), now)
    }

    /// Whether the patterns let an address through.
    ///
    /// # Errors
    /// Why not.
    pub fn admit_url(&self, url: &Url) -> Result<(), OutOfScope> {
        if self.exclude.as_ref().is_some_and(|exclude| exclude.is_match(url.as_str())) {
            return Err(OutOfScope::Excluded);
        }
        if self.include.as_ref().is_some_and(|include| !include.is_match(url.as_str())) {
            return Err(OutOfScope::NotIncluded);
        }
        Ok(())
    }

    /// Whether a date of publication is young enough; an unknown one is.
    ///
    /// # Errors
    /// [`OutOfScope::TooOld`].
    pub fn admit_date(&self, date: Option<&ArticleDate>, now: Timestamp) -> Result<(), OutOfScope> {
        let (Some(age), Some(date)) = (self.max_age, date) else { return Ok(()) };
        // A bare day lasts till its end.
        let rest_of_day = if date.has_time() { SignedDuration::ZERO } else { SignedDuration::from_hours(24) };
        if now.duration_since(date.instant()) > age.saturating_add(rest_of_day) {
            return Err(OutOfScope::TooOld);
        }
        Ok(())
    }
}

fn patterns(list: &'static str, patterns: &[String]) -> Result<Option<RegexSet>, DiscoverError> {
    if patterns.is_empty() {
        return Ok(None);
    }
    // One by one first: a set does not say which of its patterns is wrong.
    for pattern in patterns {
        regex::Regex::new(pattern).map_err(|source| DiscoverError::Pattern {
            list,
            pattern: pattern.clone(),
            source: Box::new(source),
        })?;
    }
    RegexSet::new(patterns).map(Some).map_err(|source| DiscoverError::Pattern {
        list,
        pattern: patterns.join(" | "),
        source: Box::new(source),
    })
}
