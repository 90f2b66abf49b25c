//! How a proposal stands on a day.

use entities::{Decision, proposal};

use super::{AsOf, Project};

/// The state of a proposal on the day of a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "graphql", derive(async_graphql::Enum))]
pub enum ProposalState {
    /// Waits for whoever may decide it.
    Open,
    /// This project has agreed, and others have still to.
    Agreed,
    /// It was done.
    Accepted,
    /// It was declined, with a reason.
    Declined,
    /// Whoever proposed it took it back.
    Withdrawn,
    /// Nobody decided it in time.
    Lapsed,
}

impl ProposalState {
    /// As clients know it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "OPEN",
            Self::Agreed => "AGREED",
            Self::Accepted => "ACCEPTED",
            Self::Declined => "DECLINED",
            Self::Withdrawn => "WITHDRAWN",
            Self::Lapsed => "LAPSED",
        }
    }
}

impl Project {
    /// The state of a proposal on a day, as far as it is known; `None` if it was made after that day.
    #[must_use]
    pub fn proposal_state(&self, row: &proposal::Model, as_of: AsOf) -> Option<ProposalState> {
        let is_by_then = |instant| self.is_recorded(instant, as_of);
        let decision = row
            .decision
            .filter(|_| row.decided_at.is_some_and(is_by_then));
        is_by_then(row.proposed_at).then(|| match decision {
            Some(Decision::Accepted) => ProposalState::Accepted,
            Some(Decision::Declined) => ProposalState::Declined,
            Some(Decision::Withdrawn) => ProposalState::Withdrawn,
            None if row.until < as_of.day => ProposalState::Lapsed,
            None if row.agreed_at.is_some_and(is_by_then) => ProposalState::Agreed,
            None => ProposalState::Open,
        })
    }
}
