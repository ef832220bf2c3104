//! The address guard: which addresses a request may go to.
//!
//! A page, a feed or a redirect can name any address, those behind the reader's own firewall too (server-side request
//! forgery). So every address that is not public is refused unless the configuration names that very host. This file
//! only decides; [`super::resolver`] asks it about the answers of the name service.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;
use url::{Host, Url};

/// A host, or one port of it, that the address guard lets through.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AllowedHost {
    host: String,
    port: Option<u16>,
}

/// A text that names no host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no host to allow; write it as \"news.example\", \"127.0.0.1:8900\" or \"[::1]:8900\"")]
pub struct AllowedHostError(String);

impl AllowedHost {
    /// Whether a URL's host and port are meant.
    #[must_use]
    pub fn matches(&self, url: &Url) -> bool {
        url.host_str().is_some_and(|host| plain_host(host) == self.host)
            && self.port.is_none_or(|port| url.port_or_known_default() == Some(port))
    }
}

impl FromStr for AllowedHost {
    type Err = AllowedHostError;

    fn from_str(text: &str) -> Result<Self, AllowedHostError> {
        let error = || AllowedHostError(text.to_owned());
        let text = text.trim();
        let (host, port) = match text.rsplit_once(':') {
            // A second colon outside brackets: a bare IPv6 address, which carries no port.
            Some((host, _)) if host.contains(':') && !host.ends_with(']') => {
                (format!("[{}]", text.trim_matches(['[', ']'])), None)
            }
            Some((host, port)) => (host.to_owned(), Some(port.parse().map_err(|_| error())?)),
            None => (text.to_owned(), None),
        };
        // The same reading as a URL's, so that every spelling of an address is the same entry.
        let host = Host::parse(&host).map_err(|_| error())?;
        Ok(Self { host: plain_host(&host.to_string()).to_owned(), port })
    }
}

impl fmt::Display for AllowedHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(f, "{}:{port}", self.host),
            None => f.write_str(&self.host),
        }
    }
}

/// Why an address is not public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AddressClass {
    /// The machine itself.
    Loopback,
    /// A private network (RFC 1918, RFC 4193, RFC 8215).
    Private,
    /// One network segment (RFC 3927, RFC 4291).
    LinkLocal,
    /// A carrier's own network (RFC 6598).
    Shared,
    /// A cloud provider's metadata service, which hands out credentials.
    Metadata,
    /// Many receivers.
    Multicast,
    /// No address at all.
    Unspecified,
    /// For examples and measurements (RFC 5737, RFC 3849, RFC 2544).
    Documentation,
    /// Set aside for other uses.
    Reserved,
}

impl fmt::Display for AddressClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Loopback => "a loopback address",
            Self::Private => "a private address",
            Self::LinkLocal => "a link-local address",
            Self::Shared => "a carrier-network address",
            Self::Metadata => "a cloud metadata address",
            Self::Multicast => "a multicast address",
            Self::Unspecified => "the unspecified address",
            Self::Documentation => "a documentation or benchmark address",
            Self::Reserved => "a reserved address",
        })
    }
}

/// Whether the requests to a URL may go anywhere, or only to public addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passage {
    /// The configuration names this host and port.
    Open,
    /// Whatever the name resolves to has to be public.
    PublicOnly,
}

