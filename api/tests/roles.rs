//! Who may ask for what, and for how much: introspection, persisted queries, rates.

use crate::support::{Api, link_key};
use api::{Config, Introspection, Limits, endpoint, serve};
use poem::{
    Endpoint, Response,
    http::StatusCode,
    test::{TestClient, TestResponse},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;

type Client<E> = TestClient<E>;

fn client(config: Config) -> Client<impl Endpoint<Output = Response>> {
    TestClient::new(endpoint(config))
}

async fn post(client: &Client<impl Endpoint<Output = Response>>, body: &Value) -> TestResponse {
    client.post("/graphql").body_json(body).send().await
}

async fn json_of(response: TestResponse) -> Value {
    let bytes = response.0.into_body().into_bytes().await.unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"]
        .as_str()
        .unwrap_or_default()
}

#[tokio::test]
async fn the_schema_is_told_to_the_operator_only_where_a_setting_says_so() {
    let api = Api::empty().await;
    let config = || Config {
        introspection: Introspection::Operator,
        ..Config::new(api.store.clone(), link_key())
    };
    let stranger = client(config());
    for query in [
        "{ __schema { types { name } } }",
        "{ ...f } fragment f on Query { __type(name: \"Project\") { name } }",
    ] {
        let answer = json_of(post(&stranger, &json!({ "query": query })).await).await;
        assert_eq!(code(&answer), "INTROSPECTION_DISABLED", "{answer}");
    }
    let answer = json_of(post(&stranger, &json!({ "query": "{ __typename }" })).await).await;
    assert_eq!(answer["data"]["__typename"], "Query");
    // What is said of a wrong document names nothing that the client did not write.
    for (query, hidden) in [
        ("{ project { acronym } }", "String"),
        ("{ projects }", "ProjectConnection"),
        (
            "query($f: OutputFilter!) { project(key: \"a\") { outputs(filter: $f) { totalCount } } }",
            "OutputFilter",
        ),
        ("{ prject(key: \"a\") { id } }", "Query"),
    ] {
        let answer = json_of(post(&stranger, &json!({ "query": query })).await).await;
        let message = answer["errors"][0]["message"].as_str().unwrap();
        assert!(!message.contains(hidden), "{message}");
        assert!(!message.contains("Did you mean"), "{message}");
    }
    for path in ["/schema.graphql", "/graphiql", "/graphiql/start.js"] {
        let page = stranger.get(path).send().await;
        page.assert_status(StatusCode::NOT_FOUND);
        let page = stranger.delete(path).send().await;
        page.assert_status(StatusCode::NOT_FOUND);
    }
    let start = stranger.get("/").send().await.0.into_body();
    assert!(!start.into_string().await.unwrap().contains("/graphiql"));
    // The operator, on the machine itself, is told as ever.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let operated = Config {
        loopback_is_operator: true,
        ..config()
    };
    let server = tokio::spawn(serve(listener, operated, std::future::pending()));
    let url = format!("http://{address}");
    let http = reqwest::Client::new();
    let body = json!({ "query": "{ __type(name: \"Project\") { name } }" });
    let answer = http.post(format!("{url}/graphql")).json(&body);
    let answer: Value = answer.send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["data"]["__type"]["name"], "Project");
    for path in ["/schema.graphql", "/graphiql"] {
        let page = http.get(format!("{url}{path}")).send().await.unwrap();
        assert_eq!(page.status(), 200, "{path}");
    }
    server.abort();
}

#[tokio::test]
async fn what_is_asked_for_is_paid_for_by_its_cost_also_where_it_is_kept_or_refused() {
    let api = Api::new().await;
    let limits = Limits {
        rate: 60,
        burst: 300,
        ..Limits::default()
    };
    let config = || Config {
        limits,
        ..Config::new(api.store.clone(), link_key())
    };
    let body = json!({ "query": "{ project(key: \"connection\") { communities(first: 10) { nodes { key } } } }" });
    let client_one = client(config());
    let first = post(&client_one, &body).await;
    first.assert_status_is_ok();
    let cost: u64 = first.0.header("x-cost").unwrap().parse().unwrap();
    assert!((40..150).contains(&cost), "{cost}");
    let mut answered = 1;
    let refused = loop {
        let next = post(&client_one, &body).await;
        if next.0.status() != StatusCode::OK {
            break next;
        }
        assert_eq!(next.0.header("x-cost"), Some(cost.to_string().as_str()));
        answered += 1;
        assert!(answered < 10);
    };
    refused.assert_status(StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = refused.0.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=cost).contains(&wait), "{wait}");
    let answer = json_of(refused).await;
    assert_eq!(code(&answer), "RATE_LIMITED");
    assert_eq!(answered, 300 / cost);
    // Documents that are refused cost by their length.
    let client_two = client(config());
    let long = json!({ "query": format!("{{ nothing }} # {}", "x".repeat(1_000)) });
    let mut refused = 0;
    while post(&client_two, &long).await.0.status() != StatusCode::TOO_MANY_REQUESTS {
        refused += 1;
        assert!(refused < 20);
    }
    assert!(refused > 1, "{refused}");
}

