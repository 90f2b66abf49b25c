//! The weekly digest: duties, changes, and the headline figures.

use chrono::{DateTime, NaiveDate, Utc};
use domain::brief::DigestBrief;
use domain::duty::{Duty, Task};
use domain::project::AsOf;
use domain::record::{self, NodeId};
use domain::zone;
use entities::*;
use serde::Serialize;

use super::{Mail, Mailer, reader};
use crate::wording::figures::FigureText;
use crate::wording::items::{Item, change_item, cut, due, subject, unplanned};
use crate::wording::names::Names;
use crate::wording::proposal;
use crate::wording::words::{Key, say, sentence};

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
            groups: self.groups(names, brief),
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

    /// The duties in groups, each proposal with its link.
    fn groups(&self, names: Names<'_>, brief: &DigestBrief<'_>) -> Vec<Group> {
        let link_of = |duty: &Duty<'_>| {
            let id = NodeId::encode(
                record::Kind::Proposal.name(),
                names.project.id(),
                duty.proposal()?,
            );
            Some(format!("{}/graphiql?proposal={id}", self.base_url))
        };
        groups(names, brief, &link_of)
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
    for group in &GROUPS {
        let duties = brief.duties.iter().filter(|duty| group.holds(duty));
        add(group.count, duties.count());
    }
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

/// Duties that are not overdue and listed together.
struct Kind {
    title: Key,
    count: Key,
    tasks: &'static [Task],
}

const GROUPS: [Kind; 8] = [
    Kind {
        title: Key("group-decide"),
        count: Key("count-decide"),
        tasks: &[Task::Decide],
    },
    Kind {
        title: Key("group-due"),
        count: Key("count-complete"),
        tasks: &[Task::Complete, Task::Report, Task::AddEvidence],
    },
    Kind {
        title: Key("group-verify"),
        count: Key("count-verify"),
        tasks: &[Task::Verify],
    },
    Kind {
        title: Key("group-schedule"),
        count: Key("count-schedule"),
        tasks: &[Task::Schedule],
    },
    Kind {
        title: Key("group-deliver"),
        count: Key("count-deliver"),
        tasks: &[Task::Deliver, Task::Endorse],
    },
    Kind {
        title: Key("group-outcome"),
        count: Key("count-outcome"),
        tasks: &[Task::TellOutcome],
    },
    Kind {
        title: Key("group-plan"),
        count: Key("count-plan"),
        tasks: &[Task::Plan],
    },
    Kind {
        title: Key("group-coming"),
        count: Key("count-coming"),
        tasks: &[Task::Prepare],
    },
];

impl Kind {
    fn holds(&self, duty: &Duty<'_>) -> bool {
        !duty.overdue && self.tasks.contains(&duty.task)
    }
}

/// The duties in groups; `link_of` says where one is read and settled.
fn groups(
    names: Names<'_>,
    brief: &DigestBrief<'_>,
    link_of: &dyn Fn(&Duty<'_>) -> Option<String>,
) -> Vec<Group> {
    let words = names.words;
    let group = |title: Key, late: bool, of: &dyn Fn(&Duty<'_>) -> bool| {
        let duties: Vec<&Duty<'_>> = brief.duties.iter().filter(|duty| of(duty)).collect();
        let task = duties.first().map(|duty| duty.task);
        let common = task.filter(|task| duties.iter().all(|duty| duty.task == *task));
        let item = |duty| {
            let link = link_of(duty);
            duty_item(names, brief.as_of, duty, common.is_none(), link)
        };
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
    let overdue = group(Key("group-overdue"), true, &|duty| duty.overdue);
    let others = GROUPS
        .iter()
        .filter_map(|kind| group(kind.title, false, &|duty| kind.holds(duty)));
    overdue.into_iter().chain(others).collect()
}

fn duty_item(
    names: Names<'_>,
    as_of: AsOf,
    duty: &Duty<'_>,
    with_todo: bool,
    link: Option<String>,
) -> Item {
    let (project, words) = (names.project, names.words);
    let output = duty.output().map(|id| project.output(id));
    let mut sentences = Vec::new();
    if with_todo {
        sentences.push(say!(words, todo_key(duty.task)));
    }
    if let Some(id) = duty.proposal() {
        sentences.extend(proposal::sentences(names, id));
    }
    let reason = duty.reason.filter(|_| duty.task == Task::Complete);
    sentences.extend(reason.map(|reason| say!(words, Key("missing"), what = sentence(reason))));
    let missing = duty.missing;
    sentences.extend(missing.map(|missing| unplanned(names, duty.subject, missing)));
    sentences.push(match (duty.task, output) {
        (Task::Prepare, Some(output)) => starts(names, output, as_of, duty.day),
        (Task::TellOutcome, _) => say!(words, Key("asked-since"), day = words.day(duty.day)),
        (Task::Decide, _) => say!(words, Key("decide-by"), day = words.day(duty.day)),
        (Task::Verify, _) => say!(words, Key("reported-on"), day = words.day(duty.day)),
        (Task::Schedule, Some(output)) if !duty.overdue => {
            let planned = output.planned_from.or(output.planned_to);
            let planned = planned.map(|from| words.span(from, output.planned_to));
            let day = words.day(duty.day);
            match planned {
                Some(dates) => say!(words, Key("days-planned"), dates = dates, day = day),
                None => say!(words, Key("days-due"), day = day),
            }
        }
        _ => due(names, duty.day, as_of.day),
    });
    let is_unled = output.is_some_and(|output| output.lead_id.is_none());
    let is_led = [Task::Verify, Task::TellOutcome].contains(&duty.task);
    if duty.partner.is_none() && is_unled && !is_led {
        sentences.push(say!(words, Key("nobody-leads")));
    }
    Item {
        what: subject(names, duty.subject),
        text: sentences.join(" "),
        link,
    }
}

fn todo_key(task: Task) -> Key {
    match task {
        Task::Report => Key("todo-report"),
        Task::Complete => Key("todo-complete"),
        Task::Verify => Key("todo-verify"),
        Task::Prepare => Key("todo-prepare"),
        Task::Schedule => Key("todo-schedule"),
        Task::Deliver => Key("todo-deliver"),
        Task::AddEvidence => Key("todo-evidence"),
        Task::Endorse => Key("todo-endorse"),
        Task::Plan => Key("todo-plan"),
        Task::Decide => Key("todo-decide"),
        Task::TellOutcome => Key("todo-outcome"),
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
