//! What a stranger may send, made by chance from seeds: documents, variables, cursors and ids. Each is
//! answered, or refused with a code; none ends the process, and none is an error of ours.
//!
//! `PROPTEST_CASES` tries more than these few. What once went wrong becomes a seed.

use std::sync::LazyLock;

use api::Operation;
use async_graphql::Response;
use domain::viewer::Viewer;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use rstest::rstest;
use serde_json::{Map, Value, json};
use tests::Backend;
use tokio::{runtime::Handle, task::block_in_place};

use crate::support::Api;

/// Documents, set apart by lines of `---`.
static DOCUMENTS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let text = include_str!("documents.txt");
    text.split("\n---\n").map(str::trim).collect()
});

/// Texts that are no id, no cursor and no date, one a line.
static TEXTS: LazyLock<Vec<&str>> = LazyLock::new(|| include_str!("texts.txt").lines().collect());

/// What documents are made of besides their seeds.
const PIECES: [&str; 24] = [
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ":",
    "!",
    "$",
    "@",
    "...",
    "\"",
    "\"\"\"",
    "#",
    "\\u{110000}",
    "\\ud800",
    "\u{feff}",
    "\0",
    "fragment f on Project { ...f }",
    "query",
    "on",
    "null",
    "1e400",
    "-99999999999999999999",
];

/// So many, unless `PROPTEST_CASES` says otherwise; seeds of chance are not kept in files beside.
fn cases(usual: u32) -> TestRunner {
    let told = std::env::var("PROPTEST_CASES").is_ok();
    let default = Config::default();
    TestRunner::new(Config {
        cases: if told { default.cases } else { usual },
        failure_persistence: None,
        ..default
    })
}

/// A text from the seeds of which pieces were taken, doubled, or put in.
fn spoiled(seeds: &'static [&'static str]) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(&PIECES[..]).prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
        "[a-zA-Z0-9_=+/-]{1,12}",
    ];
    let change = (any::<prop::sample::Index>(), 0_usize..24, 0..4, piece);
    let changes = prop::collection::vec(change, 1..6);
    (prop::sample::select(seeds), changes).prop_map(|(seed, changes)| {
        let mut text: Vec<char> = seed.chars().collect();
        for (at, length, how, piece) in changes {
            let from = at.index(text.len() + 1);
            let to = (from + length).min(text.len());
            match how {
                0 => drop(text.drain(from..to)),
                1 => {
                    let again = text[from..to].to_vec();
                    text.splice(from..from, again);
                }
                2 => drop(text.splice(from..to, piece.chars())),
                _ => drop(text.splice(from..from, piece.chars())),
            }
        }
        text.into_iter().collect()
    })
}

/// Any value of JSON, a few levels deep.
fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(&TEXTS[..]).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    let names = prop::sample::select(
        &[
            "id",
            "key",
            "by",
            "title",
            "state",
            "kind",
            "direction",
            "startsFrom",
            "community",
        ][..],
    );
    leaf.prop_recursive(3, 12, 4, move |inner| {
        let fields = prop::collection::vec((names.clone(), inner.clone()), 0..4);
        let object = fields.prop_map(|fields| {
            let fields = fields.into_iter();
            let fields = fields.map(|(name, value)| (name.to_owned(), value));
            Value::Object(fields.collect::<Map<_, _>>())
        });
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Value::from),
            object,
        ]
    })
}

/// Whether an answer is one that a client can work with.
fn is_told(response: &Response) -> Result<(), TestCaseError> {
    let answer = serde_json::to_value(response).unwrap();
    for error in answer["errors"].as_array().into_iter().flatten() {
        let code = error["extensions"]["code"].as_str().unwrap_or_default();
        prop_assert!(!matches!(code, "" | "INTERNAL"), "{}", error);
    }
    Ok(())
}

/// Asks within a test that is not asynchronous.
fn ask(api: &Api, viewer: Viewer, operation: Operation) -> Response {
    block_in_place(|| Handle::current().block_on(api.ask(viewer, operation)))
}

#[tokio::test(flavor = "multi_thread")]
async fn any_document_is_answered_or_refused_with_a_code() {
    let api = Api::new().await;
    for seed in DOCUMENTS.iter().copied() {
        let response = api.ask(Viewer::Anonymous, Operation::new(seed)).await;
        assert_eq!(response.errors, [], "{seed}");
    }
    let tried = cases(256).run(&spoiled(&DOCUMENTS), |document| {
        is_told(&ask(&api, Viewer::Anonymous, Operation::new(&document)))
    });
    tried.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn any_variables_are_taken_or_refused_with_a_code() {
    let document = "query($key: String!, $asOf: Date, $filter: OutputFilter, $order: OutputOrder,
            $first: Int, $after: String, $ids: [ID!]!) {
        project(key: $key, asOf: $asOf) {
            outputs(filter: $filter, order: $order, first: $first, after: $after) {
                nodes { id } } }
        nodes(ids: $ids) { id } }";
    let right = json!({ "key": "connection", "asOf": "2021-09-06", "filter": null, "order": null,
        "first": 3, "after": null, "ids": [] });
    let api = Api::new().await;
    let operation = Operation::new(document).with_variables(right.clone());
    assert_eq!(api.ask(Viewer::Operator, operation).await.errors, []);
    let names: Vec<String> = right.as_object().unwrap().keys().cloned().collect();
    let changes = prop::collection::vec((prop::sample::select(names), json_value()), 1..4);
    let tried = cases(256).run(&changes, |changes| {
        let mut variables = right.clone();
        for (name, value) in changes {
            variables[name] = value;
        }
        let operation = Operation::new(document).with_variables(variables);
        is_told(&ask(&api, Viewer::Operator, operation))
    });
    tried.unwrap();
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn any_cursor_and_any_id_is_found_or_refused_with_a_code(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    const LISTS: [&str; 4] = ["outputs", "practices", "people", "auditLog"];
    let document = |list: &str| {
        format!(
            "query($cursor: String, $id: ID!) {{ node(id: $id) {{ id }}
                project(key: \"connection\") {{ {list}(first: 2, after: $cursor) {{
                    edges {{ cursor node {{ id }} }} }} }} }}"
        )
    };
    // Real ones to be spoiled: they live as long as the test program.
    let mut seeds: Vec<&'static str> = TEXTS.clone();
    for list in LISTS {
        let data = ask(&api, Viewer::Operator, asked(&document(list), None, "x"));
        let data = serde_json::to_value(&data).unwrap();
        let edges = data.pointer(&format!("/data/project/{list}/edges"));
        for edge in edges.and_then(Value::as_array).into_iter().flatten() {
            for text in [&edge["cursor"], &edge["node"]["id"]] {
                seeds.push(String::leak(text.as_str().unwrap().to_owned()));
            }
        }
    }
    assert!(seeds.len() > TEXTS.len(), "no list had a cursor");
    let seeds = seeds.leak();
    let wrong = (
        prop::sample::select(&LISTS[..]),
        spoiled(seeds),
        spoiled(seeds),
    );
    let tried = cases(192).run(&wrong, |(list, cursor, id)| {
        let operation = asked(&document(list), Some(&cursor), &id);
        is_told(&ask(&api, Viewer::Operator, operation))
    });
    tried.unwrap();
}

fn asked(document: &str, cursor: Option<&str>, id: &str) -> Operation {
    Operation::new(document).with_variables(json!({ "cursor": cursor, "id": id }))
}
