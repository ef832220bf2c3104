//! Which files hold pages, in which order.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

/// A file with pages, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unit {
    /// What it is called in messages; of a file within another, both.
    pub(super) name: String,
    pub(super) path: PathBuf,
    /// Where it begins in the file, in bytes.
    pub(super) start: u64,
    /// How long it is, in bytes.
    pub(super) length: u64,
    pub(super) kind: Kind,
}

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Records of a web archive.
    Warc,
    /// One page, packed by gzip or not.
    Html,
    /// A ZIP file with web archives.
    Wacz,
}

/// The files that inputs stand for: of an archive of ours its WARC files; of another folder all that holds pages, by their
/// names; of a WACZ file the web archives within.
///
/// # Errors
/// What cannot be read or holds no pages.
pub(super) fn find(inputs: &[PathBuf]) -> Result<Vec<Unit>, String> {
    let mut units = Vec::new();
    for input in inputs {
        let before = units.len();
        let about = fs::metadata(input).map_err(|error| unreadable(input, &error))?;
        if about.is_dir() {
            let own = input.join("warc");
            walk(if own.is_dir() { &own } else { input }, &mut units)?;
        } else {
            let kind = match kind_by_name(input) {
                Some(kind) => kind,
                None => kind_by_look(input).map_err(|error| unreadable(input, &error))?,
            };
            add(input, kind, about.len(), &mut units)?;
        }
        if units.len() == before {
            let name = input.display();
            return Err(format!("{name} holds no WARC, WACZ or HTML file; name another"));
        }
    }
    Ok(units)
}

fn walk(folder: &Path, units: &mut Vec<Unit>) -> Result<(), String> {
    let list = || fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>();
    let mut paths = list().map_err(|error| unreadable(folder, &error))?;
    paths.sort();
    for path in paths {
        // A link may lead back to where it stands.
        let about = fs::symlink_metadata(&path).map_err(|error| unreadable(&path, &error))?;
        if about.is_dir() {
            walk(&path, units)?;
        } else if let Some(kind) = kind_by_name(&path) {
            let about = fs::metadata(&path).map_err(|error| unreadable(&path, &error))?;
            if about.is_file() {
                add(&path, kind, about.len(), units)?;
            }
        }
    }
    Ok(())
}

fn add(path: &Path, kind: Kind, length: u64, units: &mut Vec<Unit>) -> Result<(), String> {
    if kind == Kind::Wacz {
        return add_wacz(path, units);
    }
    let name = path.display().to_string();
    units.push(Unit { name, path: path.to_owned(), start: 0, length, kind });
    Ok(())
}

/// Adds the web archives of a WACZ file, which lie in it as they are.
fn add_wacz(path: &Path, units: &mut Vec<Unit>) -> Result<(), String> {
    let name = path.display();
    let damaged =
        |error: zip::result::ZipError| format!("{name} is no WACZ file that can be read: {error}; get it again");
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let mut zip = zip::ZipArchive::new(BufReader::new(file)).map_err(damaged)?;
    for at in 0..zip.len() {
        let entry = zip.by_index_raw(at).map_err(damaged)?;
        let inside = entry.name().map_err(damaged)?.into_owned();
        if !inside.starts_with("archive/") || kind_by_name(Path::new(&inside)) != Some(Kind::Warc) {
            continue;
        }
        let Some(start) = entry.data_start().filter(|_| entry.compression() == zip::CompressionMethod::Stored) else {
            return Err(format!(
                "{name}: {inside} is packed once more, which a WACZ file must not do; take it out by unzip and name it"
            ));
        };
        let (path, length) = (path.to_owned(), entry.size());
        units.push(Unit { name: format!("{name}/{inside}"), path, start, length, kind: Kind::Warc });
    }
    Ok(())
}

fn kind_by_name(path: &Path) -> Option<Kind> {
    let name = path.file_name()?.to_str()?.to_ascii_lowercase();
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    if ends(&[".warc", ".warc.gz", ".warc.zst"]) {
        Some(Kind::Warc)
    } else if ends(&[".wacz"]) {
        Some(Kind::Wacz)
    } else if ends(&[".html", ".htm", ".xhtml", ".html.gz", ".htm.gz"]) {
        Some(Kind::Html)
    } else {
        None
    }
}

/// What a file of another name is: by how it begins.
fn kind_by_look(path: &Path) -> io::Result<Kind> {
    let mut head = Vec::new();
    File::open(path)?.take(5).read_to_end(&mut head)?;
    Ok(match &head[..] {
        [b'P', b'K', 3, 4, ..] => Kind::Wacz,
        b"WARC/" | [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] => Kind::Warc,
        _ => Kind::Html,
    })
}

fn unreadable(path: &Path, error: &io::Error) -> String {
    let name = path.display();
    match error.kind() {
        io::ErrorKind::NotFound => format!("{name}: there is no such file or folder; check the name"),
        io::ErrorKind::PermissionDenied => format!("{name}: it may not be read; check its permissions"),
        _ => format!("{name}: it cannot be read ({error}); check the file and its disk"),
    }
}
