//! What may be done to an output, by whom and in which states: the one table that commands are held
//! to, and from which a dashboard knows the buttons to show.

use chrono::NaiveDate;
use entities::{OutputId, OutputKind, PartialDate, output};

use super::{Code, Problem, Problems};
use crate::{
    project::{AsOf, Project, Standing, State, over_on},
    viewer::Viewer,
};

/// The right that an action takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Right {
    Party,
    Judge,
    Coordinator,
}

macro_rules! actions {
    ($(
        $(#[$doc:meta])+
        $action:ident $name:literal, $right:ident in [$($state:ident),+] $(of $kind:ident)?;
    )+) => {
        /// An action on an output.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Action {
            $($(#[$doc])+ $action,)+
        }

        impl Action {
            /// All actions, in the order of an output's life.
            pub const ALL: &'static [Self] = &[$(Self::$action,)+];

            /// The name of its mutation.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$action => $name,)+
                }
            }

            /// The states in which it may be done.
            #[must_use]
            pub const fn states(self) -> &'static [State] {
                match self {
                    $(Self::$action => &[$(State::$state),+],)+
                }
            }

            const fn right(self) -> Right {
                match self {
                    $(Self::$action => Right::$right,)+
                }
            }

            /// The kind of output that it is done to; `None`: all of them.
            fn kind(self) -> Option<OutputKind> {
                match self {
                    $($(Self::$action => Some(OutputKind::$kind),)?)+
                    _ => None,
                }
            }
        }
    };
}

actions! {
    /// What it says of itself is edited; where it is verified or cancelled, its note and what was
    /// learned alone.
    Edit "editOutput", Party in [Planned, Confirmed, Reported, Verified, Returned, Cancelled];
    /// Its dates and parties stand.
    Confirm "confirmOutput", Party in [Planned, Returned];
    /// It is moved to other dates.
    Reschedule "rescheduleOutput", Party in [Planned, Confirmed, Returned];
    /// Evidence is added.
    AddEvidence "addEvidence", Party in [Planned, Confirmed, Reported, Returned];
    /// Evidence is removed.
    RemoveEvidence "removeEvidence", Party in [Planned, Confirmed, Returned];
    /// A public body adopted it.
    Endorse "endorseActionPlan",
        Party in [Planned, Confirmed, Reported, Verified, Returned] of ActionPlan;
    /// Its adoption is removed.
    RemoveEndorsement "removeEndorsement",
        Party in [Planned, Confirmed, Reported, Returned, Cancelled] of ActionPlan;
    /// It is done.
    Report "reportOutput", Party in [Planned, Confirmed, Returned];
    /// Its report is sent back.
    Return "returnOutput", Judge in [Reported];
    /// Its report is accepted.
    Verify "verifyOutput", Judge in [Reported];
    /// It is called off.
    Cancel "cancelOutput", Party in [Planned, Confirmed, Reported, Returned];
    /// It is taken up again.
    Reopen "reopenOutput", Coordinator in [Cancelled, Verified, Reported];
}

impl Action {
    /// What is wrong with it as the output stands, whatever its input will be.
    pub(super) fn check(
        self,
        project: &Project,
        output: &output::Model,
        standing: &Standing<'_>,
        today: NaiveDate,
    ) -> Problems {
        let mut problems = Problems::default();
        if self.kind().is_some_and(|kind| kind != output.kind) {
            problems.add("id", Code::WrongKind);
        }
        if !self.states().contains(&standing.state) {
            problems.push(wrong_state(standing.state));
        }
        match self {
            Self::Confirm if !has_days(standing) => problems.add("id", Code::DatesUnknown),
            Self::Report => {
                let over = over(project, standing);
                if over > today {
                    problems.push(Problem::new("id", Code::NotOver).with(over));
                }
            }
            _ => {}
        }
        problems
    }

    fn is_allowed(self, project: &Project, viewer: Viewer, output: OutputId) -> bool {
        match self.right() {
            Right::Party => viewer.party_to(project, output).is_ok(),
            Right::Judge => viewer.judge_of(project, output).is_ok(),
            Right::Coordinator => viewer.coordinator_of(project).is_ok(),
        }
    }
}

/// The actions that a viewer has the right to, and that the output's state allows today. What their
/// input must hold, such as evidence for a report, is not looked at.
#[must_use]
pub fn may(project: &Project, viewer: Viewer, output: OutputId, today: NaiveDate) -> Vec<Action> {
    let row = project.output(output);
    let Some(standing) = project.standing(row, AsOf::from(today)) else {
        return Vec::new();
    };
    let may = |action: &Action| {
        action.check(project, row, &standing, today).is_empty()
            && action.is_allowed(project, viewer, output)
    };
    Action::ALL.iter().copied().filter(may).collect()
}

/// The day on which an output is over: the project's first for one without dates.
pub(super) fn over(project: &Project, standing: &Standing<'_>) -> NaiveDate {
    over_on((standing.starts, standing.ends)).unwrap_or(project.project.starts_on)
}

/// Whether the first day is known, and the last, if there is one.
fn has_days(standing: &Standing<'_>) -> bool {
    let is_day = |date: PartialDate| date.day().is_some();
    standing.starts.is_some_and(is_day) && standing.ends.is_none_or(is_day)
}

pub(super) fn wrong_state(state: State) -> Problem {
    let name = match state {
        State::Planned => "PLANNED",
        State::Confirmed => "CONFIRMED",
        State::Reported => "REPORTED",
        State::Verified => "VERIFIED",
        State::Returned => "RETURNED",
        State::Cancelled => "CANCELLED",
    };
    Problem::new("id", Code::WrongState).with(name)
}
