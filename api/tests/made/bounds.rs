//! Bounds of values, bytes and entries, and what is charged.

use api::{Access, Config, Limits, Operation, RateLimitKey, Rejection, endpoint};
use domain::{command::Import, synthetic::Maker, viewer::Viewer};
use futures::StreamExt;
use poem::{http::StatusCode, test::TestClient};
use rstest::rstest;
use serde_json::{Value, json};
use tests::Backend;

use super::{CIRCLE, PAIRINGS, answer, founded, with};
use crate::support::{Api, link_key};

/// Asserts that an answer was stopped at a bound.
fn assert_stopped(answer: &Value, words: &str, limit: u64) {
    let error = &answer["errors"][0];
    assert_eq!(error["extensions"]["code"], "TOO_COMPLEX", "{error}");
    assert_eq!(error["extensions"]["limit"], limit, "{error}");
    assert!(
        error["extensions"]["found"].as_u64() > Some(limit),
        "{error}"
    );
    let message = error["message"].as_str().unwrap();
    assert!(message.contains(words), "{message}");
    assert_eq!(answer["data"], Value::Null);
}

const OUTPUTS: &str = "{ project(key: \"connection\") { outputs(first: 100) { nodes {
    id key title state history { verb effectiveOn } sources { key locator } } } } }";

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn an_answer_with_too_many_values_stops_and_has_no_data(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = with(Api::over(database).await, |limits| limits.values = 1_000);
    assert_stopped(&answer(&api, OUTPUTS).await, "values made", 1_000);
    let api = with(api, |limits| limits.values = 10_000);
    assert_eq!(answer(&api, OUTPUTS).await["errors"], Value::Null);
}

#[tokio::test]
async fn an_answer_of_too_many_bytes_stops_and_has_no_data() {
    let api = with(Api::new().await, |limits| limits.answer_bytes = 10_000);
    assert_stopped(&answer(&api, OUTPUTS).await, "bytes made", 10_000);
    let api = with(api, |limits| limits.answer_bytes = 100_000);
    let answer = answer(&api, OUTPUTS).await;
    assert_eq!(answer["errors"], Value::Null);
    assert!(answer.to_string().len() > 10_000);
}

#[tokio::test]
async fn circles_of_lists_under_many_names_stop_at_the_default_bounds() {
    let api = founded(PAIRINGS).await;
    assert_stopped(&answer(&api, CIRCLE).await, "values made", 50_000);
    let unfinished = api.gateway.unfinished();
    assert_eq!(unfinished.too_complex.get(), 1);
    assert_eq!(unfinished.dropped.get(), 0);
}

/// Figures of every month and target, each under a name of its own.
fn series(key: &str, names: usize) -> String {
    let series: String = (0..names)
        .map(|at| format!("s{at}: progressSeries(target: \"staff_exchanges\") {{ month }} "))
        .collect();
    format!("{{ project(key: \"{key}\", asOf: \"2050-01-01\") {{ {series} }} }}")
}

#[tokio::test]
async fn figures_count_the_records_that_they_go_through() {
    let api = Api::empty().await;
    let mut file = Maker::new(1, 20.0).project(1);
    file.project.ends_on = "2049-12-31".parse().unwrap();
    let key = file.project.key.clone();
    api.store.import(&file, Import::default()).await.unwrap();
    assert_eq!(answer(&api, &series(&key, 1)).await["errors"], Value::Null);
    let api = with(api, |limits| limits.cost = 1_000_000);
    assert_stopped(
        &answer(&api, &series(&key, 12)).await,
        "records gone through",
        250_000,
    );
}

#[test]
fn the_cost_before_an_answer_is_blind_to_the_data() {
    let gateway = api::Gateway::new(Limits::default());
    let query = "query($key: String!) { project(key: $key) { outputs { nodes { key } }
        pairings { nodes { legs { key } } } } }";
    let cost = |key: &str| {
        let operation = Operation::new(query).with_variables(json!({ "key": key }));
        let ready = gateway.prepare(operation, Viewer::Anonymous, Access::Read);
        ready.unwrap().cost()
    };
    // Nothing is asked of any project: there is no store.
    assert_eq!(cost("connection"), cost("nobody-knows"));
}

#[tokio::test]
async fn the_bucket_is_charged_what_was_made() {
    let api = founded(PAIRINGS).await;
    let client = |burst| {
        let limits = Limits {
            rate: 1,
            burst,
            ..Limits::default()
        };
        let config = Config {
            limits,
            ..Config::new(api.store.clone(), link_key())
        };
        TestClient::new(endpoint(config))
    };
    let ask = async |client: &TestClient<_>, query: &str| {
        let body = json!({ "query": query });
        let answer = client.post("/graphql").body_json(&body).send().await.0;
        let cost = answer.headers().get("x-cost");
        let cost = cost.map(|cost| cost.to_str().unwrap().parse::<u64>().unwrap());
        (answer.status(), cost)
    };
    // What is made of it is more than it costs before.
    let wide = "{ project(key: \"founded\") { pairings(first: 1) { nodes { mentors {
        pairings { key daysPerLeg note } } } } } }";
    let tester = client(100_000);
    let (status, cost) = ask(&tester, wide).await;
    assert_eq!(status, StatusCode::OK);
    let made = cost.unwrap();
    assert!(made > 900, "{made}");
    // As the same answer from the cache.
    assert_eq!(ask(&tester, wide).await, (StatusCode::OK, Some(made)));
    // The second one finds nothing left, though the cost before would be there.
    let burst = usize::try_from(made).unwrap();
    let small = client(burst);
    assert_eq!(ask(&small, wide).await.0, StatusCode::OK);
    let other = "{ project(key: \"founded\") { acronym } }";
    assert_eq!(ask(&small, other).await.0, StatusCode::TOO_MANY_REQUESTS);
    // What was stopped is paid, too.
    let stopped = client(45_000);
    assert_eq!(ask(&stopped, CIRCLE).await, (StatusCode::OK, None));
    assert_eq!(ask(&stopped, other).await.0, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn each_event_of_a_subscription_is_bounded_and_charged() {
    let api = founded(PAIRINGS).await;
    let inside = CIRCLE.trim_start_matches("{ project(key: \"founded\")");
    let query = format!("subscription {{ projectChanged(key: \"founded\") {{ project {inside} }}");
    let key = RateLimitKey::at([192, 0, 2, 1].into());
    let api = with(api, |limits| {
        limits.rate = 1;
        limits.burst = 45_000;
    });
    let ready = (api.gateway)
        .admit(
            &key,
            100,
            Operation::new(&query),
            Viewer::Anonymous,
            Access::Write,
        )
        .await;
    let ready = match ready {
        Ok(ready) => ready,
        Err(Rejection::Request(response)) => panic!("{response:?}"),
        Err(other) => panic!("{other:?}"),
    };
    let mut events = (api.gateway).subscribe(&api.store, Viewer::Anonymous, key, ready);
    let first = events.next().await.unwrap();
    let first = serde_json::to_value(&first).unwrap();
    assert_stopped(&first, "values made", 50_000);
    assert!(events.next().await.is_none());
    let refused = api.gateway.rate_limiter().spend(&key, 1).await;
    assert!(refused.is_err());
}
