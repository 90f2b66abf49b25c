//! Mutations of proposals: of other dates, by whoever an output concerns; and the answers to all kinds.

use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::{
    command::{Command, proposal},
    project::Project,
    record::{Kind, Proposal as ProposalRecord, Record},
    viewer::{DeciderOf, Denied, ProposerOf, Viewer},
};
use entities::{OutputId, ProposalId};
use uuid::Uuid;

use super::{
    execute::{RecordInput, edit_record, execute, find_output},
    input::InputFields,
    output::output_at,
};
use crate::schema::{
    base::{
        id::NodeId,
        payload::payload,
        scalar::{Date, PartialDate},
        view::View,
    },
    types::{output::Output, proposal::Proposal},
};

/// The proposal of an id.
pub fn proposal_at(view: &View, id: Uuid) -> Option<Proposal> {
    let row = view.proposals.iter().find(|row| row.id.0 == id)?;
    Some(Proposal::new(view, row))
}

fn output_of(view: &View, id: Uuid) -> Option<Output> {
    let row = view.proposals.iter().find(|row| row.id.0 == id)?;
    output_at(view, row.output_id?.into())
}

/// The output, and the dates that are proposed.
#[derive(Clone, Debug, InputObject)]
pub struct ProposeDatesInput {
    /// The id of the output.
    output: ID,
    /// Its new first day, as exactly as it is known.
    starts: PartialDate,
    /// Its new last day; the first if left out and the first is a day.
    ends: Option<PartialDate>,
    /// Why; it stands in the output's history if the proposal is accepted.
    reason: String,
    /// The last day on which it can be decided; in 14 days if left out.
    until: Option<Date>,
    /// The partner that proposes it: its id, or its organisation's key. For whoever speaks for one
    /// partner alone, that one if left out.
    by: Option<ID>,
}

/// The proposal to accept.
#[derive(Clone, Debug, InputObject)]
pub struct AcceptProposalInput {
    /// The id of the proposal.
    id: ID,
    /// The `version` that the client read. The mutation is refused with CONFLICT if it has changed
    /// since.
    expected_version: Option<String>,
}

/// The proposal to decline, and why.
#[derive(Clone, Debug, InputObject)]
pub struct DeclineProposalInput {
    /// The id of the proposal.
    id: ID,
    /// The `version` that the client read. The mutation is refused with CONFLICT if it has changed
    /// since.
    expected_version: Option<String>,
    /// Why.
    reason: String,
}

/// The proposal to withdraw.
#[derive(Clone, Debug, InputObject)]
pub struct WithdrawProposalInput {
    /// The id of the proposal.
    id: ID,
    /// The `version` that the client read. The mutation is refused with CONFLICT if it has changed
    /// since.
    expected_version: Option<String>,
}

payload! {
    /// The result of `proposeDates`.
    ProposeDatesPayload {
        /// The new proposal. Null if the mutation was refused.
        proposal: Proposal = proposal_at
    }
    /// The result of `acceptProposal`.
    AcceptProposalPayload {
        /// The accepted proposal. Null if the mutation was refused; on CONFLICT its current state.
        proposal: Proposal = proposal_at,
        /// The output on its new dates. Null if the mutation was refused, and where no dates are
        /// proposed; on CONFLICT its current state.
        output: Output = output_of
    }
    /// The result of `declineProposal`.
    DeclineProposalPayload {
        /// The declined proposal. Null if the mutation was refused; on CONFLICT its current state.
        proposal: Proposal = proposal_at
    }
    /// The result of `withdrawProposal`.
    WithdrawProposalPayload {
        /// The withdrawn proposal. Null if the mutation was refused; on CONFLICT its current state.
        proposal: Proposal = proposal_at
    }
}

/// The right to decide a proposal: to do the thing itself.
fn decides(viewer: Viewer, project: &Project, id: Uuid) -> std::result::Result<DeciderOf, Denied> {
    viewer.decider_of(project, ProposalId(id))
}

/// A command that decides a proposal, perhaps together with other projects.
fn deciding(name: &'static str, id: &ID) -> Command {
    Command {
        proposal: NodeId::decode(id).and_then(|id| id.uuid()),
        ..Command::shared(name)
    }
}

