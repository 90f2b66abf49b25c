//! Changed records: what differs between two states of a project, by record: a row that only belongs to a
//! record, such as an output's evidence, is a change of that record.

use std::collections::HashMap;

use uuid::Uuid;

pub use crate::record::Kind;
use crate::{
    project::Project,
    record::rows::{Change, ChangeKind},
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
                let key = kind.key_in(id, after.rows());
                let key = key.or_else(|| kind.key_in(id, before.rows()));
                records.push(Changed {
                    kind,
                    id,
                    key: key.unwrap_or_default().to_owned(),
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
    if table == "programme" {
        return Some((Kind::Project, after.id().0));
    }
    if let Some(kind) = Kind::of_table(table) {
        return Some((kind, id));
    }
    // A reporter belongs to a step.
    let step = |state: &Project| {
        let mut steps = state.output_events.iter();
        steps
            .find(|step| step.id.0 == parent)
            .map(|step| step.output_id.0)
    };
    let owner = match table {
        "output" => id,
        "reporter" => step(after).or_else(|| step(before))?,
        _ => parent,
    };
    let kind = kind_of(owner, after).or_else(|| kind_of(owner, before))?;
    Some((kind, owner))
}

/// The kind of the record of an id.
fn kind_of(id: Uuid, state: &Project) -> Option<Kind> {
    let mut all = Kind::ALL.iter().copied();
    all.find(|kind| kind.key_in(id, state.rows()).is_some())
}
