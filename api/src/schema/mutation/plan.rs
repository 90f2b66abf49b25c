//! Putting outputs of every kind into the plan.

use async_graphql::{Context, ID, InputObject, InputType, Object, Result};
use domain::{
    command::{
        Command,
        plan::{self, NewOutput},
    },
    record::{Detail, Output as OutputRecord, Record},
};
use entities::OutputKind;

use super::{
    detail::{
        ActionPlanInput, ChampionDetailInput, ChampionWorkshopDetailInput, EventInput,
        GuideDetailInput, PolicyInput, StaffExchangeDetailInput, VideoDetailInput,
        VisitDetailInput,
    },
    entries::{AgendaItemInput, LearningInput, ParticipantInput},
    execute::{execute, find_project},
    input::{InputFields, TextInput},
    output::output_at,
};
use crate::schema::{
    base::{
        payload::{Outcome, payload},
        scalar::{Date, PartialDate},
    },
    types::{
        output::Output,
        vocabulary::{EventKind, MeetingMode, PlanKind, PolicyKind},
    },
};

/// What an output of any kind says. Codes of all outputs: FORBIDDEN, NOT_FOUND, REQUIRED, TAKEN,
/// NOT_A_KEY, TOO_LONG, OUT_OF_RANGE, ENDS_BEFORE_START, OUTSIDE_PROJECT for dates and the planned
/// window unless a reason is given, PARTNER_LEFT, TWICE, NOT_A_LANGUAGE, NOT_A_URL. Warning of all
/// outputs: OUTSIDE_PROJECT where the due day is after the project's end.
#[derive(Clone, Debug, Default, InputObject)]
pub struct OutputInput {
    /// Names it among the outputs of its kind; made from the kind if left out.
    key: Option<String>,
    /// The community that it belongs to: its id or key. Its expert may plan for it.
    community: Option<ID>,
    /// The partner that leads it, to whom figures attribute it: its id, or its organisation's key.
    lead: Option<ID>,
    /// Its title by language.
    title: Option<Vec<TextInput>>,
    /// The partner that hosts it: its id, or its organisation's key.
    host: Option<ID>,
    /// How people meet.
    mode: Option<MeetingMode>,
    /// Where in the host's city.
    place: Option<String>,
    /// Where online.
    platform: Option<String>,
    /// From when on it is planned, as exactly as it is known.
    planned_from: Option<PartialDate>,
    /// By when it is planned.
    planned_to: Option<PartialDate>,
    /// Its first day, as exactly as it is known.
    starts: Option<PartialDate>,
    /// Its last day; the first if left out and the first is a day.
    ends: Option<PartialDate>,
    /// How many days it lasts, where the days themselves are not known.
    days: Option<i32>,
    /// The day by which it should be reported; else the end of the planned window.
    due_on: Option<Date>,
    /// A remark.
    note: Option<String>,
    /// Who takes part.
    participants: Option<Vec<ParticipantInput>>,
    /// Its agenda, in order.
    agenda: Option<Vec<AgendaItemInput>>,
    /// Challenges, advice and lessons, in order.
    learning: Option<Vec<LearningInput>>,
    /// Why dates or the planned window lie outside the project, or a leg is shorter than its pairing says.
    reason: Option<String>,
}

/// Puts an output into the plan.
async fn plan_output(
    ctx: &Context<'_>,
    name: &'static str,
    kind: OutputKind,
    project: &str,
    input: &impl InputType,
    shared: Option<&OutputInput>,
) -> Result<Outcome> {
    let subject = find_project(ctx, project).await?;
    let mut detail = InputFields::new(ctx, input)?;
    let shared_fields = detail.take("output").unwrap_or_default();
    let reason = shared.and_then(|shared| shared.reason.clone());
    execute(ctx, &subject, Command::new(name), |draft| {
        let new = NewOutput {
            kind,
            shared: shared_fields.of(draft, OutputRecord::FIELDS),
            detail: detail.of(draft, Detail::fields(kind)),
            reason,
        };
        plan::plan(draft, new).map(Into::into)
    })
    .await
}

/// A leg of a staff exchange to be planned.
#[derive(Clone, Debug, InputObject)]
pub struct ScheduleStaffExchangeInput {
    /// The project: its key or id.
    project: String,
    /// What every output says.
    output: Option<OutputInput>,
    /// The pairing: its id or key.
    pairing: ID,
    /// Which of its two legs; the first that is free if left out.
    leg: Option<i32>,
    #[graphql(flatten)]
    exchange: StaffExchangeDetailInput,
}

/// A visit to be planned.
#[derive(Clone, Debug, InputObject)]
pub struct ScheduleVisitInput {
    /// The project: its key or id.
    project: String,
    /// What every output says.
    output: Option<OutputInput>,
    #[graphql(flatten)]
    visit: VisitDetailInput,
}

