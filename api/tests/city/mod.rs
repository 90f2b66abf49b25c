//! A city does its part: it speaks for itself where it is concerned, and for nobody else. By the API
//! alone, on both databases.

mod own;
mod proposals;

use crate::support::Api;
use api::Operation;
use domain::{
    command::Import,
    viewer::{Credential, SignedIn, Viewer},
};
use entities::ParticipationStatus;
use rstest::rstest;
use serde_json::{Value, json};
use tests::{Backend, TestDatabase, project};
use uuid::Uuid;

const VISIT: &str = "cop1_w2";

/// CONNECTION on 6 September 2021, when nobody knew yet who would come to Torino and what they learn.
async fn autumn(database: TestDatabase) -> Api {
    let api = Api::bare(database);
    let mut file = project::connection();
    let visit = project::output(&mut file, VISIT);
    visit.history.clear();
    visit.evidence.clear();
    visit.learning.clear();
    for participant in &mut visit.participants {
        participant.status = ParticipationStatus::Expected;
    }
    api.store.import(&file, Import::default()).await.unwrap();
    api
}

async fn ask(api: &Api, viewer: Viewer, document: &str, variables: Value) -> Value {
    let operation = Operation::new(document).with_variables(variables);
    let response = Box::pin(api.ask(viewer, operation)).await;
    let answer = serde_json::to_value(response).unwrap();
    assert!(answer["errors"].is_null(), "{document}: {answer}");
    answer["data"].clone()
}

/// Asks for a mutation; gives its payload.
async fn act(api: &Api, viewer: Viewer, name: &str, fields: &str, input: Value) -> Value {
    let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let document = format!(
        "mutation($input: {kind}!) {{ {name}(input: $input) {{
            {fields} userErrors {{ field code }} }} }}"
    );
    ask(api, viewer, &document, json!({ "input": input })).await[name].clone()
}

/// The same, and it is done.
async fn done(api: &Api, viewer: Viewer, name: &str, fields: &str, input: Value) -> Value {
    let payload = act(api, viewer, name, fields, input).await;
    assert_eq!(payload["userErrors"], json!([]), "{name}");
    payload
}

/// The same, and it is refused with one problem: its field and its code.
async fn refused(api: &Api, viewer: Viewer, name: &str, input: Value) -> (String, String) {
    let payload = act(api, viewer, name, "", input).await;
    let errors = payload["userErrors"].as_array().unwrap();
    assert_eq!(errors.len(), 1, "{name}: {payload}");
    let text = |field: &str| errors[0][field].as_str().unwrap_or_default().to_owned();
    (text("field"), text("code"))
}

fn at(field: &str, code: &str) -> (String, String) {
    (field.to_owned(), code.to_owned())
}

fn forbidden() -> (String, String) {
    at("", "FORBIDDEN")
}

async fn signed_in(api: &Api, key: &str) -> Viewer {
    let project = api.store.project("connection").await.unwrap();
    let person = project.people.iter().find(|row| row.key == key).unwrap().id;
    Viewer::Person(SignedIn {
        person,
        by: Credential::Session(Uuid::from_u128(1).into()),
    })
}

