//! What is said of a request of which nothing ran.

use apollo_compiler::{response::GraphQLError, validation::DiagnosticList};
use async_graphql::{ErrorExtensionValues, Pos, Response, ServerError, Value};

use super::{limits::RATE, rate_limit::RetryAfter};

/// Why nothing of a request ran.
#[derive(Debug)]
pub enum Rejection {
    /// The request is wrong, or too much.
    Request(Box<Response>),
    /// It would change something, but came by a way that only reads.
    ReadsOnly,
    /// Whoever asks has asked for too much lately.
    RateLimited(RetryAfter),
}

impl From<RetryAfter> for Rejection {
    fn from(wait: RetryAfter) -> Self {
        Self::RateLimited(wait)
    }
}

/// How many problems of one document are told.
const MAX_PROBLEMS: usize = 10;

pub const UNREADABLE: &str = "GRAPHQL_PARSE_FAILED";
pub const INVALID: &str = "GRAPHQL_VALIDATION_FAILED";
pub const BAD_INPUT: &str = "BAD_USER_INPUT";

/// Who asks is not told what the schema holds.
pub const INTROSPECTION_DISABLED: &str = "INTROSPECTION_DISABLED";

impl Rejection {
    /// The same for someone who is not told what the schema holds: where something is wrong, but not
    /// what stands there instead, or is missing.
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

    /// The request asks for more than a limit allows: for `found` of something. A count that ended
    /// at the limit says by one more that there are more.
    pub fn too_much(code: &str, what: &str, found: u64, most: usize) -> Self {
        let message = format!("This asks for too much: {what}: {found}, and {most} are allowed.");
        let mut error = ServerError::new(message, None);
        let extensions: &mut ErrorExtensionValues = error.extensions.get_or_insert_default();
        extensions.set("found", found);
        extensions.set("limit", most);
        Self::one(code, error)
    }

    /// What is said where only an answer can say it.
    pub fn rate_limited(wait: RetryAfter) -> Response {
        let mut error = ServerError::new(wait.to_string(), None);
        let extensions: &mut ErrorExtensionValues = error.extensions.get_or_insert_default();
        extensions.set("code", RATE);
        extensions.set("retryAfter", wait.seconds());
        Response::from_errors(vec![error])
    }

    /// One thing is wrong.
    pub fn one(code: &str, error: ServerError) -> Self {
        Self::all(code, vec![error])
    }

    /// What apollo-compiler found, in the order of the document.
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

/// An error with the places that apollo-compiler names.
pub fn located(error: GraphQLError) -> ServerError {
    let place = |at: apollo_compiler::parser::LineColumn| Pos {
        line: at.line,
        column: at.column,
    };
    let mut located = ServerError::new(error.message, None);
    located.locations = error.locations.into_iter().map(place).collect();
    located
}
