//! Forums with their members, topics and meetings.

use async_graphql::{ID, InputObject};
use domain::command::records::forum::{self, NewFigure, NewMeeting, NewMember, NewTopic};

use super::super::input::{TextInput, localized};
use super::{CitationInput, each, exact, listed, record};
use crate::schema::{
    base::scalar::{PartialDate, Quantity},
    types::{
        forum::Forum,
        vocabulary::{ForumMemberKind, MembershipState, TopicProposer},
    },
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

impl From<StatedFigureInput> for NewFigure {
    fn from(input: StatedFigureInput) -> Self {
        Self {
            value: input.value.0,
            what: input.what,
            citation: input.citation.map(Into::into),
        }
    }
}

/// An association or a person in a forum.
#[derive(Clone, Debug, InputObject)]
pub struct ForumMemberInput {
    /// Whether it is an association or a single person.
    kind: ForumMemberKind,
    /// The name of an association, which needs one; persons are never named.
    name: Option<String>,
    /// How far their application is.
    state: MembershipState,
    /// When they applied.
    applied: Option<PartialDate>,
    /// When that was decided.
    decided: Option<PartialDate>,
}

impl From<ForumMemberInput> for NewMember {
    fn from(input: ForumMemberInput) -> Self {
        Self {
            kind: input.kind,
            name: input.name,
            state: input.state,
            applied: input.applied.map(exact),
            decided: input.decided.map(exact),
        }
    }
}

/// A topic that was proposed to a forum.
#[derive(Clone, Debug, InputObject)]
pub struct ForumTopicInput {
    /// What it is about.
    title: String,
    /// Who proposed it.
    proposed_by: TopicProposer,
    /// When it was proposed.
    proposed: Option<PartialDate>,
}

impl From<ForumTopicInput> for NewTopic {
    fn from(input: ForumTopicInput) -> Self {
        Self {
            title: input.title,
            proposed_by: input.proposed_by,
            proposed: input.proposed.map(exact),
        }
    }
}

/// A meeting of a forum.
#[derive(Clone, Debug, InputObject)]
pub struct ForumMeetingInput {
    /// When it was held.
    held: Option<PartialDate>,
    /// Where it was held.
    place: Option<String>,
    /// A remark on it.
    note: Option<String>,
}

impl From<ForumMeetingInput> for NewMeeting {
    fn from(input: ForumMeetingInput) -> Self {
        Self {
            held: input.held.map(exact),
            place: input.place,
            note: input.note,
        }
    }
}

listed! {
    "forum": Forum = |view, id| {
        let row = view.forums.iter().find(|row| row.id.0 == id)?;
        Some(Forum::new(view, row))
    };
    forum::Facts as entities::forum::Model,
    {
        /// What it is called, by language.
        must name: Vec<TextInput> as localized,
        /// The practice that it is: its id or key.
        may practice: ID as record,
        /// The partner that runs it: its id, or its organisation's key.
        may partner: ID as record,
        /// The part of the city that it is for.
        may district: String,
        /// When it was founded, as exactly as it is known.
        may founded: PartialDate as exact,
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
        can stated: Vec<StatedFigureInput> as each,
        /// Those who asked to join, whatever became of it.
        can members: Vec<ForumMemberInput> as each,
        /// What was proposed to talk about.
        can topics: Vec<ForumTopicInput> as each,
        /// When it met.
        can meetings: Vec<ForumMeetingInput> as each,
        /// Where the record comes from.
        can sources: Vec<CitationInput> as each,
    }
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
