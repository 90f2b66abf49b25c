//! Mutations of sources: the documents that records refer to.

use super::{super::input::TranslationInput, listed};
use crate::schema::types::source::Source;

listed! {
    "source": Source = |view, id| {
        let row = view.sources.iter().find(|row| row.id.0 == id)?;
        Some(Source::new(view, row.id))
    },
    {
        /// The title.
        must title: String,
        /// The publisher.
        may publisher: String,
        /// The web address.
        may address: String,
        /// Its texts in other languages: those that are named change, the others stay.
        can translations: Vec<TranslationInput>,
    }
    []
    SourceChanges {
        /// Creates a source: a document that records can refer to. For the coordinator.
        ///
        /// Codes: FORBIDDEN, TAKEN, NOT_A_KEY, REQUIRED, TOO_LONG, NOT_A_URL.
        create_source "createSource" CreateSourceInput CreateSourcePayload
        /// Edits a source. Its key, by which records cite it, cannot be changed. For the
        /// coordinator.
        ///
        /// Codes: FORBIDDEN, CONFLICT, REQUIRED, TOO_LONG, NOT_A_URL.
        edit_source "editSource" EditSourceInput EditSourcePayload
        /// Removes a source. The audit log retains its last state. For the coordinator.
        ///
        /// Codes: FORBIDDEN, CONFLICT, IN_USE if a record or a piece of evidence cites it.
        remove_source "removeSource" RemoveSourceInput RemoveSourcePayload
    }
    source
}
