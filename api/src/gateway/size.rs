//! The size of a document after its fragments are expanded.
//!
//! The walk counts each operation and each fragment separately and records which fragments are
//! spread in it, and at which depth. Then the sizes of the fragments are added where they are
//! spread. Each is computed once: 31 fragments that each spread the next one twice take 31
//! additions.

use std::collections::HashMap;

use apollo_compiler::ast::{Field, FragmentDefinition, OperationDefinition, Selection};

use super::visitor::Visitor;

/// The counts that do not need the types of the document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    pub fields: u64,
    /// The root fields of the operation that has the most.
    pub root_fields: u64,
    pub aliases: u64,
    pub directives: u64,
    /// The depth of fields, without those of introspection.
    pub depth: u64,
    /// The depth of selections, including spread fragments.
    pub nesting: u64,
    pub variables: u64,
}

/// The reason for which a document cannot be counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unbounded {
    /// This fragment contains itself.
    Circle(String),
    /// Fragments are nested more deeply than the limit.
    Deep,
}

impl Size {
    /// The size of two parts together.
    fn and(self, other: Self) -> Self {
        Self {
            fields: self.fields.saturating_add(other.fields),
            root_fields: self.root_fields.saturating_add(other.root_fields),
            aliases: self.aliases.saturating_add(other.aliases),
            directives: self.directives.saturating_add(other.directives),
            depth: self.depth.max(other.depth),
            nesting: self.nesting.max(other.nesting),
            variables: self.variables.saturating_add(other.variables),
        }
    }
}

/// The counts of an operation or a fragment alone.
#[derive(Debug, Default)]
struct Part<'d> {
    own: Size,
    spreads: Vec<Spread<'d>>,
}

/// A spread of a fragment in an operation or fragment.
#[derive(Debug)]
struct Spread<'d> {
    fragment: &'d str,
    /// Whether the fields of the fragment are root fields.
    at_root: bool,
    /// The number of enclosing fields; `None` within introspection, whose fields have no depth.
    depth: Option<u64>,
    /// The number of enclosing selections, including its own.
    nesting: u64,
}

/// A visitor that counts the operations and fragments of a document.
#[derive(Debug, Default)]
pub struct Counter<'d> {
    operations: Vec<Part<'d>>,
    /// In the order of the text.
    names: Vec<&'d str>,
    fragments: HashMap<&'d str, Part<'d>>,
    /// The operation or fragment that is being counted.
    part: Part<'d>,
    /// The numbers of enclosing selections and of enclosing fields.
    nesting: u64,
    fields: u64,
    /// The number of enclosing introspection fields; `fields` does not change within them.
    introspection: u64,
    /// The number of enclosing fields of either kind.
    ancestors: u64,
}

impl<'d> Visitor<'d> for Counter<'d> {
    fn leave_operation(&mut self, operation: &'d OperationDefinition) {
        let mut part = std::mem::take(&mut self.part);
        part.own.variables = count(operation.variables.len());
        part.own.directives = (operation.variables.iter())
            .map(|variable| count(variable.directives.len()))
            .fold(part.own.directives, u64::saturating_add)
            .saturating_add(count(operation.directives.len()));
        self.operations.push(part);
    }

    fn leave_fragment(&mut self, fragment: &'d FragmentDefinition) {
        let mut part = std::mem::take(&mut self.part);
        // An empty fragment counts, too: a chain of them is spread as often.
        part.own.fields = part.own.fields.saturating_add(1);
        part.own.directives =
            (part.own.directives).saturating_add(count(fragment.directives.len()));
        self.names.push(&fragment.name);
        self.fragments.insert(&fragment.name, part);
    }

    fn enter_selection(&mut self, selection: &'d Selection) {
        self.nesting += 1;
        let own = &mut self.part.own;
        own.nesting = own.nesting.max(self.nesting);
        let directives = match selection {
            Selection::Field(field) => &field.directives,
            Selection::InlineFragment(inline) => &inline.directives,
            Selection::FragmentSpread(spread) => &spread.directives,
        };
        own.directives = own.directives.saturating_add(count(directives.len()));
        match selection {
            Selection::Field(field) => self.enter_field(field),
            Selection::InlineFragment(_) => {}
            Selection::FragmentSpread(spread) => self.part.spreads.push(Spread {
                fragment: &spread.fragment_name,
                at_root: self.ancestors == 0,
                depth: (self.introspection == 0).then_some(self.fields),
                nesting: self.nesting,
            }),
        }
    }

    fn leave_selection(&mut self, selection: &'d Selection) {
        self.nesting -= 1;
        if let Selection::Field(field) = selection {
            self.ancestors -= 1;
            if is_introspection(field) {
                self.introspection -= 1;
            } else if self.introspection == 0 {
                self.fields -= 1;
            }
        }
    }
}

