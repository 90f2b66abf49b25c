//! The rules of the HTTP front.

use std::fs;

use crate::support::{Api, link_key};
use api::{Config, endpoint, serve};
use poem::{
    Endpoint, Response,
    http::{StatusCode, header},
    test::{TestClient, TestResponse},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::oneshot};

const QUERY: &str = r#"{ project(key: "connection") { acronym } }"#;

async fn client(api: &Api) -> TestClient<impl Endpoint<Output = Response>> {
    TestClient::new(endpoint(Config::new(api.store.clone(), link_key())))
}

async fn json_of(response: TestResponse) -> Value {
    let bytes = response.0.into_body().into_bytes().await.unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

async fn code_of(response: TestResponse) -> String {
    let body = json_of(response).await;
    body["errors"][0]["extensions"]["code"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn a_post_of_json_is_answered() {
    let api = Api::new().await;
    let client = client(&api).await;
    let response = client
        .post("/graphql")
        .body_json(&json!({ "query": QUERY }))
        .send()
        .await;
    response.assert_status_is_ok();
    response.assert_content_type("application/json; charset=utf-8");
    let body = json_of(response).await;
    assert_eq!(
        body,
        json!({ "data": { "project": { "acronym": "CONNECTION" } } })
    );
}

#[tokio::test]
async fn variables_and_the_operation_s_name_are_used() {
    let api = Api::new().await;
    let client = client(&api).await;
    let query = "query A($key: String!) { project(key: $key) { key } } query B { __typename }";
    let body =
        json!({ "query": query, "operationName": "A", "variables": { "key": "connection" } });
    let response = client.post("/graphql").body_json(&body).send().await;
    assert_eq!(
        json_of(response).await["data"]["project"]["key"],
        "connection"
    );
    let response = client
        .get("/graphql")
        .query("query", &query)
        .query("operationName", &"A")
        .query("variables", &r#"{"key": "connection"}"#)
        .send()
        .await;
    response.assert_status_is_ok();
    assert_eq!(
        json_of(response).await["data"]["project"]["key"],
        "connection"
    );
}

#[tokio::test]
async fn a_body_that_is_not_json_is_refused() {
    let api = Api::new().await;
    let client = client(&api).await;
    let body = json!({ "query": QUERY }).to_string();
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/json; charset=utf-16",
        "application/jsonp",
    ] {
        let response = client
            .post("/graphql")
            .content_type(content_type)
            .body(body.clone())
            .send()
            .await;
        response.assert_status(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    client
        .post("/graphql")
        .body(body.clone())
        .send()
        .await
        .assert_status(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    client
        .post("/graphql")
        .content_type("application/json; charset=UTF-8")
        .body(body)
        .send()
        .await
        .assert_status_is_ok();
}

#[tokio::test]
async fn a_body_that_holds_no_request_is_refused_with_the_reason() {
    let api = Api::new().await;
    let client = client(&api).await;
    for (body, reason) in [
        ("{", "no JSON"),
        ("\"x\"", "JSON object"),
        ("[{\"query\": \"{ __typename }\"}]", "Batches"),
        ("{}", "no query"),
        ("{\"query\": 7}", "query must be a text"),
        (
            "{\"query\": \"{ __typename }\", \"variables\": []}",
            "variables",
        ),
        (
            "{\"query\": \"{ __typename }\", \"operationName\": 1}",
            "operationName",
        ),
        (
            "{\"query\": \"{ __typename }\", \"extensions\": 1}",
            "extensions",
        ),
    ] {
        let response = client
            .post("/graphql")
            .content_type("application/json")
            .body(body)
            .send()
            .await;
        response.assert_status(StatusCode::BAD_REQUEST);
        let answer = json_of(response).await;
        let message = answer["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains(reason), "{body}: {message}");
    }
}

#[tokio::test]
async fn a_body_is_read_up_to_its_limit() {
    let api = Api::new().await;
    let client = client(&api).await;
    let body = json!({ "query": "x".repeat(256 * 1024) }).to_string();
    let response = client
        .post("/graphql")
        .content_type("application/json")
        .body(body)
        .send()
        .await;
    response.assert_status(StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(code_of(response).await, "PAYLOAD_TOO_LARGE");
}

#[tokio::test]
async fn other_methods_are_not_allowed() {
    let api = Api::new().await;
    let client = client(&api).await;
    for (path, allowed) in [
        ("/graphql", "GET, POST"),
        ("/", "GET, HEAD"),
        ("/graphiql", "GET, HEAD"),
    ] {
        let response = client.delete(path).send().await;
        response.assert_status(StatusCode::METHOD_NOT_ALLOWED);
        response.assert_header(header::ALLOW, allowed);
    }
    let response = client
        .get("/graphql")
        .query("query", &"mutation { x }")
        .send()
        .await;
    response.assert_status(StatusCode::METHOD_NOT_ALLOWED);
    response.assert_header(header::ALLOW, "POST");
    client
        .post("/nowhere")
        .send()
        .await
        .assert_status(StatusCode::NOT_FOUND);
    client
        .get("/nowhere")
        .send()
        .await
        .assert_status(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_media_type_that_a_client_asks_for_decides_the_status_of_a_refused_document() {
    let api = Api::new().await;
    let client = client(&api).await;
    let ask = |accept: &'static str, query: &'static str| {
        let body = json!({ "query": query });
        client
            .post("/graphql")
            .header("accept", accept)
            .body_json(&body)
            .send()
    };
    let new = "application/graphql-response+json, application/json;q=0.9";
    let response = ask(new, "{ nothing }").await;
    response.assert_status(StatusCode::BAD_REQUEST);
    response.assert_content_type("application/graphql-response+json; charset=utf-8");
    assert_eq!(code_of(response).await, "GRAPHQL_VALIDATION_FAILED");
    ask(new, "{ __typename }").await.assert_status_is_ok();
    ask("application/json", "{ nothing }")
        .await
        .assert_status_is_ok();
    ask("*/*", "{ __typename }").await.assert_status_is_ok();
    ask("text/html", "{ __typename }")
        .await
        .assert_status(StatusCode::NOT_ACCEPTABLE);
}

#[tokio::test]
async fn documents_that_ask_for_too_much_are_refused() {
    let api = Api::new().await;
    let client = client(&api).await;
    let brackets = format!("{{ a(b: {}", "[".repeat(2000));
    let mut fragments = "{ ...f0 }".to_owned();
    for n in 0..30 {
        fragments += &format!(" fragment f{n} on Query {{ ...f{0} ...f{0} }}", n + 1);
    }
    fragments += " fragment f30 on Query { __typename }";
    for (query, code) in [
        (brackets, "NESTED_TOO_DEEP"),
        (fragments, "TOO_MANY_FIELDS"),
    ] {
        let response = client
            .post("/graphql")
            .body_json(&json!({ "query": query }))
            .send()
            .await;
        assert_eq!(code_of(response).await, code);
    }
    let deep = format!(
        "{{ project(key: \"connection\") {{ {}id{} }} }}",
        "coordinator { organisation { partner { ".repeat(7),
        " } } }".repeat(7)
    );
    let response = client
        .post("/graphql")
        .body_json(&json!({ "query": deep }))
        .send()
        .await;
    assert_eq!(code_of(response).await, "TOO_DEEP");
}

#[tokio::test]
async fn graphiql_is_served_whole_from_this_server_alone() {
    let api = Api::new().await;
    let client = client(&api).await;
    let page = client.get("/graphiql").send().await;
    page.assert_status_is_ok();
    page.assert_content_type("text/html; charset=utf-8");
    let policy = page.0.header("content-security-policy").unwrap();
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self'; style-src"),
        "{policy}"
    );
    let html = page.0.into_body().into_string().await.unwrap();
    let files: Vec<&str> = html
        .split(['"', '\''])
        .filter(|part| part.starts_with("/graphiql/"))
        .collect();
    assert_eq!(files.len(), 7, "{files:?}");
    for file in files {
        let response = client.get(file).send().await;
        response.assert_status_is_ok();
        let expected = if file.ends_with(".css") {
            "text/css"
        } else {
            "text/javascript"
        };
        assert!(
            response.0.content_type().unwrap().starts_with(expected),
            "{file}"
        );
        response.assert_header("x-content-type-options", "nosniff");
    }
    client
        .get("/graphiql/../Cargo.toml")
        .send()
        .await
        .assert_status(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_schema_and_the_start_page_are_there() {
    let api = Api::new().await;
    let client = client(&api).await;
    let schema = client.get("/schema.graphql").send().await;
    schema.assert_text(api::sdl(&api::schema())).await;
    let start = client
        .get("/")
        .send()
        .await
        .0
        .into_body()
        .into_string()
        .await
        .unwrap();
    assert!(start.contains("/graphiql") && !start.contains("/outbox"));
}

#[tokio::test]
async fn health_tells_whether_the_database_answers() {
    let api = Api::new().await;
    let client = client(&api).await;
    client.get("/healthz").send().await.assert_status_is_ok();
    client.get("/readyz").send().await.assert_status_is_ok();
    api.store.db().clone().close().await.unwrap();
    client.get("/healthz").send().await.assert_status_is_ok();
    // The database is asked once a second at most.
    client.get("/readyz").send().await.assert_status_is_ok();
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    client
        .get("/readyz")
        .send()
        .await
        .assert_status(StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_failing_database_leaks_no_cause() {
    let api = Api::empty().await;
    let client = client(&api).await;
    api.store.db().clone().close().await.unwrap();
    let response = client
        .post("/graphql")
        .body_json(&json!({ "query": QUERY }))
        .send()
        .await;
    let body = json_of(response).await;
    let error = &body["errors"][0];
    assert_eq!(error["message"], "Something failed on the server.");
    assert_eq!(error["extensions"]["code"], "INTERNAL");
    assert!(error["extensions"]["incident"].is_string());
    assert_eq!(body["data"], json!({ "project": null }));
}

const MAIL: &str = "From: CONNECTION <noreply@connection.example>\r\n\
    To: Torino <exchanges@torino.example>\r\n\
    Subject: =?utf-8?q?Promemoria=3A_<Salonicco>?=\r\n\
    Date: Mon, 06 Sep 2021 06:00:00 +0000\r\n\
    MIME-Version: 1.0\r\n\
    Content-Type: multipart/alternative; boundary=b\r\n\r\n\
    --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nCiao <b>\r\n\
    --b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<script>alert(1)</script><p>Ciao</p>\r\n\
    --b--\r\n";

/// A real server, which sees a real peer's address.
struct Running {
    address: String,
    _stop: oneshot::Sender<()>,
}

impl Running {
    async fn start(config: Config) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async {
            let _ = stopped.await;
        };
        tokio::spawn(serve(listener, config, shutdown));
        Self {
            address,
            _stop: stop,
        }
    }

    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
        let client = reqwest::Client::new();
        let mut request = client.get(format!("{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }
}

/// As in the embedded default: whoever asks from this machine is its operator.
fn operated(api: &Api) -> Config {
    Config {
        loopback_is_operator: true,
        ..Config::new(api.store.clone(), link_key())
    }
}

#[tokio::test]
async fn in_production_nobody_is_the_operator_unless_a_setting_says_so() {
    let api = Api::new().await;
    let server = Running::start(Config::new(api.store.clone(), link_key())).await;
    let path =
        "/graphql?query=%7Bproject(key%3A%22connection%22)%7Bpeople%7Bnodes%7Baddress%7D%7D%7D%7D";
    let (_, answer) = server.get(path, &[]).await;
    assert!(
        answer.contains("FORBIDDEN") && !answer.contains('@'),
        "{answer}"
    );
}

#[tokio::test]
async fn the_outbox_is_shown_on_the_machine_itself_only() {
    let api = Api::new().await;
    let outbox = tempfile::tempdir().unwrap();
    fs::create_dir(outbox.path().join("2021")).unwrap();
    fs::write(outbox.path().join("2021/a b.eml"), MAIL).unwrap();
    fs::write(outbox.path().join("secret.txt"), "no mail").unwrap();
    let config = Config {
        outbox: Some(outbox.path().to_owned()),
        ..operated(&api)
    };
    let server = Running::start(config).await;
    let (status, list) = server.get("/outbox", &[]).await;
    assert_eq!(status, 200);
    for part in [
        "Promemoria: &lt;Salonicco&gt;",
        "Torino &lt;exchanges@torino.example&gt;",
        "href=\"/outbox/2021/a%20b.eml\"",
        "2021-09-06T06:00:00Z",
    ] {
        assert!(list.contains(part), "{part}: {list}");
    }
    let (status, mail) = server.get("/outbox/2021/a%20b.eml", &[]).await;
    assert_eq!(status, 200);
    assert!(
        mail.contains("Ciao &lt;b&gt;") && mail.contains("<iframe sandbox"),
        "{mail}"
    );
    assert!(!mail.contains("<script>"));
    let (_, html) = server.get("/outbox/2021/a%20b.eml?part=html", &[]).await;
    assert!(html.contains("<p>Ciao</p>"));
    let (_, raw) = server.get("/outbox/2021/a%20b.eml?part=raw", &[]).await;
    assert_eq!(raw, MAIL);
    for path in [
        "/outbox/secret.txt",
        "/outbox/..%2fsecret.eml",
        "/outbox/2021",
        "/outbox/none.eml",
        "/outbox//etc/x.eml",
    ] {
        assert_eq!(server.get(path, &[]).await.0, 404, "{path}");
    }
    for header in [
        ("host", "evil.example"),
        ("x-forwarded-for", "203.0.113.5"),
        ("forwarded", "for=203.0.113.5"),
        ("x-real-ip", "203.0.113.5"),
        ("origin", "http://evil.example"),
    ] {
        assert_eq!(server.get("/outbox", &[header]).await.0, 404, "{header:?}");
        assert_eq!(server.get("/outbox/2021/a%20b.eml", &[header]).await.0, 404);
    }
}

#[tokio::test]
async fn addresses_are_shown_on_the_machine_itself_only() {
    let api = Api::new().await;
    let server = Running::start(operated(&api)).await;
    let path =
        "/graphql?query=%7Bproject(key%3A%22connection%22)%7Bpeople%7Bnodes%7Baddress%7D%7D%7D%7D";
    let (_, here) = server.get(path, &[]).await;
    assert!(here.contains("exchanges@torino.example"), "{here}");
    let (_, elsewhere) = server.get(path, &[("host", "connection.example")]).await;
    assert!(
        elsewhere.contains("FORBIDDEN") && !elsewhere.contains('@'),
        "{elsewhere}"
    );
}

#[tokio::test]
async fn a_report_s_file_is_served_in_its_language_and_can_do_nothing() {
    use entities::{FrozenFigures, ReportFormat, ReportKind, ReportState, report, report_file};
    use sea_orm::{ActiveModelTrait, IntoActiveModel};
    let api = Api::new().await;
    let project = api.store.project("connection").await.unwrap();
    let now = api.store.clock().now();
    let id = uuid::Uuid::from_u128(7);
    let row = report::Model {
        id: id.into(),
        project_id: project.id(),
        kind: ReportKind::OnDemand,
        state: ReportState::Ready,
        period_from: "2021-08-01".parse().unwrap(),
        period_to: "2021-08-31".parse().unwrap(),
        revision: Some(1),
        figures: FrozenFigures(vec![]),
        requested_by_id: None,
        requested_at: now,
        made_at: Some(now),
    };
    row.into_active_model()
        .insert(api.store.db())
        .await
        .unwrap();
    for (number, format, locale, body) in [
        (8, ReportFormat::Html, "en", "<p>Report</p>"),
        (9, ReportFormat::Html, "it", "<p>Rapporto</p>"),
        (10, ReportFormat::Csv, "en", "label"),
        (11, ReportFormat::Csv, "it", "etichetta"),
    ] {
        let file = report_file::Model {
            id: uuid::Uuid::from_u128(number).into(),
            project_id: project.id(),
            report_id: id.into(),
            format,
            locale: locale.into(),
            body: body.into(),
            sha256: "0".repeat(64),
        };
        file.into_active_model()
            .insert(api.store.db())
            .await
            .unwrap();
    }
    let server = Running::start(operated(&api)).await;
    let html = format!("/reports/{id}.html");
    let cases = [
        ("html", "<p>Report</p>"),
        ("html?locale=it", "<p>Rapporto</p>"),
        ("html?locale=it-CH", "<p>Rapporto</p>"),
        ("html?locale=fi", "<p>Report</p>"),
        ("csv", "label"),
        ("csv?locale=it", "etichetta"),
        ("csv?locale=it-CH", "etichetta"),
        ("csv?locale=fi", "label"),
    ];
    for (file, body) in cases {
        let answer = server.get(&format!("/reports/{id}.{file}"), &[]).await;
        assert_eq!(answer, (200, body.to_owned()), "{file}");
    }
    let response = reqwest::get(format!("{}{html}", server.address))
        .await
        .unwrap();
    let policy = response.headers()["content-security-policy"]
        .to_str()
        .unwrap();
    assert!(
        policy.starts_with("sandbox; default-src 'none'"),
        "{policy}"
    );
    for path in [
        format!("/reports/{id}.json"),
        format!("/reports/{id}"),
        "/reports/x.html".into(),
    ] {
        assert_eq!(server.get(&path, &[]).await.0, 404, "{path}");
    }
    assert_eq!(
        server
            .get(&html, &[("x-forwarded-for", "203.0.113.5")])
            .await
            .0,
        200
    );
}
