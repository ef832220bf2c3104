//! The frontier: a suite that every implementation of the trait has to pass, and what is special to the SQLite one.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use copydesk::frontier::{
    Discovered, Frontier, FrontierError, HostDown, HubVisits, KnownArticle, Lease, LeaseRequest, Outcome, RevisitRule,
    Schedule, SqliteFrontier, State, UrlKind, Verdict, WhichSources,
};
use copydesk::model::{CanonicalUrl, HostKey, Link, Provenance, SinkPosition, SiteFile, Validators};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// Seconds since some Tuesday.
fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn canonical(text: &str) -> CanonicalUrl {
    CanonicalUrl::parse(text).unwrap()
}

fn link(text: &str) -> Link {
    Link::new(url(text), Provenance::Section)
}

fn announced(text: &str, modified: Timestamp) -> Link {
    Link { modified: Some(modified.into()), ..Link::new(url(text), Provenance::Sitemap) }
}

fn request(limit: usize, per_host_limit: usize) -> LeaseRequest<'static> {
    LeaseRequest {
        limit,
        per_host_limit,
        lease_for: SignedDuration::from_mins(10),
        sources: WhichSources::All,
        articles_of: WhichSources::All,
    }
}

fn lease_all(frontier: &dyn Frontier, now: Timestamp) -> Vec<Lease> {
    frontier.lease(&request(1000, 1000), now).unwrap()
}

fn urls(leases: &[Lease]) -> Vec<&str> {
    leases.iter().map(|lease| lease.url.as_str()).collect()
}

/// What became of a story; [`of_a_hub`] makes it a hub's.
fn outcome(text: &str, verdict: Verdict) -> Outcome {
    Outcome { url: canonical(text), kind: UrlKind::Article, verdict }
}

fn robots_txt(text: &str, fetched: Timestamp) -> SiteFile {
    SiteFile { url: url(text), fetched, status: 200, body: b"User-agent: *\nDisallow: /\xff\n".to_vec() }
}

fn fetched(text: &str) -> Outcome {
    let verdict = Verdict::Fetched {
        final_url: canonical(text),
        aliases: vec![],
        validators: Validators::default(),
        body_hash: None,
        article: None,
    };
    outcome(text, verdict)
}

fn of_a_hub(kind: UrlKind, outcome: Outcome) -> Outcome {
    Outcome { kind, ..outcome }
}

fn article(id: &str, version: u32, seq: u64) -> KnownArticle {
    let file = Some(format!("markdown/{id}.md"));
    KnownArticle {
        id: id.to_owned(),
        content_hash: format!("hash{version}"),
        version,
        seq,
        file,
        ..KnownArticle::default()
    }
}

fn count(frontier: &dyn Frontier, state: State) -> u64 {
    frontier.pending(WhichSources::All, at(0)).unwrap().by_state.get(&state).copied().unwrap_or_default()
}

/// Cases for any implementation; each gets an empty one.
mod conformance {
    use super::*;

    pub(super) fn articles_can_wait_until_their_hubs_are_read(frontier: &dyn Frontier) {
        for source in ["a", "b"] {
            let story = [link(&format!("https://{source}.test/story"))];
            frontier.discover(source, &story, UrlKind::Article, at(0)).unwrap();
            let feed = [link(&format!("https://{source}.test/feed"))];
            frontier.discover(source, &feed, UrlKind::Feed, at(0)).unwrap();
        }
        let only = ["b".to_owned()];
        let hubs_of_a = LeaseRequest { articles_of: WhichSources::Only(&only), ..request(9, 9) };
        let mut found: Vec<String> =
            frontier.lease(&hubs_of_a, at(0)).unwrap().iter().map(|lease| lease.url.to_string()).collect();
        found.sort();
        assert_eq!(found, ["https://a.test/feed", "https://b.test/feed", "https://b.test/story"]);
        assert_eq!(urls(&lease_all(frontier, at(0))), ["https://a.test/story"]);
    }

    pub(super) fn many_hubs_hold_up_no_story_of_their_host(frontier: &dyn Frontier) {
        let all = |kind: &str| (0..9).map(|n| link(&format!("https://a.test/{kind}{n}"))).collect::<Vec<_>>();
        frontier.discover("a", &all("feed"), UrlKind::Feed, at(0)).unwrap();
        let hubs = |leases: &[Lease]| leases.iter().filter(|lease| lease.kind.is_hub()).count();
        // While there are no stories, hubs take all that a host has.
        let leases = frontier.lease(&request(99, 3), at(0)).unwrap();
        assert_eq!((hubs(&leases), leases.len()), (3, 3));
        frontier.release_all(at(0)).unwrap();

        frontier.discover("a", &all("story"), UrlKind::Article, at(0)).unwrap();
        let first = frontier.lease(&request(99, 4), at(0)).unwrap();
        assert_eq!((hubs(&first), first.len()), (2, 4));
        assert!(first[0].kind.is_hub() && first[1].kind.is_hub(), "hubs come first all the same");
        for done in [&first[0], &first[2]] {
            let outcome = Outcome { kind: done.kind, ..fetched(done.url.as_str()) };
            frontier.complete(&outcome, at(1)).unwrap();
            let next = frontier.lease(&request(99, 4), at(1)).unwrap();
            assert_eq!(next.len(), 1);
            assert_eq!(next[0].kind, done.kind, "its like takes the place");
        }
    }

    pub(super) fn a_shelved_lease_is_counted_to_no_host_and_given_out_in_the_next_run(frontier: &dyn Frontier) {
        let links = ["x", "y", "z"].map(|path| link(&format!("https://a.test/{path}")));
        frontier.discover("a", &links, UrlKind::Article, at(0)).unwrap();
        let first = frontier.lease(&request(9, 2), at(0)).unwrap();
        assert!(frontier.lease(&request(9, 2), at(0)).unwrap().is_empty());
        let shelved: Vec<CanonicalUrl> = first.iter().map(|lease| lease.url.clone()).collect();
        frontier.shelve(&shelved).unwrap();
        let rest = frontier.lease(&request(9, 2), at(0)).unwrap();
        assert_eq!(rest.len(), 1);
        assert!(!shelved.contains(&rest[0].url));
        assert_eq!(frontier.release_all(at(1)).unwrap(), 3);
        assert_eq!(lease_all(frontier, at(1)).len(), 3);
    }

    pub(super) fn a_host_is_put_off_with_all_that_is_due_of_it(frontier: &dyn Frontier) {
        for source in ["a", "b"] {
            let links = ["https://a.test/", "https://b.test/"].map(|host| link(&format!("{host}{source}")));
            frontier.discover(source, &links, UrlKind::Article, at(0)).unwrap();
        }
        let host = HostKey::of(&url("https://a.test/"));
        let given = frontier.lease(&request(1, 1), at(0)).unwrap();
        assert_eq!(urls(&given), ["https://a.test/a"]);
        // What is under way is for whoever has it.
        assert_eq!(frontier.put_host_off(&host, at(100), &[]).unwrap(), [("b".to_owned(), 1)]);
        let counts = frontier.put_host_off(&host, at(100), &[given[0].url.clone()]).unwrap();
        assert_eq!(counts, [("a".to_owned(), 1)]);
        let mut left: Vec<String> = lease_all(frontier, at(99)).iter().map(|lease| lease.url.to_string()).collect();
        left.sort();
        assert_eq!(left, ["https://b.test/a", "https://b.test/b"]);
        assert_eq!(lease_all(frontier, at(100)).len(), 2);
        frontier.release_all(at(100)).unwrap();
        assert_eq!(count(frontier, State::Discovered), 4, "nothing was tried");
    }

