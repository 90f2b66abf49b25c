//! What is told as it happens.

use std::{
    collections::HashMap,
    ops::Deref,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use async_graphql::{Context, Description, Enum, ID, Object, Result, Subscription as Root};
use chrono::NaiveDate;
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
        let feed = ctx.data::<Arc<Feed>>()?;
        if let Some(change) = feed.event() {
            let change = change.map(|change| Some(ProjectChange(change)));
            return Ok(stream::iter([change]).boxed());
        }
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
        feed.give(events);
        Ok(stream::empty().boxed())
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

/// What the resolver of a subscription is asked for: the events to follow, or the answer to one.
#[derive(Debug)]
pub struct Feed(Mutex<Wanted>);

#[derive(Debug)]
enum Wanted {
    Events(Option<Events>),
    Answer(Option<Result<Change>>),
}

impl Feed {
    /// Asks for the events, which [`Feed::take`] has once the resolver ran.
    #[must_use]
    pub fn follow() -> Self {
        Self(Mutex::new(Wanted::Events(None)))
    }

    /// Asks for the answer to an event, or to the error that ends the subscription.
    #[must_use]
    pub fn of(change: Result<Change>) -> Self {
        Self(Mutex::new(Wanted::Answer(Some(change))))
    }

    /// The events that the resolver gave; `None` if it did not run.
    #[must_use]
    pub fn take(&self) -> Option<Events> {
        match &mut *self.wanted() {
            Wanted::Events(events) => events.take(),
            Wanted::Answer(_) => None,
        }
    }

    /// The event to answer; `None` if the events are asked for.
    fn event(&self) -> Option<Result<Change>> {
        match &mut *self.wanted() {
            Wanted::Events(_) => None,
            Wanted::Answer(change) => change.take(),
        }
    }

    fn give(&self, given: Events) {
        if let Wanted::Events(events) = &mut *self.wanted() {
            *events = Some(given);
        }
    }

    fn wanted(&self) -> MutexGuard<'_, Wanted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The events of one subscription.
#[derive(Debug)]
pub struct Events {
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
    /// The first event: the project as it is.
    pub fn first(&mut self) -> Result<Change> {
        let project = self.first.take();
        let project = project.ok_or_else(|| error::not_found("project"))?;
        Ok(self.event(project))
    }

    /// Waits for a revision after that of the last event.
    pub async fn wait(&mut self) {
        loop {
            let news = self.news.next().await;
            if self.last.as_ref().map(|last| last.revision()) != Some(news.revision) {
                return;
            }
        }
    }

    /// The newest event; `None` if there is none after the last one.
    ///
    /// # Errors
    /// If the viewer may no longer see the project: the subscription ends.
    pub async fn newest(&mut self) -> Result<Option<Change>> {
        let news = self.news.latest();
        let project = self.project_at(news.revision).await?;
        let last = self.last.as_ref().map(|last| last.revision());
        Ok((last != Some(project.revision())).then(|| self.event(project)))
    }

    /// The project at a revision at least, if the viewer may still see it.
    async fn project_at(&self, revision: i64) -> Result<Arc<State>> {
        let mut project = self.store.project(&self.key).await;
        if matches!(&project, Ok(project) if project.revision() < revision) {
            project = self.store.fresh(&self.key).await;
        }
        seen(project, self.viewer)
    }

    fn event(&mut self, project: Arc<State>) -> Change {
        let today = self.store.clock().today(project.zone());
        let before = self.last.replace(Arc::clone(&project));
        Change {
            view: View::new(project, today),
            before,
            viewer: self.viewer,
            comparisons: Arc::clone(&self.comparisons),
        }
    }
}

/// A revision of a project, and the one of the event before.
#[derive(Clone, Debug)]
pub struct Change {
    view: View,
    before: Option<Arc<State>>,
    viewer: Viewer,
    comparisons: Arc<Comparisons>,
}

impl Change {
    #[must_use]
    pub fn project(&self) -> ProjectId {
        self.view.id()
    }

    #[must_use]
    pub fn revision(&self) -> i64 {
        self.view.revision()
    }

    /// The revision of the event before; `None` in the first event.
    #[must_use]
    pub fn before(&self) -> Option<i64> {
        self.before.as_ref().map(|before| before.revision())
    }

    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.view.today
    }
}

/// A revision of a project, with the records that it changed.
#[derive(Debug)]
pub struct ProjectChange(Change);

impl Deref for ProjectChange {
    type Target = Change;

    fn deref(&self) -> &Change {
        &self.0
    }
}

impl ProjectChange {
    /// The changed records that the viewer may know of.
    fn visible(&self, before: &Arc<State>) -> Vec<(usize, Arc<[Changed]>)> {
        let changed = self.comparisons.between(before, &self.view.project);
        let may_see = |one: &Changed| {
            let (viewer, project) = (self.viewer, &self.view.project);
            match one.kind {
                Kind::Person => viewer.may_see_person(project, one.id.into()),
                _ => viewer.may_see_record(project, one.id),
            }
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
