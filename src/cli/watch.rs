//! `copydesk watch`: a daemon that looks at each source at its own times.

use super::crawl::{Args, listen, runtime};
use super::deliver::Beside;
use super::notify::{Notifier, watchdog};
use super::parts;
use super::progress::Progress;
use super::{FAILED, INTERRUPTED, USAGE, complain};
use crate::archive::Archive;
use crate::config::{Config, ConfigError, SourceBook};
use crate::crawl::{Haste, Observer, Parts, Source, Watch};
use crate::fetch::Fetcher;
use crate::frontier::{Frontier, FrontierError, HubVisits, SqliteFrontier};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio_util::sync::CancellationToken;

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    let (config, sources) = match configured(args) {
        Ok(configured) => configured,
        Err(error) => {
            complain(error);
            return USAGE;
        }
    };
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(format_args!("cannot start threads: {error}; free some memory or raise the limit on processes"));
            return FAILED;
        }
    };
    let progress = args.output().progress(&config);
    let again = {
        let args = args.clone();
        Box::new(move || configured(&args))
    };
    let result = runtime.block_on(async {
        let stop = CancellationToken::new();
        let listener = tokio::spawn(listen(stop.clone()));
        let result = watch(Orders { config, sources, again }, &progress, stop).await;
        listener.abort();
        result
    });
    progress.end();
    match result {
        Ok(()) => INTERRUPTED,
        Err(error) => {
            complain(error);
            FAILED
        }
    }
}

/// The configuration, with the command line's say.
fn configured(args: &Args) -> Result<(Config, Vec<Source>), ConfigError> {
    let (mut config, sources) = args.configured()?;
    config.revisit.hubs = HubVisits::Scheduled;
    Ok((config, sources))
}

/// Gives the configuration and its sources as they are now.
pub(super) type Again = dyn Fn() -> Result<(Config, Vec<Source>), ConfigError> + Send + Sync;

/// What a daemon goes by.
pub(super) struct Orders {
    pub(super) config: Config,
    pub(super) sources: Vec<Source>,
    /// Gives both as they are now, for when they may have changed.
    pub(super) again: Box<Again>,
}

/// Crawls until it is told to stop.
pub(super) async fn watch(
    orders: Orders,
    progress: &Arc<Progress>,
    stop: CancellationToken,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let Orders { mut config, mut sources, again } = orders;
    let mut hangup = Hangup::listen();
    let frontier: Arc<SqliteFrontier> = parts::store(&config)?;
    let mut fetcher = parts::fetcher(&config, &sources)?;
    // An archive that cannot be written to is found out before anybody hears that all is well.
    Archive::open(&config.archive)?;
    let following = parts::follow(&config, Arc::clone(&frontier) as Arc<dyn Frontier>)?;
    let notifier = Arc::new(Notifier::from_environment());
    let mut deliveries = Beside::begin(&config, &stop)?;
    let mut book = BookChanges::of(&config);
    let alive = watchdog().map(|every| tokio::spawn(show_life(Arc::clone(&notifier), every)));
    notifier.tell("READY=1");
    tracing::info!(sources = sources.len(), "watching");

    let mut watch = Watch::default();
    while !stop.is_cancelled() {
        let mut reload = false;
        hasten(&config, &frontier).await?;
        let rest = watch.rest(Arc::clone(&frontier) as Arc<dyn Frontier>, &sources).await?;
        if rest.is_zero() {
            let parts = Parts {
                fetcher: fetcher.clone(),
                frontier: Arc::clone(&frontier) as Arc<dyn Frontier>,
                archive: Archive::open(&config.archive)?,
                clean: config.clean.clone(),
                sources: sources.clone(),
            };
            let enough = CancellationToken::new();
            let pass = watch.pass(parts, &config.crawl, Arc::clone(progress) as Arc<dyn Observer>, &stop, &enough);
            tokio::pin!(pass);
            loop {
                tokio::select! {
                    summary = &mut pass => break drop(summary?),
                    () = hangup.heard() => {
                        reload = true;
                        enough.cancel();
                    }
                    () = book.heard() => {
                        reload = true;
                        enough.cancel();
                    }
                }
            }
        } else {
            tokio::select! {
                () = tokio::time::sleep(rest) => {}
                () = stop.cancelled() => {}
                () = hangup.heard() => reload = true,
                () = book.heard() => reload = true,
            }
        }
        if reload && !stop.is_cancelled() {
            notifier.tell("RELOADING=1");
            if let Some(fresh) = reloaded(&again, &config, &frontier) {
                (config, sources, fetcher) = fresh;
                watch.begin_anew();
                deliveries.end().await;
                deliveries = Beside::begin(&config, &stop)?;
            }
            notifier.tell("READY=1");
        }
    }
    notifier.tell("STOPPING=1");
    watch.end(frontier, Archive::open(&config.archive)?).await?;
    deliveries.end().await;
    if let Some(following) = following {
        following.end(Haste::Stopped).await;
    }
    if let Some(alive) = alive {
        alive.abort();
    }
    Ok(())
}

