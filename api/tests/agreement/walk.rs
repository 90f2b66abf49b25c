//! A stranger's project shows Torino, and would call it something else.

use domain::{command::Import, command::SharedChanges, error::Error, record::Code, viewer::Viewer};
use rstest::rstest;
use serde_json::{Value, json};
use tests::{Backend, project};

use super::{
    act, ask, at, coordinator, done, join, last, member_states, name_in, organisation, proposals,
    refused, stranger, try_ask, with_connection,
};

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_stranger_proposes_and_the_coordinator_decides(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = with_connection(database, true).await;
    let (ada, coordinator) = (stranger(&api).await, coordinator(&api).await);
    let torino = join(&api, ada, "riverside", "torino").await;
    let rename = |name: &str| json!({ "id": torino, "name": name, "reason": "Its English name" });
    let fields = "organisation { name } proposal { id state kind isAsked }";

    // Others have to agree, with a reason, and nothing changes before.
    let bare = json!({ "id": torino, "name": "Turin" });
    let wrong = refused(&api, ada, "editOrganisation", bare).await;
    assert_eq!(wrong, at("reason", "REASON_REQUIRED"));
    let payload = done(&api, ada, "editOrganisation", fields, rename("Turin")).await;
    assert_eq!(payload["organisation"]["name"], "City of Torino");
    assert_eq!(payload["warnings"], json!([{ "code": "PROPOSED" }]));
    let own = &payload["proposal"];
    assert_eq!(
        [&own["state"], &own["kind"], &own["isAsked"]],
        [&json!("OPEN"), &json!("ORGANISATION"), &json!(false)]
    );
    for key in ["connection", "riverside"] {
        assert_eq!(name_in(&api, key, "torino").await, "City of Torino");
    }
    let wrong = refused(&api, ada, "editOrganisation", rename("Turino")).await;
    assert_eq!(wrong, at("id", "TAKEN"));
    let accept = json!({ "id": own["id"] });
    let wrong = refused(&api, ada, "acceptProposal", accept).await;
    assert_eq!(wrong, at("", "FORBIDDEN"));

    // The coordinator of CONNECTION sees it among what waits for them, and not who proposes it.
    let seen = last(&api, coordinator, "connection").await;
    let changes = json!([{ "field": "name", "from": "City of Torino", "to": "Turin" }]);
    assert_eq!(seen["changes"], changes);
    assert_eq!(seen["reason"], "Its English name");
    assert_eq!(seen["organisation"]["key"], "torino");
    assert_eq!(seen["isAsked"], true);
    assert!(seen["person"].is_null() && seen["by"].is_null());
    let query = "{ viewer { duties { task verb dueOn missing proposal { id } } } }";
    let duties = async |viewer| ask(&api, viewer, query, json!({})).await["viewer"].clone();
    let waits = async |viewer| {
        let duties = duties(viewer).await;
        let all = duties["duties"].as_array().unwrap().clone();
        let mut all = all.into_iter().filter(|duty| duty["task"] == "DECIDE");
        all.next()
    };
    let duty = waits(coordinator).await.unwrap();
    assert_eq!(duty["proposal"]["id"], seen["id"]);
    assert_eq!(duty["dueOn"], seen["until"]);
    assert_eq!(duty["verb"], "acceptProposal");
    assert!(waits(ada).await.is_none());
    nobody_else_sees(&api, &seen).await;

    // Declined, with a reason that the stranger reads.
    let decline = json!({ "id": seen["id"], "reason": "It calls itself Torino" });
    done(
        &api,
        coordinator,
        "declineProposal",
        "proposal { state }",
        decline,
    )
    .await;
    let answer = last(&api, ada, "riverside").await;
    assert_eq!(answer["state"], "DECLINED");
    assert_eq!(answer["answer"], "It calls itself Torino");
    assert!(answer["decidedBy"].is_null());
    assert_eq!(
        name_in(&api, "connection", "torino").await,
        "City of Torino"
    );
    assert!(waits(coordinator).await.is_none());

    // Accepted, and both projects show it.
    done(&api, ada, "editOrganisation", fields, rename("Torino")).await;
    let accept = json!({ "id": last(&api, coordinator, "connection").await["id"] });
    done(
        &api,
        coordinator,
        "acceptProposal",
        "proposal { state }",
        accept.clone(),
    )
    .await;
    for key in ["connection", "riverside"] {
        assert_eq!(name_in(&api, key, "torino").await, "Torino");
    }
    assert_eq!(last(&api, ada, "riverside").await["state"], "ACCEPTED");
    let wrong = refused(&api, coordinator, "acceptProposal", accept).await;
    assert_eq!(wrong, at("id", "WRONG_STATE"));

    // Each coordinates both, or is the operator: done at once.
    let edit = json!({ "id": torino, "name": "City of Torino" });
    let payload = done(&api, Viewer::Operator, "editOrganisation", fields, edit).await;
    assert!(payload["proposal"].is_null());
    assert_eq!(
        name_in(&api, "connection", "torino").await,
        "City of Torino"
    );
}

