//! A person's name, address, language and zone corrected, on every database.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{
    account::{
        correction::{self, Correction},
        link::{self, Redemption},
        privacy, session, user,
    },
    actor::Actor,
    clock::Clock,
    command::Import,
    error::Error,
    ids::Ids,
    ledger,
    link::LinkKey,
    record::{Code, Problem},
    store::Store,
    viewer::Viewer,
};
use entities::*;
use rstest::rstest;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use tests::{Backend, TestDatabase, project::connection};

/// Monday, 06:00 UTC: digests of Torino are due.
const MONDAY: &str = "2021-09-06T06:00:00Z";
const OLD: &str = "desk@torino.example";
const NEW: &str = "desk@asti.example";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn key() -> LinkKey {
    LinkKey::new(&[7; 32]).unwrap()
}

/// The embedded project, and a human who coordinates it.
async fn store(database: &TestDatabase) -> (Arc<Store>, person::Model) {
    let clock = Clock::frozen(at("2021-09-06T05:59:30Z"));
    let store = Store::new(database.db.clone(), clock, Ids::Fresh);
    store
        .import(&connection(), Import::default())
        .await
        .unwrap();
    let wanted = user::NewUser {
        key: Some("desk".to_owned()),
        name: Some("Exchange desk".to_owned()),
        address: Some(OLD.to_owned()),
        locale: "it".to_owned(),
        time_zone: "Europe/Rome".to_owned(),
        role: Some(("connection".to_owned(), RoleKind::Coordinator)),
        may_create_projects: false,
    };
    let person = user::add(&store, &Actor::COMMAND, wanted).await.unwrap();
    (Arc::new(store), person)
}

fn address(address: &str) -> Correction {
    Correction {
        address: Some(Some(address.to_owned())),
        ..Correction::default()
    }
}

async fn correct(
    store: &Store,
    person: PersonId,
    correction: Correction,
) -> Result<person::Model, Error> {
    correction::correct(store, &Actor::COMMAND, person, correction).await
}

/// The problems of a refused correction.
async fn refused(store: &Store, person: PersonId, correction: Correction) -> Vec<Problem> {
    match correct(store, person, correction).await {
        Err(Error::Invalid(problems)) => problems,
        other => panic!("{other:?}"),
    }
}

async fn row(store: &Store, person: PersonId) -> person::Model {
    let row = person::Entity::find_by_id(person).one(store.db()).await;
    row.unwrap().unwrap()
}

