//! What is promised to the funder, and how it is counted.

use async_graphql::{Context, Enum, ID, InputObject, MaybeUndefined, Object, Result};
use domain::{
    command::{
        Command,
        target::{self, NewCounted, NewRule, Records},
    },
    record::{Kind, Record, Target as TargetRecord},
    viewer::Viewer,
};
use entities::TargetId;
use uuid::Uuid;

use super::{
    execute::{RecordInput, coordinates, create_record, edit_record},
    input::{InputFields, TextInput, localized, named},
    project::project_at,
};
use crate::schema::{
    base::{
        payload::payload,
        scalar::{Date, Quantity},
        view::View,
    },
    types::{
        project::Project,
        target::Target,
        vocabulary::{
            BudgetKind, CountingMeasure, EventKind, EvidenceKind, OutputKind, PartnerKind,
            TargetUnit,
        },
    },
};

fn target_at(view: &View, id: Uuid) -> Option<Target> {
    let row = view.targets.iter().find(|row| row.id.0 == id)?;
    Some(Target::new(view, row.id))
}

/// The records that a rule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CountedRecords {
    /// Outputs of one kind.
    Output,
    /// Partners.
    Partner,
    /// Communities of practice.
    Community,
    /// Lines of the budget.
    BudgetLine,
    /// Months of the project that are over.
    ProjectMonth,
}

/// What a rule counts.
#[derive(Clone, Debug, InputObject)]
pub struct CountedInput {
    /// Which records.
    records: CountedRecords,
    /// The kind of output; needed for outputs, and for them alone.
    output_kind: Option<OutputKind>,
    /// Of events: only these kinds; any if left out.
    event_kinds: Option<Vec<EventKind>>,
    /// The kinds of partners; needed for partners, and for them alone.
    partner_kinds: Option<Vec<PartnerKind>>,
    /// The kinds of lines; needed for lines of the budget, and for them alone.
    budget_kinds: Option<Vec<BudgetKind>>,
    /// Of lines of the budget: only those of this partner, by its id or its organisation's key.
    partner: Option<ID>,
}

/// A counting rule.
#[derive(Clone, Debug, InputObject)]
pub struct CountingRuleInput {
    /// How counted records make a figure. SUM_AMOUNT goes with the unit MONEY, and with policies or
    /// lines of the budget; NORM_DAYS with outputs; the DISTINCT ones with outputs or partners.
    measure: CountingMeasure,
    /// What is counted; left out with NOT_MEASURED alone.
    of: Option<CountedInput>,
    /// An output counts as reported only with evidence of one of these kinds; left out: none is
    /// asked for.
    evidence: Option<Vec<EvidenceKind>>,
    /// The rule in words, by language.
    text: Vec<TextInput>,
}

impl From<CountingRuleInput> for NewRule {
    fn from(input: CountingRuleInput) -> Self {
        let of = input.of.map(|of| NewCounted {
            records: match of.records {
                CountedRecords::Output => Records::Output,
                CountedRecords::Partner => Records::Partner,
                CountedRecords::Community => Records::Community,
                CountedRecords::BudgetLine => Records::BudgetLine,
                CountedRecords::ProjectMonth => Records::ProjectMonth,
            },
            output_kind: of.output_kind,
            event_kinds: of.event_kinds.unwrap_or_default(),
            partner_kinds: of.partner_kinds.unwrap_or_default(),
            budget_kinds: of.budget_kinds.unwrap_or_default(),
            partner: of.partner.as_ref().map(named),
        });
        Self {
            measure: input.measure,
            of,
            evidence: input.evidence.unwrap_or_default(),
            text: localized(input.text),
        }
    }
}

/// A promise.
#[derive(Clone, Debug, InputObject)]
pub struct CreateTargetInput {
    /// The project: its key or id.
    project: String,
    /// Names it in the project, for good, such as `staff_exchanges`.
    key: String,
    /// What it is called, by language.
    label: Vec<TextInput>,
    /// What it is counted in.
    unit: TargetUnit,
    /// How much is promised, in the unit; money in minor units (cents). 1 at least.
    value: Quantity,
    /// ISO 4217; for money, and for it alone.
    currency: Option<String>,
    /// Whether it is one of the few by which the project is known; no if left out.
    headline: Option<bool>,
    /// The day by which it should be met; the end of the project if left out.
    due_on: Option<Date>,
    /// What counts towards it.
    rule: CountingRuleInput,
    /// A remark.
    note: Option<String>,
}

