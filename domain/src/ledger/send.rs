//! Sending: from a waiting row to its outcome, with hints, leases, retries, and mails in doubt.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entities::*;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait,
    QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

use serde_json::json;

use crate::{
    actor::Actor,
    audit::{self, SingleChange},
    clock::Uptime,
    database,
    error::Result,
    store::{SHARED, raise_revision},
};

/// The duration of a lease: longer than the wait for the lane and all SMTP timeouts together.
const LEASE_SECONDS: i64 = 20 * 60;
/// The delays of retries; the last one repeats for two days.
const RETRIES: [TimeDelta; 5] = [
    TimeDelta::minutes(1),
    TimeDelta::minutes(5),
    TimeDelta::minutes(30),
    TimeDelta::hours(2),
    TimeDelta::hours(1),
];
const GIVE_UP_AFTER: TimeDelta = TimeDelta::days(2);

/// The outcome of an attempt to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Sent,
    Skipped(SkipReason),
    /// Retry later.
    Retry(String),
    /// Retry later, as long as the mail is useful: the operator must mend what is wrong.
    Blocked(String),
    /// It could not be made: counts as an attempt. Retry later, and in the end fail.
    Unmade(String),
    /// Refused permanently; `suppress` if the address itself was.
    Failed {
        detail: String,
        suppress: bool,
    },
    /// The mail was handed over without a reply.
    Unknown(String),
}

/// A worker's exclusive right to a mail, until it expires.
#[derive(Clone, Debug)]
pub struct Lease {
    pub row: notification::Model,
    fence: i64,
    /// When it is over, also where the process or its machine stood still meanwhile.
    until: Uptime,
}

/// Hints for the queue: ids of waiting mails without a recent hint, which are marked as hinted. At
/// most `most` are outstanding at a time: the ledger is the backlog, not the queue.
pub async fn hints(
    db: &DatabaseConnection,
    now: DateTime<Utc>,
    most: u64,
    forget_after_seconds: i64,
) -> Result<Vec<NotificationId>> {
    use notification::Column;
    let write = database::begin_write(db).await?;
    let seconds = || database::seconds(db.get_database_backend());
    let hinted_before = || seconds().sub(forget_after_seconds);
    let outstanding: i64 = notification::Entity::find()
        .select_only()
        .column_as(Column::Id.count(), "count")
        .filter(Column::State.eq(NotificationState::Due))
        .filter(Expr::col(Column::Hinted).gte(hinted_before()))
        .into_tuple()
        .one(&write)
        .await?
        .unwrap_or_default();
    let room = most.saturating_sub(outstanding.unsigned_abs());
    let ids: Vec<NotificationId> = notification::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::State.eq(NotificationState::Due))
        .filter(Column::NextAttemptAt.lte(now))
        .filter(
            Condition::any()
                .add(Column::Hinted.is_null())
                .add(Expr::col(Column::Hinted).lt(hinted_before())),
        )
        .filter(free(seconds()))
        .order_by_asc(Column::NextAttemptAt)
        .order_by_asc(Column::Id)
        .limit(room)
        .into_tuple()
        .all(&write)
        .await?;
    if !ids.is_empty() {
        notification::Entity::update_many()
            .col_expr(Column::Hinted, seconds())
            .filter(Column::Id.is_in(ids.iter().copied()))
            .exec(&write)
            .await?;
    }
    write.commit().await?;
    Ok(ids)
}

/// The condition for rows without a valid lease.
fn free(seconds: sea_orm::sea_query::SimpleExpr) -> Condition {
    Condition::any()
        .add(notification::Column::LeaseUntil.is_null())
        .add(Expr::col(notification::Column::LeaseUntil).lt(seconds))
}

/// Leases a waiting mail; `None` if it does not wait or another worker has leased it.
pub async fn lease(
    db: &DatabaseConnection,
    id: NotificationId,
    now: DateTime<Utc>,
) -> Result<Option<Lease>> {
    use notification::Column;
    // Before the database counts, so that it is never over later than there.
    let until = Uptime::now().plus_seconds(LEASE_SECONDS);
    let seconds = || database::seconds(db.get_database_backend());
    let update = notification::Entity::update_many()
        .col_expr(Column::LeaseUntil, seconds().add(LEASE_SECONDS))
        .col_expr(Column::Fence, Expr::col(Column::Fence).add(1))
        .filter(Column::Id.eq(id))
        .filter(Column::State.eq(NotificationState::Due))
        .filter(Column::NextAttemptAt.lte(now))
        .filter(free(seconds()))
        .exec(db)
        .await?;
    if update.rows_affected == 0 {
        return Ok(None);
    }
    let row = notification::Entity::find_by_id(id).one(db).await?;
    Ok(row.map(|row| Lease {
        fence: row.fence,
        row,
        until,
    }))
}

