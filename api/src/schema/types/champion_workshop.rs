//! Workshops held by the champions.

use async_graphql::Object;

use super::{champion::Champion, output::output_kind};

output_kind! {
    /// An international workshop held by the champions.
    ChampionWorkshop { ChampionWorkshopFields: champion_workshop -> champion_workshop }
}

#[Object]
impl ChampionWorkshopFields {
    /// The approximate number of participants.
    async fn about_participants(&self) -> Option<i32> {
        self.row().about_participants
    }

    /// The champions who held the workshop, as far as sources name them.
    async fn champions(&self) -> Vec<Champion> {
        self.view
            .trainings
            .iter()
            .filter(|training| training.workshop_id == Some(self.id))
            .filter_map(|training| Champion::new(&self.view, training.output_id))
            .collect()
    }
}
