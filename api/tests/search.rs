//! Searching a project over GraphQL, and finding an output by its key.

use crate::support::Api;
use api::Operation;
use domain::viewer::Viewer;
use serde_json::{Value, json};

async fn found(api: &Api, viewer: Viewer, text: &str) -> Vec<Value> {
    let query = "query($text: String!) { project(key: \"connection\", asOf: \"2022-12-31\") {
        search(text: $text, first: 100) { totalCount nodes { kind title italian: title(locale: \"it\")
            record { __typename id } matches { field locale excerpt pieces { text matches } } } } } }";
    let operation = Operation::new(query).with_variables(json!({ "text": text }));
    let response = api.ask(viewer, operation).await;
    assert_eq!(response.errors, [], "{text}");
    let data = response.data.into_json().unwrap();
    data["project"]["search"]["nodes"]
        .as_array()
        .unwrap()
        .clone()
}

#[tokio::test]
async fn a_stranger_finds_records_with_links_and_excerpts() {
    let api = Api::new().await;
    for text in ["accoglienza", "Migrantour", "Citta", "mentor exchange"] {
        let found = found(&api, Viewer::Anonymous, text).await;
        assert!(!found.is_empty(), "{text}");
        for one in found {
            assert_eq!(one["record"]["__typename"], one["kind"], "{one}");
            assert!(!one["title"].as_str().unwrap().is_empty(), "{one}");
            let id = one["record"]["id"].as_str().unwrap();
            let node = api
                .data(&format!("{{ node(id: \"{id}\") {{ __typename }} }}"))
                .await;
            assert_eq!(node["node"]["__typename"], one["kind"]);
            let matches = one["matches"].as_array().unwrap();
            assert!(!matches.is_empty() && matches.len() <= 10, "{one}");
            for text in matches {
                let pieces = text["pieces"].as_array().unwrap();
                assert!(pieces.iter().any(|piece| piece["matches"] == true), "{one}");
                let whole: String = pieces
                    .iter()
                    .map(|piece| piece["text"].as_str().unwrap())
                    .collect();
                assert_eq!(text["excerpt"], whole);
            }
        }
    }
}

#[tokio::test]
async fn a_result_says_where_the_words_stand() {
    let api = Api::new().await;
    let found = found(&api, Viewer::Anonymous, "citta di torino").await;
    let torino = found.iter().find(|one| one["kind"] == "Organisation");
    let torino = torino.unwrap();
    assert_eq!(torino["title"], "City of Torino");
    assert_eq!(torino["italian"], "Città di Torino");
    assert_eq!(
        torino["matches"][0],
        json!({
            "field": "nativeName",
            "locale": null,
            "excerpt": "Città di Torino",
            "pieces": [
                { "text": "Città", "matches": true },
                { "text": " ", "matches": false },
                { "text": "di", "matches": true },
                { "text": " ", "matches": false },
                { "text": "Torino", "matches": true },
            ],
        })
    );
}

#[tokio::test]
async fn people_are_found_by_those_alone_who_may_see_them() {
    let api = Api::new().await;
    let kinds = |found: Vec<Value>| {
        let people = found.into_iter().filter(|one| one["kind"] == "Person");
        people.count()
    };
    let project = api.store.project("connection").await.unwrap();
    let name = project.people.iter().find_map(|row| row.name.clone());
    let name = name.unwrap();
    assert!(kinds(found(&api, Viewer::Operator, &name).await) > 0);
    assert_eq!(kinds(found(&api, Viewer::Anonymous, &name).await), 0);
}

#[tokio::test]
async fn a_text_that_cannot_be_searched_for_is_bad_input_that_names_the_argument() {
    let api = Api::new().await;
    for text in ["", "  ", "—!", &"a".repeat(201)] {
        let query = "query($text: String!) { project(key: \"connection\") { acronym
            search(text: $text) { totalCount } } }";
        let operation = Operation::new(query).with_variables(json!({ "text": text }));
        let response = api.ask(Viewer::Anonymous, operation).await;
        let response = serde_json::to_value(&response).unwrap();
        let extensions = &response["errors"][0]["extensions"];
        assert_eq!(extensions["code"], "BAD_USER_INPUT", "{text}");
        assert_eq!(extensions["argument"], "text", "{text}");
        assert_eq!(
            response["data"]["project"],
            json!({ "acronym": "CONNECTION", "search": null })
        );
    }
}

