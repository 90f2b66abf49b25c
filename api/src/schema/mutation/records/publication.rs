//! Publications about the project.

use async_graphql::ID;

use super::super::input::CitationInput;
use super::listed;
use crate::schema::{base::scalar::PartialDate, types::publication::Publication};

listed! {
    "publication": Publication = |view, id| {
        let row = view.publications.iter().find(|row| row.id.0 == id)?;
        Some(Publication::new(view, row))
    },
    {
        /// Its title, in its own language.
        must title: String,
        /// When it was published, as exactly as it is known.
        may published: PartialDate,
        /// Where it is found on the web.
        may url: String,
        /// The community that it is about: its id or key. Without one it is the coordinator's.
        may community: ID,
        /// Where the record comes from.
        can sources: Vec<CitationInput>,
    }
    []
    PublicationChanges {
        /// Adds something that was published about the project. For the coordinator, and the expert
        /// of its community.
        ///
        /// Codes: FORBIDDEN, TAKEN, NOT_A_KEY, REQUIRED, TOO_LONG, NOT_A_URL, NOT_FOUND,
        /// OUT_OF_RANGE for a list of more than 500.
        create_publication "createPublication" CreatePublicationInput CreatePublicationPayload
        /// Changes a publication; its key stays. For the coordinator, and the expert of its
        /// community; to move it, of the other community, too.
        ///
        /// Codes: as of `createPublication`, and CONFLICT.
        edit_publication "editPublication" EditPublicationInput EditPublicationPayload
        /// Removes a publication; what it was is in the audit. For the coordinator, and the expert of
        /// its community.
        ///
        /// Codes: FORBIDDEN, CONFLICT.
        remove_publication "removePublication" RemovePublicationInput RemovePublicationPayload
    }
    publication
}
