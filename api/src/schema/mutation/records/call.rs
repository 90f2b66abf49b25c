//! Calls for participants.

use super::super::input::CitationInput;
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
        /// Its title, in its own language.
        must title: String,
        /// When it was issued, as exactly as it is known.
        may issued: PartialDate,
        /// The last day to answer it.
        may deadline: Date,
        /// Who may answer it.
        may for_whom: String,
        /// How many can be taken.
        may places: i32,
        /// Where its form is found on the web.
        may form_url: String,
        /// What an answer must hold.
        can required: Vec<String>,
        /// Where the record comes from.
        can sources: Vec<CitationInput>,
    }
    []
    CallChanges {
        /// Calls for participants. For the coordinator.
        ///
        /// Codes: FORBIDDEN, TAKEN, NOT_A_KEY, REQUIRED, TOO_LONG, NOT_A_URL, NOT_FOUND,
        /// OUT_OF_RANGE, for a list of more than 500, too, ENDS_BEFORE_START where the deadline lies
        /// before the call was issued.
        create_call "createCall" CreateCallInput CreateCallPayload
        /// Changes a call for participants; its key stays. For the coordinator.
        ///
        /// Codes: as of `createCall`, and CONFLICT.
        edit_call "editCall" EditCallInput EditCallPayload
        /// Removes a call for participants; what it was is in the audit. For the coordinator.
        ///
        /// Codes: FORBIDDEN, CONFLICT.
        remove_call "removeCall" RemoveCallInput RemoveCallPayload
    }
    call
}
