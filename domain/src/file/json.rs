//! JSON text to a value: as serde_json reads it, but that a name which is given twice is a problem
//! by path, and that 2.0 is the integer 2, as JSON Schema has it.

use std::{cell::RefCell, fmt, rc::Rc};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::record::{Code, Problem, Problems};

/// Reads a text; names that are given twice and texts that no database keeps are told.
///
/// # Errors
/// Where it is not JSON: with the place.
pub(super) fn parse(text: &str, problems: &mut Problems) -> Result<Value, Problem> {
    // Editors on Windows begin a file with a mark of its encoding.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let found = Rc::new(RefCell::new(Vec::new()));
    let seed = Seed {
        path: String::new(),
        problems: Rc::clone(&found),
    };
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = seed.deserialize(&mut reader);
    let value = value.and_then(|value| reader.end().map(|()| value));
    let value = value.map_err(|error| Problem::new("", Code::NotJson).with(error))?;
    for problem in found.take() {
        problems.push(problem);
    }
    Ok(value)
}

struct Seed {
    path: String,
    problems: Rc<RefCell<Vec<Problem>>>,
}

impl Seed {
    fn below(&self, step: impl fmt::Display) -> Self {
        let path = match self.path.as_str() {
            "" => step.to_string(),
            path => format!("{path}.{step}"),
        };
        Self {
            path,
            problems: Rc::clone(&self.problems),
        }
    }

    fn add(&self, path: &str, code: Code, value: impl fmt::Display) {
        let problem = Problem::new(path.to_owned(), code).with(value);
        self.problems.borrow_mut().push(problem);
    }

    /// PostgreSQL keeps no U+0000.
    fn text(&self, text: &str) {
        if text.contains('\0') {
            self.add(&self.path, Code::OutOfRange, "no U+0000");
        }
    }
}

impl<'de> DeserializeSeed<'de> for Seed {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Whole numbers beyond this are not exact as floats.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl<'de> Visitor<'de> for Seed {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        if value.fract() == 0.0 && value.abs() <= EXACT {
            #[expect(clippy::cast_possible_truncation, reason = "it is whole and exact")]
            let whole = value as i64;
            return Ok(whole.into());
        }
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.text(value);
        Ok(value.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self.below(list.len()))? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = fields.next_key::<String>()? {
            self.text(&name);
            let below = self.below(&name);
            if map.contains_key(&name) {
                below.add(&below.path, Code::Twice, &name);
            }
            let value = fields.next_value_seed(below)?;
            map.insert(name, value);
        }
        Ok(Value::Object(map))
    }
}