#[tokio::test]
async fn an_output_is_found_by_its_kind_and_key() {
    let api = Api::new().await;
    let query = "{ project(key: \"connection\", asOf: \"2022-12-31\") {
        visit: output(kind: VISIT, key: \"cop2_w3\") { __typename key title
            italian: title(locale: \"it\") }
        other: output(kind: EVENT, key: \"cop2_w3\") { key }
        none: output(kind: VISIT, key: \"nothing\") { key } } }";
    assert_eq!(
        api.data(query).await["project"],
        json!({
            "visit": {
                "__typename": "Visit",
                "key": "cop2_w3",
                "title": "Thematic visit 3 of CoP2",
                "italian": "Visita tematica 3 della CoP2",
            },
            "other": null,
            "none": null,
        })
    );
}

#[tokio::test]
async fn no_title_of_an_output_is_its_key() {
    let api = Api::new().await;
    let query = "{ project(key: \"connection\", asOf: \"2022-12-31\") {
        outputs(first: 100) { nodes { key title italian: title(locale: \"it\") } } } }";
    let data = api.data(query).await;
    let all = data["project"]["outputs"]["nodes"].as_array().unwrap();
    assert!(!all.is_empty());
    for one in all {
        assert_ne!(one["title"], one["key"]);
        assert_ne!(one["italian"], one["key"]);
    }
    let plan = all.iter().find(|one| one["key"] == "ap_asti").unwrap();
    assert_eq!(plan["title"], "Action plan, Municipality of Asti");
    assert_eq!(plan["italian"], "Piano d’azione, Comune di Asti");
}

#[tokio::test]
async fn an_organisation_has_its_native_name_in_its_own_language() {
    let api = Api::new().await;
    let query = "{ project(key: \"connection\") {
        partners(first: 100) { nodes { key title english: title(locale: \"en\")
            italian: title(locale: \"it\")
            organisation { name same: name(locale: \"en\") native: name(locale: \"it-IT\") } } } } }";
    let data = api.data(query).await;
    let all = data["project"]["partners"]["nodes"].as_array().unwrap();
    let torino = all.iter().find(|one| one["key"] == "torino").unwrap();
    assert_eq!(
        *torino,
        json!({
            "key": "torino",
            "title": "City of Torino",
            "english": "City of Torino",
            "italian": "Città di Torino",
            "organisation": {
                "name": "City of Torino",
                "same": "City of Torino",
                "native": "Città di Torino",
            },
        })
    );
}

#[tokio::test]
async fn the_kinds_of_records_say_what_a_form_needs() {
    let api = Api::new().await;
    let query = "{ recordKinds { name part detail fields { name description type list of values
        required detail rules { maxLength notBlank oneLine min max maxItems pattern format } } } }";
    let data = api.data(query).await;
    let kinds = data["recordKinds"].as_array().unwrap();
    let kind = |name: &str| kinds.iter().find(|one| one["name"] == name).unwrap();
    let field = |of: &str, name: &str| {
        let fields = kind(of)["fields"].as_array().unwrap();
        let field = fields.iter().find(|one| one["name"] == name);
        field.unwrap_or_else(|| panic!("{of}.{name}")).clone()
    };
    assert_eq!(kind("Visit")["detail"], "visit");
    assert_eq!(kind("AgendaItem")["part"], true);
    assert_eq!(field("Call", "title")["rules"]["maxLength"], 300);
    assert_eq!(field("Call", "title")["required"], true);
    assert_eq!(field("Visit", "number")["rules"]["min"], 1);
    assert_eq!(field("Visit", "number")["detail"], true);
    assert_eq!(
        field("Visit", "mode")["values"],
        json!(["IN_PERSON", "ONLINE", "HYBRID"])
    );
    assert_eq!(field("Visit", "host")["type"], "REFERENCE");
    assert_eq!(field("Visit", "host")["of"], "Partner");
    assert_eq!(field("Visit", "agenda")["of"], "AgendaItem");
    assert_eq!(field("ReminderRule", "atTime")["rules"]["format"], "TIME");
    let some = api
        .data("{ recordKinds(names: [\"Call\", \"Nothing\"]) { name } }")
        .await;
    assert_eq!(some["recordKinds"], json!([{ "name": "Call" }]));
}

/// A kind of the API's type is spelled as its GraphQL type, so that a form's part finds it.
#[tokio::test]
async fn every_kind_of_record_is_a_type_of_the_schema() {
    let api = Api::new().await;
    let query = "{ recordKinds { name } __schema { types { name } } }";
    let data = api.data_as(Viewer::Operator, query).await;
    let names = |of: &Value| -> Vec<String> {
        let all = of.as_array().unwrap().iter();
        all.map(|one| one["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let types = names(&data["__schema"]["types"]);
    for name in names(&data["recordKinds"]) {
        assert!(types.contains(&name), "{name}");
    }
}