/// What can be said of a URL before any look-up.
pub(super) fn passage(url: &Url, allowed: &[AllowedHost]) -> Result<Passage, AddressClass> {
    if allowed.iter().any(|entry| entry.matches(url)) {
        return Ok(Passage::Open);
    }
    let class = match url.host() {
        Some(Host::Ipv4(address)) => classify(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => classify(IpAddr::V6(address)),
        Some(Host::Domain(name)) => is_localhost(name).then_some(AddressClass::Loopback),
        None => Some(AddressClass::Unspecified),
    };
    class.map_or(Ok(Passage::PublicOnly), Err)
}

/// Names that mean the machine itself, whatever a name service says (RFC 6761, section 6.3).
pub(super) fn is_localhost(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// What kind of non-public address it is; `None` for a public one.
pub(super) fn classify(address: IpAddr) -> Option<AddressClass> {
    match address {
        IpAddr::V4(address) => classify_v4(address),
        IpAddr::V6(address) => classify_v6(address),
    }
}

/// The IANA special-purpose registry for IPv4, and the metadata services that sit outside link-local space (Alibaba
/// Cloud's and Azure's).
fn classify_v4(address: Ipv4Addr) -> Option<AddressClass> {
    use AddressClass::{
        Documentation, LinkLocal, Loopback, Metadata, Multicast, Private, Reserved, Shared, Unspecified,
    };
    Some(match address.octets() {
        [169, 254, 169, 254] | [100, 100, 100, 200] | [168, 63, 129, 16] => Metadata,
        [0, ..] => Unspecified,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Private,
        [100, 64..=127, ..] => Shared,
        [127, ..] => Loopback,
        [169, 254, ..] => LinkLocal,
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] | [198, 18..=19, ..] => Documentation,
        [192, 0, 0, _] | [192, 88, 99, _] | [240..=255, ..] => Reserved,
        [224..=239, ..] => Multicast,
        _ => return None,
    })
}

/// The IANA special-purpose registry for IPv6. Forms that carry an IPv4 address are judged by that address; outside
/// `2000::/3` nothing else is public.
fn classify_v6(address: Ipv6Addr) -> Option<AddressClass> {
    use AddressClass::{Documentation, LinkLocal, Loopback, Metadata, Multicast, Private, Reserved, Unspecified};
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        classify_v4(Ipv4Addr::new(a, b, c, d))
    };
    Some(match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => Unspecified,
        [0, 0, 0, 0, 0, 0, 0, 1] => Loopback,
        // Mapped (RFC 4291) and translated (RFC 2765, RFC 6052) forms reach the IPv4 network.
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            return v4(high, low);
        }
        // The deprecated compatible form.
        [0, 0, 0, 0, 0, 0, high, low] => v4(high, low).unwrap_or(Reserved),
        [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254] => Metadata,
        [0x64, 0xff9b, 1, ..] | [0xfc00..=0xfdff | 0xfec0..=0xfeff, ..] => Private,
        [0xfe80..=0xfebf, ..] => LinkLocal,
        [0xff00..=0xffff, ..] => Multicast,
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] | [0x2001, 2, 0, ..] => Documentation,
        // Teredo hides its IPv4 address, ORCHIDs are no addresses, the rest of `2001::/23` is for protocols.
        [0x2001, 0..=0x1ff, ..] => Reserved,
        // 6to4 (RFC 3056).
        [0x2002, high, low, ..] => return v4(high, low),
        [0x2000..=0x3fff, ..] => return None,
        _ => Reserved,
    })
}

/// A host as it is compared: without brackets' case and without the dot of a fully qualified name.
fn plain_host(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_addresses_pass() {
        for text in [
            "93.184.216.34",
            "1.1.1.1",
            "172.32.0.1",
            "100.128.0.1",
            "2606:4700::1111",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
            "2002:101:101::1",
        ] {
            assert_eq!(classify(text.parse().unwrap()), None, "{text}");
        }
    }

    #[test]
    fn an_allowance_is_for_that_host_and_port() {
        let url = |text| Url::parse(text).unwrap();
        let with_port: AllowedHost = "127.0.0.1:8900".parse().unwrap();
        assert!(with_port.matches(&url("http://127.0.0.1:8900/x")));
        assert!(with_port.matches(&url("http://0x7f.1:8900/x")));
        assert!(!with_port.matches(&url("http://127.0.0.1:8901/x")));
        assert!(!with_port.matches(&url("http://localhost:8900/x")));
        let default_port: AllowedHost = "News.Test:80".parse().unwrap();
        assert!(default_port.matches(&url("http://news.test/")));
        assert!(!default_port.matches(&url("https://news.test/")));
        for text in ["::1", "[::1]"] {
            assert!(text.parse::<AllowedHost>().unwrap().matches(&url("http://[0::1]:8900/")), "{text}");
        }
        assert!("[::1]:8900".parse::<AllowedHost>().unwrap().matches(&url("http://[::1]:8900/")));
        for text in ["", "a b", "host:port", "host:99999", "http://host/"] {
            assert!(text.parse::<AllowedHost>().is_err(), "{text:?}");
        }
    }
}
