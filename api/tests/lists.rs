//! Lists as people read them: each record once, in alphabetical order; and what mutations say of lists
//! that overlap.

use crate::support::Api;
use api::Operation;
use domain::viewer::Viewer;
use rstest::rstest;
use serde_json::{Value, json};
use tests::Backend;

async fn ask(api: &Api, document: &str, variables: Value) -> Value {
    let operation = Operation::new(document).with_variables(variables);
    let answer = Box::pin(api.ask(Viewer::Operator, operation)).await;
    let answer = serde_json::to_value(answer).unwrap();
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"].clone()
}

/// Does a mutation of an output; gives its payload.
async fn act(api: &Api, name: &str, input: Value) -> Value {
    let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let document = format!(
        "mutation($input: {kind}!) {{ {name}(input: $input) {{
            output {{ id }} userErrors {{ field code }} warnings {{ field code message }} }} }}"
    );
    ask(api, &document, json!({ "input": input })).await[name].clone()
}

/// Field and code of each problem, or warning, of a payload.
fn said(payload: &Value, list: &str) -> Vec<String> {
    let all = payload[list].as_array().unwrap().iter();
    let words = |one: &Value| {
        let field = one["field"].as_str().unwrap_or_default();
        format!("{field} {}", one["code"].as_str().unwrap())
    };
    all.map(words).collect()
}

/// The titles of the events of CONNECTION in their order, page by page.
async fn titles(api: &Api) -> Vec<String> {
    let document = "query($after: String) { project(key: \"connection\") {
        events(first: 3, after: $after, order: { by: TITLE }) {
            nodes { title } pageInfo { hasNextPage endCursor } } } }";
    let mut titles = Vec::new();
    let mut after = Value::Null;
    loop {
        let data = ask(api, document, json!({ "after": after })).await;
        let page = &data["project"]["events"];
        let nodes = page["nodes"].as_array().unwrap().iter();
        titles.extend(nodes.map(|node| node["title"].as_str().unwrap().to_owned()));
        if page["pageInfo"]["hasNextPage"] == false {
            return titles;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

#[tokio::test]
async fn a_workshop_lists_each_champion_once_however_often_they_trained_there() {
    let api = Api::new().await;
    let data = api
        .data(
            "{ project(key: \"connection\", asOf: \"2022-12-31\") {
                championWorkshops { nodes { key champions { key } } }
                champions { nodes { key trainings { workshop { key } } } } } }",
        )
        .await;
    let workshops = data["project"]["championWorkshops"]["nodes"].as_array();
    let mut workshops = workshops.unwrap().iter();
    let utrecht = workshops.find(|one| one["key"] == "champion_workshop_utrecht");
    let all = data["project"]["champions"]["nodes"].as_array().unwrap();
    let keys: Vec<&Value> = all.iter().map(|one| &one["key"]).collect();
    let held_by = utrecht.unwrap()["champions"].as_array().unwrap();
    let held_by: Vec<&Value> = held_by.iter().map(|one| &one["key"]).collect();
    assert_eq!(held_by.len(), 9);
    assert_eq!(held_by, keys);
    let trainings = all
        .iter()
        .flat_map(|one| one["trainings"].as_array().unwrap());
    assert_eq!(trainings.count(), 12);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn titles_are_in_alphabetical_order_on_every_page(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let new = [
        "Zagreb meeting",
        "Älmhult meeting",
        "apple meeting",
        "Berlin meeting",
        "\u{c9}ire meeting",
        "E\u{301}ire meeting, too",
        "Ελλάδα",
    ];
    for title in new {
        let input = json!({
            "project": "connection", "kind": "WORKING_MEETING",
            "output": { "title": [{ "locale": "en", "text": title }] },
        });
        let payload = act(&api, "scheduleEvent", input).await;
        assert_eq!(payload["userErrors"], json!([]));
    }
    let titles = titles(&api).await;
    assert_eq!(titles.len(), 11 + new.len());
    let ours: Vec<&str> = titles
        .iter()
        .map(String::as_str)
        .filter(|title| new.contains(title))
        .collect();
    let right = [
        "Älmhult meeting",
        "apple meeting",
        "Berlin meeting",
        "\u{c9}ire meeting",
        "E\u{301}ire meeting, too",
        "Zagreb meeting",
        "Ελλάδα",
    ];
    assert_eq!(ours, right);
}

#[tokio::test]
async fn names_of_partners_and_sources_are_in_alphabetical_order() {
    let api = Api::new().await;
    api.rewrite(
        "connection",
        &[
            "update organisation set name = 'Älmhult' where key = 'zagreb'",
            "update source set title = 'Économie' where key = 'W77'",
        ],
    )
    .await;
    let data = api
        .data(
            "{ project(key: \"connection\") {
                partners(first: 100, order: { by: NAME }) { nodes { organisation { name } } }
                sources(first: 100, order: { by: NAME }) { nodes { title } } } }",
        )
        .await;
    let project = &data["project"];
    let partners = project["partners"]["nodes"].as_array().unwrap();
    let names: Vec<_> = partners
        .iter()
        .map(|node| node["organisation"]["name"].as_str().unwrap())
        .collect();
    let at = |name: &str| names.iter().position(|other| *other == name).unwrap();
    assert!(at("Älmhult") < names.len() / 4, "{names:?}");
    let sources = project["sources"]["nodes"].as_array().unwrap();
    let titles: Vec<_> = sources
        .iter()
        .map(|node| node["title"].as_str().unwrap())
        .collect();
    let at = titles
        .iter()
        .position(|title| *title == "Économie")
        .unwrap();
    let follows = titles[at + 1..].iter().all(|title| {
        let first = title.chars().find(|c| c.is_alphabetic()).unwrap();
        first.to_ascii_uppercase() >= 'E'
    });
    assert!(follows, "{titles:?}");
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn two_visits_of_one_community_on_the_same_days_are_warned_of(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let visit = |community: &str, starts: &str, ends: &str| {
        json!({
            "project": "connection",
            "output": { "community": community, "starts": starts, "ends": ends },
        })
    };
    // The second visit of CoP1 lasts from 11 to 13 October 2021.
    let plan = "scheduleVisit";
    let during = act(&api, plan, visit("cop1", "2021-10-13", "2021-10-14")).await;
    assert_eq!(
        said(&during, "warnings"),
        ["output.starts OVERLAPPING_VISITS"]
    );
    let message = during["warnings"][0]["message"].as_str().unwrap();
    assert_eq!(message, "Its community visits cop1_w2 on the same days.");
    for other in [
        visit("cop1", "2021-10-15", "2021-10-16"),
        visit("cop2", "2021-10-11", "2021-10-13"),
    ] {
        let apart = act(&api, plan, other).await;
        assert_eq!(apart["userErrors"], json!([]));
        assert_eq!(apart["warnings"], json!([]));
    }

    let id = &during["output"]["id"];
    let moved = |starts: &str, ends: &str| json!({ "id": id, "starts": starts, "ends": ends, "reason": "A wish" });
    let apart = act(&api, "rescheduleOutput", moved("2021-11-02", "2021-11-03")).await;
    assert_eq!(apart["warnings"], json!([]));
    let again = act(&api, "rescheduleOutput", moved("2021-10-12", "2021-10-12")).await;
    assert_eq!(said(&again, "warnings"), ["starts OVERLAPPING_VISITS"]);
    let handed_over = json!({ "id": id, "community": "cop2" });
    let handed_over = act(&api, "editOutput", handed_over).await;
    assert_eq!(
        said(&handed_over, "warnings"),
        ["starts OVERLAPPING_VISITS"]
    );
}

