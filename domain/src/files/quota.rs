//! How much may be sent: by a person in a day, and to a project in all.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use entities::*;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Select,
    sea_query::{Expr, Query},
};

use crate::{error::Result, project::Project};

/// What a file takes of a quota besides its bytes: its place in a folder, and its rows.
pub const OWN_BYTES: u64 = 4096;

/// In which quotas are said.
pub const MEGABYTE: u64 = 1024 * 1024;

/// How much may be sent, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// By one person in 24 hours.
    pub person_day: u64,
    /// To one project in all: its evidence, and what waits to become evidence.
    pub project: u64,
}

/// What a person sent in the last 24 hours.
///
/// # Errors
/// When the database fails.
pub async fn sent_by(
    db: &impl ConnectionTrait,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<u64> {
    let uploads = upload::Entity::find()
        .filter(upload::Column::PersonId.eq(person))
        .filter(upload::Column::CreatedAt.gt(now - TimeDelta::days(1)));
    sum(db, uploads).await
}

/// What was sent to a project and is no evidence of it yet.
///
/// # Errors
/// When the database fails.
pub async fn waiting_for(db: &impl ConnectionTrait, project: ProjectId) -> Result<u64> {
    let evidence = Query::select()
        .column(evidence::Column::Sha256)
        .from(evidence::Entity)
        .and_where(evidence::Column::ProjectId.eq(project))
        .and_where(evidence::Column::Sha256.is_not_null())
        .to_owned();
    let uploads = upload::Entity::find()
        .filter(upload::Column::ProjectId.eq(project))
        .filter(upload::Column::Sha256.not_in_subquery(evidence));
    sum(db, uploads).await
}

/// What the evidence of a project takes; the same file counts once.
#[must_use]
pub fn taken_by(rows: &[evidence::Model]) -> u64 {
    let mut hashes = HashSet::new();
    let files = rows.iter().filter(|row| hashes.insert(row.sha256.as_ref()));
    files
        .filter(|row| row.sha256.is_some())
        .map(|row| u64::try_from(row.size.unwrap_or_default()).unwrap_or_default() + OWN_BYTES)
        .sum()
}

/// What the evidence of a project takes, and what waits to become evidence of it.
///
/// # Errors
/// When the database fails.
pub async fn taken_in(db: &impl ConnectionTrait, project: &Project) -> Result<u64> {
    Ok(taken_by(&project.evidence) + waiting_for(db, project.id()).await?)
}

async fn sum(db: &impl ConnectionTrait, uploads: Select<upload::Entity>) -> Result<u64> {
    // PostgreSQL adds up integers to a number of another type.
    let bytes = Expr::cust("cast(coalesce(sum(size), 0) as bigint)");
    let sums: Option<(i64, i64)> = uploads
        .select_only()
        .column_as(bytes, "bytes")
        .column_as(upload::Column::Id.count(), "files")
        .into_tuple()
        .one(db)
        .await?;
    let (bytes, files) = sums.unwrap_or_default();
    let positive = |number: i64| u64::try_from(number).unwrap_or_default();
    Ok(positive(bytes) + positive(files) * OWN_BYTES)
}
