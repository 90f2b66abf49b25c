//! Reading records over GraphQL: pages, filters, languages, ids, days.

use std::collections::{BTreeSet, VecDeque};

use crate::support::Api;
use api::Operation;
use domain::viewer::Viewer;
use serde_json::{Value, json};

/// The texts at a path of keys, through lists.
fn at<'a>(value: &'a Value, path: &[&str]) -> Vec<&'a Value> {
    let mut found = vec![value];
    for key in path {
        found = found
            .into_iter()
            .map(|value| &value[*key])
            .flat_map(|value| match value {
                Value::Array(items) => items.iter().collect(),
                one => vec![one],
            })
            .collect();
    }
    found
}

fn texts<'a>(value: &'a Value, path: &[&str]) -> Vec<&'a str> {
    at(value, path)
        .into_iter()
        .filter_map(Value::as_str)
        .collect()
}

/// Every connection of the project with its arguments beside those of the page.
const CONNECTIONS: [&str; 23] = [
    "outputs",
    "outputs(order: {by: STARTS_ON, direction: DESCENDING})",
    "outputs(order: {by: TITLE})",
    "outputs(order: {by: STATE})",
    "outputs(order: {by: DUE_ON})",
    "staffExchanges",
    "visits",
    "events",
    "actionPlans",
    "policies",
    "champions",
    "guides",
    "videos",
    "partners",
    "communities",
    "pairings",
    "practices",
    "budgetLines",
    "publications",
    "notes",
    "sources",
    "timeline(from: \"2020-01-01\", until: \"2022-12-31\")",
    "search(text: \"a\")",
];

/// A connection's field with the arguments of a page, and its name.
fn paged(connection: &str, page: &str) -> (String, String) {
    match connection.split_once('(') {
        None => (format!("{connection}({page})"), connection.to_owned()),
        Some((name, rest)) => (format!("{name}({page}, {rest}"), name.to_owned()),
    }
}

async fn page(api: &Api, connection: &str, arguments: &str) -> Value {
    let (field, name) = paged(connection, arguments);
    let query = format!(
        "{{ project(key: \"connection\", asOf: \"2022-12-31\") {{ {field} {{ totalCount
            edges {{ cursor }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} }}"
    );
    api.data(&query).await["project"][name].clone()
}

#[tokio::test]
async fn walking_the_pages_meets_every_item_once_forwards_and_backwards() {
    let api = Api::new().await;
    for connection in CONNECTIONS {
        let mut forwards = Vec::new();
        let mut arguments = "first: 7".to_owned();
        let total = loop {
            let page = page(&api, connection, &arguments).await;
            forwards.extend(
                texts(&page, &["edges", "cursor"])
                    .into_iter()
                    .map(str::to_owned),
            );
            let info = &page["pageInfo"];
            if info["hasNextPage"] == false {
                break page["totalCount"].as_u64().unwrap();
            }
            arguments = format!("first: 7, after: {}", info["endCursor"]);
        };
        let distinct: BTreeSet<_> = forwards.iter().collect();
        assert_eq!(distinct.len(), forwards.len(), "{connection}");
        assert_eq!(
            u64::try_from(forwards.len()).unwrap(),
            total,
            "{connection}"
        );
        let mut backwards = VecDeque::new();
        let mut arguments = "last: 7".to_owned();
        loop {
            let page = page(&api, connection, &arguments).await;
            for cursor in texts(&page, &["edges", "cursor"]).into_iter().rev() {
                backwards.push_front(cursor.to_owned());
            }
            let info = &page["pageInfo"];
            if info["hasPreviousPage"] == false {
                break;
            }
            arguments = format!("last: 7, before: {}", info["startCursor"]);
        }
        assert_eq!(forwards, Vec::from(backwards), "{connection}");
    }
}

