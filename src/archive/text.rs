//! Plain text: one file for each article, its title and its body.

use super::article_files::ArticleFiles;
use super::{ArchiveError, Format, Place, Record, Sink};
use crate::model::{Article, SinkPosition};
use std::path::Path;

/// Writes `text/<site>/<yyyy>/<mm>/<dd>/<slug>-<id>.txt`, by the day of publication as the Markdown files are.
#[derive(Debug)]
pub struct TextSink {
    files: ArticleFiles,
}

impl TextSink {
    /// A sink under an archive's folder. Nothing is touched yet.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self { files: ArticleFiles::new(root, "text", "txt") }
    }
}

impl Sink for TextSink {
    fn write(&mut self, record: &Record<'_>) -> Result<Option<Place>, ArchiveError> {
        // The last version stays.
        if record.article.tombstone.is_some() {
            return Ok(None);
        }
        let path = self.files.write(record, &document(record.article))?;
        Ok(Some(Place { format: Format::Text, path, is_own: true }))
    }

    fn flush(&mut self) -> Result<Vec<SinkPosition>, ArchiveError> {
        self.files.flush()?;
        Ok(Vec::new())
    }

    fn recover(&mut self, _committed: &[SinkPosition]) -> Result<(), ArchiveError> {
        self.files.recover();
        Ok(())
    }
}

/// The title on one line, a blank line, the body; each only where there is one.
fn document(article: &Article) -> String {
    let title = article.title.as_deref().unwrap_or_default();
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let parts = [title.as_str(), article.text.trim_matches('\n')];
    let mut document = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
    document.push('\n');
    document
}
