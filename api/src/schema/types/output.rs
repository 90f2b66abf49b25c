//! Outputs of all kinds: what counts towards the targets.

use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use domain::{
    command::action::{self, Action},
    project::{Owes, Standing, State},
    record,
};
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
    proposal::{self, Proposal},
    record::{Counted, CountedRecord},
    staff_exchange::StaffExchange,
    translation::{self, Translation},
    video::Video,
    visit::Visit,
    vocabulary::{LearningKind, MeetingMode, OutputKind},
};
use crate::schema::base::{
    interface::{Link, interface},
    scalar::{Date, PartialDate},
    view::{View, reads, viewer},
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

            /// The row, for fields that come with the output's report.
            #[allow(dead_code, reason = "not every kind has such fields")]
            fn row_once_reported(&self) -> Option<&entities::$module::Model> {
                let is_reported = self.view.is_reported(self.id, self.view.as_of);
                is_reported.then(|| self.row())
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
            .there(self.view.learnings_of(self.id))
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

    /// The mutations on it that you may use today, by their names, such as `reportOutput`: those that you
    /// have the right to, and that its state and its dates allow. Mutations of the entries of its lists
    /// go by `editOutput`; where it is verified or cancelled, only its note and what was learned can be
    /// edited. Whether their input is complete is not looked at: a report may still lack evidence.
    async fn may(&self, ctx: &Context<'_>) -> Result<Vec<&'static str>> {
        let today = reads(ctx)?.today(&self.view);
        let actions = action::may(&self.view, viewer(ctx), self.id, today);
        Ok(actions.into_iter().map(Action::name).collect())
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

    /// The due day of its report: the last of its days, or its own due day if that is later. Where
    /// its days are not known, its own due day, else the end of the window for which it is planned,
    /// or of the project.
    async fn due_on(&self) -> Date {
        Date(self.view.due_on(self.row(), &self.standing()))
    }

    /// Whether what it owes is overdue on the project's `asOf`; see `owes`.
    async fn overdue(&self) -> bool {
        is_overdue(&self.view, self.row(), &self.standing())
    }

    /// What it owes next, and by when; null if that is nothing.
    async fn owes(&self) -> Option<Owed> {
        let due = self
            .view
            .due_of(self.row(), &self.standing(), self.view.as_of)?;
        Some(Owed {
            what: match due.owes {
                Owes::Days => OwedThing::Days,
                Owes::Report => OwedThing::Report,
                Owes::Evidence => OwedThing::Evidence,
            },
            due_on: Date(due.on),
            asked_from: Date(due.asked_from),
            overdue: due.is_overdue,
        })
    }

    /// The day by which the plan promised it: its own due day, else the end of its planned window, of
    /// the dates that it had first, or of the project. Moving it does not change this day.
    async fn promised_on(&self) -> Date {
        Date(self.view.promised_on(self.row()))
    }

    /// The number of days by which its due day lies behind `promisedOn`; 0 if it does not, or if it
    /// was cancelled.
    async fn days_behind_plan(&self) -> i64 {
        let standing = self.standing();
        if standing.state == State::Cancelled {
            return 0;
        }
        let due_on = self.view.due_on(self.row(), &standing);
        (due_on - self.view.promised_on(self.row()))
            .num_days()
            .max(0)
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
    async fn place(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let row = self.row();
        let own = row.place.as_deref()?;
        Some(
            self.view
                .said(&row.translations, "place", own, locale.as_deref()),
        )
    }

    /// The platform of an online meeting.
    async fn platform(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let row = self.row();
        let own = row.platform.as_deref()?;
        Some(
            self.view
                .said(&row.translations, "platform", own, locale.as_deref()),
        )
    }

    /// A remark about the record, from its report on.
    async fn note(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let is_reported = self.view.is_reported(self.id, self.view.as_of);
        let row = self.row();
        let own = row.note.as_deref().filter(|_| is_reported)?;
        Some(
            self.view
                .said(&row.translations, "note", own, locale.as_deref()),
        )
    }

    /// Its texts in other languages, for whoever edits them; a reader asks for a field with `locale`.
    /// Those of `note`, and of what its kind alone says, from its report on.
    async fn translations(&self) -> Vec<Translation> {
        let own = &self.row().translations;
        if !self.view.is_reported(self.id, self.view.as_of) {
            return translation::without(own, "note");
        }
        let exchange = self.view.staff_exchange(self.id);
        let plan = self.view.action_plan(self.id);
        let policy = self.view.policy(self.id);
        let champion = self.view.champion(self.id);
        let details = [
            exchange.map(|row| &row.translations),
            plan.map(|row| &row.translations),
            policy.map(|row| &row.translations),
            champion.map(|row| &row.translations),
        ];
        let all = [Some(own)].into_iter().chain(details).flatten();
        all.flat_map(translation::all).collect()
    }

    /// The derivations of values that no source states.
    async fn basis(&self) -> Vec<Basis> {
        citation::basis(&self.row().basis)
    }

    /// The sources of the record.
    async fn sources(&self) -> Vec<Citation> {
        citation::all(&self.view, &self.row().sources)
    }

    /// The evidence: the means of verification, from the report on.
    async fn evidence(&self) -> Vec<Evidence> {
        self.view
            .there(self.view.evidence_of(self.id))
            .map(|row| Evidence::new(&self.view, row))
            .collect()
    }

    /// Its steps that were effective on the project's `asOf`, and recorded by its `knownAt`, in
    /// order.
    async fn history(&self) -> Vec<OutputEvent> {
        OutputEvent::all(&self.view, self.row())
    }

    /// The participations, including those of the absent. Whoever takes part is expected until the
    /// output is reported, or until a status has a day of its own.
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

    /// A hash of all challenges, questions, advice and lessons, which changes with each of them. Mutations
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

    /// The challenges: questions that cities put to their peers. Like advice and lessons they are
    /// there from their own day on, else from the output's report.
    async fn challenges(&self) -> Vec<Learning> {
        self.learned(LearningKind::Challenge)
    }

    /// The questions that peers asked about the challenges.
    async fn questions(&self) -> Vec<Learning> {
        self.learned(LearningKind::Question)
    }

    /// The advice of peers.
    async fn advice(&self) -> Vec<Learning> {
        self.learned(LearningKind::Advice)
    }

    /// The lessons.
    async fn lessons(&self) -> Vec<Learning> {
        self.learned(LearningKind::Lesson)
    }

    /// The proposals of other dates, in the order in which they were made.
    async fn proposals(&self) -> Vec<Link<Proposal>> {
        let own = proposal::about(&self.view, self.id);
        own.into_iter().map(Link).collect()
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

/// Whether what an output owes is overdue on the view's day.
pub fn is_overdue(view: &View, row: &output::Model, standing: &Standing<'_>) -> bool {
    let due = view.due_of(row, standing, view.as_of);
    due.is_some_and(|due| due.is_overdue)
}

/// A thing that an output owes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OwedThing {
    /// Its days, before the window for which it is planned begins.
    Days,
    /// Its report, with evidence.
    Report,
    /// What a target asks for beyond its report: evidence, or an endorsement.
    Evidence,
}

/// What an output owes next, and by when.
#[derive(Clone, Debug, SimpleObject)]
pub struct Owed {
    /// What it owes.
    what: OwedThing,
    /// The last day on which it is in time.
    due_on: Date,
    /// The day from which on it is asked for, by the project's lead times.
    asked_from: Date,
    /// Whether that last day is over.
    overdue: bool,
}
