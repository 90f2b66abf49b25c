//! Connections and transactions: what PostgreSQL and SQLite need done differently.

use std::{path::Path, time::Duration};

use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction,
    DbBackend, DbErr, IsolationLevel, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait, sea_query::Expr, sea_query::SimpleExpr,
};

/// Opens a database by its URL: `postgres://…`, or `sqlite://PATH`, which is made when it is not
/// there.
///
/// # Errors
/// When it cannot be reached.
pub async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options
        .sqlx_logging(false)
        .connect_timeout(Duration::from_secs(10));
    if url.starts_with("sqlite:") {
        options.max_connections(8).map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .create_if_missing(true)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(10))
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "NORMAL")
                // What is removed is overwritten.
                .pragma("secure_delete", "ON")
        });
    } else {
        options.max_connections(16);
    }
    Database::connect(options).await
}

/// Opens a SQLite file of which nobody needs anything after a crash, such as a replay's: nothing waits
/// for the disk, and what is removed may stay in the file.
///
/// # Errors
/// When it cannot be made.
pub async fn scratch(path: &Path) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(format!("sqlite://{}", path.display()));
    options
        .sqlx_logging(false)
        .max_connections(8)
        .map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .create_if_missing(true)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(10))
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "OFF")
        });
    Database::connect(options).await
}

/// A transaction that writes. On SQLite it takes the write lock at once, so that it waits for
/// another writer and does not fail half-way.
///
/// # Errors
/// When the database cannot begin one.
pub async fn begin_write(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let immediate = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    match db.get_database_backend() {
        DbBackend::Sqlite => db.begin_with_options(immediate).await,
        _ => db.begin().await,
    }
}

/// Waits until nobody else holds this name, and holds it until the transaction ends. SQLite has one
/// writer at a time anyway.
pub async fn advisory_lock(db: &impl ConnectionTrait, name: &str) -> Result<(), DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        let lock = "select pg_advisory_xact_lock(hashtextextended($1, 0))";
        let lock = Statement::from_sql_and_values(DbBackend::Postgres, lock, [name.into()]);
        db.execute_raw(lock).await?;
    }
    Ok(())
}

/// A transaction that reads one consistent state.
///
/// # Errors
/// When the database cannot begin one.
pub async fn begin_read(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    match db.get_database_backend() {
        DbBackend::Sqlite => db.begin().await,
        _ => {
            db.begin_with_config(
                Some(IsolationLevel::RepeatableRead),
                Some(AccessMode::ReadOnly),
            )
            .await
        }
    }
}

/// The database's own time in seconds since 1970, as an expression: leases go by it, since the
/// workers' clocks differ and a project's clock may stand in the past.
#[must_use]
pub fn seconds(backend: DbBackend) -> SimpleExpr {
    Expr::cust(match backend {
        DbBackend::Sqlite => "unixepoch()",
        _ => "extract(epoch from clock_timestamp())::bigint",
    })
}

/// How many connections of a pool are open, and how many of these nobody uses.
#[must_use]
pub fn connections(db: &DatabaseConnection) -> (u32, usize) {
    match db.get_database_backend() {
        DbBackend::Sqlite => {
            let pool = db.get_sqlite_connection_pool();
            (pool.size(), pool.num_idle())
        }
        _ => {
            let pool = db.get_postgres_connection_pool();
            (pool.size(), pool.num_idle())
        }
    }
}

/// Writes SQLite's log back and empties it, so that it does not hold what was removed. Where somebody
/// is reading meanwhile, the next time makes up for it.
pub async fn empty_log(db: &DatabaseConnection) -> Result<(), DbErr> {
    if db.get_database_backend() == DbBackend::Sqlite {
        let checkpoint = "pragma wal_checkpoint(truncate)";
        db.execute_unprepared(checkpoint).await?;
    }
    Ok(())
}

/// Whether the database answers.
///
/// # Errors
/// When it does not.
pub async fn ping(db: &DatabaseConnection) -> Result<(), DbErr> {
    db.execute_raw(Statement::from_string(
        db.get_database_backend(),
        "select 1",
    ))
    .await
    .map(|_| ())
}
