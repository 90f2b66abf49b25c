//! The loop of advice: a city puts a challenge to its peers, they ask and advise, it takes up what helps,
//! and it says what came of it. By the API alone, on a project of its own, on both databases.

use crate::support::Api;
use api::Operation;
use chrono::{DateTime, Utc};
use domain::{
    account::user::{self, NewUser},
    actor::Actor,
    plan::{Due, plan},
    viewer::{Credential, SignedIn, Viewer},
};
use entities::{Category, PersonId};
use rstest::rstest;
use serde_json::{Value, json};
use tests::Backend;
use uuid::Uuid;

async fn act(api: &Api, viewer: Viewer, name: &str, fields: &str, input: Value) -> Value {
    let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let document = format!(
        "mutation($input: {kind}!) {{ {name}(input: $input) {{
            {fields} userErrors {{ field code }} }} }}"
    );
    ask(api, viewer, &document, json!({ "input": input })).await[name].clone()
}

async fn ask(api: &Api, viewer: Viewer, document: &str, variables: Value) -> Value {
    let operation = Operation::new(document).with_variables(variables);
    let answer = serde_json::to_value(Box::pin(api.ask(viewer, operation)).await).unwrap();
    assert!(answer["errors"].is_null(), "{document}: {answer}");
    answer["data"].clone()
}

async fn done(api: &Api, viewer: Viewer, name: &str, fields: &str, input: Value) -> Value {
    let payload = act(api, viewer, name, fields, input).await;
    assert_eq!(payload["userErrors"], json!([]), "{name}");
    payload
}

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

