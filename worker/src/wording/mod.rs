//! Wording of a project's records in the reader's language, for mails and reports.
//!
//! Nothing here uses a clock, a disk or a network.

mod dates;
pub(crate) mod figures;
pub(crate) mod items;
pub(crate) mod names;
pub(crate) mod proposal;
pub(crate) mod template;
pub(crate) mod words;
