//! The ledger: what was claimed, sent, skipped or failed. A row is unique by recipient, category,
//! subject and occurrence, so that no mail goes out twice.
//!
//! Claiming inserts rows; sending leases one, commits `SENDING` before a byte goes out, and commits
//! the outcome. Leases go by the database's own time and carry a fence.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use entities::*;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use crate::{
    database,
    error::Result,
    ids::Ids,
    plan::{Due, plan},
    project::Project,
};

/// How far back a tick looks for what was missed, beyond the last row of the ledger.
const LOOK_BACK: TimeDelta = TimeDelta::days(40);
/// How far ahead the hint of a quiet project reaches.
const LOOK_AHEAD: TimeDelta = TimeDelta::days(40);
/// How long one worker may take to send one mail: longer than the wait for the lane and every SMTP
/// timeout together.
const LEASE_SECONDS: i64 = 20 * 60;
/// When a mail is tried again after trouble: the last one over and over, for two days.
const RETRIES: [TimeDelta; 5] = [
    TimeDelta::minutes(1),
    TimeDelta::minutes(5),
    TimeDelta::minutes(30),
    TimeDelta::hours(2),
    TimeDelta::hours(1),
];
const GIVE_UP_AFTER: TimeDelta = TimeDelta::days(2);

/// How an attempt to send ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Sent,
    Skipped(SkipReason),
    /// To be tried again.
    Retry(String),
    /// Refused for good; `suppress` when the address itself was.
    Failed {
        detail: String,
        suppress: bool,
    },
    /// All was handed over and no reply came.
    Unknown(String),
}

/// A mail in the hands of one worker, until the lease ends.
#[derive(Clone, Debug)]
pub struct Lease {
    pub row: notification::Model,
    fence: i64,
}

/// Writes down every mail that is due by now and was not written down before, and when to look
/// again. What lay before the project came into the product is never planned.
///
/// # Errors
/// When the database fails; the next tick makes up for it.
pub async fn claim(
    db: &DatabaseConnection,
    project: &Project,
    ids: Ids,
    now: DateTime<Utc>,
) -> Result<usize> {
    let last: Option<DateTime<Utc>> = notification::Entity::find()
        .select_only()
        .column(notification::Column::DueAt)
        .filter(notification::Column::ProjectId.eq(project.id()))
        .order_by_desc(notification::Column::DueAt)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    let from = looked_at_until(last, now, project.project.created_at);
    let due = plan(project, from, now);
    let known = known(db, project.id(), from).await?;
    let declined = declined(db, project).await?;
    let rows = rows(project, ids, now, due, &known, &declined);
    let count = rows.len();
    let write = database::begin_write(db).await?;
    for chunk in rows.chunks(200) {
        let models = chunk
            .iter()
            .cloned()
            .map(IntoActiveModel::into_active_model);
        notification::Entity::insert_many(models)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(&write)
            .await?;
    }
    let next = plan(project, now, now + LOOK_AHEAD)
        .first()
        .map_or(now + LOOK_AHEAD, |due| due.due_at);
    project::Entity::update_many()
        .set(project::ActiveModel {
            next_plan_at: Set(Some(next)),
            ..Default::default()
        })
        .filter(project::Column::Id.eq(project.id()))
        .filter(project::Column::Revision.eq(project.revision()))
        .exec(&write)
        .await?;
    write.commit().await?;
    Ok(count)
}

/// From where a tick looks again: far enough back for whatever was missed since the ledger's last
/// row, and never before the project came into the product.
fn looked_at_until(
    last: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    created: DateTime<Utc>,
) -> DateTime<Utc> {
    let back = now - LOOK_BACK;
    let from = last.filter(|last| *last < back).unwrap_or(back);
    Ord::max(from, created)
}

