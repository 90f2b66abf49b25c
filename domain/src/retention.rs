//! How long is kept what nobody needs for good: sign-ins that are over, keys of acts, uploads that
//! became no evidence, and old mail in the ledger. The audit is kept as long as the installation.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use entities::*;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QuerySelect,
    sea_query::Query,
};

use crate::{account::link, error::Result, files::Files};

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

/// How many rows are removed by one statement.
const AT_ONCE: usize = 1000;

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    pub sign_ins: u64,
    pub keys: u64,
    pub uploads: u64,
}

impl Retention {
    /// Removes what was kept for long enough, but for mail, which [`Self::mails`] names. Where no
    /// files are kept, uploads are left to a worker that has them. Links stay for as long as they
    /// are counted.
    ///
    /// # Errors
    /// When the database or the folder of files fails; the next time makes up for it.
    pub async fn apply(
        self,
        db: &impl ConnectionTrait,
        files: Option<&Files>,
        now: DateTime<Utc>,
    ) -> Result<Removed> {
        let over = before(now, self.sign_ins);
        let links = sign_in_link::Entity::delete_many()
            .filter(sign_in_link::Column::ExpiresAt.lt(Ord::min(over, now - link::WINDOW)))
            .exec(db)
            .await?;
        let sessions = session::Entity::delete_many()
            .filter(session::Column::ExpiresAt.lt(over))
            .exec(db)
            .await?;
        let tokens = api_token::Entity::delete_many()
            .filter(
                api_token::Column::ExpiresAt
                    .lt(over)
                    .or(api_token::Column::RevokedAt.lt(over)),
            )
            .exec(db)
            .await?;
        let keys = repeated_act::Entity::delete_many()
            .filter(repeated_act::Column::CreatedAt.lt(before(now, 1)))
            .exec(db)
            .await?;
        let uploads = match files {
            Some(files) => self.uploads(db, files, now).await?,
            None => 0,
        };
        Ok(Removed {
            sign_ins: links.rows_affected + sessions.rows_affected + tokens.rows_affected,
            keys: keys.rows_affected,
            uploads,
        })
    }

    /// The mails that stood in the ledger for long enough. One that waits, or whose outcome is open,
    /// is none of them. Whoever keeps mails as files removes these first, and then the rows by
    /// [`remove_mails`]: without its row nobody knows of a file.
    pub async fn mails(
        self,
        db: &impl ConnectionTrait,
        now: DateTime<Utc>,
    ) -> Result<Vec<NotificationId>> {
        let due_before = before(now, Ord::max(self.ledger, LEDGER_AT_LEAST));
        Ok(notification::Entity::find()
            .select_only()
            .column(notification::Column::Id)
            .filter(notification::Column::DueAt.lt(due_before))
            .filter(
                notification::Column::State
                    .is_not_in([NotificationState::Due, NotificationState::Sending]),
            )
            .into_tuple()
            .all(db)
            .await?)
    }

    /// Uploads that are no evidence, or are none any more: the file first, where nothing else is of
    /// its bytes, and then the row, which tells of it for as long as it is there.
    async fn uploads(
        self,
        db: &impl ConnectionTrait,
        files: &Files,
        now: DateTime<Utc>,
    ) -> Result<u64> {
        let evidence = Query::select()
            .column(evidence::Column::Sha256)
            .from(evidence::Entity)
            .and_where(evidence::Column::Sha256.is_not_null())
            .to_owned();
        let old = upload::Entity::find()
            .filter(upload::Column::CreatedAt.lt(before(now, self.uploads)))
            .filter(upload::Column::Sha256.not_in_subquery(evidence))
            .all(db)
            .await?;
        let mut count = 0;
        for row in &old {
            // It may have become evidence by now.
            if is_evidence(db, row).await? {
                continue;
            }
            let is_needed =
                async { Ok(is_evidence(db, row).await? || is_there_again(db, row).await?) };
            files.remove_unless(&row.sha256, is_needed).await?;
            upload::Entity::delete_by_id(row.id).exec(db).await?;
            count += 1;
        }
        Ok(count)
    }
}

/// Removes the rows of mails that [`Retention::mails`] named; gives how many there were.
///
/// # Errors
/// On a database error the next run makes up for it.
pub async fn remove_mails(db: &impl ConnectionTrait, mails: &[NotificationId]) -> Result<u64> {
    let mut count = 0;
    for some in mails.chunks(AT_ONCE) {
        let removed = notification::Entity::delete_many()
            .filter(notification::Column::Id.is_in(some.iter().copied()))
            .exec(db)
            .await?;
        count += removed.rows_affected;
    }
    Ok(count)
}

/// Removes files that no upload and no evidence refers to, a day after they were stored: a process
/// ended before it wrote the row, or an import was refused. Gives how many there were.
///
/// # Errors
/// When the database or the folder of files fails; the next time makes up for it.
pub async fn remove_unreferenced(db: &impl ConnectionTrait, files: &Files) -> Result<u64> {
    let mut count = 0;
    for first in 0..=u8::MAX {
        let old = files.older_than_a_day(first).await?;
        for some in old.chunks(AT_ONCE) {
            let needed = referenced(db, some).await?;
            for sha256 in some.iter().filter(|sha256| !needed.contains(*sha256)) {
                let is_needed = async {
                    let still = referenced(db, std::slice::from_ref(sha256)).await?;
                    Ok(!still.is_empty())
                };
                files.remove_unless(sha256, is_needed).await?;
                count += 1;
            }
        }
    }
    Ok(count)
}

/// Those of these hashes that an upload or evidence refers to.
async fn referenced(db: &impl ConnectionTrait, hashes: &[String]) -> Result<HashSet<String>> {
    let mut referenced: HashSet<String> = evidence::Entity::find()
        .select_only()
        .column(evidence::Column::Sha256)
        .filter(evidence::Column::Sha256.is_in(hashes))
        .into_tuple()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let uploads: Vec<String> = upload::Entity::find()
        .select_only()
        .column(upload::Column::Sha256)
        .filter(upload::Column::Sha256.is_in(hashes))
        .into_tuple()
        .all(db)
        .await?;
    referenced.extend(uploads);
    Ok(referenced)
}

/// So many days ago.
fn before(now: DateTime<Utc>, days: i64) -> DateTime<Utc> {
    now - TimeDelta::days(days)
}

/// Whether evidence is of an upload's bytes.
async fn is_evidence(db: &impl ConnectionTrait, row: &upload::Model) -> Result<bool> {
    let count = evidence::Entity::find()
        .filter(evidence::Column::Sha256.eq(&row.sha256))
        .count(db)
        .await?;
    Ok(count > 0)
}

/// Whether another upload is of the same bytes.
async fn is_there_again(db: &impl ConnectionTrait, row: &upload::Model) -> Result<bool> {
    let count = upload::Entity::find()
        .filter(upload::Column::Sha256.eq(&row.sha256))
        .filter(upload::Column::Id.ne(row.id))
        .count(db)
        .await?;
    Ok(count > 0)
}
