//! `/v1`: the interface for programs, one file a resource.

mod articles;
mod batch;
mod clean;
mod feeds;
mod runs;
mod sources;
mod stream;
