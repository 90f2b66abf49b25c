//! Outputs of all kinds: what counts towards the targets.

use async_graphql::Object;
use domain::{project::Standing, record};
use entities::{OutputId, output};

use super::{
    action_plan::ActionPlan,
    agenda_item::AgendaItem,
    champion::Champion,
    champion_workshop::ChampionWorkshop,
    citation::{self, Basis, Citation},
    community::Community,
    event::Event,
    evidence::Evidence,
    guide::Guide,
    history::OutputEvent,
    learning::Learning,
    note::{self, Note},
    participation::Participation,
    partner::Partner,
    policy::Policy,
    record::{Counted, CountedRecord},
    staff_exchange::StaffExchange,
    video::Video,
    visit::Visit,
    vocabulary::{LearningKind, MeetingMode, OutputKind},
};
use crate::schema::base::{
    interface::{Link, interface},
    scalar::{Date, PartialDate},
    view::View,
};

interface! {
    /// An output of the project. State and dates are those on the project's `asOf`.
    Output of [Counted, OutputFields] {
        StaffExchange, Visit, Event, ActionPlan, Policy, Champion, ChampionWorkshop, Guide, Video,
    }
}

impl Output {
    /// An output as of the view's day; `None` if it was planned after that day.
    pub fn new(view: &View, row: &output::Model) -> Option<Self> {
        use entities::OutputKind as Kind;
        Some(match row.kind {
            Kind::StaffExchange => StaffExchange::new(view, row.id)?.into(),
            Kind::Visit => Visit::new(view, row.id)?.into(),
            Kind::Event => Event::new(view, row.id)?.into(),
            Kind::ActionPlan => ActionPlan::new(view, row.id)?.into(),
            Kind::Policy => Policy::new(view, row.id)?.into(),
            Kind::Champion => Champion::new(view, row.id)?.into(),
            Kind::ChampionWorkshop => ChampionWorkshop::new(view, row.id)?.into(),
            Kind::Guide => Guide::new(view, row.id)?.into(),
            Kind::Video => Video::new(view, row.id)?.into(),
        })
    }
}

impl From<Output> for CountedRecord {
    fn from(output: Output) -> Self {
        match output {
            Output::StaffExchange(output) => output.into(),
            Output::Visit(output) => output.into(),
            Output::Event(output) => output.into(),
            Output::ActionPlan(output) => output.into(),
            Output::Policy(output) => output.into(),
            Output::Champion(output) => output.into(),
            Output::ChampionWorkshop(output) => output.into(),
            Output::Guide(output) => output.into(),
            Output::Video(output) => output.into(),
        }
    }
}

/// Declares the GraphQL object of one kind of output. `$fields` has the fields that only this kind
/// has, and reads the row of the kind as `self.row()`.
macro_rules! output_kind {
    ($(#[doc = $doc:literal])+ $name:ident { $fields:ident: $detail:ident -> $module:ident }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, async_graphql::MergedObject)]
        pub struct $name(
            $crate::schema::types::record::Counted,
            $crate::schema::types::output::OutputFields,
            $fields,
        );

        impl $name {
            /// `None` if it was planned after the view's day, or is of another kind.
            pub fn new(
                view: &$crate::schema::base::view::View,
                id: entities::OutputId,
            ) -> Option<Self> {
                view.$detail(id)?;
                view.standing(view.output(id), view.as_of)?;
                let record = domain::project::RecordRef::Output(id);
                Some(Self(
                    $crate::schema::types::record::Counted::new(view, record),
                    $crate::schema::types::output::OutputFields::new(view, id),
                    $fields { view: view.clone(), id },
                ))
            }
        }

        #[derive(Clone, Debug)]
        struct $fields {
            view: $crate::schema::base::view::View,
            id: entities::OutputId,
        }

        impl $fields {
            fn row(&self) -> &entities::$module::Model {
                self.view.$detail(self.id).expect("looked up when the object was made")
            }
        }
    };
}

pub(crate) use output_kind;

/// The fields that outputs of all kinds share.
#[derive(Clone, Debug)]
pub struct OutputFields {
    view: View,
    id: OutputId,
}

impl OutputFields {
    pub fn new(view: &View, id: OutputId) -> Self {
        let view = view.clone();
        Self { view, id }
    }

    fn row(&self) -> &output::Model {
        self.view.output(self.id)
    }

    fn standing(&self) -> Standing<'_> {
        self.view
            .standing(self.row(), self.view.as_of)
            .expect("an output that was not planned yet is not made")
    }

    fn learned(&self, kind: LearningKind) -> Vec<Learning> {
        self.view
            .learnings_of(self.id)
            .iter()
            .filter(|row| row.kind == kind)
            .map(|row| Learning::new(&self.view, row))
            .collect()
    }
}

#[Object]
impl OutputFields {
    /// The key, unique among the project's outputs of its kind.
    async fn key(&self) -> &str {
        &self.row().key
    }

    /// A hash of the output's own fields and steps. A mutation whose `expectedVersion` differs from
    /// the current one is refused with CONFLICT. Lists and their entries have versions of their
    /// own.
    async fn version(&self) -> String {
        self.view.version(self.id.into())
    }

    /// The kind of output.
    async fn kind(&self) -> OutputKind {
        self.row().kind
    }

    /// The day on which its state began; null if it was planned from the start of the project.
    async fn state_since(&self) -> Option<Date> {
        self.standing().since.map(Date)
    }

