//! By which keys the records of a project name each other.

use std::collections::HashMap;

use entities::OutputKind;
use sea_orm::Iterable;
use uuid::Uuid;

use super::{Kind, kind::keyed_lists, rule::Rule};
use crate::record::rows::Rows;

/// The ids of records by kind and key, and the keys by id.
#[derive(Clone, Debug, Default)]
pub struct Names {
    ids: HashMap<Kind, HashMap<String, Uuid>>,
    keys: HashMap<Uuid, String>,
}

impl Names {
    /// The names of all records of a project. Partners go by their organisation's key.
    #[must_use]
    pub fn of(rows: &Rows) -> Self {
        let mut names = Self::default();
        names.add(Kind::Project, &rows.project.key, rows.project.id.into());
        macro_rules! add {
            ($($kind:ident: $list:ident, $table:ident;)+) => {$(
                for row in &rows.$table {
                    names.add(Kind::$kind, &row.key, row.id.into());
                }
            )+};
        }
        keyed_lists!(add);
        for row in &rows.partners {
            let organisation = names.keys.get(&row.organisation_id.into()).cloned();
            names.add(
                Kind::Partner,
                &organisation.unwrap_or_default(),
                row.id.into(),
            );
        }
        for row in &rows.outputs {
            names.add(Kind::Output(row.kind), &row.key, row.id.into());
        }
        names
    }

    /// The project's own id.
    #[must_use]
    pub fn project(&self) -> Uuid {
        let project = self
            .ids
            .get(&Kind::Project)
            .and_then(|all| all.values().next());
        project.copied().unwrap_or_default()
    }

    /// Takes in a record; false: another of its kind has this key.
    pub fn add(&mut self, kind: Kind, key: &str, id: Uuid) -> bool {
        self.keys.insert(id, key.to_owned());
        let of_kind = self.ids.entry(kind).or_default();
        let is_free = !of_kind.contains_key(key);
        if is_free {
            of_kind.insert(key.to_owned(), id);
        }
        is_free
    }

    /// Takes a record away.
    pub fn remove(&mut self, kind: Kind, key: &str) {
        if let Some(id) = self.ids.get_mut(&kind).and_then(|all| all.remove(key)) {
            self.keys.remove(&id);
        }
    }

    #[must_use]
    pub fn id_of(&self, kind: Kind, key: &str) -> Option<Uuid> {
        self.ids.get(&kind)?.get(key).copied()
    }

    #[must_use]
    pub fn key_of(&self, id: Uuid) -> Option<&str> {
        self.keys.get(&id).map(String::as_str)
    }

    /// The record that a field of this rule names.
    #[must_use]
    pub fn referred(&self, rule: Rule, key: &str) -> Option<Uuid> {
        match rule {
            Rule::Reference(kind) | Rule::References(kind) => self.id_of(kind, key),
            _ => None,
        }
    }

    /// The output of a name such as `visit:cop1_w2`.
    #[must_use]
    pub fn output(&self, name: &str) -> Option<Uuid> {
        let (kind, key) = name.split_once(':')?;
        let kind = OutputKind::iter().find(|of| Kind::detail(*of).1 == kind)?;
        self.id_of(Kind::Output(kind), key)
    }

    /// The name of an output, such as `visit:cop1_w2`.
    #[must_use]
    pub fn output_name(&self, id: Uuid) -> Option<String> {
        let key = self.key_of(id)?;
        let is_it = |kind: &OutputKind| self.id_of(Kind::Output(*kind), key) == Some(id);
        let (_, kind) = Kind::detail(OutputKind::iter().find(is_it)?);
        Some(format!("{kind}:{key}"))
    }

    /// Whether an output of any kind has this key.
    #[must_use]
    pub fn has_output(&self, key: &str) -> bool {
        OutputKind::iter().any(|kind| self.id_of(Kind::Output(kind), key).is_some())
    }
}
