//! What can be changed: the coordinator's verbs, one file per noun. A resolver finds the record that
//! the input names, takes the right that the verb asks for, and hands both to the verb.

mod account;
mod advice;
mod community;
mod detail;
mod edit;
mod entries;
mod evidence;
mod execute;
mod input;
mod organisation;
mod output;
mod pairing;
mod partner;
mod people;
mod plan;
mod project;
mod proposal;
mod records;
mod target;
mod words;

use async_graphql::MergedObject;

/// The mutations. Each is executed completely or not at all, and lists all reasons for a refusal
/// under `userErrors`. A repeated request with the same `Idempotency-Key` header has no further
/// effect.
#[derive(Debug, Default, MergedObject)]
pub struct Mutation(
    project::ProjectChanges,
    target::TargetChanges,
    partner::PartnerChanges,
    organisation::OrganisationChanges,
    community::CommunityChanges,
    pairing::PairingChanges,
    records::RecordChanges,
    people::PeopleChanges,
    output::OutputMoves,
    plan::OutputPlans,
    edit::OutputEdits,
    entries::EntryChanges,
    evidence::EvidenceVerbs,
    advice::AdviceChanges,
    account::AccountChanges,
    proposal::ProposalChanges,
);
