//! Introspection: who may read the schema, by introspection and by the suggestions in validation
//! errors.

use std::str::FromStr;

use apollo_compiler::ast::{Field, FieldDefinition};
use domain::viewer::Viewer;

use super::visitor::Visitor;

/// The policy of introspection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Introspection {
    /// Everyone: the schema is the manual of the API, not a secret.
    #[default]
    Everyone,
    /// Only the operator.
    Operator,
}

impl Introspection {
    #[must_use]
    pub fn allows(self, viewer: Viewer) -> bool {
        self == Self::Everyone || viewer == Viewer::Operator
    }
}

impl FromStr for Introspection {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "everyone" => Ok(Self::Everyone),
            "operator" => Ok(Self::Operator),
            _ => Err("it is neither everyone nor operator"),
        }
    }
}

/// Whether a document introspects the schema.
#[derive(Debug, Default)]
pub struct IntrospectionCheck {
    pub introspects: bool,
}

impl Visitor<'_> for IntrospectionCheck {
    fn field(&mut self, field: &Field, _: Option<&FieldDefinition>) {
        self.introspects |= ["__schema", "__type"].contains(&field.name.as_str());
    }
}
