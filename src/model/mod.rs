//! Plain data that travels between the stages: pages, links, articles, and the newtypes for what identifies them.
//!
//! Nothing here does I/O, reads a clock or knows of a stage. Every other module may import this one; it imports none.

mod article;
mod content_hash;
mod date;
mod directives;
mod exchange;
mod fingerprint;
pub(crate) mod hashed;
pub(crate) mod letters;
mod link;
mod page;
mod sink;
mod site_file;
mod sketch;
mod url;

pub use article::{Article, Image, PageType, Tombstone, Usage};
pub use content_hash::content_hash;
pub use date::{ArticleDate, DateError};
pub use directives::add_directives;
pub use exchange::{Cut, Exchange, Protocol};
pub use fingerprint::Fingerprint;
pub use link::{Link, Provenance};
pub use page::{Page, Validators};
pub use sink::SinkPosition;
pub use site_file::SiteFile;
pub use sketch::Sketch;
pub use url::{CanonicalUrl, HostKey, registrable_domain};
