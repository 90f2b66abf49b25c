//! Workshops held by the champions.

use async_graphql::{Object, meter::records};
use entities::{output, training};

use super::{champion::Champion, output::output_kind};

output_kind! {
    /// An international workshop held by the champions.
    ChampionWorkshop { ChampionWorkshopFields: champion_workshop -> champion_workshop }
}

#[Object]
impl ChampionWorkshopFields {
    /// The approximate number of participants.
    async fn about_participants(&self) -> Option<i32> {
        self.row_once_reported()?.about_participants
    }

    /// The champions who held the workshop, as far as sources name them; each once, however many
    /// trainings they delivered there.
    async fn champions(&self) -> Vec<Champion> {
        let was_here = |training: &training::Model| training.workshop_id == Some(self.id);
        let held_it = |row: &&output::Model| {
            self.view
                .there(self.view.trainings_of(row.id))
                .any(was_here)
        };
        records(self.view.outputs.len());
        let champions = self.view.outputs.iter().filter(held_it);
        champions
            .filter_map(|row| Champion::new(&self.view, row.id))
            .collect()
    }
}
