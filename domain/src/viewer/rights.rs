//! Rights by role: which partners somebody acts for, what they may move and judge.

use entities::*;

use super::Denied;
use crate::project::Project;

/// What somebody may do in a project by their roles, by whatever credential they are known. It is
/// no proof: only a [`Viewer`] makes those.
#[derive(Debug)]
pub(crate) struct Rights<'a> {
    project: &'a Project,
    person: Option<PersonId>,
    roles: &'a [role::Model],
    is_operator: bool,
}

impl<'a> Rights<'a> {
    pub(super) fn new(
        project: &'a Project,
        person: Option<PersonId>,
        roles: &'a [role::Model],
        is_operator: bool,
    ) -> Self {
        Self {
            project,
            person,
            roles,
            is_operator,
        }
    }

    /// A person's.
    pub(crate) fn of(project: &'a Project, person: PersonId) -> Self {
        Self::new(project, Some(person), project.roles_of(person), false)
    }

    pub(super) fn has(&self, kind: RoleKind) -> bool {
        self.is_operator || self.roles.iter().any(|role| role.kind == kind)
    }

    pub(super) fn coordinates(&self) -> bool {
        self.has(RoleKind::Coordinator)
    }

    /// Whether they have the role of a coordinator: the operator has none.
    pub(crate) fn is_coordinator(&self) -> bool {
        is_coordinator(self.roles)
    }

    /// The partners that they act for: those that their roles name, else, for a coordinator, an
    /// expert or a funder, the partners of that kind.
    pub(crate) fn partners(&self) -> Vec<PartnerId> {
        acts_for(self.project, self.roles)
    }

    pub(super) fn may_edit(&self, community: Option<CommunityId>) -> bool {
        let runs = || {
            let expert = community.and_then(|id| self.project.community(id).expert_id);
            let mut roles = self.roles.iter();
            expert.is_some()
                && roles.any(|role| role.kind == RoleKind::Expert && role.partner_id == expert)
        };
        self.coordinates() || runs()
    }

    pub(crate) fn may_move(&self, output: OutputId) -> bool {
        let project = self.project;
        let row = project.output(output);
        let acts_for_one = || {
            let exchange = project.staff_exchange(output);
            let sides =
                exchange.map_or(&[][..], |exchange| project.parties_of(exchange.pairing_id));
            let parties = sides.iter().map(|party| party.partner_id);
            let parties: Vec<_> = parties.chain(row.lead_id).chain(row.host_id).collect();
            let mut roles = self.roles.iter();
            roles.any(|role| {
                role.kind == RoleKind::Partner
                    && role.partner_id.is_some_and(|own| parties.contains(&own))
            })
        };
        self.may_edit(row.community_id) || acts_for_one()
    }

    pub(crate) fn may_judge(&self, output: OutputId) -> Result<(), Denied> {
        if self.is_operator {
            return Ok(());
        }
        let report = Report::last(self.project, output);
        let is_own = (self.person).is_some_and(|person| report.is_own(self.project, person));
        let may = self.coordinates()
            || (self.has(RoleKind::Funder) && report.is_for_the_funder(self.project));
        match may {
            true if is_own => Err(Denied::OwnReport),
            true => Ok(()),
            false => Err(Denied::Forbidden),
        }
    }
}

/// The partners that somebody with these roles acts for: those that the roles name, and those of a
/// role's own kind where it names none of that kind.
fn acts_for(project: &Project, roles: &[role::Model]) -> Vec<PartnerId> {
    let of_kind = |kind| {
        let partners = project.partners.iter();
        partners
            .filter(move |partner| Some(partner.kind) == kind)
            .map(|partner| partner.id)
    };
    let acts_for = |role: &role::Model| -> Vec<PartnerId> {
        let kind = match role.kind {
            RoleKind::Coordinator => Some(PartnerKind::Coordinator),
            RoleKind::Expert => Some(PartnerKind::Expert),
            RoleKind::Funder => Some(PartnerKind::Funder),
            RoleKind::Partner | RoleKind::Viewer => None,
        };
        let named = role.partner_id;
        let is_of_kind = named.is_some_and(|id| Some(project.partner(id).kind) == kind);
        let others = kind.filter(|_| !is_of_kind);
        named.into_iter().chain(of_kind(others)).collect()
    };
    let mut partners: Vec<_> = roles.iter().flat_map(acts_for).collect();
    partners.sort_unstable();
    partners.dedup();
    partners
}

