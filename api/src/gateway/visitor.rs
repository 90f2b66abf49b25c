//! The visitor: one walk over a document, in which all checks see each selection once.
//!
//! The walk goes through each operation and each fragment where it is defined and follows no
//! spread, so its time is linear in the number of tokens, however often fragments are spread. It
//! runs on the syntax tree, before validation: validation itself is only safe for documents of a
//! bounded size. Types are resolved on the way; where the document does not match the schema they
//! are missing, and validation rejects it before the results of checks that need types are used.
//!
//! Two modules do not use it. [`cost`](super::cost) depends on the values of variables and on the
//! objects behind an interface, so it is computed per request, over validated selections and
//! memoised per object. [`omitted_variables`](super::omitted_variables) and
//! [`subscription_root`](super::subscription_root) rewrite the syntax tree that async-graphql
//! executes.

use apollo_compiler::{
    Name, Schema,
    ast::{
        Definition, Document, Field, FieldDefinition, FragmentDefinition, OperationDefinition,
        Selection,
    },
};

/// The events of the walk; a check implements those that it needs.
pub trait Visitor<'d> {
    fn enter_operation(&mut self, _operation: &'d OperationDefinition) {}
    fn leave_operation(&mut self, _operation: &'d OperationDefinition) {}
    fn enter_fragment(&mut self, _fragment: &'d FragmentDefinition) {}
    fn leave_fragment(&mut self, _fragment: &'d FragmentDefinition) {}
    fn enter_selection(&mut self, _selection: &'d Selection) {}
    fn leave_selection(&mut self, _selection: &'d Selection) {}
    /// A field, after its selection was entered. Its definition is `None` if the schema does not
    /// have the field.
    fn field(&mut self, _field: &'d Field, _definition: Option<&FieldDefinition>) {}
}

/// Walks a document: its operations, then its fragments, each in the order of the text.
pub fn walk<'d>(schema: &Schema, document: &'d Document, visitors: &mut [&mut dyn Visitor<'d>]) {
    let mut walk = Walk { schema, visitors };
    for definition in &document.definitions {
        if let Definition::OperationDefinition(operation) = definition {
            let root = schema.root_operation(operation.operation_type);
            walk.each(|visitor| visitor.enter_operation(operation));
            walk.selections(&operation.selection_set, root);
            walk.each(|visitor| visitor.leave_operation(operation));
        }
    }
    for definition in &document.definitions {
        if let Definition::FragmentDefinition(fragment) = definition {
            walk.each(|visitor| visitor.enter_fragment(fragment));
            walk.selections(&fragment.selection_set, Some(&fragment.type_condition));
            walk.each(|visitor| visitor.leave_fragment(fragment));
        }
    }
}

struct Walk<'s, 'v, 'w, 'd> {
    schema: &'s Schema,
    visitors: &'w mut [&'v mut dyn Visitor<'d>],
}

impl<'d> Walk<'_, '_, '_, 'd> {
    fn each(&mut self, mut act: impl FnMut(&mut dyn Visitor<'d>)) {
        for visitor in &mut *self.visitors {
            act(&mut **visitor);
        }
    }

    /// The parser limits the nesting of selections, and so the recursion here.
    fn selections(&mut self, set: &'d [Selection], parent: Option<&Name>) {
        let schema = self.schema;
        for selection in set {
            self.each(|visitor| visitor.enter_selection(selection));
            match selection {
                Selection::Field(field) => {
                    let definition =
                        parent.and_then(|parent| schema.type_field(parent, &field.name).ok());
                    let definition: Option<&FieldDefinition> =
                        definition.map(|component| &***component);
                    self.each(|visitor| visitor.field(field, definition));
                    let inside = definition.map(|field| field.ty.inner_named_type());
                    self.selections(&field.selection_set, inside);
                }
                Selection::InlineFragment(inline) => {
                    let inside = inline.type_condition.as_ref().or(parent);
                    self.selections(&inline.selection_set, inside);
                }
                Selection::FragmentSpread(_) => {}
            }
            self.each(|visitor| visitor.leave_selection(selection));
        }
    }
}
