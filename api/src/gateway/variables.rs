//! Coercion of variables: each value has the type that the operation declares.

use apollo_compiler::{
    ExecutableDocument, Schema,
    ast::Type,
    executable::Operation,
    request::coerce_variable_values,
    response::{JsonMap, JsonValue},
    schema::ExtendedType,
    validation::Valid,
};
use async_graphql::{Name, ServerError, Value, Variables, indexmap::IndexMap};

use super::{
    literals::{NUL, holds_nul},
    rejection::{BAD_INPUT, Rejection, located},
};
use crate::schema::scalar_refusal;

/// The coerced values: with defaults, without undeclared variables. An omitted variable without a
/// default stays omitted.
pub fn coerced(
    schema: &Valid<Schema>,
    document: &Valid<ExecutableDocument>,
    operation: &Operation,
    given: serde_json::Map<String, serde_json::Value>,
) -> Result<Variables, Rejection> {
    let given: JsonMap = given
        .into_iter()
        .map(|(name, value)| (name.into(), value.into()))
        .collect();
    let coerced = coerce_variable_values(schema, operation, &given).map_err(|wrong| {
        let error = located(wrong.to_graphql_error(&document.sources));
        Rejection::one(BAD_INPUT, error)
    })?;
    let mut variables = Variables::default();
    for definition in &operation.variables {
        let name = definition.name.as_str();
        let Some(value) = coerced.get(name) else {
            continue;
        };
        let value = plain(value);
        let nul = || holds_nul(&value).then(|| NUL.to_owned());
        if let Some(why) = refusal(schema, &definition.ty, &value).or_else(nul) {
            let message = format!("variable {name}: {why}");
            return Err(Rejection::one(BAD_INPUT, ServerError::new(message, None)));
        }
        variables.insert(Name::new(name), value);
    }
    Ok(variables)
}

fn plain(value: &JsonValue) -> Value {
    match value {
        JsonValue::Null => Value::Null,
        JsonValue::Bool(value) => Value::Boolean(*value),
        JsonValue::Number(value) => Value::Number(value.clone()),
        JsonValue::String(value) => Value::String(value.as_str().to_owned()),
        JsonValue::Array(items) => Value::List(items.iter().map(plain).collect()),
        JsonValue::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(name, value)| (Name::new(name.as_str()), plain(value)));
            Value::Object(fields.collect::<IndexMap<_, _>>())
        }
    }
}

/// The problem of a value of one of our own scalars, for which apollo-compiler accepts any value.
fn refusal(schema: &Valid<Schema>, ty: &Type, value: &Value) -> Option<String> {
    match (value, ty) {
        (Value::Null, _) => None,
        (Value::List(items), Type::List(inner) | Type::NonNullList(inner)) => {
            items.iter().find_map(|item| refusal(schema, inner, item))
        }
        (_, Type::List(inner) | Type::NonNullList(inner)) => refusal(schema, inner, value),
        (_, Type::Named(name) | Type::NonNullNamed(name)) => match schema.types.get(name)? {
            ExtendedType::Scalar(_) => scalar_refusal(name, value),
            ExtendedType::InputObject(object) => {
                let Value::Object(fields) = value else {
                    return None;
                };
                fields.iter().find_map(|(name, value)| {
                    let field = object.fields.get(name.as_str())?;
                    refusal(schema, &field.ty, value)
                })
            }
            _ => None,
        },
    }
}
