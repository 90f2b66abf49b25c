//! What an organisation says of itself. Organisations are shared: what is changed here is changed in
//! every project in which they are partners.

use entities::*;

use super::{
    Code, Draft, Fields, Problems, Reason, Refusal, check,
    draft::{Introduced, missing},
    fields::object,
};
use crate::{
    record::{Names, Organisation, Stand},
    viewer::CoordinatorOf,
};

/// The row of a new organisation, checked as `newOrganisation`; `None` where the input cannot be read.
pub(super) fn new(
    draft: &mut Draft,
    problems: &mut Problems,
    mut new: Fields,
) -> Option<organisation::Model> {
    problems.nest("newOrganisation", new.problems());
    let organisation: Organisation = new.into_record(problems)?;
    let mut own = draft.rows.organisations.iter();
    let mut shared = draft.shared.organisations.iter();
    let known = shared.find(|other| other.key == organisation.key);
    let is_known = known.is_some_and(|known| draft.known.contains(&known.id.0));
    if is_known || own.any(|other| other.key == organisation.key) {
        problems.add("newOrganisation.key", Code::Taken);
    }
    let known = known.filter(|_| !is_known).cloned();
    problems.nest("newOrganisation", check::alone(None, &organisation));
    let mut row = organisation::Model {
        id: draft.new_id("organisation").into(),
        ..Default::default()
    };
    organisation.store(&mut row, &Names::default());
    // Whoever does not know it learns nothing of it: it is as they say.
    if let Some(mut known) = known {
        draft.introduce(Introduced::Organisation(&mut known, &organisation));
        row = known;
    }
    Some(row)
}

/// Changes what an organisation says of itself, for whoever steers a project in which it is a
/// partner; every project that shows it is raised. Where others show it whom they do not coordinate,
/// it is proposed to these. Its key stays.
///
/// # Errors
/// All that is wrong with it at once; `REASON_REQUIRED` where it becomes a proposal.
pub fn edit(
    draft: &mut Draft,
    _: &CoordinatorOf,
    id: OrganisationId,
    mut fields: Fields,
    reason: Reason,
) -> Result<(), Refusal> {
    draft.reason = reason;
    let names = Names::default();
    let mut rows = draft.rows.organisations.iter();
    let Some(old) = rows.find(|row| row.id == id) else {
        return Err(missing("id").into());
    };
    let old = Organisation::load(old, &draft.rows, &names);
    let mut problems = fields.problems();
    fields.take("key");
    let new = fields.over::<Organisation>(&object(&old), &mut problems);
    if let Some(new) = new {
        problems.append(check::alone(Some(&old), &new));
        let mut rows = draft.rows.organisations.iter_mut();
        if let Some(row) = rows.find(|row| row.id == id) {
            new.store(row, &names);
        }
    }
    problems.none()
}
