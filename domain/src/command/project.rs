//! Beginning a project, and what it says of itself.

use chrono::NaiveDate;
use entities::*;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{Code, Draft, Outcome, Problem, Problems, Refusal, check::record as check_record};
use crate::{
    actor::Actor,
    file::{ProjectFile, check},
    record::{Programme, Project, ReminderRule},
    store::Store,
    viewer::{CoordinatorOf, Denied, Viewer},
};

/// A project to begin.
#[derive(Clone, Debug)]
pub struct NewProject {
    pub key: String,
    pub acronym: String,
    pub name: Localized,
    pub summary: Localized,
    pub programme: String,
    /// Needed for a programme that no project has yet; the name of a known one stays.
    pub programme_name: Localized,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    pub time_zone: String,
    pub default_locale: String,
    pub grant_agreement: Option<String>,
    pub call_reference: Option<String>,
    pub public: bool,
}

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
        new: NewProject,
    ) -> Result<Outcome, Refusal> {
        if actor.viewer == Viewer::Anonymous {
            return Err(Denied::SignIn.into());
        }
        let founder = match actor.viewer.person() {
            Some(id) => person::Entity::find_by_id(id).one(self.db()).await?,
            None => None,
        };
        actor.viewer.founder(founder.as_ref())?;
        let name_is_given = !new.programme_name.0.is_empty();
        let file = new.into_file();
        let mut problems = Problems::default();
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

impl NewProject {
    fn into_file(self) -> ProjectFile {
        let project = Project {
            key: self.key,
            acronym: self.acronym,
            name: self.name,
            summary: self.summary,
            programme: Programme {
                key: self.programme,
                name: self.programme_name,
            },
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            time_zone: self.time_zone,
            default_locale: self.default_locale,
            grant_agreement: self.grant_agreement,
            call_reference: self.call_reference,
            websites: Links::default(),
            related: RelatedProjects::default(),
            public: self.public,
            sources: Strings::default(),
        };
        ProjectFile {
            reminder_rules: reminder_rules(),
            ..ProjectFile::empty(project)
        }
    }
}

/// The mail of a new project: who hosts and who travels is told 30, 14, 7 and 1 days before a staff
/// exchange, who takes part before visits and events; a digest on Mondays, a progress report on the
/// first of the month.
#[must_use]
pub fn reminder_rules() -> Vec<ReminderRule> {
    use Audience::{Coordinator, Expert, Funder, Guest, Host, Participants, Partners};
    let rule = |key: &str, category, anchor, offsets: &[u16], audience: &[Audience]| {
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

/// What is changed of a project.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    pub acronym: Option<String>,
    pub name: Option<Localized>,
    pub summary: Option<Localized>,
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
    pub time_zone: Option<String>,
    pub default_locale: Option<String>,
    pub grant_agreement: Option<Option<String>>,
    pub call_reference: Option<Option<String>>,
    /// Addresses on the web; replaces all of them.
    pub websites: Option<Vec<String>>,
    /// Replaces all of them.
    pub related: Option<Vec<RelatedProject>>,
    pub public: Option<bool>,
}

/// Changes what a project says of itself. Its key stays.
///
/// # Errors
/// All that is wrong with it at once.
pub fn edit(draft: &mut Draft, _: &CoordinatorOf, edit: Edit) -> Result<(), Refusal> {
    let mut row = draft.rows.project.clone();
    put(&mut row.acronym, edit.acronym);
    put(&mut row.name, edit.name);
    put(&mut row.summary, edit.summary);
    put(&mut row.starts_on, edit.starts_on);
    put(&mut row.ends_on, edit.ends_on);
    put(&mut row.time_zone, edit.time_zone);
    put(&mut row.default_locale, edit.default_locale);
    put(&mut row.grant_agreement, edit.grant_agreement);
    put(&mut row.call_reference, edit.call_reference);
    put(&mut row.public, edit.public);
    let mut problems = Problems::default();
    if let Some(addresses) = edit.websites {
        // What stays keeps its source.
        let known = std::mem::take(&mut row.websites.0);
        let source = |url: &String| {
            let known = known.iter().find(|link| link.url == *url);
            known.and_then(|link| link.source.clone())
        };
        let link = |url| Link {
            source: source(&url),
            url,
        };
        row.websites = Links(addresses.into_iter().map(link).collect());
    }
    if let Some(mut related) = edit.related {
        for new in &mut related {
            let mut known = row.related.0.iter();
            let known = known.find(|known| known.name == new.name);
            new.source = known.and_then(|known| known.source.clone());
        }
        row.related = RelatedProjects(related);
    }
    let old = draft.rows.project.clone();
    problems.append(check_record::<Project>(draft, Some(&old), &row));
    problems.none()?;
    let old = std::mem::replace(&mut draft.rows.project, row);
    warn_of_outside(draft, &old);
    Ok(())
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

/// Takes over what an input says of a field, where it says anything.
pub(super) fn put<T>(field: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *field = new;
    }
}
