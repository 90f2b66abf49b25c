//! The items of an output's agenda.

use async_graphql::{ID, Object};
use domain::record::Entry;
use entities::agenda_item;

use super::{
    citation::{self, Citation},
    partner::Partner,
    translation::{self, Translation},
    vocabulary::{AgendaKind, PartOfDay},
};
use crate::schema::base::{id::id, interface::Link, view::View};

/// An item of the agenda of a visit, an exchange or an event.
#[derive(Clone, Debug)]
pub struct AgendaItem {
    view: View,
    row: agenda_item::Model,
}

impl AgendaItem {
    pub fn new(view: &View, row: &agenda_item::Model) -> Self {
        Self {
            view: view.clone(),
            row: row.clone(),
        }
    }
}

/// An item of the agenda of a visit, an exchange or an event.
#[Object]
impl AgendaItem {
    /// The opaque id of the entry.
    async fn id(&self) -> ID {
        id(Entry::AgendaItem.name(), self.view.id(), self.row.id)
    }

    /// Its texts in other languages, for whoever edits them; a reader asks for a field with `locale`.
    async fn translations(&self) -> Vec<Translation> {
        translation::all(&self.row.translations)
    }

    /// A hash of the entry, which changes with every edit. A mutation whose `expectedVersion`
    /// differs from the current one is refused with CONFLICT.
    async fn version(&self) -> String {
        self.view
            .entry_version::<domain::record::AgendaItem>(&self.row)
    }

    /// The day of the output: 1 for its first day.
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

    /// The topic, in the language of its source.
    async fn title(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> &str {
        let row = &self.row;
        self.view
            .said(&row.translations, "title", &row.title, locale.as_deref())
    }

    /// The partner that presents the item.
    async fn presenter(&self) -> Option<Link<Partner>> {
        Some(Link(Partner::new(&self.view, self.row.presenter_id?)))
    }

    /// The roles of the speakers; their names are never stored.
    async fn speakers(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Vec<&str> {
        self.view.said_list(
            &self.row.translations,
            "speakers",
            &self.row.speakers,
            locale.as_deref(),
        )
    }

    /// The sources of the item.
    async fn sources(&self) -> Vec<Citation> {
        citation::all(&self.view, &self.row.sources)
    }
}
