//! The roles of people in a project, and their days. Of each kind, and for each partner, somebody has
//! one role. A project has a coordinator on every day from today on.

use chrono::NaiveDate;
use entities::*;

use super::{
    Code, Draft, Named, Problem, Problems, Refusal,
    draft::{missing, next_place},
};
use crate::{project::are_coordinated_from, viewer::CoordinatorOf};

/// What somebody may do, for which partner, and on which days.
#[derive(Clone, Debug)]
pub struct NewRole {
    pub kind: RoleKind,
    pub partner: Option<Named>,
    /// The first day; `None`: it had no beginning.
    pub from: Option<NaiveDate>,
    /// The last day; `None`: it has no end.
    pub until: Option<NaiveDate>,
}

/// The days of a role from now on. The outer `None`: as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct RoleDays {
    pub from: Option<Option<NaiveDate>>,
    pub until: Option<Option<NaiveDate>>,
}

/// A role whose partner is found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Role {
    kind: RoleKind,
    pub(super) partner: Option<PartnerId>,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
}

impl Role {
    fn is(&self, row: &role::Model) -> bool {
        (row.kind, row.partner_id) == (self.kind, self.partner)
    }

    /// Gives somebody the role; false: they have it.
    pub(super) fn give(&self, draft: &mut Draft, person: PersonId) -> bool {
        let own = || {
            let roles = draft.rows.roles.iter();
            roles.filter(|row| row.person_id == person)
        };
        if own().any(|row| self.is(row)) {
            return false;
        }
        let position = next_place(own().map(|row| row.position));
        let row = role::Model {
            id: draft.new_id("role").into(),
            project_id: draft.id(),
            person_id: person,
            partner_id: self.partner,
            kind: self.kind,
            from_on: self.from,
            until_on: self.until,
            position,
        };
        draft.rows.roles.push(row);
        true
    }
}

/// The roles that an input names: at least one, and none twice.
pub(super) fn read(draft: &Draft, problems: &mut Problems, new: &[NewRole]) -> Vec<Role> {
    if new.is_empty() {
        problems.add("roles", Code::Required);
    }
    let mut roles: Vec<Role> = Vec::new();
    for (at, one) in new.iter().enumerate() {
        let Some(found) = role(draft, problems, &format!("roles.{at}"), one) else {
            continue;
        };
        let is_same = |role: &Role| (role.kind, role.partner) == (found.kind, found.partner);
        if roles.iter().any(is_same) {
            problems.add(format!("roles.{at}"), Code::Twice);
        }
        roles.push(found);
    }
    roles
}

fn role(draft: &Draft, problems: &mut Problems, field: &str, new: &NewRole) -> Option<Role> {
    check_days(problems, field, (new.from, new.until));
    let partner = match &new.partner {
        Some(named) => Some(problems.take(draft.partner(&format!("{field}.partner"), named))?),
        None if new.kind == RoleKind::Partner => {
            problems.add(format!("{field}.partner"), Code::Required);
            return None;
        }
        None => None,
    };
    Some(Role {
        kind: new.kind,
        partner,
        from: new.from,
        until: new.until,
    })
}

fn check_days(
    problems: &mut Problems,
    field: &str,
    (from, until): (Option<NaiveDate>, Option<NaiveDate>),
) {
    if from.zip(until).is_some_and(|(from, until)| until < from) {
        let field = [field, "until"].into_iter().filter(|part| !part.is_empty());
        problems.add(field.collect::<Vec<_>>().join("."), Code::EndsBeforeStart);
    }
}

/// Gives somebody in the project another role.
///
/// # Errors
/// `TAKEN` where they have it; `REQUIRED` without the partner that is acted for.
pub fn grant(
    draft: &mut Draft,
    _: &CoordinatorOf,
    person: PersonId,
    new: &NewRole,
) -> Result<(), Refusal> {
    let mut problems = Problems::default();
    let role = role(draft, &mut problems, "role", new);
    problems.none()?;
    let role = role.ok_or_else(|| missing("role.partner"))?;
    match role.give(draft, person) {
        true => Ok(()),
        false => Err(Problem::new("role.kind", Code::Taken).into()),
    }
}

