//! Which of a publisher's words are obeyed. Pure.

use crate::model::Usage;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Something that a publisher may say of a page, and that is to be obeyed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Respect {
    /// `noarchive`: the page is not kept.
    NoArchive,
    /// `noindex`, or `none`: the page is not kept.
    NoIndex,
    /// `nofollow`, or `none`: the page's links are not followed.
    NoFollow,
    /// `noai`: the page is not kept.
    NoAi,
    /// `unavailable_after` a date that has passed: the page is not kept.
    UnavailableAfter,
    /// A reservation of text and data mining: the page is not kept.
    Tdm,
    /// A Content-Signal that says no, to this use or, without one, to any: the page is not kept.
    ContentSignal(Option<String>),
}

/// What a text that names nothing to respect should have been.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is nothing to respect; write \"noarchive\", \"noindex\", \"nofollow\", \"noai\", \"unavailable_after\", \"tdm\", \
     \"content-signal\", or \"content-signal:ai-train\" for one use"
)]
pub struct RespectError(String);

impl FromStr for Respect {
    type Err = RespectError;

    fn from_str(text: &str) -> Result<Self, RespectError> {
        Ok(match text {
            "noarchive" => Self::NoArchive,
            "noindex" => Self::NoIndex,
            "nofollow" => Self::NoFollow,
            "noai" => Self::NoAi,
            "unavailable_after" => Self::UnavailableAfter,
            "tdm" => Self::Tdm,
            "content-signal" => Self::ContentSignal(None),
            other => match other.split_once(':') {
                Some(("content-signal", signal)) if !signal.trim().is_empty() => {
                    Self::ContentSignal(Some(signal.trim().to_ascii_lowercase()))
                }
                _ => return Err(RespectError(text.to_owned())),
            },
        })
    }
}

impl fmt::Display for Respect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ContentSignal(Some(signal)) => write!(f, "content-signal:{signal}"),
            other => f.write_str(other.reason()),
        }
    }
}

impl Respect {
    /// The word for reports.
    fn reason(&self) -> &'static str {
        match self {
            Self::NoArchive => "noarchive",
            Self::NoIndex => "noindex",
            Self::NoFollow => NOT_FOLLOWED,
            Self::NoAi => "noai",
            Self::UnavailableAfter => UNAVAILABLE_AFTER,
            Self::Tdm => "tdm",
            Self::ContentSignal(_) => "content-signal",
        }
    }

    /// Whether the publisher says it. Directives with a robot's name before them are for that robot and not for us.
    fn is_said(&self, usage: &Usage, now: Timestamp) -> bool {
        let says = |word: &str| usage.robots.iter().any(|said| said == word);
        match self {
            Self::NoArchive => says("noarchive"),
            Self::NoIndex => says("noindex") || says("none"),
            Self::NoFollow => says("nofollow") || says("none"),
            Self::NoAi => says("noai"),
            Self::UnavailableAfter => usage.robots.iter().any(|said| {
                let date = said.strip_prefix(UNAVAILABLE_AFTER).and_then(|rest| rest.strip_prefix(':'));
                date.and_then(|date| moment(date.trim())).is_some_and(|date| date <= now)
            }),
            Self::Tdm => usage.tdm_reservation == Some(true),
            Self::ContentSignal(Some(signal)) => usage.content_signal.get(signal) == Some(&false),
            Self::ContentSignal(None) => usage.content_signal.values().any(|allowed| !allowed),
        }
    }
}

/// Why links are not followed.
pub(super) const NOT_FOLLOWED: &str = "nofollow";

const UNAVAILABLE_AFTER: &str = "unavailable_after";

/// Why a page is not kept, by the first of the words to obey that the publisher says.
pub(super) fn refusal(usage: &Usage, respect: &[Respect], now: Timestamp) -> Option<&'static str> {
    respect.iter().find(|word| **word != Respect::NoFollow && word.is_said(usage, now)).map(Respect::reason)
}

