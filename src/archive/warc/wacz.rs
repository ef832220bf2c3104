//! WACZ packages (WACZ 1.1.1, Webrecorder): a part of the WARC files with what it takes to show them, in one ZIP file.
//!
//! WARC files go in as they are. What revisit records in them refer to and stands in a file that does not go in is copied
//! into a file of its own, so that a package shows all that it lists.

use super::capture::Capture;
use super::index::Index;
use super::record::RecordIds;
use super::{ArchiveError, EXTENSION, FOLDER, INDEXES, WarcReader, settle, warcinfo};
use crate::archive::series::daily_files;
use crate::archive::{names, safe_file};
use crate::model::Article;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The file of what is copied out of others.
const ORIGINALS: &str = "originals.warc.gz";

/// Bytes from which on an entry is marked as one that may be longer than 4 GiB.
const LARGE: u64 = u32::MAX as u64;

/// Bytes of an article's record at the most: the page that it is of had no more.
const MAX_RECORD: u64 = 64 * 1024 * 1024;

/// Which WARC files go into a package.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WaczSelection {
    /// Of this day of fetching, UTC, and later.
    pub since: Option<Date>,
    /// Of this day and earlier.
    pub until: Option<Date>,
    /// Of these sources; empty for all.
    pub sources: Vec<String>,
}

/// What a package holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WaczContent {
    /// WARC files of the archive.
    pub files: usize,
    /// Captures that can be shown.
    pub captures: usize,
    /// Articles.
    pub pages: usize,
}

/// Writes a package of an archive's WARC files. A file of that name is replaced, in one step.
///
/// # Errors
/// [`ArchiveError`] where a file cannot be read or written.
pub fn write_wacz(root: &Path, selection: &WaczSelection, target: &Path) -> Result<WaczContent, ArchiveError> {
    let all = daily_files(root, FOLDER, &[EXTENSION])?;
    let index = index(root, &all)?;
    let chosen: Vec<String> = all.into_iter().filter(|file| selection.takes(file)).collect();
    let failed = |source| ArchiveError::file("write", target, source);
    let part = safe_file::part_of(target);
    let written = File::create(&part).map_err(failed).and_then(|file| {
        let mut package = Package { zip: ZipWriter::new(BufWriter::new(file)), resources: Vec::new() };
        let content = fill(&mut package, root, &index, &chosen, target)?;
        let file = package.finish().map_err(failed)?;
        file.sync_all().map_err(failed)?;
        Ok(content)
    });
    match written {
        Ok(content) => {
            safe_file::publish(target)?;
            Ok(content)
        }
        Err(error) => {
            let _ = std::fs::remove_file(&part);
            Err(error)
        }
    }
}

impl WaczSelection {
    /// Whether a file, relative to the archive, is meant.
    fn takes(&self, file: &str) -> bool {
        let mut parts = file.rsplit('/');
        let (Some(name), Some(folder)) = (parts.next(), parts.next()) else { return false };
        let of_source = || self.sources.iter().any(|source| names::folder_name(source) == folder);
        if !(self.sources.is_empty() || of_source()) {
            return false;
        }
        let digits = name.rsplit('-').nth(1).filter(|digits| digits.len() == 8 && digits.is_ascii());
        let day = digits.and_then(|digits| format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..]).parse().ok());
        let day: Option<Date> = day;
        day.is_none_or(|day| self.since.is_none_or(|since| day >= since) && self.until.is_none_or(|until| day <= until))
    }
}

/// The archive's index, or one of the moment where there is none.
fn index(root: &Path, files: &[String]) -> Result<Index, ArchiveError> {
    if let Some(index) = Index::open_to_read(&root.join(INDEXES).join("index.db"))? {
        return Ok(index);
    }
    let mut index = Index::in_memory()?;
    settle(&mut index, root, files)?;
    Ok(index)
}

fn fill(
    package: &mut Package,
    root: &Path,
    index: &Index,
    chosen: &[String],
    target: &Path,
) -> Result<WaczContent, ArchiveError> {
    let failed = |source| ArchiveError::file("write", target, source);
    let (mut lines, mut pages) =
        (Vec::new(), String::from("{\"format\":\"json-pages-1.0\",\"id\":\"pages\",\"title\":\"All Pages\"}\n"));
    let mut content = WaczContent { files: chosen.len(), ..WaczContent::default() };
    let inside: HashSet<&String> = chosen.iter().collect();
    let mut elsewhere: BTreeMap<(String, u64), Capture> = BTreeMap::new();
    for file in chosen {
        let path = root.join(file);
        let unreadable = |source| ArchiveError::file("read", &path, source);
        let name = file.rsplit('/').next().unwrap_or(file);
        let mut dates = HashMap::new();
        let mut revisited = Vec::new();
        index.each_of(file, |capture| {
            lines.push(capture.line(name));
            if capture.is_revisit() {
                revisited.push(capture.digest.clone());
            }
            dates.insert(capture.record, capture.date);
            Ok(())
        })?;
        for digest in revisited {
            if let Some((place, capture)) = index.lies(&digest)?.filter(|(place, _)| !inside.contains(place)) {
                elsewhere.insert((place, capture.offset), capture);
            }
        }
        // What a crawl that goes on has not saved yet is left out.
        let length = index.length_of(file)?;
        let source = File::open(&path).map_err(unreadable)?.take(length);
        package.add(&format!("archive/{name}"), length, source).map_err(failed)?;
        content.pages += add_pages(&path, length, &dates, &mut pages).map_err(unreadable)?;
    }
    if !elsewhere.is_empty() {
        let originals = originals(root, elsewhere, &mut lines)?;
        package.add(&format!("archive/{ORIGINALS}"), originals.len() as u64, &originals[..]).map_err(failed)?;
    }
    content.captures = lines.len();
    lines.sort_unstable();
    package.add_text("indexes/index.cdxj", &lines.concat()).map_err(failed)?;
    package.add_text("pages/pages.jsonl", &pages).map_err(failed)?;
    package.describe(Timestamp::now()).map_err(failed)?;
    Ok(content)
}

