//! Mutations of publications about the project.

use async_graphql::ID;

use super::super::input::{CitationInput, TranslationInput};
use super::listed;
use crate::schema::{base::scalar::PartialDate, types::publication::Publication};

listed! {
    "publication": Publication = |view, id| {
        let row = view.publications.iter().find(|row| row.id.0 == id)?;
        Some(Publication::new(view, row))
    },
    {
        /// The title, in the language of the publication.
        must title: String,
        /// The date of publication, as precisely as it is known.
        may published: PartialDate,
        /// The web address.
        may url: String,
        /// The community that it is about: its id or key. Null if it is about the whole project;
        /// then only the coordinator can edit it.
        may community: ID,
        /// The sources of the record.
        can sources: Vec<CitationInput>,
        /// Its texts in other languages: those that are named change, the others stay.
        can translations: Vec<TranslationInput>,
    }
    []
    PublicationChanges {
        /// Creates a publication about the project. For the coordinator, and the expert of its
        /// community.
        ///
        /// Codes: FORBIDDEN, TAKEN, NOT_A_KEY, REQUIRED, TOO_LONG, NOT_A_URL, NOT_FOUND,
        /// OUT_OF_RANGE for a list of more than 500.
        create_publication "createPublication" CreatePublicationInput CreatePublicationPayload
        /// Edits a publication. Its key cannot be changed. For the coordinator, and the expert of
        /// its community. To move it to another community, an expert must run both.
        ///
        /// Codes: as of `createPublication`, and CONFLICT.
        edit_publication "editPublication" EditPublicationInput EditPublicationPayload
        /// Removes a publication. The audit log retains its last state. For the coordinator, and
        /// the expert of its community.
        ///
        /// Codes: FORBIDDEN, CONFLICT.
        remove_publication "removePublication" RemovePublicationInput RemovePublicationPayload
    }
    publication
}
