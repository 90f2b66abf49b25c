//! The lists that belong to an output: who takes part, what is on the agenda, what peers gave each
//! other, and what single kinds list; and how a list is replaced, a forum's too. A list is given
//! whole; an entry that is called what another was called before is the same entry, and keeps its id
//! and its sources.

use entities::*;
use sea_orm::prelude::Uuid;

use super::{Code, Draft, Named, Problems};
use crate::rows::Row;

/// The lists that outputs of all kinds have; what is left out stays, a given one replaces all of it.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    pub participants: Option<Vec<NewParticipant>>,
    pub agenda: Option<Vec<NewAgendaItem>>,
    pub learning: Option<Vec<NewLearning>>,
}

/// Somebody who takes part.
#[derive(Clone, Debug)]
pub struct NewParticipant {
    pub partner: Option<Named>,
    pub person: Option<Named>,
    /// A role or group, where neither is named.
    pub who: Option<String>,
    pub status: ParticipationStatus,
    /// Why they did not come.
    pub reason: Option<String>,
}

/// An item of an agenda.
#[derive(Clone, Debug)]
pub struct NewAgendaItem {
    /// 1 for the first day.
    pub day: Option<i32>,
    pub part_of_day: Option<PartOfDay>,
    pub kind: AgendaKind,
    pub title: String,
    pub presenter: Option<Named>,
    /// Roles, never names.
    pub speakers: Vec<String>,
}

/// A challenge, an advice or a lesson.
#[derive(Clone, Debug)]
pub struct NewLearning {
    pub kind: LearningKind,
    pub body: String,
    /// The partner whose challenge it is, or to whom it is said.
    pub partner: Option<Named>,
}

/// A planned action or commitment of an action plan.
#[derive(Clone, Debug)]
pub struct NewMeasure {
    pub title: String,
    pub state: MeasureState,
    pub due: Option<PartialDate>,
}

/// Who was involved in an action plan.
#[derive(Clone, Debug)]
pub struct NewStakeholder {
    pub name: String,
    pub kind: Option<String>,
}

/// A training that a champion delivered.
#[derive(Clone, Debug)]
pub struct NewTraining {
    pub description: String,
    /// The workshop of champions that it was part of.
    pub workshop: Option<Named>,
    pub held: Option<PartialDate>,
    pub audience: Option<String>,
}

impl Parts {
    /// Puts the lists that are given into the next state of an output.
    pub(super) fn put(self, draft: &mut Draft, problems: &mut Problems, output: OutputId) {
        if let Some(new) = self.participants {
            participants(draft, problems, output, new);
        }
        if let Some(new) = self.agenda {
            agenda(draft, problems, output, new);
        }
        if let Some(new) = self.learning {
            learning(draft, problems, output, new);
        }
    }
}

fn participants(
    draft: &mut Draft,
    problems: &mut Problems,
    output: OutputId,
    new: Vec<NewParticipant>,
) {
    let list = List("participants");
    let mut rows = list.rows(new, |at, position, one| {
        let partner = one
            .partner
            .map(|named| draft.partner(&at("partner"), &named));
        let person = one.person.map(|named| draft.person(&at("person"), &named));
        participation::Model {
            id: draft.new_id("participation").into(),
            project_id: draft.id(),
            output_id: output,
            position,
            partner_id: partner.and_then(|found| problems.take(found)),
            person_id: person.and_then(|found| problems.take(found)),
            who: one.who,
            status: one.status,
            reason: one.reason,
            sources: Strings::default(),
        }
    });
    keep_hidden(draft, output, &mut rows);
    replace(&mut draft.rows.participations, output, rows);
}

