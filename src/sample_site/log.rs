//! What the site was asked.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// One request and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// The host that was asked for, without a port.
    pub host: String,
    /// Path and query.
    pub path: String,
    /// The status that was answered.
    pub status: u16,
    /// When the request's headers were in.
    pub start: Instant,
    /// When the answer was handed to the connection.
    pub end: Instant,
}

/// The requests so far, in the order of their answers.
#[derive(Debug, Default)]
pub(super) struct Log(Mutex<Vec<Served>>);

impl Log {
    pub(super) fn add(&self, served: Served) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(served);
    }

    pub(super) fn all(&self) -> Vec<Served> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