/// Adds the articles of a file to the list of pages; how many.
fn add_pages(path: &Path, length: u64, dates: &HashMap<String, String>, pages: &mut String) -> io::Result<usize> {
    let mut count = 0;
    let mut reader = WarcReader::open(path, 0, length)?;
    while let Some(head) = reader.next_head()? {
        if head.kind() != "metadata" {
            continue;
        }
        let date = head.get("warc-refers-to").and_then(|answer| dates.get(answer));
        let Some(date) = date.cloned() else { continue };
        let block = reader.block(MAX_RECORD)?;
        let Ok(article) = serde_json::from_slice::<Article>(&block.bytes) else { continue };
        if article.tombstone.is_none() {
            let id = format!("{}-{}", article.id, article.version);
            let page = json!({ "id": id, "url": article.url, "title": article.title, "ts": date });
            // Writing to a String cannot fail.
            let _ = writeln!(pages, "{page}");
            count += 1;
        }
    }
    Ok(count)
}

/// A WARC file of records that lie in others, and the lines of its index.
fn originals(
    root: &Path,
    records: BTreeMap<(String, u64), Capture>,
    lines: &mut Vec<String>,
) -> Result<Vec<u8>, ArchiveError> {
    let now = Timestamp::now();
    let failed = |source| ArchiveError::file("pack", Path::new(ORIGINALS), source);
    let mut warc = warcinfo(&mut RecordIds::new(), ORIGINALS, now).map_err(failed)?;
    for ((file, offset), mut capture) in records {
        let path = root.join(&file);
        let start = warc.len();
        let mut read = || {
            let mut source = File::open(&path)?;
            source.seek(SeekFrom::Start(offset))?;
            source.take(capture.length).read_to_end(&mut warc)
        };
        read().map_err(|source| ArchiveError::file("read", &path, source))?;
        capture.offset = start as u64;
        lines.push(capture.line(ORIGINALS));
    }
    Ok(warc)
}

/// A package in the making.
struct Package {
    zip: ZipWriter<BufWriter<File>>,
    /// What `datapackage.json` says of each file.
    resources: Vec<Value>,
}

impl Package {
    /// Adds a file as it is, which replay tools then read within the package.
    fn add(&mut self, path: &str, length: u64, mut source: impl Read) -> io::Result<()> {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        self.zip.start_file(path, options.large_file(length >= LARGE)).map_err(io::Error::from)?;
        let mut hash = Sha256::new();
        let mut bytes: u64 = 0;
        let mut chunk = vec![0; 256 * 1024];
        loop {
            let count = source.read(&mut chunk)?;
            if count == 0 {
                break;
            }
            hash.update(&chunk[..count]);
            self.zip.write_all(&chunk[..count])?;
            bytes += count as u64;
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        self.resources.push(json!({ "name": name, "path": path, "hash": digest(hash), "bytes": bytes }));
        Ok(())
    }

    fn add_text(&mut self, path: &str, text: &str) -> io::Result<()> {
        self.add(path, text.len() as u64, text.as_bytes())
    }

    /// Adds what says what is in the package, and the digest of that.
    fn describe(&mut self, now: Timestamp) -> io::Result<()> {
        let description = json!({
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "software": concat!("copydesk/", env!("CARGO_PKG_VERSION")),
            "created": super::record::date_text(now),
            "resources": std::mem::take(&mut self.resources),
        });
        let description = format!("{description:#}\n");
        self.add_text("datapackage.json", &description)?;
        let hash = digest(Sha256::new_with_prefix(description.as_bytes()));
        let signed = json!({ "path": "datapackage.json", "hash": hash });
        self.add_text("datapackage-digest.json", &format!("{signed:#}\n"))
    }

    fn finish(self) -> io::Result<File> {
        let file = self.zip.finish().map_err(io::Error::from)?;
        file.into_inner().map_err(io::IntoInnerError::into_error)
    }
}

/// `sha256:` and 64 hexadecimal digits.
fn digest(hash: Sha256) -> String {
    let mut text = String::from("sha256:");
    for byte in hash.finalize() {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