/// Why a page is not even fetched, by what its site says of all of its pages alike.
pub(super) fn refusal_beforehand(
    content_signal: BTreeMap<String, bool>,
    respect: &[Respect],
    now: Timestamp,
) -> Option<&'static str> {
    refusal(&Usage { content_signal, ..Usage::default() }, respect, now)
}

/// Whether a page's links may be followed.
pub(super) fn may_follow(usage: &Usage, respect: &[Respect], now: Timestamp) -> bool {
    !(respect.contains(&Respect::NoFollow) && Respect::NoFollow.is_said(usage, now))
}

/// A date in one of the forms that Google's documentation of `unavailable_after` allows: RFC 822, RFC 850, ISO 8601.
fn moment(text: &str) -> Option<Timestamp> {
    text.parse::<Timestamp>()
        .ok()
        .or_else(|| jiff::fmt::rfc2822::parse(text).ok().map(|date| date.timestamp()))
        .or_else(|| httpdate::parse_http_date(text).ok().and_then(|date| Timestamp::try_from(date).ok()))
        .or_else(|| {
            let midnight = text.parse::<Date>().ok()?.to_datetime(Time::midnight());
            TimeZone::UTC.to_timestamp(midnight).ok()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(robots: &[&str], respect: &str) -> bool {
        let usage = Usage { robots: robots.iter().map(|word| (*word).to_owned()).collect(), ..Usage::default() };
        let now = "2026-11-24T12:00:00Z".parse().unwrap();
        refusal(&usage, &[respect.parse().unwrap()], now).is_some()
    }

    #[test]
    fn only_what_is_said_to_us_and_to_be_obeyed() {
        assert!(refused(&["noarchive"], "noarchive"));
        assert!(!refused(&["noarchive"], "noindex"));
        assert!(!refused(&["otherbot: noarchive"], "noarchive"));
        assert!(refused(&["none"], "noindex"));
        assert!(!refused(&["nofollow"], "nofollow"), "that is about its links");
        assert!(refused(&["noai", "noimageai"], "noai"));
        assert!(!refused(&["noimageai"], "noai"));
    }

    #[test]
    fn dates_of_several_forms() {
        for (date, past) in [
            ("25 Jun 2010 15:00:00 PST", true),
            ("25 Jun 2030 15:00:00 EST", false),
            ("Friday, 25-Jun-10 15:00:00 GMT", true),
            ("Fri, 25 Jun 2010 15:00:00 GMT", true),
            ("2026-11-24", true),
            ("2026-11-25", false),
            ("2026-11-24T13:30:00+02:00", true),
            ("2026-11-24T13:30:00Z", false),
            ("soon", false),
        ] {
            assert_eq!(refused(&[&format!("unavailable_after: {date}")], "unavailable_after"), past, "{date}");
        }
    }

    #[test]
    fn signals() {
        let usage = Usage {
            content_signal: [("search".to_owned(), true), ("ai-train".to_owned(), false)].into(),
            ..Usage::default()
        };
        let refused = |respect: &str| refusal(&usage, &[respect.parse().unwrap()], Timestamp::UNIX_EPOCH);
        assert_eq!(refused("content-signal"), Some("content-signal"));
        assert_eq!(refused("content-signal:ai-train"), Some("content-signal"));
        assert_eq!(refused("content-signal:search"), None);
        assert_eq!(refused("content-signal:ai-input"), None);
    }

    #[test]
    fn words_are_read_and_written() {
        for text in [
            "noarchive",
            "noindex",
            "nofollow",
            "noai",
            "unavailable_after",
            "tdm",
            "content-signal",
            "content-signal:search",
        ] {
            assert_eq!(text.parse::<Respect>().unwrap().to_string(), text);
        }
        let error = "no-archive".parse::<Respect>().unwrap_err().to_string();
        assert!(error.contains("\"no-archive\" is nothing to respect; write \"noarchive\""), "{error}");
    }
}
