//! What a document may ask for, checked before anything of it runs.
//!
//! A stop-gap: the parser recurses on brackets, and the validator walks every fragment as often as
//! it is spread, so both are bounded here first.

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned, ServerError,
    parser::{
        parse_query,
        types::{ExecutableDocument, Selection, SelectionSet},
    },
};

/// The longest document, in bytes.
const MAX_BYTES: usize = 64 * 1024;
/// How deep brackets may nest; the parser recurses on them.
const MAX_NESTING: usize = 48;
/// How many fields a document may select once its fragments are spread out.
const MAX_FIELDS: u64 = 4_000;

/// Reads a document that keeps to the limits.
///
/// # Errors
/// Where it does not, or is none.
pub fn read(text: &str) -> Result<ExecutableDocument, ServerError> {
    if text.len() > MAX_BYTES {
        return Err(too_much(&format!(
            "the document is longer than {MAX_BYTES} bytes"
        )));
    }
    if nesting(text) > MAX_NESTING {
        return Err(too_much(&format!(
            "brackets nest deeper than {MAX_NESTING}"
        )));
    }
    let document = parse_query(text)?;
    let fields = Fields::of(&document);
    if fields > MAX_FIELDS {
        return Err(too_much(&format!(
            "more than {MAX_FIELDS} fields are selected"
        )));
    }
    Ok(document)
}

fn too_much(what: &str) -> ServerError {
    let mut error = ServerError::new(format!("This asks for too much: {what}."), None);
    super::answer::set_code(&mut error, "TOO_COMPLEX");
    error
}

/// How deep the brackets of a document nest, outside texts and comments.
fn nesting(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut depth, mut deepest, mut at) = (0_usize, 0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' | b'[' | b'(' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            b'#' => at = skip(bytes, at, |rest| rest[0] == b'\n'),
            b'"' if bytes[at..].starts_with(br#"""""#) => {
                at = skip(bytes, at + 2, |rest| rest.starts_with(br#"""""#)) + 2;
            }
            b'"' => at = skip(bytes, at, |rest| rest[0] == b'"' || rest[0] == b'\n'),
            _ => {}
        }
        at += 1;
    }
    deepest
}

/// The place of the next byte at which something ends; what follows a backslash never does.
fn skip(bytes: &[u8], from: usize, ends: impl Fn(&[u8]) -> bool) -> usize {
    let is_comment = bytes[from] == b'#';
    let mut at = from + 1;
    while at < bytes.len() && !ends(&bytes[at..]) {
        at += if bytes[at] == b'\\' && !is_comment {
            2
        } else {
            1
        };
    }
    at
}

/// Counts the fields of a document with its fragments spread out, each fragment once.
struct Fields<'a> {
    document: &'a ExecutableDocument,
    /// None while a fragment is being counted: it then contains itself, which validation refuses.
    known: HashMap<&'a Name, Option<u64>>,
}

impl<'a> Fields<'a> {
    fn of(document: &'a ExecutableDocument) -> u64 {
        let known = HashMap::new();
        let mut fields = Self { document, known };
        document
            .operations
            .iter()
            .map(|(_, operation)| fields.select(&operation.node.selection_set))
            .fold(0, u64::saturating_add)
    }

    fn select(&mut self, set: &'a Positioned<SelectionSet>) -> u64 {
        let one = |selection: &'a Positioned<Selection>| match &selection.node {
            Selection::Field(field) => self.select(&field.node.selection_set).saturating_add(1),
            Selection::InlineFragment(inline) => self.select(&inline.node.selection_set),
            Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node),
        };
        set.node.items.iter().map(one).fold(0, u64::saturating_add)
    }

    fn fragment(&mut self, name: &'a Name) -> u64 {
        if let Some(known) = self.known.get(name) {
            return known.unwrap_or(u64::MAX);
        }
        let Some(fragment) = self.document.fragments.get(name) else {
            return 0;
        };
        self.known.insert(name, None);
        let fields = self.select(&fragment.node.selection_set).saturating_add(1);
        self.known.insert(name, Some(fields));
        fields
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    #[test]
    fn a_chain_of_doubling_fragments_is_refused_at_once() {
        let mut text = "{ ...f0 }".to_owned();
        for n in 0..40 {
            write!(text, " fragment f{n} on Query {{ ...f{0} ...f{0} }}", n + 1).unwrap();
        }
        text.push_str(" fragment f40 on Query { __typename }");
        assert!(read(&text).unwrap_err().message.contains("fields"));
    }

    #[test]
    fn a_fragment_that_contains_itself_is_refused() {
        assert!(read("{ ...f } fragment f on Query { ...f }").is_err());
    }

    #[test]
    fn thousands_of_brackets_are_refused_before_they_are_parsed() {
        let text = format!("{{ a(b: {}", "[".repeat(2000));
        assert!(read(&text).unwrap_err().message.contains("brackets"));
    }

    #[test]
    fn brackets_in_texts_and_comments_do_not_count() {
        assert_eq!(nesting("{ a(b: \"[[[[\") # {{{{\n }"), 2);
        assert_eq!(nesting(r#"{ a(b: """[[ \""" [[""") }"#), 2);
        assert_eq!(nesting(r#"{ a(b: "\"[[[") [ }"#), 2);
        assert_eq!(nesting("\""), 0);
    }

    #[test]
    fn an_ordinary_document_is_read() {
        let text = "{ ...f ...f } fragment f on Query { a { b } }";
        let document = read(text).unwrap();
        assert_eq!(Fields::of(&document), 6);
    }
}
