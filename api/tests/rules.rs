//! The rules of the field that verbs hold, each with its code, on both databases.

use crate::support::Api;
use api::Operation;
use domain::{
    account::privacy,
    actor::Actor,
    viewer::{Credential, SignedIn, Viewer},
};
use rstest::rstest;
use serde_json::{Value, json};
use tests::Backend;
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
    let input = Box::pin(api.with_list_versions(input)).await;
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

/// Does something that is about no output; its payload.
async fn other(api: &Api, document: &str, variables: Value) -> Value {
    let answer = ask(api, Viewer::Operator, document, variables).await;
    let payload = answer["data"].as_object().unwrap().values().next();
    payload.unwrap_or_else(|| panic!("{answer}")).clone()
}

/// The id of somebody of CONNECTION.
async fn person(api: &Api, key: &str) -> Value {
    let read = "{ project(key: \"connection\") { people(first: 100) { nodes { id key } } } }";
    let people = ask(api, Viewer::Operator, read, json!({})).await;
    let people = people["data"]["project"]["people"]["nodes"]
        .as_array()
        .unwrap();
    people.iter().find(|one| one["key"] == key).unwrap()["id"].clone()
}

/// Gives or takes a role.
async fn role(api: &Api, verb: &str, key: &str, kind: &str, partner: Option<&str>) {
    let head = verb[..1].to_uppercase() + &verb[1..];
    let document = format!(
        "mutation($input: {head}Input!) {{ {verb}(input: $input) {{ userErrors {{ field code }} }} }}"
    );
    let role = json!({ "kind": kind, "partner": partner });
    let input = json!({ "person": person(api, key).await, "role": role });
    let payload = other(api, &document, json!({ "input": input })).await;
    assert_eq!(payload["userErrors"], json!([]), "{verb}");
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_does_not_fit_an_output_is_told_by_field_and_code(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let operator = Viewer::Operator;
    let told = async |name: &str, input: Value| {
        let payload = act(&api, operator, name, input).await;
        let all = payload["userErrors"].as_array().unwrap().iter();
        let pair = |one: &Value| {
            format!(
                "{} {}",
                one["field"].as_str().unwrap_or_default(),
                one["code"].as_str().unwrap()
            )
        };
        all.map(pair).collect::<Vec<_>>()
    };
    let new = json!({ "project": "connection", "output": { "community": "cop1" } });
    let undated = done(&api, operator, "scheduleVisit", new).await["output"]["id"].clone();
    assert_eq!(
        told("confirmOutput", json!({ "id": undated })).await,
        ["id DATES_UNKNOWN"]
    );
    let leg = exchange(&api, OF_TORINO).await;
    let to = json!({ "id": leg, "starts": "2021-10-04", "ends": "2021-10-08", "reason": "Now" });
    done(&api, operator, "rescheduleOutput", to.clone()).await;
    assert_eq!(
        told("rescheduleOutput", to).await,
        ["starts NOTHING_CHANGES"]
    );
    let early = told("reportOutput", json!({ "id": leg })).await;
    assert!(early.contains(&"id NOT_OVER".to_owned()), "{early:?}");
    let nonsense = json!({ "output": leg, "proof": { "url": "torino.example" } });
    assert_eq!(told("addEvidence", nonsense).await, ["proof.url NOT_A_URL"]);
    let long = "a".repeat(10_001);
    let both = json!({ "id": leg, "place": long, "note": long, "dueOn": "2001-01-01" });
    assert_eq!(
        told("editOutput", both).await,
        ["place TOO_LONG", "note TOO_LONG", "dueOn OUT_OF_RANGE"]
    );
    let body = json!({ "id": leg, "body": "The council", "endorsed": "2021-08-01" });
    assert_eq!(told("endorseActionPlan", body).await, ["id WRONG_KIND"]);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_project_that_becomes_shorter_names_what_lies_outside(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let leg = exchange(&api, OF_TORINO).await;
    let to = json!({ "id": leg, "starts": "2021-10-04", "ends": "2021-10-08", "reason": "Now" });
    done(&api, Viewer::Operator, "rescheduleOutput", to).await;
    let read = "{ project(key: \"connection\") { id } }";
    let id = ask(&api, Viewer::Operator, read, json!({})).await["data"]["project"]["id"].clone();
    let edit = "mutation($input: EditProjectInput!) { editProject(input: $input) {
            project { endsOn websites { url citation { source { key } } } related { name years } }
            userErrors { field code } warnings { code message } } }";
    let payload = other(
        &api,
        edit,
        json!({ "input": { "id": id, "endsOn": "2021-09-30" } }),
    )
    .await;
    assert_eq!(
        codes(&payload["warnings"]),
        ["OUTPUTS_OUTSIDE"],
        "{payload}"
    );
    assert!(
        payload["warnings"][0]["message"]
            .as_str()
            .unwrap()
            .contains(OF_TORINO)
    );
    // What lay outside before is no news.
    let payload = other(
        &api,
        edit,
        json!({ "input": { "id": id, "endsOn": "2021-09-29" } }),
    )
    .await;
    assert!(
        !payload["warnings"].to_string().contains(OF_TORINO),
        "{payload}"
    );
    // A known address keeps its source; all that is wrong is told at once.
    let wrong = json!({ "input": {
        "id": id, "websites": ["https://torino.example", "torino"],
        "related": [{ "name": "", "relation": "PREDECESSOR" }],
    } });
    let payload = other(&api, edit, wrong).await;
    let errors = json!([
        { "field": "websites.1", "code": "NOT_A_URL" },
        { "field": "related.0.name", "code": "REQUIRED" },
    ]);
    assert_eq!(payload["userErrors"], errors);
    let project = api.store.project("connection").await.unwrap();
    let known = project.rows().project.websites.0[0].clone();
    assert!(known.source.is_some());
    let right = json!({ "input": {
        "id": id, "websites": ["https://torino.example", known.url],
        "related": [{ "name": "CONNECTION 2", "relation": "SUCCESSOR", "years": "2023-2025" }],
    } });
    let payload = other(&api, edit, right).await;
    let websites = payload["project"]["websites"].as_array().unwrap();
    assert_eq!(websites[0]["citation"], Value::Null);
    assert!(websites[1]["citation"].is_object(), "{payload}");
    assert_eq!(
        payload["project"]["related"],
        json!([{ "name": "CONNECTION 2", "years": "2023-2025" }])
    );
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn of_two_who_change_somebody_s_roles_at_once_one_is_told(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let read = "{ project(key: \"connection\") { people(first: 100) { nodes {
            id key version roles { kind } } } } }";
    let people = ask(&api, Viewer::Operator, read, json!({})).await;
    let people = people["data"]["project"]["people"]["nodes"]
        .as_array()
        .unwrap();
    let person = people
        .iter()
        .find(|one| one["key"] == "torino-exchanges")
        .unwrap();
    let act = async |name: &str, kind: &str, version: &Value| {
        let head = name[..1].to_uppercase() + &name[1..];
        let document = format!(
            "mutation($input: {head}Input!) {{ {name}(input: $input) {{
                person {{ version roles {{ kind }} }} userErrors {{ field code }} }} }}"
        );
        let input = json!({
            "person": person["id"], "role": { "kind": kind }, "expectedVersion": version,
        });
        other(&api, &document, json!({ "input": input })).await
    };
    let first = act("grantRole", "VIEWER", &person["version"]).await;
    assert_eq!(first["userErrors"], json!([]));
    let conflict = json!([{ "field": "expectedVersion", "code": "CONFLICT" }]);
    for name in ["grantRole", "revokeRole"] {
        let second = act(name, "VIEWER", &person["version"]).await;
        assert_eq!(second["userErrors"], conflict, "{name}");
        // With what they are now.
        assert_eq!(second["person"], first["person"], "{name}");
    }
    let back = act("revokeRole", "VIEWER", &first["person"]["version"]).await;
    assert_eq!(back["userErrors"], json!([]));
    assert_eq!(back["person"]["roles"], person["roles"]);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_pairing_has_two_legs_and_the_mentor_hosts_the_first(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let plan = |leg: Value| {
        json!({
            "project": "connection", "pairing": "x_torino_anci_piemonte", "leg": leg,
        })
    };
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
    let payload = act(
        &api,
        Viewer::Operator,
        "scheduleStaffExchange",
        plan(json!(1)),
    )
    .await;
    assert_eq!(codes(&payload["userErrors"]), ["LEG_TAKEN"]);
    let payload = done(&api, Viewer::Operator, "reopenOutput", why).await;
    assert_eq!(payload["output"]["state"], "PLANNED");
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_short_leg_needs_a_reason_and_a_long_one_is_warned_of(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let pairing = "mutation { createPairing(input: { project: \"connection\",
            community: \"cop1\", mentor: [\"torino\"], implementing: [\"paris\"] }) {
            pairing { id } userErrors { code } } }";
    let answer = ask(&api, Viewer::Operator, pairing, json!({})).await;
    let pairing = answer["data"]["createPairing"]["pairing"]["id"].clone();
    assert!(pairing.is_string(), "{answer}");
    let plan = |ends: &str, reason: Value| {
        json!({
            "project": "connection", "pairing": pairing,
            "output": { "starts": "2021-10-04", "ends": ends, "reason": reason },
        })
    };
    let name = "scheduleStaffExchange";
    let short = act(
        &api,
        Viewer::Operator,
        name,
        plan("2021-10-06", json!(null)),
    )
    .await;
    assert_eq!(codes(&short["userErrors"]), ["LEG_TOO_SHORT"]);
    done(
        &api,
        Viewer::Operator,
        name,
        plan("2021-10-06", json!("A strike")),
    )
    .await;
    let long = done(
        &api,
        Viewer::Operator,
        name,
        plan("2021-10-20", json!(null)),
    )
    .await;
    assert_eq!(codes(&long["warnings"]), ["LEG_LONG"]);
    let third = act(
        &api,
        Viewer::Operator,
        name,
        plan("2021-10-08", json!(null)),
    )
    .await;
    assert_eq!(codes(&third["userErrors"]), ["LEGS_COMPLETE"]);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_leg_is_known_to_the_day_on_both_sides_or_held_to_its_days(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let pairing = "mutation { createPairing(input: { project: \"connection\",
            community: \"cop1\", mentor: [\"torino\"], implementing: [\"paris\"] }) {
            pairing { id } userErrors { code } } }";
    let answer = ask(&api, Viewer::Operator, pairing, json!({})).await;
    let pairing = answer["data"]["createPairing"]["pairing"]["id"].clone();
    let plan = |output: Value| {
        json!({
            "project": "connection", "pairing": pairing, "output": output,
        })
    };
    let name = "scheduleStaffExchange";
    for (output, field, code) in [
        (
            json!({ "starts": "2021-10-04", "ends": "2021-10" }),
            "output.ends",
            "DATES_UNKNOWN",
        ),
        (
            json!({ "starts": "2021-10", "ends": "2021-10-08" }),
            "output.starts",
            "DATES_UNKNOWN",
        ),
        (json!({ "days": 2 }), "output.days", "LEG_TOO_SHORT"),
        (
            json!({ "starts": "2021-10", "days": 2 }),
            "output.days",
            "LEG_TOO_SHORT",
        ),
    ] {
        let payload = act(&api, Viewer::Operator, name, plan(output)).await;
        let errors = &payload["userErrors"];
        assert_eq!(
            (&errors[0]["field"], codes(errors)),
            (&json!(field), vec![code])
        );
    }
    let short = json!({ "starts": "2021-10", "days": 2, "reason": "A strike" });
    let leg = done(&api, Viewer::Operator, name, plan(short)).await["output"]["id"].clone();
    let shorter = json!({ "id": leg, "days": 1 });
    let payload = act(&api, Viewer::Operator, "editOutput", shorter).await;
    assert_eq!(codes(&payload["userErrors"]), ["LEG_TOO_SHORT"]);
    done(
        &api,
        Viewer::Operator,
        "editOutput",
        json!({ "id": leg, "days": 5 }),
    )
    .await;
    let to = json!({ "id": leg, "starts": "2021-10-04", "ends": "2021-10", "reason": "Known" });
    let payload = act(&api, Viewer::Operator, "rescheduleOutput", to).await;
    assert_eq!(codes(&payload["userErrors"]), ["DATES_UNKNOWN"]);
    let visit = json!({ "project": "connection",
        "output": { "starts": "2021-10-04", "ends": "2021-10" } });
    let visit = done(&api, Viewer::Operator, "scheduleVisit", visit).await["output"]["id"].clone();
    let payload = act(
        &api,
        Viewer::Operator,
        "confirmOutput",
        json!({ "id": visit }),
    )
    .await;
    assert_eq!(codes(&payload["userErrors"]), ["DATES_UNKNOWN"]);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_is_reported_is_over_and_was_not_reported_before(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let operator = Viewer::Operator;
    let id = exchange(&api, OF_TORINO).await;
    let proof = json!({ "output": id, "proof": { "url": "https://torino.example/report" } });
    done(&api, operator, "addEvidence", proof).await;
    let told = async |on: Value| {
        let payload = act(
            &api,
            operator,
            "reportOutput",
            json!({ "id": id, "on": on }),
        )
        .await;
        let all = payload["userErrors"].as_array().unwrap().iter();
        let pair = |one: &Value| {
            format!(
                "{} {}",
                one["code"].as_str().unwrap(),
                one["message"].as_str().unwrap()
            )
        };
        all.map(pair).collect::<Vec<_>>()
    };
    // Before the project began, and to come.
    for on in ["2000-01-01", "2021-09-07"] {
        let found = told(json!(on)).await;
        assert!(found[0].starts_with("OUT_OF_RANGE"), "{on}: {found:?}");
        assert!(
            found[0].contains("2020-01-01..2021-09-06"),
            "{on}: {found:?}"
        );
    }
    for (starts, ends) in [
        ("2022-06", None),
        ("2021-10", Some("2021-10")),
        ("2022", None),
    ] {
        let to = json!({ "id": id, "starts": starts, "ends": ends, "reason": "Later" });
        done(&api, operator, "rescheduleOutput", to).await;
        let found = told(json!(null)).await;
        assert!(found[0].starts_with("NOT_OVER"), "{starts}: {found:?}");
    }
    // Within the month that alone is known, it may be over; not before it was moved.
    let to = json!({ "id": id, "starts": "2021-09", "reason": "Sooner" });
    done(&api, operator, "rescheduleOutput", to).await;
    let found = told(json!("2021-09-05")).await;
    assert!(found[0].contains("2021-09-06..2021-09-06"), "{found:?}");
    done(
        &api,
        operator,
        "reportOutput",
        json!({ "id": id, "on": "2021-09-06" }),
    )
    .await;
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_is_planned_lies_in_the_project_or_is_explained(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let plan = |output: Value| json!({ "project": "connection", "output": output });
    let outside = json!({ "plannedFrom": "2019-11", "plannedTo": "2030" });
    let payload = act(
        &api,
        Viewer::Operator,
        "scheduleVisit",
        plan(outside.clone()),
    )
    .await;
    assert_eq!(
        codes(&payload["userErrors"]),
        ["OUTSIDE_PROJECT", "OUTSIDE_PROJECT"]
    );
    assert_eq!(payload["userErrors"][0]["field"], "output.plannedFrom");
    let mut explained = outside.clone();
    explained["reason"] = "A follow-up".into();
    explained["dueOn"] = "2030-01-31".into();
    let payload = done(&api, Viewer::Operator, "scheduleVisit", plan(explained)).await;
    assert_eq!(codes(&payload["warnings"]), ["OUTSIDE_PROJECT"]);
    // An edit has no reason: it warns of what it changes.
    let id = payload["output"]["id"].clone();
    let payload = done(
        &api,
        Viewer::Operator,
        "editOutput",
        json!({ "id": id, "note": "Read" }),
    )
    .await;
    assert_eq!(codes(&payload["warnings"]), [""; 0]);
    let due = json!({ "id": id, "dueOn": "2030-02-28" });
    let payload = done(&api, Viewer::Operator, "editOutput", due).await;
    assert_eq!(codes(&payload["warnings"]), ["OUTSIDE_PROJECT"]);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn whoever_would_be_in_two_places_at_once_is_warned_of(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
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
    assert!(
        warnings[1][0]["message"]
            .as_str()
            .unwrap()
            .contains(OF_TORINO)
    );
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn nobody_verifies_what_their_own_organisation_reported(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
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

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn taking_a_reporter_s_role_away_does_not_open_their_report(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let first = signed_in(&api, "eurocities-coordination").await;
    let id = exchange(&api, OF_TORINO).await;
    let proof = json!({ "output": id, "proof": { "url": "https://torino.example/report" } });
    done(&api, first, "addEvidence", proof).await;
    done(&api, first, "reportOutput", json!({ "id": id })).await;
    let second = "zurich-exchanges";
    role(&api, "grantRole", second, "COORDINATOR", None).await;
    let theirs = Some("eurocities");
    role(
        &api,
        "revokeRole",
        "eurocities-coordination",
        "COORDINATOR",
        theirs,
    )
    .await;
    let second = signed_in(&api, second).await;
    let own = act(&api, second, "verifyOutput", json!({ "id": id })).await;
    assert_eq!(codes(&own["userErrors"]), ["OWN_REPORT"]);
    let torino = signed_in(&api, "torino-exchanges").await;
    let own = act(&api, torino, "verifyOutput", json!({ "id": id })).await;
    assert_eq!(codes(&own["userErrors"]), ["FORBIDDEN"]);
    let funder = signed_in(&api, "amif-reporting").await;
    done(&api, funder, "verifyOutput", json!({ "id": id })).await;
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn who_may_not_judge_is_settled_when_it_is_reported(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let (first, second) = ("eurocities-coordination", "zurich-exchanges");
    let theirs = Some("eurocities");
    let id = exchange(&api, OF_TORINO).await;
    let reporter = signed_in(&api, first).await;
    let proof = json!({ "output": id, "proof": { "url": "https://torino.example/report" } });
    done(&api, reporter, "addEvidence", proof).await;
    done(&api, reporter, "reportOutput", json!({ "id": id })).await;
    // Whoever reported is made another organisation's, and whoever judges, too.
    role(&api, "grantRole", second, "COORDINATOR", Some("zurich")).await;
    role(&api, "grantRole", first, "PARTNER", Some("torino")).await;
    role(&api, "revokeRole", first, "COORDINATOR", theirs).await;
    let judge = signed_in(&api, second).await;
    for verb in ["verifyOutput", "returnOutput"] {
        let mut input = json!({ "id": id });
        if verb == "returnOutput" {
            input["missing"] = json!("Who took part");
        }
        let own = act(&api, judge, verb, input).await;
        assert_eq!(codes(&own["userErrors"]), ["OWN_REPORT"], "{verb}");
    }
    // Nor does whoever reported, as somebody else by now.
    role(&api, "grantRole", first, "FUNDER", None).await;
    role(&api, "revokeRole", first, "PARTNER", Some("torino")).await;
    let own = act(&api, reporter, "verifyOutput", json!({ "id": id })).await;
    assert_eq!(codes(&own["userErrors"]), ["OWN_REPORT"]);
    // And when nobody knows any more who it was, it is known for whom.
    let keeper = Viewer::Operator
        .keeper_of(reporter.person().unwrap())
        .unwrap();
    privacy::erase(&api.store, &Actor::COMMAND, &keeper)
        .await
        .unwrap();
    let own = act(&api, judge, "verifyOutput", json!({ "id": id })).await;
    assert_eq!(codes(&own["userErrors"]), ["OWN_REPORT"]);
    let read = "query($id: ID!) { node(id: $id) { ... on Output { history {
            verb reporters { organisation { key } } } } } }";
    let read = ask(&api, Viewer::Anonymous, read, json!({ "id": id })).await;
    let steps = read["data"]["node"]["history"].as_array().unwrap().iter();
    let reports: Vec<_> = steps
        .filter(|step| step["reporters"] != json!([]))
        .collect();
    let eurocities = json!({ "organisation": { "key": "eurocities" } });
    assert_eq!(
        reports,
        [&json!({ "verb": "REPORTED", "reporters": [eurocities] })]
    );
    let funder = signed_in(&api, "amif-reporting").await;
    done(&api, funder, "verifyOutput", json!({ "id": id })).await;
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn no_new_hat_lets_a_colleague_judge(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let (first, second) = ("eurocities-coordination", "zurich-exchanges");
    let theirs = Some("eurocities");
    role(&api, "grantRole", second, "COORDINATOR", theirs).await;
    let id = exchange(&api, OF_TORINO).await;
    let reporter = signed_in(&api, first).await;
    let proof = json!({ "output": id, "proof": { "url": "https://torino.example/report" } });
    done(&api, reporter, "addEvidence", proof).await;
    done(&api, reporter, "reportOutput", json!({ "id": id })).await;
    let colleague = signed_in(&api, second).await;
    let refused = async |hat: &str| {
        let own = act(&api, colleague, "verifyOutput", json!({ "id": id })).await;
        assert_eq!(codes(&own["userErrors"]), ["OWN_REPORT"], "{hat}");
    };
    refused("a colleague").await;
    // Of a partner that was made for it.
    let document = "mutation($input: AddPartnerInput!) { addPartner(input: $input) {
            userErrors { field code } } }";
    let shell = json!({ "input": { "project": "connection", "kind": "COORDINATOR",
        "newOrganisation": {
            "key": "shell", "kind": "OTHER", "name": "Shell", "country": "BE",
            "timeZone": "Europe/Brussels", "locale": "en",
        } } });
    assert_eq!(other(&api, document, shell).await["userErrors"], json!([]));
    role(&api, "grantRole", second, "COORDINATOR", Some("shell")).await;
    role(&api, "revokeRole", second, "COORDINATOR", theirs).await;
    refused("of another partner").await;
    role(&api, "grantRole", second, "FUNDER", None).await;
    role(&api, "revokeRole", second, "COORDINATOR", Some("shell")).await;
    refused("of the funder").await;
    let funder = signed_in(&api, "amif-reporting").await;
    done(&api, funder, "verifyOutput", json!({ "id": id })).await;
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn the_funder_judges_what_no_coordinator_may(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    // The only coordinator acts for the city that reports.
    let coordinator = "eurocities-coordination";
    role(&api, "grantRole", coordinator, "PARTNER", Some("torino")).await;
    let id = exchange(&api, OF_TORINO).await;
    let torino = signed_in(&api, "torino-exchanges").await;
    let proof = json!({ "output": id, "proof": { "url": "https://torino.example/report" } });
    done(&api, torino, "addEvidence", proof).await;
    done(&api, torino, "reportOutput", json!({ "id": id })).await;
    let coordinator = signed_in(&api, coordinator).await;
    let own = act(&api, coordinator, "verifyOutput", json!({ "id": id })).await;
    assert_eq!(codes(&own["userErrors"]), ["OWN_REPORT"]);
    let funder = signed_in(&api, "amif-reporting").await;
    done(&api, funder, "verifyOutput", json!({ "id": id })).await;
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn the_funder_judges_what_a_coordinator_reported_where_no_partner_coordinates(
    #[case] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let coordinator = signed_in(&api, "eurocities-coordination").await;
    let read = "{ project(key: \"connection\") { partners(first: 100) { nodes {
            id organisation { key } } } } }";
    let all = ask(&api, Viewer::Operator, read, json!({})).await;
    let mut all = all["data"]["project"]["partners"]["nodes"]
        .as_array()
        .unwrap()
        .iter();
    let partner = &all
        .find(|one| one["organisation"]["key"] == "eurocities")
        .unwrap()["id"];
    let document = "mutation($input: EditPartnerInput!) { editPartner(input: $input) {
            userErrors { field code } } }";
    let edit = json!({ "input": { "id": partner, "kind": "CORE_CITY" } });
    assert_eq!(other(&api, document, edit).await["userErrors"], json!([]));
    let id = exchange(&api, OF_TORINO).await;
    let proof = json!({ "output": id, "proof": { "url": "https://torino.example/report" } });
    done(&api, coordinator, "addEvidence", proof).await;
    done(&api, coordinator, "reportOutput", json!({ "id": id })).await;
    let own = act(&api, coordinator, "verifyOutput", json!({ "id": id })).await;
    assert_eq!(codes(&own["userErrors"]), ["OWN_REPORT"]);
    let funder = signed_in(&api, "amif-reporting").await;
    done(&api, funder, "verifyOutput", json!({ "id": id })).await;
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_is_reported_keeps_its_lead(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let read =
        "{ project(key: \"connection\") { outputs(first: 1, filter: { states: [REPORTED] }) {
            nodes { id } } } }";
    let found = ask(&api, Viewer::Operator, read, json!({})).await;
    let id = &found["data"]["project"]["outputs"]["nodes"][0]["id"];
    let edit = json!({ "id": id, "lead": "zurich", "note": "For another" });
    let payload = act(&api, Viewer::Operator, "editOutput", edit).await;
    assert_eq!(codes(&payload["userErrors"]), ["WRONG_STATE"]);
    assert_eq!(payload["userErrors"][0]["field"], "lead");
    // Sent back, it may be another's.
    let back = json!({ "id": id, "missing": "Whose it is" });
    done(&api, Viewer::Operator, "returnOutput", back).await;
    done(
        &api,
        Viewer::Operator,
        "editOutput",
        json!({ "id": id, "lead": "zurich" }),
    )
    .await;
}
