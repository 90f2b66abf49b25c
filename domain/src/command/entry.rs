//! Entries: the records of a list that belongs to an output or a forum are added, changed and removed
//! by themselves, so that nobody takes away what others wrote.

use chrono::NaiveDate;
use entities::*;
use sea_orm::prelude::Uuid;
use serde_json::{Value as Json, json};

use super::{
    Code, Draft, Fields, Problem, Problems, Refusal,
    change::{change, put_parts},
    check,
    draft::missing,
    edit::check_closed,
    learning,
    output::warn_of_overlaps,
    participant,
};
use crate::{
    record::rows::{Row, children},
    record::{
        AgendaItem, Endorsement, ForumMeeting, ForumMember, ForumTopic, Kind, LIST_ENTRIES,
        Learning, Measure, Names, Part, Participant, Stakeholder, Training,
    },
    viewer::{Denied, OwnerOf, PartyTo, VoiceOn},
};

/// An entry that is edited by itself.
pub trait ByItself: Part {
    /// The right to what it belongs to.
    type Right;
    /// The kind of output that has such a list; `None`: all of them, or no output.
    const KIND: Option<OutputKind> = None;

    /// Fills in what follows from who says it, where `old` is what stood there, and refuses what is not
    /// theirs to say.
    ///
    /// # Errors
    /// The reason for which the entry is not theirs.
    fn allow(
        _: &Draft,
        _: &Self::Right,
        _: &mut Problems,
        _old: Option<&Self::Row>,
        _: &mut Fields,
    ) -> Result<(), Denied> {
        Ok(())
    }

    /// # Errors
    /// The reason for which the entry is not theirs to take away.
    fn allow_removal(_: &Self::Right, _: &Self::Row) -> Result<(), Denied> {
        Ok(())
    }

    /// What is not said of it, and follows from the day or from what it was.
    fn complete(_: &mut Fields, _today: NaiveDate, _old: Option<&Self::Row>) {}

    /// The field by which it is named among the other entries of its list already.
    fn twice_among(&self, _: &[Self]) -> Option<&'static str> {
        None
    }

    /// What holds of the record that it belongs to after the change.
    fn settle(_: &mut Draft, _: &mut Problems, _parent: Uuid) {}
}

macro_rules! of_outputs {
    ($($entry:ident $(of $kind:ident)?;)+) => {$(
        impl ByItself for $entry {
            type Right = PartyTo;
            $(const KIND: Option<OutputKind> = Some(OutputKind::$kind);)?

            fn settle(draft: &mut Draft, problems: &mut Problems, parent: Uuid) {
                check_closed(draft, problems, parent.into());
            }
        }
    )+};
}

macro_rules! of_forums {
    ($($entry:ident;)+) => {$(
        impl ByItself for $entry {
            type Right = OwnerOf;
        }
    )+};
}

of_outputs! {
    AgendaItem;
    Measure of ActionPlan;
    Stakeholder of ActionPlan;
    Training of Champion;
}

of_forums! {
    ForumMember;
    ForumTopic;
    ForumMeeting;
}

impl ByItself for Endorsement {
    type Right = PartyTo;
    const KIND: Option<OutputKind> = Some(OutputKind::ActionPlan);

    fn settle(draft: &mut Draft, problems: &mut Problems, parent: Uuid) {
        check_closed(draft, problems, parent.into());
        let today = draft.today();
        let mut own = children(&draft.rows.endorsements, parent).iter();
        let is_ahead = |date: &PartialDate| date.first_day() > today;
        if own.any(|row| row.endorsed.as_ref().is_some_and(is_ahead)) {
            problems.push(Problem::new("endorsed", Code::OutOfRange).with(today));
        }
    }
}

impl ByItself for Learning {
    type Right = VoiceOn;

    fn allow(
        draft: &Draft,
        right: &VoiceOn,
        problems: &mut Problems,
        old: Option<&Self::Row>,
        fields: &mut Fields,
    ) -> Result<(), Denied> {
        learning::allow(draft, right, problems, old, fields)
    }

