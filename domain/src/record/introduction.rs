//! Introductions: of an organisation or a person that a project added without knowing them, it shows
//! what it said itself.

use entities::*;
use serde_json::Value as Json;
use uuid::Uuid;

use super::{Names, Organisation, Person, Stand};
use crate::record::rows::Rows;

impl Rows {
    /// What this project said of an organisation or a person, where it is shown in place of what is
    /// known of them.
    #[must_use]
    pub fn introduction(&self, of: impl Into<Uuid>) -> Option<&introduction::Model> {
        let of = of.into();
        self.introductions.iter().find(|row| row.of() == of)
    }

    /// Puts what this project said of organisations and people in the place of what is known of them.
    pub(crate) fn introduce(&mut self) {
        for introduction in std::mem::take(&mut self.introductions) {
            for row in &mut self.organisations {
                if Some(row.id) == introduction.organisation_id {
                    introduce_organisation(row, &introduction.given);
                }
            }
            for row in &mut self.people {
                if Some(row.id) == introduction.person_id {
                    introduce_person(row, &introduction.given);
                }
            }
            self.introductions.push(introduction);
        }
    }
}

/// Puts what a project said of an organisation into its row.
pub(crate) fn introduce_organisation(row: &mut organisation::Model, given: &Json) {
    if let Ok(record) = serde_json::from_value::<Organisation>(given.clone()) {
        record.store(row, &Names::default());
    }
}

/// Puts what a project said of a person into their row. Where and when they get mail, and whether, stays
/// theirs: the project gave the address.
pub(crate) fn introduce_person(row: &mut person::Model, given: &Json) {
    if let Ok(record) = serde_json::from_value::<Person>(given.clone()) {
        let known = row.clone();
        record.store(row, &Names::default());
        row.address = known.address;
        row.digest = known.digest;
        row.digest_hour = known.digest_hour;
        row.paused_until = known.paused_until;
    }
}
