//! Proposals of other dates.

use async_graphql::{Context, ID, MergedObject, Object};
use domain::record::Kind;
use entities::{OutputId, proposal};

use super::{
    output::Output,
    partner::Partner,
    person::{self, Person},
    tracked::TrackedProposal,
    vocabulary::ProposalState,
};
use crate::schema::base::{
    connection::{BY_POSITION, List},
    id::id,
    interface::Link,
    scalar::{Date, DateTime, PartialDate},
    view::View,
};

/// A proposal of other dates for an output, by somebody who may not move it. It is there from the instant
/// of its proposal on, and its decision from that of the decision on, by the project's `asOf` and
/// `knownAt`.
#[derive(Clone, Debug, MergedObject)]
pub struct Proposal(ProposalFields, TrackedProposal);

impl Proposal {
    pub fn new(view: &View, row: &proposal::Model) -> Self {
        let tracked = TrackedProposal::new(view, row.id);
        let (view, row) = (view.clone(), row.clone());
        Self(ProposalFields { view, row }, tracked)
    }
}

#[derive(Clone, Debug)]
struct ProposalFields {
    view: View,
    row: proposal::Model,
}

impl ProposalFields {
    fn state(&self) -> ProposalState {
        let state = self.view.proposal_state(&self.row, self.view.as_of);
        state.unwrap_or(ProposalState::Open)
    }

    /// Whether it was decided by the view's day.
    fn is_decided(&self) -> bool {
        !matches!(self.state(), ProposalState::Open | ProposalState::Lapsed)
    }
}

#[Object]
impl ProposalFields {
    /// The opaque id of the record, for `node`.
    async fn id(&self) -> ID {
        id(Kind::Proposal, self.view.id(), self.row.id)
    }

    /// The key, unique in the project.
    async fn key(&self) -> &str {
        &self.row.key
    }

    /// The state on the project's `asOf`, by what had been recorded by its `knownAt`. It has lapsed if nobody decided it by `until`.
    #[graphql(name = "state")]
    async fn standing(&self) -> ProposalState {
        self.state()
    }

    /// The output that would be moved; null if it was planned after the project's `asOf`.
    async fn output(&self) -> Option<Link<Output>> {
        let row = self.view.output(self.row.output_id);
        Output::new(&self.view, row).map(Link)
    }

    /// The partner that proposes it; null if it is not known.
    async fn by(&self) -> Option<Link<Partner>> {
        Some(Link(Partner::new(&self.view, self.row.by_id?)))
    }

    /// The person who proposed it; null if the viewer may not see them.
    async fn person(&self, ctx: &Context<'_>) -> Option<Person> {
        person::seen(ctx, &self.view, self.row.person_id)
    }

    /// The instant at which it was proposed.
    async fn proposed_at(&self) -> DateTime {
        DateTime(self.row.proposed_at)
    }

    /// The reason.
    async fn reason(&self) -> &str {
        &self.row.reason
    }

    /// The last day on which it can be decided.
    async fn until(&self) -> Date {
        Date(self.row.until)
    }

    /// The start of the output when it was proposed, as precisely as it was known.
    async fn old_starts(&self) -> Option<PartialDate> {
        self.row.old_starts.map(PartialDate)
    }

    /// The end of the output when it was proposed, as precisely as it was known.
    async fn old_ends(&self) -> Option<PartialDate> {
        self.row.old_ends.map(PartialDate)
    }

    /// The start that is proposed.
    async fn starts(&self) -> PartialDate {
        PartialDate(self.row.starts)
    }

    /// The end that is proposed.
    async fn ends(&self) -> Option<PartialDate> {
        self.row.ends.map(PartialDate)
    }

    /// The instant at which it was decided; null while it was not.
    async fn decided_at(&self) -> Option<DateTime> {
        let decided = self.row.decided_at.filter(|_| self.is_decided());
        decided.map(DateTime)
    }

    /// The person who decided it; null while it was not, and if the viewer may not see them.
    async fn decided_by(&self, ctx: &Context<'_>) -> Option<Person> {
        let decided = self.row.decided_by_id.filter(|_| self.is_decided());
        person::seen(ctx, &self.view, decided)
    }

    /// The reason for which it was declined.
    async fn answer(&self) -> Option<&str> {
        self.row.answer.as_deref().filter(|_| self.is_decided())
    }
}

/// The project's proposals on the view's day.
pub fn list(view: &View, state: Option<ProposalState>) -> List<Proposal> {
    let items = all(view).filter(|row| {
        let own = view.proposal_state(row, view.as_of);
        state.is_none() || own == state
    });
    let items = items.map(|row| {
        let key = vec![row.position.into(), row.id.to_string().into()];
        (key, Proposal::new(view, row))
    });
    List::new(BY_POSITION, items)
}

/// The proposals about an output on the view's day.
pub fn about(view: &View, output: OutputId) -> Vec<Proposal> {
    let own = all(view).filter(|row| row.output_id == output);
    own.map(|row| Proposal::new(view, row)).collect()
}

fn all(view: &View) -> impl Iterator<Item = &proposal::Model> {
    let rows = view.proposals.iter();
    rows.filter(|row| view.proposal_state(row, view.as_of).is_some())
}
