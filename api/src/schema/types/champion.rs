//! Integration champions and the trainings that they delivered.

use async_graphql::{Context, Object, SimpleObject};

use super::{
    champion_workshop::ChampionWorkshop,
    output::output_kind,
    person::{self, Person},
};
use crate::schema::base::scalar::PartialDate;

output_kind! {
    /// An integration champion: a practitioner trained to train other cities. The person is shown
    /// only to viewers who may see people.
    Champion { ChampionFields: champion -> champion }
}

#[Object]
impl ChampionFields {
    /// The person; null if the viewer may not see it.
    async fn person(&self, ctx: &Context<'_>) -> Option<Person> {
        person::seen(ctx, &self.view, self.row().person_id)
    }

    /// Their role at work.
    async fn role_title(&self) -> Option<&str> {
        self.row().role_title.as_deref()
    }

    /// When they were selected.
    async fn selected(&self) -> Option<PartialDate> {
        self.row().selected.map(PartialDate)
    }

    /// When they were trained.
    async fn trained(&self) -> Option<PartialDate> {
        self.row().trained.map(PartialDate)
    }

    /// The trainings that they delivered.
    async fn trainings(&self) -> Vec<Training> {
        self.view
            .trainings_of(self.id)
            .iter()
            .map(|row| Training {
                description: row.description.clone(),
                held: row.held.map(PartialDate),
                audience: row.audience.clone(),
                workshop: row
                    .workshop_id
                    .and_then(|id| ChampionWorkshop::new(&self.view, id)),
            })
            .collect()
    }
}

/// A training that a champion delivered.
#[derive(Clone, Debug, SimpleObject)]
pub struct Training {
    /// What the training was about.
    description: String,
    /// When it was held.
    held: Option<PartialDate>,
    /// The audience.
    audience: Option<String>,
    /// The workshop that it was part of.
    workshop: Option<ChampionWorkshop>,
}
