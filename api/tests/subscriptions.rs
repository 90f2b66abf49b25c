//! What subscribers are sent, and what it costs: events are paid for, the same question is answered
//! once per revision, and no revision is made for what no answer shows.

use std::{sync::Arc, time::Duration};

use crate::support::Api;
use api::{Access, Gateway, Limits, Operation, PreparedOperation, RateLimitKey, Rejection};
use async_graphql::Response;
use domain::{
    account::user,
    actor::Actor,
    clock::Clock,
    command::Import,
    ids::Ids,
    store::Store,
    viewer::{Credential, SignedIn, Viewer},
};
use entities::{RoleKind, SessionId};
use futures::{StreamExt, stream::BoxStream};
use rstest::rstest;
use serde_json::{Value, json};
use tests::{Backend, project};
use tokio::time::timeout;
use uuid::Uuid;

/// Long enough for a busy machine.
const SOON: Duration = Duration::from_secs(20);

const FOLLOW: &str = "subscription { projectChanged(key: \"connection\") {
    revision previousRevision recordCount project { acronym } } }";

type Answers = BoxStream<'static, Arc<Response>>;

fn prepared(gateway: &Gateway, viewer: Viewer, document: &str) -> PreparedOperation {
    let operation = Operation::new(document);
    gateway.prepare(operation, viewer, Access::Write).unwrap()
}

fn follow(api: &Api, gateway: &Gateway, viewer: Viewer, document: &str) -> Answers {
    let ready = prepared(gateway, viewer, document);
    let key = RateLimitKey::at("192.0.2.1".parse().unwrap());
    gateway.subscribe(&api.store, viewer, key, ready)
}

async fn next(answers: &mut Answers) -> Arc<Response> {
    let answer = timeout(SOON, answers.next()).await;
    answer.expect("an answer in time").expect("an answer")
}

fn change(answer: &Response) -> Value {
    let answer = serde_json::to_value(answer).unwrap();
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"]["projectChanged"].clone()
}

/// Makes a revision.
async fn rename(api: &Api, acronym: &str) {
    let mut file = project::connection();
    file.project.acronym = acronym.into();
    api.store.import(&file, Import::default()).await.unwrap();
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn the_same_document_is_answered_once_per_revision_for_the_same_rights(
    #[case] backend: Backend,
) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let gateway = Gateway::new(Limits::default());
    let mut strangers: Vec<_> = (0..50)
        .map(|_| follow(&api, &gateway, Viewer::Anonymous, FOLLOW))
        .collect();
    let mut operator = follow(&api, &gateway, Viewer::Operator, FOLLOW);
    let first = next(&mut strangers[0]).await;
    assert_eq!(change(&first)["previousRevision"], Value::Null);
    for one in &mut strangers[1..] {
        assert!(Arc::ptr_eq(&next(one).await, &first));
    }
    assert_eq!(gateway.subscription_answers(), 1);
    // Other rights, other answers; another document, too.
    assert!(!Arc::ptr_eq(&next(&mut operator).await, &first));
    let other = "subscription { projectChanged(key: \"connection\") { revision } }";
    let mut other = follow(&api, &gateway, Viewer::Anonymous, other);
    next(&mut other).await;
    assert_eq!(gateway.subscription_answers(), 3);
    for (made, acronym) in [(4, "FIRST"), (5, "SECOND")] {
        rename(&api, acronym).await;
        for one in &mut strangers {
            let event = change(&*next(one).await);
            assert_eq!(event["project"]["acronym"], acronym);
            assert_eq!(event["recordCount"], 1);
        }
        assert_eq!(gateway.subscription_answers(), made);
    }
}

#[tokio::test]
async fn what_depends_on_more_than_the_project_is_answered_to_each() {
    let api = Api::new().await;
    let gateway = Gateway::new(Limits::default());
    let document = "subscription { projectChanged(key: \"connection\") {
        project { auditLog(first: 1) { totalCount } } } }";
    let mut both = [(); 2].map(|()| follow(&api, &gateway, Viewer::Operator, document));
    for one in &mut both {
        change(&*next(one).await);
    }
    assert_eq!(gateway.subscription_answers(), 2);
}

#[tokio::test]
async fn whoever_has_spent_their_bucket_gets_the_newest_revision_later() {
    let api = Api::new().await;
    let cost = prepared(&api.gateway, Viewer::Anonymous, FOLLOW).cost();
    let cost = usize::try_from(cost).unwrap();
    // An event at once, and one each second.
    let gateway = Gateway::new(Limits {
        burst: cost,
        rate: cost * 60,
        ..Limits::default()
    });
    let mut answers = follow(&api, &gateway, Viewer::Anonymous, FOLLOW);
    let first = change(&*next(&mut answers).await);
    rename(&api, "PAID").await;
    let paid = change(&*next(&mut answers).await);
    assert_eq!(paid["previousRevision"], first["revision"]);
    for at in 0..5 {
        rename(&api, &format!("UNPAID-{at}")).await;
    }
    let started = tokio::time::Instant::now();
    let late = change(&*next(&mut answers).await);
    assert!(started.elapsed() < SOON);
    assert_eq!(late["previousRevision"], paid["revision"]);
    assert_eq!(late["project"]["acronym"], "UNPAID-4");
    assert_eq!(gateway.subscription_answers(), 3);
}

