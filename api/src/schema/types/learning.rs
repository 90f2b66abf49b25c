//! Challenges put to peers, their advice, and lessons.

use async_graphql::{ID, Object};
use domain::record::Entry;
use entities::learning;

use super::{
    citation::{self, Citation},
    partner::Partner,
    vocabulary::LearningKind,
};
use crate::schema::base::{id::id, interface::Link, view::View};

/// What peers gave each other: a challenge, an advice or a lesson.
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

/// What peers gave each other: a challenge, an advice or a lesson.
#[Object]
impl Learning {
    /// The opaque id of the entry.
    async fn id(&self) -> ID {
        id(Entry::Learning.name(), self.view.id(), self.row.id)
    }

    /// A hash of the entry, which changes with every edit. An edit with another `expectedVersion` than
    /// the current one is refused with CONFLICT.
    async fn version(&self) -> String {
        self.view
            .entry_version::<domain::record::Learning>(&self.row)
    }

    /// The kind: a challenge, an advice or a lesson.
    async fn kind(&self) -> LearningKind {
        self.row.kind
    }

    /// What was asked, advised or learned, in the language of its source.
    async fn body(&self) -> &str {
        &self.row.body
    }

    /// The partner that asked, or that the advice is for.
    async fn partner(&self) -> Option<Link<Partner>> {
        Some(Link(Partner::new(&self.view, self.row.for_id?)))
    }

    /// The sources.
    async fn sources(&self) -> Vec<Citation> {
        citation::all(&self.view, &self.row.sources)
    }
}
