//! Sessions: the items of an agenda.

use async_graphql::Object;
use entities::agenda_item;

use super::{
    citation::{self, Citation},
    partner::Partner,
    vocabulary::{AgendaKind, PartOfDay},
};
use crate::schema::base::{interface::Link, view::View};

/// An item of the agenda of a visit, an exchange or an event.
#[derive(Clone, Debug)]
pub struct Session {
    view: View,
    row: agenda_item::Model,
}

impl Session {
    pub fn new(view: &View, row: &agenda_item::Model) -> Self {
        Self {
            view: view.clone(),
            row: row.clone(),
        }
    }
}

/// An item of the agenda of a visit, an exchange or an event.
#[Object]
impl Session {
    /// The day of the output: 1 is the first.
    async fn day(&self) -> Option<i32> {
        self.row.day
    }

    /// The part of the day.
    async fn part_of_day(&self) -> Option<PartOfDay> {
        self.row.part_of_day
    }

    /// The kind of item.
    async fn kind(&self) -> AgendaKind {
        self.row.kind
    }

    /// What it is about, in the language of its source.
    async fn title(&self) -> &str {
        &self.row.title
    }

    /// The partner that presents.
    async fn presenter(&self) -> Option<Link<Partner>> {
        Some(Link(Partner::new(&self.view, self.row.presenter_id?)))
    }

    /// The roles of those who speak, never their names.
    async fn speakers(&self) -> &[String] {
        &self.row.speakers.0
    }

    /// The sources.
    async fn sources(&self) -> Vec<Citation> {
        citation::all(&self.view, &self.row.sources)
    }
}
