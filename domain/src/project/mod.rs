//! A project in memory: all its rows at one revision, with look-ups between them.
//!
//! Every read (GraphQL, digests, reports, the plan) is plain synchronous code over this value.

mod advice;
mod concern;
mod due;
mod effective;
mod history;
mod lacking;
mod proposal;
mod record;
mod roles;
mod size;
mod titles;

use chrono::{Datelike, Months, NaiveDate};
use entities::*;
use rustc_hash::FxHashMap;
use uuid::Uuid;

pub use advice::{ASKED_AFTER, Moment};
pub use due::{Due, HORIZON, Owes, default_lead_days, is_met_in};
pub use effective::{Dated, Effective};
pub use history::{AsOf, Standing, State, over_on};
pub use lacking::Lacking;
pub use proposal::ProposalState;
pub use record::{CITY, COUNTRY, PROJECT_MONTH, RecordRef, RecordStatus};
pub use roles::{are_coordinated_from, has_begun, is_in_force};
pub use titles::Titles;

use history::Latest;
use roles::InForce;

use crate::{
    record::rows::{Row, Rows, children},
    zone::{self, Zone},
};

/// An immutable project with all its rows: a write creates a new one.
#[derive(Debug)]
pub struct Project {
    rows: Rows,
    /// The index of each row in its table. A fast hasher is safe: clients cannot choose ids to
    /// cause collisions.
    places: FxHashMap<Uuid, usize>,
    /// The standing of each output, in the order of the table.
    latest: Vec<Latest>,
    zone: Zone,
    in_force: InForce,
    bytes: usize,
}

impl std::ops::Deref for Project {
    type Target = Rows;

    fn deref(&self) -> &Rows {
        &self.rows
    }
}

macro_rules! getters {
    ($($name:ident($id:ident) -> $module:ident in $table:ident;)+) => {$(
        /// The row of this id; a reference between rows of one project always finds it.
        #[must_use]
        pub fn $name(&self, id: $id) -> &$module::Model {
            self.$table.get(self.places[&Uuid::from(id)]).expect("places are made from the rows")
        }
    )+};
}

macro_rules! parts {
    ($($name:ident($parent:ident) -> $module:ident in $table:ident;)+) => {$(
        /// The rows of this parent, in their order.
        #[must_use]
        pub fn $name(&self, id: $parent) -> &[$module::Model] {
            children(&self.$table, id)
        }
    )+};
}

macro_rules! details {
    ($($name:ident -> $module:ident in $table:ident;)+) => {$(
        /// The row with the fields of one kind of output; `None` if the output is of another kind.
        #[must_use]
        pub fn $name(&self, id: OutputId) -> Option<&$module::Model> {
            let parent = Uuid::from(id);
            let at = self.$table.binary_search_by_key(&parent, Row::parent).ok()?;
            Some(&self.$table[at])
        }
    )+};
}

impl Project {
    /// A project that goes by no day: roles that begin or end are not in force in it. See
    /// [`Project::at`].
    #[must_use]
    pub fn new(mut rows: Rows) -> Self {
        rows.sort();
        rows.shrink();
        let places = rows.places();
        let zone = zone::known_zone(&rows.project.time_zone);
        let in_force = InForce::without_days(&rows.roles);
        let mut project = Self {
            rows,
            places,
            latest: Vec::new(),
            zone,
            in_force,
            bytes: 0,
        };
        project.latest = project
            .outputs
            .iter()
            .map(|row| project.latest(row))
            .collect();
        project.bytes = project.counted();
        project
    }

    fn place(&self, id: Uuid) -> Option<usize> {
        self.places.get(&id).copied()
    }

    fn latest_of(&self, id: OutputId) -> &Latest {
        &self.latest[self.places[&Uuid::from(id)]]
    }

    /// The rows, from which the next state is made.
    #[must_use]
    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    #[must_use]
    pub fn id(&self) -> ProjectId {
        self.project.id
    }

    #[must_use]
    pub fn key(&self) -> &str {
        &self.project.key
    }

    #[must_use]
    pub fn revision(&self) -> i64 {
        self.project.revision
    }

    /// The zone in which the project's own days begin.
    #[must_use]
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    #[must_use]
    pub fn default_locale(&self) -> &str {
        &self.project.default_locale
    }

    getters! {
        organisation(OrganisationId) -> organisation in organisations;
        person(PersonId) -> person in people;
        source(SourceId) -> source in sources;
        partner(PartnerId) -> partner in partners;
        community(CommunityId) -> community in communities;
        target(TargetId) -> target in targets;
        budget_line(BudgetLineId) -> budget_line in budget_lines;
        pairing(PairingId) -> pairing in pairings;
        output(OutputId) -> output in outputs;
        practice(PracticeId) -> practice in practices;
        reminder_rule(ReminderRuleId) -> reminder_rule in reminder_rules;
    }

    parts! {
        members_of(CommunityId) -> member in members;
        parties_of(PairingId) -> pairing_party in pairing_parties;
        events_of(OutputId) -> output_event in output_events;
        reporters_of(OutputEventId) -> reporter in reporters;
        participations_of(OutputId) -> participation in participations;
        agenda_of(OutputId) -> agenda_item in agenda_items;
        learnings_of(OutputId) -> learning in learnings;
        evidence_of(OutputId) -> evidence in evidence;
        practices_seen_at(OutputId) -> visit_practice in visit_practices;
        measures_of(OutputId) -> measure in measures;
        stakeholders_of(OutputId) -> stakeholder in stakeholders;
        endorsements_of(OutputId) -> endorsement in endorsements;
        trainings_of(OutputId) -> training in trainings;
        members_of_forum(ForumId) -> forum_member in forum_members;
        topics_of(ForumId) -> forum_topic in forum_topics;
        meetings_of(ForumId) -> forum_meeting in forum_meetings;
        roles_of(PersonId) -> role in roles;
    }

