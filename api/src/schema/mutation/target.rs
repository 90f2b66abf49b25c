//! Mutations of targets and their counting rules.

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
    input::{InputFields, TextInput, TranslationInput, localized, named},
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

/// The kind of records that a counting rule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CountedRecords {
    /// Outputs of one kind.
    Output,
    /// Partners.
    Partner,
    /// Communities of practice.
    Community,
    /// Budget lines.
    BudgetLine,
    /// Months of the project that have ended.
    ProjectMonth,
}

/// The records that a counting rule counts.
#[derive(Clone, Debug, InputObject)]
pub struct CountedInput {
    /// The kind of records.
    records: CountedRecords,
    /// The kind of output. Required for OUTPUT; not allowed otherwise.
    output_kind: Option<OutputKind>,
    /// Counts only events of these kinds; events of any kind if left out.
    event_kinds: Option<Vec<EventKind>>,
    /// The kinds of partners. Required for PARTNER; not allowed otherwise.
    partner_kinds: Option<Vec<PartnerKind>>,
    /// The kinds of budget lines. Required for BUDGET_LINE; not allowed otherwise.
    budget_kinds: Option<Vec<BudgetKind>>,
    /// Counts only the budget lines of this partner: its id, or the key of its organisation.
    partner: Option<ID>,
}

/// A counting rule.
#[derive(Clone, Debug, InputObject)]
pub struct CountingRuleInput {
    /// How a figure is calculated from the counted records. SUM_AMOUNT requires the unit MONEY, and
    /// policies or budget lines; NORM_DAYS requires outputs; the DISTINCT measures require outputs
    /// or partners.
    measure: CountingMeasure,
    /// The counted records. Required, except with NOT_MEASURED.
    of: Option<CountedInput>,
    /// An output counts as reported only with evidence of one of these kinds. If left out, no
    /// evidence is required.
    evidence: Option<Vec<EvidenceKind>>,
    /// Whether an action plan counts as reported only once a public body has endorsed it; false if
    /// left out. Only for outputs of the kind ACTION_PLAN.
    endorsement: Option<bool>,
    /// The counting rule in words, by language.
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
            endorsement: input.endorsement.unwrap_or_default(),
            text: localized(input.text),
        }
    }
}

/// The fields of a new target.
#[derive(Clone, Debug, InputObject)]
pub struct CreateTargetInput {
    /// The project: its key or id.
    project: String,
    /// The key, unique in the project, such as `staff_exchanges`. It never changes.
    key: String,
    /// The name by language.
    label: Vec<TextInput>,
    /// The unit.
    unit: TargetUnit,
    /// The promised value in the unit, at least 1; money in minor units, such as euro cents.
    value: Quantity,
    /// The currency as an ISO 4217 code. Only for the unit MONEY.
    currency: Option<String>,
    /// Whether it is a headline target: one of the few that represent the project. False if left
    /// out.
    headline: Option<bool>,
    /// The day by which the target is due; the last day of the project if left out.
    due_on: Option<Date>,
    /// The share of the time to the due day, in percent from 1 to 100, by which as much is planned as
    /// the goal asks; 50 if left out.
    plan_by_percent: Option<i32>,
    /// The rule that counts towards it.
    rule: CountingRuleInput,
    /// A remark about the record.
    note: Option<String>,
    /// Its texts in other languages: those that are named change, the others stay.
    translations: Option<Vec<TranslationInput>>,
}

/// The fields of a target to edit: a field that is left out stays as it is, null empties it.
#[derive(Clone, Debug, InputObject)]
pub struct EditTargetInput {
    /// The id of the target.
    id: ID,
    /// The `version` that the client read. The mutation is refused with CONFLICT if it has changed
    /// since.
    expected_version: Option<String>,
    /// The name by language; replaces the texts in all languages.
    label: Option<Vec<TextInput>>,
    /// The unit.
    unit: Option<TargetUnit>,
    /// The promised value in the unit, at least 1; money in minor units, such as euro cents.
    value: Option<Quantity>,
    /// The currency as an ISO 4217 code. Only for the unit MONEY.
    currency: MaybeUndefined<String>,
    /// Whether it is a headline target: one of the few that represent the project.
    headline: Option<bool>,
    /// The day by which the target is due. Null sets it to the last day of the project.
    due_on: MaybeUndefined<Date>,
    /// The share of the time to the due day, in percent from 1 to 100, by which as much is planned as
    /// the goal asks.
    plan_by_percent: Option<i32>,
    /// The rule that counts towards it; replaces the whole rule.
    rule: Option<CountingRuleInput>,
    /// A remark about the record.
    note: MaybeUndefined<String>,
    /// Its texts in other languages: those that are named change, the others stay.
    translations: Option<Vec<TranslationInput>>,
}

/// The target to remove.
#[derive(Clone, Debug, InputObject)]
pub struct RemoveTargetInput {
    /// The id of the target.
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
        /// The project without the target. Null if the mutation was refused; on CONFLICT its
        /// current state.
        project: Project = project_at
    }
}

/// The mutations of targets.
#[derive(Debug, Default)]
pub struct TargetChanges;

#[Object]
impl TargetChanges {
    /// Creates a target with the rule that counts towards it. For the coordinator.
    ///
    /// Codes: FORBIDDEN, TAKEN, NOT_A_KEY, REQUIRED, TOO_LONG, NOT_A_LANGUAGE, TWICE, OUT_OF_RANGE,
    /// NOT_FOUND, NOT_A_RULE if the parts of the rule do not fit together.
    async fn create_target(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The fields of the new target.")] input: CreateTargetInput,
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

    /// Edits a target or its counting rule. Its key cannot be changed. `ruleVersion` rises by one
    /// whenever value, unit or rule changes; the audit log retains the earlier values, and existing
    /// reports retain their figures. For the coordinator.
    ///
    /// Codes: as of `createTarget`, and CONFLICT.
    async fn edit_target(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the target, and the fields to change.")] input: EditTargetInput,
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

    /// Removes a target. The audit log retains its last state. For the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, IN_USE if a note is about it.
    async fn remove_target(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the target to remove.")] input: RemoveTargetInput,
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
