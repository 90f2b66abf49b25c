//! Due days: what an output owes next, by which day, and from which day on it is asked for.
//!
//! This is the only meaning of *due* and *overdue*: figures, duties, mails, reports and the API go by
//! it.

use chrono::{Days, NaiveDate};
use entities::{OutputKind, PartialDate, output};

use super::{AsOf, Project, Standing};

/// How many days before its first day an output with known days is to be prepared.
pub const HORIZON: Days = Days::new(60);

/// What an output owes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owes {
    /// Its days: it is to be met in, and is planned for a window or for no time at all.
    Days,
    /// Its report, with evidence.
    Report,
    /// What a target asks for beyond its report: evidence, or an endorsement.
    Evidence,
}

/// What an output owes next, and by when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    pub owes: Owes,
    /// The last day on which it is in time.
    pub on: NaiveDate,
    /// The day from which on it is asked for.
    pub asked_from: NaiveDate,
    /// Whether that day is over.
    pub is_overdue: bool,
}

/// The lead time of a kind of output in days, where its project sets none. These numbers are ours:
/// no source gives any.
#[must_use]
pub fn default_lead_days(kind: OutputKind) -> i32 {
    match kind {
        OutputKind::Policy | OutputKind::Event => 180,
        OutputKind::ActionPlan | OutputKind::Guide => 120,
        OutputKind::Visit | OutputKind::Video | OutputKind::ChampionWorkshop => 90,
        OutputKind::StaffExchange | OutputKind::Champion => 60,
    }
}

/// Whether people meet in outputs of this kind, so that their days must be known ahead.
#[must_use]
pub fn is_met_in(kind: OutputKind) -> bool {
    matches!(
        kind,
        OutputKind::StaffExchange
            | OutputKind::Visit
            | OutputKind::Event
            | OutputKind::ChampionWorkshop
    )
}

impl AsOf {
    /// Whether a day is over.
    #[must_use]
    pub fn is_after(self, day: NaiveDate) -> bool {
        day < self.day || (day == self.day && !self.is_going_on)
    }
}

/// The days of an output that are known to the day: the first, and the last as far as that is known.
fn known_days(standing: &Standing<'_>) -> Option<(NaiveDate, NaiveDate)> {
    let first = standing.starts?.day()?;
    let last = standing.ends.map_or(first, PartialDate::last_day);
    Some((first, last))
}

impl Project {
    /// How many days ahead outputs of a kind are asked for.
    #[must_use]
    pub fn lead_days(&self, kind: OutputKind) -> i32 {
        let mut own = self.project.lead_times.0.iter();
        own.find(|lead| lead.kind == kind)
            .map_or_else(|| default_lead_days(kind), |lead| lead.days)
    }

    /// The due day of an output's report: the last of its days, or its own due day if that is later;
    /// where its days are not known, its own due day, else the end of the window for which it is
    /// planned, else of the project.
    #[must_use]
    pub fn due_on(&self, output: &output::Model, standing: &Standing<'_>) -> NaiveDate {
        match (known_days(standing), output.due_on) {
            (Some((_, last)), own) => own.filter(|own| *own > last).unwrap_or(last),
            (None, Some(own)) => own,
            (None, None) => self
                .window(output, standing)
                .map_or(self.project.ends_on, |(_, last)| last),
        }
    }

    /// The day by which the plan of the project promised an output: its own due day, else the end of
    /// its planned window, of the dates that it had first, or of the project.
    #[must_use]
    pub fn promised_on(&self, output: &output::Model) -> NaiveDate {
        let moved = self.events_of(output.id).iter();
        let mut moved = moved.filter(|event| event.verb == entities::Verb::Rescheduled);
        let first_dates = moved.next().map_or_else(
            || output.ends.or(output.starts),
            |event| event.old_ends.or(event.old_starts),
        );
        output.due_on.unwrap_or_else(|| {
            output
                .planned_to
                .or(first_dates)
                .map_or(self.project.ends_on, PartialDate::last_day)
        })
    }

    /// What an output owes next; `None` if that is nothing.
    #[must_use]
    pub fn due(&self, output: &output::Model, as_of: AsOf) -> Option<Due> {
        let standing = self.standing(output, as_of)?;
        self.due_of(output, &standing, as_of)
    }

    /// The same of an output whose standing is known.
    #[must_use]
    pub fn due_of(
        &self,
        output: &output::Model,
        standing: &Standing<'_>,
        as_of: AsOf,
    ) -> Option<Due> {
        let lead = Days::new(u64::try_from(self.lead_days(output.kind)).unwrap_or_default());
        let before = |day: NaiveDate, days| day.checked_sub_days(days).unwrap_or(NaiveDate::MIN);
        let due = |owes, on, asked_from| Due {
            owes,
            on,
            asked_from,
            is_overdue: as_of.is_after(on),
        };
        let report_on = self.due_on(output, standing);
        if !standing.is_open() {
            let lacks = standing.is_done() && self.lacks(output, as_of).any();
            return lacks.then(|| due(Owes::Evidence, report_on, before(report_on, lead)));
        }
        if let Some((first, _)) = known_days(standing) {
            return Some(due(Owes::Report, report_on, before(first, HORIZON)));
        }
        if !is_met_in(output.kind) || as_of.is_after(report_on) {
            return Some(due(Owes::Report, report_on, before(report_on, lead)));
        }
        // The days are known in time if they are known before the window begins.
        let days_on = self
            .window(output, standing)
            .map_or(report_on, |(first, _)| {
                let eve = first.pred_opt().unwrap_or(first);
                eve.max(self.project.starts_on).min(report_on)
            });
        Some(due(Owes::Days, days_on, before(days_on, lead)))
    }

    /// Whether anything shows that an output has begun: a step beyond planned, its days, or a stage of
    /// its own with a day.
    #[must_use]
    pub fn has_begun(&self, output: &output::Model, standing: &Standing<'_>, as_of: AsOf) -> bool {
        let is_past =
            |date: Option<PartialDate>| date.is_some_and(|date| date.last_day() <= as_of.day);
        let (plan, policy) = (self.action_plan(output.id), self.policy(output.id));
        let champion = self.champion(output.id);
        standing.state != super::State::Planned
            || known_days(standing).is_some()
            || plan.is_some_and(|plan| is_past(plan.presented))
            || policy.is_some_and(|policy| is_past(policy.opened))
            || champion.is_some_and(|row| is_past(row.selected) || is_past(row.trained))
    }

    /// The window for which an output without known days is planned: its dates as far as they are
    /// known, else the planned window; `None` if it has neither.
    #[must_use]
    pub fn window(
        &self,
        output: &output::Model,
        standing: &Standing<'_>,
    ) -> Option<(NaiveDate, NaiveDate)> {
        let (from, to) = match (standing.starts, standing.ends) {
            (None, None) => (output.planned_from, output.planned_to),
            dates => dates,
        };
        let first = from.or(to)?.first_day();
        Some((first, to.or(from)?.last_day()))
    }
}
