//! What dashboards ask of CONNECTION runs within the default limits.

use api::{Access, Operation, RateLimitKey};
use domain::viewer::Viewer;
use futures::StreamExt;
use serde_json::{Value, json};

use crate::support::Api;

macro_rules! documents {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!("dashboard/", $name, ".graphql")))),+]
    };
}

/// The documents that are answered once, by name.
const DOCUMENTS: [(&str, &str); 13] = documents![
    "burnup7",
    "calendar",
    "cities",
    "communities",
    "exchange",
    "home",
    "mail",
    "map",
    "money",
    "reports",
    "series",
    "target",
    "today",
];
const LIVE: &str = include_str!("dashboard/live.graphql");

async fn variables(api: &Api) -> Value {
    let exchange = "{ project(key: \"connection\") { staffExchanges(first: 1) { nodes { id } } } }";
    let data = api.data(exchange).await;
    json!({
        "key": "connection", "asOf": "2021-09-06", "locale": "en", "target": "staff_exchanges",
        "from": "2021-09-06", "until": "2021-11-05",
        "id": data["project"]["staffExchanges"]["nodes"][0]["id"],
    })
}

#[tokio::test]
async fn the_documents_of_dashboards_run_within_the_default_limits() {
    let api = Api::new().await;
    let variables = variables(&api).await;
    for (name, text) in DOCUMENTS {
        // Mail and reports are not for strangers.
        let viewer = match name {
            "mail" | "reports" => Viewer::Operator,
            _ => Viewer::Anonymous,
        };
        let operation = Operation::new(text).with_variables(variables.clone());
        let ready = api.gateway.prepare(operation, viewer, Access::Read);
        let ready = ready.unwrap_or_else(|refused| panic!("{name}: {refused:?}"));
        let before = ready.cost();
        let done = api.gateway.run(&api.store, viewer, ready).await;
        assert_eq!(done.response.errors, [], "{name}");
        let bytes = serde_json::to_string(&done.response).unwrap().len();
        println!("| {name} | {before} | {} | {bytes} |", done.cost);
        assert!(bytes > 200, "{name} is empty");
    }
}

#[tokio::test]
async fn the_subscription_of_dashboards_runs_within_the_default_limits() {
    let api = Api::new().await;
    let operation = Operation::new(LIVE).with_variables(json!({ "key": "connection" }));
    let ready = api
        .gateway
        .prepare(operation, Viewer::Anonymous, Access::Read);
    let mut events = (api.gateway).subscribe(
        &api.store,
        Viewer::Anonymous,
        RateLimitKey::Operator,
        ready.unwrap(),
    );
    let event = events.next().await.unwrap();
    assert_eq!(event.errors, []);
}