/// Whoever may not see a person cannot name them again, and does not take them away unawares: they
/// stay with their partner's entry, and an entry that names nobody else stays whole.
fn keep_hidden(draft: &Draft, output: OutputId, rows: &mut Vec<participation::Model>) {
    let project = draft.project();
    let is_hidden = |row: &&participation::Model| {
        let person = row.person_id.filter(|_| row.output_id == output);
        person.is_some_and(|person| !draft.viewer.may_see_person(&project, person))
    };
    for old in draft.rows.participations.iter().filter(is_hidden) {
        let is_alone = old.partner_id.is_none() && old.who.is_none();
        let is_theirs = |row: &&mut participation::Model| {
            row.person_id.is_none() && (row.partner_id, &row.who) == (old.partner_id, &old.who)
        };
        if is_alone {
            let position = i32::try_from(rows.len()).unwrap_or(i32::MAX);
            rows.push(participation::Model {
                position,
                ..old.clone()
            });
        } else if let Some(row) = rows.iter_mut().find(is_theirs) {
            row.person_id = old.person_id;
        }
    }
}

fn agenda(draft: &mut Draft, problems: &mut Problems, output: OutputId, new: Vec<NewAgendaItem>) {
    let list = List("agenda");
    let rows = list.rows(new, |at, position, one| {
        let presenter = one
            .presenter
            .map(|named| draft.partner(&at("presenter"), &named));
        agenda_item::Model {
            id: draft.new_id("agenda_item").into(),
            project_id: draft.id(),
            output_id: output,
            position,
            day: one.day,
            part_of_day: one.part_of_day,
            kind: one.kind,
            title: one.title,
            presenter_id: presenter.and_then(|found| problems.take(found)),
            speakers: Strings(one.speakers),
            sources: Strings::default(),
        }
    });
    replace(&mut draft.rows.agenda_items, output, rows);
}

fn learning(draft: &mut Draft, problems: &mut Problems, output: OutputId, new: Vec<NewLearning>) {
    let list = List("learning");
    let rows = list.rows(new, |at, position, one| {
        let partner = one
            .partner
            .map(|named| draft.partner(&at("partner"), &named));
        learning::Model {
            id: draft.new_id("learning").into(),
            project_id: draft.id(),
            output_id: output,
            position,
            kind: one.kind,
            body: one.body,
            for_id: partner.and_then(|found| problems.take(found)),
            sources: Strings::default(),
        }
    });
    replace(&mut draft.rows.learnings, output, rows);
}

pub(super) fn measures(draft: &mut Draft, output: OutputId, new: Vec<NewMeasure>) {
    let list = List("measures");
    let rows = list.rows(new, |_, position, one| measure::Model {
        id: draft.new_id("measure").into(),
        project_id: draft.id(),
        output_id: output,
        position,
        title: one.title,
        state: one.state,
        due: one.due,
    });
    replace(&mut draft.rows.measures, output, rows);
}

pub(super) fn stakeholders(draft: &mut Draft, output: OutputId, new: Vec<NewStakeholder>) {
    let list = List("stakeholders");
    let rows = list.rows(new, |_, position, one| stakeholder::Model {
        id: draft.new_id("stakeholder").into(),
        project_id: draft.id(),
        output_id: output,
        position,
        name: one.name,
        kind: one.kind,
    });
    replace(&mut draft.rows.stakeholders, output, rows);
}

pub(super) fn trainings(
    draft: &mut Draft,
    problems: &mut Problems,
    field: &str,
    output: OutputId,
    new: Vec<NewTraining>,
) {
    let list = List(field);
    let rows = list.rows(new, |at, position, one| {
        let kind = OutputKind::ChampionWorkshop;
        let workshop = one
            .workshop
            .map(|named| draft.output_of(kind, &at("workshop"), &named));
        training::Model {
            id: draft.new_id("training").into(),
            project_id: draft.id(),
            output_id: output,
            position,
            description: one.description,
            workshop_id: workshop.and_then(|found| problems.take(found)),
            held: one.held,
            audience: one.audience,
        }
    });
    replace(&mut draft.rows.trainings, output, rows);
}

