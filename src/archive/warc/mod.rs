//! WARC files (WARC/1.1, ISO 28500:2017): every exchange as it went over the wire, and the articles that came of them.

mod capture;
mod http;
mod index;
mod members;
mod original;
mod reader;
mod record;
mod removal;
mod surt;
mod wacz;

pub use http::HttpAnswer;
pub use original::{ArchivedPage, archived_page};
pub use reader::{WarcBlock, WarcHead, WarcReader};
pub(super) use record::block_digest;
pub(super) use removal::{copy_without, forget, records_about};
pub use wacz::{WaczContent, WaczSelection, write_wacz};

use super::append::Appender;
use super::series::{Series, daily_files, entries};
use super::{ArchiveError, Ending, Format, Place, Record, Sink, names, safe_file};
use crate::model::{Cut, Exchange, SinkPosition};
use capture::{Capture, Original};
use index::Index;
use jiff::Timestamp;
use record::{Digest, IDENTICAL, NOT_MODIFIED, RecordId, RecordIds, WarcRecord};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The folder under the archive.
const FOLDER: &str = "warc";

/// Where what is made from the WARC files lies, under the archive.
const INDEXES: &str = "warc/indexes";

const EXTENSION: &str = ".warc.gz";

/// Bytes from which on a file gets no more records: what crawlers and archives are used to.
const ROTATE_SIZE: u64 = 1024 * 1024 * 1024;

/// How old the CDXJ files of a running crawl may be. They are sorted, so that each is written anew.
const LISTS_KEPT: Duration = Duration::from_mins(1);

/// Bytes of a block that are read to know status and type of an answer.
const HTTP_HEAD: u64 = 64 * 1024;

/// Writes `warc/<source>/<source>-<day>-<part>.warc.gz`, by the day of fetching in UTC.
#[derive(Debug)]
pub struct WarcSink {
    files: Appender,
    index: Option<Index>,
    ids: RecordIds,
    /// The answers since the last commit, by their addresses: what an article that comes of one refers to.
    answers: HashMap<String, RecordId>,
    /// When the CDXJ files were last brought up to date.
    listed: Option<Instant>,
}

/// What a record is about.
struct Subject<'a> {
    source: &'a str,
    date: Timestamp,
}

