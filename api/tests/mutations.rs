//! The coordinator's verbs through the API, on both databases.

use crate::support::{Api, link_key};
use api::{Access, Config, Operation, serve};
use domain::{
    files::Files,
    ids::Ids,
    store::Store,
    viewer::{Credential, SignedIn, Viewer},
};
use entities::audit_entry;
use rstest::rstest;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use tests::Backend;
use tokio::net::TcpListener;
use uuid::Uuid;

/// Asks as the operator and gives the whole answer.
async fn ask(api: &Api, document: &str, variables: Value) -> Value {
    let operation = Operation::new(document).with_variables(variables);
    let response = api.ask(Viewer::Operator, operation).await;
    serde_json::to_value(&response).unwrap()
}

/// An output of CONNECTION by its kind, the first in its state.
async fn output(api: &Api, kind: &str, state: &str) -> Value {
    let query = "query($kind: OutputKind!, $state: OutputState!) { project(key: \"connection\") {
        outputs(first: 1, filter: { kinds: [$kind], states: [$state] }) {
            nodes { id key version state starts ends } } } }";
    let answer = ask(api, query, json!({ "kind": kind, "state": state })).await;
    let found = answer["data"]["project"]["outputs"]["nodes"][0].clone();
    assert!(found["id"].is_string(), "{answer}");
    found
}

fn codes(payload: &Value) -> Vec<&str> {
    let errors = payload["userErrors"].as_array().unwrap();
    errors
        .iter()
        .map(|error| error["code"].as_str().unwrap())
        .collect()
}

