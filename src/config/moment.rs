//! Moments as people write them.

use super::parse_duration;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

/// Reads a moment (RFC 3339), a day (its beginning in UTC), or a time ago such as `7d`.
///
/// # Errors
/// A sentence that says what to write.
pub fn parse_moment(text: &str) -> Result<Timestamp, String> {
    let text = text.trim();
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    if let Ok(day) = text.parse::<Date>() {
        return TimeZone::UTC.to_timestamp(day.to_datetime(Time::midnight())).map_err(|error| error.to_string());
    }
    parse_duration(text).ok().and_then(|ago| Timestamp::now().checked_sub(ago).ok()).ok_or_else(|| {
        format!("{text:?} is no moment; write 2026-11-24, 2026-11-24T08:00:00Z, or a time ago such as 7d")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments() {
        assert_eq!(parse_moment("2026-11-24").unwrap().to_string(), "2026-11-24T00:00:00Z");
        assert_eq!(parse_moment("2026-11-24T08:00:00+02:00").unwrap().to_string(), "2026-11-24T06:00:00Z");
        let ago = Timestamp::now().duration_since(parse_moment("7d").unwrap());
        assert!((ago.as_secs() - 7 * 86_400).abs() < 60);
        assert!(parse_moment("yesterday").unwrap_err().contains("7d"));
        assert!(parse_moment("").is_err());
    }
}
