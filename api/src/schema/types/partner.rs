//! Partners: organisations in their role in a project.

use async_graphql::{ID, InputObject, MergedObject, Object, Result, SimpleObject};
use domain::{project::RecordRef, record::Kind};
use entities::{PartnerId, output, partner};

use super::{
    citation::{self, Basis, Citation},
    community::{self, Community, Member},
    learning::{self, Learning},
    note::{self, Note},
    organisation::Organisation,
    output::Output,
    outputs::{self, OutputFilter, OutputOrder, involves},
    pairing::Pairing,
    practice::Practice,
    record::Counted,
    tracked::TrackedPartner,
    translation::{self, Translation},
    vocabulary::{PartnerKind, RoleKind},
};
use crate::schema::base::{
    connection::{BY_POSITION, Connection, List, connections},
    error,
    id::NodeId,
    scalar::Date,
    view::View,
};

/// A partner: an organisation in its role in the project.
#[derive(Clone, Debug, MergedObject)]
pub struct Partner(Counted, PartnerFields, PartnerOutputs, TrackedPartner);

impl Partner {
    pub fn new(view: &View, id: PartnerId) -> Self {
        let counted = Counted::new(view, RecordRef::Partner(id));
        let tracked = TrackedPartner::new(view, id);
        let view = view.clone();
        let outputs = PartnerOutputs {
            view: view.clone(),
            id,
        };
        Self(counted, PartnerFields { view, id }, outputs, tracked)
    }
}

#[derive(Clone, Debug)]
struct PartnerFields {
    view: View,
    id: PartnerId,
}

impl PartnerFields {
    fn row(&self) -> &partner::Model {
        self.view.partner(self.id)
    }
}

#[Object]
impl PartnerFields {
    /// Its texts in other languages, for whoever edits them; a reader asks for a field with `locale`.
    async fn translations(&self) -> Vec<Translation> {
        translation::all(&self.row().translations)
    }

    /// The key, unique in the project: that of its organisation, such as `torino`.
    async fn key(&self) -> &str {
        &self.view.organisation_of(self.id).key
    }

    /// The organisation.
    async fn organisation(&self) -> Organisation {
        Organisation::new(&self.view, self.row().organisation_id)
    }

    /// The kind of partner.
    async fn kind(&self) -> PartnerKind {
        self.row().kind
    }

    /// The partner through which it takes part; null if it takes part itself.
    async fn via(&self) -> Option<Partner> {
        Some(Partner::new(&self.view, self.row().via_id?))
    }

    /// The municipalities that take part through it.
    async fn acts_for(&self) -> Vec<Partner> {
        self.view
            .acting_through(self.id)
            .filter(|row| self.view.is_there(*row, self.view.as_of))
            .map(|row| Partner::new(&self.view, row.id))
            .collect()
    }

    /// The body that acts for it, if that has another name.
    async fn acting_body(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let row = self.row();
        let own = row.acting_body.as_deref()?;
        Some(
            self.view
                .said(&row.translations, "actingBody", own, locale.as_deref()),
        )
    }

    /// The day on which it joined; null if it is not known.
    async fn joined_on(&self) -> Option<Date> {
        self.row().joined_on.map(Date)
    }

    /// Its last day in the project, which may lie ahead; null if it does not leave, or if the day is not
    /// known.
    async fn left_on(&self) -> Option<Date> {
        self.row().left_on.map(Date)
    }

    /// The communities that it belongs to, with its role in each.
    async fn memberships(&self) -> Vec<Member> {
        self.view
            .members
            .iter()
            .filter(|member| member.partner_id == self.id)
            .map(|row| Member::new(&self.view, row))
            .collect()
    }

    /// The communities that it runs as their expert.
    async fn runs(&self) -> Vec<Community> {
        self.view
            .communities
            .iter()
            .filter(|community| community.expert_id == Some(self.id))
            .map(|row| Community::new(&self.view, row.id))
            .collect()
    }

    /// The pairings that it belongs to.
    async fn pairings(&self) -> Vec<Pairing> {
        self.view
            .pairings
            .iter()
            .filter(|pairing| {
                let parties = self.view.parties_of(pairing.id);
                parties.iter().any(|party| party.partner_id == self.id)
            })
            .map(|row| Pairing::new(&self.view, row.id))
            .collect()
    }

    /// The challenges that it put to its peers, with what they asked and advised and what came of it.
    async fn challenges_posed(&self) -> Vec<Learning> {
        learning::posed_by(&self.view, self.id)
    }

    /// The advice that it gave to others. Null: none is known to be its own, but of some that was given
    /// where it takes part nobody knows who gave it.
    async fn advice_given(&self) -> Option<Vec<Learning>> {
        learning::given_by(&self.view, self.id)
    }

    /// The advice that it was given and takes up. Null: it was given some, and of none it is known
    /// whether it takes it up.
    async fn advice_taken(&self) -> Option<Vec<Learning>> {
        learning::taken_by(&self.view, self.id)
    }

