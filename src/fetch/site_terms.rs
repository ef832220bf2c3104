//! What a site says for all of its pages: its robots.txt, and its reservation of text and data mining.

use super::FetchError;
use super::access::Behalf;
use super::fetcher::Shared;
use super::known_rules::pause;
use super::robots::{self, Robots};
use super::site_files::{Manner, Unread};
use super::tdm::{self, Reservation, Reservations};
use crate::model::HostKey;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

impl Shared {
    /// The pause after a request to a host.
    pub(super) fn gap(&self, robots: &Robots) -> Duration {
        pause(&self.options, robots.crawl_delay()).0
    }

    /// The rules that hold for a URL. A robots.txt that cannot be had forbids everything (RFC 9309, section 2.3.1.4).
    pub(super) async fn rules(
        &self,
        url: &Url,
        patience: Option<Duration>,
        behalf: Behalf<'_>,
    ) -> Result<Arc<Robots>, FetchError> {
        let at = robots::url_for(url).ok_or_else(|| FetchError::Scheme { url: Box::new(url.clone()) })?;
        let read = |text: Option<&[u8]>| {
            Arc::new(
                text.map_or_else(|| Robots::allow_all(at.clone()), |text| Robots::parse(at.clone(), text, &self.token)),
            )
        };
        match self.site_file(&self.robots, &at, Manner { gap: self.options.delay, patience, behalf }, read).await {
            Ok(found) => {
                if found.fresh {
                    // The file itself was fetched before its Crawl-delay was known.
                    self.pacer.hold(&HostKey::of(url), self.gap(&found.value));
                }
                Ok(found.value)
            }
            Err(Unread { reason, error }) => {
                Err(error.and_then(|error| error.about_site_of(url)).unwrap_or_else(|| FetchError::RobotsUnavailable {
                    url: Box::new(url.clone()),
                    robots: Box::new(at),
                    reason,
                }))
            }
        }
    }

    /// What the site's reservation file says of a URL; `None` where it says nothing, is not there, cannot be had, or is
    /// forbidden by robots.txt.
    pub(super) async fn reservation(&self, url: &Url, behalf: Behalf<'_>) -> Option<Reservation> {
        let at = tdm::url_for(url)?;
        let mut gap = self.options.delay;
        if self.options.obey_robots {
            let robots = self.rules(url, None, behalf).await.ok()?;
            robots.check(&at).ok()?;
            gap = self.gap(&robots);
        }
        let read = |text: Option<&[u8]>| Arc::new(text.map(Reservations::parse).unwrap_or_default());
        match self.site_file(&self.reservations, &at, Manner { gap, patience: None, behalf }, read).await {
            Ok(found) => found.value.of(url).cloned(),
            Err(Unread { reason, .. }) => {
                tracing::debug!(url = %at, reason, "what the site reserves is unknown");
                None
            }
        }
    }
}