fn signed_in(person: PersonId) -> Viewer {
    Viewer::Person(SignedIn {
        person,
        by: Credential::Session(Uuid::from_u128(1).into()),
    })
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn set(api: &Api, day: &str) {
    api.store.clock().set(instant(&format!("{day}T12:00:00Z")));
}

/// A project of three cities in one community, with a person of each.
struct Rivers {
    api: Api,
    coordinator: Viewer,
    cities: [Viewer; 3],
}

const CITIES: [&str; 3] = ["upstream", "midstream", "downstream"];

async fn rivers(api: Api) -> Rivers {
    let founder = NewUser {
        key: None,
        name: Some("Founder".to_owned()),
        address: Some("founder@rivers.example".to_owned()),
        locale: "en".to_owned(),
        time_zone: "Europe/Rome".to_owned(),
        may_create_projects: true,
        role: None,
    };
    let founder = user::add(&api.store, &Actor::COMMAND, founder)
        .await
        .unwrap();
    let coordinator = signed_in(founder.id);
    let english = |text: &str| json!([{ "locale": "en", "text": text }]);
    let input = json!({
        "key": "rivers", "acronym": "RIVERS", "name": english("Rivers"),
        "programme": { "key": "amif", "name": english("Asylum, Migration and Integration Fund") },
        "startsOn": "2021-01-01", "endsOn": "2023-12-31",
        "timeZone": "Europe/Rome", "defaultLocale": "en",
    });
    done(&api, coordinator, "createProject", "project { id }", input).await;
    let input = json!({ "project": "rivers", "key": "banks", "title": english("River banks") });
    let community = done(
        &api,
        coordinator,
        "createCommunity",
        "community { id }",
        input,
    )
    .await;
    for key in CITIES {
        let input = json!({ "project": "rivers", "kind": "CORE_CITY", "newOrganisation": {
            "key": key, "name": key, "kind": "CITY", "timeZone": "Europe/Rome", "locale": "en" } });
        done(&api, coordinator, "addPartner", "partner { id }", input).await;
        let input = json!({ "community": community["community"]["id"], "partner": key });
        done(&api, coordinator, "addMember", "community { id }", input).await;
        let input = json!({ "project": "rivers", "name": key, "address": format!("{key}@rivers.example"),
            "roles": [{ "kind": "PARTNER", "partner": key }] });
        done(&api, coordinator, "addPerson", "person { id }", input).await;
    }
    let project = api.store.fresh("rivers").await.unwrap();
    let person = |key: &str| {
        let mut roles = project.roles.iter();
        let of = |id| project.organisation_of(id).key == key;
        let role = roles.find(|role| role.partner_id.is_some_and(of)).unwrap();
        signed_in(role.person_id)
    };
    let cities = CITIES.map(person);
    Rivers {
        api,
        coordinator,
        cities,
    }
}

/// The days on which cities are asked what came of their challenges, with whom.
async fn asked(api: &Api) -> Vec<(String, String, String)> {
    let project = api.store.fresh("rivers").await.unwrap();
    let all = plan(
        &project,
        instant("2021-01-01T00:00:00Z"),
        instant("2026-01-01T00:00:00Z"),
    );
    let questions = all
        .into_iter()
        .filter(|due| due.category == Category::Question);
    let text = |due: Due| {
        let person = project.person(due.person);
        let day = due.due_at.date_naive().to_string();
        (person.name.clone().unwrap_or_default(), day, due.occurrence)
    };
    questions.map(text).collect()
}

fn question(day: &str, number: usize) -> (String, String, String) {
    (
        "midstream".to_owned(),
        day.to_owned(),
        format!("outcome/{number}"),
    )
}

const ANSWER: &str = include_str!("../../docs/questions/who-advised-prague.graphql");

/// The one challenge of midstream, as the document of the docs asks for it.
async fn posed(api: &Api) -> Value {
    let variables = json!({ "project": "rivers", "city": "midstream" });
    let answer = ask(api, Viewer::Operator, ANSWER, variables).await;
    answer["project"]["partner"].clone()
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_city_is_advised_takes_up_what_helps_and_says_what_came_of_it(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::bare(database);
    set(&api, "2022-01-10");
    let rivers = Box::pin(rivers(api)).await;
    let visit = Box::pin(before(&rivers)).await;
    let advice = Box::pin(during_and_after(&rivers, &visit)).await;
    Box::pin(taken_up(&rivers, &advice)).await;
    Box::pin(outcome(&rivers)).await;
}

/// Midstream poses its challenge ahead of the visit, upstream asks and advises.
async fn before(rivers: &Rivers) -> Value {
    let Rivers {
        api,
        coordinator,
        cities: [upstream, midstream, _],
    } = rivers;
    let input = json!({ "project": "rivers", "output": { "community": "banks", "host": "upstream",
        "lead": "upstream", "starts": "2022-03-07", "ends": "2022-03-09" } });
    let visit = done(api, *coordinator, "scheduleVisit", "output { id }", input).await;
    let visit = visit["output"]["id"].clone();
    let challenge = json!({ "output": visit, "kind": "CHALLENGE", "key": "nights",
        "body": "How do we reach those who work by night?",
        "background": "A third of the newcomers work in harbours." });
    done(
        api,
        *midstream,
        "addLearning",
        "learning { id }",
        challenge.clone(),
    )
    .await;
    // A second challenge of the same key is none.
    let mut twice = challenge;
    twice["body"] = json!("Another?");
    assert_eq!(
        refused(api, *midstream, "addLearning", twice).await,
        at("key", "TAKEN")
    );
    let ask_back = json!({ "output": visit, "kind": "QUESTION", "body": "Which languages?",
        "challenge": "nights", "partner": "midstream" });
    done(api, *upstream, "addLearning", "learning { id }", ask_back).await;
    let advise = |partner: &str, challenge: &str| {
        json!({ "output": visit, "kind": "ADVICE", "body": "Open a desk at the harbour",
            "challenge": challenge, "partner": partner })
    };
    let wrong = refused(api, *upstream, "addLearning", advise("midstream", "days")).await;
    assert_eq!(wrong, at("challenge", "NOT_FOUND"));
    let wrong = refused(
        api,
        *upstream,
        "addLearning",
        advise("downstream", "nights"),
    )
    .await;
    assert_eq!(wrong, at("partner", "OUT_OF_RANGE"));
    done(
        api,
        *upstream,
        "addLearning",
        "learning { id }",
        advise("midstream", "nights"),
    )
    .await;
    let none: Vec<(String, String, String)> = Vec::new();
    assert_ne!(asked(api).await, none, "the visit has days");
    visit
}

/// Downstream advises at the visit, and a stranger to the project after it, by the coordinator's hand.
async fn during_and_after(rivers: &Rivers, visit: &Value) -> [Value; 2] {
    let Rivers {
        api,
        coordinator,
        cities: [_, _, downstream],
    } = rivers;
    set(api, "2022-03-08");
    let advice = json!({ "output": visit, "kind": "ADVICE", "body": "Ask the employers first",
        "partner": "midstream" });
    let fields = "learning { id version }";
    let second = done(api, *downstream, "addLearning", fields, advice).await;
    set(api, "2022-03-20");
    let late = json!({ "output": visit, "kind": "ADVICE", "body": "Count those who come",
        "partner": "midstream", "who": "a guest from the port" });
    done(api, *coordinator, "addLearning", fields, late).await;
    let partner = posed(api).await;
    let challenge = &partner["challengesPosed"][0];
    assert_eq!(challenge["questions"][0]["body"], "Which languages?");
    let said: Vec<_> = challenge["advice"].as_array().unwrap().iter().collect();
    let whose = |one: &Value| {
        (
            one["by"]["key"].clone(),
            one["who"].clone(),
            one["moment"].clone(),
        )
    };
    let whose: Vec<_> = said.iter().map(|one| whose(one)).collect();
    assert_eq!(
        whose,
        [
            (json!("upstream"), Value::Null, json!("BEFORE")),
            (json!("downstream"), Value::Null, json!("DURING")),
            (Value::Null, json!("a guest from the port"), json!("AFTER")),
        ]
    );
    assert!(partner["adviceTaken"].is_null(), "nothing is known yet");
    assert!(challenge["outcome"].is_null());
    let ids = "{ project(key: \"rivers\") { outputs { nodes { advice { id body } } } } }";
    let all = ask(api, Viewer::Operator, ids, json!({})).await;
    let first = all["project"]["outputs"]["nodes"][0]["advice"][0]["id"].clone();
    [first, second["learning"]["id"].clone()]
}

/// Midstream takes one advice up in a measure of its plan, and another one not. Nobody else does so.
async fn taken_up(rivers: &Rivers, [first, second]: &[Value; 2]) {
    let Rivers {
        api,
        coordinator,
        cities: [upstream, midstream, _],
    } = rivers;
    let plan = |key: &str, lead: &str| {
        json!({ "project": "rivers", "kind": "ACTION_PLAN", "measures": [{ "title": "A harbour desk" }],
            "output": { "key": key, "lead": lead, "community": "banks" } })
    };
    for (key, lead) in [("ours", "midstream"), ("theirs", "upstream")] {
        done(
            api,
            *coordinator,
            "planActionPlan",
            "output { id }",
            plan(key, lead),
        )
        .await;
    }
    let take = |id: &Value, fields: Value| {
        let mut input = json!({ "id": id });
        let fields = fields.as_object().unwrap().clone();
        input.as_object_mut().unwrap().extend(fields);
        input
    };
    let taken = json!({ "uptake": "TAKEN_UP", "plan": "ours", "measure": "A harbour desk" });
    for (fields, wrong) in [
        (
            json!({ "uptake": "TAKEN_UP" }),
            at("uptakeReason", "REASON_REQUIRED"),
        ),
        (
            json!({ "uptake": "NOT_TAKEN_UP" }),
            at("uptakeReason", "REASON_REQUIRED"),
        ),
        (
            json!({ "uptake": "TAKEN_UP", "plan": "theirs" }),
            at("plan", "FORBIDDEN"),
        ),
        (
            json!({ "uptake": "TAKEN_UP", "plan": "ours", "measure": "A ferry" }),
            at("measure", "NOT_FOUND"),
        ),
    ] {
        assert_eq!(
            refused(api, *midstream, "markAdvice", take(first, fields)).await,
            wrong
        );
    }
    let by_another = refused(api, *upstream, "markAdvice", take(first, taken.clone())).await;
    assert_eq!(by_another, at("", "FORBIDDEN"));
    done(
        api,
        *midstream,
        "markAdvice",
        "advice { id }",
        take(first, taken),
    )
    .await;
    let left = json!({ "uptake": "NOT_TAKEN_UP", "uptakeReason": "They are too many" });
    done(
        api,
        *midstream,
        "markAdvice",
        "advice { id }",
        take(second, left),
    )
    .await;
    let partner = posed(api).await;
    let advice = &partner["challengesPosed"][0]["advice"];
    assert_eq!(advice[0]["uptake"]["decision"], "TAKEN_UP");
    assert_eq!(advice[0]["uptake"]["measure"]["title"], "A harbour desk");
    assert_eq!(advice[0]["uptake"]["since"], "2022-03-20");
    assert_eq!(advice[1]["uptake"]["decision"], "NOT_TAKEN_UP");
    assert_eq!(advice[1]["uptake"]["reason"], "They are too many");
    assert!(advice[2]["uptake"].is_null(), "unknown");
    assert_eq!(
        partner["adviceTaken"],
        json!([{ "body": "Open a desk at the harbour" }])
    );
}

/// It is asked 90 days after the visit, and each half-year, until it says what came of it.
async fn outcome(rivers: &Rivers) {
    let Rivers {
        api,
        cities: [upstream, midstream, _],
        ..
    } = rivers;
    let all = [
        question("2022-06-07", 1),
        question("2022-12-06", 2),
        question("2023-06-07", 3),
    ];
    assert_eq!(asked(api).await, all);
    let duties = "{ viewer { duties { task verb dueOn partner { key } } } }";
    let duties = async |viewer| {
        let answer = ask(api, viewer, duties, json!({})).await;
        let all = answer["viewer"]["duties"].as_array().unwrap().clone();
        let all = all
            .into_iter()
            .filter(|duty| duty["task"] == "TELL_OUTCOME");
        all.collect::<Vec<_>>()
    };
    set(api, "2022-06-06");
    assert!(duties(*midstream).await.is_empty());
    set(api, "2022-06-07");
    let duty = json!({ "task": "TELL_OUTCOME", "verb": "editLearning", "dueOn": "2022-06-07",
        "partner": { "key": "midstream" } });
    assert_eq!(duties(*midstream).await, [duty]);
    assert!(duties(*upstream).await.is_empty());

    set(api, "2022-12-20");
    let find =
        "{ project(key: \"rivers\") { partner(key: \"midstream\") { challengesPosed { id } } } }";
    let answer = ask(api, *midstream, find, json!({})).await;
    let id = &answer["project"]["partner"]["challengesPosed"][0]["id"];
    let say = json!({ "id": id, "outcome": "The desk opened; 40 people came in its first month." });
    let wrong = refused(api, *upstream, "editLearning", say.clone()).await;
    assert_eq!(wrong, at("", "FORBIDDEN"));
    done(api, *midstream, "editLearning", "learning { id }", say).await;
    assert_eq!(asked(api).await, all[..2]);
    assert!(duties(*midstream).await.is_empty());
    let partner = posed(api).await;
    let challenge = &partner["challengesPosed"][0];
    assert_eq!(challenge["outcomeSince"], "2022-12-20");
    assert!(challenge["outcome"].is_string());
    // What is known of an earlier day stays as it was.
    let then = "{ project(key: \"rivers\", asOf: \"2022-12-19\") { partner(key: \"midstream\") {
        challengesPosed { outcome } } } }";
    let answer = ask(api, *midstream, then, json!({})).await;
    assert!(answer["project"]["partner"]["challengesPosed"][0]["outcome"].is_null());
}
