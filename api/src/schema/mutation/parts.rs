//! The lists that belong to an output, as inputs give them: always whole.

use async_graphql::{ID, InputObject};
use domain::command::parts::{
    NewAgendaItem, NewLearning, NewMeasure, NewParticipant, NewStakeholder, NewTraining,
};

use super::input::named;
use crate::schema::{
    base::scalar::PartialDate,
    types::vocabulary::{AgendaKind, LearningKind, MeasureState, PartOfDay, ParticipationStatus},
};

/// What a list of inputs is for the verbs.
pub fn all<T, U: From<T>>(list: Vec<T>) -> Vec<U> {
    list.into_iter().map(U::from).collect()
}

/// A participant: a partner, a person, or a role or group.
#[derive(Clone, Debug, InputObject)]
pub struct ParticipantInput {
    /// The partner that they come from: its id, or its organisation's key.
    partner: Option<ID>,
    /// The person: their id or key.
    person: Option<ID>,
    /// A role or group, where neither is named.
    who: Option<String>,
    /// Whether they took part; expected if left out.
    status: Option<ParticipationStatus>,
    /// Why they did not come.
    reason: Option<String>,
}

impl From<ParticipantInput> for NewParticipant {
    fn from(one: ParticipantInput) -> Self {
        Self {
            partner: one.partner.as_ref().map(named),
            person: one.person.as_ref().map(named),
            who: one.who,
            status: one.status.unwrap_or(ParticipationStatus::Expected),
            reason: one.reason,
        }
    }
}

/// An item of the agenda of a visit, an exchange or an event.
#[derive(Clone, Debug, InputObject)]
pub struct AgendaItemInput {
    /// On which day of the output: 1 is the first.
    day: Option<i32>,
    /// In which part of the day.
    part_of_day: Option<PartOfDay>,
    /// What kind of item it is.
    kind: AgendaKind,
    /// What it is about.
    title: String,
    /// The partner that presents: its id, or its organisation's key.
    presenter: Option<ID>,
    /// The roles of those who speak, never their names.
    speakers: Option<Vec<String>>,
}

impl From<AgendaItemInput> for NewAgendaItem {
    fn from(one: AgendaItemInput) -> Self {
        Self {
            day: one.day,
            part_of_day: one.part_of_day,
            kind: one.kind,
            title: one.title,
            presenter: one.presenter.as_ref().map(named),
            speakers: one.speakers.unwrap_or_default(),
        }
    }
}

/// What peers gave each other: a challenge, an advice or a lesson.
#[derive(Clone, Debug, InputObject)]
pub struct LearningInput {
    /// Which of the three it is.
    kind: LearningKind,
    /// What was asked, advised or learned.
    body: String,
    /// The partner that asked, or that the advice is for: its id, or its organisation's key.
    partner: Option<ID>,
}

impl From<LearningInput> for NewLearning {
    fn from(one: LearningInput) -> Self {
        Self {
            kind: one.kind,
            body: one.body,
            partner: one.partner.as_ref().map(named),
        }
    }
}

/// A planned action or commitment of an action plan.
#[derive(Clone, Debug, InputObject)]
pub struct MeasureInput {
    /// What it is.
    title: String,
    /// How far it is; planned if left out.
    state: Option<MeasureState>,
    /// By when it is to be done, as exactly as it is known.
    due: Option<PartialDate>,
}

impl From<MeasureInput> for NewMeasure {
    fn from(one: MeasureInput) -> Self {
        Self {
            title: one.title,
            state: one.state.unwrap_or(MeasureState::Planned),
            due: one.due.map(|date| date.0),
        }
    }
}

/// Someone who was involved in an action plan.
#[derive(Clone, Debug, InputObject)]
pub struct StakeholderInput {
    /// An organisation or a group; never a person.
    name: String,
    /// What kind of stakeholder it is.
    kind: Option<String>,
}

impl From<StakeholderInput> for NewStakeholder {
    fn from(one: StakeholderInput) -> Self {
        Self {
            name: one.name,
            kind: one.kind,
        }
    }
}

/// A training that a champion delivered.
#[derive(Clone, Debug, InputObject)]
pub struct TrainingInput {
    /// What it was.
    description: String,
    /// The workshop of champions that it was part of: its id or key.
    workshop: Option<ID>,
    /// When it was held, as exactly as it is known.
    held: Option<PartialDate>,
    /// Whom it was for.
    audience: Option<String>,
}

impl From<TrainingInput> for NewTraining {
    fn from(one: TrainingInput) -> Self {
        Self {
            description: one.description,
            workshop: one.workshop.as_ref().map(named),
            held: one.held.map(|date| date.0),
            audience: one.audience,
        }
    }
}
