//! What an output says of itself, changed through the API: what every kind alone says, the lists that
//! belong to it, and what may be said once it was accepted. On both databases.

mod kinds;
mod lists;
mod refused;

use crate::support::Api;
use api::Operation;
use domain::{
    ids::Ids,
    store::Store,
    viewer::{Credential, SignedIn, Viewer},
};
use serde_json::{Value, json};
use uuid::Uuid;

/// All that an output says of itself.
const ALL: &str =
    "output { id key version state title days note community { key } lead { key } host { key }
    mode place platform plannedFrom plannedTo dueOn basis { field } evidence { id }
    participations { partner { key } person { key } who status reason sources { locator } }
    agenda { day partOfDay kind title presenter { key } speakers sources { locator } }
    challenges { ...L } advice { ...L } lessons { ...L }
    ... on StaffExchange { leg learned adapted }
    ... on Visit { number organiser { key } practices { key } }
    ... on Event { eventKind about: aboutParticipants website }
    ... on ActionPlan { planKind originalTitle draftPeriod period presented documentUrl
        measures { title state due } stakeholders { name kind }
        endorsements { id body endorsed documentUrl } }
    ... on Policy { policyKind plan { key } opened grant { minor currency } beneficiaries facts }
    ... on Champion { person { key } roleTitle selected trained
        trainings { description held audience workshop { key } } }
    ... on ChampionWorkshop { about: aboutParticipants }
    ... on Guide { language landingUrl fileUrl }
    ... on Video { language url } }";

const LEARNING: &str =
    "fragment L on Learning { kind body partner { key } by { key } sources { locator } }";

/// Does one mutation of an output and gives its payload.
async fn act(api: &Api, viewer: Viewer, field: &str, input: Value) -> Value {
    let head = field[..1].to_uppercase() + &field[1..];
    let document = format!(
        "mutation($input: {head}Input!) {{ {field}(input: $input) {{ {ALL}
            userErrors {{ field code message }} warnings {{ code }} }} }} {LEARNING}"
    );
    let input = Box::pin(api.with_list_versions(input)).await;
    let operation = Operation::new(&document).with_variables(json!({ "input": input }));
    let response = Box::pin(api.ask(viewer, operation)).await;
    let answer = serde_json::to_value(&response).unwrap();
    assert!(answer["errors"].is_null(), "{field}: {answer}");
    answer["data"][field].clone()
}

/// The same, and it is done; gives the output.
async fn done(api: &Api, viewer: Viewer, field: &str, input: Value) -> Value {
    let payload = act(api, viewer, field, input).await;
    assert_eq!(problems(&payload), [("", ""); 0], "{field}: {payload}");
    payload["output"].clone()
}

/// Edits an output as the operator.
async fn edit(api: &Api, id: &Value, what: Value) -> Value {
    done(api, Viewer::Operator, "editOutput", with_id(id, what)).await
}

/// What is wrong with an edit.
async fn wrong(api: &Api, id: &Value, what: Value) -> Vec<(String, String)> {
    let payload = act(api, Viewer::Operator, "editOutput", with_id(id, what)).await;
    assert!(payload["output"].is_null(), "{payload}");
    let owned = |(field, code): (&str, &str)| (field.to_owned(), code.to_owned());
    problems(&payload).into_iter().map(owned).collect()
}

fn with_id(id: &Value, mut what: Value) -> Value {
    what["id"] = id.clone();
    what
}

/// Fields and codes of what is wrong.
fn problems(payload: &Value) -> Vec<(&str, &str)> {
    let errors = payload["userErrors"].as_array().unwrap();
    errors
        .iter()
        .map(|error| {
            let field = error["field"].as_str().unwrap_or_default();
            (field, error["code"].as_str().unwrap())
        })
        .collect()
}

/// The id of an output by its key.
async fn id_of(api: &Api, key: &str) -> Value {
    let query = "query($after: String) { project(key: \"connection\") {
        outputs(first: 100, after: $after) { nodes { id key } pageInfo { endCursor } } } }";
    let mut after = Value::Null;
    loop {
        let operation = Operation::new(query).with_variables(json!({ "after": after }));
        let answer = serde_json::to_value(api.ask(Viewer::Operator, operation).await).unwrap();
        let page = &answer["data"]["project"]["outputs"];
        let all = page["nodes"].as_array().unwrap();
        if let Some(found) = all.iter().find(|one| one["key"] == key) {
            return found["id"].clone();
        }
        assert!(!all.is_empty(), "{key}: {answer}");
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// Fails unless the output holds all of this.
fn holds(output: &Value, expected: &Value) {
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&output[field], value, "{field} of {output}");
    }
}

async fn signed_in(api: &Api, key: &str) -> Viewer {
    let project = api.store.project("connection").await.unwrap();
    let person = project.people.iter().find(|row| row.key == key).unwrap().id;
    Viewer::Person(SignedIn {
        person,
        by: Credential::Session(Uuid::from_u128(1).into()),
    })
}

/// What is kept in memory is what the database has.
async fn is_as_loaded(api: &Api) {
    let kept = api.store.project("connection").await.unwrap();
    let clock = api.store.clock().clone();
    let other = Store::new(api.store.db().clone(), clock, Ids::FromKeys);
    let loaded = other.project("connection").await.unwrap();
    assert_eq!(kept.rows(), loaded.rows());
}

/// The newest entry of the audit: its record, and what it was and is.
async fn told(api: &Api, id: &Value) -> (Value, Value) {
    let query = "query($id: ID) { project(key: \"connection\") {
        auditLog(filter: { record: $id }) { nodes { verb before after revision } } } }";
    let operation = Operation::new(query).with_variables(json!({ "id": id }));
    let answer = serde_json::to_value(api.ask(Viewer::Operator, operation).await).unwrap();
    let entries = answer["data"]["project"]["auditLog"]["nodes"]
        .as_array()
        .unwrap();
    let newest = entries
        .iter()
        .max_by_key(|entry| entry["revision"].as_i64());
    let newest = newest.unwrap();
    (newest["before"].clone(), newest["after"].clone())
}
