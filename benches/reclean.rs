//! What `reclean` costs against cleaning the same pages by `clean --jsonl`.
//!
//! `cargo bench --bench reclean` makes a web archive of 2 GB (`COPYDESK_BENCH_BYTES`) from the pages of
//! `COPYDESK_BENCH_PAGES` (`*.html`), by default the project's own, each with a number of its own in the title: plain, and
//! packed record by record. It has the program clean both with one worker, and the same pages from files by `clean --jsonl`,
//! and prints pages a second, processor seconds a page and the most memory at any time, of each.
//!
//! With `-- make FILE` it only writes the packed one: `benches/peers/reclean.py` measures another cleaner on it.

#[path = "support/measured.rs"]
mod measured;

use flate2::Compression;
use flate2::write::GzEncoder;
use measured::measure;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Bytes of the plain archive.
const BYTES: u64 = 2_000_000_000;

/// Pages that `clean --jsonl` is given; the figures are by page.
const CLEANED: usize = 20_000;

/// The level of the packed archive, of 1 to 9: that of the `gzip` program.
const LEVEL: u32 = 6;

fn main() {
    let folder = std::env::var_os("COPYDESK_BENCH_PAGES")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pages"), PathBuf::from);
    let mut files = html_files(&folder);
    files.sort();
    assert!(!files.is_empty(), "no *.html in {}", folder.display());
    let templates: Vec<[String; 2]> = files.iter().map(|file| template(file)).collect();
    let bytes = std::env::var("COPYDESK_BENCH_BYTES").ok().and_then(|bytes| bytes.parse().ok()).unwrap_or(BYTES);
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "make") {
        let pages = make(&templates, bytes, Path::new(&arguments[at + 1]), true);
        println!("{pages} pages");
        return;
    }
    let work = tempfile::tempdir().expect("a folder");
    let (plain, packed) = (work.path().join("pages.warc"), work.path().join("pages.warc.gz"));
    let pages = make(&templates, bytes, &plain, false);
    make(&templates, bytes, &packed, true);
    println!("{pages} pages, {} bytes a page", bytes / pages as u64);

    let reclean = |file: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
        command.args(["reclean", "--jobs", "1"]).arg(file).current_dir(work.path());
        measure(command, None)
    };
    let (of_plain, of_packed) = (reclean(&plain), reclean(&packed));
    of_plain.print("reclean .warc", pages);
    of_packed.print("reclean .warc.gz", pages);

    let cleaned = pages.min(CLEANED);
    let mut rows = String::new();
    for number in 0..cleaned {
        let path = work.path().join(format!("{number}.html"));
        fs::write(&path, page(&templates, number)).expect("a page");
        let row = serde_json::json!({ "id": number.to_string(), "url": url(number), "path": path });
        let _ = writeln!(rows, "{row}");
    }
    let mut clean = Command::new(env!("CARGO_BIN_EXE_copydesk"));
    clean.args(["clean", "--jsonl", "--jobs", "1"]).current_dir(work.path());
    let by_clean = measure(clean, Some(rows));
    by_clean.print("clean --jsonl", cleaned);
    let a_page = by_clean.cpu / cleaned as f64;
    for (name, cost) in [("plain", of_plain), ("packed", of_packed)] {
        println!("throughput by processor, {name}: {:.2} of clean --jsonl", a_page / (cost.cpu / pages as f64));
    }
}

/// A page in two halves, between which its number goes.
fn template(file: &Path) -> [String; 2] {
    let text = String::from_utf8_lossy(&fs::read(file).expect("a page")).into_owned();
    let at = text.find("</title>").unwrap_or(0);
    [text[..at].to_owned(), text[at..].to_owned()]
}

fn page(templates: &[[String; 2]], number: usize) -> String {
    let [before, after] = &templates[number % templates.len()];
    format!("{before} {number}{after}")
}

fn url(number: usize) -> String {
    format!("https://outlet{}.example/news/{number}-the-council-votes-on-the-harbour", number % 50)
}

/// Writes an archive of so many bytes, unpacked; how many pages that makes.
fn make(templates: &[[String; 2]], bytes: u64, file: &Path, is_packed: bool) -> usize {
    let mut out = BufWriter::new(File::create(file).expect("a file"));
    let (mut written, mut number) = (0, 0);
    while written < bytes {
        let page = page(templates, number);
        let http = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\r\n",
            page.len()
        );
        let record = format!(
            "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>\r\n\
             WARC-Date: 2026-03-06T08:00:00Z\r\nWARC-Target-URI: {}\r\nContent-Type: application/http; msgtype=response\r\n\
             Content-Length: {}\r\n\r\n{http}{page}\r\n\r\n",
            url(number),
            http.len() + page.len()
        );
        written += record.len() as u64;
        if is_packed {
            let mut member = GzEncoder::new(&mut out, Compression::new(LEVEL));
            member.write_all(record.as_bytes()).and_then(|()| member.try_finish()).expect("space on the disk");
        } else {
            out.write_all(record.as_bytes()).expect("space on the disk");
        }
        number += 1;
    }
    out.flush().expect("space on the disk");
    number
}

fn html_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries
        .flat_map(|path| if path.is_dir() { html_files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|own| own == "html"))
        .collect()
}
