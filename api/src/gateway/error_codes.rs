//! Errors in responses: every error gets a stable code, and causes are hidden from clients.

use async_graphql::{
    ErrorExtensionValues, Name, PathSegment, Response, ServerError, Value, indexmap::IndexMap,
};
use tracing::error;

use super::rejection::{BAD_INPUT, INVALID};
use crate::schema::incident;

/// Adds a code to every error, and replaces internal errors by an incident id.
pub fn coded(mut response: Response) -> Response {
    let is_request_error = response.data == Value::Null;
    for error in &response.errors {
        fill(&mut response.data, &error.path);
    }
    for error in &mut response.errors {
        let has_code = error
            .extensions
            .as_ref()
            .is_some_and(|extensions| extensions.get("code").is_some());
        if has_code {
            continue;
        }
        if is_about_input(&error.message) {
            set_code(error, BAD_INPUT);
        } else if error.path.is_empty() && is_request_error {
            set_code(error, INVALID);
        } else {
            let id = incident();
            error!(incident = %id, error = error.message, "A request failed");
            error.message = "Something failed on the server.".to_owned();
            set_code(error, "INTERNAL");
            extensions(error).set("incident", id.to_string());
        }
    }
    response
}

/// Whether the message is async-graphql's for an argument that it cannot read.
fn is_about_input(message: &str) -> bool {
    ["Failed to parse", "Expected input type", "Variable"]
        .iter()
        .any(|start| message.starts_with(start))
}

/// Puts null where an error was. async-graphql leaves the failed field out altogether, and makes
/// null of an object that has no other; fields that can fail are nullable, so null is what clients
/// expect there.
fn fill(mut data: &mut Value, path: &[PathSegment]) {
    for (at, segment) in path.iter().enumerate() {
        let next = match (&mut *data, segment) {
            (Value::List(items), PathSegment::Index(index)) => items.get_mut(*index),
            (inside @ (Value::Object(_) | Value::Null), PathSegment::Field(name)) => {
                if *inside == Value::Null {
                    *inside = Value::Object(IndexMap::new());
                }
                let Value::Object(fields) = inside else {
                    return;
                };
                let is_there = fields.contains_key(name.as_str());
                if is_there || at + 1 == path.len() {
                    Some(fields.entry(Name::new(name)).or_insert(Value::Null))
                } else {
                    None
                }
            }
            _ => None,
        };
        match next {
            Some(next) => data = next,
            None => return,
        }
    }
}

fn set_code(error: &mut ServerError, code: &str) {
    extensions(error).set("code", code);
}

fn extensions(error: &mut ServerError) -> &mut ErrorExtensionValues {
    error.extensions.get_or_insert_default()
}
