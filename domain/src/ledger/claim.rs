//! Claiming: inserts ledger rows for mail that is due, as waiting or, with a reason, as skipped.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use entities::*;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait, sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{
    database,
    error::Result,
    ids::Ids,
    plan::{Due, plan},
    project::Project,
};

/// How far before the last row of the ledger a tick looks for missed mail.
const LOOK_BACK: TimeDelta = TimeDelta::days(40);
/// The maximum distance of the next hint of a project.
const LOOK_AHEAD: TimeDelta = TimeDelta::days(40);

/// Claims every mail of a project that is due and not claimed yet, and sets its next hint. Mail
/// that was due before the project was created is never claimed.
///
/// # Errors
/// On a database error the next tick repeats it.
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
    let from = period_start(last, now, project.project.created_at);
    let due = plan(project, from, now);
    let claimed = claimed(db, project.id(), from).await?;
    let declined = declined(db, project).await?;
    let rows = rows(project, ids, now, due, &claimed, &declined);
    let count = rows.len();
    let next = plan(project, now, now + LOOK_AHEAD)
        .first()
        .map_or(now + LOOK_AHEAD, |due| due.due_at);
    let write = database::begin_write(db).await?;
    // Locks the project first, in the same order as changes of the project and its people.
    project::Entity::update_many()
        .set(project::ActiveModel {
            next_plan_at: Set(Some(next)),
            ..Default::default()
        })
        .filter(project::Column::Id.eq(project.id()))
        .filter(project::Column::Revision.eq(project.revision()))
        .exec(&write)
        .await?;
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
    write.commit().await?;
    Ok(count)
}

/// The start of the period in which a tick looks for due mail: before the last row of the ledger,
/// to include missed mail, but not before the project was created.
fn period_start(
    last: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    created: DateTime<Utc>,
) -> DateTime<Utc> {
    let back = now - LOOK_BACK;
    let from = last.filter(|last| *last < back).unwrap_or(back);
    Ord::max(from, created)
}

/// The keys of the projects whose hint is due.
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

type ClaimKeys = HashSet<(PersonId, Category, Uuid, String)>;

async fn claimed(
    db: &impl ConnectionTrait,
    project: ProjectId,
    from: DateTime<Utc>,
) -> Result<ClaimKeys> {
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

/// The categories of mail that people decline.
#[derive(Clone, Debug, Default)]
pub struct Declined(HashSet<(PersonId, Category)>);

impl Declined {
    /// What some people decline.
    pub async fn of(db: &impl ConnectionTrait, people: &[PersonId]) -> Result<Self> {
        use unsubscription::Column;
        let rows = unsubscription::Entity::find()
            .select_only()
            .columns([Column::PersonId, Column::Category])
            .filter(Column::PersonId.is_in(people.iter().copied()))
            .into_tuple::<(PersonId, Category)>();
        Ok(Self(rows.all(db).await?.into_iter().collect()))
    }

    /// The reason for which a person gets no mail of a category, whatever it would say.
    #[must_use]
    pub fn refusal(
        &self,
        person: &person::Model,
        category: Category,
        now: DateTime<Utc>,
    ) -> Option<SkipReason> {
        let today = crate::zone::day_in(now, &crate::zone::known_zone(&person.time_zone));
        if person.address.is_none() {
            Some(SkipReason::NoAddress)
        } else if person.suppressed_at.is_some() {
            Some(SkipReason::Suppressed)
        } else if person.paused_until.is_some_and(|until| today < until) {
            Some(SkipReason::Paused)
        } else if self.0.contains(&(person.id, category)) {
            Some(SkipReason::Unsubscribed)
        } else {
            None
        }
    }
}

async fn declined(db: &impl ConnectionTrait, project: &Project) -> Result<Declined> {
    use unsubscription::Column;
    let people = role::Entity::find()
        .select_only()
        .column(role::Column::PersonId)
        .filter(role::Column::ProjectId.eq(project.id()));
    let rows = unsubscription::Entity::find()
        .select_only()
        .columns([Column::PersonId, Column::Category])
        .filter(Column::PersonId.in_subquery(people.into_query()))
        .into_tuple::<(PersonId, Category)>()
        .all(db)
        .await?
        .into_iter()
        .collect();
    Ok(Declined(rows))
}

/// New rows for due mail, each with the reason if it is skipped.
fn rows(
    project: &Project,
    ids: Ids,
    now: DateTime<Utc>,
    due: Vec<Due>,
    claimed: &ClaimKeys,
    declined: &Declined,
) -> Vec<notification::Model> {
    let mut latest: HashMap<(Category, PersonId, Uuid), DateTime<Utc>> = HashMap::new();
    for one in &due {
        let about = (one.category, one.person, one.subject.into());
        latest.insert(about, one.due_at);
    }
    due.into_iter()
        .filter(|one| {
            let key = (
                one.person,
                one.category,
                one.subject.into(),
                one.occurrence.clone(),
            );
            !claimed.contains(&key)
        })
        .map(|one| {
            let subject_id = Uuid::from(one.subject);
            let is_latest = latest[&(one.category, one.person, subject_id)] == one.due_at;
            let person = project.person(one.person);
            let reason = declined
                .refusal(person, one.category, now)
                .or((one.useful_until < now).then_some(SkipReason::TooLate))
                .or((!is_latest).then_some(SkipReason::Superseded));
            let name = format!("{:?}/{subject_id}/{}", one.category, one.occurrence);
            notification::Model {
                id: ids.make("notification", one.person.into(), &name).into(),
                project_id: Some(project.id()),
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

/// The reason for which a person gets no mail of a category now, checked again before it is sent.
pub async fn refused(
    db: &impl ConnectionTrait,
    person: &person::Model,
    category: Category,
    now: DateTime<Utc>,
) -> Result<Option<SkipReason>> {
    let declined = Declined::of(db, &[person.id]).await?;
    Ok(declined.refusal(person, category, now))
}
