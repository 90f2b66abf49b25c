//! Mutations of partners: organisations that join a project, have a role in it, and may leave.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use domain::{
    command::{
        Command, Named,
        partner::{self, NewPartner},
    },
    project::Project,
    record::{Kind, Organisation, Partner as PartnerRecord, Record},
    viewer::{Denied, LeaverOf, Viewer},
};
use entities::PartnerId;
use uuid::Uuid;

use super::{
    execute::{RecordInput, coordinates, edit_record, execute, find_project},
    input::{InputFields, TranslationInput, named},
    organisation::NewOrganisationInput,
};
use crate::schema::{
    base::{payload::payload, scalar::Date, view::View},
    types::{partner::Partner, vocabulary::PartnerKind},
};

fn partner_at(view: &View, id: Uuid) -> Option<Partner> {
    let row = view.partners.iter().find(|row| row.id.0 == id)?;
    Some(Partner::new(view, row.id))
}

/// The fields of a new partner. Give either `organisation` or `newOrganisation`.
#[derive(Clone, Debug, InputObject)]
pub struct AddPartnerInput {
    /// The project: its key or id.
    project: String,
    /// An organisation that some project shows you: its key or id.
    organisation: Option<ID>,
    /// An organisation that no project shows you. If another one knows it by its key, yours shows what you
    /// say of it here, until the coordinator of such a project agrees to more.
    new_organisation: Option<NewOrganisationInput>,
    /// The kind of partner.
    kind: PartnerKind,
    /// The partner through which it takes part: its id, or the key of its organisation.
    via: Option<ID>,
    /// The body that acts for it, if that has another name.
    acting_body: Option<String>,
    /// The day on which it joined.
    joined_on: Option<Date>,
    /// A remark about the record.
    note: Option<String>,
    /// Its texts in other languages: those that are named change, the others stay.
    translations: Option<Vec<TranslationInput>>,
}

/// The fields of a partner to edit: a field that is left out stays as it is, null empties it.
#[derive(Clone, Debug, InputObject)]
pub struct EditPartnerInput {
    /// The id of the partner.
    id: ID,
    /// The `version` that the client read. The mutation is refused with CONFLICT if it has changed
    /// since.
    expected_version: Option<String>,
    /// The kind of partner.
    kind: Option<PartnerKind>,
    /// The partner through which it takes part: its id, or the key of its organisation.
    via: MaybeUndefined<ID>,
    /// The body that acts for it, if that has another name.
    acting_body: MaybeUndefined<String>,
    /// The day on which it joined.
    joined_on: MaybeUndefined<Date>,
    /// Its last day in the project. Null if it has not left, or has returned.
    left_on: MaybeUndefined<Date>,
    /// A remark about the record.
    note: MaybeUndefined<String>,
    /// Its texts in other languages: those that are named change, the others stay.
    translations: Option<Vec<TranslationInput>>,
}

/// The partner that leaves the project, and its last day.
#[derive(Clone, Debug, InputObject)]
pub struct LeaveProjectInput {
    /// The id of the partner.
    id: ID,
    /// The `version` that the client read. The mutation is refused with CONFLICT if it has changed
    /// since.
    expected_version: Option<String>,
    /// Its last day in the project.
    on: Date,
    /// The reason, which is added to the partner's remark.
    reason: Option<String>,
}

payload! {
    /// The result of `addPartner`.
    AddPartnerPayload {
        /// The new partner. Null if the mutation was refused.
        partner: Partner = partner_at
    }
    /// The result of `editPartner`.
    EditPartnerPayload {
        /// The updated partner. Null if the mutation was refused; on CONFLICT its current state.
        partner: Partner = partner_at
    }
    /// The result of `leaveProject`.
    LeaveProjectPayload {
        /// The updated partner. Null if the mutation was refused; on CONFLICT its current state.
        partner: Partner = partner_at
    }
}

fn leaves(viewer: Viewer, project: &Project, id: Uuid) -> std::result::Result<LeaverOf, Denied> {
    viewer.leaver_of(project, PartnerId(id))
}

/// The mutations of partners.
#[derive(Debug, Default)]
pub struct PartnerChanges;

#[Object]
impl PartnerChanges {
    /// Adds an organisation to the project as a partner: one that is already in some project, or a
    /// new one. For the coordinator.
    ///
    /// Codes: FORBIDDEN, REQUIRED, TWICE if both are given, NOT_FOUND, TAKEN if another
    /// organisation has the key of the new one or an existing one is a partner already, NOT_A_KEY,
    /// TOO_LONG, NOT_A_COUNTRY, NOT_A_ZONE, NOT_A_LANGUAGE, OUT_OF_RANGE.
    async fn add_partner(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The fields of the new partner.")] input: AddPartnerInput,
    ) -> Result<Option<AddPartnerPayload>> {
        let mut fields = InputFields::new(ctx, &input)?;
        let new_organisation = fields.take("newOrganisation");
        let existing = input.organisation.iter().map(named);
        let new = input.new_organisation.iter();
        let new = new.map(|new| Named::Key(new.key.clone()));
        let command = Command {
            organisations: existing.chain(new).collect(),
            ..Command::shared("addPartner")
        };
        let subject = find_project(ctx, &input.project).await?;
        let outcome = execute(ctx, &subject, command, |draft| {
            let right = draft.viewer.coordinator_of(&draft.project())?;
            let new = NewPartner {
                organisation: input.organisation.as_ref().map(named),
                new_organisation: new_organisation
                    .map(|fields| fields.of(draft, Organisation::FIELDS)),
                place: fields.of(draft, PartnerRecord::FIELDS),
            };
            partner::add(draft, &right, new).map(Into::into)
        });
        Ok(Some(Box::pin(outcome).await?.into()))
    }

    /// Edits a partner. `leftOn: null` takes back that it left the project. For the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, NOT_FOUND, TOO_LONG, TWICE if it would take part through itself,
    /// OUT_OF_RANGE for days outside the project, ENDS_BEFORE_START.
    async fn edit_partner(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the partner, and the fields to change.")]
        input: EditPartnerInput,
    ) -> Result<Option<EditPartnerPayload>> {
        let fields = InputFields::new(ctx, &input)?;
        let record = RecordInput {
            kind: Kind::Partner,
            id: &input.id,
            version: input.expected_version,
        };
        edit_record(
            ctx,
            Command::new("editPartner"),
            record,
            coordinates,
            |draft, right, id| {
                let fields = fields.of(draft, PartnerRecord::FIELDS);
                partner::edit(draft, right, PartnerId(id), fields)
            },
        )
        .await
    }

    /// Records that a partner leaves the project; its records stay. For the coordinator, and for the
    /// partner's own people.
    ///
    /// Codes: FORBIDDEN, CONFLICT, PARTNER_LEFT if it has left already, ENDS_BEFORE_START for a day
    /// before it joined, OUT_OF_RANGE for a day outside the project, TOO_LONG. Warning: IN_USE with
    /// the outputs that it is still expected for later, in whatever part.
    async fn leave_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the partner, and its last day.")] input: LeaveProjectInput,
    ) -> Result<Option<LeaveProjectPayload>> {
        let (on, reason) = (input.on.0, input.reason);
        let record = RecordInput {
            kind: Kind::Partner,
            id: &input.id,
            version: input.expected_version,
        };
        edit_record(
            ctx,
            Command::new("leaveProject"),
            record,
            leaves,
            |draft, right, id| partner::leave(draft, right, PartnerId(id), on, reason.as_deref()),
        )
        .await
    }
}
