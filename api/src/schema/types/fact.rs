//! Facts: what sources say of practices and policies, some of it only from a day on.

use async_graphql::SimpleObject;
use entities::{Facts, OutputId};

use crate::schema::base::{scalar::PartialDate, view::View};

/// A fact.
#[derive(Clone, Debug, SimpleObject)]
pub struct Fact {
    /// The fact in a sentence, in the language of its source.
    text: String,
    /// The date from which on it holds, as precisely as it is known; null if no day is known.
    since: Option<PartialDate>,
}

impl Fact {
    pub fn new(fact: &entities::Fact) -> Self {
        Self {
            text: fact.text.clone(),
            since: fact.since.map(PartialDate),
        }
    }
}

/// The facts that hold on the view's day; those without a day always do.
fn holding<'a>(view: &View, facts: &'a Facts) -> impl Iterator<Item = &'a entities::Fact> {
    let as_of = view.as_of;
    let facts = facts.0.iter();
    facts.filter(move |fact| fact.since.is_none() || as_of.by_now(fact.since).is_some())
}

/// The texts of the facts that hold on the view's day.
pub fn texts<'a>(view: &View, facts: &'a Facts) -> Vec<&'a str> {
    holding(view, facts)
        .map(|fact| fact.text.as_str())
        .collect()
}

/// The facts that hold on the view's day.
pub fn all(view: &View, facts: &Facts) -> Vec<Fact> {
    holding(view, facts).map(Fact::new).collect()
}

/// The same of an output: those without a day from its report on.
pub fn of_report<'a>(
    view: &View,
    output: OutputId,
    facts: &'a Facts,
) -> impl Iterator<Item = &'a entities::Fact> {
    let is_reported = view.is_reported(output, view.as_of);
    holding(view, facts).filter(move |fact| is_reported || fact.since.is_some())
}
