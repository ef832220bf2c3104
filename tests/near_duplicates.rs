//! Stories that are told twice: how well sketches tell them from others, the index in the store, and what a crawl makes of
//! them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::archive::{Archive, ArchiveOptions};
use copydesk::crawl::{CrawlOptions, NearDuplicates, Parts, RunSummary, Silent, Source, run};
use copydesk::extract;
use copydesk::fetch::{FetchOptions, Fetcher};
use copydesk::frontier::{Frontier, KnownArticle, Likeness, Outcome, RevisitRule, SqliteFrontier, UrlKind, Verdict};
use copydesk::model::{Article, CanonicalUrl, Link, Provenance, Sketch, Validators};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use support::{FaultServer, Reply, Seen};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use url::Url;

/// Pairs of each kind.
const PAIRS: usize = 5000;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit
    }

    /// A word as languages use them: few of them often, most of them seldom.
    fn word(&mut self) -> String {
        let rank = match self.below(10) {
            0..=4 => self.below(60),
            5..=7 => self.below(800),
            _ => self.below(12_000),
        };
        format!("w{rank}")
    }

    fn sentence(&mut self) -> Vec<String> {
        (0..8 + self.below(20)).map(|_| self.word()).collect()
    }

    fn story(&mut self) -> Vec<Vec<String>> {
        (0..6 + self.below(40)).map(|_| self.sentence()).collect()
    }
}

fn text(story: &[Vec<String>]) -> String {
    story.iter().map(|sentence| sentence.join(" ")).collect::<Vec<_>>().join(". ")
}

/// What desks do to a wire story: other words here and there, a cut from below, a lead of their own, sentences out, another
/// order, an agency's line.
fn edited(dice: &mut Dice, story: &[Vec<String>]) -> Vec<Vec<String>> {
    let mut story = story.to_vec();
    for _ in 0..=dice.below(2) {
        let sentences = story.len();
        match dice.below(6) {
            0 => {
                // One word in twenty-five.
                for sentence in &mut story {
                    for word in sentence.iter_mut() {
                        if dice.below(25) == 0 {
                            *word = dice.word();
                        }
                    }
                }
            }
            1 => story.truncate(sentences - sentences / 7),
            2 => story.insert(0, dice.sentence()),
            3 => drop(story.remove(dice.below(sentences))),
            4 => {
                let (one, other) = (dice.below(sentences), dice.below(sentences));
                story.swap(one, other);
            }
            _ => story.push(vec![
                "reporting".into(),
                "by".into(),
                dice.word(),
                "editing".into(),
                "by".into(),
                dice.word(),
            ]),
        }
    }
    story
}

/// Another story that quotes two sentences of the first, in a tenth of its text or less.
fn related(dice: &mut Dice, story: &[Vec<String>]) -> Vec<Vec<String>> {
    let mut other = dice.story();
    while other.len() < 20 {
        other.push(dice.sentence());
    }
    for _ in 0..2 {
        let at = dice.below(other.len());
        other[at].clone_from(&story[dice.below(story.len())]);
    }
    other
}

#[test]
fn edited_texts_are_found_and_others_are_not() {
    let mut dice = Dice(7);
    let (mut found, mut wrong, mut without_band) = (0, 0, 0);
    for pair in 0..PAIRS {
        let story = dice.story();
        let sketch = Sketch::of(&text(&story)).unwrap();
        let near = |other: &Sketch| {
            let shares_band = sketch.bands().iter().any(|band| other.bands().contains(band));
            (sketch.is_near(other) && shares_band, sketch.is_near(other) && !shares_band)
        };
        let (is_found, is_lost) = near(&Sketch::of(&text(&edited(&mut dice, &story))).unwrap());
        found += usize::from(is_found);
        without_band += usize::from(is_lost);
        let other = if pair % 2 == 0 { dice.story() } else { related(&mut dice, &story) };
        wrong += usize::from(near(&Sketch::of(&text(&other)).unwrap()).0);
    }
    let (recall, false_positives) = (found as f64 / PAIRS as f64, wrong as f64 / PAIRS as f64);
    println!(
        "recall {recall:.4}, of those near without a common band {without_band}; false positives {false_positives:.5}"
    );
    assert!(recall >= 0.97, "{recall}");
    assert!(false_positives <= 0.001, "{false_positives}");
}

