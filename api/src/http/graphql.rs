//! GraphQL over HTTP: POST with JSON, GET for queries.

use std::sync::Arc;

use async_graphql::{Response as GraphQlResponse, ServerError, Value};
use bytes::Bytes;
use domain::viewer::Viewer;
use poem::{
    Request, Response,
    error::ReadBodyError,
    http::{HeaderMap, HeaderValue, StatusCode, header},
};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use super::{
    App,
    accept::{GRAPHQL_JSON, JSON, wanted},
    answer::{error, not_allowed},
    encoded::Encoded,
    kept::{Answer, Question},
};
use crate::front::{Answered, May, Operation, Refused};

/// The longest body, in bytes as they are read.
const MAX_BODY: usize = 1024 * 1024;

/// Answers the operation that a body holds.
pub async fn post(app: &App, viewer: Viewer, request: Request) -> Response {
    if !is_json(request.content_type()) {
        return error(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UNSUPPORTED_MEDIA_TYPE",
            "A request's body must be JSON in UTF-8: send it with content-type: application/json.",
        );
    }
    let headers = request.headers().clone();
    let read = request.into_body().into_bytes_limit(MAX_BODY);
    let Ok(read) = timeout(app.config.patience / 2, read).await else {
        return error(
            StatusCode::REQUEST_TIMEOUT,
            "REQUEST_TIMEOUT",
            "The body took too long to arrive.",
        );
    };
    let body = match read {
        Ok(body) => body,
        Err(ReadBodyError::PayloadTooLarge) => {
            return error(
                StatusCode::PAYLOAD_TOO_LARGE,
                "PAYLOAD_TOO_LARGE",
                &format!("The body is larger than {MAX_BODY} bytes."),
            );
        }
        Err(_) => return bad_request("The body ended before it was complete."),
    };
    let came = Came {
        viewer,
        headers: &headers,
        may: May::Write,
        text: body.clone(),
    };
    answered(app, came, || operation_of(&body)).await
}

/// What the query string of a GET holds.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Params {
    query: Option<String>,
    operation_name: Option<String>,
    variables: Option<String>,
}

/// Answers the query that the query string holds.
pub async fn get(app: &App, viewer: Viewer, request: &Request) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let came = Came {
        viewer,
        headers: request.headers(),
        may: May::Read,
        text: Bytes::copy_from_slice(query.as_bytes()),
    };
    answered(app, came, || operation_in(request)).await
}

/// A request for an operation, as it came.
struct Came<'a> {
    viewer: Viewer,
    headers: &'a HeaderMap,
    may: May,
    /// What spells the operation.
    text: Bytes,
}

/// The answer that is kept; else the operation is read and run, and its answer kept if it may be.
async fn answered(
    app: &App,
    came: Came<'_>,
    read: impl FnOnce() -> Result<Operation, String>,
) -> Response {
    let Some(media_type) = wanted(came.headers) else {
        return error(
            StatusCode::NOT_ACCEPTABLE,
            "NOT_ACCEPTABLE",
            "Answers are application/graphql-response+json or application/json.",
        );
    };
    let question = Question {
        viewer: came.viewer,
        may: came.may,
        media_type,
        text: came.text,
    };
    if let Some(answer) = app.kept.get(&question, &app.config.store) {
        app.metrics.kept.inc();
        return sent(&answer.body, &question, came.headers);
    }
    app.metrics.made.inc();
    let operation = match read() {
        Ok(operation) => operation,
        Err(message) => return bad_request(&message),
    };
    let ready = match app.front.prepare(operation, came.may) {
        Ok(ready) => ready,
        Err(Refused::Request(response)) => return failed(&response, media_type, came.headers),
        Err(Refused::ReadsOnly) => return not_allowed("POST"),
    };
    let Answered { response, rests_on } = app
        .front
        .run(&app.config.store, question.viewer, ready)
        .await;
    if !response.errors.is_empty() {
        return failed(&response, media_type, came.headers);
    }
    let body = body(&response, media_type);
    let sent = |body: &Encoded| sent(body, &question, came.headers);
    match rests_on {
        None => sent(&body),
        Some(rests_on) => {
            let answer = Arc::new(Answer { body, rests_on });
            let sent = sent(&answer.body);
            app.kept.keep(question, answer);
            sent
        }
    }
}

