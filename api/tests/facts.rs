//! Facts with the day from which on each holds, given by a mutation. On both databases.

use api::Operation;
use domain::viewer::Viewer;
use rstest::rstest;
use serde_json::{Value, json};
use tests::Backend;

use crate::support::Api;

async fn ask(api: &Api, document: &str, variables: Value) -> Value {
    let operation = Operation::new(document).with_variables(variables);
    let answer = Box::pin(api.ask(Viewer::Operator, operation)).await;
    let answer = serde_json::to_value(answer).unwrap();
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"].clone()
}

async fn practice(api: &Api, name: &str, input: Value) -> Value {
    let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let document = format!(
        "mutation($input: {kind}!) {{ {name}(input: $input) {{
            practice {{ id facts datedFacts {{ text since }} }} userErrors {{ field code }} }} }}"
    );
    ask(api, &document, json!({ "input": input })).await[name].clone()
}

#[rstest]
#[tokio::test]
async fn a_fact_is_given_with_its_day_and_keeps_it(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let input = json!({ "project": "connection", "name": "A desk", "kind": "service",
        "datedFacts": [{ "text": "It opened.", "since": "2021-05" }, { "text": "It is free." }] });
    let made = practice(&api, "createPractice", input).await;
    assert_eq!(made["userErrors"], json!([]), "{made}");
    let dated = json!([{ "text": "It opened.", "since": "2021-05" },
        { "text": "It is free.", "since": null }]);
    assert_eq!(made["practice"]["datedFacts"], dated);
    let id = made["practice"]["id"].clone();

    // As of a day before, it is not there.
    let query = "query($asOf: Date) { project(key: \"connection\", asOf: $asOf) {
        practices(first: 100) { nodes { id facts } } } }";
    let facts_on = async |day: &str| {
        let project = ask(&api, query, json!({ "asOf": day })).await["project"].clone();
        let all = project["practices"]["nodes"].as_array().unwrap().clone();
        let found = all.iter().find(|one| one["id"] == id).unwrap();
        found["facts"].clone()
    };
    assert_eq!(facts_on("2021-05-30").await, json!(["It is free."]));
    assert_eq!(
        facts_on("2021-05-31").await,
        json!(["It opened.", "It is free."])
    );

    // Texts alone keep the days of those that stay; a day can be changed and taken away.
    let input = json!({ "id": id, "facts": ["It opened.", "It moved."] });
    let edited = practice(&api, "editPractice", input).await;
    let dated = json!([{ "text": "It opened.", "since": "2021-05" },
        { "text": "It moved.", "since": null }]);
    assert_eq!(edited["practice"]["datedFacts"], dated);
    let input = json!({ "id": id, "datedFacts": [{ "text": "It opened.", "since": null },
        { "text": "It moved.", "since": "2021-08-01" }] });
    let edited = practice(&api, "editPractice", input).await;
    let dated = json!([{ "text": "It opened.", "since": null },
        { "text": "It moved.", "since": "2021-08-01" }]);
    assert_eq!(edited["practice"]["datedFacts"], dated);
}

#[rstest]
#[tokio::test]
async fn what_is_wrong_with_a_fact_is_said_where_it_is_given(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let create = async |facts: Value| {
        let mut input = json!({ "project": "connection", "name": "A desk", "kind": "service" });
        let fields = facts.as_object().unwrap().clone();
        input.as_object_mut().unwrap().extend(fields);
        practice(&api, "createPractice", input).await["userErrors"].clone()
    };
    let error = |field: &str, code: &str| json!([{ "field": field, "code": code }]);
    let blank = create(json!({ "datedFacts": [{ "text": "One" }, { "text": " " }] })).await;
    assert_eq!(blank, error("datedFacts.1.text", "REQUIRED"));
    let many = create(json!({ "datedFacts": vec![json!({ "text": "One" }); 501] })).await;
    assert_eq!(many, error("datedFacts", "OUT_OF_RANGE"));
    let both = create(json!({ "facts": ["One"], "datedFacts": [{ "text": "Two" }] })).await;
    assert_eq!(both, error("datedFacts", "TWICE"));
    let ahead = create(json!({ "datedFacts": [{ "text": "One", "since": "2021-09-07" }] })).await;
    assert_eq!(ahead, error("datedFacts.0.since", "OUT_OF_RANGE"));
    let plain = create(json!({ "facts": ["One", " "] })).await;
    assert_eq!(plain, error("facts.1", "REQUIRED"));
}

#[rstest]
#[tokio::test]
async fn a_policy_s_facts_have_their_days_too(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::as_known_then(database).await;
    let query = "{ project(key: \"connection\") { policies(first: 1) { nodes { id } } } }";
    let id = ask(&api, query, json!({})).await["project"]["policies"]["nodes"][0]["id"].clone();
    let edit = "mutation($input: EditOutputInput!) { editOutput(input: $input) {
        output { ... on Policy { datedFacts { text since } } } userErrors { field code } } }";
    let fact = |text: &str| json!([{ "text": text, "since": "2020-11-02" }]);
    let input = json!({ "id": id, "policy": { "datedFacts": fact("The council agreed.") } });
    let edited = ask(&api, edit, json!({ "input": input })).await["editOutput"].clone();
    assert_eq!(edited["userErrors"], json!([]));
    assert_eq!(edited["output"]["datedFacts"], fact("The council agreed."));
    let input = json!({ "id": id, "policy": { "datedFacts": fact(" ") } });
    let edited = ask(&api, edit, json!({ "input": input })).await["editOutput"].clone();
    let error = json!([{ "field": "policy.datedFacts.0.text", "code": "REQUIRED" }]);
    assert_eq!(edited["userErrors"], error);
}
