//! What an output's kind alone says: here alone it is checked, whether the output is being planned or
//! stands in the plan already.

use entities::*;

use super::{
    Draft, Named, Problem, Problems,
    parts::{self, NewMeasure, NewStakeholder, NewTraining},
};
use crate::rows::Row;

/// What is said of a field that may be empty: nothing, that it goes, or what it is from now on.
pub type Change<T> = Option<Option<T>>;

/// What an output's kind alone says; what is left out stays.
#[derive(Clone, Debug)]
pub enum Detail {
    StaffExchange(OfExchange),
    Visit(OfVisit),
    Event(OfEvent),
    ActionPlan(OfPlan),
    Policy(OfPolicy),
    Champion(OfChampion),
    ChampionWorkshop(OfWorkshop),
    Guide(OfGuide),
    Video(OfVideo),
}

/// Of a leg of a staff exchange.
#[derive(Clone, Debug, Default)]
pub struct OfExchange {
    /// Said when it is planned, for good.
    pub leg: Option<NewLeg>,
    pub learned: Change<String>,
    pub adapted: Change<String>,
}

/// A leg of a pairing.
#[derive(Clone, Debug)]
pub struct NewLeg {
    pub pairing: Named,
    /// Leg 1 is hosted by the mentor, leg 2 by who implements; left out: the first that is free.
    pub leg: Option<i32>,
}

/// Of a thematic cluster visit.
#[derive(Clone, Debug, Default)]
pub struct OfVisit {
    /// Left out when it is planned: the next in its community.
    pub number: Option<i32>,
    pub organiser: Change<Named>,
    pub practices: Option<Vec<Named>>,
}

/// Of a conference or meeting.
#[derive(Clone, Debug, Default)]
pub struct OfEvent {
    pub kind: Option<EventKind>,
    pub about_participants: Change<i32>,
    pub website: Change<String>,
}

/// Of an action plan.
#[derive(Clone, Debug, Default)]
pub struct OfPlan {
    pub kind: Option<PlanKind>,
    pub original_title: Change<String>,
    pub draft_period: Change<String>,
    pub period: Change<String>,
    pub presented: Change<PartialDate>,
    pub document_url: Change<String>,
    pub measures: Option<Vec<NewMeasure>>,
    pub stakeholders: Option<Vec<NewStakeholder>>,
}

/// Of a policy in practice.
#[derive(Clone, Debug, Default)]
pub struct OfPolicy {
    pub kind: Option<PolicyKind>,
    pub plan: Change<Named>,
    pub opened: Change<PartialDate>,
    /// In minor units (cents).
    pub grant_minor: Change<i64>,
    /// Left out when it is planned: euros.
    pub currency: Option<String>,
    pub beneficiaries: Change<String>,
    pub facts: Option<Vec<String>>,
}

/// Of an integration champion.
#[derive(Clone, Debug, Default)]
pub struct OfChampion {
    pub person: Change<Named>,
    pub role_title: Change<String>,
    pub selected: Change<PartialDate>,
    pub trained: Change<PartialDate>,
    pub trainings: Option<Vec<NewTraining>>,
}

/// Of a workshop held by champions.
#[derive(Clone, Debug, Default)]
pub struct OfWorkshop {
    pub about_participants: Change<i32>,
}

/// Of a how-to guide.
#[derive(Clone, Debug, Default)]
pub struct OfGuide {
    pub language: Change<String>,
    pub landing_url: Change<String>,
    pub file_url: Change<String>,
}

/// Of a video.
#[derive(Clone, Debug, Default)]
pub struct OfVideo {
    pub language: Change<String>,
    pub url: Change<String>,
}

impl Detail {
    #[must_use]
    pub fn kind(&self) -> OutputKind {
        match self {
            Self::StaffExchange(_) => OutputKind::StaffExchange,
            Self::Visit(_) => OutputKind::Visit,
            Self::Event(_) => OutputKind::Event,
            Self::ActionPlan(_) => OutputKind::ActionPlan,
            Self::Policy(_) => OutputKind::Policy,
            Self::Champion(_) => OutputKind::Champion,
            Self::ChampionWorkshop(_) => OutputKind::ChampionWorkshop,
            Self::Guide(_) => OutputKind::Guide,
            Self::Video(_) => OutputKind::Video,
        }
    }

