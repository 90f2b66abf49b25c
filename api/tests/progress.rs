//! Figures over GraphQL: what CONNECTION shows, with the records that make each number.

use crate::support::Api;
use rstest::rstest;
use serde_json::{Value, json};
use tests::Backend;

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

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn the_headline_targets_stand_as_the_sources_tell(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
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

#[tokio::test]
async fn the_parts_and_what_belongs_to_none_make_the_whole() {
    let api = Api::new().await;
    let data = api
        .data(
            r#"{ project(key: "connection") { progress(asOf: "2022-12-31") { figures {
                target { key countingRule { measure of { record outputKind } evidence } }
                planned reported reconciles
                byCommunity { parts { community { key } planned reported } unattributed { planned reported } }
                byPartner { parts { partner { key } planned reported } unattributed { planned reported } }
            } } } }"#,
        )
        .await;
    let mut reconciled = 0;
    for figure in data["project"]["progress"]["figures"].as_array().unwrap() {
        let measure = figure["target"]["countingRule"]["measure"]
            .as_str()
            .unwrap();
        if !["COUNT", "SUM_AMOUNT"].contains(&measure) || figure["planned"].is_null() {
            assert_eq!(figure["reconciles"], Value::Null, "{figure}");
            continue;
        }
        assert_eq!(figure["reconciles"], true, "{figure}");
        for by in ["byCommunity", "byPartner"] {
            for stage in ["planned", "reported"] {
                let of = |part: &Value| part[stage].as_i64().unwrap_or_default();
                let parts: i64 = figure[by]["parts"].as_array().unwrap().iter().map(of).sum();
                let rest = of(&figure[by]["unattributed"]);
                assert_eq!(parts + rest, of(figure), "{by} {stage}: {figure}");
            }
        }
        reconciled += 1;
    }
    assert!(reconciled > 10, "{reconciled}");
}

#[tokio::test]
async fn what_is_not_measured_is_null_and_not_zero() {
    let api = Api::new().await;
    let data = api
        .data(
            r#"{ project(key: "connection") { progress(asOf: "2022-12-31") { figures {
                target { countingRule { measure of { record } } } planned reported verified share status
                items(stage: PLANNED) { totalCount } } } } }"#,
        )
        .await;
    let figures = data["project"]["progress"]["figures"].as_array().unwrap();
    let silent: Vec<_> = figures
        .iter()
        .filter(|figure| figure["target"]["countingRule"]["measure"] == "NOT_MEASURED")
        .collect();
    assert!(!silent.is_empty());
    for figure in silent {
        for field in ["planned", "reported", "verified", "share", "status"] {
            assert_eq!(figure[field], Value::Null, "{field}");
        }
        assert_eq!(figure["items"]["totalCount"], 0);
    }
}

#[tokio::test]
async fn a_community_and_a_partner_have_figures_of_their_own() {
    let api = Api::new().await;
    let data = api
        .data(
            r#"{ project(key: "connection") {
                cop2: progress(asOf: "2022-12-31", community: "cop2", targets: ["thematic_cluster_visits"]) {
                    community { key } figures { planned goal reported byCommunity { unattributed { planned } }
                      items { nodes { ... on Visit { community { key } } } } } }
                paris: progress(asOf: "2022-12-31", partner: "paris", targets: ["thematic_cluster_visits"]) {
                    partner { key } figures { reported items { nodes { ... on Visit { lead { key } } } } } }
            } }"#,
        )
        .await;
    let (cop2, paris) = (&data["project"]["cop2"], &data["project"]["paris"]);
    assert_eq!(cop2["community"]["key"], "cop2");
    let figure = &cop2["figures"][0];
    assert_eq!(figure["goal"], figure["planned"]);
    assert_eq!(figure["byCommunity"], Value::Null);
    for node in figure["items"]["nodes"].as_array().unwrap() {
        assert_eq!(node["community"]["key"], "cop2");
    }
    assert_eq!(paris["partner"]["key"], "paris");
    for node in paris["figures"][0]["items"]["nodes"].as_array().unwrap() {
        assert_eq!(node["lead"]["key"], "paris");
    }
}

#[tokio::test]
async fn a_series_never_falls_and_ends_at_the_figure() {
    let api = Api::new().await;
    let data = api
        .data(
            r#"{ project(key: "connection") {
                progressSeries(target: "staff_exchanges", asOf: "2022-12-31") { month day planned reported } } }"#,
        )
        .await;
    let points = data["project"]["progressSeries"].as_array().unwrap();
    assert_eq!(points.len(), 36);
    let reported: Vec<i64> = points
        .iter()
        .map(|point| point["reported"].as_i64().unwrap())
        .collect();
    assert!(reported.is_sorted(), "{reported:?}");
    assert_eq!(reported.last(), Some(&5));
    assert_eq!(points[35]["day"], "2022-12-31");
}

#[tokio::test]
async fn an_item_tells_what_it_adds_to_a_sum() {
    let api = Api::new().await;
    let data = api
        .data(
            r#"{ project(key: "connection") { progress(asOf: "2022-12-31") { figures {
                target { unit countingRule { measure } } planned
                items(stage: PLANNED, first: 100) { edges { amount stage overdue node { title } } } } } } }"#,
        )
        .await;
    for figure in data["project"]["progress"]["figures"].as_array().unwrap() {
        if figure["target"]["countingRule"]["measure"] == "SUM_AMOUNT"
            && !figure["planned"].is_null()
        {
            let edges = figure["items"]["edges"].as_array().unwrap();
            let sum: i64 = edges
                .iter()
                .filter_map(|edge| edge["amount"].as_i64())
                .sum();
            assert_eq!(figure["planned"], sum);
        }
    }
}
