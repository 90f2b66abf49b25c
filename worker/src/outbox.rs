//! The outbox: mail as files, for the embedded default, where a page shows them.
//!
//! Writes are atomic: a file exists completely or not at all, and is never replaced by another
//! mail.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Component, Path, PathBuf};

use entities::NotificationId;

/// A folder of `.eml` files.
#[derive(Clone, Debug)]
pub struct Outbox {
    dir: PathBuf,
    /// Whether its mails survive a crash.
    is_durable: bool,
}

impl Outbox {
    /// The outbox in `dir`, which is created with the first mail.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            is_durable: true,
        }
    }

    /// An outbox of which nobody needs anything after a crash, such as a replay's: its mails do not
    /// wait for the disk.
    pub fn scratch(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            is_durable: false,
        }
    }

    /// The folder of the mails.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Writes `message` as `<dir>/<name>`, with `.eml` added if the name lacks it; the name may lie
    /// in sub-folders. Once this returns the file survives a crash.
    ///
    /// Writing the same message again is not an error; `AlreadyExists` means that another mail has
    /// the name, `InvalidInput` that the path leaves the folder.
    pub async fn deliver(&self, name: &str, message: &[u8]) -> io::Result<PathBuf> {
        let path = self.path(name)?;
        if !self.is_durable {
            return write_through(&path, message).map(|()| path);
        }
        let message = message.to_owned();
        tokio::task::spawn_blocking(move || write(&path, &message).map(|()| path))
            .await
            .map_err(io::Error::other)?
    }

    /// The names of all mails, in order.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub async fn names(&self) -> io::Result<Vec<String>> {
        let dir = self.dir.clone();
        tokio::task::spawn_blocking(move || {
            let mut names = Vec::new();
            list(&dir, "", &mut names)?;
            names.sort();
            Ok(names)
        })
        .await
        .map_err(io::Error::other)?
    }

    /// Removes the mails of these ids; returns the number of files.
    ///
    /// # Errors
    /// If the folder cannot be read or changed.
    pub async fn forget(&self, mails: &[NotificationId]) -> io::Result<usize> {
        let shorts: HashSet<String> = mails.iter().map(|id| short(*id)).collect();
        if shorts.is_empty() {
            return Ok(0);
        }
        let dir = self.dir.clone();
        tokio::task::spawn_blocking(move || forget(&dir, &shorts))
            .await
            .map_err(io::Error::other)?
    }

    fn path(&self, name: &str) -> io::Result<PathBuf> {
        if !is_name(name) {
            return Err(io::Error::new(
                ErrorKind::InvalidInput,
                format!("{name:?} is no name for a mail"),
            ));
        }
        let suffix = if name.ends_with(".eml") { "" } else { ".eml" };
        Ok(self.dir.join(format!("{name}{suffix}")))
    }
}

/// Whether a mail may have this name: it leads nowhere else, and hides nothing.
#[must_use]
pub fn is_name(name: &str) -> bool {
    name.split('/').all(|part| {
        let printable = !part.contains(|c: char| c.is_control() || c == '\\' || c == ':');
        let mut components = Path::new(part).components();
        let normal = matches!(components.next(), Some(Component::Normal(_)));
        printable && normal && !part.starts_with('.')
    })
}

/// The end of the name of a mail's next attempt, before `.eml`: each attempt has a file of its own.
#[must_use]
pub fn ending(id: NotificationId, attempts: i32) -> String {
    let short = short(id);
    match attempts {
        0 => short,
        _ => format!("{short}-{}", attempts + 1),
    }
}

/// The part of an id in the file name of its mail.
pub fn short(id: NotificationId) -> String {
    let id = id.to_string();
    id.rsplit('-').next().unwrap_or(&id).to_owned()
}

/// Adds the names of the mails in a folder, and in those below it.
fn list(folder: &Path, above: &str, names: &mut Vec<String>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let name = format!("{above}{name}");
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{name}/"), names)?;
        } else if name.ends_with(".eml") && is_name(&name) {
            names.push(name);
        }
    }
    Ok(())
}

