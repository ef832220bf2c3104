//! Files that appear whole or not at all, and stay.

use super::ArchiveError;
use std::ffi::OsString;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Files from which on they are synced together. Of a few, each by itself is done sooner on a disk that others write to.
const MANY: usize = 8;

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

/// Gives a part file its name. Its content has to be on the disk before.
pub(super) fn publish(path: &Path) -> Result<(), ArchiveError> {
    std::fs::rename(part_of(path), path).map_err(|source| ArchiveError::file("write", path, source))
}

/// Makes the contents of files, or the names in folders, last: all of them are below `root`.
pub(super) fn sync_all(root: &Path, places: impl ExactSizeIterator<Item = PathBuf>) -> Result<(), ArchiveError> {
    if places.len() >= MANY && sync_file_system(root)? {
        return Ok(());
    }
    for place in places {
        // Only Unix can open a folder to sync it; elsewhere the file system sees to it.
        if cfg!(unix) || !place.is_dir() {
            File::open(&place)
                .and_then(|file| file.sync_all())
                .map_err(|source| ArchiveError::file("sync", &place, source))?;
        }
    }
    Ok(())
}

/// Has all of a file system on the disk: one commit of its journal, where files one by one take a commit each. Where
/// there is no such call, false.
#[cfg(target_os = "linux")]
fn sync_file_system(root: &Path) -> Result<bool, ArchiveError> {
    File::open(root)
        .and_then(|root| Ok(rustix::fs::syncfs(root)?))
        .map_err(|source| ArchiveError::file("sync the file system of", root, source))?;
    Ok(true)
}

#[cfg(not(target_os = "linux"))]
fn sync_file_system(_root: &Path) -> Result<bool, ArchiveError> {
    Ok(false)
}

/// Makes the names in a folder last.
pub(super) fn sync_folder(folder: &Path) -> Result<(), ArchiveError> {
    sync_all(folder, std::iter::once(folder.to_owned()))
}

/// Writes a file that replaces the one before it in one step.
pub(super) fn replace(path: &Path, content: &[u8]) -> Result<(), ArchiveError> {
    write_part(path, content)?;
    sync_all(path, std::iter::once(part_of(path)))?;
    publish(path)?;
    // A bare name's folder is the one that the program runs in.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    sync_folder(folder)
}

/// Writes a file that replaces the one before it in one step, piece by piece. On a failure nothing is left of it.
pub(super) fn replace_with<T, E: From<ArchiveError>>(
    path: &Path,
    write: impl FnOnce(&mut File) -> Result<T, E>,
) -> Result<T, E> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        make_folder(folder)?;
    }
    let part = part_of(path);
    let failed = |source| ArchiveError::file("write", path, source);
    let mut file = File::create(&part).map_err(failed)?;
    let written = write(&mut file).and_then(|value| {
        file.sync_all().map_err(failed)?;
        Ok(value)
    });
    match written {
        Ok(value) => {
            publish(path)?;
            Ok(value)
        }
        Err(error) => {
            let _ = std::fs::remove_file(&part);
            Err(error)
        }
    }
}
