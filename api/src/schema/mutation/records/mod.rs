//! Mutations of the records that a project has in lists. All are created, edited and removed in the
//! same way, so one macro declares the inputs, payloads and mutations of a noun from its fields.

mod budget_line;
mod call;
mod forum;
mod note;
mod practice;
mod publication;
mod reminder_rule;
mod source;

use std::result::Result as StdResult;

use async_graphql::{Context, MergedObject, Result};
use domain::{
    command::{
        Command,
        listed::{self as command, Listed},
    },
    project::Project,
    viewer::{Denied, EditorOf, OwnerOf, Viewer},
};
use uuid::Uuid;

use super::{
    execute::{RecordInput, edit_record, execute, find_project},
    input::InputFields,
};
use crate::schema::base::payload::Outcome;

/// The mutations of records that a project has in lists.
#[derive(Debug, Default, MergedObject)]
pub struct RecordChanges(
    reminder_rule::ReminderRuleChanges,
    practice::PracticeChanges,
    forum::ForumChanges,
    note::NoteChanges,
    source::SourceChanges,
    publication::PublicationChanges,
    call::CallChanges,
    budget_line::BudgetLineChanges,
);

/// Declares the inputs, payloads and mutations that create, edit and remove the records of a list.
/// A field `must` be given when a record is created; a field that `may` be given can be emptied
/// again; a field that `can` be given always has a value. The versions in brackets are those of the
/// lists that an edit replaces.
macro_rules! listed {
    (
        $what:literal: $type:ident = $at:expr,
        {
            $($(#[$fdoc:meta])+ $how:ident $name:ident: $ftype:ty,)+
        }
        [$($(#[$ldoc:meta])+ $list_version:ident,)*]
        $changes:ident {
            $(#[$create_doc:meta])+
            $create:ident $create_name:literal $CreateInput:ident $CreatePayload:ident
            $(#[$edit_doc:meta])+
            $edit:ident $edit_name:literal $EditInput:ident $EditPayload:ident
            $(#[$remove_doc:meta])+
            $remove:ident $remove_name:literal $RemoveInput:ident $RemovePayload:ident
        }
        $field:ident
    ) => {
        #[doc = concat!("The fields of a new ", $what, ".")]
        #[derive(Clone, Debug, async_graphql::InputObject)]
        pub struct $CreateInput {
            /// The project: its key or id.
            project: String,
            /// The key, unique in the project, which never changes; generated if left out.
            key: Option<String>,
            $($(#[$fdoc])+ $name: $crate::schema::mutation::input::field_type!(create $how $ftype),)+
        }

        #[doc = concat!(
            "The fields of a ", $what, " to edit: a field that is left out stays as it is, null empties ",
            "it, a list replaces the list."
        )]
        #[derive(Clone, Debug, async_graphql::InputObject)]
        pub struct $EditInput {
            #[doc = concat!("The id of the ", $what, ".")]
            id: async_graphql::ID,
            /// The `version` that the client read. The mutation is refused with CONFLICT if it has
            /// changed since.
            expected_version: Option<String>,
            $($(#[$fdoc])+ $name: $crate::schema::mutation::input::field_type!(edit $how $ftype),)+
            $($(#[$ldoc])+ $list_version: Option<String>,)*
        }

        #[doc = concat!("The ", $what, " to remove.")]
        #[derive(Clone, Debug, async_graphql::InputObject)]
        pub struct $RemoveInput {
            #[doc = concat!("The id of the ", $what, ".")]
            id: async_graphql::ID,
            /// The `version` that the client read. The mutation is refused with CONFLICT if it has
            /// changed since.
            expected_version: Option<String>,
        }

        $crate::schema::base::payload::payload! {
            #[doc = concat!("The result of creating a ", $what, ".")]
            $CreatePayload {
                #[doc = concat!("The new ", $what, ". Null if the mutation was refused.")]
                $field: $type = $at
            }
            #[doc = concat!("The result of editing a ", $what, ".")]
            $EditPayload {
                #[doc = concat!(
                    "The updated ", $what, ". Null if the mutation was refused; on CONFLICT its current ",
                    "state."
                )]
                $field: $type = $at
            }
            #[doc = concat!("The result of removing a ", $what, ".")]
            $RemovePayload {
                /// The project without the record. Null if the mutation was refused; on CONFLICT
                /// its current state.
                project: $crate::schema::types::project::Project =
                    $crate::schema::mutation::project::project_at
            }
        }

        #[doc = concat!("The mutations of a ", $what, ".")]
        #[derive(Debug, Default)]
        pub struct $changes;

        #[async_graphql::Object]
        impl $changes {
            $(#[$create_doc])+
            async fn $create(
                &self,
                ctx: &async_graphql::Context<'_>,
                #[graphql(desc = "The fields of the new record.")] input: $CreateInput,
            ) -> async_graphql::Result<Option<$CreatePayload>> {
                let fields = $crate::schema::mutation::input::InputFields::new(ctx, &input)?;
                $crate::schema::mutation::records::create::<domain::record::$type, _>(
                    ctx, $create_name, &input.project, fields,
                )
                .await
            }

            $(#[$edit_doc])+
            async fn $edit(
                &self,
                ctx: &async_graphql::Context<'_>,
                #[graphql(desc = "The id of the record, and the fields to change.")]
                input: $EditInput,
            ) -> async_graphql::Result<Option<$EditPayload>> {
                let fields = $crate::schema::mutation::input::InputFields::new(ctx, &input)?;
                let record = $crate::schema::mutation::execute::RecordInput {
                    kind: domain::record::Kind::$type,
                    id: &input.id,
                    version: input.expected_version,
                };
                $crate::schema::mutation::records::edit::<domain::record::$type, _>(
                    ctx, $edit_name, record, fields,
                )
                .await
            }

            $(#[$remove_doc])+
            async fn $remove(
                &self,
                ctx: &async_graphql::Context<'_>,
                #[graphql(desc = "The id of the record to remove.")] input: $RemoveInput,
            ) -> async_graphql::Result<Option<$RemovePayload>> {
                let record = $crate::schema::mutation::execute::RecordInput {
                    kind: domain::record::Kind::$type,
                    id: &input.id,
                    version: input.expected_version,
                };
                $crate::schema::mutation::records::remove::<domain::record::$type, _>(
                    ctx, $remove_name, record,
                )
                .await
            }
        }
    };
}
use listed;

/// The right to edit a record in its current community, or of its current partner.
fn edits<R: Listed>(viewer: Viewer, project: &Project, id: Uuid) -> StdResult<OwnerOf, Denied> {
    let (community, partner) = command::owners_of::<R>(project, id);
    viewer.owner_of(project, community, partner)
}

/// The right to remove a record.
fn removes<R: Listed>(viewer: Viewer, project: &Project, id: Uuid) -> StdResult<EditorOf, Denied> {
    let (community, _) = command::owners_of::<R>(project, id);
    viewer.editor_of(project, community)
}

async fn create<R: Listed, P: From<Outcome>>(
    ctx: &Context<'_>,
    name: &'static str,
    project: &str,
    fields: InputFields,
) -> Result<Option<P>> {
    let subject = find_project(ctx, project).await?;
    let outcome = execute(ctx, &subject, Command::new(name), |draft| {
        let fields = fields.of(draft, R::FIELDS);
        command::create::<R>(draft, fields)
    });
    Ok(Some(Box::pin(outcome).await?.into()))
}

async fn edit<R: Listed, P: From<Outcome>>(
    ctx: &Context<'_>,
    name: &'static str,
    record: RecordInput<'_>,
    fields: InputFields,
) -> Result<Option<P>> {
    edit_record(
        ctx,
        Command::new(name),
        record,
        edits::<R>,
        |draft, right, id| {
            let fields = fields.of(draft, R::FIELDS);
            command::edit::<R>(draft, right, id, fields)
        },
    )
    .await
}

async fn remove<R: Listed, P: From<Outcome>>(
    ctx: &Context<'_>,
    name: &'static str,
    record: RecordInput<'_>,
) -> Result<Option<P>> {
    edit_record(
        ctx,
        Command::new(name),
        record,
        removes::<R>,
        |draft, right, id| command::remove::<R>(draft, right, id),
    )
    .await
}
