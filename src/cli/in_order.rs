//! Work by several threads whose results come out in the order of the work.

use std::collections::BTreeMap;
use std::io;
use std::sync::mpsc::{Receiver, Sender, TryRecvError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Stack of a worker, in bytes: what Linux gives a program's first thread. The parse recurses as deep as its guard lets
/// a page be.
pub(super) const STACK_BYTES: usize = 8 * 1024 * 1024;

/// As many workers as were asked for, or one for each processor.
pub(super) fn workers(jobs: Option<u16>) -> usize {
    jobs.map_or_else(|| thread::available_parallelism().map_or(1, usize::from), usize::from)
}

/// Starts threads that take jobs until there are no more, and send what comes of each.
///
/// # Errors
/// Where the system gives no thread.
pub(super) fn start<J: Send + 'static, R: Send + 'static>(
    jobs: usize,
    inbox: Receiver<J>,
    results: &Sender<R>,
    work: impl Fn(J) -> R + Send + Sync + 'static,
) -> io::Result<()> {
    let (inbox, work) = (Arc::new(Mutex::new(inbox)), Arc::new(work));
    for _ in 0..jobs {
        let (inbox, results, work) = (Arc::clone(&inbox), results.clone(), Arc::clone(&work));
        thread::Builder::new().stack_size(STACK_BYTES).spawn(move || {
            loop {
                let job = inbox.lock().unwrap_or_else(PoisonError::into_inner).recv();
                let Ok(job) = job else { return };
                if results.send(work(job)).is_err() {
                    return;
                }
            }
        })?;
    }
    Ok(())
}

/// Hands on results, numbered from 0, as soon as all before them are there; and `None` whenever it is going to wait.
///
/// # Errors
/// What `take` says, at once.
pub(super) fn in_order<R>(
    outbox: &Receiver<(usize, R)>,
    mut take: impl FnMut(Option<R>) -> io::Result<()>,
) -> io::Result<()> {
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    loop {
        let finished = match outbox.try_recv() {
            Err(TryRecvError::Empty) => {
                take(None)?;
                outbox.recv().ok()
            }
            other => other.ok(),
        };
        let Some((number, result)) = finished else { break };
        waiting.insert(number, result);
        while let Some(result) = waiting.remove(&next) {
            take(Some(result))?;
            next += 1;
        }
    }
    take(None)
}
