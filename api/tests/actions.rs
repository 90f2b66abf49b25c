//! The mutations that an output says a viewer may use are those that are not refused.

use std::collections::BTreeMap;

use crate::support::Api;
use api::Operation;
use domain::{
    command::action::Action,
    viewer::{Credential, SignedIn, Viewer},
};
use serde_json::{Value, json};
use uuid::Uuid;

/// Codes of refusals that no other input would help.
const STANDING: [&str; 6] = [
    "FORBIDDEN",
    "OWN_REPORT",
    "WRONG_KIND",
    "WRONG_STATE",
    "NOT_OVER",
    "DATES_UNKNOWN",
];

async fn ask(api: &Api, viewer: Viewer, document: &str, variables: Value) -> Value {
    let operation = Operation::new(document).with_variables(variables);
    serde_json::to_value(api.ask(viewer, operation).await).unwrap()
}

/// Somebody of CONNECTION with a role, signed in or by a token.
async fn with_role(api: &Api, key: &str, by_token: bool) -> Viewer {
    let project = api.store.project("connection").await.unwrap();
    let person = project.people.iter().find(|row| row.key == key).unwrap();
    Viewer::Person(SignedIn {
        person: person.id,
        by: match by_token {
            false => Credential::Session(Uuid::from_u128(1).into()),
            true => Credential::Token {
                id: Uuid::from_u128(2).into(),
                project: project.id(),
                may_write: false,
                sees_people: true,
            },
        },
    })
}

/// An output's id, and what somebody may do with it.
async fn may(api: &Api, viewer: Viewer, kind: &str, key: &str) -> (Value, Vec<String>) {
    let query = format!(
        "{{ project(key: \"connection\") {{ output(kind: {kind}, key: \"{key}\") {{ id may }} }} }}"
    );
    let answer = ask(api, viewer, &query, json!({})).await;
    let output = &answer["data"]["project"]["output"];
    let may = output["may"].as_array();
    let may = may.unwrap_or_else(|| panic!("{answer}")).iter();
    let may = may.map(|name| name.as_str().unwrap().to_owned());
    (output["id"].clone(), may.collect())
}

/// The codes with which a mutation of an output is refused.
async fn codes(api: &Api, viewer: Viewer, name: &str, mut input: Value, id: &Value) -> Vec<String> {
    let field = if name == "addEvidence" {
        "output"
    } else {
        "id"
    };
    input[field] = id.clone();
    let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let document = format!(
        "mutation($input: {kind}!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}"
    );
    let answer = ask(api, viewer, &document, json!({ "input": input })).await;
    let problems = answer["data"][name]["userErrors"].as_array();
    let errors = answer["errors"].as_array().into_iter().flatten();
    let errors = errors.map(|error| &error["extensions"]["code"]);
    let problems = problems.into_iter().flatten().map(|one| &one["code"]);
    let codes = errors.chain(problems);
    codes
        .map(|code| code.as_str().unwrap().to_owned())
        .collect()
}

/// Mutations that take an output alone, with an input that changes nothing, or nothing yet.
fn inputs() -> BTreeMap<&'static str, Value> {
    BTreeMap::from([
        ("editOutput", json!({})),
        ("confirmOutput", json!({})),
        (
            "rescheduleOutput",
            json!({ "starts": "2021-10-04", "reason": "" }),
        ),
        ("addEvidence", json!({ "proof": { "url": "no address" } })),
        ("endorseActionPlan", json!({ "body": "" })),
        ("reportOutput", json!({ "on": "2100-01-01" })),
        ("returnOutput", json!({ "missing": "" })),
        ("verifyOutput", json!({})),
        ("cancelOutput", json!({ "reason": "" })),
        ("reopenOutput", json!({ "reason": "" })),
    ])
}

const OUTPUTS: [(&str, &str); 6] = [
    ("VISIT", "cop1_w1"),
    ("VISIT", "cop2_w3"),
    ("STAFF_EXCHANGE", "x_torino_anci_piemonte_leg1"),
    ("ACTION_PLAN", "ap_asti"),
    ("EVENT", "interim_meeting"),
    ("VIDEO", "video_cop1"),
];

