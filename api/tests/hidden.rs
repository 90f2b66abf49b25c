//! Nothing tells whether a closed project exists: whoever may not see it is answered by the same
//! statements as for a project that does not exist.

use std::sync::{Arc, Mutex};

use crate::support::Api;
use api::Operation;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{
    command::Import,
    data, file,
    viewer::{Credential, SignedIn, Viewer},
};
use entities::{PersonId, SessionId};
use rstest::rstest;
use serde_json::Value;
use tests::{Backend, TestDatabase};
use uuid::Uuid;

/// The statements of a database, in their order.
type Statements = Arc<Mutex<Vec<String>>>;

fn watched(database: &mut TestDatabase) -> Statements {
    let statements = Statements::default();
    let seen = Arc::clone(&statements);
    database
        .db
        .set_metric_callback(move |info| seen.lock().unwrap().push(info.statement.sql.clone()));
    statements
}

/// An API with a closed project, which is loaded already or not.
async fn with_closed(database: TestDatabase, is_cached: bool) -> (Api, Uuid) {
    let api = Api::over(database).await;
    let text = data::CONNECTION.replace("project:connection", "project:closed");
    let mut file = file::read(&text).unwrap();
    file.project.key = "closed".into();
    file.project.public = false;
    api.store.import(&file, Import::default()).await.unwrap();
    let id = api.store.project("closed").await.unwrap().id();
    if !is_cached {
        // Only the most recently used one stays.
        api.store.set_cache_capacity(1);
        api.store.project("connection").await.unwrap();
    }
    (api, id.0)
}

/// The id of a record of a project, as a client writes it.
fn id(kind: &str, project: Uuid, row: Uuid) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("{kind}:{project}:{row}"))
}

/// The questions to a key and an id of a project.
fn questions(key: &str, project: Uuid) -> Vec<String> {
    let row = Uuid::from_u128(7);
    let output = id("Visit", project, row);
    let whole = id("Project", project, project);
    vec![
        format!("{{ project(key: {key:?}) {{ key }} }}"),
        format!("{{ node(id: {output:?}) {{ id }} }}"),
        format!("{{ node(id: {whole:?}) {{ id }} }}"),
        format!(
            "mutation {{ createSource(input: {{ project: {key:?}, key: \"a\", title: \"A\" }}) {{
                userErrors {{ code }} }} }}"
        ),
        format!(
            "mutation {{ cancelOutput(input: {{ id: {output:?}, reason: \"x\" }}) {{ userErrors {{ code }} }} }}"
        ),
    ]
}

#[rstest]
#[case::on_sqlite_cached(Backend::Sqlite, true)]
#[case::on_sqlite(Backend::Sqlite, false)]
#[case::on_postgres_cached(Backend::Postgres, true)]
#[case::on_postgres(Backend::Postgres, false)]
#[tokio::test]
async fn a_closed_project_is_answered_by_the_work_for_one_that_does_not_exist(
    #[case] backend: Backend,
    #[case] is_cached: bool,
) {
    let Some(mut database) = backend.database().await else {
        return;
    };
    let statements = watched(&mut database);
    let (api, closed) = with_closed(database, is_cached).await;
    let stranger = Viewer::Person(SignedIn {
        person: PersonId(Uuid::from_u128(1)),
        by: Credential::Session(SessionId(Uuid::from_u128(2))),
    });
    let work = async |viewer: Viewer, question: &str| -> (Value, Vec<String>) {
        statements.lock().unwrap().clear();
        let answer = Box::pin(api.ask(viewer, Operation::new(question))).await;
        let answer = serde_json::to_value(answer).unwrap();
        (answer, statements.lock().unwrap().clone())
    };
    let absent = Uuid::from_u128(8);
    for viewer in [Viewer::Anonymous, stranger] {
        let pairs = questions("closed", closed);
        for (of_closed, of_absent) in pairs.iter().zip(questions("absent", absent)) {
            for _ in 0..2 {
                let (answer, statements) = work(viewer, of_closed).await;
                let (other, others) = work(viewer, &of_absent).await;
                assert_eq!(answer, other, "{of_closed}");
                assert_eq!(statements, others, "{of_closed}");
                let code = &answer["errors"][0]["extensions"]["code"];
                let is_null = answer["errors"][0].is_null() && answer["data"]["node"].is_null();
                assert!(code == "NOT_FOUND" || is_null, "{answer}");
                assert!(!statements.is_empty(), "{of_closed}");
            }
        }
    }
    let (answer, _) = work(Viewer::Operator, "{ project(key: \"closed\") { key } }").await;
    assert_eq!(answer["data"]["project"]["key"], "closed");
}
