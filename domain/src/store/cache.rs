//! The project cache: projects in memory up to a bound of bytes, the least recently used evicted
//! first, each loaded by one caller at a time; who follows which project; and the newest revision
//! announced of each.
//!
//! Ours and not `quick_cache`, which the API uses for documents and answers: a project is inserted
//! only if no newer revision was announced, which takes one lock around entries and announcements;
//! the poll goes over all entries; and of few large entries the one in use stays even where it alone
//! is beyond the bound, while `quick_cache` would not admit it.

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

/// How many changes a slow receiver may fall behind before it misses some.
const CHANNEL_CAPACITY: usize = 1024;
/// Of how many projects the last announced revision is remembered, beyond those cached or followed.
const MAX_ANNOUNCED: usize = 10_000;

#[derive(Debug)]
pub(super) struct ProjectCache {
    state: RwLock<State>,
    changes: broadcast::Sender<RevisionChanged>,
    local_changes: broadcast::Sender<RevisionChanged>,
    /// Counts the uses of all projects, so that each knows when it was used last.
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

/// Those who follow one project.
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

    /// Evicts a project that the database has at another revision.
    pub(super) fn evict(&self, project: &Arc<Project>) {
        let mut state = self.write();
        let is_it = |entry: &Entry| Arc::ptr_eq(&entry.project, project);
        if state.entries.get(project.key()).is_some_and(is_it) {
            state.remove(project.key());
        }
    }

    /// How many projects are cached, and how many bytes they take.
    pub(super) fn size(&self) -> (usize, usize) {
        let state = self.read();
        (state.entries.len(), state.bytes)
    }

    pub(super) fn set_capacity(&self, bytes: usize) {
        let mut state = self.write();
        state.capacity = bytes;
        state.make_room();
    }

    /// The right to load the project of this key, for which its holder waits.
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

    /// Inserts a project, unless a newer revision is cached or announced: false, then. The least
    /// recently used make room for it; a project beyond the whole capacity is cached alone.
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

    /// Publishes what this process wrote, here and to those who pass it on to other processes.
    pub(super) fn publish(&self, change: RevisionChanged) {
        self.announce(change.clone());
        // An error means that nobody passes it on.
        let _ = self.local_changes.send(change);
    }

    /// Announces a revision, unless it or a newer one was announced before, and evicts what it makes
    /// stale.
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
        // An error means that nobody listens. Sent under the lock: in the order of the revisions.
        let _ = self.changes.send(change);
    }

    /// The newest revision that was announced of a project.
    pub(super) fn announced(&self, id: ProjectId) -> Option<i64> {
        self.read().announced.get(&id).copied()
    }

    /// Takes back an announcement of a revision that the database does not have: it was restored to
    /// an older copy.
    pub(super) fn retract(&self, id: ProjectId, revision: Option<i64>) {
        let mut state = self.write();
        if state.announced.get(&id).copied() == revision {
            state.announced.remove(&id);
        }
    }

    /// The projects that the poll asks for, each with the oldest revision that somebody here has.
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

/// The right to load one project, which one caller holds at a time.
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
        // The map's own and this one: nobody else waits.
        if Arc::strong_count(&self.lock) <= 2 {
            loading.remove(&self.key);
        }
    }
}
