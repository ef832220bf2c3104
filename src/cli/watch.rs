//! `copydesk watch`: a daemon that looks at each source at its own times.

use super::crawl::{Args, listen, runtime};
use super::deliver::Beside;
use super::notify::{Notifier, watchdog};
use super::parts;
use super::progress::Progress;
use super::{FAILED, INTERRUPTED, USAGE, complain};
use crate::archive::Archive;
use crate::config::{Config, ConfigError, SourceBook};
use crate::crawl::{Event, Haste, Observer, Parts, Source, Watch};
use crate::fetch::Fetcher;
use crate::frontier::{Frontier, FrontierError, HubVisits, SqliteFrontier};
use crate::serve::{News, Websub};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio_util::sync::CancellationToken;

/// Runs the subcommand.
pub(super) fn run(args: &Args) -> u8 {
    let (config, _) = match configured(args) {
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
        let result = watch(Orders { config, again, websub: None }, &progress, stop).await;
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
    /// Gives it as it is now, with its sources, for when either may have changed.
    pub(super) again: Box<Again>,
    /// Hubs that tell of news, where they can reach us.
    pub(super) websub: Option<Arc<Websub>>,
}

/// Crawls until it is told to stop.
pub(super) async fn watch(
    orders: Orders,
    progress: &Arc<Progress>,
    stop: CancellationToken,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let Orders { config, again, websub } = orders;
    let mut hangup = Hangup::listen();
    // What was said of sources since the configuration was read is heard of, as the book is looked at before it is read again.
    let mut book = BookChanges::of(&config);
    let (mut config, mut sources) = again()?;
    let frontier: Arc<SqliteFrontier> = parts::store(&config)?;
    let mut fetcher = parts::fetcher(&config, &sources)?;
    // An archive that cannot be written to is found out before anybody hears that all is well.
    Archive::open(&config.archive)?;
    let following = parts::follow(&config, Arc::clone(&frontier) as Arc<dyn Frontier>)?;
    let notifier = Arc::new(Notifier::from_environment());
    let mut deliveries = Beside::begin(&config, &stop)?;
    let alive = watchdog().map(|every| tokio::spawn(show_life(Arc::clone(&notifier), every)));
    // Not before the store is ours: another process on it would have the same subscriptions.
    let subscribing = websub.as_ref().map(|websub| {
        websub.keep_only(&names(&sources));
        tokio::spawn(Arc::clone(websub).run(stop.clone()))
    });
    let observer: Arc<dyn Observer> = match &websub {
        Some(websub) => Arc::new(Both(Arc::clone(progress), Arc::clone(websub))),
        None => Arc::clone(progress) as Arc<dyn Observer>,
    };
    notifier.tell("READY=1");
    tracing::info!(sources = sources.len(), "watching");

    let mut watch = Watch::default();
    let mut news = Vec::new();
    while !stop.is_cancelled() {
        let mut reload = false;
        hasten(&config, &frontier).await?;
        hasten_news(&mut news, &frontier).await?;
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
            let pass = watch.pass(parts, &config.crawl, Arc::clone(&observer), &stop, &enough);
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
                    // A pass takes up what becomes due while it goes on.
                    told = heard(websub.as_ref()) => {
                        news.extend(told);
                        hasten_news(&mut news, &frontier).await?;
                    }
                }
            }
        } else {
            tokio::select! {
                () = tokio::time::sleep(rest) => {}
                () = stop.cancelled() => {}
                () = hangup.heard() => reload = true,
                () = book.heard() => reload = true,
                // The next turn makes due what is new.
                told = heard(websub.as_ref()) => news.extend(told),
            }
        }
        if reload && !stop.is_cancelled() {
            notifier.tell("RELOADING=1");
            if let Some(fresh) = reloaded(&again, &config, &frontier) {
                (config, sources, fetcher) = fresh;
                watch.begin_anew();
                if let Some(websub) = &websub {
                    websub.keep_only(&names(&sources));
                }
                deliveries.end().await;
                deliveries = Beside::begin(&config, &stop)?;
            }
            notifier.tell("READY=1");
        }
    }
    notifier.tell("STOPPING=1");
    if let Some(subscribing) = subscribing {
        stop.cancel();
        let _ = subscribing.await;
    }
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

/// Tells both.
struct Both(Arc<Progress>, Arc<Websub>);

impl Observer for Both {
    fn event(&self, event: Event<'_>) {
        self.1.event(event);
        self.0.event(event);
    }
}

fn names(sources: &[Source]) -> HashSet<String> {
    sources.iter().map(|source| source.name.clone()).collect()
}

/// Waits for a hub to tell of news; without end where there is none.
async fn heard(websub: Option<&Arc<Websub>>) -> Vec<News> {
    match websub {
        Some(websub) => websub.news().await,
        None => std::future::pending().await,
    }
}

/// How long a hub's word is kept in mind: longer than a pass, which may be just fetching the feed as it was before.
const NEWS_KEPT: SignedDuration = SignedDuration::from_mins(2);

/// Makes due the feeds that have something new, but for those that were fetched since. What is old is forgotten.
async fn hasten_news(
    news: &mut Vec<News>,
    frontier: &Arc<SqliteFrontier>,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let now = Timestamp::now();
    news.retain(|news| now.duration_since(news.due) < NEWS_KEPT);
    if news.is_empty() {
        return Ok(());
    }
    let (news, frontier) = (news.clone(), Arc::clone(frontier));
    let work = move || {
        for News { source, feed, due } in news {
            if frontier.hasten_hub(&feed, due)? {
                tracing::info!(source, feed = feed.as_str(), "a hub told of news");
            }
        }
        Ok::<_, FrontierError>(())
    };
    Ok(tokio::task::spawn_blocking(work).await??)
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