    fn allow_removal(right: &VoiceOn, row: &Self::Row) -> Result<(), Denied> {
        learning::may_rewrite(right, row)
    }

    fn complete(fields: &mut Fields, today: NaiveDate, old: Option<&Self::Row>) {
        if old.is_none() {
            fields.set_default("since", json!(today));
        }
        learning::date_outcome(fields, today);
    }

    fn settle(draft: &mut Draft, problems: &mut Problems, parent: Uuid) {
        learning::check_among(draft, problems, parent.into());
        check_closed(draft, problems, parent.into());
    }
}

impl ByItself for Participant {
    type Right = VoiceOn;

    fn allow(
        draft: &Draft,
        right: &VoiceOn,
        problems: &mut Problems,
        old: Option<&Self::Row>,
        fields: &mut Fields,
    ) -> Result<(), Denied> {
        participant::allow(draft, right, problems, old, fields)
    }

    fn allow_removal(right: &VoiceOn, _: &Self::Row) -> Result<(), Denied> {
        match right.is_party() {
            true => Ok(()),
            false => Err(Denied::Forbidden),
        }
    }

    /// A status holds from the day on which it is said.
    fn complete(fields: &mut Fields, today: NaiveDate, old: Option<&Self::Row>) {
        let status = fields.get("status").cloned();
        let status: Option<ParticipationStatus> =
            status.and_then(|name| serde_json::from_value(name).ok());
        let was = old.map_or(ParticipationStatus::Expected, |row| row.status);
        match status {
            Some(ParticipationStatus::Expected) => fields.set_default("since", Json::Null),
            Some(status) if status != was => fields.set_default("since", json!(today)),
            _ => {}
        }
    }

    fn twice_among(&self, others: &[Self]) -> Option<&'static str> {
        Participant::twice_among(self, others)
    }

    fn settle(draft: &mut Draft, problems: &mut Problems, parent: Uuid) {
        check_closed(draft, problems, parent.into());
        warn_of_overlaps(draft, parent.into());
    }
}

/// Adds an entry at the end of its list.
///
/// # Errors
/// `WRONG_KIND` where an output of this kind has no such list, `WRONG_STATE`, and all that is wrong with
/// the entry.
pub fn add<P: ByItself>(
    draft: &mut Draft,
    right: &P::Right,
    parent: Uuid,
    mut fields: Fields,
) -> Result<Uuid, Refusal> {
    P::complete(&mut fields, draft.today(), None);
    let mut problems = fields.problems();
    P::allow(draft, right, &mut problems, None, &mut fields)?;
    check_kind::<P>(draft, &mut problems, parent);
    let there = children(P::table(&draft.rows), parent);
    let position = super::draft::next_place(there.iter().map(Row::position));
    if there.len() >= LIST_ENTRIES {
        problems.push(Problem::new("", Code::OutOfRange).with(format!("0..{LIST_ENTRIES}")));
    }
    let Some(new) = fields.into_record::<P>(&mut problems) else {
        return problems.none().map(|()| Uuid::nil());
    };
    problems.append(check::record(draft, None, &new));
    check_twice(draft, &mut problems, &new, (Uuid::nil(), parent));
    problems.none()?;
    let names = Names::of(&draft.rows);
    let id = draft.new_id(P::Row::TABLE);
    let mut row = P::Row::default();
    P::put(&mut row, id, draft.id(), parent, position);
    new.store(&mut row, &names);
    put_parts(draft, &new, id, None, &names);
    P::table_mut(&mut draft.rows).push(row);
    draft.rows.sort();
    let mut problems = Problems::default();
    P::settle(draft, &mut problems, parent);
    problems.none().map(|()| id)
}

