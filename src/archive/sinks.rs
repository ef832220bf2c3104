//! The archive: the chosen sinks under one folder, and the summaries of runs.

use super::skips::SkipLog;
use super::{
    ArchiveError, CatalogueSink, Compression, CsvSink, Ending, JsonlSink, MarkdownSink, ParquetSink, PictureShelf,
    Record, Sink, Skip, TextSink, WarcSink, WhichImages, names, safe_file,
};
use crate::model::{Article, Exchange, SinkPosition};
use serde::Serialize;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// A format in which articles are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Format {
    /// One record a line.
    Jsonl,
    /// One file an article, with its metadata in front.
    Markdown,
    /// One file an article, with nothing but its words.
    Text,
    /// One article a row.
    Csv,
    /// Columns, in folders by source and day.
    Parquet,
    /// Every exchange as it went over the wire, with the articles that came of them.
    Warc,
    /// Every version in one file, with a full-text index. The last, because it says where the others have put an article.
    Catalogue,
}

impl Format {
    /// All, by the names that they have in the configuration.
    const NAMES: [(&'static str, Self); 7] = [
        ("jsonl", Self::Jsonl),
        ("markdown", Self::Markdown),
        ("text", Self::Text),
        ("csv", Self::Csv),
        ("parquet", Self::Parquet),
        ("warc", Self::Warc),
        ("catalogue", Self::Catalogue),
    ];
}

/// A word that names no format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no archive format; choose from {names}", names = Format::NAMES.map(|(name, _)| name).join(", "))]
pub struct UnknownFormat(String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        let word = text.trim().to_ascii_lowercase();
        let name = match word.as_str() {
            "md" => "markdown",
            "txt" => "text",
            "catalog" => "catalogue",
            name => name,
        };
        let known = Self::NAMES.into_iter().find(|(known, _)| *known == name);
        known.map(|(_, format)| format).ok_or_else(|| UnknownFormat(text.to_owned()))
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::NAMES.iter().find(|(_, format)| format == self).map_or("", |(name, _)| name))
    }
}

/// Where the archive lies and what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveOptions {
    /// Its folder; made if missing.
    pub path: PathBuf,
    /// The formats, each at most once.
    pub formats: Vec<Format>,
    /// How the JSON lines are packed.
    pub compression: Compression,
    /// Bytes from which on a file that is appended to gets no more records, and another part of the day begins; `None`
    /// for one file a day, whatever its size.
    pub rotate_size: Option<u64>,
    /// Which pictures are kept beside the Markdown files.
    pub images: WhichImages,
}

impl Default for ArchiveOptions {
    fn default() -> Self {
        Self {
            path: PathBuf::from("archive"),
            formats: vec![Format::Jsonl, Format::Markdown, Format::Catalogue],
            compression: Compression::None,
            rotate_size: None,
            images: WhichImages::No,
        }
    }
}

/// The chosen sinks under one folder.
pub struct Archive {
    path: PathBuf,
    sinks: Vec<Box<dyn Sink>>,
    skips: SkipLog,
    pictures: Option<PictureShelf>,
}

impl fmt::Debug for Archive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Archive").field("path", &self.path).field("sinks", &self.sinks.len()).finish_non_exhaustive()
    }
}

impl Archive {
    /// Opens an archive, or makes its folder.
    ///
    /// # Errors
    /// [`ArchiveError::File`] where the folder cannot be made or written to.
    pub fn open(options: &ArchiveOptions) -> Result<Self, ArchiveError> {
        let mut formats = options.formats.clone();
        formats.sort_unstable();
        formats.dedup();
        let sinks = formats.into_iter().map(|format| -> Result<Box<dyn Sink>, ArchiveError> {
            Ok(match format {
                Format::Jsonl => {
                    Box::new(JsonlSink::new(&options.path).compressed(options.compression).rotated(options.rotate_size))
                }
                Format::Markdown => Box::new(MarkdownSink::new(&options.path)),
                Format::Text => Box::new(TextSink::new(&options.path)),
                Format::Csv => Box::new(CsvSink::new(&options.path).rotated(options.rotate_size)),
                Format::Parquet => Box::new(ParquetSink::new(&options.path).rotated(options.rotate_size)),
                Format::Warc => Box::new(WarcSink::new(&options.path).rotated(options.rotate_size)),
                Format::Catalogue => Box::new(CatalogueSink::open(&options.path)?),
            })
        });
        // An archive that cannot be written to is found out before anything is fetched for it.
        safe_file::make_folder(&options.path.join(RUNS))?;
        let mut archive = Self::with_sinks(options.path.clone(), sinks.collect::<Result<_, _>>()?);
        if options.formats.contains(&Format::Markdown) {
            archive.pictures = PictureShelf::new(&options.path, options.images);
        }
        Ok(archive)
    }

