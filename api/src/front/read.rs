//! Whether a text is a document, and a small enough one: before anything recurses on it unbounded.

use apollo_compiler::{
    ast::{Definition, Document, OperationType},
    parser::Parser,
};

use super::{
    limits::Limits,
    refused::{Refused, UNREADABLE},
    size,
};

/// Reads a document that keeps to the limits.
pub fn read(text: &str, limits: &Limits) -> Result<Document, Refused> {
    let Limits {
        bytes,
        tokens,
        nesting,
        fields,
        ..
    } = *limits;
    if text.len() > bytes {
        return Err(Refused::too_much(&format!(
            "the document is longer than {bytes} bytes"
        )));
    }
    let mut parser = Parser::new().recursion_limit(nesting).token_limit(tokens);
    let parsed = parser.parse_ast(text, "request");
    if parser.recursion_reached() > nesting {
        return Err(Refused::too_much(&format!(
            "brackets nest deeper than {nesting}"
        )));
    }
    if parser.tokens_reached() > tokens {
        return Err(Refused::too_much(&format!(
            "the document has more than {tokens} names, values and signs"
        )));
    }
    let document = parsed.map_err(|wrong| Refused::found(UNREADABLE, &wrong.errors))?;
    if size::fields(&document) > fields {
        return Err(Refused::too_much(&format!(
            "more than {fields} fields are selected"
        )));
    }
    Ok(document)
}

/// Whether the operation of a name, or the only one, does more than read.
pub fn writes(document: &Document, name: Option<&str>) -> bool {
    let mut operations = document.definitions.iter().filter_map(|one| match one {
        Definition::OperationDefinition(operation) => Some(operation),
        _ => None,
    });
    let found = match name {
        None => operations.next(),
        Some(_) => operations.find(|one| one.name.as_deref() == name),
    };
    found.is_some_and(|one| one.operation_type != OperationType::Query)
}

#[cfg(test)]
mod tests {
    use std::{fmt::Write, time::Instant};

    use super::*;

    fn refusal(text: &str) -> String {
        match read(text, &Limits::default()) {
            Err(Refused::Request(response)) => response.errors[0].message.clone(),
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
                assert!(!refusal(&text).is_empty());
                let took = began.elapsed().as_millis();
                assert!(took < 1000, "{took} ms for {}", &text[..20]);
            }
        }
        let text = format!("{{ a(b: {}", "[".repeat(2_000));
        assert!(refusal(&text).contains("brackets"));
    }

    #[test]
    fn a_chain_of_doubling_fragments_is_refused_at_once() {
        let mut text = "{ ...f0 }".to_owned();
        for n in 0..31 {
            write!(text, " fragment f{n} on Query {{ ...f{0} ...f{0} }}", n + 1).unwrap();
        }
        text.push_str(" fragment f31 on Query { __typename }");
        assert!(refusal(&text).contains("fields"));
    }

    #[test]
    fn a_long_document_is_refused_by_its_bytes_and_by_its_tokens() {
        assert!(refusal(&" ".repeat(64 * 1024 + 1)).contains("bytes"));
        assert!(refusal(&format!("{{ {} }}", "a ".repeat(20_000))).contains("names"));
    }

    #[test]
    fn the_operation_of_the_name_tells_whether_it_writes() {
        let text = "query A { a } mutation B { b }";
        let document = read(text, &Limits::default()).unwrap();
        assert!(!writes(&document, Some("A")));
        assert!(writes(&document, Some("B")));
        assert!(!writes(&document, Some("C")));
    }
}
