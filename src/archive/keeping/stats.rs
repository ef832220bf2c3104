//! How much an archive holds.

use super::super::catalogue::{Catalogue, Counts};
use super::super::{ArchiveError, append, series};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// How much an archive holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// By the catalogue.
    #[serde(flatten)]
    pub counts: Counts,
    /// Files and bytes by the folder or file under the archive.
    pub files: BTreeMap<String, Size>,
}

/// How large something is on the disk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Size {
    /// Files.
    pub files: u64,
    /// Bytes.
    pub bytes: u64,
}

/// Counts what an archive holds, by its catalogue and the sizes of its files.
///
/// # Errors
/// [`ArchiveError`] where there is no catalogue, or something cannot be read.
pub fn stats(root: &Path) -> Result<Stats, ArchiveError> {
    let mut stats = Stats { counts: Catalogue::open(root)?.counts()?, files: BTreeMap::new() };
    for path in series::entries(root)? {
        let Some(name) = append::file_name(&path).filter(|name| !name.starts_with('.')) else { continue };
        let mut size = Size::default();
        measure(&path, &mut size)?;
        // What SQLite keeps beside a file is of the file.
        let name = name.strip_suffix("-wal").or(name.strip_suffix("-shm")).unwrap_or(name);
        let known = stats.files.entry(name.to_owned()).or_default();
        known.files += size.files;
        known.bytes += size.bytes;
    }
    Ok(stats)
}

fn measure(path: &Path, size: &mut Size) -> Result<(), ArchiveError> {
    if path.is_dir() {
        return series::entries(path)?.iter().try_for_each(|path| measure(path, size));
    }
    // A file may go while a crawl is under way.
    if let Ok(metadata) = path.metadata() {
        size.files += 1;
        size.bytes += metadata.len();
    }
    Ok(())
}
