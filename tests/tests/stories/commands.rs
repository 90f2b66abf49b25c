//! Commands on a data folder: by the clock of what runs on it, and without traces where they fail.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Command, Output},
    sync::Arc,
};

use api::{Gateway, Limits, Operation};
use domain::{
    brief, clock::Clock, command::Import, database, ids::Ids, store::Store, viewer::Viewer,
};
use entities::report;
use reqwest::Client;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use tests::{TestDatabase, project::connection};

use crate::{
    embedded::up,
    process::{binary, free_port},
    sign_in::printed,
};

fn command(data: &Path, arguments: &[&str]) -> Command {
    let mut command = binary("connection");
    command.args(arguments).arg("--data").arg(data);
    command
}

/// What a command says on its way out; the story fails where it does not fail.
fn refused(mut command: Command) -> String {
    let Output { status, stderr, .. } = command.output().unwrap();
    let said = String::from_utf8(stderr).unwrap();
    assert!(!status.success(), "{said}");
    said
}

/// The path of the link that a command prints.
fn path_of(printed: &str) -> String {
    let (_, token) = printed.split_once("/sign-in/").unwrap();
    format!("/sign-in/{}", token.trim())
}

async fn reports(data: &Path) -> u64 {
    let url = format!("sqlite://{}", data.join("connection.db").display());
    let db = database::connect(&url).await.unwrap();
    report::Entity::find().count(&db).await.unwrap()
}

#[tokio::test]
async fn commands_go_by_the_clock_of_what_runs_beside_them() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let up = up(&data, &["--at", "2021-09-06T12:00:00Z"]);
    let run = |arguments: &[&str]| printed(command(&data, arguments), &[]);
    let add = [
        "user",
        "add",
        "--key",
        "desk",
        "--name",
        "Desk",
        "--project",
        "connection",
        "--role",
        "partner",
        "--organisation",
        "torino",
    ];
    for link in [run(&add), run(&["user", "link", "desk"])] {
        let page = reqwest::get(format!("{}{}", up.base, path_of(&link)));
        assert_eq!(page.await.unwrap().status(), 200, "{link}");
    }
    let token = run(&[
        "token",
        "create",
        "--person",
        "desk",
        "--project",
        "connection",
        "--name",
        "Dashboard",
    ]);
    let query = "{ viewer { key roles { kind projectKey } } }";
    let answer = Client::new()
        .post(format!("{}/graphql", up.base))
        .bearer_auth(token.trim())
        .json(&json!({ "query": query }))
        .send()
        .await
        .unwrap();
    let answer: Value = answer.json().await.unwrap();
    let viewer = &answer["data"]["viewer"];
    assert_eq!(viewer["key"], "desk", "{answer}");
    assert_eq!(viewer["roles"][0]["kind"], "PARTNER");
    let listed = run(&["token", "list", "--person", "desk"]);
    assert!(listed.contains("2021-12-05"), "{listed}");
    let of_today = ["report", "connection", "--format", "json"];
    let data_of = |text: String| serde_json::from_str::<Value>(&text).unwrap();
    assert_eq!(data_of(run(&of_today))["asOf"], "2021-09-06");

    let other = format!("127.0.0.1:{}", free_port());
    let again = ["up", "--listen", &other, "--at", "2022-01-01"];
    let said = refused(command(&data, &again));
    assert!(said.contains("by another clock"), "{said}");

    // Once it is over, they go by the machine's clock again.
    assert!(up.running.stop().success());
    assert_eq!(data_of(run(&of_today))["asOf"], "2022-12-31");
}

