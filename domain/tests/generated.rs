//! Project files made by chance from the embedded one: each is read whole or refused with every
//! problem by its path, and what is read can be exported and read again.
//!
//! `PROPTEST_CASES` tries more than these few.

use std::collections::BTreeMap;

use domain::{
    data,
    file::{self, ProjectFile},
    record::{Code, Problem},
};
use proptest::prelude::*;
use serde_json::{Value, json};
use tests::project::in_memory;

/// Values that do not belong where they come to stand.
fn value() -> impl Strategy<Value = Value> {
    const TEXTS: &[&str] = &[
        "",
        " ",
        "0",
        "torino",
        "2021-02-30",
        "9999-12",
        "javascript:alert(1)",
        "it",
        "EUR",
        "Ünï¢ode\u{202e}",
        "\u{0}",
        "a\nb",
        "s1:1",
    ];
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(TEXTS).prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([null])),
        Just(json!({ "en": "Text", "it": 7 })),
        (1_usize..400).prop_map(|length| Value::from("x".repeat(length * 100))),
    ]
}

/// Where to go at each level, and what to do there: replace, remove, or double.
fn changes() -> impl Strategy<Value = Vec<(Vec<prop::sample::Index>, u8, Value)>> {
    let way = prop::collection::vec(any::<prop::sample::Index>(), 1..7);
    prop::collection::vec((way, 0..4_u8, value()), 1..4)
}

fn change(value: &mut Value, way: &[prop::sample::Index], how: u8, new: &Value) {
    let is_last = way.len() == 1;
    match value {
        Value::Array(list) if !list.is_empty() => {
            let at = way[0].index(list.len());
            match how {
                _ if !is_last => change(&mut list[at], &way[1..], how, new),
                0 => drop(list.remove(at)),
                1 => list.push(list[at].clone()),
                _ => list[at] = new.clone(),
            }
        }
        Value::Object(fields) if !fields.is_empty() => {
            let at = way[0].index(fields.len());
            let name = fields.keys().nth(at).unwrap().clone();
            match how {
                _ if !is_last => change(&mut fields[&name], &way[1..], how, new),
                0 => drop(fields.remove(&name)),
                1 => drop(fields.insert(name + "s", new.clone())),
                _ => drop(fields.insert(name, new.clone())),
            }
        }
        other => *other = new.clone(),
    }
}

/// The file, or every problem of it.
fn read(text: &str) -> Result<ProjectFile, Vec<Problem>> {
    let file = file::read(text)?;
    let problems = file::check(&file);
    if problems.is_empty() {
        Ok(file)
    } else {
        Err(problems)
    }
}

/// The places of whole numbers, one for each field.
fn numbers(value: &Value, path: &str, places: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                numbers(value, &format!("{path}/{name}"), places);
            }
        }
        Value::Array(items) => {
            for (at, value) in items.iter().enumerate() {
                numbers(value, &format!("{path}/{at}"), places);
            }
        }
        Value::Number(number) if number.is_i64() => {
            let field = path.replace(|letter: char| letter.is_ascii_digit(), "");
            places.entry(field).or_insert_with(|| path.to_owned());
        }
        _ => {}
    }
}

#[test]
fn a_number_larger_than_any_is_refused_at_its_place() {
    let value: Value = serde_json::from_str(data::CONNECTION).unwrap();
    let mut places = BTreeMap::new();
    numbers(&value, "", &mut places);
    assert!(places.len() > 15, "{places:?}");
    for place in places.values() {
        for number in [u64::MAX, u64::try_from(i64::MAX).unwrap() + 1] {
            let mut value = value.clone();
            *value.pointer_mut(place).unwrap() = number.into();
            let problems = file::read(&value.to_string()).unwrap_err();
            let at = place[1..].replace('/', ".");
            assert!(
                problems
                    .iter()
                    .any(|problem| problem.path == at && problem.code == Code::OutOfRange),
                "{place}: {problems:?}"
            );
        }
        // What the type of some fields still holds is read, or refused at its place, too.
        let mut value = value.clone();
        *value.pointer_mut(place).unwrap() = (i64::from(i32::MAX) + 1).into();
        for problem in file::read(&value.to_string()).err().into_iter().flatten() {
            assert!(!problem.path.is_empty(), "{place}: {problem:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_project_file_is_read_or_refused_by_path(changes in changes()) {
        let mut value: Value = serde_json::from_str(data::CONNECTION).unwrap();
        for (way, how, new) in &changes {
            change(&mut value, way, *how, new);
        }
        match read(&value.to_string()) {
            Ok(file) => {
                let project = in_memory(&file, "2020-01-01T00:00:00Z");
                let exported = file::export(&project).to_json();
                let again = read(&exported);
                prop_assert!(again.is_ok(), "{:?}", again);
                let project = in_memory(&again.unwrap(), "2020-01-01T00:00:00Z");
                prop_assert!(file::export(&project).to_json() == exported);
            }
            Err(problems) => {
                prop_assert!(!problems.is_empty());
                for problem in problems {
                    prop_assert!(!problem.path.is_empty(), "{:?}", problem);
                }
            }
        }
    }

    #[test]
    fn any_text_is_no_project_file(text in prop_oneof![".{0,200}", any::<prop::sample::Index>().prop_map(|at| {
        // Without the last brace at least.
        let whole = data::CONNECTION.trim_end().chars();
        let cut = at.index(whole.clone().count());
        whole.take(cut).collect()
    })]) {
        prop_assert!(file::read(&text).is_err());
    }
}
