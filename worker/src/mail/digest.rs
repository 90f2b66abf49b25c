//! The weekly digest: duties, changes, and the headline figures.

use chrono::{DateTime, NaiveDate, Utc};
use domain::brief::DigestBrief;
use domain::duty::{Duty, Task};
use domain::project::AsOf;
use domain::zone;
use entities::*;
use serde::Serialize;

use super::{Mail, Mailer, reader};
use crate::wording::figures::FigureText;
use crate::wording::items::{Item, change_item, cut, due};
use crate::wording::names::Names;
use crate::wording::words::{Key, say};

/// The maximum length of a list.
const LONGEST: usize = 12;

#[derive(Debug, Serialize)]
struct Content {
    week: String,
    lead: String,
    groups: Vec<Group>,
    changes_title: String,
    changes: Vec<Item>,
    changes_more: usize,
    figures: Vec<FigureText>,
    as_of: String,
}

/// Duties of one kind.
#[derive(Debug, Serialize)]
struct Group {
    title: String,
    /// The task, if it is the same for all of them.
    todo: Option<String>,
    late: bool,
    items: Vec<Item>,
    more: usize,
}

impl Mailer {
    /// A person's digest.
    ///
    /// # Errors
    /// If the recipient is not in this project, or a template fails.
    pub fn digest(
        &self,
        brief: &DigestBrief<'_>,
        row: &notification::Model,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Mail> {
        let (person, names) = reader(brief.project, row)?;
        let words = names.words;
        let today = zone::day_in(now, &zone::known_zone(&person.time_zone));
        let groups = groups(names, brief);
        let changes: Vec<Item> = brief
            .changes
            .iter()
            .map(|change| change_item(names, change))
            .collect();
        let counts = counts(names, brief);
        let subject = say!(
            words,
            Key("digest-subject"),
            project = brief.project.project.acronym.as_str(),
            counts = counts.as_str(),
        );
        let (changes, changes_more) = cut(changes, LONGEST);
        let content = Content {
            week: say!(words, Key("digest-week"), day = words.day(today)),
            lead: lead(names, brief),
            groups,
            changes_title: say!(
                words,
                Key("digest-changes"),
                day = words.long_day(brief.since.day)
            ),
            changes,
            changes_more,
            figures: brief
                .figures
                .iter()
                .map(|figure| FigureText::new(names, figure))
                .collect(),
            as_of: words.long_day(brief.as_of.day),
        };
        self.finish(names, row, "digest", subject, &content.lead, &content)
    }
}

/// "2 overdue, 1 coming up"; without duties, the number of changes.
fn counts(names: Names<'_>, brief: &DigestBrief<'_>) -> String {
    let words = names.words;
    let count = |of: fn(&Duty<'_>) -> bool| brief.duties.iter().filter(|duty| of(duty)).count();
    let mut counts = Vec::new();
    let mut add = |key: Key, count: usize| {
        if count > 0 {
            counts.push(say!(words, key, count = count));
        }
    };
    add(Key("count-overdue"), count(|duty| duty.overdue));
    add(
        Key("count-complete"),
        count(|duty| !duty.overdue && duty.task == Task::Complete),
    );
    add(Key("count-verify"), count(|duty| duty.task == Task::Verify));
    add(
        Key("count-coming"),
        count(|duty| duty.task == Task::Prepare),
    );
    if counts.is_empty() {
        let changes = brief.changes.len();
        counts.push(say!(words, Key("count-changes"), count = changes));
    }
    counts.join(", ")
}

fn lead(names: Names<'_>, brief: &DigestBrief<'_>) -> String {
    let words = names.words;
    let duties = match brief.duties.len() {
        0 => say!(words, Key("digest-no-duties")),
        count => say!(words, Key("digest-duties"), count = count),
    };
    let since = words.long_day(brief.since.day);
    let changes = match brief.changes.len() {
        0 => say!(words, Key("digest-no-changes"), day = since),
        count => say!(words, Key("digest-changed"), count = count, day = since),
    };
    format!("{duties} {changes}")
}

fn groups(names: Names<'_>, brief: &DigestBrief<'_>) -> Vec<Group> {
    let words = names.words;
    let group = |title: Key, late: bool, of: &dyn Fn(&Duty<'_>) -> bool| {
        let duties: Vec<&Duty<'_>> = brief.duties.iter().filter(|duty| of(duty)).collect();
        let task = duties.first().map(|duty| duty.task);
        let common = task.filter(|task| duties.iter().all(|duty| duty.task == *task));
        let item = |duty| duty_item(names, brief.as_of, duty, common.is_none());
        let (items, more) = cut(duties.into_iter().map(item).collect(), LONGEST);
        let title = say!(words, title);
        let todo = common.map(|task| say!(words, todo_key(task)));
        (!items.is_empty()).then_some(Group {
            title,
            todo,
            late,
            items,
            more,
        })
    };
    let complete = |duty: &Duty<'_>| !duty.overdue && duty.task == Task::Complete;
    [
        group(Key("group-overdue"), true, &|duty| duty.overdue),
        group(Key("group-due"), false, &complete),
        group(Key("group-verify"), false, &|duty| {
            duty.task == Task::Verify
        }),
        group(Key("group-coming"), false, &|duty| {
            duty.task == Task::Prepare
        }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn duty_item(names: Names<'_>, as_of: AsOf, duty: &Duty<'_>, with_todo: bool) -> Item {
    let (project, words) = (names.project, names.words);
    let output = project.output(duty.output);
    let mut sentences = Vec::new();
    if with_todo {
        sentences.push(say!(words, todo_key(duty.task)));
    }
    let reason = duty.reason.filter(|_| duty.task == Task::Complete);
    sentences.extend(reason.map(|reason| say!(words, Key("missing"), what = reason)));
    sentences.push(match duty.task {
        Task::Prepare => starts(names, output, as_of, duty.day),
        Task::Verify => say!(words, Key("reported-on"), day = words.day(duty.day)),
        Task::Report | Task::Complete => due(names, duty.day, as_of.day),
    });
    if duty.partner.is_none() && output.lead_id.is_none() && duty.task != Task::Verify {
        sentences.push(say!(words, Key("nobody-leads")));
    }
    Item {
        what: names.output(output),
        text: sentences.join(" "),
    }
}

fn todo_key(task: Task) -> Key {
    match task {
        Task::Report => Key("todo-report"),
        Task::Complete => Key("todo-complete"),
        Task::Verify => Key("todo-verify"),
        Task::Prepare => Key("todo-prepare"),
    }
}

/// The start of an output, as precisely as it is known.
fn starts(names: Names<'_>, output: &output::Model, as_of: AsOf, first: NaiveDate) -> String {
    let words = names.words;
    let standing = names.project.standing(output, as_of);
    let (from, to) = standing.map_or((None, None), |standing| (standing.starts, standing.ends));
    let from = from.unwrap_or(first.into());
    let dates = words.span(from, to);
    if first <= as_of.day {
        say!(words, Key("goes-on"), dates = dates)
    } else if from.day().is_some() {
        let days = (first - as_of.day).num_days();
        say!(words, Key("starts-in"), dates = dates, days = days)
    } else {
        say!(words, Key("starts-month"), dates = dates)
    }
}
