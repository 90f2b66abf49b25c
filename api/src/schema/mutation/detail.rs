//! What an output's kind alone says, as inputs give it: on its own where the output stands in the plan
//! already, beside the project where it is being planned.

use async_graphql::{ID, InputObject, MaybeUndefined};
use domain::command::detail::{
    OfChampion, OfEvent, OfExchange, OfGuide, OfPlan, OfPolicy, OfVideo, OfVisit, OfWorkshop,
};

use super::{
    input::{changed, named, renamed},
    parts::{MeasureInput, StakeholderInput, TrainingInput, all},
};
use crate::schema::{
    base::scalar::{PartialDate, Quantity},
    types::vocabulary::{EventKind, PlanKind, PolicyKind},
};

/// What a staff exchange alone says.
#[derive(Clone, Debug, InputObject)]
pub struct StaffExchangeDetailInput {
    /// What the guests learned.
    learned: MaybeUndefined<String>,
    /// How what was learned will be adapted at home.
    adapted: MaybeUndefined<String>,
}

impl From<StaffExchangeDetailInput> for OfExchange {
    fn from(input: StaffExchangeDetailInput) -> Self {
        Self {
            leg: None,
            learned: changed(input.learned, |text| text),
            adapted: changed(input.adapted, |text| text),
        }
    }
}

/// What a visit alone says.
#[derive(Clone, Debug, InputObject)]
pub struct VisitDetailInput {
    /// Its number in the community, from 1; when it is planned, the next one if left out.
    number: Option<i32>,
    /// The partner that organises it, where that is not its host: its id, or its organisation's key.
    organiser: MaybeUndefined<ID>,
    /// The practices that are seen there, by id or key, each once; replaces all of them.
    practices: Option<Vec<ID>>,
}

impl From<VisitDetailInput> for OfVisit {
    fn from(input: VisitDetailInput) -> Self {
        Self {
            number: input.number,
            organiser: renamed(input.organiser),
            practices: input
                .practices
                .map(|practices| practices.iter().map(named).collect()),
        }
    }
}

/// What a conference or meeting alone says, beside its kind.
#[derive(Clone, Debug, InputObject)]
pub struct EventInput {
    /// About how many people come.
    about_participants: MaybeUndefined<i32>,
    /// Its page on the web.
    website: MaybeUndefined<String>,
}

impl EventInput {
    pub fn of_kind(self, kind: Option<EventKind>) -> OfEvent {
        OfEvent {
            kind,
            about_participants: changed(self.about_participants, |count| count),
            website: changed(self.website, |url| url),
        }
    }
}

/// What a conference or meeting alone says.
#[derive(Clone, Debug, InputObject)]
pub struct EventDetailInput {
    /// Which kind of event it is.
    kind: Option<EventKind>,
    #[graphql(flatten)]
    event: EventInput,
}

impl From<EventDetailInput> for OfEvent {
    fn from(input: EventDetailInput) -> Self {
        input.event.of_kind(input.kind)
    }
}

/// What an action plan alone says, beside its kind.
#[derive(Clone, Debug, InputObject)]
pub struct ActionPlanInput {
    /// Its title in its own language.
    original_title: MaybeUndefined<String>,
    /// The years that its draft was meant for, in words.
    draft_period: MaybeUndefined<String>,
    /// The years that it is for, such as `2021-2025`.
    period: MaybeUndefined<String>,
    /// When a draft was presented, as exactly as it is known.
    presented: MaybeUndefined<PartialDate>,
    /// Where it can be read.
    document_url: MaybeUndefined<String>,
    /// What it plans or promises; replaces all of it.
    measures: Option<Vec<MeasureInput>>,
    /// Who was involved in it; replaces all of them.
    stakeholders: Option<Vec<StakeholderInput>>,
}

impl ActionPlanInput {
    pub fn of_kind(self, kind: Option<PlanKind>) -> OfPlan {
        OfPlan {
            kind,
            original_title: changed(self.original_title, |text| text),
            draft_period: changed(self.draft_period, |text| text),
            period: changed(self.period, |text| text),
            presented: changed(self.presented, |date| date.0),
            document_url: changed(self.document_url, |url| url),
            measures: self.measures.map(all),
            stakeholders: self.stakeholders.map(all),
        }
    }
}

/// What an action plan alone says.
#[derive(Clone, Debug, InputObject)]
pub struct ActionPlanDetailInput {
    /// Which kind of plan it is.
    kind: Option<PlanKind>,
    #[graphql(flatten)]
    plan: ActionPlanInput,
}

