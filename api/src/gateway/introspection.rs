//! Who is told what the schema holds: by asking for it, and by what is said of a wrong document.

use std::str::FromStr;

use apollo_compiler::{
    ExecutableDocument,
    executable::{Selection, SelectionSet},
};
use domain::viewer::Viewer;

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

/// Whether a document asks for what is told about the schema.
pub fn asks(document: &ExecutableDocument) -> bool {
    let operations = document.operations.iter().map(|one| &one.selection_set);
    let fragments = document.fragments.values().map(|one| &one.selection_set);
    operations.chain(fragments).any(in_set)
}

fn in_set(set: &SelectionSet) -> bool {
    set.selections.iter().any(|selection| match selection {
        Selection::Field(field) => {
            ["__schema", "__type"].contains(&field.name.as_str()) || in_set(&field.selection_set)
        }
        Selection::InlineFragment(inline) => in_set(&inline.selection_set),
        Selection::FragmentSpread(_) => false,
    })
}
