//! Subscriptions at the hubs that feeds name (W3C Recommendation `WebSub`): asked for, renewed, and heard.
//!
//! A delivery only says that a feed has something new. It is not read for stories; the feed is fetched at once instead.

mod book;
mod callback;
mod signature;

use crate::crawl::{Event, Observer};
use crate::fetch::Fetcher;
use crate::model::CanonicalUrl;
use book::{Book, LEASE, Subscription};
use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use url::Url;

/// The file's name, beside the store.
const FILE: &str = "websub.json";

/// Hubs that are asked at the same time, so that a slow one keeps few others waiting.
const MAX_ASKED: usize = 8;

/// The shortest time between two fetches of a feed for which its hub is the reason.
const NEWS_PAUSE: SignedDuration = SignedDuration::from_secs(30);

/// The longest wait before it is looked again what is to be done, so that a clock which was set is noticed.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// The wait after the file could not be written: without it nothing is asked for.
const WRITE_PAUSE: Duration = Duration::from_secs(10);

/// The file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}; correct the file, or move it away to subscribe anew", path.display())]
pub struct WebsubError {
    path: PathBuf,
    source: io::Error,
}

/// A feed that has something new, by its hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// Its source.
    pub source: String,
    /// The feed, as the store knows it.
    pub feed: CanonicalUrl,
    /// When to fetch it: now or, if it was told of just before, a little later.
    pub due: Timestamp,
}

/// The subscriptions of a daemon.
pub struct Websub {
    path: PathBuf,
    public: Url,
    fetcher: Fetcher,
    book: Mutex<Book>,
    /// Feeds that were told of, by subscription, and when each is or was to be fetched for it.
    told: Mutex<Told>,
    has_work: Notify,
    has_news: Notify,
}

#[derive(Default)]
struct Told {
    waiting: HashMap<String, News>,
    last: HashMap<String, Timestamp>,
}

impl fmt::Debug for Websub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Websub").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Websub {
    /// The subscriptions beside a store. `public` is where hubs reach this server, and ends with a slash.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn open(store: &Path, public: Url, fetcher: Fetcher) -> Result<Self, WebsubError> {
        let path = store.with_file_name(FILE);
        let book = Book::read(&path).map_err(|source| WebsubError { path: path.clone(), source })?;
        Ok(Self {
            path,
            public,
            fetcher,
            book: Mutex::new(book),
            told: Mutex::default(),
            has_work: Notify::new(),
            has_news: Notify::new(),
        })
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets the subscriptions of sources that are crawled no more. Their hubs hear of it when they next deliver.
    pub fn keep_only(&self, sources: &HashSet<String>) {
        self.book().keep_only(sources);
        self.has_work.notify_one();
    }

    /// Waits until hubs have told of news.
    pub async fn news(&self) -> Vec<News> {
        loop {
            let waiting = std::mem::take(&mut self.told.lock().unwrap_or_else(PoisonError::into_inner).waiting);
            if !waiting.is_empty() {
                return waiting.into_values().collect();
            }
            self.has_news.notified().await;
        }
    }

    /// Subscribes, renews and keeps the file, until it is told to stop.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        let mut asked = JoinSet::new();
        while !stop.is_cancelled() {
            let claimed = self.book().claim(Timestamp::now(), MAX_ASKED.saturating_sub(asked.len()));
            // A hub asks back at once, and may do so after a restart: what it is asked for has to be known then.
            let wait = if self.write().await {
                for subscription in claimed {
                    asked.spawn(Arc::clone(&self).subscribe(subscription));
                }
                self.wait(asked.len() < MAX_ASKED)
            } else {
                let now = Timestamp::now();
                for subscription in &claimed {
                    self.book().failed(subscription, now);
                }
                WRITE_PAUSE
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.has_work.notified() => {}
                Some(_) = asked.join_next(), if !asked.is_empty() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
        self.write().await;
    }

    /// How long there is nothing to do.
    fn wait(&self, has_room: bool) -> Duration {
        let next = self.book().next().filter(|_| has_room);
        let wait = next.and_then(|next| Duration::try_from(next.duration_since(Timestamp::now())).ok());
        match (next, wait) {
            (Some(_), wait) => wait.unwrap_or_default().min(LONGEST_WAIT),
            (None, _) => LONGEST_WAIT,
        }
    }

    /// Brings the file up to date; false where that failed.
    async fn write(&self) -> bool {
        let text = {
            let mut book = self.book();
            if !std::mem::take(&mut book.is_changed) {
                return true;
            }
            book.text()
        };
        let path = self.path.clone();
        let error = match tokio::task::spawn_blocking(move || book::write(&path, &text)).await {
            Ok(Ok(())) => return true,
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        };
        self.book().is_changed = true;
        tracing::warn!(error, "subscriptions cannot be kept, so that nothing is subscribed to");
        false
    }

    /// Asks a hub for a subscription; it asks back at the callback.
    async fn subscribe(self: Arc<Self>, subscription: Subscription) {
        let callback = match self.public.join(&format!("websub/{}", subscription.id)) {
            Ok(callback) => callback.to_string(),
            Err(error) => {
                tracing::warn!(%error, "[serve] public_url leads nowhere");
                return;
            }
        };
        let lease = LEASE.as_secs().to_string();
        let fields = [
            ("hub.mode", "subscribe"),
            ("hub.topic", subscription.topic.as_str()),
            ("hub.callback", &callback),
            ("hub.secret", &subscription.secret),
            ("hub.lease_seconds", &lease),
        ];
        let (source, hub) = (&subscription.source, &subscription.hub);
        match self.fetcher.post_form(hub, &fields).await {
            Ok(()) => tracing::info!(source, %hub, "asked a hub to tell of news"),
            Err(error) => {
                tracing::warn!(source, %hub, %error, "a hub cannot be subscribed to, and is asked again later");
                self.book().failed(&subscription, Timestamp::now());
            }
        }
    }

    fn find(&self, id: &str) -> Option<Subscription> {
        self.book().find(id).cloned()
    }

    fn verified(&self, known: &Subscription, seconds: Option<i64>) {
        self.book().verified(&known.id, seconds, Timestamp::now());
        self.has_work.notify_one();
        tracing::info!(source = known.source, hub = %known.hub, "a hub tells of news");
    }

    fn denied(&self, known: &Subscription, reason: &str) {
        self.book().denied(&known.id, Timestamp::now());
        self.has_work.notify_one();
        tracing::warn!(source = known.source, hub = %known.hub, reason, "a hub does not want us, and is asked again tomorrow");
    }

    /// Notes that a feed has something new.
    fn tell(&self, known: &Subscription) {
        let Some(feed) = CanonicalUrl::parse(&known.feed) else { return };
        let now = Timestamp::now();
        {
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            let last = told.last.get(&known.id).copied();
            // One that waits is not put off by the next.
            let due = match last {
                Some(last) if last > now => last,
                Some(last) => last.checked_add(NEWS_PAUSE).unwrap_or(now).max(now),
                None => now,
            };
            told.last.insert(known.id.clone(), due);
            let news = News { source: known.source.clone(), feed, due };
            told.waiting.insert(known.id.clone(), news);
        }
        self.has_news.notify_one();
    }
}

impl Observer for Websub {
    fn event(&self, event: Event<'_>) {
        if let Event::Feed { source, feed, offer } = event {
            self.book().note(source, feed, offer, Timestamp::now());
            self.has_work.notify_one();
        }
    }
}
