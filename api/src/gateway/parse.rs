//! The parser: whether a text is a document within the limits, before anything recurses on it
//! without a bound.

use apollo_compiler::{
    Name, Schema,
    ast::{Definition, Document, OperationType},
    parser::Parser,
};
use async_graphql::{Pos, ServerError};

use super::{
    cost::SizingVariables,
    introspection::IntrospectionCheck,
    limits::{
        ALIASES, DEPTH, DIRECTIVES, DOCUMENT, FIELDS, Limits, NESTING, ROOT_FIELDS, TOKENS,
        VARIABLES,
    },
    literals::LiteralCheck,
    rejection::{INVALID, Rejection, UNREADABLE},
    size::{Counter, Unbounded},
    visitor::{Visitor, walk},
};

/// A parsed document within the limits, with the results of one walk over it.
#[derive(Debug)]
pub struct ParsedDocument {
    pub document: Document,
    /// Whether it introspects the schema.
    pub introspects: bool,
    /// The variables on whose values its cost depends.
    pub sizing_variables: Vec<Name>,
    /// The first literal that is not a valid value of its scalar. Only meaningful if the document
    /// is valid.
    pub bad_literal: Option<ServerError>,
}

/// Parses a document within the limits.
pub fn parse(schema: &Schema, text: &str, limits: &Limits) -> Result<ParsedDocument, Rejection> {
    let within = |code, what: &str, found: u64, most: usize| {
        if found > most as u64 {
            Err(Rejection::too_much(code, what, found, most))
        } else {
            Ok(())
        }
    };
    let length = text.len() as u64;
    within(DOCUMENT, "bytes in the document", length, limits.document)?;
    let mut parser = Parser::new()
        .recursion_limit(limits.nesting)
        .token_limit(limits.tokens);
    let parsed = parser.parse_ast(text, "request");
    // Both exceed the limit by one at most: the parser stops there.
    let nesting = parser.recursion_reached() as u64;
    let tokens = parser.tokens_reached() as u64;
    within(NESTING, "brackets within brackets", nesting, limits.nesting)?;
    within(TOKENS, "tokens in the document", tokens, limits.tokens)?;
    let document = parsed.map_err(|wrong| Rejection::diagnostics(UNREADABLE, &wrong.errors))?;
    let levels = "selections within selections";
    let mut counter = Counter::default();
    let mut introspection = IntrospectionCheck::default();
    let mut literals = LiteralCheck::new(schema);
    let mut sizing = SizingVariables::default();
    let checks: &mut [&mut dyn Visitor] =
        &mut [&mut counter, &mut introspection, &mut literals, &mut sizing];
    walk(schema, &document, checks);
    let size = counter
        .size(limits.nesting)
        .map_err(|unbounded| match unbounded {
            Unbounded::Circle(fragment) => {
                let message = format!("The fragment `{fragment}` contains itself.");
                let place = place_of(&document, &fragment);
                Rejection::one(INVALID, ServerError::new(message, place))
            }
            Unbounded::Deep => {
                let more = limits.nesting as u64 + 1;
                Rejection::too_much(NESTING, levels, more, limits.nesting)
            }
        })?;
    within(NESTING, levels, size.nesting, limits.nesting)?;
    let fields = "fields, with fragments spread out";
    let aliases = "renamed fields, with fragments spread out";
    let directives = "directives, with fragments spread out";
    within(FIELDS, fields, size.fields, limits.fields)?;
    within(DEPTH, "fields within fields", size.depth, limits.depth)?;
    let at_root = "fields of the root in one operation";
    within(ROOT_FIELDS, at_root, size.root_fields, limits.root_fields)?;
    within(ALIASES, aliases, size.aliases, limits.aliases)?;
    within(DIRECTIVES, directives, size.directives, limits.directives)?;
    within(VARIABLES, "variables", size.variables, limits.variables)?;
    Ok(ParsedDocument {
        introspects: introspection.introspects,
        sizing_variables: sizing.names(),
        bad_literal: literals.problem(&document),
        document,
    })
}

