//! Who is looking, and what they may do. Every read starts from what the viewer may see; every
//! change asks for a right, which is a value that only this module can make: holding a
//! [`CoordinatorOf`] is the proof.
//!
//! Rights follow from the roles that a project's own rows give, at the revision that is read. So
//! they change with the project, and nothing that was remembered of them can be stale.

use entities::*;
use sea_orm::prelude::Uuid;

use crate::project::Project;

/// The one on whose behalf something is read or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Viewer {
    /// Anyone: published, non-personal data.
    Anonymous,
    /// Whoever runs the product on this machine: everything.
    Operator,
    /// Somebody who signed in, or who uses a token.
    Person(SignedIn),
}

/// A person, and by what it is known that it is them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SignedIn {
    pub person: PersonId,
    pub by: Credential,
}

/// By what a person is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Credential {
    /// A browser in which they are signed in: all their rights.
    Session(SessionId),
    /// A token: their rights in one project, or only the reading ones.
    Token {
        id: ApiTokenId,
        project: ProjectId,
        may_write: bool,
    },
}

/// Why a viewer may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// They may not know that it is there.
    Unknown,
    /// Nobody may without signing in.
    SignIn,
    /// They see it, but it is not theirs to change.
    Forbidden,
    /// Their token only reads.
    ReadOnly,
    /// Their own organisation reported it: somebody else must judge it.
    OwnReport,
}

/// The right to steer a project.
#[derive(Debug)]
pub struct CoordinatorOf(());

/// The right to edit a community and what belongs to it: the coordinator's, and that of the expert
/// who runs it.
#[derive(Debug)]
pub struct EditorOf(());

/// The right to move an output along: the coordinator's, the expert's of its community, and that of
/// the partners who lead it, host it or are on a side of its pairing.
#[derive(Debug)]
pub struct PartyTo {
    partners: Vec<PartnerId>,
    people: Vec<PersonId>,
}

impl PartyTo {
    /// The partners for whom they move it: those that they act for; where nobody knows who they are,
    /// its lead.
    #[must_use]
    pub fn partners(&self) -> &[PartnerId] {
        &self.partners
    }

    /// Those who act for the same partners, and they themselves.
    #[must_use]
    pub fn people(&self) -> &[PersonId] {
        &self.people
    }
}

/// The right to judge a report: the coordinator's, unless their own organisation made it; of what
/// the coordinator reported, the funder's.
#[derive(Debug)]
pub struct JudgeOf(());

/// The right to begin projects.
#[derive(Debug)]
pub struct Founder(());

/// The right to a person's own account.
#[derive(Debug)]
pub struct Oneself(PersonId);

impl Oneself {
    #[must_use]
    pub fn person(&self) -> PersonId {
        self.0
    }
}

/// The right to export or erase a person's data, and to end their sign-ins.
#[derive(Debug)]
pub struct KeeperOf(PersonId);

impl KeeperOf {
    #[must_use]
    pub fn person(&self) -> PersonId {
        self.0
    }
}

impl Viewer {
    /// Who it is; none: nobody in particular.
    #[must_use]
    pub fn person(self) -> Option<PersonId> {
        match self {
            Self::Person(signed_in) => Some(signed_in.person),
            Self::Anonymous | Self::Operator => None,
        }
    }

    /// By which way they change something.
    #[must_use]
    pub fn channel(self) -> Channel {
        match self {
            Self::Person(SignedIn { by, .. }) => match by {
                Credential::Session(_) => Channel::Session,
                Credential::Token { .. } => Channel::Token,
            },
            Self::Operator | Self::Anonymous => Channel::Operator,
        }
    }

    /// The session or token that they use.
    #[must_use]
    pub fn credential(self) -> Option<Uuid> {
        match self {
            Self::Person(SignedIn { by, .. }) => Some(match by {
                Credential::Session(id) => id.into(),
                Credential::Token { id, .. } => id.into(),
            }),
            Self::Operator | Self::Anonymous => None,
        }
    }

