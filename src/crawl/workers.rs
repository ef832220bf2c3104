//! The threads that clean pages and read feeds: as many as there are processors, and always the same.
//!
//! The runtime's own blocking threads come and go, and the allocator keeps memory for each; a page's tree is large, so
//! that would add up to several times what is in use.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use tokio::sync::oneshot;

type Task = Box<dyn FnOnce() + Send>;

/// Threads for work that takes a processor. They end with the value.
#[derive(Debug)]
pub(super) struct Workers {
    tasks: mpsc::Sender<Task>,
}

/// The work died of a fault of its own.
#[derive(Debug, thiserror::Error)]
#[error("it panicked")]
pub(super) struct Panicked;

impl Workers {
    /// One thread a processor.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub(super) fn start() -> std::io::Result<Self> {
        let (tasks, waiting) = mpsc::channel::<Task>();
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            let waiting = Arc::clone(&waiting);
            thread::Builder::new().name("copydesk-worker".to_owned()).spawn(move || {
                loop {
                    let task = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    match task {
                        Ok(task) => task(),
                        // Nobody can send any more.
                        Err(mpsc::RecvError) => break,
                    }
                }
            })?;
        }
        Ok(Self { tasks })
    }

    /// Has a worker do something. If nobody waits for it any more by then, it is not done.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Panicked> {
        let (answer, answered) = oneshot::channel();
        let task = move || {
            if !answer.is_closed() {
                // Whoever waited may be gone by now, which is no fault.
                let _ = answer.send(catch_unwind(AssertUnwindSafe(work)).map_err(|_| Panicked));
            }
        };
        self.tasks.send(Box::new(task)).map_err(|_| Panicked)?;
        answered.await.unwrap_or(Err(Panicked))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_is_done_and_a_panic_ends_no_thread() {
        let workers = Workers::start().unwrap();
        for _ in 0..8 {
            assert!(workers.run(|| panic!("on purpose")).await.is_err());
        }
        assert_eq!(workers.run(|| 6 * 7).await.unwrap(), 42);
    }
}
