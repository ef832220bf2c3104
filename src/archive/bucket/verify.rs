//! Whether the bucket has what the folder has, and nothing else.

use super::known::Object;
use super::local::{Kind, LocalFile};
use super::{Bucket, BucketError, key, send};
use crate::archive::bucket::local;
use crate::model::SinkPosition;
use futures_util::TryStreamExt;
use object_store::{ObjectMeta, ObjectStoreExt};
use std::collections::BTreeMap;
use std::sync::Arc;
use xxhash_rust::xxh3::Xxh3;

/// What is wrong with a file or an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Problem {
    /// In the folder, and not sent yet; the next round sends it.
    Waiting,
    /// Sent once, and no longer in the bucket.
    Missing,
    /// In the bucket, and not as it was sent.
    Different,
    /// In the bucket, and not in the folder.
    Unknown,
}

/// A file or an object with which something is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// Relative to the archive; of an unknown object, its name in the bucket.
    pub path: String,
    /// What is wrong.
    pub problem: Problem,
}

/// How closely one looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// By the sizes and tags that the bucket lists.
    Listing,
    /// By everything, read back.
    Content,
}

impl Bucket {
    /// Compares the bucket with the folder, in both directions.
    ///
    /// # Errors
    /// [`BucketError`] where one of them cannot be read.
    pub async fn verify(&mut self, committed: &[SinkPosition], depth: Depth) -> Result<Vec<Difference>, BucketError> {
        let (remote, prefix) = (Arc::clone(&self.remote), self.prefix.clone());
        let listed: Result<Vec<ObjectMeta>, _> = remote.list(Some(&prefix)).try_collect().await;
        let failed = |source| BucketError::Remote { doing: "list", key: prefix.to_string(), source };
        let listed = listed.map_err(failed)?;
        let mut objects: BTreeMap<_, _> = listed.into_iter().map(|object| (object.location.clone(), object)).collect();
        let mut differences = Vec::new();
        for file in self.files(committed).await? {
            let object = objects.remove(&key(&self.prefix, &file.path));
            let known = self.known.object(&file.path)?;
            let problem = match (known, object) {
                (None, _) => Some(Problem::Waiting),
                (Some(_), None) => Some(Problem::Missing),
                (Some(known), Some(object)) => self.compare(&file, &known, &object, depth).await?,
            };
            differences.extend(problem.map(|problem| Difference { path: file.path, problem }));
        }
        let unknown = objects.into_keys().map(|key| Difference { path: key.to_string(), problem: Problem::Unknown });
        differences.extend(unknown);
        Ok(differences)
    }

    /// Has files sent again, whatever is known of them: by what [`Bucket::verify`] said of them.
    ///
    /// # Errors
    /// [`BucketError`] where it cannot be noted.
    pub fn send_again(&mut self, differences: &[Difference]) -> Result<(), BucketError> {
        let sent = differences.iter().filter(|difference| difference.problem != Problem::Unknown);
        sent.into_iter().try_for_each(|difference| self.known.forget(&difference.path))
    }

    async fn compare(
        &mut self,
        file: &LocalFile,
        known: &Object,
        object: &ObjectMeta,
        depth: Depth,
    ) -> Result<Option<Problem>, BucketError> {
        let is_tag = |tag: &String| object.e_tag.as_ref().is_none_or(|other| send::is_same_tag(tag, other));
        if object.size != known.size || !known.e_tag.as_ref().is_none_or(is_tag) {
            return Ok(Some(Problem::Different));
        }
        if file.kind == Kind::Catalogue {
            // A copy was sent, which differs from the file in how it is laid out.
            if file.changed != known.changed {
                let digest = self.copied(file).await?.digest;
                local::remove_snapshot(&self.root)?;
                if digest != known.digest {
                    return Ok(Some(Problem::Waiting));
                }
            }
        } else {
            let (path, size) = (self.root.join(&file.path), file.size);
            if file.size != known.size || send::blocking(move || local::digest(&path, size)).await? != known.digest {
                return Ok(Some(Problem::Waiting));
            }
        }
        if depth == Depth::Listing {
            return Ok(None);
        }
        let failed = |source| BucketError::Remote { doing: "read", key: object.location.to_string(), source };
        let remote = Arc::clone(&self.remote);
        let mut stream = remote.get(&object.location).await.map_err(failed)?.into_stream();
        let mut hash = Xxh3::new();
        while let Some(bytes) = stream.try_next().await.map_err(failed)? {
            hash.update(&bytes);
        }
        Ok((local::mark(&hash) != known.digest).then_some(Problem::Different))
    }
}
