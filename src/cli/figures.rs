//! How a crawl gets on, in figures: for the log, and as Prometheus text in a file.

use crate::config::format_duration;
use crate::crawl::{Event, Kept};
use crate::serve::exposition::{escaped, family};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use url::Url;

/// How often the file is written: as often as Prometheus looks by default.
const WRITE_EVERY: Duration = Duration::from_secs(15);

/// How often the log tells how far the crawl is.
const TELL_EVERY: Duration = Duration::from_mins(1);

/// The figures since the process began.
#[derive(Debug)]
pub(super) struct Figures {
    file: Option<PathBuf>,
    counts: Mutex<Counts>,
}

#[derive(Debug)]
struct Counts {
    began: Instant,
    written: Option<Instant>,
    told: Instant,
    /// By source and host.
    hosts: BTreeMap<(String, String), Host>,
    /// By source and by what became of them.
    articles: BTreeMap<(String, &'static str), u64>,
    skipped: BTreeMap<(String, String), u64>,
    due: u64,
    under_way: usize,
    running: bool,
}

#[derive(Debug, Default)]
struct Host {
    pages: u64,
    bytes: u64,
    failed: u64,
}

impl Figures {
    pub(super) fn new(file: Option<&Path>) -> Self {
        let counts = Counts {
            began: Instant::now(),
            written: None,
            told: Instant::now(),
            hosts: BTreeMap::new(),
            articles: BTreeMap::new(),
            skipped: BTreeMap::new(),
            due: 0,
            under_way: 0,
            running: false,
        };
        Self { file: file.map(Path::to_owned), counts: Mutex::new(counts) }
    }

    /// The figures as Prometheus has them.
    pub(super) fn text(&self) -> String {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).prometheus()
    }

    /// Takes note of what happened; now and then writes the file and tells the log.
    pub(super) fn note(&self, event: &Event<'_>) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.note(event);
        let over = matches!(event, Event::Ended { .. });
        if counts.told.elapsed() >= TELL_EVERY {
            counts.told = Instant::now();
            counts.tell();
        }
        let is_time = counts.written.is_none_or(|written| written.elapsed() >= WRITE_EVERY);
        if let Some(file) = self.file.as_ref().filter(|_| over || is_time) {
            counts.written = Some(Instant::now());
            let text = counts.prometheus();
            drop(counts);
            if let Err(error) = replace(file, &text) {
                tracing::warn!(file = %file.display(), %error, "the figures cannot be written; check [crawl] metrics_file");
            }
        }
    }
}

impl Counts {
    fn note(&mut self, event: &Event<'_>) {
        match event {
            Event::Started { .. } => self.running = true,
            Event::Ended { .. } => (self.running, self.due, self.under_way) = (false, 0, 0),
            Event::Going { due, under_way } => (self.due, self.under_way) = (*due, *under_way),
            Event::Fetched { source, url, bytes, .. } => {
                let host = self.host(source, url);
                host.pages += 1;
                host.bytes += bytes;
            }
            Event::Article { source, kept, .. } => {
                *self.articles.entry(((*source).to_owned(), name(*kept))).or_default() += 1;
            }
            Event::Skipped { source, reason, .. } => {
                *self.skipped.entry(((*source).to_owned(), (*reason).to_owned())).or_default() += 1;
            }
            Event::Failed { source, url, .. } => {
                if let Ok(url) = Url::parse(url) {
                    self.host(source, &url).failed += 1;
                }
            }
            _ => {}
        }
    }

    fn host(&mut self, source: &str, url: &Url) -> &mut Host {
        let host = url.host_str().unwrap_or_default().to_owned();
        self.hosts.entry((source.to_owned(), host)).or_default()
    }

    fn sum(&self, of: impl Fn(&Host) -> u64) -> u64 {
        self.hosts.values().map(of).sum()
    }

    /// Pages a second since the beginning.
    fn pace(&self) -> f64 {
        self.sum(|host| host.pages) as f64 / self.began.elapsed().as_secs_f64().max(0.001)
    }

    fn tell(&self) {
        let left = Duration::try_from_secs_f64(self.due as f64 / self.pace()).ok();
        let articles: u64 = self.articles.values().sum();
        tracing::info!(
            pages = self.sum(|host| host.pages),
            pages_a_second = (self.pace() * 10.0).round() / 10.0,
            articles,
            articles_a_second = (articles as f64 / self.began.elapsed().as_secs_f64() * 10.0).round() / 10.0,
            bytes = self.sum(|host| host.bytes),
            failed = self.sum(|host| host.failed),
            due = self.due,
            under_way = self.under_way,
            left =
                left.map_or_else(|| "unknown".to_owned(), |left| format_duration(Duration::from_secs(left.as_secs()))),
            "so far"
        );
    }

    /// The text format of Prometheus, version 0.0.4.
    fn prometheus(&self) -> String {
        let mut out = String::new();
        let host = |of: fn(&Host) -> u64| {
            let row = move |((source, host), counts): (&(String, String), &Host)| {
                (format!("source=\"{}\",host=\"{}\"", escaped(source), escaped(host)), of(counts))
            };
            self.hosts.iter().map(row).collect::<Vec<_>>()
        };
        let articles = self
            .articles
            .iter()
            .map(|((source, kept), count)| (format!("source=\"{}\",kept=\"{kept}\"", escaped(source)), *count));
        let skipped = self.skipped.iter().map(|((source, reason), count)| {
            (format!("source=\"{}\",reason=\"{}\"", escaped(source), escaped(reason)), *count)
        });
        family(&mut out, "pages_total", "counter", "Answers received.", host(|host| host.pages));
        family(&mut out, "bytes_total", "counter", "Bytes of bodies on the wire.", host(|host| host.bytes));
        family(&mut out, "failures_total", "counter", "Addresses that failed.", host(|host| host.failed));
        family(&mut out, "articles_total", "counter", "Articles, by what became of them.", articles);
        family(&mut out, "skipped_total", "counter", "Addresses left out, by reason.", skipped);
        let plain = |value: u64| [(String::new(), value)];
        family(&mut out, "due", "gauge", "Addresses that are due and not begun.", plain(self.due));
        family(&mut out, "under_way", "gauge", "Addresses being fetched.", plain(self.under_way as u64));
        family(&mut out, "running", "gauge", "Whether a pass is under way.", plain(u64::from(self.running)));
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        family(&mut out, "written_timestamp_seconds", "gauge", "When this was written.", plain(now));
        out
    }
}

fn name(kept: Kept) -> &'static str {
    match kept {
        Kept::New => "new",
        Kept::Updated => "updated",
        Kept::Unchanged => "unchanged",
        Kept::Duplicate => "duplicate",
        Kept::Withdrawn => "withdrawn",
    }
}

/// Whoever reads the file meets it whole.
fn replace(file: &Path, text: &str) -> io::Result<()> {
    let mut part = file.as_os_str().to_owned();
    part.push(".part");
    std::fs::write(&part, text)?;
    std::fs::rename(&part, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_label_may_not_hold_is_escaped() {
        let figures = Figures::new(None);
        let event = Event::Skipped { source: "a\"b\\c\nd", url: "http://a.test/", reason: "robots" };
        figures.note(&event);
        figures.note(&event);
        let text = figures.counts.lock().unwrap().prometheus();
        assert!(text.contains("copydesk_skipped_total{source=\"a\\\"b\\\\c\\nd\",reason=\"robots\"} 2\n"), "{text}");
        assert!(
            text.lines().all(|line| line.starts_with('#') || line.rsplit_once(' ').unwrap().1.parse::<u64>().is_ok())
        );
    }
}
