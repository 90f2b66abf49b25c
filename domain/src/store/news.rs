//! Who hears of a change, and how the changes of other processes are found.

use std::{collections::HashMap, sync::Arc, time::Duration};

use entities::*;
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Alias, Expr, ExprTrait},
};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::{Store, keeping::Keeping, write::REVISED_AT};
use crate::error::{Error, Result};

/// How often other processes' writes are looked for.
const POLL: Duration = Duration::from_millis(500);
/// Of how many projects one look asks by id.
const CHUNK: usize = 250;
/// How long before the last change that was seen another may have been made that commits only now.
/// What takes longer is found when its project's turn comes.
const OVERLAP_SECONDS: i64 = 5;

/// That a project stands at a new revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    pub id: ProjectId,
    pub key: String,
    pub revision: i64,
}

/// Waits for the changes of one project, which the poll looks at as long as this lives.
#[derive(Debug)]
pub struct Following {
    keeping: Arc<Keeping>,
    latest: watch::Receiver<News>,
    id: ProjectId,
}

impl Following {
    /// The newest revision that is known; what comes after it is news.
    #[must_use]
    pub fn latest(&self) -> News {
        self.latest.borrow().clone()
    }

    /// Waits for a revision that this follower has not seen. Of several at once it gives the newest
    /// only. May be dropped while it waits; nothing is lost then.
    pub async fn next(&mut self) -> News {
        if self.latest.changed().await.is_err() {
            // The sender lives as long as somebody follows.
            std::future::pending::<()>().await;
        }
        self.latest.borrow_and_update().clone()
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        self.keeping.unfollow(self.id);
    }
}

impl Store {
    /// Follows the project of this key: its changes are found even where it is not kept in memory.
    ///
    /// # Errors
    /// `NotFound`, or when the database fails.
    pub async fn follow(&self, key: &str) -> Result<Following> {
        // Who follow in a crowd, as after a restart, do not each ask the database: what it knows of
        // a kept project beyond this, the next look at it tells.
        let news = match self.keeping.held(key) {
            Some(project) => News {
                id: project.id(),
                key: key.to_owned(),
                revision: project.revision(),
            },
            None => self.standing_of(key).await?,
        };
        let id = news.id;
        Ok(Following {
            latest: self.keeping.follow(news),
            keeping: Arc::clone(&self.keeping),
            id,
        })
    }

    /// Takes the word of another process that wrote: what is older is dropped, and who listens here
    /// is told, once per revision however often it is heard.
    pub fn heard(&self, news: News) {
        self.keeping.tell(news);
    }

    /// At which revision the project of this key is in the database now.
    pub(super) async fn standing_of(&self, key: &str) -> Result<News> {
        let found: Option<(ProjectId, i64)> = project::Entity::find()
            .select_only()
            .columns([project::Column::Id, project::Column::Revision])
            .filter(project::Column::Key.eq(key))
            .into_tuple()
            .one(&self.db)
            .await?;
        let (id, revision) = found.ok_or(Error::NotFound("project"))?;
        Ok(News {
            id,
            key: key.to_owned(),
            revision,
        })
    }

    /// Finds, over and over, what other processes have changed. Runs until it is dropped.
    pub async fn watch(&self) {
        let mut poll = Poll::default();
        loop {
            tokio::time::sleep(POLL).await;
            if let Err(error) = self.look(&mut poll).await {
                tracing::warn!(%error, "Could not look for changed projects");
            }
        }
    }

    /// Looks once for changes of the projects that are kept or followed. However many these are, it
    /// asks for one chunk of them, in turn; where there are more, it asks besides for whatever was
    /// raised in the last seconds.
    async fn look(&self, poll: &mut Poll) -> Result<()> {
        let looked_at = self.keeping.looked_at();
        if looked_at.len() > CHUNK {
            for news in self.raised_lately(poll).await? {
                if looked_at
                    .get(&news.id)
                    .is_some_and(|known| *known < news.revision)
                {
                    self.keeping.tell(news);
                }
            }
        }
        let mut ids: Vec<ProjectId> = looked_at.keys().copied().collect();
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
            .map(|(id, key, revision)| (id, News { id, key, revision }))
            .collect();
        for id in chunk {
            match current.remove(id) {
                Some(news) if news.revision > looked_at[id] => self.keeping.tell(news),
                Some(news) if news.revision == looked_at[id] => {}
                _ => self.keeping.forget(*id),
            }
        }
        Ok(())
    }

    /// What was raised since the last look, and a little before: writes may commit in another order
    /// than they were made in.
    async fn raised_lately(&self, poll: &mut Poll) -> Result<Vec<News>> {
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
        let news = |(id, key, revision, _)| News { id, key, revision };
        Ok(rows.into_iter().map(news).collect())
    }
}

/// How far the poll has come.
#[derive(Debug, Default)]
struct Poll {
    /// The last project that was asked for, in the order of the ids.
    asked: Option<ProjectId>,
    /// The newest raise that was seen, by the database's clock.
    since: Option<i64>,
}

impl Poll {
    /// The chunk whose turn it is.
    fn next<'a>(&mut self, ids: &'a [ProjectId]) -> &'a [ProjectId] {
        let from = match self.asked {
            Some(asked) => ids.partition_point(|id| *id <= asked),
            None => 0,
        };
        let from = if from == ids.len() { 0 } else { from };
        let chunk = &ids[from..ids.len().min(from + CHUNK)];
        self.asked = chunk.last().copied();
        // All of them at once need no turns.
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
        assert!(sizes.iter().all(|(found, size)| found == size), "{sizes:?}");
        assert_eq!(poll.next(&ids)[0], ids[250]);
        assert_eq!(poll.next(&ids[..9]), &ids[..9]);
        assert_eq!(poll.next(&[]), &[]);
    }
}
