//! `copydesk reclean`: the pages of web archives, cleaned again.

mod budget;
mod changed;
mod inputs;
mod output;
mod pages;

use super::clean::{PANICKED, configured};
use super::{DONE, FAILED, USAGE, complain, in_order};
use crate::archive::HttpAnswer;
use crate::extract::{self, Input, Options};
use budget::Budget;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use output::{Counts, Folder, Output};
use pages::{Listener, MAX_PAGE, Page, Place};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::io::{self, BufWriter, IsTerminal as _};
use std::panic::catch_unwind;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Instant;
use url::Url;

/// Bytes of pages in memory at the most, unless one page is larger: enough that no worker waits.
const BUDGET: u64 = 32 * 1024 * 1024;

/// Arguments of `copydesk reclean`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// WARC files (plain, .gz, .zst; also CC-NEWS), WACZ files, HTML files, folders of these, or the folder of an archive
    /// with "warc" among its formats
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Write the records to records.jsonl in this folder, with a note of how far the work is: started again after it was cut
    /// off, it goes on from there
    #[arg(long, value_name = "DIR", conflicts_with = "jsonl")]
    out: Option<PathBuf>,
    /// Print one record a line; so it is without --out
    #[arg(long)]
    jsonl: bool,
    /// Of an archive of ours, only the articles that come out otherwise than they were archived; "changed" in their records
    /// names the fields
    #[arg(long)]
    only_changed: bool,
    /// Workers; as many as there are processors unless given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// The configuration, for its [clean] and its [[rule]]s; without it, config.toml where there is one in this folder
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// What came of a page.
struct Cleaned {
    place: Place,
    bytes: u64,
    line: Option<String>,
    failed: Option<String>,
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    let options = match configured(args.config.as_deref()) {
        Ok(options) => options,
        Err(error) => {
            complain(error);
            return USAGE;
        }
    };
    let units = match inputs::find(&args.inputs) {
        Ok(units) => units,
        Err(error) => {
            complain(error);
            return FAILED;
        }
    };
    let output = match &args.out {
        None => Output::Lines(BufWriter::new(io::stdout())),
        Some(path) => match Folder::open(path, &units, args.only_changed) {
            Ok(folder) => Output::Folder(Box::new(folder)),
            Err(error) => {
                complain(error);
                return FAILED;
            }
        },
    };
    if output.state().is_some_and(|state| state.is_done) {
        complain("all of this was done by an earlier run; there is nothing left to do");
        return DONE;
    }
    match clean_all(args, units, output, &options) {
        Ok(is_whole) => {
            if is_whole {
                DONE
            } else {
                FAILED
            }
        }
        // A reader that went away (`| head`) wants no more.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => DONE,
        Err(error) => {
            complain(format_args!("{error}; what was written so far is whole up to its last line"));
            FAILED
        }
    }
}

/// Cleans all pages; whether all files could be read to their ends.
fn clean_all(args: &Args, units: Vec<inputs::Unit>, mut output: Output, options: &Options) -> io::Result<bool> {
    let began = Instant::now();
    let behind = output.state().and_then(|state| state.place);
    let mut counts = output.state().map(|state| state.counts.clone()).unwrap_or_default();
    let before = counts.pages;
    let jobs = in_order::workers(args.jobs);
    let (pages, inbox) = mpsc::channel();
    let (results, outbox) = mpsc::channel();
    let options = options.clone();
    in_order::start(jobs, inbox, &results, move |(number, page)| (number, clean(&page, &options)))?;
    drop(results);
    let bar = bar(units.iter().map(|unit| unit.length).sum());
    let budget = Arc::new(Budget::new(BUDGET));
    let is_whole = Arc::new(AtomicBool::new(true));
    let mut feeder = Feeder {
        pages: Mutex::new(pages),
        number: 0,
        budget: Arc::clone(&budget),
        bar: bar.clone(),
        is_whole: Arc::clone(&is_whole),
    };
    let only_changed = args.only_changed;
    // Nobody waits for it when the reader of standard output has gone.
    let reader = thread::spawn(move || pages::read(&units, behind, only_changed, &mut feeder));
    in_order::in_order(&outbox, |cleaned| {
        let Some(cleaned) = cleaned else { return output.show() };
        counts.pages += 1;
        counts.records += u64::from(cleaned.line.is_some());
        counts.failed += u64::from(cleaned.failed.is_some());
        if let Some(problem) = cleaned.failed {
            tell(&bar, &problem);
        }
        output.take(cleaned.place, cleaned.line.as_deref(), &counts)?;
        budget.give_back(cleaned.bytes);
        Ok(())
    })?;
    if reader.join().is_err() {
        return Err(io::Error::other("the reader failed, which is a fault of copydesk; please report it"));
    }
    output.end()?;
    bar.finish_and_clear();
    let Counts { pages, records, failed } = counts;
    let seconds = began.elapsed().as_secs_f64();
    complain(format_args!(
        "{pages} pages, {records} records, {failed} pages could not be cleaned; {:.1} pages a second",
        (pages - before) as f64 / seconds.max(0.001)
    ));
    Ok(is_whole.load(Ordering::Relaxed))
}

