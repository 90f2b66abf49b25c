//! What several projects say of a person, and what they proposed to say: given to them, and erased with
//! them.

use domain::{
    account::{privacy, user},
    actor::Actor,
    command::{
        Command, Draft, Fields, Import, SharedChanges,
        people::{self, NewPerson},
        role::NewRole,
    },
    file::ProjectFile,
    ids::Ids,
    record::{Person, Role},
    store::Store,
    viewer::{Credential, SignedIn, Viewer},
};
use entities::{
    PersonId, PersonKind, ProposalKind, RoleKind, SessionId, introduction, person, proposal,
};
use rstest::rstest;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use tests::{Backend, project};
use uuid::Uuid;

use super::{ADDRESS, NAME, everything, somebody};

/// What one project says of the person that does not know them, and what another proposes to say.
const INTRODUCED: &str = "Aliena Introducta";
const PROPOSED: &str = "Altera Proposita";

/// Another project of the same partners, with the same people and these.
fn another(key: &str, people: Vec<Person>) -> ProjectFile {
    let mut file = project::connection();
    file.project.key = key.to_owned();
    file.notes.clear();
    file.people.extend(people);
    file
}

/// The person as a project file says it.
fn in_file(row: &person::Model, name: &str) -> Person {
    Person {
        key: "quirina".to_owned(),
        kind: PersonKind::Human,
        name: Some(name.to_owned()),
        address: Some(ADDRESS.to_owned()),
        locale: "it".to_owned(),
        time_zone: "Europe/Rome".to_owned(),
        digest: row.digest,
        digest_hour: row.digest_hour,
        paused_until: None,
        roles: vec![Role {
            kind: RoleKind::Viewer,
            partner: None,
            from: None,
            until: None,
        }],
    }
}

/// Somebody who coordinates a project and knows nobody elsewhere.
async fn coordinator(store: &Store, project: &str) -> Actor {
    let new = user::NewUser {
        key: Some(format!("{project}-desk")),
        name: Some("A desk".to_owned()),
        address: Some(format!("desk@{project}.example")),
        locale: "it".to_owned(),
        time_zone: "Europe/Rome".to_owned(),
        role: Some((project.to_owned(), RoleKind::Coordinator)),
        may_create_projects: false,
    };
    let person = user::add(store, &Actor::COMMAND, new).await.unwrap().id;
    Actor::new(Viewer::Person(SignedIn {
        person,
        by: Credential::Session(SessionId(Uuid::from_u128(7))),
    }))
}

/// Adds the person to a project by their address, under a name that nobody else says.
async fn introduce(store: &Store, project: &str) {
    let coordinator = coordinator(store, project).await;
    let role = NewRole {
        kind: RoleKind::Viewer,
        partner: None,
        from: None,
        until: None,
    };
    let given = json!({ "name": INTRODUCED, "address": ADDRESS });
    let new = NewPerson {
        person: Fields::new(given.as_object().cloned().unwrap()),
        roles: vec![role],
    };
    let command = Command {
        people: people::named(Some(ADDRESS)),
        ..Command::shared("addPerson")
    };
    let add = |draft: &mut Draft| {
        let right = draft.viewer.coordinator_of(&draft.project())?;
        Ok(people::add(draft, &right, new)?.into())
    };
    store
        .execute(&coordinator, project, command, add)
        .await
        .unwrap();
}

/// The rows that say something of the person: proposals about them, and introductions.
async fn about(store: &Store, person: PersonId) -> (u64, u64) {
    let proposals = proposal::Entity::find()
        .filter(proposal::Column::Kind.eq(ProposalKind::Person))
        .count(store.db());
    let introductions = introduction::Entity::find()
        .filter(introduction::Column::PersonId.eq(person))
        .count(store.db());
    (proposals.await.unwrap(), introductions.await.unwrap())
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_projects_say_and_propose_of_a_person_is_given_to_them_and_goes_with_them(
    #[case] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = super::store(&database).await;
    let store = Store::new(store.db().clone(), store.clock().clone(), Ids::Fresh);
    let row = somebody(&store).await;
    let person = row.id;
    for (key, people) in [("sister", vec![]), ("riverside", vec![in_file(&row, NAME)])] {
        let file = another(key, people);
        store.import(&file, Import::default()).await.unwrap();
    }
    introduce(&store, "sister").await;
    let propose = Import {
        shared: SharedChanges::Propose,
        reason: "As the register has it".to_owned(),
        ..Import::default()
    };
    let file = another("riverside", vec![in_file(&row, PROPOSED)]);
    let imported = store.import(&file, propose).await.unwrap();
    assert_eq!(imported.proposed.len(), 1);
    // That of the project that proposes, and that of the one that is asked: who only introduces them
    // is not.
    assert_eq!(about(&store, person).await, (2, 1));

    let keeper = Viewer::Operator.keeper_of(person).unwrap();
    let given = privacy::export(&store, &keeper).await.unwrap();
    let proposals = given["proposals"].as_array().unwrap();
    assert_eq!(proposals.len(), 2);
    for proposal in proposals {
        assert_eq!(proposal["kind"], "PERSON");
        assert_eq!(proposal["about"], json!(person));
        assert_eq!(proposal["isOwn"], false);
        assert_eq!(proposal["reason"], "As the register has it");
        let change = json!({ "field": "name", "from": NAME, "to": PROPOSED });
        assert_eq!(proposal["changes"], json!([change]));
    }
    let introduced = given["introducedBy"].as_array().unwrap();
    assert_eq!(introduced.len(), 1);
    assert_eq!(introduced[0]["given"]["name"], INTRODUCED);
    let project = store.fresh("sister").await.unwrap();
    assert_eq!(introduced[0]["project"], json!(project.id()));

    let before = everything(&store).await;
    let traces = [NAME, ADDRESS, INTRODUCED, PROPOSED];
    for trace in traces {
        assert!(before.contains(trace), "{trace} was there");
    }
    let mut revisions = Vec::new();
    for key in ["connection", "sister", "riverside"] {
        revisions.push((key, store.fresh(key).await.unwrap().revision()));
    }
    privacy::erase(&store, &Actor::COMMAND, &keeper)
        .await
        .unwrap();
    let after = everything(&store).await;
    for trace in traces {
        assert!(!after.contains(trace), "{trace} is still there");
    }
    assert_eq!(about(&store, person).await, (0, 0));
    for (key, revision) in revisions {
        let project = store.fresh(key).await.unwrap();
        assert!(project.revision() > revision, "{key}");
        let is_named = |row: &person::Model| row.name.as_deref() == Some(INTRODUCED);
        assert!(!project.people.iter().any(is_named), "{key}");
    }
    // What is left says nothing of them.
    let left = privacy::export(&store, &keeper).await.unwrap();
    assert_eq!(left["proposals"], Value::Array(Vec::new()));
    assert_eq!(left["introducedBy"], Value::Array(Vec::new()));
}
