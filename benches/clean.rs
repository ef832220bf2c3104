//! What cleaning costs against the bare parse, all in one process, on one thread, in interleaved rounds.
//!
//! `cargo bench --bench clean` measures the project's own pages; `COPYDESK_BENCH_PAGES=FOLDER cargo bench --bench clean`
//! those of a folder (`*.html`, also one level down). Machines are noisy: quote the ratios.

use copydesk::extract::{Engine, Input, Options, clean};
use copydesk::markup;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Rounds over all pages; the median of each page's rounds counts.
const ROUNDS: usize = 7;

fn main() {
    let folder = std::env::var_os("COPYDESK_BENCH_PAGES")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pages"), PathBuf::from);
    let pages = pages(&folder);
    assert!(!pages.is_empty(), "no *.html in {}", folder.display());
    let contestants: [(&str, Run); 5] = [
        ("scraper::Html::parse_document", |page| {
            black_box(scraper::Html::parse_document(&page.text));
        }),
        ("markup::parse (guarded tree)", |page| {
            black_box(markup::parse(&page.text));
        }),
        ("markup::decode + parse", |page| {
            black_box(markup::parse(&markup::decode(&page.bytes, None).text));
        }),
        ("extract::clean (bytes to record)", |page| {
            let _ = black_box(clean(&Input { bytes: &page.bytes, ..Input::default() }, &Options::default()));
        }),
        ("extract::clean, readability crate", |page| {
            let options = Options { engine: Engine::Readability, ..Options::default() };
            let _ = black_box(clean(&Input { bytes: &page.bytes, ..Input::default() }, &options));
        }),
    ];
    let mut times = vec![vec![Vec::with_capacity(ROUNDS); pages.len()]; contestants.len()];
    for _ in 0..ROUNDS {
        for (index, page) in pages.iter().enumerate() {
            for (contestant, (_, run)) in contestants.iter().enumerate() {
                let start = Instant::now();
                run(page);
                times[contestant][index].push(start.elapsed());
            }
        }
    }
    let total = |contestant: &mut Vec<Vec<Duration>>| -> Duration {
        contestant
            .iter_mut()
            .map(|rounds| {
                rounds.sort_unstable();
                rounds[ROUNDS / 2]
            })
            .sum()
    };
    let totals: Vec<Duration> = times.iter_mut().map(total).collect();
    let bytes: usize = pages.iter().map(|page| page.bytes.len()).sum();
    println!("{} pages, {} bytes a page, {ROUNDS} rounds, medians", pages.len(), bytes / pages.len());
    for ((name, _), time) in contestants.iter().zip(&totals) {
        let each = time.as_secs_f64() * 1000.0 / pages.len() as f64;
        println!("{name:36} {each:8.3} ms a page   {:5.2} x bare parse", time.as_secs_f64() / totals[0].as_secs_f64());
    }
}

/// One way of reading a page.
type Run = fn(&Page);

struct Page {
    bytes: Vec<u8>,
    text: String,
}

fn pages(folder: &Path) -> Vec<Page> {
    let list = |folder: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
        paths.sort();
        paths
    };
    let mut pages = Vec::new();
    for path in list(folder) {
        let files = if path.is_dir() { list(&path) } else { vec![path] };
        for file in files.into_iter().filter(|file| file.extension().is_some_and(|extension| extension == "html")) {
            let bytes = fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            let text = markup::decode(&bytes, None).text.into_owned();
            pages.push(Page { bytes, text });
        }
    }
    pages
}
