//! The fetcher: guard, robots.txt, host clocks, retries and redirects around single requests.

use super::access::{Access, Behalf};
use super::addresses::Addresses;
use super::body::Overflow;
use super::browser::{Browser, RenderError};
use super::http::{Answer, Ask, Http, Subject};
use super::pace::Pacer;
use super::resolver::{Admit, Guard, GuardedResolver};
use super::robots::Robots;
use super::site_files::{MemoryPlace, SiteFiles};
use super::tdm::{Reservation, Reservations};
use super::{Accept, FetchError, FetchOptions, HostMemory, Tape, retry, robots};
use crate::model::{HostKey, Page, Validators};
use jiff::{SignedDuration, Timestamp};
use reqwest::cookie::{CookieStore, Jar};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use url::Url;

/// Rests that a server asked for are kept at once from this length on; shorter ones are over before a restart.
const KEPT_REST: Duration = Duration::from_secs(1);

/// After how long the budget of an address is asked for a share again, where the pause between requests is shorter.
const ADDRESS_BUSY: Duration = Duration::from_millis(250);

/// URLs whose tries are remembered while they wait for their servers.
const MOST_PUT_OFF: usize = 10_000;

/// What to fetch.
#[derive(Debug, Clone)]
pub struct Request {
    /// Absolute, http or https.
    pub url: Url,
    /// What an earlier answer gave to ask whether anything has changed; empty to have the page in any case.
    pub validators: Validators,
    /// What kind of document is wanted.
    pub accept: Accept,
    /// The longest that is waited where a server asks to be left alone; beyond it the request ends with
    /// [`FetchError::PutOff`], and the host rests all the same. Also for the turn of a host that a redirect leads to;
    /// beyond it the request ends with [`FetchError::RedirectWaits`]. And for the pause after a robots.txt that was asked for
    /// first, and where the budget of an address is used up: [`FetchError::NotYet`]. `None` waits.
    pub patience: Option<Duration>,
    /// Redirects that led here already, in requests before this one; they count with those that follow.
    pub hops: usize,
    /// Which targets of redirects are left to whoever asked; the request then ends with [`FetchError::RedirectWaits`].
    pub stops_at: Option<StopsAt>,
}

/// Says of the target of a redirect whether it is not to be followed.
#[derive(Clone)]
pub struct StopsAt(Arc<dyn Fn(&Url) -> bool + Send + Sync>);

impl fmt::Debug for StopsAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StopsAt")
    }
}

impl Request {
    /// A request for a document, whether it has changed or not.
    #[must_use]
    pub fn new(url: Url, accept: Accept) -> Self {
        Self { url, validators: Validators::default(), accept, patience: None, hops: 0, stops_at: None }
    }

    /// Sets the longest wait for a server that asks to be left alone.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = Some(patience);
        self
    }

    /// Says how many redirects led here already.
    #[must_use]
    pub fn after_redirects(mut self, hops: usize) -> Self {
        self.hops = hops;
        self
    }

    /// Leaves redirects to some addresses to whoever asks.
    #[must_use]
    pub fn stopping_at(mut self, is_left: impl Fn(&Url) -> bool + Send + Sync + 'static) -> Self {
        self.stops_at = Some(StopsAt(Arc::new(is_left)));
        self
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
    access: Option<Arc<Access>>,
    tape: Option<Tape>,
}

/// Tries of one URL that failed, and those that the server answered with 429.
#[derive(Debug, Clone, Copy, Default)]
struct Tries {
    failures: u32,
    throttles: u32,
}

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) options: Arc<FetchOptions>,
    pub(super) http: Http,
    pub(super) pacer: Pacer,
    places: Semaphore,
    addresses: Addresses,
    access: HashMap<String, Arc<Access>>,
    /// Our name in robots.txt.
    pub(super) token: String,
    pub(super) memory: MemoryPlace,
    pub(super) robots: SiteFiles<Arc<Robots>>,
    pub(super) reservations: SiteFiles<Arc<Reservations>>,
    dice: RandomState,
    /// How often URLs were tried that are to be asked for again later.
    put_off: Mutex<HashMap<String, Tries>>,
    guard: Guard,
    browser: OnceLock<Browser>,
}

