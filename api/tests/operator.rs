//! Who the operator is: of a `connection up` who holds its key, in production who asks from the
//! machine itself, where a setting says so.

use std::fs;

use crate::support::{Api, link_key};
use api::{Config, OperatorKey, endpoint, serve};
use domain::secret;
use poem::{
    Endpoint, Response,
    http::{StatusCode, header},
    test::{TestClient, TestResponse},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Only the operator, and who has a role, sees it.
const PEOPLE: &str = "{ project(key: \"connection\") { people(first: 1) { totalCount } } }";
const COOKIE: &str = "__Host-connection-operator";

struct Embedded<E> {
    client: TestClient<E>,
    key: String,
    _outbox: tempfile::TempDir,
}

/// The API as `connection up` serves it.
fn embedded(api: &Api) -> Embedded<impl Endpoint<Output = Response>> {
    let outbox = tempfile::tempdir().unwrap();
    let key = secret::fresh();
    let client = TestClient::new(endpoint(Config {
        outbox: Some(outbox.path().to_owned()),
        operator_key: OperatorKey::new(&key),
        ..Config::new(api.store.clone(), link_key())
    }));
    fs::write(
        outbox.path().join("one.eml"),
        "Subject: One\r\n\r\nText\r\n",
    )
    .unwrap();
    Embedded {
        client,
        key,
        _outbox: outbox,
    }
}

impl<E: Endpoint<Output = Response>> Embedded<E> {
    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> TestResponse {
        let mut request = self.client.get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await
    }

    async fn sees_people(&self, headers: &[(&str, &str)]) -> bool {
        let mut request = self.client.post("/graphql");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.body_json(&json!({ "query": PEOPLE })).send().await;
        let body = response.0.into_body().into_bytes().await.unwrap();
        let body: Value = serde_json::from_slice(&body).unwrap();
        body["data"]["project"]["people"]["totalCount"].is_u64()
    }
}

#[tokio::test]
async fn whoever_opens_an_address_with_the_key_is_the_operator_from_then_on() {
    let api = Api::new().await;
    let up = embedded(&api);
    for (path, clean) in [
        ("/outbox?key=KEY", "/outbox"),
        ("/outbox?page=2&key=KEY", "/outbox?page=2"),
        ("/graphiql?key=KEY", "/graphiql"),
        ("/?key=KEY", "/"),
    ] {
        let opened = up.get(&path.replace("KEY", &up.key), &[]).await;
        opened.assert_status(StatusCode::SEE_OTHER);
        opened.assert_header(header::LOCATION, clean);
        opened.assert_header(header::CACHE_CONTROL, "no-store");
        opened.assert_header(header::REFERRER_POLICY, "no-referrer");
        let expected = format!(
            "{COOKIE}={}; Path=/; Max-Age=2592000; HttpOnly; Secure; SameSite=Strict",
            up.key
        );
        opened.assert_header(header::SET_COOKIE, expected);
    }
    let cookie = format!("{COOKIE}={}", up.key);
    let page = up.get("/outbox", &[("cookie", &cookie)]).await;
    page.assert_status_is_ok();
    let page = page.0.into_body().into_string().await.unwrap();
    assert!(page.contains("/outbox/one.eml") && !page.contains(&up.key));
    assert!(up.sees_people(&[("cookie", &cookie)]).await);
}

#[tokio::test]
async fn without_the_key_nobody_is_the_operator() {
    let api = Api::new().await;
    let up = embedded(&api);
    let wrong = secret::fresh();
    let cookie = format!("{COOKIE}={wrong}");
    for (path, headers) in [
        ("/outbox".to_owned(), vec![]),
        ("/outbox".to_owned(), vec![("host", "localhost:8000")]),
        ("/outbox".to_owned(), vec![("cookie", cookie.as_str())]),
        (format!("/outbox?key={wrong}"), vec![]),
        ("/outbox?key=".to_owned(), vec![]),
        (format!("/outbox?key={0}&key={0}", up.key), vec![]),
        (format!("/outbox?key={}", &up.key[..42]), vec![]),
    ] {
        let refused = up.get(&path, &headers).await;
        refused.assert_status(StatusCode::NOT_FOUND);
        assert_eq!(refused.0.headers().get(header::SET_COOKIE), None, "{path}");
    }
    // Nor by the key in another place than the cookie, nor for pages of other sites.
    let right = format!("{COOKIE}={}", up.key);
    let bearer = format!("Bearer {}", up.key);
    assert!(!up.sees_people(&[("authorization", &bearer)]).await);
    assert!(!up.sees_people(&[("host", "localhost:8000")]).await);
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "http://evil.example"),
        ("origin", "null"),
    ] {
        let headers = [
            ("cookie", right.as_str()),
            ("host", "localhost:8000"),
            (name, value),
        ];
        assert!(!up.sees_people(&headers).await, "{name}: {value}");
    }
    let twice = format!("{right}; {right}");
    assert!(!up.sees_people(&[("cookie", &twice)]).await);
}

#[tokio::test]
async fn without_a_key_in_the_settings_none_is_taken() {
    let api = Api::new().await;
    let client = TestClient::new(endpoint(Config::new(api.store.clone(), link_key())));
    let response = client.get("/?key=anything").send().await;
    response.assert_status_is_ok();
    assert!(OperatorKey::new("short").is_none());
}

/// The first line and the body of the answer to a request, as it is written.
async fn raw(address: &str, version: &str, headers: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("GET /metrics {version}\r\nHost: {address}\r\nConnection: close\r\n");
    stream
        .write_all(format!("{head}{headers}\r\n").as_bytes())
        .await
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer.lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn on_the_machine_itself_a_proxy_and_another_site_are_not_the_operator() {
    let api = Api::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let config = Config {
        loopback_is_operator: true,
        ..Config::new(api.store.clone(), link_key())
    };
    tokio::spawn(serve(listener, config, std::future::pending()));
    let own = raw(&address, "HTTP/1.1", "").await;
    assert!(own.contains("200"), "{own}");
    let own = raw(&address, "HTTP/1.1", "Sec-Fetch-Site: same-origin\r\n").await;
    assert!(own.contains("200"), "{own}");
    let plain_proxy = raw(&address, "HTTP/1.0", "").await;
    assert!(plain_proxy.contains("404"), "{plain_proxy}");
    for header in [
        "Forwarded: for=203.0.113.5",
        "X-Forwarded-For: 203.0.113.5",
        "X-Forwarded-Host: connection.example",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Port: 443",
        "X-Forwarded-Anything: x",
        "X-Real-IP: 203.0.113.5",
        "Via: 1.1 proxy",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Origin: http://evil.example",
    ] {
        let refused = raw(&address, "HTTP/1.1", &format!("{header}\r\n")).await;
        assert!(refused.contains("404"), "{header}: {refused}");
    }
}
