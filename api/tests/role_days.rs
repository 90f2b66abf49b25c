//! Roles by the day: they give rights from their first day to their last, whatever day is read. On both
//! databases.

use api::Operation;
use chrono::{DateTime, Utc};
use domain::viewer::{Credential, SignedIn, Viewer};
use rstest::rstest;
use serde_json::{Value, json};
use tests::Backend;
use uuid::Uuid;

use crate::support::Api;

const PEOPLE: &str = "query($asOf: Date) { viewer { roles { kind from until } }
    project(key: \"connection\", asOf: $asOf) { people(first: 100) { totalCount } } }";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

async fn ask(api: &Api, viewer: Viewer, document: &str, variables: Value) -> Value {
    let operation = Operation::new(document).with_variables(variables);
    let answer = Box::pin(api.ask(viewer, operation)).await;
    serde_json::to_value(answer).unwrap()
}

/// A mutation by the operator; its payload.
async fn act(api: &Api, name: &str, input: Value) -> Value {
    let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let document = format!(
        "mutation($input: {kind}!) {{ {name}(input: $input) {{
            person {{ id key version roles {{ kind partner {{ key }} from until inForce }}
                all: roles(upcoming: true) {{ kind from }} }}
            userErrors {{ field code }} }} }}"
    );
    let answer = ask(api, Viewer::Operator, &document, json!({ "input": input })).await;
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"][name].clone()
}

async fn viewer(api: &Api, key: &str) -> Viewer {
    let project = api.store.project("connection").await.unwrap();
    let person = project.people.iter().find(|row| row.key == key).unwrap();
    Viewer::Person(SignedIn {
        person: person.id,
        by: Credential::Session(Uuid::from_u128(1).into()),
    })
}

/// Somebody who coordinates from 10 to 20 September 2021: their id and key.
async fn stand_in(api: &Api) -> (Value, String) {
    let input = json!({ "project": "connection", "name": "Stand-in", "roles": [
        { "kind": "COORDINATOR", "from": "2021-09-10", "until": "2021-09-20" } ] });
    let payload = act(api, "addPerson", input).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload}");
    let person = &payload["person"];
    let key = person["key"].as_str().unwrap().to_owned();
    (person["id"].clone(), key)
}

#[rstest]
#[tokio::test]
async fn a_role_gives_rights_from_its_first_day_to_its_last(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let (_, key) = stand_in(&api).await;
    let viewer = viewer(&api, &key).await;
    let id = "{ project(key: \"connection\") { id } }";
    let id = ask(&api, Viewer::Operator, id, json!({})).await["data"]["project"]["id"].clone();
    for (now, may) in [
        ("2021-09-06T12:00:00Z", false),
        ("2021-09-09T21:30:00Z", false),
        ("2021-09-09T22:30:00Z", true),
        ("2021-09-20T21:30:00Z", true),
        ("2021-09-20T22:30:00Z", false),
    ] {
        api.store.clock().set(at(now));
        // Rights are asked as of now, whatever day is read.
        for as_of in [Value::Null, json!("2021-09-15"), json!("2022-06-01")] {
            let answer = ask(&api, viewer, PEOPLE, json!({ "asOf": as_of })).await;
            let people = &answer["data"]["project"]["people"];
            assert_eq!(people["totalCount"].is_number(), may, "{now}: {answer}");
            let roles = answer["data"]["viewer"]["roles"].as_array();
            let roles = roles.map_or(0, Vec::len);
            assert_eq!(roles, usize::from(may), "{now}: {answer}");
        }
        let rename = "mutation($input: EditProjectInput!) { editProject(input: $input) {
            userErrors { code } } }";
        let input = json!({ "id": id, "grantAgreement": now });
        let answer = ask(&api, viewer, rename, json!({ "input": input })).await;
        let errors = &answer["data"]["editProject"]["userErrors"];
        let is_forbidden = *errors == json!([{ "code": "FORBIDDEN" }]);
        assert_eq!(is_forbidden, !may, "{now}: {answer}");
    }
}

#[rstest]
#[tokio::test]
async fn a_closed_project_is_there_for_who_has_a_role_now(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let (_, key) = stand_in(&api).await;
    let viewer = viewer(&api, &key).await;
    api.rewrite("connection", &["update project set public = false"])
        .await;
    let query = "{ projects { totalCount nodes { key } } project(key: \"connection\") { key } }";
    for (now, may) in [
        ("2021-09-06T12:00:00Z", false),
        ("2021-09-15T12:00:00Z", true),
        ("2021-09-25T12:00:00Z", false),
    ] {
        api.store.clock().set(at(now));
        let answer = ask(&api, viewer, query, json!({})).await;
        let data = &answer["data"];
        assert_eq!(data["project"].is_object(), may, "{now}: {answer}");
        assert_eq!(data["projects"]["totalCount"], usize::from(may), "{now}");
    }
}

