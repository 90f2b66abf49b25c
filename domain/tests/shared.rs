//! What several projects show, changed through all of them at the same time: nothing is written
//! over, and nobody waits for ever.

use domain::{
    account::{privacy, user},
    actor::Actor,
    clock::Clock,
    command::{
        Code, Command, Draft, Fields, Import, Named, Reason, Refusal, organisation,
        partner::{self, NewPartner},
        people::Preferences,
        role::{self, NewRole},
    },
    ids::Ids,
    store::Store,
    viewer::{Credential, SignedIn, Viewer},
};
use entities::{PersonId, RoleKind, SessionId, organisation as organisations, person};
use futures::future::join_all;
use rstest::rstest;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value as Json, json};
use tests::{Backend, TestDatabase, project::connection};

/// How often everything is tried: the order of things is another one each time.
const TIMES: usize = 12;

/// A store with two projects of the same partners.
async fn store(database: &TestDatabase) -> Store {
    let now = "2021-09-06T12:00:00Z".parse().unwrap();
    let store = Store::new(database.db.clone(), Clock::frozen(now), Ids::Fresh);
    for key in ["connection", "sister"] {
        let mut file = connection();
        key.clone_into(&mut file.project.key);
        file.notes.clear();
        store.import(&file, Import::default()).await.unwrap();
    }
    store
}

fn operator() -> Actor {
    Actor::new(Viewer::Operator)
}

fn fields(values: &Json) -> Fields {
    Fields::new(values.as_object().cloned().unwrap_or_default())
}

/// Makes a new organisation a partner of a project.
async fn join(store: &Store, project: &str, key: &str) -> Result<(), Refusal> {
    let new = NewPartner {
        organisation: None,
        new_organisation: Some(fields(&json!({
            "key": key,
            "kind": "CITY",
            "name": "Porto Nuovo",
            "country": "IT",
            "timeZone": "Europe/Rome",
            "locale": "it",
        }))),
        place: fields(&json!({ "kind": "CORE_CITY" })),
    };
    let command = Command {
        organisations: vec![Named::Key(key.to_owned())],
        ..Command::shared("addPartner")
    };
    let verb = |draft: &mut Draft| {
        let right = draft.viewer.coordinator_of(&draft.project())?;
        Ok(partner::add(draft, &right, new)?.into())
    };
    store
        .execute(&operator(), project, command, verb)
        .await
        .map(|_| ())
}

