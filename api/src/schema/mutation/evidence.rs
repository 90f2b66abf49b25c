//! Evidence and endorsements.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, OneofObject, Result};
use domain::{
    command::{
        Command,
        evidence::{self, Proof},
    },
    record::{Endorsement, Entry, Record},
    viewer::Viewer,
};
use entities::{EndorsementId, EvidenceId, UploadId, upload};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{
    execute::{execute, find_entry, find_output},
    input::{InputFields, named},
    output::{change_output, output_at},
};
use crate::schema::{
    base::{error, payload::payload, reads::Reads, scalar::PartialDate, view::viewer},
    types::output::Output,
};

/// A place in a source of the project.
#[derive(Clone, Debug, InputObject)]
pub struct SourceProofInput {
    /// The source: its id or key.
    source: ID,
    /// The place in it, such as a page.
    locator: Option<String>,
}

/// What shows that an output is done: one of these.
#[derive(Clone, Debug, OneofObject)]
pub enum ProofInput {
    /// An address on the web.
    Url(String),
    /// A place in a source of the project.
    Source(SourceProofInput),
    /// A file that you have sent to `POST /uploads`, by the id that the answer gave.
    Upload(ID),
}

/// What is added as evidence.
#[derive(Clone, Debug, InputObject)]
pub struct AddEvidenceInput {
    /// The output that it shows to be done.
    output: ID,
    /// The output's `version` that the client read. The mutation is refused with CONFLICT if it has
    /// changed since.
    expected_version: Option<String>,
    /// What it is called.
    title: Option<String>,
    /// What shows it.
    proof: ProofInput,
}

/// Which evidence is taken away.
#[derive(Clone, Debug, InputObject)]
pub struct RemoveEvidenceInput {
    /// The evidence.
    id: ID,
    /// The evidence's `version` that the client read. The mutation is refused with CONFLICT if it has
    /// changed since.
    expected_version: Option<String>,
}

/// Who adopted an action plan.
#[derive(Clone, Debug, InputObject)]
pub struct EndorseActionPlanInput {
    /// The action plan.
    id: ID,
    /// The `version` that the client read. The mutation is refused with CONFLICT if it has changed
    /// since.
    expected_version: Option<String>,
    /// The public body, such as a city council.
    body: String,
    /// When it adopted the plan, as exactly as it is known.
    endorsed: Option<PartialDate>,
    /// Where its decision can be read.
    document_url: Option<String>,
}

/// Which adoption is taken back.
#[derive(Clone, Debug, InputObject)]
pub struct RemoveEndorsementInput {
    /// The endorsement.
    id: ID,
    /// The endorsement's `version` that the client read. The mutation is refused with CONFLICT if it
    /// has changed since.
    expected_version: Option<String>,
}

payload! {
    /// The result of `addEvidence`.
    AddEvidencePayload {
        /// The output with it. Null if the mutation was refused; on CONFLICT its current state.
        output: Output = output_at
    }
    /// The result of `removeEvidence`.
    RemoveEvidencePayload {
        /// The output without it. Null if the mutation was refused; on CONFLICT its current state.
        output: Output = output_at
    }
    /// The result of `endorseActionPlan`.
    EndorseActionPlanPayload {
        /// The updated action plan. Null if the mutation was refused; on CONFLICT its current
        /// state.
        output: Output = output_at
    }
    /// The result of `removeEndorsement`.
    RemoveEndorsementPayload {
        /// The action plan without it. Null if the mutation was refused; on CONFLICT its current
        /// state.
        output: Output = output_at
    }
}

/// What shows that outputs are done.
#[derive(Debug, Default)]
pub struct EvidenceVerbs;

#[Object]
impl EvidenceVerbs {
    /// Adds a means of verification to an output, until its report is accepted. For its lead, host
    /// or parties, the expert of its community and the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, WRONG_STATE, NOT_FOUND, NOT_A_URL, REQUIRED, TOO_LONG.
    async fn add_evidence(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is added.")] input: AddEvidenceInput,
    ) -> Result<Option<AddEvidencePayload>> {
        let proof = match input.proof {
            ProofInput::Url(url) => Proof::Url(url),
            ProofInput::Source(place) => Proof::Source {
                source: named(&place.source),
                locator: place.locator,
            },
            ProofInput::Upload(id) => Proof::File(own_upload(ctx, &id).await?),
        };
        let (id, version, title) = (input.output, input.expected_version, input.title);
        change_output(
            ctx,
            "addEvidence",
            &id,
            version,
            Viewer::party_to,
            |draft, right, output| evidence::add(draft, right, output, title, proof).map(drop),
        )
        .await
    }

