//! What may be tried again, and when. Pure: the clock and the dice come in as arguments.

use std::time::{Duration, SystemTime};

/// Answers 429 that cost no retry unless the options say otherwise. A bound, so that a server that never says
/// anything else does not hold a run for ever.
pub(super) const FREE_THROTTLES: u32 = 5;

/// The longest that a `Retry-After` is believed: whoever asks for more, by mistake or not, is asked again after a day.
pub(super) const LONGEST_REST: Duration = Duration::from_hours(24);

/// Answers 429 after which a file that speaks for a whole site is asked for again; with the next one it counts as not
/// to be had. Many pages wait for it, and each of them would ask.
pub(super) const SITE_FILE_THROTTLES: u32 = 2;

/// Statuses that may be another one later: RFC 9110 (408, 5xx), RFC 8470 (425), RFC 6585 (429), and those above 511 by which
/// networks say that the site behind them does not answer. A method or a version that a server does not know (501, 505)
/// stays unknown. A part of a page (206) that nobody asked for is a cache's mistake, and may be the whole next time.
pub(super) fn is_transient_status(status: u16) -> bool {
    matches!(status, 206 | 408 | 425 | 429 | 500..=599) && !matches!(status, 501 | 505)
}

/// Statuses that speak for the whole host and not for one page.
pub(super) fn concerns_host(status: u16) -> bool {
    matches!(status, 429 | 503)
}

/// The wait before try number `attempt` (from 1): doubling from `base`, half of it left to chance so that hosts that
/// failed together are not asked again together. `dice` is any number.
pub(super) fn backoff(base: Duration, attempt: u32, dice: u64, cap: Duration) -> Duration {
    let full = base.saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1)));
    let thousandths = 500 + dice % 501;
    (full.min(cap) / 1000).saturating_mul(thousandths as u32)
}

/// The `Retry-After` header: seconds or an HTTP date (RFC 9110, section 10.2.3). A date in the past is no wait.
pub(super) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number that is too large for us is a very long time.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let at = httpdate::parse_http_date(value).ok()?;
    Some(at.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_a_server_may_pass_but_for_what_it_does_not_know() {
        assert!([206, 408, 425, 429, 500, 502, 503, 504, 520, 530].into_iter().all(is_transient_status));
        assert!(![200, 403, 404, 410, 501, 505, 600].into_iter().any(is_transient_status));
    }

    #[test]
    fn waits_double_and_stay_under_the_cap() {
        let (base, cap) = (Duration::from_secs(1), Duration::from_secs(6));
        for dice in [0, 250, 500, u64::MAX] {
            assert!((500..=1000).contains(&backoff(base, 1, dice, cap).as_millis()));
            assert!((1000..=2000).contains(&backoff(base, 2, dice, cap).as_millis()));
            assert!(backoff(base, 40, dice, cap) <= cap);
        }
    }

    #[test]
    fn both_forms_of_retry_after() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        assert_eq!(retry_after(" 120 ", now), Some(Duration::from_mins(2)));
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:50:07 GMT", now), Some(Duration::from_secs(30)));
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:00:00 GMT", now), Some(Duration::ZERO));
        assert_eq!(retry_after(&"9".repeat(30), now), Some(Duration::from_secs(u64::MAX)));
        assert!(["soon", "", "-5", "1.5", "+3"].iter().all(|value| retry_after(value, now).is_none()));
    }
}
