//! How often one address may ask: a bucket of requests that fills up with time.

use super::problem::Problem;
use axum::http::header::RETRY_AFTER;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Requests a second of one address where other machines may ask and nothing else is configured: a page of ours with all
/// that belongs to it takes five, and a program that wants more can send a batch.
pub(super) const USUAL: u32 = 20;

/// How many seconds of requests may come at once.
const BURST: f64 = 5.0;

/// What a wrong token costs, in requests: whoever tries tokens gets two a second at the usual rate, from this machine as well,
/// since a proxy may stand between.
pub(super) const WRONG_TOKEN: f64 = 10.0;

/// Addresses that are told apart at the same time, 1 MiB of memory; beyond it, those that are new share one bucket.
const MAX_ADDRESSES: usize = 16 * 1024;

/// How long a full table is not looked through again for buckets that have filled up: it takes some hundred microseconds.
const SWEEP: Duration = Duration::from_secs(1);

/// Buckets by address.
#[derive(Debug)]
pub(super) struct Rate {
    per_second: f64,
    buckets: Mutex<Buckets>,
}

#[derive(Debug, Default)]
struct Buckets {
    by_address: HashMap<IpAddr, Bucket>,
    swept: Option<Instant>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Rate {
    /// So many requests a second for each address; with 0, any number.
    pub(super) fn new(per_second: u32) -> Self {
        Self { per_second: f64::from(per_second), buckets: Mutex::default() }
    }

    /// Takes requests out of an address's bucket; refuses where there are not enough in it.
    pub(super) fn take(&self, who: IpAddr, requests: f64, now: Instant) -> Result<(), Problem> {
        if self.per_second == 0.0 {
            return Ok(());
        }
        let full = self.per_second * BURST;
        let filled = |bucket: &Bucket| {
            let since = now.saturating_duration_since(bucket.at).as_secs_f64();
            (bucket.left + since * self.per_second).min(full)
        };
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let Buckets { by_address, swept } = &mut *buckets;
        let mut who = network_of(who);
        if by_address.len() >= MAX_ADDRESSES && !by_address.contains_key(&who) {
            if swept.is_none_or(|swept| now.saturating_duration_since(swept) >= SWEEP) {
                // A full bucket is as good as none.
                by_address.retain(|_, bucket| filled(bucket) < full);
                *swept = Some(now);
            }
            if by_address.len() >= MAX_ADDRESSES {
                who = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
            }
        }
        let bucket = by_address.entry(who).or_insert(Bucket { left: full, at: now });
        (bucket.left, bucket.at) = (filled(bucket), now);
        if bucket.left >= 1.0 {
            // What costs more than there is leaves a debt.
            bucket.left -= requests;
            return Ok(());
        }
        let wait = Duration::from_secs_f64((1.0 - bucket.left) / self.per_second);
        let seconds = wait.as_secs_f64().ceil().max(1.0);
        let detail = format!(
            "more than {} requests a second came from this address; come again in {seconds:.0} s",
            self.per_second
        );
        Err(Problem::new(429, detail).with(RETRY_AFTER, format!("{seconds:.0}")))
    }
}

/// Who an address stands for: of the new kind, one customer has a whole network of /64.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let mut segments = address.segments();
            segments[4..].fill(0);
            Ipv6Addr::from(segments).into()
        }
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_bucket_is_emptied_and_fills_up_again() {
        let rate = Rate::new(10);
        let start = Instant::now();
        let one = address("192.0.2.1");
        for _ in 0..50 {
            rate.take(one, 1.0, start).unwrap();
        }
        assert!(rate.take(one, 1.0, start).is_err());
        rate.take(address("192.0.2.2"), 1.0, start).unwrap();
        let later = start + Duration::from_millis(250);
        rate.take(one, 1.0, later).unwrap();
        rate.take(one, 1.0, later).unwrap();
        assert!(rate.take(one, 1.0, later).is_err());
        // It never holds more than it may.
        let much_later = start + Duration::from_hours(1);
        assert_eq!((0..100).filter(|_| rate.take(one, 1.0, much_later).is_ok()).count(), 50);
    }

    #[test]
    fn who_has_a_network_has_one_bucket() {
        let rate = Rate::new(1);
        let now = Instant::now();
        for host in 0..5 {
            rate.take(address(&format!("2001:db8::{host}")), 1.0, now).unwrap();
        }
        assert!(rate.take(address("2001:db8::99"), 1.0, now).is_err());
        rate.take(address("2001:db8:0:1::1"), 1.0, now).unwrap();
        rate.take(address("::ffff:192.0.2.1"), 5.0, now).unwrap();
        assert!(rate.take(address("192.0.2.1"), 1.0, now).is_err());
    }

    #[test]
    fn any_number_of_addresses_takes_bounded_memory() {
        let rate = Rate::new(1);
        let now = Instant::now();
        for number in 0..100_000_u32 {
            let _ = rate.take(IpAddr::V4(Ipv4Addr::from_bits(number + 1)), 1.0, now);
        }
        assert!(rate.buckets.lock().unwrap().by_address.len() <= MAX_ADDRESSES + 1);
        // Those who were there before are served as before, and when all have rested, there is room again.
        rate.take(address("0.0.0.1"), 1.0, now).unwrap();
        rate.take(address("192.0.2.1"), 1.0, now + Duration::from_mins(1)).unwrap();
        assert!(rate.buckets.lock().unwrap().by_address.len() < 10);
    }

    #[test]
    fn none_is_any_number() {
        let rate = Rate::new(0);
        assert!((0..1000).all(|_| rate.take(address("192.0.2.1"), WRONG_TOKEN, Instant::now()).is_ok()));
    }
}
