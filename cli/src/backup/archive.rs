//! The archive of a backup: a tar file whose last entry, the manifest, says what all others are.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufReader, BufWriter, Read, Write},
    path::Path,
};

use anyhow::{Context, Result, bail};
use chrono::{DateTime, Utc};
use domain::{record::is_sha256, secret::hex};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use worker::outbox;

/// The format that this version writes and reads.
const FORMAT: &str = "connection-backup/1";
const MANIFEST: &str = "manifest.json";
/// How large a manifest may be.
const MANIFEST_BYTES: u64 = 1024 * 1024 * 1024;

/// The key that signs links, in an archive and in a data folder.
pub const LINK_KEY: &str = "link.key";
/// The key of the operator of `connection up`, in an archive and in a data folder.
pub const OPERATOR_KEY: &str = "operator.key";
/// The folder of the mails of an outbox, in an archive and in a data folder.
pub const OUTBOX: &str = "outbox";

/// Which database an archive is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    /// The database's entry.
    pub fn entry(self) -> &'static str {
        match self {
            Self::Sqlite => "database.sqlite",
            Self::Postgres => "database.pgdump",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// What an archive holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    format: String,
    pub made_at: DateTime<Utc>,
    /// The release that made it.
    pub release: String,
    pub database: Kind,
    /// The migrations that the database has seen.
    pub migrations: Vec<String>,
    pub entries: BTreeMap<String, Entry>,
}

/// An entry's size and SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub size: u64,
    pub sha256: String,
}

impl Manifest {
    pub fn new(database: Kind, migrations: Vec<String>, made_at: DateTime<Utc>) -> Self {
        Self {
            format: FORMAT.to_owned(),
            made_at,
            release: env!("CARGO_PKG_VERSION").to_owned(),
            database,
            migrations,
            entries: BTreeMap::new(),
        }
    }

    /// The number of files of evidence.
    pub fn files(&self) -> usize {
        let names = self.entries.keys();
        names.filter(|name| name.starts_with("files/")).count()
    }

    /// The number of mails of an outbox.
    pub fn mails(&self) -> usize {
        let names = self.entries.keys();
        names.filter(|name| mail_of(name).is_some()).count()
    }
}

/// The entry of a file of evidence.
pub fn file_entry(sha256: &str) -> String {
    format!("files/{}/{sha256}", sha256.get(..2).unwrap_or_default())
}

/// The entry of a mail of an outbox.
pub fn mail_entry(name: &str) -> String {
    format!("{OUTBOX}/{name}")
}

/// The mail whose entry this is.
pub fn mail_of(entry: &str) -> Option<&str> {
    let name = entry.strip_prefix(OUTBOX)?.strip_prefix('/')?;
    (name.ends_with(".eml") && outbox::is_name(name)).then_some(name)
}

/// An archive that is being written. Until it is finished there is nothing under its name.
pub struct Writer<'a> {
    path: &'a Path,
    tar: tar::Builder<BufWriter<NamedTempFile>>,
    entries: BTreeMap<String, Entry>,
}

impl<'a> Writer<'a> {
    /// # Errors
    /// If something has this name already, or nothing can be written there.
    pub fn create(path: &'a Path) -> Result<Self> {
        let shown = path.display();
        if path.exists() {
            bail!("{shown} is there already: name another file");
        }
        let file = NamedTempFile::new_in(folder_of(path));
        let file = file.with_context(|| format!("{shown} cannot be written"))?;
        Ok(Self {
            path,
            tar: tar::Builder::new(BufWriter::new(file)),
            entries: BTreeMap::new(),
        })
    }

    pub fn has(&self, name: &str) -> bool {
        self.entries.contains_key(name)
    }

    /// Adds an entry of so many bytes.
    pub fn add(&mut self, name: &str, size: u64, bytes: impl Read) -> Result<()> {
        let mut hashed = Hashed::new(bytes);
        self.append(name, size, &mut hashed)?;
        let entry = hashed.entry();
        if entry.size != size {
            bail!("{name} changed while it was read: try again");
        }
        self.entries.insert(name.to_owned(), entry);
        Ok(())
    }

