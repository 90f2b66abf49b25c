//! Moving an output along.

use std::result::Result as StdResult;

use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::{
    command::{
        Command, Draft, Refusal,
        output::{self, Move},
    },
    project::Project,
    viewer::{CoordinatorOf, Denied, Viewer},
};
use entities::OutputId;
use uuid::Uuid;

use super::execute::{execute, find_output};
use crate::schema::{
    base::{
        payload::{Outcome, payload},
        scalar::{Date, PartialDate},
        view::View,
    },
    types::output::Output,
};

/// The output of an id, as of today.
pub fn output_at(view: &View, id: Uuid) -> Option<Output> {
    let row = view.outputs.iter().find(|row| row.id.0 == id)?;
    Output::new(view, row)
}

/// Declares the inputs of mutations that name one output: its id, its version, and what else.
macro_rules! inputs {
    ($($(#[$doc:meta])+ $name:ident { $($(#[$fdoc:meta])+ $field:ident: $type:ty,)* })+) => {$(
        $(#[$doc])+
        #[derive(Clone, Debug, InputObject)]
        pub struct $name {
            /// The output.
            id: ID,
            /// The `version` that the client read. The mutation is refused with CONFLICT if it has
            /// changed since.
            expected_version: Option<String>,
            $($(#[$fdoc])+ $field: $type,)*
        }
    )+};
}

inputs! {
    /// Which output is confirmed.
    ConfirmOutputInput {}
    /// Which output moves, and to when.
    RescheduleOutputInput {
        /// Its new first day, as exactly as it is known.
        starts: PartialDate,
        /// Its new last day; the first if left out and the first is a day.
        ends: Option<PartialDate>,
        /// Why; it stands beside the old dates for good. It also explains dates outside the project
        /// and a leg that is shorter than its pairing says.
        reason: String,
    }
    /// Which output is done.
    ReportOutputInput {
        /// The day from which it counts as reported; today if left out. Not before the output is over,
        /// nor before the step that went before.
        on: Option<Date>,
    }
    /// Which report is sent back, and for what.
    ReturnOutputInput {
        /// What is missing.
        missing: String,
    }
    /// Which report is accepted.
    VerifyOutputInput {}
    /// Which output is called off, and why.
    CancelOutputInput {
        /// Why.
        reason: String,
    }
    /// Which output is taken up again, and why.
    ReopenOutputInput {
        /// Why.
        reason: String,
    }
}

payload! {
    /// The result of `confirmOutput`.
    ConfirmOutputPayload {
        /// The updated output. Null if the mutation was refused; on CONFLICT its current state.
        output: Output = output_at
    }
    /// The result of `rescheduleOutput`.
    RescheduleOutputPayload {
        /// The updated output. Null if the mutation was refused; on CONFLICT its current state.
        output: Output = output_at
    }
    /// The result of `reportOutput`.
    ReportOutputPayload {
        /// The updated output. Null if the mutation was refused; on CONFLICT its current state.
        output: Output = output_at
    }
    /// The result of `returnOutput`.
    ReturnOutputPayload {
        /// The updated output. Null if the mutation was refused; on CONFLICT its current state.
        output: Output = output_at
    }
    /// The result of `verifyOutput`.
    VerifyOutputPayload {
        /// The updated output. Null if the mutation was refused; on CONFLICT its current state.
        output: Output = output_at
    }
    /// The result of `cancelOutput`.
    CancelOutputPayload {
        /// The updated output. Null if the mutation was refused; on CONFLICT its current state.
        output: Output = output_at
    }
    /// The result of `reopenOutput`.
    ReopenOutputPayload {
        /// The updated output. Null if the mutation was refused; on CONFLICT its current state.
        output: Output = output_at
    }
}

/// What moves an output along.
#[derive(Debug, Default)]
pub struct OutputMoves;

/// The coordinator's right, whatever the output.
fn coordinates(viewer: Viewer, project: &Project, _: OutputId) -> StdResult<CoordinatorOf, Denied> {
    viewer.coordinator_of(project)
}

/// Finds the output, checks the right to it and its version, and does the verb.
pub(super) async fn change_output<R, P: From<Outcome>>(
    ctx: &Context<'_>,
    name: &'static str,
    id: &ID,
    version: Option<String>,
    right: fn(Viewer, &Project, OutputId) -> StdResult<R, Denied>,
    verb: impl FnOnce(&mut Draft, &R, OutputId) -> StdResult<(), Refusal> + Send,
) -> Result<Option<P>> {
    let subject = find_output(ctx, id).await?;
    let output = OutputId(subject.row);
    let outcome = execute(ctx, &subject, Command::new(name), |draft| {
        draft.still(output)?;
        let right = right(draft.viewer, &draft.project(), output)?;
        draft.expect(output, version.as_deref())?;
        verb(draft, &right, output)?;
        Ok(output.into())
    });
    Ok(Some(outcome.await?.into()))
}

#[Object]
impl OutputMoves {
    /// Says that an output's dates and parties stand. For its lead, host or parties, the expert of
    /// its community and the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, WRONG_STATE unless it is planned or returned, DATES_UNKNOWN where
    /// its first or last date is not known to the day.
    async fn confirm_output(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which output.")] input: ConfirmOutputInput,
    ) -> Result<Option<ConfirmOutputPayload>> {
        let ConfirmOutputInput {
            id,
            expected_version,
        } = input;
        change_output(
            ctx,
            "confirmOutput",
            &id,
            expected_version,
            Viewer::party_to,
            output::confirm,
        )
        .await
    }

    /// Moves an output to other dates; the old ones stay in its history. For its lead, host or
    /// parties, the expert of its community and the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, WRONG_STATE where it is reported, verified or cancelled,
    /// REASON_REQUIRED, TOO_LONG, NOTHING_CHANGES, ENDS_BEFORE_START, PARTNER_LEFT where its lead or
    /// its host has left by then, for the dates OUTSIDE_PROJECT and LEG_TOO_SHORT unless a reason is
    /// given, and DATES_UNKNOWN where only one date of a leg is known to the day. Warnings:
    /// OVERLAPPING_TRAVEL, LEG_LONG.
    async fn reschedule_output(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which output, and to when.")] input: RescheduleOutputInput,
    ) -> Result<Option<RescheduleOutputPayload>> {
        let to = Move {
            starts: input.starts.0,
            ends: input.ends.map(|date| date.0),
            reason: input.reason,
        };
        let (id, version) = (input.id, input.expected_version);
        change_output(
            ctx,
            "rescheduleOutput",
            &id,
            version,
            Viewer::party_to,
            |draft, right, output| output::reschedule(draft, right, output, &to),
        )
        .await
    }

    /// Says that an output is done. For its lead, host or parties, the expert of its community and
    /// the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, WRONG_STATE unless it is open, NOT_OVER before its last day or,
    /// where that is known to the month or year alone, before that begins; EVIDENCE_MISSING where a
    /// target that counts it asks for evidence of a kind that is not there, OUT_OF_RANGE for a day that
    /// is to come, before the output was over or before the step that went before.
    async fn report_output(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which output.")] input: ReportOutputInput,
    ) -> Result<Option<ReportOutputPayload>> {
        let (id, version, on) = (input.id, input.expected_version, input.on);
        change_output(
            ctx,
            "reportOutput",
            &id,
            version,
            Viewer::party_to,
            |draft, right, output| output::report(draft, right, output, on.map(|on| on.0)),
        )
        .await
    }

    /// Sends a report back for what is missing; it counts as planned again. For the coordinator; of
    /// what the coordinator reported, for the funder.
    ///
    /// Codes: FORBIDDEN, OWN_REPORT, CONFLICT, WRONG_STATE unless it is reported, REASON_REQUIRED.
    async fn return_output(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which report, and what is missing.")] input: ReturnOutputInput,
    ) -> Result<Option<ReturnOutputPayload>> {
        let (id, version, missing) = (input.id, input.expected_version, input.missing);
        change_output(
            ctx,
            "returnOutput",
            &id,
            version,
            Viewer::judge_of,
            |draft, right, output| output::send_back(draft, right, output, &missing),
        )
        .await
    }

    /// Accepts a report. For the coordinator; of what the coordinator reported, for the funder.
    /// Nobody verifies what they or their own organisation reported; which one that is, is recorded
    /// with the report.
    ///
    /// Codes: FORBIDDEN, OWN_REPORT, CONFLICT, WRONG_STATE unless it is reported.
    async fn verify_output(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which report.")] input: VerifyOutputInput,
    ) -> Result<Option<VerifyOutputPayload>> {
        let VerifyOutputInput {
            id,
            expected_version,
        } = input;
        change_output(
            ctx,
            "verifyOutput",
            &id,
            expected_version,
            Viewer::judge_of,
            output::verify,
        )
        .await
    }

    /// Calls an output off; it counts nowhere then. For its lead, host or parties, the expert of its
    /// community and the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, WRONG_STATE where it is verified or cancelled, REASON_REQUIRED.
    async fn cancel_output(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which output, and why.")] input: CancelOutputInput,
    ) -> Result<Option<CancelOutputPayload>> {
        let (id, version, reason) = (input.id, input.expected_version, input.reason);
        change_output(
            ctx,
            "cancelOutput",
            &id,
            version,
            Viewer::party_to,
            |draft, right, output| output::cancel(draft, right, output, &reason),
        )
        .await
    }

    /// Takes an output up again that was cancelled, or judged too early: it is planned again. For
    /// the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, WRONG_STATE unless it is cancelled, reported or
    /// verified, REASON_REQUIRED. Warning of what was cancelled: OVERLAPPING_TRAVEL.
    async fn reopen_output(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which output, and why.")] input: ReopenOutputInput,
    ) -> Result<Option<ReopenOutputPayload>> {
        let (id, version, reason) = (input.id, input.expected_version, input.reason);
        change_output(
            ctx,
            "reopenOutput",
            &id,
            version,
            coordinates,
            |draft, right, output| output::reopen(draft, right, output, &reason),
        )
        .await
    }
}
