//! Which leased URL is next: hosts in turn, one page of each at a time, none before its rest is over.
//!
//! Leases wait here and not in the fetcher, so that a slow host holds no place that another could use. Knows no clock.

use crate::fetch::clock_of;
use crate::frontier::Lease;
use crate::model::HostKey;
use std::collections::{HashMap, VecDeque};
use tokio::time::Instant;

/// Leases that wait for their host.
#[derive(Debug, Default)]
pub(super) struct Queue {
    /// By the clock that the hosts go by.
    hosts: HashMap<String, Waiting>,
    /// Hosts with leases that are not under way, in the order of their turns.
    turns: VecDeque<String>,
    length: usize,
}

#[derive(Debug, Default)]
struct Waiting {
    leases: VecDeque<Lease>,
    /// Whether the last one given out was a feed, sitemap or section.
    was_hub: bool,
    under_way: bool,
    rests_until: Option<Instant>,
}

impl Waiting {
    /// The next one: hubs before stories, and in turn where both wait, so that neither holds the other up for long.
    fn pop(&mut self) -> Option<Lease> {
        let story = self.leases.iter().position(|lease| !lease.kind.is_hub()).filter(|_| self.was_hub);
        let lease = self.leases.remove(story.unwrap_or_default())?;
        self.was_hub = lease.kind.is_hub();
        Some(lease)
    }
}

impl Queue {
    /// Leases that wait.
    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// Puts leases at the ends of their hosts' lines; feeds, sitemaps and sections stand before all stories.
    pub(super) fn add(&mut self, leases: Vec<Lease>) {
        for lease in leases {
            let host = clock_of(&HostKey::of(&lease.url.to_url())).to_owned();
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
            if let Some(lease) = waiting.pop() {
                waiting.under_way = true;
                self.length -= 1;
                return Some((HostKey::of(&lease.url.to_url()), lease));
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
        let host = clock_of(host);
        let Some(waiting) = self.hosts.get_mut(host) else { return };
        waiting.under_way = false;
        waiting.rests_until = rests_until;
        if !waiting.leases.is_empty() {
            self.turns.push_back(host.to_owned());
        }
    }

    /// Takes out all that waits for a host; what comes for it later finds it as if it had never been there.
    pub(super) fn drop_host(&mut self, host: &HostKey) -> VecDeque<Lease> {
        let host = clock_of(host);
        self.turns.retain(|other| other != host);
        let leases = self.hosts.remove(host).map(|waiting| waiting.leases).unwrap_or_default();
        self.length -= leases.len();
        leases
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
    async fn hubs_and_stories_take_turns_and_a_site_has_one_turn_under_both_its_names() {
        let now = Instant::now();
        let mut queue = Queue::default();
        let path =
            |number: usize| format!("http://{}a.test/{number}", if number.is_multiple_of(2) { "www." } else { "" });
        queue.add((0..3).map(|number| lease(&path(number), UrlKind::Article)).collect());
        queue.add((3..6).map(|number| lease(&path(number), UrlKind::Feed)).collect());
        let mut given = Vec::new();
        while let Some((host, lease)) = queue.next(now) {
            assert!(queue.next(now).is_none(), "one at a time, of both names");
            assert_eq!(host, HostKey::of(&lease.address));
            given.push(lease.kind.is_hub());
            queue.done(&host, None);
        }
        assert_eq!(given, [true, false, true, false, true, false]);
        queue.add(vec![lease(&path(1), UrlKind::Article), lease(&path(2), UrlKind::Feed)]);
        let dropped = queue.drop_host(&HostKey::of(&url::Url::parse(&path(1)).unwrap()));
        assert_eq!((dropped.len(), queue.len(), queue.next(now)), (2, 0, None));
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
