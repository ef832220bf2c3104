//! What a run shows while it goes on: a bar on a terminal, log lines elsewhere. All of it on standard error.

use super::figures::Figures;
use crate::crawl::{Event, Kept, Observer};
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::time::Duration;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

/// How often the bar's clock moves.
const TICK: Duration = Duration::from_millis(200);

/// How log lines are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// For people
    #[default]
    Text,
    /// One JSON object a line, for machines
    Json,
}

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Verbosity {
    /// `-v`, counted.
    pub(super) verbose: u8,
    /// `-q`.
    pub(super) quiet: bool,
}

/// Shows a run.
pub(super) struct Progress {
    bar: ProgressBar,
    figures: Figures,
}

impl Progress {
    /// Sets up logging for the process, and a bar where there is a terminal to draw it on. `metrics` is a file for the
    /// figures.
    pub(super) fn start(format: LogFormat, verbosity: Verbosity, metrics: Option<&Path>) -> Self {
        let with_bar = format == LogFormat::Text && !verbosity.quiet && io::stderr().is_terminal();
        let target = if with_bar { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let style = ProgressStyle::with_template(
            "{spinner} {pos}/{len} stories  {per_sec:.1}  {elapsed}, {eta} left  {wide_msg}",
        )
        .unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::with_draw_target(Some(0), target).with_style(style);
        if with_bar {
            bar.enable_steady_tick(TICK);
        }
        log(format, verbosity, with_bar, bar.clone());
        Self { bar, figures: Figures::new(metrics) }
    }

    /// Sets up logging for a process that serves others: lines and no bar.
    pub(super) fn lines(format: LogFormat, verbosity: Verbosity, metrics: Option<&Path>) -> Self {
        let bar = ProgressBar::hidden();
        log(format, verbosity, false, bar.clone());
        Self { bar, figures: Figures::new(metrics) }
    }

    /// The figures so far, as Prometheus has them.
    pub(super) fn figures(&self) -> String {
        self.figures.text()
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        #[cfg(feature = "otel")]
        super::telemetry::end();
        self.bar.finish_and_clear();
    }
}

fn log(format: LogFormat, verbosity: Verbosity, with_bar: bool, bar: ProgressBar) {
    let level = match (verbosity.quiet, verbosity.verbose) {
        (true, _) => "error",
        // The bar tells of what goes well.
        (false, 0) if with_bar => "warn",
        (false, 0) => "copydesk=info,warn",
        (false, 1) => "copydesk=debug,warn",
        (false, _) => "copydesk=trace,debug",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let lines = tracing_subscriber::fmt::layer().with_writer(AboveBar(bar)).with_target(false);
    let lines = match format {
        LogFormat::Text => lines.with_ansi(with_bar).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let subscriber = tracing_subscriber::registry().with(lines.with_filter(filter));
    #[cfg(feature = "otel")]
    let subscriber = subscriber.with(super::telemetry::layer());
    // A second subscriber in one process is refused, and the first one serves.
    let _ = subscriber.try_init();
}

impl Observer for Progress {
    fn event(&self, event: Event<'_>) {
        self.figures.note(&event);
        match event {
            Event::Started { run, sources } => tracing::info!(run, sources, "run started"),
            Event::Found { source, url, links, due } => {
                self.bar.inc_length(due as u64);
                tracing::info!(source, %url, links, due, "found");
            }
            Event::Fetched { source, url, status, bytes } => {
                tracing::debug!(source, %url, status, bytes, "fetched");
            }
            Event::Article { source, url, title, kept } => {
                self.bar.inc(1);
                self.bar.set_message(title.to_owned());
                let kept = match kept {
                    Kept::New => "new",
                    Kept::Updated => "updated",
                    Kept::Unchanged => "unchanged",
                    Kept::Duplicate => "duplicate",
                    Kept::Withdrawn => "withdrawn",
                };
                tracing::info!(source, url, title, kept, "article");
            }
            Event::Skipped { source, url, reason } => {
                self.bar.inc(1);
                tracing::info!(source, url, reason, "skipped");
            }
            Event::Failed { source, url, error } => {
                self.bar.inc(1);
                tracing::warn!(source, url, error, "failed");
            }
            Event::Stopping { under_way } => {
                tracing::warn!(under_way, "stopping: what is under way is finished; once more to stop at once");
            }
            Event::Ended { summary } => {
                tracing::info!(
                    run = summary.run,
                    articles = summary.total.articles,
                    seconds = summary.seconds,
                    "run ended"
                );
            }
            _ => {}
        }
    }
}

/// Writes log lines above the bar.
#[derive(Clone)]
struct AboveBar(ProgressBar);

impl Write for AboveBar {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.suspend(|| io::stderr().write_all(line))?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

impl<'a> MakeWriter<'a> for AboveBar {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
