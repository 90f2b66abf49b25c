//! What an output says of itself, changed through the API: what every kind alone says, the lists that
//! belong to it, and what may be said once it was accepted. On both databases.

#![expect(clippy::unwrap_used, reason = "tests say what they expect by failing")]

mod support;

use api::Operation;
use domain::{
    file::{self, FileKind},
    ids::Ids,
    store::{Import, Store},
    viewer::{Credential, SignedIn, Viewer},
};
use serde_json::{Value, json};
use support::Api;
use tests::{TestDatabase, on_each_database};
use uuid::Uuid;

/// All that an output says of itself.
const ALL: &str =
    "output { id key version state title days note community { key } lead { key } host { key }
    mode place platform plannedFrom plannedTo dueOn basis { field }
    participations { partner { key } person { key } who status reason sources { locator } }
    agenda { day partOfDay kind title presenter { key } speakers sources { locator } }
    challenges { ...L } advice { ...L } lessons { ...L }
    ... on StaffExchange { leg learned adapted }
    ... on Visit { number organiser { key } practices { key } }
    ... on Event { eventKind about: aboutParticipants website }
    ... on ActionPlan { planKind originalTitle draftPeriod period presented documentUrl
        measures { title state due } stakeholders { name kind }
        endorsements { id body endorsed documentUrl } }
    ... on Policy { policyKind plan { key } opened grant { minor currency } beneficiaries facts }
    ... on Champion { person { key } roleTitle selected trained
        trainings { description held audience workshop { key } } }
    ... on ChampionWorkshop { about: aboutParticipants }
    ... on Guide { language landingUrl fileUrl }
    ... on Video { language url } }";

const LEARNING: &str = "fragment L on Learning { kind body partner { key } sources { locator } }";

/// Does one mutation of an output and gives its payload.
async fn act(api: &Api, viewer: Viewer, field: &str, input: Value) -> Value {
    let head = field[..1].to_uppercase() + &field[1..];
    let document = format!(
        "mutation($input: {head}Input!) {{ {field}(input: $input) {{ {ALL}
            userErrors {{ field code message }} warnings {{ code }} }} }} {LEARNING}"
    );
    let operation = Operation::new(&document).with_variables(json!({ "input": input }));
    let response = Box::pin(api.ask(viewer, operation)).await;
    let answer = serde_json::to_value(&response).unwrap();
    assert!(answer["errors"].is_null(), "{field}: {answer}");
    answer["data"][field].clone()
}

/// The same, and it is done; gives the output.
async fn done(api: &Api, viewer: Viewer, field: &str, input: Value) -> Value {
    let payload = act(api, viewer, field, input).await;
    assert_eq!(problems(&payload), [("", ""); 0], "{field}: {payload}");
    payload["output"].clone()
}

/// Edits an output as the operator.
async fn edit(api: &Api, id: &Value, what: Value) -> Value {
    done(api, Viewer::Operator, "editOutput", with_id(id, what)).await
}

/// What is wrong with an edit.
async fn wrong(api: &Api, id: &Value, what: Value) -> Vec<(String, String)> {
    let payload = act(api, Viewer::Operator, "editOutput", with_id(id, what)).await;
    assert!(payload["output"].is_null(), "{payload}");
    let owned = |(field, code): (&str, &str)| (field.to_owned(), code.to_owned());
    problems(&payload).into_iter().map(owned).collect()
}

fn with_id(id: &Value, mut what: Value) -> Value {
    what["id"] = id.clone();
    what
}

/// Fields and codes of what is wrong.
fn problems(payload: &Value) -> Vec<(&str, &str)> {
    let errors = payload["userErrors"].as_array().unwrap();
    errors
        .iter()
        .map(|error| {
            let field = error["field"].as_str().unwrap_or_default();
            (field, error["code"].as_str().unwrap())
        })
        .collect()
}

/// The id of an output by its key.
async fn id_of(api: &Api, key: &str) -> Value {
    let query = "query($after: String) { project(key: \"connection\") {
        outputs(first: 100, after: $after) { nodes { id key } pageInfo { endCursor } } } }";
    let mut after = Value::Null;
    loop {
        let operation = Operation::new(query).with_variables(json!({ "after": after }));
        let answer = serde_json::to_value(api.ask(Viewer::Operator, operation).await).unwrap();
        let page = &answer["data"]["project"]["outputs"];
        let all = page["nodes"].as_array().unwrap();
        if let Some(found) = all.iter().find(|one| one["key"] == key) {
            return found["id"].clone();
        }
        assert!(!all.is_empty(), "{key}: {answer}");
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// Fails unless the output holds all of this.
fn holds(output: &Value, expected: Value) {
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&output[field], value, "{field} of {output}");
    }
}

async fn signed_in(api: &Api, key: &str) -> Viewer {
    let project = api.store.project("connection").await.unwrap();
    let person = project.people.iter().find(|row| row.key == key).unwrap().id;
    Viewer::Person(SignedIn {
        person,
        by: Credential::Session(Uuid::from_u128(1).into()),
    })
}

/// What is kept in memory is what the database has.
async fn is_as_loaded(api: &Api) {
    let kept = api.store.project("connection").await.unwrap();
    let clock = api.store.clock().clone();
    let other = Store::new(api.store.db().clone(), clock, Ids::FromKeys);
    let loaded = other.project("connection").await.unwrap();
    assert_eq!(kept.rows(), loaded.rows());
}