    /// Adds the manifest, and gives the archive its name once the disk has it.
    pub fn finish(mut self, mut manifest: Manifest) -> Result<Manifest> {
        manifest.entries = std::mem::take(&mut self.entries);
        let text = serde_json::to_vec_pretty(&manifest)?;
        self.append(MANIFEST, text.len() as u64, text.as_slice())?;
        let shown = self.path.display().to_string();
        let written = || -> io::Result<()> {
            let mut buffer = self.tar.into_inner()?;
            buffer.flush()?;
            let file = buffer
                .into_inner()
                .map_err(io::IntoInnerError::into_error)?;
            file.as_file().sync_all()?;
            file.persist_noclobber(self.path)
                .map_err(|error| error.error)?;
            #[cfg(unix)]
            File::open(folder_of(self.path))?.sync_all()?;
            Ok(())
        };
        written().with_context(|| format!("{shown} cannot be written"))?;
        Ok(manifest)
    }

    fn append(&mut self, name: &str, size: u64, bytes: impl Read) -> Result<()> {
        let mut header = tar::Header::new_gnu();
        header.set_size(size);
        header.set_mode(0o600);
        header.set_cksum();
        let appended = self.tar.append_data(&mut header, name, bytes);
        appended.with_context(|| format!("{} cannot be written", self.path.display()))
    }
}

/// Reads an archive to its end, and each entry by `take`, which may read as much of it as it wants.
///
/// # Errors
/// If it is no archive of a backup, is cut off, or holds anything else than its manifest says. What
/// `take` was given by then is not to be used.
pub fn read(
    path: &Path,
    mut take: impl FnMut(&str, &mut dyn Read) -> Result<()>,
) -> Result<Manifest> {
    let shown = path.display();
    let file = File::open(path).with_context(|| format!("{shown} cannot be read"))?;
    let mut tar = tar::Archive::new(BufReader::new(file));
    let mut found = BTreeMap::new();
    let broken = || format!("{shown} is no backup, or is broken");
    for entry in tar.entries().with_context(broken)? {
        let mut entry = entry.with_context(broken)?;
        let name = entry.path().with_context(broken)?.display().to_string();
        if name == MANIFEST {
            let mut text = Vec::new();
            let text = match entry.take(MANIFEST_BYTES).read_to_end(&mut text) {
                Ok(_) => text,
                Err(error) => return Err(error).with_context(broken),
            };
            let manifest: Manifest = serde_json::from_slice(&text).with_context(broken)?;
            if manifest.format != FORMAT {
                bail!(
                    "{shown} is a backup of the format {}: a release that knows it reads it",
                    manifest.format
                );
            }
            return match difference(&manifest, &found) {
                Some(name) => bail!("{shown} is broken: {name} is not what was backed up"),
                None => Ok(manifest),
            };
        }
        if !is_known(&name) {
            bail!("{shown} is no backup: it holds {name}");
        }
        let mut hashed = Hashed::new(&mut entry);
        take(&name, &mut hashed)?;
        io::copy(&mut hashed, &mut io::sink()).with_context(broken)?;
        found.insert(name, hashed.entry());
    }
    bail!("{shown} is no backup, or is cut off: it has no manifest")
}

/// The first entry that is not as the manifest says, or is missing.
fn difference(manifest: &Manifest, found: &BTreeMap<String, Entry>) -> Option<String> {
    let names = manifest.entries.keys().chain(found.keys());
    let mut wrong = names.filter(|name| manifest.entries.get(*name) != found.get(*name));
    let misnamed = manifest
        .entries
        .iter()
        .find(|(name, entry)| name.starts_with("files/") && **name != file_entry(&entry.sha256));
    let has_database = manifest.entries.contains_key(manifest.database.entry());
    wrong
        .next()
        .or(misnamed.map(|(name, _)| name))
        .cloned()
        .or_else(|| (!has_database).then(|| manifest.database.entry().to_owned()))
}

