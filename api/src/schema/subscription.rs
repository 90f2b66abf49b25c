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
    visible,
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

/// The number of changed records that one event lists.
const MAX_RECORDS: usize = 100;

/// Events as they happen, over a WebSocket or as an event stream.
#[derive(Debug, Default, Description)]
pub struct Subscription;

#[Root(use_type_description)]
impl Subscription {
    /// Sends the new revisions of a project, each within a second, whichever process made it.
    ///
    /// The first event comes at once, with the current revision, so that no change between a query
    /// and this subscription, or between two connections, is missed. With the displayed fields
    /// under `project`, no other query is needed. A slow client may miss revisions in between,
    /// never the newest; `previousRevision` is that of the event before.
    ///
    /// It ends with the error NOT_FOUND when you may no longer see the project, and for an unknown
    /// key.
    async fn project_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The key of the project, such as `connection`.")] key: String,
    ) -> Result<BoxStream<'static, Result<Option<ProjectChange>>>> {
        let store = Arc::clone(store(ctx)?);
        let viewer = viewer(ctx);
        // Loaded once for all clients of a crowd; then read again, so that no revision falls
        // between it and the news.
        visible::by_key(&store, viewer, &key)
            .await
            .map_err(error::of_domain)?;
        let news = store.follow(&key).await.map_err(error::of_domain)?;
        let events = Events {
            comparisons: Arc::clone(ctx.data::<Arc<Comparisons>>()?),
            news,
            viewer,
            last: None,
            first: Some(seen(store.project(&key).await, viewer)?),
            store,
            key,
        };
        Ok(stream::unfold(Some(events), Events::step).boxed())
    }
}

/// The project, where there is one and the viewer may see it.
fn seen(project: domain::error::Result<Arc<State>>, viewer: Viewer) -> Result<Arc<State>> {
    let project = project.map_err(error::of_domain)?;
    if viewer.may_see(&project) {
        Ok(project)
    } else {
        Err(error::not_found("project"))
    }
}

/// The events of one subscription.
struct Events {
    store: Arc<Store>,
    viewer: Viewer,
    key: String,
    news: Follower,
    comparisons: Arc<Comparisons>,
    /// The project of the first event, until it is sent.
    first: Option<Arc<State>>,
    /// The project of the last event.
    last: Option<Arc<State>>,
}

impl Events {
    /// The next event; an error is the last one.
    async fn step(this: Option<Self>) -> Option<(Result<Option<ProjectChange>>, Option<Self>)> {
        let mut this = this?;
        match this.next().await {
            Ok(change) => Some((Ok(Some(change)), Some(this))),
            Err(error) => Some((Err(error), None)),
        }
    }

    async fn next(&mut self) -> Result<ProjectChange> {
        if let Some(project) = self.first.take() {
            return Ok(self.event(project));
        }
        loop {
            let news = self.news.next().await;
            let last = self.last.as_ref().map(|last| last.revision());
            if last == Some(news.revision) {
                continue;
            }
            let project = self.newest(news.revision).await?;
            if last != Some(project.revision()) {
                return Ok(self.event(project));
            }
        }
    }

    /// The project at a revision at least, if the viewer may still see it.
    async fn newest(&self, revision: i64) -> Result<Arc<State>> {
        let mut project = self.store.project(&self.key).await;
        if matches!(&project, Ok(project) if project.revision() < revision) {
            project = self.store.fresh(&self.key).await;
        }
        seen(project, self.viewer)
    }

    fn event(&mut self, project: Arc<State>) -> ProjectChange {
        let today = self.store.clock().today(project.zone());
        let before = self.last.replace(Arc::clone(&project));
        ProjectChange {
            view: View::new(project, today),
            before,
            viewer: self.viewer,
            comparisons: Arc::clone(&self.comparisons),
        }
    }
}

/// A revision of a project, with the records that it changed.
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

/// A revision of a project, with the records that it changed.
#[Object]
impl ProjectChange {
    /// The current revision.
    async fn revision(&self) -> Quantity {
        Quantity(self.view.revision())
    }

    /// The revision of the previous event, with which the records are compared; null in the first
    /// event.
    async fn previous_revision(&self) -> Option<Quantity> {
        let before = self.before.as_ref()?;
        Some(Quantity(before.revision()))
    }

    /// The records that changed since the previous event, 100 at most; null in the first event.
    /// People are listed only if the viewer may see them.
    async fn records(&self) -> Option<Vec<ChangedRecord>> {
        let before = self.before.as_ref()?;
        let records = self.visible(before).into_iter().take(MAX_RECORDS);
        let records = records.map(|(at, all)| ChangedRecord {
            view: self.view.clone(),
            all,
            at,
        });
        Some(records.collect())
    }

    /// The number of records that changed since the previous event, including those beyond the
    /// first 100; null in the first event.
    async fn record_count(&self) -> Option<usize> {
        let before = self.before.as_ref()?;
        Some(self.visible(before).len())
    }

    /// The project at this revision, as of today.
    async fn project(&self) -> Project {
        Project::new(&self.view)
    }
}

/// How a record changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum RecordChange {
    /// It was added.
    Added,
    /// It, or a row that belongs to it alone, was changed.
    Changed,
    /// It was removed.
    Removed,
}

/// A changed record.
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

/// A changed record.
#[Object]
impl ChangedRecord {
    /// The name of its GraphQL type, such as `StaffExchange`.
    async fn kind(&self) -> &str {
        self.get().kind.name()
    }

    /// The opaque id of the record, for `node`, unless it was removed.
    async fn id(&self) -> ID {
        let Changed { kind, id: row, .. } = self.get();
        id(kind.name(), self.view.id(), row)
    }

    /// The key, unique among the records of its kind; of a partner that of its organisation.
    async fn key(&self) -> &str {
        &self.get().key
    }

    /// How it changed.
    async fn change(&self) -> RecordChange {
        match self.get().how {
            How::Added => RecordChange::Added,
            How::Changed => RecordChange::Changed,
            How::Removed => RecordChange::Removed,
        }
    }

    /// The current record; null if it was removed, or is planned only later.
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

/// A cache of comparisons: all clients that follow a project need the same one, which is made once.
#[derive(Debug, Default)]
pub struct Comparisons(Mutex<HashMap<(ProjectId, i64, i64), Comparison>>);

type Comparison = Arc<OnceLock<Arc<[Changed]>>>;

/// The number of comparisons in the cache.
const MAX_COMPARISONS: usize = 64;

impl Comparisons {
    fn between(&self, before: &State, after: &State) -> Arc<[Changed]> {
        let states = (after.id(), before.revision(), after.revision());
        let comparison = {
            let mut cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if cache.len() >= MAX_COMPARISONS && !cache.contains_key(&states) {
                cache.clear();
            }
            Arc::clone(cache.entry(states).or_default())
        };
        let changed = comparison.get_or_init(|| changed::records(before, after).into());
        Arc::clone(changed)
    }
}
