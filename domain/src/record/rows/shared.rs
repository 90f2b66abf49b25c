//! The rows that several projects may show.

use entities::*;

/// Programme, organisations and people, whatever project shows them.
#[derive(Clone, Debug, Default)]
pub struct SharedRows {
    pub programme: Option<programme::Model>,
    pub organisations: Vec<organisation::Model>,
    pub people: Vec<person::Model>,
}
