//! The fetcher: guard, robots.txt, host clocks, retries and redirects around single requests.

use super::body::Overflow;
use super::http::{Answer, Ask, Http};
use super::pace::Pacer;
use super::robots::{self, Rules};
use super::{Accept, FetchError, FetchOptions, retry};
use crate::model::{HostKey, Page, Validators};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use url::Url;

/// What to fetch.
#[derive(Debug, Clone)]
pub struct Request {
    /// Absolute, http or https.
    pub url: Url,
    /// What an earlier answer gave to ask whether anything has changed; empty to have the page in any case.
    pub validators: Validators,
    /// What kind of document is wanted.
    pub accept: Accept,
}

impl Request {
    /// A request for a document, whether it has changed or not.
    #[must_use]
    pub fn new(url: Url, accept: Accept) -> Self {
        Self { url, validators: Validators::default(), accept }
    }

    /// Asks for the document only if it has changed; the answer may then be a 304.
    #[must_use]
    pub fn if_changed(mut self, validators: Validators) -> Self {
        self.validators = validators;
        self
    }
}

/// Fetches pages. Cheap to clone; clones share connections, host clocks and what is known of each robots.txt.
#[derive(Debug, Clone)]
pub struct Fetcher {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    options: Arc<FetchOptions>,
    http: Http,
    pacer: Pacer,
    places: Semaphore,
    /// By origin. The inner lock is held while the file is fetched, so that it is fetched once.
    robots: Mutex<HashMap<String, Arc<tokio::sync::Mutex<Option<Known>>>>>,
    token: String,
    dice: RandomState,
}

/// What is known of a robots.txt, and since when.
#[derive(Debug, Clone)]
struct Known {
    since: Instant,
    rules: Result<Arc<Rules>, String>,
}

