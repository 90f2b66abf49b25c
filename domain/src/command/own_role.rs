//! What people say of their own part in a project: that they leave it, and that it may show what they say of
//! themselves.

use entities::*;

use super::{
    Code, Draft, Problem, Refusal,
    role::{NewRole, take},
};
use crate::viewer::Oneself;

/// Gives up a role of one's own.
///
/// # Errors
/// `NOT_FOUND` where they do not have it; `LAST_COORDINATOR`.
pub fn leave(draft: &mut Draft, right: &Oneself, role: &NewRole) -> Result<(), Refusal> {
    take(draft, right.person(), role)
}

/// Lets a project that added somebody by their address show what they say of themselves.
///
/// # Errors
/// `NOTHING_CHANGES` where it does so already.
pub fn agree(draft: &mut Draft, right: &Oneself) -> Result<PersonId, Refusal> {
    let id = right.person();
    if draft.rows.introduction(id).is_none() {
        return Err(Problem::new("project", Code::NothingChanges).into());
    }
    let is_theirs = |row: &introduction::Model| row.person_id == Some(id);
    draft.rows.introductions.retain(|row| !is_theirs(row));
    let mut shared = draft.shared.people.iter();
    let known = shared.find(|row| row.id == id).cloned();
    let mut rows = draft.rows.people.iter_mut();
    if let (Some(known), Some(row)) = (known, rows.find(|row| row.id == id)) {
        *row = known;
    }
    Ok(id)
}
