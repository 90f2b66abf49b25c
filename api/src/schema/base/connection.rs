//! Relay connections over lists in memory, with cursors that are positions in the order.
//!
//! A cursor contains the sort key and the id of a record, not an offset: if records are added or
//! removed between two requests, the next page neither repeats nor skips a record.

use std::{borrow::Cow, cmp::Ordering};

use async_graphql::{
    Object, ObjectType, OutputType, Result, SimpleObject, TypeName, meter::records,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use super::error::bad_input;

pub use async_graphql::connection::EmptyFields as Plain;

const DEFAULT_PAGE: usize = 50;
const MAX_PAGE: usize = 100;

/// The number of records that are gone through in the time in which one is put in order.
const ORDERED: usize = 8;

/// A part of a sort key. Unknown values come last, in both directions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Part {
    Number(i64),
    Text(String),
    Unknown,
}

impl From<i64> for Part {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<i32> for Part {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl From<String> for Part {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Part {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl<T: Into<Self>> From<Option<T>> for Part {
    fn from(part: Option<T>) -> Self {
        part.map_or(Self::Unknown, Into::into)
    }
}

/// The sort key of a record; its last part distinguishes equal records.
pub type Key = Vec<Part>;

/// Whether a key can be that of a record of the same list: as many parts, each of the same type or
/// unknown.
fn is_like(one: &[Part], other: &[Part]) -> bool {
    let is_same = |(one, other): (&Part, &Part)| {
        matches!(
            (one, other),
            (Part::Number(_), Part::Number(_))
                | (Part::Text(_), Part::Text(_))
                | (Part::Unknown, _)
                | (_, Part::Unknown)
        )
    };
    one.len() == other.len() && one.iter().zip(other).all(is_same)
}

/// No cursor of ours: a client put it together.
pub fn no_cursor(argument: &'static str) -> async_graphql::Error {
    bad_input(
        argument,
        "this is no cursor",
        "give one from pageInfo or from an edge",
    )
}

/// The order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// A part of the cursors, so that a cursor is refused with another order.
    pub name: &'static str,
    pub descending: bool,
}

/// The order of the records in the project.
pub const BY_POSITION: Order = Order {
    name: "position",
    descending: false,
};

impl Order {
    fn compare(self, one: &[Part], other: &[Part]) -> Ordering {
        let part = |(one, other): (&Part, &Part)| {
            let ordering = match (one, other) {
                (Part::Number(one), Part::Number(other)) => one.cmp(other),
                (Part::Text(one), Part::Text(other)) => one.cmp(other),
                (Part::Number(_), Part::Text(_)) => Ordering::Less,
                (Part::Text(_), Part::Number(_)) => Ordering::Greater,
                (Part::Unknown, Part::Unknown) => return Ordering::Equal,
                (Part::Unknown, _) => return Ordering::Greater,
                (_, Part::Unknown) => return Ordering::Less,
            };
            if self.descending {
                ordering.reverse()
            } else {
                ordering
            }
        };
        one.iter()
            .zip(other)
            .map(part)
            .find(|ordering| ordering.is_ne())
            .unwrap_or_else(|| one.len().cmp(&other.len()))
    }

    fn tag(self) -> String {
        format!("{}{}", self.name, if self.descending { "-" } else { "" })
    }

    pub fn encode(self, key: &[Part]) -> String {
        let json = serde_json::to_vec(&(self.tag(), key)).expect("texts and numbers are JSON");
        BASE64_URL_SAFE_NO_PAD.encode(json)
    }