/// The keys of the projects that the plan must be asked about now.
///
/// # Errors
/// When the database fails.
pub async fn to_plan(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<String>> {
    Ok(project::Entity::find()
        .select_only()
        .column(project::Column::Key)
        .filter(
            Condition::any()
                .add(project::Column::NextPlanAt.is_null())
                .add(project::Column::NextPlanAt.lte(now)),
        )
        .order_by_asc(project::Column::Key)
        .into_tuple()
        .all(db)
        .await?)
}

type Known = HashSet<(PersonId, Category, Uuid, String)>;

async fn known(
    db: &impl ConnectionTrait,
    project: ProjectId,
    from: DateTime<Utc>,
) -> Result<Known> {
    use notification::Column;
    Ok(notification::Entity::find()
        .select_only()
        .columns([
            Column::PersonId,
            Column::Category,
            Column::SubjectId,
            Column::Occurrence,
        ])
        .filter(Column::ProjectId.eq(project))
        .filter(Column::DueAt.gt(from))
        .into_tuple::<(PersonId, Category, Uuid, String)>()
        .all(db)
        .await?
        .into_iter()
        .collect())
}

type Declined = HashSet<(PersonId, Category)>;

async fn declined(db: &impl ConnectionTrait, project: &Project) -> Result<Declined> {
    use unsubscription::Column;
    let people = role::Entity::find()
        .select_only()
        .column(role::Column::PersonId)
        .filter(role::Column::ProjectId.eq(project.id()));
    Ok(unsubscription::Entity::find()
        .select_only()
        .columns([Column::PersonId, Column::Category])
        .filter(Column::PersonId.in_subquery(people.into_query()))
        .into_tuple::<(PersonId, Category)>()
        .all(db)
        .await?
        .into_iter()
        .collect())
}

/// New rows for what is due: each with the reason at once, where it is not to be sent.
fn rows(
    project: &Project,
    ids: Ids,
    now: DateTime<Utc>,
    due: Vec<Due>,
    known: &Known,
    declined: &Declined,
) -> Vec<notification::Model> {
    let mut latest: HashMap<(ReminderRuleId, PersonId, Uuid), DateTime<Utc>> = HashMap::new();
    for one in &due {
        latest.insert((one.rule, one.person, one.subject.into()), one.due_at);
    }
    due.into_iter()
        .filter(|one| {
            let key = (
                one.person,
                one.category,
                one.subject.into(),
                one.occurrence.clone(),
            );
            !known.contains(&key)
        })
        .map(|one| {
            let subject_id = Uuid::from(one.subject);
            let is_latest = latest[&(one.rule, one.person, subject_id)] == one.due_at;
            let person = project.person(one.person);
            let reason = refusal(person, one.category, declined, now)
                .or((one.useful_until < now).then_some(SkipReason::TooLate))
                .or((!is_latest).then_some(SkipReason::Superseded));
            let name = format!("{:?}/{subject_id}/{}", one.category, one.occurrence);
            notification::Model {
                id: ids.make("notification", one.person.into(), &name).into(),
                project_id: project.id(),
                person_id: one.person,
                category: one.category,
                subject_id,
                occurrence: one.occurrence,
                rule_id: Some(one.rule),
                report_id: None,
                due_at: one.due_at,
                useful_until: one.useful_until,
                state: if reason.is_some() {
                    NotificationState::Skipped
                } else {
                    NotificationState::Due
                },
                reason,
                detail: None,
                attempts: 0,
                next_attempt_at: one.due_at,
                hinted: None,
                lease_until: None,
                fence: 0,
                message_id: None,
                sent_at: None,
                created_at: now,
            }
        })
        .collect()
}

/// Why a person gets no mail of a category, whatever it says.
fn refusal(
    person: &person::Model,
    category: Category,
    declined: &Declined,
    now: DateTime<Utc>,
) -> Option<SkipReason> {
    let today = crate::zone::day_in(now, &crate::zone::known_zone(&person.time_zone));
    if person.address.is_none() {
        Some(SkipReason::NoAddress)
    } else if person.suppressed_at.is_some() {
        Some(SkipReason::Suppressed)
    } else if person.paused_until.is_some_and(|until| today < until) {
        Some(SkipReason::Paused)
    } else if declined.contains(&(person.id, category)) {
        Some(SkipReason::Unsubscribed)
    } else {
        None
    }
}

/// Why a person gets no mail of a category now, asked once more before it is sent.
///
/// # Errors
/// When the database fails.
pub async fn refused(
    db: &impl ConnectionTrait,
    person: &person::Model,
    category: Category,
    now: DateTime<Utc>,
) -> Result<Option<SkipReason>> {
    let declines = unsubscription::Entity::find()
        .filter(unsubscription::Column::PersonId.eq(person.id))
        .filter(unsubscription::Column::Category.eq(category))
        .one(db)
        .await?;
    let declined = declines
        .map(|row| (row.person_id, row.category))
        .into_iter()
        .collect();
    Ok(refusal(person, category, &declined, now))
}

/// Ids of mails that wait and of which the queue has not been told lately; marks them as told. At
/// most `most` are outstanding at a time: the ledger is the backlog, not the queue.
///
/// # Errors
/// When the database fails.
pub async fn hints(
    db: &DatabaseConnection,
    now: DateTime<Utc>,
    most: u64,
    forget_after_seconds: i64,
) -> Result<Vec<NotificationId>> {
    use notification::Column;
    let write = database::begin_write(db).await?;
    let seconds = || database::seconds(db_backend(db));
    let told_before = || seconds().sub(forget_after_seconds);
    let outstanding: i64 = notification::Entity::find()
        .select_only()
        .column_as(Column::Id.count(), "count")
        .filter(Column::State.eq(NotificationState::Due))
        .filter(Expr::col(Column::Hinted).gte(told_before()))
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
                .add(Expr::col(Column::Hinted).lt(told_before())),
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

fn db_backend(db: &DatabaseConnection) -> sea_orm::DbBackend {
    db.get_database_backend()
}

/// Not in the hands of a worker.
fn free(seconds: sea_orm::sea_query::SimpleExpr) -> Condition {
    Condition::any()
        .add(notification::Column::LeaseUntil.is_null())
        .add(Expr::col(notification::Column::LeaseUntil).lt(seconds))
}

/// Takes a waiting mail into one worker's hands; none where it does not wait any more.
///
/// # Errors
/// When the database fails.
pub async fn lease(
    db: &DatabaseConnection,
    id: NotificationId,
    now: DateTime<Utc>,
) -> Result<Option<Lease>> {
    use notification::Column;
    let seconds = || database::seconds(db_backend(db));
    let taken = notification::Entity::update_many()
        .col_expr(Column::LeaseUntil, seconds().add(LEASE_SECONDS))
        .col_expr(Column::Fence, Expr::col(Column::Fence).add(1))
        .filter(Column::Id.eq(id))
        .filter(Column::State.eq(NotificationState::Due))
        .filter(Column::NextAttemptAt.lte(now))
        .filter(free(seconds()))
        .exec(db)
        .await?;
    if taken.rows_affected == 0 {
        return Ok(None);
    }
    let row = notification::Entity::find_by_id(id).one(db).await?;
    Ok(row.map(|row| Lease {
        fence: row.fence,
        row,
    }))
}

impl Lease {
    /// Commits that the mail is about to be handed over. False: the lease has been lost, and
    /// nothing may be sent.
    ///
    /// # Errors
    /// When the database fails; then nothing may be sent either.
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

    /// Commits how it ended, unless the lease was lost meanwhile.
    ///
    /// # Errors
    /// When the database fails; the lease ends by itself, and the mail becomes doubtful.
    pub async fn finish(
        &self,
        db: &impl ConnectionTrait,
        outcome: Outcome,
        now: DateTime<Utc>,
    ) -> Result<()> {
        use notification::Column;
        let row = &self.row;
        let mut change = notification::ActiveModel {
            lease_until: Set(None),
            hinted: Set(None),
            ..Default::default()
        };
        let mut suppressed = false;
        match outcome {
            Outcome::Sent => {
                change.state = Set(NotificationState::Sent);
                change.sent_at = Set(Some(now));
                change.detail = Set(None);
            }
            Outcome::Skipped(reason) => {
                change.state = Set(NotificationState::Skipped);
                change.reason = Set(Some(reason));
            }
            Outcome::Retry(detail) => again(row, &mut change, detail, now),
            Outcome::Unknown(detail) if may_repeat(row.category) => {
                again(row, &mut change, detail, now);
            }
            Outcome::Unknown(detail) => {
                change.state = Set(NotificationState::Unknown);
                change.detail = Set(Some(detail));
            }
            Outcome::Failed { detail, suppress } => {
                change.state = Set(NotificationState::Failed);
                change.detail = Set(Some(detail));
                suppressed = suppress;
            }
        }
        notification::Entity::update_many()
            .set(change)
            .filter(Column::Id.eq(row.id))
            .filter(Column::Fence.eq(self.fence))
            .exec(db)
            .await?;
        if suppressed {
            person::Entity::update_many()
                .set(person::ActiveModel {
                    suppressed_at: Set(Some(now)),
                    ..Default::default()
                })
                .filter(person::Column::Id.eq(row.person_id))
                .exec(db)
                .await?;
            for id in projects_of(db, row.person_id).await? {
                crate::store::raise_revision(db, id).await?;
            }
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

/// Waits for another attempt, or gives up where two days have passed or it would be useless.
fn again(
    row: &notification::Model,
    change: &mut notification::ActiveModel,
    detail: String,
    now: DateTime<Utc>,
) {
    change.detail = Set(Some(detail));
    let done = usize::try_from(row.attempts).unwrap_or_default();
    let next = now + RETRIES[done.min(RETRIES.len() - 1)];
    if next > row.useful_until {
        change.state = Set(NotificationState::Skipped);
        change.reason = Set(Some(SkipReason::TooLate));
    } else if next > row.due_at + GIVE_UP_AFTER {
        change.state = Set(NotificationState::Failed);
    } else {
        change.state = Set(NotificationState::Due);
        change.next_attempt_at = Set(next);
    }
}

/// Whether a mail that may or may not have arrived is sent again, with the same Message-ID: a
/// reminder is; of a digest or report the next one covers what this one said.
fn may_repeat(category: Category) -> bool {
    !matches!(category, Category::Digest | Category::ProgressReport)
}

/// Settles the mails whose worker ended while it handed them over: nobody knows whether they
/// arrived. Gives how many there were.
///
/// # Errors
/// When the database fails.
pub async fn settle_doubtful(db: &DatabaseConnection, now: DateTime<Utc>) -> Result<usize> {
    use notification::Column;
    let doubtful = notification::Entity::find()
        .filter(Column::State.eq(NotificationState::Sending))
        .filter(free(database::seconds(db_backend(db))))
        .limit(1000)
        .all(db)
        .await?;
    let count = doubtful.len();
    for row in doubtful {
        let lease = Lease {
            fence: row.fence,
            row,
        };
        lease
            .finish(
                db,
                Outcome::Unknown("the worker ended while sending".into()),
                now,
            )
            .await?;
    }
    Ok(count)
}

/// When a person was last really sent mail of a category in a project.
///
/// # Errors
/// When the database fails.
pub async fn last_sent(
    db: &impl ConnectionTrait,
    project: ProjectId,
    person: PersonId,
    category: Category,
) -> Result<Option<DateTime<Utc>>> {
    use notification::Column;
    Ok(notification::Entity::find()
        .select_only()
        .column(Column::SentAt)
        .filter(Column::ProjectId.eq(project))
        .filter(Column::PersonId.eq(person))
        .filter(Column::Category.eq(category))
        .filter(Column::State.eq(NotificationState::Sent))
        .order_by_desc(Column::DueAt)
        .limit(1)
        .into_tuple::<Option<DateTime<Utc>>>()
        .one(db)
        .await?
        .flatten())
}

/// The next instant after now at which some project may have mail due, or a mail is tried again.
///
/// # Errors
/// When the database fails.
pub async fn next_instant(db: &impl ConnectionTrait) -> Result<Option<DateTime<Utc>>> {
    let planned: Option<DateTime<Utc>> = project::Entity::find()
        .select_only()
        .column(project::Column::NextPlanAt)
        .filter(project::Column::NextPlanAt.is_not_null())
        .order_by_asc(project::Column::NextPlanAt)
        .limit(1)
        .into_tuple::<Option<DateTime<Utc>>>()
        .one(db)
        .await?
        .flatten();
    let retried: Option<DateTime<Utc>> = notification::Entity::find()
        .select_only()
        .column(notification::Column::NextAttemptAt)
        .filter(notification::Column::State.eq(NotificationState::Due))
        .order_by_asc(notification::Column::NextAttemptAt)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(planned.into_iter().chain(retried).min())
}

/// Writes down that a person wants no more mail of a category; saying so again changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn decline(
    db: &impl ConnectionTrait,
    person: PersonId,
    category: Category,
    ids: Ids,
    now: DateTime<Utc>,
) -> Result<()> {
    let row = unsubscription::Model {
        id: ids
            .make("unsubscription", person.into(), &format!("{category:?}"))
            .into(),
        person_id: person,
        category,
        created_at: now,
    };
    unsubscription::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}
