//! A date as news pages give it: a moment with its offset, or just a day.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// When something was published or changed.
///
/// A page that shows a bare day keeps a bare day, because the hour that would complete it is not known; a page that
/// gives a moment keeps its own offset, because "22:30 in Tokyo" and "13:30 in London" are the same instant and not
/// the same day.
///
/// As a string it is `2026-03-05` or RFC 3339 (`2026-03-05T14:30:00+09:00`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArticleDate {
    /// A calendar day, in the publisher's own reckoning.
    Day(Date),
    /// A moment and the offset from UTC that the page wrote it in.
    Moment(Timestamp, Offset),
    /// A moment that the page wrote in UTC, with a `Z`.
    Utc(Timestamp),
}

/// A string that is neither RFC 3339 nor a calendar day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither an RFC 3339 moment nor a day such as 2026-03-05")]
pub struct DateError(String);

impl ArticleDate {
    /// The calendar day, as the page's own readers would name it.
    #[must_use]
    pub fn day(&self) -> Date {
        match *self {
            Self::Day(day) => day,
            Self::Moment(instant, offset) => offset.to_datetime(instant).date(),
            Self::Utc(instant) => Offset::UTC.to_datetime(instant).date(),
        }
    }

    /// The instant; a bare day counts from its first second in UTC.
    #[must_use]
    pub fn instant(&self) -> Timestamp {
        match *self {
            Self::Day(day) => {
                Offset::UTC.to_timestamp(day.to_datetime(jiff::civil::Time::midnight())).unwrap_or(Timestamp::MIN)
            }
            Self::Moment(instant, _) | Self::Utc(instant) => instant,
        }
    }

    /// Whether the hour is known.
    #[must_use]
    pub fn has_time(&self) -> bool {
        !matches!(self, Self::Day(_))
    }
}

impl From<Timestamp> for ArticleDate {
    fn from(instant: Timestamp) -> Self {
        Self::Utc(instant)
    }
}

impl fmt::Display for ArticleDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Day(day) => write!(f, "{day}"),
            Self::Utc(instant) => write!(f, "{instant:.0}"),
            Self::Moment(instant, offset) => write!(f, "{:.0}", instant.display_with_offset(offset)),
        }
    }
}

impl FromStr for ArticleDate {
    type Err = DateError;

    /// Reads what [`fmt::Display`] writes, and the W3C profile of ISO 8601 that sitemaps use (`2026-03-05T14:30Z`).
    fn from_str(text: &str) -> Result<Self, DateError> {
        let text = text.trim();
        let error = || DateError(text.chars().take(60).collect());
        if text.len() <= 10 {
            return text.parse::<Date>().map(Self::Day).map_err(|_| error());
        }
        let pieces = jiff::fmt::temporal::Pieces::parse(text).map_err(|_| error())?;
        match (pieces.time(), pieces.to_numeric_offset()) {
            (Some(time), Some(offset)) => offset
                .to_timestamp(pieces.date().to_datetime(time))
                .map(|instant| {
                    let zulu = text.ends_with(['Z', 'z']);
                    if zulu { Self::Utc(instant) } else { Self::Moment(instant, offset) }
                })
                .map_err(|_| error()),
            _ => Ok(Self::Day(pieces.date())),
        }
    }
}

impl Serialize for ArticleDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ArticleDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_stays_a_day_and_a_moment_keeps_its_offset() {
        for text in [
            "2026-03-05",
            "2026-03-05T14:30:00+09:00",
            "2026-03-05T14:30:00+00:00",
            "2026-03-05T14:30:00Z",
            "2026-03-05T14:30:00-03:30",
        ] {
            assert_eq!(text.parse::<ArticleDate>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_time_without_an_offset_is_no_moment() {
        assert_eq!("2026-03-05T14:30:00".parse::<ArticleDate>().unwrap().to_string(), "2026-03-05");
    }

    #[test]
    fn the_day_is_the_publishers_own() {
        let late: ArticleDate = "2026-03-05T23:30:00-08:00".parse().unwrap();
        assert_eq!(late.day().to_string(), "2026-03-05");
        assert_eq!(late.instant().to_string(), "2026-03-06T07:30:00Z");
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "yesterday", "2026-13-40", "2026-03-05T99:00:00Z"] {
            assert!(text.parse::<ArticleDate>().is_err(), "{text:?}");
        }
    }
}
