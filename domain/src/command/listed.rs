//! Records that a project keeps in lists of its own, each named by a key: they are added, changed and
//! removed alike. What one says and is held to stands in its room; here, what people may do with it.
//!
//! Most of them are the coordinator's. What belongs to a community is its expert's, too, and practices
//! and forums are their partner's.

use entities::*;
use sea_orm::prelude::Uuid;
use serde_json::{Value as Json, json};

use super::{
    Code, Draft, Fields, Problem, Problems, Refusal,
    change::{change, put_parts},
    check,
    draft::{free_key, missing, next_place},
    own::fill,
    pairing::in_use,
};
use crate::{
    file,
    project::Project,
    record::rows::Row,
    record::{
        BudgetLine, Call, Forum, Kind, Names, Note, Part, Practice, Publication, ReminderRule,
        Source, anchors_of,
    },
    viewer::{EditorOf, OwnerOf},
};

/// How many records are named that refer to one.
const MOST_USES: usize = 10;

/// A record of such a list.
pub trait Listed: Part {
    const KIND: Kind;
    /// What a key begins with that is made up.
    const KEY: &'static str;

    /// Says what follows from what an input says, where `old` is what stood there.
    fn complete(_: &mut Fields, _old: Option<&Self::Row>) {}

    /// The community whose expert may edit it.
    fn community(_: &Self::Row) -> Option<CommunityId> {
        None
    }

    /// The partner whose own it is, and whose people may edit it.
    fn partner(_: &Self::Row) -> Option<PartnerId> {
        None
    }

    /// Whether a partner's people may add one of their own.
    const BY_PARTNERS: bool = false;
}

macro_rules! listed {
    ($($kind:ident: $key:literal;)+) => {$(
        impl Listed for $kind {
            const KIND: Kind = Kind::$kind;
            const KEY: &'static str = $key;
        }
    )+};
}

listed! {
    Source: "source";
    Note: "note";
    Call: "call";
    BudgetLine: "line";
}

impl Listed for Practice {
    const KIND: Kind = Kind::Practice;
    const KEY: &'static str = "practice";
    const BY_PARTNERS: bool = true;

    fn partner(row: &practice::Model) -> Option<PartnerId> {
        row.partner_id
    }
}

impl Listed for Forum {
    const KIND: Kind = Kind::Forum;
    const KEY: &'static str = "forum";

    fn partner(row: &forum::Model) -> Option<PartnerId> {
        row.partner_id
    }
}

impl Listed for Publication {
    const KIND: Kind = Kind::Publication;
    const KEY: &'static str = "publication";

    fn community(row: &publication::Model) -> Option<CommunityId> {
        row.community_id
    }
}

impl Listed for ReminderRule {
    const KIND: Kind = Kind::ReminderRule;
    const KEY: &'static str = "rule";

    /// What a mail's time is reckoned from follows from its category. With another anchor, days,
    /// weekday and day of the month must be given anew.
    fn complete(fields: &mut Fields, old: Option<&reminder_rule::Model>) {
        for list in ["offsets", "audience"] {
            if let Some(Json::Array(values)) = fields.take(list) {
                fields.set(list, once_each(values));
            }
        }
        let category = fields.get("category").cloned();
        let category: Option<Category> =
            category.and_then(|name| serde_json::from_value(name).ok());
        let old_anchor = old.map(|row| row.anchor);
        let possible = category.map_or(&[][..], anchors_of);
        let given = fields.get("anchor").cloned();
        let given: Option<Anchor> = given.and_then(|name| serde_json::from_value(name).ok());
        let stays = old_anchor.filter(|old| possible.is_empty() || possible.contains(old));
        let anchor = given.or(stays).or(possible.first().copied());
        let anchor = anchor.unwrap_or(Anchor::Week);
        fields.set("anchor", json!(anchor));
        if old_anchor.is_some_and(|old| old != anchor) {
            fields.set_default("offsets", json!([]));
            for field in ["weekday", "monthDay"] {
                fields.set_default(field, Json::Null);
            }
        }
    }
}

fn once_each(values: Vec<Json>) -> Json {
    let mut once: Vec<Json> = Vec::new();
    for value in values {
        if !once.contains(&value) {
            once.push(value);
        }
    }
    once.into()
}

