//! Records that a project keeps in lists of its own, each named by a key: they are added, changed
//! and removed alike. A noun's file says what is told of it and what it is held to.
//!
//! Most of them are the coordinator's. What belongs to a community is its expert's, too.

pub mod budget_line;
pub mod call;
pub mod forum;
pub mod note;
pub mod practice;
pub mod publication;
pub mod reminder_rule;
pub mod source;

use entities::*;
use sea_orm::prelude::Uuid;

use super::{
    Code, Draft, Named, Problem, Problems, Refusal, check,
    draft::{free_key, missing, next_place},
    pairing::in_use,
};
use crate::{
    file,
    project::Project,
    record::{Rule, Stand},
    rows::{Row, Rows},
    viewer::EditorOf,
};

/// How many records are named that refer to one.
const MOST_USES: usize = 10;

/// A record of such a list.
pub trait Listed: Row {
    /// Its room, which says what it is held to.
    type Record: Stand<Row = Self>;
    /// What is told of one: what is left out stays as it is, or as a new one has it.
    type Facts: Send;
    /// Fields that an input calls otherwise than the record: the record's word, and the input's.
    const CALLED: &'static [(&'static str, &'static str)] = &[];
    /// The list, as the project file names it.
    const LIST: &'static str;
    /// What a key begins with that is made up.
    const NAME: &'static str;

    fn list(rows: &Rows) -> &[Self];

    fn list_mut(rows: &mut Rows) -> &mut Vec<Self>;

    /// A new one of which nothing is told yet but what it cannot be without.
    ///
    /// # Errors
    /// What is missing.
    fn begin(place: Place, facts: &Self::Facts) -> Result<Self, Problem>;

    /// Takes over what is told of it; what belongs to it goes into the draft.
    fn take(&mut self, draft: &mut Draft, problems: &mut Problems, facts: Self::Facts);

    /// The community whose expert may edit it.
    fn community(&self) -> Option<CommunityId> {
        None
    }

    /// Takes along what belongs to it alone.
    fn leave(&self, _: &mut Draft) {}
}

/// Says which rows a list has, and what of a new one is empty and what is not.
macro_rules! lists {
    ($table:ident: $($empty:ident),+; $($facts:ident => { $($field:ident: $value:expr,)+ })?) => {
        fn list(rows: &$crate::rows::Rows) -> &[Self] {
            &rows.$table
        }

        fn list_mut(rows: &mut $crate::rows::Rows) -> &mut Vec<Self> {
            &mut rows.$table
        }

        #[allow(unused_variables, reason = "most begin with nothing")]
        fn begin(
            place: $crate::command::records::Place,
            told: &Self::Facts,
        ) -> Result<Self, $crate::command::Problem> {
            $(let $facts = told;)?
            Ok(Self {
                id: place.id.into(),
                project_id: place.project_id,
                key: place.key,
                position: place.position,
                $($empty: Default::default(),)+
                $($($field: $value,)+)?
            })
        }
    };
}
use lists;

/// Where a new record stands.
#[derive(Clone, Debug)]
pub struct Place {
    pub id: Uuid,
    pub project_id: ProjectId,
    pub key: String,
    pub position: i32,
}

/// Adds a record; its key is made up where none is given.
///
/// # Errors
/// `Forbidden` where it would belong to what the viewer does not edit; all that is wrong with it.
pub fn create<R: Listed>(
    draft: &mut Draft,
    key: Option<String>,
    facts: R::Facts,
) -> Result<Uuid, Refusal> {
    let mut problems = Problems::default();
    let rows = R::list(&draft.rows);
    let position = next_place(rows.iter().map(Row::position));
    let is_taken = |key: &str| rows.iter().any(|row| row.name() == key);
    let key = key.unwrap_or_else(|| free_key(R::NAME, rows.len(), is_taken));
    if is_taken(&key) {
        problems.add("key", Code::Taken);
    }
    let id = draft.new_id(R::TABLE);
    let place = Place {
        id,
        project_id: draft.id(),
        key,
        position,
    };
    let mut row = R::begin(place, &facts)?;
    row.take(draft, &mut problems, facts);
    draft.viewer.editor_of(&draft.project(), row.community())?;
    problems.append(wrong_with(draft, None, &row));
    problems.none()?;
    R::list_mut(&mut draft.rows).push(row);
    Ok(id)
}