/// A bar over the bytes of the files, where there is a terminal.
fn bar(bytes: u64) -> ProgressBar {
    let target = if io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let style = ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes}  {binary_bytes_per_sec}  {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(bytes), target).with_style(style)
}

fn tell(bar: &ProgressBar, problem: &str) {
    bar.suspend(|| complain(problem));
}

/// Hands pages to the workers.
struct Feeder {
    pages: Mutex<Sender<(usize, Page)>>,
    number: usize,
    budget: Arc<Budget>,
    bar: ProgressBar,
    is_whole: Arc<AtomicBool>,
}

impl Listener for Feeder {
    fn page(&mut self, page: Page) -> bool {
        self.budget.take(page.bytes.len() as u64);
        let sent = self.pages.lock().unwrap_or_else(PoisonError::into_inner).send((self.number, page));
        self.number += 1;
        sent.is_ok()
    }

    fn read(&mut self, bytes: u64) {
        self.bar.set_position(bytes);
    }

    fn problem(&mut self, problem: String, is_missing: bool) {
        tell(&self.bar, &problem);
        if is_missing {
            self.is_whole.store(false, Ordering::Relaxed);
        }
    }
}

/// Cleans a page, whatever it does to the cleaner.
fn clean(page: &Page, options: &Options) -> Cleaned {
    let (place, bytes) = (page.place, page.bytes.len() as u64);
    let cleaned = catch_unwind(|| record(page, options)).unwrap_or_else(|_| Err(PANICKED.to_owned()));
    let (line, failed) = match cleaned {
        Ok(line) => (line, None),
        Err(problem) => {
            (None, Some(format!("{}: {problem}", page.url.as_deref().unwrap_or("a page without an address"))))
        }
    };
    Cleaned { place, bytes, line, failed }
}

/// The record of a page as JSON; `None` where nothing has changed.
fn record(page: &Page, options: &Options) -> Result<Option<String>, String> {
    let answer = page.is_answer.then(|| HttpAnswer::read(&page.bytes)).flatten();
    let (body, content_type) = match &answer {
        Some(answer) => (answer.decoded(MAX_PAGE), answer.header("content-type")),
        None => (Cow::Borrowed(&page.bytes[..]), None),
    };
    let headers = |name: &str| -> Vec<String> {
        answer.iter().flat_map(|answer| answer.headers(name)).map(str::to_owned).collect()
    };
    let (robots_tags, links) = (headers("x-robots-tag"), headers("link"));
    let url = page.url.as_deref().and_then(|url| Url::parse(url).ok());
    let input = Input {
        bytes: &body,
        url: url.as_ref(),
        content_type,
        robots_tags: &robots_tags,
        links: &links,
        fetched: page.fetched,
        ..Input::default()
    };
    let mut article = extract::clean(&input, options).map_err(|error| error.to_string())?.article;
    let Some(known) = &page.known else {
        return serde_json::to_string(&article).map(Some).map_err(|error| error.to_string());
    };
    let changed = known.differences(&mut article);
    if changed.is_empty() {
        return Ok(None);
    }
    let mut record = json!(article);
    if let Value::Object(fields) = &mut record {
        fields.insert("changed".to_owned(), json!(changed));
    }
    Ok(Some(record.to_string()))
}
