//! Entries of the lists that belong to an output or a forum: each is added, edited and removed by
//! itself, so one macro declares the inputs, the payloads and the mutations of an entry from its fields.

mod action_plan;
mod champion;
mod forum;
mod output;

use std::result::Result as StdResult;

use async_graphql::{Context, ID, MergedObject, Result};
use domain::{
    command::{
        Command,
        entry::{self as command, ByItself},
        listed,
    },
    project::Project,
    record::{Entry, Forum, Kind},
    viewer::{Denied, OwnerOf, PartyTo, Viewer, VoiceOn},
};
use entities::OutputId;
use uuid::Uuid;

use super::{
    execute::{Subject, execute, find_entry, find_record},
    input::InputFields,
};
use crate::schema::base::payload::Outcome;

pub use action_plan::{MeasureInput, StakeholderInput};
pub use champion::TrainingInput;
pub use forum::{ForumMeetingInput, ForumMemberInput, ForumTopicInput};
pub use output::{AgendaItemInput, LearningInput, ParticipantInput};

/// What changes the entries of lists.
#[derive(Debug, Default, MergedObject)]
pub struct EntryChanges(
    output::ParticipantChanges,
    output::AgendaItemChanges,
    output::LearningChanges,
    action_plan::MeasureChanges,
    action_plan::StakeholderChanges,
    action_plan::EndorsementChanges,
    champion::TrainingChanges,
    forum::ForumMemberChanges,
    forum::ForumTopicChanges,
    forum::ForumMeetingChanges,
);