impl Fetcher {
    /// A fetcher with its own connections and clocks.
    ///
    /// # Errors
    /// [`FetchError::Options`] where the user agent is no header value or the proxy is none that can be used.
    pub fn new(options: FetchOptions) -> Result<Self, FetchError> {
        let token = robots::product_token(&options.user_agent);
        if token.is_empty() {
            let problem = "it has to begin with a name, such as \"Copydesk/0.1\"".to_owned();
            return Err(FetchError::Options { option: "user_agent", problem });
        }
        let options = Arc::new(options);
        let shared = Shared {
            http: Http::new(Arc::clone(&options))?,
            pacer: Pacer::default(),
            places: Semaphore::new(options.concurrency.clamp(1, Semaphore::MAX_PERMITS)),
            robots: Mutex::default(),
            token,
            dice: RandomState::new(),
            options,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// The page behind a URL: robots.txt asked, the host's turn waited for, redirects followed, failures that may pass
    /// tried again.
    ///
    /// # Errors
    /// Any [`FetchError`] but `Options`; on a redirect its URL is the hop that failed.
    pub async fn fetch(&self, request: &Request) -> Result<Page, FetchError> {
        self.shared.fetch(request).await
    }

    /// The sitemaps that a site's robots.txt names; empty where there is no robots.txt. Asks for that file whether or
    /// not it is obeyed.
    ///
    /// # Errors
    /// What kept the file from being read.
    pub async fn sitemaps(&self, site: &Url) -> Result<Vec<Url>, FetchError> {
        Ok(self.shared.rules(site).await?.sitemaps.clone())
    }

    /// Until when a host rests; `None` where it may be asked now.
    #[must_use]
    pub fn rests_until(&self, host: &HostKey) -> Option<Instant> {
        self.shared.pacer.rests_until(host)
    }

    /// Hosts that rest now, and until when: to be kept over a restart.
    #[must_use]
    pub fn host_clocks(&self) -> Vec<(HostKey, Timestamp)> {
        let now = Timestamp::now();
        let until = |wait: Duration| SignedDuration::try_from(wait).ok().and_then(|wait| now.checked_add(wait).ok());
        self.shared.pacer.resting().into_iter().filter_map(|(host, wait)| Some((host, until(wait)?))).collect()
    }

    /// Sends nothing to a host before a moment: what an earlier run learned.
    pub fn hold_host(&self, host: &HostKey, until: Timestamp) {
        if let Ok(wait) = Duration::try_from(until.duration_since(Timestamp::now())) {
            self.shared.pacer.hold(host, wait);
        }
    }
}

impl Shared {
    async fn fetch(&self, request: &Request) -> Result<Page, FetchError> {
        let mut url = request.url.clone();
        url.set_fragment(None);
        let mut redirects = Vec::new();
        loop {
            // A name and password in a link are the reader's to give, not a page's.
            if !url.username().is_empty() || url.password().is_some() {
                let _ = (url.set_username(""), url.set_password(None));
            }
            self.http.passage(&url)?;
            let mut gap = self.options.delay;
            if self.options.obey_robots {
                let rules = self.rules(&url).await?;
                if let Err(rule) = rules.check(&url) {
                    let robots = Box::new(rules.url.clone());
                    return Err(FetchError::Disallowed { url: Box::new(url), robots, rule });
                }
                gap = self.gap(&rules);
            }
            let ask = Ask {
                url: &url,
                accept: request.accept,
                validators: &request.validators,
                limit: self.options.max_body,
                overflow: Overflow::Refuse,
            };
            match self.ask(ask, gap).await? {
                Answer::Page(mut page) => {
                    page.requested = request.url.clone();
                    page.redirects = redirects;
                    return Ok(*page);
                }
                Answer::Redirect(target) => {
                    redirects.push(url);
                    let requested = || Box::new(request.url.clone());
                    if redirects.contains(&target) {
                        return Err(FetchError::RedirectLoop { url: requested(), again: Box::new(target) });
                    }
                    let limit = self.options.max_redirects;
                    if redirects.len() > limit {
                        return Err(FetchError::TooManyRedirects { url: requested(), limit, last: Box::new(target) });
                    }
                    url = target;
                }
            }
        }
    }

    /// One request, tried again as often as the options and the kind of failure allow.
    async fn ask(&self, ask: Ask<'_>, gap: Duration) -> Result<Answer, FetchError> {
        let host = HostKey::of(ask.url);
        let (mut failures, mut throttles) = (0, 0);
        loop {
            let turn = self.pacer.turn(&host, gap).await;
            let place = self.places.acquire().await.expect("the semaphore is never closed");
            let result = self.http.exchange(ask).await;
            drop(place);
            let error = match result {
                Ok(answer) => return Ok(answer),
                Err(error) if error.is_transient() => error,
                Err(error) => return Err(error),
            };
            let status = if let FetchError::Status { status, .. } = error { Some(status) } else { None };
            if status == Some(429) && throttles < self.options.throttle_retries {
                throttles += 1;
            } else {
                failures += 1;
            }
            let cap = self.options.max_retry_wait;
            let dice = self.dice.hash_one((ask.url.as_str(), failures, throttles));
            let backoff = retry::backoff(self.options.backoff, failures + throttles, dice, cap);
            let wait = error.retry_after().map_or(backoff, |wait| wait.min(cap));
            // The server spoke for all of its pages, so all of them wait.
            let for_host = error.retry_after().is_some() || status.is_some_and(retry::concerns_host);
            if for_host {
                turn.hold(wait);
            }
            drop(turn);
            if failures > self.options.retries {
                return Err(error);
            }
            tracing::debug!(url = %ask.url, reason = error.kind(), ?wait, "will try again");
            if !for_host {
                tokio::time::sleep(wait).await;
            }
        }
    }

    /// The pause after a request to a host.
    fn gap(&self, rules: &Rules) -> Duration {
        self.options.delay.max(rules.crawl_delay.unwrap_or_default().min(self.options.max_crawl_delay))
    }

    /// The rules that hold for a URL, from memory or from the site.
    async fn rules(&self, url: &Url) -> Result<Arc<Rules>, FetchError> {
        let robots_url = robotxt::robots_url(url).map_err(|_| FetchError::Scheme { url: Box::new(url.clone()) })?;
        let cell = {
            let mut robots = self.robots.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(robots.entry(robots_url.as_str().to_owned()).or_default())
        };
        let mut known = cell.lock().await;
        if let Some(known) = known.as_ref() {
            let kept_for = if known.rules.is_ok() { robots::KEPT_FOR } else { robots::FAILURE_KEPT_FOR };
            if known.since.elapsed() < kept_for {
                return known.rules.clone().map_err(|reason| FetchError::RobotsUnavailable {
                    url: Box::new(url.clone()),
                    robots: Box::new(robots_url),
                    reason,
                });
            }
        }
        match self.fetch_rules(&robots_url).await {
            Ok(rules) => {
                let rules = Arc::new(rules);
                *known = Some(Known { since: Instant::now(), rules: Ok(Arc::clone(&rules)) });
                // The file itself was fetched before its Crawl-delay was known.
                self.pacer.hold(&HostKey::of(url), self.gap(&rules));
                Ok(rules)
            }
            Err(error) => {
                let reason = error.summary();
                *known = Some(Known { since: Instant::now(), rules: Err(reason.clone()) });
                Err(error.about_site_of(url).unwrap_or_else(|| FetchError::RobotsUnavailable {
                    url: Box::new(url.clone()),
                    robots: Box::new(robots_url),
                    reason,
                }))
            }
        }
    }

    /// Fetches and reads a robots.txt. No such file is a file without rules (RFC 9309, section 2.3.1.3); so is one
    /// behind too many redirects (section 2.3.1.2). A 429 says nothing of the file, so it counts with the 5xx.
    async fn fetch_rules(&self, robots_url: &Url) -> Result<Rules, FetchError> {
        let mut at = robots_url.clone();
        for _ in 0..=robots::MAX_REDIRECTS {
            self.http.passage(&at)?;
            let ask = Ask {
                url: &at,
                accept: Accept::Anything,
                validators: &Validators::default(),
                limit: robots::MAX_BYTES,
                overflow: Overflow::Cut,
            };
            match self.ask(ask, self.options.delay).await {
                Ok(Answer::Page(page)) => return Ok(Rules::parse(robots_url.clone(), &page.body, &self.token)),
                Ok(Answer::Redirect(target)) => at = target,
                Err(FetchError::Status { status: 400..=428 | 430..=499, .. }) => break,
                Err(error) => return Err(error),
            }
        }
        Ok(Rules::allow_all(robots_url.clone()))
    }
}