#[tokio::test]
async fn addresses_pay_each_for_themselves_behind_a_trusted_proxy() {
    let api = Api::empty().await;
    let limits = Limits {
        rate: 60,
        burst: 10,
        ..Limits::default()
    };
    let config = Config {
        limits,
        ..Config::new(api.store.clone(), link_key())
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/graphql", listener.local_addr().unwrap());
    let server = tokio::spawn(serve(listener, config, std::future::pending()));
    let http = reqwest::Client::new();
    let body = json!({ "query": "{ a: __typename b: __typename }" });
    let ask = async |forwarded: &str| {
        let request = http.post(&url).json(&body);
        let request = request.header("x-forwarded-for", forwarded);
        request.send().await.unwrap().status().as_u16()
    };
    let mut answers = Vec::new();
    for _ in 0..6 {
        answers.push(ask("203.0.113.5").await);
    }
    assert_eq!(answers[0], 200);
    assert_eq!(answers[5], 429);
    // What the client itself wrote before that changes nothing; another address has its own.
    assert_eq!(ask("198.51.100.1, 203.0.113.5").await, 429);
    assert_eq!(ask("203.0.113.6").await, 200);
    server.abort();
}

fn named(text: &str) -> Value {
    let hash = Sha256::digest(text);
    let digits: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    json!({ "persistedQuery": { "version": 1, "sha256Hash": digits } })
}

async fn persisted_queries_are_found_once_they_were_accepted(config: Config) {
    let client = client(config);
    let text = format!("{{ __typename }} # {:?}", std::time::Instant::now());
    let without = json!({ "extensions": named(&text) });
    let with = json!({ "query": text, "extensions": named(&text) });
    let answer = json_of(post(&client, &without).await).await;
    assert_eq!(code(&answer), "PERSISTED_QUERY_NOT_FOUND");
    assert_eq!(answer["errors"][0]["message"], "PersistedQueryNotFound");
    let answer = json_of(post(&client, &with).await).await;
    assert_eq!(answer["data"]["__typename"], "Query");
    let answer = json_of(post(&client, &without).await).await;
    assert_eq!(answer["data"]["__typename"], "Query");
    let extensions = named(&text).to_string();
    let get = client.get("/graphql").query("extensions", &extensions);
    let answer = json_of(get.send().await).await;
    assert_eq!(answer["data"]["__typename"], "Query");
    // A name that is not the text's, and names that are none.
    let other = json!({ "query": "{ a: __typename }", "extensions": named(&text) });
    let answer = json_of(post(&client, &other).await).await;
    assert_eq!(code(&answer), "PERSISTED_QUERY_HASH_MISMATCH");
    for (persisted, expected) in [
        (
            json!({ "version": 2, "sha256Hash": "0" }),
            "PERSISTED_QUERY_NOT_SUPPORTED",
        ),
        (
            json!({ "version": 1, "sha256Hash": "0" }),
            "PERSISTED_QUERY_HASH_MISMATCH",
        ),
        (json!({ "version": 1 }), "BAD_REQUEST"),
        (json!(7), "BAD_REQUEST"),
    ] {
        let body = json!({ "extensions": { "persistedQuery": persisted } });
        let answer = json_of(post(&client, &body).await).await;
        assert_eq!(code(&answer), expected, "{body}");
    }
    // What was refused is not kept.
    for wrong in ["{ nothing }", "{", "mutation { x }"] {
        let with = json!({ "query": wrong, "extensions": named(wrong) });
        assert!(!code(&json_of(post(&client, &with).await).await).is_empty());
        let without = json!({ "extensions": named(wrong) });
        let answer = json_of(post(&client, &without).await).await;
        assert_eq!(code(&answer), "PERSISTED_QUERY_NOT_FOUND", "{wrong}");
    }
}

#[tokio::test]
async fn persisted_queries_are_kept_in_the_process() {
    let api = Api::empty().await;
    let config = Config::new(api.store.clone(), link_key());
    persisted_queries_are_found_once_they_were_accepted(config).await;
}

#[tokio::test]
async fn persisted_queries_are_kept_in_redis() {
    let Some(url) = tests::service("TEST_REDIS_URL") else {
        return;
    };
    let api = Api::empty().await;
    let config = || Config {
        redis: Some(redis::Client::open(url.as_str()).unwrap()),
        ..Config::new(api.store.clone(), link_key())
    };
    persisted_queries_are_found_once_they_were_accepted(config()).await;
    // Another process finds what one of them kept.
    let text = "{ __typename } # of two processes";
    let with = json!({ "query": text, "extensions": named(text) });
    post(&client(config()), &with).await.assert_status_is_ok();
    let without = json!({ "extensions": named(text) });
    let answer = json_of(post(&client(config()), &without).await).await;
    assert_eq!(answer["data"]["__typename"], "Query");
}

#[tokio::test]
async fn redis_that_is_away_stops_nobody() {
    let api = Api::empty().await;
    let client = client(Config {
        redis: Some(redis::Client::open("redis://127.0.0.1:1").unwrap()),
        ..Config::new(api.store.clone(), link_key())
    });
    let text = "{ __typename } # of a process alone";
    let answer = json_of(post(&client, &json!({ "extensions": named(text) })).await).await;
    assert_eq!(code(&answer), "PERSISTED_QUERY_NOT_FOUND");
    let with = json!({ "query": text, "extensions": named(text) });
    let answer = json_of(post(&client, &with).await).await;
    assert_eq!(answer["data"]["__typename"], "Query");
}
