//! `connection restore`: into an empty place alone. Everything is unpacked beside it first, so that
//! what fails leaves nothing.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use clap::Args;
use domain::{
    database::connect,
    settings::{self, LINK_KEY},
};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use tempfile::TempDir;

use super::{
    archive::{self, Kind, Manifest},
    database, same_kind, summary,
};
use crate::home::{DATABASE_FILE, Home};

/// The database of a backup, unpacked.
const UNPACKED: &str = "database";

#[derive(Args, Debug)]
pub struct Restore {
    /// The archive.
    file: PathBuf,
    #[command(flatten)]
    home: Home,
}

impl Restore {
    pub async fn run(self) -> Result<()> {
        let manifest = archive::read(&self.file, |_, _| Ok(()))?;
        if let Some(name) = migration::newest_unknown(&manifest.migrations) {
            bail!(
                "the backup is of a newer release ({name}, {}): restore it with that release, or a \
                 newer one",
                manifest.release
            );
        }
        match self.home.is_embedded() {
            true => self.restore_folder(&manifest).await?,
            false => self.restore_database(&manifest).await?,
        }
        println!("{}", summary(&self.file.display().to_string(), &manifest));
        println!("It was restored, and brought up to date.");
        Ok(())
    }

    /// A data folder of the embedded default.
    async fn restore_folder(&self, manifest: &Manifest) -> Result<()> {
        let data = &self.home.data;
        if manifest.database != Kind::Sqlite {
            bail!("the backup is of PostgreSQL: set DATABASE_URL and FILES_FOLDER");
        }
        is_empty(data)?;
        let aside = beside(data)?;
        let unpacked = self.unpack(aside.path())?;
        let place = aside.path().join(DATABASE_FILE);
        fs::rename(unpacked.database, &place)?;
        bring_up_to_date(&format!("sqlite://{}", place.display())).await?;
        put(aside, data)
    }

    /// The database and the folder of files of a production installation.
    async fn restore_database(&self, manifest: &Manifest) -> Result<()> {
        let url = settings::database_url()?;
        same_kind(&url, manifest)?;
        let files = self.home.stored_files();
        let folder = files.folder();
        let has_files = manifest.files() > 0;
        is_empty(folder)?;
        let target = match manifest.database {
            Kind::Sqlite => Some(free_path(&url)?),
            Kind::Postgres => {
                has_no_tables(&url).await?;
                None
            }
        };
        let aside = beside(folder)?;
        let unpacked = self.unpack(aside.path())?;
        match &target {
            Some(path) => {
                bring_up_to_date(&format!("sqlite://{}", unpacked.database.display())).await?;
                place_file(&unpacked.database, path)?;
            }
            None => {
                database::restore_dump(&url, &unpacked.database)?;
                bring_up_to_date(&url).await?;
            }
        }
        if has_files {
            let parts = beside(folder)?;
            for entry in fs::read_dir(aside.path().join("files"))? {
                let entry = entry?;
                fs::rename(entry.path(), parts.path().join(entry.file_name()))?;
            }
            put(parts, folder)?;
        }
        if manifest.mails() > 0 {
            eprintln!(
                "warning: {} mails of an outbox are not restored: a production installation has \
                 none, and the ledger says what went out",
                manifest.mails()
            );
        }
        if unpacked.key.as_deref() != LINK_KEY.value().map(String::into_bytes).as_deref() {
            eprintln!(
                "warning: LINK_KEY is not the one of the backup. Links in mail that went out need \
                 that one: tar -xOf {} {}",
                self.file.display(),
                archive::LINK_KEY
            );
        }
        Ok(())
    }

