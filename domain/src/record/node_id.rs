//! Opaque global ids, which encode the kind of a record, its project and its row: the ids of the API,
//! and of every file that speaks of records to its clients.

use std::fmt::Display;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use entities::ProjectId;
use uuid::Uuid;

/// The contents of an opaque id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeId {
    /// The name of the GraphQL type.
    pub kind: String,
    pub project: ProjectId,
    /// The row's UUID, the number of a project month or the code of a country; the project's own
    /// UUID for a project.
    pub row: String,
}

impl NodeId {
    /// The opaque id of a record.
    #[must_use]
    pub fn encode(kind: impl Display, project: ProjectId, row: impl Display) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(format!("{kind}:{project}:{row}"))
    }

    /// What an opaque id says; `None` for any other text.
    #[must_use]
    pub fn decode(id: &str) -> Option<Self> {
        let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(id).ok()?).ok()?;
        let mut parts = text.splitn(3, ':');
        let kind = parts.next()?.to_owned();
        let project = parts.next()?.parse::<Uuid>().ok()?.into();
        let row = parts.next()?.to_owned();
        Some(Self { kind, project, row })
    }

    #[must_use]
    pub fn uuid(&self) -> Option<Uuid> {
        self.row.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_and_anything_else_is_none() {
        let project = ProjectId(Uuid::from_u128(7));
        let encoded = NodeId::encode("Country", project, "IT");
        assert_eq!(
            NodeId::decode(&encoded),
            Some(NodeId {
                kind: "Country".into(),
                project,
                row: "IT".into()
            })
        );
        for text in ["", "x", "Visit:1", "VmlzaXQ6MQ", "💥"] {
            assert_eq!(NodeId::decode(text), None, "{text}");
        }
    }
}
