//! Hosts that cannot be reached are given up for a time that outlives the run (a circuit breaker).
//!
//! Pages of such a host are not tried. Feeds, sitemaps and sections are, once in a run, and so find out that it is back.
//! Knows no clock.

use crate::fetch::FetchError;
use crate::frontier::HostDown;
use crate::model::HostKey;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What pages of a host that cannot be had weigh, one after the other, from which on it is given up: three of them, or as
/// many answers 429 or 503 as three pages get, of however many pages.
const GIVE_UP_AFTER: u32 = 9;
const FAILED_PAGE: u32 = 3;
const REFUSAL: u32 = 1;

/// How long a host is given up at first; doubled each time that it is found down again.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_mins(10);

/// The longest such time, so that a host which comes back is missed for a day at the most.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(24);

/// What is known of the hosts that failed.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    hosts: Mutex<Hosts>,
}

#[derive(Debug, Default)]
struct Hosts {
    health: HashMap<HostKey, Health>,
    /// Of these, something changed that is not saved yet.
    changed: BTreeSet<HostKey>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Health {
    /// What weighs against it in a row, since it was last given up.
    failures: u32,
    /// How often it was given up since it last answered.
    times: u32,
    until: Option<Timestamp>,
}

impl Breaker {
    /// Takes over what an earlier run knew.
    pub(super) fn load(&self, down: Vec<HostDown>) {
        let health = |times, until| Health { failures: 0, times, until: Some(until) };
        self.hosts().health.extend(down.into_iter().map(|down| (down.host, health(down.times, down.until))));
    }

    /// Whether a host's pages are not to be tried.
    pub(super) fn is_down(&self, host: &HostKey, now: Timestamp) -> bool {
        self.hosts().health.get(host).is_some_and(|health| health.until.is_some_and(|until| until > now))
    }

    /// Notes what came of a request to a host.
    pub(super) fn note<T>(&self, host: &HostKey, result: &Result<T, FetchError>, now: Timestamp) {
        match result {
            Err(FetchError::PutOff { status: 429 | 503, .. } | FetchError::Status { status: 429, .. }) => {
                self.failed(host, REFUSAL, now);
            }
            Err(error) if is_of_host(error) => self.failed(host, FAILED_PAGE, now),
            Err(error) if says_nothing_of_host(error) => {}
            _ => self.answered(host),
        }
    }

    fn failed(&self, host: &HostKey, weight: u32, now: Timestamp) {
        let mut hosts = self.hosts();
        let health = hosts.health.entry(host.clone()).or_default();
        if health.until.is_some_and(|until| until > now) {
            return;
        }
        health.failures += weight;
        // One that was given up before has one chance.
        if health.failures >= GIVE_UP_AFTER || health.times > 0 {
            let doublings = 2_i32.saturating_pow(health.times);
            health.times += 1;
            health.failures = 0;
            health.until = now.checked_add(FIRST_PAUSE.saturating_mul(doublings).min(LONGEST_PAUSE)).ok();
            hosts.changed.insert(host.clone());
        }
    }

    fn answered(&self, host: &HostKey) {
        let mut hosts = self.hosts();
        if hosts.health.remove(host).is_some_and(|health| health.times > 0) {
            hosts.changed.insert(host.clone());
        }
    }

    /// What changed since the last call.
    pub(super) fn take_changes(&self) -> Vec<HostDown> {
        let mut hosts = self.hosts();
        let changed = std::mem::take(&mut hosts.changed);
        let down = |host: HostKey| {
            let health = hosts.health.get(&host).copied().unwrap_or_default();
            HostDown { host, times: health.times, until: health.until.unwrap_or(Timestamp::UNIX_EPOCH) }
        };
        changed.into_iter().map(down).collect()
    }

    fn hosts(&self) -> MutexGuard<'_, Hosts> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether an error says that the host cannot be reached, or can answer nothing, whatever the page.
fn is_of_host(error: &FetchError) -> bool {
    matches!(
        error,
        FetchError::Dns { .. }
            | FetchError::Connect { .. }
            | FetchError::Tls { .. }
            | FetchError::Timeout { .. }
            | FetchError::Interrupted { .. }
            | FetchError::Status { status: 503, .. }
    )
}

/// Whether an error was met without the host, or by what is remembered of it.
fn says_nothing_of_host(error: &FetchError) -> bool {
    matches!(
        error,
        FetchError::Scheme { .. }
            | FetchError::PutOff { .. }
            | FetchError::NotYet { .. }
            | FetchError::RedirectWaits { .. }
            | FetchError::Refused { .. }
            | FetchError::Disallowed { .. }
            | FetchError::RobotsUnavailable { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use url::Url;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + second).unwrap()
    }

    fn host() -> HostKey {
        HostKey::of(&Url::parse("https://news.test/").unwrap())
    }

    #[test]
    fn three_failures_in_a_row_and_then_one_each_time() {
        let breaker = Breaker::default();
        let host = host();
        breaker.failed(&host, FAILED_PAGE, at(0));
        breaker.failed(&host, FAILED_PAGE, at(1));
        breaker.answered(&host);
        for second in 2..5 {
            assert!(!breaker.is_down(&host, at(second)));
            breaker.failed(&host, FAILED_PAGE, at(second));
        }
        assert!(breaker.is_down(&host, at(4 + 599)) && !breaker.is_down(&host, at(4 + 600)));
        let saved = breaker.take_changes();
        assert_eq!(saved, [HostDown { host: host.clone(), times: 1, until: at(604) }]);
        assert!(breaker.take_changes().is_empty());

        // The next run.
        let breaker = Breaker::default();
        breaker.load(saved);
        breaker.failed(&host, FAILED_PAGE, at(100));
        assert!(breaker.take_changes().is_empty(), "it was down all the time");
        breaker.failed(&host, FAILED_PAGE, at(1000));
        assert!(breaker.is_down(&host, at(1000 + 1199)) && !breaker.is_down(&host, at(1000 + 1200)));
        breaker.answered(&host);
        assert!(!breaker.is_down(&host, at(1001)));
        assert_eq!(breaker.take_changes(), [HostDown { host, times: 0, until: Timestamp::UNIX_EPOCH }]);
    }

    #[test]
    fn no_host_is_given_up_for_more_than_a_day() {
        let (breaker, host) = (Breaker::default(), host());
        breaker.load(vec![HostDown { host: host.clone(), times: 40, until: at(0) }]);
        breaker.failed(&host, FAILED_PAGE, at(1));
        assert!(breaker.is_down(&host, at(86_400)) && !breaker.is_down(&host, at(86_401)));
    }
}
