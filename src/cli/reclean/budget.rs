//! How many bytes may be under way.

use std::sync::{Condvar, Mutex, PoisonError};

/// A number of bytes of which whoever needs some takes a part, and gives it back.
#[derive(Debug)]
pub(super) struct Budget {
    limit: u64,
    used: Mutex<u64>,
    given_back: Condvar,
}

impl Budget {
    pub(super) fn new(limit: u64) -> Self {
        Self { limit, used: Mutex::new(0), given_back: Condvar::new() }
    }

    /// Waits until there is room. What is larger than all of it goes alone.
    pub(super) fn take(&self, bytes: u64) {
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |used: &mut u64| *used > 0 && *used + bytes > self.limit;
        let mut used = self.given_back.wait_while(used, is_full).unwrap_or_else(PoisonError::into_inner);
        *used += bytes;
    }

    /// Says that bytes are not needed any more.
    pub(super) fn give_back(&self, bytes: u64) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        *used = used.saturating_sub(bytes);
        self.given_back.notify_all();
    }
}
