//! Mutations of evidence and endorsements.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, OneofObject, Result};
use domain::{
    command::{
        Command,
        evidence::{self, Proof},
    },
    files::quota::Quota,
    record::{Endorsement, Entry, Evidence as EvidenceRecord, Record},
    viewer::{Credential, SignedIn, Viewer},
};
use entities::{EndorsementId, EvidenceId, UploadId, upload};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{
    execute::{execute, find_entry, find_output},
    input::{InputFields, TranslationInput, named},
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
    /// The place in the source, such as a page; the whole source if left out.
    locator: Option<String>,
}

/// The proof that an output took place or was produced: exactly one of these.
#[derive(Clone, Debug, OneofObject)]
pub enum ProofInput {
    /// A web address.
    Url(String),
    /// A place in a source of the project.
    Source(SourceProofInput),
    /// A file that you uploaded, for this project if you named one: the id from the response of
    /// `POST /uploads`.
    Upload(ID),
}

/// The fields of new evidence.
#[derive(Clone, Debug, InputObject)]
pub struct AddEvidenceInput {
    /// The id of the output that it proves.
    output: ID,
    /// The output's `version` that the client read. The mutation is refused with CONFLICT if it has
    /// changed since.
    expected_version: Option<String>,
    /// The title.
    title: Option<String>,
    /// The proof.
    proof: ProofInput,
    /// Its title in other languages.
    translations: Option<Vec<TranslationInput>>,
}

/// The evidence to remove.
#[derive(Clone, Debug, InputObject)]
pub struct RemoveEvidenceInput {
    /// The id of the evidence.
    id: ID,
    /// The evidence's `version` that the client read. The mutation is refused with CONFLICT if it has
    /// changed since.
    expected_version: Option<String>,
}

/// The fields of a new endorsement: the adoption of an action plan by a public body.
#[derive(Clone, Debug, InputObject)]
pub struct EndorseActionPlanInput {
    /// The id of the action plan.
    id: ID,
    /// The `version` that the client read. The mutation is refused with CONFLICT if it has changed
    /// since.
    expected_version: Option<String>,
    /// The public body, such as a city council.
    body: String,
    /// The date of adoption, as precisely as it is known.
    endorsed: Option<PartialDate>,
    /// The web address of the decision.
    document_url: Option<String>,
    /// The name of the public body in other languages.
    translations: Option<Vec<TranslationInput>>,
}

/// The endorsement to remove.
#[derive(Clone, Debug, InputObject)]
pub struct RemoveEndorsementInput {
    /// The id of the endorsement.
    id: ID,
    /// The endorsement's `version` that the client read. The mutation is refused with CONFLICT if it
    /// has changed since.
    expected_version: Option<String>,
}

payload! {
    /// The result of `addEvidence`.
    AddEvidencePayload {
        /// The output with the evidence. Null if the mutation was refused; on CONFLICT its current
        /// state.
        output: Output = output_at
    }
    /// The result of `removeEvidence`.
    RemoveEvidencePayload {
        /// The output without the evidence. Null if the mutation was refused; on CONFLICT its
        /// current state.
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
        /// The action plan without the endorsement. Null if the mutation was refused; on CONFLICT
        /// its current state.
        output: Output = output_at
    }
}

/// The mutations of evidence and endorsements.
#[derive(Debug, Default)]
pub struct EvidenceVerbs;

#[Object]
impl EvidenceVerbs {
    /// Adds evidence to an output whose report is not verified yet. For its lead, host or parties,
    /// the expert of its community and the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, WRONG_STATE, NOT_FOUND, NOT_A_URL, REQUIRED, TOO_LONG,
    /// NOT_A_LANGUAGE, TWICE, OUT_OF_RANGE, QUOTA_EXCEEDED if the files of the project would take more than they may.
    async fn add_evidence(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The output, and the evidence to add.")] input: AddEvidenceInput,
    ) -> Result<Option<AddEvidencePayload>> {
        let mut fields = InputFields::new(ctx, &input)?;
        let _ = fields.take("proof");
        let proof = match input.proof {
            ProofInput::Url(url) => Proof::Url(url),
            ProofInput::Source(place) => Proof::Source {
                source: named(&place.source),
                locator: place.locator,
            },
            ProofInput::Upload(id) => Proof::File {
                upload: own_upload(ctx, &id).await?,
                quota: ctx.data::<Quota>()?.project,
            },
        };
        let (id, version) = (input.output, input.expected_version);
        change_output(
            ctx,
            "addEvidence",
            &id,
            version,
            Viewer::party_to,
            |draft, right, output| {
                let fields = fields.of(draft, EvidenceRecord::FIELDS);
                evidence::add(draft, right, output, fields, proof).map(drop)
            },
        )
        .await
    }

    /// Removes evidence from an output that is still open. For its lead, host or parties, the
    /// expert of its community and the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, WRONG_STATE if the output is reported, verified or cancelled.
    async fn remove_evidence(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the evidence to remove.")] input: RemoveEvidenceInput,
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
        Ok(Some(Box::pin(outcome).await?.into()))
    }

    /// Records that a public body adopted an action plan. For its lead, host or parties, the expert
    /// of its community and the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, WRONG_KIND, WRONG_STATE if the plan is cancelled, REQUIRED,
    /// TOO_LONG, OUT_OF_RANGE, NOT_A_URL, NOT_A_LANGUAGE, TWICE.
    async fn endorse_action_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The action plan, and its adoption.")] input: EndorseActionPlanInput,
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

    /// Removes an endorsement from an action plan that is not verified. For its lead, host or
    /// parties, the expert of its community and the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, WRONG_STATE if the plan is verified.
    async fn remove_endorsement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the endorsement to remove.")] input: RemoveEndorsementInput,
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
        Ok(Some(Box::pin(outcome).await?.into()))
    }
}

/// A file that the viewer uploaded; `None` if there is none with this id. A token has what was sent to
/// its own project.
async fn own_upload(ctx: &Context<'_>, id: &ID) -> Result<Option<upload::Model>> {
    if viewer(ctx) == Viewer::Anonymous {
        return Err(super::execute::sign_in());
    }
    let Ok(row) = id.parse::<uuid::Uuid>() else {
        return Ok(None);
    };
    let owner = match viewer(ctx).person() {
        Some(person) => upload::Column::PersonId.eq(person),
        None => upload::Column::PersonId.is_null(),
    };
    let mut wanted = upload::Entity::find_by_id(UploadId(row)).filter(owner);
    if let Viewer::Person(SignedIn {
        by: Credential::Token { project, .. },
        ..
    }) = viewer(ctx)
    {
        wanted = wanted.filter(upload::Column::ProjectId.eq(project));
    }
    let store = ctx.data::<Arc<Reads>>()?.store();
    let found = wanted.one(store.db()).await;
    found.map_err(|error| error::internal(&error))
}