    pub(super) fn what_was_never_had_is_not_as_it_was(frontier: &dyn Frontier) {
        let found = [link("https://a.test/x")];
        let again = |now| frontier.discover("a", &found, UrlKind::Article, at(now)).unwrap().waiting;
        assert_eq!((again(0), again(1)), (0, 1));
        lease_all(frontier, at(2));
        assert_eq!(again(2), 1, "it is under way");
        let retry = Verdict::Retry { reason: "timeout".to_owned(), at: at(50) };
        frontier.complete(&outcome("https://a.test/x", retry), at(3)).unwrap();
        assert_eq!(again(4), 1);
        lease_all(frontier, at(50));
        frontier.complete(&fetched("https://a.test/x"), at(51)).unwrap();
        assert_eq!(again(52), 0);
    }

    pub(super) fn a_url_is_asked_for_as_it_was_found(frontier: &dyn Frontier) {
        let found = [link("https://a.test/x?utm_source=feed#top"), link("https://b.test/y?utm_source=feed")];
        frontier.discover("a", &found, UrlKind::Article, at(0)).unwrap();
        frontier.discover("a", &[link("https://b.test/y#end")], UrlKind::Article, at(0)).unwrap();
        let mut addresses: Vec<String> =
            lease_all(frontier, at(0)).iter().map(|lease| lease.address.to_string()).collect();
        addresses.sort();
        assert_eq!(addresses, ["https://a.test/x?utm_source=feed", "https://b.test/y"]);
    }

    pub(super) fn a_url_is_found_once_however_it_is_written(frontier: &dyn Frontier) {
        let links = [link("https://a.test/x?utm_source=feed"), link("HTTPS://A.test/x#top"), link("https://a.test/y")];
        let found = frontier.discover("a", &links, UrlKind::Article, at(0)).unwrap();
        assert_eq!(found, Discovered { new: 2, known: 1, changed: 0, waiting: 1 });
        assert_eq!(lease_all(frontier, at(0)).len(), 2);
        assert!(lease_all(frontier, at(1)).is_empty(), "leased once");
    }

    pub(super) fn hints_are_kept_and_the_most_trusted_win(frontier: &dyn Frontier) {
        let titled = |title: &str, provenance| Link {
            title: Some(title.to_owned()),
            published: Some("2026-03-05T10:00:00+09:00".parse().unwrap()),
            ..Link::new(url("https://a.test/x"), provenance)
        };
        let add = |link| frontier.discover("a", &[link], UrlKind::Article, at(0)).unwrap();
        add(link("https://a.test/x"));
        add(titled("from the feed", Provenance::Feed));
        add(titled("read more", Provenance::Section));
        let leases = lease_all(frontier, at(0));
        let hints = &leases[0].hints;
        assert_eq!(hints.title.as_deref(), Some("from the feed"));
        assert_eq!(hints.provenance, Provenance::Feed);
        assert_eq!(hints.published.unwrap().to_string(), "2026-03-05T10:00:00+09:00");
        assert_eq!(leases[0].source, "a");
    }

    pub(super) fn hubs_come_first_and_then_the_newest(frontier: &dyn Frontier) {
        let dated = |path: &str, second| Link {
            published: Some(at(second).into()),
            ..Link::new(url(&format!("https://a.test/{path}")), Provenance::Feed)
        };
        frontier
            .discover(
                "a",
                &[dated("old", 1), dated("new", 9), link("https://a.test/undated")],
                UrlKind::Article,
                at(10),
            )
            .unwrap();
        frontier.discover("a", &[link("https://a.test/feed")], UrlKind::Feed, at(10)).unwrap();
        let leases = lease_all(frontier, at(10));
        assert_eq!(urls(&leases), ["feed", "new", "old", "undated"].map(|path| format!("https://a.test/{path}")));
        assert_eq!(leases[0].kind, UrlKind::Feed);
    }

    pub(super) fn hosts_take_turns_and_have_a_limit(frontier: &dyn Frontier) {
        let links: Vec<_> = (0..30).map(|n| link(&format!("https://{}.test/{n}", ["a", "b", "c"][n % 3]))).collect();
        frontier.discover("s", &links, UrlKind::Article, at(0)).unwrap();
        let mut by_host: BTreeMap<String, usize> = BTreeMap::new();
        for _ in 0..3 {
            for lease in frontier.lease(&request(2, 2), at(0)).unwrap() {
                *by_host.entry(lease.url.to_url().host_str().unwrap().to_owned()).or_default() += 1;
            }
        }
        assert_eq!(by_host.into_values().collect::<Vec<_>>(), [2, 2, 2]);
        assert!(frontier.lease(&request(9, 2), at(0)).unwrap().is_empty(), "every host has its two");
        frontier.complete(&fetched("https://b.test/1"), at(1)).unwrap();
        let next = frontier.lease(&request(9, 2), at(1)).unwrap();
        assert_eq!(next.len(), 1);
        assert_eq!(next[0].url.to_url().host_str(), Some("b.test"));
    }

    pub(super) fn a_lease_can_be_for_some_sources(frontier: &dyn Frontier) {
        frontier.discover("a", &[link("https://a.test/x")], UrlKind::Article, at(0)).unwrap();
        frontier.discover("b", &[link("https://b.test/x")], UrlKind::Article, at(0)).unwrap();
        let names = ["b".to_owned()];
        let sources = WhichSources::Only(&names);
        assert_eq!(frontier.pending(sources, at(0)).unwrap().due, 1);
        let leases = frontier.lease(&LeaseRequest { sources, ..request(9, 9) }, at(0)).unwrap();
        assert_eq!(urls(&leases), ["https://b.test/x"]);
    }

    pub(super) fn a_lease_that_ran_out_is_given_again(frontier: &dyn Frontier) {
        frontier.discover("a", &[link("https://a.test/x")], UrlKind::Article, at(0)).unwrap();
        assert_eq!(lease_all(frontier, at(0)).len(), 1);
        assert!(lease_all(frontier, at(599)).is_empty());
        assert_eq!(lease_all(frontier, at(600)).len(), 1);
    }

    pub(super) fn leases_of_a_dead_run_are_released(frontier: &dyn Frontier) {
        frontier.discover("a", &[link("https://a.test/x"), link("https://a.test/y")], UrlKind::Article, at(0)).unwrap();
        lease_all(frontier, at(0));
        assert_eq!(frontier.release_all(at(1)).unwrap(), 2);
        assert_eq!(lease_all(frontier, at(1)).len(), 2);
    }

    pub(super) fn a_retry_waits_and_counts(frontier: &dyn Frontier) {
        frontier.discover("a", &[link("https://a.test/x")], UrlKind::Article, at(0)).unwrap();
        assert_eq!(lease_all(frontier, at(0))[0].attempts, 0);
        let retry = Verdict::Retry { reason: "http_503".to_owned(), at: at(100) };
        frontier.complete(&outcome("https://a.test/x", retry), at(1)).unwrap();
        assert!(lease_all(frontier, at(99)).is_empty());
        let pending = frontier.pending(WhichSources::All, at(2)).unwrap();
        assert_eq!((pending.due, pending.next_due), (0, Some(at(100))));
        assert_eq!(pending.by_state, BTreeMap::from([(State::Retry, 1)]));
        let again = lease_all(frontier, at(100));
        assert_eq!(again[0].attempts, 1);
        frontier.complete(&fetched("https://a.test/x"), at(101)).unwrap();
        frontier.discover("a", &[announced("https://a.test/x", at(200))], UrlKind::Article, at(300)).unwrap();
        assert_eq!(lease_all(frontier, at(300))[0].attempts, 0);
    }

