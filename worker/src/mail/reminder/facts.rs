//! The table of facts in a reminder: a line for each known fact.

use chrono::{Datelike, NaiveDate};
use entities::{Mode, PartialDate, PartnerId};
use serde::Serialize;

use super::meeting::Meeting;
use crate::wording::names::mode_key;
use crate::wording::words::{Key, say};

/// One line of the table.
#[derive(Debug, Serialize)]
pub(super) struct Fact {
    pub label: String,
    pub value: String,
}

impl Meeting<'_> {
    pub(super) fn facts(&self) -> Vec<Fact> {
        let (names, words, output) = (self.names, self.names.words, self.output);
        let mut facts = Vec::new();
        let mut fact = |key: Key, value: Option<String>| {
            facts.extend(value.filter(|value| !value.is_empty()).map(|value| Fact {
                label: say!(words, key),
                value,
            }));
        };
        fact(Key("fact-when"), Some(self.when()));
        fact(Key("fact-first-planned"), self.first_planned());
        let place = self.place();
        let host = output.host_id.map(|id| names.partner(id));
        fact(
            Key("fact-where"),
            place.filter(|place| Some(place.as_str()) != host),
        );
        fact(Key("fact-mode"), output.mode.map(|mode| self.mode(mode)));
        fact(Key("fact-host"), host.map(str::to_owned));
        let project = names.project;
        let organiser = project.visit(output.id).and_then(|row| row.organiser_id);
        let organiser = organiser.filter(|id| output.host_id != Some(*id));
        fact(
            Key("fact-organiser"),
            organiser.map(|id| names.partner(id).to_owned()),
        );
        let guests = project.guests(output);
        let guest_names: Vec<String> = guests
            .iter()
            .map(|id| names.partner(*id).to_owned())
            .collect();
        let guest_key = if output.host_id.is_some() {
            Key("fact-guests")
        } else {
            Key("fact-partners")
        };
        fact(guest_key, Some(words.all_of(&guest_names)));
        let mut named: Vec<PartnerId> = guests;
        named.extend(output.host_id.into_iter().chain(organiser));
        let others = names.participants(output, &named);
        fact(Key("fact-participants"), Some(words.all_of(&others)));
        fact(
            Key("fact-community"),
            output.community_id.map(|id| names.community(id)),
        );
        facts
    }

    fn when(&self) -> String {
        let words = self.names.words;
        let Some(starts) = self.standing.starts else {
            return say!(words, Key("when-open"));
        };
        let span = words.span(starts, self.standing.ends);
        match (
            self.first_day(),
            self.standing.ends.and_then(PartialDate::day),
        ) {
            (None, _) => say!(words, Key("when-month"), span = span),
            (Some(first), Some(last)) if last > first => {
                let weekday = |day: NaiveDate| {
                    let number = day.weekday().number_from_monday();
                    say!(words, Key("weekday"), weekday = number)
                };
                let days = (last - first).num_days() + 1;
                say!(
                    words,
                    Key("when-days"),
                    from = weekday(first),
                    to = weekday(last),
                    span = span,
                    days = days,
                )
            }
            (Some(first), _) => words.long_day(first),
        }
    }

    /// The planned window, if the days are outside it.
    fn first_planned(&self) -> Option<String> {
        let (from, to) = (self.output.planned_from?, self.output.planned_to?);
        let first = self.first_day()?;
        let inside = from.first_day() <= first && first <= to.last_day();
        (!inside).then(|| self.names.words.span(from, Some(to)))
    }

    fn mode(&self, mode: Mode) -> String {
        let mode = say!(self.names.words, mode_key(mode));
        match &self.output.platform {
            Some(platform) => {
                let translations = &self.output.translations;
                let platform = self.names.said(translations, "platform", platform);
                format!("{mode} ({platform})")
            }
            None => mode,
        }
    }
}