/// The practices that a visit saw, each once.
pub(super) fn practices(
    draft: &mut Draft,
    problems: &mut Problems,
    field: &str,
    output: OutputId,
    new: Vec<Named>,
) {
    let list = List(field);
    let mut seen = Vec::new();
    let rows = list.rows(new, |at, position, named| {
        let mut all = draft.rows.practices.iter();
        let found = all.find(|row| match &named {
            Named::Id(id) => row.id.0 == *id,
            Named::Key(key) => row.key == *key,
        });
        let practice_id = found.map(|row| row.id);
        match practice_id {
            None => problems.add(at(""), Code::NotFound),
            Some(id) if seen.contains(&id) => problems.add(at(""), Code::Twice),
            Some(id) => seen.push(id),
        }
        visit_practice::Model {
            id: draft.new_id("visit_practice").into(),
            project_id: draft.id(),
            output_id: output,
            practice_id: practice_id.unwrap_or(PracticeId(output.0)),
            position,
        }
    });
    replace(&mut draft.rows.visit_practices, output, rows);
}

/// A list as an input names it.
struct List<'a>(&'a str);

impl List<'_> {
    /// The rows of its entries; the path of an entry's field is `participants.2.partner`.
    fn rows<T, R>(
        &self,
        new: Vec<T>,
        mut row: impl FnMut(&dyn Fn(&str) -> String, i32, T) -> R,
    ) -> Vec<R> {
        let mut rows = Vec::new();
        for (number, one) in new.into_iter().enumerate() {
            let at = |name: &str| match name {
                "" => format!("{}.{number}", self.0),
                name => format!("{}.{number}.{name}", self.0),
            };
            rows.push(row(&at, i32::try_from(number).unwrap_or(i32::MAX), one));
        }
        rows
    }
}

/// A row of a list that belongs to an output or a forum.
pub(super) trait Part: Row {
    /// Whether it is the same entry, whatever else is said of it.
    fn is_called_as(&self, other: &Self) -> bool;
    /// Takes over what no input says: the id, and where it comes from.
    fn keep(&mut self, old: &Self);
    fn set_position(&mut self, position: i32);

    /// Whether it says the same, wherever it stands.
    fn says_as(&self, other: &Self) -> bool {
        let mut same = self.clone();
        same.keep(other);
        same.set_position(other.position());
        same == *other
    }
}

macro_rules! parts {
    ($($module:ident by $($name:ident),+ keeps $($kept:ident),+;)+) => {$(
        impl Part for $module::Model {
            fn is_called_as(&self, other: &Self) -> bool {
                $(self.$name == other.$name)&&+
            }
            fn keep(&mut self, old: &Self) {
                $(self.$kept = old.$kept.clone();)+
            }
            fn set_position(&mut self, position: i32) {
                self.position = position;
            }
        }
    )+};
}

parts! {
    participation by partner_id, person_id, who keeps id, sources;
    agenda_item by title keeps id, sources;
    learning by body keeps id, sources;
    measure by title keeps id;
    stakeholder by name keeps id;
    training by description keeps id;
    visit_practice by practice_id keeps id;
    forum_member by kind, name keeps id;
    forum_topic by title keeps id;
    forum_meeting by held keeps id;
}

/// Puts a list in the place of what an output or a forum had of it.
pub(super) fn replace<R: Part>(rows: &mut Vec<R>, parent: impl Into<Uuid>, mut new: Vec<R>) {
    let parent = parent.into();
    let (mut old, others): (Vec<R>, Vec<R>) = std::mem::take(rows)
        .into_iter()
        .partition(|row| row.parent() == parent);
    old.sort_by_key(Row::position);
    let mut waiting: Vec<&mut R> = new.iter_mut().collect();
    // Of several that are called alike, those that say the same as before go first.
    let alike: [fn(&R, &R) -> bool; 2] = [R::says_as, R::is_called_as];
    for is_same in alike {
        waiting.retain_mut(|row| {
            let found = old.iter().position(|one| is_same(row, one));
            if let Some(at) = found {
                row.keep(&old.remove(at));
            }
            found.is_none()
        });
    }
    *rows = others;
    rows.extend(new);
}
