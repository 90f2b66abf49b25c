//! A project from nothing: its partners, communities, pairings, targets and people, through the API,
//! on both databases.

mod records;

use crate::support::Api;
use api::Operation;
use domain::{
    ids::Ids,
    store::Store,
    viewer::{Credential, SignedIn, Viewer},
};
use entities::{PersonId, audit_entry, person};
use rstest::rstest;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use tests::Backend;
use uuid::Uuid;

/// Does one mutation and gives its payload.
async fn act(api: &Api, viewer: Viewer, field: &str, fields: &str, input: Value) -> Value {
    let head = field[..1].to_uppercase() + &field[1..];
    let document = format!(
        "mutation($input: {head}Input!) {{ {field}(input: $input) {{ {fields}
            userErrors {{ field code message }} warnings {{ field code message }} }} }}"
    );
    let input = Box::pin(api.with_list_versions(input)).await;
    let operation = Operation::new(&document).with_variables(json!({ "input": input }));
    let response = Box::pin(api.ask(viewer, operation)).await;
    let answer = serde_json::to_value(&response).unwrap();
    assert!(answer["errors"].is_null(), "{field}: {answer}");
    answer["data"][field].clone()
}

/// The same, and it is done.
async fn done(api: &Api, viewer: Viewer, field: &str, fields: &str, input: Value) -> Value {
    let payload = act(api, viewer, field, fields, input).await;
    assert_eq!(problems(&payload), [("", ""); 0], "{field}: {payload}");
    payload
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

/// Fails unless this is wrong, in whatever order.
fn assert_wrong(payload: &Value, expected: &[(&str, &str)]) {
    let (mut found, mut expected) = (problems(payload), expected.to_vec());
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

fn text(words: &str) -> Value {
    json!([{ "locale": "en", "text": words }])
}

/// The code of the error that the whole document fails with.
async fn refused(api: &Api, viewer: Viewer, field: &str, input: Value) -> String {
    let head = field[..1].to_uppercase() + &field[1..];
    let document = format!(
        "mutation($input: {head}Input!) {{ {field}(input: $input) {{ userErrors {{ code }} }} }}"
    );
    let operation = Operation::new(&document).with_variables(json!({ "input": input }));
    let answer = serde_json::to_value(Box::pin(api.ask(viewer, operation)).await).unwrap();
    answer["errors"][0]["extensions"]["code"]
        .as_str()
        .unwrap_or_else(|| panic!("{answer}"))
        .to_owned()
}

fn signed_in(person: PersonId) -> Viewer {
    Viewer::Person(SignedIn {
        person,
        by: Credential::Session(Uuid::from_u128(7).into()),
    })
}

/// Somebody who may begin projects.
async fn founder(api: &Api) -> Viewer {
    let id = PersonId(Uuid::from_u128(1));
    let row = person::ActiveModel {
        id: Set(id),
        key: Set("founder".into()),
        kind: Set(entities::PersonKind::Human),
        name: Set(Some("Ada Founder".into())),
        address: Set(Some("ada@lead.example".into())),
        locale: Set("en".into()),
        time_zone: Set("Europe/Brussels".into()),
        digest: Set(entities::DigestFrequency::Weekly),
        digest_hour: Set(8),
        paused_until: Set(None),
        suppressed_at: Set(None),
        may_create_projects: Set(true),
        erased_at: Set(None),
    };
    person::Entity::insert(row)
        .exec_without_returning(api.store.db())
        .await
        .unwrap();
    signed_in(id)
}

fn new_project(key: &str) -> Value {
    json!({
        "key": key, "acronym": "BRIDGES", "name": text("Bridges between cities"),
        "programme": { "key": "amif" },
        "startsOn": "2021-01-01", "endsOn": "2023-12-31",
        "timeZone": "Europe/Rome", "defaultLocale": "en",
    })
}

async fn partner(api: &Api, viewer: Viewer, organisation: Value, kind: &str) -> Value {
    let mut input = json!({ "project": "bridges", "kind": kind, "joinedOn": "2021-01-01" });
    let field = if organisation.is_string() {
        "organisation"
    } else {
        "newOrganisation"
    };
    input[field] = organisation;
    let payload = done(
        api,
        viewer,
        "addPartner",
        "partner { id key version }",
        input,
    )
    .await;
    payload["partner"].clone()
}

fn organisation(key: &str, kind: &str) -> Value {
    json!({
        "key": key, "kind": kind, "name": key, "country": "IT",
        "timeZone": "Europe/Rome", "locale": "it", "latitude": 45.07, "longitude": 7.68,
    })
}

/// What is kept in memory is what the database has.
async fn is_as_loaded(api: &Api, key: &str) {
    let kept = api.store.project(key).await.unwrap();
    let other = Store::new(
        api.store.db().clone(),
        api.store.clock().clone(),
        Ids::FromKeys,
    );
    let loaded = other.project(key).await.unwrap();
    assert_eq!(kept.rows(), loaded.rows());
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_project_is_built_from_nothing(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let ada = founder(&api).await;
    let payload = done(
        &api,
        ada,
        "createProject",
        "project { id version key reminderRules { key } }",
        new_project("bridges"),
    )
    .await;
    let project = &payload["project"];
    assert_eq!(
        project["reminderRules"].as_array().unwrap().len(),
        8,
        "{payload}"
    );
    let payload = done(
        &api,
        ada,
        "editProject",
        "project { id version endsOn }",
        json!({
            "id": project["id"], "expectedVersion": project["version"], "endsOn": "2024-06-30",
        }),
    )
    .await;
    assert_eq!(payload["project"]["endsOn"], "2024-06-30");
    let payload = act(
        &api,
        ada,
        "editProject",
        "project { endsOn }",
        json!({
            "id": project["id"], "expectedVersion": project["version"], "endsOn": "2025-06-30",
        }),
    )
    .await;
    assert_eq!(problems(&payload), [("expectedVersion", "CONFLICT")]);
    assert_eq!(payload["project"]["endsOn"], "2024-06-30");

    // Partners: new organisations, and Torino, which another project has.
    partner(
        &api,
        ada,
        organisation("lead", "CITY_NETWORK"),
        "COORDINATOR",
    )
    .await;
    let expert = partner(
        &api,
        ada,
        organisation("experts", "EXPERT_ORGANISATION"),
        "EXPERT",
    )
    .await;
    let torino = partner(&api, ada, json!("torino"), "CORE_CITY").await;
    for key in ["asti-b", "cuneo-b", "settimo-b"] {
        partner(
            &api,
            ada,
            organisation(key, "CITY"),
            "ASSOCIATED_MUNICIPALITY",
        )
        .await;
    }
    let payload = done(
        &api,
        ada,
        "editPartner",
        "partner { via { key } }",
        json!({
            "id": torino["id"], "expectedVersion": torino["version"], "via": "experts",
            "note": "acts through the experts for now",
        }),
    )
    .await;
    assert_eq!(payload["partner"]["via"]["key"], "experts");
    done(
        &api,
        ada,
        "editPartner",
        "partner { id }",
        json!({ "id": torino["id"], "via": null }),
    )
    .await;

    // A community and its members.
    let payload = done(&api, ada, "createCommunity", "community { id key version }", json!({
        "project": "bridges", "title": text("Welcome"), "expert": expert["id"], "plannedVisits": 3,
    })).await;
    let community = payload["community"].clone();
    assert_eq!(community["key"], "cop1");
    for key in ["torino", "asti-b", "cuneo-b", "settimo-b", "lead"] {
        done(
            &api,
            ada,
            "addMember",
            "community { key }",
            json!({
                "community": community["id"], "partner": key,
            }),
        )
        .await;
    }
    done(
        &api,
        ada,
        "editMember",
        "community { key }",
        json!({
            "community": community["id"], "partner": "torino", "role": "MENTOR",
        }),
    )
    .await;
    done(
        &api,
        ada,
        "removeMember",
        "community { key }",
        json!({
            "community": community["id"], "partner": "lead",
        }),
    )
    .await;

    // Torino with a group.
    let payload = done(
        &api,
        ada,
        "createPairing",
        "pairing { id key daysPerLeg mentors { key } implementing { key } }",
        json!({
            "project": "bridges", "community": "cop1", "mentor": [torino["id"]],
            "implementing": ["asti-b", "cuneo-b", "settimo-b"],
        }),
    )
    .await;
    let pairing = &payload["pairing"];
    assert_eq!(pairing["daysPerLeg"], 5);
    assert_eq!(pairing["implementing"].as_array().unwrap().len(), 3);

    // A promise, and another rule for it.
    let payload = done(&api, ada, "createTarget", "target { id version ruleVersion }", json!({
        "project": "bridges", "key": "exchanges", "label": text("Staff exchanges"), "unit": "LEG",
        "value": 14, "headline": true, "rule": {
            "measure": "COUNT", "of": { "records": "OUTPUT", "outputKind": "STAFF_EXCHANGE" },
            "text": text("Each leg counts."),
        },
    })).await;
    let target = &payload["target"];
    assert_eq!(target["ruleVersion"], 1);
    let payload = done(
        &api,
        ada,
        "editTarget",
        "target { ruleVersion value }",
        json!({
            "id": target["id"], "expectedVersion": target["version"], "value": 16,
        }),
    )
    .await;
    assert_eq!(payload["target"], json!({ "ruleVersion": 2, "value": 16 }));
    let payload = done(
        &api,
        ada,
        "editTarget",
        "target { ruleVersion }",
        json!({
            "id": target["id"], "note": "agreed with the funder",
        }),
    )
    .await;
    assert_eq!(payload["target"]["ruleVersion"], 2);
    let payload = done(
        &api,
        ada,
        "editTarget",
        "target { ruleVersion countingRule { evidence } }",
        json!({ "id": target["id"], "rule": {
            "measure": "COUNT", "of": { "records": "OUTPUT", "outputKind": "STAFF_EXCHANGE" },
            "evidence": ["FILE"], "text": text("Each leg with a file counts."),
        } }),
    )
    .await;
    assert_eq!(payload["target"]["ruleVersion"], 3);

    // People: a new one, and one whom another project knows.
    let payload = done(
        &api,
        ada,
        "addPerson",
        "person { id locale timeZone address }",
        json!({
            "project": "bridges", "name": "Bruno Rossi", "address": " Bruno@Torino.Example ",
            "roles": [{ "kind": "PARTNER", "partner": "torino" }],
        }),
    )
    .await;
    let bruno = payload["person"].clone();
    assert_eq!(bruno["address"], "bruno@torino.example");
    assert_eq!(bruno["locale"], "it-IT");
    let connection = api.store.project("connection").await.unwrap();
    let mut people = connection.people.iter();
    let known = people.find(|row| row.address.is_some()).unwrap();
    let payload = done(
        &api,
        ada,
        "addPerson",
        "person { id name locale }",
        json!({
            "project": "bridges", "name": "Somebody Else", "address": known.address, "locale": "fi",
            "roles": [{ "kind": "EXPERT", "partner": "experts" }],
        }),
    )
    .await;
    // It is as Ada says, until they agree to more.
    assert_eq!(payload["person"]["locale"], "fi");
    assert_eq!(payload["person"]["name"], "Somebody Else");
    let their = signed_in(known.id);
    let payload = done(
        &api,
        their,
        "acceptRoles",
        "person { locale }",
        json!({ "project": "bridges" }),
    )
    .await;
    assert_eq!(payload["person"]["locale"], known.locale.as_str());
    let grant = |kind: &str| json!({ "person": bruno["id"], "role": { "kind": kind } });
    let payload = done(
        &api,
        ada,
        "grantRole",
        "person { roles { kind } }",
        grant("COORDINATOR"),
    )
    .await;
    assert_eq!(payload["person"]["roles"].as_array().unwrap().len(), 2);
    let payload = done(
        &api,
        ada,
        "revokeRole",
        "person { roles { kind } }",
        grant("COORDINATOR"),
    )
    .await;
    assert_eq!(payload["person"]["roles"].as_array().unwrap().len(), 1);

    // The expert edits the community's text and its pairings, not who runs it.
    let payload = act(&api, their, "editCommunity", "community { title }", json!({
        "id": community["id"], "title": text("A warm welcome"), "plannedVisits": 4, "expert": null,
    })).await;
    let forbidden = [("expert", "FORBIDDEN"), ("plannedVisits", "FORBIDDEN")];
    assert_eq!(problems(&payload), forbidden, "{payload}");
    done(
        &api,
        their,
        "editCommunity",
        "community { title }",
        json!({
            "id": community["id"], "title": text("A warm welcome"),
        }),
    )
    .await;
    done(
        &api,
        their,
        "editPairing",
        "pairing { id }",
        json!({
            "id": pairing["id"], "result": "A one-stop shop",
        }),
    )
    .await;
    let payload = act(
        &api,
        their,
        "editTarget",
        "target { id }",
        json!({
            "id": target["id"], "value": 1,
        }),
    )
    .await;
    assert_eq!(problems(&payload), [("", "FORBIDDEN")]);

    // A leg in Asti: who hosts it stays in the pairing.
    let schedule = json!({
        "project": "bridges", "pairing": pairing["id"], "leg": 2,
        "output": { "host": "asti-b", "starts": "2021-10-04", "ends": "2021-10-08" },
    });
    let payload = done(
        &api,
        ada,
        "scheduleStaffExchange",
        "output { key }",
        schedule,
    )
    .await;
    let leg = payload["output"]["key"].as_str().unwrap().to_owned();
    let payload = act(
        &api,
        ada,
        "editPairing",
        "pairing { id }",
        json!({
            "id": pairing["id"], "implementing": ["cuneo-b"],
        }),
    )
    .await;
    assert_eq!(problems(&payload), [("implementing", "IN_USE")]);
    assert!(
        payload["userErrors"][0]["message"]
            .as_str()
            .unwrap()
            .contains(&leg),
        "{payload}"
    );
    let payload = done(
        &api,
        ada,
        "editPairing",
        "pairing { implementing { key } }",
        json!({
            "id": pairing["id"], "implementing": ["cuneo-b", "asti-b"],
        }),
    )
    .await;
    assert_eq!(
        payload["pairing"]["implementing"],
        json!([{ "key": "cuneo-b" }, { "key": "asti-b" }])
    );
    let payload = act(
        &api,
        ada,
        "removePairing",
        "project { id }",
        json!({ "id": pairing["id"] }),
    )
    .await;
    assert_eq!(problems(&payload), [("id", "IN_USE")]);
    let payload = act(
        &api,
        ada,
        "removeMember",
        "community { id }",
        json!({
            "community": community["id"], "partner": "torino",
        }),
    )
    .await;
    assert_eq!(problems(&payload), [("partner", "IN_USE")]);

    // Torino is changed wherever it is shown.
    let before = api.store.project("connection").await.unwrap().revision();
    let query = "{ project(key: \"bridges\") { partners(first: 100) {
        nodes { key organisation { id version } } } } }";
    let data = api.data_as(ada, query).await;
    let nodes = data["project"]["partners"]["nodes"].as_array().unwrap();
    let shown = nodes.iter().find(|node| node["key"] == "torino").unwrap();
    // Another project shows it: the operator may change it at once.
    done(
        &api,
        Viewer::Operator,
        "editOrganisation",
        "organisation { name }",
        json!({
            "id": shown["organisation"]["id"], "expectedVersion": shown["organisation"]["version"],
            "nativeName": "Torino la bella",
        }),
    )
    .await;
    let connection = api.store.fresh("connection").await.unwrap();
    assert_eq!(connection.revision(), before + 1);
    let mut organisations = connection.organisations.iter();
    let torino_there = organisations.find(|row| row.key == "torino").unwrap();
    assert_eq!(torino_there.native_name.as_deref(), Some("Torino la bella"));

    // Asti leaves although it hosts later, and is back.
    let data = api
        .data_as(
            ada,
            query.replace("organisation { id version }", "id").as_str(),
        )
        .await;
    let nodes = data["project"]["partners"]["nodes"].as_array().unwrap();
    let asti = nodes.iter().find(|node| node["key"] == "asti-b").unwrap();
    let payload = done(
        &api,
        ada,
        "leaveProject",
        "partner { leftOn note }",
        json!({
            "id": asti["id"], "on": "2021-09-30", "reason": "A new council",
        }),
    )
    .await;
    assert_eq!(
        payload["partner"],
        json!({ "leftOn": "2021-09-30", "note": "A new council" })
    );
    assert_eq!(payload["warnings"][0]["code"], "IN_USE", "{payload}");
    let payload = act(
        &api,
        ada,
        "leaveProject",
        "partner { id }",
        json!({
            "id": asti["id"], "on": "2020-09-30",
        }),
    )
    .await;
    assert_eq!(
        problems(&payload),
        [
            ("id", "PARTNER_LEFT"),
            ("on", "ENDS_BEFORE_START"),
            ("on", "OUT_OF_RANGE")
        ]
    );
    done(
        &api,
        ada,
        "editPartner",
        "partner { leftOn }",
        json!({ "id": asti["id"], "leftOn": null }),
    )
    .await;

    // What nothing refers to can be taken back.
    let payload = done(
        &api,
        ada,
        "createPairing",
        "pairing { id }",
        json!({
            "project": "bridges", "key": "spare", "mentor": ["lead"], "implementing": ["torino"],
        }),
    )
    .await;
    done(
        &api,
        ada,
        "removePairing",
        "project { id }",
        json!({ "id": payload["pairing"]["id"] }),
    )
    .await;
    done(
        &api,
        ada,
        "removeTarget",
        "project { id }",
        json!({ "id": target["id"] }),
    )
    .await;

    // Whoever has no role left is not of the project any more.
    let payload = done(
        &api,
        ada,
        "revokeRole",
        "person { id }",
        json!({
            "person": bruno["id"], "role": { "kind": "PARTNER", "partner": "torino" },
        }),
    )
    .await;
    assert!(payload["person"].is_null());

    is_as_loaded(&api, "bridges").await;
    is_as_loaded(&api, "connection").await;

    // The audit tells every act, and no names or addresses.
    let bridges = api.store.project("bridges").await.unwrap();
    let entries = audit_entry::Entity::find()
        .filter(audit_entry::Column::ProjectId.eq(bridges.id()))
        .order_by_asc(audit_entry::Column::Revision)
        .all(api.store.db())
        .await
        .unwrap();
    let mut verbs: Vec<_> = entries.iter().map(|entry| entry.verb.as_str()).collect();
    verbs.sort_unstable();
    verbs.dedup();
    assert_eq!(
        verbs,
        [
            "acceptRoles",
            "addMember",
            "addPartner",
            "addPerson",
            "createCommunity",
            "createPairing",
            "createProject",
            "createTarget",
            "editCommunity",
            "editMember",
            "editOrganisation",
            "editPairing",
            "editPartner",
            "editProject",
            "editTarget",
            "grantRole",
            "leaveProject",
            "removeMember",
            "removePairing",
            "removeTarget",
            "revokeRole",
            "scheduleStaffExchange",
        ]
    );
    let founding: Vec<_> = entries
        .iter()
        .filter(|entry| entry.verb == "createProject")
        .collect();
    let after = |kind: &str| {
        let entry = founding.iter().find(|entry| entry.kind == kind);
        entry
            .and_then(|entry| entry.after.clone())
            .unwrap_or_default()
    };
    assert_eq!(after("Project")["key"], "bridges", "{founding:?}");
    assert_eq!(after("Project")["startsOn"], "2021-01-01", "{founding:?}");
    assert_eq!(
        after("Person")["role"][0]["kind"],
        "COORDINATOR",
        "{founding:?}"
    );
    assert_eq!(
        founding
            .iter()
            .filter(|entry| entry.kind == "ReminderRule")
            .count(),
        8
    );
    let revisions: Vec<_> = entries.iter().filter_map(|entry| entry.revision).collect();
    assert_eq!(revisions.last(), Some(&bridges.revision()));
    for revision in 1..=bridges.revision() {
        assert!(
            revisions.contains(&revision),
            "nothing tells of revision {revision}"
        );
    }
    let told = entries
        .iter()
        .map(|entry| format!("{:?} {:?}", entry.before, entry.after))
        .collect::<String>();
    for personal in [
        "Bruno",
        "bruno@",
        "Somebody",
        "Ada Founder",
        known.address.as_deref().unwrap(),
    ] {
        assert!(!told.contains(personal), "the audit tells {personal}");
    }
    assert!(told.contains("(personal)"));
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn all_that_is_wrong_is_told_at_once(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let ada = founder(&api).await;
    let operator = Viewer::Operator;
    let wrong = json!({
        "key": "a b", "acronym": " ", "name": [], "programme": { "key": "other" },
        "startsOn": "2021-01-01", "endsOn": "2020-12-31", "timeZone": "Mars/Base",
        "defaultLocale": "?",
    });
    let payload = act(&api, ada, "createProject", "project { id }", wrong).await;
    assert_wrong(
        &payload,
        &[
            ("key", "NOT_A_KEY"),
            ("acronym", "REQUIRED"),
            ("name", "REQUIRED"),
            ("timeZone", "NOT_A_ZONE"),
            ("defaultLocale", "NOT_A_LANGUAGE"),
            ("endsOn", "ENDS_BEFORE_START"),
            ("programme.name", "REQUIRED"),
        ],
    );
    let payload = act(
        &api,
        ada,
        "createProject",
        "project { id }",
        new_project("connection"),
    )
    .await;
    assert_wrong(&payload, &[("key", "TAKEN")]);
    let input = new_project("bridges");
    assert_eq!(
        refused(&api, Viewer::Anonymous, "createProject", input).await,
        "UNAUTHENTICATED"
    );
    let connection = api.store.project("connection").await.unwrap();
    let other = connection
        .roles
        .iter()
        .find(|row| row.kind == entities::RoleKind::Partner)
        .unwrap();
    let other = signed_in(other.person_id);
    let payload = act(
        &api,
        other,
        "createProject",
        "project { id }",
        new_project("bridges"),
    )
    .await;
    assert_wrong(&payload, &[("", "FORBIDDEN")]);

    // What is the coordinator's is nobody else's.
    let join = |organisation: Value| {
        json!({
            "project": "connection", "newOrganisation": organisation, "kind": "FELLOW_CITY",
        })
    };
    let payload = act(
        &api,
        other,
        "addPartner",
        "partner { id }",
        join(organisation("x", "CITY")),
    )
    .await;
    assert_wrong(&payload, &[("", "FORBIDDEN")]);
    let input = join(organisation("x", "CITY"));
    assert_eq!(
        refused(&api, Viewer::Anonymous, "addPartner", input).await,
        "UNAUTHENTICATED"
    );

    let mut broken = organisation("torino", "CITY");
    broken["country"] = "EL".into();
    broken["locale"] = "?".into();
    broken["latitude"] = 91.into();
    broken["longitude"] = Value::Null;
    let mut input = join(broken);
    input["via"] = "nowhere".into();
    input["joinedOn"] = "2019-01-01".into();
    let payload = act(&api, operator, "addPartner", "partner { id }", input).await;
    assert_wrong(
        &payload,
        &[
            ("newOrganisation.key", "TAKEN"),
            ("newOrganisation.country", "NOT_A_COUNTRY"),
            ("newOrganisation.locale", "NOT_A_LANGUAGE"),
            ("newOrganisation.latitude", "OUT_OF_RANGE"),
            ("newOrganisation.longitude", "REQUIRED"),
            ("via", "NOT_FOUND"),
            ("joinedOn", "OUT_OF_RANGE"),
        ],
    );
    let known = |key: &str| {
        json!({
            "project": "connection", "organisation": key, "kind": "FELLOW_CITY",
        })
    };
    let payload = act(
        &api,
        operator,
        "addPartner",
        "partner { id }",
        known("torino"),
    )
    .await;
    assert_wrong(&payload, &[("organisation", "TAKEN")]);
    let payload = act(
        &api,
        operator,
        "addPartner",
        "partner { id }",
        known("nowhere"),
    )
    .await;
    assert_wrong(&payload, &[("organisation", "NOT_FOUND")]);
    let input = json!({ "project": "connection", "kind": "FELLOW_CITY" });
    let payload = act(&api, operator, "addPartner", "partner { id }", input).await;
    assert_wrong(&payload, &[("organisation", "REQUIRED")]);

    let payload = act(
        &api,
        operator,
        "createCommunity",
        "community { id }",
        json!({
            "project": "connection", "key": connection.communities[0].key, "number": 0, "title": [],
            "expert": "nowhere", "plannedVisits": -1,
        }),
    )
    .await;
    assert_wrong(
        &payload,
        &[
            ("key", "TAKEN"),
            ("number", "OUT_OF_RANGE"),
            ("title", "REQUIRED"),
            ("expert", "NOT_FOUND"),
            ("plannedVisits", "OUT_OF_RANGE"),
        ],
    );

    let payload = act(
        &api,
        operator,
        "createPairing",
        "pairing { id }",
        json!({
            "project": "connection", "key": "?", "community": "nowhere", "mentor": [],
            "implementing": ["torino", "torino", "nowhere"], "daysPerLeg": 0,
        }),
    )
    .await;
    assert_wrong(
        &payload,
        &[
            ("community", "NOT_FOUND"),
            ("key", "NOT_A_KEY"),
            ("daysPerLeg", "OUT_OF_RANGE"),
            ("mentor", "NO_PARTNER"),
            ("implementing.2", "NOT_FOUND"),
            ("implementing.1", "TWICE"),
        ],
    );

    let payload = act(
        &api,
        operator,
        "createTarget",
        "target { id }",
        json!({
            "project": "connection", "key": connection.targets[0].key, "label": [], "unit": "MONEY",
            "value": 0, "dueOn": "2019-01-01", "rule": {
                "measure": "NORM_DAYS", "of": { "records": "PARTNER", "outputKind": "VISIT" },
                "evidence": ["FILE"], "text": [],
            },
        }),
    )
    .await;
    assert_wrong(
        &payload,
        &[
            ("rule.of.outputKind", "NOT_A_RULE"),
            ("rule.of.partnerKinds", "REQUIRED"),
            ("key", "TAKEN"),
            ("label", "REQUIRED"),
            ("value", "OUT_OF_RANGE"),
            ("currency", "REQUIRED"),
            ("dueOn", "OUT_OF_RANGE"),
            ("rule.measure", "NOT_A_RULE"),
            ("rule.text", "REQUIRED"),
        ],
    );

    let payload = act(
        &api,
        operator,
        "addPerson",
        "person { id }",
        json!({
            "project": "connection", "address": "nobody", "locale": "?", "timeZone": "Mars/Base",
            "roles": [{ "kind": "PARTNER" }, { "kind": "EXPERT", "partner": "nowhere" }],
        }),
    )
    .await;
    assert_wrong(
        &payload,
        &[
            ("roles.0.partner", "REQUIRED"),
            ("roles.1.partner", "NOT_FOUND"),
            ("address", "NOT_AN_ADDRESS"),
            ("locale", "NOT_A_LANGUAGE"),
            ("timeZone", "NOT_A_ZONE"),
        ],
    );
    let payload = done(
        &api,
        ada,
        "createProject",
        "project { id }",
        new_project("bridges"),
    )
    .await;
    let id = payload["project"]["id"].clone();
    let data = api
        .data_as(
            ada,
            "{ project(key: \"bridges\") { people(first: 1) { nodes { id } } } }",
        )
        .await;
    let payload = act(&api, ada, "revokeRole", "person { id }", json!({
        "person": data["project"]["people"]["nodes"][0]["id"], "role": { "kind": "COORDINATOR" },
    })).await;
    assert_eq!(
        problems(&payload),
        [("role.kind", "LAST_COORDINATOR")],
        "{payload} {id}"
    );
    assert_eq!(
        api.store.fresh("connection").await.unwrap().revision(),
        connection.revision()
    );
    // A project that is not public is nobody's business.
    let input = json!({ "id": id, "acronym": "MINE" });
    assert_eq!(
        refused(&api, other, "editProject", input).await,
        "NOT_FOUND"
    );
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_language_named_twice_is_told_wherever_texts_are_given(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let operator = Viewer::Operator;
    let twice = json!([
        { "locale": "en", "text": "A" }, { "locale": "it", "text": "B" },
        { "locale": "en", "text": "C" }, { "locale": "en", "text": "D" },
    ]);
    let both = |field: &str| ["2", "3"].map(|at| (format!("{field}.{at}.locale"), "TWICE"));
    let told = |payload: Value, fields: &[&str]| {
        let mut expected: Vec<_> = fields.iter().flat_map(|field| both(field)).collect();
        expected.sort_unstable();
        let found = problems(&payload);
        let mut found: Vec<_> = found
            .into_iter()
            .map(|(field, code)| (field.to_owned(), code))
            .collect();
        found.sort_unstable();
        assert_eq!(found, expected, "{payload}");
    };
    let data = api
        .data_as(
            operator,
            "{ project(key: \"connection\") { id
        communities { nodes { id } } targets { id } forums { nodes { id } }
        outputs(first: 1) { nodes { id } } } }",
        )
        .await;
    let found = &data["project"];
    let rule = json!({
        "measure": "COUNT", "of": { "records": "COMMUNITY" }, "text": twice,
    });
    let mut project = new_project("bridges");
    project["name"] = twice.clone();
    project["summary"] = twice.clone();
    project["programme"] = json!({ "key": "amif", "name": twice });
    for (verb, input, fields) in [
        (
            "createProject",
            project,
            &["name", "summary", "programme.name"][..],
        ),
        (
            "editProject",
            json!({ "id": found["id"], "name": twice, "summary": twice }),
            &["name", "summary"],
        ),
        (
            "createCommunity",
            json!({ "project": "connection", "key": "c", "number": 99,
            "title": twice }),
            &["title"],
        ),
        (
            "editCommunity",
            json!({ "id": found["communities"]["nodes"][0]["id"], "title": twice }),
            &["title"],
        ),
        (
            "createTarget",
            json!({ "project": "connection", "key": "t", "label": twice,
            "unit": "CITY", "value": 1, "rule": rule }),
            &["rule.text", "label"],
        ),
        (
            "editTarget",
            json!({ "id": found["targets"][0]["id"], "label": twice, "rule": rule }),
            &["rule.text", "label"],
        ),
        (
            "createForum",
            json!({ "project": "connection", "name": twice }),
            &["name"],
        ),
        (
            "editForum",
            json!({ "id": found["forums"]["nodes"][0]["id"], "name": twice }),
            &["name"],
        ),
        (
            "planVideo",
            json!({ "project": "connection", "output": { "title": twice } }),
            &["output.title"],
        ),
        (
            "editOutput",
            json!({ "id": found["outputs"]["nodes"][0]["id"], "title": twice }),
            &["title"],
        ),
    ] {
        told(act(&api, operator, verb, "__typename", input).await, fields);
    }
    is_as_loaded(&api, "connection").await;
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn more_than_any_fund_has_is_promised_to_nobody(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let target = |value: i64| {
        json!({
            "project": "connection", "key": "t", "label": text("Much"), "unit": "MONEY",
            "currency": "EUR", "value": value, "rule": {
                "measure": "SUM_AMOUNT", "of": { "records": "BUDGET_LINE", "budgetKinds": ["GRANT_POOL"] },
                "text": text("All of it"),
            },
        })
    };
    for value in [1_000_000_000_000_001, i64::MAX, 0, -1] {
        let payload = act(
            &api,
            Viewer::Operator,
            "createTarget",
            "__typename",
            target(value),
        )
        .await;
        assert_eq!(problems(&payload), [("value", "OUT_OF_RANGE")]);
        let words = payload["userErrors"][0]["message"].as_str().unwrap();
        assert!(words.contains("1..1000000000000000"), "{words}");
    }
    let most = target(1_000_000_000_000_000);
    done(&api, Viewer::Operator, "createTarget", "__typename", most).await;
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn people_say_how_mail_comes_to_them(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let before = api.store.project("connection").await.unwrap();
    let person = before
        .roles
        .iter()
        .find(|row| row.partner_id.is_some())
        .unwrap()
        .person_id;
    let them = signed_in(person);
    let fields = "preferences { locale timeZone digest digestHour pausedUntil unsubscribed }";
    let payload = act(&api, them, "setPreferences", fields, json!({
        "locale": "?", "timeZone": "Mars/Base", "digestHour": 24, "unsubscribed": ["DIGEST", "SIGN_IN"],
    })).await;
    assert_eq!(
        problems(&payload),
        [
            ("locale", "NOT_A_LANGUAGE"),
            ("timeZone", "NOT_A_ZONE"),
            ("digestHour", "OUT_OF_RANGE"),
            ("unsubscribed.1", "OUT_OF_RANGE"),
        ]
    );
    let payload = done(
        &api,
        them,
        "setPreferences",
        fields,
        json!({
            "locale": "it", "timeZone": "Europe/Athens", "digest": "NEVER", "digestHour": 7,
            "pausedUntil": "2021-10-01", "unsubscribed": ["PROGRESS_REPORT", "DIGEST"],
        }),
    )
    .await;
    assert_eq!(
        payload["preferences"],
        json!({
            "locale": "it", "timeZone": "Europe/Athens", "digest": "NEVER", "digestHour": 7,
            "pausedUntil": "2021-10-01", "unsubscribed": ["DIGEST", "PROGRESS_REPORT"],
        })
    );
    let after = api.store.fresh("connection").await.unwrap();
    assert_eq!(after.revision(), before.revision() + 1);
    assert_eq!(after.person(person).digest_hour, 7);
    let entries = audit_entry::Entity::find()
        .filter(audit_entry::Column::Verb.eq("setPreferences"))
        .all(api.store.db())
        .await
        .unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(
        (entries[0].record_id, entries[0].project_id),
        (person.into(), None)
    );
    let told = format!("{:?}", entries[0].after);
    // Which, and not what: that is personal.
    assert!(
        told.contains("timeZone") && !told.contains("address"),
        "{told}"
    );
    for personal in ["Athens", "NEVER", "2021-10-01", "DIGEST"] {
        assert!(!told.contains(personal), "{personal} in {told}");
    }
    // What is left out stays as it is; nobody does it for another.
    let payload = done(&api, them, "setPreferences", fields, json!({})).await;
    assert_eq!(
        payload["preferences"]["unsubscribed"],
        json!(["DIGEST", "PROGRESS_REPORT"])
    );
    assert_eq!(
        refused(&api, Viewer::Operator, "setPreferences", json!({})).await,
        "UNAUTHENTICATED"
    );
}
