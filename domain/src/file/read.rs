//! From text to a project file: every problem of its shape, and those of what can be read besides.

use std::{collections::BTreeSet, sync::LazyLock};

use entities::PartialDate;
use jsonschema::{ValidationError, Validator, error::ValidationErrorKind};
use serde_json::{Value, json};

use super::{ProjectFile, check::check_beside, json::parse};
use crate::record::{Code, Problem, Problems};

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
    let mut problems = Problems::default();
    let value = parse(text, &mut problems).map_err(|problem| vec![problem])?;
    for error in SCHEMA.iter_errors(&value) {
        explain(&error, &mut problems);
    }
    if problems.is_empty() {
        return serde_json::from_value(value)
            .map_err(|error| vec![Problem::new("", Code::WrongType).with(error)]);
    }
    let beside = beside(value, &problems);
    let mut problems = problems.into_vec();
    problems.extend(beside);
    Err(problems)
}

/// One problem of shape. Of several shapes that a value may have, the one that it comes nearest to
/// is meant.
fn explain(error: &ValidationError<'_>, problems: &mut Problems) {
    let path = error.instance_path().to_string();
    let path = path.strip_prefix('/').unwrap_or_default().replace('/', ".");
    let below = |field: &str| match path.as_str() {
        "" => field.to_owned(),
        path => format!("{path}.{field}"),
    };
    let problem = match error.kind() {
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            let words: Vec<String> = context.iter().flatten().filter_map(constant).collect();
            if words.len() == context.len() {
                Problem::new(path, Code::OutOfRange).with(words.join(", "))
            } else {
                let nearest = context.iter().filter(|errors| !is_about_null(errors));
                let nearest = nearest.max_by_key(|errors| {
                    let paths = errors.iter().map(|error| error.instance_path().to_string());
                    paths.map(|path| path.len()).max()
                });
                match nearest {
                    Some(errors) if !errors.is_empty() => {
                        errors.iter().for_each(|error| explain(error, problems));
                        return;
                    }
                    _ => Problem::new(path, Code::WrongType).with(error.schema_path()),
                }
            }
        }
        ValidationErrorKind::Format { format } => {
            let right = match format.as_str() {
                "date" => "2021-11-15",
                "date-time" => "2021-11-15T09:00:00Z",
                "partial-date" => "2021, 2021-11, 2021-11-15",
                other => other,
            };
            Problem::new(path, Code::NotADate).with(right)
        }
        ValidationErrorKind::Pattern { pattern } if pattern == PartialDate::PATTERN => {
            Problem::new(path, Code::NotADate).with("2021, 2021-11, 2021-11-15")
        }
        ValidationErrorKind::Required { property } => {
            let property = property.as_str().unwrap_or_default();
            Problem::new(below(property), Code::Required)
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            for field in unexpected {
                problems.push(Problem::new(below(field), Code::UnknownField).with(field));
            }
            return;
        }
        ValidationErrorKind::Enum { options } => {
            let options = options.as_array().into_iter().flatten();
            let words: Vec<_> = options.filter_map(Value::as_str).collect();
            Problem::new(path, Code::OutOfRange).with(words.join(", "))
        }
        ValidationErrorKind::Constant { expected_value } => {
            let word = expected_value.as_str().map(str::to_owned);
            let word = word.unwrap_or_else(|| expected_value.to_string());
            Problem::new(path, Code::OutOfRange).with(word)
        }
        ValidationErrorKind::Maximum { limit } => {
            Problem::new(path, Code::OutOfRange).with(format!("..{limit}"))
        }
        ValidationErrorKind::Minimum { limit } => {
            Problem::new(path, Code::OutOfRange).with(format!("{limit}.."))
        }
        ValidationErrorKind::Type { kind } => {
            let kind = format!("{kind:?}");
            let inside = kind.split(['(', ')']).nth(1).unwrap_or(&kind);
            Problem::new(path, Code::WrongType).with(inside.to_lowercase())
        }
        _ => Problem::new(path, Code::WrongType).with(error.schema_path()),
    };
    problems.push(problem);
}

/// The word that a shape asks for, where it asks for one.
fn constant(error: &ValidationError<'_>) -> Option<String> {
    match error.kind() {
        ValidationErrorKind::Constant { expected_value } => {
            Some(expected_value.as_str().unwrap_or_default().to_owned())
        }
        _ => None,
    }
}

/// Whether a shape is "nothing at all", which every optional value may have.
fn is_about_null(errors: &[ValidationError<'_>]) -> bool {
    matches!(errors, [error] if error.schema_path().to_string().ends_with("/type")
        && error.to_string().ends_with("is not of type \"null\""))
}

/// What is wrong with the records whose shape is right.
fn beside(mut value: Value, problems: &Problems) -> Vec<Problem> {
    let places: BTreeSet<(String, usize)> = problems
        .iter()
        .filter_map(|problem| {
            let mut parts = problem.path.split('.');
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
    let is_of_project =
        |problem: &Problem| problem.path == "project" || problem.path.starts_with("project.");
    let project_is_wrong = problems.iter().any(is_of_project);
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
        .filter(|problem| !(project_is_wrong && is_of_project(problem)))
        .map(|mut problem| {
            problem.path = in_the_file(&problem.path, &places).into();
            problem
        })
        .collect()
}

/// A project that nothing is wrong with, in the place of one that cannot be read.
fn stand_in(key: &Value) -> Value {
    json!({
        "key": key, "acronym": "P", "name": { "en": "Project" },
        "programme": { "key": "programme", "name": {} },
        "startsOn": "2000-01-01", "endsOn": "2100-12-31", "timeZone": "UTC", "defaultLocale": "en",
    })
}

/// A path among the records that could be read, as it is in the whole file.
fn in_the_file(path: &str, unread: &BTreeSet<(String, usize)>) -> String {
    let mut parts: Vec<String> = path.split('.').map(str::to_owned).collect();
    if let Some(Ok(mut at)) = parts.get(1).map(|part| part.parse::<usize>()) {
        for (_, gone) in unread.iter().filter(|(list, _)| *list == parts[0]) {
            if *gone <= at {
                at += 1;
            }
        }
        parts[1] = at.to_string();
    }
    parts.join(".")
}
