//! Delivers what is waiting, and goes on as more comes.

use super::cursor::Cursor;
use super::webhook::Secret;
use super::{Answer, Receiver, Way, command, webhook};
use crate::archive::ArchiveError;
use crate::archive::catalogue::{Catalogue, Filter, Version, Versions};
use reqwest::Client;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How often it is looked for new versions.
const LOOK: Duration = Duration::from_millis(250);

/// Versions that are read at a time.
const PAGE: usize = 32;

/// Why nothing can be delivered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeliverError {
    /// The catalogue cannot be read.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// What a receiver has taken cannot be kept.
    #[error("cannot keep what {receiver} has taken, under {}: {source}; check the folder's permissions", archive.display())]
    Cursor {
        /// The receiver.
        receiver: String,
        /// The archive.
        archive: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// What is to sign a webhook is not there.
    #[error("the webhook {receiver} cannot be signed: the environment variable {variable} {problem}")]
    Secret {
        /// The receiver.
        receiver: String,
        /// The variable.
        variable: String,
        /// What is wrong with it.
        problem: String,
    },
    /// No HTTP client can be made.
    #[error("webhooks cannot be sent: {0}")]
    Client(reqwest::Error),
    /// A part of it died.
    #[error("the delivery to {receiver} died: {reason}; this is a fault of copydesk, please report it")]
    Died {
        /// The receiver.
        receiver: String,
        /// Why.
        reason: String,
    },
}

/// How hard it is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutboxOptions {
    /// The pause after a first refusal; each further one doubles it.
    pub first_pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
    /// Once no more versions come, how long a receiver that refuses is tried on. What it has not taken by then it is given
    /// the next time.
    pub patience: Duration,
}

impl Default for OutboxOptions {
    fn default() -> Self {
        Self {
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_mins(5),
            patience: Duration::from_secs(10),
        }
    }
}

/// What a receiver was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// The receiver.
    pub receiver: String,
    /// Versions that it took.
    pub taken: u64,
    /// Refusals on the way.
    pub refused: u64,
    /// The last version that it was told of, or that is none of its.
    pub seq: u64,
    /// Whether there is nothing left for it.
    pub is_done: bool,
}

/// Receivers, and where their versions are.
#[derive(Debug)]
pub struct Outbox {
    archive: PathBuf,
    receivers: Vec<(Receiver, Option<Secret>)>,
    options: OutboxOptions,
}

impl Outbox {
    /// An outbox over an archive with a catalogue.
    ///
    /// # Errors
    /// [`DeliverError::Secret`] where the environment does not have what is to sign a webhook.
    pub fn new(archive: &Path, receivers: Vec<Receiver>, options: OutboxOptions) -> Result<Self, DeliverError> {
        let signed = receivers.into_iter().map(|receiver| {
            let secret = secret_of(&receiver)?;
            Ok((receiver, secret))
        });
        Ok(Self { archive: archive.to_owned(), receivers: signed.collect::<Result<_, DeliverError>>()?, options })
    }

