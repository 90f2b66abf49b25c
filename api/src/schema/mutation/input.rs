//! What inputs of several mutations share, and how the fields of an input become those of a record.

use std::collections::BTreeMap;

use async_graphql::{Context, ID, InputObject, InputType, Result};
use domain::{
    command::{Code, Draft, Fields, Named, Problem, by_language},
    record::{Field, Kind, Names, Rule, canonical},
};
use entities::Localized;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::schema::base::{id::NodeId, scalar::PartialDate};

/// Fields that inputs call otherwise than the project file: its word, and the input's.
const RENAMED: &[(&str, &str)] = &[("offsets", "daysBefore")];

/// The facts of a record with their days, as inputs call them.
const DATED_FACTS: &str = "datedFacts";

/// A text in one language.
#[derive(Clone, Debug, InputObject)]
pub struct TextInput {
    /// The language, as a BCP 47 tag such as `it`.
    pub locale: String,
    /// The text in it.
    pub text: String,
}

/// A text of a record in another language than the one in which the record has it.
#[derive(Clone, Debug, InputObject)]
pub struct TranslationInput {
    /// The field of the record, as the query spells it, such as `note`.
    field: String,
    /// The language, as a BCP 47 tag such as `it`.
    locale: String,
    /// The text; without it, and without `texts`, the field is in this language no more.
    text: Option<String>,
    /// All texts of a field that is a list, as many as the list has.
    texts: Option<Vec<String>>,
}

/// A fact, and the date from which on it holds.
#[derive(Clone, Debug, InputObject)]
pub struct DatedFactInput {
    /// The fact in a sentence.
    text: String,
    /// The date from which on it holds, as precisely as it is known, today at the latest; null if no
    /// day is known.
    since: Option<PartialDate>,
}

/// A place in a source.
#[derive(Clone, Debug, InputObject)]
pub struct CitationInput {
    /// The source: its id or key.
    source: ID,
    /// The place in it, such as a page or the number of a quotation; left out: the whole of it.
    locator: Option<String>,
}

/// Texts by language; the command refuses one language that is named twice.
pub fn localized(texts: Vec<TextInput>) -> Localized {
    by_language(texts.into_iter().map(|one| (one.locale, one.text)))
}

/// The record that a field names: by the id that another answer gave it, or by its key.
pub fn named(id: &ID) -> Named {
    id_of(id).map_or_else(|| Named::Key(id.to_string()), Named::Id)
}

fn id_of(id: &str) -> Option<Uuid> {
    NodeId::decode(id)?.uuid()
}

/// What the argument `input` of a mutation says, as clients spell it: the fields that are given, and
/// no other.
#[derive(Clone, Debug, Default)]
pub struct InputFields(Map<String, Json>);

impl InputFields {
    /// The fields of an input.
    ///
    /// # Errors
    /// Never for an input that was read from the same argument.
    pub fn new<I: InputType>(ctx: &Context<'_>, input: &I) -> Result<Self> {
        let mut arguments = ctx.field().arguments()?.into_iter();
        let given = arguments.find(|(name, _)| name == "input");
        let given = given.map(|(_, value)| value.into_json()).transpose()?;
        let values = input.to_value().into_json()?;
        Ok(match given_of(values, &given.unwrap_or_default()) {
            Json::Object(values) => Self(values),
            _ => Self::default(),
        })
    }

    /// Whether the input says null of a field.
    #[must_use]
    pub fn is_null(&self, field: &str) -> bool {
        self.0.get(field).is_some_and(Json::is_null)
    }

    /// Takes out what the input says of another record, which stands in a field of it.
    #[must_use]
    pub fn take(&mut self, field: &str) -> Option<Self> {
        match self.0.remove(field)? {
            Json::Object(values) => Some(Self(values)),
            _ => None,
        }
    }

    /// The fields of a record that names no other: it stands in no project yet.
    #[must_use]
    pub fn apart(self, fields: &[Field]) -> Fields {
        self.translated(fields, None)
    }

    /// The fields as the record calls them: keys instead of ids, citations in one word.
    #[must_use]
    pub fn of(self, draft: &Draft, fields: &[Field]) -> Fields {
        self.translated(fields, Some(draft))
    }

    /// Puts facts that are given with their days where the record has its facts. It is wrong to give
    /// them without, too, and to give one that nobody could see today.
    fn dated_facts(&mut self, draft: Option<&Draft>) -> Vec<Problem> {
        let Some(Json::Array(dated)) = self.0.remove(DATED_FACTS) else {
            return Vec::new();
        };
        let today = draft.map(Draft::today);
        let is_ahead = |fact: &Json| {
            let since = fact["since"]
                .as_str()?
                .parse::<entities::PartialDate>()
                .ok()?;
            today.filter(|today| since.first_day() > *today)
        };
        let ahead = dated.iter().enumerate().filter_map(|(at, fact)| {
            let today = is_ahead(fact)?;
            let problem = Problem::new(format!("{DATED_FACTS}.{at}.since"), Code::OutOfRange);
            Some(problem.with(format!("..{today}")))
        });
        let mut problems: Vec<_> = ahead.collect();
        let plain = self.0.insert("facts".to_owned(), dated.into());
        if plain.is_some_and(|facts| facts.is_array()) {
            problems.push(Problem::new(DATED_FACTS, Code::Twice));
        }
        problems
    }

