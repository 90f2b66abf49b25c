//! `connection doctor` looks at what the projects hold, too.

use std::process::Output;

use domain::{
    account::user,
    actor::Actor,
    clock::Clock,
    command::{Import, SharedChanges},
    database,
    ids::Ids,
    store::Store,
};
use entities::RoleKind;
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

#[tokio::test]
async fn the_doctor_names_the_proposals_that_wait_for_the_operator() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap().to_owned();
    let arguments = ["--data", data.as_str()];
    let url = format!("sqlite://{data}/connection.db");
    let db = database::connect(&url).await.unwrap();
    migration::migrate(&db).await.unwrap();
    let store = Store::new(db.clone(), Clock::System, Ids::Fresh);
    let mut file = connection();
    store.import(&file, Import::default()).await.unwrap();
    // Another project proposes to call Torino otherwise.
    file.project.key = "riverside".to_owned();
    file.notes.clear();
    let mut organisations = file.organisations.iter_mut();
    let torino = organisations.find(|row| row.key == "torino").unwrap();
    torino.name = "Turin".to_owned();
    let propose = Import {
        shared: SharedChanges::Propose,
        reason: "Its English name".to_owned(),
        ..Import::default()
    };
    let imported = store.import(&file, propose).await.unwrap();
    assert_eq!(imported.proposed.len(), 1);
    // CONNECTION has a coordinator, who decides.
    let (code, lines) = doctor(&[], &arguments);
    assert_eq!((code, lines.len()), (Some(0), 1), "{lines:?}");
    for statement in [
        "delete from role where kind = 'COORDINATOR'",
        "update project set revision = revision + 1",
    ] {
        db.execute_unprepared(statement).await.unwrap();
    }
    let project = store.fresh("connection").await.unwrap();
    let proposal = &project.proposals[0];
    let (code, lines) = doctor(&[], &arguments);
    assert_eq!((code, lines.len()), (Some(0), 2), "{lines:?}");
    let expected = format!(
        "connection has no coordinator: the proposal {} waits for the operator, until {}",
        proposal.key, proposal.until
    );
    assert!(
        lines[0].starts_with("warn") && lines[0].ends_with(&expected),
        "{lines:?}"
    );
    assert!(lines[1].starts_with("ok"), "{lines:?}");
    // Whoever coordinates it now decides.
    let coordinator = user::NewUser {
        key: Some("desk".to_owned()),
        name: None,
        address: Some("desk@torino.example".to_owned()),
        locale: "en".to_owned(),
        time_zone: "Europe/Rome".to_owned(),
        role: Some(("connection".to_owned(), RoleKind::Coordinator)),
        may_create_projects: false,
    };
    user::add(&store, &Actor::COMMAND, coordinator)
        .await
        .unwrap();
    let (code, lines) = doctor(&[], &arguments);
    assert_eq!((code, lines.len()), (Some(0), 1), "{lines:?}");
}
