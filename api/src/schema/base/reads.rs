//! The reads of one request. Each project has the same revision throughout a response, however
//! often it is read. A response that depends on projects alone can be cached until one of them
//! changes.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use chrono::NaiveDate;
use domain::{error::Result, project::Project, store::Store, viewer::Viewer, visible, zone::Zone};
use entities::ProjectId;

/// The projects that a request has read, and whether it has read anything besides projects.
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

    /// The project with a key.
    ///
    /// # Errors
    /// `NotFound` if there is none.
    pub async fn project(&self, key: &str) -> Result<Arc<Project>> {
        if let Some(read) = self.already(|read| read.key() == key) {
            return Ok(read);
        }
        Ok(self.remembered(self.store.project(key).await?))
    }

    /// The project with a key, if the viewer may see it.
    ///
    /// # Errors
    /// `NotFound` if there is none, or the viewer may not see it, at the same cost.
    pub async fn visible(&self, viewer: Viewer, key: &str) -> Result<Arc<Project>> {
        match self.already(|read| read.key() == key && viewer.may_see(read)) {
            Some(read) => Ok(read),
            None => self.found(visible::by_key(&self.store, viewer, key).await),
        }
    }

    /// The project with an id, if the viewer may see it.
    ///
    /// # Errors
    /// `NotFound` if there is none, or the viewer may not see it, at the same cost.
    pub async fn visible_by_id(&self, viewer: Viewer, id: ProjectId) -> Result<Arc<Project>> {
        match self.already(|read| read.id() == id && viewer.may_see(read)) {
            Some(read) => Ok(read),
            None => self.found(visible::by_id(&self.store, viewer, id).await),
        }
    }

    /// Remembers a project that was found. A response without it depends on more than projects: it
    /// may be there, or visible, the next time.
    fn found(&self, project: Result<Arc<Project>>) -> Result<Arc<Project>> {
        if project.is_err() {
            self.went_beyond.store(true, Ordering::Relaxed);
        }
        Ok(self.remembered(project?))
    }

    /// The project with an id.
    ///
    /// # Errors
    /// `NotFound` if there is none.
    pub async fn project_by_id(&self, id: ProjectId) -> Result<Arc<Project>> {
        if let Some(read) = self.already(|read| read.id() == id) {
            return Ok(read);
        }
        Ok(self.remembered(self.store.project_by_id(id).await?))
    }

    /// The store, to read anything but projects. The response can then not be cached.
    #[must_use]
    pub fn store(&self) -> &Arc<Store> {
        self.went_beyond.store(true, Ordering::Relaxed);
        &self.store
    }

    /// Today in the project's time zone, at the time of the request's first read of the project.
    #[must_use]
    pub fn today(&self, project: &Project) -> NaiveDate {
        let read = self.read();
        let first = read.iter().find(|(first, _)| first.id() == project.id());
        first.map_or_else(|| self.now_in(project), |(_, today)| *today)
    }

    fn now_in(&self, project: &Project) -> NaiveDate {
        self.store.clock().today(project.zone())
    }

    /// The dependencies of the response; `None` if it depends on more than projects.
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

    /// Replaces a project by its state after the request's own change, which later reads return.
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

    /// The project as the request read it first; adds it if this is the first read.
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

/// The dependencies of a response: projects, each at a revision and on a day.
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
    /// Whether all projects still have these revisions and days, as far as this process knows.
    #[must_use]
    pub fn holds(&self, store: &Store) -> bool {
        self.0.iter().all(|state| {
            store.cached_revision(&state.key) == Some(state.revision)
                && store.clock().today(&state.zone) == state.today
        })
    }

    /// The approximate size in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let own = |state: &State| size_of::<State>() + state.key.len();
        self.0.iter().map(own).sum()
    }
}
