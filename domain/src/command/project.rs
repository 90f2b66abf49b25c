//! Beginning a project, and what it says of itself.

use entities::*;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use serde_json::{Value as Json, json};

use super::{Code, Draft, Fields, Outcome, Problem, Problems, Refusal, change::change};
use crate::{
    actor::Actor,
    file::{ProjectFile, check},
    record::{Project, ReminderRule},
    store::Store,
    viewer::{CoordinatorOf, Denied, Viewer},
};

impl Store {
    /// Begins a project that reminds by [`reminder_rules`] from its first day on; whoever begins it
    /// coordinates it.
    ///
    /// # Errors
    /// Why not; nothing is changed then.
    pub async fn create_project(
        &self,
        actor: &Actor,
        command: &'static str,
        mut fields: Fields,
    ) -> Result<Outcome, Refusal> {
        if actor.viewer == Viewer::Anonymous {
            return Err(Denied::SignIn.into());
        }
        let founder = match actor.viewer.person() {
            Some(id) => person::Entity::find_by_id(id).one(self.db()).await?,
            None => None,
        };
        actor.viewer.founder(founder.as_ref())?;
        let mut problems = fields.problems();
        // The name of a known programme stays, so that none need be given.
        if let Some(mut programme) = fields.take_nested("programme") {
            programme.set_default("name", json!({}));
            fields.nest("programme", programme);
        }
        let Some(project) = fields.into_record::<Project>(&mut problems) else {
            return Err(Refusal::Problems(problems.into_vec()));
        };
        let name_is_given = !project.programme.name.0.is_empty();
        let file = ProjectFile {
            reminder_rules: reminder_rules(),
            ..ProjectFile::empty(project)
        };
        for problem in check(&file) {
            problems.push(problem);
        }
        problems.rename("project", "");
        let programme = programme::Entity::find()
            .filter(programme::Column::Key.eq(&file.project.programme.key))
            .one(self.db())
            .await?;
        if programme.is_none() && !name_is_given {
            problems.add("programme.name", Code::Required);
        }
        if !problems.is_empty() {
            // Whether the key is free is told by the transaction where nothing else is wrong.
            let taken = project::Entity::find()
                .filter(project::Column::Key.eq(&file.project.key))
                .one(self.db())
                .await?;
            if taken.is_some() {
                problems.add("key", Code::Taken);
            }
        }
        problems.none()?;
        self.insert_project(actor, command, &file).await
    }
}

/// The mail of a new project: who hosts and who travels is told 30, 14, 7 and 1 days before a staff
/// exchange, who takes part before visits and events, who leads before the days of something are
/// due, or it is, who put a challenge 90 days after the visit and each half-year what came of it; a digest on Mondays, a progress report on the
/// first of the month.
#[must_use]
pub fn reminder_rules() -> Vec<ReminderRule> {
    use Audience::{
        Challengers, Coordinator, Expert, Funder, Guest, Host, Lead, Participants, Partners,
    };
    let rule = |key: &str, category, anchor, offsets: &[i32], audience: &[Audience]| {
        let is_ahead = !offsets.is_empty();
        ReminderRule {
            key: key.to_owned(),
            category,
            anchor,
            offsets: Days(offsets.to_vec()),
            at_time: if is_ahead { "09:00" } else { "08:00" }.to_owned(),
            weekday: (anchor == Anchor::Week).then_some(1),
            month_day: (anchor == Anchor::Month).then_some(1),
            audience: Audiences(audience.to_vec()),
            useful_hours: match anchor {
                Anchor::Week => 72,
                Anchor::Month => 240,
                _ => 24,
            },
            enabled: true,
        }
    };
    vec![
        rule(
            "exchange-reminder",
            Category::ExchangeReminder,
            Anchor::ExchangeStart,
            &[30, 14, 7, 1],
            &[Host, Guest, Participants],
        ),
        rule(
            "visit-reminder",
            Category::VisitReminder,
            Anchor::VisitStart,
            &[30, 7, 1],
            &[Host, Participants, Expert],
        ),
        rule(
            "meeting-reminder",
            Category::MeetingReminder,
            Anchor::EventStart,
            &[14, 2],
            &[Host, Participants],
        ),
        rule(
            "days-reminder",
            Category::DueReminder,
            Anchor::WindowStart,
            &[60, 14],
            &[Lead],
        ),
        rule(
            "due-reminder",
            Category::DueReminder,
            Anchor::DueDay,
            &[30, 7],
            &[Lead],
        ),
        rule(
            "outcome-question",
            Category::Question,
            Anchor::VisitEnd,
            // A quarter of a year after the visit, then each half-year.
            &[-90, -272, -455],
            &[Challengers],
        ),
        rule(
            "weekly-digest",
            Category::Digest,
            Anchor::Week,
            &[],
            &[Partners, Coordinator, Expert],
        ),
        rule(
            "monthly-report",
            Category::ProgressReport,
            Anchor::Month,
            &[],
            &[Coordinator, Funder],
        ),
    ]
}

/// Changes what a project says of itself. Its key and its programme stay.
///
/// # Errors
/// All that is wrong with it at once.
pub fn edit(draft: &mut Draft, _: &CoordinatorOf, mut fields: Fields) -> Result<(), Refusal> {
    for fixed in ["key", "programme"] {
        fields.take(fixed);
    }
    let old = draft.rows.project.clone();
    keep_sources(&mut fields, "websites", "url", &json!(old.websites));
    keep_sources(&mut fields, "related", "name", &json!(old.related));
    let mut problems = Problems::default();
    let changed = change::<Project>(draft, &mut problems, &old, fields);
    problems.none()?;
    if let Some(changed) = changed {
        draft.rows.project = changed.row;
        warn_of_outside(draft, &old);
    }
    Ok(())
}

/// What stays in a list, known by one of its fields, keeps its source, of which no input speaks.
fn keep_sources(fields: &mut Fields, list: &str, known_by: &str, old: &Json) {
    let Some(Json::Array(mut entries)) = fields.take(list) else {
        return;
    };
    let old = old.as_array().map_or(&[][..], Vec::as_slice);
    for entry in &mut entries {
        let known = old.iter().find(|known| known[known_by] == entry[known_by]);
        if let (Some(known), Some(entry)) = (known, entry.as_object_mut()) {
            entry.insert("source".to_owned(), known["source"].clone());
        }
    }
    fields.set(list, entries);
}

/// Warns of outputs that lie outside the project's days now, and did not before.
fn warn_of_outside(draft: &mut Draft, old: &project::Model) {
    let is_outside = |row: &output::Model, project: &project::Model| {
        let (first, last) = (row.starts, row.ends.or(row.starts));
        first.is_some_and(|date| date.last_day() < project.starts_on)
            || last.is_some_and(|date| date.first_day() > project.ends_on)
    };
    let new = &draft.rows.project;
    let outside = draft.rows.outputs.iter();
    let keys: Vec<&str> = outside
        .filter(|row| is_outside(row, new) && !is_outside(row, old))
        .map(|row| row.key.as_str())
        .collect();
    if !keys.is_empty() {
        let problem = Problem::new("", Code::OutputsOutside).with(keys.join(", "));
        draft.warn(problem);
    }
}
