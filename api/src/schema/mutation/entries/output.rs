//! Participants, agenda and learning of outputs of every kind.

use async_graphql::ID;

use super::{
    super::{execute::find_output, output::output_at},
    entry, of_output,
};
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
    in "an output" output: Output = output_at, find_output, of_output,
    "For its lead, host or parties, the expert of its community and the coordinator.";
    ParticipantInput of Participant {
        /// The partner that they come from: its id, or its organisation's key.
        may partner: ID,
        /// The person: their id or key.
        may person: ID,
        /// A role or group, if neither is named.
        may who: String,
        /// Whether they took part; EXPECTED if left out.
        can status: ParticipationStatus,
        /// The reason for which they did not come.
        may reason: String,
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
    }
    AgendaItemChanges {
        add_agenda_item "addAgendaItem" AddAgendaItemInput AddAgendaItemPayload
        edit_agenda_item "editAgendaItem" EditAgendaItemInput EditAgendaItemPayload
        remove_agenda_item "removeAgendaItem" RemoveAgendaItemInput RemoveAgendaItemPayload
    }
    agenda_item
}

entry! {
    "a challenge, an advice or a lesson": Learning = |view, id| {
        let row = view.learnings.iter().find(|row| row.id.0 == id)?;
        Some(Learning::new(view, row))
    },
    in "an output" output: Output = output_at, find_output, of_output,
    "For its lead, host or parties, the expert of its community and the coordinator.";
    LearningInput of Learning {
        /// The kind: a challenge, an advice or a lesson.
        must kind: LearningKind,
        /// What was asked, advised or learned.
        must body: String,
        /// The partner that asked, or that the advice is for: its id, or its organisation's key.
        may partner: ID,
    }
    LearningChanges {
        add_learning "addLearning" AddLearningInput AddLearningPayload
        edit_learning "editLearning" EditLearningInput EditLearningPayload
        remove_learning "removeLearning" RemoveLearningInput RemoveLearningPayload
    }
    learning
}
