//! The trainings that champions delivered.

use async_graphql::ID;

use super::super::input::TranslationInput;
use super::{
    super::{execute::find_output, output::output_at},
    entry, of_output,
};
use crate::schema::{
    base::scalar::PartialDate,
    types::{champion::Training, output::Output},
};

entry! {
    "a training": Training = |view, id| {
        let row = view.trainings.iter().find(|row| row.id.0 == id)?;
        Some(Training::new(view, row))
    },
    in "an integration champion" output: Output = output_at, find_output, of_output,
    "For its lead, host or parties, the expert of its community and the coordinator.";
    TrainingInput of Training {
        /// What it was about.
        must description: String,
        /// The workshop of champions that it was part of: its id or key.
        may workshop: ID,
        /// When it was held, as exactly as it is known.
        may held: PartialDate,
        /// Its audience.
        may audience: String,
        /// Its texts in other languages: those that are named change, the others stay.
        can translations: Vec<TranslationInput>,
    }
    TrainingChanges {
        add_training "addTraining" AddTrainingInput AddTrainingPayload
        edit_training "editTraining" EditTrainingInput EditTrainingPayload
        remove_training "removeTraining" RemoveTrainingInput RemoveTrainingPayload
    }
    training
}
