//! Databases as a release left them after some weeks of use: `tests/fixtures/released`.

use std::{fs, io::Read, path::Path};

use flate2::read::GzDecoder;
use sea_orm::ConnectionTrait;

use crate::{Backend, TestDatabase, postgres_database, sqlite_file};

/// The instant at which the release stopped, with mail that waits.
pub const LEFT_AT: &str = "2021-09-13T06:01:00Z";

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/released");
    let packed = fs::read(folder.join(name)).expect("the fixture is there");
    let mut bytes = Vec::new();
    GzDecoder::new(packed.as_slice())
        .read_to_end(&mut bytes)
        .expect("the fixture is a gzip file");
    bytes
}

impl Backend {
    /// A used database of the release, not brought up to date; `None` where no server is named.
    ///
    /// # Panics
    /// When it cannot be made, or the server is promised by `CONNECTION_TEST_SERVICES` and fails.
    pub async fn released(self) -> Option<TestDatabase> {
        let (url, folder) = match self {
            Self::Sqlite => {
                let (url, folder) = sqlite_file();
                fs::write(folder.path().join("test.db"), fixture("sqlite.db.gz"))
                    .expect("a file can be written");
                (url, folder)
            }
            Self::Postgres => {
                let (url, folder) = postgres_database().await?;
                let dump = String::from_utf8(fixture("postgres.sql.gz")).expect("SQL is text");
                // The dump sets what holds for its connection alone.
                let loader = domain::database::connect(&url)
                    .await
                    .expect("the database answers");
                loader
                    .execute_unprepared(&dump)
                    .await
                    .expect("the dump can be read");
                loader.close().await.expect("the connection closes");
                (url, folder)
            }
        };
        let db = domain::database::connect(&url)
            .await
            .expect("the database answers");
        Some(TestDatabase { db, url, folder })
    }
}
