//! A person's data: given to them, erased, and kept no longer than needed. On both databases.

#![expect(clippy::unwrap_used, reason = "tests say what they expect by failing")]

use chrono::TimeDelta;
use domain::{
    account::{Actor, link, privacy, token, user},
    clock::Clock,
    files::Files,
    ids::Ids,
    link::LinkKey,
    retention::Retention,
    store::{Import, Store},
    viewer::Viewer,
};
use entities::{
    EvidenceId, EvidenceKind, RoleKind, evidence, notification, person, sign_in_link, upload,
};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel, Statement, prelude::Uuid};
use tests::{TestDatabase, on_each_database, project};

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
    let wanted = user::Wanted {
        key: Some("quirina".to_owned()),
        name: Some(NAME.to_owned()),
        address: Some(ADDRESS.to_owned()),
        locale: "it".to_owned(),
        time_zone: "Europe/Rome".to_owned(),
        role: Some(("connection".to_owned(), RoleKind::Coordinator)),
        may_create_projects: true,
    };
    let person = user::add(store, Actor::COMMAND, wanted).await.unwrap();
    let key = LinkKey::new(&[7; 32]).unwrap();
    link::request(store, &key, ADDRESS, "a browser")
        .await
        .unwrap();
    let keeper = Viewer::Operator.keeper_of(person.id).unwrap();
    let wanted = token::Wanted {
        name: "dashboard".to_owned(),
        days: 30,
        may_write: false,
    };
    let project = store.fresh("connection").await.unwrap();
    let actor = Actor::of(Viewer::Operator);
    token::create(store, actor, &keeper, &project, wanted)
        .await
        .unwrap();
    person
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

on_each_database! {
    async fn whoever_was_erased_is_nowhere_any_more(database: TestDatabase) {
        let store = store(&database).await;
        let person = somebody(&store).await;
        let before = everything(&store).await;
        for trace in [NAME, ADDRESS, "quirina"] {
            assert!(before.contains(trace), "{trace} was there");
        }
        let revision = store.fresh("connection").await.unwrap().revision();
        let keeper = Viewer::Operator.keeper_of(person.id).unwrap();
        privacy::erase(&store, Actor::COMMAND, &keeper).await.unwrap();
        privacy::erase(&store, Actor::COMMAND, &keeper).await.unwrap();
        let after = everything(&store).await;
        for trace in [NAME, ADDRESS, "quirina", "Quirina", "dashboard\""] {
            assert!(!after.contains(trace), "{trace} is still there");
        }
        let row = person::Entity::find_by_id(person.id).one(store.db()).await.unwrap().unwrap();
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

    async fn a_file_that_is_no_evidence_goes_with_whoever_sent_it(database: TestDatabase) {
        let store = store(&database).await;
        let person = somebody(&store).await;
        let folder = tempfile::tempdir().unwrap();
        let files = Files::in_folder(folder.path(), 1000);
        let now = store.clock().now();
        // One is evidence of an output, one is not.
        let project = store.fresh("connection").await.unwrap();
        let mut hashes = Vec::new();
        for (number, text) in [(1, "kept"), (2, "a life")] {
            let stored = files.put(text.into(), "text/plain").await.unwrap();
            hashes.push(stored.sha256.clone());
            let row = upload::Model {
                id: Uuid::from_u128(number).into(),
                person_id: Some(person.id),
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
                };
                evidence::Entity::insert(row.into_active_model())
                    .exec_without_returning(store.db())
                    .await
                    .unwrap();
            }
        }
        let is_there = async |at: usize| files.get(&hashes[at]).await.unwrap().is_some();
        let tidy = async || Retention::default().apply(store.db(), Some(&files), now).await.unwrap();
        assert_eq!(tidy().await.uploads, 0);
        let keeper = Viewer::Operator.keeper_of(person.id).unwrap();
        privacy::erase(&store, Actor::COMMAND, &keeper).await.unwrap();
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

    async fn a_person_s_data_are_one_file(database: TestDatabase) {
        let store = store(&database).await;
        let person = somebody(&store).await;
        let keeper = Viewer::Operator.keeper_of(person.id).unwrap();
        let file = privacy::export(&store, &keeper).await.unwrap();
        assert_eq!(file["person"]["name"], NAME);
        assert_eq!(file["person"]["address"], ADDRESS);
        assert_eq!(file["roles"][0]["project"], "connection");
        assert_eq!(file["tokens"][0]["name"], "dashboard");
        assert_eq!(file["mails"][0]["category"], "SIGN_IN");
        assert_eq!(file["signInLinks"].as_array().unwrap().len(), 1);
        assert!(!file["acts"].as_array().unwrap().is_empty());
        assert!(!file.to_string().contains("hash"), "{file}");
    }

    async fn what_nobody_needs_any_more_goes_after_its_time(database: TestDatabase) {
        let store = store(&database).await;
        somebody(&store).await;
        let count = || async {
            sign_in_link::Entity::find().all(store.db()).await.unwrap().len()
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
        assert_eq!(apply(4000).await.unwrap().mails, 0);
        assert_eq!(notification::Entity::find().all(store.db()).await.unwrap().len(), 1);
    }
}
