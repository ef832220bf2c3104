//! Files that speak for a whole site: fetched, kept for a day, and kept over a restart.
//!
//! What an answer means follows RFC 9309, section 2.3.1, also for files that are not robots.txt. One that is not there
//! says nothing. One that cannot be had, because the server or the network fails, is unknown for as long as that lasts:
//! the standard lets a crawler fall back after a month on an old copy or on none, and this one does not. A copy of less
//! than a day still holds, since in that time nobody asks. An answer 429 says nothing of the file, so it counts with the
//! failures.

use super::access::Behalf;
use super::body::Overflow;
use super::fetcher::Shared;
use super::http::{Answer, Ask, Subject};
use super::{Accept, FetchError, HostMemory, robots};
use crate::model::{HostKey, SiteFile, Validators};
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use url::Url;

/// A file behind more redirects than are followed counts as not there (RFC 9309, section 2.3.1.2).
const BEHIND_TOO_MANY_REDIRECTS: u16 = 404;

/// What is known of one kind of file, by where it lies.
#[derive(Debug)]
pub(super) struct SiteFiles<T> {
    sites: Mutex<HashMap<String, Site<T>>>,
}

/// The lock is held while the file is fetched, so that it is fetched once.
type Site<T> = Arc<tokio::sync::Mutex<Option<Known<T>>>>;

/// What is known of a file, and since when by the wall's clock: other than the process's, it goes on while the machine
/// sleeps.
#[derive(Debug, Clone)]
struct Known<T> {
    since: Timestamp,
    value: Result<T, String>,
}

/// Where the memory is, once there is one.
pub(super) type MemoryPlace = OnceLock<Arc<dyn HostMemory>>;

/// A file that was read.
pub(super) struct Read<T> {
    pub(super) value: T,
    /// Whether the site was asked just now.
    pub(super) fresh: bool,
}

/// Why a file is unknown.
pub(super) struct Unread {
    /// In a few words.
    pub(super) reason: String,
    /// The failure, where it was met just now and is that of the network or of the guard.
    pub(super) error: Option<FetchError>,
}

impl<T> Default for SiteFiles<T> {
    fn default() -> Self {
        Self { sites: Mutex::default() }
    }
}

impl<T> Known<T> {
    fn holds(&self, now: Timestamp) -> bool {
        let kept_for = if self.value.is_ok() { robots::KEPT_FOR } else { robots::FAILURE_KEPT_FOR };
        // A moment in the future comes from a clock that was set back.
        Duration::try_from(now.duration_since(self.since)).is_ok_and(|age| age < kept_for)
    }

    /// What an answer means; `read` takes the file's bytes, none where there is no file.
    fn of(file: &SiteFile, read: &impl Fn(Option<&[u8]>) -> T) -> Self {
        let value = match file.status {
            200..=299 => Ok(read(Some(&file.body))),
            400..=428 | 430..=499 => Ok(read(None)),
            status => Err(super::error::status_text(status)),
        };
        Self { since: file.fetched, value }
    }
}

/// How a site is asked for a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner<'a> {
    /// The pause after it.
    pub(super) gap: Duration,
    /// The longest wait for another try.
    pub(super) patience: Option<Duration>,
    /// For whom.
    pub(super) behalf: Behalf<'a>,
}

impl Shared {
    /// A site's file: from this run, from an earlier one, or from the site.
    pub(super) async fn site_file<T: Clone>(
        &self,
        files: &SiteFiles<T>,
        url: &Url,
        manner: Manner<'_>,
        read: impl Fn(Option<&[u8]>) -> T,
    ) -> Result<Read<T>, Unread> {
        let site = {
            let mut sites = files.sites.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(sites.entry(url.as_str().to_owned()).or_default())
        };
        let mut known = site.lock().await;
        if known.is_none() {
            *known = self.recall(url).await.map(|file| Known::of(&file, &read));
        }
        if let Some(Known { value, .. }) = known.as_ref().filter(|known| known.holds(Timestamp::now())) {
            let unread = |reason| Unread { reason, error: None };
            return value.clone().map(|value| Read { value, fresh: false }).map_err(unread);
        }
        match self.fetch_site_file(url, manner).await {
            Ok(file) => {
                let found = Known::of(&file, &read);
                self.keep(file).await;
                *known = Some(found.clone());
                let unread = |reason| Unread { reason, error: None };
                found.value.map(|value| Read { value, fresh: true }).map_err(unread)
            }
            // Nobody waited for it, so nothing is known yet; but where it has moved to a host that rests, nobody is to
            // ask where it was again and again.
            Err(error @ (FetchError::PutOff { .. } | FetchError::NotYet { .. }))
                if error.url().is_some_and(|at| HostKey::of(at) == HostKey::of(url)) =>
            {
                Err(Unread { reason: error.summary(), error: Some(error) })
            }
            // The network failed, or the guard said no. That is not kept beyond the run: no server said it, and whoever
            // has mended it wants to see it work.
            Err(error) => {
                let reason = error.summary();
                *known = Some(Known { since: Timestamp::now(), value: Err(reason.clone()) });
                Err(Unread { reason, error: Some(error) })
            }
        }
    }

    async fn recall(&self, url: &Url) -> Option<SiteFile> {
        let (memory, url) = (Arc::clone(self.memory.get()?), url.clone());
        tokio::task::spawn_blocking(move || memory.site_file(&url)).await.ok().flatten()
    }

    async fn keep(&self, file: SiteFile) {
        if let Some(memory) = self.memory.get().map(Arc::clone) {
            // Waited for: it has to be kept before the first page is asked for.
            let _ = tokio::task::spawn_blocking(move || memory.keep_site_file(&file)).await;
        }
    }

    /// Asks for a file. An answer of any status is one; a failure is that of the network or of the guard.
    async fn fetch_site_file(
        &self,
        url: &Url,
        Manner { gap, patience, behalf }: Manner<'_>,
    ) -> Result<SiteFile, FetchError> {
        let answered = |status, body| SiteFile { url: url.clone(), fetched: Timestamp::now(), status, body };
        let mut at = url.clone();
        for _ in 0..=robots::MAX_REDIRECTS {
            self.http.passage(&at)?;
            let ask = Ask {
                url: &at,
                accept: Accept::Anything,
                validators: &Validators::default(),
                // One more than is read, to see whether a line was cut.
                limit: robots::MAX_BYTES as u64 + 1,
                overflow: Overflow::Cut,
                token: &self.token,
                subject: Subject::SiteFile,
                patience,
                access: behalf.access,
                cookies: None,
                tape: behalf.tape,
            };
            match self.ask(ask, gap).await {
                Ok(Answer::Page(page)) => return Ok(answered(page.status, page.body.to_vec())),
                Ok(Answer::Redirect { target, .. }) => at = target,
                Err(FetchError::Status { status, .. }) => return Ok(answered(status, Vec::new())),
                Err(error) => return Err(error),
            }
        }
        Ok(answered(BEHIND_TOO_MANY_REDIRECTS, Vec::new()))
    }
}