#[tokio::test]
async fn what_may_be_done_is_not_refused_and_anything_else_is() {
    let api = Api::new().await;
    let project = api.store.project("connection").await.unwrap();
    let mut people: Vec<_> = project.people.iter().map(|row| row.key.clone()).collect();
    people.truncate(6);
    let mut viewers = vec![("nobody".to_owned(), Viewer::Anonymous)];
    for key in people {
        viewers.push((key.clone(), with_role(&api, &key, false).await));
        viewers.push((format!("{key}, reading"), with_role(&api, &key, true).await));
    }
    viewers.push(("operator".to_owned(), Viewer::Operator));
    let outputs = OUTPUTS.iter().filter(|(_, key)| {
        let mut outputs = project.outputs.iter();
        outputs.any(|row| row.key == *key)
    });
    let (mut allowed, mut refused) = (0, 0);
    for (kind, key) in outputs {
        for (who, viewer) in &viewers {
            let (id, may) = may(&api, *viewer, kind, key).await;
            for (name, input) in inputs() {
                // What succeeds changes the output, and is tried below.
                let succeeds = ["editOutput", "confirmOutput", "verifyOutput"].contains(&name);
                if succeeds && may.iter().any(|one| one == name) {
                    continue;
                }
                let codes = codes(&api, *viewer, name, input, &id).await;
                let stands = |code: &String| {
                    STANDING.contains(&code.as_str())
                        || ["UNAUTHENTICATED", "READ_ONLY_TOKEN"].contains(&code.as_str())
                };
                let is_refused = codes.iter().any(stands);
                let is_allowed = may.iter().any(|one| one == name);
                assert_ne!(
                    is_allowed, is_refused,
                    "{name} of {key} as {who}: {codes:?}"
                );
                (allowed, refused) = match is_allowed {
                    true => (allowed + 1, refused),
                    false => (allowed, refused + 1),
                };
            }
        }
    }
    assert!(allowed > 20 && refused > 100, "{allowed} and {refused}");
}

#[tokio::test]
async fn the_buttons_follow_an_output_through_its_life() {
    let api = Api::new().await;
    let operator = Viewer::Operator;
    let (kind, key) = ("STAFF_EXCHANGE", "x_torino_anci_piemonte_leg1");
    let (id, _) = may(&api, operator, kind, key).await;
    let dates = json!({
        "starts": "2021-10-04", "ends": "2021-10-08", "reason": "Its days are known",
    });
    assert_eq!(
        codes(&api, operator, "rescheduleOutput", dates, &id).await,
        [""; 0]
    );
    let (id, before) = may(&api, operator, kind, key).await;
    assert_eq!(
        before,
        [
            "editOutput",
            "confirmOutput",
            "rescheduleOutput",
            "addEvidence",
            "removeEvidence",
            "cancelOutput",
        ]
    );
    for (name, input, after) in [
        (
            "confirmOutput",
            json!({}),
            &[
                "editOutput",
                "rescheduleOutput",
                "addEvidence",
                "removeEvidence",
                "cancelOutput",
            ][..],
        ),
        (
            "cancelOutput",
            json!({ "reason": "Nobody can come" }),
            &["editOutput", "reopenOutput"],
        ),
        (
            "reopenOutput",
            json!({ "reason": "They can" }),
            &[
                "editOutput",
                "confirmOutput",
                "rescheduleOutput",
                "addEvidence",
                "removeEvidence",
                "cancelOutput",
            ],
        ),
    ] {
        assert_eq!(
            codes(&api, operator, name, input, &id).await,
            [""; 0],
            "{name}"
        );
        assert_eq!(
            may(&api, operator, kind, key).await.1,
            after,
            "after {name}"
        );
    }
}

#[test]
fn every_action_has_its_mutation() {
    for action in Action::ALL {
        let name = action.name();
        assert!(
            inputs().contains_key(name) || name.starts_with("remove"),
            "{name}"
        );
    }
}
