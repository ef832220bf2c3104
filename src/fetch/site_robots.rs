//! The robots.txt of each site: fetched, kept for a day, and kept over a restart.
//!
//! What an answer means is RFC 9309, section 2.3.1. A file that is not there allows everything. One that cannot be had,
//! because the server or the network fails, forbids everything for as long as that lasts: the standard lets a crawler fall
//! back after a month on an old copy or on none, and this one does not. A copy of less than a day still holds, since in
//! that time nobody asks. An answer 429 says nothing of the file, so it counts with the failures.

use super::body::Overflow;
use super::fetcher::Shared;
use super::http::{Answer, Ask};
use super::robots::{self, Robots};
use super::{Accept, FetchError, HostMemory};
use crate::model::{HostKey, RobotsCopy, Validators};
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use url::Url;

/// A file behind more redirects than are followed counts as not there (RFC 9309, section 2.3.1.2).
const BEHIND_TOO_MANY_REDIRECTS: u16 = 404;

/// What is known of each site's robots.txt.
#[derive(Debug)]
pub(super) struct SiteRobots {
    /// Our name in it.
    token: String,
    memory: OnceLock<Arc<dyn HostMemory>>,
    sites: Mutex<HashMap<String, Site>>,
}

/// The lock is held while the file is fetched, so that it is fetched once.
type Site = Arc<tokio::sync::Mutex<Option<Known>>>;

/// What is known of a robots.txt, and since when by the wall's clock: other than the process's, it goes on while the
/// machine sleeps.
#[derive(Debug, Clone)]
struct Known {
    since: Timestamp,
    robots: Result<Arc<Robots>, String>,
}

impl Known {
    fn holds(&self, now: Timestamp) -> bool {
        let kept_for = if self.robots.is_ok() { robots::KEPT_FOR } else { robots::FAILURE_KEPT_FOR };
        // A moment in the future comes from a clock that was set back.
        Duration::try_from(now.duration_since(self.since)).is_ok_and(|age| age < kept_for)
    }
}

impl SiteRobots {
    pub(super) fn new(token: String) -> Self {
        Self { token, memory: OnceLock::new(), sites: Mutex::default() }
    }

    pub(super) fn remember_in(&self, memory: Arc<dyn HostMemory>) {
        let _ = self.memory.set(memory);
    }

    fn site(&self, robots_url: &Url) -> Site {
        let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(sites.entry(robots_url.as_str().to_owned()).or_default())
    }

    /// What an answer means.
    fn read(&self, copy: &RobotsCopy) -> Known {
        let robots = match copy.status {
            200..=299 => Ok(Arc::new(Robots::parse(copy.url.clone(), &copy.body, &self.token))),
            400..=428 | 430..=499 => Ok(Arc::new(Robots::allow_all(copy.url.clone()))),
            status => Err(super::error::status_text(status)),
        };
        Known { since: copy.fetched, robots }
    }

    async fn recall(&self, robots_url: &Url) -> Option<Known> {
        let (memory, url) = (Arc::clone(self.memory.get()?), robots_url.clone());
        let copy = tokio::task::spawn_blocking(move || memory.robots(&url)).await.ok().flatten()?;
        Some(self.read(&copy)).filter(|known| known.holds(Timestamp::now()))
    }

    async fn keep(&self, copy: RobotsCopy) {
        if let Some(memory) = self.memory.get().map(Arc::clone) {
            // It blocks, and has to be done before the first page is asked for.
            let _ = tokio::task::spawn_blocking(move || memory.keep_robots(&copy)).await;
        }
    }
}

impl Shared {
    /// The pause after a request to a host.
    pub(super) fn gap(&self, robots: &Robots) -> Duration {
        self.options.delay.max(robots.crawl_delay().unwrap_or_default().min(self.options.max_crawl_delay))
    }

    /// The rules that hold for a URL: from memory, from an earlier run, or from the site.
    pub(super) async fn rules(&self, url: &Url) -> Result<Arc<Robots>, FetchError> {
        let robots_url = robots::url_for(url).ok_or_else(|| FetchError::Scheme { url: Box::new(url.clone()) })?;
        let site = self.robots.site(&robots_url);
        let mut known = site.lock().await;
        if known.is_none() {
            *known = self.robots.recall(&robots_url).await;
        }
        let unavailable = |reason: String| FetchError::RobotsUnavailable {
            url: Box::new(url.clone()),
            robots: Box::new(robots_url.clone()),
            reason,
        };
        if let Some(known) = known.as_ref().filter(|known| known.holds(Timestamp::now())) {
            return known.robots.clone().map_err(unavailable);
        }
        match self.fetch_robots(&robots_url).await {
            Ok(copy) => {
                let found = self.robots.read(&copy);
                self.robots.keep(copy).await;
                *known = Some(found.clone());
                let robots = found.robots.map_err(unavailable)?;
                // The file itself was fetched before its Crawl-delay was known.
                self.pacer.hold(&HostKey::of(url), self.gap(&robots));
                Ok(robots)
            }
            // The network failed, or the guard said no. That is not kept beyond the run: no server said it, and whoever
            // has mended it wants to see it work.
            Err(error) => {
                let reason = error.summary();
                *known = Some(Known { since: Timestamp::now(), robots: Err(reason.clone()) });
                Err(error.about_site_of(url).unwrap_or_else(|| unavailable(reason)))
            }
        }
    }

    /// Asks for a robots.txt. An answer of any status is one; a failure is that of the network or of the guard.
    async fn fetch_robots(&self, robots_url: &Url) -> Result<RobotsCopy, FetchError> {
        let copy = |status, body| RobotsCopy { url: robots_url.clone(), fetched: Timestamp::now(), status, body };
        let mut at = robots_url.clone();
        for _ in 0..=robots::MAX_REDIRECTS {
            self.http.passage(&at)?;
            let ask = Ask {
                url: &at,
                accept: Accept::Anything,
                validators: &Validators::default(),
                // One more than is read, to see whether a line was cut.
                limit: robots::MAX_BYTES as u64 + 1,
                overflow: Overflow::Cut,
            };
            match self.ask(ask, self.options.delay).await {
                Ok(Answer::Page(page)) => return Ok(copy(page.status, page.body.to_vec())),
                Ok(Answer::Redirect(target)) => at = target,
                Err(FetchError::Status { status, .. }) => return Ok(copy(status, Vec::new())),
                Err(error) => return Err(error),
            }
        }
        Ok(copy(BEHIND_TOO_MANY_REDIRECTS, Vec::new()))
    }
}
