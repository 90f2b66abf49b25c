//! Pairing mentors with who implements.

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
    input::InputFields,
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

/// The right to edit a pairing: that to edit its community.
fn edits(viewer: Viewer, project: &State, id: Uuid) -> StdResult<EditorOf, Denied> {
    viewer.editor_of(project, project.pairing(PairingId(id)).community_id)
}

/// A pairing to be.
#[derive(Clone, Debug, InputObject)]
pub struct CreatePairingInput {
    /// The project: its key or id.
    project: String,
    /// Names it in the project, for good; made if left out.
    key: Option<String>,
    /// The community that it belongs to: its id or key. Without one only the coordinator pairs.
    community: Option<ID>,
    /// Who shares experience: the ids of partners, or the keys of their organisations.
    mentor: Vec<ID>,
    /// Who puts a policy into practice: a city, or a group of them.
    implementing: Vec<ID>,
    /// How many days each leg has; 5 if left out.
    days_per_leg: Option<i32>,
    /// What came of it.
    result: Option<String>,
    /// A remark.
    note: Option<String>,
}

/// What is changed of a pairing; what is left out stays as it is, null takes it away.
#[derive(Clone, Debug, InputObject)]
pub struct EditPairingInput {
    /// The pairing.
    id: ID,
    /// The `version` that the client read. The mutation is refused with CONFLICT if it has changed
    /// since.
    expected_version: Option<String>,
    /// The community that it belongs to: its id or key.
    community: MaybeUndefined<ID>,
    /// Who shares experience; replaces all of them.
    mentor: Option<Vec<ID>>,
    /// Who puts a policy into practice; replaces all of them.
    implementing: Option<Vec<ID>>,
    /// How many days each leg has.
    days_per_leg: Option<i32>,
    /// What came of it.
    result: MaybeUndefined<String>,
    /// A remark.
    note: MaybeUndefined<String>,
}

/// Which pairing is taken back.
#[derive(Clone, Debug, InputObject)]
pub struct RemovePairingInput {
    /// The pairing.
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
        /// The project without it. Null if the mutation was refused; on CONFLICT its current state.
        project: Project = project_at
    }
}

/// What changes pairings.
#[derive(Debug, Default)]
pub struct PairingChanges;

#[Object]
impl PairingChanges {
    /// Pairs a mentor, or several, with an implementing city or a group of them, as Torino with Asti,
    /// Cuneo and Settimo: they exchange staff in two legs. For the coordinator, and the expert of its
    /// community.
    ///
    /// Codes: FORBIDDEN, NO_PARTNER for an empty side, TWICE, NOT_FOUND, TAKEN, NOT_A_KEY,
    /// OUT_OF_RANGE, TOO_LONG. Warning: PARTNER_LEFT.
    async fn create_pairing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who is paired with whom.")] input: CreatePairingInput,
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

    /// Changes a pairing; its key stays. For the coordinator, and the expert of its community; to
    /// move it, of the other community, too.
    ///
    /// Codes: FORBIDDEN, CONFLICT, NO_PARTNER, TWICE, NOT_FOUND, OUT_OF_RANGE, TOO_LONG, IN_USE
    /// where a partner would go that hosts one of its legs, or where it has legs and would move to
    /// another community. Warning: PARTNER_LEFT.
    async fn edit_pairing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which pairing, and what is changed.")] input: EditPairingInput,
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

    /// Takes a pairing back that has no legs yet. For the coordinator, and the expert of its
    /// community.
    ///
    /// Codes: FORBIDDEN, CONFLICT, IN_USE where a leg of it was planned, or a note is about it.
    async fn remove_pairing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which pairing.")] input: RemovePairingInput,
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