impl Fetcher {
    /// A fetcher with its own connections and clocks.
    ///
    /// # Errors
    /// [`FetchError::Options`] where the user agent is no header value or the proxy is none that can be used.
    pub fn new(options: FetchOptions) -> Result<Self, FetchError> {
        Self::with_guard(options, &Guard::default())
    }

    /// A fetcher that asks another than the machine's name service.
    pub(super) fn with_guard(options: FetchOptions, guard: &Guard) -> Result<Self, FetchError> {
        let token = robots::product_token(&options.user_agent);
        if token.is_empty() {
            let problem = "it has to begin with a name, such as \"Copydesk/0.1\"".to_owned();
            return Err(FetchError::Options { option: "user_agent", problem });
        }
        let access = options
            .access
            .iter()
            .map(|(source, options)| Access::new(source, options).map(|access| (source.clone(), Arc::new(access))));
        let access: HashMap<_, _> = access.collect::<Result<_, _>>()?;
        let options = Arc::new(options);
        let resolver = GuardedResolver {
            guard: guard.clone(),
            fixed: Arc::new(options.resolve.clone()),
            // Only to know who shares an address; what is connected to is judged at the connection.
            admit: Admit::All,
            proxy: None,
        };
        let proxies = access.values().filter_map(|access| access.proxy.clone());
        let shared = Shared {
            http: Http::new(Arc::clone(&options), proxies, guard)?,
            pacer: Pacer::default(),
            places: Semaphore::new(options.concurrency.clamp(1, Semaphore::MAX_PERMITS)),
            addresses: Addresses::new(options.per_address, resolver),
            access,
            token,
            memory: MemoryPlace::new(),
            robots: SiteFiles::default(),
            reservations: SiteFiles::default(),
            dice: RandomState::new(),
            put_off: Mutex::default(),
            guard: guard.clone(),
            browser: OnceLock::new(),
            options,
        };
        Ok(Self { shared: Arc::new(shared), access: None, tape: None })
    }

    /// The same fetcher with what a source needs to be let in: [`FetchOptions::access`] under that name.
    #[must_use]
    pub fn for_source(&self, source: &str) -> Self {
        Self { access: self.shared.access.get(source).cloned(), ..self.clone() }
    }

    /// The same fetcher, whose exchanges are taken down.
    #[must_use]
    pub fn recorded(&self, tape: Tape) -> Self {
        Self { tape: Some(tape), ..self.clone() }
    }

