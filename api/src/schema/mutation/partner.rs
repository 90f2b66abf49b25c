//! Organisations join a project, play a part in it, and may leave.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use domain::{
    command::{
        Command, Named,
        partner::{self, NewPartner},
    },
    record::{Kind, Organisation, Partner as PartnerRecord, Record},
};
use entities::PartnerId;
use uuid::Uuid;

use super::{
    execute::{RecordInput, coordinates, edit_record, execute, find_project},
    input::{InputFields, named},
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

/// A partner to be. Give either `organisation` or `newOrganisation`.
#[derive(Clone, Debug, InputObject)]
pub struct AddPartnerInput {
    /// The project: its key or id.
    project: String,
    /// An organisation that some project has already: its key or id.
    organisation: Option<ID>,
    /// One that no project has yet.
    new_organisation: Option<NewOrganisationInput>,
    /// The part that it plays.
    kind: PartnerKind,
    /// The partner through which it acts: its id, or its organisation's key.
    via: Option<ID>,
    /// Who acts for it, where that body has another name.
    acting_body: Option<String>,
    /// When it joined.
    joined_on: Option<Date>,
    /// A remark.
    note: Option<String>,
}

/// What is changed of a partner; what is left out stays as it is, null takes it away.
#[derive(Clone, Debug, InputObject)]
pub struct EditPartnerInput {
    /// The partner.
    id: ID,
    /// The `version` that the client read. The mutation is refused with CONFLICT if it has changed
    /// since.
    expected_version: Option<String>,
    /// The part that it plays.
    kind: Option<PartnerKind>,
    /// The partner through which it acts: its id, or its organisation's key.
    via: MaybeUndefined<ID>,
    /// Who acts for it, where that body has another name.
    acting_body: MaybeUndefined<String>,
    /// When it joined.
    joined_on: MaybeUndefined<Date>,
    /// When it left; null: it is back.
    left_on: MaybeUndefined<Date>,
    /// A remark.
    note: MaybeUndefined<String>,
}

/// Which partner leaves, and when.
#[derive(Clone, Debug, InputObject)]
pub struct LeaveProjectInput {
    /// The partner.
    id: ID,
    /// The `version` that the client read. The mutation is refused with CONFLICT if it has changed
    /// since.
    expected_version: Option<String>,
    /// Its last day in the project.
    on: Date,
    /// Why; it is added to the partner's remark.
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

/// What changes partners.
#[derive(Debug, Default)]
pub struct PartnerChanges;

#[Object]
impl PartnerChanges {
    /// Makes an organisation a partner of the project: one that some project has already, or a new
    /// one. For the coordinator.
    ///
    /// Codes: FORBIDDEN, REQUIRED, TWICE where both are given, NOT_FOUND, TAKEN where the key of a
    /// new organisation is another's or a known one is a partner already, NOT_A_KEY, TOO_LONG,
    /// NOT_A_COUNTRY, NOT_A_ZONE, NOT_A_LANGUAGE, OUT_OF_RANGE.
    async fn add_partner(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who joins, and as what.")] input: AddPartnerInput,
    ) -> Result<Option<AddPartnerPayload>> {
        let mut fields = InputFields::new(ctx, &input)?;
        let new_organisation = fields.take("newOrganisation");
        let known = input.organisation.iter().map(named);
        let new = input.new_organisation.iter();
        let new = new.map(|new| Named::Key(new.key.clone()));
        let command = Command {
            organisations: known.chain(new).collect(),
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

    /// Changes a partner's place in the project. A partner that left is back with `leftOn: null`.
    /// For the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, NOT_FOUND, TOO_LONG, TWICE where it would act through itself,
    /// OUT_OF_RANGE for days outside the project, ENDS_BEFORE_START.
    async fn edit_partner(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which partner, and what is changed.")] input: EditPartnerInput,
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

    /// Says that a partner leaves the project; its records stay. For the coordinator.
    ///
    /// Codes: FORBIDDEN, CONFLICT, PARTNER_LEFT where it has left already, ENDS_BEFORE_START before
    /// it joined, OUT_OF_RANGE outside the project, TOO_LONG. Warning: IN_USE with the outputs that
    /// it leads or hosts later.
    async fn leave_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which partner, and when.")] input: LeaveProjectInput,
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
            coordinates,
            |draft, right, id| partner::leave(draft, right, PartnerId(id), on, reason.as_deref()),
        )
        .await
    }
}