#[test]
fn a_mutation_costs_what_it_changes() {
    let gateway = Gateway::new(Limits::default());
    let cost = |fields: &str| {
        let document = format!("mutation {{ {fields} }}");
        prepared(&gateway, Viewer::Operator, &document).cost()
    };
    let one = cost("a: removeSource(input: { id: \"x\" }) { userErrors { code } }");
    assert!((10_000..10_100).contains(&one), "{one}");
    let prefer = "setPreferences(input: { digestHour: 7 }) { userErrors { code } }";
    let preferred = cost(prefer);
    assert!((30_000..30_100).contains(&preferred), "{preferred}");
    let both = cost(&format!("a: {prefer} ... {{ b: {prefer} }}"));
    assert!((60_000..60_200).contains(&both), "{both}");
}

/// Somebody who reads CONNECTION, signed in.
async fn reader(api: &Api) -> Viewer {
    let wanted = user::NewUser {
        key: Some("reader".to_owned()),
        name: None,
        address: None,
        locale: "it".to_owned(),
        time_zone: "Europe/Rome".to_owned(),
        role: Some(("connection".to_owned(), RoleKind::Viewer)),
        may_create_projects: false,
    };
    let added = user::add(&api.store, &Actor::COMMAND, wanted).await;
    Viewer::Person(SignedIn {
        person: added.unwrap().id,
        by: Credential::Session(SessionId(Uuid::from_u128(1))),
    })
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn what_somebody_declines_makes_no_revision(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let viewer = reader(&api).await;
    // What people prefer is no project's: each change has an id of its own.
    let clock = Clock::frozen(api.store.clock().now());
    let store = Arc::new(Store::new(api.store.db().clone(), clock, Ids::Fresh));
    let revision = async || store.fresh("connection").await.unwrap().revision();
    let prefer = async |preference: &str| {
        let document = format!(
            "mutation {{ setPreferences(input: {{ {preference} }}) {{ userErrors {{ code }} }} }}"
        );
        let operation = Operation::new(document);
        let answer = Box::pin(api.gateway.answer(&store, viewer, operation)).await;
        let answer = serde_json::to_value(answer).unwrap();
        let errors = &answer["data"]["setPreferences"]["userErrors"];
        assert_eq!(errors, &json!([]), "{answer}");
    };
    let before = revision().await;
    prefer("unsubscribed: [DIGEST]").await;
    prefer("unsubscribed: []").await;
    assert_eq!(revision().await, before);
    // What coordinators are shown of a person does.
    prefer("digestHour: 17").await;
    assert_eq!(revision().await, before + 1);
    prefer("digestHour: 17").await;
    assert_eq!(revision().await, before + 1);
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_preference_changes_as_often_as_its_bucket_pays_for(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let viewer = reader(&api).await;
    let clock = Clock::frozen(api.store.clock().now());
    let store = Arc::new(Store::new(api.store.db().clone(), clock, Ids::Fresh));
    let revision = async || store.fresh("connection").await.unwrap().revision();
    let document = |hour: i64| {
        format!(
            "mutation {{ setPreferences(input: {{ digestHour: {hour} }}) {{ preferences {{ digestHour }} }} }}"
        )
    };
    let cost = prepared(&api.gateway, viewer, &document(1)).cost();
    // By default that is a third of a thousand at once, and then sixteen a second.
    let default = Limits::default();
    assert_eq!(default.viewer_burst as u64 / cost, 333);
    assert_eq!(default.viewer_rate as u64 / 60 / cost, 16);

    // A bucket for seven of them, with what a request costs by itself, that does not fill up.
    let gateway = Gateway::new(Limits {
        viewer_rate: 1,
        viewer_burst: usize::try_from(7 * (cost + 10)).unwrap(),
        ..default
    });
    let key = RateLimitKey::Person(viewer.person().unwrap());
    let before = revision().await;
    let mut refused = 0;
    for hour in 0..20 {
        let document = document(hour % 24);
        let admitted = gateway.admit(
            &key,
            document.len(),
            Operation::new(&document),
            viewer,
            Access::Write,
        );
        match admitted.await {
            Ok(ready) => {
                let made = Box::pin(gateway.run(&store, viewer, ready)).await;
                let answer = serde_json::to_value(made.response).unwrap();
                let set = &answer["data"]["setPreferences"]["preferences"]["digestHour"];
                assert_eq!(*set, hour, "{answer}");
            }
            Err(Rejection::RateLimited(wait)) => {
                assert!(wait.seconds() > 0);
                refused += 1;
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(refused, 13);
    assert_eq!(revision().await, before + 7);
}
