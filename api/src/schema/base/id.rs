//! Opaque global ids as GraphQL has them.

use std::fmt::Display;

use async_graphql::ID;
use entities::ProjectId;

pub use domain::record::NodeId;

/// The opaque id of a record.
pub fn id(kind: impl Display, project: ProjectId, row: impl Display) -> ID {
    NodeId::encode(kind, project, row).into()
}
