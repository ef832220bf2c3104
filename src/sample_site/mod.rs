//! The bundled sample news site: three invented outlets on a loopback port, to show and to test the crawler with.
//!
//! The pages are those of `fixtures/site/`, kept in the program; [`SampleSite::grown`] has any number of made-up ones
//! besides. They are told apart by the `Host` header, so a client
//! has to be told to connect to [`SampleSite::addr`] for each of [`SampleSite::hosts`]. It is a real HTTP server with
//! entity tags, redirects, a server that is busy once, and a log of what was asked; it is not meant to be reached from
//! elsewhere.

mod files;
mod grown;
mod log;
mod next_day;
mod routes;
mod server;

pub use files::{ExpectedArticle, expected};
pub use grown::Truth;
pub use log::Served;
pub use server::SampleSite;