/// Leases those of some mails that wait and that nobody else has leased, in the order of their ids
/// here, in one transaction.
pub async fn lease_all(
    db: &DatabaseConnection,
    ids: &[NotificationId],
    now: DateTime<Utc>,
) -> Result<Vec<Lease>> {
    use notification::Column;
    let until = Uptime::now().plus_seconds(LEASE_SECONDS);
    let seconds = || database::seconds(db.get_database_backend());
    let write = database::begin_write(db).await?;
    let waiting = notification::Entity::find()
        .filter(Column::Id.is_in(ids.iter().copied()))
        .filter(Column::State.eq(NotificationState::Due))
        .filter(Column::NextAttemptAt.lte(now))
        .filter(free(seconds()))
        .lock_exclusive()
        .all(&write)
        .await?;
    notification::Entity::update_many()
        .col_expr(Column::LeaseUntil, seconds().add(LEASE_SECONDS))
        .col_expr(Column::Fence, Expr::col(Column::Fence).add(1))
        .filter(Column::Id.is_in(waiting.iter().map(|row| row.id)))
        .exec(&write)
        .await?;
    write.commit().await?;
    let mut rows: HashMap<NotificationId, notification::Model> =
        waiting.into_iter().map(|row| (row.id, row)).collect();
    let leased = |id: &NotificationId| {
        let row = rows.remove(id)?;
        let fence = row.fence + 1;
        let row = notification::Model { fence, ..row };
        Some(Lease { fence, row, until })
    };
    Ok(ids.iter().filter_map(leased).collect())
}

/// Commits the outcomes of some mails together, each unless its lease was lost meanwhile.
///
/// # Errors
/// On a database error the leases expire, and the mails that were handed over are in doubt.
pub async fn finish_all(
    db: &DatabaseConnection,
    outcomes: &[(Lease, Outcome)],
    now: DateTime<Utc>,
) -> Result<()> {
    let write = database::begin_write(db).await?;
    // People change, in all their projects.
    if outcomes.iter().any(|(_, outcome)| outcome.suppresses()) {
        database::advisory_lock(&write, SHARED).await?;
    }
    for (lease, outcome) in outcomes {
        lease.write(&write, outcome, now).await?;
    }
    write.commit().await?;
    Ok(())
}

/// Commits the state `SENDING` of some mails together; false of one whose lease was lost: it may not
/// be sent.
///
/// # Errors
/// On a database error nothing may be sent either.
pub async fn begin_sending<'a>(
    db: &DatabaseConnection,
    leases: impl Iterator<Item = &'a Lease>,
    message_id: impl Fn(&notification::Model) -> String,
) -> Result<Vec<bool>> {
    let write = database::begin_write(db).await?;
    let mut begun = Vec::new();
    for lease in leases {
        let message_id = message_id(&lease.row);
        begun.push(lease.begin_sending(&write, &message_id).await?);
    }
    write.commit().await?;
    Ok(begun)
}

impl Outcome {
    fn suppresses(&self) -> bool {
        matches!(self, Self::Failed { suppress: true, .. })
    }
}

impl Lease {
    /// Whether it is over, so that another worker may have the mail.
    #[must_use]
    pub fn is_over(&self) -> bool {
        Uptime::now() >= self.until
    }

    /// Commits the state `SENDING`. False if the lease was lost: nothing may be sent.
    ///
    /// # Errors
    /// On a database error nothing may be sent either.
    pub async fn begin_sending(&self, db: &impl ConnectionTrait, message_id: &str) -> Result<bool> {
        use notification::Column;
        let changed = notification::Entity::update_many()
            .set(notification::ActiveModel {
                state: Set(NotificationState::Sending),
                message_id: Set(Some(message_id.to_owned())),
                attempts: Set(self.row.attempts + 1),
                report_id: Set(self.row.report_id),
                ..Default::default()
            })
            .filter(Column::Id.eq(self.row.id))
            .filter(Column::Fence.eq(self.fence))
            .filter(Column::State.eq(NotificationState::Due))
            .exec(db)
            .await?;
        Ok(changed.rows_affected == 1)
    }

    /// Commits the outcome, unless the lease was lost meanwhile.
    ///
    /// # Errors
    /// On a database error the lease expires, and the mail is in doubt.
    pub async fn finish(
        &self,
        db: &DatabaseConnection,
        outcome: Outcome,
        now: DateTime<Utc>,
    ) -> Result<()> {
        finish_all(db, &[(self.clone(), outcome)], now).await
    }