    /// Their roles in a project; a token of another project has none.
    #[must_use]
    pub fn roles(self, project: &Project) -> &[role::Model] {
        match self {
            Self::Person(SignedIn { by, .. }) if !by.reaches(project.id()) => &[],
            Self::Person(SignedIn { person, .. }) => project.roles_of(person),
            Self::Anonymous | Self::Operator => &[],
        }
    }

    /// Whether they may change anything at all, by what they use.
    #[must_use]
    pub fn may_write(self) -> bool {
        match self {
            Self::Anonymous => false,
            Self::Operator => true,
            Self::Person(SignedIn { by, .. }) => match by {
                Credential::Session(_) => true,
                Credential::Token { may_write, .. } => may_write,
            },
        }
    }

    /// Whether they have any part in a project.
    #[must_use]
    pub fn has_role(self, project: &Project) -> bool {
        self == Self::Operator || !self.roles(project).is_empty()
    }

    fn has(self, project: &Project, kind: RoleKind) -> bool {
        let roles = self.roles(project);
        self == Self::Operator || roles.iter().any(|role| role.kind == kind)
    }

    #[must_use]
    pub fn may_see(self, project: &Project) -> bool {
        self.may_see_all() || project.project.public || !self.roles(project).is_empty()
    }

    /// Projects that are not public and that they have no role in, too.
    #[must_use]
    pub fn may_see_all(self) -> bool {
        self == Self::Operator
    }

    /// Whether they may see who somebody is: everyone in their project for its coordinator and its
    /// experts, the colleagues of one's own organisation for a partner, oneself in any case.
    #[must_use]
    pub fn may_see_person(self, project: &Project, person: PersonId) -> bool {
        let is_colleague = || {
            let own = self.organisations(project);
            let theirs = project.roles_of(person).iter();
            theirs
                .filter_map(|role| role.partner_id)
                .any(|partner| own.contains(&partner))
        };
        let roles = self.roles(project);
        let is_self = self.person() == Some(person) && !roles.is_empty();
        let is_partner = roles.iter().any(|role| role.kind == RoleKind::Partner);
        self.may_see_people(project) || is_self || (is_partner && is_colleague())
    }

    /// Whether a record of a project that may be seen is one of those that are seen: people are not
    /// by everyone.
    #[must_use]
    pub fn may_see_record(self, project: &Project, record: Uuid) -> bool {
        let mut people = project.people.iter();
        people.all(|row| row.id.0 != record) || self.may_see_person(project, PersonId(record))
    }

    /// Names and addresses of everyone in a project.
    #[must_use]
    pub fn may_see_people(self, project: &Project) -> bool {
        self.coordinates(project) || self.has(project, RoleKind::Expert)
    }

    /// What everyone in a project was sent, and why every record is as it is.
    #[must_use]
    pub fn coordinates(self, project: &Project) -> bool {
        self.has(project, RoleKind::Coordinator)
    }

    /// # Errors
    /// Why not.
    pub fn coordinator_of(self, project: &Project) -> Result<CoordinatorOf, Denied> {
        self.writes(project)?;
        match self.coordinates(project) {
            true => Ok(CoordinatorOf(())),
            false => Err(Denied::Forbidden),
        }
    }

    /// Of a community; none: of what belongs to no community, which is the coordinator's.
    ///
    /// # Errors
    /// Why not.
    pub fn editor_of(
        self,
        project: &Project,
        community: Option<CommunityId>,
    ) -> Result<EditorOf, Denied> {
        self.writes(project)?;
        let runs = || {
            let expert = community.and_then(|id| project.community(id).expert_id);
            let mut roles = self.roles(project).iter();
            expert.is_some()
                && roles.any(|role| role.kind == RoleKind::Expert && role.partner_id == expert)
        };
        match self.coordinates(project) || runs() {
            true => Ok(EditorOf(())),
            false => Err(Denied::Forbidden),
        }
    }