    pub(super) fn what_is_done_rests(frontier: &dyn Frontier) {
        let reason = || "why".to_owned();
        let verdicts = [
            (State::Failed, Verdict::Failed { reason: reason() }),
            (State::Gone, Verdict::Gone { reason: reason() }),
            (State::Excluded, Verdict::Excluded { reason: reason() }),
        ];
        for (n, (state, verdict)) in verdicts.into_iter().enumerate() {
            let text = format!("https://a.test/{n}");
            frontier.discover("a", &[link(&text)], UrlKind::Article, at(0)).unwrap();
            lease_all(frontier, at(0));
            frontier.complete(&outcome(&text, verdict), at(1)).unwrap();
            assert_eq!(count(frontier, state), 1, "{state}");
        }
        assert!(lease_all(frontier, at(1_000_000)).is_empty());
        let again = frontier.discover("a", &[link("https://a.test/0")], UrlKind::Article, at(1_000_000)).unwrap();
        assert_eq!(again, Discovered { new: 0, known: 1, changed: 0, waiting: 0 });
    }

    pub(super) fn an_article_is_read_again_at_set_ages_and_then_rests(frontier: &dyn Frontier) {
        let text = "https://a.test/x";
        let published = Link { published: Some(at(0).into()), ..link(text) };
        frontier.discover("a", &[published], UrlKind::Article, at(60)).unwrap();
        let (mut now, mut hours) = (60, Vec::new());
        while let Some(due) = frontier.next_due(WhichSources::All, WhichSources::All).unwrap() {
            now = now.max(due.as_second() - at(0).as_second());
            hours.push(now / 3600);
            assert!(hours.len() == 1 || lease_all(frontier, at(now - 1)).is_empty());
            assert_eq!(lease_all(frontier, at(now)).len(), 1);
            assert_eq!(
                frontier.next_due(WhichSources::All, WhichSources::All).unwrap(),
                Some(at(now + 600)),
                "the lease"
            );
            let outcome = if now == 60 {
                fetched(text)
            } else {
                outcome(text, Verdict::NotModified { validators: Validators::default() })
            };
            frontier.complete(&outcome, at(now)).unwrap();
        }
        assert_eq!(hours, [0, 1, 6, 24, 168]);
        let known = frontier.url(&canonical(text)).unwrap().unwrap();
        assert_eq!((known.state, known.due), (State::NotModified, None));
    }

    pub(super) fn what_became_of_a_url_is_remembered(frontier: &dyn Frontier) {
        let text = "https://a.test/x";
        assert_eq!(frontier.url(&canonical(text)).unwrap(), None);
        frontier.discover("a", &[link(text)], UrlKind::Article, at(5)).unwrap();
        let retry = Verdict::Retry { reason: "http_503".to_owned(), at: at(20) };
        frontier.complete(&outcome(text, retry), at(10)).unwrap();
        frontier.complete(&fetched(text), at(20)).unwrap();
        let moved = Verdict::Redirected { to: canonical("https://a.test/y") };
        frontier.complete(&outcome(text, moved), at(30)).unwrap();
        let known = frontier.url(&canonical(text)).unwrap().unwrap();
        assert_eq!((known.source.as_str(), known.kind, known.discovered), ("a", UrlKind::Article, at(5)));
        assert_eq!(known.redirect, Some(canonical("https://a.test/y")));
        let visits: Vec<_> =
            known.visits.iter().map(|visit| (visit.at, visit.state, visit.reason.as_deref())).collect();
        assert_eq!(
            visits,
            [
                (at(10), State::Retry, Some("http_503")),
                (at(20), State::Fetched, None),
                (at(30), State::Redirected, Some("https://a.test/y"))
            ]
        );
        // Only so much is kept.
        for second in 0..100 {
            frontier.complete(&fetched("https://a.test/y"), at(100 + second)).unwrap();
        }
        let visits = frontier.url(&canonical("https://a.test/y")).unwrap().unwrap().visits;
        assert_eq!((visits.len(), visits[0].at, visits[19].at), (20, at(180), at(199)));
    }

    pub(super) fn an_article_moves_along_unless_there_is_one(frontier: &dyn Frontier) {
        let with = |text: &str, article: KnownArticle| {
            let Outcome { verdict: Verdict::Fetched { final_url, aliases, validators, body_hash, .. }, .. } =
                fetched(text)
            else {
                unreachable!()
            };
            let article = Some(article);
            outcome(text, Verdict::Fetched { final_url, aliases, validators, body_hash, article })
        };
        let article_of = |text: &str| {
            let known = frontier.url(&canonical(text)).unwrap().unwrap();
            known.article.map(|article| article.id)
        };
        let gone = KnownArticle { content_hash: String::new(), ..article("gone", 2, 3) };
        let all = ["https://a.test/old", "https://a.test/taken", "https://a.test/empty"];
        frontier.discover("a", &all.map(link), UrlKind::Article, at(0)).unwrap();
        frontier.complete(&with(all[0], article("old", 1, 1)), at(1)).unwrap();
        frontier.complete(&with(all[1], article("taken", 1, 2)), at(1)).unwrap();
        frontier.complete(&with(all[2], gone), at(1)).unwrap();
        for (to, expected) in [(all[1], "taken"), (all[2], "old"), ("https://a.test/new", "old")] {
            frontier.complete(&outcome(all[0], Verdict::Moved { to: canonical(to) }), at(2)).unwrap();
            assert_eq!(article_of(to).as_deref(), Some(expected), "{to}");
            let known = frontier.url(&canonical(all[0])).unwrap().unwrap();
            assert_eq!((known.state, known.redirect), (State::Redirected, Some(canonical(to))));
        }
        // What has none leaves what is there.
        frontier.discover("a", &[link("https://a.test/short")], UrlKind::Article, at(3)).unwrap();
        let moved = Verdict::Moved { to: canonical("https://a.test/new") };
        frontier.complete(&outcome("https://a.test/short", moved), at(3)).unwrap();
        assert_eq!(article_of("https://a.test/new").as_deref(), Some("old"));
        assert_eq!(urls(&lease_all(frontier, at(4))), ["https://a.test/new"]);
    }

    pub(super) fn the_work_of_a_pass_is_known_before_it(frontier: &dyn Frontier) {
        let links = ["https://a.test/x", "https://a.test/y", "https://b.test/z"].map(link);
        frontier.discover("s", &links, UrlKind::Article, at(0)).unwrap();
        frontier.discover("t", &[link("https://b.test/feed")], UrlKind::Feed, at(0)).unwrap();
        let work = |sources, now| {
            let found = frontier.work(sources, now).unwrap();
            found
                .iter()
                .map(|work| (work.source.clone(), work.host.to_string(), work.hubs, work.articles))
                .collect::<Vec<_>>()
        };
        let row = |source: &str, host: &str, hubs, articles| (source.to_owned(), host.to_owned(), hubs, articles);
        let all = [row("s", "a.test", 0, 2), row("s", "b.test", 0, 1), row("t", "b.test", 1, 0)];
        assert_eq!(work(WhichSources::All, at(0)), all);
        assert_eq!((frontier.count_ready(100).unwrap(), frontier.count_ready(3).unwrap()), (4, 3));
        let only = ["t".to_owned()];
        assert_eq!(work(WhichSources::Only(&only), at(0)), all[2..]);
        for text in ["https://a.test/x", "https://a.test/y"] {
            frontier.complete(&fetched(text), at(1)).unwrap();
        }
        frontier.complete(&of_a_hub(UrlKind::Feed, fetched("https://b.test/feed")), at(1)).unwrap();
        assert_eq!(work(WhichSources::All, at(2)), all[1..2]);
        assert_eq!(work(WhichSources::All, at(61)), all[1..], "a hub is looked at in every pass");
        assert_eq!(frontier.next_due(WhichSources::Only(&only), WhichSources::All).unwrap(), Some(at(1 + 900)));
        let none = WhichSources::Only(&[]);
        assert_eq!(frontier.next_due(none, none).unwrap(), None);
    }

