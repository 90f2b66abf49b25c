//! The operation of a GraphQL request, as JSON or a query string says it.

use poem::{Request, Response, http::StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    json::{self, JsonError},
    response,
};
use crate::gateway::{Extensions, Limits, Operation, limits};

/// The code of a request that cannot be read.
pub const BAD_REQUEST: &str = "BAD_REQUEST";

/// The reason for which a request has no valid operation.
#[derive(Debug)]
pub struct BadRequest {
    pub code: &'static str,
    pub message: String,
}

impl BadRequest {
    pub fn response(&self) -> Response {
        response::error(StatusCode::BAD_REQUEST, self.code, &self.message)
    }
}

impl From<String> for BadRequest {
    fn from(message: String) -> Self {
        let code = BAD_REQUEST;
        Self { code, message }
    }
}

impl From<&str> for BadRequest {
    fn from(message: &str) -> Self {
        message.to_owned().into()
    }
}

impl From<JsonError> for BadRequest {
    fn from(error: JsonError) -> Self {
        let code = match error {
            JsonError::Nested(_) => limits::NESTING,
            JsonError::Syntax(_) => BAD_REQUEST,
        };
        Self {
            code,
            message: error.to_string(),
        }
    }
}

/// The parameters of a GET's query string.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Params {
    query: Option<String>,
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

/// The operation of a query string.
pub fn from_query_string(http: &Request, limits: &Limits) -> Result<Operation, BadRequest> {
    let params = http
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

/// The JSON object of a parameter; `None` if it is missing, empty or null.
fn object(
    text: Option<&str>,
    name: &str,
    limits: &Limits,
) -> Result<Option<Map<String, Value>>, BadRequest> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    match json::read(text.as_bytes(), limits) {
        Ok(Value::Object(object)) => Ok(Some(object)),
        Ok(Value::Null) => Ok(None),
        Err(nested @ JsonError::Nested(_)) => Err(nested.into()),
        Ok(_) | Err(JsonError::Syntax(_)) => Err(format!("{name} must be a JSON object.").into()),
    }
}

/// The operation of a JSON value: of a POST's body, or of a message on a socket.
pub fn from_value(value: Value) -> Result<Operation, BadRequest> {
    let Value::Object(mut fields) = value else {
        return Err(if value.is_array() {
            BadRequest {
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

/// The extensions that the API reads; unknown ones are ignored.
fn extensions(object: Option<Map<String, Value>>) -> Result<Extensions, BadRequest> {
    let Some(object) = object else {
        return Ok(Extensions::default());
    };
    serde_json::from_value(Value::Object(object)).map_err(|_| {
        "extensions.persistedQuery must hold a version and a sha256Hash."
            .to_owned()
            .into()
    })
}

/// The empty document of a request that names it by its hash.
fn without_text(extensions: &Extensions) -> Option<String> {
    extensions.persisted_query.is_some().then(String::new)
}
