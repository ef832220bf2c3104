//! How far an append-only file of the archive is known to be good.

use serde::{Deserialize, Serialize};

/// The committed length of one append-only file.
///
/// A sink appends, the store commits the new length together with the state of the URL that the record came from, and
/// on the next start the sink cuts the file back to it: so a crash in between leaves neither half a record nor one twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SinkPosition {
    /// The file, relative to the archive, with `/` between its parts.
    pub path: String,
    /// Bytes; 0 of a file that is no more.
    pub length: u64,
}