/// An output by its key.
async fn output(api: &Api, key: &str) -> Value {
    let query = "query($after: String) { project(key: \"connection\") {
        outputs(first: 100, after: $after) { pageInfo { endCursor } nodes {
            id key state starts ends learningVersion
            challenges { id version body by { key } partner { key } }
            advice { body by { key } partner { key } }
            participations { id partner { key } status reason }
            proposals { id state }
            history { verb reason oldStarts newStarts } } } } }";
    let mut after = Value::Null;
    loop {
        let answer = ask(api, Viewer::Operator, query, json!({ "after": after })).await;
        let page = &answer["project"]["outputs"];
        let all = page["nodes"].as_array().unwrap();
        if let Some(found) = all.iter().find(|one| one["key"] == key) {
            return found.clone();
        }
        assert!(!all.is_empty(), "{key}");
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// The id of a partner's row among those who take part.
fn row_of(output: &Value, partner: &str) -> Value {
    let mut all = output["participations"].as_array().unwrap().iter();
    let row = all.find(|one| one["partner"]["key"] == partner).unwrap();
    row["id"].clone()
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_visit_is_prepared_by_the_cities_that_it_concerns(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = autumn(database).await;
    let visit = output(&api, VISIT).await;
    Box::pin(challenge_and_absence(&api, &visit)).await;
    Box::pin(other_days(&api, &visit["id"])).await;
    Box::pin(report_and_judgement(&api, &visit["id"])).await;
}

/// Prague poses its challenge, and Zagreb calls off its attendance.
async fn challenge_and_absence(api: &Api, visit: &Value) {
    let prague = signed_in(api, "prague-exchanges").await;
    let zagreb = signed_in(api, "zagreb-exchanges").await;
    let sofia = signed_in(api, "sofia-exchanges").await;
    let id = &visit["id"];
    let how = "How do we reach those who work by night?";
    let challenge = json!({ "output": id, "kind": "CHALLENGE", "body": how });
    let fields = "learning { id by { key } partner { key } }";
    let posed = done(api, prague, "addLearning", fields, challenge.clone()).await;
    assert_eq!(posed["learning"]["by"]["key"], "prague");
    assert_eq!(posed["learning"]["partner"]["key"], "prague");
    assert_eq!(
        refused(api, sofia, "addLearning", challenge).await,
        forbidden()
    );

    let own = row_of(visit, "zagreb");
    let off = json!({ "id": own, "status": "CANCELLED" });
    let wrong = refused(api, zagreb, "editParticipant", off).await;
    assert_eq!(wrong, at("reason", "REASON_REQUIRED"));
    let off = json!({ "id": own, "status": "CANCELLED", "reason": "An election" });
    for other in [sofia, prague] {
        let wrong = refused(api, other, "editParticipant", off.clone()).await;
        assert_eq!(wrong, forbidden());
    }
    let fields = "participation { status reason partner { key } }";
    let called = done(api, zagreb, "editParticipant", fields, off).await;
    let expected = json!({ "status": "CANCELLED", "reason": "An election",
        "partner": { "key": "zagreb" } });
    assert_eq!(called["participation"], expected);
}

/// A guest proposes other days, which it may not set; the coordinator does.
async fn other_days(api: &Api, id: &Value) {
    let prague = signed_in(api, "prague-exchanges").await;
    let zagreb = signed_in(api, "zagreb-exchanges").await;
    let sofia = signed_in(api, "sofia-exchanges").await;
    let coordinator = signed_in(api, "eurocities-coordination").await;
    let to = json!({ "output": id, "starts": "2021-10-18", "ends": "2021-10-20",
        "reason": "The night shift is counted that week" });
    let directly = json!({ "id": id, "starts": "2021-10-18", "reason": "Later" });
    let wrong = refused(api, prague, "rescheduleOutput", directly).await;
    assert_eq!(wrong, forbidden());
    let wrong = refused(api, sofia, "proposeDates", to.clone()).await;
    assert_eq!(wrong, forbidden());
    let fields = "proposal { id version state until by { key } oldStarts starts ends
        output { key } }";
    let made = done(api, prague, "proposeDates", fields, to).await["proposal"].clone();
    assert_eq!(made["by"]["key"], "prague");
    assert_eq!(
        made["until"], "2021-09-20",
        "two weeks, if nothing else is said"
    );
    assert_eq!(made["oldStarts"], "2021-10-11");
    assert_eq!(made["output"]["key"], VISIT);
    let accept = json!({ "id": made["id"], "expectedVersion": made["version"] });
    for other in [prague, zagreb, sofia] {
        let wrong = refused(api, other, "acceptProposal", accept.clone()).await;
        assert_eq!(wrong, forbidden());
    }
    let fields = "proposal { state answer } output { starts ends }";
    let accepted = done(api, coordinator, "acceptProposal", fields, accept).await;
    assert_eq!(accepted["proposal"]["state"], "ACCEPTED");
    let dates = json!({ "starts": "2021-10-18", "ends": "2021-10-20" });
    assert_eq!(accepted["output"], dates);
    let again = json!({ "id": made["id"] });
    let wrong = refused(api, coordinator, "acceptProposal", again).await;
    assert_eq!(wrong, at("id", "WRONG_STATE"));
    let moved = output(api, VISIT).await;
    let step = moved["history"].as_array().unwrap().last().unwrap().clone();
    let expected = json!({ "verb": "RESCHEDULED", "oldStarts": "2021-10-11",
        "newStarts": "2021-10-18", "reason": "The night shift is counted that week" });
    assert_eq!(step, expected);
}

/// Torino reports, Eurocities verifies.
async fn report_and_judgement(api: &Api, id: &Value) {
    let prague = signed_in(api, "prague-exchanges").await;
    let torino = signed_in(api, "torino-exchanges").await;
    let sofia = signed_in(api, "sofia-exchanges").await;
    let coordinator = signed_in(api, "eurocities-coordination").await;
    let clock = api.store.clock();
    clock.set("2021-10-21T12:00:00Z".parse().unwrap());
    let proof = json!({ "output": id, "proof": { "url": "https://torino.example/visit" } });
    let report = json!({ "id": id });
    for other in [prague, sofia] {
        let wrong = refused(api, other, "addEvidence", proof.clone()).await;
        assert_eq!(wrong, forbidden());
        let wrong = refused(api, other, "reportOutput", report.clone()).await;
        assert_eq!(wrong, forbidden());
    }
    done(api, torino, "addEvidence", "", proof).await;
    done(api, torino, "reportOutput", "", report.clone()).await;
    for other in [torino, prague] {
        let wrong = refused(api, other, "verifyOutput", report.clone()).await;
        assert_eq!(wrong, forbidden());
    }
    done(api, coordinator, "verifyOutput", "", report).await;
    assert_eq!(output(api, VISIT).await["state"], "VERIFIED");
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn nobody_speaks_for_others_or_takes_away_what_they_said(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = autumn(database).await;
    let prague = signed_in(&api, "prague-exchanges").await;
    let torino = signed_in(&api, "torino-exchanges").await;
    let expert = signed_in(&api, "migrationwork-facilitation").await;
    let visit = output(&api, VISIT).await;
    let id = visit["id"].clone();
    let said = |kind: &str, partner: Value, by: Value| json!({ "output": id, "kind": kind, "body": "So", "partner": partner, "by": by });
    for (input, field) in [
        (said("LESSON", Value::Null, json!("zagreb")), "by"),
        (said("LESSON", json!("zagreb"), Value::Null), "partner"),
        (
            said("CHALLENGE", json!("torino"), json!("prague")),
            "partner",
        ),
    ] {
        let wrong = refused(&api, prague, "addLearning", input).await;
        assert_eq!(wrong, at(field, "FORBIDDEN"));
    }
    let advice = said("ADVICE", json!("zagreb"), Value::Null);
    done(&api, prague, "addLearning", "", advice).await;
    let how = json!({ "output": id, "kind": "CHALLENGE", "body": "How?" });
    let posed = done(&api, prague, "addLearning", "learning { id }", how).await;
    let posed = posed["learning"]["id"].clone();

    // The host leaves it as it is, by itself and with the whole list.
    let edit = json!({ "id": posed, "body": "Why?" });
    let wrong = refused(&api, torino, "editLearning", edit.clone()).await;
    assert_eq!(wrong, forbidden());
    let remove = json!({ "id": posed });
    let wrong = refused(&api, torino, "removeLearning", remove.clone()).await;
    assert_eq!(wrong, forbidden());
    let read = output(&api, VISIT).await;
    let list = |entries: Value| {
        json!({ "id": id, "learning": entries, "learningVersion":
        read["learningVersion"] })
    };
    let wrong = refused(&api, torino, "editOutput", list(json!([]))).await;
    assert_eq!(wrong, at("learning", "FORBIDDEN"));
    let lesson = json!({ "kind": "LESSON", "body": "It takes a year" });
    let kept = json!([
        { "kind": "ADVICE", "body": "So", "partner": "zagreb" },
        { "kind": "CHALLENGE", "body": "How?", "partner": "prague" },
        lesson,
    ]);
    let mut spoken = kept.clone();
    spoken[2]["by"] = json!("paris");
    let wrong = refused(&api, torino, "editOutput", list(spoken)).await;
    assert_eq!(wrong, at("learning.2.by", "FORBIDDEN"));
    done(&api, torino, "editOutput", "", list(kept)).await;
    let after = output(&api, VISIT).await;
    assert_eq!(after["challenges"][0]["id"], posed);
    assert_eq!(after["challenges"][0]["by"]["key"], "prague");
    // Its author and the expert may.
    done(&api, prague, "editLearning", "", edit).await;
    done(&api, expert, "removeLearning", "", remove).await;

    // A guest says who comes for itself alone.
    let other = json!({ "output": id, "partner": "zagreb", "who": "Two of us" });
    let wrong = refused(&api, prague, "addParticipant", other).await;
    assert_eq!(wrong, at("partner", "FORBIDDEN"));
    let row = json!({ "id": row_of(&visit, "prague"), "partner": "zagreb" });
    let wrong = refused(&api, prague, "editParticipant", row).await;
    assert_eq!(wrong, at("partner", "FORBIDDEN"));
    let row = json!({ "id": row_of(&visit, "zagreb") });
    let wrong = refused(&api, prague, "removeParticipant", row).await;
    assert_eq!(wrong, forbidden());
    let us = json!({ "output": id, "who": "Two of us" });
    let fields = "participation { partner { key } status }";
    let comes = done(&api, prague, "addParticipant", fields, us).await;
    assert_eq!(comes["participation"]["partner"]["key"], "prague");
    // The host keeps the list of all.
    let row = json!({ "id": row_of(&visit, "zagreb"), "status": "UNABLE" });
    done(&api, torino, "editParticipant", "", row).await;
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn whoever_acts_for_two_cities_says_for_which(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = autumn(database).await;
    let people = "{ project(key: \"connection\") { people(first: 100) { nodes { id key } } } }";
    let people = ask(&api, Viewer::Operator, people, json!({})).await;
    let all = people["project"]["people"]["nodes"].as_array().unwrap();
    let is_prague = |one: &&Value| one["key"] == "prague-exchanges";
    let person = all.iter().find(is_prague).unwrap()["id"].clone();
    let role = json!({ "person": person, "role": { "kind": "PARTNER", "partner": "zagreb" } });
    done(&api, Viewer::Operator, "grantRole", "", role).await;
    let prague = signed_in(&api, "prague-exchanges").await;
    let id = output(&api, VISIT).await["id"].clone();
    let lesson = |by: Value| json!({ "output": id, "kind": "LESSON", "body": "So", "by": by });
    let wrong = refused(&api, prague, "addLearning", lesson(Value::Null)).await;
    assert_eq!(wrong, at("by", "REQUIRED"));
    let fields = "learning { by { key } partner { key } }";
    let said = done(&api, prague, "addLearning", fields, lesson(json!("zagreb"))).await;
    assert_eq!(said["learning"]["by"]["key"], "zagreb");
    assert_eq!(said["learning"]["partner"]["key"], "zagreb");
    let us = json!({ "output": id, "who": "Two of us" });
    let wrong = refused(&api, prague, "addParticipant", us).await;
    assert_eq!(wrong, at("partner", "REQUIRED"));
    let to = json!({ "output": id, "starts": "2021-10-18", "reason": "Later" });
    let wrong = refused(&api, prague, "proposeDates", to).await;
    assert_eq!(wrong, at("by", "REQUIRED"));
    let garden = json!({ "project": "connection", "name": "Garden", "kind": "Place" });
    let wrong = refused(&api, prague, "createPractice", garden).await;
    assert_eq!(wrong, at("partner", "REQUIRED"));
}