    pub fn decode(self, argument: &'static str, cursor: &str) -> Result<Key> {
        let read = || -> Option<(String, Key)> {
            serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()
        };
        // No record has U+0000 in its key, and PostgreSQL takes none.
        let is_ours = |part: &Part| !matches!(part, Part::Text(text) if text.contains('\0'));
        match read() {
            Some((tag, key)) if tag == self.tag() && key.iter().all(is_ours) => Ok(key),
            Some((tag, _)) if tag == self.tag() => Err(no_cursor(argument)),
            Some(_) => Err(bad_input(
                argument,
                "this cursor belongs to another order or list",
                "give one from a page of the same list in the same order",
            )),
            None => Err(no_cursor(argument)),
        }
    }
}

/// The arguments of a page.
#[derive(Clone, Debug, Default)]
pub struct Page {
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
}

/// The number of records, and from which end of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    First(usize),
    Last(usize),
}

impl Page {
    /// # Errors
    /// `BAD_USER_INPUT` for a count out of range, or for `first` together with `last`.
    pub fn take(&self) -> Result<Take> {
        let within = |argument, count: i32| {
            usize::try_from(count)
                .ok()
                .filter(|count| (1..=MAX_PAGE).contains(count))
                .ok_or_else(|| bad_input(argument, count, "ask for 1 to 100 at a time"))
        };
        match (self.first, self.last) {
            (Some(_), Some(_)) => Err(bad_input(
                "last",
                "it cannot stand beside first",
                "give one of them",
            )),
            (Some(count), None) => within("first", count).map(Take::First),
            (None, Some(count)) => within("last", count).map(Take::Last),
            (None, None) => Ok(Take::First(DEFAULT_PAGE)),
        }
    }
}

/// A whole list in its order, before pagination.
#[derive(Debug)]
pub struct List<T, X = Plain> {
    order: Order,
    items: Vec<(Key, T, X)>,
}

impl<T> List<T> {
    pub fn new(order: Order, items: impl IntoIterator<Item = (Key, T)>) -> Self {
        List::with_extras(
            order,
            items.into_iter().map(|(key, node)| (key, node, Plain)),
        )
    }
}

impl<T, X> List<T, X> {
    pub fn with_extras(order: Order, items: impl IntoIterator<Item = (Key, T, X)>) -> Self {
        let mut items: Vec<_> = items.into_iter().collect();
        records(ORDERED * items.len());
        items.sort_by(|(one, ..), (other, ..)| order.compare(one, other));
        Self { order, items }
    }

    /// The same list, sorted by a new first part of each key.
    pub fn reordered(self, order: Order, first: impl Fn(&Key) -> Part) -> Self {
        let items = self.items.into_iter().map(|(mut key, node, extra)| {
            key.insert(0, first(&key));
            (key, node, extra)
        });
        Self::with_extras(order, items)
    }

    /// # Errors
    /// `BAD_USER_INPUT` if the arguments describe no page.
    pub fn page(self, page: &Page) -> Result<Connection<T, X>> {
        let take = page.take()?;
        let order = self.order;
        let items = &self.items;
        let place = |argument, cursor: &Option<String>| {
            let Some(cursor) = cursor else {
                return Ok(None);
            };
            let key = order.decode(argument, cursor)?;
            match items.is_empty() || items.iter().any(|(one, ..)| is_like(one, &key)) {
                true => Ok(Some(key)),
                false => Err(no_cursor(argument)),
            }
        };
        let total = self.items.len();
        let mut from = match place("after", &page.after)? {
            Some(key) => self
                .items
                .partition_point(|(one, ..)| order.compare(one, &key).is_le()),
            None => 0,
        };
        let mut until = match place("before", &page.before)? {
            Some(key) => self
                .items
                .partition_point(|(one, ..)| order.compare(one, &key).is_lt()),
            None => total,
        };
        until = until.max(from);
        match take {
            Take::First(count) => until = until.min(from + count),
            Take::Last(count) => from = from.max(until.saturating_sub(count)),
        }
        let edges = self
            .items
            .into_iter()
            .skip(from)
            .take(until - from)
            .map(|(key, node, extras)| Edge {
                cursor: order.encode(&key),
                node,
                extras,
            })
            .collect();
        Ok(Connection {
            edges,
            total,
            has_previous: from > 0,
            has_next: until < total,
        })
    }
}

/// One page of a list.
#[derive(Debug)]
pub struct Connection<T, X = Plain> {
    pub edges: Vec<Edge<T, X>>,
    pub total: usize,
    pub has_previous: bool,
    pub has_next: bool,
}

/// One record on a page.
#[derive(Debug)]
pub struct Edge<T, X = Plain> {
    pub cursor: String,
    pub node: T,
    pub extras: X,
}

impl<T: OutputType, X: Send + Sync> TypeName for Connection<T, X> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", T::type_name()).into()
    }
}

impl<T: OutputType, X: Send + Sync> TypeName for Edge<T, X> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", T::type_name()).into()
    }
}

/// One page of a list.
#[Object(name_type)]
impl<T: OutputType, X: ObjectType> Connection<T, X> {
    /// The records of this page, each with its cursor.
    async fn edges(&self) -> &[Edge<T, X>] {
        &self.edges
    }

    /// The records of this page.
    async fn nodes(&self) -> Vec<&T> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// The pagination state: whether there are more pages, and the cursors at both ends.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.has_next,
            has_previous_page: self.has_previous,
            start_cursor: self.edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: self.edges.last().map(|edge| edge.cursor.clone()),
        }
    }

    /// The number of records in the whole list, on all pages.
    async fn total_count(&self) -> usize {
        self.total
    }
}

/// One record on a page.
#[Object(name_type)]
impl<T: OutputType, X: ObjectType> Edge<T, X> {
    /// The cursor of the record, for the arguments `after` and `before`.
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// The record.
    async fn node(&self) -> &T {
        &self.node
    }

