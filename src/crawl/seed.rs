//! Where a source's crawl begins.

use super::shared::{PATIENCE, Shared};
use super::{CrawlError, Source};
use crate::frontier::UrlKind;
use crate::model::{CanonicalUrl, HostKey, Link, Provenance};
use url::Url;

/// Where sitemaps lie by custom.
const SITEMAP_PATH: &str = "/sitemap.xml";

/// What came of a seeding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seeding {
    Done,
    /// The site asks for patience; to be begun again when its host is ready.
    PutOff,
}

/// Puts what a source names, or what is to be looked at where it names nothing, into the frontier.
pub(super) async fn seed(shared: &Shared, source: &Source) -> Result<Seeding, CrawlError> {
    let (mut sitemaps, mut sections) = (source.sitemaps.clone(), source.sections.clone());
    if source.is_to_be_explored() {
        sections.push(source.url.clone());
        // The home page's exchanges are this one's, too.
        let home = CanonicalUrl::new(&source.url);
        let named = shared.fetcher_for(source, &home).sitemaps_within(&source.url, Some(PATIENCE)).await;
        let is_long = shared.fetcher.put_off_until(&HostKey::of(&source.url)).is_some();
        if is_long || shared.may_put_off(&home, &named) {
            return Ok(Seeding::PutOff);
        }
        match named {
            Ok(named) => sitemaps.extend(named),
            // The home page will meet the same trouble and be reported with it.
            Err(error) => tracing::debug!(source = source.name, %error, "no sitemaps from robots.txt"),
        }
        if sitemaps.is_empty() {
            sitemaps.extend(source.url.join(SITEMAP_PATH));
        }
    }
    // A site that names thousands of sitemaps in its robots.txt is read only so far.
    sitemaps.truncate(shared.options.max_sitemaps);
    shared.count(&source.name, |tally| tally.sitemaps += sitemaps.len());
    add(shared, source, &source.feeds, UrlKind::Feed).await?;
    add(shared, source, &sitemaps, UrlKind::Sitemap).await?;
    add(shared, source, &sections, UrlKind::Section).await?;
    Ok(Seeding::Done)
}

async fn add(shared: &Shared, source: &Source, urls: &[Url], kind: UrlKind) -> Result<(), CrawlError> {
    let links = urls.iter().map(|url| Link::new(url.clone(), Provenance::Seed)).collect();
    super::hub::add_hubs(shared, source, links, kind).await
}

/// Whether a sitemap was only guessed to be there.
pub(super) fn is_guess(source: &Source, url: &Url, kind: UrlKind) -> bool {
    kind == UrlKind::Sitemap && source.is_to_be_explored() && url.path() == SITEMAP_PATH
}