impl Counter<'_> {
    fn enter_field(&mut self, field: &Field) {
        let own = &mut self.part.own;
        own.fields = own.fields.saturating_add(1);
        own.aliases = (own.aliases).saturating_add(u64::from(field.alias.is_some()));
        own.root_fields = (own.root_fields).saturating_add(u64::from(self.ancestors == 0));
        self.ancestors += 1;
        if is_introspection(field) {
            self.introspection += 1;
        } else if self.introspection == 0 {
            self.fields += 1;
            own.depth = own.depth.max(self.fields);
        }
    }

    /// The size of all operations together; fragments are followed `deepest` levels down.
    ///
    /// # Errors
    /// If a fragment contains itself, or fragments are nested more deeply.
    pub fn size(&self, deepest: usize) -> Result<Size, Unbounded> {
        let mut sum = Sum {
            fragments: &self.fragments,
            sizes: HashMap::new(),
            levels: deepest,
        };
        let mut all = Size::default();
        for operation in &self.operations {
            let one = sum.part(operation)?;
            let root_fields = all.root_fields.max(one.root_fields);
            all = Size {
                root_fields,
                ..all.and(one)
            };
        }
        // An unused fragment is rejected later by validation, but its size counts.
        for &name in &self.names {
            if !sum.sizes.contains_key(name) {
                let unused = sum.fragment(name)?;
                all = all.and(Size {
                    root_fields: 0,
                    ..unused
                });
            }
        }
        Ok(all)
    }
}

/// The memoised sizes of fragments.
struct Sum<'a, 'd> {
    fragments: &'a HashMap<&'d str, Part<'d>>,
    /// `None` while the size of a fragment is being computed; found again, it contains itself.
    sizes: HashMap<&'d str, Option<Size>>,
    /// The remaining depth of nested fragments.
    levels: usize,
}

impl<'d> Sum<'_, 'd> {
    fn part(&mut self, part: &Part<'d>) -> Result<Size, Unbounded> {
        let mut all = part.own;
        for spread in &part.spreads {
            let inside = self.fragment(spread.fragment)?;
            all = all.and(Size {
                root_fields: if spread.at_root {
                    inside.root_fields
                } else {
                    0
                },
                depth: (spread.depth).map_or(0, |depth| depth.saturating_add(inside.depth)),
                nesting: spread.nesting.saturating_add(inside.nesting),
                ..inside
            });
        }
        Ok(all)
    }

    fn fragment(&mut self, name: &'d str) -> Result<Size, Unbounded> {
        if let Some(size) = self.sizes.get(name) {
            return size.ok_or_else(|| Unbounded::Circle(name.to_owned()));
        }
        let fragments = self.fragments;
        let Some(part) = fragments.get(name) else {
            return Ok(Size::default());
        };
        self.sizes.insert(name, None);
        self.levels = self.levels.checked_sub(1).ok_or(Unbounded::Deep)?;
        let size = self.part(part)?;
        self.levels += 1;
        self.sizes.insert(name, Some(size));
        Ok(size)
    }
}

fn is_introspection(field: &Field) -> bool {
    field.name.starts_with("__")
}

fn count(length: usize) -> u64 {
    length as u64
}

#[cfg(test)]
mod tests {
    use apollo_compiler::{Schema, ast::Document};

    use super::*;
    use crate::gateway::visitor::walk;

    fn of(document: &Document, deepest: usize) -> Result<Size, Unbounded> {
        let mut counter = Counter::default();
        walk(&Schema::new(), document, &mut [&mut counter]);
        counter.size(deepest)
    }

    fn size(text: &str) -> Size {
        of(&Document::parse(text, "test").unwrap(), 9).unwrap()
    }

    #[test]
    fn a_fragment_counts_as_often_as_it_is_spread() {
        assert_eq!(size("{ a { b } ... { c } }").fields, 3);
        let twice = size("{ ...f ...f } fragment f on Query { x: a @skip(if: true) { b } }");
        let expected = Size {
            fields: 6,
            root_fields: 2,
            aliases: 2,
            directives: 2,
            depth: 2,
            nesting: 3,
            variables: 0,
        };
        assert_eq!(twice, expected);
    }

    #[test]
    fn a_fragment_that_contains_itself_is_named() {
        for text in [
            "{ ...f } fragment f on Query { ...f }",
            "{ a } fragment f on Query { ...f }",
            "{ ...g } fragment f on Query { a { ...g } } fragment g on Query { ...f }",
        ] {
            let document = Document::parse(text, "test").unwrap();
            assert!(
                matches!(of(&document, 9), Err(Unbounded::Circle(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn a_long_chain_of_fragments_is_not_followed_to_its_end() {
        let mut text = "{ ...f0 }".to_owned();
        for n in 0..20_000 {
            text += &format!(" fragment f{n} on Query {{ ...f{} }}", n + 1);
        }
        let document = Document::parse(text, "test").unwrap();
        assert_eq!(of(&document, 100), Err(Unbounded::Deep));
    }

    #[test]
    fn more_than_a_number_holds_stays_too_much() {
        let mut text = "{ ...f0 }".to_owned();
        for n in 0..70 {
            text += &format!(" fragment f{n} on Query {{ ...f{0} ...f{0} }}", n + 1);
        }
        let document = Document::parse(text, "test").unwrap();
        assert_eq!(of(&document, 100).unwrap().fields, u64::MAX);
    }

    #[test]
    fn operations_add_up_and_the_widest_root_counts() {
        let both = size("query A($a: Int, $b: Int) { a b } query B($c: Int) { c { d { e } } }");
        assert_eq!((both.fields, both.variables), (5, 3));
        assert_eq!((both.root_fields, both.depth), (2, 3));
    }

    #[test]
    fn introspection_has_no_depth() {
        assert_eq!(
            size("{ __schema { a { b { c { d } } } } x { y } }").depth,
            2
        );
    }
}