#[tokio::test]
async fn a_command_that_fails_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let file = folder.path().join("connection.json");
    fs::write(&file, domain::data::CONNECTION).unwrap();
    let nowhere = folder.path().join("nowhere/report.html");
    let nowhere = nowhere.to_str().unwrap();
    let folder_itself = folder.path().to_str().unwrap();
    for reading in [
        vec!["report", "connection"],
        vec!["export", "connection"],
        vec!["user", "list"],
        vec!["user", "link", "desk"],
        vec!["token", "list", "--person", "desk"],
        vec!["generate", "--remove"],
        vec!["generate", "--scale", "0"],
    ] {
        refused(command(&data, &reading));
        assert!(!data.exists(), "{reading:?}");
    }
    printed(command(&data, &["import", file.to_str().unwrap()]), &[]);
    for wrong in [
        vec!["--locale", "de"],
        vec!["--format", "pdf"],
        vec!["--output", nowhere],
        vec!["--output", folder_itself],
        vec!["--from", "2022-02-01", "--to", "2022-01-01"],
    ] {
        let arguments = [&["report", "connection"][..], &wrong].concat();
        refused(command(&data, &arguments));
        assert_eq!(reports(&data).await, 0, "{wrong:?}");
    }
    let written = folder.path().join("written.json");
    let output = written.to_str().unwrap();
    refused(command(&data, &["report", "nobody", "--output", output]));
    refused(command(&data, &["export", "nobody", "--output", output]));
    refused(command(
        &data,
        &["export", "connection", "--output", nowhere],
    ));
    assert!(!written.exists());

    let report = [
        "report",
        "connection",
        "--format",
        "json",
        "--output",
        output,
    ];
    printed(command(&data, &report), &[]);
    assert_eq!(reports(&data).await, 1);
    let text = fs::read_to_string(&written).unwrap();
    assert!(text.contains("connection-report/1"));
    // A shorter file leaves nothing of a longer one.
    fs::write(&written, text.repeat(3)).unwrap();
    printed(
        command(&data, &["export", "connection", "--output", output]),
        &[],
    );
    let export: Value = serde_json::from_str(&fs::read_to_string(&written).unwrap()).unwrap();
    assert_eq!(export["project"]["key"], "connection");
}

/// The ids that a report's data name.
fn ids_in(data: &Value, ids: &mut BTreeSet<String>) {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    match data {
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), value) {
                    ("id", value) => ids.extend([text(value)]),
                    ("counted", Value::Array(all)) => ids.extend(all.iter().map(text)),
                    (_, value) => ids_in(value, ids),
                }
            }
        }
        Value::Array(all) => all.iter().for_each(|value| ids_in(value, ids)),
        _ => {}
    }
}

#[tokio::test]
async fn every_id_in_the_data_of_a_report_is_found_by_the_api() {
    let database = TestDatabase::sqlite().await;
    let now = "2023-01-01T09:00:00Z".parse().unwrap();
    let store = Store::new(database.db.clone(), Clock::frozen(now), Ids::FromKeys);
    store
        .import(&connection(), Import::default())
        .await
        .unwrap();
    let store = Arc::new(store);
    let project = store.project("connection").await.unwrap();
    let period = (project.project.starts_on, project.project.ends_on);
    let data = worker::report::json(&brief::report(&project, period), "en");
    let mut ids = BTreeSet::new();
    ids_in(&serde_json::from_str(&data).unwrap(), &mut ids);
    let gateway = Gateway::new(Limits::default());
    let mut kinds = BTreeSet::new();
    for id in &ids {
        let query = format!("{{ node(id: {id:?}) {{ __typename id }} }}");
        let answer = gateway.answer(&store, Viewer::Anonymous, Operation::new(query));
        let answer = serde_json::to_value(Box::pin(answer).await).unwrap();
        let node = &answer["data"]["node"];
        assert_eq!(node["id"], json!(id), "{answer}");
        kinds.insert(node["__typename"].as_str().unwrap().to_owned());
    }
    for kind in [
        "ActionPlan",
        "BudgetLine",
        "Champion",
        "City",
        "Community",
        "Country",
        "Event",
        "Partner",
        "ProjectMonth",
        "StaffExchange",
        "Visit",
    ] {
        assert!(kinds.contains(kind), "{kind}: {kinds:?}");
    }
}
