//! Holding a record to its rules: where in it we are, what stands around it, and all that was found.

use std::fmt::{self, Display};

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Code, Problem, Problems, names::Names, rule::LIST_ENTRIES};

/// What a record stands among: the records that it may name, and the days of its project.
#[derive(Debug, Default)]
pub struct Surroundings {
    pub names: Names,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
}

/// Where in a record a check stands.
#[derive(Clone, Copy, Debug)]
struct Path<'a> {
    above: Option<&'a Path<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    Field(&'a str),
    Index(usize),
}

impl Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(above) = self.above {
            above.fmt(f)?;
        }
        let is_first = self.above.is_none_or(Path::is_empty);
        match self.step {
            Step::Field("") => Ok(()),
            Step::Field(name) if is_first => f.write_str(name),
            Step::Field(name) => write!(f, ".{name}"),
            Step::Index(at) if is_first => write!(f, "{at}"),
            Step::Index(at) => write!(f, ".{at}"),
        }
    }
}

impl Path<'_> {
    fn is_empty(&self) -> bool {
        matches!(self.step, Step::Field("")) && self.above.is_none_or(Path::is_empty)
    }
}

/// A check of one record, at one place in it.
#[derive(Debug)]
pub struct Check<'a> {
    pub around: &'a Surroundings,
    problems: &'a mut Problems,
    path: Path<'a>,
    /// The row that the record is, where it is one already: it does not stand in its own way.
    pub own: Uuid,
}

impl<'a> Check<'a> {
    pub fn new(around: &'a Surroundings, problems: &'a mut Problems) -> Self {
        Self {
            around,
            problems,
            path: Path {
                above: None,
                step: Step::Field(""),
            },
            own: Uuid::nil(),
        }
    }

    /// The same one step further in.
    pub fn at<'b>(&'b mut self, field: &'b str) -> Check<'b> {
        self.step(Step::Field(field))
    }

    /// The same in an entry of a list.
    pub fn at_index(&mut self, at: usize) -> Check<'_> {
        self.step(Step::Index(at))
    }

    fn step<'b>(&'b mut self, step: Step<'b>) -> Check<'b> {
        Check {
            around: self.around,
            problems: self.problems,
            path: Path {
                above: Some(&self.path),
                step,
            },
            own: self.own,
        }
    }

    /// There is something wrong here.
    pub fn add(&mut self, code: Code) {
        self.problems.add(self.path.to_string(), code);
    }

    /// There is something wrong here that its words speak of with a value.
    pub fn with(&mut self, code: Code, value: impl Display) {
        let problem = Problem::new(self.path.to_string(), code).with(value);
        self.problems.push(problem);
    }

    /// A list that is not too long.
    pub fn length(&mut self, length: usize) {
        if length > LIST_ENTRIES {
            self.with(Code::OutOfRange, format!("0..{LIST_ENTRIES}"));
        }
    }

    /// Two dates of which the second does not lie before the first, as far as they are known.
    pub fn period(
        &mut self,
        last_field: &str,
        first: Option<entities::PartialDate>,
        last: Option<entities::PartialDate>,
    ) {
        if let (Some(first), Some(last)) = (first, last)
            && last.last_day() < first.first_day()
        {
            self.at(last_field).add(Code::EndsBeforeStart);
        }
    }

    /// A field that must be there.
    pub fn required<T>(&mut self, field: &str, value: &Option<T>) {
        if value.is_none() {
            self.at(field).add(Code::Required);
        }
    }
}