    /// Delivers until `ending` says that no more versions come and what there is has been taken, or `stop` says that it is
    /// enough. Each receiver has its versions one after the other, and none waits for another.
    ///
    /// # Errors
    /// [`DeliverError`] where the catalogue cannot be read or a cursor not be kept. Receivers that refuse are no error.
    pub async fn run(self, ending: CancellationToken, stop: CancellationToken) -> Result<Vec<Delivered>, DeliverError> {
        // Whoever embeds the library may have chosen a provider already; that one serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // Where a webhook leads is for its owner to say, in the configuration, so that the guard for pages is not asked.
        let client = Client::builder()
            .user_agent(concat!("copydesk/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(DeliverError::Client)?;
        let mut tasks = JoinSet::new();
        let mut names = std::collections::HashMap::new();
        for (receiver, secret) in self.receivers {
            let name = receiver.name.clone();
            let delivery = Delivery {
                archive: self.archive.clone(),
                receiver,
                secret,
                options: self.options,
                client: client.clone(),
                ending: ending.clone(),
                stop: stop.clone(),
            };
            names.insert(tasks.spawn(delivery.run()).id(), name);
        }
        let mut delivered = Vec::new();
        while let Some(ended) = tasks.join_next_with_id().await {
            match ended {
                Ok((_, result)) => delivered.extend(result?),
                Err(error) => {
                    let receiver = names.remove(&error.id()).unwrap_or_default();
                    return Err(DeliverError::Died { receiver, reason: error.to_string() });
                }
            }
        }
        delivered.sort_by(|one, other| one.receiver.cmp(&other.receiver));
        Ok(delivered)
    }
}

fn secret_of(receiver: &Receiver) -> Result<Option<Secret>, DeliverError> {
    let Way::Webhook(webhook) = &receiver.way else { return Ok(None) };
    let Some(variable) = &webhook.secret_env else { return Ok(None) };
    let text = std::env::var(variable).map_err(|_| "is not set, or is no text".to_owned());
    text.and_then(|text| Secret::parse(text.trim())).map(Some).map_err(|problem| DeliverError::Secret {
        receiver: receiver.name.clone(),
        variable: variable.clone(),
        problem,
    })
}

/// The delivery to one receiver.
struct Delivery {
    archive: PathBuf,
    receiver: Receiver,
    secret: Option<Secret>,
    options: OutboxOptions,
    client: Client,
    ending: CancellationToken,
    stop: CancellationToken,
}

impl Delivery {
    /// Nothing where another process delivers to it.
    async fn run(self) -> Result<Option<Delivered>, DeliverError> {
        let name = self.receiver.name.clone();
        let Some(mut cursor) = self.cursor()? else {
            tracing::info!(receiver = name, "another process delivers to it");
            return Ok(None);
        };
        let mut delivered =
            Delivered { receiver: name.clone(), taken: 0, refused: 0, seq: cursor.seq(), is_done: false };
        loop {
            // Asked first, so that nothing which was committed before is missed.
            let is_ending = self.ending.is_cancelled();
            let (page, end) = self.page(cursor.seq()).await?;
            let is_last = page.len() < PAGE;
            for version in page {
                if !self.deliver(&version, &mut delivered).await {
                    delivered.seq = cursor.seq();
                    return Ok(Some(delivered));
                }
                self.save(&mut cursor, version.article.seq)?;
            }
            if !is_last {
                continue;
            }
            // What is none of its is passed over for good.
            if end > cursor.seq() {
                self.save(&mut cursor, end)?;
            }
            delivered.seq = cursor.seq();
            if is_ending {
                delivered.is_done = true;
                return Ok(Some(delivered));
            }
            tokio::select! {
                () = self.stop.cancelled() => return Ok(Some(delivered)),
                () = self.ending.cancelled() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    fn cursor(&self) -> Result<Option<Cursor>, DeliverError> {
        let name = &self.receiver.name;
        Cursor::open(&self.archive, name, 0).map_err(|source| self.unkept(source))
    }

    fn save(&self, cursor: &mut Cursor, seq: u64) -> Result<(), DeliverError> {
        cursor.save(seq, &self.receiver.name).map_err(|source| self.unkept(source))
    }

    fn unkept(&self, source: std::io::Error) -> DeliverError {
        DeliverError::Cursor { receiver: self.receiver.name.clone(), archive: self.archive.clone(), source }
    }

    /// The next versions for it, and the last number that there is.
    async fn page(&self, after: u64) -> Result<(Vec<Version>, u64), DeliverError> {
        let (archive, filter) = (self.archive.clone(), self.receiver.filter.clone());
        let read = tokio::task::spawn_blocking(move || read_page(&archive, after, &filter));
        match read.await {
            Ok(page) => Ok(page?),
            Err(error) => Err(DeliverError::Died { receiver: self.receiver.name.clone(), reason: error.to_string() }),
        }
    }

    /// Tries until the receiver has a version; false where it is to be left for the next time.
    async fn deliver(&self, version: &Version, delivered: &mut Delivered) -> bool {
        let mut pause = self.options.first_pause;
        let mut given_up: Option<Instant> = None;
        loop {
            let attempt = async {
                match &self.receiver.way {
                    Way::Webhook(webhook) => webhook::send(&self.client, webhook, self.secret.as_ref(), version).await,
                    Way::Command(hook) => command::start(hook, version).await,
                }
            };
            let answer = tokio::select! {
                () = self.stop.cancelled() => return false,
                answer = attempt => answer,
            };
            let Answer::Refused(why) = answer else {
                delivered.taken += 1;
                return true;
            };
            delivered.refused += 1;
            let seq = version.article.seq;
            tracing::warn!(receiver = self.receiver.name, seq, why, pause = ?pause, "not taken; it is tried again");
            let wait = Instant::now() + pause;
            pause = (pause * 2).min(self.options.longest_pause);
            loop {
                if self.ending.is_cancelled() {
                    let end = *given_up.get_or_insert_with(|| Instant::now() + self.options.patience);
                    if Instant::now() >= end {
                        return false;
                    }
                    tokio::select! {
                        () = self.stop.cancelled() => return false,
                        () = tokio::time::sleep_until(wait.min(end)) => {}
                    }
                    break;
                }
                tokio::select! {
                    () = self.stop.cancelled() => return false,
                    () = self.ending.cancelled() => {}
                    () = tokio::time::sleep_until(wait) => break,
                }
            }
        }
    }
}

fn read_page(archive: &Path, after: u64, filter: &Filter) -> Result<(Vec<Version>, u64), ArchiveError> {
    let catalogue = match Catalogue::open(archive) {
        Ok(catalogue) => catalogue,
        // The first run makes it.
        Err(ArchiveError::NoCatalogue { .. }) => return Ok((Vec::new(), 0)),
        Err(error) => return Err(error),
    };
    let end = catalogue.last_seq()?;
    let mut page = Vec::new();
    catalogue.each(after, Versions::All, filter, |version| {
        if version.article.seq <= end {
            page.push(version);
            return Ok::<_, ArchiveError>(page.len() < PAGE);
        }
        Ok(false)
    })?;
    Ok((page, end))
}
