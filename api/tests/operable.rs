//! What operators rely on: names of requests, metrics, traces, and an end to whatever takes too long.

use std::{net::SocketAddr, time::Duration};

use crate::support::{Api, link_key};
use api::{Config, Limits, serve};
use domain::database;
use poem::http::StatusCode;
use sea_orm::TransactionTrait;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// How many connections to SQLite are open at most.
const POOL: u32 = 8;

async fn started(config: Config) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener, config, std::future::pending()));
    address
}

/// A port that nobody listens on.
async fn free() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap()
}

#[tokio::test]
async fn every_answer_bears_the_name_of_its_request() {
    let api = Api::new().await;
    let address = started(Config::new(api.store.clone(), link_key())).await;
    let name = async |given: Option<&str>| {
        let mut request = reqwest::Client::new().get(format!("http://{address}/nowhere"));
        if let Some(given) = given {
            request = request.header("x-request-id", given);
        }
        let answer = request.send().await.unwrap();
        answer.headers()["x-request-id"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(name(Some("from-the-proxy.1")).await, "from-the-proxy.1");
    let (one, other) = (name(None).await, name(Some("not a name")).await);
    assert_ne!(one, other);
    assert_ne!(other, "not a name");
}

#[tokio::test]
async fn metrics_count_what_was_answered_and_are_not_for_everyone() {
    let api = Api::new().await;
    let internal = free().await;
    let config = Config {
        metrics_at: Some(internal),
        ..Config::new(api.store.clone(), link_key())
    };
    let address = started(config).await;
    let client = reqwest::Client::new();
    let query = json!({ "query": r#"{ project(key: "connection") { key } }"# });
    for _ in 0..3 {
        let answer = client
            .post(format!("http://{address}/graphql"))
            .json(&query)
            .send()
            .await;
        assert_eq!(answer.unwrap().status(), StatusCode::OK);
    }
    for n in 0..3 {
        reqwest::get(format!("http://{address}/made-up-{n}"))
            .await
            .unwrap();
    }
    let outside = reqwest::get(format!("http://{address}/metrics"))
        .await
        .unwrap();
    assert_eq!(outside.status(), StatusCode::NOT_FOUND);
    let answer = reqwest::get(format!("http://{internal}/metrics"))
        .await
        .unwrap();
    assert!(
        answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("application/openmetrics-text")
    );
    let text = answer.text().await.unwrap();
    for line in [
        r#"connection_requests_total{page="graphql",method="POST",status="200"} 3"#,
        r#"connection_requests_total{page="none",method="GET",status="404"} 3"#,
        r#"connection_request_seconds_count{page="graphql"} 3"#,
        "connection_answers_made_total 1",
        "connection_answers_kept_total 2",
        "connection_kept_answers 1",
        "connection_query_cost_count 1",
        "connection_projects_in_memory 1",
        "connection_live_connections 0",
    ] {
        assert!(
            text.lines().any(|found| found == line),
            "{line} is not in\n{text}"
        );
    }
    assert!(text.contains("connection_database_connections "), "{text}");
    for path in ["healthz", "readyz"] {
        let answer = reqwest::get(format!("http://{internal}/{path}"))
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
    }
    let elsewhere = reqwest::get(format!("http://{internal}/graphql"))
        .await
        .unwrap();
    assert_eq!(elsewhere.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up() {
    let api = Api::new().await;
    let config = Config {
        request_timeout: Duration::from_millis(400),
        ..Config::new(api.store.clone(), link_key())
    };
    let address = started(config).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                content-length: 100\r\n\r\n{\"query\":";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4096];
    let read = tokio::time::timeout(Duration::from_secs(20), stream.read(&mut answer));
    let length = read.await.unwrap().unwrap();
    let answer = String::from_utf8_lossy(&answer[..length]);
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("REQUEST_TIMEOUT"), "{answer}");
}

#[tokio::test]
async fn a_request_that_waits_too_long_is_given_up_and_the_next_is_answered() {
    let api = Api::new().await;
    let config = Config {
        request_timeout: Duration::from_millis(400),
        ..Config::new(api.store.clone(), link_key())
    };
    let address = started(config).await;
    let query = json!({ "query": "{ projects { nodes { key } } }" });
    let ask = async || {
        let client = reqwest::Client::new();
        let answer = client
            .post(format!("http://{address}/graphql"))
            .json(&query)
            .send();
        let answer = answer.await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    };
    // Whoever else uses the database holds every connection.
    let mut held = Vec::new();
    for _ in 0..POOL {
        held.push(api.store.db().begin().await.unwrap());
    }
    assert_eq!(database::connections(api.store.db()), (POOL, 0));
    let (status, body) = ask().await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(body.contains("TIMEOUT"), "{body}");
    drop(held);
    let mut tries = 0;
    while ask().await.0 != StatusCode::OK {
        tries += 1;
        assert!(tries < 50, "it does not come back");
    }
}

#[tokio::test]
async fn browsers_are_told_to_stay_with_https_where_that_is_the_address() {
    let api = Api::new().await;
    for is_https in [true, false] {
        let config = Config {
            is_https,
            ..Config::new(api.store.clone(), link_key())
        };
        let address = started(config).await;
        for path in ["healthz", "", "nowhere", "graphql"] {
            let answer = reqwest::get(format!("http://{address}/{path}")).await;
            let answer = answer.unwrap();
            let header = answer.headers().get("strict-transport-security");
            let expected = is_https.then_some("max-age=31536000");
            let header = header.map(|value| value.to_str().unwrap());
            assert_eq!(header, expected, "/{path}");
        }
    }
}

#[tokio::test]
async fn what_is_for_one_viewer_is_stored_nowhere() {
    let api = Api::new().await;
    for (loopback_is_operator, expected) in [(false, "private, no-cache"), (true, "no-store")] {
        let config = Config {
            loopback_is_operator,
            ..Config::new(api.store.clone(), link_key())
        };
        let address = started(config).await;
        let client = reqwest::Client::new();
        let get = async |tag: Option<&str>| {
            let query = "%7B%20project(key%3A%22connection%22)%20%7B%20acronym%20%7D%20%7D";
            let mut request = client.get(format!("http://{address}/graphql?query={query}"));
            if let Some(tag) = tag {
                request = request.header("if-none-match", tag);
            }
            request.send().await.unwrap()
        };
        let first = get(None).await;
        assert_eq!(first.status(), StatusCode::OK);
        assert_eq!(first.headers()["cache-control"], expected);
        // Programs that keep it all the same may ask whether it changed.
        let again = get(first.headers()["etag"].to_str().ok()).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(again.headers()["cache-control"], expected);
    }
}

#[tokio::test]
async fn pages_that_ask_the_database_are_charged() {
    let api = Api::new().await;
    for path in [
        "",
        "account/data.json",
        "reports/01990000-0000-7000-8000-000000000000.html",
        "evidence/01990000-0000-7000-8000-000000000000",
    ] {
        let config = Config {
            limits: Limits {
                rate: 60,
                burst: 2_500,
                ..Limits::default()
            },
            ..Config::new(api.store.clone(), link_key())
        };
        let address = started(config).await;
        let status = async |path: &str| {
            let answer = reqwest::get(format!("http://{address}/{path}")).await;
            answer.unwrap().status()
        };
        for _ in 0..2 {
            assert_ne!(status(path).await, StatusCode::TOO_MANY_REQUESTS, "/{path}");
        }
        assert_eq!(status(path).await, StatusCode::TOO_MANY_REQUESTS, "/{path}");
        assert_eq!(status("healthz").await, StatusCode::OK);
        assert_eq!(status("readyz").await, StatusCode::OK);
    }
}
