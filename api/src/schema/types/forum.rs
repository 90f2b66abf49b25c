//! Forums: standing dialogues with their members, topics and meetings.

use async_graphql::{ComplexObject, ID, Object, Result, SimpleObject};
use domain::record::{self, Entry, Kind};
use entities::{ForumId, forum, forum_meeting, forum_member, forum_topic};

use super::{
    citation::{self, Citation},
    partner::Partner,
    practice::Practice,
    tracked::TrackedForum,
    translation::{self, Translation},
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

    /// Its texts in other languages, for whoever edits them; a reader asks for a field with `locale`.
    async fn translations(&self) -> Vec<Translation> {
        translation::all(&self.row.translations)
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
    async fn district(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let row = &self.row;
        let own = row.district.as_deref()?;
        Some(
            self.view
                .said(&row.translations, "district", own, locale.as_deref()),
        )
    }

    /// The date of its foundation, as precisely as it is known.
    async fn founded(&self) -> Option<PartialDate> {
        self.row.founded.map(PartialDate)
    }

    /// How often it meets, in words.
    async fn meets(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let row = &self.row;
        let own = row.meets.as_deref()?;
        Some(
            self.view
                .said(&row.translations, "meets", own, locale.as_deref()),
        )
    }

    /// How to become a member, in words.
    async fn access(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let row = &self.row;
        let own = row.access.as_deref()?;
        Some(
            self.view
                .said(&row.translations, "access", own, locale.as_deref()),
        )
    }

    /// Its funding, in words.
    async fn funding(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let row = &self.row;
        let own = row.funding.as_deref()?;
        Some(
            self.view
                .said(&row.translations, "funding", own, locale.as_deref()),
        )
    }

    /// The beneficiaries, in words.
    async fn beneficiaries(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let row = &self.row;
        let own = row.beneficiaries.as_deref()?;
        Some(
            self.view
                .said(&row.translations, "beneficiaries", own, locale.as_deref()),
        )
    }

    /// Its goals, one each.
    async fn goals(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Vec<&str> {
        self.view.said_list(
            &self.row.translations,
            "goals",
            &self.row.goals,
            locale.as_deref(),
        )
    }

    /// Its results, one each.
    async fn results(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Vec<&str> {
        self.view.said_list(
            &self.row.translations,
            "results",
            &self.row.results,
            locale.as_deref(),
        )
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
#[graphql(complex)]
pub struct ForumMember {
    /// The opaque id of the entry.
    id: ID,
    /// A hash of the entry, which changes with every edit.
    version: String,
    /// Whether it is an association or a single person.
    kind: ForumMemberKind,
    /// The state of the application.
    state: MembershipState,
    /// The date of the application, as precisely as it is known.
    applied: Option<PartialDate>,
    /// The date of the decision on the application, as precisely as it is known.
    decided: Option<PartialDate>,
    #[graphql(skip)]
    view: View,
    #[graphql(skip)]
    row: forum_member::Model,
}

/// A topic that was proposed to a forum.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct ForumTopic {
    /// The opaque id of the entry.
    id: ID,
    /// A hash of the entry, which changes with every edit.
    version: String,
    /// Who proposed the topic.
    proposed_by: TopicProposer,
    /// The date of the proposal, as precisely as it is known.
    proposed: Option<PartialDate>,
    #[graphql(skip)]
    view: View,
    #[graphql(skip)]
    row: forum_topic::Model,
}

/// A meeting of a forum.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct ForumMeeting {
    /// The opaque id of the entry.
    id: ID,
    /// A hash of the entry, which changes with every edit.
    version: String,
    /// The date of the meeting, as precisely as it is known.
    held: Option<PartialDate>,
    #[graphql(skip)]
    view: View,
    #[graphql(skip)]
    row: forum_meeting::Model,
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
        Self {
            id: id(Entry::ForumMember.name(), view.id(), row.id),
            version: view.entry_version::<record::ForumMember>(row),
            kind: row.kind,
            state: match row.decided {
                Some(_) if view.by_now(row.decided).is_none() => MembershipState::Applied,
                _ => row.state,
            },
            applied: row.applied.map(PartialDate),
            decided: view.by_now(row.decided),
            view: view.clone(),
            row: row.clone(),
        }
    }
}

#[ComplexObject]
impl ForumMember {
    /// The name of an association; persons are never named.
    async fn name(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let own = self
            .row
            .name
            .as_deref()
            .filter(|_| self.row.kind == ForumMemberKind::Association)?;
        let translations = &self.row.translations;
        Some(self.view.said(translations, "name", own, locale.as_deref()))
    }

    /// Its texts in other languages, for whoever edits them; a reader asks for a field with `locale`.
    async fn translations(&self) -> Vec<Translation> {
        translation::all(&self.row.translations)
    }
}

impl ForumTopic {
    pub fn new(view: &View, row: &forum_topic::Model) -> Self {
        Self {
            id: id(Entry::ForumTopic.name(), view.id(), row.id),
            version: view.entry_version::<record::ForumTopic>(row),
            proposed_by: row.proposed_by,
            proposed: row.proposed.map(PartialDate),
            view: view.clone(),
            row: row.clone(),
        }
    }
}

#[ComplexObject]
impl ForumTopic {
    /// The topic, in words.
    async fn title(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> &str {
        let translations = &self.row.translations;
        self.view
            .said(translations, "title", &self.row.title, locale.as_deref())
    }

    /// Its texts in other languages, for whoever edits them; a reader asks for a field with `locale`.
    async fn translations(&self) -> Vec<Translation> {
        translation::all(&self.row.translations)
    }
}

impl ForumMeeting {
    pub fn new(view: &View, row: &forum_meeting::Model) -> Self {
        Self {
            id: id(Entry::ForumMeeting.name(), view.id(), row.id),
            version: view.entry_version::<record::ForumMeeting>(row),
            held: row.held.map(PartialDate),
            view: view.clone(),
            row: row.clone(),
        }
    }
}

#[ComplexObject]
impl ForumMeeting {
    /// The place of the meeting.
    async fn place(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let own = self.row.place.as_deref()?;
        let translations = &self.row.translations;
        Some(
            self.view
                .said(translations, "place", own, locale.as_deref()),
        )
    }

    /// A remark about the meeting.
    async fn note(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let own = self.row.note.as_deref()?;
        let translations = &self.row.translations;
        Some(self.view.said(translations, "note", own, locale.as_deref()))
    }

    /// Its texts in other languages, for whoever edits them; a reader asks for a field with `locale`.
    async fn translations(&self) -> Vec<Translation> {
        translation::all(&self.row.translations)
    }
}
