//! Names to addresses, with the guard between the answer and the connection.
//!
//! The addresses that are checked here are the ones that the connection is made to; there is no second look-up that a
//! hostile name service could answer in another way. IP literals never come here: [`super::guard`] has judged them before.

use super::guard::{self, AddressClass};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::sync::Arc;

/// Which of the resolved addresses may be connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admit {
    /// All of them: the host is allowed by name.
    All,
    /// Public ones.
    Public,
}

/// Says which addresses a name has. It may block.
pub(super) trait NameService: Send + Sync + fmt::Debug {
    fn look_up(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// The name service of the machine.
#[derive(Debug)]
struct System;

impl NameService for System {
    fn look_up(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        Ok((name, 0).to_socket_addrs()?.map(|address| address.ip()).collect())
    }
}

/// Who is asked for addresses, and who judges them.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    pub(super) names: Arc<dyn NameService>,
    pub(super) classify: fn(IpAddr) -> Option<AddressClass>,
}

impl Default for Guard {
    fn default() -> Self {
        Self { names: Arc::new(System), classify: guard::classify }
    }
}

/// A name service with fixed answers for some names, and the guard behind it.
#[derive(Debug, Clone)]
pub(super) struct GuardedResolver {
    pub(super) guard: Guard,
    pub(super) fixed: Arc<BTreeMap<String, SocketAddr>>,
    pub(super) admit: Admit,
    /// The host of a configured proxy, which is wherever the configuration says.
    pub(super) proxy: Option<Arc<str>>,
}

/// Why a name gave no address to connect to.
#[derive(Debug, thiserror::Error)]
pub(super) enum ResolveError {
    #[error("the name could not be resolved")]
    LookUp(#[source] io::Error),
    #[error("the name has no address")]
    Empty,
    #[error("the name resolves to {address}, {class}")]
    Refused { address: IpAddr, class: AddressClass },
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let this = self.clone();
        Box::pin(async move {
            let addresses = this.look_up(name.as_str()).await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

impl GuardedResolver {
    pub(super) async fn look_up(&self, name: &str) -> Result<Vec<SocketAddr>, ResolveError> {
        let key = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
        let found: Vec<SocketAddr> = if let Some(address) = self.fixed.get(&key) {
            vec![*address]
        } else if guard::is_localhost(&key) {
            // Port 0 stands for the URL's own.
            vec![(Ipv4Addr::LOCALHOST, 0).into(), (Ipv6Addr::LOCALHOST, 0).into()]
        } else {
            let (names, name) = (Arc::clone(&self.guard.names), name.to_owned());
            let answer = tokio::task::spawn_blocking(move || names.look_up(&name)).await;
            let answer = answer.unwrap_or_else(|died| Err(io::Error::other(died))).map_err(ResolveError::LookUp)?;
            answer.into_iter().map(|address| SocketAddr::new(address, 0)).collect()
        };
        if self.admit == Admit::All || self.proxy.as_deref() == Some(key.as_str()) {
            return if found.is_empty() { Err(ResolveError::Empty) } else { Ok(found) };
        }
        let mut refused = None;
        let mut public = Vec::with_capacity(found.len());
        for address in found {
            match (self.guard.classify)(address.ip()) {
                None => public.push(address),
                Some(class) => refused = Some(ResolveError::Refused { address: address.ip(), class }),
            }
        }
        if public.is_empty() { Err(refused.unwrap_or(ResolveError::Empty)) } else { Ok(public) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolver(admit: Admit, address: &str) -> GuardedResolver {
        let fixed = BTreeMap::from([("news.test".to_owned(), address.parse().unwrap())]);
        GuardedResolver { guard: Guard::default(), fixed: Arc::new(fixed), admit, proxy: None }
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_refused_unless_allowed() {
        let strict = resolver(Admit::Public, "10.0.0.7:80");
        assert!(matches!(
            strict.look_up("News.Test.").await,
            Err(ResolveError::Refused { class: AddressClass::Private, .. })
        ));
        assert!(matches!(
            strict.look_up("a.localhost").await,
            Err(ResolveError::Refused { class: AddressClass::Loopback, .. })
        ));
        let open = resolver(Admit::All, "10.0.0.7:80");
        assert_eq!(open.look_up("news.test").await.unwrap(), ["10.0.0.7:80".parse().unwrap()]);
        assert_eq!(open.look_up("a.localhost").await.unwrap()[0], "127.0.0.1:0".parse().unwrap());
    }

    #[tokio::test]
    async fn a_name_with_a_public_address_passes() {
        assert!(resolver(Admit::Public, "93.184.216.34:80").look_up("news.test").await.is_ok());
    }
}
