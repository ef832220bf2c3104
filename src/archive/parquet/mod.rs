//! Parquet: columns for analysis, in folders by source and day of fetching (Hive's partitions).
//!
//! A file is complete from the moment that it has its name, and is never written to again. What is not in such a file yet
//! waits in a spool.

mod columns;
mod compact;
mod file;
mod removal;
mod rows;
mod spool;

use super::append::{Appender, file_name};
use super::series::{Series, daily_files, entries, fetched_day};
use super::{ArchiveError, Ending, Format, Place, Record, Sink, names, safe_file};
use crate::model::SinkPosition;
pub use compact::{Compacted, compact};
use jiff::{SignedDuration, Timestamp};
pub(super) use removal::remove;
pub(super) use rows::each_row;
use spool::Spool;
use std::path::Path;

/// The folder under the archive.
const FOLDER: &str = "parquet";

/// The folder under it of what waits; hidden from those who read the files.
const SPOOL: &str = ".spool";

/// Bytes of records, as JSON, that make a file when `rotate_size` says nothing else: enough for several row groups even if
/// they pack to a half.
const FILE_BYTES: u64 = 256 << 20;

/// How long a record waits in a run that does not end.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(1);

/// Writes `parquet/source=<source>/date=<yyyy-mm-dd>/<first seq>-<last seq>.parquet`, by the day of fetching in UTC.
#[derive(Debug)]
pub struct ParquetSink {
    files: Appender,
    file_bytes: u64,
    /// What is appended to, one for each source and day.
    open: Vec<Spool>,
    /// What is to become a file as it is.
    closed: Vec<Spool>,
    /// Spools that the store knows and that are no more.
    gone: Vec<String>,
    /// Whether something was taken and not committed.
    is_dirty: bool,
}

impl ParquetSink {
    /// A sink under an archive's folder. Nothing is touched yet.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self {
            files: Appender::new(root),
            file_bytes: FILE_BYTES,
            open: Vec::new(),
            closed: Vec::new(),
            gone: Vec::new(),
            is_dirty: false,
        }
    }

    /// Makes a file when this many bytes of records wait for it, as JSON.
    #[must_use]
    pub fn rotated(self, size: Option<u64>) -> Self {
        Self { file_bytes: size.unwrap_or(FILE_BYTES), ..self }
    }

    /// Makes files of what has waited long enough, or of all. Everything has to be committed.
    fn convert(&mut self, ending: Ending) -> Result<(), ArchiveError> {
        let old = Timestamp::now().saturating_sub(LONGEST_WAIT).unwrap_or(Timestamp::MIN);
        let is_due = |spool: &mut Spool| ending == Ending::Last || spool.bytes >= self.file_bytes || spool.began < old;
        let due: Vec<Spool> = self.open.extract_if(.., is_due).collect();
        self.closed.extend(due);
        while let Some(spool) = self.closed.last() {
            match spool.convert(self.files.root()) {
                // It would be the same every time. What can be read of it is for people to decide.
                Err(error @ ArchiveError::NoRecord { .. }) => tracing::error!(%error, "left as it is"),
                other => {
                    other?;
                    self.gone.push(spool.relative());
                }
            }
            self.closed.pop();
        }
        Ok(())
    }
}

impl Sink for ParquetSink {
    fn write(&mut self, record: &Record<'_>) -> Result<Option<Place>, ArchiveError> {
        let (source, day) = (names::folder_name(record.source), fetched_day(record).to_string());
        let open = self.open.iter().position(|spool| spool.source == source && spool.day == day);
        let fresh = || Spool {
            source,
            day,
            first: record.article.seq,
            bytes: 0,
            began: record.article.fetched.unwrap_or_else(Timestamp::now),
        };
        let mut spool = open.map_or_else(fresh, |at| self.open[at].clone());
        let path = || self.files.root().join(spool.relative());
        let mut line =
            serde_json::to_vec(record.article).map_err(|source| ArchiveError::Encode { path: path(), source })?;
        line.push(b'\n');
        spool.bytes += line.len() as u64;
        self.is_dirty = true;
        let series = Series { stem: &spool.stem(), separator: '_', extension: spool::EXTENSION, header: b"" };
        self.files.append(&series, line)?;
        let path = spool.partition();
        match open {
            Some(at) => self.open[at] = spool,
            None => self.open.push(spool),
        }
        Ok(Some(Place { format: Format::Parquet, path, is_own: false }))
    }

    fn flush(&mut self) -> Result<Vec<SinkPosition>, ArchiveError> {
        let mut positions = self.files.flush()?;
        positions.extend(self.gone.iter().map(|path| SinkPosition { path: path.clone(), length: 0 }));
        Ok(positions)
    }

    fn committed(&mut self) -> Result<(), ArchiveError> {
        self.files.committed()?;
        self.gone.clear();
        self.is_dirty = false;
        self.convert(Ending::Pause)
    }

    fn finish(&mut self, ending: Ending) -> Result<(), ArchiveError> {
        // What was not committed may have to be cut off again.
        if self.is_dirty { Ok(()) } else { self.convert(ending) }
    }

    fn recover(&mut self, committed: &[SinkPosition]) -> Result<(), ArchiveError> {
        let spools = format!("{FOLDER}/{SPOOL}");
        let there = |root: &Path| daily_files(root, &spools, &[spool::EXTENSION]);
        self.files.recover(there(self.files.root())?, committed)?;
        remove_hidden(&self.files.root().join(&spools))?;
        compact::recover(self.files.root())?;
        (self.open, self.closed, self.is_dirty) = (Vec::new(), Vec::new(), false);
        let left = there(self.files.root())?;
        for relative in &left {
            let Some(spool) = Spool::find(self.files.root(), relative)? else { continue };
            let rival = self.open.iter_mut().find(|open| open.source == spool.source && open.day == spool.day);
            match rival {
                // Of another store, which will not go on with it; or full already, so that another was begun.
                _ if !committed.iter().any(|position| position.path == *relative) => self.closed.push(spool),
                Some(rival) if rival.first < spool.first => self.closed.push(std::mem::replace(rival, spool)),
                Some(_) => self.closed.push(spool),
                None => self.open.push(spool),
            }
        }
        let is_gone = |position: &&SinkPosition| {
            position.length > 0 && position.path.starts_with(&spools) && !left.contains(&position.path)
        };
        self.gone = committed.iter().filter(is_gone).map(|position| position.path.clone()).collect();
        // All that is left is committed. What another store left has to go before this one counts to the same numbers.
        self.convert(Ending::Pause)
    }
}

/// Takes away what a run that died left of spools that never came to be, and of files that were not whole. Since no spool
/// has the name of another, nobody would write over it.
fn remove_hidden(spools: &Path) -> Result<(), ArchiveError> {
    for source in entries(spools)? {
        for path in entries(&source)? {
            if file_name(&path).is_some_and(|name| name.starts_with('.')) {
                std::fs::remove_file(&path).map_err(|source| ArchiveError::file("remove", &path, source))?;
            }
        }
    }
    Ok(())
}

/// Makes a folder under an archive, with those above it, so that all their names last.
fn make_lasting_folder(root: &Path, folder: &Path) -> Result<(), ArchiveError> {
    if folder.is_dir() {
        return Ok(());
    }
    safe_file::make_folder(folder)?;
    let above = folder.ancestors().skip(1).take_while(|above| above.starts_with(root));
    above.into_iter().try_for_each(safe_file::sync_folder)
}