/// The role of a person that an input names; the prefix is where the input has it.
fn find(
    draft: &Draft,
    person: PersonId,
    prefix: &str,
    (kind, partner): (RoleKind, Option<&Named>),
) -> Result<RoleId, Refusal> {
    let partner = match partner {
        Some(named) => Some(draft.partner(&format!("{prefix}partner"), named)?),
        None => None,
    };
    let mut roles = draft.rows.roles.iter();
    let is_it = |row: &&role::Model| {
        row.person_id == person && (row.kind, row.partner_id) == (kind, partner)
    };
    let found = roles.find(is_it).map(|row| row.id);
    found.ok_or_else(|| missing(&format!("{prefix}kind")).into())
}

/// Changes the days of a role.
///
/// # Errors
/// `NOT_FOUND` where they do not have it; `REQUIRED` without the partner that is acted for;
/// `ENDS_BEFORE_START`; `LAST_COORDINATOR` where nobody would
/// coordinate the project on a day from today on.
pub fn edit(
    draft: &mut Draft,
    _: &CoordinatorOf,
    person: PersonId,
    (kind, partner): (RoleKind, Option<&Named>),
    days: RoleDays,
) -> Result<(), Refusal> {
    if kind == RoleKind::Partner && partner.is_none() {
        return Err(Problem::new("partner", Code::Required).into());
    }
    let id = find(draft, person, "", (kind, partner))?;
    let mut problems = Problems::default();
    for row in draft.rows.roles.iter_mut().filter(|row| row.id == id) {
        row.from_on = days.from.unwrap_or(row.from_on);
        row.until_on = days.until.unwrap_or(row.until_on);
        check_days(&mut problems, "", (row.from_on, row.until_on));
    }
    problems.none()?;
    check_coordinated(draft, kind, "until")
}

/// Takes a role away. Whoever has none left, and took part in nothing, is not of the project any
/// more.
///
/// # Errors
/// `NOT_FOUND` where they do not have it, or on other days than the input says;
/// `LAST_COORDINATOR` where nobody would coordinate the project on a day from today on.
pub fn revoke(
    draft: &mut Draft,
    _: &CoordinatorOf,
    person: PersonId,
    role: &NewRole,
) -> Result<(), Refusal> {
    take(draft, person, role)
}

/// Takes a role away, whoever may.
pub(super) fn take(draft: &mut Draft, person: PersonId, role: &NewRole) -> Result<(), Refusal> {
    let id = find(draft, person, "role.", (role.kind, role.partner.as_ref()))?;
    let rows = &mut draft.rows;
    let mut own = rows.roles.iter().filter(|row| row.id == id);
    let is_other = |given: Option<NaiveDate>, own| given.is_some() && given != own;
    if own.any(|row| is_other(role.from, row.from_on)) {
        return Err(missing("role.from").into());
    }
    let mut own = rows.roles.iter().filter(|row| row.id == id);
    if own.any(|row| is_other(role.until, row.until_on)) {
        return Err(missing("role.until").into());
    }
    rows.roles.retain(|row| row.id != id);
    let is_needed = rows.roles.iter().any(|row| row.person_id == person)
        || rows
            .participations
            .iter()
            .any(|row| row.person_id == Some(person))
        || rows
            .champions
            .iter()
            .any(|row| row.person_id == Some(person));
    if !is_needed {
        rows.people.retain(|row| row.id != person);
        rows.introductions
            .retain(|row| row.person_id != Some(person));
    }
    check_coordinated(draft, role.kind, "role.kind")
}

/// Whether a project still has a coordinator on every day, after the role of one was changed.
fn check_coordinated(draft: &Draft, kind: RoleKind, field: &'static str) -> Result<(), Refusal> {
    let is_coordinated = || are_coordinated_from(&draft.rows.roles, draft.today());
    match kind != RoleKind::Coordinator || is_coordinated() {
        true => Ok(()),
        false => Err(Problem::new(field, Code::LastCoordinator).into()),
    }
}