fn keep(frontier: &SqliteFrontier, id: &str, text: &str, cluster: &str, version: u32) {
    let address = format!("https://news.test/{id}");
    let now = Timestamp::from_second(1_700_000_000).unwrap();
    let link = Link::new(Url::parse(&address).unwrap(), Provenance::Feed);
    frontier.discover("news", &[link], UrlKind::Article, now).unwrap();
    let url = CanonicalUrl::parse(&address).unwrap();
    let likeness = Likeness { cluster: cluster.to_owned(), sketch: Sketch::of(text).unwrap() };
    let article =
        KnownArticle { id: id.to_owned(), version, likeness: Some(Box::new(likeness)), ..KnownArticle::default() };
    let verdict = Verdict::Fetched {
        final_url: url.clone(),
        aliases: vec![],
        validators: Validators::default(),
        body_hash: None,
        article: Some(article),
    };
    frontier.complete(&Outcome { url, kind: UrlKind::Article, verdict }, now).unwrap();
}

#[test]
fn the_index_outlives_the_process_and_follows_the_articles() {
    let folder = TempDir::new().unwrap();
    let open = || SqliteFrontier::open(&folder.path().join("store.db"), RevisitRule::default()).unwrap();
    let mut dice = Dice(11);
    let (story, other) = (dice.story(), dice.story());
    {
        let frontier = open();
        keep(&frontier, "first", &text(&story), "first", 1);
        keep(&frontier, "other", &text(&other), "other", 1);
        for number in 0..300 {
            keep(&frontier, &format!("n{number}"), &text(&dice.story()), &format!("n{number}"), 1);
        }
    }
    let frontier = open();
    let sketch = Sketch::of(&text(&edited(&mut dice, &story))).unwrap();
    let alike = frontier.alike(&sketch, "new").unwrap().unwrap();
    assert_eq!((alike.article.as_str(), alike.cluster.as_str()), ("first", "first"));
    assert_eq!(frontier.alike(&sketch, "first").unwrap(), None, "not itself");
    assert_eq!(frontier.alike(&Sketch::of(&text(&dice.story())).unwrap(), "new").unwrap(), None);
    // A later version with another text is found by that, and stays in its cluster.
    keep(&frontier, "first", &text(&other), "elsewhere", 2);
    assert_eq!(frontier.alike(&sketch, "new").unwrap(), None);
    let now_like_other = frontier.alike(&Sketch::of(&text(&other)).unwrap(), "other").unwrap().unwrap();
    assert_eq!((now_like_other.article.as_str(), now_like_other.cluster.as_str()), ("first", "first"));
    assert_eq!(frontier.cluster_of("first").unwrap().as_deref(), Some("first"));
    assert_eq!(frontier.cluster_of("nobody").unwrap(), None);
}

/// Two papers with a wire story each, edited in one, and a story of their own.
fn papers(seen: &Seen) -> Reply {
    let address = seen.header("host").unwrap().to_owned();
    let is_first = seen.host().starts_with("ledger");
    let wire = Dice(3).story();
    let story = match seen.path.as_str() {
        "/robots.txt" => return Reply::status(404),
        "/feed.xml" => {
            let paths = [
                "/2026/11/01/wire-story-of-the-day/",
                "/2026/11/02/wire-story-once-more/",
                "/2026/11/03/story-of-our-own/",
            ];
            let paths = if is_first { &paths[..] } else { &paths[1..] };
            let items: Vec<String> = paths
                .iter()
                .map(|path| format!("<item><title>S</title><link>http://{address}{path}</link></item>"))
                .collect();
            let text = format!("<rss version='2.0'><channel>{}</channel></rss>", items.concat());
            return Reply::new(200, "application/rss+xml", text);
        }
        "/2026/11/01/wire-story-of-the-day/" => wire,
        "/2026/11/02/wire-story-once-more/" => {
            let mut wire = wire;
            wire.insert(0, Dice(u64::from(is_first) + 50).sentence());
            wire
        }
        _ => Dice(u64::from(is_first) + 90).story(),
    };
    let paragraphs: String =
        story.chunks(4).flat_map(|chunk| ["<p>".to_owned(), text(chunk), ".</p>".to_owned()]).collect();
    Reply::html(&format!("<html lang=en><title>Story</title><article><h1>Story</h1>{paragraphs}</article></html>"))
}