#[tokio::test]
async fn a_page_too_large_or_a_wrong_cursor_is_bad_input_and_leaves_the_rest_alone() {
    let api = Api::new().await;
    for arguments in [
        "first: 101",
        "first: 0",
        "first: -1",
        "last: 101",
        "first: 1, last: 1",
        "after: \"nonsense\"",
    ] {
        let query = format!(
            "{{ project(key: \"connection\") {{ acronym outputs({arguments}) {{ totalCount }} }} }}"
        );
        let response = api.ask(Viewer::Anonymous, Operation::new(&query)).await;
        let response = serde_json::to_value(&response).unwrap();
        assert_eq!(
            response["data"]["project"],
            json!({ "acronym": "CONNECTION", "outputs": null })
        );
        let error = &response["errors"][0]["extensions"];
        assert_eq!(error["code"], "BAD_USER_INPUT");
        let argument = arguments
            .rsplit(", ")
            .next()
            .unwrap()
            .split(':')
            .next()
            .unwrap();
        assert_eq!(error["argument"], argument);
    }
}

#[tokio::test]
async fn filters_leave_only_what_fits() {
    let api = Api::new().await;
    let count = async |arguments: &str| {
        let query = format!(
            "{{ project(key: \"connection\", asOf: \"2022-12-31\") {{
                outputs{arguments} {{ totalCount nodes {{ kind state lead {{ key }} host {{ key }}
                    community {{ key }} startsOn overdue }} }} }} }}"
        );
        api.data(&query).await["project"]["outputs"].clone()
    };
    assert_eq!(count("").await["totalCount"], 62);
    let visits = count("(filter: {kinds: [VISIT]})").await;
    assert_eq!(visits["totalCount"], 14);
    let torino = count("(filter: {host: \"torino\"})").await;
    assert!(torino["totalCount"].as_i64().unwrap() > 0);
    assert!(
        texts(&torino, &["nodes", "host", "key"])
            .iter()
            .all(|key| *key == "torino")
    );
    let cop2 = count("(filter: {community: \"cop2\", states: [REPORTED]})").await;
    assert!(cop2["totalCount"].as_i64().unwrap() > 0);
    assert!(
        texts(&cop2, &["nodes", "community", "key"])
            .iter()
            .all(|key| *key == "cop2")
    );
    assert!(
        texts(&cop2, &["nodes", "state"])
            .iter()
            .all(|state| *state == "REPORTED")
    );
    let autumn = count("(filter: {startsFrom: \"2021-09-01\", startsUntil: \"2021-11-30\"})").await;
    assert!(!texts(&autumn, &["nodes", "startsOn"]).is_empty());
    for day in texts(&autumn, &["nodes", "startsOn"]) {
        assert!(("2021-09-01"..="2021-11-30").contains(&day), "{day}");
    }
    let late = count("(filter: {overdue: true})").await["totalCount"]
        .as_i64()
        .unwrap();
    let not = count("(filter: {overdue: false})").await["totalCount"]
        .as_i64()
        .unwrap();
    assert_eq!(late + not, 62);
    let led = count("(filter: {lead: \"torino\"})").await["totalCount"]
        .as_i64()
        .unwrap();
    let involved = count("(filter: {involves: \"torino\"})").await["totalCount"]
        .as_i64()
        .unwrap();
    assert!(involved > led);
    assert_eq!(
        api.codes("{ project(key: \"connection\") { outputs(filter: {lead: \"atlantis\"}) { totalCount } } }").await,
        ["BAD_USER_INPUT"]
    );
}

#[tokio::test]
async fn what_a_partner_leads_and_what_it_is_involved_in_stand_side_by_side() {
    let api = Api::new().await;
    let data = api
        .data(
            "{ project(key: \"connection\", asOf: \"2022-12-31\") { partners(first: 100) { nodes {
                key outputs(first: 50) { nodes { id lead { key } } }
                involvedIn(first: 50) { nodes { id lead { key } } } } } } }",
        )
        .await;
    let partners = at(&data, &["project", "partners", "nodes"]);
    assert_eq!(partners.len(), 29);
    for partner in partners {
        let key = partner["key"].as_str().unwrap();
        let led = texts(partner, &["outputs", "nodes", "lead", "key"]);
        assert!(led.iter().all(|lead| *lead == key));
        let involved = texts(partner, &["involvedIn", "nodes", "lead", "key"]);
        assert!(involved.iter().all(|lead| *lead != key));
    }
}

