//! Joins the small files of a partition into larger ones.
//!
//! A folder cannot change several files at once, but a file system can put one folder in the place of another. So the
//! partition is made anew beside the archive's folders, with the joined files and second names of those that stay, and
//! then takes the place of the old one in a single step: whoever lists the folder sees either the old files or the new
//! ones, and each row once. Whoever has listed it and not yet opened what he found is told that it is not there, and has to
//! list it again.
//!
//! Where the file system cannot exchange two folders, the old one is moved away and the new one to its place; in between
//! the partition is missing. If the process dies at that moment, the next start puts the old one back.

use super::super::series::entries;
use super::super::{ArchiveError, safe_file};
use super::file::{self, Known};
use super::{FOLDER, columns, make_lasting_folder};
use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use arrow_array::RecordBatch;
use std::fs::File;
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_128;

/// Where partitions are made anew, under the archive: outside of the folder that readers look through.
const STAGING: &str = ".compacting";

/// Bytes of a file that others are joined into, about.
const WANTED_BYTES: u64 = 256 << 20;

/// Rows that are copied at a time, to bound memory.
const BATCH_ROWS: usize = 256;

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compacted {
    /// Partitions that were looked at.
    pub partitions: u64,
    /// Files that were joined.
    pub joined: u64,
    /// Files that they are now.
    pub into: u64,
    /// Rows in them.
    pub rows: u64,
}

/// A file of a partition.
struct Member {
    path: PathBuf,
    bytes: u64,
    /// The numbers of its first and last record, by its name.
    range: (u64, u64),
    known: Known,
}

/// Joins the small Parquet files of an archive, partition by partition. Nobody else may write to it meanwhile: call it with
/// the store's lock, after [`ParquetSink::recover`](super::ParquetSink) and its `finish`. If it dies, everything is as it
/// was or as it was to be.
///
/// # Errors
/// [`ArchiveError`] where a file cannot be read or written. The partitions before it are done, the others as they were.
pub fn compact(root: &Path) -> Result<Compacted, ArchiveError> {
    recover(root)?;
    let mut done = Compacted::default();
    let sources = sorted_entries(&root.join(FOLDER))?.into_iter().filter(|path| is_key(path, "source="));
    for source in sources {
        for partition in sorted_entries(&source)?.into_iter().filter(|path| is_key(path, "date=")) {
            done.partitions += 1;
            compact_partition(root, &partition, &mut done)?;
        }
    }
    recover(root)?;
    Ok(done)
}

/// Puts in order what a compaction that died has left; nothing as a rule.
pub(super) fn recover(root: &Path) -> Result<(), ArchiveError> {
    let staging = root.join(STAGING);
    if !staging.is_dir() {
        return Ok(());
    }
    for source in sorted_entries(&staging.join("old"))? {
        for old in sorted_entries(&source)? {
            let place = root.join(FOLDER).join(relative(&old, &staging.join("old")));
            if !place.exists() {
                tracing::warn!(partition = %place.display(), "put back after a compaction that died");
                if let Some(folder) = place.parent() {
                    make_lasting_folder(root, folder)?;
                }
                rename(&old, &place)?;
                place.parent().map_or(Ok(()), safe_file::sync_folder)?;
            }
        }
    }
    std::fs::remove_dir_all(&staging).map_err(|source| ArchiveError::file("remove", &staging, source))
}

fn compact_partition(root: &Path, partition: &Path, done: &mut Compacted) -> Result<(), ArchiveError> {
    let members = members(partition)?;
    let groups = groups(members);
    if groups.iter().all(|group| group.len() < 2) {
        return Ok(());
    }
    if let Some(folder) = sorted_entries(partition)?.into_iter().find(|path| !path.is_file()) {
        tracing::warn!(folder = %folder.display(), "what is this doing here? The partition is left as it is");
        return Ok(());
    }
    let staging = root.join(STAGING);
    let place = relative(partition, &root.join(FOLDER));
    let (new, old) = (staging.join("new").join(&place), staging.join("old").join(&place));
    if new.exists() {
        std::fs::remove_dir_all(&new).map_err(|source| ArchiveError::file("remove", &new, source))?;
    }
    make_lasting_folder(root, &new)?;
    for path in sorted_entries(partition)? {
        let is_joined = groups.iter().any(|group| group.len() > 1 && group.iter().any(|member| member.path == path));
        if !is_joined {
            keep(&path, &new)?;
        }
    }
    for group in groups.iter().filter(|group| group.len() > 1) {
        let rows = join(group, &new)?;
        done.joined += group.len() as u64;
        done.into += 1;
        done.rows += rows;
    }
    safe_file::sync_folder(&new)?;
    take_place(root, &new, partition, &old)
}

/// Gives a file that stays a second name, or copies it where the file system has no second names.
fn keep(path: &Path, folder: &Path) -> Result<(), ArchiveError> {
    let second = folder.join(path.file_name().unwrap_or_default());
    if std::fs::hard_link(path, &second).is_ok() {
        return Ok(());
    }
    std::fs::copy(path, &second)
        .and_then(|_| File::open(&second)?.sync_all())
        .map_err(|source| ArchiveError::file("copy", path, source))
}

