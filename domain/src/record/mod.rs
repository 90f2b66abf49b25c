//! The records of a project.

mod kind;

pub use kind::{Kind, NotAKind};
