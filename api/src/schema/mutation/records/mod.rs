//! Records that a project keeps in lists of its own: each is created, edited and removed alike, so
//! one macro declares the inputs, the payloads and the mutations of a noun from its fields.

mod budget_line;
mod call;
mod forum;
mod note;
mod practice;
mod publication;
mod reminder_rule;
mod source;

use std::result::Result as StdResult;

use async_graphql::{Context, ID, InputObject, MergedObject, Result};
use domain::{
    command::{
        Command, Named,
        records::{self, Cited, Listed},
    },
    project::Project,
    viewer::{Denied, EditorOf, Viewer},
};
use uuid::Uuid;

use super::{
    execute::{RecordInput, edit_record, execute, find_project},
    input::named,
};
use crate::schema::base::{payload::Outcome, scalar::PartialDate};

/// What changes the records that a project keeps in lists of its own.
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

/// A place in a source.
#[derive(Clone, Debug, InputObject)]
pub struct CitationInput {
    /// The source: its id or key.
    source: ID,
    /// The place in it, such as a page or the number of a quotation; left out: the whole of it.
    locator: Option<String>,
}

impl From<CitationInput> for Cited {
    fn from(input: CitationInput) -> Self {
        Self {
            source: named(&input.source),
            locator: input.locator,
        }
    }
}

