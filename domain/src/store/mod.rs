//! The project store: cached projects, each at one revision, and transactions that write them.
//!
//! A read loads a whole project into the project cache; a [`Write`] raises revisions and publishes
//! them when it commits; writes of other processes arrive by pub/sub, or are found by the poll.

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

use entities::ProjectId;
use sea_orm::DatabaseConnection;
use tokio::sync::broadcast;

use crate::{clock::Clock, ids::Ids, project::Project};

use cache::ProjectCache;

pub use changes::Follower;
pub use revision::RevisionChanged;
pub use write::Write;

pub(crate) use reading::load_for_update;
pub(crate) use write::{SHARED, raise_revision};

/// The default bound of the project cache, in bytes.
const DEFAULT_CAPACITY: usize = 256 << 20;

/// The project store: loads whole projects on demand, and caches them while they are current.
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

    /// Sets the bound of the project cache in bytes, as measured by [`Project::bytes`]; 256 MB by
    /// default. The least recently used project is evicted first. One project stays cached even if
    /// it alone is larger.
    ///
    /// [`Project::bytes`]: crate::project::Project::bytes
    pub fn set_cache_capacity(&self, bytes: usize) {
        self.cache.set_capacity(bytes);
    }

    /// The number of cached projects, and their approximate size in bytes.
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

    /// The single value of a type that a module above stores alongside the projects, such as the
    /// credential cache; created by default on first use.
    pub(crate) fn extension<T: Any + Default + Send + Sync>(&self) -> Arc<T> {
        let extensions = self.extensions.lock();
        let mut extensions = extensions.unwrap_or_else(PoisonError::into_inner);
        let value = extensions
            .entry(TypeId::of::<T>())
            .or_insert_with(|| Arc::new(T::default()));
        let value = Arc::clone(value).downcast();
        value.expect("it stands under its own type")
    }

    /// The revision of a cached project: that which [`Store::project`] would return without a
    /// query. `None` if it would have to load the project.
    #[must_use]
    pub fn cached_revision(&self, key: &str) -> Option<i64> {
        self.cache.get(key).map(|project| project.revision())
    }

    /// The project of an id, if it is cached.
    #[must_use]
    pub fn cached_by_id(&self, id: ProjectId) -> Option<Arc<Project>> {
        self.cached(&self.cache.key_of(id)?)
    }

    /// The changes of all projects that this process writes, receives or finds, from now on; each
    /// revision once. Changes of a project that is neither cached nor followed may be missed: use
    /// [`Store::follow`] to wait for one project. A receiver that falls behind by a thousand gets
    /// `Lagged`, and must discard its state.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<RevisionChanged> {
        self.cache.changes()
    }

    /// The changes that this process writes from now on, to publish them to other processes.
    #[must_use]
    pub fn local_changes(&self) -> broadcast::Receiver<RevisionChanged> {
        self.cache.local_changes()
    }
}
