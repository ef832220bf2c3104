//! Which leased URL is next: hosts in turn, one page of each at a time, none before its rest is over.
//!
//! Leases wait here and not in the fetcher, so that a slow host holds no place that another could use. Knows no clock.

use crate::frontier::Lease;
use crate::model::HostKey;
use std::collections::{HashMap, VecDeque};
use tokio::time::Instant;

/// Leases that wait for their host.
#[derive(Debug, Default)]
pub(super) struct Queue {
    hosts: HashMap<HostKey, Waiting>,
    /// Hosts with leases that are not under way, in the order of their turns.
    turns: VecDeque<HostKey>,
    length: usize,
}

#[derive(Debug, Default)]
struct Waiting {
    leases: VecDeque<Lease>,
    under_way: bool,
    rests_until: Option<Instant>,
}

impl Queue {
    /// Leases that wait.
    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// Puts leases at the ends of their hosts' lines; feeds, sitemaps and sections go before all stories.
    pub(super) fn add(&mut self, leases: Vec<Lease>) {
        for lease in leases {
            let host = HostKey::of(&lease.url.to_url());
            let waiting = self.hosts.entry(host.clone()).or_default();
            if waiting.leases.is_empty() && !waiting.under_way {
                self.turns.push_back(host);
            }
            let at =
                if lease.kind.is_hub() { waiting.leases.iter().position(|other| !other.kind.is_hub()) } else { None };
            waiting.leases.insert(at.unwrap_or(waiting.leases.len()), lease);
            self.length += 1;
        }
    }

    /// The next lease whose host is ready. Its host is then busy until [`Queue::done`].
    pub(super) fn next(&mut self, now: Instant) -> Option<(HostKey, Lease)> {
        for _ in 0..self.turns.len() {
            let host = self.turns.pop_front()?;
            let waiting = self.hosts.get_mut(&host)?;
            if waiting.rests_until.is_some_and(|until| until > now) {
                self.turns.push_back(host);
                continue;
            }
            if let Some(lease) = waiting.leases.pop_front() {
                waiting.under_way = true;
                self.length -= 1;
                return Some((host, lease));
            }
        }
        None
    }

    /// When the next host that now rests will be ready; `None` where no lease waits for that alone.
    pub(super) fn ready_at(&self) -> Option<Instant> {
        self.turns.iter().filter_map(|host| self.hosts.get(host)?.rests_until).min()
    }

    /// A host's page is done; it rests until a moment.
    pub(super) fn done(&mut self, host: &HostKey, rests_until: Option<Instant>) {
        let Some(waiting) = self.hosts.get_mut(host) else { return };
        waiting.under_way = false;
        waiting.rests_until = rests_until;
        if !waiting.leases.is_empty() {
            self.turns.push_back(host.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frontier::{Hints, UrlKind};
    use crate::model::{CanonicalUrl, Provenance, Validators};
    use std::time::Duration;

    fn lease(url: &str, kind: UrlKind) -> Lease {
        Lease {
            url: CanonicalUrl::parse(url).unwrap(),
            address: url::Url::parse(url).unwrap(),
            source: "s".into(),
            kind,
            hints: Hints { provenance: Provenance::Feed, title: None, published: None, modified: None },
            validators: Validators::default(),
            body_hash: None,
            attempts: 0,
            article: None,
        }
    }

    fn next(queue: &mut Queue, now: Instant) -> Option<String> {
        queue.next(now).map(|(_, lease)| lease.url.to_string())
    }

    #[tokio::test]
    async fn hosts_take_turns_and_rest() {
        let now = Instant::now();
        let mut queue = Queue::default();
        let article = UrlKind::Article;
        queue.add(vec![
            lease("http://a.test/1", article),
            lease("http://a.test/2", article),
            lease("http://b.test/1", article),
            lease("http://a.test/feed", UrlKind::Feed),
        ]);
        assert_eq!(next(&mut queue, now).as_deref(), Some("http://a.test/feed"));
        assert_eq!(next(&mut queue, now).as_deref(), Some("http://b.test/1"));
        assert_eq!(next(&mut queue, now), None, "both hosts are busy");
        let later = now + Duration::from_secs(1);
        let host = |name: &str| HostKey::of(&url::Url::parse(name).unwrap());
        queue.done(&host("http://a.test"), Some(later));
        queue.done(&host("http://b.test"), None);
        assert_eq!(next(&mut queue, now), None, "one rests, the other has no more");
        assert_eq!(queue.ready_at(), Some(later));
        assert_eq!(next(&mut queue, later).as_deref(), Some("http://a.test/1"));
        queue.done(&host("http://a.test"), None);
        assert_eq!(next(&mut queue, later).as_deref(), Some("http://a.test/2"));
        queue.done(&host("http://a.test"), None);
        assert_eq!((queue.len(), next(&mut queue, later)), (0, None));
    }
}
