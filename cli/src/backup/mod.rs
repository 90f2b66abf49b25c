//! `connection backup`, `verify` and `restore`: database, files of evidence and key in one archive.

mod archive;
mod database;
mod restore;

use std::{io::Cursor, path::PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use domain::{
    clock::Clock,
    database::connect,
    files::Files,
    settings::{DATABASE_URL, LINK_KEY},
};
use entities::evidence;
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QuerySelect};

use crate::home::Home;
use archive::{Kind, Manifest, Writer, file_entry};

pub use restore::Restore;

#[derive(Args, Debug)]
pub struct Backup {
    /// The archive to write, which must not be there yet.
    file: PathBuf,
    #[command(flatten)]
    home: Home,
}

#[derive(Args, Debug)]
pub struct Verify {
    /// The archive.
    file: PathBuf,
}

impl Backup {
    pub async fn run(self) -> Result<()> {
        let url = self.home.existing_url()?;
        let mut writer = Writer::create(&self.file)?;
        let db = connect(&url)
            .await
            .context("the database does not answer")?;
        let files = self.home.stored_files();
        // A file that comes while the database is copied is added after it, and one that goes was in
        // none of its rows any more.
        add_files(&mut writer, &files).await?;
        let folder = self.file.parent().filter(|folder| folder.is_dir());
        let aside = match folder {
            Some(folder) => tempfile::tempdir_in(folder),
            None => tempfile::tempdir_in("."),
        };
        let aside = aside.context("no temporary folder can be made beside the archive")?;
        let kind = database::kind_of(&url);
        let copy = aside.path().join(kind.entry());
        database::dump(&url, &db, &copy).await?;
        let migrations = migration::applied(&db).await?;
        let opened = std::fs::File::open(&copy)?;
        writer.add(kind.entry(), opened.metadata()?.len(), opened)?;
        add_files(&mut writer, &files).await?;
        self.add_key(&mut writer)?;
        let missing = missing(&db, &writer).await?;
        let manifest = Manifest::new(kind, migrations, Clock::System.now());
        let manifest = writer.finish(manifest)?;
        println!("{}", summary(&self.file.display().to_string(), &manifest));
        if missing > 0 {
            eprintln!("warning: {missing} files that evidence names are not kept here");
        }
        Ok(())
    }

    /// The key that signs links: of the data folder, or the setting.
    fn add_key(&self, writer: &mut Writer<'_>) -> Result<()> {
        let key = match self.home.is_embedded() {
            true => std::fs::read(self.home.data.join(archive::LINK_KEY)).ok(),
            false => LINK_KEY.value().map(String::into_bytes),
        };
        let Some(key) = key else {
            eprintln!("warning: there is no key that signs links, so the archive has none");
            return Ok(());
        };
        writer.add(archive::LINK_KEY, key.len() as u64, Cursor::new(key))
    }
}

impl Verify {
    pub async fn run(self) -> Result<()> {
        let shown = self.file.display().to_string();
        let aside = tempfile::tempdir().context("no temporary folder")?;
        let copy = aside.path().join("database");
        let manifest = archive::read(&self.file, |name, bytes| {
            if name == Kind::Sqlite.entry() {
                std::io::copy(bytes, &mut std::fs::File::create(&copy)?)?;
            }
            Ok(())
        })?;
        if manifest.database == Kind::Sqlite {
            database::check(&copy).await?;
        }
        println!("{} It is whole.", summary(&shown, &manifest));
        if let Some(name) = migration::newest_unknown(&manifest.migrations) {
            println!("It is of a newer release ({name}), which alone restores it.");
        }
        Ok(())
    }
}

/// Adds the stored files that the archive does not have yet.
async fn add_files(writer: &mut Writer<'_>, files: &Files) -> Result<()> {
    for first in 0..=u8::MAX {
        for sha256 in files.list(first).await? {
            let name = file_entry(&sha256);
            if writer.has(&name) {
                continue;
            }
            // It may have been removed by now.
            if let Some((file, size)) = files.open(&sha256).await? {
                writer.add(&name, size, file.into_std().await)?;
            }
        }
    }
    Ok(())
}

/// How many files evidence names that the archive does not have.
async fn missing(db: &DatabaseConnection, writer: &Writer<'_>) -> Result<usize> {
    let named: Vec<String> = evidence::Entity::find()
        .select_only()
        .column(evidence::Column::Sha256)
        .distinct()
        .filter(evidence::Column::Sha256.is_not_null())
        .into_tuple()
        .all(db)
        .await?;
    let missing = named
        .iter()
        .filter(|sha256| !writer.has(&file_entry(sha256)));
    Ok(missing.count())
}

/// What an archive holds, in one line.
fn summary(shown: &str, manifest: &Manifest) -> String {
    let bytes: u64 = manifest.entries.values().map(|entry| entry.size).sum();
    format!(
        "{shown}: a backup of {} by release {}, made {}, with {} files of evidence, {bytes} bytes in \
         all.",
        manifest.database.name(),
        manifest.release,
        manifest.made_at.format("%Y-%m-%d %H:%M:%S UTC"),
        manifest.files().count(),
    )
}

/// The kind of database that a command works on, which an archive must be of, too.
fn same_kind(url: &str, manifest: &Manifest) -> Result<()> {
    let (here, there) = (database::kind_of(url), manifest.database);
    if here == there {
        return Ok(());
    }
    bail!(
        "the backup is of {}, and {} names {}",
        there.name(),
        DATABASE_URL.name,
        here.name()
    )
}
