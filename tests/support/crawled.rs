//! One crawl of a server of the tests, and what came of it.

use super::FaultServer;
use copydesk::archive::{Archive, ArchiveOptions, Skip};
use copydesk::crawl::{CrawlOptions, Parts, RunSummary, Silent, Source, run};
use copydesk::extract;
use copydesk::fetch::{FetchOptions, Fetcher};
use copydesk::frontier::{RevisitRule, SqliteFrontier};
use copydesk::model::Article;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// What a crawl gave.
pub struct Crawled {
    pub summary: RunSummary,
    /// By path.
    pub articles: BTreeMap<String, Article>,
    pub skipped: Vec<Skip>,
}

impl Crawled {
    pub fn paths(&self) -> Vec<&str> {
        self.articles.keys().map(String::as_str).collect()
    }

    pub fn reasons(&self) -> Vec<(String, &str)> {
        let path = |skip: &Skip| url::Url::parse(&skip.url).unwrap().path().to_owned();
        let mut reasons: Vec<_> = self.skipped.iter().map(|skip| (path(skip), skip.reason.as_str())).collect();
        reasons.sort_unstable();
        reasons
    }
}

/// Crawls one source of a server, with its feed, into an archive and a store of its own.
pub async fn crawl(server: &FaultServer, options: CrawlOptions, source: impl FnOnce(&mut Source)) -> Crawled {
    let folder = TempDir::new().unwrap();
    let fetch = FetchOptions {
        user_agent: "Copydesk/0.1".to_owned(),
        delay: Duration::ZERO,
        allow_hosts: vec![server.address.to_string().parse().unwrap()],
        ..FetchOptions::default()
    };
    let mut only = Source::new("ledger", server.url("/"));
    only.feeds = vec![server.url("/feed.xml")];
    source(&mut only);
    let archive = ArchiveOptions { path: folder.path().to_owned(), ..ArchiveOptions::default() };
    let parts = Parts {
        fetcher: Fetcher::new(fetch).unwrap(),
        frontier: Arc::new(SqliteFrontier::in_memory(RevisitRule::default()).unwrap()),
        archive: Archive::open(&archive).unwrap(),
        clean: extract::Options::default(),
        sources: vec![only],
    };
    let summary = run(parts, &options, Arc::new(Silent), CancellationToken::new()).await.unwrap();
    let mut articles = BTreeMap::new();
    for file in std::fs::read_dir(folder.path().join("jsonl/ledger")).into_iter().flatten() {
        for line in std::fs::read_to_string(file.unwrap().path()).unwrap().lines() {
            let article: Article = serde_json::from_str(line).unwrap();
            let url = url::Url::parse(article.url.as_deref().unwrap()).unwrap();
            articles.insert(url.path().to_owned(), article);
        }
    }
    let skipped = std::fs::read_to_string(folder.path().join("skipped.jsonl")).unwrap_or_default();
    let skipped = skipped.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    Crawled { summary, articles, skipped }
}
