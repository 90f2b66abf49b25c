//! Problems of an input, as a command prints them.

use anyhow::anyhow;
use domain::error::Error;

/// All problems, each on a line.
pub fn by_line(error: Error) -> anyhow::Error {
    match error {
        Error::Invalid(problems) => {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            anyhow!(lines.join("\n"))
        }
        other => other.into(),
    }
}
