//! A bucket (S3 and what speaks like it, Google's, Azure's) that follows the archive's folder.
//!
//! The folder stays what the sinks write. What is committed in it is sent, and sent again when it has changed; what is there
//! no more is removed from the bucket, after everything else has arrived. What the bucket has confirmed is known durably, so
//! that an outage, a kill or a restart costs nothing but the time until the next round.

mod error;
mod known;
mod local;
mod remote;
mod send;
mod verify;

pub use error::BucketError;
pub use verify::{Depth, Difference, Problem};

use crate::model::SinkPosition;
use futures_util::StreamExt;
use jiff::Timestamp;
use known::{Known, Object};
use local::{Kind, LocalFile};
use object_store::ObjectStoreExt;
use object_store::path::Path as Key;
use remote::Remote;
use send::Parcel;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use url::Url;

/// Seconds after which a file that grows is sent again while a run goes on. Buckets cannot append, so that it is sent whole.
const GROWING_EVERY: i64 = 60 * 60;

/// The same of the catalogue, which is the largest file and can be made anew of the others.
const CATALOGUE_EVERY: i64 = 24 * 60 * 60;

/// Files of one piece that are under way at the same time.
const CONCURRENCY: usize = 8;

/// Failures in a row after which a round ends: the bucket cannot be reached, and each costs seconds.
const MAX_FAILURES: u32 = 3;

/// What a round is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Round {
    /// A run goes on: what grows waits.
    Going,
    /// A run has ended: all is sent.
    Last,
}

/// What a round did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sent {
    /// Files sent.
    pub files: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// Objects removed.
    pub removed: u64,
    /// Files that could not be sent and wait for another round.
    pub waiting: u64,
    /// What went wrong first.
    pub failure: Option<String>,
}

/// A bucket, with what is known of it.
pub struct Bucket {
    root: PathBuf,
    store: PathBuf,
    prefix: Key,
    remote: Arc<dyn Remote>,
    known: Known,
}

impl std::fmt::Debug for Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bucket").field("root", &self.root).field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

impl Bucket {
    /// The bucket of a URL (`s3://bucket/prefix`, `gs://…`, `az://…`) for the archive in a folder. How to sign in is read
    /// from the environment. `store` is the store's file, which does not belong into it. Nothing is asked of the bucket yet.
    ///
    /// # Errors
    /// [`BucketError`] for an address that is none, or where what is known of the bucket cannot be read.
    pub fn open(root: &Path, store: &Path, url: &Url) -> Result<Self, BucketError> {
        let (remote, prefix) = remote::open(url)?;
        super::safe_file::make_folder(root)?;
        let known = Known::open(root, url)?;
        Ok(Self { root: root.to_owned(), store: store.to_owned(), prefix, remote, known })
    }

    /// Sends what is not in the bucket as it is in the folder, and then removes what is no longer in the folder. Ends early
    /// when `stop` is cancelled or the bucket cannot be reached: another round takes up where this one ended.
    pub async fn send(&mut self, committed: &[SinkPosition], round: Round, stop: &CancellationToken) -> Sent {
        let mut sent = Sent::default();
        if let Err(error) = self.round(committed, round, stop, &mut sent).await {
            sent.failure.get_or_insert_with(|| error.to_string());
        }
        sent
    }

    async fn round(
        &mut self,
        committed: &[SinkPosition],
        round: Round,
        stop: &CancellationToken,
        sent: &mut Sent,
    ) -> Result<(), BucketError> {
        let files = self.files(committed).await?;
        let mut small = Vec::new();
        let mut large = Vec::new();
        for file in &files {
            let known = self.known.object(&file.path)?;
            if !is_due(file, known.as_ref(), round) {
                continue;
            }
            // Of a catalogue, what counts is the copy that is sent.
            let list = if file.size > send::PART || file.kind == Kind::Catalogue { &mut large } else { &mut small };
            list.push((file.clone(), known));
        }
        let mut left = (small.len() + large.len()) as u64;
        let mut failures = 0;
        let (remote, root, prefix) = (Arc::clone(&self.remote), self.root.clone(), self.prefix.clone());
        let mut under_way = futures_util::stream::iter(small)
            .map(|(file, known)| {
                let (remote, root, prefix) = (Arc::clone(&remote), root.clone(), prefix.clone());
                async move {
                    let result = send_small(&remote, &root, &prefix, &file, known).await;
                    (file, result)
                }
            })
            .buffer_unordered(CONCURRENCY);
        while failures < MAX_FAILURES && !stop.is_cancelled() {
            let Some((file, result)) = under_way.next().await else { break };
            self.end_file(&file, result, sent, &mut left, &mut failures)?;
        }
        drop(under_way);
        for (file, known) in large {
            if failures >= MAX_FAILURES || stop.is_cancelled() {
                break;
            }
            let result = self.send_large(&file, known).await;
            self.end_file(&file, result, sent, &mut left, &mut failures)?;
        }
        sent.waiting = left;
        // What was removed here may be in a file that has not arrived yet.
        if left == 0 && !stop.is_cancelled() {
            self.remove(&files, sent).await?;
        }
        Ok(())
    }

    async fn files(&mut self, committed: &[SinkPosition]) -> Result<Vec<LocalFile>, BucketError> {
        let (root, store, committed) = (self.root.clone(), self.store.clone(), committed.to_vec());
        Ok(send::blocking(move || local::files(&root, &store, &committed)).await?)
    }

