//! What is told as it happens.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use async_graphql::{Context, Description, Enum, ID, Object, Result, Subscription as Root};
use domain::{
    changed::{self, Changed, How, Kind},
    project::Project as State,
    store::{Follower, Store},
    viewer::Viewer,
};
use entities::ProjectId;
use futures::stream::{self, BoxStream, StreamExt};

use crate::schema::{
    base::{
        error,
        id::{NodeId, id},
        scalar::Quantity,
        view::{View, store, viewer},
    },
    types::{node::Node, project::Project},
};

/// How many changed records one event names.
const NAMED: usize = 100;

/// What is told as it happens, over a WebSocket or as an event stream.
#[derive(Debug, Default, Description)]
pub struct Subscription;

#[Root(use_type_description)]
impl Subscription {
    /// Tells of a project's new revisions, each within a second, wherever it was made.
    ///
    /// The first event comes at once, with the revision that holds now: so nothing that happens
    /// between a query and this subscription is missed, nor between two connections. Ask for what
    /// you show under `project`, and no other query is needed. Who reads too slowly is not told of
    /// every revision, but always of the newest; `previousRevision` is the one of the event before.
    ///
    /// It ends, with the error NOT_FOUND, when you may no longer see the project. An unknown key has
    /// the same error.
    async fn project_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Names the project, such as `connection`.")] key: String,
    ) -> Result<BoxStream<'static, Result<Option<ProjectChange>>>> {
        let store = Arc::clone(store(ctx)?);
        let viewer = viewer(ctx);
        // Loaded once for all who come in a crowd; then read again, so that no revision falls
        // between it and the news.
        visible(store.project(&key).await, viewer)?;
        let news = store.follow(&key).await.map_err(error::of_domain)?;
        let told = Told {
            comparisons: Arc::clone(ctx.data::<Arc<Comparisons>>()?),
            news,
            viewer,
            last: None,
            first: Some(visible(store.project(&key).await, viewer)?),
            store,
            key,
        };
        Ok(stream::unfold(Some(told), Told::step).boxed())
    }
}

/// The project, where there is one and the viewer may see it.
fn visible(project: domain::error::Result<Arc<State>>, viewer: Viewer) -> Result<Arc<State>> {
    let project = project.map_err(error::of_domain)?;
    if viewer.may_see(&project) {
        Ok(project)
    } else {
        Err(error::not_found("project"))
    }
}

/// Somebody who is told of a project.
struct Told {
    store: Arc<Store>,
    viewer: Viewer,
    key: String,
    news: Follower,
    comparisons: Arc<Comparisons>,
    /// What the first event tells of.
    first: Option<Arc<State>>,
    /// What the last event told of.
    last: Option<Arc<State>>,
}

impl Told {
    /// The next event; after an error nobody is told any more.
    async fn step(this: Option<Self>) -> Option<(Result<Option<ProjectChange>>, Option<Self>)> {
        let mut this = this?;
        match this.next().await {
            Ok(change) => Some((Ok(Some(change)), Some(this))),
            Err(error) => Some((Err(error), None)),
        }
    }

    async fn next(&mut self) -> Result<ProjectChange> {
        if let Some(project) = self.first.take() {
            return Ok(self.told(project));
        }
        loop {
            let news = self.news.next().await;
            let last = self.last.as_ref().map(|last| last.revision());
            if last == Some(news.revision) {
                continue;
            }
            let project = self.newest(news.revision).await?;
            if last != Some(project.revision()) {
                return Ok(self.told(project));
            }
        }
    }

    /// The project at a revision at least, if the viewer may still see it.
    async fn newest(&self, revision: i64) -> Result<Arc<State>> {
        let mut found = self.store.project(&self.key).await;
        if matches!(&found, Ok(project) if project.revision() < revision) {
            found = self.store.fresh(&self.key).await;
        }
        visible(found, self.viewer)
    }

    fn told(&mut self, project: Arc<State>) -> ProjectChange {
        let as_of = self.store.clock().today(project.zone()).into();
        let before = self.last.replace(Arc::clone(&project));
        ProjectChange {
            view: View { project, as_of },
            before,
            viewer: self.viewer,
            comparisons: Arc::clone(&self.comparisons),
        }
    }
}

/// A revision of a project, and what is new in it.
#[derive(Debug)]
pub struct ProjectChange {
    view: View,
    before: Option<Arc<State>>,
    viewer: Viewer,
    comparisons: Arc<Comparisons>,
}

