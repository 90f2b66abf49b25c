//! How long is kept what nobody needs for good: sign-ins that are over, keys of acts, uploads that
//! became no evidence, and old mail in the ledger. The audit is kept as long as the installation.

use chrono::{DateTime, TimeDelta, Utc};
use entities::*;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter,
    sea_query::Query,
};

use crate::{error::Result, files::Files};

/// For how many days each is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Links, sessions and tokens after they are over.
    pub sign_ins: i64,
    /// Uploads that became no evidence.
    pub uploads: i64,
    /// Mail in the ledger after it was due.
    pub ledger: i64,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            sign_ins: 30,
            uploads: 7,
            ledger: 3 * 366,
        }
    }
}

/// The fewest days of the ledger: what was planned must not be planned again.
pub const LEDGER_AT_LEAST: i64 = 90;

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    pub sign_ins: u64,
    pub keys: u64,
    pub uploads: u64,
    pub mails: u64,
}

impl Retention {
    /// Removes what was kept for long enough. Mail that waits, or whose outcome is open, stays.
    ///
    /// # Errors
    /// When the database or the folder of files fails; the next time makes up for it.
    pub async fn apply(
        self,
        db: &impl ConnectionTrait,
        files: Option<&Files>,
        now: DateTime<Utc>,
    ) -> Result<Removed> {
        let before = |days: i64| now - TimeDelta::days(days);
        let links = sign_in_link::Entity::delete_many()
            .filter(sign_in_link::Column::ExpiresAt.lt(before(self.sign_ins)))
            .exec(db)
            .await?;
        let sessions = session::Entity::delete_many()
            .filter(session::Column::ExpiresAt.lt(before(self.sign_ins)))
            .exec(db)
            .await?;
        let tokens = api_token::Entity::delete_many()
            .filter(
                api_token::Column::ExpiresAt
                    .lt(before(self.sign_ins))
                    .or(api_token::Column::RevokedAt.lt(before(self.sign_ins))),
            )
            .exec(db)
            .await?;
        let keys = repeated_act::Entity::delete_many()
            .filter(repeated_act::Column::CreatedAt.lt(before(1)))
            .exec(db)
            .await?;
        let mails = notification::Entity::delete_many()
            .filter(notification::Column::DueAt.lt(before(Ord::max(self.ledger, LEDGER_AT_LEAST))))
            .filter(
                notification::Column::State
                    .is_not_in([NotificationState::Due, NotificationState::Sending]),
            )
            .exec(db)
            .await?;
        Ok(Removed {
            sign_ins: links.rows_affected + sessions.rows_affected + tokens.rows_affected,
            keys: keys.rows_affected,
            uploads: self.uploads(db, files, before(self.uploads)).await?,
            mails: mails.rows_affected,
        })
    }

    /// Uploads that are no evidence, or are none any more, and their files.
    async fn uploads(
        self,
        db: &impl ConnectionTrait,
        files: Option<&Files>,
        before: DateTime<Utc>,
    ) -> Result<u64> {
        let evidence = Query::select()
            .column(evidence::Column::Sha256)
            .from(evidence::Entity)
            .and_where(evidence::Column::Sha256.is_not_null())
            .to_owned();
        let old = upload::Entity::find()
            .filter(upload::Column::CreatedAt.lt(before))
            .filter(upload::Column::Sha256.not_in_subquery(evidence))
            .all(db)
            .await?;
        for row in &old {
            upload::Entity::delete_by_id(row.id).exec(db).await?;
            if let Some(files) = files
                && !is_used(db, &row.sha256).await?
            {
                files.remove(&row.sha256).await?;
            }
        }
        Ok(old.len() as u64)
    }
}

/// Whether evidence or another upload is of these bytes.
async fn is_used(db: &impl ConnectionTrait, sha256: &str) -> Result<bool> {
    let evidence = evidence::Entity::find()
        .filter(evidence::Column::Sha256.eq(sha256))
        .count(db)
        .await?;
    let uploads = upload::Entity::find()
        .filter(upload::Column::Sha256.eq(sha256))
        .count(db)
        .await?;
    Ok(evidence + uploads > 0)
}