/// Changes a record; its key stays. What an import left wrong is no hindrance until it is touched.
///
/// # Errors
/// `Forbidden` where it would come to belong to what the viewer does not edit; all that is wrong with
/// it.
pub fn edit<R: Listed>(
    draft: &mut Draft,
    _: &EditorOf,
    id: Uuid,
    facts: R::Facts,
) -> Result<(), Refusal> {
    let mut problems = Problems::default();
    let old = find::<R>(draft, id)?.clone();
    let mut row = old.clone();
    row.take(draft, &mut problems, facts);
    if row.community() != old.community() {
        draft.viewer.editor_of(&draft.project(), row.community())?;
    }
    problems.append(wrong_with(draft, Some(&old), &row));
    problems.none()?;
    *find::<R>(draft, id)? = row;
    Ok(())
}

/// What is wrong with a record, by the fields of its input.
fn wrong_with<R: Listed>(draft: &mut Draft, old: Option<&R>, new: &R) -> Problems {
    let mut problems = check::record::<R::Record>(draft, old, new);
    for (record, input) in R::CALLED {
        problems.rename(record, input);
    }
    problems
}

/// Removes a record.
///
/// # Errors
/// `IN_USE` where another record refers to it.
pub fn remove<R: Listed>(draft: &mut Draft, _: &EditorOf, id: Uuid) -> Result<(), Refusal> {
    let row = find::<R>(draft, id)?.clone();
    let mut uses = file::uses(&file::export(&draft.project()), R::LIST, &row.name());
    if uses.len() > MOST_USES {
        uses.truncate(MOST_USES);
        uses.push("…".to_owned());
    }
    let mut problems = Problems::default();
    in_use(&mut problems, "id", &uses);
    problems.none()?;
    row.leave(draft);
    R::list_mut(&mut draft.rows).retain(|other| other.uuid() != id);
    Ok(())
}

/// The community whose expert may edit a record.
#[must_use]
pub fn community_of<R: Listed>(project: &Project, id: Uuid) -> Option<CommunityId> {
    let mut rows = R::list(project.rows()).iter();
    rows.find(|row| row.uuid() == id)?.community()
}

fn find<R: Listed>(draft: &mut Draft, id: Uuid) -> Result<&mut R, Problem> {
    let mut rows = R::list_mut(&mut draft.rows).iter_mut();
    rows.find(|row| row.uuid() == id)
        .ok_or_else(|| missing("id"))
}

/// A place in a source, as an input names it.
#[derive(Clone, Debug)]
pub struct Cited {
    pub source: Named,
    pub locator: Option<String>,
}

/// A citation as it is stored: `KEY`, or `KEY:place`.
fn citation(draft: &Draft, problems: &mut Problems, field: &str, cited: &Cited) -> Option<String> {
    if let Some(locator) = &cited.locator {
        check::text(problems, format!("{field}.locator"), Rule::Name, locator);
    }
    let found = draft.source(&format!("{field}.source"), &cited.source);
    let id = problems.take(found)?;
    let key = &draft.rows.sources.iter().find(|row| row.id == id)?.key;
    Some(match &cited.locator {
        Some(place) => format!("{key}:{place}"),
        None => key.clone(),
    })
}

/// Takes over where a record comes from.
fn put_sources(
    sources: &mut Strings,
    draft: &Draft,
    problems: &mut Problems,
    cited: Option<Vec<Cited>>,
) {
    if let Some(cited) = cited {
        let all = cited.iter().enumerate();
        let found =
            all.filter_map(|(at, one)| citation(draft, problems, &format!("sources.{at}"), one));
        *sources = Strings(found.collect());
    }
}

/// Takes over which record a field names.
fn put_named<T>(
    field: &mut Option<T>,
    problems: &mut Problems,
    named: Option<Option<Named>>,
    find: impl Fn(&Named) -> Result<T, Problem>,
) {
    if let Some(named) = named {
        *field = named.and_then(|named| problems.take(find(&named)));
    }
}

/// What a new record cannot be without.
fn needed<T: Copy>(field: &'static str, told: Option<T>) -> Result<T, Problem> {
    told.ok_or_else(|| Problem::new(field, Code::Required))
}
