//! `copydesk crawl`: one pass over what is due.

use super::deliver::Beside;
use super::parts;
use super::progress::{LogFormat, Progress, Verbosity};
use super::summary_table;
use super::{DONE, FAILED, INTERRUPTED, USAGE, complain};
use crate::config::{Config, ConfigError};
use crate::crawl::{self, Haste, Observer, RunSummary, Source};
use crate::fetch::AllowedHost;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

/// Threads that wait for store, archive and name service. Few, because the allocator keeps memory for each; a look-up of a
/// name can take seconds, and eight at a time are plenty.
const BLOCKING_THREADS: usize = 8;

/// Arguments of `copydesk crawl` and `copydesk watch`.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Args {
    /// The configuration
    #[arg(long, value_name = "FILE", default_value = "config.toml")]
    config: PathBuf,
    /// Crawl only this source; may be given several times
    #[arg(long, value_name = "NAME")]
    source: Vec<String>,
    #[command(flatten)]
    output: OutputArgs,
    /// The store of what was seen, instead of [store] path
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
    /// Let one loopback or private address through the address guard; may be given several times
    #[arg(long, value_name = "HOST[:PORT]")]
    allow_host: Vec<AllowedHost>,
}

/// Arguments that say where a run writes and what it shows.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct OutputArgs {
    /// The archive's folder, instead of [archive] path
    #[arg(long, value_name = "DIR")]
    archive: Option<PathBuf>,
    /// How log lines are written to standard error
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    log: LogFormat,
    /// Log more; twice for much more. The variable `RUST_LOG` wins
    #[arg(short, long, action = clap::ArgAction::Count)]
    verbose: u8,
    /// Log only errors
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,
}

impl OutputArgs {
    /// Sets what the command line says of the archive.
    pub(super) fn apply(&self, config: &mut Config) {
        if let Some(path) = &self.archive {
            config.archive.path.clone_from(path);
        }
    }

    /// Starts to show a run.
    pub(super) fn progress(&self, config: &Config) -> Arc<Progress> {
        Arc::new(Progress::start(self.log, self.verbosity(), config.metrics_file.as_deref()))
    }

    /// Starts to log what a server does.
    pub(super) fn lines(&self, config: &Config) -> Arc<Progress> {
        Arc::new(Progress::lines(self.log, self.verbosity(), config.metrics_file.as_deref()))
    }

    fn verbosity(&self) -> Verbosity {
        Verbosity { verbose: self.verbose, quiet: self.quiet }
    }
}

impl Args {
    /// The configuration with the command line's say, and the sources that are meant.
    ///
    /// # Errors
    /// What is wrong with the configuration.
    pub(super) fn configured(&self) -> Result<(Config, Vec<Source>), ConfigError> {
        let mut config = Config::load(&self.config)?;
        self.output.apply(&mut config);
        if let Some(path) = &self.store {
            config.store = Some(path.clone());
        }
        config.fetch.allow_hosts.extend(self.allow_host.iter().cloned());
        config.take_in_book()?;
        let sources = config.select(&self.source, &self.config)?;
        config.check_contact(&sources, &self.config)?;
        Ok((config, sources))
    }

    /// What a run shows.
    pub(super) fn output(&self) -> &OutputArgs {
        &self.output
    }
}

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    let (config, sources) = match args.configured() {
        Ok(configured) => configured,
        Err(error) => {
            complain(error);
            return USAGE;
        }
    };
    if sources.is_empty() {
        complain("every source is paused; name one by --source to crawl it all the same");
        return DONE;
    }
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(format_args!("cannot start threads: {error}; free some memory or raise the limit on processes"));
            return FAILED;
        }
    };
    let progress = args.output.progress(&config);
    match runtime.block_on(crawl(&config, sources, &progress)) {
        Ok(summary) => show(&config, &summary),
        Err(error) => {
            complain(error);
            FAILED
        }
    }
}

/// The runtime of a crawl.
pub(super) fn runtime() -> std::io::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().max_blocking_threads(BLOCKING_THREADS).build()
}

/// Prints a summary; the exit code that goes with it.
pub(super) fn show(config: &Config, summary: &RunSummary) -> u8 {
    say(&summary_table::render(summary, &config.archive.path));
    for name in &summary.unreachable {
        let reason = summary.sources[name].failed.values().find_map(|failure| failure.examples.first());
        let reason =
            reason.map_or_else(|| "robots.txt disallows all of it".to_owned(), |example| example.error.clone());
        complain(format_args!("nothing of the source {name} could be reached: {reason}"));
    }
    match summary {
        _ if summary.interrupted => INTERRUPTED,
        _ if summary.unreachable.is_empty() => DONE,
        _ => FAILED,
    }
}

/// Prints to standard output. A reader that has gone (`| head`) has seen enough, and the run is saved all the same.
pub(super) fn say(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// Crawls, and stops in order on the first Ctrl-C or SIGTERM, at once on the second.
pub(super) async fn crawl(
    config: &Config,
    sources: Vec<Source>,
    progress: &Arc<Progress>,
) -> Result<RunSummary, Box<dyn std::error::Error>> {
    let parts = parts::open(config, sources)?;
    let following = parts::follow(config, Arc::clone(&parts.frontier))?;
    let stop = CancellationToken::new();
    let deliveries = Beside::begin(config, &stop)?;
    let listener = tokio::spawn(listen(stop.clone()));
    let observer = Arc::clone(progress) as Arc<dyn Observer>;
    let result = crawl::run(parts, &config.crawl, observer, stop.clone()).await;
    deliveries.end().await;
    if let Some(following) = following {
        following.end(if stop.is_cancelled() { Haste::Stopped } else { Haste::None }).await;
    }
    listener.abort();
    progress.end();
    Ok(result?)
}

/// Cancels on the first Ctrl-C or SIGTERM, and ends the process on the second.
pub(super) async fn listen(stop: CancellationToken) {
    interrupted().await;
    stop.cancel();
    interrupted().await;
    std::process::exit(i32::from(INTERRUPTED));
}

/// Waits for Ctrl-C or, where there is one, SIGTERM.
pub(super) async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without a way to hear of it there is nothing to wait for.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
