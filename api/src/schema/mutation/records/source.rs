//! Sources: the documents that records refer to.

use super::listed;
use crate::schema::types::source::Source;

listed! {
    "source": Source = |view, id| {
        let row = view.sources.iter().find(|row| row.id.0 == id)?;
        Some(Source::new(view, row.id))
    },
    {
        /// Its title.
        must title: String,
        /// Who published it.
        may publisher: String,
        /// Where it is found on the web.
        may address: String,
    }
    []
    SourceChanges {
        /// Adds a document that records can refer to. For the coordinator.
        ///
        /// Codes: FORBIDDEN, TAKEN, NOT_A_KEY, REQUIRED, TOO_LONG, NOT_A_URL.
        create_source "createSource" CreateSourceInput CreateSourcePayload
        /// Changes a source; its key, by which records cite it, stays. For the coordinator.
        ///
        /// Codes: FORBIDDEN, CONFLICT, REQUIRED, TOO_LONG, NOT_A_URL.
        edit_source "editSource" EditSourceInput EditSourcePayload
        /// Removes a source; what it was is in the audit. For the coordinator.
        ///
        /// Codes: FORBIDDEN, CONFLICT, IN_USE where a record or a piece of evidence cites it.
        remove_source "removeSource" RemoveSourceInput RemoveSourcePayload
    }
    source
}