/// Changes an organisation through a project.
async fn edit(store: &Store, project: &str, key: &str, edit: Fields) {
    let named = Named::Key(key.to_owned());
    let verb = |draft: &mut Draft| {
        let right = draft.viewer.coordinator_of(&draft.project())?;
        let id = draft.organisation("id", &named)?.id;
        organisation::edit(draft, &right, id, edit, Reason::default())?;
        Ok(id.into())
    };
    let command = Command::shared("editOrganisation");
    store
        .execute(&operator(), project, command, verb)
        .await
        .unwrap();
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn of_two_projects_that_add_one_new_organisation_at_once_one_is_told(
    #[case] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database).await;
    for time in 0..TIMES {
        let key = format!("porto-nuovo-{time}");
        let both = ["connection", "sister"].map(|project| join(&store, project, &key));
        let mut done = join_all(both).await;
        done.sort_by_key(Result::is_err);
        assert!(done[0].is_ok(), "{done:?}");
        let Err(Refusal::Problems(problems)) = &done[1] else {
            panic!("{done:?}")
        };
        assert_eq!(problems[0].code, Code::Taken);
        assert_eq!(problems[0].path, "newOrganisation.key");
        let there = organisations::Entity::find().filter(organisations::Column::Key.eq(&key));
        assert_eq!(there.count(store.db()).await.unwrap(), 1);
    }
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn two_who_change_what_both_projects_show_wait_for_each_other_and_lose_nothing(
    #[case] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database).await;
    for time in 0..TIMES {
        let name = |name: &str| fields(&json!({ "name": format!("{name} {time}") }));
        let native = fields(&json!({ "nativeName": format!("Città {time}") }));
        // Each raises the other's project, and two of them change the same organisation.
        tokio::join!(
            edit(&store, "connection", "torino", name("Torino")),
            edit(&store, "sister", "asti", name("Asti")),
            edit(&store, "sister", "torino", native),
        );
        for project in ["connection", "sister"] {
            let project = store.fresh(project).await.unwrap();
            let of = |key: &str| {
                let mut all = project.organisations.iter();
                all.find(|row| row.key == key).unwrap().clone()
            };
            assert_eq!(of("torino").name, format!("Torino {time}"));
            assert_eq!(of("torino").native_name, Some(format!("Città {time}")));
            assert_eq!(of("asti").name, format!("Asti {time}"));
        }
    }
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn somebody_is_taken_out_of_two_projects_at_once(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database).await;
    for time in 0..TIMES {
        let mut id = None;
        for project in ["connection", "sister"] {
            let wanted = user::NewUser {
                key: Some(format!("guest-{time}")),
                name: Some("Guest".to_owned()),
                address: None,
                locale: "it".to_owned(),
                time_zone: "Europe/Rome".to_owned(),
                role: Some((project.to_owned(), RoleKind::Viewer)),
                may_create_projects: false,
            };
            id = Some(user::add(&store, &Actor::COMMAND, wanted).await.unwrap().id);
        }
        let id = id.unwrap();
        let revoke = async |project: &str| {
            let role = NewRole {
                kind: RoleKind::Viewer,
                partner: None,
                from: None,
                until: None,
            };
            let verb = |draft: &mut Draft| {
                let right = draft.viewer.coordinator_of(&draft.project())?;
                role::revoke(draft, &right, id, &role)?;
                Ok(id.into())
            };
            let command = Command::new("revokeRole");
            store
                .execute(&operator(), project, command, verb)
                .await
                .unwrap();
        };
        let before = store.fresh("sister").await.unwrap().revision();
        tokio::join!(revoke("connection"), revoke("sister"));
        // Each project changed once.
        let after = store.fresh("sister").await.unwrap();
        assert_eq!(after.revision(), before + 1);
        assert!(!after.people.iter().any(|row| row.id == id));
    }
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn whoever_is_erased_while_they_change_their_preferences_stays_erased(
    #[case] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database).await;
    for time in 0..TIMES {
        let wanted = user::NewUser {
            key: Some(format!("guest-{time}")),
            name: Some("Guest".to_owned()),
            address: Some(format!("guest-{time}@torino.example")),
            locale: "it".to_owned(),
            time_zone: "Europe/Rome".to_owned(),
            role: Some(("connection".to_owned(), RoleKind::Viewer)),
            may_create_projects: false,
        };
        let id: PersonId = user::add(&store, &Actor::COMMAND, wanted).await.unwrap().id;
        let keeper = Viewer::Operator.keeper_of(id).unwrap();
        let actor = Actor::new(Viewer::Person(SignedIn {
            person: id,
            by: Credential::Session(SessionId(id.0)),
        }));
        let command_line = Actor::COMMAND;
        let wishes = Preferences {
            person: fields(&json!({ "digestHour": 7 })),
            ..Default::default()
        };
        let (erased, changed) = tokio::join!(
            privacy::erase(&store, &command_line, &keeper),
            store.set_preferences(&actor, "setPreferences", wishes),
        );
        erased.unwrap();
        // Before it, or after it, when there is nobody any more.
        assert!(
            matches!(changed, Ok(_) | Err(Refusal::Denied(_))),
            "{changed:?}"
        );
        let row = person::Entity::find_by_id(id)
            .one(store.db())
            .await
            .unwrap()
            .unwrap();
        assert_eq!((row.name, row.address), (None, None));
        assert!(row.erased_at.is_some());
    }
}
