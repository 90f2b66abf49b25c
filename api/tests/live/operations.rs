//! What operations get over a socket.

use domain::file::ProjectFile;
use futures::StreamExt;
use serde_json::{Value, json};
use tests::project::connection;

use super::client::{Server, Socket};

const FOLLOW: &str = r#"subscription { projectChanged(key: "connection") {
    revision previousRevision recordCount records { kind key change node { __typename } }
    project { key acronym revision } } }"#;

/// CONNECTION under another acronym, and with another title of one exchange.
pub fn changed(acronym: &str) -> ProjectFile {
    let mut file = connection();
    file.project.acronym = acronym.into();
    let exchange = tests::project::output(&mut file, "x_thessaloniki_delta_leg1");
    exchange.note = Some(format!("Noted by {acronym}."));
    file
}

fn code(error: &Value) -> &str {
    error["extensions"]["code"].as_str().unwrap()
}

async fn event(socket: &mut Socket, id: &str) -> Value {
    let message = socket.hears().await;
    assert_eq!(message["type"], "next", "{message}");
    assert_eq!(message["id"], id, "{message}");
    assert_eq!(message["payload"].get("errors"), None, "{message}");
    message["payload"]["data"]["projectChanged"].clone()
}

#[tokio::test]
async fn a_query_is_answered_by_next_and_complete() {
    let server = Server::new().await;
    let mut socket = server.greeted().await;
    let query = "query Q($key: String!) { project(key: $key) { acronym } }";
    let payload =
        json!({ "query": query, "variables": { "key": "connection" }, "operationName": "Q" });
    socket
        .say(json!({ "id": "q", "type": "subscribe", "payload": payload }))
        .await;
    let data = json!({ "project": { "acronym": "CONNECTION" } });
    let next = json!({ "type": "next", "id": "q", "payload": { "data": data } });
    assert_eq!(socket.hears().await, next);
    assert_eq!(
        socket.hears().await,
        json!({ "type": "complete", "id": "q" })
    );
}

#[tokio::test]
async fn what_is_refused_before_it_runs_is_an_error_and_the_socket_goes_on() {
    let server = Server::new().await;
    let mut socket = server.greeted().await;
    for (query, expected) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        (
            "query Q($key: String!) { project(key: $key) { key } }",
            "BAD_USER_INPUT",
        ),
        (
            "subscription { projectChanged { revision } }",
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ("subscription { __typename }", "GRAPHQL_VALIDATION_FAILED"),
    ] {
        socket.subscribe("x", query).await;
        let message = socket.hears().await;
        assert_eq!(message["type"], "error", "{message}");
        assert_eq!(message["id"], "x");
        assert_eq!(code(&message["payload"][0]), expected, "{query}");
    }
    // No `complete` followed the errors.
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hears().await, json!({ "type": "pong" }));
}

#[tokio::test]
async fn a_subscriber_is_told_at_once_and_of_each_change() {
    let server = Server::new().await;
    let mut socket = server.greeted().await;
    socket.subscribe("s", FOLLOW).await;
    let first = event(&mut socket, "s").await;
    let revision = first["revision"].as_i64().unwrap();
    assert_eq!(first["previousRevision"], Value::Null);
    assert_eq!(first["records"], Value::Null);
    assert_eq!(first["recordCount"], Value::Null);
    assert_eq!(first["project"]["acronym"], "CONNECTION");

    server.import(&changed("RENAMED")).await;
    let second = event(&mut socket, "s").await;
    assert_eq!(second["previousRevision"], revision);
    assert!(second["revision"].as_i64().unwrap() > revision);
    assert_eq!(second["project"]["acronym"], "RENAMED");
    assert_eq!(second["project"]["revision"], second["revision"]);
    let record = |kind: &str, key: &str| json!({ "kind": kind, "key": key, "change": "CHANGED", "node": { "__typename": kind } });
    let expected = [
        record("Project", "connection"),
        record("StaffExchange", "x_thessaloniki_delta_leg1"),
    ];
    assert_eq!(second["records"], json!(expected));
    assert_eq!(second["recordCount"], 2);
}

#[tokio::test]
async fn nothing_comes_after_the_client_completed() {
    let server = Server::new().await;
    let mut socket = server.greeted().await;
    socket.subscribe("gone", FOLLOW).await;
    event(&mut socket, "gone").await;
    socket
        .say(json!({ "type": "complete", "id": "gone" }))
        .await;
    socket.subscribe("stays", FOLLOW).await;
    event(&mut socket, "stays").await;
    server.import(&changed("RENAMED")).await;
    event(&mut socket, "stays").await;
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hears().await, json!({ "type": "pong" }));
}

