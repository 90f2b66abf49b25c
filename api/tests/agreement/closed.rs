//! Closed projects are not revealed by what they have to agree to.

use domain::viewer::Viewer;
use rstest::rstest;
use serde_json::json;
use tests::Backend;

use super::{
    at, coordinator, done, last, name_in, organisation, other_project, proposals, refused,
    with_connection,
};

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_change_is_made_when_the_last_project_agrees(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = with_connection(database, true).await;
    let coordinator = coordinator(&api).await;
    let open = other_project(&api, "open", true).await;
    let closed = other_project(&api, "closed", false).await;
    let asti = organisation(&api, "connection", "asti").await;
    let rename = |name: &str| json!({ "id": asti, "name": name, "reason": "Its full name" });
    let propose = async |name: &str| {
        let fields = "proposal { id state }";
        done(&api, coordinator, "editOrganisation", fields, rename(name)).await["proposal"].clone()
    };

    // Who proposes it learns that others have to agree, and neither how many nor who.
    let own = propose("City of Asti").await;
    let count = proposals(&api, coordinator, "connection").await.len();
    assert_eq!(count, 1);
    let accept = async |viewer, key: &str| {
        let id = last(&api, viewer, key).await["id"].clone();
        let fields = "proposal { state }";
        let payload = done(&api, viewer, "acceptProposal", fields, json!({ "id": id })).await;
        payload["proposal"]["state"].clone()
    };
    assert_eq!(accept(open, "open").await, "AGREED");
    let seen = last(&api, coordinator, "connection").await;
    assert_eq!(seen["state"], "OPEN");
    assert!(seen["agreedAt"].is_null() && seen["decidedBy"].is_null());
    assert_eq!(name_in(&api, "open", "asti").await, "Municipality of Asti");
    assert_eq!(accept(closed, "closed").await, "ACCEPTED");
    for key in ["connection", "open", "closed"] {
        assert_eq!(name_in(&api, key, "asti").await, "City of Asti");
    }
    let states = [
        last(&api, coordinator, "connection").await["state"].clone(),
        last(&api, open, "open").await["state"].clone(),
    ];
    assert_eq!(states, ["ACCEPTED", "ACCEPTED"]);
    let log = "{ project(key: \"connection\") { auditLog { nodes { verb person { key } } } } }";
    let audit = super::ask(&api, coordinator, log, json!({})).await;
    let entries = audit["project"]["auditLog"]["nodes"].as_array().unwrap();
    let of_others = entries.iter().find(|one| one["verb"] == "acceptProposal");
    assert!(of_others.unwrap()["person"].is_null());
    assert!(own["id"].is_string());

    // One declines: over for all. The others are not told why.
    propose("Asti!").await;
    accept(open, "open").await;
    let id = last(&api, closed, "closed").await["id"].clone();
    let decline = json!({ "id": id, "reason": "No" });
    done(
        &api,
        closed,
        "declineProposal",
        "proposal { state }",
        decline,
    )
    .await;
    assert_eq!(last(&api, coordinator, "connection").await["answer"], "No");
    let of_open = last(&api, open, "open").await;
    assert_eq!(of_open["state"], "DECLINED");
    assert!(of_open["answer"].is_null());

    // Taken back by whoever made it, and by nobody who is asked.
    let own = propose("Asti?").await;
    let asked = last(&api, open, "open").await;
    let wrong = refused(&api, open, "withdrawProposal", json!({ "id": asked["id"] })).await;
    assert_eq!(wrong, at("", "FORBIDDEN"));
    let withdraw = json!({ "id": own["id"] });
    done(
        &api,
        coordinator,
        "withdrawProposal",
        "proposal { state }",
        withdraw,
    )
    .await;
    assert_eq!(last(&api, closed, "closed").await["state"], "WITHDRAWN");

    // What changed meanwhile is not changed by an old agreement.
    propose("Asti (AT)").await;
    let edit = json!({ "id": asti, "name": "Comune di Asti" });
    let operator = Viewer::Operator;
    done(&api, operator, "editOrganisation", "proposal { id }", edit).await;
    accept(open, "open").await;
    let id = last(&api, closed, "closed").await["id"].clone();
    let wrong = refused(&api, closed, "acceptProposal", json!({ "id": id })).await;
    assert_eq!(wrong, at("id", "CONFLICT"));

    // It lapses by its day, agreed to or not.
    api.store
        .clock()
        .set("2021-09-21T12:00:00Z".parse().unwrap());
    for (viewer, key) in [
        (coordinator, "connection"),
        (open, "open"),
        (closed, "closed"),
    ] {
        assert_eq!(last(&api, viewer, key).await["state"], "LAPSED");
    }

    // The operator agrees for everybody.
    propose("Asti").await;
    let id = last(&api, closed, "closed").await["id"].clone();
    let payload = done(
        &api,
        operator,
        "acceptProposal",
        "proposal { state }",
        json!({ "id": id }),
    );
    assert_eq!(payload.await["proposal"]["state"], "ACCEPTED");
    assert_eq!(name_in(&api, "open", "asti").await, "Asti");
}
