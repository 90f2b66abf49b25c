//! What is kept in memory: projects up to a bound of bytes, who follows which, and which revisions
//! were told.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicU64, Ordering},
    },
};

use entities::ProjectId;
use tokio::sync::{broadcast, watch};

use super::News;
use crate::project::Project;

/// How many changes a slow receiver may fall behind before it misses some.
const BEHIND: usize = 1024;
/// Of how many projects the last told revision is remembered, beyond those kept or followed.
const TOLD: usize = 10_000;

#[derive(Debug)]
pub(super) struct Keeping {
    state: RwLock<State>,
    news: broadcast::Sender<News>,
    written: broadcast::Sender<News>,
    /// Counts the uses of all projects, so that each knows when it was used last.
    uses: AtomicU64,
    loading: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

#[derive(Debug, Default)]
struct State {
    held: HashMap<String, Held>,
    bytes: usize,
    bound: usize,
    keys: HashMap<ProjectId, String>,
    followed: HashMap<ProjectId, Followed>,
    told: HashMap<ProjectId, i64>,
}

#[derive(Debug)]
struct Held {
    project: Arc<Project>,
    used: AtomicU64,
}

/// A project that somebody follows.
#[derive(Debug)]
struct Followed {
    latest: watch::Sender<News>,
    followers: usize,
}

impl Keeping {
    pub(super) fn new(bound: usize) -> Self {
        Self {
            state: RwLock::new(State {
                bound,
                ..State::default()
            }),
            news: broadcast::Sender::new(BEHIND),
            written: broadcast::Sender::new(BEHIND),
            uses: AtomicU64::default(),
            loading: Mutex::default(),
        }
    }
}

impl Keeping {
    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().expect("no holder of this lock panics")
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().expect("no holder of this lock panics")
    }

    pub(super) fn news(&self) -> broadcast::Receiver<News> {
        self.news.subscribe()
    }

    pub(super) fn written(&self) -> broadcast::Receiver<News> {
        self.written.subscribe()
    }

    pub(super) fn held(&self, key: &str) -> Option<Arc<Project>> {
        let state = self.read();
        let held = state.held.get(key)?;
        let now = self.uses.fetch_add(1, Ordering::Relaxed);
        held.used.store(now, Ordering::Relaxed);
        Some(Arc::clone(&held.project))
    }

    /// Drops a project that the database has at another revision.
    pub(super) fn outdated(&self, project: &Arc<Project>) {
        let mut state = self.write();
        let is_held = |held: &Held| Arc::ptr_eq(&held.project, project);
        if state.held.get(project.key()).is_some_and(is_held) {
            state.drop_held(project.key());
        }
    }

    /// How many projects are held, and how many bytes they take.
    pub(super) fn count(&self) -> (usize, usize) {
        let state = self.read();
        (state.held.len(), state.bytes)
    }

    pub(super) fn set_bound(&self, bytes: usize) {
        let mut state = self.write();
        state.bound = bytes;
        state.make_room();
    }

