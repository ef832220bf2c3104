//! The host clocks: one request at a time for each host, and a pause after each.
//!
//! A request takes its host's [`Turn`] first and a place among all requests second, so that a host that makes its
//! visitors wait holds up nobody else.

use crate::model::HostKey;
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::OwnedMutexGuard;
use tokio::time::Instant;

/// The clock that a host goes by: a site with `www.` and without are one server to whoever runs it.
#[must_use]
pub fn clock_of(host: &HostKey) -> &str {
    host.as_str().strip_prefix("www.").unwrap_or(host.as_str())
}

/// The clocks of all hosts that were asked in this run.
#[derive(Debug, Default)]
pub(super) struct Pacer {
    /// By [`clock_of`].
    hosts: Mutex<HashMap<String, Arc<Host>>>,
    /// A moment up to which any host may have been asked by somebody whose clocks are lost.
    asked_until: OnceLock<Instant>,
}

#[derive(Debug, Default)]
struct Host {
    /// The hosts that go by this clock: two at the most.
    names: Mutex<BTreeSet<HostKey>>,
    /// Held by the request that is under way. Tokio's mutex is fair: first come, first served.
    turn: Arc<tokio::sync::Mutex<()>>,
    not_before: Mutex<Option<Instant>>,
    /// Answers in a row by which the host asked for patience.
    refusals: AtomicU32,
}

impl Host {
    fn names(&self) -> BTreeSet<HostKey> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn not_before(&self) -> Option<Instant> {
        *self.not_before.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hold(&self, until: Instant) {
        let mut not_before = self.not_before.lock().unwrap_or_else(PoisonError::into_inner);
        *not_before = Some(not_before.map_or(until, |earlier| earlier.max(until)));
    }
}

/// The right to send one request to one host. Its end starts the pause, also when the request is given up.
#[derive(Debug)]
pub(super) struct Turn {
    host: Arc<Host>,
    /// How long the host rests after it.
    pub(super) gap: Duration,
    _held: OwnedMutexGuard<()>,
}

impl Turn {
    /// Keeps everybody off the host for at least this long from now.
    pub(super) fn hold(&self, wait: Duration) {
        self.host.hold(after(wait));
    }

    /// Notes whether the host asked for patience, and says how often it has in a row, whichever of its pages was asked for.
    pub(super) fn refused(&self, refused: bool) -> u32 {
        if refused {
            self.host.refusals.fetch_add(1, Ordering::Relaxed) + 1
        } else {
            self.host.refusals.store(0, Ordering::Relaxed);
            0
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.host.hold(after(self.gap));
    }
}

impl Pacer {
    /// Waits for the host's turn; after it the host rests for `gap`.
    pub(super) async fn turn(&self, host: &HostKey, gap: Duration) -> Turn {
        let host = self.host(host);
        if let Some(asked) = self.asked_until.get() {
            host.hold(asked.checked_add(gap).unwrap_or(*asked));
        }
        let held = Arc::clone(&host.turn).lock_owned().await;
        // Somebody may push the clock on while this one sleeps.
        while let Some(until) = host.not_before().filter(|until| *until > Instant::now()) {
            tokio::time::sleep_until(until).await;
        }
        Turn { host, gap, _held: held }
    }

    /// Says that any host may have been asked up to now, by a run that died; each rests its gap before its first turn.
    pub(super) fn distrust_past(&self) {
        let _ = self.asked_until.set(Instant::now());
    }

    /// Keeps everybody off a host for at least this long from now.
    pub(super) fn hold(&self, host: &HostKey, wait: Duration) {
        self.host(host).hold(after(wait));
    }

    /// Until when a host rests; `None` where it may be asked now.
    pub(super) fn rests_until(&self, host: &HostKey) -> Option<Instant> {
        let hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.get(clock_of(host))?.not_before().filter(|until| *until > Instant::now())
    }

    /// Whether a request to a host would get its turn within a time, as far as is known: nobody else has it, and the host
    /// does not rest longer than that.
    pub(super) fn is_ready(&self, host: &HostKey, within: Duration) -> bool {
        let host = self.host(host);
        let free = host.turn.try_lock().is_ok();
        free && host.not_before().is_none_or(|until| until <= after(within))
    }

