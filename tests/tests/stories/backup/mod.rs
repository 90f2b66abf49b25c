//! What is backed up while the product runs is restored whole, into an empty place alone.

mod load;
mod outbox;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use domain::{
    file::ProjectFile,
    files::{Files, Stored},
    record::Evidence,
};
use entities::EvidenceKind;
use rstest::rstest;
use sea_orm::ConnectionTrait;
use tests::{Backend, TestDatabase, project::connection, service};

use crate::{embedded::up, process::binary};

const REPORT: &[u8] = b"%PDF-1.7 the list of those present";

/// What a command said, and whether it succeeded.
struct Said {
    ok: bool,
    text: String,
}

impl Said {
    fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        Self {
            ok: output.status.success(),
            text: String::from_utf8(text).unwrap(),
        }
    }

    #[track_caller]
    fn succeeds(self, part: &str) {
        assert!(self.ok && self.text.contains(part), "{}", self.text);
    }

    #[track_caller]
    fn fails(self, part: &str) {
        assert!(!self.ok && self.text.contains(part), "{}", self.text);
    }
}

/// A place that a command works on: a data folder, or a database with a folder of files.
#[derive(Clone)]
enum Place {
    Folder(PathBuf),
    Database { url: String, files: PathBuf },
}

impl Place {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = binary("connection");
        command.args(arguments);
        match self {
            Self::Folder(data) => command.arg("--data").arg(data),
            Self::Database { url, files } => command
                .env("DATABASE_URL", url)
                .env("FILES_FOLDER", files)
                .env("LINK_KEY", "0123456789abcdef0123456789abcdef"),
        };
        command
    }

    fn run(&self, arguments: &[&str]) -> Said {
        Said::of(&mut self.command(arguments))
    }
}

/// A file as evidence.
fn evidence(stored: &Stored) -> Evidence {
    Evidence {
        kind: EvidenceKind::File,
        title: None,
        source: None,
        locator: None,
        url: None,
        sha256: Some(stored.sha256.clone()),
        media_type: Some(stored.media_type.to_owned()),
        size: Some(stored.size),
        translations: Default::default(),
    }
}

/// CONNECTION with a file of evidence, and a folder that has the file.
async fn with_a_file(folder: &Path) -> (ProjectFile, String) {
    let store = Files::in_folder(folder.join("aside"), 1000);
    let stored = store.put(REPORT, "application/pdf").await.unwrap();
    let given = folder.join("given");
    fs::create_dir(&given).unwrap();
    fs::write(given.join(format!("{}.pdf", stored.sha256)), REPORT).unwrap();
    let mut file = connection();
    file.outputs[0].evidence.push(evidence(&stored));
    fs::write(folder.join("project.json"), file.to_json()).unwrap();
    (file, stored.sha256)
}

/// Imports the project with its file, which no import takes without it.
fn import(place: &Place, folder: &Path) {
    let (file, given) = (folder.join("project.json"), folder.join("given"));
    let (file, given) = (file.to_str().unwrap(), given.to_str().unwrap());
    let refused = place.run(&["import", file]);
    refused.fails("[FILE_MISSING]");
    let dry = place.run(&["import", file, "--files", given, "--dry-run"]);
    dry.succeeds("connection");
    place
        .run(&["import", file, "--files", given])
        .succeeds("connection");
}

/// Whether a place has the project, and the file.
fn has_all(place: &Place, folder: &Path, project: &str, sha256: &str) {
    let out = folder.join("out");
    let exported = place
        .command(&["export", "connection", "--files", out.to_str().unwrap()])
        .output()
        .unwrap();
    let text = String::from_utf8(exported.stdout).unwrap();
    assert!(
        text == project,
        "{}",
        String::from_utf8_lossy(&exported.stderr)
    );
    let report = fs::read(out.join(format!("{sha256}.pdf"))).unwrap();
    assert_eq!(report, REPORT);
    fs::remove_dir_all(out).unwrap();
}

