//! The revision of a project, and when it was raised.

use entities::ProjectId;
use serde::{Deserialize, Serialize};

/// When a project's revision was raised, in seconds by the database's clock. Only the poll uses it,
/// so it is not part of the row.
pub(super) const REVISED_AT: &str = "revised_at";

/// The new revision of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionChanged {
    pub id: ProjectId,
    pub key: String,
    pub revision: i64,
}