/// The files of a partition that can be joined: of ours, with today's columns.
fn members(partition: &Path) -> Result<Vec<Member>, ArchiveError> {
    let schema = columns::schema().map_err(|error| file::explain("join files in", partition, error.into()))?;
    let mut members = Vec::new();
    for path in sorted_entries(partition)? {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let Some(range) = name.strip_suffix(file::EXTENSION).and_then(range_of) else { continue };
        let known = file::look(&path)?;
        let bytes = path.metadata().map_err(|source| ArchiveError::file("read", &path, source))?.len();
        if known.schema == schema {
            members.push(Member { path, bytes, range, known });
        }
    }
    members.sort_by_key(|member| member.range);
    Ok(members)
}

/// The numbers in a name: `17-42`, `17-42_2`.
fn range_of(stem: &str) -> Option<(u64, u64)> {
    let (first, last) = stem.split_once('-')?;
    let last = last.split_once('_').map_or(last, |(last, _)| last);
    Some((first.parse().ok()?, last.parse().ok()?))
}

/// Neighbours that together make a file of the wanted size. What has half of it stays, or else a large file would be
/// written anew for every small one that comes.
fn groups(members: Vec<Member>) -> Vec<Vec<Member>> {
    let mut groups: Vec<Vec<Member>> = Vec::new();
    let mut bytes = WANTED_BYTES;
    for member in members {
        let counted = if member.bytes >= WANTED_BYTES / 2 { WANTED_BYTES } else { member.bytes };
        match groups.last_mut() {
            Some(group) if bytes + counted <= WANTED_BYTES => {
                bytes += counted;
                group.push(member);
            }
            _ => {
                bytes = counted;
                groups.push(vec![member]);
            }
        }
    }
    groups
}

/// Writes the rows of several files into one. Returns how many they are.
fn join(group: &[Member], folder: &Path) -> Result<u64, ArchiveError> {
    let origins: Vec<&str> = group.iter().filter_map(|member| member.known.origin.as_deref()).collect();
    let origin = format!("{:032x}", xxh3_128(origins.join(" ").as_bytes()));
    let first = group.iter().map(|member| member.range.0).min().unwrap_or_default();
    let last = group.iter().map(|member| member.range.1).max().unwrap_or_default();
    let stem = format!("{first}-{last}");
    let path = super::spool::free_name(folder, &stem, &origin)?
        .unwrap_or_else(|| folder.join(format!("{stem}_{origin}{}", file::EXTENSION)));
    let Some(schema) = group.first().map(|member| member.known.schema.clone()) else { return Ok(0) };
    let batches = group.iter().flat_map(|member| match rows(&member.path) {
        Ok(rows) => rows,
        Err(error) => Box::new(std::iter::once(Err(error))),
    });
    file::write(&path, &origin, schema, batches)?;
    let rows = group.iter().map(|member| member.known.rows).sum();
    let written = file::look(&path)?.rows;
    if written == rows {
        return Ok(rows);
    }
    let problem = format!("{written} rows were written of {rows}");
    Err(file::explain("join files into", &path, ::parquet::errors::ParquetError::General(problem)))
}

type Rows = Box<dyn Iterator<Item = Result<RecordBatch, ArchiveError>>>;

fn rows(path: &Path) -> Result<Rows, ArchiveError> {
    let file = File::open(path).map_err(|source| ArchiveError::file("open", path, source))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .and_then(|builder| builder.with_batch_size(BATCH_ROWS).build())
        .map_err(|source| file::explain("read", path, source))?;
    let path = path.to_owned();
    Ok(Box::new(reader.map(move |batch| batch.map_err(|error| file::explain("read", &path, error.into())))))
}

/// Puts a folder in the place of another.
fn take_place(root: &Path, new: &Path, partition: &Path, old: &Path) -> Result<(), ArchiveError> {
    if !exchange(new, partition)? {
        if let Some(folder) = old.parent() {
            make_lasting_folder(root, folder)?;
        }
        rename(partition, old)?;
        rename(new, partition)?;
    }
    for folder in [partition.parent(), new.parent()].into_iter().flatten() {
        safe_file::sync_folder(folder)?;
    }
    // The old one, where there was an exchange.
    let left = if new.exists() { new } else { old };
    std::fs::remove_dir_all(left).map_err(|source| ArchiveError::file("remove", left, source))
}

/// Exchanges two folders in one step; false where the system or the file system cannot.
#[cfg(target_os = "linux")]
fn exchange(one: &Path, other: &Path) -> Result<bool, ArchiveError> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => Ok(false),
        Err(error) => Err(ArchiveError::file("exchange", other, error.into())),
    }
}

#[cfg(not(target_os = "linux"))]
fn exchange(_: &Path, _: &Path) -> Result<bool, ArchiveError> {
    Ok(false)
}

fn rename(from: &Path, to: &Path) -> Result<(), ArchiveError> {
    std::fs::rename(from, to).map_err(|source| ArchiveError::file("rename", from, source))
}

fn sorted_entries(folder: &Path) -> Result<Vec<PathBuf>, ArchiveError> {
    let mut entries = entries(folder)?;
    entries.sort();
    Ok(entries)
}

fn is_key(path: &Path, key: &str) -> bool {
    path.is_dir() && path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(key))
}

fn relative(path: &Path, root: &Path) -> PathBuf {
    path.strip_prefix(root).unwrap_or(path).to_owned()
}