    /// An archive over sinks of the caller's own.
    #[must_use]
    pub fn with_sinks(path: PathBuf, sinks: Vec<Box<dyn Sink>>) -> Self {
        let skips = SkipLog::new(&path);
        Self { path, sinks, skips, pictures: None }
    }

    /// The archive's folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Undoes what an earlier run wrote after its last commit. To be called before the first write.
    ///
    /// # Errors
    /// [`ArchiveError`] where a file cannot be read or cut.
    pub fn recover(&mut self, committed: &[SinkPosition]) -> Result<(), ArchiveError> {
        self.skips.recover(committed)?;
        self.sinks.iter_mut().try_for_each(|sink| sink.recover(committed))
    }

    /// Whether exchanges are kept, so that they are worth taking down.
    #[must_use]
    pub fn keeps_exchanges(&self) -> bool {
        self.sinks.iter().any(|sink| sink.keeps_exchanges())
    }

    /// Where the pictures of articles are put, where they are kept. They are put there before their article is written.
    #[must_use]
    pub fn pictures(&self) -> Option<PictureShelf> {
        self.pictures.clone()
    }

    /// Takes exchanges of a source. Those that led to an article come before it.
    ///
    /// # Errors
    /// [`ArchiveError`] where a file cannot be written.
    pub fn write_exchanges(&mut self, source: &str, exchanges: &[Exchange]) -> Result<(), ArchiveError> {
        self.sinks.iter_mut().try_for_each(|sink| sink.write_exchanges(source, exchanges))
    }

    /// The highest sequence number of an article that it holds, as far as its sinks can tell.
    ///
    /// # Errors
    /// [`ArchiveError`] where a file cannot be read.
    pub fn last_seq(&self) -> Result<u64, ArchiveError> {
        self.sinks.iter().try_fold(0, |last, sink| Ok(last.max(sink.last_seq()?)))
    }

    /// Takes an article. `previous` is where its own file lay so far; where that is now comes back.
    ///
    /// # Errors
    /// [`ArchiveError`] where a file cannot be written.
    pub fn write(
        &mut self,
        article: &Article,
        source: &str,
        previous: Option<&str>,
    ) -> Result<Option<String>, ArchiveError> {
        let mut places = Vec::with_capacity(self.sinks.len());
        for sink in &mut self.sinks {
            places.extend(sink.write(&Record { article, source, previous, places: &places })?);
        }
        // One is enough to tell where the others' are.
        Ok(places.into_iter().find(|place| place.is_own).map(|place| place.path))
    }

    /// Puts everything taken so far on the disk for good. Returns what is to be committed.
    ///
    /// # Errors
    /// [`ArchiveError`] where a file cannot be written; the call may be repeated.
    pub fn flush(&mut self) -> Result<Vec<SinkPosition>, ArchiveError> {
        let mut positions = self.skips.flush()?;
        for sink in &mut self.sinks {
            positions.extend(sink.flush()?);
        }
        Ok(positions)
    }

    /// Says that what [`Archive::flush`] returned was committed.
    ///
    /// # Errors
    /// [`ArchiveError`] where a note of open work cannot be taken away.
    pub fn committed(&mut self) -> Result<(), ArchiveError> {
        self.skips.committed()?;
        self.sinks.iter_mut().try_for_each(|sink| sink.committed())
    }

    /// Gives what is committed its last form, and brings in order what readers want beside it; for the end of a run, after
    /// its last commit.
    ///
    /// # Errors
    /// [`ArchiveError`] where a file cannot be read or written; the call may be repeated.
    pub fn finish(&mut self, ending: Ending) -> Result<(), ArchiveError> {
        self.sinks.iter_mut().try_for_each(|sink| sink.finish(ending))
    }

    /// Notes addresses that were left out, in `skipped.jsonl`; on the disk and to be committed with the next flush.
    ///
    /// # Errors
    /// [`ArchiveError`] where it cannot be written.
    pub fn note_skips(&mut self, skips: &[Skip]) -> Result<(), ArchiveError> {
        self.skips.append(skips)
    }

    /// Writes the summary of a run, `runs/<run id>.json`. Returns its path.
    ///
    /// # Errors
    /// [`ArchiveError`] where it cannot be written.
    pub fn write_run(&self, id: &str, summary: &impl Serialize) -> Result<PathBuf, ArchiveError> {
        let path = self.path.join(RUNS).join(format!("{}.json", names::folder_name(id)));
        let mut json =
            serde_json::to_vec_pretty(summary).map_err(|source| ArchiveError::Encode { path: path.clone(), source })?;
        json.push(b'\n');
        safe_file::replace(&path, &json)?;
        Ok(path)
    }
}

/// The folder of the summaries.
const RUNS: &str = "runs";
