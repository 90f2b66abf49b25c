//! The operation that a request spells, in its body or in its query string.

use poem::Request;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::json::{self, Unread};
use crate::gateway::{Extensions, Limits, Operation};

pub const BAD_REQUEST: &str = "BAD_REQUEST";

/// Why a request spells none.
#[derive(Debug)]
pub struct Wrong {
    pub code: &'static str,
    pub message: String,
}

impl From<String> for Wrong {
    fn from(message: String) -> Self {
        let code = BAD_REQUEST;
        Self { code, message }
    }
}

impl From<&str> for Wrong {
    fn from(message: &str) -> Self {
        message.to_owned().into()
    }
}

/// What the query string of a GET holds.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Params {
    query: Option<String>,
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

/// The operation of a query string.
pub fn in_query_string(request: &Request, limits: &Limits) -> Result<Operation, Wrong> {
    let params = request
        .params::<Params>()
        .map_err(|_| "The query string cannot be read.")?;
    let extensions = extensions(object(params.extensions.as_deref(), "extensions", limits)?)?;
    let query = params
        .query
        .or_else(|| without_text(&extensions))
        .ok_or("There is no query: POST one as JSON, or GET it with ?query=.")?;
    Ok(Operation {
        query,
        extensions,
        operation_name: params.operation_name.filter(|name| !name.is_empty()),
        variables: object(params.variables.as_deref(), "variables", limits)?,
    })
}

/// The object that a parameter spells; none where it is not there, empty or null.
fn object(
    text: Option<&str>,
    name: &str,
    limits: &Limits,
) -> Result<Option<Map<String, Value>>, Wrong> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    match json::read(text.as_bytes(), limits) {
        Ok(Value::Object(object)) => Ok(Some(object)),
        Ok(Value::Null) => Ok(None),
        Err(nested @ Unread::Nested(_)) => Err(nested.into()),
        Ok(_) | Err(Unread::Json(_)) => Err(format!("{name} must be a JSON object.").into()),
    }
}

/// The operation of a body.
pub fn in_body(body: &[u8], limits: &Limits) -> Result<Operation, Wrong> {
    in_value(json::read(body, limits)?)
}

/// The operation of a JSON value.
pub fn in_value(value: Value) -> Result<Operation, Wrong> {
    let Value::Object(mut fields) = value else {
        return Err(if value.is_array() {
            Wrong {
                code: "BATCH_REFUSED",
                message: "Batches are not taken: send one operation at a time.".to_owned(),
            }
        } else {
            "An operation is a JSON object with a query.".into()
        });
    };
    let text = |field: Option<Value>, name: &str| match field {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("{name} must be a text.")),
    };
    let extensions = match fields.remove("extensions") {
        None | Some(Value::Null) => Extensions::default(),
        Some(Value::Object(object)) => extensions(Some(object))?,
        Some(_) => return Err("extensions must be a JSON object.".into()),
    };
    let query = text(fields.remove("query"), "query")?
        .or_else(|| without_text(&extensions))
        .ok_or("There is no query.")?;
    let operation_name = text(fields.remove("operationName"), "operationName")?;
    let variables = match fields.remove("variables") {
        None | Some(Value::Null) => None,
        Some(Value::Object(variables)) => Some(variables),
        Some(_) => return Err("variables must be a JSON object.".into()),
    };
    Ok(Operation {
        query,
        operation_name: operation_name.filter(|name| !name.is_empty()),
        variables,
        extensions,
    })
}

/// What extensions say that is known here; what is unknown may stand there, too.
fn extensions(object: Option<Map<String, Value>>) -> Result<Extensions, Wrong> {
    let Some(object) = object else {
        return Ok(Extensions::default());
    };
    serde_json::from_value(Value::Object(object)).map_err(|_| {
        "extensions.persistedQuery must hold a version and a sha256Hash."
            .to_owned()
            .into()
    })
}

/// The empty text of a document that is named by its hash.
fn without_text(extensions: &Extensions) -> Option<String> {
    extensions.persisted_query.is_some().then(String::new)
}
