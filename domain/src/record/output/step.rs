//! The steps of an output's history, which are only ever added.

use chrono::{DateTime, NaiveDate, Utc};
use entities::{PartialDate, Strings, Verb, output_event, reporter};

use crate::{
    record::rows::{Rows, children},
    record::{
        Check, Code, Kind, Names,
        declare::{Place, part, record},
    },
};

record! {
    /// One step in an output's history. Steps are only ever added.
    Step of output_event {
        /// What happened.
        verb: Verb = Any;
        /// The day from which it counts; left out: the end of the output's dates as far as they are known,
        /// else of the project.
        effective_on: Option<NaiveDate> = Any;
        /// When the product learned of it; left out: with the project.
        recorded_at: Option<DateTime<Utc>> = Any, by (recorded_at, stored_elsewhere);
        /// Why.
        reason: Option<String> = LongText;
        /// For `RESCHEDULED`: the dates before and after.
        old_starts: Option<PartialDate> = Any;
        /// For `RESCHEDULED`: the last day before.
        old_ends: Option<PartialDate> = Any;
        /// For `RESCHEDULED`: the first day after.
        new_starts: Option<PartialDate> = Any;
        /// For `RESCHEDULED`: the last day after.
        new_ends: Option<PartialDate> = Any;
        /// For `REPORTED`: keys of the partners whose report it is, who may not verify it; left out:
        /// by nobody who is known.
        #[serde(default)]
        reporters: Strings = References(Kind::Partner), by (reporters, store_reporters);
    }
    between;
}

part! {
    Step in output_events, output_id known by verb, effective_on;
}

impl Step {
    fn between(&self, check: &mut Check<'_>) {
        if self.verb != Verb::Reported && !self.reporters.0.is_empty() {
            check.at("reporters").with(Code::OutOfRange, "[]");
        }
    }
}

/// The order of steps that an output can take; every output starts as planned.
pub(super) fn check_order(steps: &[Step], check: &mut Check<'_>) {
    let mut state = Verb::Planned;
    for (index, step) in steps.iter().enumerate() {
        let is_over = matches!(state, Verb::Reported | Verb::Verified | Verb::Cancelled);
        let may_follow = match step.verb {
            Verb::Planned => index == 0,
            Verb::Confirmed | Verb::Rescheduled | Verb::Reported => !is_over,
            Verb::Verified | Verb::Returned => state == Verb::Reported,
            Verb::Cancelled => !matches!(state, Verb::Verified | Verb::Cancelled),
            Verb::Reopened => is_over,
        };
        if !may_follow {
            let mut check = check.at_index(index);
            let follows = format!("{:?}, {state:?}", step.verb).to_uppercase();
            check.at("verb").with(Code::WrongOrder, follows);
        }
        if step.verb != Verb::Rescheduled {
            state = step.verb;
        }
    }
}

/// A step that came in with the project carries no instant of its own.
fn recorded_at(row: &output_event::Model, rows: &Rows, _: &Names) -> Option<DateTime<Utc>> {
    (row.recorded_at != rows.project.created_at).then_some(row.recorded_at)
}

/// The instant of a step is the import's, which knows what is recorded already.
fn stored_elsewhere(_: &Step, _: &mut Place<'_>, _: &mut Rows) {}

fn reporters(row: &output_event::Model, rows: &Rows, names: &Names) -> Strings {
    let reporters = children(&rows.reporters, row.id).iter();
    let keys = reporters.filter_map(|row| names.key_of(row.partner_id?.into()));
    Strings(keys.map(str::to_owned).collect())
}

fn store_reporters(step: &Step, at: &mut Place<'_>, rows: &mut Rows) {
    for (position, key) in (0_i32..).zip(&step.reporters.0) {
        let Some(partner) = at.names.id_of(Kind::Partner, key) else {
            continue;
        };
        rows.reporters.push(reporter::Model {
            id: at.id(|rows| &rows.reporters, &partner.to_string()).into(),
            project_id: at.project,
            output_event_id: at.own.into(),
            partner_id: Some(partner.into()),
            person_id: None,
            position,
        });
    }
}
