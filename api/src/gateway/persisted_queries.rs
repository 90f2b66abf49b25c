//! Automatic persisted queries (Apollo): documents that clients name by their hash. A document is
//! stored only after it passed all checks.
//!
//! With Redis all processes share them, and each use renews the time to live. If Redis is
//! unavailable, no document is found, and the client sends the text. Without Redis they are in the
//! memory of this process.

use std::sync::Arc;

use async_graphql::ServerError;
use quick_cache::{Weighter, sync::Cache};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{limits::Limits, rejection::Rejection, shared_redis::SharedRedis};

/// The extensions of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Extensions {
    pub persisted_query: Option<PersistedQuery>,
}

/// The reference to a persisted query.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PersistedQuery {
    /// The version of the protocol: 1.
    pub version: u64,
    /// The SHA-256 hash of the document's text, in hexadecimal digits.
    pub sha256_hash: String,
}

/// The SHA-256 hash of a document's text.
type Hash = [u8; 32];

/// Clients of the protocol compare this exact message.
const NOT_FOUND: &str = "PersistedQueryNotFound";

impl PersistedQuery {
    fn hash(&self) -> Result<Hash, Rejection> {
        if self.version != 1 {
            let message = "PersistedQueries queries are taken by version 1 of their protocol.";
            return Err(refused("PERSISTED_QUERY_NOT_SUPPORTED", message));
        }
        let text = self.sha256_hash.as_bytes();
        let mut hash = Hash::default();
        let is_hash = text.len() == 64 && text.iter().all(u8::is_ascii_hexdigit);
        if !is_hash {
            return Err(mismatch("sha256Hash must be 64 hexadecimal digits."));
        }
        for (byte, digits) in hash.iter_mut().zip(self.sha256_hash.as_bytes().chunks(2)) {
            let digits = std::str::from_utf8(digits).unwrap_or_default();
            *byte = u8::from_str_radix(digits, 16).unwrap_or_default();
        }
        Ok(hash)
    }
}

fn refused(code: &str, message: &str) -> Rejection {
    Rejection::one(code, ServerError::new(message, None))
}

fn mismatch(message: &str) -> Rejection {
    refused("PERSISTED_QUERY_HASH_MISMATCH", message)
}

/// The store of persisted queries.
#[derive(Debug)]
pub enum PersistedQueries {
    Here(Cache<Hash, Arc<str>, Bytewise>),
    Shared {
        redis: Arc<SharedRedis>,
        seconds: usize,
    },
}

/// The approximate length of a document, which only determines the initial number of slots.
const USUAL_BYTES: usize = 2 * 1024;

impl PersistedQueries {
    pub fn new(limits: &Limits, shared: Option<Arc<SharedRedis>>) -> Self {
        match shared {
            None => {
                let bytes = limits.persisted_bytes;
                Self::Here(Cache::with_weighter(
                    bytes / USUAL_BYTES,
                    bytes as u64,
                    Bytewise,
                ))
            }
            Some(redis) => Self::Shared {
                redis,
                seconds: limits.persisted_seconds,
            },
        }
    }

    /// The text of a document that a client names by its hash.
    pub async fn text(&self, named: &PersistedQuery) -> Result<String, Rejection> {
        let hash = named.hash()?;
        let text = match self {
            Self::Here(cache) => cache.get(&hash).map(|text| (*text).to_owned()),
            Self::Shared { redis, seconds } => {
                let mut command = redis::cmd("GETEX");
                command.arg(key(&hash)).arg("EX").arg(seconds);
                let text: Option<String> = redis.run(&command).await.flatten();
                // The hash is verified: a writer of Redis cannot give a document another text.
                text.filter(|text| hash_of(text) == hash)
            }
        };
        text.ok_or_else(|| refused("PERSISTED_QUERY_NOT_FOUND", NOT_FOUND))
    }

    /// Whether a text has the hash by which the request names it.
    pub fn check(named: &PersistedQuery, text: &str) -> Result<(), Rejection> {
        if named.hash()? == hash_of(text) {
            Ok(())
        } else {
            Err(mismatch("provided sha does not match query"))
        }
    }

    /// Stores the text of an accepted document.
    pub async fn keep(&self, text: &str) {
        let hash = hash_of(text);
        match self {
            Self::Here(cache) => cache.insert(hash, text.into()),
            Self::Shared { redis, seconds } => {
                let mut command = redis::cmd("SET");
                command.arg(key(&hash)).arg(text).arg("EX").arg(seconds);
                redis.run::<String>(&command).await;
            }
        }
    }
}

fn hash_of(text: &str) -> Hash {
    Sha256::digest(text).into()
}

fn key(hash: &Hash) -> String {
    let digits = domain::secret::hex(hash);
    format!("connection:persisted:{digits}")
}

#[derive(Clone, Debug)]
pub struct Bytewise;

impl Weighter<Hash, Arc<str>> for Bytewise {
    fn weight(&self, _: &Hash, text: &Arc<str>) -> u64 {
        (size_of::<(Hash, Arc<str>)>() + text.len()) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> PersistedQuery {
        let key = key(&hash_of(text));
        PersistedQuery {
            version: 1,
            sha256_hash: key.rsplit(':').next().unwrap().to_owned(),
        }
    }

    #[tokio::test]
    async fn what_is_kept_here_is_bounded_by_bytes() {
        let limits = Limits {
            persisted_bytes: 100_000,
            ..Limits::default()
        };
        let persisted = PersistedQueries::new(&limits, None);
        let text = |n: usize| format!("{n:0>1000}");
        for n in 0..1_000 {
            persisted.keep(&text(n)).await;
        }
        let mut hits = 0;
        for n in 0..1_000 {
            hits += usize::from(persisted.text(&named(&text(n))).await.is_ok());
        }
        assert!((10..100).contains(&hits), "{hits}");
    }

    #[tokio::test]
    async fn what_is_kept_in_redis_is_found_by_all_and_redis_that_is_away_has_none() {
        let away = redis::Client::open("redis://127.0.0.1:1").unwrap();
        let away =
            PersistedQueries::new(&Limits::default(), Some(Arc::new(SharedRedis::new(away))));
        let text = "{ __typename } # of a test";
        away.keep(text).await;
        assert!(away.text(&named(text)).await.is_err());
        let Some(url) = ::tests::service("TEST_REDIS_URL") else {
            return;
        };
        let shared = || {
            let client = redis::Client::open(url.as_str()).unwrap();
            PersistedQueries::new(&Limits::default(), Some(Arc::new(SharedRedis::new(client))))
        };
        shared().keep(text).await;
        assert_eq!(shared().text(&named(text)).await.unwrap(), text);
    }
}
