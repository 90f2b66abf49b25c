//! What can go wrong in a way that a caller acts on.

use sea_orm::DbErr;

use crate::record::Problem;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is none, or the viewer may not know of it.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The input is refused whole; all that is wrong with it.
    #[error("{} problem(s) in the input", .0.len())]
    Invalid(Vec<Problem>),
    /// The key stands for something else that was asked for.
    #[error("this key was used for something else")]
    KeyReused,
    #[error("the database failed")]
    Database(#[from] DbErr),
    #[error("the folder of files failed")]
    Folder(#[from] std::io::Error),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;