impl ProjectChange {
    /// The changed records that the viewer may know of.
    fn visible(&self, before: &Arc<State>) -> Vec<(usize, Arc<[Changed]>)> {
        let changed = self.comparisons.between(before, &self.view.project);
        let may_see = |one: &Changed| {
            let (viewer, project) = (self.viewer, &self.view.project);
            one.kind != Kind::Person || viewer.may_see_person(project, one.id.into())
        };
        let places = (0..changed.len()).filter(|at| may_see(&changed[*at]));
        places.map(|at| (at, Arc::clone(&changed))).collect()
    }
}

/// A revision of a project, and what is new in it.
#[Object]
impl ProjectChange {
    /// The revision that holds now.
    async fn revision(&self) -> Quantity {
        Quantity(self.view.revision())
    }

    /// The revision of the event before, which the records are compared with; null in the first
    /// event.
    async fn previous_revision(&self) -> Option<Quantity> {
        let before = self.before.as_ref()?;
        Some(Quantity(before.revision()))
    }

    /// The records that changed since the event before, 100 at most; null in the first event. People
    /// are named to those alone who may see them.
    async fn records(&self) -> Option<Vec<ChangedRecord>> {
        let before = self.before.as_ref()?;
        let records = self.visible(before).into_iter().take(NAMED);
        let records = records.map(|(at, all)| ChangedRecord {
            view: self.view.clone(),
            all,
            at,
        });
        Some(records.collect())
    }

    /// How many records changed since the event before, those beyond the first 100 too; null in the
    /// first event.
    async fn record_count(&self) -> Option<usize> {
        let before = self.before.as_ref()?;
        Some(self.visible(before).len())
    }

    /// The project at this revision, as of today.
    async fn project(&self) -> Project {
        Project::new(&self.view)
    }
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum RecordChange {
    /// It is new.
    Added,
    /// It, or something that belongs to it alone, is not what it was.
    Changed,
    /// It is gone.
    Removed,
}

/// A record that is not what it was.
#[derive(Debug)]
pub struct ChangedRecord {
    view: View,
    all: Arc<[Changed]>,
    at: usize,
}

impl ChangedRecord {
    fn get(&self) -> &Changed {
        &self.all[self.at]
    }
}

/// A record that is not what it was.
#[Object]
impl ChangedRecord {
    /// The name of its type, such as `StaffExchange`.
    async fn kind(&self) -> &str {
        self.get().kind.name()
    }

    /// Names the record; `node` finds it again, unless it was removed.
    async fn id(&self) -> ID {
        let Changed { kind, id: row, .. } = self.get();
        id(kind.name(), self.view.id(), row)
    }

    /// Names it among the records of its kind; a partner by its organisation.
    async fn key(&self) -> &str {
        &self.get().key
    }

    /// What became of it.
    async fn change(&self) -> RecordChange {
        match self.get().how {
            How::Added => RecordChange::Added,
            How::Changed => RecordChange::Changed,
            How::Removed => RecordChange::Removed,
        }
    }

    /// The record as it is now; null where it was removed, or is planned only later.
    async fn node(&self, ctx: &Context<'_>) -> Result<Option<Node>> {
        let Changed { kind, id, how, .. } = self.get();
        if *how == How::Removed {
            return Ok(None);
        }
        let id = NodeId {
            kind: kind.name().to_owned(),
            project: self.view.id(),
            row: id.to_string(),
        };
        Node::in_view(ctx, &self.view, &id).await
    }
}

/// The comparisons made last: all who follow a project want the same one, and it is made once.
#[derive(Debug, Default)]
pub struct Comparisons(Mutex<HashMap<(ProjectId, i64, i64), Comparison>>);

type Comparison = Arc<OnceLock<Arc<[Changed]>>>;

/// How many comparisons are kept.
const KEPT: usize = 64;

impl Comparisons {
    fn between(&self, before: &State, after: &State) -> Arc<[Changed]> {
        let states = (after.id(), before.revision(), after.revision());
        let comparison = {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.len() >= KEPT && !kept.contains_key(&states) {
                kept.clear();
            }
            Arc::clone(kept.entry(states).or_default())
        };
        let changed = comparison.get_or_init(|| changed::records(before, after).into());
        Arc::clone(changed)
    }
}
