//! The order of the lists that are not of outputs.

use async_graphql::{Enum, InputObject};
use uuid::Uuid;

use super::connection::{List, Order, Part};

/// The order of a list of records. Records without a date come last.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct RecordOrder {
    /// What they are ordered by.
    by: RecordOrderBy,
    /// From which end.
    #[graphql(default)]
    direction: Direction,
}

/// What records can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum RecordOrderBy {
    /// The project's own order.
    Position,
    /// Their name, title, label or topic, in the project's default language.
    Name,
    /// Their own date: of joining, beginning, founding or publication, or a deadline. Other records
    /// have none.
    Date,
}

/// From which end a list is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum Direction {
    /// The smallest or earliest first.
    #[default]
    Ascending,
    /// The greatest or latest first.
    Descending,
}

/// What a record is called, and its own date as far as it is known.
pub type Named = (String, Option<String>);

/// A list in the wanted order; `named` tells of each record by its id.
pub fn ordered<T>(
    list: List<T>,
    order: Option<RecordOrder>,
    named: impl Fn(Uuid) -> Option<Named>,
) -> List<T> {
    let Some(RecordOrder { by, direction }) = order else {
        return list;
    };
    let (name, first): (_, fn(Named) -> Part) = match by {
        RecordOrderBy::Position => ("position", |_| Part::Unknown),
        RecordOrderBy::Name => ("name", |(name, _)| name.to_lowercase().into()),
        RecordOrderBy::Date => ("date", |(_, date)| date.into()),
    };
    let order = Order {
        name,
        descending: direction == Direction::Descending,
    };
    list.reordered(order, |key| {
        let id = key.iter().find_map(|part| match part {
            Part::Text(id) => id.parse().ok(),
            _ => None,
        });
        id.and_then(&named).map_or(Part::Unknown, first)
    })
}
