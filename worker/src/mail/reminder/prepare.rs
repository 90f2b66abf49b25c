//! The preparations, by the kind of meeting, the recipient's part and the days left.

use entities::{Mode, OutputKind};
use i18n::FluentValue;

use super::meeting::{Meeting, Part};
use crate::wording::words::{Key, say};

/// Two to four preparations for now.
pub(super) fn steps(meeting: &Meeting<'_>) -> Vec<String> {
    let output = meeting.output;
    let mode = match output.mode {
        Some(Mode::Online) => "online",
        Some(Mode::InPerson | Mode::Hybrid) => "place",
        None => "unknown",
    };
    meeting.names.words.list(
        key(output.kind, meeting.part(), meeting.days_left()),
        &[("mode", FluentValue::from(mode))],
    )
}

/// The tasks after the meeting.
pub(super) fn afterwards(meeting: &Meeting<'_>) -> String {
    let key = match (meeting.output.kind, meeting.part()) {
        (OutputKind::StaffExchange, Part::Host) => Key("after-exchange-host"),
        (OutputKind::StaffExchange, _) => Key("after-exchange-guest"),
        (OutputKind::Visit, Part::Host) => Key("after-visit-host"),
        (OutputKind::Visit, _) => Key("after-visit"),
        _ => Key("after-meeting"),
    };
    say!(meeting.names.words, key)
}

/// The step by the days left, each with its own preparations.
#[derive(Clone, Copy)]
enum Step {
    Month,
    Fortnight,
    Week,
    Eve,
}

fn key(kind: OutputKind, part: Part, days_left: Option<i64>) -> Key {
    let step = match days_left {
        Some(..=3) => Step::Eve,
        Some(..=9) => Step::Week,
        Some(..=20) => Step::Fortnight,
        Some(_) | None => Step::Month,
    };
    use OutputKind::{StaffExchange, Visit};
    match (kind, part, step) {
        (StaffExchange, Part::Host, Step::Month) => Key("exchange-host-30"),
        (StaffExchange, Part::Host, Step::Fortnight) => Key("exchange-host-14"),
        (StaffExchange, Part::Host, Step::Week) => Key("exchange-host-7"),
        (StaffExchange, Part::Host, Step::Eve) => Key("exchange-host-1"),
        (StaffExchange, Part::Guest, Step::Month) => Key("exchange-guest-30"),
        (StaffExchange, Part::Guest, Step::Fortnight) => Key("exchange-guest-14"),
        (StaffExchange, Part::Guest, Step::Week) => Key("exchange-guest-7"),
        (StaffExchange, Part::Guest, Step::Eve) => Key("exchange-guest-1"),
        (StaffExchange, _, Step::Month | Step::Fortnight) => Key("exchange-participant-30"),
        (StaffExchange, _, Step::Week | Step::Eve) => Key("exchange-participant-7"),
        (Visit, Part::Host, Step::Month) => Key("visit-host-30"),
        (Visit, Part::Host, Step::Fortnight | Step::Week) => Key("visit-host-7"),
        (Visit, Part::Host, Step::Eve) => Key("visit-host-1"),
        (Visit, Part::Expert, Step::Month) => Key("visit-expert-30"),
        (Visit, Part::Expert, Step::Fortnight | Step::Week) => Key("visit-expert-7"),
        (Visit, Part::Expert, Step::Eve) => Key("visit-expert-1"),
        (Visit, _, Step::Month) => Key("visit-participant-30"),
        (Visit, _, Step::Fortnight | Step::Week) => Key("visit-participant-7"),
        (Visit, _, Step::Eve) => Key("visit-participant-1"),
        (_, Part::Host, Step::Eve) => Key("meeting-host-2"),
        (_, Part::Host, _) => Key("meeting-host-14"),
        (_, _, Step::Eve) => Key("meeting-participant-2"),
        (_, _, _) => Key("meeting-participant-14"),
    }
}
