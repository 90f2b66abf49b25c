//! Challenges that cities put to their peers, the advice of the peers, and lessons.

use async_graphql::{ID, Object};
use domain::record::Entry;
use entities::learning;

use super::{
    citation::{self, Citation},
    partner::Partner,
    translation::{self, Translation},
    vocabulary::LearningKind,
};
use crate::schema::base::{id::id, interface::Link, scalar::PartialDate, view::View};

/// A challenge, an advice or a lesson that peers exchanged in an output.
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

/// A challenge, an advice or a lesson that peers exchanged in an output.
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

    /// The kind: a challenge, an advice or a lesson.
    async fn kind(&self) -> LearningKind {
        self.row.kind
    }

    /// The text of the challenge, advice or lesson, in the language of its source.
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

    /// The partner that put the challenge, or to which the advice is given.
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

    /// The sources of the entry.
    async fn sources(&self) -> Vec<Citation> {
        citation::all(&self.view, &self.row.sources)
    }
}
