//! The databases that tests run on: SQLite always, PostgreSQL where `TEST_POSTGRES_URL` names one
//! (as `tests/run` does).

pub mod project;
pub mod released;

use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::{ConnectionTrait, DatabaseConnection};
use tempfile::TempDir;

/// What runs beside a test: its value where `tests/run` started it, none where the test is to be left
/// out.
///
/// # Panics
/// When `CONNECTION_TEST_SERVICES` promised it: the test fails.
#[must_use]
pub fn service(name: &str) -> Option<String> {
    let value = std::env::var(name).ok();
    if value.is_none() {
        let promised = std::env::var_os("CONNECTION_TEST_SERVICES").is_some();
        assert!(!promised, "CONNECTION_TEST_SERVICES is set, {name} is not");
        println!("skipped: {name} names no server (tests/run starts one)");
    }
    value
}

/// One empty, migrated database of its own.
#[derive(Debug)]
pub struct TestDatabase {
    pub db: DatabaseConnection,
    pub url: String,
    /// A folder of the test's own; holds the file of SQLite.
    pub folder: TempDir,
}

/// The kinds of databases that a test of both has as its cases:
///
/// ```text
/// #[rstest]
/// #[case::on_sqlite(Backend::Sqlite)]
/// #[case::on_postgres(Backend::Postgres)]
/// #[tokio::test]
/// async fn a_sentence(#[case] backend: Backend) {
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

impl Backend {
    /// An empty, migrated database of its own; `None` where no server is named, so that the test is
    /// skipped.
    ///
    /// # Panics
    /// When it cannot be made, or the server is promised by `CONNECTION_TEST_SERVICES` and fails.
    pub async fn database(self) -> Option<TestDatabase> {
        match self {
            Self::Sqlite => Some(TestDatabase::sqlite().await),
            Self::Postgres => TestDatabase::postgres().await,
        }
    }
}

static NUMBER: AtomicU32 = AtomicU32::new(0);

impl TestDatabase {
    /// A database in a file.
    ///
    /// # Panics
    /// When it cannot be made: the test fails.
    pub async fn sqlite() -> Self {
        let (url, folder) = sqlite_file();
        Self::at(url, folder).await
    }

    /// A database on the server of `TEST_POSTGRES_URL`; `None` where no server is named.
    ///
    /// # Panics
    /// When the server is named, or promised by `CONNECTION_TEST_SERVICES`, and fails.
    pub async fn postgres() -> Option<Self> {
        let (url, folder) = postgres_database().await?;
        Some(Self::at(url, folder).await)
    }

    async fn at(url: String, folder: TempDir) -> Self {
        let db = domain::database::connect(&url)
            .await
            .expect("the database answers");
        migration::migrate(&db)
            .await
            .expect("the tables can be made");
        Self { db, url, folder }
    }
}

/// Where a database file of a test's own may be made, and its folder.
fn sqlite_file() -> (String, TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    (url, folder)
}

/// An empty database of a test's own on the server of `TEST_POSTGRES_URL`; `None` where no server is
/// named.
async fn postgres_database() -> Option<(String, TempDir)> {
    let server = service("TEST_POSTGRES_URL")?;
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("test_{}_{number}", std::process::id());
    let admin = domain::database::connect(&server)
        .await
        .expect("the server answers");
    admin
        .execute_unprepared(&format!("drop database if exists {name}"))
        .await
        .expect("an old database can be dropped");
    admin
        .execute_unprepared(&format!("create database {name}"))
        .await
        .expect("a database can be made");
    admin.close().await.expect("the connection closes");
    let (before, _) = server.rsplit_once('/').expect("the URL names a database");
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    Some((format!("{before}/{name}"), folder))
}
