//! Records taken out of a WARC file.

use super::super::ArchiveError;
use super::index::Index;
use super::reader::WarcReader;
use super::{INDEXES, list_of};
use serde::Deserialize;
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;

/// Bytes of a record's JSON that are read at the most.
const BLOCK: u64 = 256 * 1024 * 1024;

#[derive(Deserialize)]
struct Mark {
    id: String,
    seq: u64,
}

/// Where the records lie that are about these addresses, or refer to one of these records, whose ids are added to. Of what
/// was made of a page, those articles that `goes` says, by id and number.
pub(in super::super) fn records_about(
    path: &Path,
    urls: &HashSet<String>,
    ids: &mut HashSet<String>,
    goes: impl Fn(&str, u64) -> bool,
) -> Result<Vec<Range<u64>>, ArchiveError> {
    let failed = |source| ArchiveError::file("read", path, source);
    let length = std::fs::metadata(path).map_err(failed)?.len();
    let mut reader = WarcReader::open(path, 0, length).map_err(failed)?;
    let mut cuts: Vec<Range<u64>> = Vec::new();
    let mut open: Option<u64> = None;
    // The text of an article stands right behind its record.
    let mut article_goes = false;
    loop {
        let head = reader.next_head().map_err(failed)?;
        let offset = head.as_ref().map_or(length, |head| head.offset);
        if let Some(start) = open.take() {
            cuts.push(start..offset);
        }
        let Some(head) = head else { return Ok(cuts) };
        let is_derived = matches!(head.kind(), "metadata" | "conversion");
        let refers = |field: &str| head.get(field).is_some_and(|id| ids.contains(id));
        let is_meant = if head.kind() == "metadata" {
            let block = reader.block(BLOCK).map_err(failed)?;
            let mark = serde_json::from_slice::<Mark>(&block.bytes).ok();
            article_goes = mark.is_some_and(|mark| goes(&mark.id, mark.seq));
            article_goes
        } else if is_derived {
            article_goes
        } else {
            head.target().is_some_and(|url| urls.contains(url))
                || refers("WARC-Refers-To")
                || refers("WARC-Concurrent-To")
        };
        if is_meant {
            ids.extend(head.get("WARC-Record-ID").map(str::to_owned));
            open = Some(offset);
        }
    }
}

/// Copies a file without these parts.
pub(in super::super) fn copy_without(path: &Path, cuts: &[Range<u64>], out: &mut dyn Write) -> io::Result<()> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let ends = cuts.iter().map(|cut| cut.start).chain([length]);
    let starts = std::iter::once(0).chain(cuts.iter().map(|cut| cut.end));
    for (start, end) in starts.zip(ends) {
        file.seek(SeekFrom::Start(start))?;
        io::copy(&mut BufReader::new(Read::by_ref(&mut file).take(end.saturating_sub(start))), out)?;
    }
    Ok(())
}

/// Has the index forget files that were written anew; the next start reads them again.
pub(in super::super) fn forget(root: &Path, files: &[String]) -> Result<(), ArchiveError> {
    let path = root.join(INDEXES).join("index.db");
    if files.is_empty() || !path.exists() {
        return Ok(());
    }
    let mut index = Index::open(&path)?;
    for file in files {
        index.cut(file, 0)?;
        match std::fs::remove_file(list_of(root, file)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(ArchiveError::file("remove", &list_of(root, file), error));
            }
            _ => {}
        }
    }
    index.save()
}
