//! The kinds of records and their fields, from which forms can be built.

use async_graphql::{Object, SimpleObject};
use domain::record::{
    Description, FieldDescription, Format as TextFormat, Limits, ValueType as FieldType,
    descriptions,
};

use crate::schema::base::scalar::Quantity;

/// The root of the kinds of records.
#[derive(Debug, Default)]
pub struct RecordKindQuery;

#[Object]
impl RecordKindQuery {
    /// The kinds of records, and of the entries of their lists, with the fields of each: what a form
    /// needs. They are the same for all projects and viewers.
    async fn record_kinds(
        &self,
        #[graphql(desc = "Only the kinds of these names, such as `Visit`; all if left out.")]
        names: Option<Vec<String>>,
    ) -> Vec<RecordKind> {
        let is_named = |kind: &&Description| {
            let names = names.as_ref();
            names.is_none_or(|names| names.iter().any(|name| name == kind.name))
        };
        descriptions()
            .iter()
            .filter(is_named)
            .map(RecordKind)
            .collect()
    }
}

/// A kind of record, or of the entries of a list.
#[derive(Clone, Copy, Debug)]
pub struct RecordKind(&'static Description);

/// A kind of record, or of the entries of a list.
#[Object]
impl RecordKind {
    /// The name of its GraphQL type, such as `Visit`.
    async fn name(&self) -> &'static str {
        self.0.name
    }

    /// Whether it is no record by itself but belongs to one: an entry of a list, such as `AgendaItem`.
    async fn part(&self) -> bool {
        self.0.is_part
    }

    /// Of a kind of output: the field of `editOutput` that holds the fields which outputs of this kind
    /// alone have, such as `visit`; null for other kinds.
    async fn detail(&self) -> Option<&'static str> {
        self.0.detail
    }

    /// The fields, in the order of the project file. Of a kind of output those of all outputs, then
    /// those of the kind.
    async fn fields(&self) -> Vec<RecordField> {
        self.0.fields.iter().map(RecordField).collect()
    }
}

/// A field of a kind of record.
#[derive(Clone, Copy, Debug)]
pub struct RecordField(&'static FieldDescription);

/// A field of a kind of record.
#[Object]
impl RecordField {
    /// The name, as mutations and project files spell it.
    async fn name(&self) -> &'static str {
        &self.0.name
    }

    /// What the field says, in English.
    async fn description(&self) -> &'static str {
        &self.0.description
    }

    /// The type of the value; of a list, of each of its values.
    #[graphql(name = "type")]
    async fn value_type(&self) -> FieldType {
        self.0.value
    }

    /// Whether it is a list of values.
    async fn list(&self) -> bool {
        self.0.is_list
    }

    /// The `name` of the kind that a reference names, or whose fields a part has; null for other types.
    async fn of(&self) -> Option<&'static str> {
        self.0.of
    }

    /// The words of a vocabulary, one of which the value is; empty for other types.
    async fn values(&self) -> &'static [String] {
        &self.0.words
    }

    /// Whether no record is without it. Mutations make some of these by themselves, such as the key of
    /// an output: the input of the mutation says so.
    async fn required(&self) -> bool {
        self.0.is_required
    }

    /// Whether outputs of this kind alone have it, and not all outputs: inputs have it in the kind's
    /// `detail`.
    async fn detail(&self) -> bool {
        self.0.is_detail
    }

    /// What values must hold, in a form that a program can check. The server may refuse more: that a
    /// key is taken, or that there is no such time zone.
    async fn rules(&self) -> FieldRules {
        FieldRules::new(&self.0.limits, self.0.max_items)
    }
}

/// What the values of a field must hold. A rule that there is not is null or false.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct FieldRules {
    /// The most letters of a text, in each language.
    max_length: Option<usize>,
    /// Whether a text may not be blank.
    not_blank: bool,
    /// Whether a text stands in one line.
    one_line: bool,
    /// The least number.
    min: Option<Quantity>,
    /// The greatest number.
    max: Option<Quantity>,
    /// The most values of a list.
    max_items: Option<usize>,
    /// A regular expression that matches the whole text, as JavaScript reads it.
    pattern: Option<&'static str>,
    /// The standard that a text goes by.
    format: Option<TextFormat>,
}

impl FieldRules {
    fn new(limits: &Limits, max_items: Option<usize>) -> Self {
        Self {
            max_length: limits.max_length,
            not_blank: limits.is_not_blank,
            one_line: limits.is_one_line,
            min: limits.min.map(Quantity),
            max: limits.max.map(Quantity),
            max_items,
            pattern: limits.pattern,
            format: limits.format,
        }
    }
}
