//! Participants, agenda and learning of outputs of every kind.

use async_graphql::ID;

use super::super::input::TranslationInput;
use super::{
    super::{execute::find_output, output::output_at},
    entry, of_output, on_output,
};
use crate::schema::base::scalar::PartialDate;
use crate::schema::types::{
    agenda_item::AgendaItem,
    learning::Learning,
    output::Output,
    participation::Participation,
    vocabulary::{AgendaKind, LearningKind, PartOfDay, ParticipationStatus},
};

entry! {
    "the participation of a partner, a person or a group": Participation = |view, id| {
        let row = view.participations.iter().find(|row| row.id.0 == id)?;
        Some(Participation::new(view, row))
    },
    in "an output" output: Output = output_at, find_output, on_output,
    "For its lead, host or parties, the expert of its community and the coordinator. Every partner that \
     the output concerns adds and edits what is its own: a row of that partner or of its people, with \
     the reason where they do not come (REASON_REQUIRED).";
    ParticipantInput of Participant {
        /// The partner that they come from: its id, or its organisation's key. For whoever speaks for one
        /// partner alone, that one if left out.
        may partner: ID,
        /// The person: their id or key.
        may person: ID,
        /// A role or group, if neither is named.
        may who: String,
        /// Whether they took part; EXPECTED if left out.
        can status: ParticipationStatus,
        /// The reason for which they do not come.
        may reason: String,
        /// The date from which on the status holds; today if the status changes and no date is
        /// given.
        may since: PartialDate,
        /// Its texts in other languages: those that are named change, the others stay.
        can translations: Vec<TranslationInput>,
    }
    ParticipantChanges {
        add_participant "addParticipant" AddParticipantInput AddParticipantPayload
        edit_participant "editParticipant" EditParticipantInput EditParticipantPayload
        remove_participant "removeParticipant" RemoveParticipantInput RemoveParticipantPayload
    }
    participation
}

entry! {
    "an item of the agenda": AgendaItem = |view, id| {
        let row = view.agenda_items.iter().find(|row| row.id.0 == id)?;
        Some(AgendaItem::new(view, row))
    },
    in "an output" output: Output = output_at, find_output, of_output,
    "For its lead, host or parties, the expert of its community and the coordinator.";
    AgendaItemInput of AgendaItem {
        /// The day of the output: 1 is the first.
        may day: i32,
        /// The part of the day.
        may part_of_day: PartOfDay,
        /// The kind of item.
        must kind: AgendaKind,
        /// What it is about.
        must title: String,
        /// The partner that presents: its id, or its organisation's key.
        may presenter: ID,
        /// The roles of those who speak, never their names.
        can speakers: Vec<String>,
        /// Its texts in other languages: those that are named change, the others stay.
        can translations: Vec<TranslationInput>,
    }
    AgendaItemChanges {
        add_agenda_item "addAgendaItem" AddAgendaItemInput AddAgendaItemPayload
        edit_agenda_item "editAgendaItem" EditAgendaItemInput EditAgendaItemPayload
        remove_agenda_item "removeAgendaItem" RemoveAgendaItemInput RemoveAgendaItemPayload
    }
    agenda_item
}

entry! {
    "a challenge, a question, an advice or a lesson": Learning = |view, id| {
        let row = view.learnings.iter().find(|row| row.id.0 == id)?;
        Some(Learning::new(view, row))
    },
    in "an output" output: Output = output_at, find_output, on_output,
    "For the coordinator, the expert of its community, and every partner that the output concerns, for \
     itself. What others said stays theirs: only the coordinator and the expert change it. A city says \
     here what came of its challenge; whether it takes up an advice it says by `markAdvice`.";
    LearningInput of Learning {
        /// The kind: a challenge, a question about one, an advice or a lesson.
        must kind: LearningKind,
        /// What was asked, advised or learned.
        must body: String,
        /// The partner that asked or learned, or that the advice is for: its id, or its organisation's
        /// key. A partner's people ask and learn for that partner, also if it is left out.
        may partner: ID,
        /// The date from which on it is known; today if it is added and no date is given.
        may since: PartialDate,
        /// The partner that says it: its id, or its organisation's key. For whoever speaks for one
        /// partner alone, that one if left out.
        may by: ID,
        /// Who said it, where no partner is named, such as "other cities".
        may who: String,
        /// Of a challenge: a key that names it in the output, such as `engage`, for what is said about
        /// it.
        may key: String,
        /// Of a challenge: what stands behind it.
        may background: String,
        /// Of a question, an advice or a lesson: the key of the challenge that it is about. Left out, it
        /// is about the only challenge in the output of the partner that it is for.
        may challenge: String,
        /// Of a challenge: what came of it, after the output. Nobody is asked for it any more.
        may outcome: String,
        /// The date from which on the outcome is known; today if it is given and no date is.
        may outcome_since: PartialDate,
        /// Its texts in other languages: those that are named change, the others stay.
        can translations: Vec<TranslationInput>,
    }
    LearningChanges {
        add_learning "addLearning" AddLearningInput AddLearningPayload
        edit_learning "editLearning" EditLearningInput EditLearningPayload
        remove_learning "removeLearning" RemoveLearningInput RemoveLearningPayload
    }
    learning
}