    fn behalf(&self) -> Behalf<'_> {
        Behalf { access: self.access.as_deref(), tape: self.tape.as_ref() }
    }

    /// The page behind a URL: robots.txt asked, the host's turn waited for, redirects followed, failures that may pass
    /// tried again.
    ///
    /// # Errors
    /// Any [`FetchError`] but `Options`; on a redirect its URL is the hop that failed.
    pub async fn fetch(&self, request: &Request) -> Result<Page, FetchError> {
        self.shared.fetch(request, self.behalf()).await
    }

    /// Sends a form once, behind the address guard and in the host's turn, and follows redirects that keep the method (307
    /// and 308). The body of the answer is not read. robots.txt is not asked: it is about what is fetched, and a form goes
    /// only to where a publisher wants it.
    ///
    /// # Errors
    /// Any [`FetchError`] of a single request; on a redirect its URL is the hop that failed.
    pub async fn post_form(&self, url: &Url, fields: &[(&str, &str)]) -> Result<(), FetchError> {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.shared.post_form(url, &form).await
    }

    /// The browser that renders pages for all clones of this fetcher, with its options and its guard. It is started for the
    /// first page.
    ///
    /// # Errors
    /// [`RenderError::NoBrowser`] where there is none, [`RenderError::Proxy`] where the pages come through a proxy.
    pub fn browser(&self) -> Result<&Browser, RenderError> {
        if self.access.as_ref().is_some_and(|access| access.proxy.is_some()) {
            return Err(RenderError::Proxy);
        }
        if let Some(browser) = self.shared.browser.get() {
            return Ok(browser);
        }
        let browser = Browser::with_guard(Arc::clone(&self.shared.options), self.shared.guard.clone())?;
        Ok(self.shared.browser.get_or_init(|| browser))
    }

    /// The sitemaps that a site's robots.txt names; empty where there is no robots.txt. Asks for that file whether or
    /// not it is obeyed.
    ///
    /// # Errors
    /// What kept the file from being read.
    pub async fn sitemaps(&self, site: &Url) -> Result<Vec<Url>, FetchError> {
        self.sitemaps_within(site, None).await
    }

    /// The same, with [`Request::patience`].
    ///
    /// # Errors
    /// What kept the file from being read; [`FetchError::PutOff`] where that would take too long.
    pub async fn sitemaps_within(&self, site: &Url, patience: Option<Duration>) -> Result<Vec<Url>, FetchError> {
        Ok(self.shared.rules(site, patience, self.behalf()).await?.sitemaps().to_vec())
    }

    /// What a site's `/.well-known/tdmrep.json` says of a URL (TDM Reservation Protocol); `None` where it says nothing,
    /// is not there, cannot be had, or may not be asked for. Headers and tags of the page itself take precedence.
    pub async fn reservation(&self, url: &Url) -> Option<Reservation> {
        self.shared.reservation(url, self.behalf()).await
    }

    /// The Content-Signal lines of a site's robots.txt, as they are for us: whether a use is allowed, by its name. Empty
    /// where robots.txt is not obeyed.
    ///
    /// # Errors
    /// What kept the file from being read, as [`Fetcher::fetch`] would say it of the page.
    pub async fn content_signal(
        &self,
        url: &Url,
        patience: Option<Duration>,
    ) -> Result<BTreeMap<String, bool>, FetchError> {
        if !self.shared.options.obey_robots {
            return Ok(BTreeMap::new());
        }
        self.shared.http.passage(url)?;
        Ok(self.shared.rules(url, patience, self.behalf()).await?.signals().clone())
    }

    /// The name that robots.txt knows us by: "Copydesk".
    #[must_use]
    pub fn product_token(&self) -> &str {
        &self.shared.token
    }

    /// Has a memory asked before a site's robots.txt is fetched, and told what came. Only the first memory counts.
    pub fn remember_in(&self, memory: Arc<dyn HostMemory>) {
        let _ = self.shared.memory.set(memory);
    }

    /// Until when a host rests; `None` where it may be asked now.
    #[must_use]
    pub fn rests_until(&self, host: &HostKey) -> Option<Instant> {
        self.shared.pacer.rests_until(host)
    }

    /// The longest that is waited for one host's turn. One that rests longer, because its server asked for that, is not
    /// asked before its time, and nobody waits for it: requests end with [`FetchError::NotYet`] or
    /// [`FetchError::PutOff`].
    #[must_use]
    pub fn longest_wait(&self) -> Duration {
        self.shared.longest_wait()
    }

    /// The longest pause between two requests to a host.
    #[must_use]
    pub fn longest_pause(&self) -> Duration {
        self.shared.options.delay.max(self.shared.options.max_crawl_delay)
    }

    /// Until when a host rests, where that is longer than anybody waits.
    #[must_use]
    pub fn put_off_until(&self, host: &HostKey) -> Option<Timestamp> {
        let rest = self.shared.too_long_a_rest(host)?;
        Some(Timestamp::now().checked_add(SignedDuration::try_from(rest).ok()?).unwrap_or(Timestamp::MAX))
    }

    /// Hosts that rest now, and until when: to be kept over a restart.
    #[must_use]
    pub fn host_clocks(&self) -> Vec<(HostKey, Timestamp)> {
        let now = Timestamp::now();
        let until = |wait: Duration| SignedDuration::try_from(wait).ok().and_then(|wait| now.checked_add(wait).ok());
        self.shared.pacer.resting().into_iter().filter_map(|(host, wait)| Some((host, until(wait)?))).collect()
    }

    /// Says that an earlier run died, and with it the knowledge of when each host was last asked: each is left alone for
    /// its pause, counted from now, before it is asked first.
    pub fn distrust_past(&self) {
        self.shared.pacer.distrust_past();
    }

    /// Sends nothing to a host before a moment: what an earlier run learned.
    pub fn hold_host(&self, host: &HostKey, until: Timestamp) {
        if let Ok(wait) = Duration::try_from(until.duration_since(Timestamp::now())) {
            self.shared.pacer.hold(host, wait);
        }
    }
}

