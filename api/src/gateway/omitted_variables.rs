//! Omitted variables: an argument, or a field of an input object, whose variable has no value
//! counts as left out, as the specification says. async-graphql would make it null.

use async_graphql::{
    Positioned, Variables,
    parser::types::{DocumentOperations, ExecutableDocument, Field, Selection, SelectionSet},
};
use async_graphql_value::Value;

/// Removes arguments and input fields that refer to a variable without a value.
pub fn drop_omitted(document: &mut ExecutableDocument, variables: &Variables) {
    let operations = match &mut document.operations {
        DocumentOperations::Single(one) => vec![one],
        DocumentOperations::Multiple(all) => all.values_mut().collect(),
    };
    for operation in operations {
        in_selections(&mut operation.node.selection_set, variables);
    }
    for fragment in document.fragments.values_mut() {
        in_selections(&mut fragment.node.selection_set, variables);
    }
}

fn in_selections(set: &mut Positioned<SelectionSet>, variables: &Variables) {
    for selection in &mut set.node.items {
        match &mut selection.node {
            Selection::Field(field) => in_field(&mut field.node, variables),
            Selection::InlineFragment(inline) => {
                in_selections(&mut inline.node.selection_set, variables);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}

fn in_field(field: &mut Field, variables: &Variables) {
    field
        .arguments
        .retain_mut(|(_, value)| stays(&mut value.node, variables));
    in_selections(&mut field.selection_set, variables);
}

/// Whether a value is present; removes absent fields inside it. An absent element of a list becomes
/// null, so that the others keep their positions.
fn stays(value: &mut Value, variables: &Variables) -> bool {
    match value {
        Value::Variable(name) => variables.contains_key(name),
        Value::Object(fields) => {
            fields.retain(|_, value| stays(value, variables));
            true
        }
        Value::List(items) => {
            for item in items {
                stays(item, variables);
            }
            true
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{
        EmptyMutation, EmptySubscription, InputObject, MaybeUndefined, Object, Request, Schema,
        parser::parse_query,
    };
    use serde_json::json;

    use super::*;

    #[derive(InputObject)]
    struct Change {
        note: MaybeUndefined<String>,
        inner: Option<Box<Change>>,
    }

    struct Query;

    #[Object]
    impl Query {
        async fn argument(&self, note: MaybeUndefined<String>) -> &'static str {
            spelled(&note)
        }

        async fn field(&self, change: Change) -> &'static str {
            match change.inner {
                Some(inner) => spelled(&inner.note),
                None => spelled(&change.note),
            }
        }

        async fn fallback(&self, #[graphql(default = 7)] number: i32) -> i32 {
            number
        }
    }

    fn spelled(note: &MaybeUndefined<String>) -> &'static str {
        match note {
            MaybeUndefined::Undefined => "omitted",
            MaybeUndefined::Null => "null",
            MaybeUndefined::Value(_) => "value",
        }
    }

    const TEXT: &str = "query($note: String, $number: Int) {
        argument(note: $note)
        ...f
        fallback(number: $number)
    }
    fragment f on Query {
        field(change: { note: $note })
        inner: field(change: { inner: { note: $note } })
    }";

    async fn answer(variables: serde_json::Value) -> serde_json::Value {
        let variables = Variables::from_json(variables);
        let mut document = parse_query(TEXT).unwrap();
        drop_omitted(&mut document, &variables);
        let mut request = Request::new(TEXT).variables(variables);
        request.set_parsed_query(document);
        let schema = Schema::build(Query, EmptyMutation, EmptySubscription)
            .validation_mode(async_graphql::ValidationMode::Fast)
            .finish();
        let response = schema.execute(request).await;
        assert_eq!(response.errors, []);
        response.data.into_json().unwrap()
    }

    #[tokio::test]
    async fn what_was_omitted_never_arrives_as_null() {
        let all =
            |word: &str| json!({ "argument": word, "field": word, "inner": word, "fallback": 7 });
        assert_eq!(answer(json!({})).await, all("omitted"));
        assert_eq!(answer(json!({ "note": null })).await, all("null"));
        assert_eq!(answer(json!({ "note": "x" })).await, all("value"));
    }

    #[test]
    fn an_element_of_a_list_keeps_its_place() {
        let mut document = parse_query("query($a: Int) { f(list: [1, $a, { b: $a }]) }").unwrap();
        let whole = document.clone();
        drop_omitted(&mut document, &Variables::default());
        let argument = |document: &ExecutableDocument| {
            let (_, operation) = document.operations.iter().next().unwrap();
            let Selection::Field(field) = &operation.node.selection_set.node.items[0].node else {
                panic!("a field");
            };
            field.node.arguments[0].1.node.to_string()
        };
        assert_eq!(argument(&whole), "[1, $a, {b: $a}]");
        assert_eq!(argument(&document), "[1, $a, {}]");
    }
}
