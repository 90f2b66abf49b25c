//! Authorization: who is looking, and what they may do. Every read starts from what the viewer may
//! see; every change asks for a right, which is a value that only this module can make: holding a
//! [`CoordinatorOf`] is the proof.
//!
//! Rights follow from the roles that a project's own rows give, at the revision that is read. So
//! they change with the project, and nothing that was remembered of them can be stale.

mod rights;

use entities::*;
use sea_orm::prelude::Uuid;

use crate::project::Project;
use rights::colleagues;

pub(crate) use rights::Rights;

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
    /// Who it is; `None`: nobody in particular.
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

    /// Their rights in a project, whether or not they may change anything there.
    fn rights(self, project: &Project) -> Rights<'_> {
        let roles = self.roles(project);
        Rights::new(project, self.person(), roles, self == Self::Operator)
    }

    /// Their rights in a project in which they may change something.
    pub(crate) fn rights_to_write(self, project: &Project) -> Result<Rights<'_>, Denied> {
        self.writes(project)?;
        Ok(self.rights(project))
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
            let own = self.rights(project).partners();
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
        let rights = self.rights(project);
        rights.coordinates() || rights.has(RoleKind::Expert)
    }

    /// What everyone in a project was sent, and why every record is as it is.
    #[must_use]
    pub fn coordinates(self, project: &Project) -> bool {
        self.rights(project).coordinates()
    }

    /// # Errors
    /// Why not.
    pub fn coordinator_of(self, project: &Project) -> Result<CoordinatorOf, Denied> {
        match self.rights_to_write(project)?.coordinates() {
            true => Ok(CoordinatorOf(())),
            false => Err(Denied::Forbidden),
        }
    }

    /// Of a community; `None`: of what belongs to no community, which is the coordinator's.
    ///
    /// # Errors
    /// Why not.
    pub fn editor_of(
        self,
        project: &Project,
        community: Option<CommunityId>,
    ) -> Result<EditorOf, Denied> {
        match self.rights_to_write(project)?.may_edit(community) {
            true => Ok(EditorOf(())),
            false => Err(Denied::Forbidden),
        }
    }

    /// # Errors
    /// Why not.
    pub fn party_to(self, project: &Project, output: OutputId) -> Result<PartyTo, Denied> {
        let rights = self.rights_to_write(project)?;
        if !rights.may_move(output) {
            return Err(Denied::Forbidden);
        }
        Ok(match self.person() {
            Some(person) => PartyTo {
                partners: rights.partners(),
                people: colleagues(project, person),
            },
            None => PartyTo {
                partners: project.output(output).lead_id.into_iter().collect(),
                people: Vec::new(),
            },
        })
    }

    /// # Errors
    /// Why not.
    pub fn judge_of(self, project: &Project, output: OutputId) -> Result<JudgeOf, Denied> {
        self.rights_to_write(project)?.may_judge(output)?;
        Ok(JudgeOf(()))
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
