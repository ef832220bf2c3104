//! Which lines of scraped texts are their site's: what the rows of `copydesk clean --jsonl` teach before each is cleaned.
//!
//! A file on standard input is read twice: the first time to count, the second to clean, so that every row is judged by
//! all of them. From a pipe, rows of text wait while there is room for more behind them; then the first goes on, judged
//! by all that have come so far. Nobody waits for long: when no row comes for a second, all that wait go on.

use super::rows::{Job, Line, MAX_ROW_BYTES, next_line};
use crate::extract::{self, Corpus, DocumentLines, RepeatedLines};
use serde::Deserialize;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek, SeekFrom};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;
use url::Url;

/// Bytes of rows that wait at the most: a thousand long articles.
const WAITING_BYTES: usize = 32 * 1024 * 1024;

/// How long rows wait for another to come. Whoever writes one row and waits for its record gets it after this.
const IDLE: Duration = Duration::from_secs(1);

/// Whether and how it is learned what a site repeats.
#[derive(Debug, Clone, Copy)]
pub(super) struct Learning {
    /// Whether repeated lines are looked for at all.
    pub(super) wanted: bool,
    /// Rows of text that wait at the most, where standard input is no file.
    pub(super) look_ahead: usize,
}

/// Reads rows and hands them to the workers, one for a permit, each with what is known of its site.
pub(super) fn hand_out(learning: Learning, permitted: &Receiver<()>, jobs: &Sender<Job>) -> io::Result<()> {
    if !learning.wanted {
        return one_by_one(io::stdin().lock(), None, permitted, jobs);
    }
    match regular_file() {
        Some(mut file) => {
            let start = file.stream_position()?;
            let corpus = learn(BufReader::new(&file))?;
            file.seek(SeekFrom::Start(start))?;
            one_by_one(BufReader::new(file), Some(&corpus), permitted, jobs)
        }
        None => with_look_ahead(learning.look_ahead, permitted, jobs),
    }
}

/// Standard input, where it is a file that can be read again.
#[cfg(unix)]
fn regular_file() -> Option<File> {
    use std::os::fd::AsFd as _;
    let file = File::from(io::stdin().as_fd().try_clone_to_owned().ok()?);
    file.metadata().is_ok_and(|about| about.is_file()).then_some(file)
}

#[cfg(not(unix))]
fn regular_file() -> Option<File> {
    None
}

fn learn(mut input: impl BufRead) -> io::Result<Corpus> {
    let mut corpus = Corpus::default();
    while let Some(line) = next_line(&mut input, MAX_ROW_BYTES)? {
        if let Some(document) = Document::of(&line) {
            corpus.learn(&document.site, &document.lines);
        }
    }
    Ok(corpus)
}

fn one_by_one(
    mut input: impl BufRead,
    corpus: Option<&Corpus>,
    permitted: &Receiver<()>,
    jobs: &Sender<Job>,
) -> io::Result<()> {
    let mut number = 0;
    while permitted.recv().is_ok() {
        let Some(line) = next_line(&mut input, MAX_ROW_BYTES)? else { break };
        let document = corpus.and_then(|corpus| Some((corpus, Document::of(&line)?)));
        let repeated = document.map_or_else(RepeatedLines::default, |(corpus, document)| document.repeated(corpus));
        if jobs.send(Job { number, line, repeated }).is_err() {
            break;
        }
        number += 1;
    }
    Ok(())
}

/// A row that waits for those behind it.
struct Waiting {
    line: Line,
    document: Option<Document>,
    bytes: usize,
}

fn with_look_ahead(look_ahead: usize, permitted: &Receiver<()>, jobs: &Sender<Job>) -> io::Result<()> {
    let (lines, inbox) = mpsc::sync_channel(1);
    // This thread may outlive the others: it waits for whoever writes the rows.
    let reader = thread::spawn(move || -> io::Result<()> {
        let mut input = io::stdin().lock();
        while let Some(line) = next_line(&mut input, MAX_ROW_BYTES)? {
            if lines.send(line).is_err() {
                break;
            }
        }
        Ok(())
    });
    release(&inbox, look_ahead, IDLE, permitted, jobs);
    drop(inbox);
    reader.join().unwrap_or_else(|_| Err(io::Error::other("its reader failed")))
}

