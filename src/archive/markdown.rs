//! Markdown: one file for each article, its metadata in front.

use super::{ArchiveError, Record, Sink, front_matter, names, safe_file};
use crate::model::{Article, SinkPosition};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use url::Url;

/// The folder under the archive.
const FOLDER: &str = "markdown";

/// Folders whose listing is kept in memory. A run writes into a few days of a few hundred sites.
const LISTED_FOLDERS: usize = 256;

/// Writes `markdown/<site>/<yyyy>/<mm>/<dd>/<slug>-<id>.md`, by the day of publication in the publisher's own
/// reckoning, or of fetching where that is unknown.
#[derive(Debug)]
pub struct MarkdownSink {
    root: PathBuf,
    /// Files that are written but do not have their names yet, and those that they replace.
    staged: BTreeMap<String, BTreeSet<String>>,
    /// By folder, the files by their article's id. A run that died between a write and its commit may have left a file
    /// under a title that has changed since; it is found here.
    listed: HashMap<String, HashMap<String, String>>,
}

impl MarkdownSink {
    /// A sink under an archive's folder. Nothing is touched yet.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), staged: BTreeMap::new(), listed: HashMap::new() }
    }

    /// The file in a folder that an article has already.
    fn present(&mut self, folder: &str, id: &str) -> Option<String> {
        if self.listed.len() >= LISTED_FOLDERS && !self.listed.contains_key(folder) {
            self.listed.clear();
        }
        let root = &self.root;
        let files = self.listed.entry(folder.to_owned()).or_insert_with(|| {
            let entries = std::fs::read_dir(root.join(folder)).into_iter().flatten().flatten();
            let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
            names.filter_map(|name| Some((id_of(&name)?.to_owned(), name))).collect()
        });
        files.get(id).map(|name| format!("{folder}/{name}"))
    }
}

impl Sink for MarkdownSink {
    fn write(&mut self, record: &Record<'_>) -> Result<Option<String>, ArchiveError> {
        let article = record.article;
        let folder = folder_of(article);
        let id = safe_id(&article.id);
        let name = format!("{}-{id}.md", names::slug(article.title.as_deref().unwrap_or_default()));
        let relative = format!("{folder}/{name}");
        let path = self.root.join(&relative);
        let document = document(article, &path)?;
        if let Err(error) = safe_file::write_part(&path, document.as_bytes()) {
            self.staged.remove(&relative);
            return Err(error);
        }

        let mut replaced: BTreeSet<String> =
            record.previous.filter(|path| is_ours(path)).map(str::to_owned).into_iter().collect();
        replaced.extend(self.present(&folder, &id));
        // A version that was written since the last flush never gets a name, and what it was to replace is replaced now.
        for earlier in replaced.clone() {
            if earlier != relative
                && let Some(older) = self.staged.remove(&earlier)
            {
                let _ = std::fs::remove_file(safe_file::part_of(&self.root.join(&earlier)));
                replaced.extend(older);
            }
        }
        replaced.remove(&relative);
        if let Some(files) = self.listed.get_mut(&folder) {
            files.insert(id, name);
        }
        self.staged.entry(relative.clone()).or_default().extend(replaced);
        Ok(Some(relative))
    }

    fn flush(&mut self) -> Result<Vec<SinkPosition>, ArchiveError> {
        let parts: Vec<PathBuf> = self.staged.keys().map(|path| safe_file::part_of(&self.root.join(path))).collect();
        safe_file::sync_all(&self.root, parts.into_iter())?;
        let mut folders = BTreeSet::new();
        while let Some(entry) = self.staged.first_entry() {
            let path = self.root.join(entry.key());
            safe_file::publish(&path)?;
            for replaced in entry.get() {
                let old = self.root.join(replaced);
                match std::fs::remove_file(&old) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                        return Err(ArchiveError::file("remove", &old, error));
                    }
                    _ => folders.extend(old.parent().filter(|folder| folder.is_dir()).map(Path::to_owned)),
                }
            }
            folders.extend(path.parent().map(Path::to_owned));
            entry.remove();
        }
        safe_file::sync_all(&self.root, folders.into_iter())?;
        Ok(Vec::new())
    }

    /// A file is there whole or not at all, and the article that a dead run did not commit is written again.
    fn recover(&mut self, _committed: &[SinkPosition]) -> Result<(), ArchiveError> {
        self.staged.clear();
        self.listed.clear();
        Ok(())
    }
}

/// `markdown/<site>/<yyyy>/<mm>/<dd>`.
fn folder_of(article: &Article) -> String {
    let url = article.url.as_deref().or(article.canonical_url.as_deref());
    let host = url.and_then(|url| Url::parse(url).ok()).and_then(|url| url.host_str().map(str::to_owned));
    let site = host.map_or_else(|| "unknown-site".to_owned(), |host| names::folder_name(&host));
    let day = article.published.map_or_else(
        || article.fetched.unwrap_or_else(Timestamp::now).to_zoned_datetime(TimeZone::UTC).date(),
        |published| published.day(),
    );
    format!("{FOLDER}/{site}/{:04}/{:02}/{:02}", day.year(), day.month(), day.day())
}

/// An id as part of a file name. Ours are hexadecimal; others come from callers.
fn safe_id(id: &str) -> String {
    let plain = !id.is_empty() && id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if plain { id.to_owned() } else { format!("{:016x}", xxhash_rust::xxh3::xxh3_64(id.as_bytes())) }
}

fn id_of(name: &str) -> Option<&str> {
    let stem = name.strip_suffix(".md")?;
    stem.rsplit_once('-').map(|(_, id)| id).filter(|_| !name.starts_with('.'))
}

/// Whether a path from the store is one that this sink may remove: relative, in its own folder, without a way out.
fn is_ours(path: &str) -> bool {
    path.starts_with("markdown/")
        && id_of(path).is_some()
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

fn document(article: &Article, path: &Path) -> Result<String, ArchiveError> {
    let record =
        serde_json::to_value(article).map_err(|source| ArchiveError::Encode { path: path.to_owned(), source })?;
    let mut out = front_matter::front_matter(&record);
    if let Some(title) = article.title.as_deref().filter(|title| !title.trim().is_empty()) {
        out.push_str("\n# ");
        push_heading(&mut out, title);
        out.push('\n');
    }
    let body = article.markdown.trim_matches('\n');
    if !body.is_empty() {
        out.push('\n');
        out.push_str(body);
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
