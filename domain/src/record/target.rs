//! Targets: what was promised to the funder, and the rule that counts towards it. The rule is data
//! with a version, which rises with every change of what is promised or how it is counted.

use chrono::NaiveDate;
use entities::{
    Basis, Counted, Localized, Measure, OutputKind, Rule as CountingRule, Strings, Translations,
    Unit,
};
use sea_orm::ActiveEnum;

use super::{
    Check, Code, Kind,
    declare::{part, record},
    field::Value,
    rule::{AMOUNT, Rule},
};

record! {
    /// A figure promised to the funder.
    Target of target {
        /// Names it in the project.
        key: String = Key;
        /// What it is called, by language.
        label: Localized = Names { required: true };
        /// What it is counted in.
        unit: Unit = Any;
        /// In the unit; money in minor units (cents).
        value: i64 = Number(1, AMOUNT);
        /// ISO 4217, for money.
        currency: Option<String> = Currency;
        /// Whether it is one of the figures by which the project is known.
        #[serde(default)]
        headline: bool = Any;
        /// Left out: the end of the project.
        due_on: Option<NaiveDate> = Own;
        /// The share of the time to the due day, in percent, by which as much is planned as the goal
        /// asks; 50 if left out.
        #[serde(default = "half")]
        plan_by_percent: i32 = Number(1, 100);
        /// How it is counted.
        rule: CountingRule = Own;
        /// Raised by every change of what is promised or how it is counted.
        #[serde(default = "first_version")]
        rule_version: i32 = Number(1, 1_000_000);
        /// The final count that a source gives; ours is counted, never copied.
        stated: Option<i64> = Number(0, AMOUNT);
        /// Citations of where that count stands.
        #[serde(default)]
        stated_sources: Strings = Citations;
        /// A remark.
        note: Option<String> = LongText;
        /// Field to reason, for what was worked out and not read.
        #[serde(default)]
        basis: Basis = Any;
        /// Citations, each the key of a source, or `key:place` in it.
        #[serde(default)]
        sources: Strings = Citations;
        /// Its texts in other languages than the project's: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| Target::FIELDS, &["note"]);
    }
    between;
}

part! {
    Target in targets, project_id known by key => |record, _| Some(record.key.clone());
}

impl Target {
    fn between(&self, check: &mut Check<'_>) {
        match (&self.currency, self.unit) {
            (None, Unit::Money) => check.at("currency").add(Code::Required),
            (Some(_), unit) if unit != Unit::Money => {
                check.at("currency").with(Code::OutOfRange, "null");
            }
            _ => {}
        }
        let starts_on = check.around.starts_on;
        if self.due_on.is_some_and(|due| due < starts_on) {
            check
                .at("dueOn")
                .with(Code::OutOfRange, format!(">= {starts_on}"));
        }
        let is_sum = self.rule.measure == Measure::SumAmount;
        if is_sum != (self.unit == Unit::Money) && self.rule.measure != Measure::NotMeasured {
            check
                .at("rule")
                .at("measure")
                .with(Code::NotARule, "MONEY, SUM_AMOUNT");
        }
        rule(&self.rule, &mut check.at("rule"));
    }
}

/// What a counting rule says must go together.
fn rule(rule: &CountingRule, check: &mut Check<'_>) {
    rule.text
        .check(Rule::Names { required: true }, &mut check.at("text"));
    let fits = match (rule.measure, &rule.of) {
        (Measure::NotMeasured, of) => of.is_none(),
        (_, None) => {
            check.at("of").add(Code::Required);
            true
        }
        (Measure::Count, Some(_)) => true,
        (Measure::SumAmount, Some(of)) => matches!(
            of,
            Counted::BudgetLine { .. }
                | Counted::Output {
                    kind: OutputKind::Policy,
                    ..
                }
        ),
        (Measure::DistinctCity | Measure::DistinctMemberState, Some(of)) => {
            matches!(of, Counted::Output { .. } | Counted::Partner { .. })
        }
        (Measure::NormDays, Some(of)) => matches!(of, Counted::Output { .. }),
    };
    if !fits {
        let measure = serde_json::to_value(rule.measure).unwrap_or_default();
        let name = measure.as_str().unwrap_or_default().to_owned();
        check.at("of").with(Code::NotARule, name);
    }
    let is_output = matches!(rule.of, Some(Counted::Output { .. }));
    if !rule.evidence.is_empty() && rule.of.is_some() && !is_output {
        check.at("evidence").with(Code::NotARule, "OUTPUT");
    }
    let is_plan = matches!(
        rule.of,
        Some(Counted::Output {
            kind: OutputKind::ActionPlan,
            ..
        })
    );
    if rule.endorsement && !is_plan {
        check.at("endorsement").with(Code::NotARule, "ACTION_PLAN");
    }
    if let Some(of) = &rule.of {
        counted(of, &mut check.at("of"));
    }
}

fn counted(of: &Counted, check: &mut Check<'_>) {
    let names = &check.around.names;
    match of {
        Counted::Output { kind, event_kinds } => {
            if !event_kinds.is_empty() && *kind != OutputKind::Event {
                let kind = kind.to_value();
                check
                    .at("output")
                    .at("eventKinds")
                    .with(Code::NotARule, kind);
            }
        }
        Counted::Partner { kinds } => {
            if kinds.is_empty() {
                check.at("partner").at("kinds").add(Code::Required);
            }
        }
        Counted::BudgetLine { kinds, partner } => {
            if kinds.is_empty() {
                check.at("budgetLine").at("kinds").add(Code::Required);
            }
            if let Some(key) = partner
                && names.id_of(Kind::Partner, key).is_none()
            {
                check
                    .at("budgetLine")
                    .at("partner")
                    .with(Code::NotFound, key);
            }
        }
        Counted::Community {} | Counted::ProjectMonth {} => {}
    }
}

fn half() -> i32 {
    50
}

fn first_version() -> i32 {
    1
}