/// Removes the files of a folder, and of those below it, whose name has one of these parts.
fn forget(folder: &Path, shorts: &HashSet<String>) -> io::Result<usize> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error),
    };
    let mut count = 0;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            count += forget(&path, shorts)?;
            continue;
        }
        let name = path.file_stem().and_then(|name| name.to_str());
        let is_one = name.is_some_and(|name| name.split('-').any(|part| shorts.contains(part)));
        if is_one {
            fs::remove_file(&path)?;
            count += 1;
        }
    }
    Ok(count)
}

fn write(path: &Path, message: &[u8]) -> io::Result<()> {
    let folder = path.parent().expect("a mail lies in the outbox's folder");
    create_folders(folder)?;
    let mut file = tempfile::Builder::new()
        .prefix(".")
        .suffix(".tmp")
        .tempfile_in(folder)?;
    file.write_all(message)?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Ok(_) => sync_folder(folder),
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => {
            if fs::read(path)? == message {
                Ok(())
            } else {
                Err(error.error)
            }
        }
        Err(error) => Err(error.error),
    }
}

/// Writes a new file without waiting for the disk.
fn write_through(path: &Path, message: &[u8]) -> io::Result<()> {
    let mut file = match File::create_new(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            fs::create_dir_all(path.parent().unwrap_or(path))?;
            File::create_new(path)?
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists && fs::read(path)? == message => {
            return Ok(());
        }
        file => file?,
    };
    file.write_all(message)
}

/// Creates the folder and its parents, each synced to disk in its own parent.
fn create_folders(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder
        .parent()
        .filter(|above| !above.as_os_str().is_empty());
    if let Some(above) = above {
        create_folders(above)?;
    }
    match fs::create_dir(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => sync_folder(above.unwrap_or(Path::new("."))),
    }
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "2021/09/2021-09-06T060000Z-reminder-1f.eml";

    #[tokio::test]
    async fn a_mail_is_a_file_and_leaves_nothing_else() {
        let home = tempfile::tempdir().unwrap();
        let outbox = Outbox::new(home.path().join("mail/outbox"));
        let path = outbox
            .deliver(NAME, b"Subject: A\r\n\r\n.\r\n")
            .await
            .unwrap();
        assert_eq!(path, outbox.dir().join(NAME));
        assert_eq!(fs::read(&path).unwrap(), b"Subject: A\r\n\r\n.\r\n");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);

        assert_eq!(
            Outbox::new(home.path().join("none")).names().await.unwrap(),
            Vec::<String>::new()
        );
        let short = outbox.deliver("welcome", b"x").await.unwrap();
        assert_eq!(short, outbox.dir().join("welcome.eml"));
        fs::write(outbox.dir().join(".half.tmp"), "half a mail").unwrap();
        assert_eq!(outbox.names().await.unwrap(), [NAME, "welcome.eml"]);
    }

    #[rstest::rstest]
    #[case::durable(Outbox::new)]
    #[case::scratch(Outbox::scratch)]
    #[tokio::test]
    async fn the_same_mail_twice_is_one_file_and_another_is_refused(
        #[case] outbox: fn(PathBuf) -> Outbox,
    ) {
        let home = tempfile::tempdir().unwrap();
        let outbox = outbox(home.path().to_owned());
        outbox.deliver(NAME, b"one").await.unwrap();
        let path = outbox.deliver(NAME, b"one").await.unwrap();
        let error = outbox.deliver(NAME, b"two").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn no_name_leads_out_of_the_folder() {
        let home = tempfile::tempdir().unwrap();
        let outbox = Outbox::new(home.path().join("outbox"));
        for name in [
            "",
            "..",
            "../x",
            "a/../../x",
            "/etc/x",
            "a//b",
            "a/",
            ".hidden",
            "a/.b",
            "a\\..\\b",
            "c:x",
            "a\nb",
            "a\0b",
        ] {
            let error = outbox.deliver(name, b"x").await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{name:?}");
        }
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn of_two_mails_with_one_name_at_once_one_stays_whole() {
        let home = tempfile::tempdir().unwrap();
        let outbox = Outbox::new(home.path());
        let (one, two) = (vec![b'1'; 1 << 20], vec![b'2'; 1 << 20]);
        let (first, second) = tokio::join!(outbox.deliver(NAME, &one), outbox.deliver(NAME, &two));
        assert!(first.is_ok() != second.is_ok());
        let content = fs::read(home.path().join(NAME)).unwrap();
        assert!(content == one || content == two);
    }
}
