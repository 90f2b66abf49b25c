//! Forums: standing dialogues with their members, topics and meetings.

use async_graphql::{ID, Object, Result, SimpleObject};
use domain::record::{self, Entry, Kind};
use entities::{ForumId, forum, forum_meeting, forum_member, forum_topic};

use super::{
    citation::{self, Citation},
    partner::Partner,
    practice::Practice,
    tracked::TrackedForum,
    vocabulary::{ForumMemberKind, MembershipState, TopicProposer},
};
use crate::schema::base::{
    connection::{BY_POSITION, Connection, List, connections},
    id::id,
    scalar::{PartialDate, Quantity},
    view::View,
};

/// A forum: a standing dialogue of migrants, associations and a municipality.
#[derive(Clone, Debug, async_graphql::MergedObject)]
pub struct Forum(ForumFields, ForumLists, TrackedForum);

impl Forum {
    pub fn new(view: &View, row: &forum::Model) -> Self {
        let fields = ForumFields {
            view: view.clone(),
            row: row.clone(),
        };
        let lists = ForumLists {
            view: view.clone(),
            id: row.id,
        };
        Self(fields, lists, TrackedForum::new(view, row.id))
    }
}

#[derive(Clone, Debug)]
struct ForumFields {
    view: View,
    row: forum::Model,
}

#[Object]
impl ForumFields {
    /// The opaque id of the record, for `node`.
    async fn id(&self) -> ID {
        id(Kind::Forum, self.view.id(), self.row.id)
    }

    /// The key, unique in the project.
    async fn key(&self) -> &str {
        &self.row.key
    }

    /// The name. Falls back to the project's default language, then to any.
    async fn name(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<String> {
        self.view.text(&self.row.name, locale.as_deref())
    }

    /// The practice of which it is an example.
    async fn practice(&self) -> Option<Practice> {
        Some(Practice::new(&self.view, self.row.practice_id?))
    }

    /// The partner that runs the forum.
    async fn partner(&self) -> Option<Partner> {
        Some(Partner::new(&self.view, self.row.partner_id?))
    }

    /// The district of the city that it serves.
    async fn district(&self) -> Option<&str> {
        self.row.district.as_deref()
    }

    /// The date of its foundation, as precisely as it is known.
    async fn founded(&self) -> Option<PartialDate> {
        self.row.founded.map(PartialDate)
    }

    /// How often it meets, in words.
    async fn meets(&self) -> Option<&str> {
        self.row.meets.as_deref()
    }

    /// How to become a member, in words.
    async fn access(&self) -> Option<&str> {
        self.row.access.as_deref()
    }

    /// Its funding, in words.
    async fn funding(&self) -> Option<&str> {
        self.row.funding.as_deref()
    }

    /// The beneficiaries, in words.
    async fn beneficiaries(&self) -> Option<&str> {
        self.row.beneficiaries.as_deref()
    }

    /// Its goals, one each.
    async fn goals(&self) -> &[String] {
        &self.row.goals.0
    }

    /// Its results, one each.
    async fn results(&self) -> &[String] {
        &self.row.results.0
    }

    /// Figures that sources state. They are independent of the members that are listed here.
    async fn stated(&self) -> Vec<StatedFigure> {
        let figure = |figure: &entities::StatedFigure| StatedFigure {
            value: Quantity(figure.value),
            what: figure.what.clone(),
            citation: Citation::maybe(&self.view, figure.source.as_ref()),
        };
        self.row.stated.0.iter().map(figure).collect()
    }

    /// A hash of the applicants and members, which changes with each of them. Mutations that
    /// replace them take it as `membersVersion`.
    async fn members_version(&self) -> String {
        self.view.list_version::<record::ForumMember>(self.row.id)
    }

    /// A hash of the topics, which changes with each of them. Mutations that replace them take it
    /// as `topicsVersion`.
    async fn topics_version(&self) -> String {
        self.view.list_version::<record::ForumTopic>(self.row.id)
    }

    /// A hash of the meetings, which changes with each of them. Mutations that replace them take it
    /// as `meetingsVersion`.
    async fn meetings_version(&self) -> String {
        self.view.list_version::<record::ForumMeeting>(self.row.id)
    }

    /// The sources of the record.
    async fn sources(&self) -> Vec<Citation> {
        citation::all(&self.view, &self.row.sources)
    }
}

/// A figure that a source states.
#[derive(Clone, Debug, SimpleObject)]
pub struct StatedFigure {
    /// The number.
    value: Quantity,
    /// What is counted, in words.
    what: String,
    /// The source, and the place in it.
    citation: Option<Citation>,
}

#[derive(Clone, Debug)]
struct ForumLists {
    view: View,
    id: ForumId,
}

impl ForumLists {
    fn list_members(&self) -> Result<List<ForumMember>> {
        let items = self
            .view
            .there(self.view.members_of_forum(self.id))
            .map(|row| {
                let key = vec![row.position.into(), row.id.to_string().into()];
                (key, ForumMember::new(&self.view, row))
            });
        Ok(List::new(BY_POSITION, items))
    }

