//! Projects in memory, each at one revision, and the way that writes reach the database.
//!
//! Reading loads a project whole and keeps it; a [`Write`] raises revisions and tells them when it
//! commits; what other processes wrote is heard of, or found by the poll.

mod bulk;
mod import;
mod keeping;
mod news;
mod reading;
mod set_back;
mod write;

use std::sync::Arc;

use sea_orm::DatabaseConnection;
use tokio::sync::broadcast;

use crate::{account::Credentials, clock::Clock, ids::Ids};

use keeping::Keeping;

pub use import::{Import, Imported, Shared};
pub use news::{Following, News};
pub use write::Write;

pub(crate) use import::showing;
pub(crate) use write::{SHARED, raise_revision};

/// How many bytes of projects are kept where nothing else is said.
const DEFAULT_BOUND: usize = 256 << 20;

/// The projects, loaded whole when they are first asked for and kept while they are current.
#[derive(Debug)]
pub struct Store {
    db: DatabaseConnection,
    clock: Clock,
    ids: Ids,
    keeping: Arc<Keeping>,
    credentials: Credentials,
}

impl Store {
    #[must_use]
    pub fn new(db: DatabaseConnection, clock: Clock, ids: Ids) -> Self {
        Self {
            db,
            clock,
            ids,
            keeping: Arc::new(Keeping::new(DEFAULT_BOUND)),
            credentials: Credentials::default(),
        }
    }

    /// Keeps projects of at most so many bytes in memory, by [`Project::bytes`]; 256 MB unless this
    /// says otherwise. What was not used for longest goes first. One project is kept even where it
    /// alone is larger.
    ///
    /// [`Project::bytes`]: crate::project::Project::bytes
    pub fn keep_at_most(&self, bytes: usize) {
        self.keeping.set_bound(bytes);
    }

    /// How many projects are kept in memory, and how many bytes they take, about.
    #[must_use]
    pub fn kept(&self) -> (usize, usize) {
        self.keeping.count()
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

    /// What is remembered of sessions and tokens.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// The revision of a project that is kept in memory: what [`Store::project`] would give, without
    /// a look into the database. None where it would have to load.
    #[must_use]
    pub fn held_revision(&self, key: &str) -> Option<i64> {
        self.keeping.held(key).map(|project| project.revision())
    }

    /// The changes of all projects that this process writes, hears of or finds, from now on; each
    /// revision once. A project that is neither kept in memory nor followed may change unnoticed:
    /// whoever waits for one project takes [`Store::follow`]. Who falls behind by a thousand is
    /// told so (`Lagged`), and can rely on nothing that it remembers.
    #[must_use]
    pub fn news(&self) -> broadcast::Receiver<News> {
        self.keeping.news()
    }

    /// What this process itself writes, from now on: what the others are to be told.
    #[must_use]
    pub fn written(&self) -> broadcast::Receiver<News> {
        self.keeping.written()
    }
}
