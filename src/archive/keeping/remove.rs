//! Articles taken out of every file, so that nothing of them is left but their tombstones.
//!
//! A file that holds one is written anew beside itself and takes its own place in one step. What dies in between is done
//! again by the next call, which finds in the files what is still there.

use super::super::catalogue::{Catalogue, Erase};
use super::super::{ArchiveError, Format, append, encoding::Encoding, parquet, safe_file, warc};
use super::holdings::{READ, files_of, unpacked};
use super::pictures;
use crate::model::SinkPosition;
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufRead, BufWriter, Write};
use std::path::Path;

/// Bytes of records that are packed together.
const PIECE: usize = 1024 * 1024;

/// What is to go.
#[derive(Debug, Clone, Default)]
pub struct Gone {
    /// The articles, by id, each with the number of the tombstone that stays.
    pub articles: HashMap<String, u64>,
}

/// What was taken out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Removed {
    /// Versions that the catalogue had of them.
    pub versions: u64,
    /// Files that were written anew or taken away, relative to the archive.
    pub files: Vec<String>,
    /// The lengths of those that may be appended to, to be committed.
    pub positions: Vec<SinkPosition>,
}

/// What is read of a record to know whether it goes.
#[derive(Deserialize)]
struct Mark {
    id: String,
    seq: u64,
}

impl Gone {
    fn has(&self, id: &str, seq: u64) -> bool {
        self.articles.get(id).is_some_and(|tombstone| *tombstone != seq)
    }
}

/// Takes articles out of every file of an archive, and out of its catalogue. No crawl may go on beside it.
///
/// # Errors
/// [`ArchiveError`] where a file cannot be read or written. Each file is then as it was or done; call it again.
pub fn remove(root: &Path, gone: &Gone) -> Result<Removed, ArchiveError> {
    let mut removed = Removed::default();
    let urls = urls_of(root, gone)?;
    for format in READ {
        let files = files_of(root, format)?;
        if format == Format::Warc {
            remove_exchanges(root, &files, gone, &urls, &mut removed)?;
            continue;
        }
        for file in files {
            let path = root.join(&file);
            let changed = match format {
                Format::Csv => rows(&path, gone)?,
                Format::Markdown | Format::Text => own_file(&path, gone)?,
                Format::Parquet if !is_lines(&path) => parquet::remove(root, &path, |id, seq| gone.has(id, seq))?,
                _ => lines(&path, gone)?,
            };
            if changed {
                removed.note(root, file);
            }
        }
    }
    for file in pictures::remove(root, |id| gone.articles.contains_key(id))? {
        removed.note(root, file);
    }
    removed.versions = Erase::open(root)?.erase(&gone.articles)?;
    Ok(removed)
}

impl Removed {
    fn note(&mut self, root: &Path, file: String) {
        // What is gone altogether has no length.
        let length = std::fs::metadata(root.join(&file)).map_or(0, |metadata| metadata.len());
        self.positions.push(SinkPosition { path: file.clone(), length });
        self.files.push(file);
    }
}

fn is_lines(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "jsonl")
}

/// Every address that the articles were found at.
fn urls_of(root: &Path, gone: &Gone) -> Result<HashSet<String>, ArchiveError> {
    let catalogue = Catalogue::open(root)?;
    let mut urls = HashSet::new();
    for id in gone.articles.keys() {
        for version in catalogue.history(id)? {
            urls.extend(version.article.url);
            urls.extend(version.article.canonical_url);
        }
    }
    Ok(urls)
}

/// A file of one article goes as it is.
fn own_file(path: &Path, gone: &Gone) -> Result<bool, ArchiveError> {
    let name = append::file_name(path).unwrap_or_default();
    let id = name.rsplit_once('.').and_then(|(stem, _)| stem.rsplit_once('-')).map(|(_, id)| id);
    if !id.is_some_and(|id| gone.articles.contains_key(id)) {
        return Ok(false);
    }
    std::fs::remove_file(path).map_err(|source| ArchiveError::file("remove", path, source))?;
    path.parent().map_or(Ok(()), safe_file::sync_folder)?;
    Ok(true)
}

