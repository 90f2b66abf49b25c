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

/// The steps of outputs.
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
    Ok(Some(Box::pin(outcome).await?.into()))
}

/// Declares the steps of outputs: of each its input (beside the id and the version of an output), its
/// right and its command.
macro_rules! steps {
    ($(
        $(#[$input_doc:meta])+
        $Input:ident { $($(#[$field_doc:meta])+ $field:ident: $type:ty,)* }
        $(#[$doc:meta])+
        $method:ident $name:literal $Payload:ident, $right:path,
            |$draft:ident, $held:ident, $output:ident, $given:pat_param| $command:expr;
    )+) => {
        $(
            $(#[$input_doc])+
            #[derive(Clone, Debug, InputObject)]
            pub struct $Input {
                /// The id of the output.
                id: ID,
                /// The `version` that the client read. The mutation is refused with CONFLICT if it has
                /// changed since.
                expected_version: Option<String>,
                $($(#[$field_doc])+ $field: $type,)*
            }

            payload! {
                #[doc = concat!("The result of `", $name, "`.")]
                $Payload {
                    /// The updated output. Null if the mutation was refused; on CONFLICT its current
                    /// state.
                    output: Output = output_at
                }
            }
        )+

        #[Object]
        impl OutputMoves {
            $(
                $(#[$doc])+
                async fn $method(
                    &self,
                    ctx: &Context<'_>,
                    #[graphql(desc = "The output, and what the step needs.")] input: $Input,
                ) -> Result<Option<$Payload>> {
                    let (id, version) = (input.id.clone(), input.expected_version.clone());
                    change_output(ctx, $name, &id, version, $right, |$draft, $held, $output| {
                        let $given = input;
                        $command
                    })
                    .await
                }
            )+
        }
    };
}

steps! {
    /// The id of the output to confirm.
    ConfirmOutputInput {}
    /// Says that an output's dates and parties stand. For its lead, host or parties, the expert of
    /// its community and the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, WRONG_STATE unless it is planned or returned, DATES_UNKNOWN where
    /// its first or last date is not known to the day.
    confirm_output "confirmOutput" ConfirmOutputPayload, Viewer::party_to,
        |draft, right, output, _| output::confirm(draft, right, output);
    /// The id of the output to reschedule, and its new dates.
    RescheduleOutputInput {
        /// Its new first day, as exactly as it is known.
        starts: PartialDate,
        /// Its new last day; the first if left out and the first is a day.
        ends: Option<PartialDate>,
        /// Why; it stands beside the old dates for good. It also explains dates outside the project
        /// and a leg that is shorter than its pairing says.
        reason: String,
    }
    /// Moves an output to other dates; the old ones stay in its history. For its lead, host or
    /// parties, the expert of its community and the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, WRONG_STATE where it is reported, verified or cancelled,
    /// REASON_REQUIRED, TOO_LONG, NOTHING_CHANGES, ENDS_BEFORE_START, PARTNER_LEFT where its lead or
    /// its host has left by then, for the dates OUTSIDE_PROJECT and LEG_TOO_SHORT unless a reason is
    /// given, and DATES_UNKNOWN where only one date of a leg is known to the day. Warnings:
    /// OVERLAPPING_TRAVEL, OVERLAPPING_VISITS, LEG_LONG.
    reschedule_output "rescheduleOutput" RescheduleOutputPayload, Viewer::party_to,
        |draft, right, output, input| {
            let to = Move {
                starts: input.starts.0,
                ends: input.ends.map(|date| date.0),
                reason: input.reason,
            };
            output::reschedule(draft, right, output, &to)
        };
    /// The id of the output to report.
    ReportOutputInput {
        /// The day from which it counts as reported; today if left out. Not before the output is over,
        /// nor before the step that went before.
        on: Option<Date>,
    }
    /// Says that an output is done. For its lead, host or parties, the expert of its community and
    /// the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, WRONG_STATE unless it is open, NOT_OVER before its last day or,
    /// where that is known to the month or year alone, before that begins; EVIDENCE_MISSING where a
    /// target that counts it asks for evidence of a kind that is not there, OUT_OF_RANGE for a day that
    /// is to come, before the output was over or before the step that went before.
    report_output "reportOutput" ReportOutputPayload, Viewer::party_to,
        |draft, right, output, input| {
            output::report(draft, right, output, input.on.map(|on| on.0))
        };
    /// The id of the reported output to return, and what is missing.
    ReturnOutputInput {
        /// What is missing.
        missing: String,
    }
    /// Sends a report back for what is missing; it counts as planned again. For the coordinator; of
    /// what the coordinator reported, for the funder.
    ///
    /// Codes: FORBIDDEN, OWN_REPORT, CONFLICT, WRONG_STATE unless it is reported, REASON_REQUIRED.
    return_output "returnOutput" ReturnOutputPayload, Viewer::judge_of,
        |draft, right, output, input| output::send_back(draft, right, output, &input.missing);
    /// The id of the reported output to verify.
    VerifyOutputInput {}
    /// Accepts a report. For the coordinator; of what the coordinator reported, for the funder.
    /// Nobody verifies what they or their own organisation reported; which one that is, is recorded
    /// with the report.
    ///
    /// Codes: FORBIDDEN, OWN_REPORT, CONFLICT, WRONG_STATE unless it is reported.
    verify_output "verifyOutput" VerifyOutputPayload, Viewer::judge_of,
        |draft, right, output, _| output::verify(draft, right, output);
    /// The id of the output to cancel, and the reason.
    CancelOutputInput {
        /// Why.
        reason: String,
    }
    /// Calls an output off; it counts nowhere then. For its lead, host or parties, the expert of its
    /// community and the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, WRONG_STATE where it is verified or cancelled, REASON_REQUIRED.
    cancel_output "cancelOutput" CancelOutputPayload, Viewer::party_to,
        |draft, right, output, input| output::cancel(draft, right, output, &input.reason);
    /// The id of the output to reopen, and the reason.
    ReopenOutputInput {
        /// Why.
        reason: String,
    }
    /// Takes an output up again that was cancelled, or judged too early: it is planned again. For
    /// the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, WRONG_STATE unless it is cancelled, reported or
    /// verified, REASON_REQUIRED. Warnings of what was cancelled: OVERLAPPING_TRAVEL,
    /// OVERLAPPING_VISITS.
    reopen_output "reopenOutput" ReopenOutputPayload, coordinates,
        |draft, right, output, input| output::reopen(draft, right, output, &input.reason);
}