const MOVE: &str = "mutation($id: ID!, $starts: PartialDate!, $ends: PartialDate, $reason: String!,
        $version: String) {
    rescheduleOutput(input: { id: $id, starts: $starts, ends: $ends, reason: $reason,
        expectedVersion: $version }) {
        output { id version state starts ends history { verb reason oldStarts newStarts } }
        userErrors { field code message } warnings { field code message } } }";

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn an_exchange_is_moved_with_its_reason_and_the_old_dates_stay(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::as_known_then(database).await;
    let exchange = output(&api, "STAFF_EXCHANGE", "PLANNED").await;
    let answer = ask(
        &api,
        MOVE,
        json!({
            "id": exchange["id"], "starts": "2021-10-04", "ends": "2021-10-08",
            "reason": "The host's office moves", "version": exchange["version"],
        }),
    )
    .await;
    let payload = &answer["data"]["rescheduleOutput"];
    assert_eq!(codes(payload), [""; 0], "{answer}");
    let moved = &payload["output"];
    assert_eq!(
        (&moved["starts"], &moved["ends"]),
        (&json!("2021-10-04"), &json!("2021-10-08"))
    );
    let last = moved["history"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["verb"], "RESCHEDULED");
    assert_eq!(last["reason"], "The host's office moves");
    assert_eq!(last["oldStarts"], exchange["starts"]);
    // Whoever read it before is told, with what it is now.
    let answer = ask(
        &api,
        MOVE,
        json!({
            "id": exchange["id"], "starts": "2021-11-08", "reason": "Another wish",
            "version": exchange["version"],
        }),
    )
    .await;
    let payload = &answer["data"]["rescheduleOutput"];
    assert_eq!(codes(payload), ["CONFLICT"], "{answer}");
    assert_eq!(payload["output"]["starts"], "2021-10-04");
    // What is kept in memory is what the database has.
    let kept = api.store.project("connection").await.unwrap();
    let other = Store::new(
        api.store.db().clone(),
        api.store.clock().clone(),
        Ids::FromKeys,
    );
    let loaded = other.project("connection").await.unwrap();
    assert_eq!(kept.rows(), loaded.rows());
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn all_that_is_wrong_with_a_move_is_told_at_once(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::as_known_then(database).await;
    let exchange = output(&api, "STAFF_EXCHANGE", "PLANNED").await;
    let before = api.store.project("connection").await.unwrap().revision();
    let answer = ask(
        &api,
        MOVE,
        json!({
            "id": exchange["id"], "starts": "2024-10-04", "ends": "2024-10-05", "reason": " ",
        }),
    )
    .await;
    let payload = &answer["data"]["rescheduleOutput"];
    assert_eq!(
        codes(payload),
        [
            "REASON_REQUIRED",
            "OUTSIDE_PROJECT",
            "OUTSIDE_PROJECT",
            "LEG_TOO_SHORT"
        ],
        "{answer}"
    );
    assert!(payload["output"].is_null());
    assert_eq!(
        api.store.project("connection").await.unwrap().revision(),
        before
    );
}

/// The API as a process of its own would serve it, to the operator.
struct Served {
    api: Api,
    url: String,
    client: reqwest::Client,
    _files: tempfile::TempDir,
    _stop: tokio::sync::oneshot::Sender<()>,
}

impl Served {
    async fn over(database: tests::TestDatabase) -> Self {
        let api = Api::as_known_then(database).await;
        let folder = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let config = Config {
            loopback_is_operator: true,
            files: Some(Files::in_folder(folder.path(), 1000)),
            ..Config::new(api.store.clone(), link_key())
        };
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        tokio::spawn(serve(listener, config, async {
            let _ = stopped.await;
        }));
        Self {
            api,
            url,
            client: reqwest::Client::new(),
            _files: folder,
            _stop: stop,
        }
    }

    async fn post(&self, key: &str, document: &str, variables: Value) -> Value {
        let request = self.client.post(format!("{}/graphql", self.url));
        let body = json!({ "query": document, "variables": variables });
        let request = request.header("idempotency-key", key).json(&body);
        request.send().await.unwrap().json().await.unwrap()
    }
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn five_at_once_under_one_key_do_it_once(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let served = Served::over(database).await;
    let exchange = output(&served.api, "STAFF_EXCHANGE", "PLANNED").await;
    let before = served
        .api
        .store
        .project("connection")
        .await
        .unwrap()
        .revision();
    let variables = json!({
        "id": exchange["id"], "starts": "2021-10-04", "ends": "2021-10-08", "reason": "Once",
    });
    let five = (0..5).map(|_| served.post("k-1", MOVE, variables.clone()));
    let answers = futures::future::join_all(five).await;
    for answer in &answers {
        assert_eq!(answer, &answers[0]);
        assert_eq!(
            codes(&answer["data"]["rescheduleOutput"]),
            [""; 0],
            "{answer}"
        );
    }
    let after = served.api.store.fresh("connection").await.unwrap();
    assert_eq!(after.revision(), before + 1);
    // The same key for something else is refused, and nothing is done.
    let other = json!({ "id": exchange["id"], "starts": "2021-12-06", "reason": "Another" });
    let answer = served.post("k-1", MOVE, other.clone()).await;
    assert_eq!(
        codes(&answer["data"]["rescheduleOutput"]),
        ["IDEMPOTENCY_KEY_REUSED"],
        "{answer}"
    );
    // Without a key, and under another one, it is another act.
    let answer = served.post("k-2", MOVE, other).await;
    assert_eq!(
        answer["data"]["rescheduleOutput"]["output"]["starts"], "2021-12-06",
        "{answer}"
    );
    // What was refused is not remembered: the corrected input may use the key again.
    let wrong =
        json!({ "id": exchange["id"], "starts": "2021-12-13", "ends": "2021-12-17", "reason": "" });
    let answer = served.post("k-3", MOVE, wrong).await;
    assert_eq!(
        codes(&answer["data"]["rescheduleOutput"]),
        ["REASON_REQUIRED"]
    );
    let right = json!({ "id": exchange["id"], "starts": "2021-12-13", "ends": "2021-12-17", "reason": "Now" });
    let answer = served.post("k-3", MOVE, right).await;
    assert_eq!(
        codes(&answer["data"]["rescheduleOutput"]),
        [""; 0],
        "{answer}"
    );
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_key_holds_for_an_event_stream_too(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let served = Served::over(database).await;
    let exchange = output(&served.api, "STAFF_EXCHANGE", "PLANNED").await;
    let before = served
        .api
        .store
        .project("connection")
        .await
        .unwrap()
        .revision();
    let variables = json!({ "id": exchange["id"], "starts": "2021-10-04", "reason": "Once" });
    let body = json!({ "query": MOVE, "variables": variables });
    for _ in 0..2 {
        let request = served.client.post(format!("{}/graphql", served.url));
        let request = request.header("idempotency-key", "k-s").json(&body);
        let answer = request
            .header("accept", "text/event-stream")
            .send()
            .await
            .unwrap();
        let told = answer.text().await.unwrap();
        assert!(
            told.contains("event: next") && told.contains("2021-10-04"),
            "{told}"
        );
        assert!(told.contains("\"userErrors\":[]"), "{told}");
    }
    let after = served.api.store.fresh("connection").await.unwrap();
    assert_eq!(after.revision(), before + 1);
    let entries = audit_entry::Entity::find()
        .filter(audit_entry::Column::Verb.eq("rescheduleOutput"))
        .all(served.api.store.db())
        .await
        .unwrap();
    assert_eq!(entries.len(), 1);
    assert!(entries[0].request_id.is_some());
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn who_lost_their_role_gets_no_name_by_asking_again(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::as_known_then(database).await;
    let project = api.store.project("connection").await.unwrap();
    let id_of = |key: &str| project.people.iter().find(|row| row.key == key).unwrap().id;
    let coordinator = Viewer::Person(SignedIn {
        person: id_of("eurocities-coordination"),
        by: Credential::Session(Uuid::from_u128(1).into()),
    });
    let people = "{ project(key: \"connection\") { people(first: 100) { nodes { id key } } } }";
    let people = ask(&api, people, json!({})).await;
    let people = people["data"]["project"]["people"]["nodes"]
        .as_array()
        .unwrap();
    let node = |key: &str| people.iter().find(|one| one["key"] == key).unwrap()["id"].clone();
    let document = "mutation($person: ID!, $role: RoleInput!) {
            grantRole(input: { person: $person, role: $role }) {
                person { name address } userErrors { code } } }";
    let role = json!({ "kind": "COORDINATOR" });
    let operation = Operation::new(document)
        .with_variables(json!({ "person": node("zurich-exchanges"), "role": role }));
    let again = async |viewer: Viewer| {
        let ready = api
            .gateway
            .prepare(operation.clone(), viewer, Access::Write)
            .unwrap();
        let ready = ready.of_request(None, Some("k".to_owned()));
        let answered = api.gateway.run(&api.store, viewer, ready).await;
        serde_json::to_value(&answered.response).unwrap()
    };
    let first = again(coordinator).await;
    assert!(
        first["data"]["grantRole"]["person"]["name"].is_string(),
        "{first}"
    );
    assert_eq!(again(coordinator).await, first);
    let revoke = "mutation($person: ID!) { revokeRole(input: { person: $person,
            role: { kind: COORDINATOR, partner: \"eurocities\" } }) { userErrors { code } } }";
    let revoked = json!({ "person": node("eurocities-coordination") });
    let revoked = ask(&api, revoke, revoked).await;
    assert_eq!(codes(&revoked["data"]["revokeRole"]), [""; 0], "{revoked}");
    let last = again(coordinator).await;
    assert!(last["data"]["grantRole"].is_null(), "{last}");
    assert_eq!(
        last["errors"][0]["extensions"]["code"], "NOT_FOUND",
        "{last}"
    );
    // Nor does anybody who knows what the operator asked, and under which key.
    assert!(again(Viewer::Operator).await["data"]["grantRole"].is_object());
    let last = again(Viewer::Anonymous).await;
    assert!(last["data"]["grantRole"].is_null(), "{last}");
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_is_removed_five_times_at_once_under_one_key_is_removed_once(
    #[case] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let served = Served::over(database).await;
    let add = "mutation($id: ID!) { addEvidence(input: { output: $id,
            proof: { url: \"https://torino.example/report\" } }) {
            output { evidence { id } } userErrors { code } } }";
    let exchange = output(&served.api, "STAFF_EXCHANGE", "PLANNED").await;
    let added = ask(&served.api, add, json!({ "id": exchange["id"] })).await;
    let all = added["data"]["addEvidence"]["output"]["evidence"]
        .as_array()
        .unwrap();
    let evidence = all.last().unwrap()["id"].clone();
    let left = all.len() - 1;
    let remove = "mutation($id: ID!) { removeEvidence(input: { id: $id }) {
            output { evidence { id } } userErrors { code } } }";
    let five = (0..5).map(|_| served.post("k-1", remove, json!({ "id": evidence })));
    let mut answers = futures::future::join_all(five).await;
    // And long after.
    answers.push(served.post("k-1", remove, json!({ "id": evidence })).await);
    for answer in &answers {
        let payload = &answer["data"]["removeEvidence"];
        assert_eq!(codes(payload), [""; 0], "{answer}");
        assert_eq!(
            payload["output"]["evidence"].as_array().unwrap().len(),
            left
        );
    }
    // Without the key it is not there.
    let answer = served.post("k-2", remove, json!({ "id": evidence })).await;
    assert_eq!(
        answer["errors"][0]["extensions"]["code"], "NOT_FOUND",
        "{answer}"
    );
    // A record of a list of its own, too.
    let create = "mutation { createPractice(input: { project: \"connection\", name: \"A desk\",
            kind: \"service\" }) { practice { id } userErrors { field code } } }";
    let made = ask(&served.api, create, json!({})).await;
    let practice = made["data"]["createPractice"]["practice"]["id"].clone();
    assert!(practice.is_string(), "{made}");
    let remove = "mutation($id: ID!) { removePractice(input: { id: $id }) {
            userErrors { code } } }";
    for _ in 0..2 {
        let answer = served.post("k-3", remove, json!({ "id": practice })).await;
        assert_eq!(
            codes(&answer["data"]["removePractice"]),
            [""; 0],
            "{answer}"
        );
    }
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn of_two_who_edit_one_exchange_at_once_one_is_told_what_it_is_now(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let served = Served::over(database).await;
    let exchange = output(&served.api, "STAFF_EXCHANGE", "PLANNED").await;
    let to = |starts: &str, ends: &str| {
        json!({
            "id": exchange["id"], "starts": starts, "ends": ends, "reason": "A wish",
            "version": exchange["version"],
        })
    };
    let (one, other) = tokio::join!(
        served.post("one", MOVE, to("2021-10-04", "2021-10-08")),
        served.post("other", MOVE, to("2021-11-08", "2021-11-12")),
    );
    let payloads = [&one, &other].map(|answer| &answer["data"]["rescheduleOutput"]);
    let (won, lost): (Vec<_>, Vec<_>) = payloads
        .into_iter()
        .partition(|payload| codes(payload).is_empty());
    assert_eq!((won.len(), lost.len()), (1, 1), "{one} {other}");
    assert_eq!(codes(lost[0]), ["CONFLICT"]);
    // The loser is shown what the winner made of it.
    assert_eq!(lost[0]["output"]["starts"], won[0]["output"]["starts"]);
    assert_eq!(lost[0]["output"]["version"], won[0]["output"]["version"]);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn every_change_is_in_the_audit_and_stays_there(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::as_known_then(database).await;
    let exchange = output(&api, "STAFF_EXCHANGE", "PLANNED").await;
    let variables = json!({
        "id": exchange["id"], "starts": "2021-10-04", "ends": "2021-10-08", "reason": "A move",
    });
    ask(&api, MOVE, variables).await;
    let log = "query($id: ID) { project(key: \"connection\") { auditLog(filter: { record: $id }) {
            totalCount nodes { verb kind channel person { key } revision before after } } } }";
    let answer = ask(&api, log, json!({ "id": exchange["id"] })).await;
    let entries = &answer["data"]["project"]["auditLog"];
    assert_eq!(entries["totalCount"], 1, "{answer}");
    let entry = &entries["nodes"][0];
    assert_eq!(entry["verb"], "rescheduleOutput");
    assert_eq!(entry["channel"], "OPERATOR");
    assert_eq!(entry["before"]["starts"], exchange["starts"]);
    assert_eq!(entry["after"]["starts"], "2021-10-04");
    assert_eq!(entry["after"]["output_event"][0]["reason"], "A move");
    let codes = api
        .codes("{ project(key: \"connection\") { auditLog { totalCount } } }")
        .await;
    assert_eq!(codes, ["FORBIDDEN"]);
    // Not even the database changes or removes an entry.
    for sql in [
        "update audit_entry set verb = 'x'",
        "delete from audit_entry",
    ] {
        let refused = api.store.db().execute_unprepared(sql).await.unwrap_err();
        assert!(
            refused.to_string().contains("never changed or removed"),
            "{refused}"
        );
    }
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_file_is_evidence_once_it_was_sent_and_is_given_to_those_with_a_role(
    #[case] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let served = Served::over(database).await;
    let policy = output(&served.api, "GUIDE", "PLANNED").await;
    let upload = |body: &'static [u8], said: &str| {
        let request = served.client.post(format!("{}/uploads", served.url));
        request.header("content-type", said).body(body).send()
    };
    let refused = upload(b"<html><script>", "application/pdf").await.unwrap();
    assert_eq!(refused.status(), 415);
    let refused = upload(&[b'a'; 1001], "text/plain").await.unwrap();
    assert_eq!(refused.status(), 413);
    let stored = upload(b"%PDF-1.7 the report", "text/html").await.unwrap();
    assert_eq!(stored.status(), 201);
    let stored: Value = stored.json().await.unwrap();
    assert_eq!(stored["mediaType"], "application/pdf");
    let add = "mutation($id: ID!, $upload: ID!) {
            addEvidence(input: { output: $id, title: \"Report\", proof: { upload: $upload } }) {
                output { evidence { id kind sha256 mediaType downloadPath } }
                userErrors { field code message } } }";
    let variables = json!({ "id": policy["id"], "upload": stored["upload"] });
    let answer = ask(&served.api, add, variables).await;
    let evidence = answer["data"]["addEvidence"]["output"]["evidence"]
        .as_array()
        .unwrap();
    let evidence = evidence.last().unwrap();
    assert_eq!(evidence["sha256"], stored["sha256"], "{answer}");
    let path = evidence["downloadPath"].as_str().unwrap();
    let got = served
        .client
        .get(format!("{}{path}", served.url))
        .send()
        .await
        .unwrap();
    assert_eq!(got.status(), 200);
    let header = |name: &str| got.headers()[name].to_str().unwrap().to_owned();
    assert!(header("content-disposition").starts_with("attachment"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-security-policy").starts_with("sandbox"));
    assert_eq!(got.bytes().await.unwrap(), &b"%PDF-1.7 the report"[..]);
    // Whoever has no part in the project does not learn that there is one.
    let stranger = served.client.get(format!("{}{path}", served.url));
    let stranger = stranger
        .header("x-forwarded-for", "203.0.113.5")
        .send()
        .await
        .unwrap();
    assert_eq!(stranger.status(), 404);
    let remove = "mutation($id: ID!) { removeEvidence(input: { id: $id }) {
            output { evidence { id } } userErrors { code } } }";
    let answer = ask(&served.api, remove, json!({ "id": evidence["id"] })).await;
    let left = answer["data"]["removeEvidence"]["output"]["evidence"]
        .as_array()
        .unwrap();
    assert!(
        !left.iter().any(|one| one["id"] == evidence["id"]),
        "{answer}"
    );
}