    /// Its good practices.
    async fn practices(&self) -> Vec<Practice> {
        self.view
            .there(&self.view.practices)
            .filter(|practice| practice.partner_id == Some(self.id))
            .map(|row| Practice::new(&self.view, row.id))
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
        let key = &self.view.organisation_of(self.id).key;
        note::about(&self.view, &format!("partner:{key}"))
    }

    /// The derivations of values that no source states.
    async fn basis(&self) -> Vec<Basis> {
        citation::basis(&self.row().basis)
    }

    /// The sources of the record.
    async fn sources(&self) -> Vec<Citation> {
        citation::all(&self.view, &self.row().sources)
    }
}

#[derive(Clone, Debug)]
struct PartnerOutputs {
    view: View,
    id: PartnerId,
}

impl PartnerOutputs {
    fn list_outputs(
        &self,
        filter: Option<OutputFilter>,
        order: Option<OutputOrder>,
    ) -> Result<List<Output>> {
        self.that(filter, order, |row| row.lead_id == Some(self.id))
    }

    fn list_involved_in(
        &self,
        filter: Option<OutputFilter>,
        order: Option<OutputOrder>,
    ) -> Result<List<Output>> {
        self.that(filter, order, |row| {
            row.lead_id != Some(self.id) && involves(&self.view, row, self.id)
        })
    }

    fn that(
        &self,
        filter: Option<OutputFilter>,
        order: Option<OutputOrder>,
        is_mine: impl Fn(&output::Model) -> bool,
    ) -> Result<List<Output>> {
        outputs::list(&self.view, filter, order, |view, row| {
            is_mine(row).then(|| Output::new(view, row)).flatten()
        })
    }
}

connections! {
    /// A partner's connections over outputs.
    PartnerOutputs {
        /// The outputs that it leads; the partner's figures count these.
        outputs(
            filter: Option<OutputFilter> = "The filter; all records if left out.",
            order: Option<OutputOrder> = "The order; that of the project if left out.",
        ) -> Connection<Output> = list_outputs;
        /// The outputs that it hosts, organises, exchanges staff for or takes part in. They count
        /// for their leading partner, not for this one.
        involved_in(
            filter: Option<OutputFilter> = "The filter; all records if left out.",
            order: Option<OutputOrder> = "The order; that of the project if left out.",
        ) -> Connection<Output> = list_involved_in;
    }
}

/// A filter of partners. All conditions must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct PartnerFilter {
    /// Only partners of one of these kinds.
    kinds: Option<Vec<PartnerKind>>,
    /// Only members of this community: its key, such as `cop2`, or its id.
    community: Option<ID>,
    /// Only partners in this country: its ISO 3166-1 alpha-2 code.
    country: Option<String>,
}

/// The partners that match a filter, in the project's order.
pub fn list(view: &View, filter: Option<PartnerFilter>) -> Result<List<Partner>> {
    let filter = filter.unwrap_or_default();
    let community = match &filter.community {
        Some(name) => Some(community::named(view, "filter.community", name)?),
        None => None,
    };
    let fits = |row: &&partner::Model| {
        let kind = row.kind;
        filter
            .kinds
            .as_ref()
            .is_none_or(|kinds| kinds.contains(&kind))
            && community.is_none_or(|id| {
                view.communities_of(row.id)
                    .any(|community| community.id == id)
            })
            && (filter.country.is_none() || filter.country == view.organisation_of(row.id).country)
    };
    let items = view.there(&view.partners).filter(fits).map(|row| {
        let key = vec![row.position.into(), row.id.to_string().into()];
        (key, Partner::new(view, row.id))
    });
    Ok(List::new(BY_POSITION, items))
}

/// A role of a person in the project.
#[derive(Clone, Debug, SimpleObject)]
pub struct Role {
    /// The kind of role.
    pub kind: RoleKind,
    /// The partner that the person acts for.
    pub partner: Option<Partner>,
    /// The first day of the role; null if it had no beginning.
    pub from: Option<Date>,
    /// The last day of the role, on which it still holds; null if it has no end.
    pub until: Option<Date>,
    /// Whether it is in force on the project's `asOf`.
    pub in_force: bool,
}

/// The partner that an argument names, by its organisation's key or by id.
pub fn named(view: &View, argument: &'static str, name: &str) -> Result<PartnerId> {
    let by_id = || match NodeId::decode(name) {
        Some(NodeId { kind, row, .. }) if kind == Kind::Partner.name() => view
            .partners
            .iter()
            .find(|partner| partner.id.0.to_string() == row),
        _ => None,
    };
    view.partner_by_key(name)
        .or_else(by_id)
        .map(|partner| partner.id)
        .ok_or_else(|| {
            error::bad_input(
                argument,
                format!("there is no partner {name:?}"),
                "give its id, or its organisation's key such as \"torino\"",
            )
        })
}
