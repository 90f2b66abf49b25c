//! Texts in other languages of what was verified: they may change where the text itself may.

use domain::command::Import;
use entities::Verb;
use rstest::rstest;
use serde_json::{Value, json};
use tests::{
    Backend,
    project::{connection, output, step},
};

use super::ask;
use crate::support::Api;

const LEG: &str = "x_torino_anci_piemonte_leg1";

/// CONNECTION with a verified leg.
async fn verified(database: tests::TestDatabase) -> Api {
    let api = Api::bare(database);
    let mut file = connection();
    let leg = output(&mut file, LEG);
    leg.history = vec![
        step(Verb::Planned, "2020-01-01"),
        step(Verb::Reported, "2021-08-01"),
        step(Verb::Verified, "2021-08-02"),
    ];
    api.store.import(&file, Import::default()).await.unwrap();
    api
}

#[rstest]
#[tokio::test]
async fn a_translation_follows_the_rule_of_its_text(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = verified(database).await;
    let query = "query($key: String!) { project(key: \"connection\") {
        output(kind: STAFF_EXCHANGE, key: $key) { id state } } }";
    let leg = ask(&api, query, json!({ "key": LEG })).await["project"]["output"].clone();
    assert_eq!(leg["state"], "VERIFIED");
    let edit = "mutation($input: EditOutputInput!) { editOutput(input: $input) {
        userErrors { field code } } }";
    let errors = async |fields: Value| {
        let mut input = json!({ "id": leg["id"] });
        let fields = fields.as_object().unwrap().clone();
        input.as_object_mut().unwrap().extend(fields);
        ask(&api, edit, json!({ "input": input })).await["editOutput"]["userErrors"].clone()
    };
    let italian = |field: &str| json!([{ "field": field, "locale": "it", "text": "Testo" }]);
    let done = json!([]);
    let wrong_state = json!([{ "field": "id", "code": "WRONG_STATE" }]);
    for (fields, expected) in [
        (json!({ "note": "A remark" }), &done),
        (json!({ "translations": italian("note") }), &done),
        (
            json!({ "note": "More", "translations": italian("note") }),
            &done,
        ),
        (json!({ "place": "Elsewhere" }), &wrong_state),
        (json!({ "translations": italian("place") }), &wrong_state),
        (
            json!({ "note": "x", "translations": italian("platform") }),
            &wrong_state,
        ),
        (json!({ "staffExchange": { "learned": "Much" } }), &done),
        (
            json!({ "staffExchange": { "translations": italian("learned") } }),
            &done,
        ),
        (
            json!({ "staffExchange": { "translations": italian("adapted") } }),
            &done,
        ),
    ] {
        assert_eq!(errors(fields.clone()).await, *expected, "{fields}");
    }
}
