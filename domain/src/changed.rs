//! Changed records: what differs between two states of a project, by record: a row that only belongs to a
//! record, such as an output's evidence, is a change of that record.

use std::collections::HashMap;

use entities::OutputKind;
use uuid::Uuid;

pub use crate::record::Kind;
use crate::{
    project::Project,
    rows::{Change, ChangeKind, Row},
};

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Added,
    Changed,
    Removed,
}

/// One record that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    pub kind: Kind,
    pub id: Uuid,
    /// Names it among its kind.
    pub key: String,
    pub how: How,
}

/// Columns of a project that say nothing of it.
const INNER: [&str; 2] = ["revision", "next_plan_at"];

/// The records that differ, each once, in the order of the tables.
#[must_use]
pub fn records(before: &Project, after: &Project) -> Vec<Changed> {
    let mut places: HashMap<(Kind, Uuid), usize> = HashMap::new();
    let mut records: Vec<Changed> = Vec::new();
    for change in after.changes_since(before) {
        let is_inner = |columns: &Vec<&str>| columns.iter().all(|column| INNER.contains(column));
        if matches!(&change.kind, ChangeKind::Changed(columns) if change.table == "project" && is_inner(columns))
        {
            continue;
        }
        let Some((kind, id)) = record_of(&change, before, after) else {
            continue;
        };
        let is_own_row = change.id == id && change.table == kind.table();
        let how = match change.kind {
            ChangeKind::Added if is_own_row => How::Added,
            ChangeKind::Removed if is_own_row => How::Removed,
            _ => How::Changed,
        };
        match places.get(&(kind, id)) {
            Some(place) if is_own_row => records[*place].how = how,
            Some(_) => {}
            None => {
                places.insert((kind, id), records.len());
                let key = key(kind, id, after).or_else(|| key(kind, id, before));
                records.push(Changed {
                    kind,
                    id,
                    key: key.unwrap_or_default(),
                    how,
                });
            }
        }
    }
    records
}

/// The record that a changed row is, or belongs to.
pub(crate) fn record_of(
    change: &Change,
    before: &Project,
    after: &Project,
) -> Option<(Kind, Uuid)> {
    let Change {
        table, id, parent, ..
    } = *change;
    Some(match table {
        "project" | "programme" => (Kind::Project, after.id().0),
        "organisation" => (Kind::Organisation, id),
        "person" => (Kind::Person, id),
        "role" => (Kind::Person, parent),
        "source" => (Kind::Source, id),
        "note" => (Kind::Note, id),
        "partner" => (Kind::Partner, id),
        "community" => (Kind::Community, id),
        "member" => (Kind::Community, parent),
        "target" => (Kind::Target, id),
        "budget_line" => (Kind::BudgetLine, id),
        "open_call" => (Kind::Call, id),
        "publication" => (Kind::Publication, id),
        "reminder_rule" => (Kind::ReminderRule, id),
        "pairing" => (Kind::Pairing, id),
        "pairing_party" => (Kind::Pairing, parent),
        "practice" => (Kind::Practice, id),
        "forum" => (Kind::Forum, id),
        "reporter" => {
            let output = [after, before].into_iter().find_map(|state| {
                let mut events = state.output_events.iter();
                events.find(|event| event.id.0 == parent)
            })?;
            let id = output.output_id.into();
            (Kind::Output(output_kind(id, after, before)?), id)
        }
        "forum_member" | "forum_topic" | "forum_meeting" => (Kind::Forum, parent),
        _ => {
            let id = if table == "output" { id } else { parent };
            (Kind::Output(output_kind(id, after, before)?), id)
        }
    })
}

/// Of an output that is in one of the states.
fn output_kind(id: Uuid, after: &Project, before: &Project) -> Option<OutputKind> {
    let state = [after, before].into_iter().find(|state| state.holds(id))?;
    Some(state.output(id.into()).kind)
}

/// A record's key; `None` where the state does not hold it.
fn key(kind: Kind, id: Uuid, state: &Project) -> Option<String> {
    fn of<'a, R: Row>(rows: &'a [R], id: Uuid, key: impl Fn(&'a R) -> &'a str) -> Option<&'a str> {
        rows.iter().find(|row| row.uuid() == id).map(key)
    }
    let key = match kind {
        Kind::Project => Some(state.key()),
        Kind::Organisation => of(&state.organisations, id, |row| &row.key),
        Kind::Person => of(&state.people, id, |row| &row.key),
        Kind::Source => of(&state.sources, id, |row| &row.key),
        Kind::Note => of(&state.notes, id, |row| &row.key),
        Kind::Partner => of(&state.partners, id, |row| {
            &state.organisation(row.organisation_id).key
        }),
        Kind::Community => of(&state.communities, id, |row| &row.key),
        Kind::Target => of(&state.targets, id, |row| &row.key),
        Kind::BudgetLine => of(&state.budget_lines, id, |row| &row.key),
        Kind::Call => of(&state.open_calls, id, |row| &row.key),
        Kind::Publication => of(&state.publications, id, |row| &row.key),
        Kind::ReminderRule => of(&state.reminder_rules, id, |row| &row.key),
        Kind::Pairing => of(&state.pairings, id, |row| &row.key),
        Kind::Output(_) => state
            .holds(id)
            .then(|| state.output(id.into()).key.as_str()),
        Kind::Practice => of(&state.practices, id, |row| &row.key),
        Kind::Forum => of(&state.forums, id, |row| &row.key),
    };
    key.map(str::to_owned)
}
