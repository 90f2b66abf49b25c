//! Event streams, by the text of graphql-sse.

use std::time::Duration;

use api::LiveLimits;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{
    client::{SOON, Server},
    operations::changed,
};

const FOLLOW: &str = r#"subscription { projectChanged(key: "connection") {
    revision previousRevision project { acronym } } }"#;

/// A client of an event stream.
pub struct Stream {
    pub status: u16,
    response: Response,
    unread: String,
}

impl Stream {
    async fn of(request: RequestBuilder) -> Self {
        let response = timeout(SOON, request.send()).await.unwrap().unwrap();
        Self {
            status: response.status().as_u16(),
            response,
            unread: String::new(),
        }
    }

    async fn posted(server: &Server, query: &str) -> Self {
        Self::of(
            request(server, Method::POST)
                .header("accept", "text/event-stream")
                .json(&json!({ "query": query })),
        )
        .await
    }

    pub async fn follow(server: &Server) -> Self {
        Self::posted(server, FOLLOW).await
    }

    pub fn header(&self, name: &str) -> &str {
        let value = self.response.headers().get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }

    /// Up to the next empty line; none at the end.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.unread.split_once("\n\n") {
                let block = block.to_owned();
                self.unread = rest.to_owned();
                return Some(block);
            }
            let chunk = timeout(SOON, self.response.chunk()).await.unwrap();
            self.unread += str::from_utf8(&chunk.unwrap()?).unwrap();
        }
    }

    /// The name and the data of the next event.
    pub async fn event(&mut self) -> (String, Value) {
        loop {
            let block = self.block().await.unwrap();
            if block == ":" {
                continue;
            }
            let (event, data) = block.split_once('\n').unwrap();
            let event = event.strip_prefix("event: ").unwrap().to_owned();
            let data = data.strip_prefix("data: ").unwrap();
            return (event, serde_json::from_str(data).unwrap_or_default());
        }
    }

    /// All that still comes.
    pub async fn rest(mut self) -> String {
        let mut text = String::new();
        while let Some(block) = self.block().await {
            text += &block;
        }
        text + &self.unread
    }

    async fn body(self) -> Value {
        self.response.json().await.unwrap()
    }
}

fn request(server: &Server, method: Method) -> RequestBuilder {
    let url = format!("http://{}/graphql", server.address);
    reqwest::Client::new().request(method, url)
}

fn get(server: &Server, query: &str) -> RequestBuilder {
    let url = format!("http://{}/graphql", server.address);
    let url = reqwest::Url::parse_with_params(&url, [("query", query)]).unwrap();
    reqwest::Client::new()
        .get(url)
        .header("accept", "text/event-stream")
}

#[tokio::test]
async fn a_query_is_one_next_and_complete() {
    let server = Server::new().await;
    let query = r#"{ project(key: "connection") { acronym } }"#;
    for mut stream in [
        Stream::posted(&server, query).await,
        Stream::of(get(&server, query)).await,
    ] {
        assert_eq!(stream.status, 200);
        assert_eq!(
            stream.header("content-type"),
            "text/event-stream; charset=utf-8"
        );
        assert_eq!(stream.header("cache-control"), "no-store, no-transform");
        assert_eq!(stream.header("x-accel-buffering"), "no");
        assert_eq!(stream.header("vary"), "Accept");
        let data = json!({ "data": { "project": { "acronym": "CONNECTION" } } });
        assert_eq!(stream.event().await, ("next".to_owned(), data));
        assert_eq!(stream.rest().await, "event: complete\ndata: ");
    }
}

#[tokio::test]
async fn a_subscription_streams_until_the_client_leaves() {
    let server = Server::new().await;
    let mut posted = Stream::follow(&server).await;
    let mut got = Stream::of(get(&server, FOLLOW)).await;
    let mut revisions = Vec::new();
    for stream in [&mut posted, &mut got] {
        let (name, data) = stream.event().await;
        assert_eq!(name, "next");
        revisions.push(data["data"]["projectChanged"]["revision"].clone());
    }
    server.import(&changed("RENAMED")).await;
    for (stream, revision) in [&mut posted, &mut got].into_iter().zip(revisions) {
        let (_, data) = stream.event().await;
        let change = &data["data"]["projectChanged"];
        assert_eq!(change["previousRevision"], revision);
        assert_eq!(change["project"]["acronym"], "RENAMED");
    }
}

