//! What the fetcher has to know beyond the run, kept in the frontier.

use crate::fetch::HostMemory;
use crate::frontier::{Frontier, FrontierError};
use crate::model::{HostKey, SiteFile};
use jiff::Timestamp;
use std::sync::Arc;
use url::Url;

/// A frontier as the fetcher's memory. The frontier's own calls meet whatever is wrong with it and end the run; here it is
/// only logged.
pub(super) struct Memory(pub(super) Arc<dyn Frontier>);

impl HostMemory for Memory {
    fn site_file(&self, url: &Url) -> Option<SiteFile> {
        logged(self.0.site_file(url)).flatten()
    }

    fn keep_site_file(&self, file: &SiteFile) {
        logged(self.0.set_site_file(file));
    }

    fn keep_rest(&self, host: &HostKey, until: Timestamp) {
        logged(self.0.set_host_clocks(&[(host.clone(), until)]));
    }
}

fn logged<T>(result: Result<T, FrontierError>) -> Option<T> {
    result.inspect_err(|error| tracing::warn!(%error, "what is known of a host could not be kept or read")).ok()
}