    /// Takes evidence away from an output that is still open. For its lead, host or parties, the
    /// expert of its community and the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, WRONG_STATE where it is reported, verified or cancelled.
    async fn remove_evidence(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which evidence.")] input: RemoveEvidenceInput,
    ) -> Result<Option<RemoveEvidencePayload>> {
        let subject = find_entry(ctx, &input.id, Entry::Evidence).await?;
        let evidence = EvidenceId(subject.row);
        let mut rows = subject.project.evidence.iter();
        let output = rows
            .find(|row| row.id == evidence)
            .map_or(subject.row.into(), |row| row.output_id);
        let version = input.expected_version;
        let subject = subject.beside(output);
        let outcome = execute(ctx, &subject, Command::new("removeEvidence"), |draft| {
            draft.still(output)?;
            let right = draft.viewer.party_to(&draft.project(), output)?;
            evidence::remove(draft, &right, output, evidence, version.as_deref())?;
            Ok(output.into())
        });
        Ok(Some(outcome.await?.into()))
    }

    /// Records that a public body adopted an action plan. For its lead, host or parties, the expert
    /// of its community and the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, WRONG_KIND, WRONG_STATE where the plan is cancelled, REQUIRED,
    /// TOO_LONG, OUT_OF_RANGE, NOT_A_URL.
    async fn endorse_action_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which plan, and who adopted it.")] input: EndorseActionPlanInput,
    ) -> Result<Option<EndorseActionPlanPayload>> {
        let fields = InputFields::new(ctx, &input)?;
        let (id, version) = (input.id, input.expected_version);
        find_output(ctx, &id).await?;
        change_output(
            ctx,
            "endorseActionPlan",
            &id,
            version,
            Viewer::party_to,
            |draft, right, output| {
                let fields = fields.of(draft, Endorsement::FIELDS);
                evidence::endorse(draft, right, output, fields)
            },
        )
        .await
    }

    /// Takes back that a public body adopted an action plan, as long as the plan is not verified. For
    /// its lead, host or parties, the expert of its community and the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, WRONG_STATE where the plan is verified.
    async fn remove_endorsement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which adoption.")] input: RemoveEndorsementInput,
    ) -> Result<Option<RemoveEndorsementPayload>> {
        let subject = find_entry(ctx, &input.id, Entry::Endorsement).await?;
        let endorsement = EndorsementId(subject.row);
        let mut rows = subject.project.endorsements.iter();
        let output = rows
            .find(|row| row.id == endorsement)
            .map_or(subject.row.into(), |row| row.output_id);
        let version = input.expected_version;
        let subject = subject.beside(output);
        let outcome = execute(ctx, &subject, Command::new("removeEndorsement"), |draft| {
            draft.still(output)?;
            let right = draft.viewer.party_to(&draft.project(), output)?;
            let version = version.as_deref();
            evidence::remove_endorsement(draft, &right, output, endorsement, version)?;
            Ok(output.into())
        });
        Ok(Some(outcome.await?.into()))
    }
}

/// A file that the viewer themself has sent.
async fn own_upload(ctx: &Context<'_>, id: &ID) -> Result<Option<upload::Model>> {
    if viewer(ctx) == Viewer::Anonymous {
        return Err(super::execute::sign_in());
    }
    let Ok(row) = id.parse::<uuid::Uuid>() else {
        return Ok(None);
    };
    let store = ctx.data::<Arc<Reads>>()?.store();
    upload::Entity::find_by_id(UploadId(row))
        .filter(match viewer(ctx).person() {
            Some(person) => upload::Column::PersonId.eq(person),
            None => upload::Column::PersonId.is_null(),
        })
        .one(store.db())
        .await
        .map_err(|error| error::internal(&error))
}
