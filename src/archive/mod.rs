//! Articles to disk: JSON lines, CSV, Markdown and text files, Parquet, the summaries of runs.
//!
//! Each format is a [`Sink`]; an [`Archive`] owns the chosen ones. Nothing is promised to be on the disk before
//! [`Archive::flush`], and nothing counts before the caller has committed what that returned: a file that was appended
//! to is cut back to its committed length on the next start ([`Archive::recover`]), an article's own file appears whole or
//! not at all. So whoever reads the archive never meets half a record, and a crash leaves none twice.
//!
//! It decides nothing of an article but where it lies. What reads the archive goes by the [`catalogue`].

mod append;
mod article_files;
pub mod bucket;
pub mod catalogue;
mod compression;
mod csv;
mod encoding;
pub mod epub;
mod error;
pub mod feeds;
mod front_matter;
mod history;
mod jsonl;
pub mod keeping;
mod markdown;
mod names;
mod parquet;
mod pictures;
mod safe_file;
mod series;
mod sinks;
mod skips;
mod text;
mod warc;
mod word_diff;
mod xml;

pub use catalogue::{Catalogue, CatalogueSink};
pub use compression::{Compression, UnknownCompression};
pub use csv::CsvSink;
pub use error::ArchiveError;
pub use history::{Change, Comparison, Told, changes, history, pair};
pub use jsonl::JsonlSink;
pub use markdown::MarkdownSink;
pub use names::{folder_name, slug};
pub use parquet::{Compacted, ParquetSink, compact};
pub use pictures::{PictureShelf, UnknownImages, WhichImages};
pub use sinks::{Archive, ArchiveOptions, Format, UnknownFormat};
pub use skips::Skip;
pub use text::TextSink;
pub use warc::{ArchivedPage, HttpAnswer, WarcBlock, WarcHead, WarcReader, WarcSink, archived_page};
pub use warc::{WaczContent, WaczSelection, write_wacz};
pub use word_diff::{Paragraph, Piece, Side, word_diff};

use crate::model::{Article, Exchange, SinkPosition};
use std::path::Path;

/// Writes a file that appears whole or not at all, in place of the one before it.
///
/// # Errors
/// [`ArchiveError`] where it cannot be written.
pub fn write_whole(path: &Path, content: &[u8]) -> Result<(), ArchiveError> {
    safe_file::replace(path, content)
}

/// Writes a file that appears whole or not at all, in place of the one before it, piece by piece.
///
/// # Errors
/// [`ArchiveError`] where it cannot be written; whatever the callback fails with.
pub fn write_whole_with<T, E: From<ArchiveError>>(
    path: &Path,
    fill: impl FnOnce(&mut std::fs::File) -> Result<T, E>,
) -> Result<T, E> {
    safe_file::replace_with(path, fill)
}

/// One article on its way into the archive.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// The article.
    pub article: &'a Article,
    /// The source that it came from.
    pub source: &'a str,
    /// Where its own file lay so far: what an earlier write returned, be it of this format or of another.
    pub previous: Option<&'a str>,
    /// Where the sinks before this one have put it.
    pub places: &'a [Place],
}

/// Where a copy of an article lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// In which format.
    pub format: Format,
    /// The file, relative to the archive, with `/` between its parts; a folder where the format makes larger files of
    /// smaller ones in time.
    pub path: String,
    /// Whether the file holds this article alone.
    pub is_own: bool,
}

/// What comes after the end of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Another, before long: what is half full may wait.
    Pause,
    /// Nobody knows.
    Last,
}

/// A format in which articles are kept.
pub trait Sink: Send {
    /// Takes an article. Returns where it will lie once it is flushed; nothing where the format has no place for it, as
    /// files of single articles have none for a tombstone.
    ///
    /// # Errors
    /// [`ArchiveError`] where a file cannot be written; nothing of the article is then kept.
    fn write(&mut self, record: &Record<'_>) -> Result<Option<Place>, ArchiveError>;

    /// Whether the format keeps exchanges, so that they are worth taking down.
    fn keeps_exchanges(&self) -> bool {
        false
    }

    /// Takes exchanges of a source. Those that led to an article come before it.
    ///
    /// # Errors
    /// [`ArchiveError`] where a file cannot be written.
    fn write_exchanges(&mut self, source: &str, exchanges: &[Exchange]) -> Result<(), ArchiveError> {
        let _ = (source, exchanges);
        Ok(())
    }

    /// Puts everything taken so far on the disk for good. Returns the lengths of the files that were appended to since
    /// the last commit, to be committed together with what is known of the articles.
    ///
    /// # Errors
    /// [`ArchiveError`] where a file cannot be written. Nothing that was committed is harmed, and what was taken since
    /// may be tried again.
    fn flush(&mut self) -> Result<Vec<SinkPosition>, ArchiveError>;

    /// Says that what [`Sink::flush`] returned was committed.
    ///
    /// # Errors
    /// [`ArchiveError`] where the note of open work cannot be taken away.
    fn committed(&mut self) -> Result<(), ArchiveError> {
        Ok(())
    }

    /// Gives what is committed its last form, where the format has one that cannot be appended to, and brings in order what
    /// readers want beside the files and what need not be right at every moment; for the end of a run. If it dies in
    /// between, it may be called again.
    ///
    /// # Errors
    /// [`ArchiveError`] where a file cannot be read or written. Nothing that was committed is harmed.
    fn finish(&mut self, _ending: Ending) -> Result<(), ArchiveError> {
        Ok(())
    }

    /// The highest sequence number of an article that it holds, where it can tell; 0 otherwise. The next one has to be
    /// higher, whatever the store says.
    ///
    /// # Errors
    /// [`ArchiveError`] where a file cannot be read.
    fn last_seq(&self) -> Result<u64, ArchiveError> {
        Ok(0)
    }

    /// Undoes what was written after the last commit; for the start of a run.
    ///
    /// # Errors
    /// [`ArchiveError`] where a file cannot be read or cut.
    fn recover(&mut self, committed: &[SinkPosition]) -> Result<(), ArchiveError>;
}