async fn crawl(folder: &Path, server: &FaultServer, names: &[&str], near_duplicates: NearDuplicates) -> RunSummary {
    let port = server.address.port();
    let home = |name: &str| Url::parse(&format!("http://{name}.localhost:{port}/")).unwrap();
    let source =
        |name: &&str| Source { feeds: vec![home(name).join("/feed.xml").unwrap()], ..Source::new(*name, home(name)) };
    let fetch = FetchOptions {
        delay: Duration::ZERO,
        allow_hosts: names.iter().map(|name| format!("{name}.localhost:{port}").parse().unwrap()).collect(),
        ..FetchOptions::default()
    };
    let parts = Parts {
        fetcher: Fetcher::new(fetch).unwrap(),
        frontier: Arc::new(SqliteFrontier::open(&folder.join("store.db"), RevisitRule::default()).unwrap()),
        archive: Archive::open(&ArchiveOptions { path: folder.to_owned(), ..ArchiveOptions::default() }).unwrap(),
        clean: extract::Options::default(),
        sources: names.iter().map(source).collect(),
    };
    let options = CrawlOptions { near_duplicates, ..CrawlOptions::default() };
    run(parts, &options, Arc::new(Silent), CancellationToken::new()).await.unwrap()
}

/// The records by host and path.
fn records(folder: &Path) -> BTreeMap<String, Article> {
    let mut records = BTreeMap::new();
    for source in std::fs::read_dir(folder.join("jsonl")).unwrap() {
        for file in std::fs::read_dir(source.unwrap().path()).unwrap() {
            for line in std::fs::read_to_string(file.unwrap().path()).unwrap().lines() {
                let article: Article = serde_json::from_str(line).unwrap();
                let url = Url::parse(article.url.as_deref().unwrap()).unwrap();
                let host = url.host_str().unwrap().trim_end_matches(".localhost").to_owned();
                records.insert(format!("{host}{}", url.path()), article);
            }
        }
    }
    records
}

const WIRE: &str = "/2026/11/01/wire-story-of-the-day/";
const AGAIN: &str = "/2026/11/02/wire-story-once-more/";
const OWN: &str = "/2026/11/03/story-of-our-own/";

#[tokio::test(flavor = "multi_thread")]
async fn one_story_of_several_papers_is_one_cluster_over_runs() {
    let server = FaultServer::start(papers).await;
    let folder = TempDir::new().unwrap();
    crawl(folder.path(), &server, &["ledger"], NearDuplicates::Mark).await;
    let summary = crawl(folder.path(), &server, &["wire"], NearDuplicates::Mark).await;
    assert_eq!((summary.total.new, summary.total.near_duplicates), (2, 1));
    let records = records(folder.path());
    assert_eq!(records.len(), 5);
    let of = |key: &str| &records[key];
    let both = [of(&format!("ledger{WIRE}")), of(&format!("ledger{AGAIN}"))];
    let first = both.iter().min_by_key(|article| article.seq).unwrap();
    for article in both.into_iter().chain([of(&format!("wire{AGAIN}"))]) {
        assert_eq!(article.cluster.as_deref(), Some(first.id.as_str()));
    }
    for own in [of(&format!("ledger{OWN}")), of(&format!("wire{OWN}"))] {
        assert_eq!(own.cluster.as_deref(), Some(own.id.as_str()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_told_can_be_left_out_or_not_looked_for() {
    let server = FaultServer::start(papers).await;
    let folder = TempDir::new().unwrap();
    crawl(folder.path(), &server, &["ledger"], NearDuplicates::Skip).await;
    let summary = crawl(folder.path(), &server, &["wire"], NearDuplicates::Skip).await;
    assert_eq!((summary.total.new, summary.total.skipped["near_duplicate"]), (1, 1), "{summary:#?}");
    let records_ = records(folder.path());
    assert_eq!(records_.len(), 3, "the first wire story, and one of each paper's own");
    let skipped = std::fs::read_to_string(folder.path().join("skipped.jsonl")).unwrap();
    assert_eq!(skipped.lines().filter(|line| line.contains("\"near_duplicate\"")).count(), 2, "{skipped}");

    let folder = TempDir::new().unwrap();
    crawl(folder.path(), &server, &["ledger", "wire"], NearDuplicates::Keep).await;
    let records = records(folder.path());
    assert_eq!(records.len(), 5);
    assert!(records.values().all(|article| article.cluster.is_none()));
}
