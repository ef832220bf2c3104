//! Which files of the archive belong into the bucket, and how much of each.

use super::super::append::{file_name, is_uncommitted};
use super::super::series::entries;
use super::super::{ArchiveError, catalogue};
use crate::model::SinkPosition;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use xxhash_rust::xxh3::Xxh3;

/// Folders within folders, at the most; ours are five deep.
const MAX_DEPTH: usize = 12;

/// Bytes that are read at a time.
const CHUNK: usize = 64 * 1024;

/// Where the catalogue is copied to, under the archive.
const SNAPSHOT: &str = ".catalogue.snapshot";

/// How a file comes to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Whole from the beginning; another one may take its place.
    Whole,
    /// Appended to.
    Growing,
    /// SQLite's, written to anywhere.
    Catalogue,
}

/// A file that belongs into the bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LocalFile {
    /// Relative to the archive, with `/` between its parts.
    pub(super) path: String,
    /// Bytes that are committed; of the catalogue, as it lies there.
    pub(super) size: u64,
    /// When it was last changed, in nanoseconds since 1970.
    pub(super) changed: i64,
    pub(super) kind: Kind,
}

/// The files of an archive, in order: what has a name that is not hidden, but the store's own files; of what is appended to,
/// as much as is committed.
pub(super) fn files(root: &Path, store: &Path, committed: &[SinkPosition]) -> Result<Vec<LocalFile>, ArchiveError> {
    if !root.is_dir() {
        // Where the folder is not mounted, nothing is to be taken for removed.
        return Err(ArchiveError::file("list the folder", root, io::ErrorKind::NotFound.into()));
    }
    let lengths = committed.iter().map(|position| (position.path.as_str(), position.length)).collect();
    let mut found = Vec::new();
    let mut folders = vec![(root.to_owned(), String::new(), 0)];
    while let Some((folder, prefix, depth)) = folders.pop() {
        for path in entries(&folder)? {
            // What is not Unicode is none of ours.
            let Some(name) = file_name(&path).filter(|name| !name.starts_with('.')) else { continue };
            let relative = format!("{prefix}{name}");
            if path.is_dir() {
                if depth < MAX_DEPTH {
                    folders.push((path.clone(), format!("{relative}/"), depth + 1));
                }
            } else if !is_of_store(&path, store) && !is_uncommitted(&path) {
                found.extend(look(&path, relative, &lengths)?);
            }
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

fn look(path: &Path, relative: String, lengths: &HashMap<&str, u64>) -> Result<Option<LocalFile>, ArchiveError> {
    let metadata = match path.metadata() {
        // It went while the folder was read.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other.map_err(|source| ArchiveError::file("read", path, source))?,
    };
    if relative.strip_prefix(catalogue::FILE).is_some_and(|rest| rest.starts_with('-')) {
        return Ok(None);
    }
    let changed = |metadata: &std::fs::Metadata| {
        let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        since.and_then(|since| i64::try_from(since.as_nanos()).ok()).unwrap_or_default()
    };
    let mut file = LocalFile { size: metadata.len(), changed: changed(&metadata), kind: Kind::Whole, path: relative };
    if file.path == catalogue::FILE {
        file.kind = Kind::Catalogue;
        let log = path.with_file_name(format!("{}-wal", catalogue::FILE)).metadata();
        let log = log.ok().filter(|log| log.len() > 0);
        file.changed = file.changed.max(log.as_ref().map(changed).unwrap_or_default());
    } else if let Some(length) = lengths.get(file.path.as_str()) {
        file.kind = Kind::Growing;
        file.size = file.size.min(*length);
    }
    Ok((file.size > 0 || file.kind == Kind::Whole).then_some(file))
}

/// Whether a file is the store, or one of those that SQLite and the lock put beside it.
fn is_of_store(path: &Path, store: &Path) -> bool {
    let same_folder = path.parent() == store.parent();
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (name, store) = (name(path), name(store));
    same_folder
        && name.strip_prefix(&store).is_some_and(|rest| matches!(rest, "" | "-wal" | "-shm" | "-journal" | ".lock"))
}

/// A mark of the first bytes of a file.
pub(super) fn digest(path: &Path, size: u64) -> Result<String, ArchiveError> {
    let failed = |source| ArchiveError::file("read", path, source);
    let mut file = File::open(path).map_err(failed)?.take(size);
    let (mut hash, mut chunk, mut read) = (Xxh3::new(), vec![0; CHUNK], 0);
    loop {
        match file.read(&mut chunk).map_err(failed)? {
            0 => break,
            count => {
                read += count as u64;
                hash.update(&chunk[..count]);
            }
        }
    }
    if read < size {
        return Err(failed(io::ErrorKind::UnexpectedEof.into()));
    }
    Ok(mark(&hash))
}

/// The mark as text.
pub(super) fn mark(hash: &Xxh3) -> String {
    format!("{:032x}", hash.digest128())
}

/// Copies the catalogue as it is at one moment, whoever writes to it. Returns where to.
pub(super) fn snapshot(root: &Path) -> Result<PathBuf, ArchiveError> {
    let to = root.join(SNAPSHOT);
    remove_snapshot(root)?;
    catalogue::Catalogue::open(root)?.copy_to(&to)?;
    Ok(to)
}

/// Takes the copy away.
pub(super) fn remove_snapshot(root: &Path) -> Result<(), ArchiveError> {
    let path = root.join(SNAPSHOT);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(ArchiveError::file("remove", &path, error)),
        _ => Ok(()),
    }
}
