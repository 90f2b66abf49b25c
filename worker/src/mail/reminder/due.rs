//! Reminders of what is due: the days of an output that is planned without any, or its report.

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use domain::project::{AsOf, Due, Owes, Project};
use domain::zone;
use entities::*;
use uuid::Uuid;

use super::facts::Fact;
use super::{Content, Mail, Mailer, reader};
use crate::wording::names::Names;
use crate::wording::words::{Key, say};

impl Mailer {
    /// A reminder of what an output owes.
    ///
    /// # Errors
    /// If the subject of the row is not in this project, it owes nothing, or a template fails.
    pub fn due_reminder(
        &self,
        project: &Project,
        row: &notification::Model,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Mail> {
        let (person, names) = reader(project, row)?;
        let output = project
            .outputs
            .iter()
            .find(|output| Uuid::from(output.id) == row.subject_id)
            .context("what the reminder is about is not in the project")?;
        let today = zone::day_in(now, &zone::known_zone(&person.time_zone));
        let as_of = AsOf::today(zone::day_in(now, project.zone()));
        let Some(due) = project.due(output, as_of) else {
            bail!("{} owes nothing", output.key);
        };
        let words = names.words;
        let subject = say!(
            words,
            Key("due-subject"),
            days = (due.on - today).num_days(),
            what = names.short(output),
        );
        let content = content(names, person, output, due, as_of);
        let preheader = format!("{} {}", content.lead, content.part);
        self.finish(names, row, "reminder", subject, &preheader, &content)
    }
}

fn content(
    names: Names<'_>,
    person: &person::Model,
    output: &output::Model,
    due: Due,
    as_of: AsOf,
) -> Content {
    let (project, words) = (names.project, names.words);
    let planned = window(names, output, as_of);
    let lead = match due.owes {
        Owes::Days => Key("due-lead-days"),
        Owes::Report | Owes::Evidence => Key("due-lead"),
    };
    let mut steps = match due.owes {
        Owes::Days => words.list(Key("due-settle-days"), &[]),
        Owes::Report => words.list(Key("due-settle-report"), &[]),
        Owes::Evidence => words.list(Key("due-settle-evidence"), &[]),
    };
    if output.lead_id.is_none() {
        steps.insert(0, say!(words, Key("due-name-lead")));
    }
    if project.lacks(output, as_of).endorsement {
        steps.push(say!(words, Key("todo-endorse")));
    }
    let fact = |key, value: Option<String>| {
        value.map(|value| Fact {
            label: say!(words, key),
            value,
        })
    };
    let leads = output.lead_id.map(|id| names.partner(id).to_owned());
    let facts = [
        fact(Key("fact-due"), Some(words.long_day(due.on))),
        fact(Key("fact-planned"), planned),
        fact(Key("fact-lead"), leads),
        fact(
            Key("fact-community"),
            output.community_id.map(|id| names.community(id)),
        ),
    ];
    let name = names.output(output);
    let title = names.title(output).map_or(name, str::to_owned);
    Content {
        eyebrow: Some(names.kind(output))
            .filter(|kind| !title.to_lowercase().contains(&kind.to_lowercase())),
        title,
        lead: say!(words, lead, day = words.long_day(due.on)),
        part: part(names, person, output),
        moved: None,
        facts: facts.into_iter().flatten().collect(),
        prepare: steps,
        agenda: Vec::new(),
        agenda_more: 0,
        good_to_know: Vec::new(),
        after: say!(words, Key("due-after")),
        has_calendar: false,
    }
}

/// Why the recipient is asked: they lead it, nobody does, or nobody acts for who does.
fn part(names: Names<'_>, person: &person::Model, output: &output::Model) -> String {
    let words = names.words;
    match output.lead_id {
        None => say!(words, Key("part-unled")),
        Some(lead) if names.acts_for(person.id).contains(&lead) => say!(words, Key("part-lead")),
        Some(lead) => say!(words, Key("part-stand-in"), lead = names.partner(lead)),
    }
}

/// The window for which it is planned, in words.
fn window(names: Names<'_>, output: &output::Model, as_of: AsOf) -> Option<String> {
    let standing = names.project.standing(output, as_of)?;
    let dates = match (standing.starts, standing.ends) {
        (None, None) => (output.planned_from, output.planned_to),
        dates => dates,
    };
    let first: PartialDate = dates.0.or(dates.1)?;
    Some(
        names
            .words
            .span(first, dates.1.filter(|last| *last != first)),
    )
}
