//! Figures over GraphQL: what CONNECTION shows, with the records that make each number.

mod support;

use serde_json::{Value, json};
use support::Api;

/// The document that the README and GraphiQL show.
const FIRST_QUERY: &str = r#"
    { project(key: "connection") { acronym revision
        progress(asOf: "2022-12-31") { reconciles
          figures { target { key label(locale: "it") value unit rule } planned reported verified share status
            items(first: 20) { totalCount nodes { __typename id title state startsOn } } } } } }
"#;

#[tokio::test]
async fn the_first_query_works_as_it_is_printed() {
    let api = Api::new().await;
    let data = api.data(FIRST_QUERY).await;
    let project = &data["project"];
    assert_eq!(project["acronym"], "CONNECTION");
    let progress = &project["progress"];
    assert_eq!(progress["reconciles"], true);
    let figures = progress["figures"].as_array().unwrap();
    assert_eq!(figures.len(), 25);
    for figure in figures {
        let counted = figure["items"]["totalCount"].as_i64().unwrap();
        let shown = figure["items"]["nodes"].as_array().unwrap().len();
        assert_eq!(i64::try_from(shown).unwrap(), counted.min(20), "{figure}");
        for node in figure["items"]["nodes"].as_array().unwrap() {
            assert!(node["title"].is_string(), "{node}");
        }
    }
}

#[tokio::test]
async fn the_headline_targets_stand_as_the_sources_tell() {
    let api = Api::new().await;
    let data = api
        .data(
            r#"{ project(key: "connection") { progress(asOf: "2022-12-31", headline: true) {
                figures { target { key value } reported verified items { totalCount } } } } }"#,
        )
        .await;
    let figures = data["project"]["progress"]["figures"].as_array().unwrap();
    let reported: Vec<(&str, &Value)> = figures
        .iter()
        .map(|figure| {
            (
                figure["target"]["key"].as_str().unwrap(),
                &figure["reported"],
            )
        })
        .collect();
    assert_eq!(
        reported,
        [
            ("policies_implemented", &json!(2)),
            ("staff_exchanges", &json!(5)),
            ("thematic_cluster_visits", &json!(8)),
            ("integration_champions", &json!(9)),
            ("how_to_guides", &json!(4)),
            ("videos", &json!(2)),
            ("conferences", &json!(1)),
        ]
    );
    for figure in figures {
        assert_eq!(figure["items"]["totalCount"], figure["reported"]);
        assert_eq!(figure["verified"], 0);
    }
}