    fn translated(mut self, fields: &[Field], draft: Option<&Draft>) -> Fields {
        for (record, input) in RENAMED {
            if let Some(value) = self.0.remove(*input) {
                self.0.insert((*record).to_owned(), value);
            }
        }
        let dated = self.dated_facts(draft);
        let mut versions = BTreeMap::new();
        for (field, value) in &self.0 {
            if let (Some(list), Some(version)) = (field.strip_suffix("Version"), value.as_str()) {
                versions.insert(list.to_owned(), version.to_owned());
            }
        }
        let mut translation = Translation {
            draft,
            names: draft
                .map(|draft| Names::of(&draft.rows))
                .unwrap_or_default(),
            problems: dated,
        };
        let values = translation.object(self.0, fields, "");
        Fields::new(values)
            .with_versions(versions)
            .with_problems(translation.problems)
    }
}

/// A value without the fields that an argument does not give. The entries of a list are whole.
fn given_of(value: Json, given: &Json) -> Json {
    match (value, given) {
        (Json::Object(values), Json::Object(given)) => values
            .into_iter()
            .filter_map(|(name, value)| {
                let given = given.get(&name)?;
                Some((name, given_of(value, given)))
            })
            .collect::<Map<_, _>>()
            .into(),
        (value, _) => value,
    }
}

/// The translation of an input's values into a record's.
struct Translation<'a> {
    draft: Option<&'a Draft>,
    names: Names,
    problems: Vec<Problem>,
}

impl Translation<'_> {
    /// What is no field of the record stays as it is.
    fn object(
        &mut self,
        mut values: Map<String, Json>,
        fields: &[Field],
        path: &str,
    ) -> Map<String, Json> {
        for field in fields {
            let name = field.camel();
            if let Some(value) = values.remove(&name) {
                let path = format!("{path}{name}");
                values.insert(name, self.value(value, field, &path));
            }
        }
        values
    }

    fn value(&mut self, value: Json, field: &Field, path: &str) -> Json {
        match (field.rule, value) {
            (Rule::Reference(kind), Json::String(named)) => self.reference(kind, named, path),
            (Rule::References(kind), Json::Array(all)) => {
                let all = all.into_iter().enumerate().map(|(at, one)| match one {
                    Json::String(named) => self.reference(kind, named, &format!("{path}.{at}")),
                    other => other,
                });
                all.collect()
            }
            (Rule::Mentions, Json::Array(all)) => {
                all.into_iter().map(|one| self.mention(one)).collect()
            }
            (Rule::Citations, Json::Array(all)) => {
                all.iter().map(|one| self.citation(one)).collect()
            }
            (Rule::Names { .. } | Rule::LongTexts, Json::Array(texts)) => {
                let text =
                    |one: &Json, name: &str| one[name].as_str().unwrap_or_default().to_owned();
                let texts = texts
                    .iter()
                    .map(|one| (text(one, "locale"), text(one, "text")));
                json!(by_language(texts))
            }
            (Rule::Translated(..), Json::Array(all)) => self.translations(&all, path),
            (Rule::One(fields), Json::Object(values)) => {
                Json::Object(self.object(values, fields(), &format!("{path}.")))
            }
            (Rule::Each(list), Json::Array(entries)) => {
                let entries = entries
                    .into_iter()
                    .enumerate()
                    .map(|(at, entry)| match entry {
                        Json::Object(entry) => {
                            let path = format!("{path}.{at}.");
                            Json::Object(self.object(entry, list().fields, &path))
                        }
                        other => other,
                    });
                entries.collect()
            }
            (Rule::Own, Json::Array(entries)) => {
                let entries = entries
                    .into_iter()
                    .map(|entry| self.own_entry(entry, field.kind));
                entries.collect()
            }
            (_, value) => value,
        }
    }

    /// The key of the record that a field names by its id or key. What names nothing stays as it is,
    /// and the record's rules refuse it.
    fn reference(&mut self, kind: Kind, named: String, path: &str) -> Json {
        let by_id = id_of(&named).and_then(|id| self.names.key_of(id));
        let key = by_id.map_or(named, str::to_owned);
        if kind == Kind::Person
            && let Some(draft) = self.draft
            && let Some(person) = self.names.id_of(kind, &key)
            && !draft.viewer.may_see_person(&draft.project(), person.into())
        {
            self.problems
                .push(Problem::new(path.to_owned(), Code::NotFound));
            return Json::Null;
        }
        key.into()
    }

    /// Texts in other languages, by field and language.
    fn translations(&mut self, all: &[Json], path: &str) -> Json {
        let mut fields = Map::new();
        for (at, one) in all.iter().enumerate() {
            let word = |name: &str| one[name].as_str().unwrap_or_default();
            let texts = fields
                .entry(word("field"))
                .or_insert_with(|| Map::new().into());
            let text = match (&one["text"], &one["texts"]) {
                (Json::Null, texts) => texts.clone(),
                (text, _) => text.clone(),
            };
            let tag = canonical(word("locale")).into_owned();
            let before = texts.as_object_mut().and_then(|all| all.insert(tag, text));
            if before.is_some() {
                let path = format!("{path}.{at}.locale");
                self.problems.push(Problem::new(path, Code::Twice));
            }
        }
        fields.into()
    }

    /// A record of any kind, such as `partner:torino`.
    fn mention(&self, named: Json) -> Json {
        let node = named.as_str().and_then(NodeId::decode);
        let name = node.and_then(|node| {
            let kind: Kind = node.kind.parse().ok()?;
            let key = self.names.key_of(node.uuid()?)?;
            Some(format!("{}:{key}", kind.table()))
        });
        name.map_or(named, Json::String)
    }

    /// The key of a source, or `key:place` in it.
    fn citation(&self, citation: &Json) -> Json {
        let named = citation["source"].as_str().unwrap_or_default();
        let by_id = id_of(named).and_then(|id| self.names.key_of(id));
        let key = by_id.unwrap_or(named);
        match citation["locator"].as_str() {
            Some(place) => format!("{key}:{place}").into(),
            None => key.into(),
        }
    }

    /// An entry of a list that its record's own room checks.
    fn own_entry(&self, entry: Json, kind: &str) -> Json {
        match (kind, entry) {
            ("Links", url @ Json::String(_)) => json!({ "url": url }),
            (_, Json::Object(mut entry)) => {
                if let Some(citation) = entry.remove("citation") {
                    let source = match citation {
                        Json::Null => Json::Null,
                        citation => self.citation(&citation),
                    };
                    entry.insert("source".to_owned(), source);
                }
                Json::Object(entry)
            }
            (_, entry) => entry,
        }
    }
}

