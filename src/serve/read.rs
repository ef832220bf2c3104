//! The archive and the store, read where blocking is allowed.

use super::Desk;
use super::problem::Problem;
use crate::archive::{ArchiveError, Catalogue};
use crate::frontier::FrontierError;
use std::sync::Arc;

impl Desk {
    /// Asks the catalogue. `None` where there is none yet, as before the first crawl. It is opened for each request, since
    /// `archive repair` puts another in its place.
    pub(super) async fn catalogue<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Catalogue) -> Result<T, Problem> + Send + 'static,
    ) -> Result<Option<T>, Problem> {
        let root = self.archive.clone();
        self.blocking(move || match Catalogue::open(&root) {
            Ok(catalogue) => question(&catalogue).map(Some),
            Err(ArchiveError::NoCatalogue { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        })
        .await
    }

    /// Runs something that reads files, a few at a time.
    pub(super) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let permit = Arc::clone(&self.readers).acquire_owned().await.map_err(|_| Problem::busy())?;
        let work = move || {
            let _held = permit;
            work()
        };
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|_| Problem::new(500, "reading the archive failed; please report it"))?
    }
}

impl From<ArchiveError> for Problem {
    fn from(error: ArchiveError) -> Self {
        match error {
            ArchiveError::Query { .. } => Self::new(400, error.to_string()),
            // Paths of this machine are for whoever runs it.
            error => {
                tracing::error!(%error, "the archive cannot be read");
                Self::new(500, "the archive cannot be read; the server's log says why")
            }
        }
    }
}

impl From<FrontierError> for Problem {
    fn from(error: FrontierError) -> Self {
        tracing::error!(%error, "the store cannot be read");
        Self::new(500, "the store cannot be read; the server's log says why")
    }
}
