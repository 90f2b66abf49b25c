//! Reminders of staff exchanges, visits and meetings, and of what is due.

mod due;
mod facts;
mod meeting;
mod prepare;

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use domain::project::{AsOf, Project};
use domain::zone;
use entities::*;
use serde::Serialize;
use uuid::Uuid;

use super::calendar::Entry;
use super::{Mail, Mailer, reader};
use crate::wording::names::{ClockGap, Names, clock_gap};
use crate::wording::words::{Key, say};
use facts::Fact;
use meeting::Meeting;

/// The maximum number of agenda items in a reminder.
const AGENDA: usize = 12;

#[derive(Debug, Serialize)]
struct Content {
    /// The kind of output, if the title does not say it.
    eyebrow: Option<String>,
    title: String,
    /// The days until it begins, and its first day.
    lead: String,
    part: String,
    moved: Option<String>,
    facts: Vec<Fact>,
    prepare: Vec<String>,
    agenda: Vec<String>,
    agenda_more: usize,
    good_to_know: Vec<String>,
    after: String,
    has_calendar: bool,
}

impl Mailer {
    /// A reminder of a staff exchange, a visit or a meeting.
    ///
    /// # Errors
    /// If the subject of the row is not in this project, or a template fails.
    pub fn reminder(
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
        let as_of = AsOf::today(zone::day_in(now, project.zone()));
        let Some(standing) = project.standing(output, as_of) else {
            bail!("{} is planned only later", output.key);
        };
        let meeting = Meeting {
            names,
            person,
            output,
            standing: &standing,
            as_of,
            today: zone::day_in(now, &zone::known_zone(&person.time_zone)),
        };
        let when = meeting.in_days();
        let name = names.short(output);
        let subject = say!(
            names.words,
            Key("reminder-subject"),
            when = when,
            what = name
        );
        let entry_text = meeting.entry_text(&self.base_url);
        let place = meeting.place();
        let calendar = self.calendar(
            output,
            &standing,
            &Entry {
                summary: &names.short(output),
                location: place.as_deref(),
                description: &entry_text,
            },
            now,
        );
        let content = meeting.content(calendar.is_some());
        let preheader = format!("{} {}", content.lead, content.part);
        let mail = self.finish(names, row, "reminder", subject, &preheader, &content)?;
        Ok(Mail { calendar, ..mail })
    }
}

impl Meeting<'_> {
    fn content(&self, has_calendar: bool) -> Content {
        let words = self.names.words;
        let part = self.part();
        let mut agenda = self.agenda();
        let agenda_more = agenda.len().saturating_sub(AGENDA);
        agenda.truncate(AGENDA);
        let title = self
            .names
            .title(self.output)
            .map_or_else(|| self.names.short(self.output), str::to_owned);
        Content {
            eyebrow: Some(self.names.kind(self.output))
                .filter(|kind| !title.to_lowercase().contains(&kind.to_lowercase())),
            title,
            lead: self.lead(),
            part: say!(words, part.key()),
            moved: self.moved(),
            facts: self.facts(),
            prepare: prepare::steps(self),
            agenda,
            agenda_more,
            good_to_know: self.good_to_know(),
            after: prepare::afterwards(self),
            has_calendar,
        }
    }

    fn in_days(&self) -> String {
        let words = self.names.words;
        match self.first_day() {
            Some(day) if day < self.today => say!(words, Key("under-way")),
            Some(day) => say!(words, Key("in-days"), days = (day - self.today).num_days()),
            None => say!(words, Key("days-open")),
        }
    }

    fn lead(&self) -> String {
        let words = self.names.words;
        match self.first_day() {
            Some(day) => say!(
                words,
                Key("reminder-lead"),
                days = (day - self.today).num_days(),
                when = self.in_days(),
                day = words.long_day(day),
            ),
            None => say!(words, Key("reminder-lead-open")),
        }
    }

    /// The last move: the dates before it, and the reason.
    fn moved(&self) -> Option<String> {
        let (project, words) = (self.names.project, self.names.words);
        let last = project
            .events_of(self.output.id)
            .iter()
            .rev()
            .find(|event| {
                event.verb == Verb::Rescheduled
                    && project.effective_on(self.output, event) <= self.as_of.day
            })?;
        let before = last.old_starts.map_or_else(
            || say!(words, Key("when-open")),
            |old| words.span(old, last.old_ends),
        );
        Some(match &last.reason {
            Some(reason) => say!(
                words,
                Key("moved-why"),
                before = before,
                reason = reason.trim_end_matches('.'),
            ),
            None => say!(words, Key("moved"), before = before),
        })
    }

    fn agenda(&self) -> Vec<String> {
        let words = self.names.words;
        let items = self.names.project.agenda_of(self.output.id);
        let with_when = |item: &agenda_item::Model| {
            let part = item.part_of_day.map(|part| match part {
                PartOfDay::Morning => say!(words, Key("part-morning")),
                PartOfDay::Afternoon => say!(words, Key("part-afternoon")),
                PartOfDay::Evening => say!(words, Key("part-evening")),
            });
            let day = item
                .day
                .map(|day| say!(words, Key("agenda-day"), day = day));
            let title = self.names.said(&item.translations, "title", &item.title);
            match (day, part) {
                (Some(day), Some(part)) => format!("{day}, {part}: {title}"),
                (Some(day), None) => format!("{day}: {title}"),
                (None, _) => title.to_owned(),
            }
        };
        items.iter().map(with_when).collect()
    }

    fn good_to_know(&self) -> Vec<String> {
        let (project, words) = (self.names.project, self.names.words);
        let mut lines = Vec::new();
        if let Some(exchange) = project.staff_exchange(self.output.id) {
            let days = project.pairing(exchange.pairing_id).days_per_leg;
            lines.push(say!(words, Key("norm-days"), days = days));
            match exchange.leg {
                Some(1) => lines.push(say!(words, Key("leg-one"))),
                Some(_) => lines.push(say!(words, Key("leg-two"))),
                None => {}
            }
        }
        if let Some((gap, host)) = self.clock_gap() {
            lines.push(gap_in_words(self.names, gap, host));
        }
        lines
    }

    /// The time difference between host and recipient on the first day.
    fn clock_gap(&self) -> Option<(ClockGap<'_>, PartnerId)> {
        let host = self.output.host_id?;
        let there = &self.names.project.organisation_of(host).time_zone;
        let gap = clock_gap(there, &self.person.time_zone, self.first_day()?)?;
        Some((gap, host))
    }

    fn entry_text(&self, base_url: &str) -> String {
        let mut lines = vec![
            self.names.output(self.output),
            say!(self.names.words, self.part().key()),
        ];
        lines.extend(self.good_to_know());
        lines.push(base_url.to_owned());
        lines.join("\n")
    }
}

fn gap_in_words(names: Names<'_>, gap: ClockGap<'_>, host: PartnerId) -> String {
    let nine = 9 * 60 - gap.minutes;
    let hour = format!(
        "{:02}:{:02}",
        nine.div_euclid(60).rem_euclid(24),
        nine.rem_euclid(60)
    );
    let key = if gap.minutes > 0 {
        Key("clock-ahead")
    } else {
        Key("clock-behind")
    };
    let minutes = gap.minutes.abs();
    let length = if minutes % 60 == 0 {
        say!(names.words, Key("hours"), hours = minutes / 60)
    } else {
        say!(names.words, Key("minutes"), minutes = minutes)
    };
    say!(
        names.words,
        key,
        host = names.partner(host),
        there = gap.there,
        here = gap.here,
        gap = length,
        hour = hour,
    )
}
