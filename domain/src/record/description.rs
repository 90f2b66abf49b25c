//! The kinds of records and their fields as data, for who makes forms: read off the rooms.

use std::sync::LazyLock;

use entities::OutputKind;
use schemars::{Schema, SchemaGenerator, generate::SchemaSettings};
use serde_json::Value as Json;

use super::{
    Detail, Entry, Kind, Programme, Record, Role, Step, fields,
    rule::{Field, LIST_ENTRIES, Limits, Rule},
};

/// A kind of record, or of an entry of a list.
#[derive(Clone, Debug)]
pub struct Description {
    /// The name of its GraphQL type.
    pub name: &'static str,
    /// Whether it is an entry of a list of another record, or a part of one.
    pub is_part: bool,
    /// Of an output: the field in which inputs have what its kind alone has.
    pub detail: Option<&'static str>,
    pub fields: Vec<FieldDescription>,
}

/// A field of a kind of record.
#[derive(Clone, Debug)]
pub struct FieldDescription {
    /// As clients and project files spell it.
    pub name: String,
    pub description: String,
    /// Whether one kind of output alone has it.
    pub is_detail: bool,
    pub value: ValueType,
    pub is_list: bool,
    /// The kind that a reference names, or of which the parts are.
    pub of: Option<&'static str>,
    /// The words of a vocabulary.
    pub words: Vec<String>,
    pub is_required: bool,
    /// What each value is held to.
    pub limits: Limits,
    pub max_items: Option<usize>,
}

/// The type of a field's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "graphql", derive(async_graphql::Enum))]
#[cfg_attr(feature = "graphql", graphql(name = "FieldType"))]
pub enum ValueType {
    /// A text.
    Text,
    /// A text in several languages: each has a language and the text.
    TextByLanguage,
    /// Reasons, each of a field of the record.
    TextByField,
    /// A day, such as `2021-09-20`.
    Date,
    /// A date as precisely as it is known: a day, a month or a year.
    PartialDate,
    /// An instant.
    DateTime,
    /// A whole number.
    Integer,
    /// A number.
    Decimal,
    /// Yes or no.
    Boolean,
    /// A word of a vocabulary: one of `values`.
    Word,
    /// A record of the project, of the kind `of`.
    Reference,
    /// A source of the project, with a place in it.
    Citation,
    /// A record of any of several kinds.
    Mention,
    /// A record that belongs to this one, with the fields of the kind `of`.
    Part,
    /// A value with fields of its own, which the schema describes.
    Object,
}

/// All kinds of records, in the order of the project file, then their parts.
#[must_use]
pub fn descriptions() -> &'static [Description] {
    static ALL: LazyLock<Vec<Description>> = LazyLock::new(|| {
        let kinds = Kind::ALL.iter().copied().map(of_kind);
        let entries = Entry::ALL
            .iter()
            .map(|entry| (entry.name(), entry.fields()));
        let others = [
            ("OutputEvent", Step::FIELDS),
            ("Programme", Programme::FIELDS),
            ("Role", Role::FIELDS),
        ];
        let parts = entries.chain(others).map(|(name, fields)| Description {
            name,
            is_part: true,
            detail: None,
            fields: fields.iter().map(|field| describe(field, false)).collect(),
        });
        kinds.chain(parts).collect()
    });
    &ALL
}

fn of_kind(kind: Kind) -> Description {
    let output = match kind {
        Kind::Output(kind) => Some(kind),
        _ => None,
    };
    // An output's `kind` holds what its kind alone has.
    let own = fields(kind).iter();
    let own = own.filter(|field| output.is_none() || field.name != "kind");
    let own = own.map(|field| describe(field, false));
    let detail = output.map_or(&[][..], Detail::fields).iter();
    Description {
        name: kind.name(),
        is_part: false,
        detail: output.map(|kind: OutputKind| Kind::detail(kind).1),
        fields: own
            .chain(detail.map(|field| describe(field, true)))
            .collect(),
    }
}