/// The newest entry of the audit: its record, and what it was and is.
async fn told(api: &Api, id: &Value) -> (Value, Value) {
    let query = "query($id: ID) { project(key: \"connection\") {
        auditLog(filter: { record: $id }) { nodes { verb before after revision } } } }";
    let operation = Operation::new(query).with_variables(json!({ "id": id }));
    let answer = serde_json::to_value(api.ask(Viewer::Operator, operation).await).unwrap();
    let entries = answer["data"]["project"]["auditLog"]["nodes"]
        .as_array()
        .unwrap();
    let newest = entries
        .iter()
        .max_by_key(|entry| entry["revision"].as_i64());
    let newest = newest.unwrap();
    (newest["before"].clone(), newest["after"].clone())
}

on_each_database! {
    async fn every_kind_says_what_it_alone_says_and_takes_it_back(database: TestDatabase) {
        let api = Api::over(database).await;
        let none = Value::Null;
        for (key, field, says, reads, nothing) in [
            (
                "x_torino_anci_piemonte_leg1", "staffExchange",
                json!({ "learned": "How a desk works", "adapted": "A smaller desk" }),
                json!({ "learned": "How a desk works", "adapted": "A smaller desk", "leg": 1 }),
                json!({ "learned": none, "adapted": none }),
            ),
            (
                "cop1_w2", "visit",
                json!({ "number": 12, "organiser": "paris", "practices": ["moi", "teranga"] }),
                json!({ "number": 12, "organiser": { "key": "paris" },
                    "practices": [{ "key": "moi" }, { "key": "teranga" }] }),
                json!({ "organiser": none, "practices": [] }),
            ),
            (
                "first_partner_meeting", "event",
                json!({ "kind": "WEBINAR", "aboutParticipants": 40,
                    "website": "https://network.example/webinar" }),
                json!({ "eventKind": "WEBINAR", "about": 40,
                    "website": "https://network.example/webinar" }),
                json!({ "aboutParticipants": none, "website": none }),
            ),
            (
                "ap_asti", "actionPlan",
                json!({ "kind": "PACT", "originalTitle": "Patto di Asti", "draftPeriod": "2021",
                    "period": "2022-2025", "presented": "2022-05",
                    "documentUrl": "https://asti.example/patto",
                    "measures": [
                        { "title": "A desk", "state": "UNDER_WAY", "due": "2023" },
                        { "title": "A council" },
                    ],
                    "stakeholders": [{ "name": "Diocese", "kind": "Church" }, { "name": "Schools" }] }),
                json!({ "planKind": "PACT", "originalTitle": "Patto di Asti", "draftPeriod": "2021",
                    "period": "2022-2025", "presented": "2022-05",
                    "documentUrl": "https://asti.example/patto",
                    "measures": [
                        { "title": "A desk", "state": "UNDER_WAY", "due": "2023" },
                        { "title": "A council", "state": "PLANNED", "due": none },
                    ],
                    "stakeholders": [
                        { "name": "Diocese", "kind": "Church" }, { "name": "Schools", "kind": none },
                    ] }),
                json!({ "originalTitle": none, "draftPeriod": none, "period": none,
                    "presented": none, "documentUrl": none, "measures": [], "stakeholders": [] }),
            ),
            (
                "pol_sofia_bureau", "policy",
                json!({ "kind": "SERVICE", "plan": "ap_asti", "opened": "2021-10",
                    "grantMinor": 5_000_000_000_i64, "currency": "BGN", "beneficiaries": "Families",
                    "facts": ["Open on Mondays.", "In seven languages."] }),
                json!({ "policyKind": "SERVICE", "plan": { "key": "ap_asti" }, "opened": "2021-10",
                    "grant": { "minor": 5_000_000_000_i64, "currency": "BGN" },
                    "beneficiaries": "Families", "facts": ["Open on Mondays.", "In seven languages."] }),
                json!({ "plan": none, "opened": none, "grantMinor": none, "beneficiaries": none,
                    "facts": [] }),
            ),
            (
                "champion_madrid", "champion",
                json!({ "person": "madrid-exchanges", "roleTitle": "Social worker",
                    "selected": "2021-06", "trained": "2021-08-30", "trainings": [
                        { "description": "Listening", "workshop": "champion_workshop_2",
                            "held": "2021-09", "audience": "Colleagues" },
                    ] }),
                json!({ "person": { "key": "madrid-exchanges" }, "roleTitle": "Social worker", "selected": "2021-06", "trained": "2021-08-30",
                    "trainings": [{ "description": "Listening", "held": "2021-09",
                        "audience": "Colleagues", "workshop": { "key": "champion_workshop_2" } }] }),
                json!({ "person": none, "roleTitle": none, "selected": none, "trained": none,
                    "trainings": [] }),
            ),
            (
                "champion_workshop_2", "championWorkshop",
                json!({ "aboutParticipants": 25 }), json!({ "about": 25 }),
                json!({ "aboutParticipants": none }),
            ),
            (
                "guide_cop1", "guide",
                json!({ "language": "pt-PT", "landingUrl": "https://network.example/guide",
                    "fileUrl": "https://network.example/guide.pdf" }),
                json!({ "language": "pt-PT", "landingUrl": "https://network.example/guide",
                    "fileUrl": "https://network.example/guide.pdf" }),
                json!({ "language": none, "landingUrl": none, "fileUrl": none }),
            ),
            (
                "video_cop3", "video",
                json!({ "language": "fr", "url": "https://network.example/video" }),
                json!({ "language": "fr", "url": "https://network.example/video" }),
                json!({ "language": none, "url": none }),
            ),
        ] {
            let id = id_of(&api, key).await;
            let output = edit(&api, &id, json!({ field: says })).await;
            holds(&output, reads);
            // What is left out stays.
            let same = edit(&api, &id, json!({ field: {}, "note": "Nothing else" })).await;
            for (name, value) in output.as_object().unwrap() {
                if !["version", "note"].contains(&name.as_str()) {
                    assert_eq!(&same[name], value, "{name} of {key}");
                }
            }
            let emptied = edit(&api, &id, json!({ field: nothing })).await;
            for name in nothing.as_object().unwrap().keys() {
                let name = match name.as_str() {
                    "aboutParticipants" => "about",
                    "grantMinor" => "grant",
                    name => name,
                };
                let is_empty = emptied[name].is_null() || emptied[name] == json!([]);
                assert!(is_empty, "{name} of {emptied}");
            }
        }
        let project = api.store.project("connection").await.unwrap();
        assert!(project.champions.iter().all(|row| row.person_id.is_none()));
        is_as_loaded(&api).await;
    }

    async fn what_all_kinds_share_is_edited_alike(database: TestDatabase) {
        let api = Api::over(database).await;
        let id = id_of(&api, "cop1_w2").await;
        let output = edit(&api, &id, json!({
            "title": [{ "locale": "en", "text": "Another title" }], "days": 9, "community": "cop2",
            "lead": "paris", "host": "paris", "mode": "HYBRID", "place": "Town hall",
            "platform": "A platform", "plannedFrom": "2021", "plannedTo": "2021-12",
            "dueOn": "2021-12-31", "note": "A remark",
            "participants": [
                { "partner": "torino", "status": "UNABLE", "reason": "A strike" }, { "who": "Students" },
            ],
            "agenda": [
                { "day": 1, "partOfDay": "MORNING", "kind": "WELCOME", "title": "Welcome",
                    "presenter": "paris", "speakers": ["Mayor", "Head of office"] },
                { "kind": "TOPIC", "title": "Housing" },
            ],
            "learning": [
                { "kind": "CHALLENGE", "body": "How?", "partner": "torino" },
                { "kind": "ADVICE", "body": "So." }, { "kind": "LESSON", "body": "It takes time." },
            ],
        })).await;
        holds(&output, json!({
            "title": "Another title", "community": { "key": "cop2" }, "lead": { "key": "paris" },
            "host": { "key": "paris" }, "mode": "HYBRID", "place": "Town hall",
            "platform": "A platform", "plannedFrom": "2021", "plannedTo": "2021-12",
            "dueOn": "2021-12-31", "note": "A remark",
            "participations": [
                { "partner": { "key": "torino" }, "person": null, "who": null, "status": "UNABLE",
                    "reason": "A strike", "sources": [] },
                { "partner": null, "person": null, "who": "Students", "status": "EXPECTED", "reason": null,
                    "sources": [] },
            ],
            "agenda": [
                { "day": 1, "partOfDay": "MORNING", "kind": "WELCOME", "title": "Welcome",
                    "presenter": { "key": "paris" }, "speakers": ["Mayor", "Head of office"],
                    "sources": [] },
                { "day": null, "partOfDay": null, "kind": "TOPIC", "title": "Housing",
                    "presenter": null, "speakers": [], "sources": [] },
            ],
            "challenges": [{ "kind": "CHALLENGE", "body": "How?", "partner": { "key": "torino" },
                "sources": [] }],
            "advice": [{ "kind": "ADVICE", "body": "So.", "partner": null, "sources": [] }],
            "lessons": [{ "kind": "LESSON", "body": "It takes time.", "partner": null,
                "sources": [] }],
            // The Italian title, which was worked out, is gone, and so is how.
            "basis": [],
        }));
        // Its days are known, so they say how many there are; where they are not, it is told.
        assert_eq!(output["days"], 3);
        let output = edit(&api, &id_of(&api, "champion_workshop_2").await, json!({ "days": 2 })).await;
        assert_eq!(output["days"], 2);
        let none = Value::Null;
        let output = edit(&api, &id, json!({
            "days": none, "community": none, "lead": none, "host": none, "mode": none, "place": none,
            "platform": none, "plannedFrom": none, "plannedTo": none, "note": none,
            "participants": [], "agenda": [], "learning": [],
        })).await;
        holds(&output, json!({
            "community": none, "lead": none, "host": none, "mode": none, "place": none,
            "platform": none, "plannedFrom": none, "plannedTo": none, "note": none,
            "participations": [], "agenda": [], "challenges": [], "advice": [], "lessons": [],
        }));
        is_as_loaded(&api).await;
    }

    async fn entries_of_a_list_that_stay_are_the_same_rows(database: TestDatabase) {
        let api = Api::over(database).await;
        let id = id_of(&api, "ap_asti").await;
        let measures = |all: &[(&str, &str)]| {
            let all = all.iter().map(|(title, state)| json!({ "title": title, "state": state }));
            json!({ "actionPlan": { "measures": all.collect::<Vec<_>>() } })
        };
        let ids = || async {
            let project = api.store.project("connection").await.unwrap();
            let mut rows: Vec<_> = project.measures.iter().collect();
            rows.sort_by_key(|row| row.position);
            rows.into_iter().map(|row| (row.title.clone(), row.id)).collect::<Vec<_>>()
        };
        let first = [("A", "PLANNED"), ("B", "PLANNED"), ("C", "PLANNED"), ("B", "DONE")];
        edit(&api, &id, measures(&first)).await;
        let before = ids().await;
        // One goes, one comes, one is further; the two of one name keep to what they say.
        let next = [("B", "DONE"), ("D", "PLANNED"), ("C", "UNDER_WAY"), ("B", "PLANNED")];
        edit(&api, &id, measures(&next)).await;
        let after = ids().await;
        let titles: Vec<_> = after.iter().map(|(title, _)| title.as_str()).collect();
        assert_eq!(titles, ["B", "D", "C", "B"]);
        assert_eq!(after[0].1, before[3].1);
        assert_eq!(after[2].1, before[2].1);
        assert_eq!(after[3].1, before[1].1);
        assert!(before.iter().all(|(_, id)| *id != after[1].1));
        is_as_loaded(&api).await;
        // Saying it again is no change at all.
        let revision = api.store.project("connection").await.unwrap().revision();
        edit(&api, &id, measures(&next)).await;
        assert_eq!(api.store.project("connection").await.unwrap().revision(), revision);

        // Every list of the product's own project, said again in another order, keeps its rows and
        // where they come from.
        let id = id_of(&api, "cop1_w2").await;
        let rows = || async {
            let project = api.store.project("connection").await.unwrap();
            let output = project.outputs.iter().find(|row| row.key == "cop1_w2").unwrap().id;
            let mut participants: Vec<_> = project.participations_of(output).iter()
                .map(|row| (row.id.0, row.sources.clone())).collect();
            let mut agenda: Vec<_> = project.agenda_of(output).iter()
                .map(|row| (row.id.0, row.sources.clone())).collect();
            let mut learning: Vec<_> = project.learnings_of(output).iter()
                .map(|row| (row.id.0, row.sources.clone())).collect();
            let mut practices: Vec<_> = project.practices_seen_at(output).iter()
                .map(|row| (row.id.0, entities::Strings::default())).collect();
            let lists = [&mut participants, &mut agenda, &mut learning, &mut practices];
            for list in lists {
                list.sort_by_key(|(id, _)| *id);
            }
            [participants, agenda, learning, practices]
        };
        let before = rows().await;
        let output = edit(&api, &id, json!({ "note": "Read first" })).await;
        let list = |field: &str| output[field].as_array().unwrap().clone();
        let partner = |of: &Value| of["key"].clone();
        let mut participants: Vec<_> = list("participations").iter().map(|one| json!({
            "partner": partner(&one["partner"]), "status": one["status"], "reason": one["reason"],
        })).collect();
        participants.reverse();
        let mut agenda: Vec<_> = list("agenda").iter().map(|one| json!({
            "day": one["day"], "partOfDay": one["partOfDay"], "kind": one["kind"],
            "title": one["title"], "presenter": partner(&one["presenter"]),
            "speakers": one["speakers"],
        })).collect();
        agenda.rotate_left(1);
        let learning: Vec<_> = ["advice", "challenges"].iter().flat_map(|field| list(field))
            .map(|one| json!({
                "kind": one["kind"], "body": one["body"], "partner": partner(&one["partner"]),
            })).collect();
        let practices: Vec<_> = list("practices").iter().rev().map(|one| one["key"].clone()).collect();
        let moved = edit(&api, &id, json!({
            "participants": participants, "agenda": agenda, "learning": learning,
            "visit": { "practices": practices },
        })).await;
        assert_eq!(rows().await, before);
        assert_eq!(moved["agenda"][8]["title"], output["agenda"][0]["title"]);
        assert_eq!(moved["agenda"][8]["sources"], output["agenda"][0]["sources"]);
        assert_eq!(moved["practices"][0]["key"], "civicozero");
        is_as_loaded(&api).await;
    }

    async fn the_audit_tells_only_what_differs(database: TestDatabase) {
        let api = Api::over(database).await;
        let id = id_of(&api, "ap_asti").await;
        let measures = |all: &[(&str, &str)]| {
            let all = all.iter().map(|(title, state)| json!({ "title": title, "state": state }));
            json!({ "actionPlan": { "measures": all.collect::<Vec<_>>() } })
        };
        edit(&api, &id, json!({ "actionPlan": { "period": "2021" } })).await;
        let (before, after) = told(&api, &id).await;
        assert_eq!(before, json!({ "period": null }));
        assert_eq!(after, json!({ "period": "2021" }));
        let all = [("A", "PLANNED"), ("B", "PLANNED"), ("C", "PLANNED")];
        edit(&api, &id, measures(&all)).await;
        // One is further.
        edit(&api, &id, measures(&[all[0], ("B", "DONE"), all[2]])).await;
        let (before, after) = told(&api, &id).await;
        assert_eq!(before, json!({ "measure": [{ "state": "PLANNED" }] }));
        assert_eq!(after, json!({ "measure": [{ "state": "DONE" }] }));
        // The first goes: that the others move up says nothing.
        edit(&api, &id, measures(&[("B", "DONE"), all[2]])).await;
        let (before, after) = told(&api, &id).await;
        let gone = before["measure"].as_array().unwrap();
        assert_eq!((gone.len(), &gone[0]["title"]), (1, &json!("A")), "{before}");
        assert_eq!(after, Value::Null);
        // Another order does.
        edit(&api, &id, measures(&[all[2], ("B", "DONE")])).await;
        let (before, after) = told(&api, &id).await;
        assert_eq!(before, json!({ "measure": [{ "position": 1 }, { "position": 0 }] }));
        assert_eq!(after, json!({ "measure": [{ "position": 0 }, { "position": 1 }] }));
        is_as_loaded(&api).await;
    }

    async fn all_that_is_wrong_with_an_edit_is_told_at_once_by_its_path(database: TestDatabase) {
        let api = Api::over(database).await;
        let before = api.store.project("connection").await.unwrap().revision();
        let long = "x".repeat(10_001);
        for (key, what, expected) in [
            ("x_torino_anci_piemonte_leg1", json!({
                "host": "paris", "staffExchange": { "learned": " ", "adapted": long },
            }), vec![
                ("host", "WRONG_HOST"), ("staffExchange.learned", "REQUIRED"),
                ("staffExchange.adapted", "TOO_LONG"),
            ]),
            ("cop1_w2", json!({
                "visit": { "number": 0, "organiser": "nobody", "practices": ["moi", "none", "moi"] },
                "event": { "website": "?" }, "video": {},
            }), vec![
                ("visit.number", "OUT_OF_RANGE"), ("visit.organiser", "NOT_FOUND"),
                ("visit.practices.1", "NOT_FOUND"), ("visit.practices.2", "TWICE"),
                ("event", "WRONG_KIND"), ("video", "WRONG_KIND"),
            ]),
            ("first_partner_meeting", json!({
                "event": { "aboutParticipants": 0, "website": "ftp://old" },
            }), vec![("event.aboutParticipants", "OUT_OF_RANGE"), ("event.website", "NOT_A_URL")]),
            ("ap_asti", json!({
                "community": "cop9", "days": 0, "plannedFrom": "2022", "plannedTo": "2021",
                "participants": [{ "partner": "torino" }, { "partner": "nobody", "person": "none" }, {}],
                "agenda": [{ "kind": "PANEL", "title": "", "day": 0, "presenter": "nobody",
                    "speakers": ["Mayor", ""] }],
                "learning": [{ "kind": "LESSON", "body": " ", "partner": "nobody" }],
                "actionPlan": {
                    "originalTitle": "", "documentUrl": "torino", "period": "x".repeat(301),
                    "measures": [{ "title": "" }, { "title": "A desk" }],
                    "stakeholders": [{ "name": "Schools" }, { "name": "", "kind": "" }],
                },
            }), vec![
                ("community", "NOT_FOUND"), ("plannedTo", "ENDS_BEFORE_START"),
                ("days", "OUT_OF_RANGE"), ("participants.1.partner", "NOT_FOUND"),
                ("participants.1.person", "NOT_FOUND"), ("participants.2", "REQUIRED"),
                ("agenda.0.day", "OUT_OF_RANGE"), ("agenda.0.title", "REQUIRED"),
                ("agenda.0.speakers.1", "REQUIRED"), ("agenda.0.presenter", "NOT_FOUND"),
                ("learning.0.body", "REQUIRED"), ("learning.0.partner", "NOT_FOUND"),
                ("actionPlan.originalTitle", "REQUIRED"), ("actionPlan.period", "TOO_LONG"),
                ("actionPlan.documentUrl", "NOT_A_URL"), ("actionPlan.measures.0.title", "REQUIRED"),
                ("actionPlan.stakeholders.1.name", "REQUIRED"),
                ("actionPlan.stakeholders.1.kind", "REQUIRED"),
            ]),
            ("pol_sofia_bureau", json!({ "policy": {
                "plan": "cop1_w2", "grantMinor": -1, "currency": "euro", "facts": ["One.", ""],
                "beneficiaries": "",
            } }), vec![
                ("policy.plan", "NOT_FOUND"), ("policy.grantMinor", "OUT_OF_RANGE"),
                ("policy.currency", "OUT_OF_RANGE"), ("policy.beneficiaries", "REQUIRED"),
                ("policy.facts.1", "REQUIRED"),
            ]),
            ("champion_madrid", json!({ "champion": {
                "person": "none", "roleTitle": "", "selected": "2022-12",
                "trainings": [{ "description": "One" }, { "description": "", "workshop": "cop1_w2" }],
            } }), vec![
                ("champion.person", "NOT_FOUND"), ("champion.roleTitle", "REQUIRED"),
                ("champion.trainings.1.description", "REQUIRED"),
                ("champion.trainings.1.workshop", "NOT_FOUND"),
                ("champion.trained", "ENDS_BEFORE_START"),
            ]),
            ("champion_workshop_2", json!({ "championWorkshop": { "aboutParticipants": -3 } }),
                vec![("championWorkshop.aboutParticipants", "OUT_OF_RANGE")]),
            ("guide_cop1", json!({ "guide": {
                "language": "none!", "landingUrl": "x", "fileUrl": "https:// x",
            } }), vec![
                ("guide.language", "NOT_A_LANGUAGE"), ("guide.landingUrl", "NOT_A_URL"),
                ("guide.fileUrl", "NOT_A_URL"),
            ]),
            ("video_cop3", json!({
                "video": { "language": "?", "url": "" }, "staffExchange": { "learned": "Much" },
                "guide": {},
            }), vec![
                ("staffExchange", "WRONG_KIND"), ("guide", "WRONG_KIND"),
                ("video.language", "NOT_A_LANGUAGE"), ("video.url", "NOT_A_URL"),
            ]),
        ] {
            let id = id_of(&api, key).await;
            let found = wrong(&api, &id, what).await;
            let found: Vec<_> = found.iter().map(|(f, c)| (f.as_str(), c.as_str())).collect();
            assert_eq!(found, expected, "{key}");
        }
        let many: Vec<_> = (0..501).map(|n| json!({ "title": n.to_string() })).collect();
        let id = id_of(&api, "ap_asti").await;
        let found = wrong(&api, &id, json!({ "actionPlan": { "measures": many } })).await;
        assert_eq!(found, [("actionPlan.measures".to_owned(), "OUT_OF_RANGE".to_owned())]);
        assert_eq!(api.store.project("connection").await.unwrap().revision(), before);
    }

    async fn moving_an_output_takes_the_right_to_both_communities(database: TestDatabase) {
        let api = Api::bare(database);
        let mut file = tests::project::connection();
        file.communities[1].expert = Some("zurich".to_owned());
        api.store.import(&file, Import::default()).await.unwrap();
        let id = id_of(&api, "cop1_w2").await;
        let expert = signed_in(&api, "migrationwork-facilitation").await;
        let city = signed_in(&api, "torino-exchanges").await;
        let to = |community: Value| with_id(&id, json!({ "community": community, "note": "Moved" }));
        for (viewer, community) in [
            (expert, json!("cop2")), (expert, Value::Null), (city, json!("cop3")), (city, Value::Null),
        ] {
            let payload = act(&api, viewer, "editOutput", to(community)).await;
            assert_eq!(problems(&payload), [("community", "FORBIDDEN")]);
        }
        // Where it is, is no move.
        done(&api, city, "editOutput", to(json!("cop1"))).await;
        let output = done(&api, expert, "editOutput", to(json!("cop3"))).await;
        assert_eq!(output["community"]["key"], "cop3");
        let coordinator = signed_in(&api, "eurocities-coordination").await;
        let output = done(&api, coordinator, "editOutput", to(json!("cop2"))).await;
        assert_eq!(output["community"]["key"], "cop2");
        let payload = act(&api, expert, "editOutput", to(json!("cop1"))).await;
        assert_eq!(problems(&payload), [("", "FORBIDDEN")]);
    }

    async fn people_are_told_to_those_who_may_see_them_and_stay_for_all_others(
        database: TestDatabase
    ) {
        let api = Api::over(database).await;
        let id = id_of(&api, "x_torino_anci_piemonte_leg1").await;
        edit(&api, &id, json!({ "participants": [
            { "partner": "torino", "person": "torino-exchanges" },
            { "partner": "asti", "person": "asti-exchanges" }, { "person": "cuneo-exchanges" },
        ] })).await;
        let city = signed_in(&api, "torino-exchanges").await;
        let input = with_id(&id, json!({ "note": "Read first" }));
        let output = done(&api, city, "editOutput", input).await;
        let people = |output: &Value| -> Vec<Value> {
            let all = output["participations"].as_array().unwrap().iter();
            all.map(|one| one["person"]["key"].clone()).collect()
        };
        assert_eq!(people(&output), [json!("torino-exchanges"), Value::Null, Value::Null]);
        // Torino says who came, as far as it may see, and takes nobody else's people away.
        let input = with_id(&id, json!({ "participants": [
            { "partner": "asti", "status": "PRESENT" }, { "who": "Students" },
            { "partner": "torino", "person": "torino-exchanges", "status": "PRESENT" },
        ] }));
        done(&api, city, "editOutput", input).await;
        let coordinator = signed_in(&api, "eurocities-coordination").await;
        let input = with_id(&id, json!({ "note": "Read again" }));
        let output = done(&api, coordinator, "editOutput", input).await;
        assert_eq!(people(&output), [
            json!("asti-exchanges"), Value::Null, json!("torino-exchanges"), json!("cuneo-exchanges"),
        ]);
        assert_eq!(output["participations"][0]["status"], "PRESENT");
        let champion = json!({ "person": "madrid-exchanges" });
        edit(&api, &id_of(&api, "champion_madrid").await, json!({ "champion": champion })).await;
        let nobody = api.data("{ project(key: \"connection\") {
            outputs(first: 100, filter: { kinds: [STAFF_EXCHANGE, CHAMPION] }) { nodes {
                participations { person { key } } ... on Champion { person { key } } } } } }").await;
        assert!(!nobody.to_string().contains("exchanges\""), "{nobody}");
        is_as_loaded(&api).await;
    }

    async fn what_was_accepted_stays_until_it_is_taken_up_again(database: TestDatabase) {
        let api = Api::over(database).await;
        let operator = Viewer::Operator;
        let id = id_of(&api, "ap_asti").await;
        let measures = |all: &[(&str, &str)]| {
            let all = all.iter().map(|(title, state)| json!({ "title": title, "state": state }));
            json!({ "actionPlan": { "period": "2022", "measures": all.collect::<Vec<_>>() } })
        };
        edit(&api, &id, measures(&[("A desk", "PLANNED")])).await;
        let endorse = json!({ "id": id, "body": "City council", "endorsed": "2021-07" });
        let first = done(&api, operator, "endorseActionPlan", endorse).await;
        let endorse = json!({ "id": id, "body": "Region" });
        let both = done(&api, operator, "endorseActionPlan", endorse).await;
        assert_eq!(both["endorsements"].as_array().unwrap().len(), 2);
        let adoption = both["endorsements"][1]["id"].clone();
        let left = done(&api, operator, "removeEndorsement", json!({ "id": adoption })).await;
        assert_eq!(left["endorsements"], first["endorsements"]);
        let (before, after) = told(&api, &id).await;
        assert_eq!((&before["endorsement"][0]["body"], after), (&json!("Region"), Value::Null));
        let proof = json!({ "output": id, "proof": { "url": "https://asti.example/plan" } });
        done(&api, operator, "addEvidence", proof).await;
        done(&api, operator, "reportOutput", json!({ "id": id })).await;
        done(&api, operator, "verifyOutput", json!({ "id": id })).await;

        let adoption = left["endorsements"][0]["id"].clone();
        let payload = act(&api, operator, "removeEndorsement", json!({ "id": adoption })).await;
        assert_eq!(problems(&payload), [("id", "WRONG_STATE")]);
        for what in [
            json!({ "lead": "paris" }), json!({ "title": [{ "locale": "en", "text": "Other" }] }),
            json!({ "participants": [{ "who": "Students" }] }),
            json!({ "note": "Beside", "actionPlan": { "period": "2023" } }),
            measures(&[("Another desk", "PLANNED")]), measures(&[]),
        ] {
            let payload = act(&api, operator, "editOutput", with_id(&id, what)).await;
            assert_eq!(problems(&payload), [("id", "WRONG_STATE")]);
        }
        // It is told with all else that is wrong.
        let both = json!({ "lead": "paris", "actionPlan": { "documentUrl": "x" } });
        let found = wrong(&api, &id, both).await;
        let codes: Vec<_> = found.iter().map(|(_, code)| code.as_str()).collect();
        assert_eq!(codes, ["NOT_A_URL", "WRONG_STATE"]);
        // A remark, what was learned since, and how far the measures are is still told; what is said
        // again is no change.
        let mut what = measures(&[("A desk", "DONE")]);
        what["note"] = "The desk opened".into();
        what["learning"] = json!([{ "kind": "LESSON", "body": "It takes a year." }]);
        let output = edit(&api, &id, what).await;
        assert_eq!(output["state"], "VERIFIED");
        assert_eq!(output["measures"][0]["state"], "DONE");
        assert_eq!(output["lessons"][0]["body"], "It takes a year.");

        done(&api, operator, "reopenOutput", json!({ "id": id, "reason": "A mistake" })).await;
        edit(&api, &id, json!({ "actionPlan": { "period": "2023" } })).await;
        let left = done(&api, operator, "removeEndorsement", json!({ "id": adoption })).await;
        assert_eq!(left["endorsements"], json!([]));
        // What was called off stays, too.
        done(&api, operator, "cancelOutput", json!({ "id": id, "reason": "No majority" })).await;
        let payload = act(&api, operator, "editOutput", with_id(&id, json!({ "place": "Asti" }))).await;
        assert_eq!(problems(&payload), [("id", "WRONG_STATE")]);
        edit(&api, &id, json!({ "note": "No majority" })).await;
        is_as_loaded(&api).await;
    }

    async fn an_output_says_all_of_it_when_it_is_planned(database: TestDatabase) {
        let api = Api::over(database).await;
        let operator = Viewer::Operator;
        let plan = |what: Value| {
            let mut input = json!({ "project": "connection" });
            input.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
            input
        };
        let visit = done(&api, operator, "scheduleVisit", plan(json!({
            "organiser": "paris", "practices": ["moi"], "output": { "community": "cop1",
                "days": 2, "agenda": [{ "kind": "WELCOME", "title": "Welcome" }],
                "learning": [{ "kind": "CHALLENGE", "body": "How?" }],
                "participants": [{ "partner": "torino" }] },
        }))).await;
        holds(&visit, json!({
            "organiser": { "key": "paris" }, "practices": [{ "key": "moi" }], "days": 2,
        }));
        assert!(visit["number"].as_i64().unwrap() > 3, "{visit}");
        assert_eq!(visit["agenda"][0]["title"], "Welcome");
        assert_eq!(visit["challenges"][0]["body"], "How?");
        assert_eq!(visit["participations"][0]["partner"]["key"], "torino");
        let action_plan = done(&api, operator, "planActionPlan", plan(json!({
            "kind": "STRATEGY", "originalTitle": "Strategia", "presented": "2021",
            "draftPeriod": "2021", "measures": [{ "title": "A desk" }],
            "stakeholders": [{ "name": "Schools" }],
        }))).await;
        holds(&action_plan, json!({
            "planKind": "STRATEGY", "originalTitle": "Strategia", "presented": "2021",
            "draftPeriod": "2021",
            "measures": [{ "title": "A desk", "state": "PLANNED", "due": null }],
            "stakeholders": [{ "name": "Schools", "kind": null }],
        }));
        let policy = done(&api, operator, "planPolicy", plan(json!({
            "kind": "NETWORK", "plan": action_plan["id"], "grantMinor": 100, "facts": ["A fact."],
            "opened": "2022",
        }))).await;
        holds(&policy, json!({
            "plan": { "key": action_plan["key"] }, "facts": ["A fact."], "opened": "2022",
            "grant": { "minor": 100, "currency": "EUR" },
        }));
        let champion = done(&api, operator, "selectChampion", plan(json!({
            "selected": "2021-05", "trained": "2021-08", "trainings": [{ "description": "One" }],
        }))).await;
        holds(&champion, json!({ "selected": "2021-05", "trained": "2021-08" }));
        let guide = done(&api, operator, "planGuide", plan(json!({
            "language": "it", "fileUrl": "https://network.example/guida.pdf",
        }))).await;
        holds(&guide, json!({ "language": "it", "fileUrl": "https://network.example/guida.pdf" }));
        // Problems name the fields as this input has them.
        let payload = act(&api, operator, "planActionPlan", plan(json!({
            "kind": "PACT", "documentUrl": "x", "measures": [{ "title": "" }],
            "output": { "days": 0, "agenda": [{ "kind": "PANEL", "title": "" }] },
        }))).await;
        assert_eq!(problems(&payload), [
            ("days", "OUT_OF_RANGE"), ("documentUrl", "NOT_A_URL"),
            ("measures.0.title", "REQUIRED"), ("agenda.0.title", "REQUIRED"),
        ]);
        is_as_loaded(&api).await;
    }

    async fn the_project_file_carries_what_was_edited(database: TestDatabase) {
        let api = Api::over(database).await;
        let id = id_of(&api, "cop1_w2").await;
        edit(&api, &id, json!({
            "days": 2, "participants": [{ "partner": "paris" }, { "who": "Students" }],
            "agenda": [{ "kind": "PANEL", "title": "A panel", "speakers": ["Mayor"], "day": 2 }],
            "learning": [{ "kind": "LESSON", "body": "Time", "partner": "paris" }],
            "visit": { "practices": ["teranga", "moi"], "number": 7 },
        })).await;
        let id = id_of(&api, "ap_asti").await;
        let measures = json!([{ "title": "A" }, { "title": "B", "state": "DONE", "due": "2022" }]);
        edit(&api, &id, json!({ "actionPlan": { "measures": measures } })).await;
        // The first goes, so that the second moves up.
        edit(&api, &id, json!({ "actionPlan": {
            "measures": [{ "title": "B", "state": "DONE", "due": "2022" }, { "title": "C" }],
            "stakeholders": [{ "name": "Schools", "kind": "Public" }], "draftPeriod": "2021",
        } })).await;
        let id = id_of(&api, "champion_madrid").await;
        edit(&api, &id, json!({ "champion": { "person": "madrid-exchanges", "trainings": [
            { "description": "One", "workshop": "champion_workshop_2" },
        ] } })).await;
        let project = api.store.project("connection").await.unwrap();
        let exported = file::export(&project);
        let of = |key: &str| exported.outputs.iter().find(|one| one.key == key).unwrap();
        let FileKind::ActionPlan { measures, stakeholders, draft_period, .. } = &of("ap_asti").kind
        else {
            panic!("an action plan stays one");
        };
        let titles: Vec<_> = measures.iter().map(|one| one.title.as_str()).collect();
        assert_eq!(titles, ["B", "C"]);
        assert_eq!(stakeholders[0].kind.as_deref(), Some("Public"));
        assert_eq!(draft_period.as_deref(), Some("2021"));
        let FileKind::Champion { person, trainings, .. } = &of("champion_madrid").kind else {
            panic!("a champion stays one");
        };
        assert_eq!(person.as_deref(), Some("madrid-exchanges"));
        assert_eq!(trainings[0].workshop.as_deref(), Some("champion_workshop_2"));
        let visit = of("cop1_w2");
        assert_eq!((visit.days, visit.agenda.len(), visit.learning.len()), (Some(2), 1, 1));
        let FileKind::Visit { practices, number, .. } = &visit.kind else {
            panic!("a visit stays one");
        };
        assert_eq!((practices.as_slice(), *number), (&["teranga".to_owned(), "moi".into()][..], 7));
        // Taken in again it changes nothing, and elsewhere it makes the same project.
        let again = api.store.import(&exported, Import::default()).await.unwrap();
        assert_eq!(again.changes, []);
        let elsewhere = Api::bare(TestDatabase::sqlite().await);
        elsewhere.store.import(&exported, Import::default()).await.unwrap();
        let there = elsewhere.store.project("connection").await.unwrap();
        assert_eq!(file::export(&there).to_json(), exported.to_json());
    }
}
