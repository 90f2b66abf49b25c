//! A proposal that several projects decide, as one of them reads it, and why it was made.

use std::collections::HashSet;

use chrono::NaiveDate;
use entities::*;
use uuid::Uuid;

/// Why something is proposed, and until when it can be decided.
#[derive(Clone, Debug, Default)]
pub struct Reason {
    pub reason: String,
    /// In 14 days if left out.
    pub until: Option<NaiveDate>,
}

/// The same proposal in the other projects, and who has to agree.
#[derive(Clone, Debug, Default)]
pub(super) struct Joint {
    /// Its rows in the other projects.
    pub rows: Vec<proposal::Model>,
    /// The other projects that show the record now.
    pub shown_by: Vec<ProjectId>,
    /// Those of them for which the viewer may agree.
    pub coordinated: HashSet<ProjectId>,
    /// Those to be asked yet, and what.
    pub ask: Vec<ProjectId>,
    pub to_ask: Option<proposal::Model>,
    /// The introduction that ends: the project that does not know the record may show it.
    pub met: Option<Uuid>,
}

impl Joint {
    /// The projects that have not agreed yet. The project that proposes it agrees by proposing.
    pub fn waiting(&self) -> Vec<ProjectId> {
        let row_of = |id: &ProjectId| self.rows.iter().find(|row| row.project_id == *id);
        let has_agreed = |id: &ProjectId| {
            let row = row_of(id);
            row.is_some_and(|row| !row.is_asked || row.agreed_at.is_some())
        };
        let mut waiting = self.shown_by.clone();
        waiting.retain(|id| !self.coordinated.contains(id) && !has_agreed(id));
        waiting
    }

    /// Those of some projects that were never asked.
    pub fn unasked(&self, mut of: Vec<ProjectId>) -> Vec<ProjectId> {
        of.retain(|id| self.rows.iter().all(|row| row.project_id != *id));
        of
    }
}