/// An answer without errors: what a GET asked for, its client may keep.
fn sent(body: &Encoded, question: &Question, asked: &HeaderMap) -> Response {
    varied(match question.may {
        May::Read => body.kept_response(asked),
        May::Write => body.response(asked),
    })
}

/// An answer with errors. Its status tells, in the type of GraphQL over HTTP, whether anything ran.
fn failed(response: &GraphQlResponse, media_type: &str, asked: &HeaderMap) -> Response {
    let mut failed = varied(body(response, media_type).response(asked));
    if never_ran(response) && media_type == GRAPHQL_JSON {
        failed.set_status(StatusCode::BAD_REQUEST);
    }
    failed
}

fn never_ran(response: &GraphQlResponse) -> bool {
    response.data == Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty())
}

/// Answers go by what the client accepts.
fn varied(mut response: Response) -> Response {
    response.headers_mut().insert(
        header::VARY,
        HeaderValue::from_static("Accept, Accept-Encoding"),
    );
    response
}

/// What clients get of a response: no data at all where nothing of the request ran.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "<[ServerError]>::is_empty")]
    errors: &'a [ServerError],
}

fn body(response: &GraphQlResponse, media_type: &str) -> Encoded {
    let body = Body {
        data: (!never_ran(response)).then_some(&response.data),
        errors: &response.errors,
    };
    let body = serde_json::to_vec(&body).expect("a GraphQL response is plain JSON");
    let content_type = match media_type {
        GRAPHQL_JSON => "application/graphql-response+json; charset=utf-8",
        _ => "application/json; charset=utf-8",
    };
    Encoded::new(content_type, body)
}

/// Whether a content type is JSON in UTF-8.
fn is_json(content_type: Option<&str>) -> bool {
    let mut parts = content_type.unwrap_or_default().split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    essence.eq_ignore_ascii_case(JSON)
        && parts
            .filter_map(|part| part.split_once('='))
            .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
            .all(|(_, value)| value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8"))
}

/// The operation of a query string; else what is wrong with it.
fn operation_in(request: &Request) -> Result<Operation, String> {
    let params = request
        .params::<Params>()
        .map_err(|_| "The query string cannot be read.")?;
    let query = params.query.ok_or(
        "There is no query: POST one as JSON, or GET it with ?query=. GraphiQL is at /graphiql.",
    )?;
    let variables = match params.variables.as_deref().filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => serde_json::from_str(text).map_err(|_| "variables must be a JSON object.")?,
    };
    Ok(Operation {
        query,
        operation_name: params.operation_name.filter(|name| !name.is_empty()),
        variables,
    })
}

/// The operation of a body; else what is wrong with it.
fn operation_of(body: &[u8]) -> Result<Operation, String> {
    let value: serde_json::Value =
        serde_json::from_slice(body).map_err(|error| format!("The body is no JSON: {error}."))?;
    let serde_json::Value::Object(mut fields) = value else {
        return Err(if value.is_array() {
            "Batches are not taken: send one operation at a time.".to_owned()
        } else {
            "The body must be a JSON object with a query.".to_owned()
        });
    };
    let text = |field: Option<serde_json::Value>, name: &str| match field {
        None | Some(serde_json::Value::Null) => Ok(None),
        Some(serde_json::Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("{name} must be a text.")),
    };
    let query = text(fields.remove("query"), "query")?.ok_or("The body has no query.")?;
    let operation_name = text(fields.remove("operationName"), "operationName")?;
    let variables = match fields.remove("variables") {
        None | Some(serde_json::Value::Null) => None,
        Some(serde_json::Value::Object(variables)) => Some(variables),
        Some(_) => return Err("variables must be a JSON object.".to_owned()),
    };
    match fields.remove("extensions") {
        None | Some(serde_json::Value::Null | serde_json::Value::Object(_)) => {}
        Some(_) => return Err("extensions must be a JSON object.".to_owned()),
    }
    Ok(Operation {
        query,
        operation_name: operation_name.filter(|name| !name.is_empty()),
        variables,
    })
}

fn bad_request(message: &str) -> Response {
    error(StatusCode::BAD_REQUEST, "BAD_REQUEST", message)
}
