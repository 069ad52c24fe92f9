//! The second place as a bucket of an S3-compatible object store, through `object_store`. TLS is that of aws-lc-rs.

use std::io::{self, Read};
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, ObjectStoreExt, RetryConfig, WriteMultipart};
use tokio::runtime::Runtime;

use crate::place::{Listed, Place, PlaceError, named};

/// Up to so many bytes go in one request; more go in parts of this size, which count only when the last is there.
const PART_BYTES: usize = 8 << 20;
/// How many parts may be on their way at once; so much memory an object takes.
const MAX_PARTS_AT_ONCE: usize = 2;
/// How long one request may take. Whoever ships tries again, and tells meanwhile that it does.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How often a request is repeated before it counts as failed.
const MAX_RETRIES: usize = 2;
const RETRY_FOR: Duration = Duration::from_secs(10);

/// Where a bucket is and how it is entered. No `Debug`: it holds the secret.
#[derive(Clone)]
pub struct BucketSettings {
    /// The bucket's name.
    pub bucket: String,
    /// What stands before every object's name in it; empty, or words set apart by `/`.
    pub under: String,
    /// The store's address, where it is not the region's own: `https://objects.example.se`.
    pub endpoint: Option<String>,
    /// The region.
    pub region: String,
    /// The id of the access key.
    pub access_key: String,
    /// Its secret.
    pub secret_key: String,
}

/// An archive in a bucket.
pub struct Bucket {
    inner: Arc<Inner>,
    called: String,
}

struct Inner {
    store: AmazonS3,
    under: String,
    /// None only while it is dropped.
    runtime: Option<Runtime>,
}

impl Drop for Inner {
    /// Without waiting: it may be dropped by a task of another runtime, which must not wait.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Inner {
    fn wait<T>(
        &self,
        doing: &'static str,
        name: &str,
        work: impl Future<Output = object_store::Result<T>>,
    ) -> Result<T, PlaceError> {
        let runtime = self.runtime.as_ref().ok_or_else(|| PlaceError::new(doing, name, "the program is ending"))?;
        runtime.block_on(work).map_err(|cause| PlaceError::new(doing, name, cause))
    }

    fn path(&self, doing: &'static str, name: &str) -> Result<Path, PlaceError> {
        named(doing, name)?;
        Ok(self.join(name))
    }

    fn join(&self, name: &str) -> Path {
        if self.under.is_empty() { Path::from(name) } else { Path::from(format!("{}/{name}", self.under)) }
    }
}

impl Bucket {
    /// Prepares the way to a bucket. Nothing is asked of it yet. An endpoint of plain `http:` is taken for what it is: for stores
    /// on this machine, and for trials.
    ///
    /// # Errors
    /// Settings that lead nowhere.
    pub fn open(settings: &BucketSettings) -> Result<Self, PlaceError> {
        let under = settings.under.trim_matches('/').to_owned();
        let called = format!("s3://{}/{under}", settings.bucket);
        let failed = |cause: String| PlaceError::new("read", &called, cause);
        if !under.is_empty() {
            named("read", &under)?;
        }
        let plain = settings.endpoint.as_deref().is_some_and(|endpoint| endpoint.starts_with("http://"));
        let client = ClientOptions::new()
            .with_allow_http(plain)
            .with_timeout(REQUEST_TIMEOUT)
            .with_connect_timeout(CONNECT_TIMEOUT);
        let retry =
            RetryConfig { backoff: BackoffConfig::default(), max_retries: MAX_RETRIES, retry_timeout: RETRY_FOR };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&settings.bucket)
            .with_region(&settings.region)
            .with_access_key_id(&settings.access_key)
            .with_secret_access_key(&settings.secret_key)
            .with_client_options(client)
            .with_retry(retry);
        if let Some(endpoint) = &settings.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        let store = builder.build().map_err(|cause| failed(cause.to_string()))?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("archive-bucket")
            .enable_all()
            .build()
            .map_err(|cause| failed(cause.to_string()))?;
        Ok(Self { inner: Arc::new(Inner { store, under, runtime: Some(runtime) }), called })
    }
}

