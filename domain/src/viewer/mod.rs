//! Authorization: the viewer, and their rights. Every read starts from what the viewer may see;
//! every change requires a right, which is a value that only this module can create: a
//! [`CoordinatorOf`] is the proof.
//!
//! Rights follow from the roles in the rows of a project, at the revision that is read, that are in
//! force now: whatever day is read, a role that ended or has not begun gives none. So they change with
//! the project, and are never stale.

mod own;
mod rights;

use entities::*;
use sea_orm::prelude::Uuid;

use crate::project::Project;
use rights::colleagues;

pub use own::{DeciderOf, LeaverOf, OwnerOf, ProposerOf, VoiceOn};
pub(crate) use rights::Rights;

/// The viewer: the one on whose behalf data are read or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Viewer {
    /// An anonymous client: sees public, non-personal data.
    Anonymous,
    /// The operator on this machine: may do everything.
    Operator,
    /// A person who is signed in or uses an API token.
    Person(SignedIn),
}

/// A person, and the credential that authenticated them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SignedIn {
    pub person: PersonId,
    pub by: Credential,
}

/// The credential of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Credential {
    /// A session of a browser: all rights of the person.
    Session(SessionId),
    /// An API token: the rights of the person in one project, or only the rights to read.
    Token {
        id: ApiTokenId,
        project: ProjectId,
        may_write: bool,
        /// Whether it sees the people that the person may see, and what is known of them.
        sees_people: bool,
    },
}

/// The reason for which a right is denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The viewer may not know that it exists.
    Unknown,
    /// The viewer must sign in.
    SignIn,
    /// The viewer may see it, but not change it.
    Forbidden,
    /// The API token only reads.
    ReadOnly,
    /// The viewer's own organisation reported it: another one must verify it.
    OwnReport,
}

/// The right to coordinate a project.
#[derive(Debug)]
pub struct CoordinatorOf(());

/// The right to edit a community and its records: of the coordinator, and of the expert who runs
/// it.
#[derive(Debug)]
pub struct EditorOf(());

/// The right to change the state of an output: of the coordinator, the expert of its community, and
/// the partners that lead it, host it or are on a side of its pairing.
#[derive(Debug)]
pub struct PartyTo {
    partners: Vec<PartnerId>,
    people: Vec<PersonId>,
    own: Option<Vec<PartnerId>>,
}

impl PartyTo {
    /// The partners for which the viewer acts on the output; its lead, if these are not known.
    #[must_use]
    pub fn partners(&self) -> &[PartnerId] {
        &self.partners
    }

    /// The people who act for the same partners, including the viewer.
    #[must_use]
    pub fn people(&self) -> &[PersonId] {
        &self.people
    }

    /// The partners for which alone the viewer speaks; `None`: for everyone.
    #[must_use]
    pub fn own(&self) -> Option<&[PartnerId]> {
        self.own.as_deref()
    }
}

/// The right to send files to a project, of whoever may add evidence to one of its outputs.
#[derive(Debug)]
pub struct SenderTo(());

/// The right to verify a report: of the coordinator, unless their own organisation reported; of the
/// funder for reports of the coordinator.
#[derive(Debug)]
pub struct JudgeOf(());

/// The right to create projects.
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

/// The right to export or erase a person's data, and to end their sessions.
#[derive(Debug)]
pub struct KeeperOf(PersonId);

impl KeeperOf {
    #[must_use]
    pub fn person(&self) -> PersonId {
        self.0
    }
}

impl Viewer {
    /// The person; `None` for an anonymous viewer or the operator.
    #[must_use]
    pub fn person(self) -> Option<PersonId> {
        match self {
            Self::Person(signed_in) => Some(signed_in.person),
            Self::Anonymous | Self::Operator => None,
        }
    }

    /// The person, with all their rights; `None` for one who uses an API token.
    #[must_use]
    pub(crate) fn session(self) -> Option<PersonId> {
        match self {
            Self::Person(SignedIn {
                by: Credential::Session(_),
                person,
            }) => Some(person),
            Self::Person(_) | Self::Anonymous | Self::Operator => None,
        }
    }

    /// The channel of the viewer's changes, for the audit.
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

    /// The session or token of the viewer.
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

    /// The viewer's roles in a project that are in force now; none with a token of another project.
    #[must_use]
    pub fn roles(self, project: &Project) -> &[role::Model] {
        match self {
            Self::Person(SignedIn { by, .. }) if !by.reaches(project.id()) => &[],
            Self::Person(SignedIn { person, .. }) => project.roles_in_force_of(person),
            Self::Anonymous | Self::Operator => &[],
        }
    }

    /// Whether the credential allows changes at all.
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

    /// Whether the credential shows people at all: a token without people sees no names and no
    /// addresses, nor what may hold them (ledger, audit, files).
    #[must_use]
    pub fn sees_people(self) -> bool {
        match self {
            Self::Anonymous | Self::Operator => true,
            Self::Person(SignedIn { by, .. }) => match by {
                Credential::Session(_) => true,
                Credential::Token { sees_people, .. } => sees_people,
            },
        }
    }

    /// Whether the viewer has a role in a project.
    #[must_use]
    pub fn has_role(self, project: &Project) -> bool {
        self == Self::Operator || !self.roles(project).is_empty()
    }