/// Declares how the entries of a list are added, edited and removed. A field `must` be given when an
/// entry is added, it `may` be taken away again, or it `can` be given and then always has a value.
macro_rules! entry {
    (
        $what:literal: $type:ident = $at:expr,
        in $owner:literal $parent:ident: $parent_type:ident = $parent_at:expr, $find:path, $right:path,
        $who:literal;
        $Input:ident of $record:ident {
            $($(#[$fdoc:meta])+ $how:ident $name:ident: $ftype:ty,)+
        }
        $changes:ident {
            $add:ident $add_name:literal $AddInput:ident $AddPayload:ident
            $edit:ident $edit_name:literal $EditInput:ident $EditPayload:ident
            $remove:ident $remove_name:literal $RemoveInput:ident $RemovePayload:ident
        }
        $field:ident
    ) => {
        #[doc = concat!("Fields of ", $what, ".")]
        #[derive(Clone, Debug, async_graphql::InputObject)]
        pub struct $Input {
            $($(#[$fdoc])+ $name: $crate::schema::mutation::input::field_type!(create $how $ftype),)+
        }

        #[doc = concat!("The fields of ", $what, " to add.")]
        #[derive(Clone, Debug, async_graphql::InputObject)]
        pub struct $AddInput {
            #[doc = concat!("The id of ", $owner, ".")]
            $parent: async_graphql::ID,
            $($(#[$fdoc])+ $name: $crate::schema::mutation::input::field_type!(create $how $ftype),)+
        }

        #[doc = concat!(
            "The fields of ", $what, " to edit: a field that is left out stays as it is, null empties it."
        )]
        #[derive(Clone, Debug, async_graphql::InputObject)]
        pub struct $EditInput {
            #[doc = concat!("The id of ", $what, ".")]
            id: async_graphql::ID,
            /// The entry's `version` that the client read. The mutation is refused with CONFLICT if it
            /// has changed since.
            expected_version: Option<String>,
            $($(#[$fdoc])+ $name: $crate::schema::mutation::input::field_type!(edit $how $ftype),)+
        }

        #[doc = concat!("The id of ", $what, " to remove.")]
        #[derive(Clone, Debug, async_graphql::InputObject)]
        pub struct $RemoveInput {
            #[doc = concat!("The id of ", $what, ".")]
            id: async_graphql::ID,
            /// The entry's `version` that the client read. The mutation is refused with CONFLICT if it
            /// has changed since.
            expected_version: Option<String>,
        }

        $crate::schema::base::payload::payload! {
            #[doc = concat!("The result of `", $add_name, "`.")]
            $AddPayload {
                /// The new entry. Null if the mutation was refused.
                $field: $type = $at,
                /// The record with the new entry. Null if the mutation was refused.
                $parent: $parent_type = |view, id| {
                    let parent = domain::record::Entry::$record.parent_of(id, view.rows())?;
                    $parent_at(view, parent)
                }
            }
            #[doc = concat!("The result of `", $edit_name, "`.")]
            $EditPayload {
                /// The updated entry. Null if the mutation was refused; on CONFLICT its current state.
                $field: $type = $at,
                /// The record with the updated entry. Null if the mutation was refused; on CONFLICT its
                /// current state.
                $parent: $parent_type = |view, id| {
                    let parent = domain::record::Entry::$record.parent_of(id, view.rows())?;
                    $parent_at(view, parent)
                }
            }
            #[doc = concat!("The result of `", $remove_name, "`.")]
            $RemovePayload {
                /// The record without the entry. Null if the mutation was refused; on CONFLICT its
                /// current state.
                $parent: $parent_type = $parent_at
            }
        }

        #[doc = concat!("Mutations of ", $what, ".")]
        #[derive(Debug, Default)]
        pub struct $changes;

        #[async_graphql::Object]
        impl $changes {
            #[doc = concat!("Adds ", $what, " to ", $owner, ", at the end of its list. ", $who)]
            ///
            /// Codes: FORBIDDEN, NOT_FOUND, REQUIRED, TOO_LONG, OUT_OF_RANGE, for a list of more than 500
            /// entries, too, ENDS_BEFORE_START, TWICE for a participant that the list has already. Of
            /// outputs also WRONG_KIND if its kind has no such list, and WRONG_STATE if it is verified
            /// or cancelled; challenges, advice and lessons may follow.
            async fn $add(
                &self,
                ctx: &async_graphql::Context<'_>,
                #[graphql(desc = "The fields of the new entry.")] input: $AddInput,
            ) -> async_graphql::Result<Option<$AddPayload>> {
                let fields = $crate::schema::mutation::input::InputFields::new(ctx, &input)?;
                let subject = $find(ctx, &input.$parent).await?;
                $crate::schema::mutation::entries::add::<domain::record::$record, _>(
                    ctx, $add_name, subject, $right, fields,
                )
                .await
            }

            #[doc = concat!("Edits ", $what, ". ", $who)]
            ///
            /// Codes: FORBIDDEN, CONFLICT, NOT_FOUND, REQUIRED, TOO_LONG, OUT_OF_RANGE,
            /// ENDS_BEFORE_START, TWICE. Of outputs also WRONG_STATE if it is verified or cancelled;
            /// the states of measures, and what was learned, may still change.
            async fn $edit(
                &self,
                ctx: &async_graphql::Context<'_>,
                #[graphql(desc = "The entry, and its new values.")] input: $EditInput,
            ) -> async_graphql::Result<Option<$EditPayload>> {
                let fields = $crate::schema::mutation::input::InputFields::new(ctx, &input)?;
                let entry = $crate::schema::mutation::entries::EntryInput {
                    entry: domain::record::Entry::$record,
                    id: &input.id,
                    version: input.expected_version,
                };
                $crate::schema::mutation::entries::edit::<domain::record::$record, _>(
                    ctx, $edit_name, entry, $right, fields,
                )
                .await
            }

            #[doc = concat!("Removes ", $what, "; its fields stay in the audit. ", $who)]
            ///
            /// Codes: FORBIDDEN, CONFLICT. Of outputs also WRONG_STATE if it is verified or cancelled.
            async fn $remove(
                &self,
                ctx: &async_graphql::Context<'_>,
                #[graphql(desc = "The entry.")] input: $RemoveInput,
            ) -> async_graphql::Result<Option<$RemovePayload>> {
                let entry = $crate::schema::mutation::entries::EntryInput {
                    entry: domain::record::Entry::$record,
                    id: &input.id,
                    version: input.expected_version,
                };
                $crate::schema::mutation::entries::remove::<domain::record::$record, _>(
                    ctx, $remove_name, entry, $right,
                )
                .await
            }
        }
    };
}
use entry;

/// The right to edit what an entry belongs to.
type RightTo<R> = fn(Viewer, &Project, Uuid) -> StdResult<R, Denied>;

/// The right to edit an output, by its id.
fn of_output(viewer: Viewer, project: &Project, id: Uuid) -> StdResult<PartyTo, Denied> {
    viewer.party_to(project, OutputId(id))
}

/// The right to speak about an output, by its id.
fn on_output(viewer: Viewer, project: &Project, id: Uuid) -> StdResult<VoiceOn, Denied> {
    viewer.voice_on(project, OutputId(id))
}

/// The right to edit a forum, by its id.
fn of_forum(viewer: Viewer, project: &Project, id: Uuid) -> StdResult<OwnerOf, Denied> {
    let (community, partner) = listed::owners_of::<Forum>(project, id);
    viewer.owner_of(project, community, partner)
}

async fn find_forum(ctx: &Context<'_>, id: &ID) -> Result<Subject> {
    find_record(ctx, id, Kind::Forum).await
}

/// How an input names the entry to be edited: its kind, its id, and the version that the client read.
#[derive(Debug)]
struct EntryInput<'a> {
    entry: Entry,
    id: &'a ID,
    version: Option<String>,
}

async fn add<E: ByItself, P: From<Outcome>>(
    ctx: &Context<'_>,
    name: &'static str,
    subject: Subject,
    right: RightTo<E::Right>,
    fields: InputFields,
) -> Result<Option<P>> {
    let parent = subject.row;
    let outcome = execute(ctx, &subject, Command::new(name), |draft| {
        draft.still(parent)?;
        let right = right(draft.viewer, &draft.project(), parent)?;
        let fields = fields.of(draft, E::FIELDS);
        command::add::<E>(draft, &right, parent, fields)
    });
    Ok(Some(Box::pin(outcome).await?.into()))
}

async fn edit<E: ByItself, P: From<Outcome>>(
    ctx: &Context<'_>,
    name: &'static str,
    entry: EntryInput<'_>,
    right: RightTo<E::Right>,
    fields: InputFields,
) -> Result<Option<P>> {
    let subject = find_entry(ctx, entry.id, entry.entry).await?;
    let (row, version) = (subject.row, entry.version);
    let parent = entry.entry.parent_of(row, subject.project.rows());
    let parent = parent.unwrap_or_default();
    let outcome = execute(ctx, &subject, Command::new(name), |draft| {
        draft.still(parent)?;
        let right = right(draft.viewer, &draft.project(), parent)?;
        let fields = fields.of(draft, E::FIELDS);
        command::edit::<E>(draft, &right, row, version.as_deref(), fields)?;
        Ok(row)
    });
    Ok(Some(Box::pin(outcome).await?.into()))
}

async fn remove<E: ByItself, P: From<Outcome>>(
    ctx: &Context<'_>,
    name: &'static str,
    entry: EntryInput<'_>,
    right: RightTo<E::Right>,
) -> Result<Option<P>> {
    let subject = find_entry(ctx, entry.id, entry.entry).await?;
    let (row, version) = (subject.row, entry.version);
    let parent = entry.entry.parent_of(row, subject.project.rows());
    let parent = parent.unwrap_or_default();
    let subject = subject.beside(parent);
    let outcome = execute(ctx, &subject, Command::new(name), |draft| {
        draft.still(parent)?;
        let right = right(draft.viewer, &draft.project(), parent)?;
        command::remove::<E>(draft, &right, row, version.as_deref())?;
        Ok(parent)
    });
    Ok(Some(Box::pin(outcome).await?.into()))
}