    pub(super) fn an_announced_change_makes_an_article_due_once(frontier: &dyn Frontier) {
        let text = "https://a.test/x";
        frontier.discover("a", &[announced(text, at(0))], UrlKind::Article, at(5)).unwrap();
        lease_all(frontier, at(5));
        frontier.complete(&fetched(text), at(10)).unwrap();
        let add = |modified, now| frontier.discover("a", &[announced(text, modified)], UrlKind::Article, now).unwrap();
        assert_eq!(add(at(0), at(20)).changed, 0);
        assert_eq!(add(at(9), at(20)).changed, 0, "older than the last look");
        assert_eq!(add(at(15), at(20)).changed, 1);
        assert_eq!(add(at(15), at(21)).changed, 0, "due already");
        assert_eq!(lease_all(frontier, at(21)).len(), 1);
        frontier.complete(&fetched(text), at(22)).unwrap();
        assert_eq!(add(at(15), at(30)).changed, 0);
        assert_eq!(add(at(99), at(30)).changed, 1, "a clock that runs ahead");
        lease_all(frontier, at(30));
        frontier.complete(&fetched(text), at(31)).unwrap();
        assert_eq!(add(at(99), at(40)).changed, 0, "was known at the last look");
    }

    pub(super) fn hubs_are_due_in_every_pass(frontier: &dyn Frontier) {
        let text = "https://a.test/feed";
        let seed = || Link::new(url(text), Provenance::Seed);
        let add = |now| frontier.discover("a", &[seed()], UrlKind::Feed, now).unwrap();
        add(at(0));
        lease_all(frontier, at(0));
        frontier.complete(&of_a_hub(UrlKind::Feed, fetched(text)), at(1)).unwrap();
        assert_eq!(add(at(30)).changed, 0);
        assert_eq!(add(at(61)).changed, 1);
    }

    pub(super) fn a_source_that_somebody_asks_for_is_due_until_it_was_read(frontier: &dyn Frontier) {
        frontier.discover("a", &[link("http://a.test/feed")], UrlKind::Feed, at(0)).unwrap();
        frontier.discover("b", &[link("http://b.test/feed")], UrlKind::Feed, at(0)).unwrap();
        for (hub, minute) in [("http://a.test/feed", 0), ("http://b.test/feed", 0)] {
            lease_all(frontier, at(minute));
            frontier.complete(&of_a_hub(UrlKind::Feed, fetched(hub)), at(minute)).unwrap();
        }
        let due = || frontier.due_sources(at(2)).unwrap();
        assert!(due().is_empty(), "{:?}", due());
        assert_eq!(frontier.hasten("a", at(2)).unwrap(), 1);
        assert_eq!(due(), ["a"]);
        // Asked for again and again, as a daemon does, it stays one wish.
        assert_eq!(frontier.hasten("a", at(2)).unwrap(), 0);
        assert_eq!(urls(&lease_all(frontier, at(2))), ["http://a.test/feed"]);
        frontier.complete(&of_a_hub(UrlKind::Feed, fetched("http://a.test/feed")), at(3)).unwrap();
        assert_eq!(frontier.hasten("a", at(2)).unwrap(), 0);
        assert!(frontier.due_sources(at(3)).unwrap().is_empty());
        assert_eq!(frontier.hasten("nobody", at(9)).unwrap(), 0);
    }

    pub(super) fn a_seed_says_what_a_url_is(frontier: &dyn Frontier) {
        let text = "https://a.test/world";
        frontier.discover("a", &[link(text)], UrlKind::Article, at(0)).unwrap();
        lease_all(frontier, at(0));
        frontier.complete(&outcome(text, Verdict::Excluded { reason: "no article".to_owned() }), at(1)).unwrap();
        frontier.discover("a", &[Link::new(url(text), Provenance::Seed)], UrlKind::Section, at(2)).unwrap();
        assert_eq!(lease_all(frontier, at(2))[0].kind, UrlKind::Section);
        frontier.discover("a", &[link(text)], UrlKind::Article, at(3)).unwrap();
        frontier.release_all(at(3)).unwrap();
        assert_eq!(lease_all(frontier, at(3))[0].kind, UrlKind::Section);
    }

    pub(super) fn what_looks_like_a_section_can_be_a_story_after_all(frontier: &dyn Frontier) {
        let path = |name: &str| format!("https://a.test/{name}");
        let read = |name: &str| {
            let verdict = Verdict::Fetched {
                final_url: canonical(&path(name)),
                aliases: vec![],
                validators: Validators { etag: Some("\"links\"".to_owned()), last_modified: None },
                body_hash: Some("links".to_owned()),
                article: None,
            };
            of_a_hub(UrlKind::Section, outcome(&path(name), verdict))
        };
        let names = ["waits", "read", "under-way/", "section", "seed"];
        for name in names {
            let provenance = if name == "seed" { Provenance::Seed } else { Provenance::Section };
            let found = Link { provenance, ..link(&path(name)) };
            frontier.discover("a", &[found], UrlKind::Section, at(0)).unwrap();
        }
        let limit = LeaseRequest { limit: 5, ..request(5, 5) };
        assert_eq!(frontier.lease(&limit, at(0)).unwrap().len(), 5);
        for name in ["read", "section", "seed"] {
            frontier.complete(&read(name), at(1)).unwrap();
        }
        let put_off = Verdict::PutOff { reason: "busy".to_owned(), at: at(1) };
        let put_off = of_a_hub(UrlKind::Section, outcome(&path("waits"), put_off));
        frontier.complete(&put_off, at(1)).unwrap();
        // A sitemap names whatever there is, unless it has dates of publication; a feed names stories.
        let told = |name: &str, provenance| Link { provenance, ..link(&path(name)) };
        let dated = Link { published: Some(at(1).into()), ..told("waits", Provenance::Sitemap) };
        let links = [
            dated,
            told("read", Provenance::Article),
            Link { url: url(&path("under-way/index.html")), ..told("under-way/", Provenance::Feed) },
            told("section", Provenance::Sitemap),
            told("seed", Provenance::Feed),
        ];
        frontier.discover("a", &links, UrlKind::Article, at(2)).unwrap();
        // What was read as a section meanwhile is no story's reading.
        frontier.complete(&read("under-way/"), at(3)).unwrap();
        let mut leases = lease_all(frontier, at(4));
        leases.retain(|lease| lease.kind == UrlKind::Article);
        let mut stories: Vec<_> = leases.iter().map(|lease| lease.url.as_str()).collect();
        stories.sort_unstable();
        assert_eq!(stories, [path("read"), path("under-way/"), path("waits")]);
        assert!(leases.iter().all(|lease| lease.validators == Validators::default() && lease.body_hash.is_none()));
        let address = |lease: &Lease| lease.address.path().to_owned();
        let mut addresses: Vec<_> = leases.iter().map(address).collect();
        addresses.sort_unstable();
        assert_eq!(addresses, ["/read", "/under-way/index.html", "/waits"], "as whoever told of it has it");
    }

