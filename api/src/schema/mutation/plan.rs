//! Putting outputs of every kind into the plan, and changing what they say of themselves.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use domain::{
    verb::{
        Asked, Problem,
        plan::{self, Detail, Edit, NewOutput},
    },
    viewer::Viewer,
};

use super::{
    super::{
        output::Output,
        scalar::{Date, PartialDate, Quantity},
        vocabulary::{EventKind, MeetingMode, PlanKind, PolicyKind},
    },
    input::{ParticipantInput, TextInput, changed, localized, named, participants},
    output::{moved, output_at},
    settle::{Settled, payload, project, settle},
};

/// What an output of any kind says.
#[derive(Clone, Debug, Default, InputObject)]
pub struct OutputInput {
    /// Names it among the outputs of its kind; made from the kind if left out.
    key: Option<String>,
    /// The community that it belongs to: its id or key. Whoever runs it may plan for it.
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
    /// From when on it is planned, as exact as that is known.
    planned_from: Option<PartialDate>,
    /// By when it is planned.
    planned_to: Option<PartialDate>,
    /// Its first day, as exact as it is known.
    starts: Option<PartialDate>,
    /// Its last day; the first if left out and the first is a day.
    ends: Option<PartialDate>,
    /// The day by which it should be reported; else the end of the planned window.
    due_on: Option<Date>,
    /// A remark.
    note: Option<String>,
    /// Who takes part.
    participants: Option<Vec<ParticipantInput>>,
    /// Why dates lie outside the project, or a leg is shorter than its pairing says.
    reason: Option<String>,
}

