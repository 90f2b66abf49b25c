//! How large a document is once its fragments are spread out, each fragment looked at once.

use std::collections::HashMap;

use apollo_compiler::ast::{Definition, DirectiveList, Document, Selection};

/// What can be counted before the document's types are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    pub fields: u64,
    /// Of the operation that has most of them.
    pub root_fields: u64,
    pub aliases: u64,
    pub directives: u64,
    /// How deep fields nest, without those of introspection.
    pub depth: u64,
    /// How deep selections nest, spread fragments among them.
    pub nesting: u64,
    pub variables: u64,
}

/// Why a document cannot be counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endless {
    /// This fragment contains itself.
    Circle(String),
    /// Fragments spread others, and these others, deeper than is looked.
    Deep,
}

impl Size {
    /// Both side by side.
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

/// The size of all operations together; fragments are followed `deepest` levels down.
pub fn of(document: &Document, deepest: usize) -> Result<Size, Endless> {
    let mut counting = Counting {
        left: deepest,
        ..Counting::default()
    };
    for definition in &document.definitions {
        if let Definition::FragmentDefinition(fragment) = definition {
            let parts = (&*fragment.selection_set, &fragment.directives);
            counting.fragments.insert(&fragment.name, parts);
        }
    }
    let mut all = Size::default();
    for definition in &document.definitions {
        let Definition::OperationDefinition(operation) = definition else {
            continue;
        };
        let mut one = counting.select(&operation.selection_set)?;
        one.variables = count(operation.variables.len());
        one.directives = (operation.variables.iter())
            .map(|variable| count(variable.directives.len()))
            .fold(one.directives, u64::saturating_add)
            .saturating_add(count(operation.directives.len()));
        let most = all.root_fields.max(one.root_fields);
        all = all.and(one);
        all.root_fields = most;
    }
    // What is spread nowhere is refused later, but only after all of it was looked at.
    let names: Vec<&str> = counting.fragments.keys().copied().collect();
    for name in names {
        if !counting.known.contains_key(name) {
            let unused = counting.fragment(name)?;
            all = all.and(Size {
                root_fields: 0,
                ..unused
            });
        }
    }
    Ok(all)
}

#[derive(Default)]
struct Counting<'a> {
    fragments: HashMap<&'a str, (&'a [Selection], &'a DirectiveList)>,
    /// None while a fragment is being counted: it then contains itself.
    known: HashMap<&'a str, Option<Size>>,
    /// How many fragments may still be spread within each other.
    left: usize,
}

impl<'a> Counting<'a> {
    fn select(&mut self, set: &'a [Selection]) -> Result<Size, Endless> {
        let mut all = Size::default();
        for selection in set {
            let directives = match selection {
                Selection::Field(field) => &field.directives,
                Selection::InlineFragment(inline) => &inline.directives,
                Selection::FragmentSpread(spread) => &spread.directives,
            };
            let directives = count(directives.len());
            let mut one = match selection {
                Selection::Field(field) => {
                    let inside = self.select(&field.selection_set)?;
                    let tells_schema = field.name.starts_with("__");
                    Size {
                        fields: inside.fields.saturating_add(1),
                        root_fields: 1,
                        aliases: inside
                            .aliases
                            .saturating_add(u64::from(field.alias.is_some())),
                        depth: if tells_schema { 0 } else { inside.depth + 1 },
                        ..inside
                    }
                }
                Selection::InlineFragment(inline) => self.select(&inline.selection_set)?,
                Selection::FragmentSpread(spread) => self.fragment(&spread.fragment_name)?,
            };
            one.directives = one.directives.saturating_add(directives);
            one.nesting = one.nesting.saturating_add(1);
            all = all.and(one);
        }
        Ok(all)
    }

    fn fragment(&mut self, name: &'a str) -> Result<Size, Endless> {
        if let Some(known) = self.known.get(name) {
            return known.ok_or_else(|| Endless::Circle(name.to_owned()));
        }
        let Some((set, directives)) = self.fragments.get(name).copied() else {
            return Ok(Size::default());
        };
        self.known.insert(name, None);
        self.left = self.left.checked_sub(1).ok_or(Endless::Deep)?;
        let mut size = self.select(set)?;
        self.left += 1;
        // A fragment that holds nothing counts, too: a chain of them is spread as often.
        size.fields = size.fields.saturating_add(1);
        size.directives = size.directives.saturating_add(count(directives.len()));
        self.known.insert(name, Some(size));
        Ok(size)
    }
}

fn count(length: usize) -> u64 {
    length as u64
}

#[cfg(test)]
mod tests {
    use super::*;

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
                matches!(of(&document, 9), Err(Endless::Circle(_))),
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
        assert_eq!(of(&document, 100), Err(Endless::Deep));
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
