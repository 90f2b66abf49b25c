//! Making and changing records by what an input says of them: the one way by which a field of an input
//! becomes a column.

use std::cell::Cell;

use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::{Draft, Fields, Problems, check, fields::object};
use crate::{
    record::rows::Row,
    record::{Field, IdOf, List, Name, Names, Place, Stand},
};

/// A record before and after a change.
#[derive(Debug)]
pub(super) struct Changed<R: Stand> {
    pub old: R,
    pub new: R,
    /// Its row from now on.
    pub row: R::Row,
}

/// Changes a record: what belongs to it is put into the draft, its row is given back. `None` where the
/// input cannot be read; `problems` has all that is wrong.
pub(super) fn change<R: Stand>(
    draft: &mut Draft,
    problems: &mut Problems,
    old_row: &R::Row,
    mut fields: Fields,
) -> Option<Changed<R>> {
    problems.append(fields.problems());
    let names = Names::of(&draft.rows);
    let before = draft.project();
    let old = R::load(old_row, before.rows(), &names);
    let values = object(&old);
    check_lists(draft, problems, old_row.uuid(), R::FIELDS, &values, &fields);
    let given = fields.given();
    let new: R = fields.over(&values, problems)?;
    let mut row = old_row.clone();
    new.store(&mut row, &names);
    put_parts(draft, &new, row.uuid(), Some(&given), &names);
    draft.rows.sort();
    problems.append(check::record(draft, Some(&old), &new));
    Some(Changed { old, new, row })
}

/// Whether the lists that are replaced are those that the client read.
pub(super) fn check_lists(
    draft: &Draft,
    problems: &mut Problems,
    own: Uuid,
    of: &[Field],
    values: &Map<String, Json>,
    fields: &Fields,
) {
    let before = draft.project();
    let is_empty = |name: &str| {
        let entries = values.get(name).and_then(Json::as_array);
        entries.is_none_or(Vec::is_empty)
    };
    let version = |list: List| (list.version)(before.rows(), own);
    fields.check_lists(of, version, is_empty, problems);
}

/// Writes what belongs to a record: all of it, or the rows of these fields alone.
pub(super) fn put_parts<R: Stand>(
    draft: &mut Draft,
    record: &R,
    own: Uuid,
    only: Option<&[String]>,
    names: &Names,
) {
    let before = draft.project();
    let new_ids = Cell::new(draft.new_ids);
    let maker = draft.id_maker();
    let id_of = |table: &'static str, _: Uuid, _: Name<'_>| {
        new_ids.set(new_ids.get() + 1);
        maker(table, new_ids.get())
    };
    let ids: IdOf<'_> = &id_of;
    let mut place = Place {
        project: before.id(),
        own,
        names,
        ids,
        old: Some(before.rows()),
        only,
    };
    record.store_parts(&mut place, &mut draft.rows);
    draft.new_ids = new_ids.get();
}
