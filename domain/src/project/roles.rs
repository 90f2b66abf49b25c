//! Roles by the day. Rights go by the roles that are in force now: on the day that it is in the
//! project's zone, whatever day is read. Mail goes by those of its own day.

use chrono::{DateTime, NaiveDate, Utc};
use entities::{PersonId, RoleKind, role};

use super::Project;
use crate::{record::rows::children, zone};

/// Whether a role is in force on a day: its first and last day are days on which it is.
#[must_use]
pub fn is_in_force(role: &role::Model, day: NaiveDate) -> bool {
    has_begun(role, day) && role.until_on.is_none_or(|until| day <= until)
}

/// Whether a role has begun by a day, and may have ended since.
#[must_use]
pub fn has_begun(role: &role::Model, day: NaiveDate) -> bool {
    role.from_on.is_none_or(|from| from <= day)
}

/// The roles that are in force, and the days on which they are.
#[derive(Debug)]
pub(super) struct InForce {
    /// `None`: all of the project, since none ever begins or ends.
    roles: Option<Vec<role::Model>>,
    /// The first day on which these roles are in force, and no others.
    from: NaiveDate,
    /// The first day after that on which others are.
    to: NaiveDate,
}

impl InForce {
    /// The roles that neither begin nor end: right on every day only where there are no others.
    pub(super) fn without_days(roles: &[role::Model]) -> Self {
        let has_days = |role: &role::Model| role.from_on.is_some() || role.until_on.is_some();
        if !roles.iter().any(has_days) {
            return Self {
                roles: None,
                from: NaiveDate::MIN,
                to: NaiveDate::MAX,
            };
        }
        let lasting = roles.iter().filter(|role| !has_days(role));
        Self {
            roles: Some(lasting.cloned().collect()),
            from: NaiveDate::MAX,
            to: NaiveDate::MIN,
        }
    }

    /// The roles of a day.
    fn on(roles: &[role::Model], day: NaiveDate) -> Self {
        let begins = roles.iter().filter_map(|role| role.from_on);
        let ends = roles.iter().filter_map(|role| role.until_on?.succ_opt());
        let turns = begins.chain(ends);
        let (past, ahead): (Vec<_>, Vec<_>) = turns.partition(|turn| *turn <= day);
        let now = roles.iter().filter(|role| is_in_force(role, day));
        Self {
            roles: Some(now.cloned().collect()),
            from: past.into_iter().max().unwrap_or(NaiveDate::MIN),
            to: ahead.into_iter().min().unwrap_or(NaiveDate::MAX),
        }
    }

    /// The approximate size of what it holds, in bytes.
    pub(super) fn heap(&self) -> usize {
        let roles = self.roles.as_ref();
        roles.map_or(0, |roles| roles.capacity() * size_of::<role::Model>())
    }
}

impl Project {
    /// The same project with the roles that are in force at an instant.
    #[must_use]
    pub fn at(mut self, now: DateTime<Utc>) -> Self {
        if self.in_force.roles.is_some() {
            self.in_force = InForce::on(&self.rows.roles, zone::day_in(now, &self.zone));
            self.bytes = self.counted();
        }
        self
    }

    /// Whether the roles that are in force in it are those of an instant.
    #[must_use]
    pub fn is_at(&self, now: DateTime<Utc>) -> bool {
        let InForce {
            from,
            to,
            ref roles,
        } = self.in_force;
        roles.is_none() || {
            let today = zone::day_in(now, &self.zone);
            from <= today && today < to
        }
    }

    /// The roles that are in force now.
    #[must_use]
    pub fn roles_in_force(&self) -> &[role::Model] {
        self.in_force.roles.as_ref().unwrap_or(&self.rows.roles)
    }

    /// The roles of a person that are in force now.
    #[must_use]
    pub fn roles_in_force_of(&self, person: PersonId) -> &[role::Model] {
        children(self.roles_in_force(), person)
    }

    /// Whether a person had roles in the project, all of which have ended by a day or begin later.
    #[must_use]
    pub fn is_out_of_roles(&self, person: PersonId, day: NaiveDate) -> bool {
        let roles = self.roles_of(person);
        !roles.is_empty() && !roles.iter().any(|role| is_in_force(role, day))
    }
}

/// Whether roles have a coordinator on every day from a day on.
#[must_use]
pub fn are_coordinated_from(roles: &[role::Model], mut day: NaiveDate) -> bool {
    loop {
        let there = roles
            .iter()
            .filter(|role| role.kind == RoleKind::Coordinator && is_in_force(role, day));
        // The last day of the one who stays longest, who must be followed by another; `None`: no end.
        let ends = there.map(|role| role.until_on);
        let Some(longest) = ends.reduce(|one, other| Some(one?.max(other?))) else {
            return false;
        };
        match longest.and_then(|last| last.succ_opt()) {
            Some(next) => day = next,
            None => return true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn coordinator(from: Option<&str>, until: Option<&str>) -> role::Model {
        role::Model {
            kind: RoleKind::Coordinator,
            from_on: from.map(day),
            until_on: until.map(day),
            ..Default::default()
        }
    }

    #[test]
    fn a_role_is_in_force_from_its_first_day_to_its_last() {
        let role = coordinator(Some("2021-03-01"), Some("2021-05-31"));
        let days = ["2021-02-28", "2021-03-01", "2021-05-31", "2021-06-01"];
        let there = days.map(|text| is_in_force(&role, day(text)));
        assert_eq!(there, [false, true, true, false]);
        assert!(is_in_force(&coordinator(None, None), day("1999-01-01")));
    }

    #[test]
    fn roles_hold_until_the_next_one_begins_or_ends() {
        let roles = [
            coordinator(None, Some("2021-05-31")),
            coordinator(Some("2021-03-01"), None),
        ];
        let on = |text: &str| {
            let InForce { roles, from, to } = InForce::on(&roles, day(text));
            (roles.unwrap().len(), from, to)
        };
        let (march, june) = (day("2021-03-01"), day("2021-06-01"));
        assert_eq!(on("2021-02-28"), (1, NaiveDate::MIN, march));
        assert_eq!(on("2021-03-01"), (2, march, june));
        assert_eq!(on("2021-05-31"), (2, march, june));
        assert_eq!(on("2021-06-01"), (1, june, NaiveDate::MAX));
        let without = InForce::without_days(&roles);
        assert_eq!(without.roles, Some(Vec::new()));
        let lasting = InForce::without_days(&[coordinator(None, None)]);
        assert_eq!(lasting.roles, None);
    }

    #[test]
    fn a_project_is_coordinated_where_one_follows_upon_the_other() {
        let first = coordinator(None, Some("2021-05-31"));
        let next = coordinator(Some("2021-06-01"), None);
        let late = coordinator(Some("2021-06-02"), None);
        let is_coordinated = |roles: &[role::Model]| are_coordinated_from(roles, day("2021-05-01"));
        assert!(is_coordinated(&[first.clone(), next]));
        assert!(!is_coordinated(&[first.clone(), late]));
        assert!(!is_coordinated(&[first]));
        assert!(!is_coordinated(&[]));
    }
}
