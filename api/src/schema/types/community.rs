//! Communities of practice and their members.

use async_graphql::{ID, MergedObject, Object, Result};
use domain::{
    project::RecordRef,
    record::{Entry, Kind},
};
use entities::{CommunityId, community, member, output};

use super::{
    citation::{self, Basis, Citation},
    note::{self, Note},
    output::Output,
    outputs::{self, OutputFilter, OutputOrder},
    pairing::Pairing,
    partner::Partner,
    publication::Publication,
    record::Counted,
    staff_exchange::StaffExchange,
    tracked::TrackedCommunity,
    translation::{self, Translation},
    visit::Visit,
    vocabulary::MemberRole,
};
use crate::schema::base::{
    connection::{BY_POSITION, Connection, List, connections},
    error,
    id::{NodeId, id},
    view::View,
};

/// A community of practice: cities that work on one theme.
#[derive(Clone, Debug, MergedObject)]
pub struct Community(Counted, CommunityFields, CommunityLists, TrackedCommunity);

impl Community {
    pub fn new(view: &View, id: CommunityId) -> Self {
        let counted = Counted::new(view, RecordRef::Community(id));
        let tracked = TrackedCommunity::new(view, id);
        let view = view.clone();
        let lists = CommunityLists {
            view: view.clone(),
            id,
        };
        Self(counted, CommunityFields { view, id }, lists, tracked)
    }
}

#[derive(Clone, Debug)]
struct CommunityFields {
    view: View,
    id: CommunityId,
}

impl CommunityFields {
    fn row(&self) -> &community::Model {
        self.view.community(self.id)
    }
}

#[Object]
impl CommunityFields {
    /// Its texts in other languages, for whoever edits them; a reader asks for a field with `locale`.
    async fn translations(&self) -> Vec<Translation> {
        translation::all(&self.row().translations)
    }

    /// The key, unique in the project, such as `cop2`.
    async fn key(&self) -> &str {
        &self.row().key
    }

    /// The number in the project, from 1.
    async fn number(&self) -> i32 {
        self.row().number
    }

    /// The letter, in projects whose sources use letters.
    async fn letter(&self) -> Option<&str> {
        self.row().letter.as_deref()
    }

    /// The partner that runs the community, as its expert.
    async fn expert(&self) -> Option<Partner> {
        Some(Partner::new(&self.view, self.row().expert_id?))
    }

    /// The number of visits planned for the community.
    async fn planned_visits(&self) -> i32 {
        self.row().planned_visits
    }

    /// The pairings whose staff exchanges belong to it.
    async fn pairings(&self) -> Vec<Pairing> {
        self.view
            .pairings
            .iter()
            .filter(|pairing| pairing.community_id == Some(self.id))
            .map(|row| Pairing::new(&self.view, row.id))
            .collect()
    }

    /// The publications about it.
    async fn publications(&self) -> Vec<Publication> {
        self.view
            .there(&self.view.publications)
            .filter(|publication| publication.community_id == Some(self.id))
            .map(|row| Publication::new(&self.view, row))
            .collect()
    }

    /// A remark about the record.
    async fn note(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let row = self.row();
        let own = row.note.as_deref()?;
        Some(
            self.view
                .said(&row.translations, "note", own, locale.as_deref()),
        )
    }

    /// The notes about it: contradictions between sources, gaps in them, and remarks.
    async fn notes(&self) -> Vec<Note> {
        note::about(&self.view, &format!("community:{}", self.row().key))
    }

    /// The sources of the record.
    async fn sources(&self) -> Vec<Citation> {
        citation::all(&self.view, &self.row().sources)
    }
}

#[derive(Clone, Debug)]
struct CommunityLists {
    view: View,
    id: CommunityId,
}

impl CommunityLists {
    fn list_members(&self) -> Result<List<Member>> {
        let members = self.view.members_of(self.id).iter();
        let has_joined = |row: &&member::Model| {
            let partner = self.view.partner(row.partner_id);
            self.view.is_there(partner, self.view.as_of)
        };
        let items = members.filter(has_joined).map(|row| {
            let key = vec![row.position.into(), row.id.to_string().into()];
            (key, Member::new(&self.view, row))
        });
        Ok(List::new(BY_POSITION, items))
    }

    fn list_outputs(
        &self,
        filter: Option<OutputFilter>,
        order: Option<OutputOrder>,
    ) -> Result<List<Output>> {
        self.own(filter, order, Output::new)
    }

