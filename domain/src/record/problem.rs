//! What is wrong with an input, a mutation's or a file's: all of it at once, each problem with its
//! path and a stable code. The words are in the crate `i18n`, by language.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};

/// Declares the codes with the names that clients see.
macro_rules! codes {
    ($($(#[$doc:meta])+ $code:ident = $name:literal,)+) => {
        /// Why an input is refused, or what to look at although it is not.
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
    /// Its community has another visit on the same days.
    OverlappingVisits = "OVERLAPPING_VISITS",
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
    /// A name has a line break or another control character.
    NotOneLine = "NOT_ONE_LINE",
    /// The file is not JSON.
    NotJson = "NOT_JSON",
    /// It is no field of this record.
    UnknownField = "UNKNOWN_FIELD",
    /// The value is of another type.
    WrongType = "WRONG_TYPE",
    /// The day, month or instant cannot be read.
    NotADate = "NOT_A_DATE",
    /// The step cannot follow the one before it.
    WrongOrder = "WRONG_ORDER",
    /// A recorded step is missing, or is not as it was recorded.
    HistoryRewritten = "HISTORY_REWRITTEN",
    /// Known days changed, and no step of the history says so.
    MoveNotRecorded = "MOVE_NOT_RECORDED",
    /// It names a mailbox, or a person who was erased: nobody signs in as them.
    NotAHuman = "NOT_A_HUMAN",
    /// The bytes of a file are neither in this project nor given with the import.
    FileMissing = "FILE_MISSING",
    /// The files of a project would take more than they may.
    QuotaExceeded = "QUOTA_EXCEEDED",
    /// Other projects show this organisation, person or programme, and it would change for them.
    ShownElsewhere = "SHOWN_ELSEWHERE",
    /// Others have to agree: nothing changed yet, and it was proposed to them.
    Proposed = "PROPOSED",
}

/// One thing that is wrong, or to be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Where in the input, such as `startsOn` or `participants.2.partner`; empty: all of it.
    #[serde(rename = "field")]
    pub path: Cow<'static, str>,
    pub code: Code,
    /// What the words speak of, such as how many days a leg should have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl Problem {
    pub fn new(path: impl Into<Cow<'static, str>>, code: Code) -> Self {
        Self {
            path: path.into(),
            code,
            value: None,
        }
    }

    /// The same of an input that stands in a field of another one.
    #[must_use]
    pub fn under(mut self, field: &str) -> Self {
        self.path = match self.path.as_ref() {
            "" => field.to_owned().into(),
            own => format!("{field}.{own}").into(),
        };
        self
    }

    /// The path as a JSON pointer, such as `/outputs/3/host`: the place in a file.
    #[must_use]
    pub fn pointer(&self) -> String {
        match self.path.as_ref() {
            "" => String::new(),
            path => format!("/{}", path.replace('.', "/")),
        }
    }

    #[must_use]
    pub fn with(mut self, value: impl fmt::Display) -> Self {
        self.value = Some(value.to_string());
        self
    }
}

impl fmt::Display for Problem {
    /// For logs and tests; people read the words of the crate `i18n`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pointer(), self.code.name())?;
        match &self.value {
            Some(value) => write!(f, " ({value})"),
            None => Ok(()),
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

    /// Adds all of others; what stands there already is not said twice, nor that something is missing
    /// where something in it was found to be wrong.
    pub fn append(&mut self, others: Self) {
        for problem in others.0 {
            let is_inside = |path: &str| {
                let rest = path.strip_prefix(problem.path.as_ref());
                rest.is_some_and(|rest| rest.starts_with('.'))
            };
            let is_said = |one: &Problem| {
                one.path == problem.path && (one.code == problem.code || one.code == Code::Required)
                    || problem.code == Code::Required && is_inside(&one.path)
            };
            if !self.0.iter().any(is_said) {
                self.0.push(problem);
            }
        }
    }

    /// Takes out the problems of what stands in a field, by the paths that they have there.
    #[must_use]
    pub fn split_off(&mut self, field: &str) -> Self {
        let (mut inside, outside) = (Vec::new(), std::mem::take(&mut self.0));
        for mut problem in outside {
            let rest = problem.path.strip_prefix(field);
            match rest.and_then(|rest| rest.strip_prefix('.')) {
                Some(rest) => {
                    problem.path = rest.to_owned().into();
                    inside.push(problem);
                }
                None => self.0.push(problem),
            }
        }
        Self(inside)
    }

    /// Calls a field by another name: what begins with the one begins with the other.
    pub fn rename(&mut self, from: &str, to: &str) {
        for problem in &mut self.0 {
            let rest = problem.path.strip_prefix(from);
            let rest = rest.filter(|rest| rest.is_empty() || rest.starts_with('.'));
            if let Some(rest) = rest {
                let path = format!("{to}{rest}");
                problem.path = path.trim_start_matches('.').to_owned().into();
            }
        }
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

    /// All of them.
    #[must_use]
    pub fn into_vec(self) -> Vec<Problem> {
        self.0
    }

    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter()
    }

    /// Keeps those for which this holds.
    pub fn retain(&mut self, holds: impl FnMut(&Problem) -> bool) {
        self.0.retain(holds);
    }
}