/// The location of a fragment's definition.
fn place_of(document: &Document, fragment: &str) -> Option<Pos> {
    let mut named = document.definitions.iter().filter_map(|one| match one {
        Definition::FragmentDefinition(one) if one.name == fragment => Some(one),
        _ => None,
    });
    let range = named.next()?.line_column_range(&document.sources)?;
    Some(Pos {
        line: range.start.line,
        column: range.start.column,
    })
}

/// Whether the operation of a name, or the only one, is a mutation.
pub fn writes(document: &Document, name: Option<&str>) -> bool {
    let mut operations = document.definitions.iter().filter_map(|one| match one {
        Definition::OperationDefinition(operation) => Some(operation),
        _ => None,
    });
    let operation = match name {
        None => operations.next(),
        Some(_) => operations.find(|one| one.name.as_deref() == name),
    };
    operation.is_some_and(|one| one.operation_type == OperationType::Mutation)
}

#[cfg(test)]
mod tests {
    use std::{fmt::Write, time::Instant};

    use super::*;

    fn refusal(text: &str) -> (String, String) {
        match parse(&Schema::new(), text, &Limits::default()) {
            Err(Rejection::Request(response)) => {
                let error = serde_json::to_value(&response.errors[0]).unwrap();
                let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
                (text(&error["extensions"]["code"]), text(&error["message"]))
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn nested_brackets_are_refused_at_once() {
        for depth in [2_000, 50_000] {
            for text in [
                format!("{{ a(b: {}", "[".repeat(depth)),
                format!(
                    "{{ a(b: {}{}) }}",
                    "[".repeat(depth / 2),
                    "]".repeat(depth / 2)
                ),
                format!("{{ a(b: {}", "{a:".repeat(depth / 3)),
                "{a".repeat(depth / 2),
                "{...{".repeat(depth / 5),
                format!("query(a: {}", "[".repeat(depth)),
                format!("query($a: {}", "[".repeat(depth)),
                format!("query($a: I = {}", "[".repeat(depth)),
                format!("{{ a @b(c: {}", "[".repeat(depth)),
            ] {
                let began = Instant::now();
                refusal(&text);
                let took = began.elapsed().as_millis();
                assert!(took < 1000, "{took} ms for {}", &text[..20]);
            }
        }
        let (code, message) = refusal(&format!("{{ a(b: {}", "[".repeat(2_000)));
        assert_eq!(code, "NESTED_TOO_DEEP");
        assert!(message.contains("brackets within brackets: 49, and 48 are allowed"));
    }

    #[test]
    fn a_chain_of_doubling_fragments_is_refused_at_once() {
        let mut text = "{ ...f0 }".to_owned();
        for n in 0..31 {
            write!(text, " fragment f{n} on Query {{ ...f{0} ...f{0} }}", n + 1).unwrap();
        }
        text.push_str(" fragment f31 on Query { __typename }");
        assert_eq!(refusal(&text).0, "TOO_MANY_FIELDS");
    }

    #[test]
    fn each_kind_of_too_much_has_its_own_code() {
        let deep = format!("{}{}", "{ a ".repeat(21), "}".repeat(21));
        let variables: String = (0..51).map(|n| format!("$v{n}: Int ")).collect();
        let renamed: String = (0..101).map(|n| format!("v{n}: a ")).collect();
        for (text, code) in [
            (" ".repeat(32 * 1024 + 1), DOCUMENT),
            (format!("{{ {} }}", "a ".repeat(8_000)), TOKENS),
            (format!("{{ b {{ {} }} }}", "a ".repeat(2_000)), FIELDS),
            (deep, DEPTH),
            (format!("{{ {} }}", "a ".repeat(21)), ROOT_FIELDS),
            (format!("{{ b {{ {renamed} }} }}"), ALIASES),
            (format!("{{ a {} }}", "@b ".repeat(51)), DIRECTIVES),
            (format!("query({variables}) {{ a }}"), VARIABLES),
        ] {
            let (found, message) = refusal(&text);
            assert_eq!(found, code, "{message}");
        }
    }

    #[test]
    fn the_operation_of_the_name_tells_whether_it_writes() {
        let text = "query A { a } mutation B { b }";
        let parsed = parse(&Schema::new(), text, &Limits::default()).unwrap();
        let document = parsed.document;
        assert!(!writes(&document, Some("A")));
        assert!(writes(&document, Some("B")));
        assert!(!writes(&document, Some("C")));
    }
}