    fn list_visits(
        &self,
        filter: Option<OutputFilter>,
        order: Option<OutputOrder>,
    ) -> Result<List<Visit>> {
        self.own(filter, order, |view, row| Visit::new(view, row.id))
    }

    fn list_staff_exchanges(
        &self,
        filter: Option<OutputFilter>,
        order: Option<OutputOrder>,
    ) -> Result<List<StaffExchange>> {
        self.own(filter, order, |view, row| StaffExchange::new(view, row.id))
    }

    fn own<T>(
        &self,
        filter: Option<OutputFilter>,
        order: Option<OutputOrder>,
        make: impl Fn(&View, &output::Model) -> Option<T>,
    ) -> Result<List<T>> {
        outputs::list(&self.view, filter, order, |view, row| {
            let is_own = row.community_id == Some(self.id);
            is_own.then(|| make(view, row)).flatten()
        })
    }
}

connections! {
    /// A community's connections.
    CommunityLists {
        /// Its members, with their roles.
        members() -> Connection<Member> = list_members;
        /// Its outputs of all kinds.
        outputs(
            filter: Option<OutputFilter> = "The filter; all records if left out.",
            order: Option<OutputOrder> = "The order; that of the project if left out.",
        ) -> Connection<Output> = list_outputs;
        /// Its thematic cluster visits.
        visits(
            filter: Option<OutputFilter> = "The filter; all records if left out.",
            order: Option<OutputOrder> = "The order; that of the project if left out.",
        ) -> Connection<Visit> = list_visits;
        /// Its staff exchanges: each is one leg, with one host.
        staff_exchanges(
            filter: Option<OutputFilter> = "The filter; all records if left out.",
            order: Option<OutputOrder> = "The order; that of the project if left out.",
        ) -> Connection<StaffExchange> = list_staff_exchanges;
    }
}

/// The membership of a partner in a community.
#[derive(Clone, Debug)]
pub struct Member {
    view: View,
    row: member::Model,
}

impl Member {
    pub fn new(view: &View, row: &member::Model) -> Self {
        Self {
            view: view.clone(),
            row: row.clone(),
        }
    }
}

/// The membership of a partner in a community.
#[Object]
impl Member {
    /// The opaque id of the entry.
    async fn id(&self) -> ID {
        id(Entry::Member.name(), self.view.id(), self.row.id)
    }

    /// Its texts in other languages, for whoever edits them; a reader asks for a field with `locale`.
    async fn translations(&self) -> Vec<Translation> {
        translation::all(&self.row.translations)
    }

    /// A hash of the entry, which changes with every edit. A mutation whose `expectedVersion`
    /// differs from the current one is refused with CONFLICT.
    async fn version(&self) -> String {
        self.view.entry_version::<domain::record::Member>(&self.row)
    }

    /// The partner.
    async fn partner(&self) -> Partner {
        Partner::new(&self.view, self.row.partner_id)
    }

    /// The community.
    async fn community(&self) -> Community {
        Community::new(&self.view, self.row.community_id)
    }

    /// The role of the partner in the community; null if no source states it.
    async fn role(&self) -> Option<MemberRole> {
        self.row.role
    }

    /// A weaker indication of the role, in words.
    async fn role_hint(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let row = &self.row;
        let own = row.role_hint.as_deref()?;
        Some(
            self.view
                .said(&row.translations, "roleHint", own, locale.as_deref()),
        )
    }

    /// The derivations of values that no source states.
    async fn basis(&self) -> Vec<Basis> {
        citation::basis(&self.row.basis)
    }
}

/// The community that an argument names, by key or by id.
pub fn named(view: &View, argument: &'static str, name: &str) -> Result<CommunityId> {
    let by_id = || match NodeId::decode(name) {
        Some(NodeId { kind, row, .. }) if kind == Kind::Community.name() => view
            .communities
            .iter()
            .find(|community| community.id.0.to_string() == row),
        _ => None,
    };
    view.community_by_key(name)
        .or_else(by_id)
        .map(|community| community.id)
        .ok_or_else(|| {
            let keys: Vec<_> = view.communities.iter().map(|c| c.key.as_str()).collect();
            let right = format!("give an id or one of {}", keys.join(", "));
            error::bad_input(argument, format!("there is no community {name:?}"), &right)
        })
}
