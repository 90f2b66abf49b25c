//! What one request reads. Each project is shown at one revision throughout the answer, however
//! often it is asked for; and an answer that rests on projects alone is known to hold for as long
//! as they stay as they are.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use chrono::NaiveDate;
use domain::{error::Result, project::Project, store::Store, zone::Zone};
use entities::ProjectId;

/// The projects that a request has read, and whether it has read anything else.
#[derive(Debug)]
pub struct Reads {
    store: Arc<Store>,
    projects: Mutex<Vec<(Arc<Project>, NaiveDate)>>,
    went_beyond: AtomicBool,
}

impl Reads {
    #[must_use]
    pub fn new(store: Arc<Store>) -> Self {
        Self {
            store,
            projects: Mutex::default(),
            went_beyond: AtomicBool::new(false),
        }
    }

    /// The project of a key.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn project(&self, key: &str) -> Result<Arc<Project>> {
        if let Some(read) = self.already(|read| read.key() == key) {
            return Ok(read);
        }
        Ok(self.remembered(self.store.project(key).await?))
    }

    /// The project of an id.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn project_by_id(&self, id: ProjectId) -> Result<Arc<Project>> {
        if let Some(read) = self.already(|read| read.id() == id) {
            return Ok(read);
        }
        Ok(self.remembered(self.store.project_by_id(id).await?))
    }

    /// The store, for what is no project: the answer then holds for this once.
    #[must_use]
    pub fn store(&self) -> &Arc<Store> {
        self.went_beyond.store(true, Ordering::Relaxed);
        &self.store
    }

    /// The day that it was in a project's own zone when the request read it first.
    #[must_use]
    pub fn today(&self, project: &Project) -> NaiveDate {
        let read = self.read();
        let first = read.iter().find(|(first, _)| first.id() == project.id());
        first.map_or_else(|| self.now_in(project), |(_, today)| *today)
    }

    fn now_in(&self, project: &Project) -> NaiveDate {
        self.store.clock().today(project.zone())
    }

    /// What the answer depends on; `None` where that is more than projects.
    #[must_use]
    pub fn dependencies(&self) -> Option<Dependencies> {
        if self.went_beyond.load(Ordering::Relaxed) {
            return None;
        }
        let read = self.read();
        let states = read.iter().map(|(project, today)| State {
            key: project.key().into(),
            revision: project.revision(),
            zone: project.zone().clone(),
            today: *today,
        });
        Some(Dependencies(states.collect()))
    }

    /// Takes a project as the request itself has changed it: what it reads from now on is that.
    pub fn changed(&self, project: &Arc<Project>) {
        let mut read = self.read();
        match read
            .iter_mut()
            .find(|(first, _)| first.id() == project.id())
        {
            Some((first, _)) => *first = Arc::clone(project),
            None => read.push((Arc::clone(project), self.now_in(project))),
        }
    }

    fn already(&self, is_it: impl Fn(&Project) -> bool) -> Option<Arc<Project>> {
        let read = self.read();
        let first = read.iter().find(|(project, _)| is_it(project));
        first.map(|(project, _)| Arc::clone(project))
    }

    /// The project as the request read it first.
    fn remembered(&self, project: Arc<Project>) -> Arc<Project> {
        let mut read = self.read();
        if let Some((first, _)) = read.iter().find(|(first, _)| first.id() == project.id()) {
            return Arc::clone(first);
        }
        read.push((Arc::clone(&project), self.now_in(&project)));
        project
    }

    fn read(&self) -> MutexGuard<'_, Vec<(Arc<Project>, NaiveDate)>> {
        self.projects.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What an answer depends on: projects, each at a revision and on a day.
#[derive(Debug, Default)]
pub struct Dependencies(Box<[State]>);

#[derive(Debug)]
struct State {
    key: Box<str>,
    revision: i64,
    zone: Zone,
    today: NaiveDate,
}

impl Dependencies {
    /// Whether all of it is still so, as far as this process knows.
    #[must_use]
    pub fn holds(&self, store: &Store) -> bool {
        self.0.iter().all(|state| {
            store.cached_revision(&state.key) == Some(state.revision)
                && store.clock().today(&state.zone) == state.today
        })
    }

    /// About how many bytes it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let own = |state: &State| size_of::<State>() + state.key.len();
        self.0.iter().map(own).sum()
    }
}
