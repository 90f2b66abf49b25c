//! Texts of records in several languages: each reader is given their own, and who edits one takes no
//! other away. On both databases.

mod closed;
mod entries;
mod order;

use api::Operation;
use domain::{file, viewer::Viewer};
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

async fn edit(api: &Api, input: Value) -> Value {
    let document = "mutation($input: EditPracticeInput!) { editPractice(input: $input) {
        practice { name italian: name(locale: \"it-IT\") note german: note(locale: \"de\")
            translations { field locale text texts } }
        userErrors { field code } } }";
    ask(api, document, json!({ "input": input })).await["editPractice"].clone()
}

#[rstest]
#[tokio::test]
async fn a_reader_is_given_their_language_and_an_edit_keeps_the_others(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let cities = "{ project(key: \"connection\") {
        partners(first: 100) { nodes { organisation { key name(locale: \"it\") } } }
        search(text: \"anversa\", first: 3) { nodes { title(locale: \"it\") } }
        practices(first: 1) { nodes { id name } } } }";
    let project = ask(&api, cities, json!({})).await["project"].clone();
    let all = project["partners"]["nodes"].as_array().unwrap();
    let antwerp = all
        .iter()
        .find(|one| one["organisation"]["key"] == "antwerp");
    assert_eq!(antwerp.unwrap()["organisation"]["name"], "Città di Anversa");
    let found = project["search"]["nodes"].to_string();
    assert!(found.contains("Città di Anversa"), "{found}");

    let practice = &project["practices"]["nodes"][0];
    let id = practice["id"].clone();
    let input = json!({ "id": id, "translations": [
        { "field": "name", "locale": "it-it", "text": "Il nome" },
        { "field": "note", "locale": "de", "text": "Anmerkung" },
    ] });
    let edited = edit(&api, input).await;
    assert_eq!(edited["userErrors"], json!([]));
    assert_eq!(edited["practice"]["name"], practice["name"]);
    assert_eq!(edited["practice"]["italian"], "Il nome");

    // A text as it was always given leaves the other languages.
    let edited = edit(
        &api,
        json!({ "id": id, "name": "{ Plain }", "note": "Remark" }),
    )
    .await;
    assert_eq!(edited["practice"]["name"], "{ Plain }");
    assert_eq!(edited["practice"]["italian"], "Il nome");
    assert_eq!(edited["practice"]["german"], "Anmerkung");

    let project = api.store.fresh("connection").await.unwrap();
    let text = serde_json::to_string(&file::export(&project)).unwrap();
    assert!(
        text.contains(r#""translations":{"name":{"it-IT":"Il nome"},"note":{"de":"Anmerkung"}}"#)
    );
    assert_eq!(file::export(&project), file::read(&text).unwrap());

    // One language goes, the others stay.
    let gone = json!([{ "field": "note", "locale": "de" }]);
    let edited = edit(&api, json!({ "id": id, "translations": gone })).await;
    assert_eq!(edited["practice"]["german"], "Remark");
    assert_eq!(
        edited["practice"]["translations"],
        json!([{ "field": "name", "locale": "it-IT", "text": "Il nome", "texts": null }])
    );
    let twice = json!([
        { "field": "name", "locale": "it", "text": "Uno" },
        { "field": "name", "locale": "IT", "text": "Due" },
    ]);
    let refused = edit(&api, json!({ "id": id, "translations": twice })).await;
    assert_eq!(
        refused["userErrors"],
        json!([{ "field": "translations.1.locale", "code": "TWICE" }])
    );
}
