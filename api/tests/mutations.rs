//! The coordinator's verbs through the API, on both databases.

#![expect(clippy::unwrap_used, reason = "tests say what they expect by failing")]

mod support;

use api::Operation;
use domain::{ids::Ids, store::Store, viewer::Viewer};
use serde_json::{Value, json};
use support::Api;
use tests::on_each_database;

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

on_each_database! {
    async fn an_exchange_is_moved_with_its_reason_and_the_old_dates_stay(database: TestDatabase) {
    let api = Api::over(database).await;
    let exchange = output(&api, "STAFF_EXCHANGE", "PLANNED").await;
    let answer = ask(&api, MOVE, json!({
        "id": exchange["id"], "starts": "2021-10-04", "ends": "2021-10-08",
        "reason": "The host's office moves", "version": exchange["version"],
    })).await;
    let payload = &answer["data"]["rescheduleOutput"];
    assert_eq!(codes(payload), [""; 0], "{answer}");
    let moved = &payload["output"];
    assert_eq!((&moved["starts"], &moved["ends"]), (&json!("2021-10-04"), &json!("2021-10-08")));
    let last = moved["history"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["verb"], "RESCHEDULED");
    assert_eq!(last["reason"], "The host's office moves");
    assert_eq!(last["oldStarts"], exchange["starts"]);
    // Whoever read it before is told, with what it is now.
    let answer = ask(&api, MOVE, json!({
        "id": exchange["id"], "starts": "2021-11-08", "reason": "Another wish",
        "version": exchange["version"],
    })).await;
    let payload = &answer["data"]["rescheduleOutput"];
    assert_eq!(codes(payload), ["CONFLICT"], "{answer}");
    assert_eq!(payload["output"]["starts"], "2021-10-04");
    // What is kept in memory is what the database has.
    let kept = api.store.project("connection").await.unwrap();
    let other = Store::new(api.store.db().clone(), api.store.clock().clone(), Ids::FromKeys);
    let loaded = other.project("connection").await.unwrap();
    assert_eq!(kept.rows(), loaded.rows());
    }
}

on_each_database! {
    async fn all_that_is_wrong_with_a_move_is_told_at_once(database: TestDatabase) {
    let api = Api::over(database).await;
    let exchange = output(&api, "STAFF_EXCHANGE", "PLANNED").await;
    let before = api.store.project("connection").await.unwrap().revision();
    let answer = ask(&api, MOVE, json!({
        "id": exchange["id"], "starts": "2024-10-04", "ends": "2024-10-05", "reason": " ",
    })).await;
    let payload = &answer["data"]["rescheduleOutput"];
    assert_eq!(
        codes(payload),
        ["REASON_REQUIRED", "OUTSIDE_PROJECT", "OUTSIDE_PROJECT", "LEG_TOO_SHORT"],
        "{answer}"
    );
    assert!(payload["output"].is_null());
    assert_eq!(api.store.project("connection").await.unwrap().revision(), before);
    }
}