/// Those who act for a partner for whom a person acts, and the person. Coordinators who act for no
/// partner act for the same one.
pub(super) fn colleagues(project: &Project, person: PersonId) -> Vec<PersonId> {
    let roles_of = |id| project.roles_of(id);
    let own = acts_for(project, roles_of(person));
    let alone = own.is_empty() && is_coordinator(roles_of(person));
    let is_colleague = |id: PersonId| {
        let theirs = acts_for(project, roles_of(id));
        let shares = theirs.iter().any(|partner| own.contains(partner));
        id == person || shares || (alone && theirs.is_empty() && is_coordinator(roles_of(id)))
    };
    let mut all: Vec<_> = project.roles.iter().map(|role| role.person_id).collect();
    all.push(person);
    all.sort_unstable();
    all.dedup();
    all.retain(|id| is_colleague(*id));
    all
}

/// Whether somebody with these roles coordinates.
fn is_coordinator(roles: &[role::Model]) -> bool {
    roles.iter().any(|role| role.kind == RoleKind::Coordinator)
}

/// Whose an output's last report is, as was recorded with it: what became of anybody's roles since
/// changes nothing.
struct Report {
    /// `None`: nobody knows, and it may be any coordinator's.
    partners: Option<Vec<PartnerId>>,
    people: Vec<PersonId>,
}

impl Report {
    fn last(project: &Project, output: OutputId) -> Self {
        let mut events = project.events_of(output).iter().rev();
        let event = events.find(|event| event.verb == Verb::Reported);
        let recorded = event.map_or(&[][..], |event| project.reporters_of(event.id));
        let reporter = event.and_then(|event| event.person_id);
        match recorded.is_empty() {
            true => Self {
                partners: today(project, output, reporter),
                people: reporter.into_iter().collect(),
            },
            false => Self {
                partners: Some(recorded.iter().filter_map(|row| row.partner_id).collect()),
                people: recorded.iter().filter_map(|row| row.person_id).collect(),
            },
        }
    }

    /// Whether it is a person's own, or their organisation's.
    fn is_own(&self, project: &Project, person: PersonId) -> bool {
        let roles = project.roles_of(person);
        let shares = match &self.partners {
            None => is_coordinator(roles),
            Some(partners) => acts_for(project, roles)
                .iter()
                .any(|own| partners.contains(own)),
        };
        shares || self.people.contains(&person)
    }

    /// Whether the funder judges it: what the coordinator reported, and what no coordinator may.
    fn is_for_the_funder(&self, project: &Project) -> bool {
        let of_coordinator = |id: &PartnerId| project.partner(*id).kind == PartnerKind::Coordinator;
        let coordinators = project.roles.iter();
        let mut coordinators = coordinators.filter(|role| role.kind == RoleKind::Coordinator);
        self.partners.iter().flatten().any(of_coordinator)
            || coordinators.all(|role| self.is_own(project, role.person_id))
    }
}

/// Whose a report is from before that was recorded: of those that whoever reported it acts for today,
/// and by nobody who is known, the output's lead. `None` where whoever reported it acts for nobody any
/// more: taking a role away opens no way around.
fn today(
    project: &Project,
    output: OutputId,
    reporter: Option<PersonId>,
) -> Option<Vec<PartnerId>> {
    let lead = || project.output(output).lead_id.into_iter().collect();
    let Some(person) = reporter else {
        return Some(lead());
    };
    let roles = project.roles_of(person);
    let partners = acts_for(project, roles);
    match partners.is_empty() {
        false => Some(partners),
        // A project may have no partner that coordinates it.
        true if is_coordinator(roles) => Some(lead()),
        true => None,
    }
}
