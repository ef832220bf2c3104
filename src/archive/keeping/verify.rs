//! Whether files and catalogue agree, in both directions, and every digest with what it is of.

use super::super::catalogue::Catalogue;
use super::super::{ArchiveError, Format};
use super::holdings::{Found, Holding, Holdings, READ};
use super::pictures;
use crate::model::{SinkPosition, content_hash};
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

/// Faults that are told one by one; of the rest the number.
const TOLD: usize = 1000;

/// What pictures beside Markdown files are called among the formats.
const PICTURES: &str = "pictures";

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The file, relative to the archive.
    pub path: String,
    /// What is wrong.
    pub problem: String,
}

impl Fault {
    /// Something wrong with a file, by its path relative to the archive.
    #[must_use]
    pub fn new(path: &str, problem: String) -> Self {
        Self { path: path.to_owned(), problem }
    }
}

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Versions in the catalogue.
    pub versions: u64,
    /// By format, the files, their bytes, and the copies in them.
    pub formats: BTreeMap<String, Checked>,
    /// What is wrong; the first thousand.
    pub faults: Vec<Fault>,
    /// How many faults there are.
    pub fault_count: u64,
}

/// What was checked of a format.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Copies of versions in them.
    pub copies: u64,
}

impl Verified {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.fault_count == 0
    }

    /// Adds what is wrong.
    pub fn add(&mut self, fault: Fault) {
        self.fault_count += 1;
        if self.faults.len() < TOLD {
            self.faults.push(fault);
        }
    }
}

/// Reads every file of an archive and compares it with the catalogue. `positions` are the committed lengths of the files,
/// by the store. A crawl may go on beside it.
///
/// # Errors
/// [`ArchiveError`] where there is no catalogue, or a file cannot be read. What is wrong in them is no error.
pub fn verify(root: &Path, positions: &[SinkPosition]) -> Result<Verified, ArchiveError> {
    let catalogue = Catalogue::open(root)?;
    let end = catalogue.last_seq()?;
    let mut verified = Verified { versions: catalogue.counts()?.versions, ..Verified::default() };
    let holdings = Holdings::new(root, positions);
    let mut seen: HashSet<(Format, u64)> = HashSet::new();
    let mut own: HashSet<(Format, String)> = HashSet::new();
    for format in READ {
        let mut copies = 0;
        let (files, bytes) = holdings.each(format, &mut |found| {
            match found {
                Found::Fault(fault) => verified.add(fault),
                Found::Holding(holding) => {
                    copies += 1;
                    if format == Format::Markdown {
                        for name in pictures::missing(&root.join(holding.path))? {
                            verified.add(Fault::new(
                                holding.path,
                                format!("links to the picture {name}, which is not there"),
                            ));
                        }
                    }
                    if let Some(problem) = problem_of(&catalogue, &holding, end)? {
                        verified.add(Fault::new(holding.path, problem));
                    }
                    match holding.seq {
                        Some(seq) if !seen.insert((format, seq)) => {
                            verified.add(Fault::new(holding.path, format!("holds the version {seq} once more")));
                        }
                        Some(_) => {}
                        None => drop(own.insert((format, holding.path.to_owned()))),
                    }
                }
            }
            Ok(())
        })?;
        if files > 0 {
            verified.formats.insert(format.to_string(), Checked { files, bytes, copies });
        }
    }
    let pictures = pictures::check(root, &mut |fault| verified.add(fault))?;
    if pictures.files > 0 {
        verified.formats.insert(PICTURES.to_owned(), pictures);
    }
    // The other way: what the catalogue says is there.
    catalogue.each_place(end, |place| {
        let Some(format) = READ.into_iter().find(|format| format.to_string() == place.format) else { return Ok(()) };
        let is_there = match format {
            // Of an article's own files only that of the last version is there.
            Format::Text => !place.is_last || own.contains(&(format, place.path.clone())),
            Format::Markdown => !place.is_last || seen.contains(&(format, place.seq)),
            _ => seen.contains(&(format, place.seq)),
        };
        if !is_there {
            let problem = format!("does not hold the version {} of the article {}", place.seq, place.id);
            verified.add(Fault::new(&place.path, problem));
        }
        Ok(())
    })?;
    Ok(verified)
}

/// What is wrong with a copy, if anything.
fn problem_of(catalogue: &Catalogue, holding: &Holding<'_>, end: u64) -> Result<Option<String>, ArchiveError> {
    let Some(seq) = holding.seq else {
        let is_known = !catalogue.history(&holding.id)?.is_empty();
        return Ok((!is_known).then(|| format!("holds the article {}, which the catalogue does not have", holding.id)));
    };
    if seq > end {
        return Ok(None);
    }
    let Some(version) = catalogue.version(seq)? else {
        return Ok(Some(format!("holds the version {seq} of {}, which the catalogue does not have", holding.id)));
    };
    if version.article.id != holding.id {
        let other = version.article.id;
        return Ok(Some(format!("holds {} as the version {seq}, which in the catalogue is {other}", holding.id)));
    }
    let Some(article) = &holding.article else { return Ok(None) };
    if *article != version.article {
        return Ok(Some(format!("holds another record as the version {seq} than the catalogue")));
    }
    let is_whole = article.tombstone.is_some() || content_hash(&article.text.to_lowercase()) == article.content_hash;
    Ok((!is_whole).then(|| format!("the text of the version {seq} is not what its content_hash says")))
}