/// What is changed of a target; what is left out stays as it is, null takes it away.
#[derive(Clone, Debug, InputObject)]
pub struct EditTargetInput {
    /// The target.
    id: ID,
    /// The `version` that the client read. The mutation is refused with CONFLICT if it has changed
    /// since.
    expected_version: Option<String>,
    /// What it is called, by language; replaces all languages.
    label: Option<Vec<TextInput>>,
    /// What it is counted in.
    unit: Option<TargetUnit>,
    /// How much is promised, in the unit; money in minor units (cents). 1 at least.
    value: Option<Quantity>,
    /// ISO 4217; for money, and for it alone.
    currency: MaybeUndefined<String>,
    /// Whether it is one of the few by which the project is known.
    headline: Option<bool>,
    /// The day by which it should be met; null: the end of the project.
    due_on: MaybeUndefined<Date>,
    /// What counts towards it; replaces the whole rule.
    rule: Option<CountingRuleInput>,
    /// A remark.
    note: MaybeUndefined<String>,
}

/// Which target is taken back.
#[derive(Clone, Debug, InputObject)]
pub struct RemoveTargetInput {
    /// The target.
    id: ID,
    /// The `version` that the client read. The mutation is refused with CONFLICT if it has changed
    /// since.
    expected_version: Option<String>,
}

payload! {
    /// The result of `createTarget`.
    CreateTargetPayload {
        /// The new target. Null if the mutation was refused.
        target: Target = target_at
    }
    /// The result of `editTarget`.
    EditTargetPayload {
        /// The updated target. Null if the mutation was refused; on CONFLICT its current state.
        target: Target = target_at
    }
    /// The result of `removeTarget`.
    RemoveTargetPayload {
        /// The project without it. Null if the mutation was refused; on CONFLICT its current state.
        project: Project = project_at
    }
}

/// What is promised.
#[derive(Debug, Default)]
pub struct TargetChanges;

#[Object]
impl TargetChanges {
    /// Promises something, with the rule that counts towards it. For the coordinator.
    ///
    /// Codes: FORBIDDEN, TAKEN, NOT_A_KEY, REQUIRED, TOO_LONG, NOT_A_LANGUAGE, TWICE, OUT_OF_RANGE,
    /// NOT_FOUND, NOT_A_RULE where the parts of the rule do not go together.
    async fn create_target(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is promised.")] input: CreateTargetInput,
    ) -> Result<Option<CreateTargetPayload>> {
        let mut fields = InputFields::new(ctx, &input)?;
        // The rule has a form of its own.
        let _ = fields.take("rule");
        let rule = input.rule.into();
        create_record(
            ctx,
            Command::new("createTarget"),
            &input.project,
            Viewer::coordinator_of,
            |draft, right| {
                let fields = fields.of(draft, TargetRecord::FIELDS);
                target::create(draft, right, fields, rule).map(Into::into)
            },
        )
        .await
    }

    /// Changes what was promised, or how it is counted; its key stays. `ruleVersion` rises by one
    /// whenever value, unit or rule change; what they were before is in the audit, and reports keep
    /// the figures that they were made with. For the coordinator.
    ///
    /// Codes: as of `createTarget`, and CONFLICT.
    async fn edit_target(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which target, and what is changed.")] input: EditTargetInput,
    ) -> Result<Option<EditTargetPayload>> {
        let mut fields = InputFields::new(ctx, &input)?;
        let _ = fields.take("rule");
        let rule = input.rule.map(Into::into);
        let record = RecordInput {
            kind: Kind::Target,
            id: &input.id,
            version: input.expected_version,
        };
        edit_record(
            ctx,
            Command::new("editTarget"),
            record,
            coordinates,
            |draft, right, id| {
                let fields = fields.of(draft, TargetRecord::FIELDS);
                target::edit(draft, right, TargetId(id), fields, rule)
            },
        )
        .await
    }

    /// Takes a promise back; what it was is in the audit. For the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, IN_USE where a note is about it.
    async fn remove_target(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which target.")] input: RemoveTargetInput,
    ) -> Result<Option<RemoveTargetPayload>> {
        let record = RecordInput {
            kind: Kind::Target,
            id: &input.id,
            version: input.expected_version,
        };
        edit_record(
            ctx,
            Command::new("removeTarget"),
            record,
            coordinates,
            |draft, right, id| target::remove(draft, right, TargetId(id)),
        )
        .await
    }
}
