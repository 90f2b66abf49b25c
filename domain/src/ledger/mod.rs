//! The ledger of mail: deliveries that were claimed, sent, skipped or failed. A row is unique by
//! recipient, category, subject and occurrence, so that no mail is sent twice.
//!
//! Claiming inserts rows; sending leases one, commits `SENDING` before the first byte is sent, and
//! commits the outcome. Leases use the database's clock and have a fence.

mod claim;
mod send;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entities::*;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, sea_query::OnConflict,
};
use serde_json::json;

use crate::{
    actor::Actor,
    audit::{self, SingleChange},
    database,
    error::Result,
    ids::Ids,
};

pub use claim::{Declined, claim, refused, to_plan};
pub use send::{
    Lease, Outcome, begin_sending, finish_all, hints, lease, lease_all, resolve_doubtful,
};

/// When mail of a category was last sent to each of some people in a project, without skipped mail.
pub async fn last_sent(
    db: &impl ConnectionTrait,
    project: ProjectId,
    people: &[PersonId],
    category: Category,
) -> Result<HashMap<PersonId, DateTime<Utc>>> {
    use notification::Column;
    let rows = notification::Entity::find()
        .select_only()
        .column(Column::PersonId)
        .column_as(Column::SentAt.max(), "sent_at")
        .filter(Column::ProjectId.eq(project))
        .filter(Column::PersonId.is_in(people.iter().copied()))
        .filter(Column::Category.eq(category))
        .filter(Column::State.eq(NotificationState::Sent))
        .group_by(Column::PersonId)
        .into_tuple::<(PersonId, Option<DateTime<Utc>>)>()
        .all(db)
        .await?;
    let sent = |(person, at): (PersonId, Option<_>)| Some((person, at?));
    Ok(rows.into_iter().filter_map(sent).collect())
}

/// The next instant after now at which a project may have due mail, or a mail is retried.
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

/// Unsubscribes a person from a category of mail; a repetition changes nothing.
pub async fn decline(
    db: &DatabaseConnection,
    person: PersonId,
    category: Category,
    ids: Ids,
    now: DateTime<Utc>,
) -> Result<()> {
    let write = database::begin_write(db).await?;
    let row = unsubscription::Model {
        id: ids
            .make("unsubscription", person.into(), &format!("{category:?}"))
            .into(),
        person_id: person,
        category,
        created_at: now,
    };
    let declined = unsubscription::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&write)
        .await?;
    if declined == 1 {
        audit_link(&write, "declineMail", person, now).await?;
    }
    write.commit().await?;
    Ok(())
}

/// Resubscribes a person to a category of mail; if they do not decline it, nothing changes. Mail
/// that was skipped meanwhile stays skipped.
pub async fn accept(
    db: &DatabaseConnection,
    person: PersonId,
    category: Category,
    now: DateTime<Utc>,
) -> Result<()> {
    let write = database::begin_write(db).await?;
    let accepted = unsubscription::Entity::delete_many()
        .filter(unsubscription::Column::PersonId.eq(person))
        .filter(unsubscription::Column::Category.eq(category))
        .exec(&write)
        .await?;
    if accepted.rows_affected > 0 {
        audit_link(&write, "acceptMail", person, now).await?;
    }
    write.commit().await?;
    Ok(())
}

/// Whether a person declines mail of a category.
pub async fn declines(
    db: &impl ConnectionTrait,
    person: PersonId,
    category: Category,
) -> Result<bool> {
    let rows = unsubscription::Entity::find()
        .filter(unsubscription::Column::PersonId.eq(person))
        .filter(unsubscription::Column::Category.eq(category));
    Ok(rows.one(db).await?.is_some())
}

/// Records an unsubscription by the link of a mail in the audit log, without the category, which is
/// personal.
async fn audit_link(
    db: &impl ConnectionTrait,
    verb: &str,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<()> {
    let change = SingleChange {
        verb,
        kind: "Person",
        record: person.into(),
        project: None,
        after: Some(json!({ "unsubscribed": "(personal)" })),
    };
    audit::write_single(db, now, &Actor::by_link(person), change).await
}
