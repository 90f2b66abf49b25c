//! The machine behind the rooms: `record!` makes a type from a room's list of fields.
//!
//! A line of the list is `name: Type = Rule;`. Its column has the same name unless the line ends
//! with `, column other;`; a list of records that belong to this one says `, rows;`; what is stored
//! in some other way says `, by (load, store);` with two functions of the room.

use std::marker::PhantomData;

use entities::ProjectId;
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{Check, Field, List, Names, TextReader, version::version_of};
use crate::record::rows::{Row, Rows, children};

/// What a project file, or a mutation, says of one record.
pub trait Record: Clone + PartialEq + Serialize + DeserializeOwned {
    const FIELDS: &'static [Field];

    /// Holds it to the rules of its fields, and to those between them.
    fn check(&self, check: &mut Check<'_>);
}

/// A record that is one row, with rows that belong to it.
pub trait Stand: Record {
    type Row: Row + Default + 'static;

    /// What the rows of a project say of it.
    fn load(row: &Self::Row, rows: &Rows, names: &Names) -> Self;

    /// Writes what it says of itself into its row. A key that names nothing leaves the column as it
    /// is: the check has told of it.
    fn store(&self, row: &mut Self::Row, names: &Names);

    /// Adds the rows that belong to it.
    fn store_parts(&self, at: &mut Place<'_>, rows: &mut Rows);

    /// Reads the texts of its row, and of the rows that belong to it.
    fn texts(row: &Self::Row, rows: &Rows, reader: &mut TextReader<'_>);
}

/// A record of a list that belongs to another record.
pub trait Part: Stand {
    fn table(rows: &Rows) -> &Vec<Self::Row>;
    fn table_mut(rows: &mut Rows) -> &mut Vec<Self::Row>;

    /// Puts a row in its place.
    fn put(row: &mut Self::Row, id: Uuid, project: ProjectId, parent: Uuid, position: i32);

    /// What its room calls it.
    const NAME: &'static str;

    /// The fields by which an entry is known again when its list is given anew.
    const KNOWN_BY: &'static [&'static str];

    /// What it is called in its list, where rows are named by that and not by their place.
    fn name(&self, _: &Names) -> Option<String> {
        None
    }

    /// Whether it is the same entry, whatever else is said of it.
    fn is_same_entry(&self, other: &Self) -> bool;

    /// What a list of these records says.
    fn list() -> List {
        List {
            name: Self::NAME,
            fields: Self::FIELDS,
            known_by: Self::KNOWN_BY,
            version: list_version::<Self>,
        }
    }
}

/// The version of a list: another one as soon as an entry is added, removed, moved or changed.
pub fn list_version<P: Part>(rows: &Rows, parent: Uuid) -> String {
    version_of(children(P::table(rows), parent))
}

/// The version of one entry of a list, wherever it stands there.
pub fn entry_version<P: Part>(row: &P::Row, project: ProjectId) -> String {
    let mut row = row.clone();
    let (id, parent) = (row.uuid(), row.parent());
    P::put(&mut row, id, project, parent, 0);
    version_of(&row)
}

/// Gives the id of a row by its table, its parent and its name there.
pub type IdOf<'a> = &'a dyn Fn(&'static str, Uuid, Name<'_>) -> Uuid;

/// What a row is called in its table and parent: by what it says, or by its place in a list.
#[derive(Clone, Copy, Debug)]
pub enum Name<'a> {
    Called(&'a str),
    Place(i32),
}

/// Where the rows of a record are put.
pub struct Place<'a> {
    pub project: ProjectId,
    /// The record's own row.
    pub own: Uuid,
    pub names: &'a Names,
    pub ids: IdOf<'a>,
    /// The rows as they are, where the record takes the place of what stands there: entries that
    /// are known again keep their ids, the others go. `None`: there is nothing yet.
    pub old: Option<&'a Rows>,
    /// The fields whose rows are put there, as clients spell them; the rows of the others stay.
    /// `None`: all of them.
    pub only: Option<&'a [String]>,
}

impl std::fmt::Debug for Place<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Place").field("own", &self.own).finish()
    }
}