/// A conference or meeting to be planned.
#[derive(Clone, Debug, InputObject)]
pub struct ScheduleEventInput {
    /// The project: its key or id.
    project: String,
    /// What every output says.
    output: Option<OutputInput>,
    /// What kind of event it is.
    kind: EventKind,
    #[graphql(flatten)]
    event: EventInput,
}

/// A workshop held by champions to be planned.
#[derive(Clone, Debug, InputObject)]
pub struct ScheduleChampionWorkshopInput {
    /// The project: its key or id.
    project: String,
    /// What every output says.
    output: Option<OutputInput>,
    #[graphql(flatten)]
    workshop: ChampionWorkshopDetailInput,
}

/// An action plan to be planned.
#[derive(Clone, Debug, InputObject)]
pub struct PlanActionPlanInput {
    /// The project: its key or id.
    project: String,
    /// What every output says.
    output: Option<OutputInput>,
    /// What kind of plan it is.
    kind: PlanKind,
    #[graphql(flatten)]
    plan: ActionPlanInput,
}

/// A policy to be planned.
#[derive(Clone, Debug, InputObject)]
pub struct PlanPolicyInput {
    /// The project: its key or id.
    project: String,
    /// What every output says.
    output: Option<OutputInput>,
    /// What kind of policy it is.
    kind: PolicyKind,
    #[graphql(flatten)]
    policy: PolicyInput,
}

/// An integration champion to be planned.
#[derive(Clone, Debug, InputObject)]
pub struct SelectChampionInput {
    /// The project: its key or id.
    project: String,
    /// What every output says.
    output: Option<OutputInput>,
    #[graphql(flatten)]
    champion: ChampionDetailInput,
}

/// A guide to be planned.
#[derive(Clone, Debug, InputObject)]
pub struct PlanGuideInput {
    /// The project: its key or id.
    project: String,
    /// What every output says.
    output: Option<OutputInput>,
    #[graphql(flatten)]
    guide: GuideDetailInput,
}

/// A video to be planned.
#[derive(Clone, Debug, InputObject)]
pub struct PlanVideoInput {
    /// The project: its key or id.
    project: String,
    /// What every output says.
    output: Option<OutputInput>,
    #[graphql(flatten)]
    video: VideoDetailInput,
}

payload! {
    /// The result of `scheduleStaffExchange`.
    ScheduleStaffExchangePayload {
        /// The planned output. Null if the mutation was refused.
        output: Output = output_at
    }
    /// The result of `scheduleVisit`.
    ScheduleVisitPayload {
        /// The planned output. Null if the mutation was refused.
        output: Output = output_at
    }
    /// The result of `scheduleEvent`.
    ScheduleEventPayload {
        /// The planned output. Null if the mutation was refused.
        output: Output = output_at
    }
    /// The result of `scheduleChampionWorkshop`.
    ScheduleChampionWorkshopPayload {
        /// The planned output. Null if the mutation was refused.
        output: Output = output_at
    }
    /// The result of `planActionPlan`.
    PlanActionPlanPayload {
        /// The planned output. Null if the mutation was refused.
        output: Output = output_at
    }
    /// The result of `planPolicy`.
    PlanPolicyPayload {
        /// The planned output. Null if the mutation was refused.
        output: Output = output_at
    }
    /// The result of `selectChampion`.
    SelectChampionPayload {
        /// The planned output. Null if the mutation was refused.
        output: Output = output_at
    }
    /// The result of `planGuide`.
    PlanGuidePayload {
        /// The planned output. Null if the mutation was refused.
        output: Output = output_at
    }
    /// The result of `planVideo`.
    PlanVideoPayload {
        /// The planned output. Null if the mutation was refused.
        output: Output = output_at
    }
}

/// What puts outputs into the plan.
#[derive(Debug, Default)]
pub struct OutputPlans;

#[Object]
impl OutputPlans {
    /// Puts a leg of a staff exchange into the plan: leg 1 is hosted by the mentor, leg 2 by who
    /// implements. For the coordinator, and the expert of its community and of the pairing's.
    ///
    /// Codes beside those of all outputs: LEG_TAKEN, LEGS_COMPLETE, WRONG_HOST, LEG_TOO_SHORT
    /// unless a reason is given, and DATES_UNKNOWN where only one of its dates is known to the day.
    /// Warnings: LEG_LONG, OVERLAPPING_TRAVEL.
    async fn schedule_staff_exchange(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is planned.")] input: ScheduleStaffExchangeInput,
    ) -> Result<Option<ScheduleStaffExchangePayload>> {
        let (kind, shared) = (OutputKind::StaffExchange, input.output.as_ref());
        let outcome = plan_output(
            ctx,
            "scheduleStaffExchange",
            kind,
            &input.project,
            &input,
            shared,
        )
        .await?;
        Ok(Some(outcome.into()))
    }