/// Fills a piece; less only at the end.
fn piece(from: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(PART_BYTES as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

impl Place for Bucket {
    fn put(&self, name: &str, from: &mut dyn Read) -> Result<(), PlaceError> {
        let path = self.inner.path("put", name)?;
        let read = |cause| PlaceError::new("put", name, cause);
        let first = piece(from).map_err(read)?;
        if first.len() < PART_BYTES {
            return self.inner.wait("put", name, async { self.inner.store.put(&path, first.into()).await.map(drop) });
        }
        let upload = self.inner.wait("put", name, self.inner.store.put_multipart(&path))?;
        // Its parts are tasks; they begin inside the runtime.
        let mut parts = WriteMultipart::new_with_chunk_size(upload, PART_BYTES);
        let mut next = first;
        loop {
            let sent = self.inner.wait("put", name, async {
                parts.wait_for_capacity(MAX_PARTS_AT_ONCE).await?;
                parts.write(&next);
                Ok(())
            });
            if let Err(error) = sent {
                // What is half is not listed as an object; that it failed is what counts.
                drop(self.inner.wait("put", name, parts.abort()));
                return Err(error);
            }
            next = match piece(from) {
                Ok(next) if next.is_empty() => break,
                Ok(next) => next,
                Err(cause) => {
                    drop(self.inner.wait("put", name, parts.abort()));
                    return Err(read(cause));
                }
            };
        }
        self.inner.wait("put", name, async { parts.finish().await.map(drop) })
    }

    fn open(&self, name: &str) -> Result<Option<Box<dyn Read + Send>>, PlaceError> {
        let path = self.inner.path("read", name)?;
        let found = self.inner.wait("read", name, async {
            match self.inner.store.get(&path).await {
                Ok(found) => Ok(Some(found)),
                Err(object_store::Error::NotFound { .. }) => Ok(None),
                Err(error) => Err(error),
            }
        })?;
        let Some(found) = found else { return Ok(None) };
        let left = found.meta.size;
        let stream = found.into_stream();
        let reading = Coming { inner: Arc::clone(&self.inner), stream, piece: Vec::new(), at: 0, left };
        Ok(Some(Box::new(reading)))
    }

    fn length(&self, name: &str) -> Result<Option<u64>, PlaceError> {
        let path = self.inner.path("read", name)?;
        self.inner.wait("read", name, async {
            match self.inner.store.head(&path).await {
                Ok(found) => Ok(Some(found.size)),
                Err(object_store::Error::NotFound { .. }) => Ok(None),
                Err(error) => Err(error),
            }
        })
    }

    fn list(&self, under: &str) -> Result<Vec<Listed>, PlaceError> {
        let path = self.inner.join(under);
        let found: Vec<object_store::ObjectMeta> =
            self.inner.wait("list", under, self.inner.store.list(Some(&path)).try_collect())?;
        let skip = if self.inner.under.is_empty() { 0 } else { self.inner.under.len() + 1 };
        let mut all: Vec<Listed> = found
            .into_iter()
            .filter_map(|one| Some(Listed { name: one.location.as_ref().get(skip..)?.to_owned(), bytes: one.size }))
            .collect();
        all.sort_unstable();
        Ok(all)
    }

    fn delete(&self, name: &str) -> Result<(), PlaceError> {
        let path = self.inner.path("delete", name)?;
        self.inner.wait("delete", name, async {
            match self.inner.store.delete(&path).await {
                Err(object_store::Error::NotFound { .. }) | Ok(()) => Ok(()),
                Err(error) => Err(error),
            }
        })
    }

    fn called(&self) -> String {
        self.called.clone()
    }
}

/// An object on its way here.
struct Coming {
    inner: Arc<Inner>,
    stream: futures_util::stream::BoxStream<'static, object_store::Result<bytes::Bytes>>,
    piece: Vec<u8>,
    at: usize,
    /// Bytes that the store said there are, and that did not come yet.
    left: u64,
}

impl Read for Coming {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.piece.len() {
            let runtime = self.inner.runtime.as_ref().ok_or_else(|| io::Error::other("the program is ending"))?;
            match runtime.block_on(self.stream.next()) {
                Some(piece) => {
                    self.piece = piece.map_err(io::Error::other)?.to_vec();
                    self.at = 0;
                    self.left = self.left.saturating_sub(self.piece.len() as u64);
                }
                // Half an object is no object.
                None if self.left > 0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                None => return Ok(0),
            }
        }
        let waiting = self.piece.get(self.at..).unwrap_or_default();
        let now = (&mut &*waiting).read(into)?;
        self.at += now;
        Ok(now)
    }
}
