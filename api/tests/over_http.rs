//! GraphQL over HTTP, by the cases of the npm package `graphql-http` 1.23, which audits servers:
//! each case here bears the id that the package gives it.

use crate::support::{Api, link_key};
use api::{Config, endpoint};
use poem::{
    Endpoint, Response,
    http::{Method, StatusCode, header},
    test::{TestClient, TestResponse},
};
use serde_json::{Value, json};

const JSON: &str = "application/json";
const NEW: &str = "application/graphql-response+json";
/// Is refused by the parser.
const UNREADABLE: &str = "{";
/// Is refused by the validation.
const UNKNOWN: &str = "{ f8f31403dfe404bccbb0e835f2629c6a7 }";
const BY_NAME: &str = "query Type($name: String!) { __type(name: $name) { name } }";

async fn client(api: &Api) -> TestClient<impl Endpoint<Output = Response>> {
    TestClient::new(endpoint(Config::new(api.store.clone(), link_key())))
}

/// A request; by default a POST without any header or body.
#[derive(Clone, Debug, Default)]
struct Ask {
    /// The parameters of a GET; none: it is a POST.
    params: Option<Vec<(&'static str, String)>>,
    accept: Option<&'static str>,
    content_type: Option<&'static str>,
    body: String,
}

impl Ask {
    fn json(accept: impl Into<Option<&'static str>>, body: &Value) -> Self {
        Self::text(accept, body.to_string())
    }

    fn text(accept: impl Into<Option<&'static str>>, body: impl Into<String>) -> Self {
        Self {
            accept: accept.into(),
            content_type: Some(JSON),
            body: body.into(),
            params: None,
        }
    }

    fn get(accept: impl Into<Option<&'static str>>, params: &[(&'static str, &str)]) -> Self {
        let own = |(name, value): &(&'static str, &str)| (*name, (*value).to_owned());
        Self {
            params: Some(params.iter().map(own).collect()),
            accept: accept.into(),
            ..Self::default()
        }
    }

    async fn send(self, client: &TestClient<impl Endpoint<Output = Response>>) -> Answer {
        let mut request = match self.params {
            None => client.post("/graphql").body(self.body),
            Some(params) => params
                .iter()
                .fold(client.get("/graphql"), |request, (name, value)| {
                    request.query(*name, value)
                }),
        };
        for (name, value) in [
            (header::ACCEPT, self.accept),
            (header::CONTENT_TYPE, self.content_type),
        ] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        Answer::of(request.send().await).await
    }
}

#[derive(Debug)]
struct Answer {
    status: StatusCode,
    content_type: String,
    allow: Option<String>,
    body: Value,
}

impl Answer {
    async fn of(response: TestResponse) -> Self {
        let header = |name| Some(response.0.headers().get(name)?.to_str().unwrap().to_owned());
        let (status, allow) = (response.0.status(), header(header::ALLOW));
        let content_type = header(header::CONTENT_TYPE).unwrap();
        let bytes = response.0.into_body().into_bytes().await.unwrap();
        Self {
            status,
            content_type,
            allow,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        }
    }

    fn has_data(&self) -> bool {
        self.body.get("data").is_some()
    }

    fn has_errors(&self) -> bool {
        self.body.get("errors").is_some()
    }
}

