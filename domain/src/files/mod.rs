//! Files that people send as evidence: kept by the SHA-256 of their bytes, so that the same file is
//! stored once, and none can be changed under its name.
//!
//! `ab/abcd…` is the file whose hash begins so; `incoming` holds what is arriving, and for a moment
//! what is about to be removed. Only the owner of the process reads them.

mod incoming;
mod media_type;
pub mod quota;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::fs::File;

use crate::{
    clock::Clock,
    error::{Error, Result},
    record::is_sha256,
};
use incoming::blocking;

pub use incoming::{Incoming, ReceiveError};
pub use media_type::{TYPES, by_ending, ending, type_of};

/// The folder of what is arriving.
const INCOMING: &str = "incoming";

/// The ending of a file that is about to be removed.
const LEAVING: &str = "leaving";

/// After how long a file that is still arriving was left behind by a process that ended.
const ABANDONED: TimeDelta = TimeDelta::hours(1);

/// After how long a file that nothing refers to is removed.
pub const UNREFERENCED: TimeDelta = TimeDelta::days(1);

/// Where files are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    folder: PathBuf,
    /// How large a file may be, in bytes.
    pub largest: usize,
}

/// What is known of stored bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// In hexadecimal digits.
    pub sha256: String,
    /// By their content, whatever the sender called them.
    pub media_type: &'static str,
    pub size: i64,
}

impl Files {
    /// Files in a folder, which is made when the first one comes.
    #[must_use]
    pub fn in_folder(folder: impl Into<PathBuf>, largest: usize) -> Self {
        Self {
            folder: folder.into(),
            largest,
        }
    }

