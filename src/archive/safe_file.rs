//! Files that appear whole or not at all, and stay.

use super::ArchiveError;
use std::ffi::OsString;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Where a file is written before it gets its name: beside it, hidden, under a name that nothing else has and that the
/// next try uses again.
pub(super) fn part_of(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".part");
    path.with_file_name(name)
}

pub(super) fn make_folder(folder: &Path) -> Result<(), ArchiveError> {
    std::fs::create_dir_all(folder).map_err(|source| ArchiveError::file("create the folder", folder, source))
}

/// Writes the part file; its folder is made. On a failure nothing is left of it.
pub(super) fn write_part(path: &Path, content: &[u8]) -> Result<(), ArchiveError> {
    if let Some(folder) = path.parent() {
        make_folder(folder)?;
    }
    let part = part_of(path);
    let written = File::create(&part).and_then(|mut file| file.write_all(content));
    written.map_err(|source| {
        // The space that it takes may be the very space that is missing.
        let _ = std::fs::remove_file(&part);
        ArchiveError::file("write", path, source)
    })
}

/// Gives a part file its name, its content on the disk first.
pub(super) fn publish(path: &Path) -> Result<(), ArchiveError> {
    let part = part_of(path);
    let done = File::open(&part).and_then(|file| file.sync_all()).and_then(|()| std::fs::rename(&part, path));
    done.map_err(|source| ArchiveError::file("write", path, source))
}

/// Makes the names in a folder last.
pub(super) fn sync_folder(folder: &Path) -> Result<(), ArchiveError> {
    // Only Unix can open a folder to sync it; elsewhere the file system sees to it.
    if cfg!(unix) {
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(|source| ArchiveError::file("sync the folder", folder, source))?;
    }
    Ok(())
}

/// Writes a file that replaces the one before it in one step.
pub(super) fn replace(path: &Path, content: &[u8]) -> Result<(), ArchiveError> {
    write_part(path, content)?;
    publish(path)?;
    path.parent().map_or(Ok(()), sync_folder)
}