    /// The reason for which it was last returned, cancelled or rescheduled.
    async fn state_reason(&self) -> Option<&str> {
        self.standing().reason
    }

    /// The number of times that it was rescheduled.
    async fn moves(&self) -> usize {
        self.standing().moves
    }

    /// The start of the planned window.
    async fn planned_from(&self) -> Option<PartialDate> {
        self.row().planned_from.map(PartialDate)
    }

    /// The end of the planned window.
    async fn planned_to(&self) -> Option<PartialDate> {
        self.row().planned_to.map(PartialDate)
    }

    /// The number of days, first and last included; null if it is not known.
    async fn days(&self) -> Option<i64> {
        let standing = self.standing();
        let day = |date: Option<entities::PartialDate>| date.and_then(entities::PartialDate::day);
        match (day(standing.starts), day(standing.ends)) {
            (Some(first), Some(last)) => Some((last - first).num_days() + 1),
            _ => self.row().days.map(i64::from),
        }
    }

    /// The due day of its report: the output's own, else the end of its planned window, of its
    /// dates, or of the project.
    async fn due_on(&self) -> Date {
        Date(self.view.due_on(self.row(), &self.standing()))
    }

    /// Whether its report was due before the project's `asOf`.
    async fn overdue(&self) -> bool {
        is_overdue(&self.view, self.row(), &self.standing())
    }

    /// The project month in which it starts (1 for M1); null if its start is not known to the
    /// month.
    async fn project_month(&self) -> Option<u32> {
        let starts = self.standing().starts?;
        starts.month()?;
        self.view.month_of(starts.first_day())
    }

    /// The community that it belongs to; null if it belongs to none.
    async fn community(&self) -> Option<Link<Community>> {
        let id = self.row().community_id?;
        Some(Link(Community::new(&self.view, id)))
    }

    /// The leading partner, whose figures count it.
    async fn lead(&self) -> Option<Link<Partner>> {
        let id = self.row().lead_id?;
        Some(Link(Partner::new(&self.view, id)))
    }

    /// The hosting partner.
    async fn host(&self) -> Option<Link<Partner>> {
        let id = self.row().host_id?;
        Some(Link(Partner::new(&self.view, id)))
    }

    /// The mode: in person, online or both.
    async fn mode(&self) -> Option<MeetingMode> {
        self.row().mode
    }

    /// The place.
    async fn place(&self) -> Option<&str> {
        self.row().place.as_deref()
    }

    /// The platform of an online meeting.
    async fn platform(&self) -> Option<&str> {
        self.row().platform.as_deref()
    }

    /// A remark about the record.
    async fn note(&self) -> Option<&str> {
        self.row().note.as_deref()
    }

    /// The derivations of values that no source states.
    async fn basis(&self) -> Vec<Basis> {
        citation::basis(&self.row().basis)
    }

    /// The sources of the record.
    async fn sources(&self) -> Vec<Citation> {
        citation::all(&self.view, &self.row().sources)
    }

    /// The evidence: the means of verification.
    async fn evidence(&self) -> Vec<Evidence> {
        self.view
            .evidence_of(self.id)
            .iter()
            .map(|row| Evidence::new(&self.view, row))
            .collect()
    }

    /// Its steps that were effective on the project's `asOf`, and recorded by its `knownAt`, in
    /// order.
    async fn history(&self) -> Vec<OutputEvent> {
        OutputEvent::all(&self.view, self.row())
    }

    /// The participations, including those of the absent.
    async fn participations(&self) -> Vec<Participation> {
        self.view
            .participations_of(self.id)
            .iter()
            .map(|row| Participation::new(&self.view, row))
            .collect()
    }

    /// A hash of the list of participations, which changes with each of them. Mutations that
    /// replace the list take it as `participantsVersion`.
    async fn participants_version(&self) -> String {
        self.view.list_version::<record::Participant>(self.id)
    }

    /// A hash of the agenda, which changes with each item. Mutations that replace the agenda take
    /// it as `agendaVersion`.
    async fn agenda_version(&self) -> String {
        self.view.list_version::<record::AgendaItem>(self.id)
    }

    /// A hash of all challenges, advice and lessons, which changes with each of them. Mutations
    /// that replace them take it as `learningVersion`.
    async fn learning_version(&self) -> String {
        self.view.list_version::<record::Learning>(self.id)
    }

    /// The items of the agenda, in their order.
    async fn agenda(&self) -> Vec<AgendaItem> {
        self.view
            .agenda_of(self.id)
            .iter()
            .map(|row| AgendaItem::new(&self.view, row))
            .collect()
    }

    /// The challenges: questions that cities put to their peers.
    async fn challenges(&self) -> Vec<Learning> {
        self.learned(LearningKind::Challenge)
    }

    /// The advice of peers.
    async fn advice(&self) -> Vec<Learning> {
        self.learned(LearningKind::Advice)
    }

    /// The lessons.
    async fn lessons(&self) -> Vec<Learning> {
        self.learned(LearningKind::Lesson)
    }

    /// The notes about it: contradictions between sources, gaps in them, and remarks.
    async fn notes(&self) -> Vec<Link<Note>> {
        let about = format!("output:{}", self.row().key);
        note::about(&self.view, &about)
            .into_iter()
            .map(Link)
            .collect()
    }
}

/// Whether the report of an output was due before the view's day.
pub fn is_overdue(view: &View, row: &output::Model, standing: &Standing<'_>) -> bool {
    standing.is_open() && view.due_on(row, standing) <= view.as_of.day
}
