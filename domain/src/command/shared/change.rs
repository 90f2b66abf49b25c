//! What a proposal would change of a shared row: field by field, as a project file spells them.

use entities::*;
use serde_json::{Map, Value as Json};

use super::Shared;
use crate::{
    command::{Code, Problem, Problems, Refusal, check, draft::missing, fields::object},
    record::rows::Rows,
    record::{Names, Organisation, Person, Programme, Record, Stand},
};

/// The fields in which a shared row differs between two states.
pub(super) fn between(shared: Shared, old: &Rows, new: &Rows) -> ProposedChanges {
    let (Some(old), Some(new)) = (values(shared, old), values(shared, new)) else {
        return ProposedChanges::default();
    };
    let mut fields: Vec<&String> = old.keys().chain(new.keys()).collect();
    fields.sort();
    fields.dedup();
    let value = |of: &Map<String, Json>, field: &String| of.get(field).cloned().unwrap_or_default();
    let changes = fields.into_iter().map(|field| ProposedChange {
        field: field.clone(),
        from: value(&old, field),
        to: value(&new, field),
    });
    ProposedChanges(changes.filter(|change| change.from != change.to).collect())
}

/// Makes what was proposed of a shared row.
///
/// # Errors
/// `CONFLICT` where a field is not what it was; `NOT_FOUND` where the project does not show it any
/// more; what is wrong with the record then.
pub(in crate::command) fn apply(
    rows: &mut Rows,
    shared: Shared,
    changes: &ProposedChanges,
) -> Result<(), Refusal> {
    let mut new = values(shared, rows).ok_or_else(|| missing("id"))?;
    for ProposedChange { field, from, to } in &changes.0 {
        if new.get(field).unwrap_or(&Json::Null) != from {
            return Err(Problem::new("id", Code::Conflict).into());
        }
        match to {
            Json::Null => new.remove(field),
            to => new.insert(field.clone(), to.clone()),
        };
    }
    let names = Names::default();
    let nothing = Rows::empty(Default::default(), Default::default());
    match shared.kind {
        ProposalKind::Dates => Ok(()),
        ProposalKind::Programme => {
            let old = Programme::load(&rows.programme, &nothing, &names);
            read(&old, new)?.store(&mut rows.programme, &names);
            Ok(())
        }
        ProposalKind::Organisation => {
            let mut all = rows.organisations.iter_mut();
            let row = all.find(|row| row.id.0 == shared.id);
            let row = row.ok_or_else(|| missing("id"))?;
            let old = Organisation::load(row, &nothing, &names);
            read(&old, new)?.store(row, &names);
            Ok(())
        }
        ProposalKind::Person => {
            let mut all = rows.people.iter_mut();
            let row = all.find(|row| row.id.0 == shared.id);
            let row = row.ok_or_else(|| missing("id"))?;
            let old = Person::load(row, &nothing, &names);
            let address = row.address.clone();
            read(&old, new)?.store(row, &names);
            // Another address was not refused yet.
            if row.address != address {
                row.suppressed_at = None;
            }
            Ok(())
        }
    }
}

/// A record of these values, held to its rules.
fn read<R: Record>(old: &R, values: Map<String, Json>) -> Result<R, Refusal> {
    let new: R = serde_json::from_value(values.into())
        .map_err(|error| Problem::new("id", Code::WrongType).with(error))?;
    let mut problems = Problems::default();
    for problem in check::alone(Some(old), &new).into_vec() {
        problems.push(Problem {
            path: "id".into(),
            ..problem
        });
    }
    problems.none().map(|()| new)
}

/// What a shared row says, by field; `None` where the project does not show it.
fn values(shared: Shared, rows: &Rows) -> Option<Map<String, Json>> {
    let names = Names::default();
    let nothing = Rows::empty(Default::default(), Default::default());
    match shared.kind {
        ProposalKind::Dates => None,
        ProposalKind::Programme => {
            let row = Some(&rows.programme).filter(|row| row.id.0 == shared.id)?;
            Some(object(&Programme::load(row, &nothing, &names)))
        }
        ProposalKind::Organisation => {
            let mut all = rows.organisations.iter();
            let row = all.find(|row| row.id.0 == shared.id)?;
            Some(object(&Organisation::load(row, &nothing, &names)))
        }
        ProposalKind::Person => {
            let mut all = rows.people.iter();
            let row = all.find(|row| row.id.0 == shared.id)?;
            let mut values = object(&Person::load(row, &nothing, &names));
            // Roles are a project's own.
            values.remove("roles");
            Some(values)
        }
    }
}
