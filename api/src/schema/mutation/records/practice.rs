//! Good practices of cities.

use async_graphql::ID;

use super::super::input::CitationInput;
use super::listed;
use crate::schema::{base::scalar::PartialDate, types::practice::Practice};

listed! {
    "practice": Practice = |view, id| {
        let row = view.practices.iter().find(|row| row.id.0 == id)?;
        Some(Practice::new(view, row.id))
    },
    {
        /// What it is called.
        must name: String,
        /// What kind of practice it is, in a few words.
        must kind: String,
        /// The city: its id as a partner, or its organisation's key.
        may partner: ID,
        /// Since when it exists, as exactly as it is known.
        may since: PartialDate,
        /// What it does.
        may description: String,
        /// What is known about it.
        can facts: Vec<String>,
        /// A remark on the record itself.
        may note: String,
        /// Where the record comes from.
        can sources: Vec<CitationInput>,
    }
    []
    PracticeChanges {
        /// Adds a good practice of a city. For the coordinator.
        ///
        /// Codes: FORBIDDEN, TAKEN, NOT_A_KEY, REQUIRED, TOO_LONG, NOT_FOUND, OUT_OF_RANGE
        /// for a list of more than 500.
        create_practice "createPractice" CreatePracticeInput CreatePracticePayload
        /// Changes a good practice; its key stays. For the coordinator.
        ///
        /// Codes: FORBIDDEN, CONFLICT, REQUIRED, TOO_LONG, NOT_FOUND, OUT_OF_RANGE
        /// for a list of more than 500.
        edit_practice "editPractice" EditPracticeInput EditPracticePayload
        /// Removes a good practice; what it was is in the audit. For the coordinator.
        ///
        /// Codes: FORBIDDEN, CONFLICT, IN_USE where a visit saw it, a forum is it or a note is about
        /// it.
        remove_practice "removePractice" RemovePracticeInput RemovePracticePayload
    }
    practice
}