fn describe(field: &Field, is_detail: bool) -> FieldDescription {
    let schema = schema_of(field);
    let (value, is_list) = type_of(field.rule).unwrap_or_else(|| type_in(&schema));
    let mut words = Vec::new();
    if value == ValueType::Word {
        collect_words(&schema, &mut words);
    }
    FieldDescription {
        name: field.camel(),
        description: field
            .description
            .lines()
            .map(str::trim)
            .collect::<Vec<_>>()
            .join(" "),
        is_detail,
        value,
        is_list,
        of: kind_named(field.rule),
        words,
        is_required: !field.is_optional() && !field.has_default,
        limits: field.rule.limits(),
        max_items: is_list.then_some(LIST_ENTRIES),
    }
}

/// The type of the values that a rule is for, and whether there are many; `None` where the field's
/// own type says it.
fn type_of(rule: Rule) -> Option<(ValueType, bool)> {
    Some(match rule {
        Rule::Key
        | Rule::Name
        | Rule::Text
        | Rule::LongText
        | Rule::Url
        | Rule::MailAddress
        | Rule::TimeZone
        | Rule::Language
        | Rule::Country
        | Rule::Currency
        | Rule::Time => (ValueType::Text, false),
        Rule::Number(..) => (ValueType::Integer, false),
        Rule::Degrees(_) => (ValueType::Decimal, false),
        Rule::Reference(_) => (ValueType::Reference, false),
        Rule::References(_) => (ValueType::Reference, true),
        Rule::Citations => (ValueType::Citation, true),
        Rule::Mentions => (ValueType::Mention, true),
        Rule::Names { .. } | Rule::LongTexts => (ValueType::TextByLanguage, false),
        Rule::Texts | Rule::NameList => (ValueType::Text, true),
        Rule::Translated(..) => (ValueType::Object, false),
        Rule::One(_) => (ValueType::Part, false),
        Rule::Each(_) => (ValueType::Part, true),
        Rule::Any | Rule::Own => return None,
    })
}

/// The kind that a rule names.
fn kind_named(rule: Rule) -> Option<&'static str> {
    match rule {
        Rule::Reference(kind) | Rule::References(kind) => Some(kind.name()),
        Rule::Citations => Some(Kind::Source.name()),
        Rule::One(_) => Some("Programme"),
        Rule::Each(list) => Some(match list().name {
            "Step" => "OutputEvent",
            name => {
                let mut entries = Entry::ALL.iter();
                let entry = entries.find(|entry| format!("{entry:?}") == name);
                entry.map_or(name, |entry| entry.name())
            }
        }),
        _ => None,
    }
}

/// The JSON Schema of a field's type, with nothing left to look up elsewhere.
fn schema_of(field: &Field) -> Json {
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let schema: Schema = (field.schema)(&mut SchemaGenerator::new(settings));
    schema.to_value()
}

/// The type of the values that a schema describes, and whether there are many.
fn type_in(schema: &Json) -> (ValueType, bool) {
    let is = |name: &str| match &schema["type"] {
        Json::Array(types) => types.iter().any(|one| one == name),
        one => one == name,
    };
    let alternatives = ["anyOf", "oneOf"]
        .iter()
        .find_map(|name| schema[*name].as_array());
    match schema["format"].as_str() {
        Some("date") => return (ValueType::Date, false),
        Some("partial-date") => return (ValueType::PartialDate, false),
        Some("date-time") => return (ValueType::DateTime, false),
        _ => {}
    }
    let mut words = Vec::new();
    if is("array") {
        return (type_in(&schema["items"]).0, true);
    }
    if let Some(one) = alternatives.and_then(|all| all.iter().find(|one| one["type"] != "null")) {
        return type_in(one);
    }
    collect_words(schema, &mut words);
    let value = match () {
        () if !words.is_empty() => ValueType::Word,
        () if is("boolean") => ValueType::Boolean,
        () if is("integer") => ValueType::Integer,
        () if is("number") => ValueType::Decimal,
        () if is("string") => ValueType::Text,
        () if schema["additionalProperties"]["type"] == "string" => ValueType::TextByField,
        () => ValueType::Object,
    };
    (value, false)
}