#[tokio::test]
async fn texts_fall_back_to_the_project_s_language() {
    let api = Api::new().await;
    let data = api
        .data(
            "{ project(key: \"connection\") { it: summary(locale: \"it\") en: summary
                regional: summary(locale: \"it-IT\") other: summary(locale: \"fi\")
                targets { it: label(locale: \"it\") other: label(locale: \"fi\") en: label } } }",
        )
        .await;
    let project = &data["project"];
    assert!(project["it"].as_str().unwrap().starts_with("Città europee"));
    assert_eq!(project["it"], project["regional"]);
    assert_eq!(project["other"], project["en"]);
    for target in at(project, &["targets"]) {
        assert_eq!(target["other"], target["en"]);
        assert_ne!(target["it"], "");
    }
}

#[tokio::test]
async fn every_id_that_the_api_gives_is_found_again() {
    let api = Api::new().await;
    let data = api
        .data(
            "{ project(key: \"connection\") { id coordinator { id organisation { id } }
                outputs(first: 100) { nodes { id } }
                partners(first: 100) { nodes { id organisation { id } } }
                communities { nodes { id } } pairings { nodes { id } }
                practices { nodes { id visits { id } } } forums { nodes { id } }
                budgetLines { nodes { id } } calls { nodes { id } } publications { nodes { id } }
                notes(first: 100) { nodes { id about { id } } } sources(first: 100) { nodes { id } }
                targets { id } reminderRules { id }
                timeline(from: \"2020-01-01\", until: \"2022-12-31\", first: 100) { nodes { record { id } } }
                progress { figures { items(stage: PLANNED, first: 100) { nodes { id } } } } } }",
        )
        .await;
    let mut ids = BTreeSet::new();
    collect(&data, &mut ids);
    assert!(ids.len() > 300, "{}", ids.len());
    let ids: Vec<String> = ids.into_iter().collect();
    let mut kinds = BTreeSet::new();
    for chunk in ids.chunks(100) {
        let operation =
            Operation::new("query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }")
                .with_variables(json!({ "ids": chunk }));
        let response = api.ask(Viewer::Anonymous, operation).await;
        assert_eq!(response.errors, []);
        let data = response.data.into_json().unwrap();
        assert_eq!(texts(&data, &["nodes", "id"]), *chunk);
        kinds.extend(
            texts(&data, &["nodes", "__typename"])
                .into_iter()
                .map(str::to_owned),
        );
    }
    assert_eq!(kinds.len(), 26, "{kinds:?}");
}

fn collect(value: &Value, ids: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, ids)),
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(id) if name == "id" => {
                        ids.insert(id.clone());
                    }
                    other => collect(other, ids),
                }
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn an_id_of_nothing_is_null() {
    let api = Api::new().await;
    let data = api
        .data("{ node(id: \"bm90aGluZw\") { id } other: node(id: \"\") { id } }")
        .await;
    assert_eq!(data, json!({ "node": null, "other": null }));
    assert_eq!(
        api.codes("{ project(key: \"atlantis\") { id } }").await,
        ["NOT_FOUND"]
    );
}

#[tokio::test]
async fn what_is_not_public_is_not_there_for_the_anonymous() {
    let api = Api::empty().await;
    let mut file = domain::file::read(domain::data::CONNECTION).unwrap();
    file.project.public = false;
    api.store
        .import(&file, domain::command::Import::default())
        .await
        .unwrap();
    let query = "{ project(key: \"connection\") { id } }";
    assert_eq!(api.codes(query).await, ["NOT_FOUND"]);
    let data = api.data_as(Viewer::Operator, query).await;
    let id = data["project"]["id"].clone();
    let query = format!("{{ projects {{ totalCount }} node(id: {id}) {{ id }} }}");
    let data = api.data(&query).await;
    assert_eq!(
        data,
        json!({ "projects": { "totalCount": 0 }, "node": null })
    );
    let data = api.data_as(Viewer::Operator, &query).await;
    assert_eq!(data["projects"]["totalCount"], 1);
    assert_eq!(data["node"]["id"], id);
}

