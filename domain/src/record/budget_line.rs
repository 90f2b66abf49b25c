//! Money: the lines of the budget, as far as they are known.

use entities::{BudgetKind, Strings, Translations};

use super::{
    Kind,
    declare::{part, record},
    rule::AMOUNT,
};

record! {
    /// Money, as far as it is known.
    BudgetLine of budget_line {
        /// Names it in the project.
        key: String = Key;
        /// What kind of money it is.
        kind: BudgetKind = Any;
        /// What it is for.
        label: String = Name;
        /// The partner that it is for, by its organisation's key.
        partner: Option<String> = Reference(Kind::Partner), column partner_id;
        /// In minor units (cents); left out where it is unknown.
        amount_minor: Option<i64> = Number(0, AMOUNT);
        /// ISO 4217.
        currency: String = Currency;
        /// A remark.
        note: Option<String> = LongText;
        /// Citations, each the key of a source, or `key:place` in it.
        #[serde(default)]
        sources: Strings = Citations;
        /// Its texts in other languages than the project's: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| BudgetLine::FIELDS, &["label", "note"]);
    }
}

part! {
    BudgetLine in budget_lines, project_id known by key => |record, _| Some(record.key.clone());
}
