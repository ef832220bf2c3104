//! The catalogue made anew of the files alone.

use super::super::catalogue::{FILE, Rebuild};
use super::super::{ArchiveError, Format, names, safe_file};
use super::holdings::{Found, Holdings};
use super::verify::Fault;
use crate::model::SinkPosition;
use std::path::Path;

/// What a repair came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Repaired {
    /// Versions in the new catalogue.
    pub versions: u64,
    /// Where the copies of them lie.
    pub places: u64,
    /// What could not be read, and is not in the new catalogue.
    pub faults: Vec<Fault>,
}

/// Makes the catalogue anew of the records in the archive's files, JSON lines first. It takes the place of the old one,
/// if there is one, in one step. No crawl may go on beside it. `positions` are the committed lengths of the files;
/// `sources` the names of the sources, which in folder names may have lost a character.
///
/// # Errors
/// [`ArchiveError`] where a file cannot be read or the catalogue not be written; the old one is then as it was.
pub fn repair(root: &Path, positions: &[SinkPosition], sources: &[String]) -> Result<Repaired, ArchiveError> {
    let path = root.join(FILE);
    let part = safe_file::part_of(&path);
    let mut rebuild = Rebuild::begin(&part)?;
    let holdings = Holdings::new(root, positions);
    let named = |folder: &str| {
        let source = sources.iter().find(|source| names::folder_name(source) == folder);
        source.map_or_else(|| folder.to_owned(), Clone::clone)
    };
    let mut repaired = Repaired::default();
    // First the formats that have whole records, then those that only say where a copy lies.
    for format in [Format::Jsonl, Format::Warc, Format::Parquet, Format::Csv, Format::Markdown, Format::Text] {
        holdings.each(format, &mut |found| {
            match found {
                Found::Fault(fault) => repaired.faults.push(fault),
                Found::Holding(holding) => {
                    if let Some(article) = &holding.article {
                        rebuild.add(&named(holding.source), article)?;
                    }
                    rebuild.add_place(&holding.id, holding.seq, format, holding.path)?;
                }
            }
            Ok(())
        })?;
    }
    (repaired.versions, repaired.places) = rebuild.finish(&path)?;
    Ok(repaired)
}