/// Whether an entry may be in an archive: its name then leads nowhere else.
fn is_known(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or_default();
    let plain = [
        Kind::Sqlite.entry(),
        Kind::Postgres.entry(),
        LINK_KEY,
        OPERATOR_KEY,
    ];
    plain.contains(&name)
        || (is_sha256(file) && name == file_entry(file))
        || mail_of(name).is_some()
}

/// The folder in which a file lies.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// A reader that hashes what is read.
struct Hashed<R> {
    inner: R,
    hash: Sha256,
    size: u64,
}

impl<R: Read> Hashed<R> {
    fn new(inner: R) -> Self {
        Self {
            inner,
            hash: Sha256::new(),
            size: 0,
        }
    }

    fn entry(self) -> Entry {
        Entry {
            size: self.size,
            sha256: hex(&self.hash.finalize()),
        }
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.hash.update(&buffer[..length]);
        self.size += length as u64;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use domain::clock::Clock;

    use super::*;

    fn names(_: &str, _: &mut dyn Read) -> Result<()> {
        Ok(())
    }

    fn written(path: &Path) -> Manifest {
        let mut writer = Writer::create(path).unwrap();
        let database = [b'd'; 3000];
        writer.add("database.sqlite", 3000, &database[..]).unwrap();
        writer.add(LINK_KEY, 3, &b"key"[..]).unwrap();
        let manifest = Manifest::new(Kind::Sqlite, Vec::new(), Clock::System.now());
        writer.finish(manifest).unwrap()
    }

    #[test]
    fn an_archive_is_read_as_it_was_written_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("backup.tar");
        let manifest = written(&path);
        assert_eq!(read(&path, names).unwrap().entries, manifest.entries);
        assert!(Writer::create(&path).is_err());
        let whole = fs::read(&path).unwrap();
        // Any byte that is another one, and any end that comes too early.
        // What pads the manifest, which is the last entry, says nothing.
        let end = whole.iter().rposition(|byte| *byte == b'}').unwrap();
        for at in (0..=end).step_by(97) {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            fs::write(&path, &bytes).unwrap();
            let changed = read(&path, names);
            // What pads an entry says nothing.
            if let Ok(changed) = changed {
                assert_eq!(changed.entries, manifest.entries, "{at}");
            }
            fs::write(&path, &whole[..at]).unwrap();
            assert!(read(&path, names).is_err(), "{at}");
        }
        // A byte of the database.
        let mut bytes = whole.clone();
        let at = bytes.iter().position(|byte| *byte == b'd').unwrap() + 1500;
        bytes[at] = b'e';
        fs::write(&path, &bytes).unwrap();
        let error = read(&path, names).unwrap_err().to_string();
        assert!(
            error.contains("database.sqlite is not what was backed up"),
            "{error}"
        );
    }

    #[test]
    fn what_is_not_finished_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("backup.tar");
        let mut writer = Writer::create(&path).unwrap();
        writer.add(LINK_KEY, 3, &b"key"[..]).unwrap();
        assert!(writer.add("database.sqlite", 5, &b"four"[..]).is_err());
        drop(writer);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn an_entry_leads_nowhere_else() {
        let hash = "ab".repeat(32);
        assert!(is_known(&file_entry(&hash)) && is_known(LINK_KEY));
        assert!(is_known(&mail_entry(
            "2021-09/2021-09-06-digest-torino-1f.eml"
        )));
        for name in [
            "../link.key",
            "/etc/passwd",
            "files/../x",
            "files/aa/x",
            "outbox/../x.eml",
            "outbox//etc/x.eml",
            "outbox/.x.eml",
            "outbox/x",
            "outbox",
            "",
        ] {
            assert!(!is_known(name), "{name}");
        }
        assert!(!is_known(&format!("files/cd/{hash}")));
    }
}