/// The names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_data_folder_is_backed_up_while_it_is_used_and_restored_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (_, sha256) = with_a_file(folder).await;
    let here = Place::Folder(folder.join("here"));
    import(&here, folder);
    let running = up(&folder.join("here"), &[]);
    let archive = folder.join("backup.tar");
    let name = archive.to_str().unwrap();
    here.run(&["backup", name]).succeeds("1 files of evidence");
    here.run(&["backup", name]).fails("is there already");
    Said::of(binary("connection").args(["verify", name])).succeeds("It is whole.");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = archive.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    // The product goes on, and what is restored knows nothing of it.
    let health = reqwest::get(format!("{}/healthz", running.base)).await;
    assert_eq!(health.unwrap().status(), 200);
    here.run(&["restore", name]).fails("is not empty");
    assert!(running.running.stop().success());
    let there = Place::Folder(folder.join("there"));
    there.run(&["restore", name]).succeeds("It was restored");
    // `connection up` has added its operator to the project.
    let project = here.run(&["export", "connection"]).text;
    has_all(&there, folder, &project, &sha256);
    let key = |place: &str| fs::read(folder.join(place).join("link.key")).unwrap();
    assert_eq!(key("here"), key("there"));
    let again = up(&folder.join("there"), &[]);
    assert!(again.running.stop().success());

    // A byte of the file is another one, and the end is missing.
    let before = names(folder);
    let whole = fs::read(&archive).unwrap();
    let at = whole.windows(REPORT.len()).position(|part| part == REPORT);
    let mut changed = whole.clone();
    changed[at.unwrap() + 10] ^= 1;
    let broken = Place::Folder(folder.join("broken"));
    for (bytes, part) in [
        (&changed[..], "is not what was backed up"),
        (&whole[..whole.len() / 2], "broken"),
        (b"%PDF", "is no backup"),
    ] {
        fs::write(&archive, bytes).unwrap();
        Said::of(binary("connection").args(["verify", name])).fails(part);
        broken.run(&["restore", name]).fails(part);
        assert_eq!(names(folder), before);
    }
}

/// Another, empty database of the server.
async fn empty_database(name: &str) -> String {
    let server = service("TEST_POSTGRES_URL").unwrap();
    let admin = domain::database::connect(&server).await.unwrap();
    let name = format!("{name}_{}", std::process::id());
    for statement in ["drop database if exists", "create database"] {
        let statement = format!("{statement} {name}");
        admin.execute_unprepared(&statement).await.unwrap();
    }
    let (base, _) = server.rsplit_once('/').unwrap();
    format!("{base}/{name}")
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_production_installation_is_restored_into_an_empty_one(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (file, sha256) = with_a_file(folder).await;
    let here = Place::Database {
        url: database.url.clone(),
        files: folder.join("here"),
    };
    import(&here, folder);
    let archive = folder.join("backup.tar");
    let name = archive.to_str().unwrap();
    here.run(&["backup", name]).succeeds("1 files of evidence");
    Said::of(binary("connection").args(["verify", name])).succeeds("It is whole.");
    let occupied = Place::Database {
        url: database.url.clone(),
        files: folder.join("none"),
    };
    occupied
        .run(&["restore", name])
        .fails("into an empty place alone");
    let url = match backend {
        Backend::Sqlite => format!("sqlite://{}", folder.join("there.db").display()),
        Backend::Postgres => empty_database("restored").await,
    };
    let there = |files: &str| Place::Database {
        url: url.clone(),
        files: folder.join(files),
    };
    there("here").run(&["restore", name]).fails("is not empty");
    there("there")
        .run(&["restore", name])
        .succeeds("It was restored");
    has_all(&there("there"), folder, &file.to_json(), &sha256);
    // Neither is a backup of the other kind taken, nor one without its tools made.
    let other = match backend {
        Backend::Sqlite => "postgres://127.0.0.1:1/none".to_owned(),
        Backend::Postgres => format!("sqlite://{}", folder.join("other.db").display()),
    };
    let other = Place::Database {
        url: other,
        files: folder.join("other"),
    };
    other.run(&["restore", name]).fails("the backup is of");
    if backend == Backend::Postgres {
        let archive = folder.join("without.tar");
        let mut without = here.command(&["backup", archive.to_str().unwrap()]);
        Said::of(without.env("PATH", "")).fails("pg_dump is not on PATH");
        assert!(!archive.exists());
    }
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_backup_of_an_older_release_is_brought_up_to_date_and_of_a_newer_one_refused(
    #[case] backend: Backend,
) {
    let Some(TestDatabase {
        db,
        url,
        folder: _folder,
    }) = backend.released().await
    else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let here = Place::Database {
        url,
        files: folder.join("here"),
    };
    let archive = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    here.run(&["backup", &archive("older.tar")])
        .succeeds("a backup of");
    let later =
        "insert into seaql_migrations (version, applied_at) values ('m20991231_000001_later', 0)";
    db.execute_unprepared(later).await.unwrap();
    here.run(&["backup", &archive("newer.tar")])
        .succeeds("a backup of");
    db.close().await.unwrap();
    let url = match backend {
        Backend::Sqlite => format!("sqlite://{}", folder.join("there.db").display()),
        Backend::Postgres => empty_database("upgraded").await,
    };
    let there = Place::Database {
        url: url.clone(),
        files: folder.join("there"),
    };
    there
        .run(&["restore", &archive("newer.tar")])
        .fails("of a newer release");
    there
        .run(&["restore", &archive("older.tar")])
        .succeeds("brought up to date");
    let restored = domain::database::connect(&url).await.unwrap();
    assert_eq!(migration::pending(&restored).await.unwrap(), 0);
    restored.close().await.unwrap();
    // The product itself leaves such a database alone, too.
    here.run(&["export", "connection"])
        .fails("a newer release has worked on this database");
}
