//! From a request to its answer: limits first, and a stable code on every error.

use std::sync::Arc;

use async_graphql::{
    ErrorExtensionValues, Name, PathSegment, Request, Response, ServerError, Value, Variables,
    indexmap::IndexMap,
    parser::types::{ExecutableDocument, OperationType},
};
use domain::{store::Store, viewer::Viewer};
use serde::Deserialize;
use tracing::error;

use super::{Schema, error::incident, limits};

/// A request as GraphQL over HTTP spells it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    /// The document.
    pub query: String,
    /// Which of its operations; may be left out where there is one.
    #[serde(default)]
    pub operation_name: Option<String>,
    #[serde(default)]
    pub variables: Option<Variables>,
}

impl Operation {
    /// One document without variables.
    #[must_use]
    pub fn new(query: impl Into<String>) -> Self {
        Self {
            query: query.into(),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn with_variables(self, variables: serde_json::Value) -> Self {
        Self {
            variables: Some(Variables::from_json(variables)),
            ..self
        }
    }

    /// Reads the document, if it keeps to the limits.
    ///
    /// # Errors
    /// The answer that says why it cannot be used.
    pub fn read(&self) -> Result<Document, Box<Response>> {
        match limits::read(&self.query) {
            Ok(document) => Ok(Document(document)),
            Err(error) => Err(Box::new(coded(Response::from_errors(vec![error])))),
        }
    }
}

/// A document that keeps to the limits.
#[derive(Debug)]
pub struct Document(ExecutableDocument);

impl Document {
    /// Whether the operation of this name (or the only one) only reads; none where there is no such
    /// operation.
    #[must_use]
    pub fn is_query(&self, name: Option<&str>) -> Option<bool> {
        let mut operations = self.0.operations.iter();
        let found = match name {
            None => operations.next(),
            Some(_) => operations.find(|(found, _)| found.map(Name::as_str) == name),
        };
        found.map(|(_, operation)| operation.node.ty == OperationType::Query)
    }
}

/// Answers a request on a viewer's behalf.
pub async fn answer(
    schema: &Schema,
    store: &Arc<Store>,
    viewer: Viewer,
    operation: Operation,
) -> Response {
    match operation.read() {
        Ok(document) => execute(schema, store, viewer, operation, document).await,
        Err(response) => *response,
    }
}

/// As [`answer`], with the request's own document as [`Operation::read`] gave it.
pub async fn execute(
    schema: &Schema,
    store: &Arc<Store>,
    viewer: Viewer,
    operation: Operation,
    document: Document,
) -> Response {
    let mut request = Request::new(operation.query)
        .variables(operation.variables.unwrap_or_default())
        .data(viewer)
        .data(Arc::clone(store));
    request.operation_name = operation.operation_name;
    request.set_parsed_query(document.0);
    coded(schema.execute(request).await)
}

/// Gives every error a code, and hides what is not meant for clients.
fn coded(mut response: Response) -> Response {
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
        if error.message.starts_with("Failed to parse") || error.message.starts_with("Variable") {
            set_code(error, "BAD_USER_INPUT");
        } else if error.path.is_empty() && is_request_error {
            set_code(error, "GRAPHQL_VALIDATION_FAILED");
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

/// Sets the code of an error.
pub fn set_code(error: &mut ServerError, code: &str) {
    extensions(error).set("code", code);
}

fn extensions(error: &mut ServerError) -> &mut ErrorExtensionValues {
    error.extensions.get_or_insert_default()
}
