//! Privacy: the export of a person's data as one file, and their erasure.
//!
//! Names and addresses are only in the table `person`. All other rows refer to a person by id, so
//! an erased person remains as a former member, and no figure changes.

use chrono::DateTime;
use entities::*;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Query, SelectStatement},
};
use serde_json::{Value, json};

use super::{CredentialCache, SingleChange, audit, projects_showing};
use crate::{
    actor::Actor,
    error::{Error, Result},
    store::Store,
    viewer::KeeperOf,
};

/// The maximum number of mails, steps and audit entries in a file: the newest.
const MOST: usize = 10_000;
/// One more is read, which shows whether there are more.
const READ: u64 = MOST as u64 + 1;

/// The newest entries of a long list.
struct Newest {
    rows: Vec<Value>,
    /// Whether there are older ones.
    cut_off: bool,
}

impl Newest {
    /// From up to [`READ`] rows, newest first.
    fn of<T>(rows: &[T], to_json: impl Fn(&T) -> Value) -> Self {
        Self {
            rows: rows.iter().take(MOST).map(to_json).collect(),
            cut_off: rows.len() > MOST,
        }
    }
}

/// All stored data about a person, as one JSON document, without the hashes of secrets. Long lists
/// have the newest entries, and say whether these are all.
///
/// # Errors
/// `NotFound`.
pub async fn export(store: &Store, keeper: &KeeperOf) -> Result<Value> {
    let (db, id) = (store.db(), keeper.person());
    let person = person::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound("person"))?;
    let roles = roles(db, id).await?;
    let declined = unsubscription::Entity::find()
        .filter(unsubscription::Column::PersonId.eq(id))
        .all(db)
        .await?;
    let sessions = session::Entity::find()
        .filter(session::Column::PersonId.eq(id))
        .all(db)
        .await?;
    let tokens = api_token::Entity::find()
        .filter(api_token::Column::PersonId.eq(id))
        .all(db)
        .await?;
    let links = sign_in_link::Entity::find()
        .filter(sign_in_link::Column::PersonId.eq(id))
        .all(db)
        .await?;
    let uploads = upload::Entity::find()
        .filter(upload::Column::PersonId.eq(id))
        .all(db)
        .await?;
    let mails = mails(db, id).await?;
    let took_part = participation::Entity::find()
        .filter(participation::Column::PersonId.eq(id))
        .all(db)
        .await?;
    let champions = champion::Entity::find()
        .filter(champion::Column::PersonId.eq(id))
        .all(db)
        .await?;
    let barred = reporter::Entity::find()
        .filter(reporter::Column::PersonId.eq(id))
        .all(db)
        .await?;
    let proposals = proposal::Entity::find()
        .filter(
            Condition::any()
                .add(proposal::Column::PersonId.eq(id))
                .add(proposal::Column::DecidedById.eq(id))
                .add(proposal::Column::RecordId.eq(id.0)),
        )
        .all(db)
        .await?;
    let introduced = introduction::Entity::find()
        .filter(introduction::Column::PersonId.eq(id))
        .all(db)
        .await?;
    let steps = steps(db, id).await?;
    let acts = acts(db, id).await?;
    Ok(json!({
        "format": "connection-person/1",
        "madeAt": store.clock().now(),
        "person": {
            "id": id,
            "key": person.key,
            "kind": person.kind,
            "name": person.name,
            "address": person.address,
            "locale": person.locale,
            "timeZone": person.time_zone,
            "digest": person.digest,
            "digestHour": person.digest_hour,
            "pausedUntil": person.paused_until,
            "suppressedAt": person.suppressed_at,
            "mayCreateProjects": person.may_create_projects,
        },
        "roles": roles.iter().map(|(role, key)| json!({
            "project": key, "kind": role.kind, "partner": role.partner_id,
            "from": role.from_on, "until": role.until_on,
        })).collect::<Vec<_>>(),
        "declinedMail": declined.iter().map(|row| json!({
            "category": row.category, "since": row.created_at,
        })).collect::<Vec<_>>(),
        "sessions": sessions.iter().map(|row| json!({
            "createdAt": row.created_at, "lastUsedAt": row.last_used_at, "expiresAt": row.expires_at,
        })).collect::<Vec<_>>(),
        "tokens": tokens.iter().map(|row| json!({
            "name": row.name, "project": row.project_id, "mayWrite": row.may_write,
            "seesPeople": row.sees_people,
            "createdAt": row.created_at, "expiresAt": row.expires_at,
            "lastUsedAt": row.last_used_at, "revokedAt": row.revoked_at,
        })).collect::<Vec<_>>(),
        "signInLinks": links.iter().map(|row| json!({
            "requestedAt": row.requested_at, "usedAt": row.used_at,
        })).collect::<Vec<_>>(),
        "uploads": uploads.iter().map(|row| json!({
            "sha256": row.sha256, "mediaType": row.media_type, "size": row.size,
            "project": row.project_id, "createdAt": row.created_at,
        })).collect::<Vec<_>>(),
        "mails": mails.rows,
        "mailsCutOff": mails.cut_off,
        "tookPart": took_part.iter().map(|row| json!({
            "project": row.project_id, "output": row.output_id, "partner": row.partner_id,
            "who": row.who, "status": row.status, "reason": row.reason,
        })).collect::<Vec<_>>(),
        "champion": champions.iter().map(|row| json!({
            "project": row.project_id, "output": row.output_id, "roleTitle": row.role_title,
            "selected": row.selected, "trained": row.trained,
        })).collect::<Vec<_>>(),
        "ownReports": barred.iter().map(|row| json!({
            "project": row.project_id, "step": row.output_event_id,
        })).collect::<Vec<_>>(),
        "proposals": proposals.iter().map(|row| json!({
            "project": row.project_id, "output": row.output_id, "partner": row.by_id,
            "proposedAt": row.proposed_at, "reason": row.reason, "starts": row.starts,
            "ends": row.ends, "decision": row.decision, "decidedAt": row.decided_at,
            "answer": row.answer, "isOwn": row.person_id == Some(id), "kind": row.kind,
            "about": row.record_id, "changes": row.changes,
        })).collect::<Vec<_>>(),
        "introducedBy": introduced.iter().map(|row| json!({
            "project": row.project_id, "given": row.given,
        })).collect::<Vec<_>>(),
        "steps": steps.rows,
        "stepsCutOff": steps.cut_off,
        "acts": acts.rows,
        "actsCutOff": acts.cut_off,
    }))
}

