//! Keeping an archive healthy: what its files hold, whether they agree with the catalogue, and the catalogue made anew.

mod holdings;
mod pictures;
mod remove;
mod repair;
mod stats;
mod verify;

pub use remove::{Gone, Removed, remove};
pub use repair::{Repaired, repair};
pub use stats::{Size, Stats, stats};
pub use verify::{Checked, Fault, Verified, verify};
