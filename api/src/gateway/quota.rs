//! The quotas of files, as the limits say them.

use domain::files::quota::{MEGABYTE, Quota};

use super::limits::Limits;

impl Limits {
    /// How much may be sent, in bytes.
    #[must_use]
    pub fn quota(&self) -> Quota {
        Quota {
            person_day: self.file_day as u64 * MEGABYTE,
            project: self.file_project as u64 * MEGABYTE,
        }
    }
}
