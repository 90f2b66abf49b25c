//! How the tables came to be, in SQL that PostgreSQL and SQLite both read.
//!
//! Never imports `entities`, and a migration is never edited once merged: the next one changes it.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::{
    IntoSchemaManagerConnection, SchemaManager,
    async_trait::async_trait,
    prelude::MigrationTrait,
    sea_orm::{
        ConnectionTrait, DatabaseConnection, DbBackend, DbErr, SqliteTransactionMode,
        TransactionOptions, TransactionTrait,
    },
};

mod check;
mod m20261121_000001_foundation;
mod m20261122_000002_growth;
mod m20261122_000003_people;
mod m20261122_000004_reporters;
mod m20261127_000005_due;
mod m20261127_000006_cities;
mod m20261128_000007_uploads;
mod m20261128_000008_languages;
mod m20261128_000009_shared;
mod m20261128_000010_role_days;
mod m20261128_000011_requesters;
mod m20261128_000012_credentials;
mod m20261128_000014_advice;
mod m20261128_000018_occasions;

pub use check::allow;

/// Held on PostgreSQL while migrating, so that processes that start together do so one by one.
const LOCK: &str = "select pg_advisory_xact_lock(6051840927341)";

#[derive(Debug)]
pub struct Migrator;

#[async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_foundation::Migration),
            Box::new(m20261122_000002_growth::Migration),
            Box::new(m20261122_000003_people::Migration),
            Box::new(m20261122_000004_reporters::Migration),
            Box::new(m20261127_000005_due::Migration),
            Box::new(m20261127_000006_cities::Migration),
            Box::new(m20261128_000007_uploads::Migration),
            Box::new(m20261128_000008_languages::Migration),
            Box::new(m20261128_000009_shared::Migration),
            Box::new(m20261128_000010_role_days::Migration),
            Box::new(m20261128_000011_requesters::Migration),
            Box::new(m20261128_000012_credentials::Migration),
            Box::new(m20261128_000014_advice::Migration),
            Box::new(m20261128_000018_occasions::Migration),
        ]
    }
}

/// Brings a database up to date, in one transaction; processes that start together wait for each
/// other.
///
/// # Errors
/// When the database has migrations that this version does not know, or fails. Nothing is half-done.
pub async fn migrate(db: &DatabaseConnection) -> Result<(), DbErr> {
    let transaction = match db.get_database_backend() {
        DbBackend::Sqlite => {
            db.begin_with_options(TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            })
            .await?
        }
        _ => {
            let transaction = db.begin().await?;
            transaction.execute_unprepared(LOCK).await?;
            transaction
        }
    };
    let applied = applied(&transaction).await?;
    if let Some(name) = newest_unknown(&applied) {
        return Err(DbErr::Migration(format!(
            "a newer release has worked on this database ({name}): use that release, or a newer one"
        )));
    }
    Migrator::up(&transaction, None).await?;
    transaction.commit().await
}

/// The names of the migrations that a database has seen; none of one without tables.
pub async fn applied<'c, C>(db: &'c C) -> Result<Vec<String>, DbErr>
where
    C: ConnectionTrait,
    &'c C: IntoSchemaManagerConnection<'c>,
{
    let table = Migrator::migration_table_name().to_string();
    if !SchemaManager::new(db).has_table(table).await? {
        return Ok(Vec::new());
    }
    let models = Migrator::get_migration_models(db).await?;
    Ok(models.into_iter().map(|model| model.version).collect())
}

/// The newest of these migrations that this release does not know: a newer one has made it.
#[must_use]
pub fn newest_unknown(applied: &[String]) -> Option<&str> {
    let known = Migrator::migrations();
    let is_known = |name: &str| known.iter().any(|one| one.name() == name);
    let names = applied.iter().map(String::as_str);
    names.filter(|name| !is_known(name)).max()
}

/// How many migrations a database still needs.
pub async fn pending(db: &DatabaseConnection) -> Result<usize, DbErr> {
    Ok(Migrator::get_pending_migrations(db).await?.len())
}
