//! The sample site after both its days, in an archive with every format that the desk reads.

use copydesk::archive::Archive;
use copydesk::config::Config;
use copydesk::crawl::{self, Parts, Silent};
use copydesk::fetch::Fetcher;
use copydesk::frontier::SqliteFrontier;
use copydesk::sample_site::SampleSite;
use jiff::SignedDuration;
use std::fmt::Write as _;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

/// The site, which is still there, and what was crawled of it.
pub(crate) struct TwoDays {
    pub(crate) folder: TempDir,
    /// What the site lives in.
    pub(crate) site: (SampleSite, Runtime),
}

/// Crawls the site on both days.
pub(crate) fn after_two_days() -> TwoDays {
    let folder = TempDir::new().unwrap();
    let runtime = Runtime::new().unwrap();
    let site = runtime.block_on(SampleSite::start()).unwrap();
    let path = folder.path().join("config.toml");
    let mut config = Config::parse(&configuration(&site, true), &path).unwrap();
    config.archive.path = folder.path().join("archive");
    // The second day follows at once.
    config.revisit.hub_pause = SignedDuration::ZERO;
    for day in 1..=2 {
        if day == 2 {
            site.turn_to_next_day();
        }
        let parts = Parts {
            fetcher: Fetcher::new(config.fetch.clone()).unwrap(),
            frontier: Arc::new(SqliteFrontier::open(&config.store_path(), config.revisit.clone()).unwrap()),
            archive: Archive::open(&config.archive).unwrap(),
            clean: config.clean.clone(),
            sources: config.sources.clone(),
        };
        let run = crawl::run(parts, &config.crawl, Arc::new(Silent), CancellationToken::new());
        let summary = runtime.block_on(run).unwrap();
        assert!(summary.total.articles > 0, "{summary:?}");
    }
    TwoDays { folder, site: (site, runtime) }
}

/// A configuration that leads to the sample site, with or without its outlets as sources.
pub(crate) fn configuration(site: &SampleSite, with_sources: bool) -> String {
    let hosts = SampleSite::hosts();
    let mut config = format!(
        "[archive]\nformats = [\"jsonl\", \"warc\", \"catalogue\"]\n[crawl]\nreread = [\"1ms\"]\n[fetch]\n\
         delay = \"0ms\"\nmax_crawl_delay = \"0ms\"\nallow_hosts = {hosts:?}\n[fetch.resolve]\n"
    );
    for host in &hosts {
        writeln!(config, "{host:?} = \"{}\"", site.addr()).unwrap();
    }
    for host in hosts.iter().filter(|_| with_sources) {
        let name = host.strip_suffix(".test").unwrap();
        write!(config, "[[source]]\nname = {name:?}\nurl = \"http://{host}/\"\n").unwrap();
    }
    config
}
