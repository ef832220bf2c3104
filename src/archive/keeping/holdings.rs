//! What the files of an archive hold, read from the files alone.

use super::super::warc::{WarcReader, block_digest};
use super::super::{ArchiveError, Format, append, parquet, series};
use super::verify::Fault;
use crate::model::{Article, SinkPosition, content_hash};
use flate2::bufread::MultiGzDecoder;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// Bytes of a WARC block that are read at the most, to check its digest: more than any page that a crawl takes.
const WARC_BLOCK: u64 = 1024 * 1024 * 1024;

/// Bytes of the head of a file of one article in which its metadata is looked for.
const HEAD: u64 = 256 * 1024;

/// A copy of a version, as a file has it.
#[derive(Debug)]
pub(super) struct Holding<'a> {
    /// Relative to the archive.
    pub(super) path: &'a str,
    /// The source, as its folder is named; empty where the folder is not a source's.
    pub(super) source: &'a str,
    pub(super) id: String,
    /// `None` where the format does not say.
    pub(super) seq: Option<u64>,
    /// The record, where the file has it whole.
    pub(super) article: Option<Article>,
}

/// What a file gave.
pub(super) enum Found<'a> {
    Holding(Box<Holding<'a>>),
    Fault(Fault),
}

/// The formats whose files can be read back.
pub(super) const READ: [Format; 6] =
    [Format::Jsonl, Format::Csv, Format::Markdown, Format::Text, Format::Warc, Format::Parquet];

/// Which files to read, and how far.
pub(super) struct Holdings<'a> {
    root: &'a Path,
    /// The committed lengths: what stands behind them is of a run that goes on or has died.
    lengths: HashMap<&'a str, u64>,
}

impl<'a> Holdings<'a> {
    pub(super) fn new(root: &'a Path, positions: &'a [SinkPosition]) -> Self {
        let lengths = positions.iter().map(|position| (position.path.as_str(), position.length)).collect();
        Self { root, lengths }
    }

    /// Calls back for each copy in the files of a format. Says how many files there are, and their bytes.
    pub(super) fn each(
        &self,
        format: Format,
        found: &mut dyn FnMut(Found<'_>) -> Result<(), ArchiveError>,
    ) -> Result<(u64, u64), ArchiveError> {
        let files = files_of(self.root, format)?;
        let mut bytes = 0;
        for file in &files {
            let path = self.root.join(file);
            let length = std::fs::metadata(&path).map_err(|source| ArchiveError::file("read", &path, source))?.len();
            bytes += length;
            let committed = self.lengths.get(file.as_str()).copied();
            if let Some(committed) = committed.filter(|committed| *committed > length) {
                let problem = format!("has {length} bytes, and {committed} were saved: a part of it is lost");
                found(Found::Fault(Fault::new(file, problem)))?;
            }
            let reading = Reading { file, path: &path, limit: committed.unwrap_or(length), format };
            match format {
                Format::Jsonl => reading.lines(found)?,
                Format::Csv => reading.rows(found)?,
                Format::Markdown | Format::Text => reading.article_file(found)?,
                Format::Warc => reading.warc(found)?,
                Format::Parquet => reading.columns(found)?,
                _ => {}
            }
        }
        Ok((files.len() as u64, bytes))
    }
}

/// The files of a format, relative to the archive, in the order of their names.
pub(super) fn files_of(root: &Path, format: Format) -> Result<Vec<String>, ArchiveError> {
    let mut files = match format {
        Format::Jsonl => series::daily_files(root, "jsonl", &[".jsonl", ".jsonl.gz", ".jsonl.zst"])?,
        Format::Csv => series::daily_files(root, "csv", &[".csv"])?,
        Format::Warc => series::daily_files(root, "warc", &[".warc.gz"])?,
        Format::Markdown => under(root, "markdown", ".md")?,
        Format::Text => under(root, "text", ".txt")?,
        Format::Parquet => {
            let mut files = under(root, "parquet", ".parquet")?;
            files.extend(under(root, "parquet", ".jsonl")?);
            files
        }
        _ => Vec::new(),
    };
    files.retain(|file| !file.rsplit('/').next().unwrap_or_default().starts_with('.'));
    files.sort();
    Ok(files)
}

fn under(root: &Path, folder: &str, extension: &str) -> Result<Vec<String>, ArchiveError> {
    let mut files = Vec::new();
    let mut folders = vec![(root.join(folder), folder.to_owned())];
    while let Some((folder, relative)) = folders.pop() {
        for path in series::entries(&folder)? {
            let Some(name) = append::file_name(&path) else { continue };
            let relative = format!("{relative}/{name}");
            if path.is_dir() {
                folders.push((path, relative));
            } else if name.ends_with(extension) {
                files.push(relative);
            }
        }
    }
    Ok(files)
}

/// A file of JSON lines, unpacked, up to a length as it is on the disk.
pub(super) fn unpacked(path: &Path, limit: u64) -> io::Result<Box<dyn BufRead>> {
    let file = BufReader::new(File::open(path)?.take(limit));
    Ok(match path.extension().and_then(|extension| extension.to_str()) {
        Some("gz") => Box::new(BufReader::new(MultiGzDecoder::new(file))),
        Some("zst") => Box::new(BufReader::new(zstd::stream::read::Decoder::with_buffer(file)?)),
        _ => Box::new(file),
    })
}

/// A file that is being read.
struct Reading<'a> {
    file: &'a str,
    path: &'a PathBuf,
    limit: u64,
    format: Format,
}

