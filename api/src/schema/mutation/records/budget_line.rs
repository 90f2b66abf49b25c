//! Mutations of budget lines.

use async_graphql::ID;

use super::super::input::{CitationInput, TranslationInput};
use super::listed;
use crate::schema::{
    base::scalar::Quantity,
    types::{budget_line::BudgetLine, vocabulary::BudgetKind},
};

listed! {
    "budget line": BudgetLine = |view, id| {
        let row = view.budget_lines.iter().find(|row| row.id.0 == id)?;
        Some(BudgetLine::new(view, row.id))
    },
    {
        /// The kind of budget line.
        must kind: BudgetKind,
        /// The label, in the language of its source.
        must label: String,
        /// The partner that receives the money: its id, or the key of its organisation.
        may partner: ID,
        /// The amount in minor units, such as euro cents. Null if it is not known; 0 is a known
        /// amount.
        may amount_minor: Quantity,
        /// The currency as an ISO 4217 code, such as `EUR`.
        must currency: String,
        /// A remark about the record.
        may note: String,
        /// The sources of the record.
        can sources: Vec<CitationInput>,
        /// Its texts in other languages: those that are named change, the others stay.
        can translations: Vec<TranslationInput>,
    }
    []
    BudgetLineChanges {
        /// Creates a budget line. For the coordinator.
        ///
        /// Codes: FORBIDDEN, TAKEN, NOT_A_KEY, REQUIRED, TOO_LONG, NOT_FOUND, OUT_OF_RANGE,
        /// for a list of more than 500, too.
        create_budget_line "createBudgetLine" CreateBudgetLineInput CreateBudgetLinePayload
        /// Edits a budget line. Its key cannot be changed. For the coordinator.
        ///
        /// Codes: as of `createBudgetLine`, and CONFLICT.
        edit_budget_line "editBudgetLine" EditBudgetLineInput EditBudgetLinePayload
        /// Removes a budget line. The audit log retains its last state, and existing reports retain
        /// the figures in which it was counted. For the coordinator.
        ///
        /// Codes: FORBIDDEN, CONFLICT.
        remove_budget_line "removeBudgetLine" RemoveBudgetLineInput RemoveBudgetLinePayload
    }
    budget_line
}
