//! What was found, against what the archive has.

use crate::model::Provenance;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Addresses shown of each reason.
pub const EXAMPLES: usize = 3;

/// Stories that wait to be fetched, as a reason.
pub const WAITING: &str = "waiting";

/// The places where stories are found, each with what it is called.
pub const PLACES: [(Provenance, &str); 3] =
    [(Provenance::Feed, "feeds"), (Provenance::Sitemap, "sitemaps"), (Provenance::Section, "sections")];

/// What was found of one source, and what the archive has of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// When the first of its stories was found.
    pub since: Option<Timestamp>,
    /// By the most trusted place that each story was found in.
    pub places: BTreeMap<Provenance, Share>,
    /// Stories that the archive does not have, by the reason.
    pub missing: BTreeMap<String, Missing>,
    /// From publication to capture, of articles that were published after `since`, in order. Those that give no more than a
    /// day are not among them.
    pub lags: Vec<SignedDuration>,
}

/// How many there are, and how many of them the archive has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// Stories that were found.
    pub found: u64,
    /// Of these, in the archive.
    pub captured: u64,
}

impl Share {
    /// The captured part of what was found, 0 to 1; `None` where nothing was found.
    #[must_use]
    pub fn captured_share(self) -> Option<f64> {
        (self.found > 0).then(|| self.captured as f64 / self.found as f64)
    }
}

/// Stories that the archive does not have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Missing {
    /// How many.
    pub count: u64,
    /// The first [`EXAMPLES`] of their addresses.
    pub examples: Vec<String>,
}

impl Coverage {
    /// All places together.
    #[must_use]
    pub fn total(&self) -> Share {
        self.places.values().fold(Share::default(), |sum, share| Share {
            found: sum.found + share.found,
            captured: sum.captured + share.captured,
        })
    }

    /// The lag that this share of the articles, from 0 to 1, did not exceed (nearest rank); `None` where none is known.
    #[must_use]
    pub fn lag(&self, share: f64) -> Option<SignedDuration> {
        let rank = (share * self.lags.len() as f64).ceil() as usize;
        self.lags.get(rank.max(1) - 1).copied()
    }

    /// As JSON: `{"since", "found", "captured", "places", "missing", "lag"}`.
    #[must_use]
    pub fn value(&self) -> Value {
        let total = self.total();
        let places: BTreeMap<&str, Value> = PLACES
            .iter()
            .filter_map(|(place, name)| {
                let share = self.places.get(place)?;
                Some((*name, json!({"found": share.found, "captured": share.captured})))
            })
            .collect();
        let missing: BTreeMap<&str, Value> = self
            .missing
            .iter()
            .map(|(reason, missing)| (reason.as_str(), json!({"count": missing.count, "examples": missing.examples})))
            .collect();
        let seconds = |rank| self.lag(rank).map(|lag| lag.as_secs_f64());
        json!({
            "since": self.since.map(|since| since.to_string()),
            "found": total.found,
            "captured": total.captured,
            "places": places,
            "missing": missing,
            "lag": {"articles": self.lags.len(), "median_seconds": seconds(0.5), "p95_seconds": seconds(0.95)},
        })
    }

    /// Takes in what another source has.
    pub fn add(&mut self, other: &Self) {
        self.since = match (self.since, other.since) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        for (place, share) in &other.places {
            let sum = self.places.entry(*place).or_default();
            sum.found += share.found;
            sum.captured += share.captured;
        }
        for (reason, missing) in &other.missing {
            let sum = self.missing.entry(reason.clone()).or_default();
            sum.count += missing.count;
            let room = EXAMPLES.saturating_sub(sum.examples.len());
            sum.examples.extend(missing.examples.iter().take(room).cloned());
        }
        self.lags.extend(&other.lags);
        self.lags.sort_unstable();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks() {
        let lags = (1..=20).map(SignedDuration::from_mins).collect();
        let coverage = Coverage { lags, ..Coverage::default() };
        assert_eq!(coverage.lag(0.5), Some(SignedDuration::from_mins(10)));
        assert_eq!(coverage.lag(0.95), Some(SignedDuration::from_mins(19)));
        assert_eq!(coverage.lag(1.0), Some(SignedDuration::from_mins(20)));
        assert_eq!(Coverage::default().lag(0.5), None);
    }
}
