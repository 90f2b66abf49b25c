//! Who it is that a cookie or a token names, asked of the database at most once a second.
//!
//! What is remembered is only whose credential it is and until when it holds. What this process
//! itself revokes, it forgets at once; what another one revokes holds a second longer.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use entities::PersonId;
use sea_orm::prelude::Uuid;

use crate::{error::Result, viewer::SignedIn};

/// How long an answer of the database is believed.
const BELIEVED: Duration = Duration::from_secs(1);
/// How long it is believed while somebody asks again: whoever asks may be gone before they are told.
const AT_MOST: Duration = Duration::from_secs(5);
/// How many answers are remembered. Whoever tries what is no credential cannot fill more.
const REMEMBERED: usize = 10_000;

/// By what somebody is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// The digest of a cookie or of a token.
    Secret([u8; 32]),
    /// The id of a session or of a token.
    Id(Uuid),
}

/// Whose credential it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub signed_in: SignedIn,
    pub until: DateTime<Utc>,
    /// When the cookie is to be replaced by a new one; none: by none, as it was replaced already, or
    /// is a token.
    pub rotate_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug)]
struct Remembered {
    /// When somebody last asked.
    asked: Instant,
    /// When the database last said so.
    told: Instant,
    known: Option<Known>,
}

/// What the database last said about credentials.
#[derive(Debug, Default)]
pub struct Credentials(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    remembered: HashMap<Key, Remembered>,
    /// Raised whenever something is forgotten: an answer that was under way meanwhile may be one
    /// from before.
    forgotten: u64,
}

impl State {
    fn keep(&mut self, key: Key, known: Option<Known>) {
        if self.remembered.len() >= REMEMBERED && !self.remembered.contains_key(&key) {
            self.remembered
                .retain(|_, one| one.asked.elapsed() < BELIEVED);
            if self.remembered.len() >= REMEMBERED {
                self.remembered.clear();
            }
        }
        let now = Instant::now();
        let one = Remembered {
            asked: now,
            told: now,
            known,
        };
        self.remembered.insert(key, one);
    }
}

impl Credentials {
    /// Whose credential it is now; `ask` asks the database where that is not remembered. While one
    /// asks again, the others go by the last answer.
    pub(super) async fn whose(
        &self,
        key: Key,
        now: DateTime<Utc>,
        ask: impl AsyncFnOnce() -> Result<Option<Known>>,
    ) -> Result<Option<Known>> {
        let holds = |known: &Known| now < known.until;
        let forgotten = {
            let asked = Instant::now();
            let mut state = self.state();
            if let Some(last) = state.remembered.get_mut(&key) {
                if asked - last.asked < BELIEVED && asked - last.told < AT_MOST {
                    return Ok(last.known.filter(holds));
                }
                last.asked = asked;
            }
            state.forgotten
        };
        // It is rare, and boxed: whoever is remembered does not carry the room for it.
        let asked = Box::pin(ask()).await;
        let mut state = self.state();
        match asked {
            Ok(known) => {
                if state.forgotten == forgotten {
                    state.keep(key, known);
                } else {
                    state.remembered.remove(&key);
                }
                Ok(known.filter(holds))
            }
            Err(error) => {
                state.remembered.remove(&key);
                Err(error)
            }
        }
    }

    /// Forgets whatever is remembered of those that this is true of, and of what is nobody's.
    pub(super) fn forget(&self, is_meant: impl Fn(&SignedIn) -> bool) {
        let mut state = self.state();
        state.forgotten += 1;
        state.remembered.retain(|_, one| {
            let known = one.known.as_ref();
            known.is_some_and(|known| !is_meant(&known.signed_in))
        });
    }

    /// Forgets all that is remembered of a person, whose account was changed by this process.
    pub fn forget_person(&self, person: PersonId) {
        self.forget(|one| one.person == person);
    }

    /// Forgets what is remembered of one secret, by its digest.
    pub(super) fn forget_secret(&self, digest: [u8; 32]) {
        let mut state = self.state();
        state.forgotten += 1;
        state.remembered.remove(&Key::Secret(digest));
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

    fn somebody() -> Known {
        Known {
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
        let credentials = Credentials::default();
        let asked = AtomicUsize::new(0);
        for known in [Some(somebody()), None] {
            let name = usize::from(known.is_some());
            for _ in 0..100 {
                let ask = async || {
                    asked.fetch_add(1, Ordering::Relaxed);
                    Ok(known)
                };
                let told = credentials.whose(key(name), at(NOON), ask).await.unwrap();
                assert_eq!(told, known);
            }
        }
        assert_eq!(asked.load(Ordering::Relaxed), 2);
        // What is over is over, without a question.
        let later = at("2021-09-06T13:00:00Z");
        let told = credentials.whose(key(1), later, async || panic!()).await;
        assert_eq!(told.unwrap(), None);
    }

    #[tokio::test]
    async fn what_is_forgotten_while_it_is_asked_for_is_not_remembered() {
        let credentials = Credentials::default();
        let ask = async || {
            credentials.forget(|_| true);
            Ok(Some(somebody()))
        };
        credentials.whose(key(1), at(NOON), ask).await.unwrap();
        let again = credentials.whose(key(1), at(NOON), async || Ok(None));
        assert_eq!(again.await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_failure_is_told_and_not_remembered() {
        let credentials = Credentials::default();
        let ask = async || Err(Error::NotFound("database"));
        assert!(credentials.whose(key(1), at(NOON), ask).await.is_err());
        let again = credentials.whose(key(1), at(NOON), async || Ok(Some(somebody())));
        assert_eq!(again.await.unwrap(), Some(somebody()));
    }

    #[tokio::test]
    async fn whatever_is_tried_no_more_than_so_much_is_remembered() {
        let credentials = Credentials::default();
        for number in 0..=REMEMBERED * 2 {
            let ask = async || Ok(None);
            credentials.whose(key(number), at(NOON), ask).await.unwrap();
        }
        assert!(credentials.state().remembered.len() <= REMEMBERED);
    }
}