#[tokio::test]
async fn the_anonymous_see_no_address() {
    let api = Api::new().await;
    for field in ["people { nodes { address } }"] {
        let query = format!("{{ project(key: \"connection\") {{ acronym {field} }} }}");
        assert_eq!(api.codes(&query).await, ["FORBIDDEN"], "{field}");
    }
    let data = api
        .data_as(
            Viewer::Operator,
            "{ project(key: \"connection\") { people(first: 100) { totalCount nodes {
                key address roles { kind partner { key } } } } } }",
        )
        .await;
    assert_eq!(data["project"]["people"]["totalCount"], 30);
    assert!(
        texts(&data, &["project", "people", "nodes", "address"])
            .contains(&"exchanges@torino.example")
    );
}

#[tokio::test]
async fn an_output_is_what_it_was_on_the_day() {
    let api = Api::new().await;
    let on = async |day: &str| {
        let query = format!(
            "{{ project(key: \"connection\", asOf: \"{day}\") {{ asOf
                visits(filter: {{states: [REPORTED]}}) {{ totalCount }}
                staffExchanges {{ nodes {{ key state }} }}
                progress(targets: [\"thematic_cluster_visits\"]) {{ asOf figures {{ reported planned status }} }} }} }}"
        );
        api.data(&query).await["project"].clone()
    };
    let (early, late) = (on("2021-01-31").await, on("2022-12-31").await);
    assert_eq!(late["visits"]["totalCount"], 8);
    assert_eq!(late["progress"]["figures"][0]["reported"], 8);
    let then = early["visits"]["totalCount"].as_i64().unwrap();
    assert!(0 < then && then < 8, "{then}");
    assert_eq!(early["progress"]["figures"][0]["reported"], then);
    assert_eq!(early["progress"]["asOf"], "2021-01-31");
    assert_eq!(early["progress"]["figures"][0]["planned"], 14);
}

#[tokio::test]
async fn today_is_the_clock_s_day_in_the_project_s_zone() {
    let api = Api::new().await;
    let query = "{ project(key: \"connection\") { asOf progress { asOf } } }";
    assert_eq!(api.data(query).await["project"]["asOf"], "2021-09-06");
    api.store
        .clock()
        .set("2021-09-06T22:30:00Z".parse().unwrap());
    let data = api.data(query).await;
    assert_eq!(data["project"]["asOf"], "2021-09-07");
    assert_eq!(data["project"]["progress"]["asOf"], "2021-09-07");
}

#[tokio::test]
async fn nothing_was_known_before_it_was_recorded() {
    let api = Api::new().await;
    let query = "{ project(key: \"connection\", asOf: \"2022-12-31\",
        knownAt: \"2019-01-01T00:00:00Z\") { knownAt outputs { totalCount }
        progress(targets: [\"thematic_cluster_visits\"]) { figures { reported } } } }";
    let data = api.data(query).await;
    assert_eq!(data["project"]["knownAt"], "2019-01-01T00:00:00Z");
    assert_eq!(data["project"]["progress"]["figures"][0]["reported"], 0);
}

#[tokio::test]
async fn a_date_that_is_none_is_bad_input() {
    let api = Api::new().await;
    for query in [
        "{ project(key: \"connection\", asOf: \"2021-02-30\") { acronym } }",
        "{ project(key: \"connection\", asOf: \"yesterday\") { acronym } }",
        "{ project(key: \"connection\") { acronym progress(asOf: \"2021\") { asOf } } }",
        "{ project(key: \"connection\") { acronym timeline(from: \"2021-02-01\", until: \"2021-01-01\") { totalCount } } }",
        "{ project(key: \"connection\") { acronym progress(targets: [\"nonsense\"]) { asOf } } }",
        "{ project(key: \"connection\") { acronym progress(community: \"cop1\", partner: \"torino\") { asOf } } }",
        "{ project(key: \"connection\") { acronym progressSeries(target: \"nonsense\") { day } } }",
    ] {
        assert_eq!(api.codes(query).await, ["BAD_USER_INPUT"], "{query}");
    }
}

#[tokio::test]
async fn the_timeline_goes_by_day_and_knows_how_exact_it_is() {
    let api = Api::new().await;
    let data = api
        .data(
            "{ project(key: \"connection\", asOf: \"2021-09-06\") {
                timeline(from: \"2021-09-13\", until: \"2021-10-31\", first: 100) { nodes {
                    day date precise what record { __typename ... on Output { key } } } } } }",
        )
        .await;
    let nodes = at(&data, &["project", "timeline", "nodes"]);
    let days = texts(&data, &["project", "timeline", "nodes", "day"]);
    assert!(days.is_sorted(), "{days:?}");
    let starts: Vec<_> = nodes
        .iter()
        .filter(|entry| entry["what"] == "STARTS" && entry["precise"] == true)
        .map(|entry| {
            (
                entry["day"].as_str().unwrap(),
                entry["record"]["__typename"].as_str().unwrap(),
            )
        })
        .collect();
    for expected in [
        ("2021-09-13", "Event"),
        ("2021-09-20", "StaffExchange"),
        ("2021-10-11", "Visit"),
    ] {
        assert!(starts.contains(&expected), "{expected:?} in {starts:?}");
    }
    for entry in nodes.iter().filter(|entry| entry["precise"] == false) {
        assert_ne!(entry["date"], entry["day"]);
    }
}

#[tokio::test]
async fn notes_lead_to_the_records_that_they_are_about_and_back() {
    let api = Api::new().await;
    let data = api
        .data(
            "{ project(key: \"connection\", asOf: \"2022-12-31\") {
                discrepancies: notes(filter: {kinds: [DISCREPANCY]}, first: 100) { totalCount nodes {
                    key readings { value citation { key source { title } } } } }
                about: notes(filter: {about: \"partner:rotterdam\"}) { nodes { key about { id } } }
                partners(filter: {kinds: [CORE_CITY]}) { totalCount nodes { key id notes { key } } } } }",
        )
        .await;
    let project = &data["project"];
    assert_eq!(project["discrepancies"]["totalCount"], 34);
    let about = texts(project, &["about", "nodes", "key"]);
    assert!(!about.is_empty());
    let partners = at(project, &["partners", "nodes"]);
    let rotterdam = partners
        .iter()
        .find(|partner| partner["key"] == "rotterdam")
        .unwrap();
    assert_eq!(texts(rotterdam, &["notes", "key"]), about);
    let query = format!(
        "{{ project(key: \"connection\") {{ notes(filter: {{about: {}}}) {{ nodes {{ key }} }} }} }}",
        rotterdam["id"]
    );
    assert_eq!(
        texts(
            &api.data(&query).await,
            &["project", "notes", "nodes", "key"]
        ),
        about
    );
}

#[tokio::test]
async fn records_come_in_the_order_that_is_asked_for() {
    let api = Api::new().await;
    let data = api
        .data(
            r#"{ project(key: "connection", asOf: "2022-12-31") {
                partners(first: 100, order: { by: NAME }) { nodes { organisation { name } } }
                practices(first: 100, order: { by: DATE, direction: DESCENDING }) { nodes { since } }
                sources(first: 100, filter: { text: "anatoliki" }, order: { by: NAME }) { nodes { title publisher } }
                publications(first: 100, filter: { community: "cop2" }) { totalCount }
            } }"#,
        )
        .await;
    let project = &data["project"];
    let list = |field: &str, of: &dyn Fn(&Value) -> Option<String>| -> Vec<Option<String>> {
        project[field]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(of)
            .collect()
    };
    let names = list("partners", &|node| {
        Some(node["organisation"]["name"].as_str()?.to_lowercase())
    });
    assert!(names.is_sorted() && names.len() == 29, "{names:?}");
    let since = list("practices", &|node| {
        node["since"].as_str().map(str::to_owned)
    });
    let known: Vec<_> = since.iter().flatten().collect();
    assert_eq!(known.len(), 10);
    assert!(known.is_sorted_by(|one, next| one >= next), "{since:?}");
    assert!(
        since.iter().skip(known.len()).all(Option::is_none),
        "{since:?}"
    );
    let titles = list("sources", &|node| {
        assert!(
            node.to_string().to_lowercase().contains("anatoliki"),
            "{node}"
        );
        Some(node["title"].as_str()?.to_lowercase())
    });
    assert!(titles.is_sorted() && titles.len() > 5, "{titles:?}");
    assert_eq!(project["publications"]["totalCount"], 2);
}
