//! `copydesk clean --jsonl`: one row a line in, one record a line out, in the order of the rows.
//!
//! A row is given to a worker only while there is a permit for it, and the permit comes back when its record is written.
//! So however many rows there are and however slow one of them is, a bounded number is in memory.

use super::learning::{self, Learning};
use super::{MAX_PAGE_BYTES, PANICKED, clean_input, kind_by_name, read_file};
use crate::cli::{DONE, FAILED, complain, in_order};
use crate::extract::{Cleaned, Input, Kind, Options, RepeatedLines};
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::{self, BufRead, Read, Write};
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;
use url::Url;

/// Rows under way for each worker: enough that none waits, few enough that memory stays small.
const ROWS_PER_JOB: usize = 4;

/// Longest row, in bytes: a page of the largest size, every second byte of it escaped.
pub(super) const MAX_ROW_BYTES: u64 = 2 * MAX_PAGE_BYTES;

/// What is left of a line that was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    Whole(Vec<u8>),
    TooLong,
}

/// A row on its way to a worker.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) number: usize,
    pub(super) line: Line,
    /// Lines of its text that are its site's.
    pub(super) repeated: RepeatedLines,
}

/// A row.
#[derive(Debug, Deserialize)]
struct Row {
    id: Option<Value>,
    url: Option<String>,
    path: Option<PathBuf>,
    html: Option<String>,
    text: Option<String>,
}

/// Cleans the rows of standard input with `jobs` workers, or one for each processor.
pub(super) fn stream(jobs: Option<u16>, options: &Options, learning: Learning) -> u8 {
    let jobs = in_order::workers(jobs);
    let (rows, inbox) = mpsc::channel();
    let (records, outbox) = mpsc::channel();
    let (permits, permitted) = mpsc::sync_channel(jobs * ROWS_PER_JOB);
    while permits.try_send(()).is_ok() {}
    let options = options.clone();
    let work = move |job: Job| (job.number, clean_line(&job, &options));
    if let Err(error) = in_order::start(jobs, inbox, &records, work) {
        complain(format_args!("{jobs} workers cannot be started ({error}); give a smaller number to --jobs"));
        return FAILED;
    }
    drop(records);
    // Nobody waits for the threads when the reader of standard output has gone: this one may be waiting for a row.
    let reader = thread::spawn(move || learning::hand_out(learning, &permitted, &rows));
    match write_in_order(io::stdout().lock(), &outbox, &permits) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return DONE,
        Err(error) => {
            complain(format_args!("standard output: {error}; what was written so far is whole up to its last line"));
            return FAILED;
        }
    }
    match reader.join() {
        Ok(Ok(())) => DONE,
        Ok(Err(error)) => {
            complain(format_args!("standard input: {error}; the rows after this point are missing"));
            FAILED
        }
        Err(_) => FAILED,
    }
}

/// The next line without its end. One that is longer than `limit` is read past and not kept.
pub(super) fn next_line(input: &mut impl BufRead, limit: u64) -> io::Result<Option<Line>> {
    let mut line = Vec::new();
    if input.by_ref().take(limit + 1).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if line.len() as u64 > limit {
        input.skip_until(b'\n')?;
        return Ok(Some(Line::TooLong));
    }
    Ok(Some(Line::Whole(line)))
}

/// Writes records as soon as all before them are written, and gives a permit back for each.
fn write_in_order(out: impl Write, outbox: &Receiver<(usize, String)>, permits: &SyncSender<()>) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    in_order::in_order(outbox, |record| {
        // What is finished goes out before the program waits, so that a reader at the other end sees it.
        let Some(record) = record else { return out.flush() };
        if !record.is_empty() {
            out.write_all(record.as_bytes())?;
            out.write_all(b"\n")?;
        }
        // There is room for every permit that was ever given; only a reader that has ended takes none.
        let _ = permits.try_send(());
        Ok(())
    })
}