#[tokio::test]
async fn what_an_output_shares_is_left_out_but_not_null() {
    let api = Api::new().await;
    let left_out = json!({ "project": "connection", "kind": "WEBINAR" });
    let payload = act(&api, "scheduleEvent", left_out).await;
    assert_eq!(payload["userErrors"], json!([]));
    let null = json!({ "project": "connection", "kind": "WEBINAR", "output": null });
    let payload = act(&api, "scheduleEvent", null).await;
    assert_eq!(said(&payload, "userErrors"), ["output REQUIRED"]);
    let null = json!({ "project": "connection", "output": null });
    for plan in ["scheduleVisit", "planGuide", "selectChampion"] {
        let payload = act(&api, plan, null.clone()).await;
        assert_eq!(said(&payload, "userErrors"), ["output REQUIRED"], "{plan}");
    }
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn nobody_takes_part_twice(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let plan = |participants: Value| {
        json!({
            "project": "connection", "kind": "WORKING_MEETING",
            "output": { "participants": participants },
        })
    };
    for (participants, place) in [
        (
            json!([{ "partner": "torino" }, { "partner": "torino", "status": "UNABLE" }]),
            "1.partner",
        ),
        (
            json!([{ "who": "Students" }, { "partner": "sofia" }, { "who": "Students" }]),
            "2.who",
        ),
        (
            json!([{ "person": "torino-exchanges" },
                { "partner": "torino", "person": "torino-exchanges" }]),
            "1.person",
        ),
    ] {
        let payload = act(&api, "scheduleEvent", plan(participants)).await;
        let right = format!("output.participants.{place} TWICE");
        assert_eq!(said(&payload, "userErrors"), [right]);
    }
    // Two people of one partner are two.
    let two =
        json!([{ "partner": "torino", "who": "Mayor" }, { "partner": "torino", "who": "Clerk" }]);
    let payload = act(&api, "scheduleEvent", plan(two)).await;
    assert_eq!(payload["userErrors"], json!([]));
    let id = payload["output"]["id"].clone();

    let add = |partner: &str, who: &str| json!({ "output": id, "partner": partner, "who": who });
    let again = act(&api, "addParticipant", add("torino", "Mayor")).await;
    assert_eq!(said(&again, "userErrors"), ["partner TWICE"]);
    let other = act(&api, "addParticipant", add("sofia", "Mayor")).await;
    assert_eq!(other["userErrors"], json!([]));
    let read = "query($id: ID!) { node(id: $id) { ... on Event {
        participations { id partner { key } } } } }";
    let entries = ask(&api, read, json!({ "id": id })).await;
    let entry = &entries["node"]["participations"][2];
    assert_eq!(entry["partner"]["key"], "sofia");
    let edit = json!({ "id": entry["id"], "partner": "torino" });
    let edited = act(&api, "editParticipant", edit).await;
    assert_eq!(said(&edited, "userErrors"), ["partner TWICE"]);
}
