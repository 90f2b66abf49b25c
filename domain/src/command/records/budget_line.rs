//! Money: the lines of the budget, as far as they are known.

use entities::*;

use super::{Cited, Listed, lists, needed, put_named, put_sources};
use crate::{
    command::{Draft, Named, Problems, project::put},
    record,
};

/// What is told of a line of the budget.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub kind: Option<BudgetKind>,
    pub label: Option<String>,
    pub partner: Option<Option<Named>>,
    pub amount_minor: Option<Option<i64>>,
    pub currency: Option<String>,
    pub note: Option<Option<String>>,
    pub sources: Option<Vec<Cited>>,
}

impl Listed for budget_line::Model {
    type Record = record::BudgetLine;
    type Facts = Facts;
    const LIST: &'static str = "budgetLines";
    const NAME: &'static str = "line";

    lists! {
        budget_lines: label, partner_id, amount_minor, currency, note, sources;
        facts => {
            kind: needed("kind", facts.kind)?,
        }
    }

    fn take(&mut self, draft: &mut Draft, problems: &mut Problems, facts: Facts) {
        put(&mut self.kind, facts.kind);
        put(&mut self.label, facts.label);
        put_named(&mut self.partner_id, problems, facts.partner, |named| {
            draft.partner("partner", named)
        });
        put(&mut self.amount_minor, facts.amount_minor);
        put(&mut self.currency, facts.currency);
        put(&mut self.note, facts.note);
        put_sources(&mut self.sources, draft, problems, facts.sources);
    }
}