    /// Unpacks the archive, which is read and compared with its manifest once more.
    fn unpack(&self, folder: &Path) -> Result<Unpacked> {
        let (database, files) = (folder.join(UNPACKED), folder.join("files"));
        let mut key = None;
        archive::read(&self.file, |name, bytes| {
            let place = match name {
                archive::LINK_KEY | archive::OPERATOR_KEY => folder.join(name),
                _ if archive::mail_of(name).is_some() => folder.join(name),
                _ => match name.strip_prefix("files/") {
                    Some(name) => files.join(name),
                    None => database.clone(),
                },
            };
            if let Some(parent) = place.parent() {
                create_private(parent)?;
            }
            write(&place, bytes)
                .with_context(|| format!("{} cannot be written", place.display()))?;
            if name == archive::LINK_KEY {
                key = Some(fs::read(&place)?);
            }
            Ok(())
        })?;
        Ok(Unpacked { database, key })
    }
}

struct Unpacked {
    database: PathBuf,
    key: Option<Vec<u8>>,
}

async fn bring_up_to_date(url: &str) -> Result<()> {
    let db = connect(url).await.context("the database does not answer")?;
    let migrated = migration::migrate(&db).await;
    domain::database::empty_log(&db).await?;
    db.close().await?;
    migrated.context("the database cannot be brought up to date")
}

/// Refuses a place that holds something.
fn is_empty(folder: &Path) -> Result<()> {
    let shown = folder.display();
    match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        entries => match entries
            .with_context(|| format!("{shown} cannot be read"))?
            .next()
        {
            None => Ok(()),
            Some(_) => {
                bail!("{shown} is not empty: a backup is restored into an empty place alone")
            }
        },
    }
}

/// The path of a database of SQLite, where there is none.
fn free_path(url: &str) -> Result<PathBuf> {
    let path = crate::home::path_of(url).context("DATABASE_URL names no file")?;
    match path.exists() {
        true => bail!(
            "{} is there already: a backup is restored into an empty place alone",
            path.display()
        ),
        false => Ok(path.to_owned()),
    }
}

async fn has_no_tables(url: &str) -> Result<()> {
    let db = connect(url).await.context("the database does not answer")?;
    let sql = "select count(*) from information_schema.tables \
        where table_schema not in ('pg_catalog', 'information_schema')";
    let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, sql));
    let count = match row.await? {
        Some(row) => row.try_get_by_index::<i64>(0)?,
        None => 0,
    };
    db.close().await?;
    match count {
        0 => Ok(()),
        _ => bail!(
            "the database of DATABASE_URL has {count} tables: a backup is restored into an empty \
             place alone"
        ),
    }
}

/// A folder beside a place, on the same disk, which goes if it is not put there.
fn beside(place: &Path) -> Result<TempDir> {
    let parent = match place.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    create_private(parent)?;
    let made = tempfile::Builder::new()
        .prefix(".restore-")
        .tempdir_in(parent);
    made.with_context(|| format!("{} cannot be written", parent.display()))
}

/// Puts a folder into its place, which is free.
fn put(folder: TempDir, place: &Path) -> Result<()> {
    let shown = place.display();
    if place.is_dir() {
        fs::remove_dir(place).with_context(|| format!("{shown} is not empty any more"))?;
    }
    fs::rename(folder.path(), place).with_context(|| format!("{shown} cannot be written"))?;
    // It is not there any more, so that nothing is removed.
    let _ = folder.keep();
    sync(place.parent())
}

fn place_file(from: &Path, to: &Path) -> Result<()> {
    let shown = to.display();
    if let Some(parent) = to.parent() {
        create_private(parent)?;
    }
    // It may be on another disk than the files.
    let copied = File::open(from).and_then(|mut file| write(to, &mut file));
    copied.with_context(|| format!("{shown} cannot be written"))?;
    sync(to.parent())
}

/// Writes a new file that its owner alone may read, and waits until the disk has it.
fn write(path: &Path, bytes: &mut dyn Read) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    io::copy(bytes, &mut file)?;
    file.sync_all()
}

fn create_private(folder: &Path) -> Result<()> {
    if folder == Path::new("") || folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let created = builder.create(folder);
    created.with_context(|| format!("{} cannot be created", folder.display()))
}

/// Waits until the disk has the names in a folder.
fn sync(folder: Option<&Path>) -> Result<()> {
    #[cfg(unix)]
    if let Some(folder) = folder {
        let folder = if folder == Path::new("") {
            Path::new(".")
        } else {
            folder
        };
        File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
