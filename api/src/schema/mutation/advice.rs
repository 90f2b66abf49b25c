//! What a city does with the advice that it was given.

use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::{
    command::{Command, advice},
    record::{Entry, Learning as LearningRecord, Record},
};
use entities::OutputId;

use super::{
    execute::{execute, find_entry},
    input::InputFields,
};
use crate::schema::{
    base::{payload::payload, scalar::PartialDate},
    types::{learning::Learning, vocabulary::UptakeDecision},
};

/// Whether a city takes up an advice, and where. It takes the place of what was said of it before.
#[derive(Clone, Debug, InputObject)]
pub struct MarkAdviceInput {
    /// The id of the advice.
    id: ID,
    /// The entry's `version` that the client read. The mutation is refused with CONFLICT if it has
    /// changed since.
    expected_version: Option<String>,
    /// Whether the city takes it up; null takes back what was said.
    uptake: Option<UptakeDecision>,
    /// The action plan in which it lives on: its id or key.
    plan: Option<ID>,
    /// The measure of that plan: its title.
    measure: Option<String>,
    /// The policy in which it lives on: its id or key.
    policy: Option<ID>,
    /// Why it is taken up, or not; needed where neither a plan nor a policy is named.
    uptake_reason: Option<String>,
    /// The date from which on this is known; today if no date is given.
    uptake_since: Option<PartialDate>,
}

payload! {
    /// The result of `markAdvice`.
    MarkAdvicePayload {
        /// The advice. Null if the mutation was refused; on CONFLICT its current state.
        advice: Learning = |view, id| {
            let row = view.learnings.iter().find(|row| row.id.0 == id)?;
            Some(Learning::new(view, row))
        }
    }
}

/// The mutations of advice.
#[derive(Debug, Default)]
pub struct AdviceChanges;

#[Object]
impl AdviceChanges {
    /// Says of an advice whether the city that it is for takes it up, and where: in a measure of its
    /// action plan, in a policy, or nowhere, with why. For that city, the expert of the output's
    /// community and the coordinator; also of an output that is verified.
    ///
    /// Codes: FORBIDDEN, also of a plan or policy that another partner leads, CONFLICT, WRONG_KIND if it
    /// is no advice, NOT_FOUND, REASON_REQUIRED, TOO_LONG, OUT_OF_RANGE.
    async fn mark_advice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The advice, and what becomes of it.")] input: MarkAdviceInput,
    ) -> Result<Option<MarkAdvicePayload>> {
        let fields = InputFields::new(ctx, &input)?;
        let subject = find_entry(ctx, &input.id, Entry::Learning).await?;
        let (row, version) = (subject.row, input.expected_version);
        let parent = Entry::Learning.parent_of(row, subject.project.rows());
        let parent = parent.unwrap_or_default();
        let outcome = execute(ctx, &subject, Command::new("markAdvice"), |draft| {
            draft.still(parent)?;
            let right = draft.viewer.voice_on(&draft.project(), OutputId(parent))?;
            let fields = fields.of(draft, LearningRecord::FIELDS);
            advice::mark(draft, &right, row, version.as_deref(), fields)?;
            Ok(row)
        });
        Ok(Some(Box::pin(outcome).await?.into()))
    }
}
