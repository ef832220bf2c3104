//! The body of a request, read under limits of size, time and memory.

use super::Desk;
use super::problem::Problem;
use axum::body::{Body, Bytes};
use axum::http::header::CONNECTION;
use futures_util::StreamExt as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;

/// The largest body, in bytes: as large as the largest page that is fetched by default, twice, since JSON escapes.
pub(super) const MAX_BYTES: usize = 32 * 1024 * 1024;

/// KiB of bodies in memory at the same time, over all requests: eight of the largest.
pub(super) const MEMORY_KIB: usize = 8 * MAX_BYTES / 1024;

/// How long a body may take to come: the largest at 1 MiB a second.
const READ_TIME: Duration = Duration::from_secs(32);

/// A body, and what it holds of the memory for bodies until it is dropped.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) bytes: Vec<u8>,
    pub(super) memory: Option<OwnedSemaphorePermit>,
}

impl Desk {
    /// Reads a body. Slow clients hold only as much as they have sent.
    pub(super) async fn read_body(&self, body: Body) -> Result<Held, Problem> {
        // What is left unread would be taken for the next request.
        let ended = |problem: Problem| problem.with(CONNECTION, "close");
        tokio::time::timeout(READ_TIME, self.read(body)).await.map_or_else(
            |_| {
                let limit = READ_TIME.as_secs();
                Err(ended(Problem::new(408, format!("the body took longer than {limit} s to come; send it faster"))))
            },
            |read| read.map_err(ended),
        )
    }

    async fn read(&self, body: Body) -> Result<Held, Problem> {
        let mut held = Held { bytes: Vec::new(), memory: None };
        let mut chunks = body.into_data_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk: Bytes =
                chunk.map_err(|error| Problem::new(400, format!("the body broke off ({error}); send it again")))?;
            if held.bytes.len() + chunk.len() > MAX_BYTES {
                let limit = MAX_BYTES / 1024 / 1024;
                return Err(Problem::new(413, format!("the body is larger than {limit} MiB; cut it up")));
            }
            held.bytes.extend_from_slice(&chunk);
            // A vector that grows has room for up to twice of what is in it.
            let wanted = held.bytes.capacity().div_ceil(1024);
            let has = held.memory.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
            if wanted > has {
                let more = u32::try_from(wanted - has).map_err(|_| Problem::busy())?;
                let more = Arc::clone(&self.memory).try_acquire_many_owned(more).map_err(|_| Problem::busy())?;
                match &mut held.memory {
                    Some(permit) => permit.merge(more),
                    none => *none = Some(more),
                }
            }
        }
        Ok(held)
    }
}
