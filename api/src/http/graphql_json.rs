//! The JSON of GraphQL responses.

use async_graphql::{Response as GraphQlResponse, ServerError, Value};
use serde::Serialize;

/// Whether a request was rejected before the execution.
pub fn never_ran(response: &GraphQlResponse) -> bool {
    response.data == Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty())
}

/// The JSON of a response: without `data` if the request was not executed.
#[derive(Debug, Serialize)]
pub struct ResponseBody<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "<[ServerError]>::is_empty")]
    errors: &'a [ServerError],
}

impl<'a> ResponseBody<'a> {
    pub fn of(response: &'a GraphQlResponse) -> Self {
        Self {
            data: (!never_ran(response)).then_some(&response.data),
            errors: &response.errors,
        }
    }
}

/// A response as JSON on one line.
pub fn to_json(response: &GraphQlResponse) -> String {
    serde_json::to_string(&ResponseBody::of(response)).expect("a GraphQL response is plain JSON")
}
