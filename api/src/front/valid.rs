//! Whether a document fits the schema, by the whole of the specification's rules.

use apollo_compiler::{ExecutableDocument, Schema, ast::Document, validation::Valid};

use super::refused::{INVALID, Refused};

/// What introspection knows beyond apollo-compiler's own text.
const INTROSPECTION: &str = "extend type __Type { isOneOf: Boolean }";

/// The schema as apollo-compiler knows it, from the text that is checked in.
pub fn schema(sdl: &str) -> Valid<Schema> {
    Schema::builder()
        .parse(sdl, "schema.graphql")
        .parse(INTROSPECTION, "introspection.graphql")
        .build()
        .and_then(Schema::validate)
        .expect("our own schema is valid, which a test shows")
}

/// The document with its types, if it is valid.
pub fn valid(
    schema: &Valid<Schema>,
    document: &Document,
) -> Result<Valid<ExecutableDocument>, Refused> {
    document
        .to_executable_validate(schema)
        .map_err(|wrong| Refused::found(INVALID, &wrong.errors))
}
