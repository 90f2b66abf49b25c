//! Accounts on every database: links that sign in, sessions, tokens, and whom the command line adds.

use std::{net::IpAddr, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    account::{
        self, CredentialCache,
        link::{self, Redemption},
        session, token, user,
    },
    actor::{Actor, IdempotencyKey},
    clock::Clock,
    command::Import,
    error::Error,
    ids::Ids,
    link::{KnownBrowser, LinkKey},
    record::Code,
    secret,
    store::Store,
    viewer::{Credential, SignedIn, Viewer},
};
use entities::*;
use futures::future::join_all;
use rstest::rstest;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, prelude::Uuid,
};
use tests::{Backend, TestDatabase, project::connection};

const NOON: &str = "2021-09-06T12:00:00Z";
const ADDRESS: &str = "exchange-desk@torino.example";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn key() -> LinkKey {
    LinkKey::new(&[7; 32]).unwrap()
}

/// The embedded project, and a human who coordinates it.
async fn store(database: &TestDatabase) -> (Arc<Store>, person::Model) {
    let store = Store::new(database.db.clone(), Clock::frozen(at(NOON)), Ids::Fresh);
    store
        .import(&connection(), Import::default())
        .await
        .unwrap();
    let person = user::add(&store, &Actor::COMMAND, coordinator())
        .await
        .unwrap();
    (Arc::new(store), person)
}

fn coordinator() -> user::NewUser {
    user::NewUser {
        key: Some("exchange-desk".to_owned()),
        name: Some("Exchange desk".to_owned()),
        address: Some(ADDRESS.to_owned()),
        locale: "it".to_owned(),
        time_zone: "Europe/Rome".to_owned(),
        role: Some(("connection".to_owned(), RoleKind::Coordinator)),
        may_create_projects: false,
    }
}

async fn links(store: &Store) -> Vec<sign_in_link::Model> {
    sign_in_link::Entity::find().all(store.db()).await.unwrap()
}

async fn mails(store: &Store) -> Vec<notification::Model> {
    notification::Entity::find()
        .filter(notification::Column::Category.eq(Category::SignIn))
        .all(store.db())
        .await
        .unwrap()
}

async fn audited(store: &Store, verb: &str) -> Vec<audit_entry::Model> {
    audit_entry::Entity::find()
        .filter(audit_entry::Column::Verb.eq(verb))
        .all(store.db())
        .await
        .unwrap()
}

/// Asks for a link and gives it.
async fn request_link(store: &Store, browser: &str) -> SignInLinkId {
    let before: Vec<_> = links(store).await.iter().map(|link| link.id).collect();
    link::request(store, &key(), link::LinkRequest::new(ADDRESS, browser))
        .await
        .unwrap();
    let after = links(store).await;
    let mut new = after.iter().filter(|link| !before.contains(&link.id));
    new.next().unwrap().id
}

async fn redeem(store: &Store, id: SignInLinkId, browser: Option<&str>) -> Redemption {
    let secret = key().sign_in_secret(id);
    link::redeem(store, id, &secret, browser).await.unwrap()
}

fn new(redeemed: Redemption) -> session::NewSession {
    match redeemed {
        Redemption::SignedIn(new) => new,
        other => panic!("{other:?}"),
    }
}

/// Signs the person in.
async fn signed_in(store: &Store) -> session::NewSession {
    new(redeem(store, request_link(store, "browser").await, Some("browser")).await)
}

fn viewer(new: &session::NewSession) -> Viewer {
    Viewer::Person(SignedIn {
        person: new.person,
        by: Credential::Session(new.id),
    })
}

fn pass(store: &Store, time: TimeDelta) {
    store.clock().set(store.clock().now() + time);
}

/// Waits until the database is asked again.
async fn believed_no_more() {
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
}

fn reading(days: i64) -> token::NewToken {
    token::NewToken {
        name: "City dashboard".to_owned(),
        days,
        may_write: false,
        sees_people: true,
    }
}