type Callback<'c> = &'c mut dyn FnMut(Found<'_>) -> Result<(), ArchiveError>;

impl Reading<'_> {
    fn fault(&self, problem: String, found: Callback<'_>) -> Result<(), ArchiveError> {
        found(Found::Fault(Fault::new(self.file, problem)))
    }

    fn holding(
        &self,
        id: String,
        seq: Option<u64>,
        article: Option<Article>,
        found: Callback<'_>,
    ) -> Result<(), ArchiveError> {
        let source = self.file.split('/').nth(1).unwrap_or_default();
        found(Found::Holding(Box::new(Holding { path: self.file, source, id, seq, article })))
    }

    fn record(&self, json: &[u8], place: &str, found: Callback<'_>) -> Result<(), ArchiveError> {
        match serde_json::from_slice::<Article>(json) {
            Ok(article) => self.holding(article.id.clone(), Some(article.seq), Some(article), found),
            Err(error) => self.fault(format!("{place} is no record: {error}"), found),
        }
    }

    fn lines(&self, found: Callback<'_>) -> Result<(), ArchiveError> {
        let mut reader = match unpacked(self.path, self.limit) {
            Ok(reader) => reader,
            Err(error) => return self.fault(format!("cannot be unpacked: {error}"), found),
        };
        let mut line = Vec::new();
        for number in 1_u64.. {
            line.clear();
            match reader.read_until(b'\n', &mut line) {
                Ok(0) => break,
                Ok(_) if line.ends_with(b"\n") => self.record(&line, &format!("line {number}"), found)?,
                Ok(_) => self.fault(format!("line {number} has no end"), found)?,
                // What a packed file holds is known by its checksums.
                Err(error) => return self.fault(format!("cannot be read from line {number} on: {error}"), found),
            }
        }
        Ok(())
    }

    fn rows(&self, found: Callback<'_>) -> Result<(), ArchiveError> {
        let opened = File::open(self.path).map_err(|source| ArchiveError::file("read", self.path, source))?;
        let mut rows = csv::ReaderBuilder::new().from_reader(BufReader::new(opened.take(self.limit)));
        let columns = match rows.headers() {
            Ok(columns) => columns.clone(),
            Err(error) => return self.fault(format!("has no line of column names: {error}"), found),
        };
        let column = |name: &str| columns.iter().position(|column| column == name);
        let (Some(id), Some(seq)) = (column("id"), column("seq")) else {
            return self.fault("has no columns \"id\" and \"seq\"".to_owned(), found);
        };
        for row in rows.records() {
            match row {
                Ok(row) => {
                    let id = row.get(id).unwrap_or_default().to_owned();
                    self.holding(id, row.get(seq).and_then(|seq| seq.parse().ok()), None, found)?;
                }
                Err(error) => self.fault(format!("has a row that cannot be read: {error}"), found)?,
            }
        }
        Ok(())
    }

    /// Markdown says its number in its metadata; plain text has its id in the file's name alone.
    fn article_file(&self, found: Callback<'_>) -> Result<(), ArchiveError> {
        let name = self.file.rsplit('/').next().unwrap_or_default();
        let id = name.rsplit_once('.').and_then(|(stem, _)| stem.rsplit_once('-')).map(|(_, id)| id.to_owned());
        let Some(id) = id else {
            return self.fault("has no id in its name".to_owned(), found);
        };
        let mut head = Vec::new();
        let read = File::open(self.path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
        if let Err(source) = read {
            return Err(ArchiveError::file("read", self.path, source));
        }
        if self.format == Format::Text {
            return self.holding(id, None, None, found);
        }
        let head = String::from_utf8_lossy(&head);
        let number = head
            .strip_prefix("---\n")
            .and_then(|head| head.split("\n---\n").next())
            .and_then(|fields| fields.lines().find_map(|line| line.strip_prefix("seq: ")?.trim().parse().ok()));
        match number {
            Some(seq) => self.holding(id, Some(seq), None, found),
            None => self.fault("has no metadata with a \"seq\" at its head".to_owned(), found),
        }
    }

    fn columns(&self, found: Callback<'_>) -> Result<(), ArchiveError> {
        // Rows wait as lines before they become columns.
        if self.path.extension().is_some_and(|extension| extension == "jsonl") {
            return self.lines(found);
        }
        parquet::each_row(self.path, |row| match row {
            Ok(row) => {
                let is_whole =
                    row.content_hash.is_empty() || content_hash(&row.text.to_lowercase()) == row.content_hash;
                if !is_whole {
                    let problem = format!("the text of the version {} is not what its content_hash says", row.seq);
                    self.fault(problem, found)?;
                }
                self.holding(row.id, Some(row.seq), None, found)
            }
            Err(problem) => self.fault(problem, found),
        })
    }

    fn warc(&self, found: Callback<'_>) -> Result<(), ArchiveError> {
        let failed = |source| ArchiveError::file("read", self.path, source);
        let file = BufReader::new(File::open(self.path).map_err(failed)?.take(self.limit));
        let mut reader = WarcReader::new(Box::new(file)).map_err(failed)?;
        while let Some(head) = reader.next_head().map_err(failed)? {
            let block = reader.block(WARC_BLOCK).map_err(failed)?;
            let place = format!("the record at byte {}", head.offset);
            let digest = head.get("WARC-Block-Digest").unwrap_or_default();
            if block.is_cut {
                self.fault(format!("{place} is cut off"), found)?;
            } else if digest != block_digest(&block.bytes) {
                self.fault(format!("{place} is not what its digest says"), found)?;
            } else if head.kind() == "metadata" && head.get("Content-Type") == Some("application/json") {
                self.record(&block.bytes, &place, found)?;
            }
        }
        if reader.damage() > 0 {
            self.fault(format!("is damaged in {} places", reader.damage()), found)?;
        }
        Ok(())
    }
}