    /// Waits until nobody else loads the project of this key.
    pub(super) fn turn(&self, key: &str) -> Turn<'_> {
        let lock = Arc::clone(self.loading().entry(key.to_owned()).or_default());
        Turn {
            keeping: self,
            key: key.to_owned(),
            lock,
        }
    }

    fn loading(&self) -> MutexGuard<'_, HashMap<String, Arc<tokio::sync::Mutex<()>>>> {
        self.loading.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The key of a project that is held.
    pub(super) fn key_of(&self, id: ProjectId) -> Option<String> {
        self.read().keys.get(&id).cloned()
    }

    /// Keeps a project, unless a newer revision is kept or was told: false, then. What was not used
    /// for longest makes room for it; a project larger than all the room is kept alone.
    pub(super) fn hold(&self, project: &Arc<Project>) -> bool {
        let mut state = self.write();
        let is_stale = state
            .told
            .get(&project.id())
            .is_some_and(|told| project.revision() < *told);
        if is_stale {
            return false;
        }
        if let Some(held) = state.held.get(project.key())
            && held.project.id() == project.id()
            && held.project.revision() > project.revision()
        {
            return false;
        }
        state.drop_held(project.key());
        let held = Held {
            project: Arc::clone(project),
            used: self.uses.fetch_add(1, Ordering::Relaxed).into(),
        };
        state.held.insert(project.key().to_owned(), held);
        state.keys.insert(project.id(), project.key().to_owned());
        state.bytes += project.bytes();
        state.make_room();
        true
    }

    /// Tells what this process wrote, here and to who hands it on.
    pub(super) fn wrote(&self, news: News) {
        self.tell(news.clone());
        // An error means that nobody hands it on.
        let _ = self.written.send(news);
    }

    /// Tells a revision, unless it or a newer one was told before, and drops what it makes stale.
    pub(super) fn tell(&self, news: News) {
        let mut state = self.write();
        let told = state.told.get(&news.id);
        if told.is_some_and(|told| *told >= news.revision) {
            return;
        }
        state.remember(&news);
        let is_stale = state.held.get(&news.key).is_some_and(|held| {
            let Held { project, .. } = held;
            project.id() != news.id || project.revision() < news.revision
        });
        if is_stale {
            state.drop_held(&news.key);
        }
        if let Some(followed) = state.followed.get(&news.id) {
            followed.latest.send_replace(news.clone());
        }
        // An error means that nobody listens. Sent under the lock: in the order of the revisions.
        let _ = self.news.send(news);
    }

    /// The last revision that was told of a project.
    pub(super) fn told(&self, id: ProjectId) -> Option<i64> {
        self.read().told.get(&id).copied()
    }

    /// Forgets that a revision was told which the database does not have: it was set back.
    pub(super) fn untell(&self, id: ProjectId, revision: Option<i64>) {
        let mut state = self.write();
        if state.told.get(&id).copied() == revision {
            state.told.remove(&id);
        }
    }

    /// The projects that the poll looks at, each with the oldest revision that somebody here has.
    pub(super) fn looked_at(&self) -> HashMap<ProjectId, i64> {
        let state = self.read();
        let followed = state.followed.iter();
        let mut revisions: HashMap<_, _> = followed
            .map(|(id, followed)| (*id, followed.latest.borrow().revision))
            .collect();
        for Held { project, .. } in state.held.values() {
            let oldest = revisions.entry(project.id()).or_insert(i64::MAX);
            *oldest = project.revision().min(*oldest);
        }
        revisions
    }

    /// Drops a project that the database no longer has, or has at an older revision.
    pub(super) fn forget(&self, id: ProjectId) {
        let mut state = self.write();
        state.told.remove(&id);
        if let Some(key) = state.keys.get(&id).cloned() {
            state.drop_held(&key);
        }
    }

    /// Follows a project from a revision on, or from a newer one that was told.
    pub(super) fn follow(&self, news: News) -> watch::Receiver<News> {
        let mut state = self.write();
        let told = state.told.get(&news.id).copied();
        let followed = state.followed.entry(news.id).or_insert_with(|| Followed {
            latest: watch::Sender::new(News {
                revision: told.map_or(news.revision, |told| told.max(news.revision)),
                ..news
            }),
            followers: 0,
        });
        followed.followers += 1;
        followed.latest.subscribe()
    }

    pub(super) fn unfollow(&self, id: ProjectId) {
        let mut state = self.write();
        if let Some(followed) = state.followed.get_mut(&id) {
            followed.followers -= 1;
            if followed.followers == 0 {
                state.followed.remove(&id);
            }
        }
    }
}

impl State {
    fn drop_held(&mut self, key: &str) {
        if let Some(Held { project, .. }) = self.held.remove(key) {
            self.keys.remove(&project.id());
            self.bytes -= project.bytes();
        }
    }

    fn make_room(&mut self) {
        while self.bytes > self.bound && self.held.len() > 1 {
            let longest_unused = self
                .held
                .iter()
                .min_by_key(|(_, held)| held.used.load(Ordering::Relaxed))
                .map(|(key, _)| key.clone());
            let Some(key) = longest_unused else { return };
            self.drop_held(&key);
        }
    }

    fn remember(&mut self, news: &News) {
        self.told.insert(news.id, news.revision);
        if self.told.len() > TOLD + 2 * (self.held.len() + self.followed.len()) {
            let (keys, followed) = (&self.keys, &self.followed);
            self.told
                .retain(|id, _| keys.contains_key(id) || followed.contains_key(id));
            self.told.insert(news.id, news.revision);
        }
    }
}

/// The right to load one project, which one caller has at a time.
#[derive(Debug)]
pub(super) struct Turn<'a> {
    keeping: &'a Keeping,
    key: String,
    lock: Arc<tokio::sync::Mutex<()>>,
}

impl Turn<'_> {
    pub(super) async fn begin(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.lock.lock().await
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut loading = self.keeping.loading();
        // The map's own and this one: nobody else waits.
        if Arc::strong_count(&self.lock) <= 2 {
            loading.remove(&self.key);
        }
    }
}
