//! The GraphQL API and its HTTP front.
//!
//! [`serve`] runs it; [`schema`] and [`answer`] answer requests without HTTP.

mod http;
mod schema;

pub use http::{Config, endpoint, serve, viewer_of};
pub use schema::{Document, Operation, Schema, answer, execute, schema, sdl};
