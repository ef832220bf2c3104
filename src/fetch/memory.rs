//! What is known of hosts beyond the run.

use crate::model::RobotsCopy;
use std::fmt;
use url::Url;

/// Keeps what a fetcher learns of hosts, so that another run need not ask again. Its methods may block.
///
/// A memory that fails says so in the log and forgets: that costs a request, and no page.
pub trait HostMemory: Send + Sync {
    /// What a robots.txt URL answered last.
    fn robots(&self, url: &Url) -> Option<RobotsCopy>;

    /// Keeps what a robots.txt URL answered.
    fn keep_robots(&self, copy: &RobotsCopy);
}

impl fmt::Debug for dyn HostMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HostMemory")
    }
}
