//! Who is looking. Every read starts from what the viewer may see.

use crate::project::Project;

/// The one on whose behalf something is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Viewer {
    /// Anyone: published, non-personal data.
    Anonymous,
    /// Whoever runs the product on this machine: everything.
    Operator,
}

impl Viewer {
    #[must_use]
    pub fn may_see(self, project: &Project) -> bool {
        self.may_see_all() || project.project.public
    }

    /// Projects that are not public too.
    #[must_use]
    pub fn may_see_all(self) -> bool {
        self == Self::Operator
    }

    /// Names, addresses, and the ledger and outbox that hold them.
    #[must_use]
    pub fn may_see_people(self) -> bool {
        self == Self::Operator
    }
}
