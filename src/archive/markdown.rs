//! Markdown: one file for each article, its metadata in front.

use super::article_files::ArticleFiles;
use super::pictures::Beside;
use super::{ArchiveError, Format, Place, Record, Sink, front_matter, pictures};
use crate::model::{Article, SinkPosition};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Writes `markdown/<site>/<yyyy>/<mm>/<dd>/<slug>-<id>.md`, by the day of publication in the publisher's own
/// reckoning, or of fetching where that is unknown.
#[derive(Debug)]
pub struct MarkdownSink {
    root: PathBuf,
    files: ArticleFiles,
    /// Documents that were written since the last flush and have pictures beside them, by their paths.
    illustrated: BTreeMap<PathBuf, String>,
}

impl MarkdownSink {
    /// A sink under an archive's folder. Nothing is touched yet.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            files: ArticleFiles::new(root, pictures::FOLDER, "md"),
            illustrated: BTreeMap::new(),
        }
    }
}

impl Sink for MarkdownSink {
    fn write(&mut self, record: &Record<'_>) -> Result<Option<Place>, ArchiveError> {
        // The last version stays.
        if record.article.tombstone.is_some() {
            return Ok(None);
        }
        let beside = Beside::of(&self.root, record.article);
        let document = document(record.article, &beside, || self.files.path_of(record.article))?;
        let path = self.files.write(record, &document)?;
        if !beside.is_empty() {
            self.illustrated.insert(self.root.join(&path), document);
        }
        Ok(Some(Place { format: Format::Markdown, path, is_own: true }))
    }

    fn flush(&mut self) -> Result<Vec<SinkPosition>, ArchiveError> {
        self.files.flush()?;
        // What the files before these linked to.
        while let Some(entry) = self.illustrated.first_entry() {
            pictures::remove_others(entry.key(), entry.get())?;
            entry.remove();
        }
        Ok(Vec::new())
    }

    fn recover(&mut self, _committed: &[SinkPosition]) -> Result<(), ArchiveError> {
        self.files.recover();
        self.illustrated.clear();
        Ok(())
    }
}

fn document(article: &Article, beside: &Beside, path: impl FnOnce() -> PathBuf) -> Result<String, ArchiveError> {
    let mut record = serde_json::to_value(article).map_err(|source| ArchiveError::Encode { path: path(), source })?;
    for image in record["images"].as_array_mut().into_iter().flatten() {
        if let Some(link) = image["url"].as_str().and_then(|url| beside.link(url)) {
            image["file"] = link.into();
        }
    }
    let mut out = front_matter::front_matter(&record);
    if let Some(title) = article.title.as_deref().filter(|title| !title.trim().is_empty()) {
        out.push_str("\n# ");
        push_heading(&mut out, title);
        out.push('\n');
    }
    let body = article.markdown.trim_matches('\n');
    if !body.is_empty() {
        out.push('\n');
        out.push_str(&beside.linked(body));
        out.push('\n');
    }
    Ok(out)
}

/// A title on one line, with what Markdown would take for markup escaped.
fn push_heading(out: &mut String, title: &str) {
    for (index, word) in title.split_whitespace().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        for c in word.chars() {
            if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '&' | '~' | '|') {
                out.push('\\');
            }
            out.push(c);
        }
    }
}