impl WarcSink {
    /// A sink under an archive's folder. Nothing is touched yet.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self {
            files: Appender::new(root).rotated(Some(ROTATE_SIZE)),
            index: None,
            ids: RecordIds::new(),
            answers: HashMap::new(),
            listed: None,
        }
    }

    /// Begins another file when one has reached this size, in bytes.
    #[must_use]
    pub fn rotated(self, size: Option<u64>) -> Self {
        Self { files: self.files.rotated(Some(size.unwrap_or(ROTATE_SIZE))), ..self }
    }

    /// Appends records that belong together to the file that is to take them, of which they may be the first. Returns the
    /// file, and where in it each of them ends, the beginning of the first in front.
    fn append(
        &mut self,
        subject: &Subject<'_>,
        records: [WarcRecord<'_>; 2],
    ) -> Result<(String, [u64; 3]), ArchiveError> {
        let source = names::folder_name(subject.source);
        let day = subject.date.strftime("%Y%m%d");
        // The names of WARC files say where they are from, since they are passed on without their folders.
        let stem = format!("{FOLDER}/{source}/{source}-{day}");
        let series = Series { stem: &stem, extension: EXTENSION, header: b"", separator: '-' };
        let (file, mut start) = self.files.next(&series)?;
        let failed = |source| ArchiveError::file("pack a record for", Path::new(&file), source);
        let mut packed = Vec::new();
        if start == 0 {
            packed = warcinfo(&mut self.ids, &file, subject.date).map_err(failed)?;
            start = packed.len() as u64;
        }
        let before = start - packed.len() as u64;
        let mut ends = [start; 3];
        for (at, record) in records.into_iter().enumerate() {
            record.pack_into(&mut packed).map_err(failed)?;
            ends[at + 1] = before + packed.len() as u64;
        }
        self.files.append(&series, packed)?;
        Ok((file, ends))
    }

    fn index(&mut self) -> Result<&mut Index, ArchiveError> {
        if self.index.is_none() {
            let folder = self.files.root().join(INDEXES);
            safe_file::make_folder(&folder)?;
            self.index = Some(Index::open(&folder.join("index.db"))?);
        }
        Ok(self.index.as_mut().expect("it was there or has just been put there"))
    }

    /// Takes one exchange: the answer or what stands for it, and the request.
    fn write_exchange(&mut self, source: &str, exchange: &Exchange) -> Result<(), ArchiveError> {
        let subject = Subject { source, date: exchange.time };
        let digest = Digest::of(&[&exchange.body]).to_string();
        let id = self.ids.next();
        let mut capture = Capture::new(&exchange.url, exchange.time, id.0.clone());
        capture.status = exchange.status;
        capture.mime = capture::mime(exchange.content_type.as_deref());
        capture.is_whole = exchange.cut.is_none() && !exchange.body.is_empty();

        let revisited = if exchange.status == 304 {
            self.index()?.last_of(&capture.url)?.map(|original| (NOT_MODIFIED, original))
        } else if capture.is_whole {
            self.index()?.original(&digest)?.map(|original| (IDENTICAL, original))
        } else {
            None
        };
        let whole: &[&[u8]] = &[&exchange.response, &exchange.body];
        let record = if let Some((profile, original)) = &revisited {
            let Original { url, date, record, digest } = original;
            digest.clone_into(&mut capture.digest);
            capture.revisits();
            WarcRecord::new("revisit", &id, exchange.time, &whole[..1])
                .field("WARC-Profile", profile)
                .field("WARC-Refers-To", record)
                .field("WARC-Refers-To-Target-URI", url)
                .field("WARC-Refers-To-Date", date)
        } else {
            digest.clone_into(&mut capture.digest);
            WarcRecord::new("response", &id, exchange.time, whole).field_if("WARC-Truncated", exchange.cut.map(reason))
        };
        let record = record
            .field("WARC-Target-URI", &exchange.url)
            .field_if("WARC-IP-Address", exchange.address)
            .field("WARC-Protocol", exchange.protocol)
            .field("WARC-Payload-Digest", &capture.digest)
            .field("Content-Type", "application/http; msgtype=response");
        let request: &[&[u8]] = &[&exchange.request];
        let request = WarcRecord::new("request", &self.ids.next(), exchange.time, request)
            .field("WARC-Target-URI", &exchange.url)
            .field_if("WARC-IP-Address", exchange.address)
            .field("WARC-Protocol", exchange.protocol)
            .field("WARC-Concurrent-To", &id)
            .field("Content-Type", "application/http; msgtype=request");
        let (file, [start, middle, end]) = self.append(&subject, [record, request])?;
        (capture.offset, capture.length) = (start, middle - start);
        self.index()?.add(&file, end, &[capture])?;
        self.answers.insert(exchange.url.to_string(), id);
        Ok(())
    }

    /// Takes away the CDXJ files of WARC files that are not there any more.
    fn drop_lists_without_file(&self, files: &[String]) -> Result<(), ArchiveError> {
        let (root, folder) = (self.files.root(), self.files.root().join(INDEXES));
        let wanted: HashSet<PathBuf> = files.iter().map(|file| list_of(root, file)).collect();
        for path in entries(&folder)? {
            if path.extension().is_some_and(|extension| extension == "cdxj") && !wanted.contains(&path) {
                std::fs::remove_file(&path).map_err(|source| ArchiveError::file("remove", &path, source))?;
            }
        }
        Ok(())
    }

    /// Brings the CDXJ files up to date.
    fn list(&mut self) -> Result<(), ArchiveError> {
        let root = self.files.root().to_owned();
        let index = self.index()?;
        for (file, length) in index.unlisted()? {
            let mut lines = Vec::new();
            let name = file.strip_prefix("warc/").unwrap_or(&file);
            index.each_of(&file, |capture| {
                lines.push(capture.line(name));
                Ok(())
            })?;
            lines.sort_unstable();
            let path = list_of(&root, &file);
            safe_file::replace(&path, lines.concat().as_bytes())?;
            index.set_listed(&file, length)?;
        }
        index.save()?;
        self.listed = Some(Instant::now());
        Ok(())
    }
}

impl Sink for WarcSink {
    fn keeps_exchanges(&self) -> bool {
        true
    }

    fn write_exchanges(&mut self, source: &str, exchanges: &[Exchange]) -> Result<(), ArchiveError> {
        exchanges.iter().try_for_each(|exchange| self.write_exchange(source, exchange))
    }

    fn write(&mut self, record: &Record<'_>) -> Result<Option<Place>, ArchiveError> {
        let article = record.article;
        let date = article.fetched.unwrap_or_else(Timestamp::now);
        let subject = Subject { source: record.source, date };
        let json = serde_json::to_vec(article)
            .map_err(|source| ArchiveError::Encode { path: self.files.root().join(FOLDER), source })?;
        let answer = article.url.as_ref().and_then(|url| self.answers.get(url));
        let derived = |kind, id, block| {
            WarcRecord::new(kind, &id, date, block)
                .field_if("WARC-Target-URI", article.url.as_ref())
                .field_if("WARC-Refers-To", answer)
        };
        let (json, text): (&[&[u8]], &[&[u8]]) = (&[&json], &[article.text.as_bytes()]);
        let records = [
            derived("metadata", self.ids.next(), json).field("Content-Type", "application/json"),
            derived("conversion", self.ids.next(), text).field("Content-Type", "text/plain; charset=utf-8"),
        ];
        let (path, [.., end]) = self.append(&subject, records)?;
        self.index()?.add(&path, end, &[])?;
        Ok(Some(Place { format: Format::Warc, path, is_own: false }))
    }