/// Declares how the records of a list are created, edited and removed. A field `must` be given when
/// a record is created, it `may` be taken away again, or it `can` be given and then always has a
/// value; `as` names what makes the verb's value of the input's.
macro_rules! listed {
    (
        $what:literal: $type:ident = $at:expr; $facts:path as $model:path,
        {
            $($(#[$fdoc:meta])+ $how:ident $name:ident: $ftype:ty $(as $into:path)?,)+
        }
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
        #[doc = concat!("A ", $what, " to be.")]
        #[derive(Clone, Debug, async_graphql::InputObject)]
        pub struct $CreateInput {
            /// The project: its key or id.
            project: String,
            /// Names it in the project, for good; made if left out.
            key: Option<String>,
            $($(#[$fdoc])+ $name: $crate::schema::mutation::records::field!(create $how $ftype),)+
        }

        #[doc = concat!(
            "What is changed of a ", $what, "; what is left out stays as it is, null takes it away, ",
            "a list replaces the whole list."
        )]
        #[derive(Clone, Debug, async_graphql::InputObject)]
        pub struct $EditInput {
            #[doc = concat!("The ", $what, ".")]
            id: async_graphql::ID,
            /// The `version` that the client read. The mutation is refused with CONFLICT if it has
            /// changed since.
            expected_version: Option<String>,
            $($(#[$fdoc])+ $name: $crate::schema::mutation::records::field!(edit $how $ftype),)+
        }

        #[doc = concat!("Which ", $what, " is removed.")]
        #[derive(Clone, Debug, async_graphql::InputObject)]
        pub struct $RemoveInput {
            #[doc = concat!("The ", $what, ".")]
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
                /// The project without it. Null if the mutation was refused; on CONFLICT its
                /// current state.
                project: $crate::schema::types::project::Project =
                    $crate::schema::mutation::project::project_at
            }
        }

        #[doc = concat!("What changes a ", $what, ".")]
        #[derive(Debug, Default)]
        pub struct $changes;

        #[async_graphql::Object]
        impl $changes {
            $(#[$create_doc])+
            async fn $create(
                &self,
                ctx: &async_graphql::Context<'_>,
                #[graphql(desc = "Its fields.")] input: $CreateInput,
            ) -> async_graphql::Result<Option<$CreatePayload>> {
                use $facts as Facts;
                let facts = Facts {
                    $($name: $crate::schema::mutation::records::value!(
                        create $how input.$name $(, $into)?
                    ),)+
                };
                $crate::schema::mutation::records::create::<$model, _>(
                    ctx, $create_name, &input.project, input.key, facts,
                )
                .await
            }

            $(#[$edit_doc])+
            async fn $edit(
                &self,
                ctx: &async_graphql::Context<'_>,
                #[graphql(desc = "Which one, and what is changed.")] input: $EditInput,
            ) -> async_graphql::Result<Option<$EditPayload>> {
                use $facts as Facts;
                let facts = Facts {
                    $($name: $crate::schema::mutation::records::value!(
                        edit $how input.$name $(, $into)?
                    ),)+
                };
                let record = $crate::schema::mutation::execute::RecordInput {
                    kind: domain::record::Kind::$type,
                    id: &input.id,
                    version: input.expected_version,
                };
                $crate::schema::mutation::records::edit::<$model, _>(
                    ctx, $edit_name, record, facts,
                )
                .await
            }

            $(#[$remove_doc])+
            async fn $remove(
                &self,
                ctx: &async_graphql::Context<'_>,
                #[graphql(desc = "Which one.")] input: $RemoveInput,
            ) -> async_graphql::Result<Option<$RemovePayload>> {
                let record = $crate::schema::mutation::execute::RecordInput {
                    kind: domain::record::Kind::$type,
                    id: &input.id,
                    version: input.expected_version,
                };
                $crate::schema::mutation::records::remove::<$model, _>(ctx, $remove_name, record)
                    .await
            }
        }
    };
}
use listed;

/// The type of a field of an input.
macro_rules! field {
    (create must $type:ty) => { $type };
    (create $how:ident $type:ty) => { Option<$type> };
    (edit may $type:ty) => { async_graphql::MaybeUndefined<$type> };
    (edit $how:ident $type:ty) => { Option<$type> };
}
use field;

/// What an input says of a field, as a verb takes it.
macro_rules! value {
    ($of:ident $how:ident $value:expr) => {
        $crate::schema::mutation::records::value!($of $how $value, std::convert::identity)
    };
    (create must $value:expr, $into:path) => { Some($into($value)) };
    (create may $value:expr, $into:path) => { $value.map($into).map(Some) };
    (edit may $value:expr, $into:path) => {
        $crate::schema::mutation::input::changed($value, $into)
    };
    ($of:ident $how:ident $value:expr, $into:path) => { $value.map($into) };
}
use value;

/// The right to a record as it is.
fn edits<R: Listed>(viewer: Viewer, project: &Project, id: Uuid) -> StdResult<EditorOf, Denied> {
    viewer.editor_of(project, records::community_of::<R>(project, id))
}

async fn create<R: Listed, P: From<Outcome>>(
    ctx: &Context<'_>,
    verb: &'static str,
    key: &str,
    name: Option<String>,
    facts: R::Facts,
) -> Result<Option<P>> {
    let subject = find_project(ctx, key).await?;
    let outcome = execute(ctx, &subject, Command::new(verb), |draft| {
        records::create::<R>(draft, name, facts)
    });
    Ok(Some(outcome.await?.into()))
}

async fn edit<R: Listed, P: From<Outcome>>(
    ctx: &Context<'_>,
    verb: &'static str,
    record: RecordInput<'_>,
    facts: R::Facts,
) -> Result<Option<P>> {
    edit_record(
        ctx,
        Command::new(verb),
        record,
        edits::<R>,
        |draft, right, id| records::edit::<R>(draft, right, id, facts),
    )
    .await
}

async fn remove<R: Listed, P: From<Outcome>>(
    ctx: &Context<'_>,
    verb: &'static str,
    record: RecordInput<'_>,
) -> Result<Option<P>> {
    edit_record(
        ctx,
        Command::new(verb),
        record,
        edits::<R>,
        |draft, right, id| records::remove::<R>(draft, right, id),
    )
    .await
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "a field is taken from its input"
)]
fn record(id: ID) -> Named {
    named(&id)
}

fn exact(date: PartialDate) -> entities::PartialDate {
    date.0
}

/// The parts of a list, as a verb takes them.
fn each<A, B: From<A>>(list: Vec<A>) -> Vec<B> {
    list.into_iter().map(Into::into).collect()
}