impl Place<'_> {
    /// The id of a row that belongs to the record: the one that it has, else a new one.
    #[must_use]
    pub fn id<R: Row>(&self, table: fn(&Rows) -> &Vec<R>, name: &str) -> Uuid {
        let old = self.old.map(|rows| children(table(rows), self.own));
        let mut old = old.into_iter().flatten();
        old.find(|row| row.name() == name).map_or_else(
            || (self.ids)(R::TABLE, self.own, Name::Called(name)),
            Row::uuid,
        )
    }

    /// Whether the rows of a field are put there.
    #[must_use]
    pub fn stores(&self, field: &str) -> bool {
        self.only
            .is_none_or(|only| only.iter().any(|name| name == field))
    }

    /// Takes the rows away whose place others take.
    pub fn clear<R: Row>(&self, table: &mut Vec<R>) {
        if self.old.is_some() {
            table.retain(|row| row.parent() != self.own);
        }
    }
}

/// The records of a list that belongs to a row, in their order.
pub(super) fn load_parts<P: Part>(parent: Uuid, rows: &Rows, names: &Names) -> Vec<P> {
    children(P::table(rows), parent)
        .iter()
        .map(|row| P::load(row, rows, names))
        .collect()
}

/// Adds the rows of a list, or puts them in the place of those that it had.
pub(crate) fn store_list<P: Part>(list: &[P], at: &mut Place<'_>, rows: &mut Rows) {
    at.clear(P::table_mut(rows));
    let known = known_again(list, at);
    for ((position, part), known) in (0_i32..).zip(list).zip(known) {
        let called = part.name(at.names);
        let name = called.as_deref();
        let name = name.map_or(Name::Place(position), Name::Called);
        let mut row = known.cloned().unwrap_or_default();
        let id = known.map_or_else(|| (at.ids)(P::Row::TABLE, at.own, name), Row::uuid);
        P::put(&mut row, id, at.project, at.own, position);
        part.store(&mut row, at.names);
        P::table_mut(rows).push(row);
        let mut below = Place {
            own: id,
            only: None,
            ..*at
        };
        part.store_parts(&mut below, rows);
    }
}

/// The old row of each entry of a list that is known again. Of several that are called alike, those
/// that say the same as before go first.
fn known_again<'a, P: Part>(list: &[P], at: &Place<'a>) -> Vec<Option<&'a P::Row>> {
    let mut found = vec![None; list.len()];
    let Some(rows) = at.old else {
        return found;
    };
    let mut old: Vec<_> = children(P::table(rows), at.own)
        .iter()
        .map(|row| (row, P::load(row, rows, at.names)))
        .collect();
    for is_same in [P::eq as fn(&P, &P) -> bool, P::is_same_entry] {
        for (entry, found) in list.iter().zip(&mut found) {
            let known = |(_, other): &(_, P)| is_same(entry, other);
            if found.is_none()
                && let Some(place) = old.iter().position(known)
            {
                *found = Some(old.remove(place).0);
            }
        }
    }
    found
}

