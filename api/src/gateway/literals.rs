//! Validation of literals in a document: whether they are valid values of our own scalars, which
//! the specification leaves to the server, and whether their texts can be stored.

use apollo_compiler::{
    Node, Schema,
    ast::{Document, Field, FieldDefinition, Type, Value as Literal},
    schema::ExtendedType,
};
use async_graphql::{Name, Pos, ServerError, Value};

use super::visitor::Visitor;
use crate::schema::scalar_refusal;

/// The message for a value that contains U+0000.
pub const NUL: &str = "a text must not hold the character U+0000";

/// Whether a text in a value contains U+0000, which PostgreSQL cannot store as text or JSON.
pub fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::List(items) => items.iter().any(holds_nul),
        Value::Object(fields) => fields
            .iter()
            .any(|(name, value)| name.contains('\0') || holds_nul(value)),
        _ => false,
    }
}

/// A visitor that finds the first literal that is not a valid value of its scalar.
#[derive(Debug)]
pub struct LiteralCheck<'d> {
    schema: &'d Schema,
    problem: Problem<'d>,
}

type Problem<'d> = Option<(&'d Node<Literal>, String)>;

impl<'d> LiteralCheck<'d> {
    pub fn new(schema: &'d Schema) -> Self {
        let problem = None;
        Self { schema, problem }
    }

    /// The error message and its location.
    pub fn problem(self, document: &Document) -> Option<ServerError> {
        let (value, why) = self.problem?;
        let range = value.line_column_range(&document.sources);
        let place = range.map(|range| Pos {
            line: range.start.line,
            column: range.start.column,
        });
        Some(ServerError::new(why, place))
    }
}

impl<'d> Visitor<'d> for LiteralCheck<'d> {
    fn field(&mut self, field: &'d Field, definition: Option<&FieldDefinition>) {
        if self.problem.is_some() {
            return;
        }
        self.problem = field.arguments.iter().find_map(|argument| {
            let value = &argument.value;
            if holds_nul(&plain(value)) {
                return Some((value, format!("argument {}: {NUL}", argument.name)));
            }
            let definition = definition?.argument_by_name(&argument.name)?;
            in_value(self.schema, &definition.ty, value)
        });
    }
}

fn in_value<'a>(schema: &Schema, ty: &Type, value: &'a Node<Literal>) -> Problem<'a> {
    match (&**value, ty) {
        (Literal::Null | Literal::Variable(_), _) => None,
        (Literal::List(items), Type::List(inner) | Type::NonNullList(inner)) => {
            items.iter().find_map(|item| in_value(schema, inner, item))
        }
        (_, Type::List(inner) | Type::NonNullList(inner)) => in_value(schema, inner, value),
        (literal, Type::Named(name) | Type::NonNullNamed(name)) => match schema.types.get(name)? {
            ExtendedType::Scalar(_) => Some((value, scalar_refusal(name, &plain(literal))?)),
            ExtendedType::InputObject(object) => {
                let Literal::Object(fields) = literal else {
                    return None;
                };
                fields.iter().find_map(|(name, value)| {
                    let field = object.fields.get(name)?;
                    in_value(schema, &field.ty, value)
                })
            }
            _ => None,
        },
    }
}

/// A literal as a value of async-graphql. Our scalars contain no variables, which become null.
fn plain(literal: &Literal) -> Value {
    match literal {
        Literal::Null | Literal::Variable(_) => Value::Null,
        Literal::Enum(name) => Value::Enum(Name::new(name.as_str())),
        Literal::String(text) => Value::String(text.clone()),
        Literal::Boolean(value) => Value::Boolean(*value),
        Literal::Int(number) => number_of(number.as_str()),
        Literal::Float(number) => number_of(number.as_str()),
        Literal::List(items) => Value::List(items.iter().map(|item| plain(item)).collect()),
        Literal::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(name, value)| (Name::new(name.as_str()), plain(value)));
            Value::Object(fields.collect())
        }
    }
}

/// A number as JSON; if JSON cannot represent it, a string, which no scalar reads as a number.
fn number_of(text: &str) -> Value {
    serde_json::from_str(text).map_or_else(|_| Value::String(text.to_owned()), Value::Number)
}
