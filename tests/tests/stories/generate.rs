//! Synthetic projects by the command line.

use std::{collections::BTreeMap, fs, process::Output};

use domain::{clock::Clock, ids::Ids, store::Store};
use rstest::rstest;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use serde_json::Value;
use tests::{Backend, TestDatabase};

use crate::process::binary;

const DATA_SET: &str = include_str!("../../../domain/data/connection.json");

/// Whether a command went well, and all that it said.
fn run(database: &TestDatabase, arguments: &[&str]) -> (bool, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = binary("connection")
        .args(arguments)
        .env("DATABASE_URL", &database.url)
        .output()
        .unwrap();
    let said = [stdout, stderr].concat();
    (status.success(), String::from_utf8(said).unwrap())
}

async fn keys(database: &TestDatabase) -> Vec<String> {
    let store = Store::new(database.db.clone(), Clock::System, Ids::Fresh);
    let mut keys = store.keys().await.unwrap();
    keys.sort();
    keys
}

/// How many rows each table has.
async fn rows(db: &DatabaseConnection) -> BTreeMap<String, i64> {
    let kind = db.get_database_backend();
    let tables = match kind {
        DbBackend::Sqlite => "select name from sqlite_master where type = 'table'",
        _ => "select tablename as name from pg_tables where schemaname = 'public'",
    };
    let mut rows = BTreeMap::new();
    let all = Statement::from_string(kind, tables);
    for table in db.query_all_raw(all).await.unwrap() {
        let name: String = table.try_get("", "name").unwrap();
        let count = Statement::from_string(kind, format!("select count(*) as n from \"{name}\""));
        let count = db.query_one_raw(count).await.unwrap().unwrap();
        rows.insert(name, count.try_get("", "n").unwrap());
    }
    rows
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn synthetic_projects_say_what_they_are_and_are_made_once(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let generate = ["generate", "--projects", "2", "--scale", "0.1"];
    let (ok, said) = run(&database, &generate);
    assert!(
        ok && said.contains("2 synthetic projects with 12 outputs"),
        "{said}"
    );
    assert_eq!(keys(&database).await, ["synthetic-0001", "synthetic-0002"]);
    let (ok, exported) = run(&database, &["export", "synthetic-0002"]);
    let file: Value = serde_json::from_str(&exported).unwrap();
    assert!(
        ok && file["project"]["acronym"] == "SYNTHETIC 2",
        "{exported}"
    );
    assert_eq!(file["outputs"].as_array().unwrap().len(), 6);
    for organisation in file["organisations"].as_array().unwrap() {
        let name = organisation["name"].as_str().unwrap();
        assert!(name.starts_with("Synthetic organisation"), "{name}");
    }
    for person in file["people"].as_array().unwrap() {
        let address = person["address"].as_str().unwrap_or("none.example");
        assert!(address.ends_with(".example"), "{address}");
    }
    let (ok, said) = run(&database, &generate);
    assert!(
        ok && said.contains("0 synthetic projects with 0 outputs"),
        "{said}"
    );
    assert_eq!(run(&database, &["export", "synthetic-0002"]).1, exported);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn synthetic_projects_stand_beside_real_ones_only_when_told_and_leave_without_a_trace(
    #[case] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let path = database.folder.path().join("connection.json");
    fs::write(&path, DATA_SET).unwrap();
    let (ok, said) = run(&database, &["import", path.to_str().unwrap()]);
    assert!(ok, "{said}");
    let before = rows(&database.db).await;

    let generate = ["generate", "--projects", "12", "--scale", "0.1"];
    let (ok, said) = run(&database, &generate);
    assert!(
        !ok && said.contains("1 project(s) that are not synthetic"),
        "{said}"
    );
    assert!(said.contains("--beside"), "{said}");
    assert_eq!(
        rows(&database.db).await,
        before,
        "what was refused has written"
    );

    let (ok, said) = run(&database, &[&generate[..], &["--beside"]].concat());
    assert!(ok && said.contains("12 synthetic projects"), "{said}");
    assert_eq!(keys(&database).await.len(), 13);
    let (ok, said) = run(&database, &["generate", "--remove"]);
    assert!(
        ok && said.contains("12 synthetic projects removed"),
        "{said}"
    );
    assert_eq!(keys(&database).await, ["connection"]);
    assert_eq!(
        rows(&database.db).await,
        before,
        "something was left, or too much removed"
    );
    let (ok, exported) = run(&database, &["export", "connection"]);
    assert!(ok && exported == DATA_SET, "the project is not as it was");
    let store = Store::new(database.db.clone(), Clock::System, Ids::Fresh);
    assert_eq!(store.project("connection").await.unwrap().revision(), 1);
}
