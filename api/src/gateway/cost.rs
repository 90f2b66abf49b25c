//! Query cost analysis: an upper bound of the number of values that a response contains.
//!
//! Each field costs its weight, once for each record of which it is selected. The length of a list
//! follows from its page arguments (`first`, `last`, or the length of `ids`, also as variables),
//! else from the usual length of such lists. Under an interface a field costs as much as in its
//! most expensive implementor. The arithmetic saturates: a cost that is too large never wraps
//! around.
//!
//! This is not a [`Visitor`]: the cost of a selection depends on the object, on the length of the
//! page around it and on the values of variables, so it is computed per request, once for each such
//! combination. The walk only collects the variables on which the cost depends.

use std::collections::{BTreeSet, HashMap};

use apollo_compiler::{
    ExecutableDocument, Name, Schema,
    ast::{self, FieldDefinition, Value as Literal},
    executable::{Field, Operation, Selection, SelectionSet},
    schema::ExtendedType,
};
use async_graphql::{Value, Variables};

use super::{
    visitor::Visitor,
    weights::{LENGTHS, WEIGHTS},
};

/// The cost of a response, in values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// The cost of data.
    pub data: u64,
    /// The cost of introspection.
    pub introspection: u64,
    /// The cost of the changes of a mutation, which no limit of a single operation bounds.
    pub writes: u64,
}

impl Cost {
    pub fn total(self) -> u64 {
        let reads = self.data.saturating_add(self.introspection);
        reads.saturating_add(self.writes)
    }
}

/// The default length of a page.
const PAGE: u64 = 50;

/// The fixed cost of a page: its list is collected and sorted.
const PAGED: u64 = 20;

/// Facts about the schema that do not depend on a document.
#[derive(Debug)]
pub struct CostModel {
    weights: HashMap<(&'static str, &'static str), u64>,
    lengths: HashMap<(&'static str, &'static str), u64>,
    /// The objects behind each interface, union and object.
    possible: HashMap<Name, Vec<Name>>,
    /// The number of types in the schema.
    types: u64,
    /// The approximate number of fields of an object.
    fields: u64,
    list: u64,
}

impl CostModel {
    pub fn new(schema: &Schema, list: usize) -> Self {
        let mut possible: HashMap<Name, Vec<Name>> = HashMap::new();
        let (mut types, mut objects, mut fields) = (0_u64, 1_u64, 0_u64);
        let implementers = schema.implementers_map();
        for (name, ty) in &schema.types {
            types += 1;
            let behind = match ty {
                ExtendedType::Object(object) => {
                    objects += 1;
                    fields += object.fields.len() as u64;
                    vec![name.clone()]
                }
                ExtendedType::Interface(_) => {
                    let length = implementers.get(name);
                    length.map_or(Vec::new(), |all| all.objects.iter().cloned().collect())
                }
                ExtendedType::Union(union) => {
                    union.members.iter().map(|one| one.name.clone()).collect()
                }
                _ => continue,
            };
            possible.insert(name.clone(), behind);
        }
        let map = |table: &[(&'static str, &'static str, u64)]| {
            table
                .iter()
                .map(|(ty, field, n)| ((*ty, *field), *n))
                .collect()
        };
        Self {
            weights: map(WEIGHTS),
            lengths: map(LENGTHS),
            possible,
            types,
            fields: fields.div_ceil(objects),
            list: list as u64,
        }
    }

    /// The cost of an operation, with the values of its variables as they are coerced.
    pub fn cost(
        &self,
        document: &ExecutableDocument,
        operation: &Operation,
        variables: &Variables,
    ) -> Cost {
        let mut counting = Counting {
            cost_model: self,
            document,
            variables,
            of_object: HashMap::new(),
            of_any: HashMap::new(),
        };
        counting.any(&operation.selection_set, None)
    }
}

/// The variables of a document on whose values its cost depends.
#[derive(Debug, Default)]
pub struct SizingVariables<'d>(BTreeSet<&'d Name>);

