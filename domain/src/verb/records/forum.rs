//! Forums: standing dialogues with their members, topics and meetings.

use entities::*;
use sea_orm::prelude::Uuid;

use super::{Cited, Listed, citation, lists, put_named, put_sources};
use crate::{
    rows::{Row, Rows},
    verb::{Code, Draft, Named, Problem, Problems, check, draft::next_place, project::put},
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
            check::list(problems, "stated", stated.len());
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
            check::list(problems, "members", members.len());
            check_members(problems, &members);
            place(draft, self, members);
        }
        if let Some(topics) = facts.topics {
            check::list(problems, "topics", topics.len());
            for (at, topic) in topics.iter().enumerate() {
                check::name(problems, format!("topics.{at}.title"), &topic.title);
            }
            place(draft, self, topics);
        }
        if let Some(meetings) = facts.meetings {
            check::list(problems, "meetings", meetings.len());
            check_meetings(problems, &meetings);
            place(draft, self, meetings);
        }
    }

    fn check(&self, problems: &mut Problems) {
        check::localized(problems, "name", &self.name);
        if self.name.0.is_empty() {
            problems.add("name", Code::Required);
        }
        check::names(problems, [("district", &self.district)]);
        check::longs(
            problems,
            [
                ("meets", &self.meets),
                ("access", &self.access),
                ("funding", &self.funding),
                ("beneficiaries", &self.beneficiaries),
            ],
        );
        check::texts(problems, "goals", &self.goals);
        check::texts(problems, "results", &self.results);
        for (at, figure) in self.stated.0.iter().enumerate() {
            check::name(problems, format!("stated.{at}.what"), &figure.what);
            if figure.value < 0 {
                let problem = Problem::new(format!("stated.{at}.value"), Code::OutOfRange);
                problems.push(problem.with(">= 0"));
            }
        }
    }

    fn leave(&self, draft: &mut Draft) {
        let rows = &mut draft.rows;
        rows.forum_members.retain(|row| row.forum_id != self.id);
        rows.forum_topics.retain(|row| row.forum_id != self.id);
        rows.forum_meetings.retain(|row| row.forum_id != self.id);
    }
}

fn check_members(problems: &mut Problems, members: &[NewMember]) {
    for (at, member) in members.iter().enumerate() {
        let field = format!("members.{at}.name");
        match (member.kind, &member.name) {
            (ForumMemberKind::Association, None) => problems.add(field, Code::Required),
            (ForumMemberKind::Association, Some(name)) => check::name(problems, field, name),
            (ForumMemberKind::Individual, None) => {}
            (ForumMemberKind::Individual, Some(_)) => {
                problems.push(Problem::new(field, Code::OutOfRange).with("null"));
            }
        }
        let field = format!("members.{at}.decided");
        check::period(problems, field, member.applied, member.decided);
    }
}

fn check_meetings(problems: &mut Problems, meetings: &[NewMeeting]) {
    for (at, meeting) in meetings.iter().enumerate() {
        if let Some(place) = &meeting.place {
            check::name(problems, format!("meetings.{at}.place"), place);
        }
        if let Some(note) = &meeting.note {
            check::long(problems, format!("meetings.{at}.note"), note);
        }
    }
}

/// Something that belongs to one forum, in its place there.
trait Part: Sized {
    type Row: Row;

    fn list(rows: &mut Rows) -> &mut Vec<Self::Row>;

    fn row(&self, id: Uuid, forum: &forum::Model, position: i32) -> Self::Row;

    /// Whether a row tells of the same, though not all of it need be as it was.
    fn is_same(&self, row: &Self::Row) -> bool;
}

/// Puts the parts of a forum in their places. What stays, in the order in which it stood, keeps its
/// row; what is new, or has moved forward, stands behind all that was there.
fn place<P: Part>(draft: &mut Draft, forum: &forum::Model, parts: Vec<P>) {
    let (mut old, others): (Vec<_>, Vec<_>) = std::mem::take(P::list(&mut draft.rows))
        .into_iter()
        .partition(|row| row.parent() == forum.id.0);
    *P::list(&mut draft.rows) = others;
    let mut free = next_place(old.iter().map(Row::position));
    for part in parts {
        let as_it_was = |row: &P::Row| part.row(row.uuid(), forum, row.position()) == *row;
        let kept = old.iter().position(as_it_was);
        let kept = kept.or_else(|| old.iter().position(|row| part.is_same(row)));
        let row = match kept {
            Some(at) => {
                // What stood before it can no longer come after it.
                let row = old.drain(..=at).next_back();
                row.map(|row| part.row(row.uuid(), forum, row.position()))
            }
            None => None,
        };
        let row = row.unwrap_or_else(|| {
            old.clear();
            let row = part.row(draft.new_id(P::Row::TABLE), forum, free);
            free += 1;
            row
        });
        P::list(&mut draft.rows).push(row);
    }
}

impl Part for NewMember {
    type Row = forum_member::Model;

    fn list(rows: &mut Rows) -> &mut Vec<Self::Row> {
        &mut rows.forum_members
    }

    fn row(&self, id: Uuid, forum: &forum::Model, position: i32) -> Self::Row {
        forum_member::Model {
            id: id.into(),
            project_id: forum.project_id,
            forum_id: forum.id,
            position,
            kind: self.kind,
            name: self.name.clone(),
            state: self.state,
            applied: self.applied,
            decided: self.decided,
        }
    }

    fn is_same(&self, row: &Self::Row) -> bool {
        (self.kind, &self.name) == (row.kind, &row.name)
    }
}

impl Part for NewTopic {
    type Row = forum_topic::Model;

    fn list(rows: &mut Rows) -> &mut Vec<Self::Row> {
        &mut rows.forum_topics
    }

    fn row(&self, id: Uuid, forum: &forum::Model, position: i32) -> Self::Row {
        forum_topic::Model {
            id: id.into(),
            project_id: forum.project_id,
            forum_id: forum.id,
            position,
            title: self.title.clone(),
            proposed_by: self.proposed_by,
            proposed: self.proposed,
        }
    }

    fn is_same(&self, row: &Self::Row) -> bool {
        self.title == row.title
    }
}

impl Part for NewMeeting {
    type Row = forum_meeting::Model;

    fn list(rows: &mut Rows) -> &mut Vec<Self::Row> {
        &mut rows.forum_meetings
    }

    fn row(&self, id: Uuid, forum: &forum::Model, position: i32) -> Self::Row {
        forum_meeting::Model {
            id: id.into(),
            project_id: forum.project_id,
            forum_id: forum.id,
            position,
            held: self.held,
            place: self.place.clone(),
            note: self.note.clone(),
        }
    }

    fn is_same(&self, row: &Self::Row) -> bool {
        self.held == row.held
    }
}
