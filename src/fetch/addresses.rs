//! Hosts that share an address share a budget: so many requests at a time to each address, and after each the pause that
//! its host would have alone.

use super::resolver::GuardedResolver;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;
use url::{Host, Url};

/// The budgets of all addresses that were asked in this run.
#[derive(Debug)]
pub(super) struct Addresses {
    /// Requests at a time; 0 for no limit.
    limit: usize,
    resolver: GuardedResolver,
    /// The first address of each name, looked up once: a budget need not follow every change of a name service.
    known: Mutex<HashMap<String, Option<IpAddr>>>,
    budgets: Mutex<HashMap<IpAddr, Arc<Semaphore>>>,
}

impl Addresses {
    pub(super) fn new(limit: usize, resolver: GuardedResolver) -> Self {
        let limit = limit.min(Semaphore::MAX_PERMITS);
        Self { limit, resolver, known: Mutex::default(), budgets: Mutex::default() }
    }

    /// The budget of a URL's address; `None` where there is no limit, or no address.
    pub(super) async fn budget(&self, url: &Url) -> Option<Arc<Semaphore>> {
        if self.limit == 0 {
            return None;
        }
        let address = self.address(url).await?;
        let mut budgets = self.budgets.lock().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(budgets.entry(address).or_insert_with(|| Arc::new(Semaphore::new(self.limit)))))
    }

    async fn address(&self, url: &Url) -> Option<IpAddr> {
        let name = match url.host()? {
            Host::Ipv4(address) => return Some(address.into()),
            Host::Ipv6(address) => return Some(address.to_ipv4_mapped().map_or(address.into(), IpAddr::V4)),
            Host::Domain(name) => name,
        };
        if let Some(known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(name) {
            return *known;
        }
        // A name without an address fails in its own time, with its own message.
        let found = self.resolver.look_up(name).await.ok().and_then(|found| found.first().map(SocketAddr::ip));
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), found);
        found
    }
}
