//! A project's whole life through the real plan, ledger, templates and outbox, with a moving clock.
//!
//! Deterministic: ids derive from keys, one lane sends, and the clock jumps to the next due instant.
//! So two runs write the same ledger and, byte for byte, the same mails.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result, ensure};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use domain::{
    clock::Clock, command::Import, database, file::ProjectFile, ids::Ids, ledger, link::LinkKey,
    store::Store, zone,
};
use entities::{Category, NotificationState, SkipReason, notification, person};
use sea_orm::{EntityTrait, QueryOrder};
use sha2::{Digest, Sha256};

use crate::{mail::Mailer, outbox::Outbox, run, send::Sender, transport::Transport};

/// The marker file of a replay's folder, which may be emptied.
const MARKER: &str = ".connection-replay";
/// Mails claimed at one instant that are sent before the next look.
const BATCH: u64 = 10_000;
/// The time after the project's end in which mail is still due: the last monthly report.
const AFTERWARDS: Days = Days::new(45);
/// Signs the links in replayed mails, which lead nowhere.
const KEY: &[u8] = b"a replay's links lead nowhere, so this key is no secret";

/// The result of a replay: counts, duplicates and a fingerprint.
#[derive(Debug)]
pub struct Summary {
    pub mails: BTreeMap<String, BTreeMap<Category, usize>>,
    pub skipped: BTreeMap<SkipReason, usize>,
    /// Rows in any other state than sent or skipped; there should be none.
    pub unfinished: usize,
    /// The number of people who received mail.
    pub recipients: usize,
    pub sent: usize,
    /// Mails in the outbox that repeat another's Message-ID, and mails of the ledger that repeat
    /// another's recipient, category, subject and occurrence.
    pub duplicates: usize,
    /// Files in the outbox.
    pub files: usize,
    /// SHA-256 over the whole ledger and every byte of every mail.
    pub fingerprint: String,
    pub outbox: PathBuf,
}

/// Runs a project from its first day on. `progress` is called with each month as it begins, and
/// the number of mails that were due until then.
///
/// # Errors
/// If the folder is not one of a replay, or the file, the database or the outbox fails.
pub async fn replay(
    file: &ProjectFile,
    folder: &Path,
    mut progress: impl FnMut(&str, usize),
) -> Result<Summary> {
    empty(folder)?;
    let home = zone::known_zone(&file.project.time_zone);
    let start = zone::instant_of(file.project.starts_on, NaiveTime::MIN, &home);
    let end = last_day(file.project.ends_on);
    let clock = Clock::frozen(start);
    let db = database::scratch(&folder.join("connection.db")).await?;
    migration::migrate(&db).await?;
    let store = Arc::new(Store::new(db, clock.clone(), Ids::FromKeys));
    store.import(file, Import::default()).await?;
    let outbox = folder.join("outbox");
    let sender = Sender {
        store: Arc::clone(&store),
        mailer: Mailer::new(
            "CONNECTION <connection@connection.example>",
            "https://connection.example",
            LinkKey::new(KEY).expect("the key is long enough"),
        )?,
        transport: Transport::Outbox(Outbox::scratch(&outbox)),
    };
    let (mut month, mut looked_at) = (String::new(), 0);
    loop {
        let now = clock.now();
        let this_month = zone::local(now, &home).format("%Y-%m").to_string();
        if this_month != month {
            progress(&this_month, looked_at);
            month = this_month;
        }
        run::plan(&sender).await?;
        let ids = ledger::hints(store.db(), now, BATCH, 0).await?;
        looked_at += ids.len();
        sender.send_all(&ids).await?;
        match ledger::next_instant(store.db()).await? {
            Some(next) if next.date_naive() <= end => clock.set(after(next, now)),
            _ => break,
        }
    }
    let summary = summarise(&store, outbox).await;
    store.db().clone().close().await?;
    summary
}

fn last_day(ends_on: NaiveDate) -> NaiveDate {
    ends_on.checked_add_days(AFTERWARDS).unwrap_or(ends_on)
}

/// The clock always advances: mail that is still due at this instant waits for the next second.
fn after(next: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    next.max(now + chrono::TimeDelta::seconds(1))
}

/// Empties the folder of an earlier replay, or creates it.
fn empty(folder: &Path) -> Result<()> {
    let shown = folder.display();
    if folder.exists() {
        let is_ours = folder.join(MARKER).exists();
        let is_empty = std::fs::read_dir(folder)
            .with_context(|| format!("{shown} is no folder"))?
            .next()
            .is_none();
        ensure!(
            is_ours || is_empty,
            "{shown} has files that are not from a replay: name another folder with --data"
        );
        std::fs::remove_dir_all(folder).with_context(|| format!("{shown} cannot be emptied"))?;
    }
    std::fs::create_dir_all(folder).with_context(|| format!("{shown} cannot be created"))?;
    std::fs::write(
        folder.join(MARKER),
        "A replay created this folder and empties it again.\n",
    )?;
    Ok(())
}

async fn summarise(store: &Store, outbox: PathBuf) -> Result<Summary> {
    let rows = notification::Entity::find()
        .order_by_asc(notification::Column::DueAt)
        .order_by_asc(notification::Column::Id)
        .all(store.db())
        .await?;
    let people = person::Entity::find().all(store.db()).await?.len();
    ensure!(people > 0, "the project has nobody to write to");
    let mut digest = Sha256::new();
    let (mut mails, mut skipped) = (BTreeMap::<String, BTreeMap<_, _>>::new(), BTreeMap::new());
    let (mut recipients, mut seen) = (BTreeSet::new(), HashSet::new());
    let (mut sent, mut unfinished, mut duplicates) = (0, 0, 0);
    for row in &rows {
        digest.update(format!("{row:?}\n"));
        match row.state {
            NotificationState::Sent => {
                sent += 1;
                recipients.insert(row.person_id);
                let month = row.due_at.format("%Y-%m").to_string();
                *mails
                    .entry(month)
                    .or_default()
                    .entry(row.category)
                    .or_insert(0) += 1;
                if !seen.insert((row.person_id, row.category, row.subject_id, &row.occurrence)) {
                    duplicates += 1;
                }
            }
            NotificationState::Skipped => {
                if let Some(reason) = row.reason {
                    *skipped.entry(reason).or_insert(0) += 1;
                }
            }
            _ => unfinished += 1,
        }
    }
    let files = mail_files(&outbox)?;
    let mut message_ids = HashSet::new();
    for path in &files {
        let bytes = std::fs::read(path)?;
        if !message_ids.insert(message_id(&bytes).context("a mail has no Message-ID")?) {
            duplicates += 1;
        }
        digest.update(
            path.strip_prefix(&outbox)
                .unwrap_or(path)
                .to_string_lossy()
                .as_bytes(),
        );
        digest.update(&bytes);
    }
    Ok(Summary {
        mails,
        skipped,
        unfinished,
        recipients: recipients.len(),
        sent,
        duplicates,
        files: files.len(),
        fingerprint: domain::secret::hex(&digest.finalize()),
        outbox,
    })
}

/// Every mail in an outbox, in the order of their names.
fn mail_files(outbox: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![outbox.to_owned()];
    while let Some(folder) = folders.pop() {
        if !folder.exists() {
            continue;
        }
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "eml") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The Message-ID of a mail, from its header.
fn message_id(mail: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(mail);
    let (header, _) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    header
        .split("\r\n")
        .find_map(|line| line.strip_prefix("Message-ID: "))
        .map(str::to_owned)
}