#[tokio::test]
async fn an_unknown_project_and_a_hidden_one_are_not_found() {
    let server = Server::new().await;
    let mut hidden = connection();
    hidden.project.key = "hidden".into();
    hidden.project.public = false;
    for note in &mut hidden.notes {
        note.about.0.clear();
    }
    server.import(&hidden).await;
    let mut socket = server.greeted().await;
    for key in ["hidden", "nowhere"] {
        let query = format!("subscription {{ projectChanged(key: {key:?}) {{ revision }} }}");
        socket.subscribe("1", &query).await;
        let message = socket.hears().await;
        assert_eq!(message["type"], "next", "{message}");
        assert_eq!(
            message["payload"]["data"],
            json!({ "projectChanged": null })
        );
        assert_eq!(code(&message["payload"]["errors"][0]), "NOT_FOUND");
        assert_eq!(
            socket.hears().await,
            json!({ "type": "complete", "id": "1" })
        );
    }
}

#[tokio::test]
async fn who_may_no_longer_see_the_project_is_told_no_more() {
    let server = Server::with(|config| config.loopback_is_operator = true).await;
    let mut operator = server.greeted().await;
    let proxied = [("via", "1.1 proxy.example")];
    let mut anonymous = server.handshake(&proxied).await.1.unwrap();
    anonymous.greet().await;
    for socket in [&mut operator, &mut anonymous] {
        socket.subscribe("1", FOLLOW).await;
        event(socket, "1").await;
    }
    let mut file = connection();
    file.project.public = false;
    server.import(&file).await;
    let told = event(&mut operator, "1").await;
    assert_eq!(told["records"][0]["kind"], "Project");
    let message = anonymous.hears().await;
    assert_eq!(code(&message["payload"]["errors"][0]), "NOT_FOUND");
    assert_eq!(
        anonymous.hears().await,
        json!({ "type": "complete", "id": "1" })
    );
}

#[tokio::test]
async fn people_are_named_to_those_alone_who_may_see_them() {
    let server = Server::with(|config| config.loopback_is_operator = true).await;
    let mut operator = server.greeted().await;
    let proxied = [("x-forwarded-for", "203.0.113.5")];
    let mut anonymous = server.handshake(&proxied).await.1.unwrap();
    anonymous.greet().await;
    for socket in [&mut operator, &mut anonymous] {
        socket.subscribe("1", FOLLOW).await;
        event(socket, "1").await;
    }
    let mut file = connection();
    file.people[0].digest_hour = 11;
    let key = file.people[0].key.clone();
    server.import(&file).await;
    let told = event(&mut operator, "1").await;
    let node = json!({ "__typename": "Person" });
    let person = json!({ "kind": "Person", "key": key, "change": "CHANGED", "node": node });
    assert_eq!(told["records"], json!([person]));
    let told = event(&mut anonymous, "1").await;
    assert_eq!(told["records"], json!([]));
    assert_eq!(told["recordCount"], 0);
}

#[tokio::test]
async fn an_error_inside_an_event_has_its_code_and_the_event_goes_on() {
    let server = Server::new().await;
    let mut socket = server.greeted().await;
    let query = r#"subscription S($locale: String) { projectChanged(key: "connection") {
        project { name(locale: $locale) notifications(first: 1) { totalCount } } } }"#;
    socket.subscribe("1", query).await;
    let message = socket.hears().await;
    assert_eq!(
        code(&message["payload"]["errors"][0]),
        "FORBIDDEN",
        "{message}"
    );
    let project = &message["payload"]["data"]["projectChanged"]["project"];
    assert!(project["name"].is_string(), "{message}");
    assert_eq!(project["notifications"], Value::Null);
}

#[tokio::test]
async fn the_field_may_stand_in_a_fragment() {
    let server = Server::new().await;
    let mut socket = server.greeted().await;
    let query = r#"subscription { ...F } fragment F on Subscription { ... { projectChanged(
        key: "connection") { project { key } } } }"#;
    socket.subscribe("1", query).await;
    let expected = json!({ "project": { "key": "connection" } });
    assert_eq!(event(&mut socket, "1").await, expected);
}

#[tokio::test]
async fn who_reads_slowly_is_told_of_the_newest_revision_only() {
    let server = Server::new().await;
    let operation = api::Operation::new(FOLLOW);
    let gateway = &server.api.gateway;
    let ready = gateway
        .prepare(
            operation,
            domain::viewer::Viewer::Anonymous,
            api::Access::Read,
        )
        .unwrap();
    let viewer = domain::viewer::Viewer::Anonymous;
    let mut events = gateway.subscribe(
        &server.api.store,
        viewer,
        api::RateLimitKey::Operator,
        ready,
    );
    let mut next = async || {
        let event = events.next().await.unwrap();
        event.data.clone().into_json().unwrap()["projectChanged"].clone()
    };
    let first = next().await;
    for acronym in ["ONE", "TWO", "THREE", "FOUR"] {
        server.import(&changed(acronym)).await;
    }
    let second = next().await;
    assert_eq!(second["previousRevision"], first["revision"]);
    assert_eq!(second["project"]["acronym"], "FOUR");
    let newest = server.api.store.project("connection").await.unwrap();
    assert_eq!(second["revision"], newest.revision());
    server.import(&changed("FIVE")).await;
    let third = next().await;
    assert_eq!(third["previousRevision"], second["revision"]);
    assert_eq!(third["project"]["acronym"], "FIVE");
}