impl From<ActionPlanDetailInput> for OfPlan {
    fn from(input: ActionPlanDetailInput) -> Self {
        input.plan.of_kind(input.kind)
    }
}

/// What a policy alone says, beside its kind.
#[derive(Clone, Debug, InputObject)]
pub struct PolicyInput {
    /// The action plan that it comes from: its id or key.
    plan: MaybeUndefined<ID>,
    /// When it opened to those whom it serves, as exactly as it is known.
    opened: MaybeUndefined<PartialDate>,
    /// The grant for it, in minor units (cents).
    grant_minor: MaybeUndefined<Quantity>,
    /// Its currency by ISO 4217; EUR if nothing was ever said.
    currency: Option<String>,
    /// Whom it is for.
    beneficiaries: MaybeUndefined<String>,
    /// What is known about it, a sentence each; replaces all of it.
    facts: Option<Vec<String>>,
}

impl PolicyInput {
    pub fn of_kind(self, kind: Option<PolicyKind>) -> OfPolicy {
        OfPolicy {
            kind,
            plan: renamed(self.plan),
            opened: changed(self.opened, |date| date.0),
            grant_minor: changed(self.grant_minor, |amount| amount.0),
            currency: self.currency,
            beneficiaries: changed(self.beneficiaries, |text| text),
            facts: self.facts,
        }
    }
}

/// What a policy alone says.
#[derive(Clone, Debug, InputObject)]
pub struct PolicyDetailInput {
    /// Which kind of policy it is.
    kind: Option<PolicyKind>,
    #[graphql(flatten)]
    policy: PolicyInput,
}

impl From<PolicyDetailInput> for OfPolicy {
    fn from(input: PolicyDetailInput) -> Self {
        input.policy.of_kind(input.kind)
    }
}

/// What an integration champion alone says.
#[derive(Clone, Debug, InputObject)]
pub struct ChampionDetailInput {
    /// The person: their id or key in the project. Shown only to viewers who may see people.
    person: MaybeUndefined<ID>,
    /// What they do at home.
    role_title: MaybeUndefined<String>,
    /// When they were selected, as exactly as it is known.
    selected: MaybeUndefined<PartialDate>,
    /// When they were trained, as exactly as it is known.
    trained: MaybeUndefined<PartialDate>,
    /// The trainings that they delivered; replaces all of them.
    trainings: Option<Vec<TrainingInput>>,
}

impl From<ChampionDetailInput> for OfChampion {
    fn from(input: ChampionDetailInput) -> Self {
        Self {
            person: renamed(input.person),
            role_title: changed(input.role_title, |text| text),
            selected: changed(input.selected, |date| date.0),
            trained: changed(input.trained, |date| date.0),
            trainings: input.trainings.map(all),
        }
    }
}

/// What a workshop held by champions alone says.
#[derive(Clone, Debug, InputObject)]
pub struct ChampionWorkshopDetailInput {
    /// About how many people come.
    about_participants: MaybeUndefined<i32>,
}

impl From<ChampionWorkshopDetailInput> for OfWorkshop {
    fn from(input: ChampionWorkshopDetailInput) -> Self {
        Self {
            about_participants: changed(input.about_participants, |count| count),
        }
    }
}

/// What a guide alone says.
#[derive(Clone, Debug, InputObject)]
pub struct GuideDetailInput {
    /// Its language, as a BCP 47 tag.
    language: MaybeUndefined<String>,
    /// The page that presents it.
    landing_url: MaybeUndefined<String>,
    /// The file itself.
    file_url: MaybeUndefined<String>,
}

impl From<GuideDetailInput> for OfGuide {
    fn from(input: GuideDetailInput) -> Self {
        Self {
            language: changed(input.language, |tag| tag),
            landing_url: changed(input.landing_url, |url| url),
            file_url: changed(input.file_url, |url| url),
        }
    }
}

/// What a video alone says.
#[derive(Clone, Debug, InputObject)]
pub struct VideoDetailInput {
    /// Its language, as a BCP 47 tag.
    language: MaybeUndefined<String>,
    /// Where it can be seen.
    url: MaybeUndefined<String>,
}

impl From<VideoDetailInput> for OfVideo {
    fn from(input: VideoDetailInput) -> Self {
        Self {
            language: changed(input.language, |tag| tag),
            url: changed(input.url, |url| url),
        }
    }
}
