//! What is there on a day: a record or part that has a day of its own is there from that day on; what
//! belongs to an output and has none, from the output's report on.
//!
//! Texts that were edited later are shown as they are now: what they were is in the audit log.

use std::any::Any;

use chrono::{DateTime, Utc};
use entities::*;

use super::{AsOf, Project};
use crate::zone::day_in;

/// From when on a row is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effective {
    /// As long as its project.
    Always,
    /// From the end of this day, month or year on.
    From(PartialDate),
    /// From the first report of an output on; always if it was never reported.
    Report(OutputId),
    /// From the instant of its recording on.
    Recorded(DateTime<Utc>),
}

/// A row that is there from some day on.
pub trait Dated {
    fn effective(&self) -> Effective;
}

/// Its own day, else the report of an output.
fn day_or_report(day: Option<PartialDate>, output: OutputId) -> Effective {
    day.map_or(Effective::Report(output), Effective::From)
}

fn day_or_always(day: Option<PartialDate>) -> Effective {
    day.map_or(Effective::Always, Effective::From)
}

macro_rules! dated {
    ($($module:ident: |$row:ident| $effective:expr;)+) => {$(
        impl Dated for $module::Model {
            fn effective(&self) -> Effective {
                let $row = self;
                $effective
            }
        }
    )+

    /// From when on a row of any table is there; `None` for tables whose rows have no such day.
    fn effective_of(row: &dyn Any) -> Option<Effective> {
        None$(.or_else(|| row.downcast_ref::<$module::Model>().map(Dated::effective)))+
    }};
}

dated! {
    partner: |row| day_or_always(row.joined_on.map(Into::into));
    practice: |row| day_or_always(row.since);
    publication: |row| day_or_always(row.published);
    open_call: |row| day_or_always(row.issued);
    forum: |row| day_or_always(row.founded);
    forum_member: |row| day_or_always(row.applied.or(row.decided));
    forum_topic: |row| day_or_always(row.proposed);
    forum_meeting: |row| day_or_always(row.held);
    proposal: |row| Effective::Recorded(row.proposed_at);
    learning: |row| day_or_report(row.since, row.output_id);
    evidence: |row| Effective::Report(row.output_id);
    visit_practice: |row| Effective::Report(row.output_id);
    measure: |row| Effective::Report(row.output_id);
    stakeholder: |row| Effective::Report(row.output_id);
    endorsement: |row| day_or_report(row.endorsed, row.output_id);
    training: |row| day_or_report(row.held, row.output_id);
}

impl AsOf {
    /// A date, if it has come by the end of the day.
    #[must_use]
    pub fn by_now(self, date: Option<PartialDate>) -> Option<PartialDate> {
        date.filter(|date| date.last_day() <= self.day)
    }

    /// Whether something that was recorded at an instant is known.
    #[must_use]
    pub fn knows(self, recorded_at: DateTime<Utc>) -> bool {
        self.known_at.is_none_or(|instant| recorded_at <= instant)
    }
}

impl Project {
    /// Whether a row is there on a day.
    #[must_use]
    pub fn is_there(&self, row: &impl Dated, as_of: AsOf) -> bool {
        self.has_come(row.effective(), as_of)
    }

    /// Whether a row of any table, or a fact, is there on a day.
    #[must_use]
    pub fn anything_is_there(&self, row: &dyn Any, as_of: AsOf) -> bool {
        let since = row.downcast_ref::<Fact>().and_then(|fact| fact.since);
        let effective = since.map(Effective::From).or_else(|| effective_of(row));
        effective.is_none_or(|effective| self.has_come(effective, as_of))
    }

    fn has_come(&self, effective: Effective, as_of: AsOf) -> bool {
        match effective {
            Effective::Always => true,
            Effective::From(date) => as_of.by_now(Some(date)).is_some(),
            Effective::Report(output) => self.is_reported(output, as_of),
            Effective::Recorded(instant) => self.is_recorded(instant, as_of),
        }
    }

    /// Whether something had been recorded by the end of a day, and is known.
    #[must_use]
    pub fn is_recorded(&self, instant: DateTime<Utc>, as_of: AsOf) -> bool {
        as_of.knows(instant) && day_in(instant, self.zone()) <= as_of.day
    }

    /// The rows that are there on a day.
    pub fn there<'a, R: Dated>(
        &'a self,
        rows: &'a [R],
        as_of: AsOf,
    ) -> impl Iterator<Item = &'a R> {
        rows.iter().filter(move |row| self.is_there(*row, as_of))
    }

    /// Whether what belongs to an output's report is there: it was reported by that day, whatever
    /// became of the report, or it was never reported at all.
    #[must_use]
    pub fn is_reported(&self, output: OutputId, as_of: AsOf) -> bool {
        let row = self.output(output);
        let mut events = self.events_of(output).iter();
        let Some(report) = events.find(|event| event.verb == Verb::Reported) else {
            return true;
        };
        as_of.knows(report.recorded_at) && self.effective_on(row, report) <= as_of.day
    }

    /// Whether a note is there: every output that it is about is reported, if it ever was.
    #[must_use]
    pub fn note_is_there(&self, note: &note::Model, as_of: AsOf) -> bool {
        let keys = note.about.0.iter();
        let keys = keys.filter_map(|about| about.strip_prefix("output:"));
        let mut outputs = keys.filter_map(|key| self.outputs.iter().find(|row| row.key == *key));
        outputs.all(|row| self.is_reported(row.id, as_of))
    }

    /// Whether the status of a participation holds on a day. Before, the participant is expected:
    /// until the status has a day of its own, or the output is reported.
    #[must_use]
    pub fn is_settled(&self, row: &participation::Model, as_of: AsOf) -> bool {
        match row.since {
            Some(_) => as_of.by_now(row.since).is_some(),
            None => self.is_reported(row.output_id, as_of),
        }
    }

    /// The status of a participation on a day.
    #[must_use]
    pub fn participation_status(
        &self,
        row: &participation::Model,
        as_of: AsOf,
    ) -> ParticipationStatus {
        match self.is_settled(row, as_of) {
            true => row.status,
            false => ParticipationStatus::Expected,
        }
    }
}
