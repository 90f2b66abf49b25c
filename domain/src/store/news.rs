//! Who hears of a change, and how the changes of other processes are found.

use std::{collections::HashMap, sync::Arc, time::Duration};

use entities::*;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::{Store, keeping::Keeping};
use crate::error::{Error, Result};

/// How often other processes' writes are looked for.
const POLL: Duration = Duration::from_millis(500);
/// Of how many projects one statement asks.
const CHUNK: usize = 250;

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
        loop {
            tokio::time::sleep(POLL).await;
            if let Err(error) = self.look().await {
                tracing::warn!(%error, "Could not look for changed projects");
            }
        }
    }

    /// Looks once at the projects that are kept or followed.
    async fn look(&self) -> Result<()> {
        let looked_at: Vec<(ProjectId, i64)> = self.keeping.looked_at().into_iter().collect();
        for chunk in looked_at.chunks(CHUNK) {
            let ids = chunk.iter().map(|(id, _)| *id);
            let current: Vec<(ProjectId, String, i64)> = project::Entity::find()
                .select_only()
                .columns([
                    project::Column::Id,
                    project::Column::Key,
                    project::Column::Revision,
                ])
                .filter(project::Column::Id.is_in(ids))
                .into_tuple()
                .all(&self.db)
                .await?;
            let mut current: HashMap<_, _> = current
                .into_iter()
                .map(|(id, key, revision)| (id, News { id, key, revision }))
                .collect();
            for (id, known) in chunk {
                match current.remove(id) {
                    Some(news) if news.revision > *known => self.keeping.tell(news),
                    Some(news) if news.revision == *known => {}
                    _ => self.keeping.forget(*id),
                }
            }
        }
        Ok(())
    }
}
