//! Parsing of untrusted JSON, whose nesting is limited before anything recurses on it.

use std::fmt;

use serde_json::Value;

use crate::gateway::Limits;

/// The reason for which a text is refused.
#[derive(Debug)]
pub enum JsonError {
    /// Its brackets are nested more deeply than this limit.
    Nested(usize),
    Syntax(serde_json::Error),
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nested(most) => write!(
                f,
                "This asks for too much: brackets within brackets of JSON: more than {most} are \
                 not read."
            ),
            Self::Syntax(error) => write!(f, "The body is no JSON: {error}."),
        }
    }
}

/// The value of a text within the limits.
pub fn read(text: &[u8], limits: &Limits) -> Result<Value, JsonError> {
    // The variables are inside the object of the body.
    let most = limits.nesting + 1;
    if nesting(text) > most {
        return Err(JsonError::Nested(limits.nesting));
    }
    serde_json::from_slice(text).map_err(JsonError::Syntax)
}

/// The maximum nesting of brackets in a text that may be JSON.
fn nesting(text: &[u8]) -> usize {
    let (mut deepest, mut depth) = (0_usize, 0_usize);
    let (mut in_string, mut is_escaped) = (false, false);
    for byte in text {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = in_string,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_are_counted_outside_of_texts_only() {
        for (text, expected) in [
            ("{}", 1),
            (r#"{"a": [1, {"b": []}], "c": {}}"#, 4),
            (r#"{"a": "[[[[", "b": "\"[[["}"#, 1),
            (r#"["\\", [1]]"#, 2),
            ("]]]][", 1),
            ("1", 0),
        ] {
            assert_eq!(nesting(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn deep_json_is_refused_by_its_own_code() {
        let limits = Limits::default();
        for depth in [50, 2_000, 50_000] {
            for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
                let text = format!("{}1{}", open.repeat(depth), close.repeat(depth));
                for text in [&text, &text[..text.len() / 2]] {
                    let refused = read(text.as_bytes(), &limits).unwrap_err();
                    assert!(
                        matches!(refused, JsonError::Nested(48)) || depth == 50,
                        "{depth}"
                    );
                }
            }
        }
        let deepest = format!("{}{}", "[".repeat(49), "]".repeat(49));
        assert!(read(deepest.as_bytes(), &limits).is_ok());
        assert!(matches!(read(b"[", &limits), Err(JsonError::Syntax(_))));
    }
}
