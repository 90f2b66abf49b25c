//! Rights of a partner's people to what is their own organisation's.

use entities::*;

use super::{CoordinatorOf, Denied, PartyTo, Viewer};
use crate::project::Project;

/// The right to speak about an output: of the coordinator and the expert of its community for
/// everyone, of the people of a partner that it concerns for that partner alone.
#[derive(Debug)]
pub struct VoiceOn {
    own: Option<Vec<PartnerId>>,
    people: Vec<PersonId>,
    is_party: bool,
}

impl VoiceOn {
    /// The partners for which alone the viewer speaks; `None`: for everyone.
    #[must_use]
    pub fn own(&self) -> Option<&[PartnerId]> {
        self.own.as_deref()
    }

    /// The people of these partners.
    #[must_use]
    pub fn people(&self) -> &[PersonId] {
        &self.people
    }

    /// Whether the viewer has the right of [`super::PartyTo`], too.
    #[must_use]
    pub fn is_party(&self) -> bool {
        self.is_party
    }
}

/// The right to records that are a partner's own: of whoever edits them for all, and of the
/// partner's people.
#[derive(Debug)]
pub struct OwnerOf(Option<Vec<PartnerId>>);

impl OwnerOf {
    /// The partners whose records alone they may be; `None`: anyone's.
    #[must_use]
    pub fn own(&self) -> Option<&[PartnerId]> {
        self.0.as_deref()
    }
}

/// The right to decide a proposal: to do the thing itself.
#[derive(Debug)]
pub enum DeciderOf {
    /// Of dates: to move the output.
    Dates(PartyTo),
    /// Of what several projects show: to agree for one of them.
    Shared(CoordinatorOf),
}

/// The right to say that a partner leaves: of the coordinator, and of the partner's people.
#[derive(Debug)]
pub struct LeaverOf(());

/// The right to take a proposal back: of the person and the partner that made it.
#[derive(Debug)]
pub struct ProposerOf(());

impl Viewer {
    /// The partners that the viewer acts for in a project.
    pub(crate) fn partners(self, project: &Project) -> Vec<PartnerId> {
        self.rights(project).partners()
    }

    /// # Errors
    /// The reason for which the right is denied.
    pub fn proposer_of(
        self,
        project: &Project,
        proposal: ProposalId,
    ) -> Result<ProposerOf, Denied> {
        let partners = self.rights_to_write(project)?.partners();
        let mut rows = project.proposals.iter();
        let row = rows.find(|row| row.id == proposal);
        let row = row.ok_or(Denied::Unknown)?;
        let is_theirs = self.person().is_some() && self.person() == row.person_id;
        let acts_for_it = row.by_id.is_some_and(|id| partners.contains(&id));
        let is_shared = row.kind != ProposalKind::Dates && !row.is_asked;
        let may = match self {
            Self::Operator => true,
            _ if is_shared => self.coordinates(project),
            _ => (is_theirs && self.has_role(project)) || acts_for_it,
        };
        match may {
            true => Ok(ProposerOf(())),
            false => Err(Denied::Forbidden),
        }
    }

    /// # Errors
    /// The reason for which the right is denied.
    pub fn decider_of(self, project: &Project, proposal: ProposalId) -> Result<DeciderOf, Denied> {
        let mut rows = project.proposals.iter();
        let row = rows.find(|row| row.id == proposal);
        let row = row.ok_or(Denied::Unknown)?;
        match row.output_id {
            Some(output) => self.party_to(project, output).map(DeciderOf::Dates),
            None => {
                let right = self.coordinator_of(project)?;
                // Whoever proposes it does not decide it.
                match row.is_asked || self == Self::Operator {
                    true => Ok(DeciderOf::Shared(right)),
                    false => Err(Denied::Forbidden),
                }
            }
        }
    }

    /// # Errors
    /// The reason for which the right is denied.
    pub fn leaver_of(self, project: &Project, partner: PartnerId) -> Result<LeaverOf, Denied> {
        let rights = self.rights_to_write(project)?;
        match rights.coordinates() || rights.own().contains(&partner) {
            true => Ok(LeaverOf(())),
            false => Err(Denied::Forbidden),
        }
    }

    /// # Errors
    /// The reason for which the right is denied.
    pub fn voice_on(self, project: &Project, output: OutputId) -> Result<VoiceOn, Denied> {
        let rights = self.rights_to_write(project)?;
        if rights.may_edit(project.output(output).community_id) {
            return Ok(VoiceOn {
                own: None,
                people: Vec::new(),
                is_party: true,
            });
        }
        let mut own = rights.own();
        own.retain(|partner| project.concerns(output, *partner));
        if own.is_empty() {
            return Err(Denied::Forbidden);
        }
        let acts_for_one =
            |role: &&role::Model| role.partner_id.is_some_and(|id| own.contains(&id));
        let roles = project.roles_in_force().iter().filter(acts_for_one);
        Ok(VoiceOn {
            people: roles.map(|role| role.person_id).collect(),
            is_party: rights.may_move(output),
            own: Some(own),
        })
    }

    /// The right to add records that are a partner's own; for a community, `None`: of the whole
    /// project.
    ///
    /// # Errors
    /// The reason for which the right is denied.
    pub fn owner_in(
        self,
        project: &Project,
        community: Option<CommunityId>,
    ) -> Result<OwnerOf, Denied> {
        let rights = self.rights_to_write(project)?;
        if rights.may_edit(community) {
            return Ok(OwnerOf(None));
        }
        match rights.own() {
            own if own.is_empty() => Err(Denied::Forbidden),
            own => Ok(OwnerOf(Some(own))),
        }
    }

    /// The right to a record of a community that is this partner's own.
    ///
    /// # Errors
    /// The reason for which the right is denied.
    pub fn owner_of(
        self,
        project: &Project,
        community: Option<CommunityId>,
        partner: Option<PartnerId>,
    ) -> Result<OwnerOf, Denied> {
        let right = self.owner_in(project, community)?;
        let is_theirs = |own: &[PartnerId]| partner.is_some_and(|id| own.contains(&id));
        match right.own().is_none_or(is_theirs) {
            true => Ok(right),
            false => Err(Denied::Forbidden),
        }
    }
}