/// JSON lines, packed or not.
fn lines(path: &Path, gone: &Gone) -> Result<bool, ArchiveError> {
    let failed = |source| ArchiveError::file("read", path, source);
    let goes = |line: &[u8]| serde_json::from_slice::<Mark>(line).is_ok_and(|mark| gone.has(&mark.id, mark.seq));
    let each = |take: &mut dyn FnMut(&[u8]) -> io::Result<()>| {
        let mut reader = unpacked(path, u64::MAX)?;
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line)? > 0 {
            take(&line)?;
            line.clear();
        }
        Ok(())
    };
    let mut found = false;
    each(&mut |line| {
        found |= goes(line);
        Ok(())
    })
    .map_err(failed)?;
    if !found {
        return Ok(false);
    }
    let encoding = Encoding::of(path);
    rewrite(path, |out| {
        let mut piece = Vec::new();
        each(&mut |line| {
            if !goes(line) {
                piece.extend_from_slice(line);
            }
            if piece.len() >= PIECE {
                out.write_all(&encoding.encode(&piece)?)?;
                piece.clear();
            }
            Ok(())
        })?;
        if piece.is_empty() { Ok(()) } else { out.write_all(&encoding.encode(&piece)?) }
    })
}

/// CSV.
fn rows(path: &Path, gone: &Gone) -> Result<bool, ArchiveError> {
    let failed = |error: csv::Error| ArchiveError::file("read", path, error.into());
    let mut reader = csv::Reader::from_path(path).map_err(failed)?;
    let columns = reader.byte_headers().map_err(failed)?.clone();
    let column = |name: &str| columns.iter().position(|column| column == name.as_bytes());
    let (Some(id), Some(seq)) = (column("id"), column("seq")) else { return Ok(false) };
    let goes = |row: &csv::ByteRecord| {
        let text = |at| row.get(at).and_then(|value| std::str::from_utf8(value).ok()).unwrap_or_default();
        text(seq).parse().is_ok_and(|seq| gone.has(text(id), seq))
    };
    let mut found = false;
    for row in reader.byte_records() {
        found |= goes(&row.map_err(failed)?);
    }
    if !found {
        return Ok(false);
    }
    rewrite(path, |out| {
        let mut reader = csv::Reader::from_path(path)?;
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        writer.write_byte_record(reader.byte_headers()?)?;
        for row in reader.byte_records() {
            let row = row?;
            if !goes(&row) {
                writer.write_byte_record(&row)?;
            }
        }
        writer.flush()
    })
}

/// Writes a file anew beside itself, and gives it its name.
fn rewrite(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<bool, ArchiveError> {
    let part = safe_file::part_of(path);
    let written = File::create(&part).and_then(|file| {
        let mut out = BufWriter::new(file);
        fill(&mut out)?;
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    });
    written.map_err(|source| {
        // The space that it takes may be the very space that is missing.
        let _ = std::fs::remove_file(&part);
        ArchiveError::file("write", path, source)
    })?;
    safe_file::publish(path)?;
    path.parent().map_or(Ok(()), safe_file::sync_folder)?;
    Ok(true)
}

/// Web archives: the exchanges of the articles' addresses, what was made of them, and what refers to either.
fn remove_exchanges(
    root: &Path,
    files: &[String],
    gone: &Gone,
    urls: &HashSet<String>,
    removed: &mut Removed,
) -> Result<(), ArchiveError> {
    let mut ids = HashSet::new();
    let mut changed = Vec::new();
    // What refers to a record stands behind it, but perhaps in another file.
    for _ in 0..2 {
        for file in files {
            let path = root.join(file);
            let cuts = warc::records_about(&path, urls, &mut ids, |id, seq| gone.has(id, seq))?;
            if cuts.is_empty() {
                continue;
            }
            rewrite(&path, |out| warc::copy_without(&path, &cuts, out))?;
            if !changed.contains(file) {
                changed.push(file.clone());
            }
        }
    }
    warc::forget(root, &changed)?;
    for file in changed {
        removed.note(root, file);
    }
    Ok(())
}
