//! More rules of the field: partners that left, and journeys that overlap, on both databases.

use crate::support::Api;
use api::Operation;
use domain::viewer::Viewer;
use rstest::rstest;
use serde_json::{Value, json};
use tests::Backend;

const OF_TORINO: &str = "x_torino_anci_piemonte_leg1";
const OF_ANTWERP: &str = "x_antwerp";

async fn ask(api: &Api, document: &str, variables: Value) -> Value {
    let operation = Operation::new(document).with_variables(variables);
    serde_json::to_value(api.ask(Viewer::Operator, operation).await).unwrap()
}

/// Does a mutation of an output; gives its payload.
async fn act(api: &Api, name: &str, input: Value) -> Value {
    let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let document = format!(
        "mutation($input: {kind}!) {{ {name}(input: $input) {{
            output {{ id }} userErrors {{ field code }} warnings {{ code message }} }} }}"
    );
    let input = Box::pin(api.with_list_versions(input)).await;
    let answer = ask(api, &document, json!({ "input": input })).await;
    assert!(answer["data"][name].is_object(), "{answer}");
    answer["data"][name].clone()
}

/// Fails unless it was done; gives the codes of what it warns of.
async fn done(api: &Api, name: &str, input: Value) -> Vec<String> {
    let payload = act(api, name, input).await;
    assert_eq!(payload["userErrors"], json!([]), "{name}");
    let warnings = payload["warnings"].as_array().unwrap().iter();
    let code = |one: &Value| one["code"].as_str().unwrap().to_owned();
    warnings.map(code).collect()
}

/// Fields and codes of what is wrong with it.
async fn wrong(api: &Api, name: &str, input: Value) -> Vec<String> {
    let payload = act(api, name, input).await;
    let errors = payload["userErrors"].as_array().unwrap().iter();
    let told = |one: &Value| {
        let parts = [&one["field"], &one["code"]];
        parts
            .map(|part| part.as_str().unwrap_or_default())
            .join(" ")
    };
    errors.map(told).collect()
}

/// The id of a staff exchange by its key.
async fn exchange(api: &Api, key: &str) -> Value {
    let query = "{ project(key: \"connection\") {
        outputs(first: 100, filter: { kinds: [STAFF_EXCHANGE] }) { nodes { id key } } } }";
    let answer = ask(api, query, json!({})).await;
    let all = answer["data"]["project"]["outputs"]["nodes"]
        .as_array()
        .unwrap();
    all.iter().find(|one| one["key"] == key).unwrap()["id"].clone()
}

/// Torino leaves CONNECTION on the first of September.
async fn torino_leaves(api: &Api) {
    let read = "{ project(key: \"connection\") { partners(first: 100) { nodes { id key } } } }";
    let partners = ask(api, read, json!({})).await;
    let mut partners = partners["data"]["project"]["partners"]["nodes"]
        .as_array()
        .unwrap()
        .iter();
    let id = &partners.find(|one| one["key"] == "torino").unwrap()["id"];
    let leave = "mutation($input: LeaveProjectInput!) { leaveProject(input: $input) {
        userErrors { field code } } }";
    let input = json!({ "input": { "id": id, "on": "2021-09-01" } });
    let answer = ask(api, leave, input).await;
    assert_eq!(
        answer["data"]["leaveProject"]["userErrors"],
        json!([]),
        "{answer}"
    );
}

/// The week in October to which exchanges are moved.
fn in_october(id: &Value) -> Value {
    json!({ "id": id, "starts": "2021-10-04", "ends": "2021-10-08", "reason": "A wish" })
}

/// Somebody of Torino takes part in an exchange.
fn traveller(id: &Value) -> Value {
    json!({ "id": id, "participants": [{ "person": "torino-exchanges" }] })
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_host_that_nobody_named_has_not_left_either(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let pairing = "mutation { createPairing(input: { project: \"connection\",
            community: \"cop1\", mentor: [\"torino\"], implementing: [\"paris\"] }) {
            pairing { id } userErrors { code } } }";
    let answer = ask(&api, pairing, json!({})).await;
    let pairing = &answer["data"]["createPairing"]["pairing"]["id"];
    assert!(pairing.is_string(), "{answer}");
    torino_leaves(&api).await;
    let plan = |leg: i32| {
        json!({
            "project": "connection", "pairing": pairing, "leg": leg,
            "output": { "starts": "2021-10-04", "ends": "2021-10-08" },
        })
    };
    let name = "scheduleStaffExchange";
    assert_eq!(
        wrong(&api, name, plan(1)).await,
        ["output.lead PARTNER_LEFT", "output.host PARTNER_LEFT"]
    );
    done(&api, name, plan(2)).await;
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn nothing_is_moved_past_the_day_on_which_its_host_leaves(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    torino_leaves(&api).await;
    let id = exchange(&api, OF_TORINO).await;
    assert_eq!(
        wrong(&api, "rescheduleOutput", in_october(&id)).await,
        ["lead PARTNER_LEFT", "host PARTNER_LEFT"]
    );
    let sooner = json!({
        "id": id, "starts": "2021-08-02", "ends": "2021-08-06", "reason": "It took place",
    });
    done(&api, "rescheduleOutput", sooner).await;
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn whoever_is_to_travel_after_all_is_warned_of(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let torino = exchange(&api, OF_TORINO).await;
    done(&api, "rescheduleOutput", in_october(&torino)).await;
    done(&api, "editOutput", traveller(&torino)).await;
    let antwerp = exchange(&api, OF_ANTWERP).await;
    done(
        &api,
        "editOutput",
        json!({ "id": antwerp, "mode": "ONLINE" }),
    )
    .await;
    done(&api, "rescheduleOutput", in_october(&antwerp)).await;
    assert_eq!(done(&api, "editOutput", traveller(&antwerp)).await, [""; 0]);
    let there = json!({ "id": antwerp, "mode": "IN_PERSON" });
    assert_eq!(
        done(&api, "editOutput", there).await,
        ["OVERLAPPING_TRAVEL"]
    );
    let note = json!({ "id": antwerp, "note": "Read" });
    assert_eq!(done(&api, "editOutput", note).await, [""; 0]);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_is_taken_up_again_may_overlap_with_what_was_planned_meanwhile(
    #[case] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let torino = exchange(&api, OF_TORINO).await;
    done(&api, "rescheduleOutput", in_october(&torino)).await;
    done(&api, "editOutput", traveller(&torino)).await;
    let why = json!({ "id": torino, "reason": "No visa" });
    done(&api, "cancelOutput", why.clone()).await;
    let antwerp = exchange(&api, OF_ANTWERP).await;
    done(&api, "rescheduleOutput", in_october(&antwerp)).await;
    assert_eq!(done(&api, "editOutput", traveller(&antwerp)).await, [""; 0]);
    let payload = act(&api, "reopenOutput", why).await;
    assert_eq!(payload["userErrors"], json!([]));
    assert_eq!(
        payload["warnings"][0]["code"], "OVERLAPPING_TRAVEL",
        "{payload}"
    );
    assert!(
        payload["warnings"][0]["message"]
            .as_str()
            .unwrap()
            .contains(OF_ANTWERP)
    );
}
