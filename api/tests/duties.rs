//! What somebody owes is what they can settle, on both databases.

use crate::support::Api;
use api::Operation;
use chrono::NaiveDate;
use domain::{
    duty,
    viewer::{Credential, SignedIn, Viewer},
};
use entities::PersonId;
use rstest::rstest;
use serde_json::{Value, json};
use tests::Backend;
use uuid::Uuid;

const OF_TORINO: &str = "x_torino_anci_piemonte_leg1";

async fn ask(api: &Api, viewer: Viewer, document: &str, variables: Value) -> Value {
    let operation = Operation::new(document).with_variables(variables);
    serde_json::to_value(api.ask(viewer, operation).await).unwrap()
}

/// Does a mutation of an output, which must succeed; gives the output's id.
async fn done(api: &Api, viewer: Viewer, name: &str, input: Value) -> Value {
    let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let document = format!(
        "mutation($input: {kind}!) {{ {name}(input: $input) {{
            output {{ id }} userErrors {{ field code }} }} }}"
    );
    let answer = ask(api, viewer, &document, json!({ "input": input })).await;
    assert_eq!(answer["data"][name]["userErrors"], json!([]), "{answer}");
    answer["data"][name]["output"]["id"].clone()
}

/// The id of somebody of CONNECTION.
async fn person(api: &Api, key: &str) -> PersonId {
    let project = api.store.project("connection").await.unwrap();
    project.people.iter().find(|row| row.key == key).unwrap().id
}

/// Somebody of CONNECTION, signed in.
async fn signed_in(api: &Api, key: &str) -> Viewer {
    Viewer::Person(SignedIn {
        person: person(api, key).await,
        by: Credential::Session(Uuid::from_u128(1).into()),
    })
}

/// Somebody of CONNECTION, by a token.
async fn by_token(api: &Api, key: &str, may_write: bool) -> Viewer {
    Viewer::Person(SignedIn {
        person: person(api, key).await,
        by: Credential::Token {
            id: Uuid::from_u128(2).into(),
            project: api.store.project("connection").await.unwrap().id(),
            may_write,
            sees_people: true,
        },
    })
}

/// The id of the leg in Torino.
async fn leg(api: &Api) -> Value {
    let query = "{ project(key: \"connection\") {
        outputs(first: 100, filter: { kinds: [STAFF_EXCHANGE] }) { nodes { id key } } } }";
    let answer = ask(api, Viewer::Operator, query, json!({})).await;
    let all = answer["data"]["project"]["outputs"]["nodes"]
        .as_array()
        .unwrap();
    all.iter().find(|one| one["key"] == OF_TORINO).unwrap()["id"].clone()
}

/// What somebody owes, such as `PREPARE confirmOutput cop1_w2`.
async fn duties(api: &Api, viewer: Viewer) -> Vec<String> {
    let query = "{ viewer { duties { task verb output { key } } } }";
    let answer = ask(api, viewer, query, json!({})).await;
    let all = answer["data"]["viewer"]["duties"].as_array();
    let all = all.unwrap_or_else(|| panic!("{answer}")).iter();
    let words = |duty: &Value| {
        let parts = [&duty["task"], &duty["verb"], &duty["output"]["key"]];
        parts.map(|part| part.as_str().unwrap_or("-")).join(" ")
    };
    all.map(words).collect()
}

