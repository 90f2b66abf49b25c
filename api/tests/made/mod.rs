//! What is made of an answer: how it is bounded, charged and stopped, and that what dashboards ask
//! stays within.

mod bounds;
mod dashboards;
mod stopped;

use api::{Gateway, Limits, Operation};
use domain::{command::Import, data, file, viewer::Viewer};
use serde_json::{Value, json};

use crate::support::Api;

/// A circle of lists without pages, which costs less before than it may.
const CIRCLE: &str = "{ project(key: \"founded\") { pairings(first: 1) { nodes { mentors {
    pairings { mentors { pairings { a: key b: key } } } } } } } }";

/// So many pairings make more of it than an answer may hold.
const PAIRINGS: usize = 600;

/// A project that anybody might found, with so many pairings of two partners.
async fn founded(pairings: usize) -> Api {
    let api = Api::empty().await;
    let mut text: Value = serde_json::from_str(data::CONNECTION).unwrap();
    text["project"]["key"] = "founded".into();
    // They name the project.
    text["notes"] = json!([]);
    let own = text["pairings"].as_array_mut().unwrap();
    let more = (0..pairings).map(|at| {
        json!({ "key": format!("pair{at}"), "community": "cop1", "daysPerLeg": 5,
                "mentor": ["thessaloniki"], "implementing": ["delta"] })
    });
    own.extend(more);
    let file = file::read(&text.to_string()).unwrap();
    api.store.import(&file, Import::default()).await.unwrap();
    api
}

/// The same API with other limits.
fn with(mut api: Api, change: impl FnOnce(&mut Limits)) -> Api {
    let mut limits = Limits::default();
    change(&mut limits);
    api.gateway = Gateway::new(limits);
    api
}

/// The answer that a stranger gets.
async fn answer(api: &Api, query: &str) -> Value {
    let response = api.ask(Viewer::Anonymous, Operation::new(query)).await;
    serde_json::to_value(&response).unwrap()
}
