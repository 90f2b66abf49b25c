//! The order of lists of records other than outputs.

use async_graphql::{Enum, InputObject};
use uuid::Uuid;

use super::{
    collation::Collation,
    connection::{List, Order, Part},
};

/// The order of a list of records. Records without a date come last.
#[derive(Clone, Debug, InputObject)]
pub struct RecordOrder {
    /// The sort field.
    by: RecordOrderBy,
    /// The sort direction; ascending if left out.
    #[graphql(default)]
    direction: Direction,
    /// The language whose names, and whose alphabetical order, NAME goes by; the project's default if
    /// left out.
    locale: Option<String>,
}

/// The sort field of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum RecordOrderBy {
    /// The order of the records in the project.
    Position,
    /// The name, title, label or topic, in the language of `locale` and in its alphabetical order.
    Name,
    /// The date of joining, beginning, foundation or publication, or the deadline. Other records
    /// have no date.
    Date,
}

/// The sort direction of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum Direction {
    /// The smallest or earliest first.
    #[default]
    Ascending,
    /// The greatest or latest first.
    Descending,
}

/// The name of a record, and its date if it is known.
pub type Named = (String, Option<String>);

/// A list in the requested order, names as a language sorts them: the requested one, or the given
/// default. `named` returns the name in a language and the date of a record by its id.
pub fn ordered<T>(
    list: List<T>,
    order: Option<RecordOrder>,
    default_locale: &str,
    named: impl Fn(Uuid, &str) -> Option<Named>,
) -> List<T> {
    let Some(RecordOrder {
        by,
        direction,
        locale,
    }) = order
    else {
        return list;
    };
    let locale = locale.as_deref().unwrap_or(default_locale);
    let collation = Collation::of(locale);
    let name = match by {
        RecordOrderBy::Position => "position",
        RecordOrderBy::Name => "name",
        RecordOrderBy::Date => "date",
    };
    let first = |(name, date): Named| match by {
        RecordOrderBy::Position => Part::Unknown,
        RecordOrderBy::Name => collation.key(&name).into(),
        RecordOrderBy::Date => date.into(),
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
        id.and_then(|id| named(id, locale))
            .map_or(Part::Unknown, first)
    })
}
