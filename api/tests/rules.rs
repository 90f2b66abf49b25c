//! The rules of the field that verbs hold, each with its code, on both databases.

#![expect(clippy::unwrap_used, reason = "tests say what they expect by failing")]

mod support;

use api::Operation;
use domain::viewer::{Credential, SignedIn, Viewer};
use serde_json::{Value, json};
use support::Api;
use tests::on_each_database;
use uuid::Uuid;

const OF_TORINO: &str = "x_torino_anci_piemonte_leg1";

async fn ask(api: &Api, viewer: Viewer, document: &str, variables: Value) -> Value {
    let operation = Operation::new(document).with_variables(variables);
    serde_json::to_value(api.ask(viewer, operation).await).unwrap()
}

/// Does a mutation of an output; gives its payload.
async fn act(api: &Api, viewer: Viewer, name: &str, input: Value) -> Value {
    let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let document = format!(
        "mutation($input: {kind}!) {{ {name}(input: $input) {{
            output {{ id state }} userErrors {{ field code message }} warnings {{ code message }} }} }}"
    );
    let answer = ask(api, viewer, &document, json!({ "input": input })).await;
    assert!(answer["data"][name].is_object(), "{answer}");
    answer["data"][name].clone()
}

/// Fails unless it was done.
async fn done(api: &Api, viewer: Viewer, name: &str, input: Value) -> Value {
    let payload = act(api, viewer, name, input).await;
    assert_eq!(payload["userErrors"], json!([]), "{name}");
    payload
}

fn codes(list: &Value) -> Vec<&str> {
    let all = list.as_array().unwrap().iter();
    all.map(|one| one["code"].as_str().unwrap()).collect()
}

/// Somebody of CONNECTION, signed in.
async fn signed_in(api: &Api, key: &str) -> Viewer {
    let project = api.store.project("connection").await.unwrap();
    let person = project.people.iter().find(|row| row.key == key).unwrap().id;
    Viewer::Person(SignedIn {
        person,
        by: Credential::Session(Uuid::from_u128(1).into()),
    })
}

/// The id of a staff exchange by its key.
async fn exchange(api: &Api, key: &str) -> Value {
    let query = "{ project(key: \"connection\") {
        outputs(first: 100, filter: { kinds: [STAFF_EXCHANGE] }) { nodes { id key state } } } }";
    let answer = ask(api, Viewer::Operator, query, json!({})).await;
    let all = answer["data"]["project"]["outputs"]["nodes"]
        .as_array()
        .unwrap();
    all.iter().find(|one| one["key"] == key).unwrap()["id"].clone()
}

