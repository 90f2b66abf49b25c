//! The credential cache: whom a cookie or a token names, asked of the database at most once a second.
//!
//! An entry is only whose credential it is and until when it is valid. What this process itself
//! revokes, it evicts at once; what another one revokes is valid a second longer.

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
/// How long it is valid while a request revalidates it, which may be cancelled before it is done.
const MAX_STALE: Duration = Duration::from_secs(5);
/// How many entries there are at most. Whoever tries what is no credential cannot fill more.
const CAPACITY: usize = 10_000;

/// By what a credential is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// The digest of a cookie or of a token.
    Secret([u8; 32]),
    /// The id of a session or of a token.
    Id(Uuid),
}

/// Whose credential it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Holder {
    pub signed_in: SignedIn,
    pub until: DateTime<Utc>,
    /// When the cookie is to be replaced by a new one. `None`: never, as it was replaced already, or
    /// is a token.
    pub rotate_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    /// When a request last began to revalidate it.
    revalidated_at: Instant,
    /// When the database last answered.
    loaded_at: Instant,
    /// `None`: it is nobody's.
    holder: Option<Holder>,
}

/// What the database last said about credentials, one for each [`Store`].
#[derive(Debug, Default)]
pub struct CredentialCache(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    entries: HashMap<Key, Entry>,
    /// Raised with every eviction: an answer that was under way meanwhile may be one from before.
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

    /// Whose credential it is now; `load` asks the database where there is no valid entry. While one
    /// request revalidates, the others go by the entry before.
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
        // Rare, and boxed: a hit does not carry the room for it.
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

    /// Evicts the entries of which this is true, and those of nobody.
    pub(super) fn evict(&self, matches: impl Fn(&SignedIn) -> bool) {
        let mut state = self.state();
        state.evictions += 1;
        state.entries.retain(|_, entry| {
            let holder = entry.holder.as_ref();
            holder.is_some_and(|holder| !matches(&holder.signed_in))
        });
    }

    /// Evicts the credentials of a person, whose account was changed by this process.
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
        // What is over is over, without a question.
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
