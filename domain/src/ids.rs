//! Where new ids come from.

use uuid::Uuid;

/// Makes ids for new rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ids {
    /// UUIDv7: unique everywhere, and in the order of their making.
    #[default]
    Fresh,
    /// UUIDv5 of what the row is: the same row gets the same id in every run of a replay.
    FromKeys,
}

impl Ids {
    /// The id of a new row, named by its table, its parent's id and its own key there.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is where ids are made")]
    pub fn make(self, table: &str, parent: Uuid, key: &str) -> Uuid {
        match self {
            Self::Fresh => Uuid::now_v7(),
            Self::FromKeys => Uuid::new_v5(&parent, format!("{table}/{key}").as_bytes()),
        }
    }
}
