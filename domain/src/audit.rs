//! The audit log: why every record is as it is. One entry for each changed record of an act, in the
//! transaction of the act; this module alone writes the table.

use chrono::{DateTime, Utc};
use entities::*;
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, prelude::Uuid};
use serde_json::{Map, Value as Json};

use crate::{
    actor::Actor,
    changed,
    error::Result,
    ids::Ids,
    project::Project,
    record::rows::{Recorded, values},
};

/// Rows that one statement carries.
const CHUNK: usize = 200;

/// One changed record.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The name of the record's GraphQL type.
    pub kind: &'static str,
    pub record: Uuid,
    pub before: Option<Json>,
    pub after: Option<Json>,
}

impl Entry {
    /// A project that has just begun.
    #[must_use]
    pub fn of_new(project: &project::Model) -> Self {
        Self {
            kind: "Project",
            record: project.id.into(),
            before: None,
            after: Some(Json::Object(values(project, None))),
        }
    }
}

/// What was done, as the audit names it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Act<'a> {
    /// The name of the command.
    pub verb: &'a str,
    pub project: Option<ProjectId>,
    pub revision: Option<i64>,
    pub now: DateTime<Utc>,
}

/// The entries of what differs between two states: rows that belong to a record stand under the
/// name of their table.
pub(crate) fn entries(changes: Vec<Recorded>, before: &Project, after: &Project) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for Recorded {
        change,
        before: old,
        after: new,
    } in changes
    {
        let Some((kind, record)) = changed::record_of(&change, before, after) else {
            continue;
        };
        let at = entries.iter().position(|entry| entry.record == record);
        let at = at.unwrap_or_else(|| {
            entries.push(Entry {
                kind: kind.name(),
                record,
                before: None,
                after: None,
            });
            entries.len() - 1
        });
        let entry = &mut entries[at];
        let is_own = change.id == record;
        put(&mut entry.before, old, is_own, change.table);
        put(&mut entry.after, new, is_own, change.table);
    }
    entries
}

fn put(to: &mut Option<Json>, values: Option<Json>, is_own: bool, table: &str) {
    let Some(Json::Object(values)) = values else {
        return;
    };
    let Json::Object(to) = to.get_or_insert_with(|| Json::Object(Map::new())) else {
        return;
    };
    if is_own {
        to.extend(values);
    } else if let Json::Array(parts) = to.entry(table).or_insert_with(|| Json::Array(Vec::new())) {
        parts.push(Json::Object(values));
    }
}

/// Writes an act's entries.
pub(crate) async fn write(
    db: &impl ConnectionTrait,
    ids: Ids,
    actor: &Actor,
    act: Act<'_>,
    entries: Vec<Entry>,
) -> Result<()> {
    let name = format!(
        "{}/{:?}/{}",
        act.verb,
        act.revision,
        act.now.timestamp_micros()
    );
    let first = entries.first().map_or(Uuid::nil(), |entry| entry.record);
    let parent = act.project.map_or(first, Into::into);
    let act_id = ids.make("act", parent, &name);
    let rows: Vec<_> = entries
        .into_iter()
        .enumerate()
        .map(|(at, entry)| audit_entry::Model {
            id: ids.make("audit_entry", act_id, &at.to_string()).into(),
            project_id: act.project,
            act_id: act_id.into(),
            verb: act.verb.to_owned(),
            person_id: actor.person,
            channel: actor.channel,
            credential_id: actor.credential(),
            request_id: actor.request_id.clone(),
            kind: entry.kind.to_owned(),
            record_id: entry.record,
            before: entry.before,
            after: entry.after,
            revision: act.revision,
            recorded_at: act.now,
        })
        .collect();
    for chunk in rows.chunks(CHUNK) {
        let models = chunk
            .iter()
            .cloned()
            .map(IntoActiveModel::into_active_model);
        audit_entry::Entity::insert_many(models)
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

/// A change of one record that belongs to no revision of a project, such as an account.
#[derive(Debug)]
pub(crate) struct SingleChange<'a> {
    pub verb: &'a str,
    /// The name of the record's GraphQL type.
    pub kind: &'static str,
    pub record: Uuid,
    pub project: Option<ProjectId>,
    pub after: Option<Json>,
}

/// Writes the entry of such a change.
pub(crate) async fn write_single(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    actor: &Actor,
    change: SingleChange<'_>,
) -> Result<()> {
    let act = Act {
        verb: change.verb,
        project: change.project,
        revision: None,
        now,
    };
    let entry = Entry {
        kind: change.kind,
        record: change.record,
        before: None,
        after: change.after,
    };
    // Accounts are no part of a replay: whatever the store does, their ids are new.
    write(db, Ids::Fresh, actor, act, vec![entry]).await
}