    /// The same in another folder.
    #[must_use]
    pub fn moved_to(self, folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            ..self
        }
    }

    /// Begins to store a file.
    ///
    /// # Errors
    /// When the folder fails.
    pub async fn receive(&self) -> Result<Incoming> {
        Ok(Incoming::begin(self).await?)
    }

    /// Stores bytes that are in memory already, of the type that `said` says, if they are texts.
    ///
    /// # Errors
    /// As those of [`Incoming`].
    pub async fn put(&self, bytes: &[u8], said: &str) -> Result<Stored, ReceiveError> {
        let mut incoming = self.receive().await?;
        incoming.write(bytes).await?;
        incoming.finish(said).await
    }

    /// A stored file and its size; `None` where there is none of this hash.
    ///
    /// # Errors
    /// When the folder fails.
    pub async fn open(&self, sha256: &str) -> Result<Option<(File, u64)>> {
        let Some(path) = self.path(sha256) else {
            return Ok(None);
        };
        match File::open(path).await {
            Ok(file) => {
                let size = file.metadata().await?.len();
                Ok(Some((file, size)))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether there is a file of this hash.
    ///
    /// # Errors
    /// When the folder fails.
    pub async fn has(&self, sha256: &str) -> Result<bool> {
        match self.path(sha256) {
            Some(path) => Ok(tokio::fs::try_exists(path).await?),
            None => Ok(false),
        }
    }

    /// Removes a stored file unless it is needed; that there is none is no error. It is set aside
    /// before `is_needed` is asked: who stores the same bytes meanwhile has a file of their own.
    ///
    /// # Errors
    /// When the folder or `is_needed` fails; the file is there as before.
    pub async fn remove_unless(
        &self,
        sha256: &str,
        is_needed: impl Future<Output = Result<bool>>,
    ) -> Result<()> {
        let Some(path) = self.path(sha256) else {
            return Ok(());
        };
        let aside = self.incoming().join(format!("{sha256}.{LEAVING}"));
        let (from, to) = (path.clone(), aside.clone());
        let moved = blocking(move || {
            // A folder that is no folder, or may not be read, is a failure; one without the file is not.
            match fs::symlink_metadata(&from) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
                found => found?,
            };
            create_private(to.parent().unwrap_or(&to))?;
            fs::rename(&from, &to).map(|()| true)
        });
        if !moved.await? {
            return Ok(());
        }
        let needed = is_needed.await;
        blocking(move || match needed.as_ref().is_ok_and(|needed| !needed) {
            true => fs::remove_file(&aside).map(|()| needed),
            false => restore(&aside, &path).map(|()| needed),
        })
        .await?
        .map(|_| ())
    }

    /// Removes what processes that ended left behind while it was arriving.
    ///
    /// # Errors
    /// When the folder fails.
    pub async fn remove_abandoned(&self) -> Result<usize> {
        let files = self.clone();
        let limit = Clock::System.now() - ABANDONED;
        Ok(blocking(move || files.clear(limit)).await?)
    }

    /// The hashes of the stored files that are older than a day, of those that begin with a byte.
    ///
    /// # Errors
    /// When the folder fails.
    pub async fn older_than_a_day(&self, first: u8) -> Result<Vec<String>> {
        self.stored_before(first, Clock::System.now() - UNREFERENCED)
            .await
    }

    /// The hashes of all stored files, of those that begin with a byte.
    ///
    /// # Errors
    /// When the folder fails.
    pub async fn list(&self, first: u8) -> Result<Vec<String>> {
        self.stored_before(first, DateTime::<Utc>::MAX_UTC).await
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    async fn stored_before(&self, first: u8, limit: DateTime<Utc>) -> Result<Vec<String>> {
        let folder = self.folder.join(crate::secret::hex(&[first]));
        Ok(blocking(move || {
            let mut old = older_than(&folder, limit)?;
            old.retain(|name| is_sha256(name));
            Ok(old)
        })
        .await?)
    }

    fn clear(&self, limit: DateTime<Utc>) -> io::Result<usize> {
        let folder = self.incoming();
        let mut count = 0;
        // What was about to be removed is judged anew.
        for name in older_than(&folder, limit)? {
            let path = folder.join(&name);
            let sha256 = name
                .strip_suffix(LEAVING)
                .and_then(|name| name.strip_suffix('.'));
            match sha256.and_then(|sha256| self.path(sha256)) {
                Some(place) => restore(&path, &place)?,
                None => fs::remove_file(&path)?,
            }
            count += 1;
        }
        Ok(count)
    }

    fn incoming(&self) -> PathBuf {
        self.folder.join(INCOMING)
    }

    /// Where a file is kept; two letters make a folder, so that none grows too large. `None` for what
    /// is no hash.
    fn path(&self, sha256: &str) -> Option<PathBuf> {
        let folder = sha256.get(..2)?;
        is_sha256(sha256).then(|| self.folder.join(folder).join(sha256))
    }
}

/// Whether a failure means that the disk, or the share of it that the process may use, is full.
#[must_use]
pub fn is_full(error: &Error) -> bool {
    matches!(error, Error::Folder(error) if matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    ))
}

/// Puts a file back that was set aside, unless the same bytes were stored meanwhile.
fn restore(aside: &Path, place: &Path) -> io::Result<()> {
    match place.exists() {
        true => fs::remove_file(aside),
        false => {
            create_private(place.parent().unwrap_or(place))?;
            fs::rename(aside, place)
        }
    }
}

/// Creates a folder that its owner alone may read; gives whether there was none.
fn create_private(folder: &Path) -> io::Result<bool> {
    if folder.is_dir() {
        return Ok(false);
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map(|()| true)
}

/// The names of the files of a folder that were written before an instant; none where there is no
/// folder. Times of files are the machine's.
fn older_than(folder: &Path, limit: DateTime<Utc>) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry?;
        let metadata = match entry.metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            metadata => metadata?,
        };
        let is_old = metadata.is_file() && DateTime::<Utc>::from(metadata.modified()?) < limit;
        if let (true, Ok(name)) = (is_old, entry.file_name().into_string()) {
            names.push(name);
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use std::fs::{FileTimes, OpenOptions};

    use tokio::io::AsyncReadExt;

    use super::*;

    async fn bytes(files: &Files, sha256: &str) -> Option<Vec<u8>> {
        let (mut file, size) = files.open(sha256).await.unwrap()?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).await.unwrap();
        assert_eq!(bytes.len() as u64, size);
        Some(bytes)
    }

    fn names(folder: &Path) -> usize {
        fs::read_dir(folder).map_or(0, Iterator::count)
    }

    fn age(path: &Path, by: TimeDelta) {
        let file = OpenOptions::new().write(true).open(path).unwrap();
        let then = Clock::System.now() - by;
        file.set_times(FileTimes::new().set_modified(then.into()))
            .unwrap();
    }

    #[tokio::test]
    async fn the_same_bytes_are_stored_once_and_found_by_their_hash() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::in_folder(folder.path().join("files"), 100);
        let report = b"%PDF-1.7 a report";
        let stored = files.put(report, "text/html").await.unwrap();
        assert_eq!(stored.media_type, "application/pdf");
        assert_eq!(files.put(report, "text/html").await.unwrap(), stored);
        assert_eq!(bytes(&files, &stored.sha256).await.unwrap(), report);
        assert_eq!(names(&files.incoming()), 0);
        let needed = async |needed| {
            files
                .remove_unless(&stored.sha256, async { Ok(needed) })
                .await
        };
        needed(true).await.unwrap();
        assert!(files.has(&stored.sha256).await.unwrap());
        needed(false).await.unwrap();
        needed(false).await.unwrap();
        assert_eq!(bytes(&files, &stored.sha256).await, None);
        assert_eq!(names(&files.incoming()), 0);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn only_their_owner_reads_files_and_folders() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let files = Files::in_folder(folder.path().join("files"), 100);
        let stored = files.put(b"%PDF-1.7", "").await.unwrap();
        let file = files.path(&stored.sha256).unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&file), 0o600);
        for folder in file.ancestors().skip(1).take(2) {
            assert_eq!(mode(folder), 0o700, "{}", folder.display());
        }
        assert_eq!(mode(&files.incoming()), 0o700);
    }

    #[tokio::test]
    async fn what_is_not_taken_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::in_folder(folder.path(), 10);
        let refused = async |bytes: &[u8]| files.put(bytes, "text/plain").await.unwrap_err();
        assert!(matches!(refused(b"").await, ReceiveError::Empty));
        assert!(matches!(refused(b"a\0b").await, ReceiveError::UnknownType));
        assert!(matches!(refused(&[b'a'; 11]).await, ReceiveError::TooLarge));
        let mut incoming = files.receive().await.unwrap();
        incoming.write(b"%PDF").await.unwrap();
        assert_eq!(names(&files.incoming()), 1);
        drop(incoming);
        assert_eq!(names(&files.incoming()), 0);
        assert_eq!(names(folder.path()), 1);
    }

    #[tokio::test]
    async fn what_is_no_hash_names_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::in_folder(folder.path(), 10);
        let up = "../".repeat(21) + "a";
        for name in ["", "a", "a\u{e9}", "../../etc/passwd", &"A".repeat(64), &up] {
            assert!(files.open(name).await.unwrap().is_none(), "{name}");
            assert!(!files.has(name).await.unwrap(), "{name}");
            files
                .remove_unless(name, async { Ok(false) })
                .await
                .unwrap();
        }
    }

    #[tokio::test]
    async fn what_was_left_behind_is_cleared_and_what_is_arriving_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::in_folder(folder.path(), 100);
        let kept = files.put(b"kept", "text/plain").await.unwrap();
        let incoming = files.receive().await.unwrap();
        for name in ["half", "other"] {
            fs::write(files.incoming().join(name), "half a fi").unwrap();
        }
        age(&files.incoming().join("half"), TimeDelta::hours(2));
        // A process ended while it was about to remove this one.
        let place = files.path(&kept.sha256).unwrap();
        let leaving = files.incoming().join(format!("{}.{LEAVING}", kept.sha256));
        fs::rename(&place, &leaving).unwrap();
        age(&leaving, TimeDelta::hours(2));
        assert_eq!(files.remove_abandoned().await.unwrap(), 2);
        assert_eq!(names(&files.incoming()), 2);
        assert!(files.has(&kept.sha256).await.unwrap());
        drop(incoming);
        assert_eq!(names(&files.incoming()), 1);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_told_from_other_failures() {
        use std::io::Write;

        let mut full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let error = full.write_all(b"a").unwrap_err();
        assert!(is_full(&error.into()));
        assert!(!is_full(&io::Error::from(io::ErrorKind::NotFound).into()));
    }
}
