//! Challenges put to peers, their advice, and lessons.

use async_graphql::Object;
use entities::learning;

use super::{
    citation::{self, Citation},
    partner::Partner,
    vocabulary::LearningKind,
};
use crate::schema::base::{interface::Link, view::View};

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
