//! The lists that belong to an output: what stays is the same row, and the audit tells the rest.

use rstest::rstest;
use serde_json::{Value, json};
use tests::Backend;

use super::{Api, done, edit, holds, id_of, is_as_loaded, signed_in, told, with_id};

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_all_kinds_share_is_edited_alike(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::as_known_then(database).await;
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
            { "kind": "CHALLENGE", "body": "How?", "partner": "torino", "by": "torino" },
            { "kind": "ADVICE", "body": "So." }, { "kind": "LESSON", "body": "It takes time." },
        ],
    })).await;
    holds(
        &output,
        &json!({
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
                "by": { "key": "torino" },
                "sources": [] }],
            "advice": [{ "kind": "ADVICE", "body": "So.", "partner": null, "by": null, "sources": [] }],
            "lessons": [{ "kind": "LESSON", "body": "It takes time.", "partner": null,
                "by": null,
                "sources": [] }],
            // The Italian title, which was worked out, is gone, and so is how.
            "basis": [],
        }),
    );
    // Its days are known, so they say how many there are; where they are not, it is told.
    assert_eq!(output["days"], 3);
    let output = edit(
        &api,
        &id_of(&api, "champion_workshop_2").await,
        json!({ "days": 2 }),
    )
    .await;
    assert_eq!(output["days"], 2);
    let none = Value::Null;
    let output = edit(&api, &id, json!({
        "days": none, "community": none, "lead": none, "host": none, "mode": none, "place": none,
        "platform": none, "plannedFrom": none, "plannedTo": none, "note": none,
        "participants": [], "agenda": [], "learning": [],
    })).await;
    holds(
        &output,
        &json!({
            "community": none, "lead": none, "host": none, "mode": none, "place": none,
            "platform": none, "plannedFrom": none, "plannedTo": none, "note": none,
            "participations": [], "agenda": [], "challenges": [], "advice": [], "lessons": [],
        }),
    );
    is_as_loaded(&api).await;
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn entries_of_a_list_that_stay_are_the_same_rows(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::as_known_then(database).await;
    let id = id_of(&api, "ap_asti").await;
    let measures = |all: &[(&str, &str)]| {
        let all = all
            .iter()
            .map(|(title, state)| json!({ "title": title, "state": state }));
        json!({ "actionPlan": { "measures": all.collect::<Vec<_>>() } })
    };
    let ids = || async {
        let project = api.store.project("connection").await.unwrap();
        let mut rows: Vec<_> = project.measures.iter().collect();
        rows.sort_by_key(|row| row.position);
        rows.into_iter()
            .map(|row| (row.title.clone(), row.id))
            .collect::<Vec<_>>()
    };
    let first = [
        ("A", "PLANNED"),
        ("B", "PLANNED"),
        ("C", "PLANNED"),
        ("B", "DONE"),
    ];
    edit(&api, &id, measures(&first)).await;
    let before = ids().await;
    // One goes, one comes, one is further; the two of one name keep to what they say.
    let next = [
        ("B", "DONE"),
        ("D", "PLANNED"),
        ("C", "UNDER_WAY"),
        ("B", "PLANNED"),
    ];
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
    assert_eq!(
        api.store.project("connection").await.unwrap().revision(),
        revision
    );

    // Every list of the product's own project, said again in another order, keeps its rows and
    // where they come from.
    let id = id_of(&api, "cop1_w2").await;
    let rows = || async {
        let project = api.store.project("connection").await.unwrap();
        let output = project
            .outputs
            .iter()
            .find(|row| row.key == "cop1_w2")
            .unwrap()
            .id;
        let mut participants: Vec<_> = project
            .participations_of(output)
            .iter()
            .map(|row| (row.id.0, row.sources.clone()))
            .collect();
        let mut agenda: Vec<_> = project
            .agenda_of(output)
            .iter()
            .map(|row| (row.id.0, row.sources.clone()))
            .collect();
        let mut learning: Vec<_> = project
            .learnings_of(output)
            .iter()
            .map(|row| (row.id.0, row.sources.clone()))
            .collect();
        let mut practices: Vec<_> = project
            .practices_seen_at(output)
            .iter()
            .map(|row| (row.id.0, entities::Strings::default()))
            .collect();
        let lists = [
            &mut participants,
            &mut agenda,
            &mut learning,
            &mut practices,
        ];
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
    let mut agenda: Vec<_> = list("agenda")
        .iter()
        .map(|one| {
            json!({
                "day": one["day"], "partOfDay": one["partOfDay"], "kind": one["kind"],
                "title": one["title"], "presenter": partner(&one["presenter"]),
                "speakers": one["speakers"],
            })
        })
        .collect();
    agenda.rotate_left(1);
    let learning: Vec<_> = ["advice", "challenges"]
        .iter()
        .flat_map(|field| list(field))
        .map(|one| {
            json!({
                "kind": one["kind"], "body": one["body"], "partner": partner(&one["partner"]),
            })
        })
        .collect();
    let practices: Vec<_> = list("practices")
        .iter()
        .rev()
        .map(|one| one["key"].clone())
        .collect();
    let moved = edit(
        &api,
        &id,
        json!({
            "participants": participants, "agenda": agenda, "learning": learning,
            "visit": { "practices": practices },
        }),
    )
    .await;
    assert_eq!(rows().await, before);
    assert_eq!(moved["agenda"][8]["title"], output["agenda"][0]["title"]);
    assert_eq!(
        moved["agenda"][8]["sources"],
        output["agenda"][0]["sources"]
    );
    assert_eq!(moved["practices"][0]["key"], "civicozero");
    is_as_loaded(&api).await;
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn the_audit_tells_only_what_differs(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::as_known_then(database).await;
    let id = id_of(&api, "ap_asti").await;
    let measures = |all: &[(&str, &str)]| {
        let all = all
            .iter()
            .map(|(title, state)| json!({ "title": title, "state": state }));
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
    assert_eq!(
        (gone.len(), &gone[0]["title"]),
        (1, &json!("A")),
        "{before}"
    );
    assert_eq!(after, Value::Null);
    // Another order does.
    edit(&api, &id, measures(&[all[2], ("B", "DONE")])).await;
    let (before, after) = told(&api, &id).await;
    assert_eq!(
        before,
        json!({ "measure": [{ "position": 1 }, { "position": 0 }] })
    );
    assert_eq!(
        after,
        json!({ "measure": [{ "position": 0 }, { "position": 1 }] })
    );
    is_as_loaded(&api).await;
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn people_are_told_to_those_who_may_see_them_and_stay_for_all_others(
    #[case] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::as_known_then(database).await;
    let id = id_of(&api, "x_torino_anci_piemonte_leg1").await;
    edit(
        &api,
        &id,
        json!({ "participants": [
        { "partner": "torino", "person": "torino-exchanges" },
        { "partner": "asti", "person": "asti-exchanges" }, { "person": "cuneo-exchanges" },
    ] }),
    )
    .await;
    let city = signed_in(&api, "torino-exchanges").await;
    let input = with_id(&id, json!({ "note": "Read first" }));
    let output = done(&api, city, "editOutput", input).await;
    let people = |output: &Value| -> Vec<Value> {
        let all = output["participations"].as_array().unwrap().iter();
        all.map(|one| one["person"]["key"].clone()).collect()
    };
    assert_eq!(
        people(&output),
        [json!("torino-exchanges"), Value::Null, Value::Null]
    );
    // Torino says who came, as far as it may see, and takes nobody else's people away.
    let input = with_id(
        &id,
        json!({ "participants": [
        { "partner": "asti", "status": "PRESENT" }, { "who": "Students" },
        { "partner": "torino", "person": "torino-exchanges", "status": "PRESENT" },
    ] }),
    );
    done(&api, city, "editOutput", input).await;
    let coordinator = signed_in(&api, "eurocities-coordination").await;
    let input = with_id(&id, json!({ "note": "Read again" }));
    let output = done(&api, coordinator, "editOutput", input).await;
    assert_eq!(
        people(&output),
        [
            json!("asti-exchanges"),
            Value::Null,
            json!("torino-exchanges"),
            json!("cuneo-exchanges"),
        ]
    );
    assert_eq!(output["participations"][0]["status"], "PRESENT");
    let champion = json!({ "person": "madrid-exchanges" });
    edit(
        &api,
        &id_of(&api, "champion_madrid").await,
        json!({ "champion": champion }),
    )
    .await;
    let nobody = api
        .data(
            "{ project(key: \"connection\") {
            outputs(first: 100, filter: { kinds: [STAFF_EXCHANGE, CHAMPION] }) { nodes {
                participations { person { key } } ... on Champion { person { key } } } } } }",
        )
        .await;
    assert!(!nobody.to_string().contains("exchanges\""), "{nobody}");
    is_as_loaded(&api).await;
}
