//! Rights by role: the partners that a person acts for, and the outputs that they may change and
//! verify.

use entities::*;

use super::Denied;
use crate::project::Project;

/// The rights of a person in a project by their roles, independent of the credential. They are not
/// a proof: only a [`Viewer`] creates those.
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

    /// The rights of a person by the roles that are in force now.
    pub(crate) fn of(project: &'a Project, person: PersonId) -> Self {
        Self::new(
            project,
            Some(person),
            project.roles_in_force_of(person),
            false,
        )
    }

    pub(super) fn has(&self, kind: RoleKind) -> bool {
        self.is_operator || self.roles.iter().any(|role| role.kind == kind)
    }

    pub(super) fn coordinates(&self) -> bool {
        self.has(RoleKind::Coordinator)
    }

    /// Whether the person has the role of a coordinator; the operator does not.
    pub(crate) fn is_coordinator(&self) -> bool {
        is_coordinator(self.roles)
    }

    /// The partners that the person acts for: those that the roles name; else, for a coordinator,
    /// an expert or a funder, the partners of that kind.
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
        let acts_for_one = || {
            let own = self.own();
            let mut parties = self.project.parties_to(output);
            parties.any(|party| own.contains(&party))
        };
        self.may_edit(self.project.output(output).community_id) || acts_for_one()
    }

    /// Whether a proposal waits for the person: they may decide it, and did not make it. The operator is
    /// asked where nobody coordinates the project.
    pub(crate) fn is_to_decide(&self, id: ProposalId) -> bool {
        let mut proposals = self.project.proposals.iter();
        let Some(proposal) = proposals.find(|row| row.id == id) else {
            return false;
        };
        if self.is_operator {
            return !is_coordinator(&self.project.roles);
        }
        let is_own = (self.person.is_some() && self.person == proposal.person_id)
            || proposal
                .by_id
                .is_some_and(|by| self.partners().contains(&by));
        let may = match proposal.output_id {
            Some(output) => self.may_move(output),
            None => self.coordinates(),
        };
        may && !is_own
    }

    /// The partners for which the person acts by the role of a partner.
    pub(super) fn own(&self) -> Vec<PartnerId> {
        let roles = self.roles.iter();
        let roles = roles.filter(|role| role.kind == RoleKind::Partner);
        let mut own: Vec<_> = roles.filter_map(|role| role.partner_id).collect();
        own.sort_unstable();
        own.dedup();
        own
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

/// The partners that a person with these roles acts for: those that the roles name, and those of a
/// role's own kind if it names none.
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

/// The people who act for a partner that the person acts for, including the person. Coordinators
/// who act for no partner count as acting for the same one.
pub(super) fn colleagues(project: &Project, person: PersonId) -> Vec<PersonId> {
    let roles_of = |id| project.roles_in_force_of(id);
    let own = acts_for(project, roles_of(person));
    let alone = own.is_empty() && is_coordinator(roles_of(person));
    let is_colleague = |id: PersonId| {
        let theirs = acts_for(project, roles_of(id));
        let shares = theirs.iter().any(|partner| own.contains(partner));
        id == person || shares || (alone && theirs.is_empty() && is_coordinator(roles_of(id)))
    };
    let mut all: Vec<_> = project
        .roles_in_force()
        .iter()
        .map(|role| role.person_id)
        .collect();
    all.push(person);
    all.sort_unstable();
    all.dedup();
    all.retain(|id| is_colleague(*id));
    all
}

/// Whether a person with these roles is a coordinator.
fn is_coordinator(roles: &[role::Model]) -> bool {
    roles.iter().any(|role| role.kind == RoleKind::Coordinator)
}

/// The partners that made an output's last report, as recorded with it: later changes of roles do
/// not matter.
struct Report {
    /// `None` if they are not known, so that any coordinator may have reported.
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

    /// Whether the report was made by the person or their organisation.
    fn is_own(&self, project: &Project, person: PersonId) -> bool {
        let roles = project.roles_in_force_of(person);
        let shares = match &self.partners {
            None => is_coordinator(roles),
            Some(partners) => acts_for(project, roles)
                .iter()
                .any(|own| partners.contains(own)),
        };
        shares || self.people.contains(&person)
    }

    /// Whether the funder verifies it: a report of the coordinator, or one that no coordinator may
    /// verify.
    fn is_for_the_funder(&self, project: &Project) -> bool {
        let of_coordinator = |id: &PartnerId| project.partner(*id).kind == PartnerKind::Coordinator;
        let coordinators = project.roles_in_force().iter();
        let mut coordinators = coordinators.filter(|role| role.kind == RoleKind::Coordinator);
        self.partners.iter().flatten().any(of_coordinator)
            || coordinators.all(|role| self.is_own(project, role.person_id))
    }
}

/// The partners of a report that was made before these were recorded: those that the reporting
/// person acts for today; the output's lead, if that person is not known. `None` if the person acts
/// for no partner any more, so that revoking a role allows no bypass.
fn today(
    project: &Project,
    output: OutputId,
    reporter: Option<PersonId>,
) -> Option<Vec<PartnerId>> {
    let lead = || project.output(output).lead_id.into_iter().collect();
    let Some(person) = reporter else {
        return Some(lead());
    };
    let roles = project.roles_in_force_of(person);
    let partners = acts_for(project, roles);
    match partners.is_empty() {
        false => Some(partners),
        // A project may have no coordinating partner.
        true if is_coordinator(roles) => Some(lead()),
        true => None,
    }
}