/// Neither an anonymous reader of the open project nor a partner's person sees a shared proposal.
async fn nobody_else_sees(api: &crate::support::Api, seen: &Value) {
    let project = api.store.project("connection").await.unwrap();
    let mut roles = project.roles.iter();
    let partner = roles.find(|row| row.kind == entities::RoleKind::Partner);
    let partner = super::signed_in(partner.unwrap().person_id);
    let list = "{ project(key: \"connection\") { sharedProposals { totalCount } } }";
    let duties = "{ project(key: \"connection\") { duties { proposal { id } } } }";
    let find = "query($id: ID!) { node(id: $id) { id } }";
    for viewer in [Viewer::Anonymous, partner] {
        let answer = try_ask(api, viewer, list, json!({})).await;
        assert!(!answer["errors"].is_null(), "{answer}");
        let answer = ask(api, viewer, find, json!({ "id": seen["id"] })).await;
        assert!(answer["node"].is_null());
        let answer = ask(api, viewer, duties, json!({})).await;
        let all = answer["project"]["duties"].as_array().unwrap();
        assert!(all.iter().all(|duty| duty["proposal"].is_null()));
        let answer = ask(
            api,
            viewer,
            "{ project(key: \"connection\") { proposals { totalCount }
                search(text: \"English name\") { totalCount } } }",
            json!({}),
        )
        .await;
        assert_eq!(answer["project"]["proposals"]["totalCount"], 0);
        assert_eq!(answer["project"]["search"]["totalCount"], 0);
    }
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn nobody_rewrites_the_organisations_of_others(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = with_connection(database, true).await;
    let (ada, coordinator) = (stranger(&api).await, coordinator(&api).await);
    assert_eq!(member_states(&api).await, Some(14));
    let before = api.store.fresh("connection").await.unwrap();
    for row in &before.organisations {
        let id = join(&api, ada, "riverside", &row.key).await;
        let input = json!({ "id": id, "country": null, "reason": "It is everywhere" });
        done(&api, ada, "editOrganisation", "proposal { id }", input).await;
    }
    let after = api.store.fresh("connection").await.unwrap();
    assert_eq!(after.organisations, before.organisations);
    assert_eq!(member_states(&api).await, Some(14));
    let asked = proposals(&api, coordinator, "connection").await;
    let changing = before.organisations.iter();
    let changing = changing.filter(|row| row.country.is_some());
    assert_eq!(asked.len(), changing.count());
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn an_import_rewrites_nothing_of_others_and_may_propose_it(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = with_connection(database, false).await;
    let coordinator = coordinator(&api).await;
    let before = api.store.fresh("connection").await.unwrap();
    let mut file = project::connection();
    file.project.key = "riverside".to_owned();
    file.project
        .programme
        .name
        .0
        .insert("en".to_owned(), "A fund".to_owned());
    file.notes.clear();
    for organisation in &mut file.organisations {
        organisation.country = None;
    }
    let refused = api.store.import(&file, Import::default()).await;
    let Err(Error::Invalid(problems)) = refused else {
        panic!("the organisations of others were rewritten");
    };
    assert!(problems.iter().all(|one| one.code == Code::ShownElsewhere));
    let propose = Import {
        shared: SharedChanges::Propose,
        reason: "They are everywhere".to_owned(),
        ..Import::default()
    };
    let imported = api.store.import(&file, propose.clone()).await.unwrap();
    let changed = before.organisations.iter();
    let changed = changed.filter(|row| row.country.is_some()).count();
    // The programme, too.
    assert_eq!(imported.proposed.len(), changed + 1);
    let after = api.store.fresh("connection").await.unwrap();
    assert_eq!(after.organisations, before.organisations);
    assert_eq!(after.programme, before.programme);
    assert_eq!(member_states(&api).await, Some(14));
    // What is open is not proposed again.
    let again = api.store.import(&file, propose).await.unwrap();
    assert_eq!(again.proposed, Vec::<String>::new());

    let asked = proposals(&api, coordinator, "connection").await;
    assert_eq!(asked.len(), changed + 1);
    let programme = asked.iter().find(|one| one["kind"] == "PROGRAMME").unwrap();
    let accept = json!({ "id": programme["id"] });
    done(
        &api,
        coordinator,
        "acceptProposal",
        "proposal { state }",
        accept,
    )
    .await;
    for key in ["connection", "riverside"] {
        let project = api.store.fresh(key).await.unwrap();
        assert_eq!(project.programme.name.get("en", "en"), Some("A fund"));
    }
    let id = organisation(&api, "riverside", "torino").await;
    let payload = act(
        &api,
        Viewer::Operator,
        "editOrganisation",
        "proposal { id }",
        json!({ "id": id, "name": "Torino!" }),
    )
    .await;
    assert_eq!(payload["userErrors"], json!([]));
}
