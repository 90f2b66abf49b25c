//! Mutations of organisations, which all projects share.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use domain::{
    command::{Command, Reason, organisation},
    record::{Kind, Organisation as OrganisationRecord, Record},
};
use entities::OrganisationId;
use uuid::Uuid;

use super::{
    execute::{RecordInput, coordinates, edit_record},
    input::{InputFields, TranslationInput},
    proposal::proposal_at,
};
use crate::schema::{
    base::{payload::payload, scalar::Date, view::View},
    types::{organisation::Organisation, proposal::Proposal, vocabulary::OrganisationKind},
};

fn organisation_at(view: &View, id: Uuid) -> Option<Organisation> {
    let mut proposals = view.proposals.iter();
    let proposal = proposals.find(|row| row.id.0 == id);
    let id = proposal.map_or(Some(id), |row| row.record_id)?;
    let row = view.organisations.iter().find(|row| row.id.0 == id)?;
    Some(Organisation::new(view, row.id))
}

/// The fields of an organisation that is not in any project yet.
#[derive(Clone, Debug, InputObject)]
pub struct NewOrganisationInput {
    /// The key, unique in all projects, such as `torino`. It never changes.
    pub key: String,
    /// The kind of organisation, which does not depend on its role in a project.
    kind: OrganisationKind,
    /// The name used in English texts.
    name: String,
    /// The name in its own language, if that differs.
    native_name: Option<String>,
    /// The country as an ISO 3166-1 alpha-2 code, such as `IT`; Greece is `GR`.
    country: Option<String>,
    /// The IANA name of its time zone, in which mail is sent in the morning.
    time_zone: String,
    /// Its working language, as a BCP 47 tag.
    locale: String,
    /// The latitude in degrees north. Give it together with `longitude`.
    latitude: Option<f64>,
    /// The longitude in degrees east. Give it together with `latitude`.
    longitude: Option<f64>,
    /// Its texts in other languages: those that are named change, the others stay.
    translations: Option<Vec<TranslationInput>>,
}

/// The fields of an organisation to edit: a field that is left out stays as it is, null empties it.
#[derive(Clone, Debug, InputObject)]
pub struct EditOrganisationInput {
    /// The id of the organisation, read from a project that you coordinate.
    id: ID,
    /// The `version` that the client read. The mutation is refused with CONFLICT if it has changed
    /// since.
    expected_version: Option<String>,
    /// The kind of organisation, which does not depend on its role in a project.
    kind: Option<OrganisationKind>,
    /// The name used in English texts.
    name: Option<String>,
    /// The name in its own language, if that differs.
    native_name: MaybeUndefined<String>,
    /// The country as an ISO 3166-1 alpha-2 code, such as `IT`; Greece is `GR`.
    country: MaybeUndefined<String>,
    /// The IANA name of its time zone, in which mail is sent in the morning.
    time_zone: Option<String>,
    /// Its working language, as a BCP 47 tag.
    locale: Option<String>,
    /// The latitude in degrees north. Give it together with `longitude`.
    latitude: MaybeUndefined<f64>,
    /// The longitude in degrees east. Give it together with `latitude`.
    longitude: MaybeUndefined<f64>,
    /// Its texts in other languages: those that are named change, the others stay.
    translations: Option<Vec<TranslationInput>>,
    /// Why; required where the coordinators of other projects have to agree, who read it.
    reason: Option<String>,
    /// The last day on which these can agree; in 14 days if left out.
    until: Option<Date>,
}

payload! {
    /// The result of `editOrganisation`.
    EditOrganisationPayload {
        /// The updated organisation. Null if the mutation was refused; on CONFLICT its current
        /// state.
        organisation: Organisation = organisation_at,
        /// The proposal that the edit became, since others have to agree; the organisation is as before
        /// then. Null if it was edited.
        proposal: Proposal = proposal_at
    }
}

/// The mutations of organisations.
#[derive(Debug, Default)]
pub struct OrganisationChanges;

#[Object]
impl OrganisationChanges {
    /// Edits an organisation. Its key cannot be changed. Organisations are shared: the edit applies
    /// to every project that shows it, and raises the revision of each. Where other coordinators have to
    /// agree, it becomes a proposal to them, with a `reason`, and nothing changes before each of them has
    /// accepted it. `addPartner` creates new ones. For the coordinator of any project in which it is a
    /// partner.
    ///
    /// Codes: FORBIDDEN, CONFLICT, REASON_REQUIRED where others have to agree, TAKEN where your project
    /// has an open proposal about it already, REQUIRED, TOO_LONG, NOT_A_COUNTRY, NOT_A_ZONE, NOT_A_LANGUAGE,
    /// OUT_OF_RANGE, for an `until` before today, too. Warning: PROPOSED.
    async fn edit_organisation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the organisation, and the fields to change.")]
        input: EditOrganisationInput,
    ) -> Result<Option<EditOrganisationPayload>> {
        let mut fields = InputFields::new(ctx, &input)?;
        for own in ["reason", "until"] {
            drop(fields.take(own));
        }
        let reason = Reason {
            reason: input.reason.unwrap_or_default(),
            until: input.until.map(|day| day.0),
        };
        let record = RecordInput {
            kind: Kind::Organisation,
            id: &input.id,
            version: input.expected_version,
        };
        edit_record(
            ctx,
            Command::shared("editOrganisation"),
            record,
            coordinates,
            |draft, right, id| {
                let fields = fields.of(draft, OrganisationRecord::FIELDS);
                organisation::edit(draft, right, OrganisationId(id), fields, reason)
            },
        )
        .await
    }
}
