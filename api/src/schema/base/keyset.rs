//! Keyset pagination of tables that grow without bound, newest rows first.

use async_graphql::Result;
use chrono::{DateTime, Datelike, Utc};
use sea_orm::{
    ColumnTrait, Condition, DatabaseConnection, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select, sea_query::Order as Direction,
};
use uuid::Uuid;

use super::{
    connection::{Connection, Edge, Order, Page, Part, Plain, Take, no_cursor},
    error::internal,
};

/// The sort key of a row: its time, then its id.
type Place = (DateTime<Utc>, Uuid);

/// A table that is read in pages, newest rows first.
#[derive(Clone, Copy, Debug)]
pub struct Newest<E: EntityTrait> {
    /// A part of the cursors, so that a cursor is refused with another list.
    pub name: &'static str,
    pub at: E::Column,
    pub id: E::Column,
    pub place: fn(&E::Model) -> Place,
}

impl<E> Newest<E>
where
    E: EntityTrait<Model: Send + Sync>,
{
    fn order(&self) -> Order {
        Order {
            name: self.name,
            descending: true,
        }
    }

    fn encode(&self, row: &E::Model) -> String {
        let (at, id) = (self.place)(row);
        let key: [Part; 2] = [at.timestamp_micros().into(), id.to_string().into()];
        self.order().encode(&key)
    }

    fn decode(&self, argument: &'static str, cursor: Option<&str>) -> Result<Option<Place>> {
        let Some(cursor) = cursor else {
            return Ok(None);
        };
        let place = match self.order().decode(argument, cursor)?.as_slice() {
            [Part::Number(micros), Part::Text(id)] => {
                let at = DateTime::from_timestamp_micros(*micros);
                // Databases have no others.
                let at = at.filter(|at| (1..=9999).contains(&at.year()));
                at.zip(id.parse().ok())
            }
            _ => None,
        };
        place.map(Some).ok_or_else(|| no_cursor(argument))
    }

    fn older_than(&self, (at, id): Place) -> Condition {
        Condition::any()
            .add(self.at.lt(at))
            .add(Condition::all().add(self.at.eq(at)).add(self.id.lt(id)))
    }

    fn newer_than(&self, (at, id): Place) -> Condition {
        Condition::any()
            .add(self.at.gt(at))
            .add(Condition::all().add(self.at.eq(at)).add(self.id.gt(id)))
    }

    /// One page of the rows of `select`.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` if the arguments describe no page.
    pub async fn page<T>(
        &self,
        db: &DatabaseConnection,
        select: Select<E>,
        page: &Page,
        make: impl Fn(E::Model) -> T,
    ) -> Result<Connection<T>> {
        let take = page.take()?;
        let after = self.decode("after", page.after.as_deref())?;
        let before = self.decode("before", page.before.as_deref())?;
        let read = self.read(db, select, take, after, before).await;
        let (rows, total, has_previous, has_next) = read.map_err(|error| internal(&error))?;
        let edges = rows
            .into_iter()
            .map(|row| Edge {
                cursor: self.encode(&row),
                node: make(row),
                extras: Plain,
            })
            .collect();
        Ok(Connection {
            edges,
            total,
            has_previous,
            has_next,
        })
    }

    async fn read(
        &self,
        db: &DatabaseConnection,
        select: Select<E>,
        take: Take,
        after: Option<Place>,
        before: Option<Place>,
    ) -> Result<(Vec<E::Model>, usize, bool, bool), DbErr> {
        let total = select.clone().count(db).await?;
        let mut within = select.clone();
        if let Some(place) = after {
            within = within.filter(self.older_than(place));
        }
        if let Some(place) = before {
            within = within.filter(self.newer_than(place));
        }
        let (count, direction) = match take {
            Take::First(count) => (count, Direction::Desc),
            Take::Last(count) => (count, Direction::Asc),
        };
        let mut rows = within
            .order_by(self.at, direction.clone())
            .order_by(self.id, direction)
            .limit(u64::try_from(count).unwrap_or(u64::MAX))
            .all(db)
            .await?;
        if let Take::Last(_) = take {
            rows.reverse();
        }
        let first = rows.first().map(|row| (self.place)(row)).or(before);
        let last = rows.last().map(|row| (self.place)(row)).or(after);
        let has_previous = match first {
            Some(place) => exists(db, select.clone().filter(self.newer_than(place))).await?,
            None => false,
        };
        let has_next = match last {
            Some(place) => exists(db, select.filter(self.older_than(place))).await?,
            None => false,
        };
        Ok((
            rows,
            usize::try_from(total).unwrap_or(usize::MAX),
            has_previous,
            has_next,
        ))
    }
}

async fn exists<E: EntityTrait>(db: &DatabaseConnection, select: Select<E>) -> Result<bool, DbErr> {
    Ok(select.limit(1).one(db).await?.is_some())
}