/// Whether an input gives facts with their days.
pub fn has_dated_facts(ctx: &Context<'_>) -> bool {
    let arguments = ctx.field().arguments().unwrap_or_default();
    let inputs = arguments.into_iter().map(|(_, value)| value.into_json());
    let has = |input: &Json| input[DATED_FACTS].is_array();
    inputs
        .filter_map(Result::ok)
        .any(|input| has(&input) || has(&input["policy"]))
}

/// The field of an input that a problem of a record is about; `is_dated`: the input gives facts with
/// their days.
pub fn input_path(problem: &Problem, is_dated: bool) -> String {
    // Of a citation, what names nothing is its source; everything else is about the place in it.
    let part = match problem.code {
        Code::NotFound => "source",
        _ => "locator",
    };
    let mut path: Vec<&str> = problem.path.split('.').collect();
    for name in &mut path {
        if let Some((_, input)) = RENAMED.iter().find(|(record, _)| record == name) {
            *name = input;
        }
    }
    let is_place = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
    match path[..] {
        [.., "sources", place] if is_place(place) => path.push(part),
        [.., "facts"] if is_dated => {
            path.pop();
            path.push(DATED_FACTS);
        }
        [.., "facts", place] if is_dated && is_place(place) => {
            let facts = path.len() - 2;
            path[facts] = DATED_FACTS;
            path.push("text");
        }
        [.., "stated" | "readings", place, "source"] if is_place(place) => {
            path.pop();
            path.extend(["citation", part]);
        }
        _ => {}
    }
    path.join(".")
}

/// The type of a field of an input: it `must` be given to create, `may` be taken away by an edit, or
/// `can` be given.
macro_rules! field_type {
    (create must $type:ty) => { $type };
    (create $how:ident $type:ty) => { Option<$type> };
    (edit may $type:ty) => { async_graphql::MaybeUndefined<$type> };
    (edit $how:ident $type:ty) => { Option<$type> };
}
pub(super) use field_type;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_name_the_fields_that_inputs_have() {
        for (record, code, input) in [
            ("title", Code::TooLong, "title"),
            ("offsets.1", Code::OutOfRange, "daysBefore.1"),
            ("sources.0", Code::NotFound, "sources.0.source"),
            ("sources.0", Code::TooLong, "sources.0.locator"),
            ("sources", Code::OutOfRange, "sources"),
            (
                "stated.2.source",
                Code::NotFound,
                "stated.2.citation.source",
            ),
            (
                "readings.0.source",
                Code::TooLong,
                "readings.0.citation.locator",
            ),
            ("proof.source.source", Code::NotFound, "proof.source.source"),
        ] {
            assert_eq!(input_path(&Problem::new(record, code), false), input);
        }
        for (record, input) in [
            ("facts", "datedFacts"),
            ("policy.facts.1", "policy.datedFacts.1.text"),
            ("description", "description"),
        ] {
            let problem = Problem::new(record, Code::TooLong);
            assert_eq!(input_path(&problem, true), input);
        }
    }
}
