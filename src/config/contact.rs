//! Whether whoever crawls says who they are.

use super::{Config, ConfigError};
use crate::crawl::Source;
use std::path::Path;
use url::{Host, Url};

impl Config {
    /// Whether the sites of others are told whom to turn to: the user agent has an address of the web or of e-mail.
    /// `path` is for the message.
    ///
    /// # Errors
    /// [`ConfigError::NoContact`] where it has none and one of the sources is on another machine.
    pub fn check_contact(&self, sources: &[Source], path: &Path) -> Result<(), ConfigError> {
        let user_agent = &self.fetch.user_agent;
        let has_contact = user_agent.contains('@') || user_agent.contains("http://") || user_agent.contains("https://");
        match sources.iter().find(|source| !has_contact && !self.is_our_own(&source.url)) {
            None => Ok(()),
            Some(source) => Err(ConfigError::NoContact {
                path: path.to_owned(),
                user_agent: user_agent.clone(),
                host: source.url.host_str().unwrap_or_default().to_owned(),
            }),
        }
    }

    /// Whether an address is on this machine, or one that the configuration vouches for.
    fn is_our_own(&self, url: &Url) -> bool {
        let by_name = self.fetch.allow_hosts.iter().any(|allowed| allowed.matches(url));
        by_name
            || match url.host() {
                Some(Host::Domain(name)) => {
                    name == "localhost" || name.ends_with(".localhost") || self.fetch.resolve.contains_key(name)
                }
                Some(Host::Ipv4(address)) => address.is_loopback(),
                Some(Host::Ipv6(address)) => address.is_loopback(),
                None => true,
            }
    }
}