    /// The hosts that rest now, and for how long yet.
    pub(super) fn resting(&self) -> Vec<(HostKey, Duration)> {
        let now = Instant::now();
        let hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        hosts
            .values()
            .filter_map(|host| Some((host.names(), host.not_before()?.checked_duration_since(now)?)))
            .flat_map(|(names, rest)| names.into_iter().map(move |name| (name, rest)))
            .collect()
    }

    fn host(&self, key: &HostKey) -> Arc<Host> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let host = Arc::clone(hosts.entry(clock_of(key).to_owned()).or_default());
        host.names.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone());
        host
    }
}

fn after(wait: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(wait).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use url::Url;

    fn key(text: &str) -> HostKey {
        HostKey::of(&Url::parse(text).unwrap())
    }

    #[tokio::test]
    async fn a_host_rests_after_each_request_and_another_does_not_wait() {
        let pacer = Pacer::default();
        let gap = Duration::from_millis(200);
        drop(pacer.turn(&key("http://a.test/"), gap).await);
        let start = Instant::now();
        drop(pacer.turn(&key("http://b.test/"), gap).await);
        assert!(start.elapsed() < gap);
        drop(pacer.turn(&key("http://a.test/x"), gap).await);
        assert!(start.elapsed() + Duration::from_millis(5) >= gap);
    }

    #[tokio::test]
    async fn a_site_with_www_and_without_has_one_clock_and_its_ports_have_their_own() {
        let pacer = Pacer::default();
        drop(pacer.turn(&key("http://a.test/"), Duration::from_mins(1)).await);
        assert!(pacer.rests_until(&key("http://www.a.test/")).is_some());
        assert!(!pacer.is_ready(&key("https://www.a.test/"), Duration::ZERO));
        for other in ["http://a.test:8080/", "http://b.test/", "http://wwwa.test/", "http://www.www.a.test/"] {
            assert!(pacer.is_ready(&key(other), Duration::ZERO), "{other}");
        }
        // Both are kept over a restart, by the names that they have.
        let resting: Vec<_> = pacer.resting().into_iter().map(|(host, _)| host).collect();
        assert!(["http://a.test/", "http://www.a.test/"].iter().all(|host| resting.contains(&key(host))));
    }

    #[tokio::test]
    async fn the_clock_can_be_pushed_while_somebody_waits() {
        let pacer = Arc::new(Pacer::default());
        let start = Instant::now();
        drop(pacer.turn(&key("http://a.test/"), Duration::from_millis(10)).await);
        let waiting = tokio::spawn({
            let pacer = Arc::clone(&pacer);
            async move { drop(pacer.turn(&key("http://a.test/"), Duration::ZERO).await) }
        });
        tokio::task::yield_now().await;
        pacer.hold(&key("http://a.test/"), Duration::from_millis(60));
        waiting.await.unwrap();
        assert!(start.elapsed() >= Duration::from_millis(60));
    }

    #[tokio::test]
    async fn after_a_run_that_died_every_host_rests_first() {
        let pacer = Pacer::default();
        pacer.distrust_past();
        let (start, gap) = (Instant::now(), Duration::from_millis(80));
        let one = async { drop(pacer.turn(&key("http://a.test/"), gap).await) };
        let other = async { drop(pacer.turn(&key("http://b.test/"), gap / 2).await) };
        tokio::join!(one, other);
        let elapsed = start.elapsed();
        assert!(elapsed + Duration::from_millis(5) >= gap && elapsed < gap * 3, "{elapsed:?}");
    }

    #[tokio::test]
    async fn a_request_that_is_given_up_still_starts_the_pause() {
        let pacer = Pacer::default();
        drop(pacer.turn(&key("http://a.test/"), Duration::from_mins(1)).await);
        let resting = pacer.resting();
        assert_eq!(resting[0].0, key("http://a.test/"));
        assert!(resting[0].1 > Duration::from_secs(50));
    }
}