/// Adds a record; its key is made up where none is given.
///
/// # Errors
/// `Forbidden` where it would belong to what the viewer does not edit; all that is wrong with it.
pub fn create<R: Listed>(draft: &mut Draft, mut fields: Fields) -> Result<Uuid, Refusal> {
    let mut problems = fields.problems();
    let rows = R::table(&draft.rows);
    let position = next_place(rows.iter().map(Row::position));
    let is_taken = |key: &str| rows.iter().any(|row| row.name() == key);
    fields.set_default("key", free_key(R::KEY, rows.len(), is_taken));
    if fields.text("key").is_some_and(is_taken) {
        problems.add("key", Code::Taken);
    }
    R::complete(&mut fields, None);
    let names = Names::of(&draft.rows);
    let right = match R::BY_PARTNERS {
        true => Some(draft.viewer.owner_in(&draft.project(), None)?),
        false => None,
    };
    if let Some(own) = right.as_ref().and_then(OwnerOf::own) {
        fill(&mut fields, &mut problems, "partner", own, &names);
    }
    let Some(new) = fields.into_record::<R>(&mut problems) else {
        return problems.none().map(|()| Uuid::nil());
    };
    let id = draft.new_id(R::Row::TABLE);
    let mut row = R::Row::default();
    R::put(&mut row, id, draft.id(), draft.id().into(), position);
    new.store(&mut row, &names);
    if right.is_none() {
        let community = R::community(&row);
        draft.viewer.editor_of(&draft.project(), community)?;
    }
    problems.append(check::record(draft, None, &new));
    problems.none()?;
    put_parts(draft, &new, id, None, &names);
    R::table_mut(&mut draft.rows).push(row);
    Ok(id)
}

/// Changes a record; its key stays. What an import left wrong is no hindrance until it is touched.
///
/// # Errors
/// `Forbidden` where it would come to belong to what the viewer does not edit, or to another partner;
/// all that is wrong with it.
pub fn edit<R: Listed>(
    draft: &mut Draft,
    right: &OwnerOf,
    id: Uuid,
    mut fields: Fields,
) -> Result<(), Refusal> {
    let mut problems = Problems::default();
    let old = find::<R>(draft, id)?.clone();
    if right.own().is_some() && fields.says("partner") {
        let names = Names::of(&draft.rows);
        let stays = R::partner(&old).and_then(|id| names.key_of(id.0)) == fields.text("partner");
        if !stays {
            problems.add("partner", Code::Forbidden);
        }
    }
    R::complete(&mut fields, Some(&old));
    let changed = change::<R>(draft, &mut problems, &old, fields);
    if let Some(changed) = changed {
        let (was, is) = (R::community(&old), R::community(&changed.row));
        if was != is {
            draft.viewer.editor_of(&draft.project(), is)?;
        }
        *find::<R>(draft, id)? = changed.row;
    }
    problems.none()
}

/// Removes a record with all that belongs to it.
///
/// # Errors
/// `IN_USE` where another record refers to it.
pub fn remove<R: Listed>(draft: &mut Draft, _: &EditorOf, id: Uuid) -> Result<(), Refusal> {
    let row = find::<R>(draft, id)?.clone();
    let mut uses = file::uses(&file::export(&draft.project()), R::KIND.list(), &row.name());
    if uses.len() > MOST_USES {
        uses.truncate(MOST_USES);
        uses.push("…".to_owned());
    }
    let mut problems = Problems::default();
    in_use(&mut problems, "id", &uses);
    problems.none()?;
    draft.rows.remove(id);
    Ok(())
}

/// The community whose expert may edit a record, and the partner whose own it is.
#[must_use]
pub fn owners_of<R: Listed>(
    project: &Project,
    id: Uuid,
) -> (Option<CommunityId>, Option<PartnerId>) {
    let mut rows = R::table(project.rows()).iter();
    let row = rows.find(|row| row.uuid() == id);
    (row.and_then(R::community), row.and_then(R::partner))
}

fn find<R: Listed>(draft: &mut Draft, id: Uuid) -> Result<&mut R::Row, Problem> {
    let mut rows = R::table_mut(&mut draft.rows).iter_mut();
    rows.find(|row| row.uuid() == id)
        .ok_or_else(|| missing("id"))
}
