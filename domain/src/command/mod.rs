//! What people do: the coordinator's verbs. Each is a function from a project's rows to its next
//! rows, without database or clock; it asks for the right that it needs as a value, and tells all
//! that keeps it from being done at once.
//!
//! What is written, audited and told follows from the difference between the two states
//! ([`change`]). So a verb cannot forget to say what it did.

pub(crate) mod audit;
pub mod change;
pub(crate) mod check;
pub mod community;
pub mod detail;
mod draft;
pub mod edit;
pub mod evidence;
mod leg;
pub mod organisation;
pub mod output;
pub mod pairing;
pub mod partner;
pub mod parts;
pub mod people;
pub mod plan;
mod problem;
pub mod project;
pub mod records;
mod repeat;
pub mod target;

pub use change::{Asked, Caller, Done};
pub use check::by_language;
pub use draft::{Draft, Named};
pub use problem::{Code, Problem, Problems, Refusal};
pub use repeat::Repeat;
pub(crate) use repeat::{Outcome, Under};