/// The mails to a person.
async fn mails(db: &impl ConnectionTrait, id: PersonId) -> Result<Newest> {
    let rows = notification::Entity::find()
        .filter(notification::Column::PersonId.eq(id))
        .order_by_desc(notification::Column::DueAt)
        .limit(READ)
        .all(db)
        .await?;
    Ok(Newest::of(&rows, |row| {
        json!({
            "category": row.category, "project": row.project_id, "about": row.subject_id,
            "occurrence": row.occurrence, "rule": row.rule_id, "report": row.report_id,
            "dueAt": row.due_at, "usefulUntil": row.useful_until, "state": row.state,
            "reason": row.reason, "detail": row.detail, "attempts": row.attempts,
            "nextAttemptAt": row.next_attempt_at, "messageId": row.message_id,
            "sentAt": row.sent_at, "createdAt": row.created_at,
        })
    }))
}

/// The steps of outputs that a person took.
async fn steps(db: &impl ConnectionTrait, id: PersonId) -> Result<Newest> {
    let rows = output_event::Entity::find()
        .filter(output_event::Column::PersonId.eq(id))
        .order_by_desc(output_event::Column::RecordedAt)
        .limit(READ)
        .all(db)
        .await?;
    Ok(Newest::of(&rows, |row| {
        json!({
            "project": row.project_id, "output": row.output_id, "verb": row.verb,
            "effectiveOn": row.effective_on, "recordedAt": row.recorded_at,
            "reason": row.reason,
        })
    }))
}

/// The audit entries of changes by a person and of changes to a person.
async fn acts(db: &impl ConnectionTrait, id: PersonId) -> Result<Newest> {
    let rows = audit_entry::Entity::find()
        .filter(
            Condition::any()
                .add(audit_entry::Column::PersonId.eq(id))
                .add(audit_entry::Column::RecordId.eq(id.0)),
        )
        .order_by_desc(audit_entry::Column::RecordedAt)
        .limit(READ)
        .all(db)
        .await?;
    Ok(Newest::of(&rows, |row| {
        json!({
            "verb": row.verb, "kind": row.kind, "record": row.record_id,
            "project": row.project_id, "channel": row.channel, "request": row.request_id,
            "before": row.before, "after": row.after, "recordedAt": row.recorded_at,
        })
    }))
}

/// The roles of a person, each with its project's key.
async fn roles(
    db: &impl ConnectionTrait,
    id: PersonId,
) -> Result<Vec<(role::Model, Option<String>)>> {
    let rows = role::Entity::find()
        .filter(role::Column::PersonId.eq(id))
        .all(db)
        .await?;
    let mut roles = Vec::new();
    for role in rows {
        let key = project::Entity::find_by_id(role.project_id)
            .select_only()
            .column(project::Column::Key)
            .into_tuple()
            .one(db)
            .await?;
        roles.push((role, key));
    }
    Ok(roles)
}

