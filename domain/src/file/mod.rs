//! The project file: one JSON document that holds a whole project, without ledger and sign-ins.
//!
//! Its records are those of [`crate::record`], which says what each field is held to. Here they only
//! become one document and rows, and rows a document again. Records refer to each other by key; what
//! is left out is unknown. `docs/project.schema.json` is the file's JSON Schema.

mod check;
mod export;
mod json;
mod read;
mod rows;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::record::{
    BudgetLine, Call, Community, Forum, Note, Organisation, Output, Pairing, Partner, Person,
    Practice, Project, Proposal, Publication, ReminderRule, Source, Target,
};

pub(crate) use check::uses;
pub use check::{Verdict, check, judge, warnings};
pub use export::export;
pub use read::read;
pub use rows::rows_of;

/// The format that this version writes and reads.
pub const FORMAT: &str = "connection-project/1";

/// A whole project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProjectFile {
    /// Always `connection-project/1`.
    pub format: String,
    pub project: Project,
    #[serde(default)]
    pub sources: Vec<Source>,
    pub organisations: Vec<Organisation>,
    pub partners: Vec<Partner>,
    #[serde(default)]
    pub people: Vec<Person>,
    #[serde(default)]
    pub communities: Vec<Community>,
    #[serde(default)]
    pub targets: Vec<Target>,
    #[serde(default)]
    pub practices: Vec<Practice>,
    #[serde(default)]
    pub pairings: Vec<Pairing>,
    #[serde(default)]
    pub outputs: Vec<Output>,
    #[serde(default)]
    pub forums: Vec<Forum>,
    #[serde(default)]
    pub budget_lines: Vec<BudgetLine>,
    #[serde(default)]
    pub calls: Vec<Call>,
    #[serde(default)]
    pub publications: Vec<Publication>,
    #[serde(default)]
    pub notes: Vec<Note>,
    #[serde(default)]
    pub reminder_rules: Vec<ReminderRule>,
    #[serde(default)]
    pub proposals: Vec<Proposal>,
}

impl ProjectFile {
    /// A project with nothing in it yet.
    #[must_use]
    pub fn empty(project: Project) -> Self {
        Self {
            format: FORMAT.to_owned(),
            project,
            sources: Vec::new(),
            organisations: Vec::new(),
            partners: Vec::new(),
            people: Vec::new(),
            communities: Vec::new(),
            targets: Vec::new(),
            practices: Vec::new(),
            pairings: Vec::new(),
            outputs: Vec::new(),
            forums: Vec::new(),
            budget_lines: Vec::new(),
            calls: Vec::new(),
            publications: Vec::new(),
            notes: Vec::new(),
            reminder_rules: Vec::new(),
            proposals: Vec::new(),
        }
    }

    /// The file as it is written: two spaces, no nulls, no empty lists.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut value = serde_json::to_value(self).expect("a project file is plain JSON");
        strip(&mut value);
        let mut text = serde_json::to_string_pretty(&value).expect("a value is plain JSON");
        text.push('\n');
        text
    }

    /// The JSON Schema of the file.
    #[must_use]
    pub fn schema() -> Value {
        let mut schema = schemars::schema_for!(Self).to_value();
        schema["title"] = "Connection project file".into();
        schema["properties"]["format"]["const"] = FORMAT.into();
        bound_numbers(&mut schema);
        schema
    }
}

/// Says of each whole number of a schema how large its type lets it be, since `format` is a remark that
/// nobody has to check.
fn bound_numbers(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            let bounds: Option<(Value, Value)> = match fields.get("format").and_then(Value::as_str)
            {
                Some("int32") => Some((i32::MIN.into(), i32::MAX.into())),
                Some("int64") => Some((i64::MIN.into(), i64::MAX.into())),
                _ => None,
            };
            if let Some((least, most)) = bounds {
                fields.entry("minimum").or_insert(least);
                fields.entry("maximum").or_insert(most);
            }
            fields.values_mut().for_each(bound_numbers);
        }
        Value::Array(items) => items.iter_mut().for_each(bound_numbers),
        _ => {}
    }
}

/// Drops what says nothing: nulls, and empty lists and objects that a field may leave out.
fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for field in fields.values_mut() {
                strip(field);
            }
            fields.retain(|name, field| match field {
                Value::Null => false,
                Value::Array(items) => !items.is_empty() || REQUIRED_LISTS.contains(&name.as_str()),
                Value::Object(inner) => {
                    !inner.is_empty() || !LEFT_OUT_MAPS.contains(&name.as_str())
                }
                _ => true,
            });
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

/// Lists that stand even when they are empty, since the format asks for them.
const REQUIRED_LISTS: [&str; 5] = ["organisations", "partners", "audience", "kinds", "kind"];
/// Maps that go when they are empty; other empty objects say which variant is meant.
const LEFT_OUT_MAPS: [&str; 3] = ["basis", "summary", "title"];
