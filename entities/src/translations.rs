//! Texts in other languages than the one in which their row has them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};

use crate::values::by_tag;

/// The texts of a row in other languages: by field, as clients spell it, and by language.
/// `{"note": {"it": "…"}, "goals": {"it": ["…", "…"]}}`.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, FromJsonQueryResult,
)]
#[serde(transparent)]
pub struct Translations(pub BTreeMap<String, BTreeMap<String, Translation>>);

/// A field in another language: its text, or all texts of its list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Translation {
    Text(String),
    Texts(Vec<String>),
}

impl Translations {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fields whose texts differ.
    pub fn changed_fields<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a str> {
        let all = self.0.keys().chain(other.0.keys());
        let changed = all.filter(|field| self.0.get(*field) != other.0.get(*field));
        changed.map(String::as_str)
    }

    /// A text in the wanted language (a tag such as `it` or `it-IT`), else as its row has it.
    #[must_use]
    pub fn text<'a>(&'a self, field: &str, own: &'a str, wanted: &str) -> &'a str {
        self.known(field, wanted).unwrap_or(own)
    }

    /// A text in the wanted language; `None` where it is in none but the row's own.
    #[must_use]
    pub fn known(&self, field: &str, wanted: &str) -> Option<&str> {
        match by_tag(self.0.get(field)?, wanted)? {
            Translation::Text(text) => Some(text),
            Translation::Texts(_) => None,
        }
    }

    /// The texts of a list in the wanted language. A list that has grown or shrunk since it was
    /// translated is as its row has it.
    #[must_use]
    pub fn texts<'a>(&'a self, field: &str, own: Vec<&'a str>, wanted: &str) -> Vec<&'a str> {
        let all = self.0.get(field).and_then(|all| by_tag(all, wanted));
        match all {
            Some(Translation::Texts(texts)) if texts.len() == own.len() => {
                texts.iter().map(String::as_str).collect()
            }
            _ => own,
        }
    }
}