fn proposed(
    viewer: Viewer,
    project: &Project,
    id: Uuid,
) -> std::result::Result<ProposerOf, Denied> {
    viewer.proposer_of(project, ProposalId(id))
}

fn named(id: &ID, version: Option<String>) -> RecordInput<'_> {
    RecordInput {
        kind: Kind::Proposal,
        id,
        version,
    }
}

/// The mutations of proposals.
#[derive(Debug, Default)]
pub struct ProposalChanges;

#[Object]
impl ProposalChanges {
    /// Proposes other dates for an output. For the coordinator, the expert of its community, and every
    /// partner that the output concerns, also those that may not move it.
    ///
    /// Codes: FORBIDDEN, for another `by`, too, WRONG_STATE where the output is reported, verified or
    /// cancelled, REASON_REQUIRED, REQUIRED, NOT_FOUND, TOO_LONG, NOTHING_CHANGES, ENDS_BEFORE_START,
    /// PARTNER_LEFT, DATES_UNKNOWN, OUT_OF_RANGE for an `until` before today. Warning: LEG_LONG.
    async fn propose_dates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The output, its new dates, and why.")] input: ProposeDatesInput,
    ) -> Result<Option<ProposeDatesPayload>> {
        let fields = InputFields::new(ctx, &input)?;
        let subject = find_output(ctx, &input.output).await?;
        let output = OutputId(subject.row);
        let outcome = execute(ctx, &subject, Command::new("proposeDates"), |draft| {
            draft.still(output)?;
            let right = draft.viewer.voice_on(&draft.project(), output)?;
            let fields = fields.of(draft, ProposalRecord::FIELDS);
            proposal::propose_dates(draft, &right, output, fields).map(Into::into)
        });
        Ok(Some(Box::pin(outcome).await?.into()))
    }

    /// Accepts a proposal: the output moves to its dates, with its reason, as by `rescheduleOutput`.
    /// For whoever may move the output: its lead, host or parties, the expert of its community and the
    /// coordinator.
    ///
    /// Of what several projects show, it agrees for one of them: for the coordinator of a project that
    /// is asked. The last of them makes the change, in all of them, and so does the operator.
    ///
    /// Codes: FORBIDDEN, WRONG_STATE unless it is open and the output is planned, confirmed or returned,
    /// CONFLICT where it, or what it would change, is not what it was, and those of
    /// `rescheduleOutput`, at `id`. Warnings: OVERLAPPING_TRAVEL, LEG_LONG.
    async fn accept_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal.")] input: AcceptProposalInput,
    ) -> Result<Option<AcceptProposalPayload>> {
        let outcome = edit_record(
            ctx,
            deciding("acceptProposal", &input.id),
            named(&input.id, input.expected_version),
            decides,
            |draft, right, id| proposal::accept(draft, right, ProposalId(id)),
        );
        Box::pin(outcome).await
    }

    /// Declines a proposal. For whoever may accept it.
    ///
    /// Codes: FORBIDDEN, CONFLICT, WRONG_STATE unless it is open, REASON_REQUIRED, TOO_LONG.
    async fn decline_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal, and why.")] input: DeclineProposalInput,
    ) -> Result<Option<DeclineProposalPayload>> {
        let outcome = edit_record(
            ctx,
            deciding("declineProposal", &input.id),
            named(&input.id, input.expected_version),
            decides,
            |draft, right, id| proposal::decline(draft, right, ProposalId(id), &input.reason),
        );
        Box::pin(outcome).await
    }

    /// Takes a proposal back. For the person and the partner that made it; of what several projects show,
    /// for the coordinator of the project that made it.
    ///
    /// Codes: FORBIDDEN, CONFLICT, WRONG_STATE unless it is open.
    async fn withdraw_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal.")] input: WithdrawProposalInput,
    ) -> Result<Option<WithdrawProposalPayload>> {
        let outcome = edit_record(
            ctx,
            deciding("withdrawProposal", &input.id),
            named(&input.id, input.expected_version),
            proposed,
            |draft, right, id| proposal::withdraw(draft, right, ProposalId(id)),
        );
        Box::pin(outcome).await
    }
}
