//! What is wrong with a project file: all of it at once, by path.

mod outputs;
mod records;

use std::{collections::HashSet, fmt, sync::LazyLock};

use entities::*;
use jsonschema::Validator;
use serde::Serialize;
use serde_json::Value;

use super::ProjectFile;
use crate::zone;

/// One thing that is wrong with an input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Where, as a JSON pointer such as `/outputs/3/host`.
    pub path: String,
    pub wrong: String,
    /// What would be right.
    pub right: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() {
            "(the whole file)"
        } else {
            &self.path
        };
        write!(f, "{path}: {}; {}", self.wrong, self.right)
    }
}

static SCHEMA: LazyLock<Validator> = LazyLock::new(|| {
    jsonschema::options()
        .should_validate_formats(true)
        .build(&ProjectFile::schema())
        .expect("the schema is made from our own types")
});

/// Reads a project file and checks its shape; [`check`] looks at what it says.
///
/// # Errors
/// Every problem of its shape.
pub fn read(text: &str) -> Result<ProjectFile, Vec<Problem>> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        vec![Problem {
            path: String::new(),
            wrong: format!("it is not JSON ({error})"),
            right: "write one JSON object as docs/PROJECT_FILE.md describes it".into(),
        }]
    })?;
    let problems: Vec<Problem> = SCHEMA
        .iter_errors(&value)
        .map(|error| Problem {
            path: error.instance_path().to_string(),
            wrong: error.to_string(),
            right: format!("see docs/project.schema.json at {}", error.schema_path()),
        })
        .collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    serde_json::from_value(value).map_err(|error| {
        vec![Problem {
            path: String::new(),
            wrong: error.to_string(),
            right: "write what docs/project.schema.json asks for".into(),
        }]
    })
}

/// Every problem of what a file says: keys, references, dates, rules.
#[must_use]
pub fn check(file: &ProjectFile) -> Vec<Problem> {
    let mut check = Check {
        problems: Vec::new(),
        keys: Keys::of(file),
    };
    check.format(file);
    check.project(file);
    check.people(file);
    check.communities(file);
    check.targets(file);
    check.lists(file);
    for (at, output) in file.outputs.iter().enumerate() {
        check.output(&format!("/outputs/{at}"), output);
    }
    check.rules(file);
    check.problems
}

/// The keys that records may refer to.
struct Keys<'a> {
    sources: HashSet<&'a str>,
    organisations: HashSet<&'a str>,
    partners: HashSet<&'a str>,
    people: HashSet<&'a str>,
    communities: HashSet<&'a str>,
    practices: HashSet<&'a str>,
    pairings: HashSet<&'a str>,
    targets: HashSet<&'a str>,
    outputs: HashSet<(OutputKind, &'a str)>,
}

impl<'a> Keys<'a> {
    fn of(file: &'a ProjectFile) -> Self {
        Self {
            sources: file.sources.iter().map(|row| row.key.as_str()).collect(),
            organisations: file
                .organisations
                .iter()
                .map(|row| row.key.as_str())
                .collect(),
            partners: file
                .partners
                .iter()
                .map(|row| row.organisation.as_str())
                .collect(),
            people: file.people.iter().map(|row| row.key.as_str()).collect(),
            communities: file
                .communities
                .iter()
                .map(|row| row.key.as_str())
                .collect(),
            practices: file.practices.iter().map(|row| row.key.as_str()).collect(),
            pairings: file.pairings.iter().map(|row| row.key.as_str()).collect(),
            targets: file.targets.iter().map(|row| row.key.as_str()).collect(),
            outputs: file
                .outputs
                .iter()
                .map(|row| (row.kind.output_kind(), row.key.as_str()))
                .collect(),
        }
    }
}

struct Check<'a> {
    problems: Vec<Problem>,
    keys: Keys<'a>,
}

impl Check<'_> {
    fn problem(&mut self, path: &str, wrong: impl Into<String>, right: impl Into<String>) {
        let problem = Problem {
            path: path.to_owned(),
            wrong: wrong.into(),
            right: right.into(),
        };
        self.problems.push(problem);
    }

    fn refers(&mut self, path: &str, what: &str, key: &str, known: fn(&Keys<'_>, &str) -> bool) {
        if !known(&self.keys, key) {
            let right = format!("name {what} that stands in this file");
            self.problem(path, format!("there is no {what} {key:?}"), right);
        }
    }

    fn partner(&mut self, path: &str, key: Option<&String>) {
        if let Some(key) = key {
            self.refers(path, "partner", key, |keys, key| {
                keys.partners.contains(key)
            });
        }
    }

    fn community(&mut self, path: &str, key: Option<&String>) {
        if let Some(key) = key {
            self.refers(path, "community", key, |keys, key| {
                keys.communities.contains(key)
            });
        }
    }

    fn person(&mut self, path: &str, key: Option<&String>) {
        if let Some(key) = key {
            self.refers(path, "person", key, |keys, key| keys.people.contains(key));
        }
    }

    fn citation(&mut self, path: &str, citation: &str) {
        let key = citation.split(':').next().unwrap_or_default();
        self.refers(path, "source", key, |keys, key| keys.sources.contains(key));
    }

    fn sources(&mut self, at: &str, sources: &Strings) {
        for (index, citation) in sources.0.iter().enumerate() {
            self.citation(&format!("{at}/sources/{index}"), citation);
        }
    }

    fn zone(&mut self, path: &str, name: &str) {
        if zone::zone(name).is_err() {
            let wrong = format!("{name:?} is no time zone");
            self.problem(path, wrong, "write an IANA name such as Europe/Rome");
        }
    }

    fn locale(&mut self, path: &str, tag: &str) {
        let is_tag = tag.split('-').enumerate().all(|(at, part)| {
            let length = if at == 0 { 2..=3 } else { 2..=8 };
            length.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
        if !is_tag {
            self.problem(
                path,
                format!("{tag:?} is no language"),
                "write a tag such as en or it-IT",
            );
        }
    }

    fn unique<'k>(&mut self, list: &str, keys: impl Iterator<Item = &'k str>, field: &str) {
        let mut seen = HashSet::new();
        for (at, key) in keys.enumerate() {
            let path = format!("/{list}/{at}/{field}");
            if key.is_empty() {
                self.problem(&path, "it is empty", "give every record a key of its own");
            } else if !seen.insert(key.to_owned()) {
                self.problem(
                    &path,
                    format!("{key:?} stands twice"),
                    "name each record once",
                );
            }
        }
    }

    fn period(&mut self, at: &str, fields: [&str; 2], dates: [Option<PartialDate>; 2]) {
        if let [Some(first), Some(last)] = dates
            && last.last_day() < first.first_day()
        {
            let wrong = format!("{last} is before {first}");
            let right = format!("write a day on or after {}", fields[0]);
            self.problem(&format!("{at}/{}", fields[1]), wrong, right);
        }
    }

    fn currency(&mut self, path: &str, code: &str) {
        if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            self.problem(
                path,
                format!("{code:?} is no currency"),
                "write ISO 4217, such as EUR",
            );
        }
    }

    fn not_negative(&mut self, path: &str, number: Option<i64>) {
        if let Some(number) = number.filter(|number| *number < 0) {
            self.problem(path, format!("{number} is negative"), "write 0 or more");
        }
    }
}
