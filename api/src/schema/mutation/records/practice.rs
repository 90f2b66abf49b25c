//! Mutations of good practices.

use async_graphql::ID;

use super::super::input::{CitationInput, DatedFactInput, TranslationInput};
use super::listed;
use crate::schema::{base::scalar::PartialDate, types::practice::Practice};

listed! {
    "practice": Practice = |view, id| {
        let row = view.practices.iter().find(|row| row.id.0 == id)?;
        Some(Practice::new(view, row.id))
    },
    {
        /// The name.
        must name: String,
        /// The kind of practice, in a few words.
        must kind: String,
        /// The city: its id as a partner, or the key of its organisation. For whoever acts for one
        /// partner, that one if left out.
        may partner: ID,
        /// The date since which it exists, as precisely as it is known.
        may since: PartialDate,
        /// The description.
        may description: String,
        /// Facts that sources state about it, a sentence each; those that stay keep their days.
        can facts: Vec<String>,
        /// The same facts with the day from which on each holds; instead of `facts`.
        can dated_facts: Vec<DatedFactInput>,
        /// A remark about the record.
        may note: String,
        /// The sources of the record.
        can sources: Vec<CitationInput>,
        /// Its texts in other languages: those that are named change, the others stay.
        can translations: Vec<TranslationInput>,
    }
    []
    PracticeChanges {
        /// Creates a good practice of a city. For the coordinator, and each city for itself.
        ///
        /// Codes: FORBIDDEN, for another city's `partner`, too, TAKEN, NOT_A_KEY, REQUIRED, TOO_LONG, NOT_FOUND, OUT_OF_RANGE
        /// for a list of more than 500, TWICE at `datedFacts` if `facts` are given, too.
        create_practice "createPractice" CreatePracticeInput CreatePracticePayload
        /// Edits a good practice. Its key cannot be changed. For the coordinator, and its own city, whose
        /// it stays.
        ///
        /// Codes: FORBIDDEN, for another `partner`, too, CONFLICT, REQUIRED, TOO_LONG, NOT_FOUND, OUT_OF_RANGE
        /// for a list of more than 500, TWICE at `datedFacts` if `facts` are given, too.
        edit_practice "editPractice" EditPracticeInput EditPracticePayload
        /// Removes a good practice. The audit log retains its last state. For the coordinator.
        ///
        /// Codes: FORBIDDEN, CONFLICT, IN_USE if a visit, a forum or a note refers to it.
        remove_practice "removePractice" RemovePracticeInput RemovePracticePayload
    }
    practice
}
