//! What JSON columns hold, typed.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};

use crate::{Audience, BudgetKind, EventKind, EvidenceKind, OutputKind, PartialDate, PartnerKind};

/// A text by language: `{"en": "…", "it": "…"}`.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, FromJsonQueryResult,
)]
#[serde(transparent)]
pub struct Localized(pub BTreeMap<String, String>);

impl Localized {
    /// The text in the wanted language (a tag such as `it` or `it-IT`), else in the fallback, else
    /// in any.
    #[must_use]
    pub fn get(&self, wanted: &str, fallback: &str) -> Option<&str> {
        by_tag(&self.0, wanted)
            .or_else(|| by_tag(&self.0, fallback))
            .or_else(|| self.0.values().next())
            .map(String::as_str)
    }
}

/// What stands in a language: by its tag, else by the tag's language alone, however both are spelled.
pub(crate) fn by_tag<'a, T>(all: &'a BTreeMap<String, T>, tag: &str) -> Option<&'a T> {
    let language = tag.split('-').next().unwrap_or_default().to_lowercase();
    let spelled_otherwise = |tag: &str| {
        let mut all = all.iter();
        let found = all.find(|(other, _)| other.eq_ignore_ascii_case(tag));
        found.map(|(_, value)| value)
    };
    let exact = all.get(tag).or_else(|| all.get(&language));
    exact.or_else(|| spelled_otherwise(tag).or_else(|| spelled_otherwise(&language)))
}

/// A list of texts.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, FromJsonQueryResult,
)]
#[serde(transparent)]
pub struct Strings(pub Vec<String>);

/// A fact, with the day from which on it holds, where that is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "FactForm", into = "FactForm")]
pub struct Fact {
    pub text: String,
    pub since: Option<PartialDate>,
}

/// A fact as it is stored and exchanged: a text alone where no day is known.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum FactForm {
    Text(String),
    Since(FactSince),
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FactSince {
    text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<PartialDate>,
}

impl From<FactForm> for Fact {
    fn from(form: FactForm) -> Self {
        match form {
            FactForm::Text(text) => Self { text, since: None },
            FactForm::Since(FactSince { text, since }) => Self { text, since },
        }
    }
}

impl From<Fact> for FactForm {
    fn from(Fact { text, since }: Fact) -> Self {
        match since {
            None => Self::Text(text),
            since => Self::Since(FactSince { text, since }),
        }
    }
}

impl JsonSchema for Fact {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Fact".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        FactForm::json_schema(generator)
    }
}

/// Facts, one each.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, FromJsonQueryResult,
)]
#[serde(transparent)]
pub struct Facts(pub Vec<Fact>);

/// How a value was come by, where it was worked out and not read: field to reason.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, FromJsonQueryResult,
)]
#[serde(transparent)]
pub struct Basis(pub BTreeMap<String, String>);

/// An address on the web, with the source that gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Link {
    pub url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, FromJsonQueryResult,
)]
#[serde(transparent)]
pub struct Links(pub Vec<Link>);

/// Whether a related project came before or after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "graphql", derive(async_graphql::Enum))]
pub enum Relatedness {
    /// It came before.
    Predecessor,
    /// It came after.
    Successor,
}

/// A project before or after this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RelatedProject {
    pub name: String,
    pub relation: Relatedness,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub years: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, FromJsonQueryResult,
)]
#[serde(transparent)]
pub struct RelatedProjects(pub Vec<RelatedProject>);

/// What one source says where sources disagree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reading {
    pub value: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, FromJsonQueryResult,
)]
#[serde(transparent)]
pub struct Readings(pub Vec<Reading>);

/// A count that a source states; we count nothing ourselves here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StatedFigure {
    pub value: i64,
    pub what: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, FromJsonQueryResult,
)]
#[serde(transparent)]
pub struct StatedFigures(pub Vec<StatedFigure>);

/// How many days ahead a project asks for outputs of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LeadTime {
    pub kind: OutputKind,
    pub days: i32,
}

#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, FromJsonQueryResult,
)]
#[serde(transparent)]
pub struct LeadTimes(pub Vec<LeadTime>);

/// A field that a proposal would change: as a project file spells it, with what it says now and would
/// say then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProposedChange {
    pub field: String,
    pub from: serde_json::Value,
    pub to: serde_json::Value,
}

#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, FromJsonQueryResult,
)]
#[serde(transparent)]
pub struct ProposedChanges(pub Vec<ProposedChange>);

/// Days before an anchor at which a mail goes out.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, FromJsonQueryResult,
)]
#[serde(transparent)]
pub struct Days(pub Vec<i32>);

#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, FromJsonQueryResult,
)]
#[serde(transparent)]
pub struct Audiences(pub Vec<Audience>);

/// A counting rule: what is counted towards a target, and how. Returned with every figure.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, FromJsonQueryResult,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rule {
    pub measure: Measure,
    /// Left out where nothing is measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Counted>,
    /// A record counts as reported only with evidence of one of these kinds; empty asks for none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceKind>,
    /// An action plan counts as reported only once a public body has endorsed it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub endorsement: bool,
    /// The rule in words, shown beside the figure.
    pub text: Localized,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_false(value: &bool) -> bool {
    !value
}

/// How counted records make a figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "graphql", derive(async_graphql::Enum))]
#[cfg_attr(feature = "graphql", graphql(name = "CountingMeasure"))]
pub enum Measure {
    /// How many records. The parts sum to the whole.
    #[default]
    Count,
    /// The sum of the records' known amounts; null where no amount is known. The parts sum to the
    /// whole.
    SumAmount,
    /// How many different cities the records stand for. Parts overlap.
    DistinctCity,
    /// How many different member states of the European Union the records' cities lie in. Parts
    /// overlap.
    DistinctMemberState,
    /// How many of the records whose length is known last as many days as the target says.
    NormDays,
    /// The data hold no such records: null, which is not 0.
    NotMeasured,
}

impl Measure {
    /// Whether the parts of a figure sum to the whole.
    #[must_use]
    pub fn sums_up(self) -> bool {
        match self {
            Self::Count | Self::SumAmount => true,
            Self::DistinctCity | Self::DistinctMemberState | Self::NormDays | Self::NotMeasured => {
                false
            }
        }
    }
}

/// A kind of record that a rule counts, narrowed where its kind has kinds of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Counted {
    /// Outputs of one kind; `eventKinds` narrows events.
    Output {
        kind: OutputKind,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        event_kinds: Vec<EventKind>,
    },
    /// Partners of these kinds.
    Partner { kinds: Vec<PartnerKind> },
    /// Communities of practice.
    Community {},
    /// Lines of the budget of these kinds, of one partner if named (by the key of its
    /// organisation).
    BudgetLine {
        kinds: Vec<BudgetKind>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        partner: Option<String>,
    },
    /// Months of the project that are over.
    ProjectMonth {},
}

/// The figures of a report as they were when it was made, with the ids of the counted records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(transparent)]
pub struct FrozenFigures(pub Vec<FrozenFigure>);

/// One target's figure, frozen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FrozenFigure {
    pub target: String,
    pub value: i64,
    pub planned: Option<i64>,
    pub reported: Option<i64>,
    pub verified: Option<i64>,
    /// Reported at the start of the period.
    pub reported_before: Option<i64>,
    pub status: Option<String>,
    /// The counted records as `Kind:id`.
    pub counted: Vec<String>,
}
