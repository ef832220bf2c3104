//! What cleaning costs against the bare parse, all in one process, on one thread, in interleaved rounds.
//!
//! `cargo bench --bench clean` measures the project's own pages; `COPYDESK_BENCH_PAGES=FOLDER cargo bench --bench clean`
//! those of a folder (`*.html`, also one level down). Machines are noisy: quote the ratios.
//!
//! `cargo bench --bench clean -- growth` measures instead how the time grows: each page against the same page with its
//! body in it ten times, per byte.

#[path = "../tests/support/growth.rs"]
mod growth;

use copydesk::extract::{Engine, Input, Options, clean};
use copydesk::markup;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Rounds over all pages; the median of each page's rounds counts.
const ROUNDS: usize = 7;

/// How often a page is put into itself to see how time grows, and how much longer that may take.
const TIMES: usize = 10;
const LIMIT: f64 = 12.0;

fn main() {
    if std::env::args().any(|argument| argument == "growth") {
        measure_growth();
        return;
    }
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

/// Prints how much longer each page takes with its body in it ten times, and of all pages together.
///
/// What counts is the time for a byte, since the head is there once: a page that is 8 times as large may take 8 times
/// as long and a fifth more.
fn measure_growth() {
    let mut all = Vec::new();
    let (mut small_total, mut large_total) = (0.0, 0.0);
    for (name, page) in growth::pages() {
        let large = growth::repeated(&page, TIMES);
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            for (times, page) in times.iter_mut().zip([&page, &large]) {
                let start = Instant::now();
                let _ = black_box(clean(&Input { bytes: page.as_bytes(), ..Input::default() }, &Options::default()));
                times.push(start.elapsed());
            }
        }
        // The shortest round is the one that nothing else interrupted; a larger page is interrupted more often.
        let [small_time, large_time] =
            times.map(|rounds| rounds.iter().min().map_or(0.0, Duration::as_secs_f64) * 1000.0);
        (small_total, large_total) = (small_total + small_time, large_total + large_time);
        let bytes = large.len() as f64 / page.len() as f64;
        all.push((large_time / small_time, bytes, small_time, large_time, name));
    }
    all.sort_by(|one, other| (other.0 / other.1).total_cmp(&(one.0 / one.1)));
    println!("{:28} {:>7} {:>7} {:>10} {:>10} {:>6}", "page", "time x", "bytes x", "once ms", "ten ms", "");
    for (ratio, bytes, small, large, name) in &all {
        let mark = if *ratio > LIMIT { "OVER" } else { "" };
        println!("{name:28} {ratio:7.2} {bytes:7.2} {small:10.3} {large:10.3} {mark:>6}");
    }
    let over = all.iter().filter(|page| page.0 > LIMIT).count();
    println!(
        "all pages together: {:.2} x the time; {over} of {} pages over {LIMIT} x",
        large_total / small_total,
        all.len()
    );
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
