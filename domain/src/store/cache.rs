//! The project cache: projects in memory up to a bound in bytes, with eviction of the least
//! recently used and single-flight loading; the followers of projects; and the newest announced
//! revision of each project.
//!
//! Not `quick_cache`, which the API uses for documents and responses: a project is inserted only if
//! no newer revision was announced, which needs one lock around entries and announcements; the poll
//! iterates over all entries; and a project that alone exceeds the bound stays cached, while
//! `quick_cache` would not admit it.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicU64, Ordering},
    },
};

use entities::ProjectId;
use tokio::sync::{broadcast, watch};

use super::revision::RevisionChanged;
use crate::project::Project;

/// The number of changes by which a slow receiver may fall behind before it misses some.
const CHANNEL_CAPACITY: usize = 1024;
/// The number of projects, besides those cached or followed, whose last announced revision is
/// stored.
const MAX_ANNOUNCED: usize = 10_000;

#[derive(Debug)]
pub(super) struct ProjectCache {
    state: RwLock<State>,
    changes: broadcast::Sender<RevisionChanged>,
    local_changes: broadcast::Sender<RevisionChanged>,
    /// The logical clock of uses, which orders entries by their last use.
    uses: AtomicU64,
    loading: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

#[derive(Debug, Default)]
struct State {
    entries: HashMap<String, Entry>,
    bytes: usize,
    capacity: usize,
    keys: HashMap<ProjectId, String>,
    followers: HashMap<ProjectId, Followers>,
    announced: HashMap<ProjectId, i64>,
}

#[derive(Debug)]
struct Entry {
    project: Arc<Project>,
    last_use: AtomicU64,
}

/// The followers of one project.
#[derive(Debug)]
struct Followers {
    latest: watch::Sender<RevisionChanged>,
    count: usize,
}

impl ProjectCache {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            state: RwLock::new(State {
                capacity,
                ..State::default()
            }),
            changes: broadcast::Sender::new(CHANNEL_CAPACITY),
            local_changes: broadcast::Sender::new(CHANNEL_CAPACITY),
            uses: AtomicU64::default(),
            loading: Mutex::default(),
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().expect("no holder of this lock panics")
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().expect("no holder of this lock panics")
    }

    pub(super) fn changes(&self) -> broadcast::Receiver<RevisionChanged> {
        self.changes.subscribe()
    }

    pub(super) fn local_changes(&self) -> broadcast::Receiver<RevisionChanged> {
        self.local_changes.subscribe()
    }

    pub(super) fn get(&self, key: &str) -> Option<Arc<Project>> {
        let state = self.read();
        let entry = state.entries.get(key)?;
        let now = self.uses.fetch_add(1, Ordering::Relaxed);
        entry.last_use.store(now, Ordering::Relaxed);
        Some(Arc::clone(&entry.project))
    }

    /// Evicts a project whose revision in the database differs.
    pub(super) fn evict(&self, project: &Arc<Project>) {
        let mut state = self.write();
        let is_it = |entry: &Entry| Arc::ptr_eq(&entry.project, project);
        if state.entries.get(project.key()).is_some_and(is_it) {
            state.remove(project.key());
        }
    }

    /// The number of cached projects, and their size in bytes.
    pub(super) fn size(&self) -> (usize, usize) {
        let state = self.read();
        (state.entries.len(), state.bytes)
    }

    pub(super) fn set_capacity(&self, bytes: usize) {
        let mut state = self.write();
        state.capacity = bytes;
        state.make_room();
    }