#[rstest]
#[tokio::test]
async fn the_days_of_a_role_are_edited_and_held_to_their_rules(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let (id, _) = stand_in(&api).await;
    let own = |fields: Value| {
        let mut input = json!({ "person": id, "kind": "COORDINATOR" });
        input
            .as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        input
    };
    let refused = async |name: &str, input: Value| {
        let payload = act(&api, name, input).await;
        let error = &payload["userErrors"][0];
        format!("{} {}", error["field"], error["code"]).replace('"', "")
    };
    let input = own(json!({ "until": "2021-09-09" }));
    assert_eq!(refused("editRole", input).await, "until ENDS_BEFORE_START");
    let input = json!({ "person": id, "role": { "kind": "VIEWER", "from": "2021-10-02",
        "until": "2021-10-01" } });
    assert_eq!(
        refused("grantRole", input).await,
        "role.until ENDS_BEFORE_START"
    );
    let input = json!({ "person": id, "kind": "VIEWER", "until": null });
    assert_eq!(refused("editRole", input).await, "kind NOT_FOUND");
    let input = json!({ "person": id, "role": { "kind": "COORDINATOR", "from": "2022-01-01" } });
    assert_eq!(refused("grantRole", input).await, "role.kind TAKEN");
    let input = json!({ "person": id, "role": { "kind": "COORDINATOR", "from": "2021-09-11" } });
    assert_eq!(refused("revokeRole", input).await, "role.from NOT_FOUND");

    // A day is left out, or taken away.
    let payload = act(&api, "editRole", own(json!({ "until": null }))).await;
    assert_eq!(payload["userErrors"], json!([]));
    let begins = json!([{ "kind": "COORDINATOR", "from": "2021-09-10" }]);
    assert_eq!(payload["person"]["all"], begins);
    assert_eq!(payload["person"]["roles"], json!([]), "it has not begun");
    let earlier =
        own(json!({ "from": "2021-09-01", "expectedVersion": payload["person"]["version"] }));
    let payload = act(&api, "editRole", earlier.clone()).await;
    assert_eq!(
        payload["person"]["roles"],
        json!([{ "kind": "COORDINATOR", "partner": null, "from": "2021-09-01", "until": null,
            "inForce": true }])
    );
    assert_eq!(
        refused("editRole", earlier).await,
        "expectedVersion CONFLICT"
    );
}

#[rstest]
#[tokio::test]
async fn a_project_has_a_coordinator_on_every_day_from_today_on(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let project = api.store.project("connection").await.unwrap();
    let viewer = viewer(&api, "eurocities-coordination").await;
    let query =
        "query { project(key: \"connection\") { people(first: 100) { nodes { id key } } } }";
    let people = ask(&api, viewer, query, json!({})).await;
    let people = people["data"]["project"]["people"]["nodes"].clone();
    let mut all = people.as_array().unwrap().iter();
    let own = all.find(|one| one["key"] == "eurocities-coordination");
    let own = own.unwrap()["id"].clone();
    let leave = json!({ "person": own, "kind": "COORDINATOR", "partner": "eurocities",
        "until": "2021-09-30" });
    let last = json!([{ "field": "until", "code": "LAST_COORDINATOR" }]);
    assert_eq!(
        act(&api, "editRole", leave.clone()).await["userErrors"],
        last
    );
    // A day without anybody is one too many.
    let (next, _) = stand_in(&api).await;
    let days =
        |from: &str| json!({ "person": next, "kind": "COORDINATOR", "from": from, "until": null });
    act(&api, "editRole", days("2021-10-02")).await;
    assert_eq!(
        act(&api, "editRole", leave.clone()).await["userErrors"],
        last
    );
    act(&api, "editRole", days("2021-10-01")).await;
    assert_eq!(act(&api, "editRole", leave).await["userErrors"], json!([]));
    let revoke = json!({ "person": next, "role": { "kind": "COORDINATOR" } });
    let payload = act(&api, "revokeRole", revoke).await;
    let last = json!([{ "field": "role.kind", "code": "LAST_COORDINATOR" }]);
    assert_eq!(payload["userErrors"], last);
    assert!(project.revision() < api.store.project("connection").await.unwrap().revision());
}

#[rstest]
#[tokio::test]
async fn roles_are_read_as_of_a_day(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let (_, key) = stand_in(&api).await;
    api.store.clock().set(at("2021-10-01T12:00:00Z"));
    let query = "query($asOf: Date) { project(key: \"connection\", asOf: $asOf) {
        people(first: 100) { nodes { key roles { until inForce } } } } }";
    for (day, roles) in [
        ("2021-09-09", None),
        ("2021-09-10", Some(true)),
        ("2021-09-20", Some(true)),
        ("2021-09-21", Some(false)),
    ] {
        let answer = ask(&api, Viewer::Operator, query, json!({ "asOf": day })).await;
        let people = answer["data"]["project"]["people"]["nodes"].as_array();
        let mut people = people.unwrap().iter();
        let found = people.find(|one| one["key"] == key.as_str());
        let found = found.map(|one| one["roles"].clone());
        let role = |is| json!([{ "until": "2021-09-20", "inForce": is }]);
        assert_eq!(found, roles.map(role), "{day}");
    }
}