/// What must come back.
#[derive(Clone, Copy, Debug)]
enum Expected {
    /// 200 with data and without an error, in this media type.
    Data(&'static str),
    /// This status in this media type, with errors and no data.
    Refused(u16, &'static str),
}
use Expected::{Data, Refused};

fn query() -> Value {
    json!({ "query": "{ __typename }" })
}

/// The query with one parameter more, or another one.
fn with(name: &str, value: impl Into<Value>) -> Value {
    let mut body = query();
    body[name] = value.into();
    body
}

/// What no parameter may be, beside a text where that is wrong, too.
fn wrong() -> [Value; 4] {
    [
        json!({ "obj": "ect" }),
        json!(0),
        json!(false),
        json!(["array"]),
    ]
}

fn cases() -> Vec<(String, Ask, Expected)> {
    let mut cases: Vec<(String, Ask, Expected)> = Vec::new();
    let mut add = |id: &str, ask, expected| cases.push((id.to_owned(), ask, expected));
    let charset = Ask {
        content_type: Some("application/json; charset=utf-8"),
        ..Ask::json(
            None,
            &json!({ "query": "{ __type(name: \"Run🏃Swim🏊\") { name } }" }),
        )
    };
    let untyped = Ask {
        content_type: None,
        ..Ask::json(None, &query())
    };
    let by_name = json!({ "query": BY_NAME, "variables": { "name": "sometype" } });
    let missing = json!({ "query": BY_NAME });
    let named = json!({ "query": "query Query { __typename }", "operationName": "Query" });
    let typo = json!({ "qeury": "{ __typename }" });
    let get = [("query", BY_NAME), ("variables", "{\"name\":\"sometype\"}")];

    add("22EB", Ask::json(NEW, &query()), Data(NEW));
    add("4655", Ask::json(JSON, &query()), Data(JSON));
    add("47DE", Ask::json("*/*", &query()), Data(JSON));
    for id in ["80D8", "82A3", "78D5", "2C94", "03D4"] {
        add(id, Ask::json(None, &query()), Data(JSON));
    }
    add("BF61", charset, Data(JSON));
    add(
        "5A70",
        Ask::get(None, &[("query", "{ __typename }")]),
        Data(JSON),
    );
    add("9ABE", untyped, Refused(415, JSON));
    add("A5BF", Ask::text(None, ""), Refused(400, JSON));
    add(
        "423L",
        Ask::json(NEW, &json!({ "notquery": "" })),
        Refused(400, JSON),
    );
    for (n, wrong) in wrong().into_iter().enumerate() {
        let number = |id: &str| format!("{id}{n}");
        let text_or = |wrong: &Value| match wrong {
            Value::Object(_) => json!("string"),
            other => other.clone(),
        };
        for (id, name, value) in [
            ("LKJ", "query", wrong.clone()),
            ("6C0", "operationName", wrong.clone()),
            ("476", "variables", text_or(&wrong)),
            ("58B", "extensions", text_or(&wrong)),
        ] {
            let ask = Ask::json(None, &with(name, value));
            add(&number(id), ask, Refused(400, JSON));
        }
    }
    for (accept, ids) in [
        (
            NEW,
            [
                "34A2", "8161", "94B0", "94B1", "94B2", "2EA1", "D6D5", "428F",
            ],
        ),
        (
            JSON,
            [
                "13EE", "B8B3", "0220", "0221", "0222", "28B9", "6A70", "1B7A",
            ],
        ),
    ] {
        add(ids[0], Ask::json(accept, &query()), Data(accept));
        add(ids[1], Ask::json(accept, &named), Data(accept));
        for (id, name) in ids[2..5]
            .iter()
            .zip(["variables", "operationName", "extensions"])
        {
            add(
                id,
                Ask::json(accept, &with(name, Value::Null)),
                Data(accept),
            );
        }
        add(ids[5], Ask::json(accept, &by_name), Data(accept));
        add(ids[6], Ask::get(accept, &get), Data(accept));
        let extensions = with("extensions", json!({ "some": "value" }));
        add(ids[7], Ask::json(accept, &extensions), Data(accept));
    }
    for (id, accept) in [("B6DC", JSON), ("BCF8", JSON), ("B7N8", NEW)] {
        add(id, Ask::text(accept, "{ \"not a JSON"), Refused(400, JSON));
    }
    for id in ["8764", "3E3A"] {
        add(id, Ask::json(None, &typo), Refused(400, JSON));
    }
    for (accept, status, ids) in [
        (JSON, 200, [&["572B"][..], &["FDE2"], &["7B9B"]]),
        (
            NEW,
            400,
            [
                &["865D", "556A", "D586"][..],
                &["51FE", "74FF", "5E5B"],
                &["86EE"],
            ],
        ),
    ] {
        let unreadable = json!({ "query": UNREADABLE });
        let unknown = json!({ "query": UNKNOWN });
        for (ids, body) in ids.into_iter().zip([&unreadable, &unknown, &missing]) {
            for id in ids {
                add(id, Ask::json(accept, body), Refused(status, accept));
            }
        }
    }
    cases
}

#[tokio::test]
async fn every_case_of_the_audits_is_answered_as_they_ask() {
    let api = Api::empty().await;
    let client = client(&api).await;
    let cases = cases();
    // The last of the 61, 9C48, is the mutation over GET, which has a test of its own below.
    assert_eq!(cases.len(), 60);
    for (id, ask, expected) in cases {
        let answer = ask.clone().send(&client).await;
        let (status, media_type) = match expected {
            Data(media_type) => (200, media_type),
            Refused(status, media_type) => (status, media_type),
        };
        let case = format!("{id}: {ask:?} -> {answer:?}");
        assert_eq!(answer.status, status, "{case}");
        let content_type = format!("{media_type}; charset=utf-8");
        assert_eq!(answer.content_type, content_type, "{case}");
        let is_data = matches!(expected, Data(_));
        assert_eq!(answer.has_data(), is_data, "{case}");
        assert_eq!(answer.has_errors(), !is_data, "{case}");
    }
}

#[tokio::test]
async fn a_get_only_reads_and_other_methods_are_told_what_is_allowed() {
    let api = Api::empty().await;
    let client = client(&api).await;
    let both = "query Read { __typename } mutation Write { __typename }";
    let get = |params: &[(&'static str, &str)]| Ask::get(NEW, params).send(&client);
    for params in [
        &[("query", "mutation { __typename }")][..],
        &[("query", both), ("operationName", "Write")],
    ] {
        let answer = get(params).await;
        assert_eq!(
            answer.status,
            StatusCode::METHOD_NOT_ALLOWED,
            "9C48: {params:?}"
        );
        assert_eq!(answer.allow.as_deref(), Some("POST"));
    }
    let two = "query A { __typename } query B { a: __typename }";
    let answer = get(&[("query", two), ("operationName", "B")]).await;
    assert_eq!(answer.body, json!({ "data": { "a": "Query" } }));
    for params in [
        &[("query", two)][..],
        &[("query", two), ("operationName", "C")],
        &[("query", "")],
        &[],
        &[("query", "{ __typename }"), ("variables", "[]")],
        &[("query", "{ __typename }"), ("variables", "{")],
    ] {
        let answer = get(params).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{params:?}");
        assert!(answer.has_errors() && !answer.has_data(), "{answer:?}");
    }
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
        let answer = Answer::of(client.request(method, "/graphql").send().await).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.allow.as_deref(), Some("GET, POST"));
    }
}

#[tokio::test]
async fn grafana_s_infinity_data_source_gets_json_and_no_failing_status() {
    let api = Api::empty().await;
    let client = client(&api).await;
    let accept = "application/json;q=0.9,text/plain";
    for body in [
        query(),
        json!({ "query": UNKNOWN }),
        json!({ "query": "{ project(key: \"none\") { id } }" }),
    ] {
        let answer = Ask::json(accept, &body).send(&client).await;
        assert_eq!(answer.status, StatusCode::OK, "{body}");
        assert_eq!(answer.content_type, "application/json; charset=utf-8");
    }
}

#[tokio::test]
async fn data_that_could_not_be_had_are_null_beside_their_error() {
    let api = Api::empty().await;
    let client = client(&api).await;
    let body = json!({ "query": "{ project(key: \"none\") { id } }" });
    for accept in [JSON, NEW] {
        let answer = Ask::json(accept, &body).send(&client).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.body["data"], json!({ "project": null }));
        assert_eq!(answer.body["errors"][0]["extensions"]["code"], "NOT_FOUND");
    }
}

#[tokio::test]
async fn a_kept_answer_is_sent_again_only_when_it_changed() {
    let api = Api::new().await;
    let client = client(&api).await;
    let get = |query: &'static str, accept: &'static str, known: Option<&str>| {
        let mut request = client.get("/graphql").query("query", &query);
        request = request.header(header::ACCEPT, accept);
        if let Some(known) = known {
            request = request.header(header::IF_NONE_MATCH, known);
        }
        request.send()
    };
    let query = "{ project(key: \"connection\") { acronym } }";
    let first = get(query, JSON, None).await;
    first.assert_status_is_ok();
    first.assert_header(header::CACHE_CONTROL, "private, no-cache");
    first.assert_header(header::VARY, "Accept, Accept-Encoding");
    let tag = first.0.header(header::ETAG).unwrap().to_owned();
    for known in [
        tag.clone(),
        tag.trim_start_matches("W/").to_owned(),
        format!("\"x\", {tag}"),
        "*".into(),
    ] {
        let again = get(query, JSON, Some(&known)).await;
        again.assert_status(StatusCode::NOT_MODIFIED);
        again.assert_header(header::ETAG, &tag);
        again.assert_header(header::CACHE_CONTROL, "private, no-cache");
        assert_eq!(again.0.into_body().into_vec().await.unwrap(), b"");
    }
    get(query, JSON, Some("\"x\"")).await.assert_status_is_ok();
    get(query, NEW, Some(&tag)).await.assert_status_is_ok();
    let other = "{ project(key: \"connection\") { key } }";
    get(other, JSON, Some(&tag)).await.assert_status_is_ok();
    for failing in [UNKNOWN, "{ project(key: \"none\") { key } }"] {
        let answer = get(failing, JSON, None).await;
        assert!(answer.0.header(header::ETAG).is_none(), "{failing}");
        answer.assert_header(header::CACHE_CONTROL, "no-store");
    }
    let body = json!({ "query": query });
    let post = client.post("/graphql").body_json(&body).send().await;
    assert!(post.0.header(header::ETAG).is_none());
    post.assert_header(header::CACHE_CONTROL, "no-store");
}