/// Passes rows on in their order, each as late as the room allows.
fn release(inbox: &Receiver<Line>, look_ahead: usize, idle: Duration, permitted: &Receiver<()>, jobs: &Sender<Job>) {
    let mut corpus = Corpus::default();
    let mut waiting: VecDeque<Waiting> = VecDeque::new();
    let (mut number, mut bytes, mut room) = (0, 0, true);
    loop {
        while let Some(first) = waiting.front() {
            // A page has nothing to wait for.
            if room && first.document.is_some() && waiting.len() <= look_ahead && bytes <= WAITING_BYTES {
                break;
            }
            let Some(first) = waiting.pop_front() else { break };
            bytes -= first.bytes;
            let repeated =
                first.document.as_ref().map_or_else(RepeatedLines::default, |document| document.repeated(&corpus));
            if permitted.recv().is_err() || jobs.send(Job { number, line: first.line, repeated }).is_err() {
                return;
            }
            number += 1;
        }
        let next = if waiting.is_empty() {
            inbox.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            inbox.recv_timeout(idle)
        };
        match next {
            Ok(line) => {
                let document = Document::of(&line);
                if let Some(document) = &document {
                    corpus.learn(&document.site, &document.lines);
                }
                let length = match &line {
                    Line::Whole(line) => line.len(),
                    Line::TooLong => 0,
                };
                bytes += length;
                waiting.push_back(Waiting { line, document, bytes: length });
                room = true;
            }
            Err(_) if waiting.is_empty() => return,
            Err(_) => room = false,
        }
    }
}

/// The text of a row, as far as it is learned from.
struct Document {
    site: String,
    lines: DocumentLines,
}

impl Document {
    /// `None` for rows that hold no text.
    fn of(line: &Line) -> Option<Self> {
        #[derive(Deserialize)]
        struct TextRow {
            url: Option<String>,
            site: Option<String>,
            html: Option<serde::de::IgnoredAny>,
            text: Option<String>,
        }
        let Line::Whole(line) = line else { return None };
        // Most rows of pages are known without reading them: quotation marks within their HTML have a \ before them.
        memchr::memmem::find(line, b"\"text\"")?;
        let row: TextRow = serde_json::from_slice(line).ok()?;
        let text = row.text.filter(|_| row.html.is_none())?;
        Some(Self { site: site(row.url.as_deref(), row.site.as_deref()), lines: extract::document_lines(&text) })
    }

    fn repeated(&self, corpus: &Corpus) -> RepeatedLines {
        corpus.repeated(&self.site, &self.lines)
    }
}

/// What a row is grouped by: its address's host, else the site that it names, else all that have neither.
///
/// The host and not the registrable domain, because sections and editions under hosts of their own have frames of their
/// own; `www.` in front says nothing.
fn site(url: Option<&str>, site: Option<&str>) -> String {
    let host = url.and_then(|url| Url::parse(url).ok()).and_then(|url| url.host_str().map(str::to_owned));
    match (host, site) {
        (Some(host), _) => format!("host {}", host.strip_prefix("www.").unwrap_or(&host)),
        (None, Some(site)) => format!("site {site}"),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_grouped_by_host_then_by_site_then_together() {
        assert_eq!(
            site(Some("https://www.harbour.example/a"), Some("x")),
            site(Some("http://harbour.example/b"), None)
        );
        assert_ne!(site(Some("https://sport.harbour.example/a"), None), site(Some("https://harbour.example/"), None));
        assert_eq!(site(Some("no address"), Some("x")), site(None, Some("x")));
        assert_ne!(site(None, Some("harbour.example")), site(Some("https://harbour.example/"), None));
        assert_eq!(site(None, None), site(Some("no address"), None));
    }

    #[test]
    fn no_more_rows_are_read_than_there_are_permits() {
        let endless = BufReader::new(io::repeat(b'\n'));
        let (permits, permitted) = mpsc::sync_channel(3);
        while permits.try_send(()).is_ok() {}
        drop(permits);
        let (jobs, inbox) = mpsc::channel();
        one_by_one(endless, None, &permitted, &jobs).unwrap();
        drop(jobs);
        assert_eq!(inbox.iter().map(|job| job.number).collect::<Vec<_>>(), [0, 1, 2]);
    }

    fn row(line: &str) -> Line {
        Line::Whole(line.as_bytes().to_vec())
    }

    /// How many of these rows are passed on while more may come.
    fn passed_on(rows: &[&str], look_ahead: usize) -> usize {
        let (lines, inbox) = mpsc::sync_channel(1);
        let (permits, permitted) = mpsc::sync_channel(99);
        while permits.try_send(()).is_ok() {}
        let (jobs, outbox) = mpsc::channel();
        let learner = thread::spawn(move || release(&inbox, look_ahead, Duration::from_mins(5), &permitted, &jobs));
        for line in rows {
            lines.send(row(line)).unwrap();
        }
        // A page at the end shows that all before it were taken in: the channel holds one row.
        lines.send(row("{}")).unwrap();
        lines.send(row("{}")).unwrap();
        let early = outbox.try_iter().count();
        drop((lines, permits));
        learner.join().unwrap();
        assert_eq!(early + outbox.try_iter().count(), rows.len() + 2);
        early
    }

    #[test]
    fn pages_wait_for_nothing_and_texts_for_those_behind_them() {
        let text = "{\"id\":1,\"text\":\"A line\"}";
        assert!(passed_on(&["{\"html\":\"<p>\"}"; 5], 3) >= 5);
        assert!(passed_on(&[text; 20], 3) >= 15);
        assert_eq!(passed_on(&[text; 5], 10), 0);
    }
}
