//! The schema file is the API's manual: it is current, and everything in it is explained.

use std::{fs, path::PathBuf};

use api::{schema, sdl};
use serde_json::Value;

#[test]
fn the_schema_file_is_current() {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql"));
    let current = sdl(&schema());
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &current).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == current,
        "api/schema.graphql is not current; UPDATE=1 writes it anew"
    );
}

const INTROSPECTION: &str = "{ __schema { types { name kind description
    fields { name description args { name description } }
    inputFields { name description } enumValues { name description } } } }";

#[tokio::test]
async fn everything_in_the_schema_is_explained() {
    let response = schema().execute(INTROSPECTION).await;
    let data = response.data.into_json().unwrap();
    let mut silent = Vec::new();
    for of_type in list(&data["__schema"]["types"]) {
        let name = of_type["name"].as_str().unwrap();
        let is_built_in = ["Boolean", "Float", "ID", "Int", "String"].contains(&name);
        if is_built_in || name.starts_with("__") {
            continue;
        }
        let mut check = |what: &str, value: &Value| {
            let text = value["description"].as_str().unwrap_or_default();
            if text.trim().is_empty() {
                silent.push(format!("{what} {}", value["name"].as_str().unwrap()));
            }
        };
        check("type", of_type);
        for field in list(&of_type["fields"]) {
            check(&format!("field of {name}:"), field);
            for argument in list(&field["args"]) {
                check(&format!("argument of {name}.{}:", field["name"]), argument);
            }
        }
        for field in list(&of_type["inputFields"]) {
            check(&format!("field of {name}:"), field);
        }
        for value in list(&of_type["enumValues"]) {
            check(&format!("value of {name}:"), value);
        }
    }
    assert_eq!(silent, Vec::<String>::new());
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

#[test]
fn objects_keep_what_their_interfaces_promise() {
    let text = sdl(&schema());
    for interface in ["CountedRecord", "Node", "Output"] {
        assert!(
            text.contains(&format!("interface {interface} {{")),
            "{interface}"
        );
    }
    let visit = text
        .lines()
        .find(|line| line.starts_with("type Visit "))
        .unwrap();
    for interface in ["CountedRecord", "Node", "Output"] {
        assert!(visit.contains(interface), "{visit}");
    }
}
