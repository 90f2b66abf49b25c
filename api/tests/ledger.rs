//! What only the operator sees: the ledger, its preview and the reports.

use std::collections::BTreeSet;

use crate::support::{Api, link_key};
use api::{Config, Operation, endpoint};
use chrono::TimeDelta;
use domain::{ledger, viewer::Viewer};
use entities::{
    FrozenFigure, FrozenFigures, ReportFormat, ReportKind, ReportState, report, report_file,
};
use poem::{http::StatusCode, test::TestClient};
use rstest::rstest;
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use serde_json::{Value, json};
use tests::{Backend, TestDatabase};
use uuid::Uuid;

/// The ledger as it stands after some days of mail.
async fn with_mail(database: TestDatabase) -> Api {
    let api = Api::over(database).await;
    let project = api.store.project("connection").await.unwrap();
    let now = api.store.clock().now();
    let later = now + TimeDelta::days(30);
    let claimed = ledger::claim(api.store.db(), &project, api.store.ids(), later)
        .await
        .unwrap();
    assert!(claimed > 10, "{claimed}");
    api
}

fn nodes(data: &Value) -> &[Value] {
    data["nodes"].as_array().unwrap()
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn the_ledger_is_walked_once_in_both_directions(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = with_mail(database).await;
    let ask = async |arguments: String| {
        let query = format!(
            "{{ project(key: \"connection\") {{ notifications({arguments}) {{ totalCount
                    nodes {{ id dueAt state category occurrence person {{ address }} subject {{ id }} rule {{ key }} }}
                    pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} }}"
        );
        api.data_as(Viewer::Operator, &query).await["project"]["notifications"].clone()
    };
    let walk = async |end: &'static str| {
        let mut ids: Vec<String> = Vec::new();
        let mut arguments = format!("{end}: 7");
        loop {
            let page = ask(arguments).await;
            let here = nodes(&page)
                .iter()
                .map(|node| node["id"].as_str().unwrap().to_owned());
            let info = &page["pageInfo"];
            if end == "first" {
                ids.extend(here);
                if info["hasNextPage"] == false {
                    return (ids, page["totalCount"].as_u64().unwrap());
                }
                arguments = format!("first: 7, after: {}", info["endCursor"]);
            } else {
                ids.splice(0..0, here);
                if info["hasPreviousPage"] == false {
                    return (ids, page["totalCount"].as_u64().unwrap());
                }
                arguments = format!("last: 7, before: {}", info["startCursor"]);
            }
        }
    };
    let (forwards, total) = walk("first").await;
    let (backwards, _) = walk("last").await;
    assert_eq!(forwards, backwards);
    assert_eq!(u64::try_from(forwards.len()).unwrap(), total);
    assert_eq!(
        forwards.iter().collect::<BTreeSet<_>>().len(),
        forwards.len()
    );
    let page = ask("first: 100".to_owned()).await;
    let due: Vec<&str> = nodes(&page)
        .iter()
        .map(|node| node["dueAt"].as_str().unwrap())
        .collect();
    assert!(due.is_sorted_by(|one, other| one >= other), "{due:?}");
    for node in nodes(&page) {
        assert!(node["person"].is_object(), "{node}");
        assert!(node["subject"]["id"].is_string(), "{node}");
    }
    let digests = ask("filter: {categories: [DIGEST]}, first: 100".to_owned()).await;
    assert!(
        nodes(&digests)
            .iter()
            .all(|node| node["category"] == "DIGEST")
    );
    let torino = ask("filter: {person: \"torino-exchanges\"}, first: 100".to_owned()).await;
    assert!(!nodes(&torino).is_empty());
    assert!(
        nodes(&torino)
            .iter()
            .all(|node| node["person"]["address"] == "exchanges@torino.example")
    );
    let none = ask("filter: {states: [SENT]}".to_owned()).await;
    assert_eq!(none["totalCount"], 0);
    assert_eq!(none["pageInfo"]["hasNextPage"], false);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn the_preview_shows_what_the_next_days_bring(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    api.store
        .clock()
        .set("2021-09-06T05:00:00Z".parse().unwrap());
    let query = "{ project(key: \"connection\") { previewNotifications(days: 1, first: 100) { totalCount
            nodes { dueAt category occurrence person { key } subject { __typename ... on StaffExchange { key } } } } } }";
    let data = api.data_as(Viewer::Operator, query).await;
    let mails = nodes(&data["project"]["previewNotifications"]);
    let reminders: Vec<_> = mails
        .iter()
        .filter(|mail| mail["category"] == "EXCHANGE_REMINDER")
        .collect();
    assert!(!reminders.is_empty());
    for mail in reminders {
        assert_eq!(mail["subject"]["__typename"], "StaffExchange");
        assert!(
            mail["occurrence"]
                .as_str()
                .unwrap()
                .starts_with("14/2021-09-20"),
            "{mail}"
        );
    }
    assert!(mails.iter().any(|mail| mail["category"] == "DIGEST"));
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn the_anonymous_see_neither_mail_nor_reports(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = with_mail(database).await;
    for field in [
        "people { totalCount }",
        "notifications { totalCount }",
        "previewNotifications(days: 7) { totalCount }",
        "reports { totalCount }",
    ] {
        let query = format!("{{ project(key: \"connection\") {{ acronym {field} }} }}");
        assert_eq!(api.codes(&query).await, ["FORBIDDEN"], "{field}");
    }
    let query = "{ project(key: \"connection\") { notifications(first: 1) { nodes { id person { id } } } } }";
    let data = api.data_as(Viewer::Operator, query).await;
    let node = &data["project"]["notifications"]["nodes"][0];
    for id in [&node["id"], &node["person"]["id"]] {
        let query = format!("{{ node(id: {id}) {{ id }} }}");
        assert_eq!(api.data(&query).await["node"], Value::Null);
        assert_eq!(
            &api.data_as(Viewer::Operator, &query).await["node"]["id"],
            id
        );
    }
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_report_keeps_its_figures_and_leads_to_its_files(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let project = api.store.project("connection").await.unwrap();
    let now = api.store.clock().now();
    let id = Uuid::from_u128(7);
    let output = &project.outputs[0];
    let row = report::Model {
        id: id.into(),
        project_id: project.id(),
        kind: ReportKind::OnDemand,
        state: ReportState::Ready,
        period_from: "2021-08-01".parse().unwrap(),
        period_to: "2021-08-31".parse().unwrap(),
        revision: Some(1),
        figures: FrozenFigures(vec![FrozenFigure {
            target: "thematic_cluster_visits".into(),
            value: 14,
            planned: Some(14),
            reported: Some(5),
            verified: Some(0),
            reported_before: Some(4),
            status: Some("ON_TRACK".into()),
            counted: vec![format!("Output:{}", output.id), format!("Output:{id}")],
        }]),
        requested_by_id: None,
        requested_at: now,
        made_at: Some(now),
    };
    row.into_active_model()
        .insert(api.store.db())
        .await
        .unwrap();
    for (number, format, locale, body) in [
        (8, ReportFormat::Html, "en", "<p>Report</p>"),
        (9, ReportFormat::Html, "it", "<p>Rapporto</p>"),
        (10, ReportFormat::Csv, "en", "target,reported"),
    ] {
        let file = report_file::Model {
            id: Uuid::from_u128(number).into(),
            project_id: project.id(),
            report_id: id.into(),
            format,
            locale: locale.into(),
            body: body.into(),
            sha256: "0".repeat(64),
        };
        file.into_active_model()
            .insert(api.store.db())
            .await
            .unwrap();
    }
    let query =
        "{ project(key: \"connection\") { reports { totalCount nodes { id kind state periodTo
            figures { key target { key } reported reportedBefore status countedCount counted { id } }
            files { format locale url } } } } }";
    let data = api.data_as(Viewer::Operator, query).await;
    let report = &data["project"]["reports"]["nodes"][0];
    let figure = &report["figures"][0];
    assert_eq!(figure["reported"], 5);
    assert_eq!(figure["status"], "ON_TRACK");
    assert_eq!(figure["countedCount"], 2);
    assert_eq!(figure["counted"].as_array().unwrap().len(), 1);
    assert_eq!(
        report["files"][0],
        json!({ "format": "CSV", "locale": "en", "url": format!("/reports/{id}.csv?locale=en") })
    );
    let refetched = api
        .ask(
            Viewer::Operator,
            Operation::new(format!(
                "{{ node(id: {}) {{ ... on Report {{ state }} }} }}",
                report["id"]
            )),
        )
        .await;
    assert_eq!(
        refetched.data.into_json().unwrap()["node"]["state"],
        "READY"
    );
    // The test client has no peer's address, so it is anonymous. A report of a public project
    // is read by whoever has its address (it stands in the mail); of another by nobody.
    let client = TestClient::new(endpoint(Config::new(api.store.clone(), link_key())));
    let page = client.get(format!("/reports/{id}.html")).send().await;
    page.assert_status_is_ok();
    let mut file = domain::file::read(domain::data::CONNECTION).unwrap();
    file.project.public = false;
    api.store.import(&file, Default::default()).await.unwrap();
    let page = client.get(format!("/reports/{id}.html")).send().await;
    page.assert_status(StatusCode::NOT_FOUND);
}
