//! What an output was on a day: its state and its dates are functions of its events.

use chrono::{DateTime, NaiveDate, Utc};
use entities::{PartialDate, Verb, output, output_event};

use super::Project;

/// The day on which a question is asked, and by when its answer had to be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AsOf {
    /// Events effective after this day are not seen.
    pub day: NaiveDate,
    /// Events recorded after this instant are not seen; `None`: all are.
    pub known_at: Option<DateTime<Utc>>,
}

impl From<NaiveDate> for AsOf {
    fn from(day: NaiveDate) -> Self {
        Self {
            day,
            known_at: None,
        }
    }
}

/// The first day on which something between these dates may be over: its last day, and of a date that
/// is known to the month or the year alone, the first day that it may stand for.
#[must_use]
pub fn over_on((starts, ends): (Option<PartialDate>, Option<PartialDate>)) -> Option<NaiveDate> {
    let dates = starts.into_iter().chain(ends);
    dates.map(PartialDate::first_day).max()
}

/// How far an output is, on the day that it is read as of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "graphql", derive(async_graphql::Enum))]
#[cfg_attr(feature = "graphql", graphql(name = "OutputState"))]
pub enum State {
    /// Meant to happen.
    Planned,
    /// Its dates and parties stand.
    Confirmed,
    /// Said to be done, with evidence.
    Reported,
    /// The report was accepted.
    Verified,
    /// The report was sent back for what is missing; counts as planned.
    Returned,
    /// Will not happen; counts nowhere.
    Cancelled,
}

/// An output as it stood on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing<'a> {
    pub state: State,
    /// Its dates as they stood then.
    pub starts: Option<PartialDate>,
    pub ends: Option<PartialDate>,
    /// How often it had been rescheduled.
    pub moves: usize,
    /// The day on which the state began; `None` for what was planned from the start.
    pub since: Option<NaiveDate>,
    /// Why it was returned, cancelled or moved last.
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

/// How an output stands once all its events count: what is asked for most, worked out once for each
/// revision.
#[derive(Debug)]
pub(super) struct Latest {
    /// The day from which all events count.
    from: NaiveDate,
    /// The instant by which all of them were recorded.
    recorded_at: DateTime<Utc>,
    state: State,
    moves: usize,
    since: Option<NaiveDate>,
    /// Of the output's events, the last.
    last: Option<usize>,
}

impl Project {
    /// How an output stood on a day; `None` where it was planned only later.
    #[must_use]
    pub fn standing(&self, output: &output::Model, as_of: AsOf) -> Option<Standing<'_>> {
        let latest = self.latest_of(output.id);
        let is_recorded = as_of
            .known_at
            .is_none_or(|instant| latest.recorded_at <= instant);
        if latest.from > as_of.day || !is_recorded {
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
            let seen = effective <= as_of.day
                && as_of
                    .known_at
                    .is_none_or(|instant| event.recorded_at <= instant);
            if !seen {
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

    /// The day from which an event counts: its own, else the end of the output's known month or
    /// window, else of the project. What was planned counts from the project's start.
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

    /// The day by which an output should be reported: its own, else the end of its planned window,
    /// of its dates, or of the project.
    #[must_use]
    pub fn due_on(&self, output: &output::Model, standing: &Standing<'_>) -> NaiveDate {
        output
            .due_on
            .or_else(|| {
                output
                    .planned_to
                    .or(standing.ends)
                    .map(PartialDate::last_day)
            })
            .unwrap_or(self.project.ends_on)
    }
}
