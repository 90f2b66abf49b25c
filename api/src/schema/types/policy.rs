//! Policies that cities put into practice.

use async_graphql::Object;

use super::{
    action_plan::ActionPlan, budget_line::Money, output::output_kind, vocabulary::PolicyKind,
};
use crate::schema::base::scalar::PartialDate;

output_kind! {
    /// A new policy that a city puts into practice.
    Policy { PolicyFields: policy -> policy }
}

#[Object]
impl PolicyFields {
    /// Which kind of policy it is.
    async fn policy_kind(&self) -> PolicyKind {
        self.row().kind
    }

    /// The action plan that it comes from.
    async fn plan(&self) -> Option<ActionPlan> {
        ActionPlan::new(&self.view, self.row().plan_id?)
    }

    /// When it opened to those whom it serves.
    async fn opened(&self) -> Option<PartialDate> {
        self.row().opened.map(PartialDate)
    }

    /// The grant of the European Union for it; null where the amount is not known.
    async fn grant(&self) -> Option<Money> {
        let row = self.row();
        Some(Money::new(row.grant_minor?, &row.currency))
    }

    /// Whom it serves.
    async fn beneficiaries(&self) -> Option<&str> {
        self.row().beneficiaries.as_deref()
    }

    /// What is known about it, in the language of its source.
    async fn facts(&self) -> &[String] {
        &self.row().facts.0
    }
}
