//! Which bucket, and how it is spoken to.

use super::BucketError;
use object_store::aws::{AmazonS3Builder, Checksum};
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::multipart::MultipartStore;
use object_store::path::Path;
use object_store::{BackoffConfig, ObjectStore, ObjectStoreScheme, RetryConfig};
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// What is asked of a bucket.
pub(super) trait Remote: ObjectStore + MultipartStore {}

impl<T: ObjectStore + MultipartStore> Remote for T {}

/// How often a request is tried again that failed in a way which may pass. A round that fails is followed by another, so
/// that this only bridges single refusals.
const TRIES: usize = 5;

/// How long one request is tried at the most.
const PATIENCE: Duration = Duration::from_secs(10);

/// The first and the longest pause before a request is tried again.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(3));

/// Opens the bucket of a URL; the prefix under which things lie comes with it. Nothing is asked of it yet.
pub(super) fn open(url: &Url) -> Result<(Arc<dyn Remote>, Path), BucketError> {
    // Fails if one is there already, which is then as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let failed = |source| BucketError::Address { url: url.to_string(), source };
    let (scheme, prefix) = ObjectStoreScheme::parse(url).map_err(|source| failed(source.into()))?;
    let retry = RetryConfig {
        backoff: BackoffConfig { init_backoff: PAUSES.0, max_backoff: PAUSES.1, base: 2.0 },
        max_retries: TRIES,
        retry_timeout: PATIENCE,
    };
    let store: Arc<dyn Remote> = match scheme {
        ObjectStoreScheme::AmazonS3 => {
            let builder = AmazonS3Builder::from_env().with_url(url.as_str()).with_retry(retry);
            // The bucket then refuses what was changed on its way.
            Arc::new(builder.with_checksum_algorithm(Checksum::SHA256).build().map_err(failed)?)
        }
        ObjectStoreScheme::GoogleCloudStorage => {
            let builder = GoogleCloudStorageBuilder::from_env().with_url(url.as_str()).with_retry(retry);
            Arc::new(builder.build().map_err(failed)?)
        }
        ObjectStoreScheme::MicrosoftAzure => {
            let builder = MicrosoftAzureBuilder::from_env().with_url(url.as_str()).with_retry(retry);
            Arc::new(builder.build().map_err(failed)?)
        }
        _ => {
            let source = object_store::Error::NotSupported { source: "it is no bucket".into() };
            return Err(failed(source));
        }
    };
    Ok((store, prefix))
}
