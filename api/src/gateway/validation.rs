//! Validation of a document against the schema, by all rules of the specification.

use apollo_compiler::{
    ExecutableDocument, Schema, ast::Document, introspection::check_max_depth, validation::Valid,
};

use super::{
    limits::DEPTH,
    rejection::{INVALID, Rejection},
};

/// The introspection types that apollo-compiler's own text lacks.
const INTROSPECTION: &str = "extend type __Type { isOneOf: Boolean }";

/// The schema for apollo-compiler, from the text that is checked in.
pub fn schema(sdl: &str) -> Valid<Schema> {
    Schema::builder()
        .parse(sdl, "schema.graphql")
        .parse(INTROSPECTION, "introspection.graphql")
        .build()
        .and_then(Schema::validate)
        .expect("our own schema is valid, which a test shows")
}

/// The maximum nesting of lists of types and fields in introspection, as apollo-compiler counts it.
const INTROSPECTION_LISTS: usize = 2;

/// The document with its types, if it is valid.
pub fn validate(
    schema: &Valid<Schema>,
    document: &Document,
) -> Result<Valid<ExecutableDocument>, Rejection> {
    let typed = document
        .to_executable_validate(schema)
        .map_err(|wrong| Rejection::diagnostics(INVALID, &wrong.errors))?;
    for operation in typed.operations.iter() {
        if check_max_depth(&typed, operation).is_err() {
            let (what, most) = ("lists of fields within each other", INTROSPECTION_LISTS);
            return Err(Rejection::too_much(DEPTH, what, most as u64 + 1, most));
        }
    }
    Ok(typed)
}
