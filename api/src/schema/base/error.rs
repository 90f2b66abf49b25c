//! GraphQL errors for clients: a message and a stable code, without the cause.

use async_graphql::{Error, ErrorExtensions};
use domain::error::Error as DomainError;
use tracing::error;
use uuid::Uuid;

/// A NOT_FOUND error: the record does not exist, or the viewer may not know of it.
pub fn not_found(what: &str) -> Error {
    coded("NOT_FOUND", format!("There is no such {what}."))
}

/// A FORBIDDEN error: the viewer may not see it.
pub fn forbidden(what: &str) -> Error {
    coded(
        "FORBIDDEN",
        format!("{what} are shown to those alone whose role in the project asks for it."),
    )
}

/// A BAD_USER_INPUT error for an argument; `right` says what a valid one is.
pub fn bad_input(argument: &'static str, wrong: impl std::fmt::Display, right: &str) -> Error {
    Error::new(format!("{argument}: {wrong}; {right}.")).extend_with(|_, e| {
        e.set("code", "BAD_USER_INPUT");
        e.set("argument", argument);
    })
}

/// The GraphQL error of an error of `domain`.
pub fn of_domain(error: DomainError) -> Error {
    match error {
        DomainError::NotFound(what) => not_found(what),
        other => internal(&other),
    }
}

/// An INTERNAL error, which the client cannot correct: the cause is logged under the incident id
/// that the client receives.
pub fn internal(cause: &dyn std::error::Error) -> Error {
    let id = incident();
    let causes = causes(cause);
    error!(incident = %id, error = causes, "A request failed");
    Error::new("Something failed on the server.").extend_with(|_, e| {
        e.set("code", "INTERNAL");
        e.set("incident", id.to_string());
    })
}

fn coded(code: &'static str, message: String) -> Error {
    Error::new(message).extend_with(|_, e| e.set("code", code))
}

/// A new incident id, which identifies a failure in the log and in the response.
#[expect(
    clippy::disallowed_methods,
    reason = "names a line of the log; nothing is stored or replayed under it"
)]
pub fn incident() -> Uuid {
    Uuid::now_v7()
}

fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}
