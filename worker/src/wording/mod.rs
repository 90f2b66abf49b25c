//! How the records of a project are worded in the reader's language, for mails and reports alike.
//!
//! Nothing here asks a clock, a disk or a network.

mod dates;
pub(crate) mod figures;
pub(crate) mod items;
pub(crate) mod names;
pub(crate) mod template;
pub(crate) mod words;
