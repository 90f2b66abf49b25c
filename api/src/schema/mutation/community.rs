//! Communities of practice and their members.

use std::result::Result as StdResult;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use domain::{
    command::{Command, community},
    project::Project,
    record::{Community as CommunityRecord, Kind, Member, Record},
    viewer::{Denied, EditorOf, Viewer},
};
use entities::CommunityId;
use uuid::Uuid;

use super::{
    execute::{RecordInput, create_record, edit_record},
    input::{InputFields, TextInput, named},
};
use crate::schema::{
    base::{payload::payload, view::View},
    types::{community::Community, vocabulary::MemberRole},
};

fn community_at(view: &View, id: Uuid) -> Option<Community> {
    let row = view.communities.iter().find(|row| row.id.0 == id)?;
    Some(Community::new(view, row.id))
}

/// The right to edit a community.
fn edits(viewer: Viewer, project: &Project, id: Uuid) -> StdResult<EditorOf, Denied> {
    viewer.editor_of(project, Some(CommunityId(id)))
}

/// A community to be.
#[derive(Clone, Debug, InputObject)]
pub struct CreateCommunityInput {
    /// The project: its key or id.
    project: String,
    /// Names it in the project, for good; made from its number, such as `cop2`, if left out.
    key: Option<String>,
    /// Its number in the project; the next if left out.
    number: Option<i32>,
    /// Its letter, where letters are used.
    letter: Option<String>,
    /// What it is about, by language.
    title: Vec<TextInput>,
    /// The partner that runs it: its id, or its organisation's key.
    expert: Option<ID>,
    /// How many visits are planned for it; none if left out.
    planned_visits: Option<i32>,
    /// A remark.
    note: Option<String>,
}

/// What is changed of a community; what is left out stays as it is, null takes it away.
#[derive(Clone, Debug, InputObject)]
pub struct EditCommunityInput {
    /// The community.
    id: ID,
    /// The `version` that the client read. The mutation is refused with CONFLICT if it has changed
    /// since.
    expected_version: Option<String>,
    /// What it is about, by language; replaces all languages.
    title: Option<Vec<TextInput>>,
    /// A remark.
    note: MaybeUndefined<String>,
    /// Its number in the project; the coordinator's to change.
    number: Option<i32>,
    /// Its letter; the coordinator's to change.
    letter: MaybeUndefined<String>,
    /// The partner that runs it; the coordinator's to change.
    expert: MaybeUndefined<ID>,
    /// How many visits are planned for it; the coordinator's to change.
    planned_visits: Option<i32>,
}

/// Which partner becomes a member of which community.
#[derive(Clone, Debug, InputObject)]
pub struct AddMemberInput {
    /// The community.
    community: ID,
    /// The partner: its id, or its organisation's key.
    partner: ID,
    /// The community's `version` that the client read. The mutation is refused with CONFLICT if it
    /// has changed since.
    expected_version: Option<String>,
    /// Its role.
    role: Option<MemberRole>,
    /// A weaker sign of its role, in words.
    role_hint: Option<String>,
}

/// What is changed of a member; what is left out stays as it is, null takes it away.
#[derive(Clone, Debug, InputObject)]
pub struct EditMemberInput {
    /// The community.
    community: ID,
    /// The partner: its id, or its organisation's key.
    partner: ID,
    /// The member's `version` that the client read. The mutation is refused with CONFLICT if it has
    /// changed since.
    expected_version: Option<String>,
    /// Its role.
    role: MaybeUndefined<MemberRole>,
    /// A weaker sign of its role, in words.
    role_hint: MaybeUndefined<String>,
}

/// Which member leaves which community.
#[derive(Clone, Debug, InputObject)]
pub struct RemoveMemberInput {
    /// The community.
    community: ID,
    /// The partner: its id, or its organisation's key.
    partner: ID,
    /// The member's `version` that the client read. The mutation is refused with CONFLICT if it has
    /// changed since.
    expected_version: Option<String>,
}

payload! {
    /// The result of `createCommunity`.
    CreateCommunityPayload {
        /// The new community. Null if the mutation was refused.
        community: Community = community_at
    }
    /// The result of `editCommunity`.
    EditCommunityPayload {
        /// The updated community. Null if the mutation was refused; on CONFLICT its current state.
        community: Community = community_at
    }
    /// The result of `addMember`.
    AddMemberPayload {
        /// The updated community. Null if the mutation was refused; on CONFLICT its current state.
        community: Community = community_at
    }
    /// The result of `editMember`.
    EditMemberPayload {
        /// The updated community. Null if the mutation was refused; on CONFLICT its current state.
        community: Community = community_at
    }
    /// The result of `removeMember`.
    RemoveMemberPayload {
        /// The updated community. Null if the mutation was refused; on CONFLICT its current state.
        community: Community = community_at
    }
}

