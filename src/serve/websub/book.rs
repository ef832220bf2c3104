//! What is subscribed to, and what is to be done about it when. Kept in a file beside the store.

use crate::archive::{ArchiveError, write_whole_with};
use crate::discover::HubOffer;
use crate::model::CanonicalUrl;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::fmt;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;
use url::Url;

/// Subscriptions at the same time: as many as sources can be added.
const MAX_SUBSCRIPTIONS: usize = 10_000;

/// For how long a subscription is asked: what many hubs grant at the most.
pub(super) const LEASE: SignedDuration = SignedDuration::from_hours(10 * 24);

/// The longest lease that is believed: a subscription that a hub has lost is asked for again in time.
const LONGEST_LEASE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The soonest that a subscription is renewed, however short its lease is.
const SOONEST_RENEWAL: SignedDuration = SignedDuration::from_secs(5);

/// The pause after the first request that failed; doubled with each further one.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(5);

/// The longest pause between two tries. It is also how long a hub is left alone that does not want us.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(24);

/// How long a hub has to ask back, once it has taken a request.
const TIME_TO_VERIFY: SignedDuration = SignedDuration::from_mins(10);

/// A subscription.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Subscription {
    /// The last part of the callback's path.
    pub(super) id: String,
    /// What deliveries are signed with.
    pub(super) secret: String,
    pub(super) source: String,
    /// The feed, as the store knows it.
    pub(super) feed: String,
    pub(super) hub: Url,
    pub(super) topic: Url,
    /// Until when the hub tells of news; `None` before it has asked back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) lease_until: Option<Timestamp>,
    /// When the hub is asked (again).
    pub(super) ask_at: Timestamp,
    /// Requests since the hub last asked back.
    #[serde(default)]
    pub(super) tries: u32,
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").field("feed", &self.feed).field("hub", &self.hub).finish_non_exhaustive()
    }
}

/// All of them.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Book {
    subscriptions: Vec<Subscription>,
    /// Whether something is not in the file yet.
    #[serde(skip)]
    pub(super) is_changed: bool,
}

impl Book {
    /// Reads the file; empty where there is none.
    pub(super) fn read(path: &Path) -> io::Result<Self> {
        match std::fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(io::Error::other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    /// As the file has it.
    pub(super) fn text(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).expect("text and numbers can be written as JSON")
    }

    pub(super) fn find(&self, id: &str) -> Option<&Subscription> {
        self.subscriptions.iter().find(|subscription| subscription.id == id)
    }

    fn find_mut(&mut self, id: &str) -> Option<&mut Subscription> {
        self.subscriptions.iter_mut().find(|subscription| subscription.id == id)
    }

    /// Takes in what a feed says of hubs. A feed that names another one is subscribed to anew, under another path.
    pub(super) fn note(&mut self, source: &str, feed: &CanonicalUrl, offer: Option<&HubOffer>, now: Timestamp) {
        let is_this = |known: &Subscription| known.source == source && known.feed == feed.as_str();
        let is_kept = |known: &Subscription| {
            !is_this(known) || offer.is_some_and(|offer| offer.hub == known.hub && offer.topic == known.topic)
        };
        let before = self.subscriptions.len();
        self.subscriptions.retain(is_kept);
        self.is_changed |= self.subscriptions.len() < before;
        let Some(offer) = offer else { return };
        if self.subscriptions.iter().any(is_this) || self.subscriptions.len() >= MAX_SUBSCRIPTIONS {
            return;
        }
        let (Some(id), Some(secret)) = (random::<16>(), random::<32>()) else {
            tracing::warn!(source, "no random bytes are to be had, so that nothing is subscribed to");
            return;
        };
        self.subscriptions.push(Subscription {
            id,
            secret,
            source: source.to_owned(),
            feed: feed.as_str().to_owned(),
            hub: offer.hub.clone(),
            topic: offer.topic.clone(),
            lease_until: None,
            ask_at: now,
            tries: 0,
        });
        self.is_changed = true;
    }

    /// Forgets the subscriptions of all other sources.
    pub(super) fn keep_only(&mut self, sources: &HashSet<String>) {
        let before = self.subscriptions.len();
        self.subscriptions.retain(|subscription| sources.contains(&subscription.source));
        self.is_changed |= self.subscriptions.len() < before;
    }

    /// Up to `limit` subscriptions that are to be asked for now; each is put off as if its hub did not ask back.
    pub(super) fn claim(&mut self, now: Timestamp, limit: usize) -> Vec<Subscription> {
        let mut claimed = Vec::new();
        for subscription in self.subscriptions.iter_mut().filter(|known| known.ask_at <= now).take(limit) {
            subscription.ask_at = later(now, TIME_TO_VERIFY.max(pause(subscription.tries)));
            subscription.tries += 1;
            claimed.push(subscription.clone());
        }
        self.is_changed |= !claimed.is_empty();
        claimed
    }

    /// When the next subscription is to be asked for.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.subscriptions.iter().map(|subscription| subscription.ask_at).min()
    }

    /// A request failed. Where the hub has asked back in the meantime, it did not.
    pub(super) fn failed(&mut self, claimed: &Subscription, now: Timestamp) {
        let tries = claimed.tries;
        if let Some(subscription) = self.find_mut(&claimed.id).filter(|known| known.tries == tries) {
            subscription.ask_at = later(now, pause(tries - 1));
            self.is_changed = true;
        }
    }

    /// The hub asked back, and grants so many seconds. Renewed when two thirds are over, so that there is time to try again.
    pub(super) fn verified(&mut self, id: &str, seconds: Option<i64>, now: Timestamp) {
        let lease = seconds.map_or(LEASE, SignedDuration::from_secs).clamp(SignedDuration::ZERO, LONGEST_LEASE);
        if let Some(subscription) = self.find_mut(id) {
            subscription.lease_until = Some(later(now, lease));
            subscription.ask_at = later(now, (lease / 3 * 2).max(SOONEST_RENEWAL));
            subscription.tries = 0;
            self.is_changed = true;
        }
    }

    /// The hub does not want us.
    pub(super) fn denied(&mut self, id: &str, now: Timestamp) {
        if let Some(subscription) = self.find_mut(id) {
            subscription.lease_until = None;
            subscription.ask_at = later(now, LONGEST_PAUSE);
            self.is_changed = true;
        }
    }
}

/// Writes the file, which nobody else may read: it holds secrets.
pub(super) fn write(path: &Path, text: &[u8]) -> Result<(), ArchiveError> {
    let failed = |source| ArchiveError::File { doing: "write", path: path.to_owned(), source };
    write_whole_with(path, |file| {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            file.set_permissions(std::fs::Permissions::from_mode(0o600)).map_err(failed)?;
        }
        file.write_all(text).map_err(failed)
    })
}

/// The pause after so many tries before this one.
fn pause(tries: u32) -> SignedDuration {
    FIRST_PAUSE.saturating_mul(1 << tries.min(20)).min(LONGEST_PAUSE)
}

fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// So many random bytes, as hexadecimal digits.
fn random<const BYTES: usize>() -> Option<String> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}
