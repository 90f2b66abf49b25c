//! What organisations say of themselves, whatever project shows them.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use domain::{
    command::{Command, organisation},
    record::{Kind, Organisation as OrganisationRecord, Record},
};
use entities::OrganisationId;
use uuid::Uuid;

use super::{
    execute::{RecordInput, coordinates, edit_record},
    input::InputFields,
};
use crate::schema::{
    base::{payload::payload, view::View},
    types::{organisation::Organisation, vocabulary::OrganisationKind},
};

fn organisation_at(view: &View, id: Uuid) -> Option<Organisation> {
    let row = view.organisations.iter().find(|row| row.id.0 == id)?;
    Some(Organisation::new(view, row.id))
}

/// An organisation that no project has yet.
#[derive(Clone, Debug, InputObject)]
pub struct NewOrganisationInput {
    /// Names it in every project, for good, such as `torino`.
    pub key: String,
    /// What it is by itself, whatever its part in a project.
    kind: OrganisationKind,
    /// Its name in English texts.
    name: String,
    /// Its name at home, where that differs.
    native_name: Option<String>,
    /// ISO 3166-1 alpha-2, such as `IT`; Greece is `GR`.
    country: Option<String>,
    /// The IANA name of its time zone: mail comes at its local morning.
    time_zone: String,
    /// The language in which it works, as a BCP 47 tag.
    locale: String,
    /// Degrees north; with `longitude`.
    latitude: Option<f64>,
    /// Degrees east; with `latitude`.
    longitude: Option<f64>,
}

/// What is changed of an organisation; what is left out stays as it is, null takes it away.
#[derive(Clone, Debug, InputObject)]
pub struct EditOrganisationInput {
    /// The organisation, as seen from a project that you coordinate.
    id: ID,
    /// The `version` that the client read. The mutation is refused with CONFLICT if it has changed
    /// since.
    expected_version: Option<String>,
    /// What it is by itself.
    kind: Option<OrganisationKind>,
    /// Its name in English texts.
    name: Option<String>,
    /// Its name at home, where that differs.
    native_name: MaybeUndefined<String>,
    /// ISO 3166-1 alpha-2.
    country: MaybeUndefined<String>,
    /// The IANA name of its time zone.
    time_zone: Option<String>,
    /// The language in which it works, as a BCP 47 tag.
    locale: Option<String>,
    /// Degrees north; with `longitude`.
    latitude: MaybeUndefined<f64>,
    /// Degrees east; with `latitude`.
    longitude: MaybeUndefined<f64>,
}

payload! {
    /// The result of `editOrganisation`.
    EditOrganisationPayload {
        /// The updated organisation. Null if the mutation was refused; on CONFLICT its current
        /// state.
        organisation: Organisation = organisation_at
    }
}

/// What changes organisations.
#[derive(Debug, Default)]
pub struct OrganisationChanges;

#[Object]
impl OrganisationChanges {
    /// Changes what an organisation says of itself; its key stays. Organisations are shared: it
    /// changes in every project that shows it, and raises the revision of each. For the coordinator
    /// of any project in which it is a partner; a new one is made by `addPartner`.
    ///
    /// Codes: FORBIDDEN, CONFLICT, REQUIRED, TOO_LONG, NOT_A_COUNTRY, NOT_A_ZONE, NOT_A_LANGUAGE,
    /// OUT_OF_RANGE.
    async fn edit_organisation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which organisation, and what is changed.")] input: EditOrganisationInput,
    ) -> Result<Option<EditOrganisationPayload>> {
        let fields = InputFields::new(ctx, &input)?;
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
                organisation::edit(draft, right, OrganisationId(id), fields)
            },
        )
        .await
    }
}
