//! What an edit is refused for.

use domain::{command::Import, record::Role as FileRole, viewer::Viewer};
use entities::RoleKind;
use rstest::rstest;
use serde_json::{Value, json};
use tests::Backend;

use super::{Api, act, done, edit, id_of, is_as_loaded, problems, signed_in, told, with_id, wrong};

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn all_that_is_wrong_with_an_edit_is_told_at_once_by_its_path(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::as_known_then(database).await;
    let before = api.store.project("connection").await.unwrap().revision();
    let long = "x".repeat(10_001);
    for (key, what, mut expected) in [
        (
            "x_torino_anci_piemonte_leg1",
            json!({
                "host": "paris", "staffExchange": { "learned": " ", "adapted": long },
            }),
            vec![
                ("host", "WRONG_HOST"),
                ("staffExchange.learned", "REQUIRED"),
                ("staffExchange.adapted", "TOO_LONG"),
            ],
        ),
        (
            "cop1_w2",
            json!({
                "visit": { "number": 0, "organiser": "nobody", "practices": ["moi", "none", "moi"] },
                "event": { "website": "?" }, "video": {},
            }),
            vec![
                ("visit.number", "OUT_OF_RANGE"),
                ("visit.organiser", "NOT_FOUND"),
                ("visit.practices.1", "NOT_FOUND"),
                ("visit.practices.2", "TWICE"),
                ("event", "WRONG_KIND"),
                ("video", "WRONG_KIND"),
            ],
        ),
        (
            "first_partner_meeting",
            json!({
                "event": { "aboutParticipants": 0, "website": "ftp://old" },
            }),
            vec![
                ("event.aboutParticipants", "OUT_OF_RANGE"),
                ("event.website", "NOT_A_URL"),
            ],
        ),
        (
            "ap_asti",
            json!({
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
            }),
            vec![
                ("community", "NOT_FOUND"),
                ("plannedTo", "ENDS_BEFORE_START"),
                ("days", "OUT_OF_RANGE"),
                ("participants.1.partner", "NOT_FOUND"),
                ("participants.1.person", "NOT_FOUND"),
                ("participants.2", "REQUIRED"),
                ("agenda.0.day", "OUT_OF_RANGE"),
                ("agenda.0.title", "REQUIRED"),
                ("agenda.0.speakers.1", "REQUIRED"),
                ("agenda.0.presenter", "NOT_FOUND"),
                ("learning.0.body", "REQUIRED"),
                ("learning.0.partner", "NOT_FOUND"),
                ("actionPlan.originalTitle", "REQUIRED"),
                ("actionPlan.period", "TOO_LONG"),
                ("actionPlan.documentUrl", "NOT_A_URL"),
                ("actionPlan.measures.0.title", "REQUIRED"),
                ("actionPlan.stakeholders.1.name", "REQUIRED"),
                ("actionPlan.stakeholders.1.kind", "REQUIRED"),
            ],
        ),
        (
            "pol_sofia_bureau",
            json!({ "policy": {
            "plan": "cop1_w2", "grantMinor": -1, "currency": "euro", "facts": ["One.", ""],
            "beneficiaries": "",
        } }),
            vec![
                ("policy.plan", "NOT_FOUND"),
                ("policy.grantMinor", "OUT_OF_RANGE"),
                ("policy.currency", "OUT_OF_RANGE"),
                ("policy.beneficiaries", "REQUIRED"),
                ("policy.facts.1", "REQUIRED"),
            ],
        ),
        (
            "pol_sofia_bureau",
            json!({
                "title": [{ "locale": "en", "text": "A" }, { "locale": "bg", "text": "B" },
                    { "locale": "en", "text": "C" }],
                "policy": { "grantMinor": 1_000_000_000_000_001_i64 },
            }),
            vec![
                ("title.2.locale", "TWICE"),
                ("policy.grantMinor", "OUT_OF_RANGE"),
            ],
        ),
        (
            "champion_madrid",
            json!({ "champion": {
            "person": "none", "roleTitle": "", "selected": "2022-12",
            "trainings": [{ "description": "One" }, { "description": "", "workshop": "cop1_w2" }],
        } }),
            vec![
                ("champion.person", "NOT_FOUND"),
                ("champion.roleTitle", "REQUIRED"),
                ("champion.trainings.1.description", "REQUIRED"),
                ("champion.trainings.1.workshop", "NOT_FOUND"),
                ("champion.trained", "ENDS_BEFORE_START"),
            ],
        ),
        (
            "champion_workshop_2",
            json!({ "championWorkshop": { "aboutParticipants": -3 } }),
            vec![("championWorkshop.aboutParticipants", "OUT_OF_RANGE")],
        ),
        (
            "guide_cop1",
            json!({ "guide": {
            "language": "none!", "landingUrl": "x", "fileUrl": "https:// x",
        } }),
            vec![
                ("guide.language", "NOT_A_LANGUAGE"),
                ("guide.landingUrl", "NOT_A_URL"),
                ("guide.fileUrl", "NOT_A_URL"),
            ],
        ),
        (
            "video_cop3",
            json!({
                "video": { "language": "?", "url": "" }, "staffExchange": { "learned": "Much" },
                "guide": {},
            }),
            vec![
                ("staffExchange", "WRONG_KIND"),
                ("guide", "WRONG_KIND"),
                ("video.language", "NOT_A_LANGUAGE"),
                ("video.url", "NOT_A_URL"),
            ],
        ),
    ] {
        let id = id_of(&api, key).await;
        let found = wrong(&api, &id, what).await;
        let mut found: Vec<_> = found
            .iter()
            .map(|(f, c)| (f.as_str(), c.as_str()))
            .collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{key}");
    }
    let many: Vec<_> = (0..501)
        .map(|n| json!({ "title": n.to_string() }))
        .collect();
    let id = id_of(&api, "ap_asti").await;
    let found = wrong(&api, &id, json!({ "actionPlan": { "measures": many } })).await;
    assert_eq!(
        found,
        [("actionPlan.measures".to_owned(), "OUT_OF_RANGE".to_owned())]
    );
    assert_eq!(
        api.store.project("connection").await.unwrap().revision(),
        before
    );
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn moving_an_output_takes_the_right_to_both_communities(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::bare(database);
    let mut file = tests::project::connection();
    file.communities[1].expert = Some("zurich".to_owned());
    let mut people = file.people.iter_mut();
    let other = people
        .find(|person| person.key == "zurich-exchanges")
        .unwrap();
    other.roles.push(FileRole {
        kind: RoleKind::Expert,
        partner: Some("zurich".to_owned()),
        from: None,
        until: None,
    });
    api.store.import(&file, Import::default()).await.unwrap();
    let id = id_of(&api, "cop1_w2").await;
    let expert = signed_in(&api, "migrationwork-facilitation").await;
    let city = signed_in(&api, "torino-exchanges").await;
    let to = |community: Value| with_id(&id, json!({ "community": community, "note": "Moved" }));
    for (viewer, community) in [
        (expert, json!("cop2")),
        (expert, Value::Null),
        (city, json!("cop3")),
        (city, Value::Null),
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
    // Nor does one plan for one's own community what belongs to another one's pairing.
    let pairing = json!("x_torino_anci_piemonte");
    let other = signed_in(&api, "zurich-exchanges").await;
    let leg = |community: &str| {
        json!({
            "project": "connection", "pairing": pairing, "output": { "community": community },
        })
    };
    for community in ["cop1", "cop2"] {
        let payload = act(&api, other, "scheduleStaffExchange", leg(community)).await;
        assert_eq!(problems(&payload), [("", "FORBIDDEN")], "{community}");
    }
    let payload = act(&api, expert, "scheduleStaffExchange", leg("cop1")).await;
    assert_eq!(problems(&payload), [("pairing", "LEGS_COMPLETE")]);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_was_accepted_stays_until_it_is_taken_up_again(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::as_known_then(database).await;
    let operator = Viewer::Operator;
    let id = id_of(&api, "ap_asti").await;
    let measures = |all: &[(&str, &str)]| {
        let all = all
            .iter()
            .map(|(title, state)| json!({ "title": title, "state": state }));
        json!({ "actionPlan": { "period": "2022", "measures": all.collect::<Vec<_>>() } })
    };
    edit(&api, &id, measures(&[("A desk", "PLANNED")])).await;
    let endorse = json!({ "id": id, "body": "City council", "endorsed": "2021-07" });
    let first = done(&api, operator, "endorseActionPlan", endorse).await;
    let endorse = json!({ "id": id, "body": "Region" });
    let both = done(&api, operator, "endorseActionPlan", endorse).await;
    assert_eq!(both["endorsements"].as_array().unwrap().len(), 2);
    let adoption = both["endorsements"][1]["id"].clone();
    let left = done(
        &api,
        operator,
        "removeEndorsement",
        json!({ "id": adoption }),
    )
    .await;
    assert_eq!(left["endorsements"], first["endorsements"]);
    let (before, after) = told(&api, &id).await;
    assert_eq!(
        (&before["endorsement"][0]["body"], after),
        (&json!("Region"), Value::Null)
    );
    let proof = json!({ "output": id, "proof": { "url": "https://asti.example/plan" } });
    done(&api, operator, "addEvidence", proof).await;
    done(&api, operator, "reportOutput", json!({ "id": id })).await;
    done(&api, operator, "verifyOutput", json!({ "id": id })).await;

    let adoption = left["endorsements"][0]["id"].clone();
    let payload = act(
        &api,
        operator,
        "removeEndorsement",
        json!({ "id": adoption }),
    )
    .await;
    assert_eq!(problems(&payload), [("id", "WRONG_STATE")]);
    for what in [
        json!({ "lead": "paris" }),
        json!({ "title": [{ "locale": "en", "text": "Other" }] }),
        json!({ "participants": [{ "who": "Students" }] }),
        json!({ "note": "Beside", "actionPlan": { "period": "2023" } }),
        measures(&[("Another desk", "PLANNED")]),
        measures(&[]),
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
    // What was learned is told of another kind, and more; what is there does not go.
    let more = json!({ "learning": [
        { "kind": "ADVICE", "body": "It takes a year." }, { "kind": "LESSON", "body": "Or two." },
    ] });
    let output = edit(&api, &id, more).await;
    assert_eq!(output["advice"][0]["body"], "It takes a year.");
    assert_eq!(output["lessons"][0]["body"], "Or two.");
    for left in [
        json!([]),
        json!([{ "kind": "ADVICE", "body": "It took a year." }]),
    ] {
        let found = wrong(&api, &id, json!({ "learning": left })).await;
        assert_eq!(found, [("id".to_owned(), "WRONG_STATE".to_owned())]);
    }

    done(
        &api,
        operator,
        "reopenOutput",
        json!({ "id": id, "reason": "A mistake" }),
    )
    .await;
    edit(&api, &id, json!({ "actionPlan": { "period": "2023" } })).await;
    let left = done(
        &api,
        operator,
        "removeEndorsement",
        json!({ "id": adoption }),
    )
    .await;
    assert_eq!(left["endorsements"], json!([]));
    // What was called off stays, too.
    done(
        &api,
        operator,
        "cancelOutput",
        json!({ "id": id, "reason": "No majority" }),
    )
    .await;
    let payload = act(
        &api,
        operator,
        "editOutput",
        with_id(&id, json!({ "place": "Asti" })),
    )
    .await;
    assert_eq!(problems(&payload), [("id", "WRONG_STATE")]);
    edit(&api, &id, json!({ "note": "No majority" })).await;
    let endorse = json!({ "id": id, "body": "Region" });
    let payload = act(&api, operator, "endorseActionPlan", endorse).await;
    assert_eq!(problems(&payload), [("id", "WRONG_STATE")]);
    is_as_loaded(&api).await;
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_was_learned_of_an_accepted_exchange_is_still_told(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::as_known_then(database).await;
    let operator = Viewer::Operator;
    let id = id_of(&api, "x_torino_anci_piemonte_leg1").await;
    let proof = json!({ "output": id, "proof": { "url": "https://torino.example/report" } });
    done(&api, operator, "addEvidence", proof).await;
    done(&api, operator, "reportOutput", json!({ "id": id })).await;
    done(&api, operator, "verifyOutput", json!({ "id": id })).await;
    let said = json!({ "learned": "How to listen", "adapted": "The desk" });
    let output = edit(&api, &id, json!({ "staffExchange": said })).await;
    assert_eq!(output["state"], "VERIFIED");
    assert_eq!(
        (&output["learned"], &output["adapted"]),
        (&said["learned"], &said["adapted"])
    );
    let found = wrong(
        &api,
        &id,
        json!({ "mode": "ONLINE", "staffExchange": said }),
    )
    .await;
    assert_eq!(found, [("id".to_owned(), "WRONG_STATE".to_owned())]);
    is_as_loaded(&api).await;
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_was_wrong_before_is_no_hindrance_until_it_is_touched(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::bare(database);
    let mut file = tests::project::connection();
    let mut all = file.outputs.iter_mut();
    let late = all.find(|output| output.key == "cop2_w2").unwrap();
    late.lead = Some("paris".to_owned());
    late.starts = Some("2021-10".parse().unwrap());
    let mut partners = file.partners.iter_mut();
    let paris = partners
        .find(|partner| partner.organisation == "paris")
        .unwrap();
    paris.left_on = Some("2021-05-01".parse().unwrap());
    api.store.import(&file, Import::default()).await.unwrap();
    // As an import of an older release left it.
    let due = "update output set due_on = '2019-06-01' where key = 'cop2_w2'";
    api.rewrite("connection", &[due]).await;
    // Its host is not on the side that implements.
    let leg = id_of(&api, "x_torino_anci_piemonte_leg2").await;
    let output = edit(&api, &leg, json!({ "place": "Town hall" })).await;
    assert_eq!(output["place"], "Town hall");
    let found = wrong(&api, &leg, json!({ "host": "zurich" })).await;
    assert_eq!(found, [("host".to_owned(), "WRONG_HOST".to_owned())]);
    // Its lead left before it, and it was due before the project began.
    let visit = id_of(&api, "cop2_w2").await;
    let output = edit(&api, &visit, json!({ "place": "Town hall" })).await;
    assert_eq!(output["place"], "Town hall");
    let both = json!({ "host": "paris", "dueOn": "2019-07-01" });
    let found = wrong(&api, &visit, both).await;
    let mut found: Vec<_> = found
        .iter()
        .map(|(f, c)| (f.as_str(), c.as_str()))
        .collect();
    found.sort_unstable();
    assert_eq!(found, [("dueOn", "OUT_OF_RANGE"), ("host", "PARTNER_LEFT")]);
    let output = edit(
        &api,
        &visit,
        json!({ "lead": "torino", "dueOn": "2021-11-01" }),
    )
    .await;
    assert_eq!(output["dueOn"], "2021-11-01");
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn small_things_are_told_by_their_field(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::as_known_then(database).await;
    let operator = Viewer::Operator;
    let id = id_of(&api, "ap_asti").await;
    for (body, code) in [
        (" ".to_owned(), "REQUIRED"),
        ("x".repeat(10_001), "TOO_LONG"),
    ] {
        let input = json!({ "id": id, "body": body });
        let payload = act(&api, operator, "endorseActionPlan", input).await;
        assert_eq!(problems(&payload), [("body", code)]);
    }
    for upload in ["none", "00000000-0000-0000-0000-000000000001"] {
        let input = json!({ "output": id, "proof": { "upload": upload } });
        let payload = act(&api, operator, "addEvidence", input).await;
        assert_eq!(problems(&payload), [("proof.upload", "NOT_FOUND")]);
    }
    let plan = |reason: String| {
        json!({
            "project": "connection", "output": { "starts": "2024-01-08", "reason": reason },
        })
    };
    let payload = act(&api, operator, "scheduleVisit", plan("x".repeat(10_001))).await;
    assert_eq!(problems(&payload), [("output.reason", "TOO_LONG")]);
    let output = done(
        &api,
        operator,
        "scheduleVisit",
        plan(" Held late ".to_owned()),
    )
    .await;
    let project = api.store.project("connection").await.unwrap();
    let row = project
        .outputs
        .iter()
        .find(|row| row.key == output["key"].as_str().unwrap());
    let reason = project.events_of(row.unwrap().id)[0].reason.clone();
    assert_eq!(reason.as_deref(), Some("Held late"));
}