    async fn write(
        &self,
        write: &DatabaseTransaction,
        outcome: &Outcome,
        now: DateTime<Utc>,
    ) -> Result<()> {
        use notification::Column;
        let row = &self.row;
        let mut change = notification::ActiveModel {
            lease_until: Set(None),
            hinted: Set(None),
            ..Default::default()
        };
        match outcome {
            Outcome::Sent => {
                change.state = Set(NotificationState::Sent);
                change.sent_at = Set(Some(now));
                change.detail = Set(None);
            }
            Outcome::Skipped(reason) => {
                change.state = Set(NotificationState::Skipped);
                change.reason = Set(Some(*reason));
            }
            Outcome::Retry(detail) => again(row, &mut change, detail, Some(GIVE_UP_AFTER), now),
            Outcome::Blocked(detail) => again(row, &mut change, detail, None, now),
            Outcome::Unmade(detail) => {
                change.attempts = Set(row.attempts + 1);
                again(row, &mut change, detail, Some(GIVE_UP_AFTER), now);
                // Nobody could have had it in time, and the reason is to be seen.
                if change.state == Set(NotificationState::Skipped) {
                    change.state = Set(NotificationState::Failed);
                    change.reason = NotSet;
                }
            }
            Outcome::Unknown(detail) if may_repeat(row.category) => {
                again(row, &mut change, detail, Some(GIVE_UP_AFTER), now);
            }
            Outcome::Unknown(detail) => {
                change.state = Set(NotificationState::Unknown);
                change.detail = Set(Some(detail.clone()));
            }
            Outcome::Failed { detail, .. } => {
                change.state = Set(NotificationState::Failed);
                change.detail = Set(Some(detail.clone()));
            }
        }
        let changed = notification::Entity::update_many()
            .set(change)
            .filter(Column::Id.eq(row.id))
            .filter(Column::Fence.eq(self.fence))
            .filter(Column::State.is_in([NotificationState::Due, NotificationState::Sending]))
            .exec(write)
            .await?;
        if outcome.suppresses() && changed.rows_affected == 1 {
            person::Entity::update_many()
                .set(person::ActiveModel {
                    suppressed_at: Set(Some(now)),
                    ..Default::default()
                })
                .filter(person::Column::Id.eq(row.person_id))
                .exec(write)
                .await?;
            for id in projects_of(write, row.person_id).await? {
                raise_revision(write, id).await?;
            }
            let change = SingleChange {
                verb: "suppressAddress",
                kind: "Person",
                record: row.person_id.into(),
                project: None,
                after: Some(json!({ "suppressedAt": now })),
            };
            audit::write_single(write, now, &Actor::WORKER, change).await?;
        }
        Ok(())
    }
}

async fn projects_of(db: &impl ConnectionTrait, person: PersonId) -> Result<Vec<ProjectId>> {
    Ok(role::Entity::find()
        .select_only()
        .column(role::Column::ProjectId)
        .distinct()
        .filter(role::Column::PersonId.eq(person))
        .into_tuple()
        .all(db)
        .await?)
}

/// Schedules another attempt, or gives up after a time or if it would be too late.
fn again(
    row: &notification::Model,
    change: &mut notification::ActiveModel,
    detail: &str,
    give_up_after: Option<TimeDelta>,
    now: DateTime<Utc>,
) {
    change.detail = Set(Some(detail.to_owned()));
    let attempts = usize::try_from(row.attempts).unwrap_or_default();
    let next = now + RETRIES[attempts.min(RETRIES.len() - 1)];
    if next > row.useful_until {
        change.state = Set(NotificationState::Skipped);
        change.reason = Set(Some(SkipReason::TooLate));
    } else if give_up_after.is_some_and(|time| next > row.due_at + time) {
        change.state = Set(NotificationState::Failed);
    } else {
        change.state = Set(NotificationState::Due);
        change.next_attempt_at = Set(next);
    }
}

/// Whether a mail in doubt is sent again, with the same Message-ID: reminders and sign-in links
/// are; the content of a digest or report is in the next one.
fn may_repeat(category: Category) -> bool {
    !matches!(category, Category::Digest | Category::ProgressReport)
}

/// Resolves the mails in doubt, whose worker ended during the handover. Returns their number.
pub async fn resolve_doubtful(db: &DatabaseConnection, now: DateTime<Utc>) -> Result<usize> {
    use notification::Column;
    let doubtful = notification::Entity::find()
        .filter(Column::State.eq(NotificationState::Sending))
        .filter(free(database::seconds(db.get_database_backend())))
        .limit(1000)
        .all(db)
        .await?;
    let mut count = 0;
    for row in doubtful {
        // The old fence can no longer commit an outcome.
        let update = notification::Entity::update_many()
            .col_expr(Column::Fence, Expr::col(Column::Fence).add(1))
            .filter(Column::Id.eq(row.id))
            .filter(Column::Fence.eq(row.fence))
            .filter(Column::State.eq(NotificationState::Sending))
            .exec(db)
            .await?;
        if update.rows_affected == 1 {
            let lease = Lease {
                fence: row.fence + 1,
                row,
                until: Uptime::now(),
            };
            let detail = "the worker ended while sending".to_owned();
            lease.finish(db, Outcome::Unknown(detail), now).await?;
            count += 1;
        }
    }
    Ok(count)
}
