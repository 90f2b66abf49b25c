//! Cursors that nobody was given: each list refuses what was put together, on both databases.

use crate::support::Api;
use api::Operation;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::viewer::Viewer;
use rstest::rstest;
use serde_json::{Value, json};
use tests::Backend;

/// The types that have lists, each with a way to one of its objects.
const OBJECTS: [(&str, &str); 20] = [
    ("BudgetLine", "budgetLines(first: 1) { nodes { * } }"),
    ("Call", "calls(first: 1) { nodes { * } }"),
    ("Community", "communities(first: 1) { nodes { * } }"),
    ("Figure", "progress(asOf: \"2022-12-31\") { figures { * } }"),
    ("Forum", "forums(first: 1) { nodes { * } }"),
    ("Note", "notes(first: 1) { nodes { * } }"),
    (
        "Organisation",
        "partners(first: 1) { nodes { organisation { * } } }",
    ),
    ("Pairing", "pairings(first: 1) { nodes { * } }"),
    ("Partner", "partners(first: 1) { nodes { * } }"),
    ("Person", "people(first: 1) { nodes { * } }"),
    ("Practice", "practices(first: 1) { nodes { * } }"),
    ("Project", "*"),
    ("Proposal", "proposals(first: 1) { nodes { * } }"),
    ("Publication", "publications(first: 1) { nodes { * } }"),
    ("Query", ""),
    ("ReminderRule", "reminderRules { * }"),
    ("Source", "sources(first: 1) { nodes { * } }"),
    ("Target", "targets { * }"),
    ("Output", "outputs(first: 1) { nodes { * } }"),
    ("Record", "outputs(first: 1) { nodes { * } }"),
];

/// What lists need besides a page.
const ARGUMENTS: [(&str, &str); 3] = [
    ("timeline", "from: \"2021-01-01\", until: \"2021-12-31\""),
    ("previewNotifications", "days: 300"),
    ("search", "text: \"exchange\""),
];

/// A list: the type that has it, and its name.
struct List {
    of: String,
    name: String,
}

impl List {
    fn query(&self, after: &str) -> String {
        let more = ARGUMENTS.iter().find(|(name, _)| *name == self.name);
        let more = more.map_or("", |(_, more)| *more);
        let page = "pageInfo { endCursor }";
        let list = format!("{}(first: 2, {more} {after}) {{ {page} }}", self.name);
        let (_, way) = OBJECTS.iter().find(|(of, _)| *of == self.of).unwrap();
        match *way {
            "" => format!("{{ {list} }}"),
            way => {
                let inner = way.replace('*', &list);
                format!("{{ project(key: \"connection\") {{ {inner} }} }}")
            }
        }
    }

    /// The answer to a cursor.
    async fn asked(&self, api: &Api, cursor: &str) -> Value {
        let after = format!("after: {}", json!(cursor));
        let operation = Operation::new(self.query(&after));
        let answer = Box::pin(api.ask(Viewer::Operator, operation)).await;
        serde_json::to_value(answer).unwrap()
    }
}

/// Every list of the schema whose type is an object that the table leads to.
async fn lists(api: &Api) -> Vec<List> {
    let schema = "{ __schema { types { name kind fields { name args { name type { kind } } } } } }";
    let answer = api.data_as(Viewer::Operator, schema).await;
    let mut lists = Vec::new();
    for one in answer["__schema"]["types"].as_array().unwrap() {
        let of = one["name"].as_str().unwrap();
        for field in one["fields"].as_array().into_iter().flatten() {
            let args = field["args"].as_array().unwrap();
            if args.iter().any(|arg| arg["name"] == "after") {
                lists.push(List {
                    of: of.to_owned(),
                    name: field["name"].as_str().unwrap().to_owned(),
                });
            }
        }
    }
    lists
}

/// The first text under a name, anywhere.
fn found(value: &Value, name: &str) -> Option<String> {
    match value {
        Value::Object(fields) => fields.iter().find_map(|(field, value)| match value {
            Value::String(text) if field == name => Some(text.clone()),
            other => found(other, name),
        }),
        Value::Array(all) => all.iter().find_map(|one| found(one, name)),
        _ => None,
    }
}

fn encode(cursor: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(cursor.to_string())
}

/// What may be made of a cursor: each with whether it can be a place in the order all the same.
fn forged(cursor: &str) -> Vec<(String, bool)> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).unwrap();
    let read: Value = serde_json::from_slice(&bytes).unwrap();
    let (tag, parts) = (&read[0], read[1].as_array().unwrap());
    let mut all: Vec<_> = [
        json!([tag, []]),
        json!([tag, [parts, "x"]]),
        json!([tag, null]),
        json!([tag, [{ "a": 1 }]]),
        json!([tag]),
        json!(["another", parts]),
        json!(tag),
    ]
    .iter()
    .map(|cursor| (encode(cursor), false))
    .collect();
    let mut longer = parts.clone();
    longer.push(json!("x"));
    all.push((encode(&json!([tag, longer])), false));
    for at in 0..parts.len() {
        let with = |part: Value| {
            let mut parts = parts.clone();
            parts[at] = part;
            encode(&json!([tag, parts]))
        };
        match &parts[at] {
            Value::Number(_) => {
                all.push((with(json!("x")), false));
                all.extend([i64::MIN, i64::MAX, -1].map(|number| (with(json!(number)), true)));
            }
            Value::String(text) => {
                all.push((with(json!(7)), false));
                all.push((with(json!(format!("{text}\0"))), false));
                all.push((with(json!("\u{10ffff}")), true));
            }
            _ => {}
        }
    }
    all.extend(["", "x", "====", "AAAA"].map(|text| (text.to_owned(), false)));
    all
}

#[rstest]
#[case::on_sqlite(Backend::Sqlite)]
#[case::on_postgres(Backend::Postgres)]
#[tokio::test]
async fn a_cursor_that_was_put_together_is_refused_by_every_list(#[case] backend: Backend) {
    let Some(database) = backend.database().await else {
        return;
    };
    let api = Api::over(database).await;
    let lists = lists(&api).await;
    assert!(lists.len() > 50, "{}", lists.len());
    let mut with_cursors = 0;
    for list in &lists {
        let name = format!("{}.{}", list.of, list.name);
        let is_in_table = OBJECTS.iter().any(|(of, _)| *of == list.of);
        assert!(is_in_table, "{name}: say how to come to a {}", list.of);
        let first = api.data_as(Viewer::Operator, &list.query("")).await;
        let cursor = found(&first, "endCursor");
        with_cursors += usize::from(cursor.is_some());
        // An empty list has no cursors: those of the lists in the database, then.
        let is_empty = cursor.is_none();
        let cursors = match cursor {
            Some(cursor) => vec![cursor],
            None => ["due-", "requested-", "position", "soonest"]
                .map(|tag| encode(&json!([tag, [1, "00000000-0000-0000-0000-000000000000"]])))
                .to_vec(),
        };
        for (forged, may_be) in cursors.iter().flat_map(|cursor| forged(cursor)) {
            let answer = list.asked(&api, &forged).await;
            let code = &answer["errors"][0]["extensions"]["code"];
            let is_right = match code {
                Value::Null => may_be || is_empty,
                code => code == "BAD_USER_INPUT",
            };
            assert!(is_right, "{name}, {forged}: {answer}");
        }
    }
    assert!(with_cursors > 30, "{with_cursors}");
}