    fn list_topics(&self) -> Result<List<ForumTopic>> {
        let items = self.view.there(self.view.topics_of(self.id)).map(|row| {
            let key = vec![row.position.into(), row.id.to_string().into()];
            (key, ForumTopic::new(&self.view, row))
        });
        Ok(List::new(BY_POSITION, items))
    }

    fn list_meetings(&self) -> Result<List<ForumMeeting>> {
        let items = self.view.there(self.view.meetings_of(self.id)).map(|row| {
            let key = vec![row.position.into(), row.id.to_string().into()];
            (key, ForumMeeting::new(&self.view, row))
        });
        Ok(List::new(BY_POSITION, items))
    }
}

connections! {
    /// A forum's connections.
    ForumLists {
        /// The applicants and members, with the state of each application.
        members() -> Connection<ForumMember> = list_members;
        /// The proposed topics.
        topics() -> Connection<ForumTopic> = list_topics;
        /// The meetings.
        meetings() -> Connection<ForumMeeting> = list_meetings;
    }
}

/// An association or a person who applied to join a forum.
#[derive(Clone, Debug, SimpleObject)]
pub struct ForumMember {
    /// The opaque id of the entry.
    id: ID,
    /// A hash of the entry, which changes with every edit.
    version: String,
    /// Whether it is an association or a single person.
    kind: ForumMemberKind,
    /// The name of an association; persons are never named.
    name: Option<String>,
    /// The state of the application.
    state: MembershipState,
    /// The date of the application, as precisely as it is known.
    applied: Option<PartialDate>,
    /// The date of the decision on the application, as precisely as it is known.
    decided: Option<PartialDate>,
}

/// A topic that was proposed to a forum.
#[derive(Clone, Debug, SimpleObject)]
pub struct ForumTopic {
    /// The opaque id of the entry.
    id: ID,
    /// A hash of the entry, which changes with every edit.
    version: String,
    /// The topic, in words.
    title: String,
    /// Who proposed the topic.
    proposed_by: TopicProposer,
    /// The date of the proposal, as precisely as it is known.
    proposed: Option<PartialDate>,
}

/// A meeting of a forum.
#[derive(Clone, Debug, SimpleObject)]
pub struct ForumMeeting {
    /// The opaque id of the entry.
    id: ID,
    /// A hash of the entry, which changes with every edit.
    version: String,
    /// The date of the meeting, as precisely as it is known.
    held: Option<PartialDate>,
    /// The place of the meeting.
    place: Option<String>,
    /// A remark about the meeting.
    note: Option<String>,
}

/// The project's forums.
pub fn list(view: &View) -> List<Forum> {
    let items = view.there(&view.forums).map(|row| {
        let key = vec![row.position.into(), row.id.to_string().into()];
        (key, Forum::new(view, row))
    });
    List::new(BY_POSITION, items)
}

impl ForumMember {
    pub fn new(view: &View, row: &forum_member::Model) -> Self {
        let is_association = row.kind == ForumMemberKind::Association;
        Self {
            id: id(Entry::ForumMember.name(), view.id(), row.id),
            version: view.entry_version::<record::ForumMember>(row),
            kind: row.kind,
            name: row.name.clone().filter(|_| is_association),
            state: match row.decided {
                Some(_) if view.by_now(row.decided).is_none() => MembershipState::Applied,
                _ => row.state,
            },
            applied: row.applied.map(PartialDate),
            decided: view.by_now(row.decided),
        }
    }
}

impl ForumTopic {
    pub fn new(view: &View, row: &forum_topic::Model) -> Self {
        Self {
            id: id(Entry::ForumTopic.name(), view.id(), row.id),
            version: view.entry_version::<record::ForumTopic>(row),
            title: row.title.clone(),
            proposed_by: row.proposed_by,
            proposed: row.proposed.map(PartialDate),
        }
    }
}

impl ForumMeeting {
    pub fn new(view: &View, row: &forum_meeting::Model) -> Self {
        Self {
            id: id(Entry::ForumMeeting.name(), view.id(), row.id),
            version: view.entry_version::<record::ForumMeeting>(row),
            held: row.held.map(PartialDate),
            place: row.place.clone(),
            note: row.note.clone(),
        }
    }
}
