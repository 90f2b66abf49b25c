//! Putting outputs of every kind into the plan.

use async_graphql::{Context, ID, InputObject, InputType, Object, Result};
use domain::{
    command::{
        Code, Command, Problem,
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
    input::{InputFields, TextInput, TranslationInput},
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
    /// Its texts in other languages: those that are named change, the others stay.
    translations: Option<Vec<TranslationInput>>,
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
    let is_null = detail.is_null("output");
    let shared_fields = detail.take("output").unwrap_or_default();
    let reason = shared.and_then(|shared| shared.reason.clone());
    execute(ctx, &subject, Command::new(name), |draft| {
        let mut shared = shared_fields.of(draft, OutputRecord::FIELDS);
        // Left out, it says nothing; null is a variable that its page forgot to fill.
        if is_null {
            shared = shared.with_problems(vec![Problem::new("", Code::Required)]);
        }
        let new = NewOutput {
            kind,
            shared,
            detail: detail.of(draft, Detail::fields(kind)),
            reason,
        };
        plan::plan(draft, new).map(Into::into)
    })
    .await
}

/// What puts outputs into the plan.
#[derive(Debug, Default)]
pub struct OutputPlans;

/// Declares the mutations that plan an output: of each its input (what its kind alone says, and what must
/// be said at once) and its kind.
macro_rules! plans {
    ($(
        $(#[$input_doc:meta])+
        $Input:ident: $Detail:ident { $($(#[$field_doc:meta])+ $field:ident: $type:ty,)* }
        $(#[$doc:meta])+
        $method:ident $name:literal $Kind:ident $Payload:ident;
    )+) => {
        $(
            $(#[$input_doc])+
            #[derive(Clone, Debug, InputObject)]
            pub struct $Input {
                /// The project: its key or id.
                project: String,
                /// The fields that outputs of all kinds have; left out if none is given. Null is
                /// refused as REQUIRED.
                output: Option<OutputInput>,
                $($(#[$field_doc])+ $field: $type,)*
                #[graphql(flatten)]
                detail: $Detail,
            }

            payload! {
                #[doc = concat!("The result of `", $name, "`.")]
                $Payload {
                    /// The planned output. Null if the mutation was refused.
                    output: Output = output_at
                }
            }
        )+

        #[Object]
        impl OutputPlans {
            $(
                $(#[$doc])+
                async fn $method(
                    &self,
                    ctx: &Context<'_>,
                    #[graphql(desc = "The fields of the new output.")] input: $Input,
                ) -> Result<Option<$Payload>> {
                    let (kind, shared) = (OutputKind::$Kind, input.output.as_ref());
                    let outcome = plan_output(ctx, $name, kind, &input.project, &input, shared);
                    Ok(Some(Box::pin(outcome).await?.into()))
                }
            )+
        }
    };
}

plans! {
    /// The fields of a new leg of a staff exchange.
    ScheduleStaffExchangeInput: StaffExchangeDetailInput {
        /// The pairing: its id or key.
        pairing: ID,
        /// Which of its two legs; the first that is free if left out.
        leg: Option<i32>,
    }
    /// Puts a leg of a staff exchange into the plan: leg 1 is hosted by the mentor, leg 2 by who
    /// implements. For the coordinator, and the expert of its community and of the pairing's.
    ///
    /// Codes beside those of all outputs: LEG_TAKEN, LEGS_COMPLETE, WRONG_HOST, LEG_TOO_SHORT
    /// unless a reason is given, and DATES_UNKNOWN where only one of its dates is known to the day.
    /// Warnings: LEG_LONG, OVERLAPPING_TRAVEL.
    schedule_staff_exchange "scheduleStaffExchange" StaffExchange ScheduleStaffExchangePayload;
    /// The fields of a new visit.
    ScheduleVisitInput: VisitDetailInput {}
    /// Puts a thematic cluster visit of a community into the plan. For the coordinator, and
    /// the expert of its community.
    ///
    /// Codes: those of all outputs. Warnings: OVERLAPPING_TRAVEL, OVERLAPPING_VISITS where its
    /// community has another visit on the same days.
    schedule_visit "scheduleVisit" Visit ScheduleVisitPayload;
    /// The fields of a new conference or meeting.
    ScheduleEventInput: EventInput {
        /// The kind of event.
        kind: EventKind,
    }
    /// Puts a conference or a meeting into the plan. For the coordinator, and
    /// the expert of its community.
    ///
    /// Codes: those of all outputs. Warning: OVERLAPPING_TRAVEL.
    schedule_event "scheduleEvent" Event ScheduleEventPayload;
    /// The fields of a new workshop held by champions.
    ScheduleChampionWorkshopInput: ChampionWorkshopDetailInput {}
    /// Puts a workshop held by champions into the plan. For the coordinator, and
    /// the expert of its community.
    ///
    /// Codes: those of all outputs. Warning: OVERLAPPING_TRAVEL.
    schedule_champion_workshop "scheduleChampionWorkshop" ChampionWorkshop ScheduleChampionWorkshopPayload;
    /// The fields of a new action plan.
    PlanActionPlanInput: ActionPlanInput {
        /// The kind of plan.
        kind: PlanKind,
    }
    /// Puts an action plan, a strategy or a pact of a city into the plan. For the coordinator, and
    /// the expert of its community.
    ///
    /// Codes: those of all outputs.
    plan_action_plan "planActionPlan" ActionPlan PlanActionPlanPayload;
    /// The fields of a new policy.
    PlanPolicyInput: PolicyInput {
        /// The kind of policy.
        kind: PolicyKind,
    }
    /// Puts a policy that a city will put into practice into the plan. For the coordinator, and
    /// the expert of its community; its grant is set by the coordinator alone (FORBIDDEN).
    ///
    /// Codes: those of all outputs.
    plan_policy "planPolicy" Policy PlanPolicyPayload;
    /// The fields of a new integration champion.
    SelectChampionInput: ChampionDetailInput {}
    /// Puts an integration champion of a city into the plan: a practitioner who is trained to train
    /// others. For the coordinator, the expert of its community, and each city for itself: it leads
    /// what it selects, also if `output.lead` is left out, and names a community that it belongs to.
    ///
    /// Codes: those of all outputs; FORBIDDEN for another city's `output.lead` and `output.community`.
    select_champion "selectChampion" Champion SelectChampionPayload;
    /// The fields of a new guide.
    PlanGuideInput: GuideDetailInput {}
    /// Puts a how-to guide into the plan. For the coordinator, and
    /// the expert of its community.
    ///
    /// Codes: those of all outputs.
    plan_guide "planGuide" Guide PlanGuidePayload;
    /// The fields of a new video.
    PlanVideoInput: VideoDetailInput {}
    /// Puts a video into the plan. For the coordinator, and
    /// the expert of its community.
    ///
    /// Codes: those of all outputs.
    plan_video "planVideo" Video PlanVideoPayload;
}
