//! Files that are only ever appended to, a record at a time.
//!
//! How far such a file is good is for the store to say, which commits the length together with the state of the URLs. A
//! file that the store has not committed yet has a note beside it that says how long it was before this run touched it
//! (nothing, as a rule), so that it too can be cut back; without the note, a new store over an old archive would have to
//! guess, and might cut away what it does not know. A file that has neither is one of another store; it is left as it is
//! until something is to be appended to it, and has to end whole then.

use super::encoding::Encoding;
use super::series::Series;
use super::{ArchiveError, safe_file};
use crate::model::SinkPosition;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Bytes of records held back before they are written out, to bound memory; they are not synced before a flush.
const BUFFERED_BYTES: usize = 1024 * 1024;

/// Series whose current part is kept in memory. A run writes into a day or two of a few hundred sources.
const KNOWN_PARTS: usize = 1024;

/// Append-only files under an archive's folder.
#[derive(Debug)]
pub(super) struct Appender {
    root: PathBuf,
    /// Bytes from which on a file gets no more records.
    rotate_size: Option<u64>,
    /// The part that is written, by the name of the series' first file.
    parts: BTreeMap<String, u32>,
    /// By path relative to the archive.
    open: BTreeMap<String, OpenFile>,
    /// Files whose length the store knows.
    committed: BTreeSet<String>,
    /// Lengths that were returned by a flush and not committed yet.
    flushed: BTreeMap<String, u64>,
}

#[derive(Debug)]
struct OpenFile {
    path: PathBuf,
    file: File,
    encoding: Encoding,
    /// Bytes of whole records that were handed to the system.
    written: u64,
    /// Records, not encoded yet.
    buffer: Vec<u8>,
}

impl Appender {
    /// Files under a folder. Nothing is touched yet.
    pub(super) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            rotate_size: None,
            parts: BTreeMap::new(),
            open: BTreeMap::new(),
            committed: BTreeSet::new(),
            flushed: BTreeMap::new(),
        }
    }

    /// Begins another part when a file has reached a size. A record is never divided, and what is packed only shows its
    /// size once it is written out, so a file is larger by the last of them.
    pub(super) fn rotated(self, size: Option<u64>) -> Self {
        Self { rotate_size: size, ..self }
    }

    /// The archive's folder.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Adds whole records to the file of a series that is to take them. Returns that file, relative to the archive.
    pub(super) fn append(&mut self, series: &Series<'_>, mut records: Vec<u8>) -> Result<String, ArchiveError> {
        let relative = self.current(series)?;
        let open = self.open(&relative)?;
        if open.written == 0 && open.buffer.is_empty() {
            open.buffer.extend_from_slice(series.header);
        }
        open.buffer.append(&mut records);
        if open.buffer.len() >= BUFFERED_BYTES {
            open.write_out()?;
        }
        Ok(relative)
    }

    /// The file that the next record of a series goes to, relative to the archive, and where in it: for what says nothing of
    /// its length until it is written out, where the last piece ends.
    pub(super) fn next(&mut self, series: &Series<'_>) -> Result<(String, u64), ArchiveError> {
        let relative = self.current(series)?;
        let size = self.open(&relative)?.size();
        Ok((relative, size))
    }

    /// The file of a series that is to take the next record.
    fn current(&mut self, series: &Series<'_>) -> Result<String, ArchiveError> {
        let first = series.file(None);
        let Some(limit) = self.rotate_size else { return Ok(first) };
        let part = match self.parts.get(&first) {
            Some(part) => *part,
            None => series.last_part(&self.root)?.unwrap_or(1),
        };
        let relative = series.file(Some(part));
        let size = match self.open.get(&relative) {
            Some(open) => open.size(),
            None => length_of(&self.root.join(&relative))?,
        };
        let part = if size >= limit { part.saturating_add(1) } else { part };
        if self.parts.len() >= KNOWN_PARTS {
            self.parts.clear();
        }
        self.parts.insert(first, part);
        Ok(series.file(Some(part)))
    }

    /// Puts everything on the disk for good, and gives the lengths to commit.
    pub(super) fn flush(&mut self) -> Result<Vec<SinkPosition>, ArchiveError> {
        for (relative, open) in &mut self.open {
            open.write_out()?;
            open.file.sync_data().map_err(|source| ArchiveError::file("sync", &open.path, source))?;
            self.flushed.insert(relative.clone(), open.written);
        }
        // Days and sources come and go; a file that is wanted again is opened again.
        self.open.clear();
        let positions = self.flushed.iter();
        Ok(positions.map(|(path, length)| SinkPosition { path: path.clone(), length: *length }).collect())
    }

    /// Says that what the last flush gave was committed.
    pub(super) fn committed(&mut self) -> Result<(), ArchiveError> {
        for relative in std::mem::take(&mut self.flushed).into_keys() {
            if self.committed.insert(relative.clone()) {
                remove_if_there(&note_of(&self.root.join(relative)))?;
            }
        }
        Ok(())
    }

    /// Cuts files, named relative to the archive, back to their committed lengths.
    pub(super) fn recover(
        &mut self,
        files: impl IntoIterator<Item = String>,
        committed: &[SinkPosition],
    ) -> Result<(), ArchiveError> {
        self.open.clear();
        self.parts.clear();
        self.flushed.clear();
        let lengths: BTreeMap<&str, u64> =
            committed.iter().map(|position| (position.path.as_str(), position.length)).collect();
        for file in files {
            recover_file(&self.root.join(&file), lengths.get(file.as_str()).copied())?;
        }
        self.committed = lengths.into_keys().map(str::to_owned).collect();
        Ok(())
    }

    fn open(&mut self, relative: &str) -> Result<&mut OpenFile, ArchiveError> {
        if !self.open.contains_key(relative) {
            let path = self.root.join(relative);
            let folder = path.parent().unwrap_or(&self.root);
            safe_file::make_folder(folder)?;
            let failed = |source| ArchiveError::file("open", &path, source);
            let encoding = Encoding::of(&path);
            let mut length = length_of(&path)?;
            if !self.committed.contains(relative) && !note_of(&path).exists() {
                if length > 0 {
                    let whole = encoding.whole(&path, length).map_err(failed)?;
                    cut(&path, length, whole)?;
                    length = whole;
                }
                safe_file::replace(&note_of(&path), length.to_string().as_bytes())?;
            }
            let file = OpenOptions::new().create(true).append(true).open(&path).map_err(failed)?;
            safe_file::sync_folder(folder)?;
            self.open
                .insert(relative.to_owned(), OpenFile { path, file, encoding, written: length, buffer: Vec::new() });
        }
        Ok(self.open.get_mut(relative).expect("it was there or has just been put there"))
    }
}

