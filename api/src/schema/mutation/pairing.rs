//! Mutations of pairings: mentors and implementing cities that exchange staff.

use std::result::Result as StdResult;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use domain::{
    command::{Command, pairing},
    project::Project as State,
    record::{Kind, Pairing as PairingRecord, Record},
    viewer::{Denied, EditorOf, Viewer},
};
use entities::PairingId;
use uuid::Uuid;

use super::{
    execute::{RecordInput, edit_record, execute, find_project},
    input::{InputFields, TranslationInput},
    project::project_at,
};
use crate::schema::{
    base::{
        payload::{Outcome, payload},
        view::View,
    },
    types::{pairing::Pairing, project::Project},
};

fn pairing_at(view: &View, id: Uuid) -> Option<Pairing> {
    let row = view.pairings.iter().find(|row| row.id.0 == id)?;
    Some(Pairing::new(view, row.id))
}

/// The right to edit a pairing, which is the right to edit its community.
fn edits(viewer: Viewer, project: &State, id: Uuid) -> StdResult<EditorOf, Denied> {
    viewer.editor_of(project, project.pairing(PairingId(id)).community_id)
}

/// The fields of a new pairing.
#[derive(Clone, Debug, InputObject)]
pub struct CreatePairingInput {
    /// The project: its key or id.
    project: String,
    /// The key, unique in the project, which never changes; generated if left out.
    key: Option<String>,
    /// The community that it belongs to: its id or key. Without one, only the coordinator can
    /// create the pairing.
    community: Option<ID>,
    /// The mentors, which share their experience: the ids of partners, or the keys of their
    /// organisations.
    mentor: Vec<ID>,
    /// The implementing side, which puts a policy into practice: a city, or a group of cities, by
    /// the ids of partners or the keys of their organisations.
    implementing: Vec<ID>,
    /// The number of days of each leg; 5 if left out.
    days_per_leg: Option<i32>,
    /// The result of the pairing, in words.
    result: Option<String>,
    /// A remark about the record.
    note: Option<String>,
    /// Its texts in other languages: those that are named change, the others stay.
    translations: Option<Vec<TranslationInput>>,
}

/// The fields of a pairing to edit: a field that is left out stays as it is, null empties it, a
/// list replaces the list.
#[derive(Clone, Debug, InputObject)]
pub struct EditPairingInput {
    /// The id of the pairing.
    id: ID,
    /// The `version` that the client read. The mutation is refused with CONFLICT if it has changed
    /// since.
    expected_version: Option<String>,
    /// The community that it belongs to: its id or key.
    community: MaybeUndefined<ID>,
    /// The mentors, as the ids of partners or the keys of their organisations; replaces all of
    /// them.
    mentor: Option<Vec<ID>>,
    /// The implementing side, as the ids of partners or the keys of their organisations; replaces
    /// all of them.
    implementing: Option<Vec<ID>>,
    /// The number of days of each leg.
    days_per_leg: Option<i32>,
    /// The result of the pairing, in words.
    result: MaybeUndefined<String>,
    /// A remark about the record.
    note: MaybeUndefined<String>,
    /// Its texts in other languages: those that are named change, the others stay.
    translations: Option<Vec<TranslationInput>>,
}

/// The pairing to remove.
#[derive(Clone, Debug, InputObject)]
pub struct RemovePairingInput {
    /// The id of the pairing.
    id: ID,
    /// The `version` that the client read. The mutation is refused with CONFLICT if it has changed
    /// since.
    expected_version: Option<String>,
}

payload! {
    /// The result of `createPairing`.
    CreatePairingPayload {
        /// The new pairing. Null if the mutation was refused.
        pairing: Pairing = pairing_at
    }
    /// The result of `editPairing`.
    EditPairingPayload {
        /// The updated pairing. Null if the mutation was refused; on CONFLICT its current state.
        pairing: Pairing = pairing_at
    }
    /// The result of `removePairing`.
    RemovePairingPayload {
        /// The project without the pairing. Null if the mutation was refused; on CONFLICT its
        /// current state.
        project: Project = project_at
    }
}

/// The mutations of pairings.
#[derive(Debug, Default)]
pub struct PairingChanges;

#[Object]
impl PairingChanges {
    /// Creates a pairing of one or more mentors with an implementing city or a group of cities,
    /// such as Torino with Asti, Cuneo and Settimo. They exchange staff in two legs. For the
    /// coordinator, and the expert of its community.
    ///
    /// Codes: FORBIDDEN, NO_PARTNER for an empty side, TWICE, NOT_FOUND, TAKEN, NOT_A_KEY,
    /// OUT_OF_RANGE, TOO_LONG. Warning: PARTNER_LEFT.
    async fn create_pairing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The fields of the new pairing.")] input: CreatePairingInput,
    ) -> Result<Option<CreatePairingPayload>> {
        let fields = InputFields::new(ctx, &input)?;
        let subject = find_project(ctx, &input.project).await?;
        let outcome: Outcome = execute(ctx, &subject, Command::new("createPairing"), |draft| {
            let fields = fields.of(draft, PairingRecord::FIELDS);
            pairing::create(draft, fields).map(Into::into)
        })
        .await?;
        Ok(Some(outcome.into()))
    }

    /// Edits a pairing. Its key cannot be changed. For the coordinator, and the expert of its
    /// community. To move it to another community, an expert must run both.
    ///
    /// Codes: FORBIDDEN, CONFLICT, NO_PARTNER, TWICE, NOT_FOUND, OUT_OF_RANGE, TOO_LONG, IN_USE if
    /// a removed partner hosts one of its legs, or if it has legs and would move to another
    /// community. Warning: PARTNER_LEFT.
    async fn edit_pairing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the pairing, and the fields to change.")]
        input: EditPairingInput,
    ) -> Result<Option<EditPairingPayload>> {
        let fields = InputFields::new(ctx, &input)?;
        let record = RecordInput {
            kind: Kind::Pairing,
            id: &input.id,
            version: input.expected_version,
        };
        edit_record(
            ctx,
            Command::new("editPairing"),
            record,
            edits,
            |draft, right, id| {
                let fields = fields.of(draft, PairingRecord::FIELDS);
                pairing::edit(draft, right, PairingId(id), fields)
            },
        )
        .await
    }

    /// Removes a pairing that has no legs yet. For the coordinator, and the expert of its
    /// community.
    ///
    /// Codes: FORBIDDEN, CONFLICT, IN_USE if one of its legs was planned or a note is about it.
    async fn remove_pairing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the pairing to remove.")] input: RemovePairingInput,
    ) -> Result<Option<RemovePairingPayload>> {
        let record = RecordInput {
            kind: Kind::Pairing,
            id: &input.id,
            version: input.expected_version,
        };
        edit_record(
            ctx,
            Command::new("removePairing"),
            record,
            edits,
            |draft, right, id| pairing::remove(draft, right, PairingId(id)),
        )
        .await
    }
}
