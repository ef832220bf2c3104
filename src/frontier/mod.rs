//! What to fetch next, and what became of it: durable.
//!
//! Every URL that was ever found has one row and one [`State`]. A crawler takes [`Lease`]s, reports an [`Outcome`] for
//! each, and commits outcomes together with the lengths of the archive's files, so that after a crash both agree.
//!
//! [`Frontier`] says what a store has to do, [`SqliteFrontier`] does it in one file on one machine. No clock is read
//! here: every method is told the time. When a URL is due again is decided in [`revisit`], which is pure.
//!
//! It fetches nothing, writes no article, and does not know what a feed or a page looks like.

pub mod coverage;
mod cron;
mod error;
mod health;
mod record;
pub mod revisit;
mod sqlite;
mod store;

pub use coverage::Coverage;
pub use cron::{CronError, CronLine};
pub use error::FrontierError;
pub use health::{Health, Hub};
pub use record::{
    Alike, Discovered, Hints, HostDown, HostWork, KnownArticle, KnownUrl, Lease, LeaseRequest, Likeness, Outcome,
    Pending, State, UrlKind, Verdict, Visit, WhichSources,
};
pub use revisit::{HubVisits, RevisitRule, Schedule};
pub use sqlite::SqliteFrontier;
pub use store::Frontier;
