//! `/v1`: the interface for programs, one file a resource.

pub(super) mod articles;
mod batch;
pub(super) mod clean;
mod feeds;
mod runs;
pub(super) mod sources;
mod stream;
