//! Projects in memory, each at one revision, and the way that writes reach the database.
//!
//! Reading loads a project whole into the project cache; a [`Write`] raises revisions and publishes
//! them when it commits; what other processes wrote is announced by them, or found by the poll.

mod cache;
mod changes;
mod reading;
mod revision;
mod rewind;
mod write;

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use sea_orm::DatabaseConnection;
use tokio::sync::broadcast;

use crate::{clock::Clock, ids::Ids};

use cache::ProjectCache;

pub use changes::Follower;
pub use revision::RevisionChanged;
pub use write::Write;

pub(crate) use reading::load_for_update;
pub(crate) use write::{SHARED, raise_revision};

/// How many bytes of projects are cached where nothing else is said.
const DEFAULT_CAPACITY: usize = 256 << 20;

/// The project store: projects are loaded whole when they are first asked for, and cached while they
/// are current.
#[derive(Debug)]
pub struct Store {
    db: DatabaseConnection,
    clock: Clock,
    ids: Ids,
    cache: Arc<ProjectCache>,
    extensions: Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

impl Store {
    #[must_use]
    pub fn new(db: DatabaseConnection, clock: Clock, ids: Ids) -> Self {
        Self {
            db,
            clock,
            ids,
            cache: Arc::new(ProjectCache::new(DEFAULT_CAPACITY)),
            extensions: Mutex::default(),
        }
    }

    /// Bounds the project cache to so many bytes, by [`Project::bytes`]; 256 MB unless this says
    /// otherwise. The least recently used goes first. One project stays even where it alone is
    /// larger.
    ///
    /// [`Project::bytes`]: crate::project::Project::bytes
    pub fn set_cache_capacity(&self, bytes: usize) {
        self.cache.set_capacity(bytes);
    }

    /// How many projects are cached, and how many bytes they take, about.
    #[must_use]
    pub fn cache_size(&self) -> (usize, usize) {
        self.cache.size()
    }

    #[must_use]
    pub fn db(&self) -> &DatabaseConnection {
        &self.db
    }

    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    #[must_use]
    pub fn ids(&self) -> Ids {
        self.ids
    }

    /// The one value of a type that a module above this one keeps beside the projects, such as the
    /// credential cache; the default when it is first asked for.
    pub(crate) fn extension<T: Any + Default + Send + Sync>(&self) -> Arc<T> {
        let extensions = self.extensions.lock();
        let mut extensions = extensions.unwrap_or_else(PoisonError::into_inner);
        let value = extensions
            .entry(TypeId::of::<T>())
            .or_insert_with(|| Arc::new(T::default()));
        let value = Arc::clone(value).downcast();
        value.expect("it stands under its own type")
    }

    /// The revision of a project that is cached: what [`Store::project`] would give, without a look
    /// into the database. `None` where it would have to load.
    #[must_use]
    pub fn cached_revision(&self, key: &str) -> Option<i64> {
        self.cache.get(key).map(|project| project.revision())
    }

    /// The changes of all projects that this process writes, receives or finds, from now on; each
    /// revision once. A project that is neither cached nor followed may change unnoticed: whoever
    /// waits for one project takes [`Store::follow`]. A receiver that falls behind by a thousand gets
    /// `Lagged`, and can rely on nothing that it remembers.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<RevisionChanged> {
        self.cache.changes()
    }

    /// The changes that this process itself writes, from now on: what is published to the others.
    #[must_use]
    pub fn local_changes(&self) -> broadcast::Receiver<RevisionChanged> {
        self.cache.local_changes()
    }
}