/// Whether redirects gave a cookie for an address.
fn has_cookie(chain: Option<&Jar>, url: &Url) -> bool {
    chain.is_some_and(|jar| jar.cookies(url).is_some())
}

impl Shared {
    async fn fetch(&self, request: &Request, behalf: Behalf<'_>) -> Result<Page, FetchError> {
        let mut url = request.url.clone();
        url.set_fragment(None);
        let mut redirects = Vec::new();
        // Some addresses lead to a page only whoever brings a cookie of theirs back. It is kept for this chain of
        // redirects and no longer, unless the source keeps cookies of its own.
        let mut chain: Option<Jar> = None;
        loop {
            // A name and password in a link are the reader's to give, not a page's.
            if !url.username().is_empty() || url.password().is_some() {
                let _ = (url.set_username(""), url.set_password(None));
            }
            self.http.passage(&url)?;
            let hops = request.hops + redirects.len();
            // In another request the cookie would be gone, so its host's turn is waited for.
            let patience = request.patience.filter(|_| !has_cookie(chain.as_ref(), &url));
            let is_first = redirects.is_empty();
            // The target of a redirect is what waits, and not what led there.
            let waits = |error: FetchError| match error {
                FetchError::NotYet { url, .. } if !is_first => {
                    FetchError::RedirectWaits { url: Box::new(request.url.clone()), target: url, hops }
                }
                other => other,
            };
            let mut gap = self.options.delay;
            let mut rules = None;
            if self.options.obey_robots {
                let robots = self.rules(&url, patience, behalf).await.map_err(waits)?;
                if let Err(rule) = robots.check(&url) {
                    let robots = Box::new(robots.url().clone());
                    return Err(FetchError::Disallowed { url: Box::new(url), robots, rule });
                }
                gap = self.gap(&robots);
                rules = Some(robots);
                // robots.txt may have been asked for just now, and may want a long pause after that.
                let rest = self.pacer.rests_until(&HostKey::of(&url)).map(|until| until - Instant::now());
                if let Some(wait) = rest.filter(|rest| patience.is_some_and(|patience| *rest > patience)) {
                    return Err(waits(FetchError::NotYet { url: Box::new(url.clone()), wait }));
                }
            }
            let ask = Ask {
                url: &url,
                accept: request.accept,
                validators: &request.validators,
                limit: self.options.max_body,
                overflow: Overflow::Refuse,
                token: &self.token,
                subject: Subject::Page,
                patience,
                access: behalf.access,
                cookies: chain.as_ref(),
                tape: behalf.tape,
            };
            match self.ask(ask, gap).await.map_err(waits)? {
                Answer::Page(mut page) => {
                    page.requested = request.url.clone();
                    page.redirects = redirects;
                    page.usage.content_signal = rules.map(|rules| rules.signals().clone()).unwrap_or_default();
                    return Ok(*page);
                }
                Answer::Redirect { target, cookies } => {
                    let keeps_cookies = behalf.access.is_some_and(Access::keeps_cookies);
                    if !keeps_cookies && !cookies.is_empty() {
                        chain.get_or_insert_default().set_cookies(&mut cookies.iter(), &url);
                    }
                    redirects.push(url);
                    let requested = || Box::new(request.url.clone());
                    // An address may lead back to itself once it has given a cookie.
                    let again = 1 + usize::from(keeps_cookies || has_cookie(chain.as_ref(), &target));
                    if redirects.iter().filter(|earlier| **earlier == target).count() >= again {
                        return Err(FetchError::RedirectLoop { url: requested(), again: Box::new(target) });
                    }
                    let limit = self.options.max_redirects;
                    let hops = request.hops + redirects.len();
                    if hops > limit {
                        return Err(FetchError::TooManyRedirects { url: requested(), limit, last: Box::new(target) });
                    }
                    let patience = request.patience.filter(|_| !has_cookie(chain.as_ref(), &target));
                    let is_left = request.stops_at.as_ref().is_some_and(|StopsAt(is_left)| is_left(&target));
                    if is_left || patience.is_some_and(|patience| !self.pacer.is_ready(&HostKey::of(&target), patience))
                    {
                        return Err(FetchError::RedirectWaits { url: requested(), target: Box::new(target), hops });
                    }
                    url = target;
                }
            }
        }
    }