impl<'d> Visitor<'d> for SizingVariables<'d> {
    fn field(&mut self, field: &'d ast::Field, _: Option<&FieldDefinition>) {
        for argument in field.arguments.iter().filter(|one| is_size(&one.name)) {
            if let Literal::Variable(name) = &*argument.value {
                self.0.insert(name);
            }
        }
    }
}

impl SizingVariables<'_> {
    /// The names, in order.
    pub fn names(self) -> Vec<Name> {
        self.0.into_iter().cloned().collect()
    }
}

/// The arguments that determine the number of records of a field.
fn is_size(argument: &str) -> bool {
    ["first", "last", "ids"].contains(&argument)
}

/// The number of records that the value of a size argument requests; `None` if it is null.
pub fn page_size(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => Some(match (number.as_u64(), number.as_f64()) {
            (Some(number), _) => number,
            (None, Some(number)) if number > 0.0 => u64::MAX,
            _ => 0,
        }),
        Value::List(items) => Some(items.len() as u64),
        Value::Null => None,
        // A list of one, written without brackets.
        _ => Some(1),
    }
}

struct Counting<'a> {
    cost_model: &'a CostModel,
    document: &'a ExecutableDocument,
    variables: &'a Variables,
    /// Memoised costs by selection, object and length of the page around it: each is computed once,
    /// however often its fragment is spread.
    of_object: HashMap<(usize, &'a str, Option<u64>), Cost>,
    of_any: HashMap<(usize, Option<u64>), Cost>,
}

impl<'a> Counting<'a> {
    /// The cost of a selection for the most expensive of the objects that it may apply to. `page`
    /// is the length of the page around it.
    fn any(&mut self, set: &'a SelectionSet, page: Option<u64>) -> Cost {
        let key = (address(set), page);
        if let Some(cost) = self.of_any.get(&key) {
            return *cost;
        }
        let cost_model = self.cost_model;
        let mut most = Cost::default();
        for object in cost_model.possible.get(&set.ty).into_iter().flatten() {
            let one = self.object(set, object, page);
            most.data = most.data.max(one.data);
            most.introspection = most.introspection.max(one.introspection);
        }
        self.of_any.insert(key, most);
        most
    }

    /// The cost of a selection for one kind of object.
    fn object(&mut self, set: &'a SelectionSet, object: &'a str, page: Option<u64>) -> Cost {
        let key = (address(set), object, page);
        if let Some(cost) = self.of_object.get(&key) {
            return *cost;
        }
        let document = self.document;
        let mut all = Cost::default();
        for selection in &set.selections {
            let one = match selection {
                Selection::Field(field) => self.field(field, object, page),
                Selection::InlineFragment(inline) if self.fits(&inline.selection_set, object) => {
                    self.object(&inline.selection_set, object, page)
                }
                Selection::FragmentSpread(spread) => {
                    match document.fragments.get(&spread.fragment_name) {
                        Some(fragment) if self.fits(&fragment.selection_set, object) => {
                            self.object(&fragment.selection_set, object, page)
                        }
                        _ => continue,
                    }
                }
                Selection::InlineFragment(_) => continue,
            };
            all.data = all.data.saturating_add(one.data);
            all.introspection = all.introspection.saturating_add(one.introspection);
        }
        self.of_object.insert(key, all);
        all
    }

    /// Whether a selection on a type applies to this kind of object.
    fn fits(&self, set: &SelectionSet, object: &str) -> bool {
        let possible = self.cost_model.possible.get(&set.ty);
        possible.is_some_and(|all| all.iter().any(|one| one == object))
    }

