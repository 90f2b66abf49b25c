//! Why a command was refused.

use crate::{
    error::Error,
    record::{Code, Problem, Problems},
    viewer::Denied,
};

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

impl From<Vec<Problem>> for Refusal {
    fn from(problems: Vec<Problem>) -> Self {
        Self::Problems(problems)
    }
}

impl Problems {
    /// # Errors
    /// All that is wrong, where anything is.
    pub fn none(self) -> Result<(), Refusal> {
        match self.is_empty() {
            true => Ok(()),
            false => Err(self.into_vec().into()),
        }
    }
}
