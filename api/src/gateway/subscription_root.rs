//! Rewrites subscriptions whose root field is in a fragment: async-graphql looks for the field only
//! among the selections of the root itself, and would stream nothing.

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned,
    parser::types::{
        DocumentOperations, ExecutableDocument, FragmentDefinition, Selection, SelectionSet,
    },
};

/// Replaces the fragments around the root field of a subscription by the field.
pub fn lift_field(document: &mut ExecutableDocument, name: Option<&str>) {
    let operation = match (&mut document.operations, name) {
        (DocumentOperations::Single(one), _) => Some(one),
        (DocumentOperations::Multiple(all), Some(name)) => all.get_mut(name),
        (DocumentOperations::Multiple(_), None) => None,
    };
    let Some(operation) = operation else { return };
    let set = &mut operation.node.selection_set.node;
    if let Some(field) = field_of(set, &document.fragments).cloned() {
        set.items = vec![field];
    }
}

/// Validation guarantees that there is one such field, and no cycle of fragments.
fn field_of<'a>(
    set: &'a SelectionSet,
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
) -> Option<&'a Positioned<Selection>> {
    set.items
        .iter()
        .find_map(|selection| match &selection.node {
            Selection::Field(_) => Some(selection),
            Selection::InlineFragment(inline) => {
                field_of(&inline.node.selection_set.node, fragments)
            }
            Selection::FragmentSpread(spread) => {
                let fragment = fragments.get(&spread.node.fragment_name.node)?;
                field_of(&fragment.node.selection_set.node, fragments)
            }
        })
}
