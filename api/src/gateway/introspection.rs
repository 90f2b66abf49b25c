//! Introspection: who may introspect the schema, by asking for it and by what is said of a wrong
//! document.

use std::str::FromStr;

use apollo_compiler::ast::{Field, FieldDefinition};
use domain::viewer::Viewer;

use super::visitor::Visitor;

/// Who may introspect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Introspection {
    /// Anyone: the schema is the API's manual, and no secret.
    #[default]
    Everyone,
    /// Whoever runs the product on this machine.
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