    /// The field of an input that says it, where the output stands in the plan already.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::StaffExchange(_) => "staffExchange",
            Self::Visit(_) => "visit",
            Self::Event(_) => "event",
            Self::ActionPlan(_) => "actionPlan",
            Self::Policy(_) => "policy",
            Self::Champion(_) => "champion",
            Self::ChampionWorkshop(_) => "championWorkshop",
            Self::Guide(_) => "guide",
            Self::Video(_) => "video",
        }
    }

    /// Puts it into the next state of an output of its kind. Problems name the fields of `path`,
    /// such as `visit.number`; without one, fields of the input itself.
    pub(super) fn put(
        self,
        draft: &mut Draft,
        problems: &mut Problems,
        output: OutputId,
        path: Option<&'static str>,
    ) {
        let mut form = Form {
            draft,
            problems,
            output,
            path,
        };
        match self {
            Self::StaffExchange(new) => form.exchange(new),
            Self::Visit(new) => form.visit(new),
            Self::Event(new) => form.event(new),
            Self::ActionPlan(new) => form.action_plan(new),
            Self::Policy(new) => form.policy(new),
            Self::Champion(new) => form.champion(new),
            Self::ChampionWorkshop(new) => form.workshop(&new),
            Self::Guide(new) => form.guide(new),
            Self::Video(new) => form.video(new),
        }
    }
}

/// An output's own row of its kind; none where planning it failed before.
fn row_of<R: Row>(rows: &mut [R], output: OutputId) -> Option<&mut R> {
    rows.iter_mut().find(|row| row.parent() == output.0)
}

/// Takes over the fields that are given.
macro_rules! take {
    ($self:ident.$rows:ident: $new:ident { $($field:ident),* $(,)? } $(, $id:ident = $value:ident)*) => {
        if let Some(row) = row_of(&mut $self.draft.rows.$rows, $self.output) {
            $(if let Some(value) = $new.$field {
                row.$field = value;
            })*
            $(if let Some(value) = $value {
                row.$id = value;
            })*
        }
    };
}

/// What is said of one output, as it is checked.
struct Form<'a> {
    draft: &'a mut Draft,
    problems: &'a mut Problems,
    output: OutputId,
    path: Option<&'static str>,
}

impl Form<'_> {
    fn exchange(&mut self, new: OfExchange) {
        take!(self.staff_exchanges: new { learned, adapted });
    }

    fn visit(&mut self, new: OfVisit) {
        let organiser = self.found("organiser", new.organiser, Draft::partner);
        if let Some(practices) = new.practices {
            let field = self.at("practices");
            parts::practices(self.draft, self.problems, &field, self.output, practices);
        }
        take!(self.visits: new { number }, organiser_id = organiser);
    }

    fn event(&mut self, new: OfEvent) {
        take!(self.events: new { kind, about_participants, website });
    }

    fn action_plan(&mut self, new: OfPlan) {
        if let Some(measures) = new.measures {
            parts::measures(self.draft, self.output, measures);
        }
        if let Some(stakeholders) = new.stakeholders {
            parts::stakeholders(self.draft, self.output, stakeholders);
        }
        take!(self.action_plans: new {
            kind, original_title, draft_period, period, presented, document_url,
        });
    }

    fn policy(&mut self, new: OfPolicy) {
        let plan = self.found("plan", new.plan, |draft, field, named| {
            draft.output_of(OutputKind::ActionPlan, field, named)
        });
        let facts = new.facts.map(Strings);
        take!(
            self.policies: new { kind, opened, grant_minor, currency, beneficiaries },
            plan_id = plan, facts = facts
        );
    }

    fn champion(&mut self, new: OfChampion) {
        let person = self.found("person", new.person, Draft::person);
        if let Some(trainings) = new.trainings {
            let field = self.at("trainings");
            parts::trainings(self.draft, self.problems, &field, self.output, trainings);
        }
        take!(self.champions: new { role_title, selected, trained }, person_id = person);
    }

    fn workshop(&mut self, new: &OfWorkshop) {
        take!(self.champion_workshops: new { about_participants });
    }

    fn guide(&mut self, new: OfGuide) {
        take!(self.guides: new { language, landing_url, file_url });
    }

    fn video(&mut self, new: OfVideo) {
        take!(self.videos: new { language, url });
    }

    /// A field as the input names it.
    fn at(&self, field: &str) -> String {
        match self.path {
            Some(path) => format!("{path}.{field}"),
            None => field.to_owned(),
        }
    }

    /// The record that a field names, where it names one.
    fn found<T>(
        &mut self,
        field: &str,
        named: Change<Named>,
        find: impl Fn(&Draft, &str, &Named) -> Result<T, Problem>,
    ) -> Change<T> {
        let field = self.at(field);
        named.map(|named| {
            named.and_then(|named| self.problems.take(find(self.draft, &field, &named)))
        })
    }
}
