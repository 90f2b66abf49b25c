//! Progress reports as files: a page to read and print, a table, and the frozen figures as data.
//!
//! Nothing here uses a clock or a database: the same brief always gives the same files.

mod chart;
mod csv;
mod html;
mod json;
pub(crate) mod view;

pub use csv::csv;
pub use html::html;
pub use json::json;