/// Erases a person: removes name, address, key, sessions, tokens, roles, preferences and uploads;
/// waiting mail is not sent. Records that refer to them then refer to a former member. A repeated
/// erasure changes nothing.
///
/// # Errors
/// `NotFound`; on a database error nothing is erased.
pub async fn erase(store: &Store, actor: &Actor, keeper: &KeeperOf) -> Result<()> {
    let id = keeper.person();
    let now = store.clock().now();
    let mut write = store.write_shared().await?;
    let row = person::Entity::find_by_id(id)
        .one(&*write)
        .await?
        .ok_or(Error::NotFound("person"))?;
    if row.erased_at.is_some() {
        return Ok(());
    }
    for project in projects_showing(&*write, id).await? {
        write.raise(project).await?;
    }
    // Locks in the same order as a concurrent sign-in.
    macro_rules! remove {
        ($($table:ident),+) => {$(
            $table::Entity::delete_many()
                .filter($table::Column::PersonId.eq(id))
                .exec(&*write)
                .await?;
        )+};
    }
    remove!(
        session,
        api_token,
        sign_in_link,
        unsubscription,
        role,
        introduction
    );
    // What somebody proposed to say of them says who they are.
    proposal::Entity::delete_many()
        .filter(proposal::Column::RecordId.eq(id.0))
        .exec(&*write)
        .await?;
    person::Entity::update_many()
        .set(person::ActiveModel {
            key: Set(format!("former-{}", id.0.simple())),
            name: Set(None),
            address: Set(None),
            locale: Set("en".to_owned()),
            time_zone: Set("UTC".to_owned()),
            digest: Set(DigestFrequency::Never),
            digest_hour: Set(0),
            paused_until: Set(None),
            suppressed_at: Set(None),
            may_create_projects: Set(false),
            erased_at: Set(Some(now)),
            ..Default::default()
        })
        .filter(person::Column::Id.eq(id))
        .exec(&*write)
        .await?;
    // The uploads lose owner and date: the worker removes the files that are not evidence.
    upload::Entity::update_many()
        .set(upload::ActiveModel {
            person_id: Set(None),
            created_at: Set(DateTime::UNIX_EPOCH),
            ..Default::default()
        })
        .filter(upload::Column::PersonId.eq(id))
        .exec(&*write)
        .await?;
    notification::Entity::update_many()
        .set(notification::ActiveModel {
            state: Set(NotificationState::Skipped),
            reason: Set(Some(SkipReason::Erased)),
            ..Default::default()
        })
        .filter(notification::Column::PersonId.eq(id))
        .filter(notification::Column::State.eq(NotificationState::Due))
        .exec(&*write)
        .await?;
    // A reply of a mail server may quote the address.
    notification::Entity::update_many()
        .set(notification::ActiveModel {
            detail: Set(None),
            ..Default::default()
        })
        .filter(notification::Column::PersonId.eq(id))
        .exec(&*write)
        .await?;
    // Removes the idempotency keys of the person.
    repeated_act::Entity::delete_many()
        .filter(repeated_act::Column::PersonId.eq(id.0))
        .exec(&*write)
        .await?;
    let change = SingleChange {
        verb: "erasePerson",
        kind: "Person",
        record: id.into(),
        project: None,
        after: None,
    };
    audit(&*write, store, actor, change).await?;
    write.commit().await?;
    CredentialCache::of(store).evict_person(id);
    Ok(())
}

/// Removes the replies of mail servers to mails to erased people: a mail may have been in delivery
/// during the erasure.
pub async fn forget_details(db: &impl ConnectionTrait) -> Result<()> {
    notification::Entity::update_many()
        .set(notification::ActiveModel {
            detail: Set(None),
            ..Default::default()
        })
        .filter(notification::Column::Detail.is_not_null())
        .filter(notification::Column::PersonId.in_subquery(erased()))
        .exec(db)
        .await?;
    Ok(())
}

/// The condition for erased people.
fn erased() -> SelectStatement {
    Query::select()
        .column(person::Column::Id)
        .from(person::Entity)
        .and_where(person::Column::ErasedAt.is_not_null())
        .to_owned()
}

/// The mails to erased people, whose files an outbox removes.
pub async fn mails_of_erased(db: &impl ConnectionTrait) -> Result<Vec<NotificationId>> {
    Ok(notification::Entity::find()
        .select_only()
        .column(notification::Column::Id)
        .filter(notification::Column::PersonId.in_subquery(erased()))
        .into_tuple()
        .all(db)
        .await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_off_is_said_to_be() {
        let rows: Vec<usize> = (0..=MOST).collect();
        let all = Newest::of(&rows[1..], |row| json!(row));
        assert_eq!((all.rows.len(), all.cut_off), (MOST, false));
        let more = Newest::of(&rows, |row| json!(row));
        assert_eq!((more.rows.len(), more.cut_off), (MOST, true));
    }
}
