//! Files that are only ever appended to, a line at a time.
//!
//! How far such a file is good is for the store to say, which commits the length together with the state of the URLs. A
//! file that the store has not committed yet has a note beside it that says how long it was before this run touched it
//! (nothing, as a rule), so that it too can be cut back; without the note, a new store over an old archive would have to
//! guess, and might cut away what it does not know.

use super::{ArchiveError, safe_file};
use crate::model::SinkPosition;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Bytes of lines held back before they are written out, to bound memory; they are not synced before a flush.
const BUFFERED_BYTES: usize = 1024 * 1024;

/// Bytes read at a time in search of the last whole line.
const TAIL_BYTES: u64 = 64 * 1024;

/// Append-only files under an archive's folder.
#[derive(Debug)]
pub(super) struct Appender {
    root: PathBuf,
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
    /// Whole records that were handed to the system.
    written: u64,
    buffer: Vec<u8>,
}

impl Appender {
    /// Files under a folder. Nothing is touched yet.
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), open: BTreeMap::new(), committed: BTreeSet::new(), flushed: BTreeMap::new() }
    }

    /// The archive's folder.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Adds whole lines to the file of a path relative to the archive.
    pub(super) fn append(&mut self, relative: &str, mut lines: Vec<u8>) -> Result<(), ArchiveError> {
        let open = self.open(relative)?;
        open.buffer.append(&mut lines);
        if open.buffer.len() >= BUFFERED_BYTES {
            open.write_out()?;
        }
        Ok(())
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
            let length = match std::fs::metadata(&path) {
                Ok(metadata) => metadata.len(),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => 0,
                Err(error) => return Err(failed(error)),
            };
            if !self.committed.contains(relative) && !note_of(&path).exists() {
                safe_file::replace(&note_of(&path), length.to_string().as_bytes())?;
            }
            let file = OpenOptions::new().create(true).append(true).open(&path).map_err(failed)?;
            safe_file::sync_folder(folder)?;
            self.open.insert(relative.to_owned(), OpenFile { path, file, written: length, buffer: Vec::new() });
        }
        Ok(self.open.get_mut(relative).expect("it was there or has just been put there"))
    }
}

impl OpenFile {
    /// Hands the buffered records to the system. If that fails, no part of them is left in the file, and they stay
    /// buffered.
    fn write_out(&mut self) -> Result<(), ArchiveError> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        self.file.write_all(&self.buffer).map_err(|source| {
            let _ = self.file.set_len(self.written);
            ArchiveError::file("write", &self.path, source)
        })?;
        self.written += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }
}

/// Cuts a file back to what is known to be good.
fn recover_file(path: &Path, committed: Option<u64>) -> Result<(), ArchiveError> {
    let failed = |source| ArchiveError::file("recover", path, source);
    let note = note_of(path);
    let length = std::fs::metadata(path).map_err(failed)?.len();
    let good = committed.or_else(|| std::fs::read_to_string(&note).ok()?.trim().parse().ok());
    let keep = match good {
        Some(good) if length == good => length,
        Some(good) if length > good => good,
        other => {
            if let Some(good) = other {
                tracing::warn!(file = %path.display(), length, committed = good, "shorter than it was left; was it changed by hand?");
            }
            whole_lines(path, length).map_err(failed)?
        }
    };
    if keep < length {
        tracing::warn!(file = %path.display(), from = length, to = keep, "cut back to the last saved line");
        let file = OpenOptions::new().write(true).open(path).map_err(failed)?;
        file.set_len(keep).and_then(|()| file.sync_all()).map_err(failed)?;
    }
    remove_if_there(&note)
}

/// The length up to and with the last line break.
fn whole_lines(path: &Path, length: u64) -> std::io::Result<u64> {
    let mut file = File::open(path)?;
    let mut end = length;
    let mut chunk = Vec::new();
    while end > 0 {
        let start = end.saturating_sub(TAIL_BYTES);
        file.seek(SeekFrom::Start(start))?;
        chunk.clear();
        (&mut file).take(end - start).read_to_end(&mut chunk)?;
        if let Some(at) = chunk.iter().rposition(|byte| *byte == b'\n') {
            return Ok(start + at as u64 + 1);
        }
        end = start;
    }
    Ok(0)
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
