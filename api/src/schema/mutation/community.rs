//! Mutations of communities of practice and their members.

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
    input::{InputFields, TextInput, TranslationInput, named},
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

/// The fields of a new community.
#[derive(Clone, Debug, InputObject)]
pub struct CreateCommunityInput {
    /// The project: its key or id.
    project: String,
    /// The key, unique in the project, which never changes; generated from the number, such as
    /// `cop2`, if left out.
    key: Option<String>,
    /// The number in the project; the next number if left out.
    number: Option<i32>,
    /// The letter, in projects that use letters.
    letter: Option<String>,
    /// The title by language.
    title: Vec<TextInput>,
    /// The partner that runs it, as its expert: its id, or the key of its organisation.
    expert: Option<ID>,
    /// The number of visits planned for it; 0 if left out.
    planned_visits: Option<i32>,
    /// A remark about the record.
    note: Option<String>,
    /// Its texts in other languages: those that are named change, the others stay.
    translations: Option<Vec<TranslationInput>>,
}

/// The fields of a community to edit: a field that is left out stays as it is, null empties it.
#[derive(Clone, Debug, InputObject)]
pub struct EditCommunityInput {
    /// The id of the community.
    id: ID,
    /// The `version` that the client read. The mutation is refused with CONFLICT if it has changed
    /// since.
    expected_version: Option<String>,
    /// The title by language; replaces the texts in all languages.
    title: Option<Vec<TextInput>>,
    /// A remark about the record.
    note: MaybeUndefined<String>,
    /// The number in the project. Only the coordinator can change it.
    number: Option<i32>,
    /// The letter. Only the coordinator can change it.
    letter: MaybeUndefined<String>,
    /// The partner that runs it: its id, or the key of its organisation. Only the coordinator can
    /// change it.
    expert: MaybeUndefined<ID>,
    /// The number of visits planned for it. Only the coordinator can change it.
    planned_visits: Option<i32>,
    /// Its texts in other languages: those that are named change, the others stay.
    translations: Option<Vec<TranslationInput>>,
}

/// The fields of a new member of a community.
#[derive(Clone, Debug, InputObject)]
pub struct AddMemberInput {
    /// The id of the community.
    community: ID,
    /// The partner: its id, or the key of its organisation.
    partner: ID,
    /// The community's `version` that the client read. The mutation is refused with CONFLICT if it
    /// has changed since.
    expected_version: Option<String>,
    /// The role of the partner in the community; null if no source states it.
    role: Option<MemberRole>,
    /// A weaker indication of the role, in words.
    role_hint: Option<String>,
    /// Its texts in other languages.
    translations: Option<Vec<TranslationInput>>,
}

/// The fields of a member to edit: a field that is left out stays as it is, null empties it.
#[derive(Clone, Debug, InputObject)]
pub struct EditMemberInput {
    /// The id of the community.
    community: ID,
    /// The partner: its id, or the key of its organisation.
    partner: ID,
    /// The member's `version` that the client read. The mutation is refused with CONFLICT if it has
    /// changed since.
    expected_version: Option<String>,
    /// The role of the partner in the community; null if no source states it.
    role: MaybeUndefined<MemberRole>,
    /// A weaker indication of the role, in words.
    role_hint: MaybeUndefined<String>,
    /// Its texts in other languages: those that are named change, the others stay.
    translations: Option<Vec<TranslationInput>>,
}

/// The member to remove from a community.
#[derive(Clone, Debug, InputObject)]
pub struct RemoveMemberInput {
    /// The id of the community.
    community: ID,
    /// The partner: its id, or the key of its organisation.
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

/// The mutations of communities.
#[derive(Debug, Default)]
pub struct CommunityChanges;

#[Object]
impl CommunityChanges {
    /// Creates a community of practice. For the coordinator.
    ///
    /// Codes: FORBIDDEN, TAKEN, NOT_A_KEY, REQUIRED, TOO_LONG, NOT_A_LANGUAGE, TWICE, NOT_FOUND,
    /// OUT_OF_RANGE.
    async fn create_community(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The fields of the new community.")] input: CreateCommunityInput,
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

    /// Edits a community. Its key cannot be changed. For the coordinator; its expert may change
    /// `title` and `note`.
    ///
    /// Codes: FORBIDDEN, also for a field that only the coordinator can change, CONFLICT, TAKEN,
    /// REQUIRED, TOO_LONG, NOT_A_LANGUAGE, TWICE, NOT_FOUND, OUT_OF_RANGE.
    async fn edit_community(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the community, and the fields to change.")]
        input: EditCommunityInput,
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

    /// Adds a partner to a community as a member. For the coordinator, and the expert of the
    /// community.
    ///
    /// Codes: FORBIDDEN, CONFLICT, NOT_FOUND, TAKEN if it is a member already, REQUIRED, TOO_LONG,
    /// NOT_A_LANGUAGE, TWICE, OUT_OF_RANGE.
    /// Warning: PARTNER_LEFT.
    async fn add_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The community, the partner and its role.")] input: AddMemberInput,
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

    /// Edits the role of a member of a community. For the coordinator, and the expert of the
    /// community.
    ///
    /// Codes: FORBIDDEN, CONFLICT, NOT_FOUND, REQUIRED, TOO_LONG, NOT_A_LANGUAGE, TWICE,
    /// OUT_OF_RANGE.
    async fn edit_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The community, the member, and the fields to change.")]
        input: EditMemberInput,
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

    /// Removes a member from a community; the partner stays in the project. For the coordinator,
    /// and the expert of the community.
    ///
    /// Codes: FORBIDDEN, CONFLICT, NOT_FOUND, IN_USE if it is on a side of one of the community's
    /// pairings.
    async fn remove_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The member to remove.")] input: RemoveMemberInput,
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
