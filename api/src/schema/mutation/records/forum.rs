//! Mutations of forums with their members, topics and meetings.

use async_graphql::{ID, InputObject};

use super::{
    super::{
        entries::{ForumMeetingInput, ForumMemberInput, ForumTopicInput},
        input::{CitationInput, TextInput, TranslationInput},
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
    /// The number: 0 or more.
    value: Quantity,
    /// What is counted, in words.
    what: String,
    /// The source, and the place in it.
    citation: Option<CitationInput>,
}

listed! {
    "forum": Forum = |view, id| {
        let row = view.forums.iter().find(|row| row.id.0 == id)?;
        Some(Forum::new(view, row))
    },
    {
        /// The name by language.
        must name: Vec<TextInput>,
        /// The practice of which it is an example: its id or key.
        may practice: ID,
        /// The partner that runs it: its id, or the key of its organisation.
        may partner: ID,
        /// The district of the city that it serves.
        may district: String,
        /// The date of its foundation, as precisely as it is known.
        may founded: PartialDate,
        /// How often it meets, in words, such as "monthly".
        may meets: String,
        /// How to become a member, in words.
        may access: String,
        /// Its funding, in words.
        may funding: String,
        /// Its beneficiaries, in words.
        may beneficiaries: String,
        /// Its goals, one each.
        can goals: Vec<String>,
        /// Its results, one each.
        can results: Vec<String>,
        /// Figures that sources state. They are independent of the members that are listed here.
        can stated: Vec<StatedFigureInput>,
        /// The applications for membership, whether accepted or not.
        can members: Vec<ForumMemberInput>,
        /// The topics proposed for discussion.
        can topics: Vec<ForumTopicInput>,
        /// The meetings.
        can meetings: Vec<ForumMeetingInput>,
        /// The sources of the record.
        can sources: Vec<CitationInput>,
        /// Its texts in other languages: those that are named change, the others stay.
        can translations: Vec<TranslationInput>,
    }
    [
        /// The forum's `membersVersion` that the client read. Required to replace the members.
        members_version,
        /// The forum's `topicsVersion` that the client read. Required to replace the topics.
        topics_version,
        /// The forum's `meetingsVersion` that the client read. Required to replace the meetings.
        meetings_version,
    ]
    ForumChanges {
        /// Creates a forum with its members, topics and meetings. For the coordinator.
        ///
        /// Codes: FORBIDDEN, TAKEN, NOT_A_KEY, REQUIRED, TOO_LONG, NOT_A_LANGUAGE, TWICE, NOT_FOUND,
        /// OUT_OF_RANGE, for the name of a person and for a list of more than 500, too,
        /// ENDS_BEFORE_START where an application was decided before it was made.
        create_forum "createForum" CreateForumInput CreateForumPayload
        /// Edits a forum. Its key cannot be changed. Members, topics and meetings that the input
        /// repeats unchanged keep their place in the forum's history. For the coordinator, and the
        /// partner that runs it, which cannot give it away.
        ///
        /// Codes: as of `createForum`, CONFLICT, and FORBIDDEN for another `partner`.
        edit_forum "editForum" EditForumInput EditForumPayload
        /// Removes a forum with its members, topics and meetings. The audit log retains its last
        /// state. For the coordinator.
        ///
        /// Codes: FORBIDDEN, CONFLICT.
        remove_forum "removeForum" RemoveForumInput RemoveForumPayload
    }
    forum
}
