//! Changing what an output says of itself.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use domain::{
    command::{Draft, Fields, edit},
    record::{Detail, Kind, Output as OutputRecord, Record},
    viewer::Viewer,
};

use super::{
    detail::{
        ActionPlanDetailInput, ChampionDetailInput, ChampionWorkshopDetailInput, EventDetailInput,
        GuideDetailInput, PolicyDetailInput, StaffExchangeDetailInput, VideoDetailInput,
        VisitDetailInput,
    },
    entries::{AgendaItemInput, LearningInput, ParticipantInput},
    input::{InputFields, TextInput, TranslationInput},
    output::{change_output, output_at},
};
use crate::schema::{
    base::{
        payload::payload,
        scalar::{Date, PartialDate},
    },
    types::{output::Output, vocabulary::MeetingMode},
};

/// What is changed of an output; what is left out stays as it is, null takes it away. A list replaces
/// the one before; its entries that stay the same keep where they come from.
#[derive(Clone, Debug, InputObject)]
pub struct EditOutputInput {
    /// The output.
    id: ID,
    /// The `version` that the client read. The mutation is refused with CONFLICT if it has changed
    /// since.
    expected_version: Option<String>,
    /// Its title by language; replaces all languages.
    title: Option<Vec<TextInput>>,
    /// The community that it belongs to: its id or key. It takes the right to both to move it.
    community: MaybeUndefined<ID>,
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
    /// How many days it lasts, where the days themselves are not known.
    days: MaybeUndefined<i32>,
    /// The day by which it should be reported.
    due_on: MaybeUndefined<Date>,
    /// A remark.
    note: MaybeUndefined<String>,
    /// Who takes part; replaces all of them.
    participants: Option<Vec<ParticipantInput>>,
    /// Its agenda, in order; replaces all of it.
    agenda: Option<Vec<AgendaItemInput>>,
    /// Challenges, advice and lessons, in order; replaces all of them.
    learning: Option<Vec<LearningInput>>,
    /// The `participantsVersion` that the client read; needed to replace participants.
    participants_version: Option<String>,
    /// The `agendaVersion` that the client read; needed to replace the agenda.
    agenda_version: Option<String>,
    /// The `learningVersion` that the client read; needed to replace learning.
    learning_version: Option<String>,
    /// The action plan's `measuresVersion` that the client read; needed to replace measures.
    measures_version: Option<String>,
    /// The action plan's `stakeholdersVersion` that the client read; needed to replace stakeholders.
    stakeholders_version: Option<String>,
    /// The champion's `trainingsVersion` that the client read; needed to replace trainings.
    trainings_version: Option<String>,
    /// Of a staff exchange. Its pairing and its leg stay as planned.
    staff_exchange: Option<StaffExchangeDetailInput>,
    /// Of a visit.
    visit: Option<VisitDetailInput>,
    /// Of a conference or meeting.
    event: Option<EventDetailInput>,
    /// Of an action plan.
    action_plan: Option<ActionPlanDetailInput>,
    /// Of a policy.
    policy: Option<PolicyDetailInput>,
    /// Of an integration champion.
    champion: Option<ChampionDetailInput>,
    /// Of a workshop held by champions.
    champion_workshop: Option<ChampionWorkshopDetailInput>,
    /// Of a guide.
    guide: Option<GuideDetailInput>,
    /// Of a video.
    video: Option<VideoDetailInput>,
    /// Its texts in other languages: those that are named change, the others stay.
    translations: Option<Vec<TranslationInput>>,
}

/// The fields of an output; those of its kind stand in the field of the kind.
pub fn output_fields(draft: &Draft, mut input: InputFields) -> Fields {
    let details: Vec<_> = Kind::ALL
        .iter()
        .filter_map(|kind| match kind {
            Kind::Output(kind) => Some(*kind),
            _ => None,
        })
        .filter_map(|kind| {
            let (_, field) = Kind::detail(kind);
            let detail = input.take(field)?.of(draft, Detail::fields(kind));
            Some((field, detail))
        })
        .collect();
    let mut fields = input.of(draft, OutputRecord::FIELDS);
    for (field, detail) in details {
        fields.nest(field, detail);
    }
    fields
}

payload! {
    /// The result of `editOutput`.
    EditOutputPayload {
        /// The updated output. Null if the mutation was refused; on CONFLICT its current state.
        output: Output = output_at
    }
}

/// What changes outputs that stand in the plan.
#[derive(Debug, Default)]
pub struct OutputEdits;

#[Object]
impl OutputEdits {
    /// Changes what an output says of itself, with what its kind alone says under the field of its
    /// kind; its dates are moved with `rescheduleOutput`. For its lead, host or parties, the expert of
    /// its community and the coordinator.
    ///
    /// What is reported keeps its lead until it is sent back: whose report it is may be known by that
    /// alone. What is verified or cancelled stays as it is until `reopenOutput` takes it up again. Only
    /// this may still be edited: its note; what was learned and adapted in a staff exchange; more
    /// challenges, advice and lessons, and of those that are there, each known by its body, what kind
    /// they are and whose, while none of them goes; and the state of a plan's measures.
    ///
    /// Grants are the coordinator's alone: `policy.grantMinor` and `policy.currency` are FORBIDDEN for
    /// others. Challenges, advice and lessons that another partner said stay as they are in a list that
    /// a lead, host or party replaces (FORBIDDEN at `learning`).
    ///
    /// Fields that the mutation leaves alone are not checked.
    ///
    /// Codes: FORBIDDEN, CONFLICT, WRONG_STATE where it is verified or cancelled, WRONG_KIND for the
    /// field of another kind, WRONG_HOST, LEG_TOO_SHORT where `days` of a leg are fewer than its
    /// pairing says, NOT_FOUND, REQUIRED, OUT_OF_RANGE, TOO_LONG, TWICE, PARTNER_LEFT, ENDS_BEFORE_START,
    /// NOT_A_LANGUAGE, NOT_A_URL; for the version of a list that is replaced CONFLICT, and REQUIRED
    /// where the list is not empty. Warnings: OVERLAPPING_TRAVEL, OVERLAPPING_VISITS, LEG_LONG,
    /// OUTSIDE_PROJECT where the planned window or the due day comes to lie outside the project.
    async fn edit_output(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which output, and what is changed.")] input: EditOutputInput,
    ) -> Result<Option<EditOutputPayload>> {
        let fields = InputFields::new(ctx, &input)?;
        let (id, version) = (input.id, input.expected_version);
        change_output(
            ctx,
            "editOutput",
            &id,
            version,
            Viewer::party_to,
            |draft, right, output| {
                let fields = output_fields(draft, fields);
                edit::edit(draft, right, output, fields)
            },
        )
        .await
    }
}