    /// Notes what became of a file.
    fn end_file(
        &mut self,
        file: &LocalFile,
        result: Result<(Object, bool), BucketError>,
        sent: &mut Sent,
        left: &mut u64,
        failures: &mut u32,
    ) -> Result<(), BucketError> {
        match result {
            Ok((object, is_new)) => {
                self.known.note(&file.path, &object)?;
                (*failures, *left) = (0, *left - 1);
                if is_new {
                    sent.files += 1;
                    sent.bytes += object.size;
                }
            }
            Err(error) => {
                *failures += 1;
                tracing::debug!(file = file.path, %error, "not sent");
                sent.failure.get_or_insert_with(|| error.to_string());
            }
        }
        Ok(())
    }

    /// Sends a file in parts, or the catalogue. Returns what is then known of it, and whether it was sent.
    async fn send_large(&mut self, file: &LocalFile, known: Option<Object>) -> Result<(Object, bool), BucketError> {
        let parcel = if file.kind == Kind::Catalogue {
            self.copied(file).await?
        } else {
            parcel(&self.root, &self.prefix, file, None).await?
        };
        let result = match unchanged(file, &parcel, known) {
            Some(object) => Ok((object, false)),
            None if parcel.size > send::PART => send::in_parts(&self.remote, &mut self.known, &parcel)
                .await
                .map(|e_tag| (object(file, &parcel, e_tag), true)),
            None => send::whole(&self.remote, &parcel).await.map(|e_tag| (object(file, &parcel, e_tag), true)),
        };
        if file.kind == Kind::Catalogue && result.is_ok() {
            local::remove_snapshot(&self.root)?;
        }
        result
    }

    /// A copy of the catalogue, to be sent.
    async fn copied(&mut self, file: &LocalFile) -> Result<Parcel, BucketError> {
        let root = self.root.clone();
        let copy = send::blocking(move || local::snapshot(&root)).await?;
        let size = copy.metadata().map_err(|source| super::ArchiveError::file("read", &copy, source))?.len();
        parcel(&self.root, &self.prefix, &LocalFile { size, ..file.clone() }, Some(copy)).await
    }

    /// Removes what the folder has no more.
    async fn remove(&mut self, files: &[LocalFile], sent: &mut Sent) -> Result<(), BucketError> {
        let there: HashSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
        for path in self.known.uploads()?.into_iter().filter(|path| !there.contains(path.as_str())) {
            if let Some(upload) = self.known.upload(&path)? {
                send::abandon(&self.remote, &key(&self.prefix, &path), &upload).await;
            }
            self.known.give_up(&path)?;
        }
        for path in self.known.paths()?.into_iter().filter(|path| !there.contains(path.as_str())) {
            let key = key(&self.prefix, &path);
            match self.remote.delete(&key).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(source) => return Err(BucketError::Remote { doing: "remove", key: key.to_string(), source }),
            }
            self.known.forget(&path)?;
            sent.removed += 1;
        }
        Ok(())
    }
}

/// Whether a file has to be sent in a round.
fn is_due(file: &LocalFile, known: Option<&Object>, round: Round) -> bool {
    let Some(known) = known else { return true };
    let rest = match file.kind {
        Kind::Whole => 0,
        Kind::Growing => GROWING_EVERY,
        Kind::Catalogue => CATALOGUE_EVERY,
    };
    let is_changed = known.changed != file.changed || (file.kind != Kind::Catalogue && known.size != file.size);
    is_changed && (round == Round::Last || now() - known.sent >= rest)
}

async fn send_small(
    remote: &Arc<dyn Remote>,
    root: &Path,
    prefix: &Key,
    file: &LocalFile,
    known: Option<Object>,
) -> Result<(Object, bool), BucketError> {
    let parcel = parcel(root, prefix, file, None).await?;
    match unchanged(file, &parcel, known) {
        Some(object) => Ok((object, false)),
        None => Ok((object(file, &parcel, send::whole(remote, &parcel).await?), true)),
    }
}

/// What is sent of a file, or of a copy of it.
async fn parcel(root: &Path, prefix: &Key, file: &LocalFile, copy: Option<PathBuf>) -> Result<Parcel, BucketError> {
    let (path, size) = (copy.unwrap_or_else(|| root.join(&file.path)), file.size);
    let digest = send::blocking({
        let path = path.clone();
        move || local::digest(&path, size)
    })
    .await?;
    Ok(Parcel { path: file.path.clone(), file: path, size, digest, key: key(prefix, &file.path) })
}

/// What is known of a file that was touched, but holds what it held.
fn unchanged(file: &LocalFile, parcel: &Parcel, known: Option<Object>) -> Option<Object> {
    let known = known.filter(|known| known.digest == parcel.digest && known.size == parcel.size)?;
    Some(Object { changed: file.changed, ..known })
}

fn object(file: &LocalFile, parcel: &Parcel, e_tag: Option<String>) -> Object {
    let digest = parcel.digest.clone();
    Object { size: parcel.size, changed: file.changed, digest, e_tag, sent: now() }
}

/// The name of a file in the bucket: as it is, behind the prefix.
fn key(prefix: &Key, path: &str) -> Key {
    let name = if prefix.as_ref().is_empty() { path.to_owned() } else { format!("{prefix}/{path}") };
    // What cannot stand in a name is escaped; our own files have nothing of the kind.
    Key::parse(&name).unwrap_or_else(|_| Key::from(name))
}

fn now() -> i64 {
    Timestamp::now().as_second()
}