/// The words of the vocabulary that a schema describes, alone or in a list.
fn collect_words(schema: &Json, words: &mut Vec<String>) {
    let constant = schema["const"].as_str();
    let listed = schema["enum"].as_array().into_iter().flatten();
    let own = constant.into_iter().chain(listed.filter_map(Json::as_str));
    words.extend(own.map(str::to_owned));
    for name in ["anyOf", "oneOf"] {
        let all = schema[name].as_array().into_iter().flatten();
        all.for_each(|one| collect_words(one, words));
    }
    if schema["items"].is_object() {
        collect_words(&schema["items"], words);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: &str, name: &str) -> FieldDescription {
        let mut kinds = descriptions().iter();
        let kind = kinds.find(|one| one.name == kind).expect(kind);
        let mut fields = kind.fields.iter();
        fields.find(|one| one.name == name).expect(name).clone()
    }

    #[test]
    fn a_field_is_described_as_its_room_declares_it() {
        let title = field("Call", "title");
        assert_eq!((title.value, title.is_list), (ValueType::Text, false));
        assert!(title.is_required && title.limits.is_one_line);
        assert_eq!(title.limits.max_length, Some(300));
        assert_eq!(title.description, "Its title, in its own language.");

        let places = field("Call", "places");
        assert_eq!(places.value, ValueType::Integer);
        assert_eq!(
            (places.limits.min, places.limits.max),
            (Some(1), Some(1_000_000))
        );
        assert!(!places.is_required);

        assert_eq!(field("Call", "issued").value, ValueType::PartialDate);
        assert_eq!(field("Call", "deadline").value, ValueType::Date);
        let required = field("Call", "required");
        assert_eq!((required.value, required.is_list), (ValueType::Text, true));
        assert_eq!(required.max_items, Some(500));
    }

    #[test]
    fn vocabularies_references_and_parts_say_what_they_are_of() {
        let mode = field("Visit", "mode");
        assert_eq!(mode.value, ValueType::Word);
        assert_eq!(mode.words, ["IN_PERSON", "ONLINE", "HYBRID"]);
        let audience = field("ReminderRule", "audience");
        assert_eq!((audience.value, audience.is_list), (ValueType::Word, true));
        assert!(!audience.words.is_empty());
        assert_eq!(field("ReminderRule", "offsets").value, ValueType::Integer);

        let host = field("StaffExchange", "host");
        assert_eq!(
            (host.value, host.of),
            (ValueType::Reference, Some("Partner"))
        );
        let pairing = field("StaffExchange", "pairing");
        assert!(pairing.is_detail && pairing.is_required);
        let practices = field("Visit", "practices");
        assert_eq!((practices.is_list, practices.of), (true, Some("Practice")));
        for (kind, list, of) in [
            ("Visit", "participants", "Participation"),
            ("Visit", "history", "OutputEvent"),
            ("ActionPlan", "measures", "Measure"),
            ("Person", "roles", "Role"),
            ("Project", "programme", "Programme"),
        ] {
            assert_eq!(field(kind, list).value, ValueType::Part, "{kind}.{list}");
            assert_eq!(field(kind, list).of, Some(of), "{kind}.{list}");
        }
        assert_eq!(field("Visit", "basis").value, ValueType::TextByField);
        assert_eq!(field("Note", "readings").value, ValueType::Object);
        assert_eq!(field("Project", "public").value, ValueType::Boolean);
        assert_eq!(field("Project", "startsOn").value, ValueType::Date);
    }

    #[test]
    fn every_kind_that_a_field_is_of_is_described() {
        let names: Vec<_> = descriptions().iter().map(|one| one.name).collect();
        for kind in descriptions() {
            for field in &kind.fields {
                assert!(
                    !field.description.is_empty(),
                    "{}.{}",
                    kind.name,
                    field.name
                );
                assert!(
                    field.of.is_none_or(|of| names.contains(&of)),
                    "{}.{} of {:?}",
                    kind.name,
                    field.name,
                    field.of
                );
            }
        }
        let mut once = names.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), names.len(), "{names:?}");
    }
}