    fn field(&mut self, field: &'a Field, object: &str, page: Option<u64>) -> Cost {
        let name = field.name.as_str();
        let coordinate = (object, name);
        let weight = self
            .cost_model
            .weights
            .get(&coordinate)
            .copied()
            .unwrap_or_default()
            + 1;
        let is_list = field.definition.ty.is_list();
        let size = self.field_size(field);
        if object.starts_with("__") || ["__schema", "__type"].contains(&name) {
            let times = if is_list {
                self.introspection_length(object, name)
            } else {
                1
            };
            let inside = self.any(&field.selection_set, None);
            return Cost {
                data: 0,
                writes: 0,
                introspection: inside
                    .introspection
                    .saturating_mul(times)
                    .saturating_add(times),
            };
        }
        let (times, inside, weight) = match size {
            // A page: its length is that of the lists in it.
            Some(size) if !is_list => (1, Some(size), weight + PAGED),
            Some(size) => (size, None, weight),
            None if is_list && page.is_some() => (page.unwrap_or_default(), None, weight),
            None if is_list => {
                let length = self.cost_model.lengths.get(&coordinate).copied();
                (length.unwrap_or(self.cost_model.list), None, weight)
            }
            None => (1, None, weight),
        };
        let inside = self.any(&field.selection_set, inside);
        Cost {
            writes: 0,
            data: (inside.data.saturating_mul(times))
                .saturating_add(if is_list { times } else { 0 })
                .saturating_add(weight),
            introspection: inside.introspection,
        }
    }

    /// The number of records requested of a field; `None` if it has no page arguments.
    fn field_size(&self, field: &Field) -> Option<u64> {
        let takes_size = field.definition.arguments.iter();
        if !takes_size.clone().any(|argument| is_size(&argument.name)) {
            return None;
        }
        let arguments = field.arguments.iter().filter(|one| is_size(&one.name));
        let sizes = arguments.filter_map(|argument| match &*argument.value {
            Literal::Variable(name) => page_size(self.variables.get(name.as_str())?),
            Literal::Int(number) => {
                let text = number.as_str();
                let too_much = if text.starts_with('-') { 0 } else { u64::MAX };
                Some(text.parse().unwrap_or(too_much))
            }
            Literal::List(items) => Some(items.len() as u64),
            Literal::Null => None,
            _ => Some(1),
        });
        Some(sizes.max().unwrap_or(PAGE))
    }

    /// The length of a list of introspection.
    fn introspection_length(&self, object: &str, name: &str) -> u64 {
        match (object, name) {
            ("__Schema", "types") => self.cost_model.types,
            ("__Type", "fields") => self.cost_model.fields,
            ("__Type", "possibleTypes" | "enumValues") | ("__Schema", "directives") => 5,
            // Few fields have arguments, few types are inputs, and few objects have interfaces.
            _ => 1,
        }
    }
}

