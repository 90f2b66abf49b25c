//! Problems of an input, as a command prints them.

use anyhow::anyhow;
use domain::{error::Error, record::Problem};

/// All problems, each on a line.
pub fn by_line(error: Error) -> anyhow::Error {
    match error {
        Error::Invalid(problems) => {
            let lines: Vec<String> = problems.iter().map(line).collect();
            anyhow!(lines.join("\n"))
        }
        other => other.into(),
    }
}

/// A problem on one line: its place, its words, and the code with the value that the words leave out.
pub fn line(problem: &Problem) -> String {
    let place = match problem.pointer() {
        place if place.is_empty() => "(the whole input)".to_owned(),
        place => place,
    };
    let (code, value) = (problem.code.name(), problem.value.as_deref());
    let words = i18n::problem("en", code, value);
    match value {
        Some(value) if !words.contains(value) => format!("{place}: {words} [{code}: {value}]"),
        _ => format!("{place}: {words} [{code}]"),
    }
}