/// What a digest tells somebody to do, by the outputs' keys.
async fn in_the_digest(api: &Api, key: &str) -> Vec<String> {
    let project = api.store.project("connection").await.unwrap();
    let person = project.people.iter().find(|row| row.key == key).unwrap();
    let today: NaiveDate = "2021-09-06".parse().unwrap();
    let duties = duty::duties_of(&project, person, today.into());
    let words = |duty: &duty::Duty<'_>| {
        let key = match duty.subject {
            duty::Subject::Output(id) => &project.output(id).key,
            duty::Subject::Target(id) => &project.target(id).key,
            duty::Subject::Proposal(_) => "a proposal",
        };
        format!("{:?} {key}", duty.task)
    };
    duties.iter().map(words).collect()
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn whoever_may_not_settle_it_is_not_told(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let torino = "torino-exchanges";
    let visit = ["PREPARE confirmOutput cop1_w2"];
    assert_eq!(duties(&api, signed_in(&api, torino).await).await, visit);
    assert_eq!(
        duties(&api, by_token(&api, torino, true).await).await,
        visit
    );
    assert_eq!(
        duties(&api, by_token(&api, torino, false).await).await,
        [""; 0]
    );
    assert_eq!(in_the_digest(&api, torino).await, ["Prepare cop1_w2"]);
    let coordinator = "eurocities-coordination";
    let read_only = by_token(&api, coordinator, false).await;
    assert!(
        !duties(&api, signed_in(&api, coordinator).await)
            .await
            .is_empty()
    );
    assert_eq!(duties(&api, read_only).await, [""; 0]);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_coordinator_of_no_partner_owes_what_the_coordinating_partner_leads(
    #[case] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let new = json!({ "project": "connection", "output": {
        "key": "visit-of-all", "lead": "eurocities",
        "starts": "2021-10-04", "ends": "2021-10-06",
    } });
    done(&api, Viewer::Operator, "scheduleVisit", new).await;
    let theirs = "PREPARE confirmOutput visit-of-all".to_owned();
    let zurich = signed_in(&api, "zurich-exchanges").await;
    assert_eq!(duties(&api, zurich).await, [""; 0]);
    let read = "{ project(key: \"connection\") { people(first: 100) { nodes { id key } } } }";
    let people = ask(&api, Viewer::Operator, read, json!({})).await;
    let mut people = people["data"]["project"]["people"]["nodes"]
        .as_array()
        .unwrap()
        .iter();
    let id = &people.find(|one| one["key"] == "zurich-exchanges").unwrap()["id"];
    let grant = "mutation($input: GrantRoleInput!) { grantRole(input: $input) {
            userErrors { field code } } }";
    let role = json!({ "input": { "person": id, "role": { "kind": "COORDINATOR" } } });
    let answer = ask(&api, Viewer::Operator, grant, role).await;
    assert_eq!(
        answer["data"]["grantRole"]["userErrors"],
        json!([]),
        "{answer}"
    );
    let told = duties(&api, zurich).await;
    assert!(told.contains(&theirs), "{told:?}");
    let told = in_the_digest(&api, "zurich-exchanges").await;
    assert!(
        told.contains(&"Prepare visit-of-all".to_owned()),
        "{told:?}"
    );
    // What another partner leads is not theirs.
    assert!(!told.contains(&"Prepare cop1_w2".to_owned()), "{told:?}");
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_report_waits_for_whoever_may_judge_it_on_the_page_and_in_the_digest(
    #[case] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let (coordinator, funder) = ("eurocities-coordination", "amif-reporting");
    let reporter = signed_in(&api, coordinator).await;
    let judge = signed_in(&api, funder).await;
    assert_eq!(duties(&api, judge).await, [""; 0]);
    let id = leg(&api).await;
    let proof = json!({ "output": id, "proof": { "url": "https://torino.example/report" } });
    done(&api, reporter, "addEvidence", proof).await;
    done(&api, reporter, "reportOutput", json!({ "id": id })).await;
    let page = format!("VERIFY verifyOutput {OF_TORINO}");
    let digest = format!("Verify {OF_TORINO}");
    assert!(!duties(&api, reporter).await.contains(&page));
    assert!(!in_the_digest(&api, coordinator).await.contains(&digest));
    assert_eq!(duties(&api, judge).await, [page]);
    assert_eq!(in_the_digest(&api, funder).await, [digest]);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_was_moved_ahead_is_not_to_be_reported_before_its_days_are_over(
    #[case] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    // Its planned window is over; it was moved to November, which is far.
    let madrid = signed_in(&api, "madrid-exchanges").await;
    assert_eq!(duties(&api, madrid).await, [""; 0]);
    assert_eq!(in_the_digest(&api, "madrid-exchanges").await, [""; 0]);
    let torino = signed_in(&api, "torino-exchanges").await;
    let coordinator = signed_in(&api, "eurocities-coordination").await;
    let id = leg(&api).await;
    let proof = json!({ "output": id, "proof": { "url": "https://torino.example/report" } });
    done(&api, torino, "addEvidence", proof).await;
    done(&api, torino, "reportOutput", json!({ "id": id })).await;
    let back = json!({ "id": id, "missing": "Who took part" });
    done(&api, coordinator, "returnOutput", back).await;
    let told = async || {
        let all = duties(&api, torino).await.into_iter();
        all.filter(|duty| duty.ends_with(OF_TORINO))
            .collect::<Vec<_>>()
    };
    assert_eq!(told().await, [format!("COMPLETE reportOutput {OF_TORINO}")]);
    let to = json!({
        "id": id, "starts": "2022-03-07", "ends": "2022-03-11", "reason": "Another visit",
    });
    done(&api, torino, "rescheduleOutput", to).await;
    assert_eq!(told().await, [""; 0]);
    let to = json!({
        "id": id, "starts": "2021-10-04", "ends": "2021-10-08", "reason": "Sooner",
    });
    done(&api, torino, "rescheduleOutput", to).await;
    assert_eq!(told().await, [format!("PREPARE confirmOutput {OF_TORINO}")]);
    // What is told can be done.
    done(&api, torino, "confirmOutput", json!({ "id": id })).await;
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_is_not_known_to_the_day_is_moved_before_it_is_confirmed(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let athens = signed_in(&api, "athens-exchanges").await;
    assert_eq!(
        duties(&api, athens).await,
        ["SCHEDULE rescheduleOutput cop4_w2"]
    );
    let zurich = signed_in(&api, "zurich-exchanges").await;
    let new = json!({ "project": "connection", "output": {
        "key": "visit-of-zurich", "lead": "zurich",
        "starts": "2021-10-04", "ends": "2021-10",
    } });
    let id = done(&api, Viewer::Operator, "scheduleVisit", new).await;
    assert_eq!(
        duties(&api, zurich).await,
        ["PREPARE rescheduleOutput visit-of-zurich"]
    );
    let to = json!({
        "id": id, "starts": "2021-10-04", "ends": "2021-10-06", "reason": "It is known",
    });
    done(&api, zurich, "rescheduleOutput", to).await;
    assert_eq!(
        duties(&api, zurich).await,
        ["PREPARE confirmOutput visit-of-zurich"]
    );
    done(&api, zurich, "confirmOutput", json!({ "id": id })).await;
    assert_eq!(duties(&api, zurich).await, ["PREPARE - visit-of-zurich"]);
}

#[tokio::test]
async fn whoever_blocks_the_next_report_is_named_with_what_is_overdue() {
    let api = Api::new().await;
    let query = "query($day: Date) { project(key: \"connection\", asOf: $day) {
        blockers { partner { key } outputs { key } duties { task } }
        ofAsti: duties(of: \"asti\") { task dueOn output { key } }
        outputs(first: 100, filter: { overdue: true }) { totalCount } } }";
    let on = async |day: &str| {
        let answer = ask(&api, Viewer::Anonymous, query, json!({ "day": day })).await;
        answer["data"]["project"].clone()
    };
    let september = on("2021-09-06").await;
    let keys = ["cop2_w1", "cop4_w1", "cop3_w3", "cop2_w2"].map(|key| json!({ "key": key }));
    assert_eq!(september["blockers"].as_array().unwrap().len(), 1);
    assert_eq!(september["blockers"][0]["partner"], Value::Null);
    assert_eq!(september["blockers"][0]["outputs"], json!(keys));
    assert_eq!(september["outputs"]["totalCount"], 4);
    assert_eq!(september["ofAsti"], json!([]));
    let november = on("2022-11-21").await;
    let asti = json!({ "task": "DELIVER", "dueOn": "2022-12-31", "output": { "key": "ap_asti" } });
    assert_eq!(november["ofAsti"][0], asti);
    let end = on("2022-12-31").await;
    let blockers = end["blockers"].as_array().unwrap().iter();
    let counted: usize = blockers
        .map(|one| one["outputs"].as_array().unwrap().len())
        .sum();
    assert_eq!(end["outputs"]["totalCount"], counted);
    let asti = end["blockers"].as_array().unwrap().iter();
    assert_eq!(
        asti.filter(|one| one["partner"]["key"] == "asti").count(),
        1
    );
}
