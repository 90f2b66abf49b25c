//! From text to a project file: every problem of its shape, and those of what can be read besides.

use std::{collections::BTreeSet, sync::LazyLock};

use entities::PartialDate;
use jsonschema::{ValidationError, Validator, error::ValidationErrorKind};
use serde_json::{Value, json};

use super::{Problem, check_beside};
use crate::file::ProjectFile;

static SCHEMA: LazyLock<Validator> = LazyLock::new(|| {
    jsonschema::options()
        .should_validate_formats(true)
        .with_format("partial-date", |text: &str| {
            text.parse::<PartialDate>().is_ok()
        })
        .build(&ProjectFile::schema())
        .expect("the schema is made from our own types")
});

/// Reads a project file and checks its shape; [`super::check`] looks at what it says. Where the
/// shape of some records is wrong, what the others say is looked at already.
///
/// # Errors
/// Every problem.
pub fn read(text: &str) -> Result<ProjectFile, Vec<Problem>> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        vec![Problem {
            path: String::new(),
            wrong: format!("it is not JSON ({error})"),
            right: "write one JSON object as docs/PROJECT_FILE.md describes it".into(),
        }]
    })?;
    let mut problems = Vec::new();
    no_nul("", &value, &mut problems);
    for error in SCHEMA.iter_errors(&value) {
        explain(&error, &mut problems);
    }
    if problems.is_empty() {
        return serde_json::from_value(value).map_err(|error| {
            vec![Problem {
                path: String::new(),
                wrong: error.to_string(),
                right: "write what docs/project.schema.json asks for".into(),
            }]
        });
    }
    problems.extend(beside(value, &problems));
    Err(problems)
}

/// Tells of each text that holds U+0000, which PostgreSQL does not keep.
fn no_nul(path: &str, value: &Value, problems: &mut Vec<Problem>) {
    let mut told = |text: &str, what: &str| {
        if text.contains('\0') {
            problems.push(Problem {
                path: path.to_owned(),
                wrong: format!("{what} holds the character U+0000"),
                right: "leave that character out".to_owned(),
            });
        }
    };
    match value {
        Value::String(text) => told(text, "the text"),
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                no_nul(&format!("{path}/{at}"), item, problems);
            }
        }
        Value::Object(fields) => {
            fields.keys().for_each(|name| told(name, "a name"));
            for (name, field) in fields {
                let name = name.replace('~', "~0").replace('/', "~1");
                no_nul(&format!("{path}/{name}"), field, problems);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// One problem of shape in words. Of several shapes that a value may have, the one that it comes
/// nearest to is meant.
fn explain(error: &ValidationError<'_>, problems: &mut Vec<Problem>) {
    let right = match error.kind() {
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            let words: Vec<String> = context.iter().flatten().filter_map(constant).collect();
            let nearest = context
                .iter()
                .filter(|errors| !is_about_null(errors))
                .max_by_key(|errors| {
                    errors
                        .iter()
                        .map(|error| error.instance_path().to_string().len())
                        .max()
                });
            match nearest {
                _ if words.len() == context.len() => format!("write one of {}", words.join(", ")),
                Some(errors) if !errors.is_empty() => {
                    errors.iter().for_each(|error| explain(error, problems));
                    return;
                }
                _ => format!("see docs/project.schema.json at {}", error.schema_path()),
            }
        }
        ValidationErrorKind::Format { format } => match format.as_str() {
            "date" => "write a day such as 2021-11-15".into(),
            "date-time" => "write an instant such as 2021-11-15T09:00:00Z".into(),
            "partial-date" => "write 2021, 2021-11 or 2021-11-15".into(),
            other => format!("write a value of the format {other}"),
        },
        ValidationErrorKind::Pattern { pattern } if pattern == PartialDate::PATTERN => {
            "write 2021, 2021-11 or 2021-11-15".into()
        }
        ValidationErrorKind::Required { property } => format!("add {property}"),
        ValidationErrorKind::AdditionalProperties { .. } => {
            "leave it out, or spell it as docs/PROJECT_FILE.md does".into()
        }
        ValidationErrorKind::Enum { options } => format!("write one of {options}"),
        ValidationErrorKind::Constant { expected_value } => format!("write {expected_value}"),
        ValidationErrorKind::Type { .. } => "write a value of that type".into(),
        _ => format!("see docs/project.schema.json at {}", error.schema_path()),
    };
    problems.push(Problem {
        path: error.instance_path().to_string(),
        wrong: error.to_string(),
        right,
    });
}

/// The word that a shape asks for, where it asks for one.
fn constant(error: &ValidationError<'_>) -> Option<String> {
    match error.kind() {
        ValidationErrorKind::Constant { expected_value } => Some(expected_value.to_string()),
        _ => None,
    }
}

/// Whether a shape is "nothing at all", which every optional value may have.
fn is_about_null(errors: &[ValidationError<'_>]) -> bool {
    matches!(errors, [error] if error.schema_path().to_string().ends_with("/type")
        && error.to_string().ends_with("is not of type \"null\""))
}

/// What is wrong with the records whose shape is right.
fn beside(mut value: Value, problems: &[Problem]) -> Vec<Problem> {
    let places: BTreeSet<(String, usize)> = problems
        .iter()
        .filter_map(|problem| {
            let mut parts = problem.path.split('/').skip(1);
            Some((parts.next()?.to_owned(), parts.next()?.parse().ok()?))
        })
        .collect();
    let mut unread = Vec::new();
    for (list, at) in places.iter().rev() {
        let Some(records) = value.get_mut(list).and_then(Value::as_array_mut) else {
            continue;
        };
        if *at >= records.len() {
            continue;
        }
        let record = records.remove(*at);
        let key = record.get("key").or_else(|| record.get("organisation"));
        if let Some(key) = key.and_then(Value::as_str) {
            unread.push((list.clone(), key.to_owned()));
        }
    }
    let project_is_wrong = problems
        .iter()
        .any(|problem| problem.path.starts_with("/project"));
    if project_is_wrong && let Some(project) = value.get_mut("project") {
        let key = project
            .get("key")
            .cloned()
            .unwrap_or_else(|| json!("project"));
        *project = stand_in(&key);
    }
    let Ok(file) = serde_json::from_value::<ProjectFile>(value) else {
        return Vec::new();
    };
    check_beside(&file, &unread)
        .into_iter()
        .filter(|problem| !(project_is_wrong && problem.path.starts_with("/project")))
        .map(|mut problem| {
            problem.path = in_the_file(&problem.path, &places);
            problem
        })
        .collect()
}

/// A project that nothing is wrong with, in the place of one that cannot be read.
fn stand_in(key: &Value) -> Value {
    json!({
        "key": key, "acronym": "", "name": {}, "programme": { "key": "programme", "name": {} },
        "startsOn": "2000-01-01", "endsOn": "2100-12-31", "timeZone": "UTC", "defaultLocale": "en",
    })
}

/// A path among the records that could be read, as it is in the whole file.
fn in_the_file(path: &str, unread: &BTreeSet<(String, usize)>) -> String {
    let mut parts: Vec<String> = path.split('/').map(str::to_owned).collect();
    if let Some(Ok(mut at)) = parts.get(2).map(|part| part.parse::<usize>()) {
        for (_, gone) in unread.iter().filter(|(list, _)| *list == parts[1]) {
            if *gone <= at {
                at += 1;
            }
        }
        parts[2] = at.to_string();
    }
    parts.join("/")
}