/// Plans an output for a community, or for none.
async fn planned(
    ctx: &Context<'_>,
    name: &'static str,
    key: &str,
    common: Option<OutputInput>,
    detail: Detail,
) -> Result<Settled> {
    let found = project(ctx, key).await?;
    let common = common.unwrap_or_default();
    settle(ctx, &found, Asked::to(name), |draft| {
        let pairing = match &detail {
            Detail::StaffExchange { pairing, .. } => draft.pairing("pairing", pairing).ok(),
            _ => None,
        };
        let of_pairing = pairing.and_then(|id| draft.project().pairing(id).community_id);
        let community = match &common.community {
            Some(id) => draft
                .community("output.community", &named(id))
                .map_err(|problem| (common.community.clone(), problem)),
            None => Err((None, Problem::new("", domain::verb::Code::NotFound))),
        };
        let (community, missing) = match community {
            Ok(community) => (Some(community), None),
            Err((None, _)) => (of_pairing, None),
            Err((Some(_), problem)) => (None, Some(problem)),
        };
        let right = draft.viewer.editor_of(&draft.project(), community)?;
        if let Some(problem) = missing {
            return Err(problem.into());
        }
        let new = NewOutput {
            key: common.key,
            community,
            lead: common.lead.as_ref().map(named),
            title: localized(common.title.unwrap_or_default()),
            host: common.host.as_ref().map(named),
            mode: common.mode.map(Into::into),
            place: common.place,
            platform: common.platform,
            planned_from: common.planned_from.map(|date| date.0),
            planned_to: common.planned_to.map(|date| date.0),
            starts: common.starts.map(|date| date.0),
            ends: common.ends.map(|date| date.0),
            due_on: common.due_on.map(|date| date.0),
            note: common.note,
            participants: participants(common.participants.unwrap_or_default()),
            reason: common.reason,
        };
        plan::plan(draft, &right, new, detail).map(Into::into)
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
}

/// A visit to be planned.
#[derive(Clone, Debug, InputObject)]
pub struct ScheduleVisitInput {
    /// The project: its key or id.
    project: String,
    /// What every output says.
    output: Option<OutputInput>,
    /// Its number in the community; the next one if left out.
    number: Option<i32>,
    /// The partner that organises it, where that is not its host: its id, or its organisation's key.
    organiser: Option<ID>,
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
    /// About how many people come.
    about_participants: Option<i32>,
    /// Its page on the web.
    website: Option<String>,
}

/// A workshop held by champions to be planned.
#[derive(Clone, Debug, InputObject)]
pub struct ScheduleChampionWorkshopInput {
    /// The project: its key or id.
    project: String,
    /// What every output says.
    output: Option<OutputInput>,
    /// About how many people come.
    about_participants: Option<i32>,
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
    /// The years that it is for, such as `2021-2025`.
    period: Option<String>,
    /// Where it can be read.
    document_url: Option<String>,
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
    /// The action plan that it comes from: its id or key.
    plan: Option<ID>,
    /// The grant for it, in minor units (cents).
    grant_minor: Option<Quantity>,
    /// Its currency by ISO 4217; EUR if left out.
    currency: Option<String>,
    /// Whom it is for.
    beneficiaries: Option<String>,
}

/// An integration champion to be planned.
#[derive(Clone, Debug, InputObject)]
pub struct SelectChampionInput {
    /// The project: its key or id.
    project: String,
    /// What every output says.
    output: Option<OutputInput>,
    /// Who it is: the id or key of a person in the project. Never shown to whoever may not see people.
    person: Option<ID>,
    /// What they do at home.
    role_title: Option<String>,
    /// When they were selected.
    selected: Option<PartialDate>,
}

/// A guide to be planned.
#[derive(Clone, Debug, InputObject)]
pub struct PlanGuideInput {
    /// The project: its key or id.
    project: String,
    /// What every output says.
    output: Option<OutputInput>,
    /// Its language, as a BCP 47 tag.
    language: Option<String>,
    /// Its page on the web.
    landing_url: Option<String>,
}

/// A video to be planned.
#[derive(Clone, Debug, InputObject)]
pub struct PlanVideoInput {
    /// The project: its key or id.
    project: String,
    /// What every output says.
    output: Option<OutputInput>,
    /// Its language, as a BCP 47 tag.
    language: Option<String>,
    /// Where it can be seen.
    url: Option<String>,
}

/// What is changed of an output; what is left out stays as it is, null takes it away.
#[derive(Clone, Debug, InputObject)]
pub struct EditOutputInput {
    /// The output.
    id: ID,
    /// Its `version` as you know it: where it is another one now, nothing is done.
    expected_version: Option<String>,
    /// Its title by language; replaces all languages.
    title: Option<Vec<TextInput>>,
    /// The partner that leads it.
    lead: MaybeUndefined<ID>,
    /// The partner that hosts it.
    host: MaybeUndefined<ID>,
    /// How people meet.
    mode: MaybeUndefined<MeetingMode>,
    /// Where in the host's city.
    place: MaybeUndefined<String>,
    /// Where online.
    platform: MaybeUndefined<String>,
    /// From when on it is planned.
    planned_from: MaybeUndefined<PartialDate>,
    /// By when it is planned.
    planned_to: MaybeUndefined<PartialDate>,
    /// The day by which it should be reported.
    due_on: MaybeUndefined<Date>,
    /// A remark.
    note: MaybeUndefined<String>,
    /// Of a staff exchange: what was learned.
    learned: MaybeUndefined<String>,
    /// Of a staff exchange: what will be done differently at home.
    adapted: MaybeUndefined<String>,
    /// Who takes part; replaces all of them.
    participants: Option<Vec<ParticipantInput>>,
}

payload! {
    /// What became of a change.
    EditOutputPayload {
        /// The output as it is now; null where nothing was done, unless somebody else was faster.
        output: Output = output_at
    }
    /// What became of planning a leg of a staff exchange.
    ScheduleStaffExchangePayload {
        /// The output in the plan; null where nothing was done.
        output: Output = output_at
    }
    /// What became of planning a visit.
    ScheduleVisitPayload {
        /// The output in the plan; null where nothing was done.
        output: Output = output_at
    }
    /// What became of planning a conference or meeting.
    ScheduleEventPayload {
        /// The output in the plan; null where nothing was done.
        output: Output = output_at
    }
    /// What became of planning a workshop held by champions.
    ScheduleChampionWorkshopPayload {
        /// The output in the plan; null where nothing was done.
        output: Output = output_at
    }
    /// What became of planning an action plan.
    PlanActionPlanPayload {
        /// The output in the plan; null where nothing was done.
        output: Output = output_at
    }
    /// What became of planning a policy.
    PlanPolicyPayload {
        /// The output in the plan; null where nothing was done.
        output: Output = output_at
    }
    /// What became of planning an integration champion.
    SelectChampionPayload {
        /// The output in the plan; null where nothing was done.
        output: Output = output_at
    }
    /// What became of planning a guide.
    PlanGuidePayload {
        /// The output in the plan; null where nothing was done.
        output: Output = output_at
    }
    /// What became of planning a video.
    PlanVideoPayload {
        /// The output in the plan; null where nothing was done.
        output: Output = output_at
    }
}

/// What puts outputs into the plan.
#[derive(Debug, Default)]
pub struct OutputPlans;

#[Object]
impl OutputPlans {
    /// Puts a leg of a staff exchange into the plan: leg 1 is hosted by the mentor, leg 2 by who implements. For the coordinator, and
    /// the expert of its community.
    ///
    /// Codes beside those of all outputs: LEG_TAKEN, LEGS_COMPLETE, WRONG_HOST, and LEG_TOO_SHORT unless a reason is given. Warnings: LEG_LONG, OVERLAPPING_TRAVEL.
    async fn schedule_staff_exchange(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is planned.")] input: ScheduleStaffExchangeInput,
    ) -> Result<Option<ScheduleStaffExchangePayload>> {
        let detail = Detail::StaffExchange {
            pairing: named(&input.pairing),
            leg: input.leg,
        };
        let settled = planned(
            ctx,
            "scheduleStaffExchange",
            &input.project,
            input.output,
            detail,
        )
        .await?;
        Ok(Some(settled.into()))
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
        let detail = Detail::Visit {
            number: input.number,
            organiser: input.organiser.as_ref().map(named),
        };
        let settled = planned(ctx, "scheduleVisit", &input.project, input.output, detail).await?;
        Ok(Some(settled.into()))
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
        let detail = Detail::Event {
            kind: input.kind.into(),
            about_participants: input.about_participants,
            website: input.website,
        };
        let settled = planned(ctx, "scheduleEvent", &input.project, input.output, detail).await?;
        Ok(Some(settled.into()))
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
        let detail = Detail::ChampionWorkshop {
            about_participants: input.about_participants,
        };
        let settled = planned(
            ctx,
            "scheduleChampionWorkshop",
            &input.project,
            input.output,
            detail,
        )
        .await?;
        Ok(Some(settled.into()))
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
        let detail = Detail::ActionPlan {
            kind: input.kind.into(),
            period: input.period,
            document_url: input.document_url,
        };
        let settled = planned(ctx, "planActionPlan", &input.project, input.output, detail).await?;
        Ok(Some(settled.into()))
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
        let detail = Detail::Policy {
            kind: input.kind.into(),
            plan: input.plan.as_ref().map(named),
            grant_minor: input.grant_minor.map(|amount| amount.0),
            currency: input.currency.unwrap_or_else(|| "EUR".to_owned()),
            beneficiaries: input.beneficiaries,
        };
        let settled = planned(ctx, "planPolicy", &input.project, input.output, detail).await?;
        Ok(Some(settled.into()))
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
        let detail = Detail::Champion {
            person: input.person.as_ref().map(named),
            role_title: input.role_title,
            selected: input.selected.map(|date| date.0),
        };
        let settled = planned(ctx, "selectChampion", &input.project, input.output, detail).await?;
        Ok(Some(settled.into()))
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
        let detail = Detail::Guide {
            language: input.language,
            landing_url: input.landing_url,
        };
        let settled = planned(ctx, "planGuide", &input.project, input.output, detail).await?;
        Ok(Some(settled.into()))
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
        let detail = Detail::Video {
            language: input.language,
            url: input.url,
        };
        let settled = planned(ctx, "planVideo", &input.project, input.output, detail).await?;
        Ok(Some(settled.into()))
    }

    /// Changes what an output says of itself; its dates are moved with `rescheduleOutput`. For its
    /// lead, host or parties, the expert of its community and the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, NOT_FOUND, WRONG_HOST, WRONG_KIND, OUT_OF_RANGE, TOO_LONG,
    /// ENDS_BEFORE_START, NOT_A_LANGUAGE. Warning: OVERLAPPING_TRAVEL.
    async fn edit_output(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which output, and what is changed.")] input: EditOutputInput,
    ) -> Result<Option<EditOutputPayload>> {
        let edit = Edit {
            title: input.title.map(localized),
            lead: changed(input.lead, |id| named(&id)),
            host: changed(input.host, |id| named(&id)),
            mode: changed(input.mode, Into::into),
            place: changed(input.place, |text| text),
            platform: changed(input.platform, |text| text),
            planned_from: changed(input.planned_from, |date| date.0),
            planned_to: changed(input.planned_to, |date| date.0),
            due_on: changed(input.due_on, |date| date.0),
            note: changed(input.note, |text| text),
            learned: changed(input.learned, |text| text),
            adapted: changed(input.adapted, |text| text),
            participants: input.participants.map(participants),
        };
        let (id, version) = (input.id, input.expected_version);
        moved(
            ctx,
            "editOutput",
            &id,
            version,
            Viewer::party_to,
            |draft, right, output| plan::edit(draft, right, output, edit),
        )
        .await
    }
}
