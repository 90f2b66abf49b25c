//! What an output's kind alone says, as inputs give it: on its own where the output stands in the plan
//! already, beside the project where it is being planned.

use async_graphql::{ID, InputObject, MaybeUndefined};

use super::entries::{MeasureInput, StakeholderInput, TrainingInput};
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

/// What a conference or meeting alone says, beside its kind.
#[derive(Clone, Debug, InputObject)]
pub struct EventInput {
    /// About how many people come.
    about_participants: MaybeUndefined<i32>,
    /// Its page on the web.
    website: MaybeUndefined<String>,
}

/// What a conference or meeting alone says.
#[derive(Clone, Debug, InputObject)]
pub struct EventDetailInput {
    /// Which kind of event it is.
    kind: Option<EventKind>,
    #[graphql(flatten)]
    event: EventInput,
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

/// What an action plan alone says.
#[derive(Clone, Debug, InputObject)]
pub struct ActionPlanDetailInput {
    /// Which kind of plan it is.
    kind: Option<PlanKind>,
    #[graphql(flatten)]
    plan: ActionPlanInput,
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

/// What a policy alone says.
#[derive(Clone, Debug, InputObject)]
pub struct PolicyDetailInput {
    /// Which kind of policy it is.
    kind: Option<PolicyKind>,
    #[graphql(flatten)]
    policy: PolicyInput,
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

/// What a workshop held by champions alone says.
#[derive(Clone, Debug, InputObject)]
pub struct ChampionWorkshopDetailInput {
    /// About how many people come.
    about_participants: MaybeUndefined<i32>,
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

/// What a video alone says.
#[derive(Clone, Debug, InputObject)]
pub struct VideoDetailInput {
    /// Its language, as a BCP 47 tag.
    language: MaybeUndefined<String>,
    /// Where it can be seen.
    url: MaybeUndefined<String>,
}
