//! Peer problem-solving: challenges that cities put to their peers, what the peers ask and advise, what
//! becomes of it, and lessons.

use async_graphql::{ID, Object};
use domain::{project::Project, record::Entry};
use entities::{PartnerId, learning, measure};

use super::{
    action_plan::{ActionPlan, Measure},
    citation::{self, Citation},
    output::Output,
    partner::Partner,
    policy::Policy,
    translation::{self, Translation},
    vocabulary::{LearningKind, Moment, UptakeDecision},
};
use crate::schema::base::{id::id, interface::Link, scalar::PartialDate, view::View};

/// A challenge, a question, an advice or a lesson that peers exchanged in an output.
#[derive(Clone, Debug)]
pub struct Learning {
    view: View,
    row: learning::Model,
}

impl Learning {
    pub fn new(view: &View, row: &learning::Model) -> Self {
        Self {
            view: view.clone(),
            row: row.clone(),
        }
    }
}

/// A challenge, a question, an advice or a lesson that peers exchanged in an output.
#[Object]
impl Learning {
    /// The opaque id of the entry.
    async fn id(&self) -> ID {
        id(Entry::Learning.name(), self.view.id(), self.row.id)
    }

    /// Its texts in other languages, for whoever edits them; a reader asks for a field with `locale`.
    async fn translations(&self) -> Vec<Translation> {
        translation::all(&self.row.translations)
    }

    /// A hash of the entry, which changes with every edit. A mutation whose `expectedVersion`
    /// differs from the current one is refused with CONFLICT.
    async fn version(&self) -> String {
        self.view
            .entry_version::<domain::record::Learning>(&self.row)
    }

    /// The kind: a challenge, a question about one, an advice or a lesson.
    async fn kind(&self) -> LearningKind {
        self.row.kind
    }

    /// The text of the challenge, question, advice or lesson, in the language of its source.
    async fn body(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> &str {
        let row = &self.row;
        self.view
            .said(&row.translations, "body", &row.body, locale.as_deref())
    }

    /// The partner that put the challenge, or to which the question or the advice is addressed.
    async fn partner(&self) -> Option<Link<Partner>> {
        Some(Link(Partner::new(&self.view, self.row.for_id?)))
    }

    /// The date from which on it is known, as precisely as it is known; null if that is the output's
    /// report.
    async fn since(&self) -> Option<PartialDate> {
        self.row.since.map(PartialDate)
    }

    /// The partner that said it; null if it is not known.
    async fn by(&self) -> Option<Link<Partner>> {
        Some(Link(Partner::new(&self.view, self.row.by_id?)))
    }

    /// Who said it, where no partner is named, such as "other cities"; null if that is not known.
    async fn who(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        self.text("who", self.row.who.as_deref(), locale.as_deref())
    }

    /// The output in which it was said: the visit for which a challenge was put, say.
    async fn output(&self) -> Option<Link<Output>> {
        let row = self.view.output(self.row.output_id);
        Output::new(&self.view, row).map(Link)
    }

    /// Whether it was said before, during or after the output; null if its day, or the output's days,
    /// are not known well enough.
    async fn moment(&self) -> Option<Moment> {
        self.view.moment(&self.row, self.view.as_of)
    }

    /// Of a challenge: the key that names it in its output, for what is said about it.
    async fn key(&self) -> Option<&str> {
        self.row.key.as_deref()
    }

    /// Of a challenge: what stands behind it.
    async fn background(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let own = self.row.background.as_deref();
        self.text("background", own, locale.as_deref())
    }

    /// Of a question, an advice or a lesson: the challenge that it is about; without being named, the
    /// only challenge in the output of the partner that it is for. Null if it is about none.
    async fn challenge(&self) -> Option<Link<Self>> {
        let challenge = self.view.challenge_of(&self.row)?;
        let is_there = self.view.is_there(challenge, self.view.as_of);
        is_there.then(|| Link(Self::new(&self.view, challenge)))
    }

    /// Of a challenge: the questions that peers asked about it.
    async fn questions(&self) -> Vec<Link<Self>> {
        self.about(LearningKind::Question)
    }

    /// Of a challenge: the advice that peers gave on it.
    async fn advice(&self) -> Vec<Link<Self>> {
        self.about(LearningKind::Advice)
    }

    /// Of a challenge: what came of it, in the words of its city. Null: the city has not said so, and
    /// nothing is known of it.
    async fn outcome(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let own = self.view.outcome(&self.row, self.view.as_of);
        self.text("outcome", own, locale.as_deref())
    }

    /// The date from which on the outcome is known, as precisely as it is known.
    async fn outcome_since(&self) -> Option<PartialDate> {
        self.view.outcome(&self.row, self.view.as_of)?;
        self.row.outcome_since.map(PartialDate)
    }

    /// Of an advice: whether the city that it is for takes it up, and where. Null: the city has not
    /// said so, and nothing is known of it.
    async fn uptake(&self) -> Option<Uptake> {
        let decision = self.view.uptake(&self.row, self.view.as_of)?;
        Some(Uptake {
            view: self.view.clone(),
            row: self.row.clone(),
            decision,
        })
    }

    /// The sources of the entry.
    async fn sources(&self) -> Vec<Citation> {
        citation::all(&self.view, &self.row.sources)
    }
}

impl Learning {
    fn text<'a>(
        &'a self,
        field: &str,
        own: Option<&'a str>,
        locale: Option<&str>,
    ) -> Option<&'a str> {
        let translations = &self.row.translations;
        Some(self.view.said(translations, field, own?, locale))
    }

    fn about(&self, kind: LearningKind) -> Vec<Link<Self>> {
        let said = self.view.said_about(&self.row, kind, self.view.as_of);
        said.map(|row| Link(Self::new(&self.view, row))).collect()
    }
}