    /// Waits for the exclusive right to load the project of this key.
    pub(super) fn load_lock(&self, key: &str) -> LoadLock<'_> {
        let lock = Arc::clone(self.loading().entry(key.to_owned()).or_default());
        LoadLock {
            cache: self,
            key: key.to_owned(),
            lock,
        }
    }

    fn loading(&self) -> MutexGuard<'_, HashMap<String, Arc<tokio::sync::Mutex<()>>>> {
        self.loading.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The key of a project that is cached.
    pub(super) fn key_of(&self, id: ProjectId) -> Option<String> {
        self.read().keys.get(&id).cloned()
    }

    /// Inserts a project and evicts the least recently used ones. Returns false, without inserting,
    /// if a newer revision is cached or announced. A project that exceeds the whole capacity is
    /// cached alone.
    pub(super) fn insert(&self, project: &Arc<Project>) -> bool {
        let mut state = self.write();
        let is_stale = state
            .announced
            .get(&project.id())
            .is_some_and(|announced| project.revision() < *announced);
        if is_stale {
            return false;
        }
        if let Some(entry) = state.entries.get(project.key())
            && entry.project.id() == project.id()
            && entry.project.revision() > project.revision()
        {
            return false;
        }
        state.remove(project.key());
        let entry = Entry {
            project: Arc::clone(project),
            last_use: self.uses.fetch_add(1, Ordering::Relaxed).into(),
        };
        state.entries.insert(project.key().to_owned(), entry);
        state.keys.insert(project.id(), project.key().to_owned());
        state.bytes += project.bytes();
        state.make_room();
        true
    }

    /// Publishes a write of this process, to followers here and for other processes.
    pub(super) fn publish(&self, change: RevisionChanged) {
        self.announce(change.clone());
        // An error means that there is no receiver.
        let _ = self.local_changes.send(change);
    }

    /// Announces a revision, unless it or a newer one was announced before, and evicts the stale
    /// project.
    pub(super) fn announce(&self, change: RevisionChanged) {
        let mut state = self.write();
        let announced = state.announced.get(&change.id);
        if announced.is_some_and(|announced| *announced >= change.revision) {
            return;
        }
        state.remember(&change);
        let is_stale = state.entries.get(&change.key).is_some_and(|entry| {
            let Entry { project, .. } = entry;
            project.id() != change.id || project.revision() < change.revision
        });
        if is_stale {
            state.remove(&change.key);
        }
        if let Some(followers) = state.followers.get(&change.id) {
            followers.latest.send_replace(change.clone());
        }
        // An error means that there is no receiver. Sent under the lock, so that the order is that
        // of the revisions.
        let _ = self.changes.send(change);
    }

    /// The newest announced revision of a project.
    pub(super) fn announced(&self, id: ProjectId) -> Option<i64> {
        self.read().announced.get(&id).copied()
    }

    /// Retracts the announcement of a revision that the database does not have, because it was
    /// restored from an older backup.
    pub(super) fn retract(&self, id: ProjectId, revision: Option<i64>) {
        let mut state = self.write();
        if state.announced.get(&id).copied() == revision {
            state.announced.remove(&id);
        }
    }

    /// The projects that the poll queries, each with the oldest revision that a follower or the
    /// cache has.
    pub(super) fn revisions(&self) -> HashMap<ProjectId, i64> {
        let state = self.read();
        let followers = state.followers.iter();
        let mut revisions: HashMap<_, _> = followers
            .map(|(id, followers)| (*id, followers.latest.borrow().revision))
            .collect();
        for Entry { project, .. } in state.entries.values() {
            let oldest = revisions.entry(project.id()).or_insert(i64::MAX);
            *oldest = project.revision().min(*oldest);
        }
        revisions
    }

    /// Evicts a project that the database no longer has, or has at an older revision.
    pub(super) fn forget(&self, id: ProjectId) {
        let mut state = self.write();
        state.announced.remove(&id);
        if let Some(key) = state.keys.get(&id).cloned() {
            state.remove(&key);
        }
    }

    /// Follows a project from a revision on, or from a newer one that was announced.
    pub(super) fn follow(&self, from: RevisionChanged) -> watch::Receiver<RevisionChanged> {
        let mut state = self.write();
        let announced = state.announced.get(&from.id).copied();
        let followers = state.followers.entry(from.id).or_insert_with(|| Followers {
            latest: watch::Sender::new(RevisionChanged {
                revision: announced.map_or(from.revision, |newest| newest.max(from.revision)),
                ..from
            }),
            count: 0,
        });
        followers.count += 1;
        followers.latest.subscribe()
    }

    pub(super) fn unfollow(&self, id: ProjectId) {
        let mut state = self.write();
        if let Some(followers) = state.followers.get_mut(&id) {
            followers.count -= 1;
            if followers.count == 0 {
                state.followers.remove(&id);
            }
        }
    }
}

impl State {
    fn remove(&mut self, key: &str) {
        if let Some(Entry { project, .. }) = self.entries.remove(key) {
            self.keys.remove(&project.id());
            self.bytes -= project.bytes();
        }
    }

    fn make_room(&mut self) {
        while self.bytes > self.capacity && self.entries.len() > 1 {
            let least_recently_used = self
                .entries
                .iter()
                .min_by_key(|(_, entry)| entry.last_use.load(Ordering::Relaxed))
                .map(|(key, _)| key.clone());
            let Some(key) = least_recently_used else {
                return;
            };
            self.remove(&key);
        }
    }

    fn remember(&mut self, change: &RevisionChanged) {
        self.announced.insert(change.id, change.revision);
        let in_use = self.entries.len() + self.followers.len();
        if self.announced.len() > MAX_ANNOUNCED + 2 * in_use {
            let (keys, followers) = (&self.keys, &self.followers);
            self.announced
                .retain(|id, _| keys.contains_key(id) || followers.contains_key(id));
            self.announced.insert(change.id, change.revision);
        }
    }
}

/// The exclusive right to load one project.
#[derive(Debug)]
pub(super) struct LoadLock<'a> {
    cache: &'a ProjectCache,
    key: String,
    lock: Arc<tokio::sync::Mutex<()>>,
}

impl LoadLock<'_> {
    pub(super) async fn acquire(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.lock.lock().await
    }
}

impl Drop for LoadLock<'_> {
    fn drop(&mut self) {
        let mut loading = self.cache.loading();
        // Two references, that of the map and this one: no caller waits.
        if Arc::strong_count(&self.lock) <= 2 {
            loading.remove(&self.key);
        }
    }
}
