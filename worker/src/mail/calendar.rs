//! The calendar entry (iCalendar) of an output: whole days, so that no time zone can shift them.

use chrono::{DateTime, Utc};
use domain::project::{Standing, State};
use entities::{PartialDate, output};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};

use super::Mailer;

/// The texts of an entry.
pub(super) struct Entry<'a> {
    pub summary: &'a str,
    pub location: Option<&'a str>,
    pub description: &'a str,
}

impl Mailer {
    /// The entry of an output; `None` unless its days are known. Calendars treat a later one as a
    /// change of the same entry: the UID stays, SEQUENCE rises with each move.
    pub(super) fn calendar(
        &self,
        output: &output::Model,
        standing: &Standing<'_>,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Option<String> {
        let first = standing.starts.and_then(PartialDate::day)?;
        let last = standing
            .ends
            .and_then(PartialDate::day)
            .unwrap_or(first)
            .max(first);
        let mut event = Event::new();
        event
            .uid(&format!("{}@{}", output.id, self.message_domain))
            .timestamp(now)
            .sequence(u32::try_from(standing.moves).unwrap_or(u32::MAX))
            .summary(entry.summary)
            .description(entry.description)
            .starts(first)
            .ends(last.succ_opt()?)
            .url(&self.base_url)
            .status(match standing.state {
                State::Planned | State::Returned => EventStatus::Tentative,
                State::Cancelled => EventStatus::Cancelled,
                State::Confirmed | State::Reported | State::Verified => EventStatus::Confirmed,
            })
            .add_property("TRANSP", "OPAQUE");
        if let Some(place) = entry.location {
            event.location(place);
        }
        let mut organizer = Property::new("ORGANIZER", format!("mailto:{}", self.from.email));
        if let Some(name) = &self.from.name {
            organizer.add_parameter("CN", &name.replace('"', "'"));
        }
        event.append_property(organizer.done());
        let mut calendar = Calendar::empty();
        calendar
            .append_property(("VERSION", "2.0"))
            .append_property(("PRODID", "-//Connection//Reminders//EN"))
            .append_property(("CALSCALE", "GREGORIAN"))
            .append_property(("METHOD", "PUBLISH"))
            .push(event.done());
        Some(folded(&calendar.to_string()))
    }
}

/// The most octets of a line (RFC 5545, 3.1).
const LINE: usize = 75;

/// A calendar whose lines are folded anew: the library counts no octet of the space before what goes
/// on, so that some of its lines are too long.
fn folded(calendar: &str) -> String {
    let mut lines = String::with_capacity(calendar.len() + 64);
    for line in calendar.replace("\r\n ", "").split_inclusive("\r\n") {
        let mut octets = 0;
        for letter in line.chars() {
            if octets + letter.len_utf8() > LINE && !letter.is_control() {
                lines.push_str("\r\n ");
                octets = 1;
            }
            octets += letter.len_utf8();
            lines.push(letter);
        }
    }
    lines
}