impl OpenFile {
    /// Bytes that the file has, or is known to get.
    fn size(&self) -> u64 {
        self.written + if self.encoding.is_plain() { self.buffer.len() as u64 } else { 0 }
    }

    /// Hands the buffered records to the system. If that fails, no part of them is left in the file, and they stay
    /// buffered.
    fn write_out(&mut self) -> Result<(), ArchiveError> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let failed = |source| ArchiveError::file("write", &self.path, source);
        let piece = self.encoding.encode(&self.buffer).map_err(failed)?;
        self.file.write_all(&piece).map_err(|source| {
            let _ = self.file.set_len(self.written);
            failed(source)
        })?;
        self.written += piece.len() as u64;
        self.buffer.clear();
        Ok(())
    }
}

/// Cuts a file back to what is known to be good.
fn recover_file(path: &Path, committed: Option<u64>) -> Result<(), ArchiveError> {
    let note = note_of(path);
    let noted = || std::fs::read_to_string(&note).ok()?.trim().parse().ok();
    let Some(good) = committed.or_else(noted) else { return Ok(()) };
    let length = length_of(path)?;
    let keep = if length < good {
        tracing::warn!(file = %path.display(), length, committed = good, "shorter than it was left; was it changed by hand?");
        Encoding::of(path).whole(path, length).map_err(|source| ArchiveError::file("recover", path, source))?
    } else {
        good
    };
    cut(path, length, keep)?;
    remove_if_there(&note)
}

/// Cuts a file to a length. An empty one is taken away: not every reader takes it for a file without records.
fn cut(path: &Path, length: u64, keep: u64) -> Result<(), ArchiveError> {
    if keep < length {
        tracing::warn!(file = %path.display(), from = length, to = keep, "cut back to the last saved record");
        let failed = |source| ArchiveError::file("recover", path, source);
        let file = OpenOptions::new().write(true).open(path).map_err(failed)?;
        file.set_len(keep).and_then(|()| file.sync_all()).map_err(failed)?;
    }
    if keep == 0 { remove_if_there(path) } else { Ok(()) }
}

/// The length of a file; none for one that is not there.
fn length_of(path: &Path) -> Result<u64, ArchiveError> {
    match std::fs::metadata(path) {
        Ok(metadata) => Ok(metadata.len()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(ArchiveError::file("open", path, error)),
    }
}

/// Whether no store has committed anything of a file yet.
pub(super) fn is_uncommitted(path: &Path) -> bool {
    note_of(path).exists()
}

/// The note of a file whose length the store does not know: how long it was before.
fn note_of(path: &Path) -> PathBuf {
    path.with_file_name(format!(".{}.uncommitted", file_name(path).unwrap_or_default()))
}

pub(super) fn file_name(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()
}

fn remove_if_there(path: &Path) -> Result<(), ArchiveError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(ArchiveError::file("remove", path, error)),
        _ => Ok(()),
    }
}