    /// Puts a thematic cluster visit of a community into the plan. For the coordinator, and
    /// the expert of its community.
    ///
    /// Codes: those of all outputs. Warning: OVERLAPPING_TRAVEL.
    async fn schedule_visit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is planned.")] input: ScheduleVisitInput,
    ) -> Result<Option<ScheduleVisitPayload>> {
        let (kind, shared) = (OutputKind::Visit, input.output.as_ref());
        let outcome =
            plan_output(ctx, "scheduleVisit", kind, &input.project, &input, shared).await?;
        Ok(Some(outcome.into()))
    }

    /// Puts a conference or a meeting into the plan. For the coordinator, and
    /// the expert of its community.
    ///
    /// Codes: those of all outputs. Warning: OVERLAPPING_TRAVEL.
    async fn schedule_event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is planned.")] input: ScheduleEventInput,
    ) -> Result<Option<ScheduleEventPayload>> {
        let (kind, shared) = (OutputKind::Event, input.output.as_ref());
        let outcome =
            plan_output(ctx, "scheduleEvent", kind, &input.project, &input, shared).await?;
        Ok(Some(outcome.into()))
    }

    /// Puts a workshop held by champions into the plan. For the coordinator, and
    /// the expert of its community.
    ///
    /// Codes: those of all outputs. Warning: OVERLAPPING_TRAVEL.
    async fn schedule_champion_workshop(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is planned.")] input: ScheduleChampionWorkshopInput,
    ) -> Result<Option<ScheduleChampionWorkshopPayload>> {
        let (kind, shared) = (OutputKind::ChampionWorkshop, input.output.as_ref());
        let outcome = plan_output(
            ctx,
            "scheduleChampionWorkshop",
            kind,
            &input.project,
            &input,
            shared,
        )
        .await?;
        Ok(Some(outcome.into()))
    }

    /// Puts an action plan, a strategy or a pact of a city into the plan. For the coordinator, and
    /// the expert of its community.
    ///
    /// Codes: those of all outputs.
    async fn plan_action_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is planned.")] input: PlanActionPlanInput,
    ) -> Result<Option<PlanActionPlanPayload>> {
        let (kind, shared) = (OutputKind::ActionPlan, input.output.as_ref());
        let outcome =
            plan_output(ctx, "planActionPlan", kind, &input.project, &input, shared).await?;
        Ok(Some(outcome.into()))
    }

    /// Puts a policy that a city will put into practice into the plan. For the coordinator, and
    /// the expert of its community.
    ///
    /// Codes: those of all outputs.
    async fn plan_policy(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is planned.")] input: PlanPolicyInput,
    ) -> Result<Option<PlanPolicyPayload>> {
        let (kind, shared) = (OutputKind::Policy, input.output.as_ref());
        let outcome = plan_output(ctx, "planPolicy", kind, &input.project, &input, shared).await?;
        Ok(Some(outcome.into()))
    }

    /// Puts an integration champion of a city into the plan: a practitioner who is trained to train others. For the coordinator, and
    /// the expert of its community.
    ///
    /// Codes: those of all outputs.
    async fn select_champion(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is planned.")] input: SelectChampionInput,
    ) -> Result<Option<SelectChampionPayload>> {
        let (kind, shared) = (OutputKind::Champion, input.output.as_ref());
        let outcome =
            plan_output(ctx, "selectChampion", kind, &input.project, &input, shared).await?;
        Ok(Some(outcome.into()))
    }

    /// Puts a how-to guide into the plan. For the coordinator, and
    /// the expert of its community.
    ///
    /// Codes: those of all outputs.
    async fn plan_guide(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is planned.")] input: PlanGuideInput,
    ) -> Result<Option<PlanGuidePayload>> {
        let (kind, shared) = (OutputKind::Guide, input.output.as_ref());
        let outcome = plan_output(ctx, "planGuide", kind, &input.project, &input, shared).await?;
        Ok(Some(outcome.into()))
    }

    /// Puts a video into the plan. For the coordinator, and
    /// the expert of its community.
    ///
    /// Codes: those of all outputs.
    async fn plan_video(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is planned.")] input: PlanVideoInput,
    ) -> Result<Option<PlanVideoPayload>> {
        let (kind, shared) = (OutputKind::Video, input.output.as_ref());
        let outcome = plan_output(ctx, "planVideo", kind, &input.project, &input, shared).await?;
        Ok(Some(outcome.into()))
    }
}
