//! Whoever adds an organisation or a person shows what they said of them, until somebody agrees; and who
//! was added can leave.

use domain::{duty, viewer::Viewer};
use entities::RoleKind;
use rstest::rstest;
use sea_orm::ConnectionTrait;
use serde_json::json;
use tests::Backend;

use super::{
    act, ask, at, coordinator, done, last, name_in, person, proposals, refused, stranger,
    with_connection,
};

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn an_organisation_of_a_closed_project_tells_nothing_of_itself(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = with_connection(database, false).await;
    let (ada, coordinator) = (stranger(&api).await, coordinator(&api).await);
    let by_key = json!({ "project": "riverside", "organisation": "torino", "kind": "CORE_CITY" });
    let wrong = refused(&api, ada, "addPartner", by_key).await;
    assert_eq!(wrong, at("organisation", "NOT_FOUND"));

    // A known key and a new one are answered alike.
    let fields = "partner { key organisation {
        id key name nativeName country timeZone locale kind latitude } }";
    let new = |key: &str| {
        json!({ "project": "riverside", "kind": "FELLOW_CITY", "newOrganisation": {
            "key": key, "kind": "OTHER", "name": "A place", "timeZone": "Europe/Rome",
            "locale": "en",
        }})
    };
    let strange = done(&api, ada, "addPartner", fields, new("nowhere")).await;
    let known = done(&api, ada, "addPartner", fields, new("torino")).await;
    assert_eq!(known["warnings"], strange["warnings"]);
    let mut expected = strange["partner"]["organisation"].clone();
    expected["key"] = "torino".into();
    let id = known["partner"]["organisation"]["id"].clone();
    expected["id"] = id.clone();
    assert_eq!(known["partner"]["organisation"], expected);
    assert_eq!(
        name_in(&api, "connection", "torino").await,
        "City of Torino"
    );
    assert!(proposals(&api, ada, "riverside").await.is_empty());

    // What the stranger says of it stays theirs.
    let edit = json!({ "id": id, "name": "Some place" });
    let payload = done(&api, ada, "editOrganisation", "organisation { name }", edit).await;
    assert_eq!(payload["organisation"]["name"], "Some place");
    assert!(payload["warnings"].as_array().unwrap().is_empty());
    assert_eq!(name_in(&api, "riverside", "torino").await, "Some place");
    assert_eq!(
        name_in(&api, "connection", "torino").await,
        "City of Torino"
    );

    // Until somebody agrees who shows it.
    let asked = last(&api, coordinator, "connection").await;
    assert_eq!(asked["changes"], json!([]));
    let accept = json!({ "id": asked["id"] });
    done(
        &api,
        coordinator,
        "acceptProposal",
        "proposal { state }",
        accept,
    )
    .await;
    assert_eq!(name_in(&api, "riverside", "torino").await, "City of Torino");
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_person_tells_nothing_of_themselves_until_they_agree(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = with_connection(database, false).await;
    let ada = stranger(&api).await;
    let known = person(
        &api,
        "jo@known.example",
        Some(("connection", RoleKind::Viewer)),
    )
    .await;
    let fields = "person { key name address locale timeZone kind digest pausedUntil }";
    let add = async |address: &str| {
        let input = json!({ "project": "riverside", "address": address,
            "roles": [{ "kind": "VIEWER" }] });
        let payload = done(&api, ada, "addPerson", fields, input).await;
        let mut person = payload["person"].clone();
        let key = person["key"].take();
        assert!(key.as_str().unwrap().starts_with("person-"));
        person["address"].take();
        (person, payload["warnings"].clone())
    };
    let strange = add("new@nowhere.example").await;
    assert_eq!(add("jo@known.example").await, strange);
    assert_eq!(strange.0["name"], json!(null));
    assert_eq!(strange.0["locale"], "en");

    // The same when it is loaded anew.
    let people = "{ project(key: \"riverside\") { people { nodes { address name locale } } } }";
    api.store.fresh("riverside").await.unwrap();
    let shown = async || {
        let answer = ask(&api, ada, people, json!({})).await;
        let all = answer["project"]["people"]["nodes"]
            .as_array()
            .unwrap()
            .clone();
        let mut all = all
            .into_iter()
            .filter(|one| one["address"] == "jo@known.example");
        all.next()
    };
    assert_eq!(shown().await.unwrap()["name"], json!(null));

    // Their own word, and nobody else's.
    let project = json!({ "project": "riverside" });
    let wrong = refused(&api, ada, "acceptRoles", project.clone()).await;
    assert_eq!(wrong, at("project", "NOTHING_CHANGES"));
    let payload = done(
        &api,
        known,
        "acceptRoles",
        "person { name locale }",
        project,
    )
    .await;
    assert_eq!(payload["person"]["name"], "Somebody jo@known.example");
    assert_eq!(shown().await.unwrap()["locale"], "hr");
    let project = api.store.fresh("connection").await.unwrap();
    let row = project
        .people
        .iter()
        .find(|row| Some(row.id) == known.person());
    assert_eq!(row.unwrap().locale, "hr");

    // And they can leave.
    let leave = json!({ "project": "riverside", "role": { "kind": "VIEWER" } });
    let mut other = leave.clone();
    other["role"]["kind"] = "FUNDER".into();
    let wrong = refused(&api, known, "leaveRole", other).await;
    assert_eq!(wrong, at("role.kind", "NOT_FOUND"));
    done(&api, known, "leaveRole", "project", leave).await;
    assert!(shown().await.is_none());
    let last = json!({ "project": "riverside", "role": { "kind": "COORDINATOR" } });
    let wrong = refused(&api, ada, "leaveRole", last).await;
    assert_eq!(wrong, at("role.kind", "LAST_COORDINATOR"));
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_partner_leaves_by_its_own_people(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = with_connection(database, true).await;
    let project = api.store.project("connection").await.unwrap();
    let mut all = project.partners.iter();
    let torino = all.find(|row| project.organisation(row.organisation_id).key == "torino");
    let torino = torino.unwrap().id;
    let mut roles = project.roles.iter();
    let own = roles.find(|row| row.kind == RoleKind::Partner && row.partner_id == Some(torino));
    let own = super::signed_in(own.unwrap().person_id);
    let other = project
        .roles
        .iter()
        .find(|row| row.kind == RoleKind::Partner && row.partner_id.is_some_and(|id| id != torino));
    let other = super::signed_in(other.unwrap().person_id);
    let id = domain::record::NodeId::encode("Partner", project.id(), torino);
    let leave = json!({ "id": id, "on": "2022-01-31", "reason": "Another plan" });
    let wrong = refused(&api, other, "leaveProject", leave.clone()).await;
    assert_eq!(wrong, at("", "FORBIDDEN"));
    let payload = act(&api, own, "leaveProject", "partner { leftOn }", leave).await;
    assert_eq!(payload["partner"]["leftOn"], "2022-01-31");
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn without_a_coordinator_the_operator_decides(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = with_connection(database, true).await;
    let db = api.store.db();
    let roles = "delete from role where kind = 'COORDINATOR'";
    db.execute_unprepared(roles).await.unwrap();
    let raise = "update project set revision = revision + 1";
    db.execute_unprepared(raise).await.unwrap();
    let ada = stranger(&api).await;
    let torino = super::join(&api, ada, "riverside", "torino").await;
    let input = json!({ "id": torino, "name": "Turin", "reason": "Its English name" });
    done(&api, ada, "editOrganisation", "proposal { id }", input).await;
    let project = api.store.fresh("connection").await.unwrap();
    let today = api.store.clock().today(project.zone());
    let duties = duty::duties_for(&project, Viewer::Operator, today.into());
    let proposals: Vec<_> = duties.iter().filter_map(duty::Duty::proposal).collect();
    assert_eq!(proposals.len(), 1);
    let waiting = last(&api, Viewer::Operator, "connection").await;
    let accept = json!({ "id": waiting["id"] });
    done(
        &api,
        Viewer::Operator,
        "acceptProposal",
        "proposal { state }",
        accept,
    )
    .await;
    assert_eq!(name_in(&api, "riverside", "torino").await, "Turin");
    let coordinator = coordinator(&api).await;
    let project = api.store.fresh("connection").await.unwrap();
    assert!(
        duty::duties_for(&project, coordinator, today.into())
            .iter()
            .all(|duty| duty.proposal().is_none())
    );
}
