//! The standing of an output on a day: its state and its dates are functions of its events.

use chrono::{DateTime, NaiveDate, Utc};
use entities::{PartialDate, Verb, output, output_event};

use super::Project;

/// The point in time of a read: the day of effect, and the instant of recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AsOf {
    /// Events that are effective after this day are ignored.
    pub day: NaiveDate,
    /// What was recorded after this instant is ignored: events, proposals and their decisions, reports,
    /// audit entries and mail; `None` ignores none.
    pub known_at: Option<DateTime<Utc>>,
    /// Whether the day is not over yet: what is due on it is in time then.
    pub is_going_on: bool,
}

impl AsOf {
    /// A day that is not over yet.
    #[must_use]
    pub fn today(day: NaiveDate) -> Self {
        Self {
            is_going_on: true,
            ..day.into()
        }
    }
}

impl From<NaiveDate> for AsOf {
    fn from(day: NaiveDate) -> Self {
        Self {
            day,
            known_at: None,
            is_going_on: false,
        }
    }
}

/// The first day on which an output with these dates may have ended: its last day; for an end that
/// is known only to the month or year, the first day of that month or year.
#[must_use]
pub fn over_on((starts, ends): (Option<PartialDate>, Option<PartialDate>)) -> Option<NaiveDate> {
    let dates = starts.into_iter().chain(ends);
    dates.map(PartialDate::first_day).max()
}

/// The state of an output on the day of a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "graphql", derive(async_graphql::Enum))]
#[cfg_attr(feature = "graphql", graphql(name = "OutputState"))]
pub enum State {
    /// Planned; not confirmed yet.
    Planned,
    /// Confirmed: its dates and parties are fixed.
    Confirmed,
    /// Reported as done, with evidence.
    Reported,
    /// Verified: the report was accepted.
    Verified,
    /// Returned: the report lacks something; counts as planned.
    Returned,
    /// Cancelled: will not take place; is not counted.
    Cancelled,
}

/// The standing of an output on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing<'a> {
    pub state: State,
    /// The start and end as of that day.
    pub starts: Option<PartialDate>,
    pub ends: Option<PartialDate>,
    /// The number of times that it had been rescheduled.
    pub moves: usize,
    /// The day on which the state began; `None` if it was planned from the project's start.
    pub since: Option<NaiveDate>,
    /// The reason for which it was last returned, cancelled or rescheduled.
    pub reason: Option<&'a str>,
}

impl Standing<'_> {
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self.state, State::Reported | State::Verified)
    }

    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(
            self.state,
            State::Planned | State::Confirmed | State::Returned
        )
    }
}

/// The standing of an output after all its events, the most frequent query, computed once per
/// revision.
#[derive(Debug)]
pub(super) struct Latest {
    /// The day from which all events count.
    from: NaiveDate,
    /// The instant by which all events were recorded.
    recorded_at: DateTime<Utc>,
    state: State,
    moves: usize,
    since: Option<NaiveDate>,
    /// The standing after the last event.
    last: Option<usize>,
}

impl Project {
    /// The standing of an output on a day; `None` if it was planned after that day.
    #[must_use]
    pub fn standing(&self, output: &output::Model, as_of: AsOf) -> Option<Standing<'_>> {
        let latest = self.latest_of(output.id);
        if latest.from > as_of.day || !as_of.knows(latest.recorded_at) {
            return self.standing_by_events(output, as_of);
        }
        let last = latest.last.map(|at| &self.output_events[at]);
        Some(Standing {
            state: latest.state,
            starts: output.starts,
            ends: output.ends,
            moves: latest.moves,
            since: latest.since,
            reason: last.and_then(|event| event.reason.as_deref()),
        })
    }

    pub(super) fn latest(&self, output: &output::Model) -> Latest {
        let events = self.events_of(output.id);
        let effective = events.iter().map(|event| self.effective_on(output, event));
        let from = effective.max().unwrap_or(NaiveDate::MIN);
        let standing = self.standing_by_events(output, from.into());
        let standing = standing.expect("all events count on the day of the last");
        let recorded = events.iter().map(|event| event.recorded_at);
        Latest {
            from,
            recorded_at: recorded.max().unwrap_or(DateTime::<Utc>::MIN_UTC),
            state: standing.state,
            moves: standing.moves,
            since: standing.since,
            last: events.last().and_then(|last| self.place(last.id.into())),
        }
    }

    fn standing_by_events(&self, output: &output::Model, as_of: AsOf) -> Option<Standing<'_>> {
        let mut standing = Standing {
            state: State::Planned,
            starts: output.starts,
            ends: output.ends,
            moves: 0,
            since: None,
            reason: None,
        };
        let mut dates_then = None;
        for event in self.events_of(output.id) {
            let effective = self.effective_on(output, event);
            let is_visible = effective <= as_of.day && as_of.knows(event.recorded_at);
            if !is_visible {
                match event.verb {
                    Verb::Planned if event.position == 0 => return None,
                    Verb::Rescheduled if dates_then.is_none() => {
                        dates_then = Some((event.old_starts, event.old_ends));
                    }
                    _ => {}
                }
                continue;
            }
            standing.reason = event.reason.as_deref();
            let state = match event.verb {
                Verb::Planned | Verb::Reopened => State::Planned,
                Verb::Confirmed => State::Confirmed,
                Verb::Reported => State::Reported,
                Verb::Verified => State::Verified,
                Verb::Returned => State::Returned,
                Verb::Cancelled => State::Cancelled,
                Verb::Rescheduled => {
                    standing.moves += 1;
                    continue;
                }
            };
            standing.state = state;
            standing.since = Some(effective);
        }
        if let Some((starts, ends)) = dates_then {
            (standing.starts, standing.ends) = (starts, ends);
        }
        Some(standing)
    }

    /// The day from which an event is effective: its own, else the end of the output's known month
    /// or window, else of the project. `PLANNED` is effective from the project's start.
    #[must_use]
    pub fn effective_on(&self, output: &output::Model, event: &output_event::Model) -> NaiveDate {
        event.effective_on.unwrap_or_else(|| match event.verb {
            Verb::Planned => self.project.starts_on,
            _ => output
                .ends
                .or(output.starts)
                .map_or(self.project.ends_on, PartialDate::last_day),
        })
    }
}
