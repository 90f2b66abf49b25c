//! Proposals: of other dates for outputs, and of what several projects show.

use async_graphql::{Context, ID, MergedObject, Object, SimpleObject, meter::records};
use domain::{record::Kind, zone::day_in};
use entities::{OutputId, PersonId, proposal};
use serde_json::Value;

use super::{
    organisation::Organisation,
    output::Output,
    partner::Partner,
    person::{self, Person},
    tracked::TrackedProposal,
    vocabulary::{ProposalKind, ProposalState},
};
use crate::schema::base::{
    connection::{BY_POSITION, List},
    id::id,
    interface::Link,
    scalar::{Date, DateTime, PartialDate},
    view::View,
};

/// A proposal: of other dates for an output, by somebody who may not move it; or of what an organisation,
/// a person or a programme says that several projects show, which their coordinators decide together. It
/// is there from the instant of its proposal on, and its decision from that of the decision on, by the
/// project's `asOf` and `knownAt`.
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
        !matches!(
            self.state(),
            ProposalState::Open | ProposalState::Agreed | ProposalState::Lapsed
        )
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

    /// What it would change.
    async fn kind(&self) -> ProposalKind {
        self.row.kind
    }

    /// Whether another project proposes it, and this one is asked to agree. Which project, and who there,
    /// is not told.
    async fn is_asked(&self) -> bool {
        self.row.is_asked
    }

    /// The organisation that would change; null for all other kinds, and if the project does not show it
    /// any more.
    async fn organisation(&self) -> Option<Link<Organisation>> {
        let mut all = self.view.organisations.iter();
        let row = all.find(|row| Some(row.id.0) == self.row.record_id)?;
        Some(Link(Organisation::new(&self.view, row.id)))
    }

    /// The person of whom other things would be said; null for all other kinds, and if the viewer may
    /// not see them.
    #[graphql(name = "about")]
    async fn about(&self, ctx: &Context<'_>) -> Option<Person> {
        let id = (self.row.kind == ProposalKind::Person).then_some(self.row.record_id)?;
        person::seen(ctx, &self.view, id.map(PersonId))
    }

    /// The fields that would change. Empty for dates, and where another project asks whether it may show
    /// the organisation.
    async fn changes(&self) -> Vec<ProposedChange> {
        let changes = self.row.changes.0.iter();
        let changes = changes.map(|change| ProposedChange {
            field: change.field.clone(),
            from: spelled(&change.from),
            to: spelled(&change.to),
        });
        changes.collect()
    }

    /// The output that would be moved; null if it was planned after the project's `asOf`, and for all
    /// other kinds.
    async fn output(&self) -> Option<Link<Output>> {
        let row = self.view.output(self.row.output_id?);
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

    /// The start that is proposed; null where no dates are.
    async fn starts(&self) -> Option<PartialDate> {
        self.row.starts.map(PartialDate)
    }

    /// The end that is proposed.
    async fn ends(&self) -> Option<PartialDate> {
        self.row.ends.map(PartialDate)
    }

    /// The instant at which this project agreed, where others had still to; null if it did not, or
    /// decided alone.
    async fn agreed_at(&self) -> Option<DateTime> {
        let day = self.view.as_of.day;
        let agreed = self.row.agreed_at;
        let agreed = agreed.filter(|at| day_in(*at, self.view.zone()) <= day);
        agreed.map(DateTime)
    }

    /// The instant at which it was decided; null while it was not.
    async fn decided_at(&self) -> Option<DateTime> {
        let decided = self.row.decided_at.filter(|_| self.is_decided());
        decided.map(DateTime)
    }

    /// The person who decided it, or agreed, for this project; null while nobody did, and if the viewer
    /// may not see them.
    async fn decided_by(&self, ctx: &Context<'_>) -> Option<Person> {
        let is_decided = self.is_decided() || self.state() == ProposalState::Agreed;
        let decided = self.row.decided_by_id.filter(|_| is_decided);
        person::seen(ctx, &self.view, decided)
    }

    /// The reason for which it was declined.
    async fn answer(&self) -> Option<&str> {
        self.row.answer.as_deref().filter(|_| self.is_decided())
    }
}

/// A field that a proposal would change.
#[derive(Clone, Debug, SimpleObject)]
pub struct ProposedChange {
    /// The field, as a project file spells it, such as `nativeName`.
    field: String,
    /// What it says now, or said when it was proposed; what is no text as JSON.
    from: Option<String>,
    /// What it would say; null empties it.
    to: Option<String>,
}

fn spelled(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// The project's proposals of dates on the view's day, or those that other projects decide, too.
pub fn list(view: &View, state: Option<ProposalState>, is_shared: bool) -> List<Proposal> {
    let items = all(view).filter(|row| (row.kind != ProposalKind::Dates) == is_shared);
    let items = items.filter(|row| {
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
    let own = all(view).filter(|row| row.output_id == Some(output));
    own.map(|row| Proposal::new(view, row)).collect()
}

fn all(view: &View) -> impl Iterator<Item = &proposal::Model> {
    records(view.proposals.len());
    let rows = view.proposals.iter();
    rows.filter(|row| view.proposal_state(row, view.as_of).is_some())
}