async fn create_token(
    store: &Store,
    new: &session::NewSession,
    wanted: token::NewToken,
) -> token::IssuedToken {
    let project = store.project("connection").await.unwrap();
    let keeper = viewer(new).keeper_of(new.person).unwrap();
    let actor = Actor::new(viewer(new));
    token::create(store, &actor, &keeper, &project, wanted)
        .await
        .unwrap()
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_link_signs_in_once_whoever_uses_it_at_the_same_moment(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (store, person) = store(&database).await;
    let id = request_link(&store, "browser").await;
    let uses = (0..10).map(|_| {
        let store = Arc::clone(&store);
        tokio::spawn(async move { redeem(&store, id, Some("browser")).await })
    });
    let mut sessions = Vec::new();
    for used in uses.collect::<Vec<_>>() {
        match used.await.unwrap() {
            Redemption::SignedIn(new) => sessions.push(new),
            Redemption::Gone => {}
            Redemption::OtherBrowser => panic!("it is the same browser"),
        }
    }
    let [new] = &sessions[..] else {
        panic!("{} sessions", sessions.len())
    };
    let authenticated = session::authenticate(&store, &new.secret)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(authenticated.signed_in.person, person.id);
    assert!(!authenticated.is_old);
    let [entry] = &audited(&store, "signIn").await[..] else {
        panic!("one entry")
    };
    assert_eq!(entry.channel, Channel::Link);
    assert_eq!(entry.record_id, new.id.0);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_link_holds_for_a_quarter_of_an_hour(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (store, _) = store(&database).await;
    let (first, second) = (
        request_link(&store, "browser").await,
        request_link(&store, "browser").await,
    );
    pass(&store, TimeDelta::minutes(15) - TimeDelta::seconds(1));
    new(redeem(&store, first, Some("browser")).await);
    pass(&store, TimeDelta::seconds(1));
    assert!(matches!(
        redeem(&store, second, Some("browser")).await,
        Redemption::Gone
    ));
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_link_is_of_use_in_the_browser_alone_that_asked_for_it(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (store, _) = store(&database).await;
    let id = request_link(&store, "browser").await;
    for other in [Some("another"), None] {
        assert!(matches!(
            redeem(&store, id, other).await,
            Redemption::OtherBrowser
        ));
    }
    let wrong = link::redeem(&store, id, "nonsense", Some("browser"))
        .await
        .unwrap();
    assert!(matches!(wrong, Redemption::Gone));
    new(redeem(&store, id, Some("browser")).await);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn an_unknown_address_leaves_the_same_row_and_no_mail(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (store, person) = store(&database).await;
    for address in [
        ADDRESS,
        " Exchange-Desk@TORINO.example ",
        "nobody@torino.example",
    ] {
        link::request(&store, &key(), link::LinkRequest::new(address, "browser"))
            .await
            .unwrap();
    }
    // A mailbox has several readers, and nobody signs in as all of them.
    let mailbox = "coordination@eurocities.example";
    link::request(&store, &key(), link::LinkRequest::new(mailbox, "browser"))
        .await
        .unwrap();
    link::request(
        &store,
        &key(),
        link::LinkRequest::new("no address", "browser"),
    )
    .await
    .unwrap();
    let links = links(&store).await;
    assert_eq!(links.len(), 4);
    let owners: Vec<_> = links.iter().filter_map(|link| link.person_id).collect();
    assert_eq!(owners, [person.id, person.id]);
    for link in &links {
        assert_eq!(
            link.secret_hash,
            secret::hash(&key().sign_in_secret(link.id))
        );
        assert_eq!(link.browser_hash, Some(secret::hash("browser")));
        assert!(!link.address_hash.contains("torino"));
    }
    let unknown = links.iter().find(|link| link.person_id.is_none()).unwrap();
    assert!(matches!(
        redeem(&store, unknown.id, Some("browser")).await,
        Redemption::Gone
    ));
    let mails = mails(&store).await;
    assert_eq!(mails.len(), 2);
    for mail in mails {
        let link = links
            .iter()
            .find(|link| mail.subject_id == link.id.0)
            .unwrap();
        assert_eq!(mail.person_id, person.id);
        assert_eq!(mail.project_id, None);
        assert_eq!(mail.useful_until, link.expires_at);
    }
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn an_address_is_sent_five_links_an_hour(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (store, _) = store(&database).await;
    let asks = (0..12).map(|_| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            link::request(&store, &key(), link::LinkRequest::new(ADDRESS, "b")).await
        })
    });
    for ask in asks.collect::<Vec<_>>() {
        ask.await.unwrap().unwrap();
    }
    assert_eq!(
        (links(&store).await.len(), mails(&store).await.len()),
        (5, 5)
    );
    link::request(
        &store,
        &key(),
        link::LinkRequest::new("host-desk@torino.example", "b"),
    )
    .await
    .unwrap();
    assert_eq!(links(&store).await.len(), 6);
    pass(&store, TimeDelta::hours(1));
    request_link(&store, "b").await;
    // What is over for a day is removed.
    pass(&store, TimeDelta::hours(25));
    request_link(&store, "b").await;
    assert_eq!(links(&store).await.len(), 1);
}

/// How many more links there are after a request from a network, in a browser that may be known.
async fn links_after(store: &Store, network: [u8; 4], known: Option<KnownBrowser>) -> usize {
    let before = links(store).await.len();
    let request = link::LinkRequest {
        network: IpAddr::from(network),
        known,
        ..link::LinkRequest::new(ADDRESS, "browser")
    };
    link::request(store, &key(), request).await.unwrap();
    links(store).await.len() - before
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn strangers_who_ask_with_an_address_keep_its_person_from_nothing(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (store, person) = store(&database).await;
    let token = key().known_browser(person.id, at(NOON) + TimeDelta::days(1));
    let known = key().read_known_browser(&token, at(NOON));
    assert!(known.is_some());
    // A stranger's own network is used up, and the person's is not.
    let stranger = [203, 0, 113, 1];
    for expected in [1, 1, 1, 1, 1, 0] {
        assert_eq!(links_after(&store, stranger, None).await, expected);
    }
    let own = [192, 0, 2, 7];
    assert_eq!(links_after(&store, own, None).await, 1);
    // What a command makes is not counted.
    for _ in 0..30 {
        link::create(&store, &key(), &Actor::COMMAND, person.id)
            .await
            .unwrap();
    }
    assert_eq!(links_after(&store, own, None).await, 1);
    // From many networks all that the address is sent is used up, but for known browsers.
    for network in 0..13 {
        assert_eq!(links_after(&store, [198, 51, 100, network], None).await, 1);
    }
    assert_eq!(links_after(&store, own, None).await, 0);
    let other = KnownBrowser {
        person: PersonId(Uuid::from_u128(1)),
        ..known.unwrap()
    };
    assert_eq!(links_after(&store, own, Some(other)).await, 0);
    for expected in [1, 1, 1, 1, 1, 0] {
        assert_eq!(links_after(&store, stranger, known).await, expected);
    }
    pass(&store, TimeDelta::hours(1));
    assert_eq!(links_after(&store, own, None).await, 1);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn an_erased_person_neither_signs_in_nor_stays_signed_in(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (store, person) = store(&database).await;
    let new = signed_in(&store).await;
    let token = create_token(&store, &new, reading(1)).await;
    let id = request_link(&store, "browser").await;
    person::Entity::update_many()
        .set(person::ActiveModel {
            erased_at: Set(Some(at(NOON))),
            ..Default::default()
        })
        .filter(person::Column::Id.eq(person.id))
        .exec(store.db())
        .await
        .unwrap();
    CredentialCache::of(&store).evict_person(person.id);
    assert!(matches!(
        redeem(&store, id, Some("browser")).await,
        Redemption::Gone
    ));
    assert_eq!(
        session::authenticate(&store, &new.secret).await.unwrap(),
        None
    );
    assert_eq!(
        token::authenticate(&store, token.secret.as_deref().unwrap())
            .await
            .unwrap(),
        None
    );
    let link = link::create(&store, &key(), &Actor::COMMAND, person.id).await;
    assert!(matches!(link, Err(Error::NotFound(_))), "{link:?}");
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_cookie_is_replaced_daily_and_the_old_one_holds_a_minute_longer(
    #[case] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (store, _) = store(&database).await;
    let session::NewSession {
        secret: old, id, ..
    } = signed_in(&store).await;
    assert_eq!(session::rotate(&store, &old).await.unwrap(), None);
    pass(&store, TimeDelta::hours(24));
    assert!(
        session::authenticate(&store, &old)
            .await
            .unwrap()
            .unwrap()
            .is_old
    );
    let new = session::rotate(&store, &old).await.unwrap().unwrap();
    // A second request with the old cookie gets no other one.
    assert_eq!(session::rotate(&store, &old).await.unwrap(), None);
    for secret in [&old, &new] {
        let authenticated = session::authenticate(&store, secret)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(authenticated.signed_in.by, Credential::Session(id));
        assert!(!authenticated.is_old);
    }
    pass(&store, TimeDelta::seconds(60));
    assert_eq!(session::authenticate(&store, &old).await.unwrap(), None);
    let signed_in = session::authenticate(&store, &new)
        .await
        .unwrap()
        .unwrap()
        .signed_in;
    assert!(account::is_valid(&store, signed_in).await.unwrap());
    pass(&store, TimeDelta::days(29));
    assert_eq!(session::authenticate(&store, &new).await.unwrap(), None);
    assert!(!account::is_valid(&store, signed_in).await.unwrap());
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_session_is_not_lost_with_the_answer_that_replaced_its_cookie(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (store, _) = store(&database).await;
    let session::NewSession { secret: old, .. } = signed_in(&store).await;
    let is_old = async |secret: &str| {
        let authenticated = session::authenticate(&store, secret).await.unwrap();
        authenticated.map(|session| session.is_old)
    };
    pass(&store, TimeDelta::hours(24));
    let lost = session::rotate(&store, &old).await.unwrap().unwrap();
    // The answer is under way, perhaps: no other cookie yet.
    assert_eq!(is_old(&old).await, Some(false));
    assert_eq!(session::rotate(&store, &old).await.unwrap(), None);
    pass(&store, TimeDelta::days(3));
    believed_no_more().await;
    assert_eq!(is_old(&old).await, Some(true));
    let new = session::rotate(&store, &old).await.unwrap().unwrap();
    believed_no_more().await;
    assert_eq!(is_old(&lost).await, None);
    assert_eq!(is_old(&old).await, Some(false));
    // Once the new one is used, the old one ends.
    assert_eq!(is_old(&new).await, Some(false));
    assert_eq!(is_old(&old).await, Some(false));
    pass(&store, TimeDelta::seconds(60));
    assert_eq!(is_old(&old).await, None);
    assert_eq!(is_old(&new).await, Some(false));
    assert_eq!(session::rotate(&store, &old).await.unwrap(), None);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn sessions_and_tokens_end_together_on_request(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (store, person) = store(&database).await;
    let new = signed_in(&store).await;
    let mut secrets = Vec::new();
    for days in [1, 30] {
        let token = create_token(&store, &new, reading(days)).await;
        secrets.push(token.secret.unwrap());
    }
    let gone = create_token(&store, &new, reading(1)).await;
    let keeper = viewer(&new).keeper_of(person.id).unwrap();
    let actor = Actor::new(viewer(&new));
    token::revoke(&store, &actor, &keeper, gone.row.id)
        .await
        .unwrap();
    for secret in &secrets {
        let valid = token::authenticate(&store, secret).await.unwrap();
        assert!(valid.is_some());
    }
    let ended = session::sign_out_everywhere(&store, &actor, &keeper, true)
        .await
        .unwrap();
    assert_eq!((ended.sessions, ended.tokens), (1, 2));
    for secret in &secrets {
        assert_eq!(token::authenticate(&store, secret).await.unwrap(), None);
    }
    let session = session::authenticate(&store, &new.secret).await;
    assert_eq!(session.unwrap(), None);
    assert_eq!(audited(&store, "revokeApiToken").await.len(), 3);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_person_has_a_hundred_valid_tokens_at_most(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (store, person) = store(&database).await;
    let new = signed_in(&store).await;
    let mut rows = Vec::new();
    for _ in 0..token::MAX_TOKENS {
        rows.push(create_token(&store, &new, reading(1)).await.row);
    }
    let project = store.project("connection").await.unwrap();
    let keeper = viewer(&new).keeper_of(person.id).unwrap();
    let actor = Actor::new(viewer(&new));
    let create = async || token::create(&store, &actor, &keeper, &project, reading(1)).await;
    let refused = create().await;
    let Err(Error::Invalid(problems)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(problems[0].code, Code::OutOfRange);
    token::revoke(&store, &actor, &keeper, rows[0].id)
        .await
        .unwrap();
    assert!(create().await.is_ok() && create().await.is_err());
    // Those that are over do not count.
    pass(&store, TimeDelta::days(1));
    assert!(create().await.is_ok());
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn the_person_of_a_new_token_is_told_of_it(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (store, person) = store(&database).await;
    let new = signed_in(&store).await;
    let token = create_token(&store, &new, reading(30)).await;
    let rows = notification::Entity::find()
        .filter(notification::Column::Category.eq(Category::NewToken))
        .all(store.db())
        .await
        .unwrap();
    let [row] = &rows[..] else {
        panic!("{} rows", rows.len())
    };
    assert_eq!((row.person_id, row.project_id), (person.id, None));
    assert_eq!(row.subject_id, token.row.id.0);
    assert_eq!(row.state, NotificationState::Due);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_token_without_people_sees_nobody_and_nothing_that_names_them(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (store, person) = store(&database).await;
    let new = signed_in(&store).await;
    let project = store.project("connection").await.unwrap();
    for sees_people in [true, false] {
        let wanted = token::NewToken {
            sees_people,
            may_write: true,
            ..reading(1)
        };
        let token = create_token(&store, &new, wanted).await;
        let secret = token.secret.unwrap();
        let signed_in = token::authenticate(&store, &secret).await.unwrap().unwrap();
        let viewer = Viewer::Person(signed_in);
        assert_eq!(viewer.sees_people(), sees_people);
        assert_eq!(viewer.may_see_people(&project), sees_people);
        assert_eq!(viewer.may_see_person(&project, person.id), sees_people);
        assert_eq!(viewer.may_see_record(&project, person.id.0), sees_people);
        assert_eq!(viewer.coordinates(&project), sees_people);
        assert_eq!(viewer.may_read_files(&project), sees_people);
        // What it may do otherwise stays.
        assert!(viewer.has_role(&project) && viewer.coordinator_of(&project).is_ok());
    }
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn whoever_signs_out_is_out_at_once(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (store, person) = store(&database).await;
    let one = signed_in(&store).await;
    let other = signed_in(&store).await;
    let third = signed_in(&store).await;
    let token = create_token(&store, &one, reading(1)).await;
    let waiting = request_link(&store, "browser").await;
    let is_in = async |new: &session::NewSession| {
        session::authenticate(&store, &new.secret)
            .await
            .unwrap()
            .is_some()
    };
    assert!(is_in(&one).await && is_in(&other).await && is_in(&third).await);
    session::sign_out(&store, &one.secret).await.unwrap();
    assert!(!is_in(&one).await && is_in(&other).await);
    let keeper = viewer(&other).keeper_of(person.id).unwrap();
    let actor = Actor::new(viewer(&other));
    let ended = session::sign_out_everywhere(&store, &actor, &keeper, false)
        .await
        .unwrap();
    assert_eq!((ended.sessions, ended.tokens), (2, 0));
    assert!(!is_in(&other).await && !is_in(&third).await);
    assert!(matches!(
        redeem(&store, waiting, Some("browser")).await,
        Redemption::Gone
    ));
    assert!(
        token::authenticate(&store, token.secret.as_deref().unwrap())
            .await
            .unwrap()
            .is_some()
    );
    let [entry] = &audited(&store, "signOutEverywhere").await[..] else {
        panic!("one")
    };
    assert_eq!(
        (entry.person_id, entry.credential_id),
        (Some(person.id), Some(other.id.0))
    );
    assert!(session::list(&store, person.id).await.unwrap().is_empty());
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_token_is_of_one_project_and_only_reads_unless_it_says_so(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (store, person) = store(&database).await;
    let new = signed_in(&store).await;
    let project = store.project("connection").await.unwrap();
    let token = create_token(&store, &new, reading(30)).await;
    assert_eq!(
        token.secret.as_deref().unwrap().len(),
        "connection_".len() + 43
    );
    assert_eq!(
        token.row.secret_hash,
        secret::hash(token.secret.as_deref().unwrap())
    );
    let signed_in = token::authenticate(&store, token.secret.as_deref().unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(signed_in.person, person.id);
    let reads = Viewer::Person(signed_in);
    assert!(reads.coordinates(&project));
    assert!(reads.coordinator_of(&project).is_err());
    assert!(reads.keeper_of(person.id).is_err());
    let wanted = token::NewToken {
        may_write: true,
        ..reading(30)
    };
    let writes = create_token(&store, &new, wanted).await;
    let writes = token::authenticate(&store, writes.secret.as_deref().unwrap())
        .await
        .unwrap()
        .unwrap();
    assert!(Viewer::Person(writes).coordinator_of(&project).is_ok());
    for wrong in ["", "connection_", "connection_nonsense", &new.secret] {
        assert_eq!(
            token::authenticate(&store, wrong).await.unwrap(),
            None,
            "{wrong}"
        );
    }
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_token_is_refused_whole_with_all_that_is_wrong(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (store, _) = store(&database).await;
    let new = signed_in(&store).await;
    let project = store.project("connection").await.unwrap();
    let keeper = viewer(&new).keeper_of(new.person).unwrap();
    let actor = Actor::new(viewer(&new));
    for (name, days, wrong) in [("", 0, 2), ("a", 367, 1), (&*"a".repeat(101), 366, 1)] {
        let wanted = token::NewToken {
            name: name.to_owned(),
            ..reading(days)
        };
        let refused = token::create(&store, &actor, &keeper, &project, wanted).await;
        let Err(Error::Invalid(problems)) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(problems.len(), wrong, "{problems:?}");
    }
    let outsider = user::NewUser {
        key: None,
        address: Some("host-desk@torino.example".to_owned()),
        role: None,
        ..coordinator()
    };
    let outsider = user::add(&store, &Actor::COMMAND, outsider).await.unwrap();
    let keeper = Viewer::Operator.keeper_of(outsider.id).unwrap();
    let refused = token::create(&store, &actor, &keeper, &project, reading(1)).await;
    assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
    assert_eq!(audited(&store, "createApiToken").await, []);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn under_one_key_a_token_is_made_and_ended_once(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (store, person) = store(&database).await;
    let new = signed_in(&store).await;
    let project = store.project("connection").await.unwrap();
    let keeper = viewer(&new).keeper_of(new.person).unwrap();
    let idempotency = |field: &str, fingerprint: &str| IdempotencyKey {
        key: "k-1".to_owned(),
        field: field.to_owned(),
        fingerprint: fingerprint.to_owned(),
    };
    let make = Some(idempotency("createApiToken", "one"));
    let actor = Actor {
        idempotency_key: make,
        ..Actor::new(viewer(&new))
    };
    let five = (0..5).map(|_| token::create(&store, &actor, &keeper, &project, reading(1)));
    let all: Vec<_> = join_all(five)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    assert!(all.iter().all(|one| one.row.id == all[0].row.id));
    // Its secret is told to the first alone.
    assert_eq!(all.iter().filter(|one| one.secret.is_some()).count(), 1);
    assert_eq!(token::list(&store, person.id).await.unwrap().len(), 1);
    assert_eq!(audited(&store, "createApiToken").await.len(), 1);
    // The key stands for nothing else; without one there is another token.
    let other = Some(idempotency("createApiToken", "other"));
    let other = Actor {
        idempotency_key: other,
        ..actor.clone()
    };
    let refused = token::create(&store, &other, &keeper, &project, reading(1)).await;
    assert!(matches!(refused, Err(Error::KeyReused)), "{refused:?}");
    let second = create_token(&store, &new, reading(1)).await;
    let end = Some(idempotency("revokeApiToken", "one"));
    let actor = Actor {
        idempotency_key: end,
        ..actor
    };
    for _ in 0..2 {
        let ended = token::revoke(&store, &actor, &keeper, all[0].row.id)
            .await
            .unwrap();
        assert_eq!(ended.id, all[0].row.id);
    }
    assert_eq!(audited(&store, "revokeApiToken").await.len(), 1);
    let end = Some(idempotency("revokeApiToken", "other"));
    let actor = Actor {
        idempotency_key: end,
        ..actor
    };
    let refused = token::revoke(&store, &actor, &keeper, second.row.id).await;
    assert!(matches!(refused, Err(Error::KeyReused)), "{refused:?}");
    let left = token::list(&store, person.id).await.unwrap();
    assert_eq!(
        left.iter().map(|row| row.id).collect::<Vec<_>>(),
        [second.row.id]
    );
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_token_tells_to_the_minute_when_it_was_used(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (store, person) = store(&database).await;
    let new = signed_in(&store).await;
    let token = create_token(&store, &new, reading(1)).await;
    let last = async || {
        let [row] = &token::list(&store, person.id).await.unwrap()[..] else {
            panic!("one")
        };
        row.last_used_at
    };
    assert_eq!(last().await, None);
    token::authenticate(&store, token.secret.as_deref().unwrap())
        .await
        .unwrap();
    assert_eq!(last().await, Some(at(NOON)));
    pass(&store, TimeDelta::seconds(59));
    believed_no_more().await;
    token::authenticate(&store, token.secret.as_deref().unwrap())
        .await
        .unwrap();
    assert_eq!(last().await, Some(at(NOON)));
    pass(&store, TimeDelta::seconds(1));
    believed_no_more().await;
    token::authenticate(&store, token.secret.as_deref().unwrap())
        .await
        .unwrap();
    assert_eq!(last().await, Some(at("2021-09-06T12:01:00Z")));
    pass(&store, TimeDelta::days(1));
    assert_eq!(
        token::authenticate(&store, token.secret.as_deref().unwrap())
            .await
            .unwrap(),
        None
    );
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_revoked_token_is_of_no_more_use_here_at_once_and_elsewhere_within_a_second(
    #[case] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (store, person) = store(&database).await;
    let elsewhere = Store::new(database.db.clone(), store.clock().clone(), Ids::Fresh);
    let new = signed_in(&store).await;
    let token = create_token(&store, &new, reading(1)).await;
    let signed_in = token::authenticate(&store, token.secret.as_deref().unwrap())
        .await
        .unwrap()
        .unwrap();
    for store in [&store, &elsewhere] {
        assert!(
            token::authenticate(store, token.secret.as_deref().unwrap())
                .await
                .unwrap()
                .is_some()
        );
        assert!(account::is_valid(store, signed_in).await.unwrap());
    }
    let stranger = Viewer::Operator.keeper_of(PersonId(new.id.0)).unwrap();
    let actor = Actor::new(viewer(&new));
    let refused = token::revoke(&store, &actor, &stranger, token.row.id).await;
    assert!(matches!(refused, Err(Error::NotFound(_))));
    let keeper = viewer(&new).keeper_of(person.id).unwrap();
    for _ in 0..2 {
        token::revoke(&store, &actor, &keeper, token.row.id)
            .await
            .unwrap();
    }
    assert_eq!(audited(&store, "revokeApiToken").await.len(), 1);
    assert_eq!(token::list(&store, person.id).await.unwrap(), []);
    assert_eq!(
        token::authenticate(&store, token.secret.as_deref().unwrap())
            .await
            .unwrap(),
        None
    );
    assert!(!account::is_valid(&store, signed_in).await.unwrap());
    believed_no_more().await;
    assert_eq!(
        token::authenticate(&elsewhere, token.secret.as_deref().unwrap())
            .await
            .unwrap(),
        None
    );
    assert!(!account::is_valid(&elsewhere, signed_in).await.unwrap());
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_user_who_is_known_gets_what_is_new_and_keeps_the_rest(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (store, person) = store(&database).await;
    let before = store.fresh("connection").await.unwrap().revision();
    let again = user::NewUser {
        key: None,
        name: Some("Another name".to_owned()),
        address: Some(ADDRESS.to_uppercase()),
        may_create_projects: true,
        ..coordinator()
    };
    let same = user::add(&store, &Actor::COMMAND, again).await.unwrap();
    assert_eq!((same.id, &same.name), (person.id, &person.name));
    assert!(same.may_create_projects);
    let project = store.fresh("connection").await.unwrap();
    assert!(project.revision() > before);
    assert_eq!(project.roles_of(person.id).len(), 1);
    let [first, _] = &audited(&store, "userAdd").await[..] else {
        panic!("two")
    };
    assert_eq!((first.channel, first.person_id), (Channel::Command, None));
    assert!(!format!("{first:?}").contains("torino"));
    let same = user::find(&store, ADDRESS).await.unwrap();
    assert_eq!(same.id, person.id);
    let users = user::list(&store).await.unwrap();
    let (_, roles) = users.iter().find(|(row, _)| *row == same).unwrap();
    let [role] = &roles[..] else {
        panic!("one role")
    };
    assert_eq!(
        (role.key.as_str(), role.kind),
        ("connection", RoleKind::Coordinator)
    );
    let mailbox = user::NewUser {
        key: Some("eurocities-coordination".to_owned()),
        ..coordinator()
    };
    let refused = user::add(&store, &Actor::COMMAND, mailbox).await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    let wrong = user::NewUser {
        key: None,
        address: Some("no address".to_owned()),
        time_zone: "Europe/Nowhere".to_owned(),
        ..coordinator()
    };
    let refused = user::add(&store, &Actor::COMMAND, wrong).await;
    let Err(Error::Invalid(problems)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(problems.len(), 2);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn whoever_the_command_line_added_stays_when_a_file_without_them_is_imported(
    #[case] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (store, person) = store(&database).await;
    let mut file = connection();
    file.project.acronym = "ANOTHER".to_owned();
    let imported = store.import(&file, Import::default()).await.unwrap();
    assert_eq!(imported.changes.len(), 1, "{:?}", imported.changes);
    let project = store.project("connection").await.unwrap();
    assert_eq!(project.person(person.id), &person);
    assert_eq!(project.roles_of(person.id).len(), 1);
    let prune = Import {
        prune: true,
        ..Import::default()
    };
    store.import(&file, prune).await.unwrap();
    assert_eq!(
        store
            .project("connection")
            .await
            .unwrap()
            .roles_of(person.id),
        []
    );
    assert!(user::find(&store, ADDRESS).await.is_ok());
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_link_of_the_command_line_is_of_use_in_any_browser(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (store, person) = store(&database).await;
    let link = link::create(&store, &key(), &Actor::COMMAND, person.id)
        .await
        .unwrap();
    let [row] = &links(&store).await[..] else {
        panic!("one link")
    };
    assert_eq!(link.path, key().sign_in_path(row.id));
    assert!(mails(&store).await.is_empty());
    new(redeem(&store, row.id, None).await);
    let used = sign_in_link::Entity::find()
        .filter(sign_in_link::Column::UsedAt.is_not_null())
        .count(store.db());
    assert_eq!(used.await.unwrap(), 1);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn the_command_line_adds_people_who_act_for_a_partner(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let (store, _) = store(&database).await;
    let of_a_city = |kind| user::NewUser {
        key: Some("city-desk".to_owned()),
        address: Some("city-desk@torino.example".to_owned()),
        role: Some(("connection".to_owned(), kind)),
        ..coordinator()
    };
    let add = async |organisation: &str| {
        let wanted = of_a_city(RoleKind::Partner);
        user::add_to_partner(&store, &Actor::COMMAND, wanted, organisation).await
    };
    let person = add("torino").await.unwrap();
    add("torino").await.unwrap();
    add("paris").await.unwrap();
    let project = store.fresh("connection").await.unwrap();
    let roles = project.roles_of(person.id).iter().map(|role| {
        let partner = role.partner_id.map(|id| project.organisation_of(id));
        (
            role.kind,
            partner.map(|organisation| organisation.key.as_str()),
        )
    });
    assert_eq!(
        roles.collect::<Vec<_>>(),
        [
            (RoleKind::Partner, Some("torino")),
            (RoleKind::Partner, Some("paris")),
        ]
    );

    let refused = [
        (add("nowhere").await, Code::NotFound),
        (
            user::add(&store, &Actor::COMMAND, of_a_city(RoleKind::Partner)).await,
            Code::Required,
        ),
    ];
    for (refused, code) in refused {
        let Err(Error::Invalid(problems)) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(problems.len(), 1);
        assert_eq!(
            (problems[0].path.as_ref(), problems[0].code),
            ("organisation", code)
        );
    }
    let project = store.fresh("connection").await.unwrap();
    assert_eq!(project.roles_of(person.id).len(), 2);
}
