//! What keeps a verb from being done: all of it at once, each with the field and a stable code. The
//! words are the reader's language, and are found elsewhere.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{error::Error, viewer::Denied};

/// Why a field cannot be taken as it is.
macro_rules! codes {
    ($($(#[$doc:meta])+ $code:ident = $name:literal,)+) => {
        /// Why a verb cannot be done, or what to look at although it was.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Code { $($(#[$doc])+ #[serde(rename = $name)] $code,)+ }

        impl Code {
            pub const ALL: &'static [Self] = &[$(Self::$code,)+];

            /// As clients know it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$code => $name,)+ }
            }
        }
    };
}

codes! {
    /// Visible, but not theirs to change.
    Forbidden = "FORBIDDEN",
    /// The token only reads.
    ReadOnlyToken = "READ_ONLY_TOKEN",
    /// Nobody verifies what their own organisation reported.
    OwnReport = "OWN_REPORT",
    /// It was changed since the version that the caller knows.
    Conflict = "CONFLICT",
    /// The Idempotency-Key was used for something else.
    KeyReused = "IDEMPOTENCY_KEY_REUSED",
    /// There is none that the viewer may see.
    NotFound = "NOT_FOUND",
    /// It must be given.
    Required = "REQUIRED",
    /// It is taken by another record.
    Taken = "TAKEN",
    /// It is not a key: letters, digits, `-` and `_`.
    NotAKey = "NOT_A_KEY",
    /// It is longer than may be stored.
    TooLong = "TOO_LONG",
    /// It lies outside what is possible.
    OutOfRange = "OUT_OF_RANGE",
    /// It is no time zone's name.
    NotAZone = "NOT_A_ZONE",
    /// It is no language tag.
    NotALanguage = "NOT_A_LANGUAGE",
    /// It is no country's code.
    NotACountry = "NOT_A_COUNTRY",
    /// It is no address of mail.
    NotAnAddress = "NOT_AN_ADDRESS",
    /// It is no address on the web.
    NotAUrl = "NOT_A_URL",
    /// The counting rule cannot be read.
    NotARule = "NOT_A_RULE",
    /// It ends before it starts.
    EndsBeforeStart = "ENDS_BEFORE_START",
    /// It lies outside the project, and no reason says why.
    OutsideProject = "OUTSIDE_PROJECT",
    /// Outputs lie outside the days that the project has now.
    OutputsOutside = "OUTPUTS_OUTSIDE",
    /// The state does not allow it.
    WrongState = "WRONG_STATE",
    /// Its dates are not known to the day.
    DatesUnknown = "DATES_UNKNOWN",
    /// It is not over yet.
    NotOver = "NOT_OVER",
    /// A reason must say why.
    ReasonRequired = "REASON_REQUIRED",
    /// Nothing would be different.
    NothingChanges = "NOTHING_CHANGES",
    /// A leg is shorter than its pairing says, and no reason says why.
    LegTooShort = "LEG_TOO_SHORT",
    /// A leg is longer than its pairing says.
    LegLong = "LEG_LONG",
    /// The pairing has this leg already.
    LegTaken = "LEG_TAKEN",
    /// A pairing has two legs, and both are there.
    LegsComplete = "LEGS_COMPLETE",
    /// Leg 1 is hosted by the mentor, leg 2 by who implements.
    WrongHost = "WRONG_HOST",
    /// Somebody travels elsewhere at the same time.
    OverlappingTravel = "OVERLAPPING_TRAVEL",
    /// The target's rule asks for evidence of a kind that is not there.
    EvidenceMissing = "EVIDENCE_MISSING",
    /// It is named twice, or a partner stands on both sides.
    Twice = "TWICE",
    /// A side has no partner.
    NoPartner = "NO_PARTNER",
    /// Something still refers to it.
    InUse = "IN_USE",
    /// The last coordinator of a project stays.
    LastCoordinator = "LAST_COORDINATOR",
    /// The partner left before that day.
    PartnerLeft = "PARTNER_LEFT",
    /// It belongs to another kind of output.
    WrongKind = "WRONG_KIND",
}

/// One thing that is wrong, or to be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The field of the input, such as `startsOn` or `participants.2.partner`; empty: all of it.
    pub field: Cow<'static, str>,
    pub code: Code,
    /// What the words speak of, such as how many days a leg should have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl Problem {
    pub fn new(field: impl Into<Cow<'static, str>>, code: Code) -> Self {
        Self {
            field: field.into(),
            code,
            value: None,
        }
    }

    /// The same of an input that stands in a field of another one.
    #[must_use]
    pub fn under(mut self, field: &str) -> Self {
        self.field = match self.field.as_ref() {
            "" => field.to_owned().into(),
            own => format!("{field}.{own}").into(),
        };
        self
    }

    #[must_use]
    pub fn with(mut self, value: impl std::fmt::Display) -> Self {
        self.value = Some(value.to_string());
        self
    }
}

/// Why nothing was done.
#[derive(Debug)]
pub enum Refusal {
    /// They may not.
    Denied(Denied),
    /// It cannot be done as it was asked for.
    Problems(Vec<Problem>),
    /// Something failed.
    Failed(Error),
}

impl From<Denied> for Refusal {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problems(vec![problem])
    }
}

impl<E: Into<Error>> From<E> for Refusal {
    fn from(error: E) -> Self {
        match error.into() {
            Error::KeyReused => Problem::new("", Code::KeyReused).into(),
            other => Self::Failed(other),
        }
    }
}

/// Collects all that is wrong.
#[derive(Debug, Default)]
pub struct Problems(Vec<Problem>);

impl Problems {
    pub fn add(&mut self, field: impl Into<Cow<'static, str>>, code: Code) {
        self.0.push(Problem::new(field, code));
    }

    pub fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// The value, or its problem remembered.
    pub fn take<T>(&mut self, found: Result<T, Problem>) -> Option<T> {
        found.map_err(|problem| self.0.push(problem)).ok()
    }

    /// Adds those of an input that stands in a field of this one.
    pub fn nest(&mut self, field: &str, nested: Self) {
        self.0
            .extend(nested.0.into_iter().map(|problem| problem.under(field)));
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// # Errors
    /// All that is wrong, where anything is.
    pub fn none(self) -> Result<(), Refusal> {
        match self.0.is_empty() {
            true => Ok(()),
            false => Err(Refusal::Problems(self.0)),
        }
    }

    /// Keeps those for which this holds.
    pub fn retain(&mut self, holds: impl FnMut(&Problem) -> bool) {
        self.0.retain(holds);
    }

    /// Adds what is wrong, but for what was wrong before.
    pub fn add_new(&mut self, now: Self, before: &Self) {
        let is_new = |problem: &Problem| !before.0.contains(problem);
        self.0.extend(now.0.into_iter().filter(is_new));
    }
}