/// What changes communities.
#[derive(Debug, Default)]
pub struct CommunityChanges;

#[Object]
impl CommunityChanges {
    /// Begins a community of practice. For the coordinator.
    ///
    /// Codes: FORBIDDEN, TAKEN, NOT_A_KEY, REQUIRED, TOO_LONG, NOT_A_LANGUAGE, TWICE, NOT_FOUND,
    /// OUT_OF_RANGE.
    async fn create_community(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The community.")] input: CreateCommunityInput,
    ) -> Result<Option<CreateCommunityPayload>> {
        let fields = InputFields::new(ctx, &input)?;
        create_record(
            ctx,
            Command::new("createCommunity"),
            &input.project,
            Viewer::coordinator_of,
            |draft, right| {
                let fields = fields.of(draft, CommunityRecord::FIELDS);
                community::create(draft, right, fields).map(Into::into)
            },
        )
        .await
    }

    /// Changes a community; its key stays. For the coordinator; its expert changes title and note.
    ///
    /// Codes: FORBIDDEN, for a field that is the coordinator's, too, CONFLICT, TAKEN, REQUIRED,
    /// TOO_LONG, NOT_A_LANGUAGE, TWICE, NOT_FOUND, OUT_OF_RANGE.
    async fn edit_community(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which community, and what is changed.")] input: EditCommunityInput,
    ) -> Result<Option<EditCommunityPayload>> {
        let fields = InputFields::new(ctx, &input)?;
        let record = RecordInput {
            kind: Kind::Community,
            id: &input.id,
            version: input.expected_version,
        };
        edit_record(
            ctx,
            Command::new("editCommunity"),
            record,
            edits,
            |draft, right, id| {
                let steers = draft.viewer.coordinator_of(&draft.project()).ok();
                let fields = fields.of(draft, CommunityRecord::FIELDS);
                community::edit(draft, right, steers.as_ref(), CommunityId(id), fields)
            },
        )
        .await
    }

    /// Takes a partner into a community. For the coordinator, and the community's expert.
    ///
    /// Codes: FORBIDDEN, CONFLICT, NOT_FOUND, TAKEN where it belongs to it already, REQUIRED,
    /// TOO_LONG. Warning: PARTNER_LEFT.
    async fn add_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which partner, and where.")] input: AddMemberInput,
    ) -> Result<Option<AddMemberPayload>> {
        let fields = InputFields::new(ctx, &input)?;
        let record = RecordInput {
            kind: Kind::Community,
            id: &input.community,
            version: input.expected_version,
        };
        edit_record(
            ctx,
            Command::new("addMember"),
            record,
            edits,
            |draft, right, id| {
                let fields = fields.of(draft, Member::FIELDS);
                community::add_member(draft, right, CommunityId(id), fields).map(drop)
            },
        )
        .await
    }

    /// Changes a member's role in a community. For the coordinator, and the community's expert.
    ///
    /// Codes: FORBIDDEN, CONFLICT, NOT_FOUND, REQUIRED, TOO_LONG.
    async fn edit_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which member, and what is changed.")] input: EditMemberInput,
    ) -> Result<Option<EditMemberPayload>> {
        let partner = named(&input.partner);
        let fields = InputFields::new(ctx, &input)?;
        let version = input.expected_version;
        let record = RecordInput {
            kind: Kind::Community,
            id: &input.community,
            version: None,
        };
        edit_record(
            ctx,
            Command::new("editMember"),
            record,
            edits,
            |draft, right, id| {
                let fields = fields.of(draft, Member::FIELDS);
                let (id, version) = (CommunityId(id), version.as_deref());
                community::edit_member(draft, right, id, &partner, version, fields).map(drop)
            },
        )
        .await
    }

    /// Takes a partner out of a community. For the coordinator, and the community's expert.
    ///
    /// Codes: FORBIDDEN, CONFLICT, NOT_FOUND, IN_USE where it is on a side of one of the
    /// community's pairings.
    async fn remove_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which member.")] input: RemoveMemberInput,
    ) -> Result<Option<RemoveMemberPayload>> {
        let partner = named(&input.partner);
        let version = input.expected_version;
        let record = RecordInput {
            kind: Kind::Community,
            id: &input.community,
            version: None,
        };
        edit_record(
            ctx,
            Command::new("removeMember"),
            record,
            edits,
            |draft, right, id| {
                let (id, version) = (CommunityId(id), version.as_deref());
                community::remove_member(draft, right, id, &partner, version)
            },
        )
        .await
    }
}