on_each_database! {
    async fn a_pairing_has_two_legs_and_the_mentor_hosts_the_first(database: TestDatabase) {
        let api = Api::over(database).await;
        let plan = |leg: Value| json!({
            "project": "connection", "pairing": "x_torino_anci_piemonte", "leg": leg,
        });
        for (leg, code) in [
            (json!(1), "LEG_TAKEN"),
            (json!(null), "LEGS_COMPLETE"),
            (json!(3), "OUT_OF_RANGE"),
        ] {
            let payload = act(&api, Viewer::Operator, "scheduleStaffExchange", plan(leg)).await;
            assert_eq!(codes(&payload["userErrors"]), [code]);
        }
        let leg = exchange(&api, OF_TORINO).await;
        let elsewhere = json!({ "id": leg, "host": "paris" });
        let payload = act(&api, Viewer::Operator, "editOutput", elsewhere).await;
        assert_eq!(codes(&payload["userErrors"]), ["WRONG_HOST"]);
        // A leg that was called off is taken up again; it makes no room for a third.
        let why = json!({ "id": leg, "reason": "No visa" });
        done(&api, Viewer::Operator, "cancelOutput", why.clone()).await;
        let payload = act(&api, Viewer::Operator, "scheduleStaffExchange", plan(json!(1))).await;
        assert_eq!(codes(&payload["userErrors"]), ["LEG_TAKEN"]);
        let payload = done(&api, Viewer::Operator, "reopenOutput", why).await;
        assert_eq!(payload["output"]["state"], "PLANNED");
    }

    async fn a_short_leg_needs_a_reason_and_a_long_one_is_warned_of(database: TestDatabase) {
        let api = Api::over(database).await;
        let pairing = "mutation { createPairing(input: { project: \"connection\",
            community: \"cop1\", mentor: [\"torino\"], implementing: [\"paris\"] }) {
            pairing { id } userErrors { code } } }";
        let answer = ask(&api, Viewer::Operator, pairing, json!({})).await;
        let pairing = answer["data"]["createPairing"]["pairing"]["id"].clone();
        assert!(pairing.is_string(), "{answer}");
        let plan = |ends: &str, reason: Value| json!({
            "project": "connection", "pairing": pairing,
            "output": { "starts": "2021-10-04", "ends": ends, "reason": reason },
        });
        let name = "scheduleStaffExchange";
        let short = act(&api, Viewer::Operator, name, plan("2021-10-06", json!(null))).await;
        assert_eq!(codes(&short["userErrors"]), ["LEG_TOO_SHORT"]);
        done(&api, Viewer::Operator, name, plan("2021-10-06", json!("A strike"))).await;
        let long = done(&api, Viewer::Operator, name, plan("2021-10-20", json!(null))).await;
        assert_eq!(codes(&long["warnings"]), ["LEG_LONG"]);
        let third = act(&api, Viewer::Operator, name, plan("2021-10-08", json!(null))).await;
        assert_eq!(codes(&third["userErrors"]), ["LEGS_COMPLETE"]);
    }

    async fn whoever_would_be_in_two_places_at_once_is_warned_of(database: TestDatabase) {
        let api = Api::over(database).await;
        let traveller = json!([{ "person": "torino-exchanges" }]);
        let mut warnings = Vec::new();
        for key in [OF_TORINO, "x_antwerp"] {
            let id = exchange(&api, key).await;
            let to = json!({
                "id": id, "starts": "2021-10-04", "ends": "2021-10-08", "reason": "A wish",
            });
            done(&api, Viewer::Operator, "rescheduleOutput", to).await;
            let edit = json!({ "id": id, "participants": traveller });
            let payload = done(&api, Viewer::Operator, "editOutput", edit).await;
            warnings.push(payload["warnings"].clone());
        }
        assert_eq!(codes(&warnings[0]), [""; 0]);
        assert_eq!(codes(&warnings[1]), ["OVERLAPPING_TRAVEL"]);
        assert!(warnings[1][0]["message"].as_str().unwrap().contains(OF_TORINO));
    }

    async fn nobody_verifies_what_their_own_organisation_reported(database: TestDatabase) {
        let api = Api::over(database).await;
        let coordinator = signed_in(&api, "eurocities-coordination").await;
        let torino = signed_in(&api, "torino-exchanges").await;
        let funder = signed_in(&api, "amif-reporting").await;
        let id = exchange(&api, OF_TORINO).await;
        let to = json!({
            "id": id, "starts": "2021-08-02", "ends": "2021-08-06", "reason": "Summer",
        });
        done(&api, coordinator, "rescheduleOutput", to).await;
        let missing = act(&api, torino, "reportOutput", json!({ "id": id })).await;
        let found = codes(&missing["userErrors"]);
        assert!(!found.is_empty() && found.iter().all(|code| *code == "EVIDENCE_MISSING"));
        // In the words of whoever asks.
        let told = missing["userErrors"][0]["message"].as_str().unwrap();
        assert!(told.starts_with("Manca una prova"), "{told}");
        let proof = json!({ "output": id, "proof": { "url": "https://torino.example/report" } });
        done(&api, torino, "addEvidence", proof).await;
        // What torino reported, the coordinator judges, and not torino.
        done(&api, torino, "reportOutput", json!({ "id": id })).await;
        let own = act(&api, torino, "verifyOutput", json!({ "id": id })).await;
        assert_eq!(codes(&own["userErrors"]), ["FORBIDDEN"]);
        let back = json!({ "id": id, "missing": "Who took part" });
        done(&api, coordinator, "returnOutput", back).await;
        // What the coordinator reported, the funder judges, and not the coordinator.
        done(&api, coordinator, "reportOutput", json!({ "id": id })).await;
        let own = act(&api, coordinator, "verifyOutput", json!({ "id": id })).await;
        assert_eq!(codes(&own["userErrors"]), ["OWN_REPORT"]);
        let payload = done(&api, funder, "verifyOutput", json!({ "id": id })).await;
        assert_eq!(payload["output"]["state"], "VERIFIED");
        // What is verified is not reported again, nor moved.
        let again = act(&api, torino, "reportOutput", json!({ "id": id })).await;
        assert!(codes(&again["userErrors"]).contains(&"WRONG_STATE"));
    }
}