    fn flush(&mut self) -> Result<Vec<SinkPosition>, ArchiveError> {
        let positions = self.files.flush()?;
        if let Some(index) = &mut self.index {
            index.save()?;
        }
        Ok(positions)
    }

    fn committed(&mut self) -> Result<(), ArchiveError> {
        self.files.committed()?;
        self.answers.clear();
        let is_due = self.listed.is_none_or(|listed| listed.elapsed() >= LISTS_KEPT);
        if is_due && self.index.is_some() { self.list() } else { Ok(()) }
    }

    fn recover(&mut self, committed: &[SinkPosition]) -> Result<(), ArchiveError> {
        self.answers.clear();
        // What was not saved is not to be.
        self.index = None;
        let root = self.files.root().to_owned();
        self.files.recover(daily_files(&root, FOLDER, &[EXTENSION])?, committed)?;
        let files = daily_files(&root, FOLDER, &[EXTENSION])?;
        if files.is_empty() && !root.join(INDEXES).is_dir() {
            return Ok(());
        }
        let index = self.index()?;
        settle(index, &root, &files)?;
        index.save()?;
        self.drop_lists_without_file(&files)?;
        self.list()
    }

    fn finish(&mut self, _ending: Ending) -> Result<(), ArchiveError> {
        if self.index.is_some() { self.list() } else { Ok(()) }
    }
}

/// The first record of a file: who made it, and how.
fn warcinfo(ids: &mut RecordIds, file: &str, date: Timestamp) -> std::io::Result<Vec<u8>> {
    let fields = format!(
        "software: copydesk/{}\r\nformat: WARC File Format 1.1\r\n\
         conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n",
        env!("CARGO_PKG_VERSION")
    );
    let block: &[&[u8]] = &[fields.as_bytes()];
    let mut packed = Vec::new();
    WarcRecord::new("warcinfo", &ids.next(), date, block)
        .field("WARC-Filename", file.rsplit('/').next().unwrap_or_default())
        .field("Content-Type", "application/warc-fields")
        .pack_into(&mut packed)?;
    Ok(packed)
}

/// Why a block is not whole, in the standard's words.
fn reason(cut: Cut) -> &'static str {
    match cut {
        Cut::Length => "length",
        Cut::Time => "time",
        Cut::Disconnect => "disconnect",
        Cut::Unwanted => "unspecified",
    }
}

/// The CDXJ file of a WARC file.
fn list_of(root: &Path, file: &str) -> PathBuf {
    let name = file.rsplit('/').next().unwrap_or(file);
    root.join(INDEXES).join(format!("{}.cdxj", name.strip_suffix(EXTENSION).unwrap_or(name)))
}

/// Has an index know each file up to its end.
fn settle(index: &mut Index, root: &Path, files: &[String]) -> Result<(), ArchiveError> {
    index.keep_only(files)?;
    for file in files {
        let path = root.join(file);
        let failed = |source| ArchiveError::file("read", &path, source);
        let length = std::fs::metadata(&path).map_err(failed)?.len();
        let known = index.cut(file, length)?;
        if known < length {
            let captures = scan(&path, known, length).map_err(failed)?;
            index.add(file, length, &captures)?;
        }
    }
    Ok(())
}

/// Reads the captures of a file that begin from `from` on. What is no whole record ends the search.
fn scan(path: &Path, from: u64, length: u64) -> std::io::Result<Vec<Capture>> {
    let mut reader = WarcReader::open(path, from, length - from)?;
    let mut captures: Vec<Capture> = Vec::new();
    // The last one's length is known when the next record begins.
    let mut open: Option<Capture> = None;
    loop {
        let head = reader.next_head()?;
        let offset = head.as_ref().map_or(length, |head| head.offset);
        if let Some(mut capture) = open.take() {
            capture.length = offset - capture.offset;
            captures.push(capture);
        }
        let Some(head) = head else { return Ok(captures) };
        if matches!(head.kind(), "response" | "revisit") {
            let block = reader.block(HTTP_HEAD)?;
            open = Capture::read(&head, &block.bytes);
            if let Some(capture) = &mut open {
                capture.offset = offset;
            }
        }
    }
}
