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
    /// The kind of policy.
    async fn policy_kind(&self) -> PolicyKind {
        self.row().kind
    }

    /// The action plan that it puts into practice.
    async fn plan(&self) -> Option<ActionPlan> {
        ActionPlan::new(&self.view, self.row().plan_id?)
    }

    /// The date on which it opened to its beneficiaries, as precisely as it is known.
    async fn opened(&self) -> Option<PartialDate> {
        self.row().opened.map(PartialDate)
    }

    /// The grant of the European Union for it; null if the amount is not known.
    async fn grant(&self) -> Option<Money> {
        let row = self.row();
        Some(Money::new(row.grant_minor?, &row.currency))
    }

    /// The beneficiaries, in words.
    async fn beneficiaries(&self) -> Option<&str> {
        self.row().beneficiaries.as_deref()
    }

    /// Facts about it, a sentence each, in the language of their source.
    async fn facts(&self) -> &[String] {
        &self.row().facts.0
    }
}