    pub(super) fn redirects_and_aliases_lead_to_one_page(frontier: &dyn Frontier) {
        let links = ["https://a.test/old", "https://a.test/amp"].map(link);
        frontier.discover("a", &links, UrlKind::Article, at(0)).unwrap();
        lease_all(frontier, at(0));
        frontier.release_all(at(0)).unwrap();
        let verdict = Verdict::Fetched {
            final_url: canonical("https://a.test/new"),
            aliases: ["https://a.test/amp", "https://a.test/print"].map(canonical).to_vec(),
            validators: Validators { etag: Some("\"1\"".to_owned()), last_modified: None },
            body_hash: Some("b".to_owned()),
            article: Some(article("id1", 1, 1)),
        };
        frontier.complete(&outcome("https://a.test/old", verdict), at(10)).unwrap();
        // One that waits to be fetched is: a page may be wrong about its own address.
        assert_eq!(urls(&lease_all(frontier, at(20))), ["https://a.test/amp"]);
        assert_eq!((count(frontier, State::Redirected), count(frontier, State::Fetched)), (2, 1));
        let to = canonical("https://a.test/new");
        frontier.complete(&outcome("https://a.test/amp", Verdict::Redirected { to }), at(20)).unwrap();
        assert_eq!((count(frontier, State::Redirected), count(frontier, State::Fetched)), (3, 1));
        let links = ["old", "new", "amp", "print"].map(|path| link(&format!("https://a.test/{path}")));
        let again = frontier.discover("b", &links, UrlKind::Article, at(20)).unwrap();
        assert_eq!(again, Discovered { new: 0, known: 4, changed: 0, waiting: 0 });
        let change = announced("https://a.test/print", at(30));
        assert_eq!(frontier.discover("a", &[change], UrlKind::Article, at(40)).unwrap().changed, 1);
        let leases = lease_all(frontier, at(40));
        assert_eq!(urls(&leases), ["https://a.test/new"]);
        assert_eq!(leases[0].article, Some(article("id1", 1, 1)));
        assert_eq!(leases[0].validators.etag.as_deref(), Some("\"1\""));
        assert_eq!(leases[0].body_hash.as_deref(), Some("b"));
    }

    pub(super) fn a_hub_that_moved_is_found_at_its_new_place(frontier: &dyn Frontier) {
        let seed = || [Link::new(url("http://a.test/"), Provenance::Seed)];
        frontier.discover("a", &seed(), UrlKind::Section, at(0)).unwrap();
        lease_all(frontier, at(0));
        let verdict = Verdict::Fetched {
            final_url: canonical("https://www.a.test/"),
            aliases: vec![canonical("https://a.test/")],
            validators: Validators::default(),
            body_hash: None,
            article: None,
        };
        frontier.complete(&of_a_hub(UrlKind::Section, outcome("http://a.test/", verdict)), at(1)).unwrap();
        assert!(lease_all(frontier, at(2)).is_empty());
        assert_eq!(frontier.discover("a", &seed(), UrlKind::Section, at(100)).unwrap().changed, 1);
        let leases = lease_all(frontier, at(100));
        assert_eq!(urls(&leases), ["https://www.a.test/"]);
        assert_eq!((leases[0].kind, leases[0].source.as_str()), (UrlKind::Section, "a"));
    }

    pub(super) fn an_alias_in_use_stays_in_use(frontier: &dyn Frontier) {
        let links = ["https://a.test/x", "https://a.test/y"].map(link);
        frontier.discover("a", &links, UrlKind::Article, at(0)).unwrap();
        lease_all(frontier, at(0));
        let mut outcome = fetched("https://a.test/x");
        if let Verdict::Fetched { aliases, .. } = &mut outcome.verdict {
            aliases.push(canonical("https://a.test/y"));
        }
        frontier.complete(&outcome, at(1)).unwrap();
        assert_eq!(count(frontier, State::Leased), 1);
    }

    pub(super) fn a_url_can_stand_aside_for_another(frontier: &dyn Frontier) {
        frontier.discover("a", &[link("https://a.test/x")], UrlKind::Article, at(0)).unwrap();
        lease_all(frontier, at(0));
        let to = canonical("https://b.test/y");
        frontier.complete(&outcome("https://a.test/x", Verdict::Redirected { to }), at(1)).unwrap();
        assert_eq!(urls(&lease_all(frontier, at(2))), ["https://b.test/y"]);
        let to = canonical("https://b.test/y");
        frontier.complete(&outcome("https://b.test/y", Verdict::Redirected { to }), at(3)).unwrap();
        assert_eq!(count(frontier, State::Failed), 1, "in a circle");
    }

    pub(super) fn articles_positions_and_outcomes_are_one_commit(frontier: &dyn Frontier) {
        assert_eq!(frontier.last_seq().unwrap(), 0);
        assert_eq!(frontier.article_by_id("id1").unwrap(), None);
        frontier.discover("a", &[link("https://a.test/x")], UrlKind::Article, at(0)).unwrap();
        lease_all(frontier, at(0));
        let mut outcome = fetched("https://a.test/x");
        if let Verdict::Fetched { article: known, .. } = &mut outcome.verdict {
            *known = Some(article("id1", 1, 7));
        }
        let position = |length| SinkPosition { path: "jsonl/a/2026-03-05.jsonl".to_owned(), length };
        frontier.commit(&[outcome.clone()], &[position(100)], at(1)).unwrap();
        frontier.commit(&[], &[position(250)], at(2)).unwrap();
        assert_eq!(frontier.last_seq().unwrap(), 7);
        assert_eq!(frontier.article_by_id("id1").unwrap(), Some(article("id1", 1, 7)));
        assert_eq!(frontier.sink_positions().unwrap(), [position(250)]);
        if let Verdict::Fetched { article: known, .. } = &mut outcome.verdict {
            *known = Some(article("id1", 2, 9));
        }
        frontier.complete(&outcome, at(3)).unwrap();
        assert_eq!(frontier.article_by_id("id1").unwrap(), Some(article("id1", 2, 9)));
    }

    pub(super) fn validators_outlive_a_304_without_any(frontier: &dyn Frontier) {
        let text = "https://a.test/feed";
        frontier.discover("a", &[link(text)], UrlKind::Feed, at(0)).unwrap();
        lease_all(frontier, at(0));
        let mut outcome1 = of_a_hub(UrlKind::Feed, fetched(text));
        let kept = Validators { etag: Some("\"1\"".to_owned()), last_modified: Some("yesterday".to_owned()) };
        if let Verdict::Fetched { validators, .. } = &mut outcome1.verdict {
            *validators = kept.clone();
        }
        frontier.complete(&outcome1, at(1)).unwrap();
        let not_modified = outcome(text, Verdict::NotModified { validators: Validators::default() });
        frontier.complete(&of_a_hub(UrlKind::Feed, not_modified), at(2)).unwrap();
        assert_eq!(frontier.validators(&canonical(text)).unwrap(), kept);
        assert!(frontier.validators(&canonical("https://a.test/unknown")).unwrap().is_empty());
    }

    pub(super) fn host_clocks_are_kept(frontier: &dyn Frontier) {
        let (a, b) = (HostKey::of(&url("https://a.test/")), HostKey::of(&url("http://127.0.0.1:8900/")));
        assert_eq!(frontier.host_clock(&a).unwrap(), None);
        frontier.set_host_clocks(&[(a.clone(), at(5)), (b.clone(), at(50))]).unwrap();
        frontier.set_host_clocks(&[(a.clone(), at(6))]).unwrap();
        assert_eq!(frontier.host_clock(&a).unwrap(), Some(at(6)));
        assert_eq!(frontier.host_clocks(at(10)).unwrap(), [(b, at(50))]);
    }

