//! Pages of the list of projects: the database selects the keys of a page, and only those projects
//! are loaded.

use async_graphql::Result;
use chrono::NaiveDate;
use domain::viewer::Viewer;
use entities::{programme, project};
use futures::{StreamExt, TryStreamExt, stream};
use sea_orm::{
    ColumnTrait, DatabaseConnection, DbBackend, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, Order as Direction, SimpleExpr},
};

use super::project::{Project, ProjectFilter};
use crate::schema::base::{
    connection::{Connection, Edge, Order, Page, Part, Plain, Take, no_cursor},
    error::{self, internal},
    reads::Reads,
    view::View,
};

const BY_KEY: Order = Order {
    name: "key",
    descending: false,
};
/// The number of projects of a page that are loaded at a time.
const AT_A_TIME: usize = 4;

/// One page of the projects that a viewer may see, by key. The total is queried only if it was
/// requested.
///
/// # Errors
/// `BAD_USER_INPUT` if the arguments describe no page.
pub(super) async fn page(
    reads: &Reads,
    viewer: Viewer,
    filter: &ProjectFilter,
    page: &Page,
    counted: bool,
) -> Result<Connection<Project>> {
    let db = reads.store().db();
    let take = page.take()?;
    let after = place("after", page.after.as_deref())?;
    let before = place("before", page.before.as_deref())?;
    let now = reads.store().clock().now();
    let select = visible(viewer, filter, now.date_naive());
    let page_keys = Keys::read(db, &select, take, after, before)
        .await
        .map_err(|error| internal(&error))?;
    let total = if counted {
        let count = select.count(db).await.map_err(|error| internal(&error))?;
        usize::try_from(count).unwrap_or(usize::MAX)
    } else {
        page_keys.keys.len()
    };
    let loaded: Vec<_> = stream::iter(page_keys.keys)
        .map(|key| async move {
            match reads.project(&key).await {
                Ok(project) => Ok(Some((key, project))),
                // It was removed after the keys were selected.
                Err(domain::error::Error::NotFound(_)) => Ok(None),
                Err(other) => Err(error::of_domain(other)),
            }
        })
        .buffered(AT_A_TIME)
        .try_collect()
        .await?;
    let edges = loaded
        .into_iter()
        .flatten()
        .filter(|(_, project)| viewer.may_see(project))
        .map(|(key, project)| Edge {
            cursor: BY_KEY.encode(&[key.as_str().into()]),
            node: Project::new(&View::today(project, reads)),
            extras: Plain,
        })
        .collect();
    Ok(Connection {
        edges,
        total,
        has_previous: page_keys.has_previous,
        has_next: page_keys.has_next,
    })
}

fn place(argument: &'static str, cursor: Option<&str>) -> Result<Option<String>> {
    let Some(cursor) = cursor else {
        return Ok(None);
    };
    match BY_KEY.decode(argument, cursor)?.as_slice() {
        [Part::Text(key)] => Ok(Some(key.clone())),
        _ => Err(no_cursor(argument)),
    }
}

fn visible(viewer: Viewer, filter: &ProjectFilter, today: NaiveDate) -> Select<project::Entity> {
    let mut select = project::Entity::find();
    if !viewer.may_see_all() {
        select = select.filter(domain::visible::condition(viewer, today));
    }
    if let Some(day) = &filter.running_on {
        select = select
            .filter(project::Column::StartsOn.lte(day.0))
            .filter(project::Column::EndsOn.gte(day.0));
    }
    if let Some(key) = &filter.programme {
        let programme = programme::Entity::find()
            .select_only()
            .column(programme::Column::Id)
            .filter(programme::Column::Key.eq(key))
            .into_query();
        select = select.filter(project::Column::ProgrammeId.in_subquery(programme));
    }
    select
}

/// The keys of a page, and whether there are other pages on either side.
struct Keys {
    keys: Vec<String>,
    has_previous: bool,
    has_next: bool,
}

impl Keys {
    async fn read(
        db: &DatabaseConnection,
        select: &Select<project::Entity>,
        take: Take,
        after: Option<String>,
        before: Option<String>,
    ) -> Result<Self, DbErr> {
        let key = key(db.get_database_backend());
        let from = |place: &String| key.clone().gt(place);
        let until = |place: &String| key.clone().lt(place);
        let mut within = select.clone();
        for condition in after.iter().map(from).chain(before.iter().map(until)) {
            within = within.filter(condition);
        }
        let (count, direction) = match take {
            Take::First(count) => (count, Direction::Asc),
            Take::Last(count) => (count, Direction::Desc),
        };
        let mut keys: Vec<String> = within
            .select_only()
            .column(project::Column::Key)
            .order_by(key.clone(), direction)
            .limit(u64::try_from(count).unwrap_or(u64::MAX))
            .into_tuple()
            .all(db)
            .await?;
        if let Take::Last(_) = take {
            keys.reverse();
        }
        let has_previous = match keys.first().or(before.as_ref()) {
            Some(place) => exists(db, select.clone().filter(until(place))).await?,
            None => false,
        };
        let has_next = match keys.last().or(after.as_ref()) {
            Some(place) => exists(db, select.clone().filter(from(place))).await?,
            None => false,
        };
        Ok(Self {
            keys,
            has_previous,
            has_next,
        })
    }
}

/// The sort expression of the key, compared byte by byte in every database.
fn key(backend: DbBackend) -> SimpleExpr {
    match backend {
        DbBackend::Sqlite => Expr::col((project::Entity, project::Column::Key)),
        _ => Expr::cust("\"project\".\"key\" collate \"C\""),
    }
}

async fn exists(db: &DatabaseConnection, select: Select<project::Entity>) -> Result<bool, DbErr> {
    let row: Option<i32> = select
        .select_only()
        .expr(Expr::val(1))
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(row.is_some())
}
