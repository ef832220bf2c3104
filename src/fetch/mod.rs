//! From a URL to a [`Page`](crate::model::Page), politely and safely.
//!
//! Every request, and every hop of a redirect, passes the address guard, is asked of the host's robots.txt, waits for
//! the host's turn, and is read under limits of time and size. The stage knows nothing of articles, feeds or archives:
//! bytes come out as they were sent, with only the content coding undone.
//!
//! It does not decide what to fetch ([`crate::model::Link`]s come from elsewhere) and remembers nothing after the run by
//! itself: validators and host clocks it hands out and takes in, robots.txt files and rests that servers asked for it
//! gives to a [`HostMemory`].

mod access;
mod addresses;
mod body;
pub mod browser;
mod content;
mod error;
mod fetcher;
mod guard;
mod http;
mod known_rules;
mod memory;
mod options;
mod pace;
#[cfg(test)]
mod rebinding;
mod resolver;
mod retry;
mod robots;
mod site_files;
mod site_terms;
mod tape;
mod tdm;

pub use access::{AccessOptions, Login, Setting};
pub use content::Accept;
pub use error::{FetchError, Phase};
pub use fetcher::{Fetcher, Request, StopsAt};
pub use guard::{AddressClass, AllowedHost, AllowedHostError};
pub use known_rules::{KnownRules, PauseRule, RobotsAnswer, pause};
pub use memory::HostMemory;
pub use options::FetchOptions;
pub use pace::clock_of;
pub use robots::Robots;
pub use tape::Tape;
pub use tdm::Reservation;

/// A door for the fuzzer alone: reads a robots.txt and asks it of two addresses.
#[cfg(fuzzing)]
pub fn read_robots(text: &[u8]) {
    let Ok(site) = url::Url::parse("https://news.example/robots.txt") else { return };
    let robots = Robots::parse(site.clone(), text, "copydesk");
    for path in ["/", "/2026/03/04/story?page=2&sort=%C3%BC"] {
        let _ = site.join(path).map(|url| robots.check(&url));
    }
}
