//! One file into the bucket, and whether it is there as it was sent.

use super::BucketError;
use super::known::{Known, Upload};
use super::local;
use super::remote::Remote;
use crate::archive::ArchiveError;
use bytes::Bytes;
use object_store::path::Path as Key;
use object_store::{ObjectStoreExt, PutPayload};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use xxhash_rust::xxh3::Xxh3;

/// Bytes of a part, at the least. What is smaller is sent in one piece. 8 MiB is what the AWS command line takes; the
/// format's own bound is 5.
pub(super) const PART: u64 = 8 << 20;

/// Parts of an upload, at the most: S3's bound.
const MAX_PARTS: u64 = 10_000;

/// What is sent, and to where.
#[derive(Debug, Clone)]
pub(super) struct Parcel {
    /// Relative to the archive.
    pub(super) path: String,
    /// The file to read.
    pub(super) file: PathBuf,
    /// How many bytes of it.
    pub(super) size: u64,
    /// The mark of these bytes.
    pub(super) digest: String,
    pub(super) key: Key,
}

/// Sends a file in one piece. Returns what the bucket calls its content.
pub(super) async fn whole(remote: &Arc<dyn Remote>, parcel: &Parcel) -> Result<Option<String>, BucketError> {
    let (file, size) = (parcel.file.clone(), parcel.size);
    let bytes = blocking(move || read(&file, 0, size)).await?;
    let mut hash = Xxh3::new();
    hash.update(&bytes);
    unchanged(parcel, &hash)?;
    let put = remote.put(&parcel.key, PutPayload::from_bytes(bytes)).await;
    let put = put.map_err(|source| failed("put", parcel, source))?;
    confirm(remote, parcel, put.e_tag).await
}

/// Sends a file in parts. Those that an earlier try has sent of the same content are not sent again.
pub(super) async fn in_parts(
    remote: &Arc<dyn Remote>,
    known: &mut Known,
    parcel: &Parcel,
) -> Result<Option<String>, BucketError> {
    let upload = match known.upload(&parcel.path)? {
        Some(upload) if upload.digest == parcel.digest => upload,
        other => {
            if let Some(other) = other {
                abandon(remote, &parcel.key, &other).await;
            }
            let id = remote.create_multipart(&parcel.key).await;
            let id = id.map_err(|source| failed("begin to put", parcel, source))?;
            let upload = Upload { digest: parcel.digest.clone(), id };
            known.begin(&parcel.path, &upload)?;
            upload
        }
    };
    let length = PART.max(parcel.size.div_ceil(MAX_PARTS));
    let (mut parts, mut hash) = (Vec::new(), Xxh3::new());
    let starts = (0..parcel.size).step_by(usize::try_from(length).unwrap_or(usize::MAX));
    for (number, start) in (0_u32..).zip(starts) {
        let (file, end) = (parcel.file.clone(), parcel.size.min(start + length));
        let bytes = blocking(move || read(&file, start, end - start)).await?;
        hash.update(&bytes);
        let part = match known.part(&parcel.path, number)? {
            Some(part) => part,
            None => {
                match remote.put_part(&parcel.key, &upload.id, number as usize, PutPayload::from_bytes(bytes)).await {
                    Ok(part) => {
                        known.note_part(&parcel.path, number, &part)?;
                        part
                    }
                    Err(source) => return Err(lost(known, parcel, "put a part of", source)),
                }
            }
        };
        parts.push(part);
    }
    if let Err(error) = unchanged(parcel, &hash) {
        abandon(remote, &parcel.key, &upload).await;
        known.give_up(&parcel.path)?;
        return Err(error);
    }
    match remote.complete_multipart(&parcel.key, &upload.id, parts).await {
        Ok(put) => confirm(remote, parcel, put.e_tag).await,
        Err(source) => Err(lost(known, parcel, "complete", source)),
    }
}

/// What went wrong with an upload. One that the bucket knows nothing of, or does not want, is begun anew the next time.
fn lost(known: &mut Known, parcel: &Parcel, doing: &'static str, source: object_store::Error) -> BucketError {
    let is_refused = !matches!(source, object_store::Error::Generic { .. });
    if is_refused && let Err(error) = known.give_up(&parcel.path) {
        return error;
    }
    failed(doing, parcel, source)
}

/// Tells the bucket that no more parts come. Where that fails, its own rules for such leavings have to see to them.
pub(super) async fn abandon(remote: &Arc<dyn Remote>, key: &Key, upload: &Upload) {
    if let Err(error) = remote.abort_multipart(key, &upload.id).await {
        tracing::debug!(%key, %error, "the parts of an upload could not be removed");
    }
}

/// Asks the bucket for what it has now.
async fn confirm(
    remote: &Arc<dyn Remote>,
    parcel: &Parcel,
    sent: Option<String>,
) -> Result<Option<String>, BucketError> {
    let there = remote.head(&parcel.key).await.map_err(|source| failed("look at", parcel, source))?;
    let different = |problem: String| Err(BucketError::Different { key: parcel.key.to_string(), problem });
    if there.size != parcel.size {
        return different(format!("{} bytes of {}", there.size, parcel.size));
    }
    match (sent, there.e_tag) {
        (Some(sent), Some(there)) if !is_same_tag(&sent, &there) => {
            different(format!("its tag is {there} and was {sent}"))
        }
        (sent, there) => Ok(sent.or(there)),
    }
}

/// Whether two tags are the same: not everybody puts them in quotes.
pub(super) fn is_same_tag(one: &str, other: &str) -> bool {
    one.trim_matches('"') == other.trim_matches('"')
}

/// What was read has to be what the mark was made of.
fn unchanged(parcel: &Parcel, hash: &Xxh3) -> Result<(), BucketError> {
    if local::mark(hash) == parcel.digest {
        return Ok(());
    }
    Err(BucketError::Different { key: parcel.key.to_string(), problem: "the file was changed meanwhile".to_owned() })
}

fn failed(doing: &'static str, parcel: &Parcel, source: object_store::Error) -> BucketError {
    BucketError::Remote { doing, key: parcel.key.to_string(), source }
}

fn read(path: &Path, start: u64, length: u64) -> Result<Bytes, ArchiveError> {
    use std::io::{Seek, SeekFrom};
    let read = || {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
        file.take(length).read_to_end(&mut bytes)?;
        Ok(Bytes::from(bytes))
    };
    read().map_err(|source| ArchiveError::file("read", path, source))
}

/// Does something where waiting for the disk is allowed.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ArchiveError> + Send + 'static,
) -> Result<T, ArchiveError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| {
        Err(ArchiveError::file("read", Path::new("the archive"), std::io::Error::other(error.to_string())))
    })
}
