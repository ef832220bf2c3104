//! `GET /metrics`: how the server gets on, for Prometheus.

use super::Desk;
use super::answer;
use super::exposition::{self, family, row};
use super::problem::Problem;
use axum::body::Body;
use axum::http::Response;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The upper bounds of the buckets of durations, in seconds: from a page that is cleaned to one that is waited for.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 15.0, 60.0];

/// The figures since the process began.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    answered: Mutex<BTreeMap<(&'static str, u16), Durations>>,
}

#[derive(Debug, Default)]
struct Durations {
    buckets: [u64; BUCKETS.len()],
    count: u64,
    seconds: f64,
}

impl Metrics {
    /// Takes note of an answer. Its duration is that to its first byte.
    pub(super) fn note(&self, route: &'static str, status: u16, took: Duration) {
        let seconds = took.as_secs_f64();
        let mut answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        let durations = answered.entry((route, status)).or_default();
        durations.count += 1;
        durations.seconds += seconds;
        for (count, bound) in durations.buckets.iter_mut().zip(BUCKETS) {
            *count += u64::from(seconds <= bound);
        }
    }

    fn write(&self, out: &mut String) {
        let answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        let name = "http_request_duration_seconds";
        family::<u64>(out, name, "histogram", "How long requests took to the first byte of the answer.", []);
        for ((route, status), durations) in &*answered {
            let labels = format!("route=\"{route}\",status=\"{status}\"");
            for (count, bound) in durations.buckets.iter().zip(BUCKETS) {
                row(out, &format!("{name}_bucket"), &format!("{labels},le=\"{bound}\""), count);
            }
            row(out, &format!("{name}_bucket"), &format!("{labels},le=\"+Inf\""), durations.count);
            row(out, &format!("{name}_sum"), &labels, durations.seconds);
            row(out, &format!("{name}_count"), &labels, durations.count);
        }
    }
}

impl Desk {
    /// Answers `GET /metrics`.
    pub(super) async fn show_metrics(&self) -> Result<Response<Body>, Problem> {
        let mut out = String::new();
        self.metrics.write(&mut out);
        let taken = |all: usize, left: usize| [(String::new(), all.saturating_sub(left) as u64)];
        let room = taken(super::MAX_UNDER_WAY, self.room.available_permits());
        family(&mut out, "http_cleaning", "gauge", "Requests being fetched or cleaned.", room);
        let streams = taken(super::MAX_STREAMS, self.streams.available_permits());
        family(&mut out, "http_streams", "gauge", "Streams of new versions that are open.", streams);
        let archive = self.catalogue(|catalogue| Ok((catalogue.last_seq()?, catalogue.sources()?))).await?;
        let (last_seq, sources) = archive.unwrap_or_default();
        let help = "The highest sequence number of the archive.";
        family(&mut out, "archive_last_seq", "gauge", help, [(String::new(), last_seq)]);
        let label = |(source, count): (&String, &u64)| (format!("source=\"{}\"", exposition::escaped(source)), *count);
        family(&mut out, "archive_articles", "gauge", "Articles of the archive.", sources.iter().map(label));
        if let Some(figures) = &self.figures {
            let _ = write!(out, "{}", figures());
        }
        Ok(answer::content(exposition::CONTENT_TYPE, out))
    }
}