/// The memory address of a selection, which identifies it within its document.
fn address(set: &SelectionSet) -> usize {
    std::ptr::from_ref(set).addr()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use apollo_compiler::validation::Valid;
    use serde_json::json;

    use super::*;
    use crate::gateway::visitor::walk;

    const SCHEMA: &str = "
        type Query { one: Thing two: Wide things(first: Int, last: Int): Page some(ids: [ID!]!): [Thing]
            many: [Thing!]! }
        interface Thing { id: ID name: String others: [Thing!]! }
        type Plain implements Thing { id: ID name: String others: [Thing!]! }
        type Wide implements Thing { id: ID name: String others: [Thing!]! things(first: Int): Page }
        type Page { nodes: [Thing!]! edges: [Edge!]! total: Int }
        type Edge { node: Thing! }
        union Any = Plain | Wide
    ";

    fn cost(text: &str, variables: serde_json::Value) -> u64 {
        let schema = Schema::parse_and_validate(SCHEMA, "schema").unwrap();
        let document = ExecutableDocument::parse_and_validate(&schema, text, "test").unwrap();
        let cost_model = CostModel::new(&schema, 10);
        let operation: &Operation = document.operations.iter().next().unwrap();
        let variables = Variables::from_json(variables);
        cost_model.cost(&document, operation, &variables).data
    }

    #[test]
    fn each_value_counts_once_for_each_record() {
        for (text, expected) in [
            ("{ one { id name } }", 3),
            ("{ many { id } }", 1 + 10 * 2),
            ("{ many { others { id } } }", 1 + 10 * (1 + 1 + 10 * 2)),
            ("{ things(first: 3) { total } }", 21 + 1),
            ("{ things(first: 3) { nodes { id } } }", 21 + 1 + 3 * 2),
            (
                "{ things(last: 3) { edges { node { id } } } }",
                21 + 1 + 3 * 3,
            ),
            ("{ things { nodes { id } } }", 21 + 1 + 50 * 2),
            ("{ some(ids: [1, 2, 3]) { id } }", 1 + 3 * 2),
            ("{ some(ids: 1) { id } }", 1 + 2),
        ] {
            assert_eq!(cost(text, json!({})), expected, "{text}");
        }
    }

    #[test]
    fn variables_and_their_defaults_say_how_many() {
        let page = "query($n: Int = 4) { things(first: $n) { nodes { id } } }";
        // Coercion has already filled in defaults.
        assert_eq!(cost(page, json!({ "n": 4 })), 22 + 4 * 2);
        assert_eq!(cost(page, json!({ "n": 100 })), 22 + 100 * 2);
        assert_eq!(cost(page, json!({})), 22 + 50 * 2);
        let ids = "query($ids: [ID!]!) { some(ids: $ids) { id } }";
        assert_eq!(cost(ids, json!({ "ids": ["a", "b"] })), 1 + 2 * 2);
    }

    #[test]
    fn under_an_interface_the_most_expensive_implementor_counts() {
        for (text, expected) in [
            (
                "{ one { ... on Plain { id } ... on Wide { things(first: 9) { nodes { id } } } } }",
                1 + 22 + 9 * 2,
            ),
            (
                "{ one { id ... on Plain { id name others { id } } ... on Wide { name } } }",
                1 + 1 + 2 + 1 + 10 * 2,
            ),
            (
                "{ one { ...f ...f } } fragment f on Wide { id ... on Thing { name } }",
                1 + 4,
            ),
        ] {
            assert_eq!(cost(text, json!({})), expected, "{text}");
        }
    }

    #[test]
    fn what_is_too_much_stays_too_much() {
        let mut text = "id".to_owned();
        for _ in 0..12 {
            text = format!("... on Wide {{ things(first: 2147483647) {{ nodes {{ {text} }} }} }}");
        }
        assert_eq!(
            cost(&format!("{{ two {{ {text} }} }}"), json!({})),
            u64::MAX
        );
    }

    #[test]
    fn selections_on_interfaces_within_each_other_are_looked_at_once() {
        let mut text = "id".to_owned();
        for _ in 0..15 {
            text =
                format!("... on Plain {{ others {{ {text} }} }} ... on Wide {{ others {{ id }} }}");
        }
        let began = std::time::Instant::now();
        assert!(cost(&format!("{{ one {{ {text} }} }}"), json!({})) > 1_000_000_000);
        assert!(began.elapsed().as_secs() < 2);
    }

    #[test]
    fn only_variables_that_say_how_many_matter() {
        let schema: Valid<Schema> = Schema::parse_and_validate(SCHEMA, "schema").unwrap();
        let text = "query($a: Int, $b: [ID!]!, $c: Boolean!) {
            ...f some(ids: $b) { id @include(if: $c) } }
            fragment f on Query { things(last: $a) { total } }";
        let document = ast::Document::parse(text, "test").unwrap();
        let mut sizing = SizingVariables::default();
        walk(&schema, &document, &mut [&mut sizing]);
        assert_eq!(sizing.names(), ["a", "b"]);
    }

    #[test]
    fn every_weight_is_that_of_a_field_that_there_is() {
        let api = crate::schema::schema();
        let schema = Schema::parse_and_validate(crate::schema::sdl(&api), "schema").unwrap();
        let coordinates: HashSet<(String, String)> = (schema.types.iter())
            .filter_map(|(name, ty)| Some((name, ty.as_object()?)))
            .flat_map(|(name, object)| {
                let fields = object.fields.keys();
                fields.map(|field| (name.to_string(), field.to_string()))
            })
            .collect();
        for (ty, field, _) in WEIGHTS.iter().chain(LENGTHS) {
            let coordinate = ((*ty).to_owned(), (*field).to_owned());
            assert!(coordinates.contains(&coordinate), "{ty}.{field}");
        }
    }
}
