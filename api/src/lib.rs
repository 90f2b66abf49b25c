//! The GraphQL API and its HTTP front.

mod schema;

pub use schema::{Document, Operation, Schema, answer, execute, schema, sdl};
