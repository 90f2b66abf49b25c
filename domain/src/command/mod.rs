//! Commands: what people do. Each is a function from a project's rows to its next rows, without
//! database or clock; it asks for the right that it needs as a value, and gives all problems at
//! once.
//!
//! What is written, audited and published follows from the difference between the two states
//! ([`execute`]). So a command cannot forget to say what it did.

pub mod action;
pub mod advice;
mod change;
pub(crate) mod check;
pub mod community;
mod dates;
mod draft;
pub mod edit;
pub mod entry;
pub mod evidence;
pub mod execute;
mod fields;
mod idempotency;
mod import;
mod import_files;
mod import_many;
mod joint;
mod learning;
mod leg;
pub mod listed;
pub mod organisation;
pub mod output;
mod own;
pub mod own_role;
pub mod pairing;
mod participant;
pub mod partner;
pub mod people;
pub mod plan;
mod policy;
pub mod project;
pub mod proposal;
mod refusal;
pub mod role;
mod shared;
pub mod target;

pub use crate::record::{Code, Problem, Problems, by_language};
pub use draft::{Draft, Named};
pub use execute::{Command, Outcome};
pub use fields::Fields;
pub(crate) use idempotency::StoredOutcome;
pub use import::{Import, Imported, SharedChanges};
pub use import_files::{GivenFiles, named_files};
pub use joint::Reason;
pub use refusal::Refusal;
