//! An exchange, visit or meeting, and the part of the recipient in it.

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

/// An exchange, visit or meeting for the recipient of a reminder, on a day.
pub(super) struct Meeting<'a> {
    pub names: Names<'a>,
    pub person: &'a person::Model,
    pub output: &'a output::Model,
    pub standing: &'a Standing<'a>,
    pub as_of: AsOf,
    /// Today in the recipient's time zone.
    pub today: NaiveDate,
}

impl Meeting<'_> {
    /// The day on which it begins, once that is fixed.
    pub(super) fn first_day(&self) -> Option<NaiveDate> {
        self.standing.starts.and_then(PartialDate::day)
    }

    /// The number of days until it begins; negative once it has begun.
    pub(super) fn days_left(&self) -> Option<i64> {
        self.first_day().map(|day| (day - self.today).num_days())
    }

    /// The recipient's part; host before guest, if they are both.
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
        let roles = project.roles_in_force_of(self.person.id);
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

    /// The place; else, if people meet in person, the host's cities.
    pub(super) fn place(&self) -> Option<String> {
        let place = self.output.place.as_deref();
        if place.is_some() || self.output.mode == Some(Mode::Online) {
            let translations = &self.output.translations;
            return place.map(|place| self.names.said(translations, "place", place).to_owned());
        }
        let cities = self.names.project.host_cities(self.output);
        let names: Vec<String> = cities
            .iter()
            .map(|id| self.names.organisation(*id).to_owned())
            .collect();
        (!names.is_empty()).then(|| self.names.words.all_of(&names))
    }
}