    async fn post_form(&self, url: &Url, form: &str) -> Result<(), FetchError> {
        let mut target = url.clone();
        for _ in 0..=self.options.max_redirects {
            let host = HostKey::of(&target);
            if let Some(wait) = self.too_long_a_rest(&host) {
                return Err(FetchError::NotYet { url: Box::new(target), wait });
            }
            let turn = self.pacer.turn(&host, self.options.delay).await;
            let place = self.places.acquire().await.expect("the semaphore is never closed");
            let answer = self.http.post_form(&target, form).await;
            drop((place, turn));
            match answer? {
                None => return Ok(()),
                Some(next) => target = next,
            }
        }
        let limit = self.options.max_redirects;
        Err(FetchError::TooManyRedirects { url: Box::new(url.clone()), limit, last: Box::new(target) })
    }

    /// The longest that is waited for a host's turn: more than any pause or further try of our own makes of it.
    fn longest_wait(&self) -> Duration {
        let FetchOptions { delay, max_crawl_delay, max_retry_wait, .. } = *self.options;
        // Of rests that are over before a restart nobody need be told, however short the waits are that are set.
        max_retry_wait.max(delay).max(max_crawl_delay).max(KEPT_REST)
    }

    /// How long a host rests yet, where that is longer than anybody waits.
    fn too_long_a_rest(&self, host: &HostKey) -> Option<Duration> {
        let rest = self.pacer.rests_until(host)?.saturating_duration_since(Instant::now());
        // The clocks of an earlier run are kept to the millisecond, and the pauses of its options may have been longer.
        (rest > self.longest_wait()).then_some(rest)
    }

    /// The pause after an answer that took so long.
    fn pause_after(&self, elapsed: Duration) -> Duration {
        let pause = elapsed.as_secs_f64() * self.options.delay_factor;
        let longest = self.options.max_crawl_delay;
        Duration::try_from_secs_f64(pause).map_or(longest, |pause| pause.min(longest))
    }

    /// Has the memory keep a rest that is worth the write.
    async fn keep_rest(&self, host: &HostKey, wait: Duration) {
        let until = SignedDuration::try_from(wait).ok().and_then(|wait| Timestamp::now().checked_add(wait).ok());
        if let (Some(memory), Some(until)) = (self.memory.get(), until)
            && wait >= KEPT_REST
        {
            let (memory, host) = (Arc::clone(memory), host.clone());
            // Waited for: whoever is killed after this must not have forgotten.
            let _ = tokio::task::spawn_blocking(move || memory.keep_rest(&host, until)).await;
        }
    }

    /// A share of the budget of a request's address, if there is one. A request with patience does not wait for it: after how
    /// long it is to ask again comes back.
    async fn share_of_address(&self, ask: Ask<'_>) -> Result<Option<OwnedSemaphorePermit>, Duration> {
        let proxy = ask.access.and_then(|access| access.proxy.as_ref()).or(self.options.proxy.as_ref());
        // A proxy looks names up itself.
        if proxy.is_some() {
            return Ok(None);
        }
        let Some(budget) = self.addresses.budget(ask.url).await else { return Ok(None) };
        match (ask.patience, Arc::clone(&budget).try_acquire_owned()) {
            (_, Ok(share)) => Ok(Some(share)),
            (None, Err(_)) => Ok(budget.acquire_owned().await.ok()),
            (Some(_), Err(_)) => Err(self.options.delay.max(ADDRESS_BUSY)),
        }
    }

