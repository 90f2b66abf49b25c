//! Policies that cities put into practice.

use async_graphql::Object;

use super::{
    action_plan::ActionPlan,
    budget_line::Money,
    fact::{self, Fact},
    output::output_kind,
    vocabulary::PolicyKind,
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
        self.view.by_now(self.row().opened)
    }

    /// The grant of the European Union for it, from the report on; null if the amount is not known.
    async fn grant(&self) -> Option<Money> {
        let row = self.row_once_reported()?;
        Some(Money::new(row.grant_minor?, &row.currency))
    }

    /// The beneficiaries, in words.
    async fn beneficiaries(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let row = self.row_once_reported()?;
        let own = row.beneficiaries.as_deref()?;
        Some(
            self.view
                .said(&row.translations, "beneficiaries", own, locale.as_deref()),
        )
    }

    /// Facts about it, a sentence each, in the language of their source: from their own day on, else
    /// from the report on.
    async fn facts(&self) -> Vec<&str> {
        fact::of_report(&self.view, self.id, &self.row().facts)
            .map(|fact| fact.text.as_str())
            .collect()
    }

    /// The same facts, with the day from which on each holds.
    async fn dated_facts(&self) -> Vec<Fact> {
        fact::of_report(&self.view, self.id, &self.row().facts)
            .map(Fact::new)
            .collect()
    }
}
