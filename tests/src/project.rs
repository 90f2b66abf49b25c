//! Projects for tests, in memory and from files that state only what matters.

use chrono::{DateTime, Utc};
use domain::{
    data,
    file::{self, ProjectFile},
    ids::Ids,
    project::Project,
    record::rows::SharedRows,
    record::{Output, Step},
};
use entities::{Strings, Verb};

/// The data set that comes with the product.
///
/// # Panics
/// When it cannot be read: the test fails.
#[must_use]
pub fn connection() -> ProjectFile {
    file::read(data::CONNECTION).expect("the embedded data set is right")
}

/// A project that came into the product at an instant, its ids made from keys.
///
/// # Panics
/// When the file is wrong: the test fails.
#[must_use]
pub fn in_memory(file: &ProjectFile, created_at: &str) -> Project {
    let problems = file::check(file);
    assert!(problems.is_empty(), "{problems:?}");
    let created_at: DateTime<Utc> = created_at.parse().expect("an instant");
    let (rows, _) = file::rows_of(
        file,
        None,
        &SharedRows::default(),
        Ids::FromKeys,
        created_at,
        false,
    )
    .expect("a new project contradicts no history");
    Project::new(rows)
}

/// A step in an output's history, effective on a day.
///
/// # Panics
/// When the day is none: the test fails.
#[must_use]
pub fn step(verb: Verb, effective_on: &str) -> Step {
    Step {
        verb,
        effective_on: Some(effective_on.parse().expect("a day")),
        recorded_at: None,
        reason: None,
        old_starts: None,
        old_ends: None,
        new_starts: None,
        new_ends: None,
        reporters: Strings::default(),
    }
}

/// The output of this key.
///
/// # Panics
/// When there is none: the test fails.
pub fn output<'a>(file: &'a mut ProjectFile, key: &str) -> &'a mut Output {
    file.outputs
        .iter_mut()
        .find(|output| output.key == key)
        .expect("the file holds this output")
}