    pub(super) fn hosts_that_are_down_are_remembered(frontier: &dyn Frontier) {
        let (a, b) = (HostKey::of(&url("https://a.test/")), HostKey::of(&url("https://b.test/")));
        let down = |host: &HostKey, times, until| HostDown { host: host.clone(), times, until };
        frontier.set_host_clocks(&[(a.clone(), at(5))]).unwrap();
        frontier.set_hosts_down(&[down(&a, 2, at(60)), down(&b, 1, at(30))]).unwrap();
        assert_eq!(frontier.host_clock(&a).unwrap(), Some(at(5)));
        frontier.set_host_clocks(&[(a.clone(), at(7))]).unwrap();
        assert_eq!(frontier.hosts_down().unwrap(), [down(&a, 2, at(60)), down(&b, 1, at(30))]);
        frontier.set_hosts_down(&[down(&a, 0, at(0))]).unwrap();
        assert_eq!(frontier.hosts_down().unwrap(), [down(&b, 1, at(30))]);
        assert_eq!(frontier.host_clock(&a).unwrap(), Some(at(7)));
    }

    pub(super) fn patience_costs_no_attempt(frontier: &dyn Frontier) {
        frontier.discover("a", &[link("https://a.test/x")], UrlKind::Article, at(0)).unwrap();
        for round in 0..20 {
            let leases = lease_all(frontier, at(round * 10));
            assert_eq!((leases.len(), leases[0].attempts), (1, 0));
            let verdict = Verdict::PutOff { reason: "http_429".to_owned(), at: at(round * 10 + 9) };
            frontier.complete(&outcome("https://a.test/x", verdict), at(round * 10)).unwrap();
            assert!(lease_all(frontier, at(round * 10 + 8)).is_empty());
        }
    }

    pub(super) fn site_files_are_kept(frontier: &dyn Frontier) {
        let (a, b) = (robots_txt("https://a.test/robots.txt", at(0)), robots_txt("https://b.test/robots.txt", at(9)));
        assert_eq!(frontier.site_file(&a.url).unwrap(), None);
        frontier.set_site_file(&a).unwrap();
        frontier.set_site_file(&b).unwrap();
        assert_eq!(frontier.site_file(&a.url).unwrap(), Some(a.clone()));
        let newer = SiteFile { fetched: at(8), status: 503, body: Vec::new(), ..a };
        frontier.set_site_file(&newer).unwrap();
        assert_eq!(frontier.site_file(&newer.url).unwrap(), Some(newer.clone()));
        frontier.forget_site_files(at(9)).unwrap();
        assert_eq!(frontier.site_file(&newer.url).unwrap(), None);
        assert_eq!(frontier.site_file(&b.url).unwrap(), Some(b));
    }

    pub(super) fn runs_are_noted(frontier: &dyn Frontier) {
        assert!(frontier.last_run_ended().unwrap(), "there was none");
        frontier.begin_run("r1", at(0)).unwrap();
        assert!(!frontier.last_run_ended().unwrap());
        frontier.end_run("r1", &serde_json::json!({"articles": 3}), at(9)).unwrap();
        assert!(frontier.last_run_ended().unwrap());
        frontier.begin_run("r2", at(10)).unwrap();
        assert!(!frontier.last_run_ended().unwrap());
    }

    pub(super) fn a_clock_that_was_ahead_holds_nothing_up(frontier: &dyn Frontier) {
        const MONTH: i64 = 30 * 24 * 3600;
        let ahead = MONTH;
        frontier.begin_run("r1", at(ahead)).unwrap();
        frontier.discover("a", &[link("https://a.test/x")], UrlKind::Article, at(ahead)).unwrap();
        lease_all(frontier, at(ahead));
        let verdict = Verdict::Retry { reason: "http_500".to_owned(), at: at(ahead + 60) };
        frontier.complete(&outcome("https://a.test/x", verdict), at(ahead)).unwrap();
        let host = HostKey::of(&url("https://a.test/"));
        frontier.set_host_clocks(&[(host, at(ahead + 10))]).unwrap();
        assert!(lease_all(frontier, at(100)).is_empty());
        frontier.begin_run("r2", at(100)).unwrap();
        assert!(frontier.host_clocks(at(100)).unwrap().is_empty());
        assert!(lease_all(frontier, at(159)).is_empty());
        assert_eq!(urls(&lease_all(frontier, at(161))), ["https://a.test/x"]);
        // Once, and not for a clock that is a little behind.
        frontier.begin_run("r3", at(90)).unwrap();
        frontier.begin_run("r4", at(170)).unwrap();
    }
}

