//! Notes: where sources disagree, what none of them tells, and remarks.

use async_graphql::{ID, InputObject};

use super::super::input::CitationInput;
use super::listed;
use crate::schema::types::{note::Note, vocabulary::NoteKind};

/// What one source says where sources disagree.
#[derive(Clone, Debug, InputObject)]
pub struct ReadingInput {
    /// What it says.
    value: String,
    /// Which source, and where in it.
    citation: Option<CitationInput>,
}

listed! {
    "note": Note = |view, id| {
        let row = view.notes.iter().find(|row| row.id.0 == id)?;
        Some(Note::new(view, row))
    },
    {
        /// What kind of note it is.
        must kind: NoteKind,
        /// What it is about, in a few words.
        must topic: String,
        /// The note itself.
        may body: String,
        /// What each source says, where they disagree.
        can readings: Vec<ReadingInput>,
        /// The records that it is about: the id of each, or its kind and key, such as
        /// `output:cop2_w3` or `partner:torino`. A note can be about the project, a partner, a
        /// community, a pairing, a practice, a target or an output.
        can about: Vec<ID>,
    }
    []
    NoteChanges {
        /// Notes where sources disagree or what none of them tells, or makes a remark. For the
        /// coordinator.
        ///
        /// Codes: FORBIDDEN, TAKEN, NOT_A_KEY, REQUIRED, TOO_LONG, NOT_FOUND, OUT_OF_RANGE
        /// for a list of more than 500.
        create_note "createNote" CreateNoteInput CreateNotePayload
        /// Changes a note; its key stays. For the coordinator.
        ///
        /// Codes: FORBIDDEN, CONFLICT, REQUIRED, TOO_LONG, NOT_FOUND, OUT_OF_RANGE
        /// for a list of more than 500.
        edit_note "editNote" EditNoteInput EditNotePayload
        /// Removes a note; what it was is in the audit. For the coordinator.
        ///
        /// Codes: FORBIDDEN, CONFLICT.
        remove_note "removeNote" RemoveNoteInput RemoveNotePayload
    }
    note
}
