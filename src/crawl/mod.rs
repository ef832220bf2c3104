//! One pass over what is due: the only place where the stages meet.
//!
//! ```text
//! sources ─ seed ─► frontier ─ lease ─► queue ─ hub ─► links ─► frontier
//!                                            └─ page ─► article ─► writer ─► archive, then frontier
//! ```
//!
//! One task leads ([`run()`]), one task a page works, one task writes. Nothing is written but by the writer, and no
//! outcome is recorded before what it stands for is on the disk; so a run that dies at any instant is taken up by the
//! next one without a gap or a double. Pages are fetched at the pace that the fetcher sets; which host is next is
//! decided here.

mod breaker;
mod bucket_task;
mod error;
mod explore;
mod feed_texts;
mod hub;
mod identity;
mod illustrate;
mod memory;
mod near_duplicates;
mod observer;
mod options;
mod page;
mod queue;
mod render;
mod respect;
mod run;
mod seed;
mod shared;
mod sitemap_turns;
mod source;
mod summary;
mod watch;
mod workers;
mod writer;

pub use bucket_task::{BucketTask, Haste};
pub use error::CrawlError;
pub use explore::{Found, Proposal, explore};
pub use near_duplicates::NearDuplicates;
pub use observer::{DUE_COUNTED, Event, Kept, Observer, Silent};
pub use options::CrawlOptions;
pub use respect::{Respect, RespectError};
pub use run::{Parts, run};
pub use source::{Render, Source};
pub use summary::{Counts, Example, Failure, RunSummary};
pub use watch::Watch;
