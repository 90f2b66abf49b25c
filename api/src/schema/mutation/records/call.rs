//! Mutations of calls for participants.

use super::super::input::{CitationInput, TranslationInput};
use super::listed;
use crate::schema::{
    base::scalar::{Date, PartialDate},
    types::call::Call,
};

listed! {
    "call for participants": Call = |view, id| {
        let row = view.open_calls.iter().find(|row| row.id.0 == id)?;
        Some(Call::new(view, row))
    },
    {
        /// The title, in the language of the call.
        must title: String,
        /// The date of issue, as precisely as it is known.
        may issued: PartialDate,
        /// The last day to apply.
        may deadline: Date,
        /// Who may apply, in words.
        may for_whom: String,
        /// The number of places.
        may places: i32,
        /// The web address of the application form.
        may form_url: String,
        /// What an application must contain, one item each.
        can required: Vec<String>,
        /// The sources of the record.
        can sources: Vec<CitationInput>,
        /// Its texts in other languages: those that are named change, the others stay.
        can translations: Vec<TranslationInput>,
    }
    []
    CallChanges {
        /// Creates a call for participants. For the coordinator.
        ///
        /// Codes: FORBIDDEN, TAKEN, NOT_A_KEY, REQUIRED, TOO_LONG, NOT_A_URL, NOT_FOUND,
        /// OUT_OF_RANGE, for a list of more than 500, too, ENDS_BEFORE_START where the deadline lies
        /// before the call was issued.
        create_call "createCall" CreateCallInput CreateCallPayload
        /// Edits a call for participants. Its key cannot be changed. For the coordinator.
        ///
        /// Codes: as of `createCall`, and CONFLICT.
        edit_call "editCall" EditCallInput EditCallPayload
        /// Removes a call for participants. The audit log retains its last state. For the
        /// coordinator.
        ///
        /// Codes: FORBIDDEN, CONFLICT.
        remove_call "removeCall" RemoveCallInput RemoveCallPayload
    }
    call
}
