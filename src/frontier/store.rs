//! What a store of the frontier has to do.

use super::{
    Alike, Discovered, FrontierError, HostDown, HostWork, KnownArticle, KnownUrl, Lease, LeaseRequest, Outcome,
    Pending, UrlKind, WhichSources,
};
use crate::model::{CanonicalUrl, HostKey, Link, SinkPosition, SiteFile, Sketch, Validators};
use jiff::Timestamp;
use url::Url;

/// A durable set of URLs with their states. All methods block; call them where that is allowed.
///
/// # Errors
/// Every method fails with a [`FrontierError`] when the store cannot be read or written; nothing of that call is then
/// kept.
#[expect(clippy::missing_errors_doc, reason = "said once, of the trait")]
pub trait Frontier: Send + Sync {
    /// Adds links and what is said of them. A known URL becomes due again where the
    /// [revisit rule](super::revisit) says so.
    fn discover(
        &self,
        source: &str,
        links: &[Link],
        kind: UrlKind,
        now: Timestamp,
    ) -> Result<Discovered, FrontierError>;

    /// Gives out URLs that are due: hubs first, then articles, newest first; hosts take turns. No more than half of
    /// what a host may have at a time are hubs while articles wait that are asked for.
    fn lease(&self, request: &LeaseRequest<'_>, now: Timestamp) -> Result<Vec<Lease>, FrontierError>;

    /// Records outcomes and the lengths of the archive's files, all or nothing. A file of length 0 is none, and forgotten.
    fn commit(&self, outcomes: &[Outcome], positions: &[SinkPosition], now: Timestamp) -> Result<(), FrontierError>;

    /// Records one outcome.
    fn complete(&self, outcome: &Outcome, now: Timestamp) -> Result<(), FrontierError> {
        self.commit(std::slice::from_ref(outcome), &[], now)
    }

    /// Takes all leases back, so that their URLs can be had again; for the start of a run, when whoever had them is dead.
    /// Says how many there were.
    fn release_all(&self, now: Timestamp) -> Result<usize, FrontierError>;

    /// Keeps leases of which nothing will come in this run: their URLs are not given out again before
    /// [`Frontier::release_all`], and are counted to no host's limit.
    fn shelve(&self, urls: &[CanonicalUrl]) -> Result<(), FrontierError>;

    /// Puts off what is due of a host until a moment, but for what is leased. Leases of `unasked` are taken back first. Says
    /// how many URLs that were, by source.
    fn put_host_off(
        &self,
        host: &HostKey,
        until: Timestamp,
        unasked: &[CanonicalUrl],
    ) -> Result<Vec<(String, u64)>, FrontierError>;

    /// Makes the feeds, sitemaps and sections of a source due, but for those that were fetched since somebody asked for it; so
    /// asking for it again at the start of each pass does no harm. Says how many there were.
    fn hasten(&self, source: &str, asked: Timestamp) -> Result<usize, FrontierError>;

    /// Makes one feed, sitemap or section due at a moment, if it was not to be looked at before, and was not fetched since.
    /// Says whether there was something to change.
    fn hasten_hub(&self, url: &CanonicalUrl, due: Timestamp) -> Result<bool, FrontierError>;

    /// How much there is to do.
    fn pending(&self, sources: WhichSources<'_>, now: Timestamp) -> Result<Pending, FrontierError>;

    /// When the next URL is due that a lease for these sources could give out; a moment that is past where there is one
    /// now, `None` where there will be none. `articles_of` as in a [`LeaseRequest`].
    fn next_due(
        &self,
        sources: WhichSources<'_>,
        articles_of: WhichSources<'_>,
    ) -> Result<Option<Timestamp>, FrontierError>;

    /// The sources that have something due at a moment.
    fn due_sources(&self, now: Timestamp) -> Result<Vec<String>, FrontierError>;

    /// How many URLs are known to be due, those that are leased among them, counted up to a limit. What became due since
    /// the last lease is not among them.
    fn count_ready(&self, limit: u64) -> Result<u64, FrontierError>;

    /// What a pass would ask of each host at a moment.
    fn work(&self, sources: WhichSources<'_>, now: Timestamp) -> Result<Vec<HostWork>, FrontierError>;

    /// All that is known of a URL.
    fn url(&self, url: &CanonicalUrl) -> Result<Option<KnownUrl>, FrontierError>;

    /// The article with an id, whichever URL it came from.
    fn article_by_id(&self, id: &str) -> Result<Option<KnownArticle>, FrontierError>;

    /// The article that tells the same as a text, of several the most similar one; not the one with the id `except`.
    fn alike(&self, sketch: &Sketch, except: &str) -> Result<Option<Alike>, FrontierError>;

    /// The cluster of an article; `None` where its likeness is not known.
    fn cluster_of(&self, id: &str) -> Result<Option<String>, FrontierError>;

    /// The highest sequence number that was committed; 0 before the first article. The next article gets one more.
    fn last_seq(&self) -> Result<u64, FrontierError>;

    /// What the server gave for a URL last time; empty for an unknown one.
    fn validators(&self, url: &CanonicalUrl) -> Result<Validators, FrontierError>;

    /// The committed lengths of the archive's files.
    fn sink_positions(&self) -> Result<Vec<SinkPosition>, FrontierError>;

    /// Until when a host is to be left alone.
    fn host_clock(&self, host: &HostKey) -> Result<Option<Timestamp>, FrontierError>;

    /// All hosts that are to be left alone after `now`.
    fn host_clocks(&self, now: Timestamp) -> Result<Vec<(HostKey, Timestamp)>, FrontierError>;

    /// Remembers until when hosts are to be left alone.
    fn set_host_clocks(&self, clocks: &[(HostKey, Timestamp)]) -> Result<(), FrontierError>;

    /// The hosts that were given up and have not answered since.
    fn hosts_down(&self) -> Result<Vec<HostDown>, FrontierError>;

    /// Remembers that hosts were given up, or answer again.
    fn set_hosts_down(&self, hosts: &[HostDown]) -> Result<(), FrontierError>;

    /// What the URL of a site's robots.txt, or of a file like it, answered last.
    fn site_file(&self, url: &Url) -> Result<Option<SiteFile>, FrontierError>;

    /// Keeps what such a URL answered, in place of what it answered before.
    fn set_site_file(&self, file: &SiteFile) -> Result<(), FrontierError>;

    /// Forgets those that were fetched before a moment.
    fn forget_site_files(&self, before: Timestamp) -> Result<(), FrontierError>;

    /// Forgets sitemaps that an index named and that were last read before a moment: most are gone from it by then. One that
    /// is not is found again with the index. Says how many there were.
    fn forget_sitemaps(&self, before: Timestamp) -> Result<usize, FrontierError>;

    /// Whether the last run was noted to have ended; true before the first.
    fn last_run_ended(&self) -> Result<bool, FrontierError>;

    /// Notes that a run began.
    fn begin_run(&self, id: &str, now: Timestamp) -> Result<(), FrontierError>;

    /// Forgets a run in which nothing happened.
    fn forget_run(&self, id: &str) -> Result<(), FrontierError>;

    /// Notes that a run ended, and how.
    fn end_run(&self, id: &str, summary: &serde_json::Value, now: Timestamp) -> Result<(), FrontierError>;
}
