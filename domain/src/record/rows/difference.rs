//! What differs between two states, row by row.

use std::collections::HashSet;

use chrono::SecondsFormat;
use sea_orm::{EntityTrait, IdenStatic, Iterable, Value, sea_query::sea_value_to_json_value};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{Row, by_id};

/// What would change, or has changed, in one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub table: &'static str,
    pub id: Uuid,
    /// The row that it belongs to.
    pub parent: Uuid,
    pub kind: ChangeKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    Added,
    /// The names of the changed columns.
    Changed(Vec<&'static str>),
    Removed,
}

pub(super) fn compare<R: Row>(old: &[R], new: &[R], changes: &mut Vec<Change>) {
    let (before, after) = (by_id(old), by_id(new));
    let mut push = |row: &R, kind| {
        changes.push(Change {
            table: R::TABLE,
            id: row.uuid(),
            parent: row.parent(),
            kind,
        });
    };
    for row in new {
        match before.get(&row.uuid()) {
            None => push(row, ChangeKind::Added),
            Some(old) if *old != row => push(row, ChangeKind::Changed(columns(*old, row))),
            Some(_) => {}
        }
    }
    for row in old.iter().filter(|row| !after.contains_key(&row.uuid())) {
        push(row, ChangeKind::Removed);
    }
}

fn columns<R: Row>(old: &R, new: &R) -> Vec<&'static str> {
    <R::Entity as EntityTrait>::Column::iter()
        .filter(|column| old.get(*column) != new.get(*column))
        .map(|column| column.as_str())
        .collect()
}

/// A row that differs: what differs of it, before and after, by column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Recorded {
    pub change: Change,
    pub before: Option<Json>,
    pub after: Option<Json>,
}

/// Columns of a person that are not personal: the values of all others stand nowhere else.
const IMPERSONAL: [&str; 4] = ["id", "kind", "may_create_projects", "erased_at"];
/// Columns of other tables that may say what a person's do.
const PERSONAL: [(&str, &str); 2] = [("proposal", "changes"), ("introduction", "given")];
/// Columns that say nothing of a project.
const INNER: [&str; 4] = ["revision", "next_plan_at", "project_id", "change_id"];

pub(super) fn record<R: Row>(old: &[R], new: &[R], all: &mut Vec<Recorded>) {
    let (before, after) = (by_id(old), by_id(new));
    let mut changes = Vec::new();
    compare(old, new, &mut changes);
    for change in changes {
        if is_only_pushed(&change, old, new) {
            continue;
        }
        let only = match &change.kind {
            ChangeKind::Changed(columns) => Some(columns.as_slice()),
            ChangeKind::Added | ChangeKind::Removed => None,
        };
        let told = |row: Option<&&R>| row.map(|row| values(*row, only)).filter(|v| !v.is_empty());
        let (before, after) = (told(before.get(&change.id)), told(after.get(&change.id)));
        if before.is_some() || after.is_some() {
            all.push(Recorded {
                before: before.map(Json::Object),
                after: after.map(Json::Object),
                change,
            });
        }
    }
}

/// Whether a row only has another place because others of its list came or went: that says nothing
/// of it.
fn is_only_pushed<R: Row>(change: &Change, old: &[R], new: &[R]) -> bool {
    let is_moved = |columns: &Vec<&str>| *columns == ["position"];
    if !matches!(&change.kind, ChangeKind::Changed(columns) if is_moved(columns)) {
        return false;
    }
    let list = |rows: &[R]| {
        let mut list: Vec<&R> = rows
            .iter()
            .filter(|row| row.parent() == change.parent)
            .collect();
        list.sort_by_key(|row| row.position());
        list.into_iter().map(Row::uuid).collect::<Vec<_>>()
    };
    let (old, new) = (list(old), list(new));
    let stays = |rows: &[Uuid], other: &[Uuid]| {
        let other: HashSet<_> = other.iter().collect();
        let stays = rows.iter().filter(|id| other.contains(id));
        stays.copied().collect::<Vec<_>>()
    };
    stays(&old, &new) == stays(&new, &old)
}

/// The values of a row by column, as the API spells columns; what is personal is only said to be
/// there.
pub(crate) fn values<R: Row>(row: &R, only: Option<&[&str]>) -> serde_json::Map<String, Json> {
    <R::Entity as EntityTrait>::Column::iter()
        .filter(|column| only.is_none_or(|only| only.contains(&column.as_str())))
        .filter(|column| !INNER.contains(&column.as_str()))
        .filter_map(|column| {
            let value = spelled(&row.get(column));
            let is_personal = match R::TABLE {
                "person" => !IMPERSONAL.contains(&column.as_str()),
                table => PERSONAL.contains(&(table, column.as_str())),
            };
            let value = match value {
                Json::Null if only.is_none() => return None,
                Json::Null => Json::Null,
                _ if is_personal => "(personal)".into(),
                value => value,
            };
            Some((camel(column.as_str()), value))
        })
        .collect()
}

/// A value as the API spells it: days and instants stand in no quotes of their own.
fn spelled(value: &Value) -> Json {
    match value {
        Value::ChronoDate(Some(day)) => day.to_string().into(),
        Value::ChronoDateTimeUtc(Some(instant)) => {
            instant.to_rfc3339_opts(SecondsFormat::AutoSi, true).into()
        }
        other => sea_value_to_json_value(other),
    }
}

/// `starts_on` as `startsOn`.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| {
        let (head, tail) = word.split_at(word.len().min(1));
        text + &head.to_uppercase() + tail
    })
}
