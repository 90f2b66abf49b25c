//! The database of a command: `DATABASE_URL`, or a data folder.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use domain::{
    clock::Clock,
    database,
    error::Error,
    files::Files,
    ids::Ids,
    project::Project,
    settings::{self, DATABASE_URL},
    store::Store,
};

use crate::clock;

/// The address and port of the embedded default.
pub const DEFAULT_ADDRESS: &str = "127.0.0.1:8000";

/// The database in a data folder.
pub const DATABASE_FILE: &str = "connection.db";

/// The database of `DATABASE_URL`, else the one in the data folder.
#[derive(Args, Clone, Debug)]
pub struct Home {
    /// The folder of the embedded default; used where DATABASE_URL is not set.
    #[arg(long, value_name = "DIR", default_value = "./data")]
    pub data: PathBuf,
}

impl Home {
    /// Whether it is the database in the data folder.
    pub fn is_embedded(&self) -> bool {
        DATABASE_URL.value().is_none()
    }

    /// The URL of the database, which must exist; it is not brought up to date.
    pub fn existing_url(&self) -> Result<String> {
        if self.is_embedded() {
            return existing_url(&self.data);
        }
        let url = settings::database_url()?;
        match path_of(&url) {
            Some(path) if !path.is_file() => bail!("there is no database at {}", path.display()),
            _ => Ok(url),
        }
    }

    /// The folder in which files of evidence are, also where none are taken any more.
    pub fn stored_files(&self) -> Files {
        let folder = match self.is_embedded() {
            true => self.data.join("files"),
            false => settings::files_folder(),
        };
        Files::in_folder(folder, 0)
    }

    /// Where files of evidence are stored; `None` where none are taken.
    pub fn files(&self) -> Result<Option<Files>> {
        let files = settings::files()?;
        Ok(match self.is_embedded() {
            true => files.map(|files| files.moved_to(self.data.join("files"))),
            false => files,
        })
    }

    /// Opens the database, which is created if it is missing, and brings it up to date.
    pub async fn open(&self) -> Result<Store> {
        self.open_at(embedded_url).await
    }

    /// Opens the database, which must exist, and brings it up to date.
    pub async fn open_existing(&self) -> Result<Store> {
        self.open_at(existing_url).await
    }

    /// By the clock of the `connection up` that runs on it, if one does.
    async fn open_at(&self, embedded: fn(&Path) -> Result<String>) -> Result<Store> {
        let url = match DATABASE_URL.value() {
            Some(_) => settings::database_url()?,
            None => embedded(&self.data)?,
        };
        let clock = match folder_of(&url) {
            Some(folder) => clock::of(folder).await?,
            None => Clock::System,
        };
        open(&url, clock).await
    }
}

/// The data folder in which a database lies; none for a server's.
fn folder_of(url: &str) -> Option<&Path> {
    path_of(url)?.parent()
}

/// The file of a database; none for a server's.
pub fn path_of(url: &str) -> Option<&Path> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    Some(Path::new(path))
}

/// The URL of the database in a data folder, which is created if it is missing.
pub fn embedded_url(data: &Path) -> Result<String> {
    let shown = data.display();
    std::fs::create_dir_all(data).with_context(|| format!("{shown} cannot be created"))?;
    Ok(url_of(&database_in(data)))
}

/// The URL of the database in a data folder, which must exist.
pub fn existing_url(data: &Path) -> Result<String> {
    let path = database_in(data);
    match path.is_file() {
        true => Ok(url_of(&path)),
        false => bail!("there is no database at {}", path.display()),
    }
}

fn database_in(data: &Path) -> PathBuf {
    data.join(DATABASE_FILE)
}

fn url_of(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}

pub async fn open(url: &str, clock: Clock) -> Result<Store> {
    let db = database::connect(url)
        .await
        .context("the database does not answer")?;
    migration::migrate(&db)
        .await
        .context("the database cannot be brought up to date")?;
    Ok(Store::new(db, clock, Ids::Fresh))
}

/// The project with a key.
pub async fn project(store: &Store, key: &str) -> Result<Arc<Project>> {
    store.project(key).await.map_err(|error| match error {
        Error::NotFound(_) => anyhow!("there is no project {key:?} in this database"),
        other => other.into(),
    })
}
