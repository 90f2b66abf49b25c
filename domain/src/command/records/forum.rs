//! Forums: standing dialogues with their members, topics and meetings.

use entities::*;

use super::{Cited, Listed, citation, lists, put_named, put_sources};
use crate::{
    command::{Draft, Named, Problems, parts::replace, project::put},
    record,
};

/// A count that a source states.
#[derive(Clone, Debug)]
pub struct NewFigure {
    pub value: i64,
    pub what: String,
    pub citation: Option<Cited>,
}

/// An association or a person in a forum.
#[derive(Clone, Debug)]
pub struct NewMember {
    pub kind: ForumMemberKind,
    /// Of an association alone: persons are never named.
    pub name: Option<String>,
    pub state: MembershipState,
    pub applied: Option<PartialDate>,
    pub decided: Option<PartialDate>,
}

/// A topic that was proposed to a forum.
#[derive(Clone, Debug)]
pub struct NewTopic {
    pub title: String,
    pub proposed_by: TopicProposer,
    pub proposed: Option<PartialDate>,
}

/// A meeting of a forum.
#[derive(Clone, Debug)]
pub struct NewMeeting {
    pub held: Option<PartialDate>,
    pub place: Option<String>,
    pub note: Option<String>,
}

/// What is told of a forum.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub name: Option<Localized>,
    pub practice: Option<Option<Named>>,
    pub partner: Option<Option<Named>>,
    pub district: Option<Option<String>>,
    pub founded: Option<Option<PartialDate>>,
    pub meets: Option<Option<String>>,
    pub access: Option<Option<String>>,
    pub funding: Option<Option<String>>,
    pub beneficiaries: Option<Option<String>>,
    pub goals: Option<Vec<String>>,
    pub results: Option<Vec<String>>,
    pub stated: Option<Vec<NewFigure>>,
    pub members: Option<Vec<NewMember>>,
    pub topics: Option<Vec<NewTopic>>,
    pub meetings: Option<Vec<NewMeeting>>,
    pub sources: Option<Vec<Cited>>,
}

impl Listed for forum::Model {
    type Record = record::Forum;
    type Facts = Facts;
    const LIST: &'static str = "forums";
    const NAME: &'static str = "forum";

    lists! {
        forums: name, practice_id, partner_id, district, founded, meets, access, funding, beneficiaries, goals, results, stated, sources;
    }

    fn take(&mut self, draft: &mut Draft, problems: &mut Problems, facts: Facts) {
        put(&mut self.name, facts.name);
        put_named(&mut self.practice_id, problems, facts.practice, |named| {
            draft.practice("practice", named)
        });
        put_named(&mut self.partner_id, problems, facts.partner, |named| {
            draft.partner("partner", named)
        });
        put(&mut self.district, facts.district);
        put(&mut self.founded, facts.founded);
        put(&mut self.meets, facts.meets);
        put(&mut self.access, facts.access);
        put(&mut self.funding, facts.funding);
        put(&mut self.beneficiaries, facts.beneficiaries);
        put(&mut self.goals, facts.goals.map(Strings));
        put(&mut self.results, facts.results.map(Strings));
        if let Some(stated) = facts.stated {
            let figure = |(at, new): (usize, NewFigure)| {
                let field = format!("stated.{at}.citation");
                let cited = new.citation.as_ref();
                StatedFigure {
                    source: cited.and_then(|cited| citation(draft, problems, &field, cited)),
                    value: new.value,
                    what: new.what,
                }
            };
            self.stated = StatedFigures(stated.into_iter().enumerate().map(figure).collect());
        }
        put_sources(&mut self.sources, draft, problems, facts.sources);
        if let Some(members) = facts.members {
            put_members(draft, self.id, members);
        }
        if let Some(topics) = facts.topics {
            put_topics(draft, self.id, topics);
        }
        if let Some(meetings) = facts.meetings {
            put_meetings(draft, self.id, meetings);
        }
    }

    fn leave(&self, draft: &mut Draft) {
        let rows = &mut draft.rows;
        rows.forum_members.retain(|row| row.forum_id != self.id);
        rows.forum_topics.retain(|row| row.forum_id != self.id);
        rows.forum_meetings.retain(|row| row.forum_id != self.id);
    }
}

fn put_members(draft: &mut Draft, forum: ForumId, new: Vec<NewMember>) {
    let rows = (0..).zip(new).map(|(position, one)| forum_member::Model {
        id: draft.new_id("forum_member").into(),
        project_id: draft.id(),
        forum_id: forum,
        position,
        kind: one.kind,
        name: one.name,
        state: one.state,
        applied: one.applied,
        decided: one.decided,
    });
    let rows = rows.collect();
    replace(&mut draft.rows.forum_members, forum, rows);
}

fn put_topics(draft: &mut Draft, forum: ForumId, new: Vec<NewTopic>) {
    let rows = (0..).zip(new).map(|(position, one)| forum_topic::Model {
        id: draft.new_id("forum_topic").into(),
        project_id: draft.id(),
        forum_id: forum,
        position,
        title: one.title,
        proposed_by: one.proposed_by,
        proposed: one.proposed,
    });
    let rows = rows.collect();
    replace(&mut draft.rows.forum_topics, forum, rows);
}

fn put_meetings(draft: &mut Draft, forum: ForumId, new: Vec<NewMeeting>) {
    let rows = (0..).zip(new).map(|(position, one)| forum_meeting::Model {
        id: draft.new_id("forum_meeting").into(),
        project_id: draft.id(),
        forum_id: forum,
        position,
        held: one.held,
        place: one.place,
        note: one.note,
    });
    let rows = rows.collect();
    replace(&mut draft.rows.forum_meetings, forum, rows);
}
