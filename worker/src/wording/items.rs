//! Items of lists: outputs with their changes or due days.

use chrono::NaiveDate;
use domain::brief::Change;
use domain::duty::Subject;
use domain::project::{AsOf, Project};
use entities::{PartialDate, output};
use serde::Serialize;

use super::figures::{amount, label};
use super::names::{Names, state_key};
use super::proposal;
use super::words::{Key, say};

/// An item of a list: an output, and a text about it.
#[derive(Debug, Serialize)]
pub(crate) struct Item {
    pub what: String,
    pub text: String,
    /// Where it is read and decided.
    pub link: Option<String>,
}

/// The due day in words, and how long ago it was.
pub(crate) fn due(names: Names<'_>, day: NaiveDate, today: NaiveDate) -> String {
    let words = names.words;
    let days = (today - day).num_days();
    if days > 0 {
        say!(words, Key("was-due"), day = words.day(day), days = days)
    } else {
        say!(words, Key("is-due"), day = words.day(day))
    }
}

/// What a duty is about.
pub(crate) fn subject(names: Names<'_>, subject: Subject) -> String {
    match subject {
        Subject::Output(id) => names.output(names.project.output(id)),
        Subject::Target(id) => label(names, names.project.target(id)),
        Subject::Proposal(id) => proposal::what(names, id),
    }
}

/// How much of a target's goal is not planned yet.
pub(crate) fn unplanned(names: Names<'_>, subject: Subject, missing: i64) -> String {
    let Subject::Target(id) = subject else {
        return String::new();
    };
    let (words, target) = (names.words, names.project.target(id));
    say!(
        words,
        Key("unplanned"),
        missing = amount(words, target, Some(missing)),
        goal = amount(words, target, Some(target.value)),
    )
}

/// A change of an output, and its day.
pub(crate) fn change_item(names: Names<'_>, change: &Change<'_>) -> Item {
    let words = names.words;
    let output = names.project.output(change.output);
    let day = words.day(change.day);
    let what_happened = if change.moved {
        let dates = dates_on(names.project, output, change.day.into()).map_or_else(
            || say!(words, Key("when-open")),
            |(from, to)| words.span(from, to),
        );
        say!(words, Key("change-moved"), dates = dates)
    } else {
        say!(words, state_key(change.state))
    };
    let mut text = say!(words, Key("change"), day = day, what = what_happened);
    if let Some(reason) = change.reason {
        text = format!("{text} ({reason})");
    }
    Item {
        what: names.output(output),
        text,
        link: None,
    }
}

fn dates_on(
    project: &Project,
    output: &output::Model,
    as_of: AsOf,
) -> Option<(PartialDate, Option<PartialDate>)> {
    let standing = project.standing(output, as_of)?;
    Some((standing.starts?, standing.ends))
}

/// The first items of a list, and the number of the others.
pub(crate) fn cut<T>(mut items: Vec<T>, most: usize) -> (Vec<T>, usize) {
    let more = items.len().saturating_sub(most);
    items.truncate(most);
    (items, more)
}
