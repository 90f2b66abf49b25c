//! Rejections: the responses to requests that are not executed.

use apollo_compiler::{response::GraphQLError, validation::DiagnosticList};
use async_graphql::{ErrorExtensionValues, Pos, Response, ServerError, Value};

use super::{limits::RATE, rate_limit::RetryAfter};

/// The reason for which a request is not executed.
#[derive(Debug)]
pub enum Rejection {
    /// The request is invalid, or beyond a limit.
    Request(Box<Response>),
    /// A mutation over a transport that only reads.
    ReadsOnly,
    /// The client exceeded its rate limit.
    RateLimited(RetryAfter),
}

impl From<RetryAfter> for Rejection {
    fn from(wait: RetryAfter) -> Self {
        Self::RateLimited(wait)
    }
}

/// The maximum number of reported problems of a document.
const MAX_PROBLEMS: usize = 10;

pub const UNREADABLE: &str = "GRAPHQL_PARSE_FAILED";
pub const INVALID: &str = "GRAPHQL_VALIDATION_FAILED";
pub const BAD_INPUT: &str = "BAD_USER_INPUT";

/// The client may not introspect the schema.
pub const INTROSPECTION_DISABLED: &str = "INTROSPECTION_DISABLED";

impl Rejection {
    /// The same for a client that may not introspect the schema: the locations of the problems,
    /// without the names in the schema.
    pub fn without_names(mut self) -> Self {
        if let Self::Request(response) = &mut self {
            for error in &mut response.errors {
                let code = error.extensions.as_ref().and_then(|all| all.get("code"));
                if let Some(Value::String(code)) = code
                    && [INVALID, BAD_INPUT].contains(&code.as_str())
                {
                    error.message = "This does not fit the schema.".to_owned();
                }
            }
        }
        self
    }

    /// The request exceeds a limit by `found` of something. A count that stops at the limit reports
    /// one more than the limit.
    pub fn too_much(code: &str, what: &str, found: u64, most: usize) -> Self {
        let message = format!("This asks for too much: {what}: {found}, and {most} are allowed.");
        let mut error = ServerError::new(message, None);
        let extensions: &mut ErrorExtensionValues = error.extensions.get_or_insert_default();
        extensions.set("found", found);
        extensions.set("limit", most);
        Self::one(code, error)
    }

    /// The rejection as a GraphQL response, for transports that can only send one.
    pub fn rate_limited(wait: RetryAfter) -> Response {
        let mut error = ServerError::new(wait.to_string(), None);
        let extensions: &mut ErrorExtensionValues = error.extensions.get_or_insert_default();
        extensions.set("code", RATE);
        extensions.set("retryAfter", wait.seconds());
        Response::from_errors(vec![error])
    }

    /// A rejection for one problem.
    pub fn one(code: &str, error: ServerError) -> Self {
        Self::all(code, vec![error])
    }

    /// The problems that apollo-compiler reports, in the order of the document.
    pub fn diagnostics(code: &str, found: &DiagnosticList) -> Self {
        let problems = found.iter().take(MAX_PROBLEMS);
        Self::all(code, problems.map(|one| located(one.to_json())).collect())
    }

    fn all(code: &str, mut errors: Vec<ServerError>) -> Self {
        for error in &mut errors {
            let extensions: &mut ErrorExtensionValues = error.extensions.get_or_insert_default();
            extensions.set("code", code);
        }
        Self::Request(Box::new(Response::from_errors(errors)))
    }
}

/// An error with the locations that apollo-compiler reports.
pub fn located(error: GraphQLError) -> ServerError {
    let place = |at: apollo_compiler::parser::LineColumn| Pos {
        line: at.line,
        column: at.column,
    };
    let mut located = ServerError::new(error.message, None);
    located.locations = error.locations.into_iter().map(place).collect();
    located
}
