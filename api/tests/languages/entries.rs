//! Texts in other languages of what is added by mutations of its own.

use rstest::rstest;
use serde_json::{Value, json};
use tests::Backend;

use super::ask;
use crate::support::Api;

async fn act(api: &Api, name: &str, fields: &str, input: Value) -> Value {
    let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let document = format!(
        "mutation($input: {kind}!) {{ {name}(input: $input) {{
            {fields} userErrors {{ field code }} }} }}"
    );
    ask(api, &document, json!({ "input": input })).await[name].clone()
}

fn italian(field: &str, text: &str) -> Value {
    json!([{ "field": field, "locale": "it", "text": text }])
}

#[rstest]
#[tokio::test]
async fn evidence_and_endorsements_are_added_in_several_languages(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::as_known_then(database).await;
    let query = "{ project(key: \"connection\") { actionPlans(first: 1) { nodes { id } } } }";
    let plans = ask(&api, query, json!({})).await["project"]["actionPlans"].clone();
    let id = plans["nodes"][0]["id"].clone();

    let evidence = "output { evidence { title italian: title(locale: \"it\") url } }";
    let input = json!({ "output": id, "title": "Minutes",
        "proof": { "url": "https://city.example/minutes" },
        "translations": italian("title", "Verbale") });
    let added = act(&api, "addEvidence", evidence, input).await;
    assert_eq!(added["userErrors"], json!([]), "{added}");
    let all = added["output"]["evidence"].as_array().unwrap();
    assert_eq!(
        *all.last().unwrap(),
        json!({ "title": "Minutes", "italian": "Verbale", "url": "https://city.example/minutes" })
    );
    let wrong = json!({ "output": id, "title": "Minutes",
        "proof": { "url": "https://city.example/minutes" },
        "translations": [{ "field": "url", "locale": "it", "text": "x" }] });
    let refused = act(&api, "addEvidence", evidence, wrong).await;
    let errors = refused["userErrors"].as_array().unwrap();
    assert!(!errors.is_empty(), "{refused}");
    let field = errors[0]["field"].as_str().unwrap();
    assert!(field.starts_with("translations"), "{refused}");

    let endorsements = "output { ... on ActionPlan {
        endorsements { body italian: body(locale: \"it-IT\") } } }";
    let input = json!({ "id": id, "body": "City council", "endorsed": "2021-09-01",
        "translations": italian("body", "Consiglio comunale") });
    let endorsed = act(&api, "endorseActionPlan", endorsements, input).await;
    assert_eq!(endorsed["userErrors"], json!([]), "{endorsed}");
    let all = endorsed["output"]["endorsements"].as_array().unwrap();
    assert_eq!(
        *all.last().unwrap(),
        json!({ "body": "City council", "italian": "Consiglio comunale" })
    );
}

#[rstest]
#[tokio::test]
async fn a_member_s_role_is_said_in_several_languages(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let query = "{ project(key: \"connection\") {
        communities(first: 1) { nodes { id members(first: 100) { nodes { partner { key } } } } }
        partners(first: 100) { nodes { key } } } }";
    let project = ask(&api, query, json!({})).await["project"].clone();
    let community = &project["communities"]["nodes"][0];
    let members = community["members"]["nodes"].to_string();
    let partners = project["partners"]["nodes"].as_array().unwrap();
    let is_new = |one: &&Value| !members.contains(&one["key"].to_string());
    let partner = partners.iter().find(is_new).unwrap()["key"].clone();
    let fields = "community { members(first: 100) { nodes {
        partner { key } roleHint italian: roleHint(locale: \"it\") } } }";
    let hint = async |name: &str, more: Value| {
        let mut input = json!({ "community": community["id"], "partner": partner });
        let more = more.as_object().unwrap().clone();
        input.as_object_mut().unwrap().extend(more);
        let payload = act(&api, name, fields, input).await;
        assert_eq!(payload["userErrors"], json!([]), "{payload}");
        let all = payload["community"]["members"]["nodes"].as_array().unwrap();
        let one = all.iter().find(|one| one["partner"]["key"] == partner);
        let one = one.unwrap();
        (one["roleHint"].clone(), one["italian"].clone())
    };
    let added = json!({ "roleHint": "Host", "translations": italian("roleHint", "Ospite") });
    assert_eq!(
        hint("addMember", added).await,
        (json!("Host"), json!("Ospite"))
    );
    let other = json!({ "roleHint": "Hosts" });
    assert_eq!(
        hint("editMember", other).await,
        (json!("Hosts"), json!("Ospite"))
    );
    let other = json!({ "translations": italian("roleHint", "Ospita") });
    assert_eq!(
        hint("editMember", other).await,
        (json!("Hosts"), json!("Ospita"))
    );
}
