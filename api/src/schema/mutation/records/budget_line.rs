//! The lines of the budget.

use async_graphql::ID;

use super::super::input::CitationInput;
use super::listed;
use crate::schema::{
    base::scalar::Quantity,
    types::{budget_line::BudgetLine, vocabulary::BudgetKind},
};

listed! {
    "line of the budget": BudgetLine = |view, id| {
        let row = view.budget_lines.iter().find(|row| row.id.0 == id)?;
        Some(BudgetLine::new(view, row.id))
    },
    {
        /// What it stands for.
        must kind: BudgetKind,
        /// What it is called.
        must label: String,
        /// The partner that the money is for: its id, or its organisation's key.
        may partner: ID,
        /// How much, in minor units (cents); left out where it is not known, which is not 0.
        may amount_minor: Quantity,
        /// ISO 4217, such as `EUR`.
        must currency: String,
        /// A remark on the record itself.
        may note: String,
        /// Where the record comes from.
        can sources: Vec<CitationInput>,
    }
    []
    BudgetLineChanges {
        /// Adds a line to the budget. For the coordinator.
        ///
        /// Codes: FORBIDDEN, TAKEN, NOT_A_KEY, REQUIRED, TOO_LONG, NOT_FOUND, OUT_OF_RANGE,
        /// for a list of more than 500, too.
        create_budget_line "createBudgetLine" CreateBudgetLineInput CreateBudgetLinePayload
        /// Changes a line of the budget; its key stays. For the coordinator.
        ///
        /// Codes: as of `createBudgetLine`, and CONFLICT.
        edit_budget_line "editBudgetLine" EditBudgetLineInput EditBudgetLinePayload
        /// Removes a line of the budget; what it was is in the audit, and reports keep the figures
        /// that it was counted in. For the coordinator.
        ///
        /// Codes: FORBIDDEN, CONFLICT.
        remove_budget_line "removeBudgetLine" RemoveBudgetLineInput RemoveBudgetLinePayload
    }
    budget_line
}
