//! From bytes to links: feeds, sitemaps, and the links of front and section pages; and which of them are in scope.
//!
//! Pure: no clock, no network, no file. What is found is not fetched here, not made canonical and not remembered.

mod charset;
mod date;
mod error;
mod feed;
mod json_feed;
mod listed;
mod page_links;
mod parts;
mod repeated;
mod salvage;
mod scope;
mod sitemap;
mod traps;
mod unpack;
mod url_kind;
mod websub;
mod xml_feed;

pub use error::DiscoverError;
pub use feed::feed;
pub use page_links::{PageLinks, page_links};
pub use parts::next_part;
pub use scope::{OutOfScope, Scope};
pub use sitemap::{MAX_ENTRIES, Sitemap, sitemap};
pub use traps::{Bounds, is_trap};
pub use unpack::MAX_EXPANDED_BYTES;
pub use url_kind::{UrlKind, path_date, same_site, url_kind};
pub use websub::{HubOffer, hub_offer};
