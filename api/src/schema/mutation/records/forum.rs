//! Forums with their members, topics and meetings.

use async_graphql::{ID, InputObject};

use super::{
    super::{
        entries::{ForumMeetingInput, ForumMemberInput, ForumTopicInput},
        input::{CitationInput, TextInput},
    },
    listed,
};
use crate::schema::{
    base::scalar::{PartialDate, Quantity},
    types::forum::Forum,
};

/// A count that a source states.
#[derive(Clone, Debug, InputObject)]
pub struct StatedFigureInput {
    /// How many: 0 or more.
    value: Quantity,
    /// Of what.
    what: String,
    /// Which source, and where in it.
    citation: Option<CitationInput>,
}

listed! {
    "forum": Forum = |view, id| {
        let row = view.forums.iter().find(|row| row.id.0 == id)?;
        Some(Forum::new(view, row))
    },
    {
        /// What it is called, by language.
        must name: Vec<TextInput>,
        /// The practice that it is: its id or key.
        may practice: ID,
        /// The partner that runs it: its id, or its organisation's key.
        may partner: ID,
        /// The part of the city that it is for.
        may district: String,
        /// When it was founded, as exactly as it is known.
        may founded: PartialDate,
        /// How often it meets, in words.
        may meets: String,
        /// How one joins it.
        may access: String,
        /// Who pays for it.
        may funding: String,
        /// Whom it serves.
        may beneficiaries: String,
        /// What it is for.
        can goals: Vec<String>,
        /// What it has achieved.
        can results: Vec<String>,
        /// Counts that sources state; nothing here is counted from its members.
        can stated: Vec<StatedFigureInput>,
        /// Those who asked to join, whatever became of it.
        can members: Vec<ForumMemberInput>,
        /// What was proposed to talk about.
        can topics: Vec<ForumTopicInput>,
        /// When it met.
        can meetings: Vec<ForumMeetingInput>,
        /// Where the record comes from.
        can sources: Vec<CitationInput>,
    }
    [
        /// The forum's `membersVersion` that the client read; needed to replace members.
        members_version,
        /// The forum's `topicsVersion` that the client read; needed to replace topics.
        topics_version,
        /// The forum's `meetingsVersion` that the client read; needed to replace meetings.
        meetings_version,
    ]
    ForumChanges {
        /// Begins a forum, with its members, topics and meetings. For the coordinator.
        ///
        /// Codes: FORBIDDEN, TAKEN, NOT_A_KEY, REQUIRED, TOO_LONG, NOT_A_LANGUAGE, TWICE, NOT_FOUND,
        /// OUT_OF_RANGE, for the name of a person and for a list of more than 500, too,
        /// ENDS_BEFORE_START where an application was decided before it was made.
        create_forum "createForum" CreateForumInput CreateForumPayload
        /// Changes a forum; its key stays. Of its members, topics and meetings those that are given
        /// as they were keep their place in its history. For the coordinator.
        ///
        /// Codes: as of `createForum`, and CONFLICT.
        edit_forum "editForum" EditForumInput EditForumPayload
        /// Removes a forum with its members, topics and meetings; what it was is in the audit. For
        /// the coordinator.
        ///
        /// Codes: FORBIDDEN, CONFLICT.
        remove_forum "removeForum" RemoveForumInput RemoveForumPayload
    }
    forum
}