macro_rules! record {
    (
        $(#[$meta:meta])*
        $name:ident of $module:ident {
            $(
                $(#[doc = $doc:literal])+
                $(#[serde $serde:tt])?
                $field:ident: $type:ty = $rule:expr $(, $form:ident $($column:ident)? $(($($with:tt)+))?)?;
            )+
        }
        $($between:ident;)?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name {
            $($(#[doc = $doc])+ $(#[serde $serde])? pub $field: $type,)+
        }

        impl $crate::record::Record for $name {
            const FIELDS: &'static [$crate::record::Field] = {
                #[allow(unused_imports, reason = "not every room uses every name")]
                use $crate::record::{Part as _, Record as _, Rule::*};
                &[$($crate::record::Field {
                    name: stringify!($field),
                    rule: $rule,
                    kind: stringify!($type),
                    description: concat!($($doc, "\n"),+),
                    has_default: $crate::record::declare::is_given!($($serde)?),
                    schema: <$type as schemars::JsonSchema>::json_schema,
                },)+]
            };

            fn check(&self, check: &mut $crate::record::Check<'_>) {
                #[allow(unused_imports, reason = "not every room uses every name")]
                use $crate::record::{Part as _, Record as _, Rule::*};
                $($crate::record::Value::check(
                    &self.$field,
                    $rule,
                    &mut check.at($crate::record::declare::camel!($field)),
                );)+
                $(self.$between(check);)?
            }
        }

        impl $crate::record::Stand for $name {
            type Row = entities::$module::Model;

            fn load(
                row: &Self::Row,
                #[allow(unused_variables, reason = "only lists are looked up")]
                rows: &$crate::record::rows::Rows,
                #[allow(unused_variables, reason = "only references are looked up")]
                names: &$crate::record::Names,
            ) -> Self {
                Self {
                    $($field: $crate::record::declare::load!(
                        row, rows, names, $field $(, $form $($column)? $(($($with)+))?)?
                    ),)+
                }
            }

            fn store(&self, row: &mut Self::Row, names: &$crate::record::Names) {
                #[allow(unused_imports, reason = "not every room uses every name")]
                use $crate::record::{Part as _, Record as _, Rule::*};
                $($crate::record::declare::store!(
                    self, row, names, $rule, $field $(, $form $($column)? $(($($with)+))?)?
                );)+
            }

            fn store_parts(
                &self,
                #[allow(unused_variables, reason = "most records have no parts")]
                at: &mut $crate::record::Place<'_>,
                #[allow(unused_variables, reason = "most records have no parts")]
                rows: &mut $crate::record::rows::Rows,
            ) {
                $($crate::record::declare::store_parts!(
                    self, at, rows, $field $(, $form $($column)? $(($($with)+))?)?
                );)+
            }

            fn texts(
                row: &Self::Row,
                #[allow(unused_variables, reason = "most records have no parts")]
                rows: &$crate::record::rows::Rows,
                reader: &mut $crate::record::TextReader<'_>,
            ) {
                #[allow(unused_imports, reason = "not every room uses every name")]
                use $crate::record::{Part as _, Record as _, Rule::*};
                $($crate::record::declare::read_field!(
                    row, rows, reader, $rule, $field: $type $(, $form $($column)? $(($($with)+))?)?
                );)+
            }
        }
    };
}

macro_rules! load {
    ($row:ident, $rows:ident, $names:ident, $field:ident) => {
        $crate::record::Stored::load(&$row.$field, $names)
    };
    ($row:ident, $rows:ident, $names:ident, $field:ident, column $column:ident) => {
        $crate::record::Stored::load(&$row.$column, $names)
    };
    ($row:ident, $rows:ident, $names:ident, $field:ident, detail) => {
        $crate::record::output::load_detail($row, $rows, $names)
    };
    ($row:ident, $rows:ident, $names:ident, $field:ident, rows) => {
        $crate::record::declare::load_parts($crate::record::rows::Row::uuid($row), $rows, $names)
    };
    ($row:ident, $rows:ident, $names:ident, $field:ident, by ($load:path, $store:path)) => {
        $load($row, $rows, $names)
    };
}

macro_rules! store {
    ($self:ident, $row:ident, $names:ident, $rule:expr, $field:ident) => {
        $crate::record::declare::store!($self, $row, $names, $rule, $field, column $field)
    };
    ($self:ident, $row:ident, $names:ident, $rule:expr, $field:ident, column $column:ident) => {
        if let Some(value) = $crate::record::Stored::store(&$self.$field, $rule, $names) {
            $row.$column = value;
        }
    };
    ($self:ident, $row:ident, $names:ident, $rule:expr, $field:ident, detail) => {
        $row.$field = $self.$field.kind();
    };
    ($self:ident, $row:ident, $names:ident, $rule:expr, $field:ident, $($other:tt)+) => {};
}

macro_rules! store_parts {
    ($self:ident, $at:ident, $rows:ident, $field:ident, rows) => {
        if $at.stores($crate::record::declare::camel!($field)) {
            $crate::record::declare::store_list(&$self.$field, $at, $rows);
        }
    };
    ($self:ident, $at:ident, $rows:ident, $field:ident, detail) => {
        $self.$field.store($at, $rows)
    };
    ($self:ident, $at:ident, $rows:ident, $field:ident, by ($load:path, $store:path)) => {
        if $at.stores($crate::record::declare::camel!($field)) {
            $store($self, $at, $rows);
        }
    };
    ($self:ident, $at:ident, $rows:ident, $field:ident $(, column $column:ident)?) => {};
}

/// Whether an attribute stands there.
macro_rules! is_given {
    () => {
        false
    };
    ($given:tt) => {
        true
    };
}

/// Reads the texts of a list that belongs to a row.
pub(super) fn part_texts<P: Part>(
    _: PhantomData<Vec<P>>,
    parent: Uuid,
    rows: &Rows,
    reader: &mut TextReader<'_>,
) {
    for row in children(P::table(rows), parent) {
        if (reader.is_shown)(row) {
            P::texts(row, rows, reader);
        }
    }
}

/// Reads a field of a row, in the form in which its room stores it.
macro_rules! read_field {
    ($row:ident, $rows:ident, $reader:ident, $rule:expr, $field:ident: $type:ty) => {
        $crate::record::declare::read_field!(
            $row, $rows, $reader, $rule, $field: $type, column $field
        )
    };
    (
        $row:ident, $rows:ident, $reader:ident, $rule:expr, $field:ident: $type:ty,
        column $column:ident
    ) => {
        $crate::record::HasTexts::texts(
            &$row.$column,
            $rule,
            &mut $reader.at($crate::record::declare::camel!($field)),
        );
    };
    ($row:ident, $rows:ident, $reader:ident, $rule:expr, $field:ident: $type:ty, detail) => {
        $crate::record::output::detail_texts($row, $rows, $reader)
    };
    ($row:ident, $rows:ident, $reader:ident, $rule:expr, $field:ident: $type:ty, rows) => {
        $crate::record::declare::part_texts(
            std::marker::PhantomData::<$type>,
            $crate::record::rows::Row::uuid($row),
            $rows,
            &mut $reader.at($crate::record::declare::camel!($field)),
        )
    };
    (
        $row:ident, $rows:ident, $reader:ident, $rule:expr, $field:ident: $type:ty,
        by ($load:path, $store:path)
    ) => {
        // What is stored elsewhere is the key of another record, or a record by itself.
        if matches!($rule, One(_)) {
            let value: $type = $load($row, $rows, &$crate::record::Names::default());
            $crate::record::HasTexts::texts(
                &value,
                $rule,
                &mut $reader.at($crate::record::declare::camel!($field)),
            );
        }
    };
}

/// Says where the rows of a list stand (their table, and the column of the record they belong to),
/// by which fields an entry is known again, and, where rows are named by it, what one is called.
macro_rules! part {
    ($(
        $name:ident in $table:ident, $parent:ident known by $($field:ident),+
        $(=> $called:expr)?;
    )+) => {$(
        impl $crate::record::Part for $name {
            const NAME: &'static str = stringify!($name);
            const KNOWN_BY: &'static [&'static str] = &[$(stringify!($field)),+];

            fn table(rows: &$crate::record::rows::Rows) -> &Vec<Self::Row> {
                &rows.$table
            }

            fn table_mut(rows: &mut $crate::record::rows::Rows) -> &mut Vec<Self::Row> {
                &mut rows.$table
            }

            fn put(
                row: &mut Self::Row,
                id: uuid::Uuid,
                project: entities::ProjectId,
                parent: uuid::Uuid,
                position: i32,
            ) {
                row.id = id.into();
                row.project_id = project;
                row.$parent = parent.into();
                row.position = position;
            }

            fn is_same_entry(&self, other: &Self) -> bool {
                $(self.$field == other.$field)&&+
            }

            $(fn name(&self, names: &$crate::record::Names) -> Option<String> {
                let called: fn(&Self, &$crate::record::Names) -> Option<String> = $called;
                called(self, names)
            })?
        }
    )+};
}

/// A field's name as files and clients spell it.
macro_rules! camel {
    ($field:ident) => {{
        static NAME: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
            heck::ToLowerCamelCase::to_lower_camel_case(stringify!($field))
        });
        NAME.as_str()
    }};
}

pub(super) use {camel, is_given, load, part, read_field, record, store, store_parts};
