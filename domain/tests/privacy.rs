//! A person's data: given to them, erased, and kept no longer than needed. On both databases.

mod agreed;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    account::{link, privacy, token, user},
    actor::Actor,
    clock::Clock,
    command::Import,
    files::{Files, Stored},
    ids::Ids,
    link::LinkKey,
    retention::{self, Retention, remove_mails},
    store::Store,
    viewer::Viewer,
};
use entities::{
    EvidenceId, EvidenceKind, NotificationState, ParticipationStatus, RoleKind, Strings, Verb,
    evidence, notification, output_event, participation, person, sign_in_link, upload,
};
use rstest::rstest;
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel, PaginatorTrait,
    Statement, prelude::Uuid,
};
use serde_json::Value;
use tests::{Backend, TestDatabase, project};

const NAME: &str = "Quirina Unica";
const ADDRESS: &str = "quirina@torino.example";

async fn store(database: &TestDatabase) -> Store {
    let noon = "2021-09-06T12:00:00Z".parse().unwrap();
    let store = Store::new(database.db.clone(), Clock::frozen(noon), Ids::Fresh);
    store
        .import(&project::connection(), Import::default())
        .await
        .unwrap();
    store
}

/// Somebody with a role, links, a token, and mail that waits.
async fn somebody(store: &Store) -> person::Model {
    let wanted = user::NewUser {
        key: Some("quirina".to_owned()),
        name: Some(NAME.to_owned()),
        address: Some(ADDRESS.to_owned()),
        locale: "it".to_owned(),
        time_zone: "Europe/Rome".to_owned(),
        role: Some(("connection".to_owned(), RoleKind::Coordinator)),
        may_create_projects: true,
    };
    let person = user::add(store, &Actor::COMMAND, wanted).await.unwrap();
    let key = LinkKey::new(&[7; 32]).unwrap();
    link::request(store, &key, link::LinkRequest::new(ADDRESS, "a browser"))
        .await
        .unwrap();
    let keeper = Viewer::Operator.keeper_of(person.id).unwrap();
    let wanted = token::NewToken {
        name: "dashboard".to_owned(),
        days: 30,
        may_write: false,
        sees_people: true,
    };
    let project = store.fresh("connection").await.unwrap();
    let actor = Actor::new(Viewer::Operator);
    token::create(store, &actor, &keeper, &project, wanted)
        .await
        .unwrap();
    person
}

/// An upload of a file, by the operator.
async fn upload(store: &Store, number: u128, file: &Stored, created_at: DateTime<Utc>) {
    let row = upload::Model {
        id: Uuid::from_u128(number).into(),
        person_id: None,
        project_id: None,
        sha256: file.sha256.clone(),
        media_type: file.media_type.to_owned(),
        size: file.size,
        created_at,
    };
    upload::Entity::insert(row.into_active_model())
        .exec_without_returning(store.db())
        .await
        .unwrap();
}

async fn uploads(store: &Store) -> u64 {
    upload::Entity::find().count(store.db()).await.unwrap()
}

/// A step that somebody took, and that they took part.
async fn part_in_an_output(store: &Store, person: &person::Model) {
    let project = store.fresh("connection").await.unwrap();
    let step = output_event::Model {
        id: Uuid::from_u128(1).into(),
        project_id: project.id(),
        output_id: project.outputs[0].id,
        position: 999,
        verb: Verb::Returned,
        effective_on: None,
        recorded_at: store.clock().now(),
        person_id: Some(person.id),
        reason: Some("no list of those present".to_owned()),
        old_starts: None,
        old_ends: None,
        new_starts: None,
        new_ends: None,
    };
    output_event::Entity::insert(step.into_active_model())
        .exec_without_returning(store.db())
        .await
        .unwrap();
    let part = participation::Model {
        id: Uuid::from_u128(1).into(),
        project_id: project.id(),
        output_id: project.outputs[0].id,
        position: 999,
        partner_id: Some(project.partners[0].id),
        person_id: Some(person.id),
        who: Some("an interpreter".to_owned()),
        status: ParticipationStatus::Present,
        reason: None,
        since: None,
        sources: Strings::default(),
        translations: Default::default(),
    };
    participation::Entity::insert(part.into_active_model())
        .exec_without_returning(store.db())
        .await
        .unwrap();
}

