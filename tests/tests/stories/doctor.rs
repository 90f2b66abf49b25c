//! `connection doctor` looks at what the projects hold, too.

use std::process::Output;

use domain::{clock::Clock, command::Import, database, ids::Ids, store::Store};
use sea_orm::ConnectionTrait;
use tests::project::connection;

use crate::process::binary;

/// Runs the doctor; its exit code and the lines about projects.
fn doctor(set: &[(&str, &str)], arguments: &[&str]) -> (Option<i32>, Vec<String>) {
    let Output { status, stdout, .. } = binary("connection")
        .arg("doctor")
        .args(arguments)
        .envs(set.iter().copied())
        .output()
        .unwrap();
    let text = String::from_utf8(stdout).unwrap();
    let lines = text
        .lines()
        .filter(|line| line.split_whitespace().nth(1) == Some("projects"));
    (status.code(), lines.map(str::to_owned).collect())
}

#[tokio::test]
async fn the_doctor_lists_what_the_rules_refuse_in_the_projects() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap().to_owned();
    let url = format!("sqlite://{data}/connection.db");
    let arguments = ["--data", data.as_str()];
    assert_eq!(doctor(&[], &arguments), (Some(1), vec![]));
    assert!(!folder.path().join("connection.db").exists());
    let db = database::connect(&url).await.unwrap();
    // It brings no database up to date.
    let (code, lines) = doctor(&[], &arguments);
    assert_eq!(code, Some(0));
    assert!(lines[0].starts_with("warn") && lines[0].contains("at the next start"));
    migration::migrate(&db).await.unwrap();
    let store = Store::new(db.clone(), Clock::System, Ids::Fresh);
    store
        .import(&connection(), Import::default())
        .await
        .unwrap();
    let (code, lines) = doctor(&[], &arguments);
    assert_eq!((code, lines.len()), (Some(0), 1), "{lines:?}");
    assert!(lines[0].starts_with("ok"), "{lines:?}");

    // As releases with fewer rules left it.
    for bad in [
        "update open_call set places = -5 where position = 0",
        "update person set time_zone = 'Mars/Base' where key = 'torino-exchanges'",
    ] {
        let rows = db.execute_unprepared(bad).await.unwrap().rows_affected();
        assert_eq!(rows, 1, "{bad}");
    }
    let (code, lines) = doctor(&[], &arguments);
    assert_eq!((code, lines.len()), (Some(0), 3), "{lines:?}");
    assert!(
        lines.iter().all(|line| line.starts_with("warn")),
        "{lines:?}"
    );
    assert!(
        lines[0].contains("connection /people/")
            && lines[0].contains("/timeZone: Mars/Base is no time zone."),
        "{lines:?}"
    );
    assert!(
        lines[1].contains("connection /calls/0/places: "),
        "{lines:?}"
    );
    assert!(lines[1].ends_with("[OUT_OF_RANGE]"), "{lines:?}");
    assert!(
        lines[2].contains("1 of 1: the rules refuse 2 value(s)"),
        "{lines:?}"
    );

    // Of many the first are printed. The settings are checked as ever, and decide alone.
    for bad in [
        "update organisation set locale = '@@'",
        "update person set locale = '@@'",
    ] {
        db.execute_unprepared(bad).await.unwrap();
    }
    let (code, lines) = doctor(&[("DATABASE_URL", &url)], &[]);
    assert_eq!((code, lines.len()), (Some(1), 52), "{lines:?}");
    assert!(lines[50].ends_with("and 11 more"), "{lines:?}");
    let (_, lines) = doctor(&[], &[]);
    assert_eq!(lines, Vec::<String>::new());
}
