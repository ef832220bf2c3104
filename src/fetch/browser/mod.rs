//! Pages that build their text by script, rendered by an installed Chromium.
//!
//! A page is first fetched like any other, with robots.txt, pace and guard. Its bytes are then handed to the browser as
//! the answer to its first request, so that the site is not asked for them twice; what the scripts ask for goes through
//! a guarded proxy (`gate.rs`) or not at all (`requests.rs`). Out comes the same page with the tree that stands in the
//! browser when the network has gone quiet.
//!
//! One browser serves many pages, each in a context of its own that shares nothing with others (`tab.rs`). It is started
//! for the first page, started again when it has died, and ended when it is idle or dropped (`process.rs`).

mod error;
mod gate;
mod process;
mod protocol;
#[cfg(test)]
mod rebinding;
mod requests;
mod tab;

pub use error::RenderError;

use super::FetchOptions;
use super::resolver::Guard;
use crate::model::Page;
use process::Process;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use tokio::sync::{Mutex, Semaphore};

/// Pages in the browser at a time, at the most. Each takes a process.
const MAX_TABS: usize = 4;

/// Pages after which a browser is started anew, since it grows.
const MAX_PAGES: usize = 200;

/// A browser to render pages with. Cheap to clone; clones share it.
#[derive(Debug, Clone)]
pub struct Browser {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    program: PathBuf,
    options: Arc<FetchOptions>,
    guard: Guard,
    tabs: Semaphore,
    running: Mutex<Option<Arc<Process>>>,
    /// Pages that the running one has had.
    pages: AtomicUsize,
}

impl Browser {
    /// Finds the browser; it is started for the first page.
    ///
    /// # Errors
    /// [`RenderError::NoBrowser`] where there is none, [`RenderError::Proxy`] where requests are to go through a proxy.
    pub fn new(options: &FetchOptions) -> Result<Self, RenderError> {
        Self::with_guard(Arc::new(options.clone()), Guard::default())
    }

    /// A browser whose names are looked up by another than the machine's name service.
    pub(super) fn with_guard(options: Arc<FetchOptions>, guard: Guard) -> Result<Self, RenderError> {
        if options.proxy.is_some() {
            return Err(RenderError::Proxy);
        }
        let program = process::find(options.browser.as_deref())?;
        let tabs = thread::available_parallelism().map_or(1, usize::from).min(MAX_TABS);
        let shared = Shared {
            program,
            options,
            guard,
            tabs: Semaphore::new(tabs),
            running: Mutex::default(),
            pages: AtomicUsize::new(0),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// The program that was found.
    #[must_use]
    pub fn program(&self) -> &Path {
        &self.shared.program
    }

    /// The page with what its scripts made of it as its body. All else stays what was received.
    ///
    /// # Errors
    /// Why it could not be rendered; the page as it was received is as good as before.
    pub async fn render(&self, page: &Page) -> Result<Page, RenderError> {
        let content_type = page.content_type.as_deref().unwrap_or_default();
        if content_type.trim_start().to_ascii_lowercase().starts_with("text/plain") {
            // A text has no scripts.
            return Ok(page.clone());
        }
        let _tab = self.shared.tabs.acquire().await;
        let mut is_first = true;
        loop {
            let process = self.process().await?;
            let result = tab::render(&process, page, &self.shared.options, &self.shared.guard).await;
            process.touch();
            match result {
                // It may have been another page that ended the browser.
                Err(tab::Trouble::Closed) if is_first => is_first = false,
                Err(tab::Trouble::Closed) => return Err(RenderError::Crashed { url: Box::new(page.url.clone()) }),
                Err(tab::Trouble::Hung) => {
                    process.kill();
                    let problem = "did not answer any more".to_owned();
                    let program = self.shared.program.display().to_string();
                    return Err(RenderError::Died { program, problem });
                }
                Err(tab::Trouble::Page(error)) => return Err(error),
                Ok(body) => {
                    let content_type = Some("text/html; charset=utf-8".to_owned());
                    return Ok(Page { body: body.into(), content_type, ..page.clone() });
                }
            }
        }
    }

    /// Ends the browser, if it runs. It is started again for the next page.
    pub async fn close(&self) {
        *self.shared.running.lock().await = None;
    }

    /// The browser that runs, or a new one.
    async fn process(&self) -> Result<Arc<Process>, RenderError> {
        let mut running = self.shared.running.lock().await;
        let count = self.shared.pages.fetch_add(1, Ordering::Relaxed);
        if let Some(process) = running.as_ref().filter(|process| !process.connection.is_closed() && count < MAX_PAGES) {
            process.touch();
            return Ok(Arc::clone(process));
        }
        // The old one goes with the last page that is in it.
        *running = None;
        let process = Process::start(&self.shared.program).await?;
        self.shared.pages.store(1, Ordering::Relaxed);
        *running = Some(Arc::clone(&process));
        Ok(process)
    }
}
