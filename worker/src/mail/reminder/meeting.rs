//! An exchange, visit or meeting, and what its recipient has to do with it.

use chrono::NaiveDate;
use domain::project::{AsOf, Standing};
use entities::{Mode, PartialDate, RoleKind, output, person};

use crate::wording::names::Names;
use crate::wording::words::Key;

/// The recipient's part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Host,
    Guest,
    Expert,
    Participant,
}

impl Part {
    pub(super) fn key(self) -> Key {
        match self {
            Self::Host => Key("part-host"),
            Self::Guest => Key("part-guest"),
            Self::Expert => Key("part-expert"),
            Self::Participant => Key("part-participant"),
        }
    }
}

/// An exchange, visit or meeting as the recipient of a reminder sees it on a day.
pub(super) struct Meeting<'a> {
    pub names: Names<'a>,
    pub person: &'a person::Model,
    pub output: &'a output::Model,
    pub standing: &'a Standing<'a>,
    pub as_of: AsOf,
    /// The recipient's day.
    pub today: NaiveDate,
}

impl Meeting<'_> {
    /// The day on which it begins, once that is fixed.
    pub(super) fn first_day(&self) -> Option<NaiveDate> {
        self.standing.starts.and_then(PartialDate::day)
    }

    /// How many days are left until it begins; negative once it has begun.
    pub(super) fn days_left(&self) -> Option<i64> {
        self.first_day().map(|day| (day - self.today).num_days())
    }

    /// What the recipient is to it; host before guest where somebody is both.
    pub(super) fn part(&self) -> Part {
        let project = self.names.project;
        let mine = self.names.acts_for(self.person.id);
        let organiser = project
            .visit(self.output.id)
            .and_then(|row| row.organiser_id);
        let host_cities = project.host_cities(self.output);
        let hosts = mine.iter().any(|id| {
            self.output.host_id == Some(*id)
                || organiser == Some(*id)
                || host_cities.contains(&project.partner(*id).organisation_id)
        });
        let guests = project.guests(self.output);
        let roles = project.roles_of(self.person.id);
        if hosts {
            Part::Host
        } else if mine.iter().any(|id| guests.contains(id)) {
            Part::Guest
        } else if roles.iter().any(|role| role.kind == RoleKind::Expert) {
            Part::Expert
        } else {
            Part::Participant
        }
    }

    /// The place, else the host's cities where people meet in person.
    pub(super) fn place(&self) -> Option<String> {
        if self.output.place.is_some() || self.output.mode == Some(Mode::Online) {
            return self.output.place.clone();
        }
        let cities = self.names.project.host_cities(self.output);
        let names: Vec<String> = cities
            .iter()
            .map(|id| self.names.organisation(*id).to_owned())
            .collect();
        (!names.is_empty()).then(|| self.names.words.all_of(&names))
    }
}
