//! Revision changes: followers of projects, and polling for the changes of other processes.

use std::{collections::HashMap, sync::Arc, time::Duration};

use entities::*;
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Alias, Expr, ExprTrait},
};
use tokio::sync::watch;

use super::{
    Store,
    cache::ProjectCache,
    revision::{REVISED_AT, RevisionChanged},
};
use crate::error::{Error, Result};

/// The interval of polling for writes of other processes.
const POLL_INTERVAL: Duration = Duration::from_millis(500);
/// The maximum number of projects that one poll queries by id.
const CHUNK: usize = 250;
/// The overlap of polls: a write may commit later than one that was made after it, within this
/// time. Writes that take longer are found when it is their project's turn.
const OVERLAP_SECONDS: i64 = 5;

/// A follower, which waits for the changes of one project. The poll queries the project while its
/// follower exists.
#[derive(Debug)]
pub struct Follower {
    cache: Arc<ProjectCache>,
    latest: watch::Receiver<RevisionChanged>,
    id: ProjectId,
}

impl Follower {
    /// The newest revision; [`Follower::next`] waits for one after it.
    #[must_use]
    pub fn latest(&self) -> RevisionChanged {
        self.latest.borrow().clone()
    }

    /// Waits for a revision that this follower has not seen. Of several it returns only the newest.
    /// Cancel safe: nothing is lost if it is dropped.
    pub async fn next(&mut self) -> RevisionChanged {
        if self.latest.changed().await.is_err() {
            // The sender lives as long as there is a follower.
            std::future::pending::<()>().await;
        }
        self.latest.borrow_and_update().clone()
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.cache.unfollow(self.id);
    }
}

impl Store {
    /// Follows the project of this key, whose changes are found even if it is not cached.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn follow(&self, key: &str) -> Result<Follower> {
        // Many followers at once, as after a restart, do not query the database one by one: the
        // next poll finds newer revisions of a cached project.
        let from = match self.cache.get(key) {
            Some(project) => RevisionChanged {
                id: project.id(),
                key: key.to_owned(),
                revision: project.revision(),
            },
            None => self.current_revision(key).await?,
        };
        let id = from.id;
        Ok(Follower {
            latest: self.cache.follow(from),
            cache: Arc::clone(&self.cache),
            id,
        })
    }

    /// Applies a change that another process published: evicts the stale project, and notifies
    /// followers, once per revision.
    pub fn apply_remote(&self, change: RevisionChanged) {
        self.cache.announce(change);
    }

    /// The current revision of the project of this key in the database.
    pub(super) async fn current_revision(&self, key: &str) -> Result<RevisionChanged> {
        let row: Option<(ProjectId, i64)> = project::Entity::find()
            .select_only()
            .columns([project::Column::Id, project::Column::Revision])
            .filter(project::Column::Key.eq(key))
            .into_tuple()
            .one(&self.db)
            .await?;
        let (id, revision) = row.ok_or(Error::NotFound("project"))?;
        Ok(RevisionChanged {
            id,
            key: key.to_owned(),
            revision,
        })
    }

    /// Polls for changes of other processes until it is dropped.
    pub async fn watch(&self) {
        let mut poll = Poll::default();
        loop {
            tokio::time::sleep(POLL_INTERVAL).await;
            if let Err(error) = self.poll(&mut poll).await {
                tracing::warn!(%error, "Could not look for changed projects");
            }
        }
    }

    /// Polls once for changes of the projects that are cached or followed. It queries one chunk of
    /// them, in turn; if there are more, it also queries the projects that changed in the last
    /// seconds.
    async fn poll(&self, poll: &mut Poll) -> Result<()> {
        let revisions = self.cache.revisions();
        if revisions.len() > CHUNK {
            for change in self.recent_changes(poll).await? {
                if revisions
                    .get(&change.id)
                    .is_some_and(|revision| *revision < change.revision)
                {
                    self.cache.announce(change);
                }
            }
        }
        let mut ids: Vec<ProjectId> = revisions.keys().copied().collect();
        ids.sort_unstable();
        let chunk = poll.next(&ids);
        if chunk.is_empty() {
            return Ok(());
        }
        let current: Vec<(ProjectId, String, i64)> = project::Entity::find()
            .select_only()
            .columns([
                project::Column::Id,
                project::Column::Key,
                project::Column::Revision,
            ])
            .filter(project::Column::Id.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(&self.db)
            .await?;
        let mut current: HashMap<_, _> = current
            .into_iter()
            .map(|(id, key, revision)| (id, RevisionChanged { id, key, revision }))
            .collect();
        for id in chunk {
            match current.remove(id) {
                Some(row) if row.revision > revisions[id] => self.cache.announce(row),
                Some(row) if row.revision == revisions[id] => {}
                _ => self.cache.forget(*id),
            }
        }
        Ok(())
    }

    /// The projects whose revision rose since the last poll, with an overlap, since writes may
    /// commit out of order.
    async fn recent_changes(&self, poll: &mut Poll) -> Result<Vec<RevisionChanged>> {
        let revised_at = || Expr::col(Alias::new(REVISED_AT));
        let since = match poll.since {
            Some(since) => since,
            None => project::Entity::find()
                .select_only()
                .column_as(revised_at().max(), REVISED_AT)
                .into_tuple::<Option<i64>>()
                .one(&self.db)
                .await?
                .flatten()
                .unwrap_or_default(),
        };
        let rows: Vec<(ProjectId, String, i64, i64)> = project::Entity::find()
            .select_only()
            .columns([
                project::Column::Id,
                project::Column::Key,
                project::Column::Revision,
            ])
            .column_as(revised_at(), REVISED_AT)
            .filter(revised_at().gte(since - OVERLAP_SECONDS))
            .into_tuple()
            .all(&self.db)
            .await?;
        let newest = rows.iter().map(|(.., at)| *at).max();
        poll.since = newest.filter(|newest| *newest > since).or(Some(since));
        let change = |(id, key, revision, _)| RevisionChanged { id, key, revision };
        Ok(rows.into_iter().map(change).collect())
    }
}

/// The position of the poll.
#[derive(Debug, Default)]
struct Poll {
    /// The last project that was queried, in the order of the ids.
    last: Option<ProjectId>,
    /// The newest change that was found, by the database's clock.
    since: Option<i64>,
}

impl Poll {
    /// The chunk whose turn it is.
    fn next<'a>(&mut self, ids: &'a [ProjectId]) -> &'a [ProjectId] {
        let from = match self.last {
            Some(last) => ids.partition_point(|id| *id <= last),
            None => 0,
        };
        let from = if from == ids.len() { 0 } else { from };
        let chunk = &ids[from..ids.len().min(from + CHUNK)];
        self.last = chunk.last().copied();
        // If all fit into one chunk, no turns are needed.
        if ids.len() <= CHUNK { ids } else { chunk }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_project_has_its_turn() {
        let ids: Vec<ProjectId> = (0..600u128)
            .map(|number| uuid::Uuid::from_u128(number).into())
            .collect();
        let mut poll = Poll::default();
        let sizes = [250, 250, 100, 250].map(|size| (poll.next(&ids).len(), size));
        assert!(
            sizes.iter().all(|(got, expected)| got == expected),
            "{sizes:?}"
        );
        assert_eq!(poll.next(&ids)[0], ids[250]);
        assert_eq!(poll.next(&ids[..9]), &ids[..9]);
        assert_eq!(poll.next(&[]), &[]);
    }
}