    /// What was tried of a URL before it was put off.
    fn tries(&self, url: &Url) -> Tries {
        let mut put_off = self.put_off.lock().unwrap_or_else(PoisonError::into_inner);
        put_off.remove(url.as_str()).unwrap_or_default()
    }

    fn keep_tries(&self, url: &Url, tries: Tries) {
        if tries.failures + tries.throttles == 0 {
            return;
        }
        let mut put_off = self.put_off.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever was put off so often that nobody comes back for it is forgotten with the rest.
        if put_off.len() >= MOST_PUT_OFF {
            put_off.clear();
        }
        put_off.insert(url.as_str().to_owned(), tries);
    }

    /// One request, tried again as often as the options and the kind of failure allow.
    pub(super) async fn ask(&self, ask: Ask<'_>, gap: Duration) -> Result<Answer, FetchError> {
        let host = HostKey::of(ask.url);
        let Tries { mut failures, mut throttles } = self.tries(ask.url);
        loop {
            if let Some(wait) = self.too_long_a_rest(&host) {
                self.keep_tries(ask.url, Tries { failures, throttles });
                return Err(FetchError::NotYet { url: Box::new(ask.url.clone()), wait });
            }
            let mut turn = self.pacer.turn(&host, gap).await;
            let share = match self.share_of_address(ask).await {
                Ok(share) => share,
                Err(wait) => {
                    turn.hold(wait);
                    self.keep_tries(ask.url, Tries { failures, throttles });
                    return Err(FetchError::NotYet { url: Box::new(ask.url.clone()), wait });
                }
            };
            let place = self.places.acquire().await.expect("the semaphore is never closed");
            let begun = Instant::now();
            let result = self.http.exchange(ask).await;
            drop(place);
            turn.gap = gap.max(self.pause_after(begun.elapsed()));
            if let Some(share) = share {
                // The address rests as its host does.
                let rest = turn.gap;
                tokio::spawn(async move {
                    tokio::time::sleep(rest).await;
                    drop(share);
                });
            }
            let status = if let Err(FetchError::Status { status, .. }) = result { Some(status) } else { None };
            let refusals = turn.refused(status.is_some_and(retry::concerns_host));
            let error = match result {
                Ok(answer) => return Ok(answer),
                Err(error) if error.is_transient() => error,
                Err(error) => return Err(error),
            };
            match ask.subject {
                _ if status != Some(429) => failures += 1,
                Subject::Page if throttles < self.options.throttle_retries => throttles += 1,
                Subject::Page => failures += 1,
                Subject::SiteFile if throttles < retry::SITE_FILE_THROTTLES.min(self.options.throttle_retries) => {
                    throttles += 1;
                }
                Subject::SiteFile => failures = self.options.retries.saturating_add(1),
            }
            let cap = self.options.max_retry_wait;
            let dice = self.dice.hash_one((ask.url.as_str(), failures, throttles));
            let tries = failures.saturating_add(throttles);
            let backoff = retry::backoff(self.options.backoff, refusals.max(tries), dice, cap);
            let wait = error.retry_after().map_or(backoff, |wait| wait.min(retry::LONGEST_REST));
            // The server spoke for all of its pages, so all of them wait.
            let for_host = error.retry_after().is_some() || status.is_some_and(retry::concerns_host);
            if for_host {
                turn.hold(wait);
                self.keep_rest(&host, wait).await;
            }
            drop(turn);
            if let Some(status) = status.filter(|_| wait > self.longest_wait()) {
                // Nobody waits for that: it is for a later run, and no failure of the page's.
                return Err(FetchError::PutOff { url: Box::new(ask.url.clone()), status, wait });
            }
            if failures > self.options.retries {
                return Err(error);
            }
            if let (true, Some(status)) = (for_host && ask.patience.is_some_and(|patience| wait > patience), status) {
                self.keep_tries(ask.url, Tries { failures, throttles });
                return Err(FetchError::PutOff { url: Box::new(ask.url.clone()), status, wait });
            }
            tracing::debug!(url = %ask.url, reason = error.kind(), ?wait, "will try again");
            if !for_host {
                tokio::time::sleep(wait).await;
            }
        }
    }
}