/// One row's record, or its error; nothing for an empty line.
fn clean_line(job: &Job, options: &Options) -> String {
    let number = job.number + 1;
    let failed = |id: Value, error: String| json!({"id": id, "error": error}).to_string();
    let line = match &job.line {
        Line::Whole(line) => String::from_utf8_lossy(line),
        Line::TooLong => {
            let limit = MAX_ROW_BYTES / 1024 / 1024;
            return failed(Value::Null, format!("line {number}: longer than {limit} MiB; give the page as a \"path\""));
        }
    };
    // A byte order mark begins what some programs write.
    let line = if job.number == 0 { line.trim_start_matches('\u{feff}') } else { &line };
    if line.trim().is_empty() {
        return String::new();
    }
    let row: Row = match serde_json::from_str(line) {
        Ok(row) => row,
        Err(error) => {
            // The id may still be readable, so that the caller knows which row it was.
            let id = serde_json::from_str::<Value>(line).ok().and_then(|row| row.get("id").cloned());
            return failed(id.unwrap_or_default(), format!("line {number}: {error}"));
        }
    };
    let id = row.id.clone().unwrap_or_default();
    // A panic here would leave a hole that all later records wait for.
    let cleaned = std::panic::catch_unwind(|| clean_row(row, options, &job.repeated))
        .unwrap_or_else(|_| Err(PANICKED.to_owned()));
    match cleaned {
        Ok(cleaned) => {
            let mut record = cleaned.record();
            if let Value::Object(fields) = &mut record
                && !id.is_null()
            {
                fields.insert("id".to_owned(), id);
            }
            record.to_string()
        }
        Err(error) => failed(id, error),
    }
}

fn clean_row(row: Row, options: &Options, repeated: &RepeatedLines) -> Result<Cleaned, String> {
    // A page is worth having without its address, so one that is none costs only the links that start from it.
    let url = row.url.as_deref().and_then(|url| Url::parse(url).ok());
    let (bytes, kind, name) = match (row.html, row.text, row.path) {
        (Some(html), ..) => (html.into_bytes(), Kind::Html, "html".to_owned()),
        (None, Some(text), _) => (text.into_bytes(), Kind::ScrapedText, "text".to_owned()),
        (None, None, Some(path)) => (read_file(&path)?, kind_by_name(&path), path.display().to_string()),
        (None, None, None) => {
            return Err("the row has neither \"html\" nor \"text\" nor \"path\"; nothing is fetched here".to_owned());
        }
    };
    let input = Input { bytes: &bytes, url: url.as_ref(), ..Input::default() };
    clean_input(&input, kind, options, repeated).map_err(|error| format!("{name}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_too_long_is_passed_over() {
        let mut input = io::Cursor::new("12345\n123456\n\n1234567890123\nlast");
        let mut next = || next_line(&mut input, 5).unwrap();
        let whole = |text: &str| Some(Line::Whole(text.as_bytes().to_vec()));
        assert_eq!(next(), whole("12345"));
        assert_eq!(next(), Some(Line::TooLong));
        assert_eq!(next(), whole(""));
        assert_eq!(next(), Some(Line::TooLong));
        assert_eq!(next(), whole("last"));
        assert_eq!(next(), None);
    }

    #[test]
    fn a_permit_comes_back_only_when_the_record_is_written() {
        let written = |numbers: &[usize]| {
            let (permits, permitted) = mpsc::sync_channel(9);
            let (records, outbox) = mpsc::channel();
            for &number in numbers {
                records.send((number, number.to_string())).unwrap();
            }
            drop(records);
            let mut out = Vec::new();
            write_in_order(&mut out, &outbox, &permits).unwrap();
            (String::from_utf8(out).unwrap(), permitted.try_iter().count())
        };
        assert_eq!(written(&[2, 1]), (String::new(), 0), "they wait for the first row");
        assert_eq!(written(&[2, 1, 0, 4]), ("0\n1\n2\n".to_owned(), 3));
    }
}
