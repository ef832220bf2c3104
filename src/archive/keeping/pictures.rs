//! Pictures beside Markdown files: whether each that is linked is there and is what it was, and those of articles that are
//! taken out.

use super::super::{ArchiveError, append, pictures, safe_file, series};
use super::verify::{Checked, Fault};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_64;

/// Calls back for each folder of pictures, with its path relative to the archive and the id of its article.
pub(super) fn each_folder(
    root: &Path,
    take: &mut dyn FnMut(&Path, &str, &str) -> Result<(), ArchiveError>,
) -> Result<(), ArchiveError> {
    let mut folders = vec![(root.join(pictures::FOLDER), pictures::FOLDER.to_owned())];
    while let Some((folder, relative)) = folders.pop() {
        for path in series::entries(&folder)?.into_iter().filter(|path| path.is_dir()) {
            let Some(name) = append::file_name(&path) else { continue };
            let relative = format!("{relative}/{name}");
            match pictures::article_of(name) {
                Some(id) => take(&path, &relative, id)?,
                None => folders.push((path, relative)),
            }
        }
    }
    Ok(())
}

/// Checks each picture against the digest in its name. A crawl may go on beside it.
pub(super) fn check(root: &Path, fault: &mut dyn FnMut(Fault)) -> Result<Checked, ArchiveError> {
    let mut checked = Checked::default();
    each_folder(root, &mut |folder, relative, _| {
        for path in series::entries(folder)? {
            let name = append::file_name(&path).unwrap_or_default();
            let Some((_, digest)) = pictures::parts_of(name) else { continue };
            let bytes = match std::fs::read(&path) {
                // It went while the folder was read.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                other => other.map_err(|source| ArchiveError::file("read", &path, source))?,
            };
            checked.files += 1;
            checked.bytes += bytes.len() as u64;
            checked.copies += 1;
            if xxh3_64(&bytes) != digest {
                let problem =
                    "is not what the digest in its name says; remove it and the picture is lost, or get it back";
                fault(Fault::new(&format!("{relative}/{name}"), problem.to_owned()));
            }
        }
        Ok(())
    })?;
    Ok(checked)
}

/// The pictures that a Markdown file links to and that are not there.
pub(super) fn missing(path: &Path) -> Result<Vec<String>, ArchiveError> {
    let Some(folder) = pictures::folder_beside(path) else { return Ok(Vec::new()) };
    let text = match std::fs::read_to_string(path) {
        // The article has another file by now, or the file is damaged, which others say.
        Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::InvalidData) => {
            return Ok(Vec::new());
        }
        other => other.map_err(|source| ArchiveError::file("read", path, source))?,
    };
    let mut names: Vec<&str> = pictures::links_in(&text, &folder).collect();
    names.sort_unstable();
    names.dedup();
    Ok(names.into_iter().filter(|name| !folder.join(name).is_file()).map(str::to_owned).collect())
}

/// Takes away the pictures of articles that are to go; gives the files, relative to the archive.
pub(super) fn remove(root: &Path, goes: impl Fn(&str) -> bool) -> Result<Vec<String>, ArchiveError> {
    let mut gone: Vec<(PathBuf, String)> = Vec::new();
    each_folder(root, &mut |path, relative, id| {
        if goes(id) {
            gone.push((path.to_owned(), relative.to_owned()));
        }
        Ok(())
    })?;
    let mut files = Vec::new();
    for (folder, relative) in gone {
        for path in series::entries(&folder)? {
            files.extend(append::file_name(&path).map(|name| format!("{relative}/{name}")));
        }
        pictures::remove_folder(&folder)?;
        folder.parent().map_or(Ok(()), safe_file::sync_folder)?;
    }
    Ok(files)
}
