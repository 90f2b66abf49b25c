//! GraphQL over HTTP: POST with JSON, GET for queries.

use async_graphql::{Response as GraphQlResponse, ServerError, Value};
use domain::viewer::Viewer;
use poem::{
    Request, Response,
    error::ReadBodyError,
    http::{HeaderMap, HeaderValue, StatusCode, header},
};
use serde::{Deserialize, Serialize};

use super::{
    App,
    accept::{GRAPHQL_JSON, JSON, wanted},
    answer::{error, not_allowed},
    etag,
};
use crate::front::{May, Operation, Refused};

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
    let body = match request.into_body().into_bytes_limit(MAX_BODY).await {
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
    match operation_of(&body) {
        Ok(operation) => run(app, viewer, operation, &headers, May::Write).await,
        Err(message) => bad_request(&message),
    }
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
    let Ok(params) = request.params::<Params>() else {
        return bad_request("The query string cannot be read.");
    };
    let Some(query) = params.query else {
        return bad_request(
            "There is no query: POST one as JSON, or GET it with ?query=. GraphiQL is at /graphiql.",
        );
    };
    let variables = match params.variables.as_deref().filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => match serde_json::from_str(text) {
            Ok(variables) => variables,
            Err(_) => return bad_request("variables must be a JSON object."),
        },
    };
    let operation = Operation {
        query,
        operation_name: params.operation_name.filter(|name| !name.is_empty()),
        variables,
    };
    run(app, viewer, operation, request.headers(), May::Read).await
}

async fn run(
    app: &App,
    viewer: Viewer,
    operation: Operation,
    headers: &HeaderMap,
    may: May,
) -> Response {
    let Some(media_type) = wanted(headers) else {
        return error(
            StatusCode::NOT_ACCEPTABLE,
            "NOT_ACCEPTABLE",
            "Answers are application/graphql-response+json or application/json.",
        );
    };
    let response = match app.front.prepare(operation, may) {
        Ok(ready) => app.front.run(&app.config.store, viewer, ready).await,
        Err(Refused::Request(response)) => *response,
        Err(Refused::ReadsOnly) => return not_allowed("POST"),
    };
    let asked = (may == May::Read).then_some(headers);
    let mut answer = answered(&response, media_type, asked);
    answer
        .headers_mut()
        .insert(header::VARY, HeaderValue::from_static("Accept"));
    answer
}

/// What clients get of a response: no data at all where nothing of the request ran.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "<[ServerError]>::is_empty")]
    errors: &'a [ServerError],
}

/// `asked` holds the headers of a GET: what it gets without an error, its client may keep.
fn answered(
    response: &GraphQlResponse,
    media_type: &'static str,
    asked: Option<&HeaderMap>,
) -> Response {
    let never_ran = response.data == Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty());
    let status = if never_ran && media_type == GRAPHQL_JSON {
        StatusCode::BAD_REQUEST
    } else {
        StatusCode::OK
    };
    let body = Body {
        data: (!never_ran).then_some(&response.data),
        errors: &response.errors,
    };
    let body = serde_json::to_string(&body).expect("a GraphQL response is plain JSON");
    let content_type = format!("{media_type}; charset=utf-8");
    match asked {
        Some(asked) if response.errors.is_empty() => etag::kept(asked, &content_type, body),
        _ => Response::builder()
            .status(status)
            .content_type(content_type)
            .body(body),
    }
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
