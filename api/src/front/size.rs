//! How many fields a document selects once its fragments are spread out, each fragment counted once.

use std::collections::HashMap;

use apollo_compiler::ast::{Definition, Document, Selection};

/// The number of fields; the greatest there is where a fragment contains itself.
pub fn fields(document: &Document) -> u64 {
    let mut fields = Fields::default();
    for definition in &document.definitions {
        if let Definition::FragmentDefinition(fragment) = definition {
            fields
                .fragments
                .insert(&fragment.name, &fragment.selection_set);
        }
    }
    let operations = document.definitions.iter().map(|one| match one {
        Definition::OperationDefinition(operation) => fields.select(&operation.selection_set),
        _ => 0,
    });
    operations.fold(0, u64::saturating_add)
}

#[derive(Default)]
struct Fields<'a> {
    fragments: HashMap<&'a str, &'a [Selection]>,
    /// None while a fragment is being counted: it then contains itself.
    known: HashMap<&'a str, Option<u64>>,
}

impl<'a> Fields<'a> {
    fn select(&mut self, set: &'a [Selection]) -> u64 {
        let one = |selection: &'a Selection| match selection {
            Selection::Field(field) => self.select(&field.selection_set).saturating_add(1),
            Selection::InlineFragment(inline) => self.select(&inline.selection_set),
            Selection::FragmentSpread(spread) => self.fragment(&spread.fragment_name),
        };
        set.iter().map(one).fold(0, u64::saturating_add)
    }

    fn fragment(&mut self, name: &'a str) -> u64 {
        if let Some(known) = self.known.get(name) {
            return known.unwrap_or(u64::MAX);
        }
        let Some(set) = self.fragments.get(name).copied() else {
            return 0;
        };
        self.known.insert(name, None);
        let fields = self.select(set).saturating_add(1);
        self.known.insert(name, Some(fields));
        fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fragment_counts_as_often_as_it_is_spread() {
        let count = |text: &str| fields(&Document::parse(text, "test").unwrap());
        assert_eq!(count("{ a { b } ... { c } }"), 3);
        assert_eq!(count("{ ...f ...f } fragment f on Query { a { b } }"), 6);
        assert_eq!(count("{ ...f } fragment f on Query { ...f }"), u64::MAX);
    }
}