    details! {
        staff_exchange -> staff_exchange in staff_exchanges;
        visit -> visit in visits;
        event -> event in events;
        action_plan -> action_plan in action_plans;
        policy -> policy in policies;
        champion -> champion in champions;
        champion_workshop -> champion_workshop in champion_workshops;
        guide -> guide in guides;
        video -> video in videos;
    }

    /// Whether a row of this id belongs to the project.
    #[must_use]
    pub fn holds(&self, id: impl Into<Uuid>) -> bool {
        self.places.contains_key(&id.into())
    }

    #[must_use]
    pub fn organisation_of(&self, partner: PartnerId) -> &organisation::Model {
        self.organisation(self.partner(partner).organisation_id)
    }

    /// The partner of the organisation with this key.
    #[must_use]
    pub fn partner_by_key(&self, key: &str) -> Option<&partner::Model> {
        self.partners
            .iter()
            .find(|partner| self.organisation(partner.organisation_id).key == key)
    }

    #[must_use]
    pub fn community_by_key(&self, key: &str) -> Option<&community::Model> {
        self.communities
            .iter()
            .find(|community| community.key == key)
    }

    #[must_use]
    pub fn target_by_key(&self, key: &str) -> Option<&target::Model> {
        self.targets.iter().find(|target| target.key == key)
    }

    #[must_use]
    pub fn output_by_key(&self, kind: OutputKind, key: &str) -> Option<&output::Model> {
        self.outputs
            .iter()
            .find(|output| output.kind == kind && output.key == key)
    }

    #[must_use]
    pub fn source_by_key(&self, key: &str) -> Option<&source::Model> {
        self.sources.iter().find(|source| source.key == key)
    }

    /// The communities that a partner belongs to.
    pub fn communities_of(&self, partner: PartnerId) -> impl Iterator<Item = &community::Model> {
        self.members
            .iter()
            .filter(move |member| member.partner_id == partner)
            .map(|member| self.community(member.community_id))
    }

    /// The partners on one side of a pairing.
    pub fn side(&self, pairing: PairingId, side: Side) -> impl Iterator<Item = PartnerId> {
        self.parties_of(pairing)
            .iter()
            .filter(move |party| party.side == side)
            .map(|party| party.partner_id)
    }

    /// The municipalities that take part through a partner.
    pub fn acting_through(&self, partner: PartnerId) -> impl Iterator<Item = &partner::Model> {
        self.partners
            .iter()
            .filter(move |other| other.via_id == Some(partner))
    }

    /// The cities where an output takes place: its host or, if that is not a city, the cities on
    /// its side of the pairing.
    #[must_use]
    pub fn host_cities(&self, output: &output::Model) -> Vec<OrganisationId> {
        let Some(host) = output.host_id else {
            return Vec::new();
        };
        if self.organisation_of(host).kind == OrganisationKind::City {
            return vec![self.partner(host).organisation_id];
        }
        let Some(exchange) = self.staff_exchange(output.id) else {
            return Vec::new();
        };
        let hosting = match exchange.leg {
            Some(1) => Side::Mentor,
            Some(_) => Side::Implementing,
            None => return Vec::new(),
        };
        self.side(exchange.pairing_id, hosting)
            .map(|partner| self.organisation_of(partner))
            .filter(|organisation| organisation.kind == OrganisationKind::City)
            .map(|organisation| organisation.id)
            .collect()
    }

    /// The partners that travel to an exchange: all of its pairing except the host.
    #[must_use]
    pub fn guests(&self, output: &output::Model) -> Vec<PartnerId> {
        let Some(exchange) = self.staff_exchange(output.id) else {
            return Vec::new();
        };
        let guest_side = match exchange.leg {
            Some(1) => Some(Side::Implementing),
            Some(_) => Some(Side::Mentor),
            None => None,
        };
        self.parties_of(exchange.pairing_id)
            .iter()
            .filter(|party| guest_side.is_none_or(|side| party.side == side))
            .map(|party| party.partner_id)
            .filter(|partner| output.host_id != Some(*partner))
            .collect()
    }

    /// The project's months, M1 first: the first and last day of each.
    pub fn months(&self) -> impl Iterator<Item = ProjectMonth> {
        let (start, end) = (self.project.starts_on, self.project.ends_on);
        (0u32..).map_while(move |before| {
            let first = start.checked_add_months(Months::new(before))?;
            let next = start.checked_add_months(Months::new(before + 1))?;
            (first <= end).then(|| ProjectMonth {
                number: before + 1,
                first_day: first,
                last_day: next.pred_opt().expect("a month follows a day").min(end),
            })
        })
    }

    /// The number of the project month of a day: 1 for M1; `None` outside the project.
    #[must_use]
    pub fn month_of(&self, day: NaiveDate) -> Option<u32> {
        self.months()
            .find(|month| month.first_day <= day && day <= month.last_day)
            .map(|m| m.number)
    }
}

/// One month of a project, counted from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProjectMonth {
    /// The number of the month: 1 for M1.
    pub number: u32,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
}

impl ProjectMonth {
    /// The calendar month of its first day, such as `2021-09`.
    #[must_use]
    pub fn calendar(&self) -> String {
        format!("{:04}-{:02}", self.first_day.year(), self.first_day.month())
    }
}
