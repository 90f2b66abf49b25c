//! Pages of other sites: those that the settings name may ask and read, and no others.

use crate::support::{Api, link_key};
use api::{Config, endpoint};
use poem::{
    Endpoint, Response,
    http::{Method, StatusCode, header},
    test::{TestClient, TestResponse},
};
use serde_json::json;

const OURS: &str = "https://dashboard.example";
const THEIRS: &str = "https://evil.example";

fn client(api: &Api, origins: &[&str]) -> TestClient<impl Endpoint<Output = Response>> {
    TestClient::new(endpoint(Config {
        origins: origins.iter().map(|&origin| origin.to_owned()).collect(),
        ..Config::new(api.store.clone(), link_key())
    }))
}

fn allowed(response: &TestResponse) -> Option<&str> {
    response.0.header(header::ACCESS_CONTROL_ALLOW_ORIGIN)
}

#[tokio::test]
async fn a_page_of_an_allowed_site_may_ask_and_read() {
    let api = Api::new().await;
    let client = client(&api, &[OURS]);
    let preflight = client
        .request(Method::OPTIONS, "/graphql")
        .header(header::ORIGIN, OURS)
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
        .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "content-type")
        .send()
        .await;
    preflight.assert_status(StatusCode::NO_CONTENT);
    assert_eq!(allowed(&preflight), Some(OURS));
    let headers = preflight.0.header(header::ACCESS_CONTROL_ALLOW_HEADERS);
    assert!(headers.unwrap().contains("content-type"));
    // Twice: the second answer is a kept one.
    for _ in 0..2 {
        let query = json!({ "query": "{ project(key: \"connection\") { key } }" });
        let ask = |origin| {
            client
                .post("/graphql")
                .header(header::ORIGIN, origin)
                .body_json(&query)
        };
        let answer = ask(OURS).send().await;
        answer.assert_status_is_ok();
        assert_eq!(allowed(&answer), Some(OURS));
        assert!(
            answer
                .0
                .header(header::ACCESS_CONTROL_ALLOW_CREDENTIALS)
                .is_none()
        );
        answer.assert_header("cross-origin-resource-policy", "cross-origin");
        let vary = answer.0.headers().get_all(header::VARY);
        assert!(vary.iter().any(|value| value == "Origin"));
        let theirs = ask(THEIRS).send().await;
        assert_eq!(allowed(&theirs), None);
        theirs.assert_header("cross-origin-resource-policy", "same-origin");
    }
}

#[tokio::test]
async fn a_page_of_any_other_site_may_not() {
    let api = Api::new().await;
    for origins in [&[OURS][..], &[]] {
        let client = client(&api, origins);
        for origin in [
            THEIRS,
            "null",
            "https://dashboard.example.evil.example",
            "http://dashboard.example",
        ] {
            let preflight = client
                .request(Method::OPTIONS, "/graphql")
                .header(header::ORIGIN, origin)
                .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
                .send()
                .await;
            preflight.assert_status(StatusCode::FORBIDDEN);
            assert_eq!(allowed(&preflight), None, "{origin}");
        }
    }
    let options = client(&api, &[OURS])
        .request(Method::OPTIONS, "/graphql")
        .send()
        .await;
    options.assert_status(StatusCode::METHOD_NOT_ALLOWED);
}