#[tokio::test]
async fn an_open_stream_begins_with_a_comment_and_is_kept_alive_by_them() {
    let server = Server::limited(LiveLimits {
        ping: Duration::from_millis(100),
        ..LiveLimits::default()
    })
    .await;
    let mut stream = Stream::follow(&server).await;
    assert_eq!(stream.block().await.unwrap(), ":");
    // On a busy machine more of them come before it.
    assert_eq!(stream.event().await.0, "next");
    for _ in 0..3 {
        assert_eq!(stream.block().await.unwrap(), ":");
    }
}

#[tokio::test]
async fn what_is_refused_before_it_runs_is_told_as_an_event() {
    let server = Server::new().await;
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        (
            "query Q($key: String!) { project(key: $key) { key } }",
            "BAD_USER_INPUT",
        ),
    ] {
        let mut stream = Stream::posted(&server, query).await;
        assert_eq!(stream.status, 200);
        let (name, data) = stream.event().await;
        assert_eq!(name, "next");
        assert_eq!(data.get("data"), None);
        assert_eq!(data["errors"][0]["extensions"]["code"], code);
        assert_eq!(stream.event().await.0, "complete");
    }
}

#[tokio::test]
async fn what_is_no_request_is_refused_by_its_status() {
    let server = Server::new().await;
    let post = || request(&server, Method::POST).header("accept", "text/event-stream");
    let text = post().header("content-type", "text/plain").body("{}");
    assert_eq!(Stream::of(text).await.status, 415);
    let unreadable = post().header("content-type", "application/json").body("{");
    assert_eq!(Stream::of(unreadable).await.status, 400);
    let writing = get(&server, "mutation { nothing }");
    assert_eq!(Stream::of(writing).await.status, 405);
}

#[tokio::test]
async fn a_subscription_is_streamed_to_whoever_takes_that_and_to_nobody_else() {
    let server = Server::new().await;
    let ask = |accept: &'static str, query: &'static str| {
        request(&server, Method::POST)
            .header("accept", accept)
            .json(&json!({ "query": query }))
    };
    let both = "application/graphql-response+json, application/json, text/event-stream";
    let stream = Stream::of(ask(both, FOLLOW)).await;
    assert_eq!(
        stream.header("content-type"),
        "text/event-stream; charset=utf-8"
    );
    let query = "{ __typename }";
    let answer = Stream::of(ask(both, query)).await;
    assert!(
        answer
            .header("content-type")
            .starts_with("application/graphql-response+json")
    );
    for accept in ["application/json", "*/*"] {
        let refused = Stream::of(ask(accept, FOLLOW)).await;
        assert_eq!(refused.status, 406, "{accept}");
        let body = refused.body().await;
        assert_eq!(body["errors"][0]["extensions"]["code"], "NOT_ACCEPTABLE");
    }
}

#[tokio::test]
async fn the_single_connection_mode_is_refused() {
    let server = Server::new().await;
    for method in [Method::PUT, Method::DELETE] {
        let answer = Stream::of(request(&server, method)).await;
        assert_eq!(answer.status, 405);
        assert_eq!(answer.header("allow"), "GET, POST");
    }
    let tokened = request(&server, Method::POST)
        .header("x-graphql-event-stream-token", "1")
        .json(&json!({ "query": "{ __typename }" }));
    let answer = Stream::of(tokened).await;
    assert_eq!(answer.status, 400);
    let body = answer.body().await;
    let message = body["errors"][0]["message"].as_str().unwrap();
    assert!(
        message.contains("distinct connections mode only"),
        "{message}"
    );
}