macro_rules! conforms {
    ($make:expr; $($case:ident)*) => {
        $(#[test] fn $case() { conformance::$case(&$make); })*
    };
}

mod sqlite {
    use super::*;

    conforms! { SqliteFrontier::in_memory(RevisitRule::default()).unwrap();
        articles_can_wait_until_their_hubs_are_read
        many_hubs_hold_up_no_story_of_their_host
        a_shelved_lease_is_counted_to_no_host_and_given_out_in_the_next_run
        a_host_is_put_off_with_all_that_is_due_of_it
        what_was_never_had_is_not_as_it_was
        a_url_is_asked_for_as_it_was_found
        a_url_is_found_once_however_it_is_written
        hints_are_kept_and_the_most_trusted_win
        hubs_come_first_and_then_the_newest
        hosts_take_turns_and_have_a_limit
        a_lease_can_be_for_some_sources
        a_lease_that_ran_out_is_given_again
        leases_of_a_dead_run_are_released
        a_retry_waits_and_counts
        what_is_done_rests
        an_article_is_read_again_at_set_ages_and_then_rests
        what_became_of_a_url_is_remembered
        an_article_moves_along_unless_there_is_one
        the_work_of_a_pass_is_known_before_it
        an_announced_change_makes_an_article_due_once
        hubs_are_due_in_every_pass
        a_source_that_somebody_asks_for_is_due_until_it_was_read
        a_seed_says_what_a_url_is
        what_looks_like_a_section_can_be_a_story_after_all
        redirects_and_aliases_lead_to_one_page
        a_hub_that_moved_is_found_at_its_new_place
        an_alias_in_use_stays_in_use
        a_url_can_stand_aside_for_another
        articles_positions_and_outcomes_are_one_commit
        validators_outlive_a_304_without_any
        host_clocks_are_kept
        hosts_that_are_down_are_remembered
        patience_costs_no_attempt
        site_files_are_kept
        runs_are_noted
        a_clock_that_was_ahead_holds_nothing_up
    }

    fn open(path: &std::path::Path) -> Result<SqliteFrontier, FrontierError> {
        SqliteFrontier::open(path, RevisitRule::default())
    }

    #[test]
    fn everything_outlives_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/store.db");
        {
            let frontier = open(&path).unwrap();
            frontier
                .discover("a", &["https://a.test/x", "https://a.test/y"].map(link), UrlKind::Article, at(0))
                .unwrap();
            lease_all(&frontier, at(0));
            let position = SinkPosition { path: "jsonl/a.jsonl".to_owned(), length: u64::MAX / 4 };
            frontier.commit(&[fetched("https://a.test/x")], &[position], at(1)).unwrap();
        }
        let frontier = open(&path).unwrap();
        assert_eq!(frontier.sink_positions().unwrap()[0].length, u64::MAX / 4);
        assert_eq!(frontier.release_all(at(2)).unwrap(), 1);
        assert_eq!(urls(&lease_all(&frontier, at(2))), ["https://a.test/y"]);
    }

    #[test]
    fn by_schedule_a_hub_goes_by_its_own_time() {
        let rule = RevisitRule { hubs: HubVisits::Scheduled, ..RevisitRule::default() };
        let frontier = SqliteFrontier::in_memory(rule.clone()).unwrap();
        let text = "https://a.test/feed";
        let seed = |now| {
            let seed = Link::new(url(text), Provenance::Seed);
            frontier.discover("a", &[seed], UrlKind::Feed, now).unwrap()
        };
        seed(at(0));
        assert_eq!(lease_all(&frontier, at(0)).len(), 1);
        frontier.complete(&of_a_hub(UrlKind::Feed, fetched(text)), at(10)).unwrap();
        assert_eq!(seed(at(500)).changed, 0);
        assert!(lease_all(&frontier, at(909)).is_empty());
        let every = Schedule::Every(std::time::Duration::from_mins(5));
        frontier.set_rule(RevisitRule { schedules: [("a".to_owned(), every)].into(), ..rule.clone() });
        seed(at(200));
        assert!(lease_all(&frontier, at(309)).is_empty());
        assert_eq!(lease_all(&frontier, at(310)).len(), 1, "the new schedule counts for what rested by the old");
        frontier.complete(&of_a_hub(UrlKind::Feed, fetched(text)), at(311)).unwrap();
        assert!(frontier.hasten_hub(&canonical(text), at(320)).unwrap());
        seed(at(321));
        assert_eq!(lease_all(&frontier, at(321)).len(), 1, "a pass that begins does not put off what is due");

        // One that goes by a cron line waits for its first time, too.
        let cron = Schedule::Cron("30 * * * *".parse().unwrap());
        let frontier =
            SqliteFrontier::in_memory(RevisitRule { schedules: [("a".to_owned(), cron)].into(), ..rule }).unwrap();
        let seed = [Link::new(url(text), Provenance::Seed)];
        frontier.discover("a", &seed, UrlKind::Feed, at(0)).unwrap();
        let first = frontier.next_due(WhichSources::All, WhichSources::All).unwrap().unwrap();
        assert!(first > at(0) && first.to_string().ends_with(":30:00Z"), "{first}");
        assert!(lease_all(&frontier, at(0)).is_empty());
        assert_eq!(lease_all(&frontier, first).len(), 1);
    }

    #[test]
    fn a_store_can_be_looked_at_while_somebody_works_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let look = || SqliteFrontier::open_to_look(&path, RevisitRule::default());
        assert!(look().is_err() && !path.exists());
        let working = open(&path).unwrap();
        working.discover("a", &[link("https://a.test/x")], UrlKind::Article, at(0)).unwrap();
        let looking = look().unwrap();
        assert!(looking.url(&canonical("https://a.test/x")).unwrap().is_some());
        assert!(looking.begin_run("r", at(0)).is_err());
        rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 3).unwrap();
        let message = look().unwrap_err().to_string();
        assert!(message.contains("run `copydesk crawl`, which brings it up to date"), "{message}");
    }

    #[test]
    fn one_process_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let first = open(&path).unwrap();
        let message = open(&path).unwrap_err().to_string();
        assert!(message.starts_with("another copydesk is using the store"), "{message}");
        assert!(message.contains(&format!("(pid {})", std::process::id())), "{message}");
        drop(first);
        assert!(open(&path).is_ok());
    }

    #[test]
    fn files_that_are_no_store_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let text = folder.path().join("notes.txt");
        let content = "These are notes, and long enough to be taken for the header of a database. ".repeat(20);
        std::fs::write(&text, &content).unwrap();
        let error = open(&text).unwrap_err();
        assert!(matches!(error, FrontierError::NotAStore { .. }), "{error:?}");
        assert!(error.to_string().contains("notes.txt is not a copydesk store"), "{error}");
        assert_eq!(std::fs::read_to_string(&text).unwrap(), content);

        let other = folder.path().join("other.db");
        let connection = rusqlite::Connection::open(&other).unwrap();
        connection.execute_batch("CREATE TABLE recipes (name TEXT)").unwrap();
        drop(connection);
        let error = open(&other).unwrap_err();
        assert!(error.to_string().contains("the database of another program"), "{error}");

        let error = open(folder.path()).unwrap_err();
        assert!(matches!(error, FrontierError::File { .. }), "{error:?}");
        let error = open(&text.join("store.db")).unwrap_err();
        assert!(error.to_string().contains("cannot create the folder"), "{error}");
    }

    #[test]
    fn a_store_of_a_later_version_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        drop(open(&path).unwrap());
        let connection = rusqlite::Connection::open(&path).unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        drop(connection);
        let error = open(&path).unwrap_err();
        assert!(error.to_string().contains("has format 99, and this copydesk knows formats up to 6"), "{error}");
    }

    /// A store as the first version left it, with something in every table.
    const FORMAT_1: &str = include_str!("frontier_formats/1.sql");

    #[test]
    fn a_store_of_the_first_format_is_brought_up_to_date_and_keeps_everything() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let old = rusqlite::Connection::open(&path).unwrap();
        old.execute_batch(FORMAT_1).unwrap();
        // What a run had when it died.
        old.execute_batch(
            "INSERT INTO url (url, host, source, kind, state, due, rank, provenance, newness, discovered)
             VALUES ('https://a.test/y', 'a.test', 'a', 'ARTICLE', 'LEASED', 1700000600000, 1, 1, 0, 1700000000000)",
        )
        .unwrap();
        drop(old);
        let made_new = folder.path().join("new.db");
        drop(open(&made_new).unwrap());
        for _ in 0..2 {
            let frontier = open(&path).unwrap();
            assert_eq!(count(&frontier, State::Fetched), 1);
            assert_eq!(frontier.last_seq().unwrap(), 7);
            assert_eq!(
                frontier.sink_positions().unwrap(),
                [SinkPosition { path: "jsonl/a.jsonl".to_owned(), length: 99 }]
            );
            assert_eq!(frontier.host_clock(&HostKey::of(&url("https://a.test/"))).unwrap(), Some(at(60)));
            frontier.set_site_file(&robots_txt("https://a.test/robots.txt", at(0))).unwrap();
            assert_eq!(urls(&lease_all(&frontier, at(1))), ["https://a.test/y"]);
            frontier.release_all(at(1)).unwrap();
        }
        assert_eq!(schema(&path), schema(&made_new), "one that grew is the same as one that was made");
    }

    #[test]
    fn sitemaps_that_nobody_read_for_long_are_forgotten() {
        let frontier = SqliteFrontier::in_memory(RevisitRule::default()).unwrap();
        let found = |path: &str, provenance| Link { provenance, ..link(&format!("https://a.test/{path}.xml")) };
        let links = [
            found("old", Provenance::Sitemap),
            found("new", Provenance::Sitemap),
            found("open", Provenance::Sitemap),
            found("named", Provenance::Seed),
        ];
        frontier.discover("a", &links, UrlKind::Sitemap, at(0)).unwrap();
        frontier.discover("a", &[link("https://a.test/story")], UrlKind::Article, at(0)).unwrap();
        for (path, second) in [("old.xml", 10), ("named.xml", 10), ("story", 10), ("new.xml", 100)] {
            let kind = if path == "story" { UrlKind::Article } else { UrlKind::Sitemap };
            let url = CanonicalUrl::parse(&format!("https://a.test/{path}")).unwrap();
            frontier
                .complete(&Outcome { url, kind, verdict: Verdict::Gone { reason: "http_404".into() } }, at(second))
                .unwrap();
        }
        assert_eq!(frontier.forget_sitemaps(at(50)).unwrap(), 1);
        let pending = frontier.pending(WhichSources::All, at(200)).unwrap();
        assert_eq!((pending.by_state[&State::Gone], pending.by_state[&State::Discovered]), (3, 1));
        let again = frontier.discover("a", &links[..1], UrlKind::Sitemap, at(60)).unwrap();
        assert_eq!(again.new, 1, "an index that still names it brings it back");
    }

    fn schema(path: &std::path::Path) -> Vec<String> {
        let connection = rusqlite::Connection::open(path).unwrap();
        let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        let mut statement =
            connection.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").unwrap();
        let texts = statement.query_map([], |row| row.get::<_, String>(0)).unwrap().map(|text| text.unwrap());
        texts.chain([version.to_string()]).map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn a_damaged_store_is_an_error_and_no_panic() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        {
            let frontier = open(&path).unwrap();
            let links: Vec<_> = (0..500).map(|n| link(&format!("https://a.test/{n}"))).collect();
            frontier.discover("a", &links, UrlKind::Article, at(0)).unwrap();
        }
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[4096..].fill(0x5a);
        std::fs::write(&path, bytes).unwrap();
        let result = open(&path).and_then(|frontier| frontier.lease(&request(9, 9), at(1)).map(drop));
        let error = result.unwrap_err();
        assert!(error.to_string().contains("store.db"), "{error}");
    }

    #[test]
    fn a_failed_commit_leaves_nothing_behind() {
        // The outcome is written before the position, and the table of positions is gone.
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let frontier = open(&path).unwrap();
        frontier.discover("a", &[link("https://a.test/x")], UrlKind::Article, at(0)).unwrap();
        lease_all(&frontier, at(0));
        rusqlite::Connection::open(&path).unwrap().execute_batch("DROP TABLE sink").unwrap();
        let position = SinkPosition { path: "x".to_owned(), length: 1 };
        assert!(frontier.commit(&[fetched("https://a.test/x")], &[position], at(1)).is_err());
        assert_eq!(count(&frontier, State::Leased), 1);
    }
}