/// Makes due what somebody wants crawled at once, and has not been since.
async fn hasten(
    config: &Config,
    frontier: &Arc<SqliteFrontier>,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (book, frontier) = (SourceBook::new(config), Arc::clone(frontier));
    let work = move || {
        let entries = match book.all() {
            Ok(entries) => entries,
            Err(error) => {
                tracing::warn!(%error, "what was said of sources cannot be used");
                return Ok(());
            }
        };
        for entry in entries {
            if let Some(asked) = entry.crawl_now.filter(|_| !entry.is_paused) {
                frontier.hasten(&entry.source.name, asked)?;
            }
        }
        Ok::<_, FrontierError>(())
    };
    Ok(tokio::task::spawn_blocking(work).await??)
}

/// The configuration as it is now; nothing where it cannot be used, and then the old one stays.
fn reloaded(again: &Again, old: &Config, frontier: &SqliteFrontier) -> Option<(Config, Vec<Source>, Fetcher)> {
    let fresh = again().map_err(|error| error.to_string()).and_then(|(config, sources)| {
        let fetcher = parts::fetcher(&config, &sources).map_err(|error| error.to_string())?;
        Ok((config, sources, fetcher))
    });
    match fresh {
        Ok((mut config, sources, fetcher)) => {
            if config.store_path() != old.store_path()
                || config.archive != old.archive
                || config.bucket != old.bucket
                || config.metrics_file != old.metrics_file
            {
                tracing::warn!("[archive], [store] and [crawl] metrics_file stay as they were until a restart");
                (config.store, config.archive) = (Some(old.store_path()), old.archive.clone());
                config.bucket.clone_from(&old.bucket);
            }
            frontier.set_rule(config.revisit.clone());
            tracing::info!(sources = sources.len(), "configuration reloaded");
            Some((config, sources, fetcher))
        }
        Err(error) => {
            tracing::error!(error, "the configuration cannot be used, and the old one stays");
            None
        }
    }
}

async fn show_life(notifier: Arc<Notifier>, every: Duration) {
    let mut beat = tokio::time::interval(every);
    loop {
        beat.tick().await;
        notifier.show_life();
    }
}

/// How often it is looked whether the book of sources has changed: somebody waits for what they have just said.
const LOOK: Duration = Duration::from_secs(1);

/// Hears that the book of sources has changed, whoever wrote it.
struct BookChanges {
    path: PathBuf,
    seen: Option<(SystemTime, u64)>,
}

impl BookChanges {
    fn of(config: &Config) -> Self {
        let path = SourceBook::new(config).path().to_owned();
        Self { seen: Self::state(&path), path }
    }

    fn state(path: &Path) -> Option<(SystemTime, u64)> {
        let file = std::fs::metadata(path).ok()?;
        Some((file.modified().ok()?, file.len()))
    }

    async fn heard(&mut self) {
        loop {
            let state = Self::state(&self.path);
            if state != self.seen {
                self.seen = state;
                return;
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}

/// Hears of SIGHUP, where there is such a thing.
struct Hangup {
    #[cfg(unix)]
    signal: Option<tokio::signal::unix::Signal>,
}

impl Hangup {
    fn listen() -> Self {
        Self {
            #[cfg(unix)]
            signal: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).ok(),
        }
    }

    async fn heard(&mut self) {
        #[cfg(unix)]
        if let Some(signal) = &mut self.signal
            && signal.recv().await.is_some()
        {
            return;
        }
        std::future::pending::<()>().await;
    }
}
