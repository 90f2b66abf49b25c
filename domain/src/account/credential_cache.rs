//! The credential cache: whose cookie or token a secret is, queried from the database at most once
//! a second.
//!
//! An entry says whose credential it is and until when it is valid. Credentials that this process
//! revokes are evicted at once; those that another process revokes stay valid for up to a second.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use entities::PersonId;
use sea_orm::prelude::Uuid;

use crate::{error::Result, store::Store, viewer::SignedIn};

/// How long an entry is valid.
const TTL: Duration = Duration::from_secs(1);
/// How long an entry is valid while a request revalidates it, which may be cancelled.
const MAX_STALE: Duration = Duration::from_secs(5);
/// The maximum number of entries, which also bounds those of invalid credentials.
const CAPACITY: usize = 10_000;

/// The key of a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// The digest of a cookie or a token.
    Secret([u8; 32]),
    /// The id of a session or of a token.
    Id(Uuid),
}

/// The owner of a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Holder {
    pub signed_in: SignedIn,
    pub until: DateTime<Utc>,
    /// When the cookie must be replaced by a new one; `None` if it was replaced already, or for a
    /// token.
    pub rotate_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    /// When a request last began to revalidate the entry.
    revalidated_at: Instant,
    /// When the database last responded.
    loaded_at: Instant,
    /// `None` if the credential is invalid.
    holder: Option<Holder>,
}

/// The cached credentials, one cache for each [`Store`].
#[derive(Debug, Default)]
pub struct CredentialCache(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    entries: HashMap<Key, Entry>,
    /// Rises with every eviction: the result of a query that was running meanwhile may be stale.
    evictions: u64,
}

impl State {
    fn insert(&mut self, key: Key, holder: Option<Holder>) {
        if self.entries.len() >= CAPACITY && !self.entries.contains_key(&key) {
            self.entries
                .retain(|_, entry| entry.revalidated_at.elapsed() < TTL);
            if self.entries.len() >= CAPACITY {
                self.entries.clear();
            }
        }
        let now = Instant::now();
        let entry = Entry {
            revalidated_at: now,
            loaded_at: now,
            holder,
        };
        self.entries.insert(key, entry);
    }
}

impl CredentialCache {
    /// The cache that belongs to a store.
    #[must_use]
    pub fn of(store: &Store) -> Arc<Self> {
        store.extension()
    }

    /// The owner of a credential; `load` queries the database if there is no valid entry. While one
    /// request revalidates an entry, the others use the previous one.
    pub(super) async fn get_or_load(
        &self,
        key: Key,
        now: DateTime<Utc>,
        load: impl AsyncFnOnce() -> Result<Option<Holder>>,
    ) -> Result<Option<Holder>> {
        let is_valid = |holder: &Holder| now < holder.until;
        let evictions = {
            let asked_at = Instant::now();
            let mut state = self.state();
            if let Some(entry) = state.entries.get_mut(&key) {
                if asked_at - entry.revalidated_at < TTL && asked_at - entry.loaded_at < MAX_STALE {
                    return Ok(entry.holder.filter(is_valid));
                }
                entry.revalidated_at = asked_at;
            }
            state.evictions
        };
        // Rare, and boxed, so that a hit does not allocate its size.
        let loaded = Box::pin(load()).await;
        let mut state = self.state();
        match loaded {
            Ok(holder) => {
                if state.evictions == evictions {
                    state.insert(key, holder);
                } else {
                    state.entries.remove(&key);
                }
                Ok(holder.filter(is_valid))
            }
            Err(error) => {
                state.entries.remove(&key);
                Err(error)
            }
        }
    }

    /// Evicts the entries of the owners that match, and those of invalid credentials.
    pub(super) fn evict(&self, matches: impl Fn(&SignedIn) -> bool) {
        let mut state = self.state();
        state.evictions += 1;
        state.entries.retain(|_, entry| {
            let holder = entry.holder.as_ref();
            holder.is_some_and(|holder| !matches(&holder.signed_in))
        });
    }

    /// Evicts the credentials of a person whose account this process changed.
    pub fn evict_person(&self, person: PersonId) {
        self.evict(|signed_in| signed_in.person == person);
    }

    /// Evicts one secret, by its digest.
    pub(super) fn evict_secret(&self, digest: [u8; 32]) {
        let mut state = self.state();
        state.evictions += 1;
        state.entries.remove(&Key::Secret(digest));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use entities::SessionId;

    use super::*;
    use crate::{error::Error, secret, viewer::Credential};

    const NOON: &str = "2021-09-06T12:00:00Z";

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn somebody() -> Holder {
        Holder {
            signed_in: SignedIn {
                person: PersonId(Uuid::from_u128(1)),
                by: Credential::Session(SessionId(Uuid::from_u128(2))),
            },
            until: at("2021-09-06T13:00:00Z"),
            rotate_at: None,
        }
    }

    fn key(number: usize) -> Key {
        Key::Secret(secret::digest(&number.to_string()))
    }

    #[tokio::test]
    async fn the_database_is_asked_once_a_second_and_for_what_is_nobodys_too() {
        let cache = CredentialCache::default();
        let loads = AtomicUsize::new(0);
        for expected in [Some(somebody()), None] {
            let name = usize::from(expected.is_some());
            for _ in 0..100 {
                let load = async || {
                    loads.fetch_add(1, Ordering::Relaxed);
                    Ok(expected)
                };
                let holder = cache.get_or_load(key(name), at(NOON), load).await.unwrap();
                assert_eq!(holder, expected);
            }
        }
        assert_eq!(loads.load(Ordering::Relaxed), 2);
        // An expired entry needs no query.
        let later = at("2021-09-06T13:00:00Z");
        let holder = cache.get_or_load(key(1), later, async || panic!()).await;
        assert_eq!(holder.unwrap(), None);
    }

    #[tokio::test]
    async fn what_is_evicted_while_it_is_loaded_is_not_cached() {
        let cache = CredentialCache::default();
        let load = async || {
            cache.evict(|_| true);
            Ok(Some(somebody()))
        };
        cache.get_or_load(key(1), at(NOON), load).await.unwrap();
        let again = cache.get_or_load(key(1), at(NOON), async || Ok(None));
        assert_eq!(again.await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_failure_is_returned_and_not_cached() {
        let cache = CredentialCache::default();
        let load = async || Err(Error::NotFound("database"));
        assert!(cache.get_or_load(key(1), at(NOON), load).await.is_err());
        let again = cache.get_or_load(key(1), at(NOON), async || Ok(Some(somebody())));
        assert_eq!(again.await.unwrap(), Some(somebody()));
    }

    #[tokio::test]
    async fn whatever_is_tried_the_cache_stays_within_its_capacity() {
        let cache = CredentialCache::default();
        for number in 0..=CAPACITY * 2 {
            let load = async || Ok(None);
            cache
                .get_or_load(key(number), at(NOON), load)
                .await
                .unwrap();
        }
        assert!(cache.state().entries.len() <= CAPACITY);
    }
}