/// Changes an entry; it keeps its place.
///
/// # Errors
/// `CONFLICT` where it is not at the version that the client read, `WRONG_STATE`, and all that is wrong
/// with it.
pub fn edit<P: ByItself>(
    draft: &mut Draft,
    right: &P::Right,
    id: Uuid,
    version: Option<&str>,
    mut fields: Fields,
) -> Result<(), Refusal> {
    let mut problems = Problems::default();
    let old = at_version::<P>(draft, id, None)?;
    P::allow(draft, right, &mut problems, Some(&old), &mut fields)?;
    let old = at_version::<P>(draft, id, version)?;
    P::complete(&mut fields, draft.today(), Some(&old));
    let changed = change::<P>(draft, &mut problems, &old, fields);
    if let Some(changed) = changed {
        if problems.is_empty() && !changed.new.is_same_entry(&changed.old) {
            check_twice(draft, &mut problems, &changed.new, (id, old.parent()));
        }
        let mut rows = P::table_mut(&mut draft.rows).iter_mut();
        if let Some(row) = rows.find(|row| row.uuid() == id) {
            *row = changed.row;
        }
        P::settle(draft, &mut problems, old.parent());
    }
    problems.none()
}

/// Removes an entry; those behind it move up.
///
/// # Errors
/// `CONFLICT` where it is not at the version that the client read; `WRONG_STATE`.
pub fn remove<P: ByItself>(
    draft: &mut Draft,
    right: &P::Right,
    id: Uuid,
    version: Option<&str>,
) -> Result<(), Refusal> {
    P::allow_removal(right, &at_version::<P>(draft, id, None)?)?;
    let old = at_version::<P>(draft, id, version)?;
    let parent = old.parent();
    draft.rows.remove(id);
    close_up::<P>(draft, parent);
    let mut problems = Problems::default();
    P::settle(draft, &mut problems, parent);
    problems.none()
}

/// Leaves no gap in the places of a list: a project file counts them from 0.
pub(super) fn close_up<P: Part>(draft: &mut Draft, parent: Uuid) {
    draft.rows.sort();
    let project = draft.id();
    let rows = P::table_mut(&mut draft.rows).iter_mut();
    for (position, row) in (0_i32..).zip(rows.filter(|row| row.parent() == parent)) {
        let id = row.uuid();
        P::put(row, id, project, parent, position);
    }
}

/// The entry of an id.
///
/// # Errors
/// `CONFLICT` where it is not at the version that the client read.
pub(super) fn at_version<P: Part>(
    draft: &Draft,
    id: Uuid,
    version: Option<&str>,
) -> Result<P::Row, Refusal> {
    let mut rows = P::table(&draft.rows).iter();
    let row = rows.find(|row| row.uuid() == id);
    let row = row.cloned().ok_or_else(|| missing("id"))?;
    let is_other =
        version.is_some_and(|version| version != draft.project().entry_version::<P>(&row));
    match is_other {
        true => Err(Problem::new("expectedVersion", Code::Conflict).into()),
        false => Ok(row),
    }
}

/// Whether another entry of the list is the same.
fn check_twice<P: ByItself>(
    draft: &Draft,
    problems: &mut Problems,
    new: &P,
    (own, parent): (Uuid, Uuid),
) {
    let names = Names::of(&draft.rows);
    let rows = children(P::table(&draft.rows), parent).iter();
    let others = rows.filter(|row| row.uuid() != own);
    let others: Vec<P> = others
        .map(|row| P::load(row, &draft.rows, &names))
        .collect();
    if let Some(field) = new.twice_among(&others) {
        problems.add(field, Code::Twice);
    }
}

/// Whether an output's kind has such a list.
fn check_kind<P: ByItself>(draft: &Draft, problems: &mut Problems, parent: Uuid) {
    let mut outputs = draft.rows.outputs.iter();
    let output = outputs.find(|row| row.id.0 == parent);
    if let (Some(kind), Some(output)) = (P::KIND, output)
        && output.kind != kind
    {
        let name = Kind::Output(kind).name();
        problems.push(Problem::new("output", Code::WrongKind).with(name));
    }
}
