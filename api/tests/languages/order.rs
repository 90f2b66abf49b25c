//! Lists in the order of the language that is asked for.

use rstest::rstest;
use serde_json::{Value, json};
use tests::Backend;

use super::ask;
use crate::support::Api;

fn texts(list: &Value, field: &str) -> Vec<String> {
    let nodes = list["nodes"].as_array().unwrap().iter();
    nodes
        .map(|node| node[field].as_str().unwrap_or_default().to_owned())
        .collect()
}

#[rstest]
#[tokio::test]
async fn records_are_ordered_by_their_names_in_the_language_asked_for(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let query = "query($order: RecordOrder, $locale: String) { project(key: \"connection\") {
        partners(first: 100, order: $order) { nodes { name: title(locale: $locale) } } } }";
    let names = async |order: Value, locale: &str| {
        let variables = json!({ "order": order, "locale": locale });
        let project = ask(&api, query, variables).await["project"].clone();
        texts(&project["partners"], "name")
    };
    let italian = names(json!({ "by": "NAME", "locale": "it" }), "it").await;
    let english = names(json!({ "by": "NAME" }), "en").await;
    let sorted = |names: &[String]| {
        let folded = |name: &String| name.to_lowercase().replace(['à', 'á'], "a");
        names.is_sorted_by_key(folded)
    };
    let cities = |names: &[String], word: &str| -> Vec<String> {
        let own = names.iter().filter(|name| name.starts_with(word));
        own.cloned().collect()
    };
    // The cities of Italian names are many, and stand beside each other.
    let citta = cities(&italian, "Città");
    assert!(citta.len() > 5 && sorted(&citta), "{citta:?}");
    let first = italian.iter().position(|name| name.starts_with("Città"));
    let first = first.unwrap();
    assert_eq!(italian[first..first + citta.len()], citta[..]);
    let cities = cities(&english, "City of");
    assert!(cities.len() > 5 && sorted(&cities), "{cities:?}");
    // Read in Italian, the order of another language is none.
    let other = names(json!({ "by": "NAME" }), "it").await;
    assert_ne!(other, italian);
}

#[rstest]
#[tokio::test]
async fn a_translated_name_counts_where_it_is_asked_for(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let create = "mutation($input: CreateSourceInput!) { createSource(input: $input) {
        userErrors { field code } } }";
    for (key, title, italian) in [("s-one", "Aaa", "Zzz"), ("s-two", "Zzz", "Aaa")] {
        let input = json!({ "project": "connection", "key": key, "title": title,
            "translations": [{ "field": "title", "locale": "it", "text": italian }] });
        let made = ask(&api, create, json!({ "input": input })).await;
        assert_eq!(made["createSource"]["userErrors"], json!([]), "{made}");
    }
    let query = "query($order: RecordOrder) { project(key: \"connection\") {
        sources(first: 100, order: $order) { nodes { key } } } }";
    let own = async |order: Value| {
        let project = ask(&api, query, json!({ "order": order })).await["project"].clone();
        let mut keys = texts(&project["sources"], "key");
        keys.retain(|key| key.starts_with("s-"));
        keys
    };
    assert_eq!(own(json!({ "by": "NAME" })).await, ["s-one", "s-two"]);
    let italian = json!({ "by": "NAME", "locale": "it" });
    assert_eq!(own(italian).await, ["s-two", "s-one"]);

    // Outputs, too: their titles are by language.
    let query = "query($order: OutputOrder, $locale: String) { project(key: \"connection\") {
        visits(first: 100, order: $order) { nodes { title(locale: $locale) } }
        actionPlans(first: 100, order: $order) { nodes { title(locale: $locale) } } } }";
    for locale in ["en", "it"] {
        let variables = json!({ "order": { "by": "TITLE", "locale": locale }, "locale": locale });
        let project = ask(&api, query, variables).await["project"].clone();
        for list in ["visits", "actionPlans"] {
            let titles = texts(&project[list], "title");
            let folded = |title: &String| title.to_lowercase().replace('’', "'");
            assert!(titles.is_sorted_by_key(folded), "{locale}: {titles:?}");
        }
    }
}