/// Every row of every table as text.
async fn everything(store: &Store) -> String {
    let db = store.db();
    let backend = db.get_database_backend();
    let tables = match backend {
        DbBackend::Sqlite => "select name from sqlite_master where type = 'table'",
        _ => {
            "select table_name::text as name from information_schema.tables \
              where table_schema = current_schema()"
        }
    };
    let mut text = String::new();
    let names = db
        .query_all_raw(Statement::from_string(backend, tables))
        .await
        .unwrap();
    for name in names {
        let table: String = name.try_get("", "name").unwrap();
        match backend {
            DbBackend::Sqlite => {
                let columns = format!("select name from pragma_table_info('{table}')");
                let columns = db
                    .query_all_raw(Statement::from_string(backend, columns))
                    .await
                    .unwrap();
                for column in columns {
                    let column: String = column.try_get("", "name").unwrap();
                    let sql = format!(
                        "select group_concat(cast(\"{column}\" as text), '|') as t from \"{table}\""
                    );
                    let row = db
                        .query_one_raw(Statement::from_string(backend, sql))
                        .await
                        .unwrap();
                    let found: Option<String> = row.unwrap().try_get("", "t").unwrap_or_default();
                    text.push_str(&found.unwrap_or_default());
                }
            }
            _ => {
                let sql = format!("select string_agg(t::text, '|') as t from \"{table}\" t");
                let row = db
                    .query_one_raw(Statement::from_string(backend, sql))
                    .await
                    .unwrap();
                let found: Option<String> = row.unwrap().try_get("", "t").unwrap();
                text.push_str(&found.unwrap_or_default());
            }
        }
    }
    text
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn whoever_was_erased_is_nowhere_any_more(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database).await;
    let person = somebody(&store).await;
    let before = everything(&store).await;
    for trace in [NAME, ADDRESS, "quirina"] {
        assert!(before.contains(trace), "{trace} was there");
    }
    let revision = store.fresh("connection").await.unwrap().revision();
    let keeper = Viewer::Operator.keeper_of(person.id).unwrap();
    privacy::erase(&store, &Actor::COMMAND, &keeper)
        .await
        .unwrap();
    privacy::erase(&store, &Actor::COMMAND, &keeper)
        .await
        .unwrap();
    let after = everything(&store).await;
    for trace in [NAME, ADDRESS, "quirina", "Quirina", "dashboard\""] {
        assert!(!after.contains(trace), "{trace} is still there");
    }
    let row = person::Entity::find_by_id(person.id)
        .one(store.db())
        .await
        .unwrap()
        .unwrap();
    assert!(row.erased_at.is_some() && row.name.is_none() && row.address.is_none());
    // Their mail is not sent, and the project is read anew by whoever shows it.
    let mails = notification::Entity::find().all(store.db()).await.unwrap();
    let of_them = mails.iter().filter(|row| row.person_id == person.id);
    assert!(of_them.clone().count() > 0);
    for mail in of_them {
        assert_eq!(mail.reason, Some(entities::SkipReason::Erased));
    }
    let project = store.fresh("connection").await.unwrap();
    assert!(project.revision() > revision);
    assert!(project.roles_of(person.id).is_empty());
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_file_that_is_no_evidence_goes_with_whoever_sent_it(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database).await;
    let person = somebody(&store).await;
    let folder = tempfile::tempdir().unwrap();
    let files = Files::in_folder(folder.path(), 1000);
    let now = store.clock().now();
    // One is evidence of an output, one is not.
    let project = store.fresh("connection").await.unwrap();
    let mut hashes = Vec::new();
    for (number, text) in [(1, "kept"), (2, "a life")] {
        let stored = files.put(text.as_bytes(), "text/plain").await.unwrap();
        hashes.push(stored.sha256.clone());
        let row = upload::Model {
            id: Uuid::from_u128(number).into(),
            person_id: Some(person.id),
            project_id: None,
            sha256: stored.sha256.clone(),
            media_type: stored.media_type.to_owned(),
            size: stored.size,
            created_at: now,
        };
        upload::Entity::insert(row.into_active_model())
            .exec_without_returning(store.db())
            .await
            .unwrap();
        if number == 1 {
            let row = evidence::Model {
                id: Uuid::from_u128(1).into(),
                project_id: project.id(),
                output_id: project.outputs[0].id,
                position: 99,
                kind: EvidenceKind::File,
                title: None,
                source_id: None,
                locator: None,
                url: None,
                sha256: Some(stored.sha256),
                media_type: Some(stored.media_type.to_owned()),
                size: Some(stored.size),
                translations: Default::default(),
            };
            evidence::Entity::insert(row.into_active_model())
                .exec_without_returning(store.db())
                .await
                .unwrap();
        }
    }
    let is_there = async |at: usize| files.has(&hashes[at]).await.unwrap();
    let tidy = async || {
        Retention::default()
            .apply(store.db(), Some(&files), now)
            .await
            .unwrap()
    };
    assert_eq!(tidy().await.uploads, 0);
    let keeper = Viewer::Operator.keeper_of(person.id).unwrap();
    privacy::erase(&store, &Actor::COMMAND, &keeper)
        .await
        .unwrap();
    assert_eq!(tidy().await.uploads, 1);
    assert!(is_there(0).await && !is_there(1).await);
    // Evidence that was taken away is no reason to keep a file.
    evidence::Entity::delete_by_id(EvidenceId(Uuid::from_u128(1)))
        .exec(store.db())
        .await
        .unwrap();
    assert_eq!(tidy().await.uploads, 1);
    assert!(!is_there(0).await);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_person_s_data_are_one_file(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database).await;
    let person = somebody(&store).await;
    part_in_an_output(&store, &person).await;
    let keeper = Viewer::Operator.keeper_of(person.id).unwrap();
    let file = privacy::export(&store, &keeper).await.unwrap();
    assert_eq!(file["person"]["name"], NAME);
    assert_eq!(file["person"]["address"], ADDRESS);
    assert_eq!(file["roles"][0]["project"], "connection");
    assert_eq!(file["tokens"][0]["name"], "dashboard");
    let mails = file["mails"].as_array().unwrap().iter();
    let mut categories: Vec<_> = mails
        .map(|mail| mail["category"].as_str().unwrap())
        .collect();
    categories.sort_unstable();
    assert_eq!(categories, ["NEW_TOKEN", "SIGN_IN"]);
    assert_eq!(file["signInLinks"].as_array().unwrap().len(), 1);
    assert_eq!(file["mails"][0]["attempts"], 0);
    assert_eq!(file["mails"][0]["createdAt"], "2021-09-06T12:00:00Z");
    assert_eq!(file["tookPart"][0]["who"], "an interpreter");
    assert!(file["tookPart"][0]["partner"].is_string());
    assert_eq!(file["steps"][0]["verb"], "RETURNED");
    assert_eq!(file["steps"][0]["reason"], "no list of those present");
    let is_added = |act: &Value| {
        act["verb"] == "userAdd"
            && act["channel"] == "COMMAND"
            && act["after"]["mayCreateProjects"] == true
    };
    assert!(file["acts"].as_array().unwrap().iter().any(is_added));
    for list in ["mails", "steps", "acts"] {
        assert_eq!(file[format!("{list}CutOff")], false);
    }
    assert!(!file.to_string().contains("hash"), "{file}");
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_nobody_needs_any_more_goes_after_its_time(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database).await;
    somebody(&store).await;
    let count = || async {
        sign_in_link::Entity::find()
            .all(store.db())
            .await
            .unwrap()
            .len()
    };
    let now = store.clock().now();
    let apply = |days| Retention::default().apply(store.db(), None, now + TimeDelta::days(days));
    let removed = apply(29).await.unwrap();
    assert_eq!((removed.sign_ins, count().await), (0, 1));
    let removed = apply(31).await.unwrap();
    // The link; the token holds for thirty days more.
    assert_eq!((removed.sign_ins, count().await), (1, 0));
    assert_eq!(apply(61).await.unwrap().sign_ins, 1);
    // Mail that waits is never removed.
    let old = |days| Retention::default().mails(store.db(), now + TimeDelta::days(days));
    assert!(old(4000).await.unwrap().is_empty());
    notification::Entity::update_many()
        .set(notification::ActiveModel {
            state: Set(NotificationState::Sent),
            ..Default::default()
        })
        .exec(store.db())
        .await
        .unwrap();
    assert!(old(1000).await.unwrap().is_empty());
    let mails = old(4000).await.unwrap();
    // The link, and the news of the token.
    assert_eq!(mails.len(), 2);
    assert_eq!(remove_mails(store.db(), &mails).await.unwrap(), 2);
    assert!(old(4000).await.unwrap().is_empty());
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_link_is_kept_for_as_long_as_it_is_counted(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database).await;
    somebody(&store).await;
    let at_once = Retention {
        sign_ins: 0,
        ..Retention::default()
    };
    let now = store.clock().now();
    let apply = |minutes| at_once.apply(store.db(), None, now + TimeDelta::minutes(minutes));
    // It is over after a quarter of an hour.
    assert_eq!(apply(16).await.unwrap().sign_ins, 0);
    assert_eq!(apply(60).await.unwrap().sign_ins, 0);
    assert_eq!(apply(76).await.unwrap().sign_ins, 1);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_file_goes_before_its_row(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database).await;
    let folder = tempfile::tempdir().unwrap();
    let files = Files::in_folder(folder.path().join("files"), 1000);
    let file = files.put(b"a life", "text/plain").await.unwrap();
    let now = store.clock().now();
    upload(&store, 1, &file, now - TimeDelta::days(8)).await;
    let tidy = |files| Retention::default().apply(store.db(), files, now);
    // Without a folder, or with one that fails, the row goes on telling of the file.
    assert_eq!(tidy(None).await.unwrap().uploads, 0);
    std::fs::write(folder.path().join("no folder"), "").unwrap();
    let broken = Files::in_folder(folder.path().join("no folder"), 1000);
    tidy(Some(&broken)).await.unwrap_err();
    assert_eq!(uploads(&store).await, 1);
    assert_eq!(tidy(Some(&files)).await.unwrap().uploads, 1);
    assert_eq!(uploads(&store).await, 0);
    assert!(!files.has(&file.sha256).await.unwrap());
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_file_that_nothing_refers_to_goes_after_a_day(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database).await;
    let folder = tempfile::tempdir().unwrap();
    let files = Files::in_folder(folder.path(), 1000);
    let put = async |text: &[u8]| files.put(text, "text/plain").await.unwrap();
    let (sent, lost, new) = (put(b"sent").await, put(b"lost").await, put(b"new").await);
    upload(&store, 1, &sent, store.clock().now()).await;
    for file in [&sent, &lost] {
        let path = folder.path().join(&file.sha256[..2]).join(&file.sha256);
        let opened = std::fs::OpenOptions::new().write(true).open(path).unwrap();
        let then = Clock::System.now() - TimeDelta::hours(25);
        let times = std::fs::FileTimes::new().set_modified(then.into());
        opened.set_times(times).unwrap();
    }
    let removed = retention::remove_unreferenced(store.db(), &files).await;
    assert_eq!(removed.unwrap(), 1);
    for (file, stays) in [(&sent, true), (&lost, false), (&new, true)] {
        assert_eq!(files.has(&file.sha256).await.unwrap(), stays);
    }
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_file_stays_while_another_upload_is_of_its_bytes(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let store = store(&database).await;
    let folder = tempfile::tempdir().unwrap();
    let files = Files::in_folder(folder.path(), 1000);
    let file = files.put(b"a life", "text/plain").await.unwrap();
    let now = store.clock().now();
    upload(&store, 1, &file, now - TimeDelta::days(9)).await;
    upload(&store, 2, &file, now - TimeDelta::days(8)).await;
    upload(&store, 3, &file, now).await;
    let tidy =
        |days| Retention::default().apply(store.db(), Some(&files), now + TimeDelta::days(days));
    assert_eq!(tidy(0).await.unwrap().uploads, 2);
    assert!(files.has(&file.sha256).await.unwrap());
    assert_eq!(tidy(8).await.unwrap().uploads, 1);
    assert!(!files.has(&file.sha256).await.unwrap());
}
