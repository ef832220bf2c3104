//! The task that has a bucket follow the archive while a crawl goes on.
//!
//! It only ever reads what is committed, and nobody waits for it before the end: an outage of the bucket costs the crawl
//! nothing.

use crate::archive::bucket::{Bucket, Round, Sent};
use crate::frontier::Frontier;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// The pause between two rounds.
const PAUSE: Duration = Duration::from_mins(1);

/// The longest pause after rounds that failed; each failure doubles it.
const LONGEST_PAUSE: Duration = Duration::from_mins(15);

/// How long the last round may take when somebody waits for the process to end.
const GRACE: Duration = Duration::from_secs(20);

/// How long what fails at the end of a crawl is tried again: an outage of seconds is waited for, and a longer one is not.
const LAST_PATIENCE: Duration = Duration::from_secs(20);

/// The pause before it is.
const LAST_PAUSE: Duration = Duration::from_secs(1);

/// How a crawl ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Haste {
    /// By itself: everything is sent.
    None,
    /// It was told to stop: what cannot be sent soon waits for the next one.
    Stopped,
}

/// The task; it is to be ended by [`BucketTask::end`].
#[expect(missing_debug_implementations, reason = "a frontier need not have one")]
pub struct BucketTask {
    frontier: Arc<dyn Frontier>,
    stop: CancellationToken,
    task: JoinHandle<Bucket>,
}

impl BucketTask {
    /// Begins to send what is committed to the archive, now and then. To be called within a runtime of tokio.
    #[must_use]
    pub fn start(bucket: Bucket, frontier: Arc<dyn Frontier>) -> Self {
        let stop = CancellationToken::new();
        let task = tokio::spawn(follow(bucket, Arc::clone(&frontier), stop.clone()));
        Self { frontier, stop, task }
    }

    /// Sends what is left. To be called when the archive is closed.
    pub async fn end(self, haste: Haste) -> Sent {
        self.stop.cancel();
        let Ok(mut bucket) = self.task.await else {
            return Sent { failure: Some("its task died".to_owned()), ..Sent::default() };
        };
        let round = last_rounds(&mut bucket, &self.frontier);
        let limit = if haste == Haste::None { Duration::MAX } else { GRACE };
        let late = || Sent { failure: Some(format!("it takes more than {} s", GRACE.as_secs())), ..Sent::default() };
        let sent = tokio::time::timeout(limit, round).await.unwrap_or_else(|_| late());
        report(&sent, Round::Last);
        sent
    }
}

/// Sends what is left, and tries again for a while where that fails.
async fn last_rounds(bucket: &mut Bucket, frontier: &Arc<dyn Frontier>) -> Sent {
    let (began, never) = (Instant::now(), CancellationToken::new());
    let mut all = Sent::default();
    loop {
        let sent = round(bucket, frontier, Round::Last, &never).await;
        all = Sent {
            files: all.files + sent.files,
            bytes: all.bytes + sent.bytes,
            removed: all.removed + sent.removed,
            ..sent
        };
        if all.failure.is_none() || began.elapsed() > LAST_PATIENCE {
            return all;
        }
        tokio::time::sleep(LAST_PAUSE).await;
    }
}

async fn follow(mut bucket: Bucket, frontier: Arc<dyn Frontier>, stop: CancellationToken) -> Bucket {
    let mut pause = PAUSE;
    loop {
        let sent = round(&mut bucket, &frontier, Round::Going, &stop).await;
        if stop.is_cancelled() {
            return bucket;
        }
        report(&sent, Round::Going);
        pause = if sent.failure.is_some() { (pause * 2).min(LONGEST_PAUSE) } else { PAUSE };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => return bucket,
        }
    }
}

async fn round(bucket: &mut Bucket, frontier: &Arc<dyn Frontier>, round: Round, stop: &CancellationToken) -> Sent {
    let frontier = Arc::clone(frontier);
    let positions = tokio::task::spawn_blocking(move || frontier.sink_positions()).await;
    let failed = |failure: String| Sent { failure: Some(failure), ..Sent::default() };
    match positions {
        Ok(Ok(positions)) => bucket.send(&positions, round, stop).await,
        Ok(Err(error)) => failed(error.to_string()),
        Err(error) => failed(error.to_string()),
    }
}

fn report(sent: &Sent, round: Round) {
    let Sent { files, bytes, removed, waiting, failure } = sent;
    match failure {
        Some(reason) => {
            let when = if round == Round::Last { "the next run sends it" } else { "it is tried again" };
            tracing::warn!(files, waiting, reason, "the bucket does not have everything yet; {when}");
        }
        None if *files + *removed > 0 => tracing::info!(files, bytes, removed, "the bucket is as the archive is"),
        None => {}
    }
}