    #[graphql(flatten)]
    async fn extras(&self) -> &X {
        &self.extras
    }
}

/// The pagination state of a page: whether there are more pages, and the cursors at both ends.
#[derive(Debug, SimpleObject)]
pub struct PageInfo {
    /// Whether records follow this page.
    has_next_page: bool,
    /// Whether records come before this page.
    has_previous_page: bool,
    /// The cursor of the page's first record; null on an empty page.
    start_cursor: Option<String>,
    /// The cursor of the page's last record; null on an empty page.
    end_cursor: Option<String>,
}

/// Declares an object whose fields are connections. A method of the object returns the whole list
/// of each.
macro_rules! connections {
    ($(#[doc = $type_doc:literal])+ $type:ty {
        $($(#[doc = $doc:literal])+ $name:ident(
            $($arg:ident: $arg_type:ty = $arg_doc:literal),* $(,)?
        ) -> $connection:ty = $list:ident;)+
    }) => {
        $(#[doc = $type_doc])+
        #[async_graphql::Object]
        impl $type {
            $(
                $(#[doc = $doc])+
                #[allow(clippy::too_many_arguments, reason = "the arguments of the API's field")]
                async fn $name(
                    &self,
                    $(#[graphql(desc = $arg_doc)] $arg: $arg_type,)*
                    #[graphql(desc = "Returns at most the first n records: 1 to 100, 50 if left out.")]
                    first: Option<i32>,
                    #[graphql(desc = "Returns only records after this cursor.")]
                    after: Option<String>,
                    #[graphql(desc = "Returns at most the last n records: 1 to 100.")]
                    last: Option<i32>,
                    #[graphql(desc = "Returns only records before this cursor.")]
                    before: Option<String>,
                ) -> async_graphql::Result<Option<$connection>> {
                    let page = $crate::schema::base::connection::Page { first, after, last, before };
                    async_graphql::meter::turn().await;
                    self.$list($($arg),*)?.page(&page).map(Some)
                }
            )+
        }
    };
}

pub(crate) use connections;

#[cfg(test)]
mod tests {
    use super::*;

    const DESCENDING: Order = Order {
        name: "number",
        descending: true,
    };

    fn list(order: Order, numbers: &[Option<i64>]) -> List<Option<i64>> {
        let keyed = |(at, number): (usize, &Option<i64>)| {
            (vec![(*number).into(), format!("{at:02}").into()], *number)
        };
        List::new(order, numbers.iter().enumerate().map(keyed))
    }

    fn first(count: i32, after: Option<String>) -> Page {
        Page {
            first: Some(count),
            after,
            ..Page::default()
        }
    }

    fn numbers(page: &Connection<Option<i64>>) -> Vec<Option<i64>> {
        page.edges.iter().map(|edge| edge.node).collect()
    }

    #[test]
    fn what_is_unknown_comes_last_in_both_directions() {
        let all = [Some(2), None, Some(1)];
        let up = list(BY_POSITION, &all).page(&Page::default()).unwrap();
        assert_eq!(numbers(&up), [Some(1), Some(2), None]);
        let down = list(DESCENDING, &all).page(&Page::default()).unwrap();
        assert_eq!(numbers(&down), [Some(2), Some(1), None]);
    }

    #[test]
    fn a_page_goes_on_where_it_was_although_the_list_has_changed() {
        let one = list(DESCENDING, &[Some(9), Some(7), Some(5)])
            .page(&first(2, None))
            .unwrap();
        assert_eq!(numbers(&one), [Some(9), Some(7)]);
        let cursor = one.edges.last().map(|edge| edge.cursor.clone());
        // 8 came in before the cursor's place, and the cursor's own record is gone.
        let two = list(DESCENDING, &[Some(9), Some(8), Some(5), Some(3)])
            .page(&first(2, cursor))
            .unwrap();
        assert_eq!(numbers(&two), [Some(5), Some(3)]);
    }

    #[test]
    fn a_cursor_of_another_order_is_refused() {
        let page = list(DESCENDING, &[Some(1)]).page(&Page::default()).unwrap();
        let cursor = Some(page.edges[0].cursor.clone());
        let refused = list(BY_POSITION, &[Some(1)]).page(&first(1, cursor));
        assert!(refused.err().unwrap().message.contains("another order"));
    }

    #[test]
    fn no_page_holds_more_than_a_hundred() {
        for count in [0, -1, 101, i32::MAX] {
            assert!(first(count, None).take().is_err(), "{count}");
        }
        assert_eq!(first(100, None).take().unwrap(), Take::First(100));
        assert_eq!(Page::default().take().unwrap(), Take::First(50));
    }
}
