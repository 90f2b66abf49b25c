//! What an input says of a record: values by field, spelled as the project file spells them. What is
//! left out stays as it is, null takes away what can be missing, a list takes the place of the list.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::{Code, Problem, Problems};
use crate::record::{Field, List, Record, Rule};

/// What an input says of a record.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    values: Map<String, Json>,
    /// The versions of the lists that are replaced, by field.
    versions: BTreeMap<String, String>,
    /// What was found to be wrong while the input was read.
    problems: Vec<Problem>,
    /// Fields of which it speaks beside its own: those of what an output's kind alone says.
    also: Vec<String>,
}

impl Fields {
    #[must_use]
    pub fn new(values: Map<String, Json>) -> Self {
        Self {
            values,
            ..Self::default()
        }
    }

    /// The same with the versions of lists.
    #[must_use]
    pub fn with_versions(mut self, versions: BTreeMap<String, String>) -> Self {
        self.versions = versions;
        self
    }

    /// The same with what is wrong with it already.
    #[must_use]
    pub fn with_problems(mut self, problems: Vec<Problem>) -> Self {
        self.problems = problems;
        self
    }

    /// Whether it says anything of a field.
    #[must_use]
    pub fn says(&self, field: &str) -> bool {
        self.values.contains_key(field)
    }

    #[must_use]
    pub fn get(&self, field: &str) -> Option<&Json> {
        self.values.get(field)
    }

    /// The text of a field.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&str> {
        self.get(field)?.as_str()
    }

    /// Says something of a field.
    pub fn set(&mut self, field: &str, value: impl Into<Json>) {
        self.values.insert(field.to_owned(), value.into());
    }

    /// Says something of a field of which it says nothing yet.
    pub fn set_default(&mut self, field: &str, value: impl Into<Json>) {
        let entry = self.values.entry(field).or_insert(Json::Null);
        if entry.is_null() {
            *entry = value.into();
        }
    }

    /// Takes out what it says of a field.
    pub fn take(&mut self, field: &str) -> Option<Json> {
        self.values.remove(field)
    }

    /// Says in a field what another input says.
    pub fn nest(&mut self, field: &str, nested: Self) {
        self.values.insert(field.to_owned(), nested.values.into());
        let problems = nested.problems.into_iter();
        self.problems.extend(problems.map(|one| one.under(field)));
    }

    /// What it says of a record that stands in a field of this one, with the versions of its lists.
    #[must_use]
    pub fn take_nested(&mut self, field: &str) -> Option<Self> {
        match self.take(field)? {
            Json::Object(values) => Some(Self::new(values).with_versions(self.versions.clone())),
            _ => None,
        }
    }

    /// Counts further fields among those of which it says something.
    pub(super) fn also(&mut self, fields: impl IntoIterator<Item = impl Into<String>>) {
        self.also.extend(fields.into_iter().map(Into::into));
    }

    /// The fields of which it says anything.
    pub(super) fn given(&self) -> Vec<String> {
        self.values.keys().chain(&self.also).cloned().collect()
    }

    /// A new record of these fields, before it is read.
    pub(super) fn into_object(self, fields: &[Field]) -> Map<String, Json> {
        let mut values = Map::new();
        overlay(&mut values, self.values, fields);
        values
    }

    /// All that it says.
    pub(super) fn into_values(self) -> Map<String, Json> {
        self.values
    }

    /// What was found to be wrong while the input was read.
    pub(super) fn problems(&mut self) -> Problems {
        let mut problems = Problems::default();
        for problem in std::mem::take(&mut self.problems) {
            problems.push(problem);
        }
        problems
    }

    /// Whether a list is the one that the client read, for each list that would lose entries:
    /// otherwise a problem in the field of its version.
    pub(super) fn check_lists(
        &self,
        fields: &[Field],
        version: impl Fn(List) -> String,
        is_empty: impl Fn(&str) -> bool,
        problems: &mut Problems,
    ) {
        for field in fields {
            let Rule::Each(list) = field.rule else {
                continue;
            };
            let name = field.camel();
            // Without a list, or with null, it stays as it is.
            if !self.get(&name).is_some_and(Json::is_array) {
                continue;
            }
            let problem = match self.versions.get(&name) {
                None if is_empty(&name) => continue,
                None => Code::Required,
                Some(read) if *read == version(list()) => continue,
                Some(_) => Code::Conflict,
            };
            problems.add(format!("{name}Version"), problem);
        }
    }

    /// The record as it is from now on.
    pub(super) fn over<R: Record>(
        self,
        old: &Map<String, Json>,
        problems: &mut Problems,
    ) -> Option<R> {
        let mut values = old.clone();
        overlay(&mut values, self.values, R::FIELDS);
        forget_basis(old, &mut values);
        read(values, problems)
    }

    /// A new record.
    pub(super) fn into_record<R: Record>(self, problems: &mut Problems) -> Option<R> {
        let mut values = Map::new();
        overlay(&mut values, self.values, R::FIELDS);
        read(values, problems)
    }
}

/// A record as a project file spells it.
pub(super) fn object<R: Record>(record: &R) -> Map<String, Json> {
    match serde_json::to_value(record) {
        Ok(Json::Object(values)) => values,
        _ => Map::new(),
    }
}

fn read<R: Record>(values: Map<String, Json>, problems: &mut Problems) -> Option<R> {
    let read = serde_json::from_value(Json::Object(values));
    let problem = |error: serde_json::Error| Problem::new("", Code::WrongType).with(error);
    problems.take(read.map_err(problem))
}

