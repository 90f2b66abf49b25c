//! Integration champions and the trainings that they delivered.

use async_graphql::{ComplexObject, Context, ID, Object, SimpleObject};
use domain::record::{self, Entry};
use entities::{champion, training};

use super::{
    champion_workshop::ChampionWorkshop,
    output::output_kind,
    person::{self, Person},
    translation::{self, Translation},
};
use crate::schema::base::{id::id, scalar::PartialDate, view::View};

output_kind! {
    /// An integration champion: a practitioner trained to train other cities. The person is shown
    /// only to viewers who may see people.
    Champion { ChampionFields: champion -> champion }
}

impl ChampionFields {
    /// The row, for what is known once the champion is selected.
    fn once_selected(&self) -> Option<&champion::Model> {
        match self.row().selected {
            None => self.row_once_reported(),
            selected => self.view.by_now(selected).map(|_| self.row()),
        }
    }
}

#[Object]
impl ChampionFields {
    /// The person, once selected; null if no person is recorded or the viewer may not see people.
    async fn person(&self, ctx: &Context<'_>) -> Option<Person> {
        person::seen(ctx, &self.view, self.once_selected()?.person_id)
    }

    /// The role of the champion at work.
    async fn role_title(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let row = self.once_selected()?;
        let own = row.role_title.as_deref()?;
        Some(
            self.view
                .said(&row.translations, "roleTitle", own, locale.as_deref()),
        )
    }

    /// The date of selection, as precisely as it is known.
    async fn selected(&self) -> Option<PartialDate> {
        self.view.by_now(self.row().selected)
    }

    /// The date of the champion's own training, as precisely as it is known.
    async fn trained(&self) -> Option<PartialDate> {
        self.view.by_now(self.row().trained)
    }

    /// The trainings that the champion delivered.
    async fn trainings(&self) -> Vec<Training> {
        self.view
            .there(self.view.trainings_of(self.id))
            .map(|row| Training::new(&self.view, row))
            .collect()
    }

    /// A hash of the trainings, which changes with each of them. Mutations that replace them take
    /// it as `trainingsVersion`.
    async fn trainings_version(&self) -> String {
        self.view.list_version::<record::Training>(self.id)
    }
}

/// A training that a champion delivered.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct Training {
    /// The opaque id of the entry.
    id: ID,
    /// A hash of the entry, which changes with every edit.
    version: String,
    /// The date of the training, as precisely as it is known.
    held: Option<PartialDate>,
    /// The champion workshop of which it was part; null if it was none.
    workshop: Option<ChampionWorkshop>,
    #[graphql(skip)]
    view: View,
    #[graphql(skip)]
    row: training::Model,
}

impl Training {
    pub fn new(view: &View, row: &training::Model) -> Self {
        Self {
            id: id(Entry::Training.name(), view.id(), row.id),
            version: view.entry_version::<record::Training>(row),
            held: row.held.map(PartialDate),
            workshop: row
                .workshop_id
                .and_then(|id| ChampionWorkshop::new(view, id)),
            view: view.clone(),
            row: row.clone(),
        }
    }
}

#[ComplexObject]
impl Training {
    /// The topic of the training.
    async fn description(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> &str {
        let translations = &self.row.translations;
        self.view.said(
            translations,
            "description",
            &self.row.description,
            locale.as_deref(),
        )
    }

    /// The audience.
    async fn audience(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let own = self.row.audience.as_deref()?;
        let translations = &self.row.translations;
        Some(
            self.view
                .said(translations, "audience", own, locale.as_deref()),
        )
    }

    /// Its texts in other languages, for whoever edits them; a reader asks for a field with `locale`.
    async fn translations(&self) -> Vec<Translation> {
        translation::all(&self.row.translations)
    }
}
