//! Members, topics and meetings of forums.

use uuid::Uuid;

use super::super::input::TranslationInput;
use super::{entry, find_forum, of_forum};
use crate::schema::{
    base::{scalar::PartialDate, view::View},
    types::{
        forum::{Forum, ForumMeeting, ForumMember, ForumTopic},
        vocabulary::{ForumMemberKind, MembershipState, TopicProposer},
    },
};

fn forum_at(view: &View, id: Uuid) -> Option<Forum> {
    let row = view.forums.iter().find(|row| row.id.0 == id)?;
    Some(Forum::new(view, row))
}

entry! {
    "an applicant or member": ForumMember = |view, id| {
        let row = view.forum_members.iter().find(|row| row.id.0 == id)?;
        Some(ForumMember::new(view, row))
    },
    in "a forum" forum: Forum = forum_at, find_forum, of_forum,
    "For the coordinator, and the partner that runs it.";
    ForumMemberInput of ForumMember {
        /// Whether it is an association or a single person.
        must kind: ForumMemberKind,
        /// The name of an association, which needs one; persons are never named.
        may name: String,
        /// The state of the application.
        must state: MembershipState,
        /// When they applied.
        may applied: PartialDate,
        /// When the application was decided.
        may decided: PartialDate,
        /// Its texts in other languages: those that are named change, the others stay.
        can translations: Vec<TranslationInput>,
    }
    ForumMemberChanges {
        add_forum_member "addForumMember" AddForumMemberInput AddForumMemberPayload
        edit_forum_member "editForumMember" EditForumMemberInput EditForumMemberPayload
        remove_forum_member "removeForumMember" RemoveForumMemberInput RemoveForumMemberPayload
    }
    forum_member
}

entry! {
    "a topic": ForumTopic = |view, id| {
        let row = view.forum_topics.iter().find(|row| row.id.0 == id)?;
        Some(ForumTopic::new(view, row))
    },
    in "a forum" forum: Forum = forum_at, find_forum, of_forum,
    "For the coordinator, and the partner that runs it.";
    ForumTopicInput of ForumTopic {
        /// What it is about.
        must title: String,
        /// Who proposed it.
        must proposed_by: TopicProposer,
        /// When it was proposed.
        may proposed: PartialDate,
        /// Its texts in other languages: those that are named change, the others stay.
        can translations: Vec<TranslationInput>,
    }
    ForumTopicChanges {
        add_forum_topic "addForumTopic" AddForumTopicInput AddForumTopicPayload
        edit_forum_topic "editForumTopic" EditForumTopicInput EditForumTopicPayload
        remove_forum_topic "removeForumTopic" RemoveForumTopicInput RemoveForumTopicPayload
    }
    forum_topic
}

entry! {
    "a meeting": ForumMeeting = |view, id| {
        let row = view.forum_meetings.iter().find(|row| row.id.0 == id)?;
        Some(ForumMeeting::new(view, row))
    },
    in "a forum" forum: Forum = forum_at, find_forum, of_forum,
    "For the coordinator, and the partner that runs it.";
    ForumMeetingInput of ForumMeeting {
        /// When it was held.
        may held: PartialDate,
        /// Where it was held.
        may place: String,
        /// A remark on it.
        may note: String,
        /// Its texts in other languages: those that are named change, the others stay.
        can translations: Vec<TranslationInput>,
    }
    ForumMeetingChanges {
        add_forum_meeting "addForumMeeting" AddForumMeetingInput AddForumMeetingPayload
        edit_forum_meeting "editForumMeeting" EditForumMeetingInput EditForumMeetingPayload
        remove_forum_meeting "removeForumMeeting" RemoveForumMeetingInput RemoveForumMeetingPayload
    }
    forum_meeting
}