    /// The viewer's rights by role in a project, even if the credential only reads.
    fn rights(self, project: &Project) -> Rights<'_> {
        let roles = self.roles(project);
        Rights::new(project, self.person(), roles, self == Self::Operator)
    }

    /// The viewer's rights by role in a project, if the credential allows changes.
    pub(crate) fn rights_to_write(self, project: &Project) -> Result<Rights<'_>, Denied> {
        self.writes(project)?;
        Ok(self.rights(project))
    }

    #[must_use]
    pub fn may_see(self, project: &Project) -> bool {
        self.may_see_all() || project.project.public || !self.roles(project).is_empty()
    }

    /// Whether the viewer may see all projects, including those that are not public and in which
    /// they have no role.
    #[must_use]
    pub fn may_see_all(self) -> bool {
        self == Self::Operator
    }

    /// Whether the viewer may see a person: the coordinator and the experts everyone in the
    /// project, a partner the people of its own organisation, everyone themselves.
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
        let has_right = self.may_see_people(project) || is_self || (is_partner && is_colleague());
        self.sees_people() && has_right
    }

    /// Whether the viewer may see a record of a visible project: people, and proposals that several
    /// projects decide, are not visible to everyone.
    #[must_use]
    pub fn may_see_record(self, project: &Project, record: Uuid) -> bool {
        let is_person = project.people.iter().any(|row| row.id.0 == record);
        let mut proposals = project.proposals.iter();
        match proposals.find(|row| row.id.0 == record) {
            Some(proposal) => self.may_see_proposal(project, proposal),
            None => !is_person || self.may_see_person(project, PersonId(record)),
        }
    }

    /// Whether the viewer may see a proposal: whoever sees the project those of dates, the coordinator
    /// alone those that other projects decide, too.
    #[must_use]
    pub fn may_see_proposal(self, project: &Project, proposal: &proposal::Model) -> bool {
        proposal.kind == ProposalKind::Dates || self.coordinates(project)
    }

    /// Whether the viewer may see the names and addresses of everyone in a project.
    #[must_use]
    pub fn may_see_people(self, project: &Project) -> bool {
        let rights = self.rights(project);
        self.sees_people() && (rights.coordinates() || rights.has(RoleKind::Expert))
    }

    /// Whether the viewer may see the mail ledger and the audit log of a project.
    #[must_use]
    pub fn coordinates(self, project: &Project) -> bool {
        self.sees_people() && self.rights(project).coordinates()
    }

    /// # Errors
    /// The reason for which the right is denied.
    pub fn coordinator_of(self, project: &Project) -> Result<CoordinatorOf, Denied> {
        match self.rights_to_write(project)?.coordinates() {
            true => Ok(CoordinatorOf(())),
            false => Err(Denied::Forbidden),
        }
    }

    /// The right to edit a community; for `None`, records without a community, which only the
    /// coordinator may edit.
    ///
    /// # Errors
    /// The reason for which the right is denied.
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
    /// The reason for which the right is denied.
    pub fn party_to(self, project: &Project, output: OutputId) -> Result<PartyTo, Denied> {
        let rights = self.rights_to_write(project)?;
        if !rights.may_move(output) {
            return Err(Denied::Forbidden);
        }
        let row = project.output(output);
        let own = (!rights.may_edit(row.community_id)).then(|| rights.own());
        Ok(match self.person() {
            Some(person) => PartyTo {
                partners: rights.partners(),
                people: colleagues(project, person),
                own,
            },
            None => PartyTo {
                partners: row.lead_id.into_iter().collect(),
                people: Vec::new(),
                own,
            },
        })
    }

    /// # Errors
    /// The reason for which the right is denied.
    pub fn sender_to(self, project: &Project) -> Result<SenderTo, Denied> {
        let rights = self.rights_to_write(project)?;
        let mut outputs = project.outputs.iter();
        match rights.coordinates() || outputs.any(|row| rights.may_move(row.id)) {
            true => Ok(SenderTo(())),
            false => Err(Denied::Forbidden),
        }
    }

    /// Whether the viewer may read the files of a project, and what is known of them.
    #[must_use]
    pub fn may_read_files(self, project: &Project) -> bool {
        self.sees_people() && self.has_role(project)
    }

    /// # Errors
    /// The reason for which the right is denied.
    pub fn judge_of(self, project: &Project, output: OutputId) -> Result<JudgeOf, Denied> {
        self.rights_to_write(project)?.may_judge(output)?;
        Ok(JudgeOf(()))
    }

    /// The right to create projects, by the person's row in the database. A token never has it: it
    /// is for one project.
    ///
    /// # Errors
    /// The reason for which the right is denied.
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

    /// The right to the viewer's own account. Tokens do not have it: a leaked one must not create
    /// others.
    ///
    /// # Errors
    /// The reason for which the right is denied.
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

    /// The right to a person's account: of the person, and of the operator.
    ///
    /// # Errors
    /// The reason for which the right is denied.
    pub fn keeper_of(self, person: PersonId) -> Result<KeeperOf, Denied> {
        if self == Self::Operator || self.oneself()?.person() == person {
            Ok(KeeperOf(person))
        } else {
            Err(Denied::Unknown)
        }
    }

    /// Whether the viewer may change anything in a project.
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