async fn audited(store: &Store) -> Vec<audit_entry::Model> {
    audit_entry::Entity::find()
        .filter(audit_entry::Column::Verb.eq("correctPerson"))
        .all(store.db())
        .await
        .unwrap()
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_corrected_person_is_corrected_in_every_project(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (store, person) = store(&database).await;
    let mut sister = connection();
    "sister".clone_into(&mut sister.project.key);
    sister.notes.clear();
    store.import(&sister, Import::default()).await.unwrap();
    let torino = user::find_any(&store, "torino-exchanges").await.unwrap();
    let before = [
        store.fresh("connection").await.unwrap().revision(),
        store.fresh("sister").await.unwrap().revision(),
    ];
    let all = Correction {
        name: Some(Some("Città di Torino, scambi".to_owned())),
        address: Some(Some(" Scambi@ZÜRICH.example ".to_owned())),
        locale: Some("it-IT".to_owned()),
        time_zone: Some("Europe/Zurich".to_owned()),
    };
    correct(&store, torino.id, all).await.unwrap();
    for (key, before) in ["connection", "sister"].into_iter().zip(before) {
        let project = store.fresh(key).await.unwrap();
        assert!(project.revision() > before, "{key}");
        let row = project.person(torino.id);
        assert_eq!(row.name.as_deref(), Some("Città di Torino, scambi"));
        // As a mailer takes it, and as every other way stores it.
        let stored = Some("scambi@xn--zrich-kva.example");
        assert_eq!(row.address.as_deref(), stored);
        assert_eq!(
            (row.locale.as_str(), row.time_zone.as_str()),
            ("it-IT", "Europe/Zurich")
        );
        assert_eq!(row.digest, torino.digest);
    }
    // Which fields, and not what was in them.
    let masked = json!({
        "name": "(personal)", "address": "(personal)",
        "locale": "(personal)", "timeZone": "(personal)",
    });
    let [entry] = &audited(&store).await[..] else {
        panic!("one entry")
    };
    assert_eq!(entry.before.as_ref(), Some(&masked));
    assert_eq!(entry.after.as_ref(), Some(&masked));
    assert_eq!(
        (entry.channel, entry.record_id),
        (Channel::Command, torino.id.0)
    );
    // What is left out stays, and what is taken out is null in the audit, too.
    let nameless = Correction {
        name: Some(None),
        ..Correction::default()
    };
    let after = correct(&store, person.id, nameless).await.unwrap();
    assert_eq!((after.name, after.address.as_deref()), (None, Some(OLD)));
    let entries = audited(&store).await;
    let entry = entries.iter().find(|entry| entry.record_id == person.id.0);
    assert_eq!(entry.unwrap().after, Some(json!({ "name": null })));
    let found = user::find(&store, &person.id.to_string()).await.unwrap();
    assert_eq!(found.id, person.id, "an id names a person, too");
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_correction_is_refused_with_all_that_is_wrong(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (store, person) = store(&database).await;
    let wrong = Correction {
        name: Some(Some("Torino\r\nBcc: all".to_owned())),
        address: Some(Some("a..b@torino.example".to_owned())),
        locale: Some("@@".to_owned()),
        time_zone: Some("Mars/Base".to_owned()),
    };
    let problems = refused(&store, person.id, wrong).await;
    let named: Vec<_> = problems
        .iter()
        .map(|one| (one.path.as_ref(), one.code))
        .collect();
    assert_eq!(
        named,
        [
            ("name", Code::NotOneLine),
            ("address", Code::NotAnAddress),
            ("locale", Code::NotALanguage),
            ("timeZone", Code::NotAZone),
        ]
    );
    // Another person's, in whatever spelling.
    let torino = user::find_any(&store, "torino-exchanges").await.unwrap();
    let theirs = torino.address.clone().unwrap().to_uppercase();
    let taken = refused(&store, person.id, address(&theirs)).await;
    let expected = Problem::new("address", Code::Taken).with("torino-exchanges");
    assert_eq!(taken, [expected]);
    // Their own in another spelling is the same.
    for nothing in [Correction::default(), address(&OLD.to_uppercase())] {
        let problems = refused(&store, person.id, nothing).await;
        assert_eq!(problems, [Problem::new("", Code::NothingChanges)]);
    }
    let nobody = correct(&store, PersonId::default(), address(NEW)).await;
    assert!(matches!(nobody, Err(Error::NotFound(_))), "{nobody:?}");
    assert_eq!(row(&store, person.id).await, person);
    let keeper = Viewer::Operator.keeper_of(person.id).unwrap();
    privacy::erase(&store, &Actor::COMMAND, &keeper)
        .await
        .unwrap();
    let erased = row(&store, person.id).await;
    let found = user::find_any(&store, &erased.key).await.unwrap();
    let problems = refused(&store, found.id, address(NEW)).await;
    assert_eq!(
        problems,
        [Problem::new("", Code::WrongState).with("ERASED")]
    );
    assert_eq!(row(&store, person.id).await, erased);
    assert!(audited(&store).await.is_empty());
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_link_to_the_old_address_signs_nobody_in_and_sessions_stay(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (store, person) = store(&database).await;
    let request = async |address: &str| {
        let before = sign_in_link::Entity::find().all(store.db()).await.unwrap();
        link::request(&store, &key(), link::LinkRequest::new(address, "browser"))
            .await
            .unwrap();
        let after = sign_in_link::Entity::find().all(store.db()).await.unwrap();
        let mut new = after.into_iter().filter(|row| !before.contains(row));
        new.next().unwrap().id
    };
    let redeem = async |id: SignInLinkId| {
        let secret = key().sign_in_secret(id);
        link::redeem(&store, id, &secret, Some("browser"))
            .await
            .unwrap()
    };
    let Redemption::SignedIn(new) = redeem(request(OLD).await).await else {
        panic!("the old address is still theirs")
    };
    let open = request(OLD).await;
    // Another name leaves the links as they are.
    let renamed = Correction {
        name: Some(Some("Exchanges".to_owned())),
        ..Correction::default()
    };
    correct(&store, person.id, renamed).await.unwrap();
    assert!(link::by_id(store.db(), open).await.unwrap().is_some());
    correct(&store, person.id, address(NEW)).await.unwrap();
    assert!(matches!(redeem(open).await, Redemption::Gone));
    let session = session::authenticate(&store, &new.secret).await.unwrap();
    assert_eq!(session.unwrap().signed_in.person, person.id);
    // The old address is nobody's, the new one signs in.
    let strange = request(OLD).await;
    let strange = link::by_id(store.db(), strange).await.unwrap().unwrap();
    assert_eq!(strange.person_id, None);
    assert!(matches!(
        redeem(request(NEW).await).await,
        Redemption::SignedIn(_)
    ));
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn mail_that_waits_goes_to_the_new_address(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (store, _) = store(&database).await;
    let torino = user::find_any(&store, "torino-exchanges").await.unwrap();
    let project = store.fresh("connection").await.unwrap();
    ledger::claim(store.db(), &project, store.ids(), at(MONDAY))
        .await
        .unwrap();
    let waiting = || {
        notification::Entity::find()
            .filter(notification::Column::PersonId.eq(torino.id))
            .filter(notification::Column::State.eq(NotificationState::Due))
            .count(store.db())
    };
    let count = waiting().await.unwrap();
    assert!(count > 0);
    // A mail server refused the old address for good.
    let suppressed = "update person set suppressed_at = '2021-09-01T00:00:00+00:00' \
                      where key = 'torino-exchanges'";
    database.db.execute_unprepared(suppressed).await.unwrap();
    correct(&store, torino.id, address(NEW)).await.unwrap();
    assert_eq!(waiting().await.unwrap(), count);
    // A row of the ledger holds the person and no address: the worker reads it when it sends.
    let project = store.fresh("connection").await.unwrap();
    let person = project.person(torino.id);
    assert_eq!(person.address.as_deref(), Some(NEW));
    let refused = ledger::refused(store.db(), person, Category::Digest, at(MONDAY));
    assert_eq!(refused.await.unwrap(), None);
}
