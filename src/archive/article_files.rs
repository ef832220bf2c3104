//! A file for each article, which appears whole or not at all.

use super::{ArchiveError, Record, names, pictures, safe_file};
use crate::model::Article;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use url::Url;

/// Folders whose listing is kept in memory. A run writes into a few days of a few hundred sites.
const LISTED_FOLDERS: usize = 256;

/// The files `<folder>/<site>/<yyyy>/<mm>/<dd>/<slug>-<id>.<extension>` of one format, by the day of publication in the
/// publisher's own reckoning, or of fetching where that is unknown.
#[derive(Debug)]
pub(super) struct ArticleFiles {
    root: PathBuf,
    /// Under the archive.
    folder: &'static str,
    /// Without its dot.
    extension: &'static str,
    /// Files that are written but do not have their names yet, and those that they replace.
    staged: BTreeMap<String, BTreeSet<String>>,
    /// By folder, the files by their article's id. A run that died between a write and its commit may have left a file
    /// under a title that has changed since; it is found here.
    listed: HashMap<String, HashMap<String, String>>,
}

impl ArticleFiles {
    /// The files of a format under an archive's folder. Nothing is touched yet.
    pub(super) fn new(root: &Path, folder: &'static str, extension: &'static str) -> Self {
        Self { root: root.to_owned(), folder, extension, staged: BTreeMap::new(), listed: HashMap::new() }
    }

    /// Where an article's file lies, for messages.
    pub(super) fn path_of(&self, article: &Article) -> PathBuf {
        self.root.join(self.folder_of(article)).join(self.name_of(article))
    }

    /// Takes an article's document. Returns where it lies, relative to the archive.
    pub(super) fn write(&mut self, record: &Record<'_>, document: &str) -> Result<String, ArchiveError> {
        let article = record.article;
        let (folder, name, id) = (self.folder_of(article), self.name_of(article), safe_id(&article.id));
        let relative = format!("{folder}/{name}");
        let path = self.root.join(&relative);
        // Before the file is written: a folder that is not there yet need not be listed.
        let present = self.present(&folder, &id);
        if let Err(error) = safe_file::write_part(&path, document.as_bytes()) {
            self.staged.remove(&relative);
            return Err(error);
        }

        let mut replaced: BTreeSet<String> = record.previous.and_then(|path| self.own(path)).into_iter().collect();
        replaced.extend(present);
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
        Ok(relative)
    }

    /// Puts the files on the disk for good, under their names, and takes away what they replace.
    pub(super) fn flush(&mut self) -> Result<(), ArchiveError> {
        let parts: Vec<PathBuf> = self.staged.keys().map(|path| safe_file::part_of(&self.root.join(path))).collect();
        safe_file::sync_all(&self.root, parts.into_iter())?;
        let mut folders = BTreeSet::new();
        while let Some(entry) = self.staged.first_entry() {
            let path = self.root.join(entry.key());
            safe_file::publish(&path)?;
            for replaced in entry.get() {
                let old = self.root.join(replaced);
                // Its pictures lay beside it, and were fetched again for where it lies now.
                if let Some(pictures) = pictures::folder_beside(&old).filter(|_| old.parent() != path.parent()) {
                    pictures::remove_folder(&pictures)?;
                }
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
        safe_file::sync_all(&self.root, folders.into_iter())
    }

    /// A file is there whole or not at all, and the article that a dead run did not commit is written again.
    pub(super) fn recover(&mut self) {
        self.staged.clear();
        self.listed.clear();
    }

    /// The file in a folder that an article has already.
    fn present(&mut self, folder: &str, id: &str) -> Option<String> {
        if self.listed.len() >= LISTED_FOLDERS && !self.listed.contains_key(folder) {
            self.listed.clear();
        }
        let (root, extension) = (&self.root, self.extension);
        let files = self.listed.entry(folder.to_owned()).or_insert_with(|| {
            let entries = std::fs::read_dir(root.join(folder)).into_iter().flatten().flatten();
            let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
            names.filter_map(|name| Some((id_of(&name, extension)?.to_owned(), name))).collect()
        });
        files.get(id).map(|name| format!("{folder}/{name}"))
    }

    fn folder_of(&self, article: &Article) -> String {
        folder_of(self.folder, article)
    }

    fn name_of(&self, article: &Article) -> String {
        let slug = names::slug(article.title.as_deref().unwrap_or_default());
        format!("{slug}-{}.{}", safe_id(&article.id), self.extension)
    }

    /// The file of this format that goes with one that the store names, which may be of another format: they differ in
    /// folder and extension alone. Nothing for a path that leads elsewhere, since what comes back may be removed.
    fn own(&self, stored: &str) -> Option<String> {
        let (format, rest) = stored.split_once('/')?;
        let (stem, extension) = rest.rsplit_once('.')?;
        let is_safe = !format.is_empty() && rest.split('/').all(|part| !matches!(part, "" | "." | ".."));
        id_of(rest.rsplit('/').next()?, extension).filter(|_| is_safe)?;
        Some(format!("{}/{stem}.{}", self.folder, self.extension))
    }
}

/// `<folder>/<site>/<yyyy>/<mm>/<dd>`.
pub(super) fn folder_of(folder: &str, article: &Article) -> String {
    let url = article.url.as_deref().or(article.canonical_url.as_deref());
    let host = url.and_then(|url| Url::parse(url).ok()).and_then(|url| url.host_str().map(str::to_owned));
    let site = host.map_or_else(|| "unknown-site".to_owned(), |host| names::folder_name(&host));
    let day = article.published.map_or_else(
        || article.fetched.unwrap_or_else(Timestamp::now).to_zoned_datetime(TimeZone::UTC).date(),
        |published| published.day(),
    );
    format!("{folder}/{site}/{:04}/{:02}/{:02}", day.year(), day.month(), day.day())
}

/// An id as part of a file name. Ours are hexadecimal; others come from callers.
pub(super) fn safe_id(id: &str) -> String {
    let plain = !id.is_empty() && id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if plain { id.to_owned() } else { format!("{:016x}", xxhash_rust::xxh3::xxh3_64(id.as_bytes())) }
}

fn id_of<'a>(name: &'a str, extension: &str) -> Option<&'a str> {
    let stem = name.strip_suffix(extension)?.strip_suffix('.')?;
    stem.rsplit_once('-').map(|(_, id)| id).filter(|_| !name.starts_with('.'))
}