/// What a city does with an advice that it was given.
#[derive(Clone, Debug)]
pub struct Uptake {
    view: View,
    row: learning::Model,
    decision: UptakeDecision,
}

impl Uptake {
    fn row(&self) -> Option<&measure::Model> {
        let title = self.row.measure.as_ref()?;
        let measures = self.view.measures_of(self.row.plan_id?);
        measures.iter().find(|row| row.title == *title)
    }
}

/// What a city does with an advice that it was given: whether it takes it up, where it lives on, and
/// why.
#[Object]
impl Uptake {
    /// Whether the city takes the advice up.
    async fn decision(&self) -> UptakeDecision {
        self.decision
    }

    /// The action plan in which it lives on; null if it does in none.
    async fn plan(&self) -> Option<Link<ActionPlan>> {
        ActionPlan::new(&self.view, self.row.plan_id?).map(Link)
    }

    /// The measure of that plan; null if no measure is named.
    async fn measure(&self) -> Option<Link<Measure>> {
        Some(Link(Measure::new(&self.view, self.row()?)))
    }

    /// The policy in which it lives on; null if it does in none.
    async fn policy(&self) -> Option<Link<Policy>> {
        Policy::new(&self.view, self.row.policy_id?).map(Link)
    }

    /// The reason for which it is taken up, or not.
    async fn reason(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let row = &self.row;
        let own = row.uptake_reason.as_deref()?;
        Some(
            self.view
                .said(&row.translations, "uptakeReason", own, locale.as_deref()),
        )
    }

    /// The date from which on it is known, as precisely as it is known.
    async fn since(&self) -> Option<PartialDate> {
        self.row.uptake_since.map(PartialDate)
    }
}

/// The challenges that a partner put to its peers.
pub fn posed_by(view: &View, partner: PartnerId) -> Vec<Learning> {
    let is_theirs = |row: &&learning::Model| {
        row.kind == LearningKind::Challenge && Project::poser_of(row) == Some(partner)
    };
    all(view, is_theirs)
}

/// The advice that a partner gave. `None`: none is known to be its own, and of some that was given where
/// it takes part nobody knows who gave it.
pub fn given_by(view: &View, partner: PartnerId) -> Option<Vec<Learning>> {
    let is_advice = |row: &&learning::Model| row.kind == LearningKind::Advice;
    let given = all(view, |row| is_advice(row) && row.by_id == Some(partner));
    let mut advice = view.there(&view.learnings).filter(is_advice);
    let may_be_theirs = |row: &learning::Model| {
        row.by_id.is_none() && row.for_id != Some(partner) && view.concerns(row.output_id, partner)
    };
    let is_unknown = given.is_empty() && advice.any(may_be_theirs);
    (!is_unknown).then_some(given)
}

/// The advice that a partner was given and takes up. `None`: it was given some, and said of none whether
/// it takes it up.
pub fn taken_by(view: &View, partner: PartnerId) -> Option<Vec<Learning>> {
    let is_for_it = |row: &&learning::Model| {
        let city = row.for_id.or_else(|| {
            let challenge = view.challenge_of(row)?;
            Project::poser_of(challenge)
        });
        row.kind == LearningKind::Advice && city == Some(partner)
    };
    let decision = |row: &learning::Model| view.uptake(row, view.as_of);
    let taken = all(view, |row| {
        is_for_it(row) && decision(row) == Some(UptakeDecision::TakenUp)
    });
    let advice = || view.there(&view.learnings).filter(is_for_it);
    let is_unknown = advice().next().is_some() && !advice().any(|row| decision(row).is_some());
    (!is_unknown).then_some(taken)
}

fn all(view: &View, is_meant: impl Fn(&&learning::Model) -> bool) -> Vec<Learning> {
    let rows = view.there(&view.learnings).filter(is_meant);
    rows.map(|row| Learning::new(view, row)).collect()
}
