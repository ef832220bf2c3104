//! Takes the pages out of files, one after the other.

use super::changed::Known;
use super::inputs::{Kind, Unit};
use crate::archive::{WarcHead, WarcReader};
use crate::cli::clean::read_file;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::io;

/// Bytes of a page at the most, as it is archived and with its codings undone; the crawler's own limit.
pub(super) const MAX_PAGE: u64 = 16 * 1024 * 1024;

/// Where a page stands, so that the reading can go on behind it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    /// The number of its file.
    pub(super) unit: usize,
    /// As [`WarcHead::offset`] has it.
    pub(super) offset: u64,
    /// As [`WarcHead::index`] has it.
    pub(super) index: u64,
}

/// A page, not cleaned.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) place: Place,
    /// Its address, where that is known.
    pub(super) url: Option<String>,
    pub(super) fetched: Option<Timestamp>,
    /// An HTTP answer, or the page alone.
    pub(super) bytes: Vec<u8>,
    pub(super) is_answer: bool,
    /// What the archive has of it, where that is asked for.
    pub(super) known: Option<Known>,
}

/// What is told while files are read.
pub(super) trait Listener {
    /// Takes a page; whether another is wanted.
    fn page(&mut self, page: Page) -> bool;
    /// So many bytes of all files have been read.
    fn read(&mut self, bytes: u64);
    /// Something is wrong with a file; whether the rest of it was not read.
    fn problem(&mut self, problem: String, is_missing: bool);
}

/// Reads files from behind a place on.
pub(super) fn read(units: &[Unit], behind: Option<Place>, only_changed: bool, listener: &mut impl Listener) {
    let mut before: u64 = 0;
    let mut known = KnownAhead::default();
    for (number, unit) in units.iter().enumerate() {
        let done = behind.filter(|place| place.unit >= number);
        if done.is_none_or(|place| place.unit == number) {
            let goes_on = if unit.kind == Kind::Html {
                done.is_some() || only_changed || one_page(unit, number, listener)
            } else {
                if only_changed {
                    known.move_to(number, units, listener);
                }
                warc(unit, number, done, before, only_changed.then_some(&known), listener)
            };
            if !goes_on {
                return;
            }
        }
        before += unit.length;
        listener.read(before);
    }
}

fn one_page(unit: &Unit, number: usize, listener: &mut impl Listener) -> bool {
    match read_file(&unit.path) {
        Ok(bytes) => {
            let place = Place { unit: number, ..Place::default() };
            listener.page(Page { place, url: None, fetched: None, bytes, is_answer: false, known: None })
        }
        Err(problem) => {
            listener.problem(problem, true);
            true
        }
    }
}

/// Reads a web archive; whether more is wanted.
fn warc(
    unit: &Unit,
    number: usize,
    done: Option<Place>,
    before: u64,
    known: Option<&KnownAhead>,
    listener: &mut impl Listener,
) -> bool {
    let from = done.map_or(unit.start, |place| place.offset);
    let length = (unit.start + unit.length).saturating_sub(from);
    let mut work = || -> io::Result<bool> {
        let mut reader = WarcReader::open(&unit.path, from, length)?;
        while let Some(head) = reader.next_head()? {
            let place = Place { unit: number, offset: head.offset, index: head.index };
            if done.is_some_and(|done| (place.offset, place.index) <= (done.offset, done.index)) {
                continue;
            }
            listener.read(before + reader.offset().saturating_sub(unit.start));
            let is_answer = head.kind() == "response";
            if !(is_answer || head.kind() == "resource" && is_html(&head)) || head.length > MAX_PAGE {
                continue;
            }
            let known = match known {
                None => None,
                Some(known) => match head.get("warc-record-id").and_then(|id| known.get(id)) {
                    Some(known) => Some(known),
                    None => continue,
                },
            };
            let bytes = reader.block(MAX_PAGE)?.bytes;
            if is_answer && !is_page(&bytes) {
                continue;
            }
            let url = head.target().map(str::to_owned);
            let fetched = head.get("warc-date").and_then(|date| date.parse().ok());
            if !listener.page(Page { place, url, fetched, bytes, is_answer, known }) {
                return Ok(false);
            }
        }
        if reader.damage() > 0 {
            let (name, places) = (&unit.name, reader.damage());
            let noun = if places == 1 { "place" } else { "places" };
            listener.problem(format!("{name}: damaged in {places} {noun}; what is whole was read"), false);
        }
        Ok(true)
    };
    work().unwrap_or_else(|error| {
        let name = &unit.name;
        let problem =
            format!("{name}: it cannot be read on ({error}); check the disk; the rest of the file is missing");
        listener.problem(problem, true);
        true
    })
}

fn is_html(head: &WarcHead) -> bool {
    head.get("content-type").is_some_and(is_html_type)
}

/// Whether an answer may be a page, by its head alone, which is looked at without taking it apart: most of a crawl is not.
fn is_page(block: &[u8]) -> bool {
    let end = memchr::memmem::find(block, b"\r\n\r\n").unwrap_or(block.len());
    let head = String::from_utf8_lossy(&block[..end]);
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split_ascii_whitespace().nth(1));
    let kind = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("content-type").then_some(value)
    });
    status.is_some_and(|status| status.len() == 3 && status.starts_with('2'))
        && kind.is_none_or(|kind| kind.trim().is_empty() || is_html_type(kind))
}

fn is_html_type(kind: &str) -> bool {
    let essence = kind.split([';', ',']).next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(essence.as_str(), "text/html" | "application/xhtml+xml" | "application/xhtml" | "text/xhtml")
}

/// What the present file and the next one have of articles, by the names of the answers that these came of. An article
/// stands behind its answer, and be it in the next file.
#[derive(Default)]
struct KnownAhead {
    files: HashMap<usize, HashMap<String, Known>>,
}

impl KnownAhead {
    fn move_to(&mut self, number: usize, units: &[Unit], listener: &mut impl Listener) {
        self.files.retain(|file, _| *file >= number);
        for (at, unit) in units.iter().enumerate().skip(number).take(2) {
            if unit.kind == Kind::Warc && !self.files.contains_key(&at) {
                let known = articles(unit).unwrap_or_else(|error| {
                    listener.problem(format!("{}: it cannot be read ({error}); check the disk", unit.name), true);
                    HashMap::new()
                });
                self.files.insert(at, known);
            }
        }
    }

    fn get(&self, answer: &str) -> Option<Known> {
        self.files.values().find_map(|known| known.get(answer)).cloned()
    }
}

/// The articles of a web archive of ours.
fn articles(unit: &Unit) -> io::Result<HashMap<String, Known>> {
    let mut known = HashMap::new();
    let mut reader = WarcReader::open(&unit.path, unit.start, unit.length)?;
    while let Some(head) = reader.next_head()? {
        if head.kind() == "metadata"
            && let Some(answer) = head.get("warc-refers-to").map(str::to_owned)
            && let Some(article) = Known::read(&reader.block(MAX_PAGE)?.bytes)
        {
            known.insert(answer, article);
        }
    }
    Ok(known)
}
