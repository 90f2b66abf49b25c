//! Inputs of the fields that only one kind of output has. They are used alone to edit an output,
//! and beside the project to plan one.

use async_graphql::{ID, InputObject, MaybeUndefined};

use super::{
    entries::{MeasureInput, StakeholderInput, TrainingInput},
    input::{DatedFactInput, TranslationInput},
};
use crate::schema::{
    base::scalar::{PartialDate, Quantity},
    types::vocabulary::{EventKind, PlanKind, PolicyKind},
};

/// The fields that only a staff exchange has.
#[derive(Clone, Debug, InputObject)]
pub struct StaffExchangeDetailInput {
    /// The lessons of the guests.
    learned: MaybeUndefined<String>,
    /// How the guests adapt the lessons at home.
    adapted: MaybeUndefined<String>,
    /// Its texts in other languages: those that are named change, the others stay.
    translations: Option<Vec<TranslationInput>>,
}

/// The fields that only a visit has.
#[derive(Clone, Debug, InputObject)]
pub struct VisitDetailInput {
    /// The number in the community, from 1; the next number if it is left out when the visit is
    /// planned.
    number: Option<i32>,
    /// The partner that organises the visit, if that is not the host: its id, or the key of its
    /// organisation.
    organiser: MaybeUndefined<ID>,
    /// The practices that the visit shows, by id or key, each once; replaces all of them.
    practices: Option<Vec<ID>>,
}

/// The fields that only a conference or meeting has, without its kind.
#[derive(Clone, Debug, InputObject)]
pub struct EventInput {
    /// The approximate number of participants.
    about_participants: MaybeUndefined<i32>,
    /// The address of its web page.
    website: MaybeUndefined<String>,
}

/// The fields that only a conference or meeting has.
#[derive(Clone, Debug, InputObject)]
pub struct EventDetailInput {
    /// The kind of event.
    kind: Option<EventKind>,
    #[graphql(flatten)]
    event: EventInput,
}

/// The fields that only an action plan has, without its kind.
#[derive(Clone, Debug, InputObject)]
pub struct ActionPlanInput {
    /// The title in the language of the plan.
    original_title: MaybeUndefined<String>,
    /// The years that the draft covered, in words.
    draft_period: MaybeUndefined<String>,
    /// The years that the plan covers, such as `2021-2025`.
    period: MaybeUndefined<String>,
    /// The date on which a draft was presented, as precisely as it is known.
    presented: MaybeUndefined<PartialDate>,
    /// The web address of its text.
    document_url: MaybeUndefined<String>,
    /// The measures: planned actions and commitments; replaces all of them.
    measures: Option<Vec<MeasureInput>>,
    /// The stakeholders who were involved in the plan; replaces all of them.
    stakeholders: Option<Vec<StakeholderInput>>,
    /// Its texts in other languages: those that are named change, the others stay.
    translations: Option<Vec<TranslationInput>>,
}

/// The fields that only an action plan has.
#[derive(Clone, Debug, InputObject)]
pub struct ActionPlanDetailInput {
    /// The kind of plan.
    kind: Option<PlanKind>,
    #[graphql(flatten)]
    plan: ActionPlanInput,
}

/// The fields that only a policy has, without its kind.
#[derive(Clone, Debug, InputObject)]
pub struct PolicyInput {
    /// The action plan that it puts into practice: its id or key.
    plan: MaybeUndefined<ID>,
    /// The date on which it opened to its beneficiaries, as precisely as it is known.
    opened: MaybeUndefined<PartialDate>,
    /// The grant in minor units, such as euro cents; null if it is not known. For the coordinator.
    grant_minor: MaybeUndefined<Quantity>,
    /// The currency of the grant as an ISO 4217 code; EUR by default. For the coordinator.
    currency: Option<String>,
    /// The beneficiaries, in words.
    beneficiaries: MaybeUndefined<String>,
    /// Facts that sources state about it, a sentence each; replaces all of them. Those that stay keep
    /// their days.
    facts: Option<Vec<String>>,
    /// The same facts with the day from which on each holds; replaces all of them. Instead of `facts`:
    /// TWICE if both are given.
    dated_facts: Option<Vec<DatedFactInput>>,
    /// Its texts in other languages: those that are named change, the others stay.
    translations: Option<Vec<TranslationInput>>,
}

/// The fields that only a policy has.
#[derive(Clone, Debug, InputObject)]
pub struct PolicyDetailInput {
    /// The kind of policy.
    kind: Option<PolicyKind>,
    #[graphql(flatten)]
    policy: PolicyInput,
}

/// The fields that only an integration champion has.
#[derive(Clone, Debug, InputObject)]
pub struct ChampionDetailInput {
    /// The person: their id or key in the project. Shown only to viewers who may see people.
    person: MaybeUndefined<ID>,
    /// The role of the champion at work.
    role_title: MaybeUndefined<String>,
    /// The date of selection, as precisely as it is known.
    selected: MaybeUndefined<PartialDate>,
    /// The date of the training of the champion, as precisely as it is known.
    trained: MaybeUndefined<PartialDate>,
    /// The trainings that the champion delivered; replaces all of them.
    trainings: Option<Vec<TrainingInput>>,
    /// Its texts in other languages: those that are named change, the others stay.
    translations: Option<Vec<TranslationInput>>,
}

/// The fields that only a workshop held by champions has.
#[derive(Clone, Debug, InputObject)]
pub struct ChampionWorkshopDetailInput {
    /// The approximate number of participants.
    about_participants: MaybeUndefined<i32>,
}

/// The fields that only a guide has.
#[derive(Clone, Debug, InputObject)]
pub struct GuideDetailInput {
    /// The language, as a BCP 47 tag.
    language: MaybeUndefined<String>,
    /// The address of the web page that presents it.
    landing_url: MaybeUndefined<String>,
    /// The web address of the file.
    file_url: MaybeUndefined<String>,
}

/// The fields that only a video has.
#[derive(Clone, Debug, InputObject)]
pub struct VideoDetailInput {
    /// The language, as a BCP 47 tag.
    language: MaybeUndefined<String>,
    /// The web address of the video.
    url: MaybeUndefined<String>,
}