/// How a value was worked out says nothing any more where another one is given.
fn forget_basis(old: &Map<String, Json>, new: &mut Map<String, Json>) {
    let Some(Json::Object(mut basis)) = new.remove("basis") else {
        return;
    };
    basis.retain(|field, _| find(old, field) == find(new, field));
    new.insert("basis".into(), Json::Object(basis));
}

/// The value of a field, such as `title.it`, of a record or of what its kind alone says.
fn find<'a>(values: &'a Map<String, Json>, field: &str) -> Option<&'a Json> {
    let (name, part) = field.split_once('.').unwrap_or((field, ""));
    match values.get(name) {
        Some(value) if part.is_empty() => Some(value),
        Some(value) => value.get(part),
        None => {
            let mut nested = values.values().filter_map(Json::as_object);
            nested.find_map(|values| find(values, field))
        }
    }
}

/// Puts what is said in the place of what stood there, field by field. What is no field of the record
/// says nothing of it.
pub(super) fn overlay(old: &mut Map<String, Json>, mut new: Map<String, Json>, fields: &[Field]) {
    for field in fields {
        let name = field.camel();
        let Some(value) = new.remove(&name) else {
            continue;
        };
        if value.is_null() && !field.is_optional() {
            continue;
        }
        let value = match (field.rule, value) {
            (Rule::Each(list), Json::Array(entries)) => {
                let old = old.get(&name).and_then(Json::as_array);
                Json::Array(entries_over(
                    old.map_or(&[], Vec::as_slice),
                    entries,
                    list(),
                ))
            }
            (Rule::Texts, Json::Array(texts)) => {
                let old = old.get(&name).and_then(Json::as_array);
                let old = old.map_or(&[][..], Vec::as_slice);
                texts.into_iter().map(|text| dated(text, old)).collect()
            }
            (Rule::Translated(..), Json::Object(texts)) => {
                translated(old.get(&name).and_then(Json::as_object), texts)
            }
            (_, value) => value,
        };
        old.insert(name, value);
    }
}

/// The texts in other languages from now on: those that are given take the place of what stood there,
/// null takes one away, and the others stay.
fn translated(old: Option<&Map<String, Json>>, given: Map<String, Json>) -> Json {
    let mut all = old.cloned().unwrap_or_default();
    for (field, texts) in given {
        let entry = all
            .entry(field.clone())
            .or_insert_with(|| Map::new().into());
        if let (Json::Object(kept), Json::Object(texts)) = (entry, texts) {
            kept.extend(texts);
            kept.retain(|_, text| !text.is_null());
        }
        let is_empty = |texts: &Json| texts.as_object().is_some_and(Map::is_empty);
        if all.get(&field).is_some_and(is_empty) {
            all.remove(&field);
        }
    }
    all.into()
}

/// A fact that stays keeps its day, unless the input gives it with one.
fn dated(text: Json, old: &[Json]) -> Json {
    let known = old.iter().find(|old| old.get("text") == Some(&text));
    known.cloned().unwrap_or(text)
}

/// Whether a new entry of a list is an old one.
type Likeness<'a> = &'a dyn Fn(&Map<String, Json>, &Json) -> bool;

/// The entries of a list as they are from now on. An entry that is known again keeps what no input
/// says, such as its sources; of several that are called alike, those that say the same as before go
/// first.
fn entries_over(old: &[Json], new: Vec<Json>, list: List) -> Vec<Json> {
    let same = |new: &Map<String, Json>, old: &Json| {
        let old = old.as_object();
        old.is_some_and(|old| kept(new, old, list.fields) == *old)
    };
    let called_alike = |new: &Map<String, Json>, old: &Json| {
        let value = |of: Option<&Json>| of.filter(|value| !value.is_null()).cloned();
        let names = list.known_by.iter();
        names
            .map(|name| heck::AsLowerCamelCase(name).to_string())
            .all(|name| value(new.get(&name)) == value(old.get(&name)))
    };
    let mut left: Vec<&Json> = old.iter().collect();
    let mut new: Vec<(Map<String, Json>, Option<&Json>)> = new
        .into_iter()
        .filter_map(|entry| match entry {
            Json::Object(entry) => Some((entry, None)),
            _ => None,
        })
        .collect();
    let ways: [Likeness<'_>; 2] = [&same, &called_alike];
    for is_known in ways {
        for (entry, known) in &mut new {
            if known.is_none()
                && let Some(place) = left.iter().position(|old| is_known(entry, old))
            {
                *known = Some(left.remove(place));
            }
        }
    }
    let entries = new.into_iter().map(|(entry, known)| {
        let old = known.and_then(Json::as_object);
        Json::Object(kept(&entry, old.unwrap_or(&Map::new()), list.fields))
    });
    entries.collect()
}

/// An entry with what it does not speak of as it was. What it leaves empty and cannot be missing is as
/// in a new entry.
fn kept(entry: &Map<String, Json>, old: &Map<String, Json>, fields: &[Field]) -> Map<String, Json> {
    let mut all = Map::new();
    for field in fields {
        let name = field.camel();
        let value = match entry.get(&name) {
            // From when on an entry is there stays, unless another day is given; so do its texts in
            // other languages.
            Some(Json::Null) if ["since", "translations"].contains(&name.as_str()) => {
                old.get(&name)
            }
            Some(Json::Null) if !field.is_optional() => None,
            Some(value) => Some(value),
            None => old.get(&name),
        };
        let value = match (field.rule, value) {
            (Rule::Translated(..), Some(Json::Object(texts))) => {
                let old = old.get(&name).and_then(Json::as_object);
                Some(translated(old, texts.clone()))
            }
            (_, value) => value.cloned(),
        };
        if let Some(value) = value {
            all.insert(name, value);
        }
    }
    all
}
