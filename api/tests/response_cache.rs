//! Answers that are kept: never a stale one, and each as the client takes it.

use std::{io::Read, sync::Arc, time::Duration};

use crate::support::{Api, link_key};
use api::{Config, endpoint, serve};
use domain::{command::Import, ids::Ids, store::Store};
use flate2::read::GzDecoder;
use poem::{
    Endpoint, Response,
    http::{StatusCode, header},
    test::TestClient,
};
use rstest::rstest;
use serde_json::{Value, json};
use tests::{Backend, project::connection};
use tokio::net::TcpListener;

const ACRONYM: &str = r#"{ project(key: "connection") { acronym } }"#;

fn client_of(store: &Arc<Store>) -> TestClient<impl Endpoint<Output = Response>> {
    TestClient::new(endpoint(Config::new(Arc::clone(store), link_key())))
}

async fn asked(client: &TestClient<impl Endpoint<Output = Response>>, query: &str) -> Value {
    let body = json!({ "query": query });
    let answer = client.post("/graphql").body_json(&body).send().await;
    answer.assert_status_is_ok();
    let bytes = answer.0.into_body().into_bytes().await.unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

async fn rename(store: &Store, acronym: &str) {
    let mut file = connection();
    file.project.acronym = acronym.into();
    store.import(&file, Import::default()).await.unwrap();
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn an_answer_shows_a_change_of_its_own_process_at_once_and_another_s_soon(
    #[case] backend: Backend,
) {
    let Some(db) = backend.database().await else {
        return;
    };
    let api = Api::over(db).await;
    let other = Store::new(
        api.store.db().clone(),
        api.store.clock().clone(),
        Ids::FromKeys,
    );
    let other = Arc::new(other);
    let (here, there) = (client_of(&api.store), client_of(&other));
    let acronym = async |client: &TestClient<_>| {
        asked(client, ACRONYM).await["data"]["project"]["acronym"].clone()
    };
    for _ in 0..2 {
        assert_eq!(acronym(&here).await, "CONNECTION");
    }
    assert_eq!(
        asked(&there, ACRONYM).await["data"]["project"]["acronym"],
        "CONNECTION"
    );
    let watch = tokio::spawn({
        let other = Arc::clone(&other);
        async move { other.watch().await }
    });
    for n in 0..3 {
        let new = format!("C{n}");
        rename(&api.store, &new).await;
        assert_eq!(acronym(&here).await, new);
        let mut polls = 0;
        while asked(&there, ACRONYM).await["data"]["project"]["acronym"] != new {
            polls += 1;
            assert!(polls < 500, "the other process still shows the old one");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    watch.abort();
}

#[tokio::test]
async fn an_answer_of_yesterday_is_not_given_today() {
    let api = Api::new().await;
    let client = client_of(&api.store);
    let query = r#"{ project(key: "connection") { progress { asOf } } }"#;
    let as_of = async || asked(&client, query).await["data"]["project"]["progress"]["asOf"].clone();
    assert_eq!(as_of().await, "2021-09-06");
    // In Brussels it is the next day already.
    api.store
        .clock()
        .set("2021-09-06T22:00:00Z".parse().unwrap());
    assert_eq!(as_of().await, "2021-09-07");
    api.store
        .clock()
        .set("2021-09-06T21:59:59Z".parse().unwrap());
    assert_eq!(as_of().await, "2021-09-06");
}

#[tokio::test]
async fn the_operator_s_answer_is_given_to_nobody_else() {
    let api = Api::new().await;
    let config = Config {
        loopback_is_operator: true,
        ..Config::new(api.store.clone(), link_key())
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/graphql", listener.local_addr().unwrap());
    tokio::spawn(serve(listener, config, std::future::pending()));
    let query = json!({ "query": r#"{ project(key: "connection") { people { totalCount } } }"# });
    let ask = async |forwarded: bool| {
        let mut request = reqwest::Client::new().post(&url).json(&query);
        if forwarded {
            request = request.header("x-forwarded-for", "192.0.2.1");
        }
        request.send().await.unwrap().text().await.unwrap()
    };
    for _ in 0..2 {
        assert!(ask(false).await.contains("totalCount\":"));
        assert!(ask(true).await.contains("FORBIDDEN"));
    }
}

#[tokio::test]
async fn a_long_answer_is_compressed_for_whoever_takes_that() {
    let api = Api::new().await;
    let client = client_of(&api.store);
    let long = r#"{ project(key: "connection") { partners(first: 50) { nodes { id organisation { name } } } } }"#;
    let ask = async |query: &str, takes: &str| {
        let body = json!({ "query": query });
        let request = client
            .post("/graphql")
            .header(header::ACCEPT_ENCODING, takes);
        let answer = request.body_json(&body).send().await.0;
        let encoding = answer.header(header::CONTENT_ENCODING).map(str::to_owned);
        (encoding, answer.into_body().into_vec().await.unwrap())
    };
    let (none, plain) = ask(long, "identity").await;
    assert_eq!(none, None);
    for _ in 0..2 {
        let (encoding, body) = ask(long, "br, gzip").await;
        assert_eq!(encoding.as_deref(), Some("gzip"));
        assert!(
            body.len() * 2 < plain.len(),
            "{} of {}",
            body.len(),
            plain.len()
        );
        let mut unpacked = Vec::new();
        GzDecoder::new(&*body).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, plain);
    }
    let (encoding, _) = ask(ACRONYM, "gzip").await;
    assert_eq!(encoding, None, "a short one is not worth it");
}

#[tokio::test]
async fn the_schema_and_the_pages_files_can_be_kept_by_browsers() {
    let api = Api::new().await;
    let client = client_of(&api.store);
    for path in ["/schema.graphql", "/graphiql/graphiql.min.js", "/graphiql"] {
        let first = client.get(path).send().await;
        first.assert_status_is_ok();
        let tag = first.0.header(header::ETAG).unwrap().to_owned();
        let again = client
            .get(path)
            .header(header::IF_NONE_MATCH, tag)
            .send()
            .await;
        again.assert_status(StatusCode::NOT_MODIFIED);
    }
}