/// One step of a crawl that goes any way it likes.
#[derive(Debug, Clone)]
enum Step {
    Discover { url: usize, announced: Option<i64>, hub: bool, told: bool },
    Lease { limit: usize, per_host: usize },
    Finish { which: usize, how: u8, other: usize },
    Release,
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..12_usize, proptest::option::of(0..2000_i64), any::<bool>(), any::<bool>())
            .prop_map(|(url, announced, hub, told)| Step::Discover { url, announced, hub, told }),
        3 => (1..5_usize, 1..4_usize).prop_map(|(limit, per_host)| Step::Lease { limit, per_host }),
        6 => (any::<usize>(), 0..7_u8, 0..12_usize).prop_map(|(which, how, other)| Step::Finish { which, how, other }),
        1 => Just(Step::Release),
        1 => (1..400_i64).prop_map(Step::Wait),
    ]
}

fn numbered(n: usize) -> String {
    format!("https://{}.test/{n}", ["a", "b", "c"][n % 3])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever happens in whatever order: a URL that was found is done, or stood for by another, or will be leased.
    #[test]
    fn no_url_is_ever_lost(steps in proptest::collection::vec(step(), 1..80)) {
        let frontier = SqliteFrontier::in_memory(RevisitRule::default()).unwrap();
        let mut now = 0;
        let mut found = BTreeSet::new();
        let mut done = BTreeSet::new();
        let mut held: Vec<Lease> = Vec::new();
        for step in steps {
            now += 1;
            match step {
                Step::Discover { url, announced: change, hub, told } => {
                    let text = numbered(url);
                    let link = change.map_or_else(|| link(&text), |change| announced(&text, at(change)));
                    // A feed makes a story of what looked like a section.
                    let provenance = if told { Provenance::Feed } else { link.provenance };
                    let link = Link { provenance, ..link };
                    let kind = if hub { UrlKind::Section } else { UrlKind::Article };
                    frontier.discover("s", &[link], kind, at(now)).unwrap();
                    found.insert(canonical(&text));
                }
                Step::Lease { limit, per_host } => {
                    let leases = frontier.lease(&request(limit, per_host), at(now)).unwrap();
                    prop_assert!(leases.len() <= limit);
                    for lease in leases {
                        prop_assert!(found.contains(&lease.url), "{} came from nowhere", lease.url);
                        held.push(lease);
                    }
                }
                Step::Finish { which, how, other } if !held.is_empty() => {
                    let Lease { url, kind, .. } = held.swap_remove(which % held.len());
                    let turned = frontier.url(&url).unwrap().unwrap().kind != kind;
                    let other = canonical(&numbered(other));
                    let reason = || "why".to_owned();
                    let with = |final_url: CanonicalUrl, aliases| Verdict::Fetched {
                        final_url, aliases, validators: Validators::default(), body_hash: None, article: None,
                    };
                    let verdict = match how {
                        0 => with(url.clone(), vec![]),
                        1 => with(other.clone(), vec![]),
                        2 => with(url.clone(), vec![other.clone()]),
                        3 => Verdict::Retry { reason: reason(), at: at(now + 50) },
                        4 => Verdict::Gone { reason: reason() },
                        5 => Verdict::Redirected { to: other.clone() },
                        _ => Verdict::NotModified { validators: Validators::default() },
                    };
                    if turned {
                        done.remove(&url);
                    } else {
                        if [1, 2, 5].contains(&how) {
                            found.insert(other.clone());
                        }
                        if how != 3 {
                            done.insert(url.clone());
                        }
                        if how == 1 || how == 2 {
                            done.insert(other);
                        }
                    }
                    frontier.complete(&Outcome { url, kind, verdict }, at(now)).unwrap();
                }
                Step::Finish { .. } => {}
                Step::Release => { frontier.release_all(at(now)).unwrap(); }
                Step::Wait(seconds) => now += seconds,
            }
        }
        // Every URL is still there.
        let states: u64 = frontier.pending(WhichSources::All, at(now)).unwrap().by_state.values().sum();
        prop_assert_eq!(states, found.len() as u64);
        // And every one that nothing was ever said of can be had.
        frontier.release_all(at(now)).unwrap();
        let rest: BTreeSet<_> = lease_all(&frontier, at(now + 1_000_000)).into_iter().map(|lease| lease.url).collect();
        for url in found.difference(&done) {
            prop_assert!(rest.contains(url), "{} is lost", url);
        }
    }
}

#[test]
fn a_store_that_is_just_being_made_is_there_or_not() {
    for _ in 0..30 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("copydesk.db");
        std::thread::scope(|scope| {
            let made = scope.spawn(|| SqliteFrontier::open(&path, RevisitRule::default()).unwrap());
            let look = || {
                let mut is_there = false;
                while !is_there {
                    match SqliteFrontier::health(&path) {
                        Ok(health) => is_there = health.is_empty(),
                        Err(FrontierError::NotThere { .. }) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
            };
            let looks: Vec<_> = (0..3).map(|_| scope.spawn(look)).collect();
            for look in looks {
                look.join().unwrap();
            }
            assert!(SqliteFrontier::is_held(&path).unwrap());
            drop(made.join().unwrap());
            assert!(!SqliteFrontier::is_held(&path).unwrap());
        });
    }
}
