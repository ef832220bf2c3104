//! The page that an article came from, as it was received.

use super::capture::Capture;
use super::http::HttpAnswer;
use super::record::date_text;
use super::{INDEXES, Index, WarcReader};
use crate::archive::ArchiveError;
use jiff::{SignedDuration, Timestamp};
use std::path::Path;

/// Bytes of a record that are read, and of a page when its codings are undone: more than a page that is fetched may have by
/// default.
const MAX_BYTES: u64 = 32 * 1024 * 1024;

/// The clock of a record may be behind that of its article, which is noted once the page has come.
const LEEWAY: SignedDuration = SignedDuration::from_secs(1);

/// A page out of the WARC files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchivedPage {
    /// Its address.
    pub url: String,
    /// When it was captured, as the record has it.
    pub date: String,
    /// The `Content-Type` header, whole.
    pub content_type: Option<String>,
    /// The body, its codings undone.
    pub body: Vec<u8>,
    /// The record's file, relative to the archive.
    pub file: String,
}

/// The last good answer of an address up to a moment; `None` where the WARC files have none.
///
/// # Errors
/// [`ArchiveError`] where the index or a file cannot be read.
pub fn archived_page(root: &Path, url: &str, until: Timestamp) -> Result<Option<ArchivedPage>, ArchiveError> {
    let Some(index) = Index::open_to_read(&root.join(INDEXES).join("index.db"))? else { return Ok(None) };
    let until = date_text(until.checked_add(LEEWAY).unwrap_or(until));
    let Some((mut file, mut capture)) = index.last_until(url, &until)? else { return Ok(None) };
    let date = capture.date.clone();
    if capture.is_revisit() {
        match index.lies(&capture.digest)? {
            Some(original) => (file, capture) = original,
            None => return Ok(None),
        }
    }
    let Some(block) = block(root, &file, &capture)? else { return Ok(None) };
    let Some(answer) = HttpAnswer::read(&block) else { return Ok(None) };
    Ok(Some(ArchivedPage {
        url: url.to_owned(),
        date,
        content_type: answer.header("content-type").map(str::to_owned),
        body: answer.decoded(MAX_BYTES).into_owned(),
        file,
    }))
}

/// The block of a capture's record; `None` where another record stands there, since a file may just be written anew.
fn block(root: &Path, file: &str, capture: &Capture) -> Result<Option<Vec<u8>>, ArchiveError> {
    let path = root.join(file);
    let read = || {
        let mut reader = WarcReader::open(&path, capture.offset, capture.length)?;
        let head = reader.next_head()?;
        if head.is_none_or(|head| head.get("warc-record-id") != Some(&capture.record)) {
            return Ok(None);
        }
        reader.block(MAX_BYTES).map(|block| Some(block.bytes))
    };
    read().map_err(|source| ArchiveError::file("read", &path, source))
}
