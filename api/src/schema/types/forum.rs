//! Forums: standing dialogues with their members, topics and meetings.

use async_graphql::{ID, Object, Result, SimpleObject};
use domain::record::Kind;
use entities::{ForumId, forum};

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

/// A standing dialogue of migrants, associations and a municipality.
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
        #[graphql(desc = "The wanted language, such as `it`; the project's default if left out.")]
        locale: Option<String>,
    ) -> Option<String> {
        self.view.text(&self.row.name, locale.as_deref())
    }

    /// The practice of which it is an example.
    async fn practice(&self) -> Option<Practice> {
        Some(Practice::new(&self.view, self.row.practice_id?))
    }

    /// The partner that runs it.
    async fn partner(&self) -> Option<Partner> {
        Some(Partner::new(&self.view, self.row.partner_id?))
    }

    /// The part of the city that it is for.
    async fn district(&self) -> Option<&str> {
        self.row.district.as_deref()
    }

    /// When it was founded.
    async fn founded(&self) -> Option<PartialDate> {
        self.row.founded.map(PartialDate)
    }

    /// How often it meets, in words.
    async fn meets(&self) -> Option<&str> {
        self.row.meets.as_deref()
    }

    /// How to join it.
    async fn access(&self) -> Option<&str> {
        self.row.access.as_deref()
    }

    /// Who pays for it.
    async fn funding(&self) -> Option<&str> {
        self.row.funding.as_deref()
    }

    /// The beneficiaries.
    async fn beneficiaries(&self) -> Option<&str> {
        self.row.beneficiaries.as_deref()
    }

    /// What it is for.
    async fn goals(&self) -> &[String] {
        &self.row.goals.0
    }

    /// What it has achieved.
    async fn results(&self) -> &[String] {
        &self.row.results.0
    }

    /// Counts that sources state; nothing here is counted from its members.
    async fn stated(&self) -> Vec<StatedFigure> {
        let figure = |figure: &entities::StatedFigure| StatedFigure {
            value: Quantity(figure.value),
            what: figure.what.clone(),
            citation: Citation::maybe(&self.view, figure.source.as_ref()),
        };
        self.row.stated.0.iter().map(figure).collect()
    }

    /// The sources of the record.
    async fn sources(&self) -> Vec<Citation> {
        citation::all(&self.view, &self.row.sources)
    }
}

/// A count that a source states.
#[derive(Clone, Debug, SimpleObject)]
pub struct StatedFigure {
    /// The count.
    value: Quantity,
    /// What is counted.
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
        let items = self.view.members_of_forum(self.id).iter().map(|row| {
            let key = vec![row.position.into(), row.id.to_string().into()];
            let member = ForumMember {
                kind: row.kind,
                name: row
                    .name
                    .clone()
                    .filter(|_| row.kind == ForumMemberKind::Association),
                state: row.state,
                applied: row.applied.map(PartialDate),
                decided: row.decided.map(PartialDate),
            };
            (key, member)
        });
        Ok(List::new(BY_POSITION, items))
    }

    fn list_topics(&self) -> Result<List<ForumTopic>> {
        let items = self.view.topics_of(self.id).iter().map(|row| {
            let key = vec![row.position.into(), row.id.to_string().into()];
            let topic = ForumTopic {
                title: row.title.clone(),
                proposed_by: row.proposed_by,
                proposed: row.proposed.map(PartialDate),
            };
            (key, topic)
        });
        Ok(List::new(BY_POSITION, items))
    }

    fn list_meetings(&self) -> Result<List<ForumMeeting>> {
        let items = self.view.meetings_of(self.id).iter().map(|row| {
            let key = vec![row.position.into(), row.id.to_string().into()];
            let meeting = ForumMeeting {
                held: row.held.map(PartialDate),
                place: row.place.clone(),
                note: row.note.clone(),
            };
            (key, meeting)
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

/// An association or a person in a forum.
#[derive(Clone, Debug, SimpleObject)]
pub struct ForumMember {
    /// Whether it is an association or a single person.
    kind: ForumMemberKind,
    /// The name of an association; persons are never named.
    name: Option<String>,
    /// The state of the application.
    state: MembershipState,
    /// When they applied.
    applied: Option<PartialDate>,
    /// When the application was decided.
    decided: Option<PartialDate>,
}

/// A topic that was proposed to a forum.
#[derive(Clone, Debug, SimpleObject)]
pub struct ForumTopic {
    /// What it is about.
    title: String,
    /// Who proposed it.
    proposed_by: TopicProposer,
    /// When it was proposed.
    proposed: Option<PartialDate>,
}

/// A meeting of a forum.
#[derive(Clone, Debug, SimpleObject)]
pub struct ForumMeeting {
    /// When it was held.
    held: Option<PartialDate>,
    /// Where it was held.
    place: Option<String>,
    /// A remark on it.
    note: Option<String>,
}

/// The project's forums.
pub fn list(view: &View) -> List<Forum> {
    let items = view.forums.iter().map(|row| {
        let key = vec![row.position.into(), row.id.to_string().into()];
        (key, Forum::new(view, row))
    });
    List::new(BY_POSITION, items)
}