    /// # Errors
    /// Why not.
    pub fn party_to(self, project: &Project, output: OutputId) -> Result<PartyTo, Denied> {
        let row = project.output(output);
        let right = || match self.person() {
            Some(person) => PartyTo {
                partners: self.organisations(project),
                people: colleagues(project, person),
            },
            None => PartyTo {
                partners: row.lead_id.into_iter().collect(),
                people: Vec::new(),
            },
        };
        if self.editor_of(project, row.community_id).is_ok() {
            return Ok(right());
        }
        self.writes(project)?;
        let exchange = project.staff_exchange(output);
        let sides = exchange.map_or(&[][..], |exchange| project.parties_of(exchange.pairing_id));
        let parties = sides.iter().map(|party| party.partner_id);
        let parties: Vec<_> = parties.chain(row.lead_id).chain(row.host_id).collect();
        let mut roles = self.roles(project).iter();
        let acts_for_one = roles.any(|role| {
            role.kind == RoleKind::Partner
                && role.partner_id.is_some_and(|own| parties.contains(&own))
        });
        match acts_for_one {
            true => Ok(right()),
            false => Err(Denied::Forbidden),
        }
    }

    /// # Errors
    /// Why not.
    pub fn judge_of(self, project: &Project, output: OutputId) -> Result<JudgeOf, Denied> {
        self.writes(project)?;
        if self == Self::Operator {
            return Ok(JudgeOf(()));
        }
        let report = Report::last(project, output);
        let is_own = (self.person()).is_some_and(|person| report.is_own(project, person));
        let coordinates = self.coordinates(project);
        let may = coordinates
            || (self.has(project, RoleKind::Funder) && report.is_for_the_funder(project));
        match may {
            true if is_own => Err(Denied::OwnReport),
            true => Ok(JudgeOf(())),
            false => Err(Denied::Forbidden),
        }
    }

    /// Whether a person, as the database has them, may begin projects. A token never does: it is of
    /// one project.
    ///
    /// # Errors
    /// Why not.
    pub fn founder(self, person: Option<&person::Model>) -> Result<Founder, Denied> {
        match self {
            Self::Operator => Ok(Founder(())),
            Self::Anonymous => Err(Denied::SignIn),
            Self::Person(SignedIn {
                by: Credential::Session(_),
                person: id,
            }) if person.is_some_and(|row| row.id == id && row.may_create_projects) => {
                Ok(Founder(()))
            }
            Self::Person(_) => Err(Denied::Forbidden),
        }
    }

    /// The viewer's own account. A token reaches none: who finds one must not make others.
    ///
    /// # Errors
    /// Why not.
    pub fn oneself(self) -> Result<Oneself, Denied> {
        match self {
            Self::Person(SignedIn {
                by: Credential::Session(_),
                person,
            }) => Ok(Oneself(person)),
            Self::Person(_) => Err(Denied::Forbidden),
            Self::Operator | Self::Anonymous => Err(Denied::SignIn),
        }
    }

    /// The keeper of a person's data: the person, and the operator.
    ///
    /// # Errors
    /// Why not.
    pub fn keeper_of(self, person: PersonId) -> Result<KeeperOf, Denied> {
        if self == Self::Operator || self.oneself()?.person() == person {
            Ok(KeeperOf(person))
        } else {
            Err(Denied::Unknown)
        }
    }

    /// The partners that they act for: those that their roles name, else, for a coordinator, an
    /// expert or a funder, the partners of that kind.
    pub(crate) fn organisations(self, project: &Project) -> Vec<PartnerId> {
        acts_for(project, self.roles(project))
    }

    /// Whether they may change anything in a project at all.
    fn writes(self, project: &Project) -> Result<(), Denied> {
        if !self.may_see(project) {
            return Err(Denied::Unknown);
        }
        match self {
            Self::Operator => Ok(()),
            Self::Anonymous => Err(Denied::SignIn),
            Self::Person(SignedIn { by, .. }) => match by {
                Credential::Token {
                    may_write: false, ..
                } if !self.roles(project).is_empty() => Err(Denied::ReadOnly),
                _ => Ok(()),
            },
        }
    }
}

impl Credential {
    fn reaches(self, project: ProjectId) -> bool {
        match self {
            Self::Session(_) => true,
            Self::Token { project: own, .. } => own == project,
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
fn colleagues(project: &Project, person: PersonId) -> Vec<PersonId> {
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
    /// None: nobody knows, and it may be any coordinator's.
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
/// and by nobody who is known, the output's lead. None where whoever reported it acts for nobody any
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
