//! A policy that a city puts into practice, perhaps with a grant.

use entities::{Facts, OutputKind, PartialDate, PolicyKind, Translations};

use crate::record::{Kind, declare::record, rule::AMOUNT};

record! {
    /// A policy in practice.
    Policy of policy {
        /// Which kind of policy it is.
        kind: PolicyKind = Any;
        /// Key of the action plan that it comes from.
        plan: Option<String> = Reference(Kind::Output(OutputKind::ActionPlan)), column plan_id;
        /// When it opened to those whom it serves.
        opened: Option<PartialDate> = Any;
        /// The grant in minor units (cents); left out where it is unknown.
        grant_minor: Option<i64> = Number(0, AMOUNT);
        /// ISO 4217; EUR if left out.
        #[serde(default = "euro")]
        currency: String = Currency;
        /// Whom it is for.
        beneficiaries: Option<String> = Text;
        /// What is known about it, a sentence each.
        #[serde(default)]
        facts: Facts = Texts;
        /// Its texts in other languages than the project's: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| Policy::FIELDS, &["beneficiaries"]);
    }
}

impl Policy {
    /// What grants are counted in where nothing else is said.
    pub const CURRENCY: &'static str = "EUR";
}

fn euro() -> String {
    Policy::CURRENCY.to_owned()
}
