//! A backup of what is written meanwhile.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use domain::{
    clock::Clock,
    command::{GivenFiles, Import},
    file,
    file::ProjectFile,
    files::Files,
    ids::Ids,
    store::Store,
};
use rstest::rstest;
use tests::{Backend, project::connection};

use super::{Place, Said, empty_database, evidence};
use crate::process::binary;

/// Writes until it is told to stop: at the n-th time the project is called `N<n>`, and its first
/// output has n files of evidence.
async fn write(store: Store, files: Files, stop: Arc<AtomicBool>, written: Arc<AtomicUsize>) {
    let mut project = connection();
    while !stop.load(Ordering::Relaxed) {
        let number = written.load(Ordering::Relaxed) + 1;
        let text = format!("Those present, list {number}.").repeat(2_000);
        let stored = files.put(text.as_bytes(), "text/plain").await.unwrap();
        project.outputs[0].evidence.push(evidence(&stored));
        project.project.acronym = format!("N{number}");
        let mut given = GivenFiles::default();
        given.add(stored);
        store
            .import_with(&project, Import::default(), &given)
            .await
            .unwrap();
        written.store(number, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Backups that are made at most, until something was written during three of them.
const TURNS: usize = 30;

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_one_state_of_what_is_written_meanwhile(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let here = Place::Database {
        url: database.url.clone(),
        files: folder.join("here"),
    };
    let store = Store::new(database.db.clone(), Clock::System, Ids::Fresh);
    let files = Files::in_folder(folder.join("here"), 1_000_000);
    let (stop, written) = (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default());
    let writer = tokio::spawn(write(store, files, Arc::clone(&stop), Arc::clone(&written)));
    while written.load(Ordering::Relaxed) < 5 {
        tokio::time::sleep(Duration::from_millis(10)).await;
        assert!(!writer.is_finished(), "it writes no more");
    }
    let mut states = Vec::new();
    // A machine under load may write nothing during one of them.
    for turn in 0..TURNS {
        let archive = folder.join(format!("backup-{turn}.tar"));
        let name = archive.to_str().unwrap().to_owned();
        let before = written.load(Ordering::Relaxed);
        let made = here.clone();
        let making = tokio::task::spawn_blocking(move || {
            made.run(&["backup", &name]).succeeds("files of evidence");
        });
        making.await.unwrap();
        let after = written.load(Ordering::Relaxed);
        if after > before {
            states.push((archive, before, after));
        }
        if states.len() == 3 {
            break;
        }
    }
    assert_eq!(states.len(), 3, "nothing was written meanwhile");
    stop.store(true, Ordering::Relaxed);
    writer.await.unwrap();
    for (turn, (archive, before, after)) in states.into_iter().enumerate() {
        let name = archive.to_str().unwrap();
        Said::of(binary("connection").args(["verify", name])).succeeds("It is whole.");
        let url = match backend {
            Backend::Sqlite => format!("sqlite://{}", folder.join(format!("{turn}.db")).display()),
            Backend::Postgres => empty_database(&format!("loaded_{turn}")).await,
        };
        let there = Place::Database {
            url,
            files: folder.join(format!("there-{turn}")),
        };
        there.run(&["restore", name]).succeeds("It was restored");
        let out = folder.join(format!("out-{turn}"));
        let export = ["export", "connection", "--files", out.to_str().unwrap()];
        let exported = there.command(&export).output().unwrap();
        let told = String::from_utf8_lossy(&exported.stderr);
        assert!(exported.status.success(), "{told}");
        let project: ProjectFile =
            file::read(&String::from_utf8(exported.stdout).unwrap()).unwrap();
        let number: usize = project.project.acronym[1..].parse().unwrap();
        // The one that was being written when it began may be in it before it is counted.
        assert!(
            (before..=after + 1).contains(&number),
            "{before} {number} {after}"
        );
        let proofs = project.outputs[0].evidence.iter();
        assert_eq!(proofs.filter(|one| one.sha256.is_some()).count(), number);
        assert_eq!(super::names(&out).len(), number);
    }
}
