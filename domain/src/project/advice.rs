//! Peer problem-solving: which challenge an entry is about, what came of it, and when its city is asked
//! for that.

use chrono::{Days, NaiveDate};
use entities::*;

use super::{AsOf, Project, Standing, State};

/// How many days after the visit a city is asked first what came of its challenge.
pub const ASKED_AFTER: Days = Days::new(90);

/// When something was said about an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "graphql", derive(async_graphql::Enum))]
#[cfg_attr(feature = "graphql", graphql(name = "LearningMoment"))]
pub enum Moment {
    /// Before its first day.
    Before,
    /// On one of its days.
    During,
    /// After its last day.
    After,
}

impl Project {
    /// The partner whose challenge it is.
    #[must_use]
    pub fn poser_of(challenge: &learning::Model) -> Option<PartnerId> {
        challenge.for_id.or(challenge.by_id)
    }

    /// The challenge that a question, an advice or a lesson is about: the one that it names, else the
    /// only one there of the partner that it is for.
    #[must_use]
    pub fn challenge_of(&self, row: &learning::Model) -> Option<&learning::Model> {
        if row.kind == LearningKind::Challenge {
            return None;
        }
        let all = self.learnings_of(row.output_id).iter();
        let mut challenges = all.filter(|other| other.kind == LearningKind::Challenge);
        if row.challenge.is_some() {
            return challenges.find(|other| other.key == row.challenge);
        }
        let is_theirs = |other: &&learning::Model| {
            row.kind != LearningKind::Lesson
                && row.for_id.is_some()
                && Self::poser_of(other) == row.for_id
        };
        let mut theirs = challenges.filter(is_theirs);
        let only = theirs.next()?;
        theirs.next().is_none().then_some(only)
    }

    /// What is there on a day about a challenge.
    pub fn said_about<'a>(
        &'a self,
        challenge: &'a learning::Model,
        kind: LearningKind,
        as_of: AsOf,
    ) -> impl Iterator<Item = &'a learning::Model> {
        let all = self.there(self.learnings_of(challenge.output_id), as_of);
        all.filter(move |row| row.kind == kind).filter(|row| {
            self.challenge_of(row)
                .is_some_and(|of| of.id == challenge.id)
        })
    }

    /// What a city says came of its challenge, as far as it has said so by a day.
    #[must_use]
    pub fn outcome<'a>(&self, challenge: &'a learning::Model, as_of: AsOf) -> Option<&'a str> {
        let outcome = challenge.outcome.as_deref()?;
        let since = challenge.outcome_since;
        (since.is_none() || as_of.by_now(since).is_some()).then_some(outcome)
    }

    /// Whether a city takes up an advice, as far as it has said so by a day.
    #[must_use]
    pub fn uptake(&self, advice: &learning::Model, as_of: AsOf) -> Option<Uptake> {
        let since = advice.uptake_since;
        let is_known = since.is_none() || as_of.by_now(since).is_some();
        advice.uptake.filter(|_| is_known)
    }

    /// The challenges put in an output of which nobody has said by a day what came of them.
    pub fn open_challenges(
        &self,
        output: OutputId,
        as_of: AsOf,
    ) -> impl Iterator<Item = &learning::Model> {
        let all = self.there(self.learnings_of(output), as_of);
        all.filter(move |row| {
            row.kind == LearningKind::Challenge && self.outcome(row, as_of).is_none()
        })
    }

    /// The last day of an output, after which it is asked what came of the challenges that were put in
    /// it; `None` where it does not take place, or nobody knows when.
    #[must_use]
    pub fn challenged_until(standing: &Standing<'_>) -> Option<NaiveDate> {
        let last = standing.ends.or(standing.starts)?;
        (standing.state != State::Cancelled).then(|| last.last_day())
    }

    /// When something was said about an output, where both its day and the output's days are known.
    #[must_use]
    pub fn moment(&self, row: &learning::Model, as_of: AsOf) -> Option<Moment> {
        let said = row.since?;
        let standing = self.standing(self.output(row.output_id), as_of)?;
        let starts = standing.starts?;
        let ends = standing.ends.unwrap_or(starts);
        if said.last_day() < starts.first_day() {
            return Some(Moment::Before);
        }
        if said.first_day() > ends.last_day() {
            return Some(Moment::After);
        }
        let is_inside =
            starts.first_day() <= said.first_day() && said.last_day() <= ends.last_day();
        is_inside.then_some(Moment::During)
    }
}
