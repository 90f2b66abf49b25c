//! `connection backup`, `verify` and `restore`: database, files of evidence, keys and outbox in one
//! archive. The queue of the embedded default stays out: it carries hints, which a worker pushes
//! again.

mod archive;
mod database;
mod restore;

use std::{
    collections::HashSet,
    io::{Cursor, ErrorKind},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use clap::Args;
use domain::{
    clock::Clock,
    database::connect,
    files::Files,
    settings::{DATABASE_URL, LINK_KEY},
};
use entities::{NotificationId, NotificationState, evidence, notification};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QuerySelect};
use worker::outbox::{self, Outbox};

use crate::home::Home;
use archive::{Kind, Manifest, Writer, file_entry, mail_entry};

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
        if self.home.is_embedded() {
            add_outbox(&mut writer, &self.home.data.join(archive::OUTBOX), &copy).await?;
        }
        self.add_keys(&mut writer)?;
        let missing = missing(&db, &writer).await?;
        let manifest = Manifest::new(kind, migrations, Clock::System.now());
        let manifest = writer.finish(manifest)?;
        println!("{}", summary(&self.file.display().to_string(), &manifest));
        if missing > 0 {
            eprintln!("warning: {missing} files that evidence names are not kept here");
        }
        Ok(())
    }

    /// The key that signs links, of the data folder or the setting, and the operator's of the data
    /// folder.
    fn add_keys(&self, writer: &mut Writer<'_>) -> Result<()> {
        let in_folder = |name: &str| std::fs::read(self.home.data.join(name)).ok();
        let (link, operator) = match self.home.is_embedded() {
            true => (
                in_folder(archive::LINK_KEY),
                in_folder(archive::OPERATOR_KEY),
            ),
            false => (LINK_KEY.value().map(String::into_bytes), None),
        };
        if link.is_none() {
            eprintln!("warning: there is no key that signs links, so the archive has none");
        }
        for (name, key) in [(archive::LINK_KEY, link), (archive::OPERATOR_KEY, operator)] {
            if let Some(key) = key {
                writer.add(name, key.len() as u64, Cursor::new(key))?;
            }
        }
        Ok(())
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

/// Adds the mails of an outbox that went out by the copied database. Of one that was handed over
/// since then the copy says that it waits: what is restored sends it again, under the same name.
async fn add_outbox(writer: &mut Writer<'_>, folder: &Path, copy: &Path) -> Result<()> {
    let names = Outbox::new(folder).names().await?;
    let db = connect(&format!("sqlite://{}", copy.display())).await?;
    let rows: Vec<(NotificationId, NotificationState, i32)> = notification::Entity::find()
        .select_only()
        .column(notification::Column::Id)
        .column(notification::Column::State)
        .column(notification::Column::Attempts)
        .into_tuple()
        .all(&db)
        .await?;
    db.close().await?;
    let ids: HashSet<String> = rows.iter().map(|(id, ..)| outbox::short(*id)).collect();
    let waiting = rows.iter().filter(|row| row.1 == NotificationState::Due);
    let waiting: HashSet<String> = waiting
        .map(|(id, _, attempts)| outbox::ending(*id, *attempts))
        .collect();
    for name in names {
        let file = name.rsplit('/').next().unwrap_or(&name);
        let parts: Vec<_> = file.trim_end_matches(".eml").split('-').collect();
        let at = parts.iter().position(|part| ids.contains(*part));
        if at.is_none_or(|at| waiting.contains(&parts[at..].join("-"))) {
            continue;
        }
        match tokio::fs::read(folder.join(&name)).await {
            Ok(mail) => writer.add(&mail_entry(&name), mail.len() as u64, Cursor::new(mail))?,
            // Its recipient was erased meanwhile, or it is too old.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error).context(format!("{name} cannot be read")),
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
    let mails = match manifest.mails() {
        0 => String::new(),
        mails => format!(" and {mails} mails of an outbox"),
    };
    format!(
        "{shown}: a backup of {} by release {}, made {}, with {} files of evidence{mails}, {bytes} \
         bytes in all.",
        manifest.database.name(),
        manifest.release,
        manifest.made_at.format("%Y-%m-%d %H:%M:%S UTC"),
        manifest.files(),
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
