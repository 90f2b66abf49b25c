//! Mutations of notes: contradictions between sources, gaps in them, and remarks.

use async_graphql::{ID, InputObject};

use super::super::input::{CitationInput, TranslationInput};
use super::listed;
use crate::schema::types::{note::Note, vocabulary::NoteKind};

/// The statement of one source, where sources contradict each other.
#[derive(Clone, Debug, InputObject)]
pub struct ReadingInput {
    /// The statement.
    value: String,
    /// The source, and the place in it.
    citation: Option<CitationInput>,
}

listed! {
    "note": Note = |view, id| {
        let row = view.notes.iter().find(|row| row.id.0 == id)?;
        Some(Note::new(view, row))
    },
    {
        /// The kind of note.
        must kind: NoteKind,
        /// The topic, in a few words.
        must topic: String,
        /// The text.
        may body: String,
        /// The statements of the sources, where they contradict each other.
        can readings: Vec<ReadingInput>,
        /// The records that it is about, each by its id, or by its kind and key, such as
        /// `output:cop2_w3` or `partner:torino`. A note can be about the project, a partner, a
        /// community, a pairing, a practice, a target or an output.
        can about: Vec<ID>,
        /// Its texts in other languages: those that are named change, the others stay.
        can translations: Vec<TranslationInput>,
    }
    []
    NoteChanges {
        /// Creates a note: a contradiction between sources, a gap in them, or a remark. For the
        /// coordinator.
        ///
        /// Codes: FORBIDDEN, TAKEN, NOT_A_KEY, REQUIRED, TOO_LONG, NOT_FOUND, OUT_OF_RANGE
        /// for a list of more than 500.
        create_note "createNote" CreateNoteInput CreateNotePayload
        /// Edits a note. Its key cannot be changed. For the coordinator.
        ///
        /// Codes: FORBIDDEN, CONFLICT, REQUIRED, TOO_LONG, NOT_FOUND, OUT_OF_RANGE
        /// for a list of more than 500.
        edit_note "editNote" EditNoteInput EditNotePayload
        /// Removes a note. The audit log retains its last state. For the coordinator.
        ///
        /// Codes: FORBIDDEN, CONFLICT.
        remove_note "removeNote" RemoveNoteInput RemoveNotePayload
    }
    note
}
