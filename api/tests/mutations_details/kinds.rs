//! What every kind alone says, when it is planned and afterwards.

use domain::{
    command::Import,
    file,
    record::{Detail, output as kinds},
    viewer::Viewer,
};
use rstest::rstest;
use serde_json::{Value, json};
use tests::{Backend, TestDatabase};

use super::{Api, act, done, edit, holds, id_of, is_as_loaded, problems};

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn every_kind_says_what_it_alone_says_and_takes_it_back(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::as_known_then(database).await;
    let none = Value::Null;
    for (key, field, says, reads, nothing) in [
        (
            "x_torino_anci_piemonte_leg1",
            "staffExchange",
            json!({ "learned": "How a desk works", "adapted": "A smaller desk" }),
            json!({ "learned": "How a desk works", "adapted": "A smaller desk", "leg": 1 }),
            json!({ "learned": none, "adapted": none }),
        ),
        (
            "cop1_w2",
            "visit",
            json!({ "number": 12, "organiser": "paris", "practices": ["moi", "teranga"] }),
            json!({ "number": 12, "organiser": { "key": "paris" },
                "practices": [{ "key": "moi" }, { "key": "teranga" }] }),
            json!({ "organiser": none, "practices": [] }),
        ),
        (
            "first_partner_meeting",
            "event",
            json!({ "kind": "WEBINAR", "aboutParticipants": 40,
                "website": "https://network.example/webinar" }),
            json!({ "eventKind": "WEBINAR", "about": 40,
                "website": "https://network.example/webinar" }),
            json!({ "aboutParticipants": none, "website": none }),
        ),
        (
            "ap_asti",
            "actionPlan",
            json!({ "kind": "PACT", "originalTitle": "Patto di Asti", "draftPeriod": "2021",
                "period": "2022-2025", "presented": "2021-05",
                "documentUrl": "https://asti.example/patto",
                "measures": [
                    { "title": "A desk", "state": "UNDER_WAY", "due": "2023" },
                    { "title": "A council" },
                ],
                "stakeholders": [{ "name": "Diocese", "kind": "Church" }, { "name": "Schools" }] }),
            json!({ "planKind": "PACT", "originalTitle": "Patto di Asti", "draftPeriod": "2021",
                "period": "2022-2025", "presented": "2021-05",
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
            "pol_sofia_bureau",
            "policy",
            json!({ "kind": "SERVICE", "plan": "ap_asti", "opened": "2021-08",
                "grantMinor": 5_000_000_000_i64, "currency": "BGN", "beneficiaries": "Families",
                "facts": ["Open on Mondays.", "In seven languages."] }),
            json!({ "policyKind": "SERVICE", "plan": { "key": "ap_asti" }, "opened": "2021-08",
                "grant": { "minor": 5_000_000_000_i64, "currency": "BGN" },
                "beneficiaries": "Families", "facts": ["Open on Mondays.", "In seven languages."] }),
            json!({ "plan": none, "opened": none, "grantMinor": none, "beneficiaries": none,
                "facts": [] }),
        ),
        (
            "champion_madrid",
            "champion",
            json!({ "person": "madrid-exchanges", "roleTitle": "Social worker",
                "selected": "2021-06", "trained": "2021-08-30", "trainings": [
                    { "description": "Listening", "workshop": "champion_workshop_2",
                        "held": "2021-08", "audience": "Colleagues" },
                ] }),
            json!({ "person": { "key": "madrid-exchanges" }, "roleTitle": "Social worker", "selected": "2021-06", "trained": "2021-08-30",
                "trainings": [{ "description": "Listening", "held": "2021-08",
                    "audience": "Colleagues", "workshop": { "key": "champion_workshop_2" } }] }),
            json!({ "person": none, "roleTitle": none, "selected": none, "trained": none,
                "trainings": [] }),
        ),
        (
            "champion_workshop_2",
            "championWorkshop",
            json!({ "aboutParticipants": 25 }),
            json!({ "about": 25 }),
            json!({ "aboutParticipants": none }),
        ),
        (
            "guide_cop1",
            "guide",
            json!({ "language": "pt-PT", "landingUrl": "https://network.example/guide",
                "fileUrl": "https://network.example/guide.pdf" }),
            json!({ "language": "pt-PT", "landingUrl": "https://network.example/guide",
                "fileUrl": "https://network.example/guide.pdf" }),
            json!({ "language": none, "landingUrl": none, "fileUrl": none }),
        ),
        (
            "video_cop3",
            "video",
            json!({ "language": "fr", "url": "https://network.example/video" }),
            json!({ "language": "fr", "url": "https://network.example/video" }),
            json!({ "language": none, "url": none }),
        ),
    ] {
        let id = id_of(&api, key).await;
        let output = edit(&api, &id, json!({ field: says })).await;
        holds(&output, &reads);
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

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn an_output_says_all_of_it_when_it_is_planned(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::as_known_then(database).await;
    let operator = Viewer::Operator;
    let plan = |what: Value| {
        let mut input = json!({ "project": "connection" });
        input
            .as_object_mut()
            .unwrap()
            .extend(what.as_object().unwrap().clone());
        input
    };
    let visit = done(
        &api,
        operator,
        "scheduleVisit",
        plan(json!({
            "organiser": "paris", "practices": ["moi"], "output": { "community": "cop1",
                "days": 2, "agenda": [{ "kind": "WELCOME", "title": "Welcome" }],
                "learning": [{ "kind": "CHALLENGE", "body": "How?" }],
                "participants": [{ "partner": "torino" }] },
        })),
    )
    .await;
    holds(
        &visit,
        &json!({
            "organiser": { "key": "paris" }, "practices": [{ "key": "moi" }], "days": 2,
        }),
    );
    assert!(visit["number"].as_i64().unwrap() > 3, "{visit}");
    assert_eq!(visit["agenda"][0]["title"], "Welcome");
    assert_eq!(visit["challenges"][0]["body"], "How?");
    assert_eq!(visit["participations"][0]["partner"]["key"], "torino");
    let action_plan = done(
        &api,
        operator,
        "planActionPlan",
        plan(json!({
            "kind": "STRATEGY", "originalTitle": "Strategia", "presented": "2020",
            "draftPeriod": "2021", "measures": [{ "title": "A desk" }],
            "stakeholders": [{ "name": "Schools" }],
        })),
    )
    .await;
    holds(
        &action_plan,
        &json!({
            "planKind": "STRATEGY", "originalTitle": "Strategia", "presented": "2020",
            "draftPeriod": "2021",
            "measures": [{ "title": "A desk", "state": "PLANNED", "due": null }],
            "stakeholders": [{ "name": "Schools", "kind": null }],
        }),
    );
    let policy = done(
        &api,
        operator,
        "planPolicy",
        plan(json!({
            "kind": "NETWORK", "plan": action_plan["id"], "grantMinor": 100, "facts": ["A fact."],
            "opened": "2020",
        })),
    )
    .await;
    holds(
        &policy,
        &json!({
            "plan": { "key": action_plan["key"] }, "facts": ["A fact."], "opened": "2020",
            "grant": { "minor": 100, "currency": "EUR" },
        }),
    );
    let champion = done(
        &api,
        operator,
        "selectChampion",
        plan(json!({
            "selected": "2021-05", "trained": "2021-08", "trainings": [{ "description": "One" }],
        })),
    )
    .await;
    holds(
        &champion,
        &json!({ "selected": "2021-05", "trained": "2021-08" }),
    );
    let guide = done(
        &api,
        operator,
        "planGuide",
        plan(json!({
            "language": "it", "fileUrl": "https://network.example/guida.pdf",
        })),
    )
    .await;
    holds(
        &guide,
        &json!({ "language": "it", "fileUrl": "https://network.example/guida.pdf" }),
    );
    // Problems name the fields as this input has them.
    let payload = act(&api, operator, "planActionPlan", plan(json!({
        "kind": "PACT", "documentUrl": "x", "measures": [{ "title": "" }],
        "output": { "days": 0, "community": "cop9", "agenda": [{ "kind": "PANEL", "title": "" }] },
    }))).await;
    assert_eq!(
        problems(&payload),
        [
            ("documentUrl", "NOT_A_URL"),
            ("measures.0.title", "REQUIRED"),
            ("output.community", "NOT_FOUND"),
            ("output.days", "OUT_OF_RANGE"),
            ("output.agenda.0.title", "REQUIRED"),
        ]
    );
    is_as_loaded(&api).await;
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn the_project_file_carries_what_was_edited(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::as_known_then(database).await;
    let id = id_of(&api, "cop1_w2").await;
    edit(
        &api,
        &id,
        json!({
            "days": 2, "participants": [{ "partner": "paris" }, { "who": "Students" }],
            "agenda": [{ "kind": "PANEL", "title": "A panel", "speakers": ["Mayor"], "day": 2 }],
            "learning": [{ "kind": "LESSON", "body": "Time", "partner": "paris" }],
            "visit": { "practices": ["teranga", "moi"], "number": 7 },
        }),
    )
    .await;
    let id = id_of(&api, "ap_asti").await;
    let measures = json!([{ "title": "A" }, { "title": "B", "state": "DONE", "due": "2022" }]);
    edit(&api, &id, json!({ "actionPlan": { "measures": measures } })).await;
    // The first goes, so that the second moves up.
    edit(
        &api,
        &id,
        json!({ "actionPlan": {
        "measures": [{ "title": "B", "state": "DONE", "due": "2022" }, { "title": "C" }],
        "stakeholders": [{ "name": "Schools", "kind": "Public" }], "draftPeriod": "2021",
    } }),
    )
    .await;
    let id = id_of(&api, "champion_madrid").await;
    edit(
        &api,
        &id,
        json!({ "champion": { "person": "madrid-exchanges", "trainings": [
        { "description": "One", "workshop": "champion_workshop_2" },
    ] } }),
    )
    .await;
    // Of two adoptions and of four proofs the first goes.
    let id = id_of(&api, "ap_zagreb").await;
    let body = json!({ "id": id, "body": "Region" });
    let output = done(&api, Viewer::Operator, "endorseActionPlan", body).await;
    let first = json!({ "id": output["endorsements"][0]["id"] });
    done(&api, Viewer::Operator, "removeEndorsement", first).await;
    let first = json!({ "id": output["evidence"][0]["id"] });
    done(&api, Viewer::Operator, "removeEvidence", first).await;
    let project = api.store.project("connection").await.unwrap();
    let exported = file::export(&project);
    let of = |key: &str| exported.outputs.iter().find(|one| one.key == key).unwrap();
    let Detail::ActionPlan(kinds::ActionPlan {
        measures,
        stakeholders,
        draft_period,
        ..
    }) = &of("ap_asti").kind
    else {
        panic!("an action plan stays one");
    };
    let titles: Vec<_> = measures.iter().map(|one| one.title.as_str()).collect();
    assert_eq!(titles, ["B", "C"]);
    assert_eq!(stakeholders[0].kind.as_deref(), Some("Public"));
    assert_eq!(draft_period.as_deref(), Some("2021"));
    let Detail::Champion(kinds::Champion {
        person, trainings, ..
    }) = &of("champion_madrid").kind
    else {
        panic!("a champion stays one");
    };
    assert_eq!(person.as_deref(), Some("madrid-exchanges"));
    assert_eq!(
        trainings[0].workshop.as_deref(),
        Some("champion_workshop_2")
    );
    let visit = of("cop1_w2");
    assert_eq!(
        (visit.days, visit.agenda.len(), visit.learning.len()),
        (Some(2), 1, 1)
    );
    let Detail::Visit(kinds::Visit {
        practices, number, ..
    }) = &visit.kind
    else {
        panic!("a visit stays one");
    };
    assert_eq!(
        (practices.as_slice(), *number),
        (&["teranga".to_owned(), "moi".into()][..], 7)
    );
    // Taken in again it changes nothing, and elsewhere it makes the same project.
    let again = api
        .store
        .import(&exported, Import::default())
        .await
        .unwrap();
    assert_eq!(again.changes, []);
    let elsewhere = Api::bare(TestDatabase::sqlite().await);
    elsewhere
        .store
        .import(&exported, Import::default())
        .await
        .unwrap();
    let there = elsewhere.store.project("connection").await.unwrap();
    assert_eq!(file::export(&there).to_json(), exported.to_json());
}
