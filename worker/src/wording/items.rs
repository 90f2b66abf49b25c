//! Items of lists: outputs with their changes or due days.

use chrono::NaiveDate;
use domain::brief::Change;
use domain::project::{AsOf, Project};
use entities::{PartialDate, output};
use serde::Serialize;

use super::names::{Names, state_key};
use super::words::{Key, say};

/// An item of a list: an output, and a text about it.
#[derive(Debug, Serialize)]
pub(crate) struct Item {
    pub what: String,
    pub text: String,
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
