//! Targets: figures promised to the funder, each with the rule that counts towards it.

use async_graphql::{ID, MergedObject, Object, SimpleObject};
use domain::record::Kind;
use entities::{Counted, TargetId, target};

use super::{
    citation::{self, Basis, Citation},
    note::{self, Note},
    partner::Partner,
    tracked::TrackedTarget,
    translation::{self, Translation},
    vocabulary::{
        BudgetKind, CountingMeasure, EventKind, EvidenceKind, OutputKind, PartnerKind, TargetUnit,
    },
};
use crate::schema::base::{
    id::id,
    scalar::{Date, Quantity},
    view::View,
};

/// A target: a figure promised to the funder.
#[derive(Clone, Debug, MergedObject)]
pub struct Target(TargetFields, TrackedTarget);

impl Target {
    pub fn new(view: &View, id: TargetId) -> Self {
        let tracked = TrackedTarget::new(view, id);
        let view = view.clone();
        Self(TargetFields { view, id }, tracked)
    }
}

#[derive(Clone, Debug)]
struct TargetFields {
    view: View,
    id: TargetId,
}

impl TargetFields {
    fn row(&self) -> &target::Model {
        self.view.target(self.id)
    }

    /// The row, for the final count, which is known from the due day on.
    fn once_due(&self) -> Option<&target::Model> {
        let due_on = self
            .row()
            .due_on
            .unwrap_or(self.view.project.project.ends_on);
        (due_on <= self.view.as_of.day).then(|| self.row())
    }
}

#[Object]
impl TargetFields {
    /// The opaque id of the record, for `node`.
    async fn id(&self) -> ID {
        id(Kind::Target, self.view.id(), self.id)
    }

    /// Its texts in other languages, for whoever edits them; a reader asks for a field with `locale`.
    async fn translations(&self) -> Vec<Translation> {
        translation::all(&self.row().translations)
    }

    /// The key, unique in the project, such as `staff_exchanges`.
    async fn key(&self) -> &str {
        &self.row().key
    }

    /// The name. Falls back to the project's default language, then to any.
    async fn label(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> String {
        let row = self.row();
        let label = self.view.text(&row.label, locale.as_deref());
        label.unwrap_or_else(|| row.key.clone())
    }

    /// The unit.
    async fn unit(&self) -> TargetUnit {
        self.row().unit
    }

    /// The promised value in the unit; money in minor units, such as euro cents.
    async fn value(&self) -> Quantity {
        Quantity(self.row().value)
    }

    /// The currency of money as an ISO 4217 code; null for other units.
    async fn currency(&self) -> Option<&str> {
        self.row().currency.as_deref()
    }

    /// Whether it is a headline target: one of the few that represent the project.
    async fn headline(&self) -> bool {
        self.row().headline
    }

    /// The day by which the target is due.
    async fn due_on(&self) -> Date {
        Date(
            self.row()
                .due_on
                .unwrap_or(self.view.project.project.ends_on),
        )
    }

    /// The share of the time to the due day, in percent, by which as much should be planned as the
    /// goal asks. From then on a target of which less is planned is AT_RISK.
    async fn plan_by_percent(&self) -> i32 {
        self.row().plan_by_percent
    }

    /// The counting rule in words. Falls back to the project's default language, then to any.
    async fn rule(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> String {
        let text = self.view.text(&self.row().rule.text, locale.as_deref());
        text.unwrap_or_default()
    }

    /// The counting rule as data.
    async fn counting_rule(&self) -> CountingRule {
        CountingRule::new(&self.view, &self.row().rule)
    }

    /// The version of the counting rule, which rises by one when value, unit or rule changes.
    async fn rule_version(&self) -> i32 {
        self.row().rule_version
    }

    /// The final count that a source states, from the due day on. Figures are counted from the records, never copied from
    /// it.
    async fn stated(&self) -> Option<Quantity> {
        self.once_due()?.stated.map(Quantity)
    }

    /// The sources of the stated count.
    async fn stated_sources(&self) -> Vec<Citation> {
        let row = self.once_due();
        row.map_or_else(Vec::new, |row| {
            citation::all(&self.view, &row.stated_sources)
        })
    }

    /// A remark about the record.
    async fn note(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let row = self.row();
        let own = row.note.as_deref()?;
        Some(
            self.view
                .said(&row.translations, "note", own, locale.as_deref()),
        )
    }

    /// The notes about it: contradictions between sources, gaps in them, and remarks.
    async fn notes(&self) -> Vec<Note> {
        note::about(&self.view, &format!("target:{}", self.row().key))
    }

    /// The derivations of values that no source states.
    async fn basis(&self) -> Vec<Basis> {
        citation::basis(&self.row().basis)
    }

    /// The sources of the record.
    async fn sources(&self) -> Vec<Citation> {
        citation::all(&self.view, &self.row().sources)
    }
}

/// A counting rule: which records count towards a target, and how.
#[derive(Clone, Debug, SimpleObject)]
pub struct CountingRule {
    /// How a figure is calculated from the counted records.
    measure: CountingMeasure,
    /// The counted kind of record; null if nothing is measured.
    of: Option<CountedKind>,
    /// A record counts as reported only with evidence of one of these kinds; empty if none is
    /// required.
    evidence: Vec<EvidenceKind>,
    /// Whether an action plan counts as reported only once a public body has endorsed it.
    endorsement: bool,
}

/// The kind of records that a rule counts, and which of them.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CountedKind {
    /// The name of the GraphQL type that is counted, such as `StaffExchange` or `Partner`.
    record: String,
    /// The kind of output; null if no outputs are counted.
    output_kind: Option<OutputKind>,
    /// Counts only events of these kinds; events of any kind if empty.
    event_kinds: Vec<EventKind>,
    /// Counts only partners of these kinds; empty if no partners are counted.
    partner_kinds: Vec<PartnerKind>,
    /// Counts only budget lines of these kinds; empty if no budget lines are counted.
    budget_kinds: Vec<BudgetKind>,
    /// Counts only the budget lines of this partner; null for those of all partners.
    partner: Option<Partner>,
}

impl CountingRule {
    fn new(view: &View, rule: &entities::Rule) -> Self {
        let named = |record: &str| CountedKind {
            record: record.to_owned(),
            ..CountedKind::default()
        };
        let of = rule.of.as_ref().map(|of| match of {
            Counted::Output { kind, event_kinds } => CountedKind {
                output_kind: Some(*kind),
                event_kinds: event_kinds.clone(),
                ..named(Kind::Output(*kind).name())
            },
            Counted::Partner { kinds } => CountedKind {
                partner_kinds: kinds.clone(),
                ..named(Kind::Partner.name())
            },
            Counted::Community {} => named(Kind::Community.name()),
            Counted::BudgetLine { kinds, partner } => CountedKind {
                budget_kinds: kinds.clone(),
                partner: partner
                    .as_ref()
                    .and_then(|key| view.partner_by_key(key))
                    .map(|row| Partner::new(view, row.id)),
                ..named(Kind::BudgetLine.name())
            },
            Counted::ProjectMonth {} => named("ProjectMonth"),
        });
        Self {
            measure: rule.measure,
            of,
            evidence: rule.evidence.clone(),
            endorsement: rule.endorsement,
        }
    }
}
