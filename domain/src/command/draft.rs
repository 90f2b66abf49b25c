//! The next state of a project while a command makes it.

use std::{borrow::Cow, collections::HashSet, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use entities::*;
use sea_orm::prelude::Uuid;

use super::{
    Code, Problem, Refusal,
    fields::object,
    joint::{Joint, Reason},
};
use crate::{
    ids::Ids,
    project::{AsOf, Project, Standing},
    record::rows::{Rows, SharedRows},
    record::{
        Organisation, Part, Person, entry_version, introduce_organisation, introduce_person,
        is_entry_table, list_version, version_of,
    },
    viewer::Viewer,
};

/// A record as an input names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    Id(Uuid),
    Key(String),
}

/// Whom a project adds without knowing them, and what it says of them.
#[derive(Debug)]
pub(super) enum Introduced<'a> {
    Organisation(&'a mut organisation::Model, &'a Organisation),
    Person(&'a mut person::Model, &'a Person),
}

/// A project as it is, and as it is about to be.
#[derive(Debug)]
pub struct Draft {
    before: Arc<Project>,
    /// The next state.
    pub rows: Rows,
    pub viewer: Viewer,
    pub now: DateTime<Utc>,
    ids: Ids,
    pub(super) new_ids: u32,
    pub(super) warnings: Vec<Problem>,
    /// Organisations and people beyond those of the project that the command may name.
    pub(super) shared: SharedRows,
    /// Why it changes what other projects show, should that become a proposal.
    pub(super) reason: Reason,
    /// What other projects have of the proposal that the command is about.
    pub(super) joint: Joint,
    /// All projects that show what it changes have agreed.
    pub(super) is_agreed: bool,
    /// The shared rows that the command may name and that the viewer knows from some project.
    pub(super) known: HashSet<Uuid>,
}

impl Draft {
    pub(super) fn new(
        before: Arc<Project>,
        viewer: Viewer,
        now: DateTime<Utc>,
        ids: Ids,
        shared: SharedRows,
    ) -> Self {
        Self {
            rows: before.rows().clone(),
            before,
            viewer,
            now,
            ids,
            new_ids: 0,
            warnings: Vec::new(),
            shared,
            reason: Reason::default(),
            joint: Joint::default(),
            is_agreed: false,
            known: HashSet::new(),
        }
    }

    /// The project as it is, before the command.
    #[must_use]
    pub fn project(&self) -> Arc<Project> {
        Arc::clone(&self.before)
    }

    #[must_use]
    pub fn id(&self) -> ProjectId {
        self.before.id()
    }

    /// The day that it is in the project's zone.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        crate::zone::day_in(self.now, self.before.zone())
    }

    /// An id for a new row of a table.
    pub fn new_id(&mut self, table: &str) -> Uuid {
        self.new_ids += 1;
        self.id_maker()(table, self.new_ids)
    }

    /// Makes the id of a new row from its table and its number among the new rows.
    pub(super) fn id_maker(&self) -> impl Fn(&str, u32) -> Uuid + use<> {
        let (ids, project, revision) = (self.ids, self.before.id(), self.before.revision());
        move |table, number| ids.make(table, project.into(), &format!("{revision}/{number}"))
    }

    /// Shows an organisation or a person, whom the viewer does not know, as the input says it.
    pub(super) fn introduce(&mut self, of: Introduced<'_>) {
        let id = self.new_id("introduction");
        let mut row = introduction::Model {
            id: id.into(),
            project_id: self.id(),
            ..Default::default()
        };
        match of {
            Introduced::Organisation(organisation, given) => {
                row.organisation_id = Some(organisation.id);
                row.given = object(given).into();
                introduce_organisation(organisation, &row.given);
                let mut shared = self.shared.organisations.iter_mut();
                if let Some(known) = shared.find(|known| known.id == organisation.id) {
                    known.clone_from(organisation);
                }
            }
            Introduced::Person(person, given) => {
                row.person_id = Some(person.id);
                row.given = object(given).into();
                introduce_person(person, &row.given);
                let mut shared = self.shared.people.iter_mut();
                if let Some(known) = shared.find(|known| known.id == person.id) {
                    known.clone_from(person);
                }
            }
        }
        self.rows.introductions.push(row);
    }

    /// Something to look at, although it is done.
    pub fn warn(&mut self, problem: Problem) {
        self.warnings.push(problem);
    }

    /// Fails where a record is not at the version that the client has.
    ///
    /// # Errors
    /// `CONFLICT`.
    pub fn expect(&self, record: impl Into<Uuid>, version: Option<&str>) -> Result<(), Refusal> {
        let is_other = version.is_some_and(|version| version != self.before.version(record.into()));
        match is_other {
            true => Err(Problem::new("expectedVersion", Code::Conflict).into()),
            false => Ok(()),
        }
    }

    /// Fails where a record is not there any more: somebody removed it meanwhile.
    ///
    /// # Errors
    /// `Unknown`.
    pub fn still(&self, record: impl Into<Uuid>) -> Result<(), Refusal> {
        let record = record.into();
        match record == self.id().0 || self.before.holds(record) {
            true => Ok(()),
            false => Err(crate::viewer::Denied::Unknown.into()),
        }
    }

    /// How an output stands today.
    ///
    /// # Errors
    /// `NOT_FOUND` where it is planned only later.
    pub fn standing<'a>(
        &self,
        project: &'a Project,
        output: OutputId,
    ) -> Result<Standing<'a>, Refusal> {
        let row = project.output(output);
        project
            .standing(row, AsOf::from(self.today()))
            .ok_or_else(|| Problem::new("id", Code::NotFound).into())
    }

    /// The partner that a field names, by its organisation's key or by id.
    ///
    /// # Errors
    /// The problem to tell.
    pub fn partner(&self, field: &str, named: &Named) -> Result<PartnerId, Problem> {
        let rows = self.rows.partners.iter();
        let organisation = |key: &String| {
            let mut all = self.rows.organisations.iter();
            all.find(|row| row.key == *key).map(|row| row.id)
        };
        let partner = match named {
            Named::Id(id) => rows.map(|row| row.id).find(|row| row.0 == *id),
            Named::Key(key) => organisation(key).and_then(|id| {
                let mut rows = rows;
                rows.find(|row| row.organisation_id == id).map(|row| row.id)
            }),
        };
        partner.ok_or_else(|| missing(field))
    }

    /// The community that a field names.
    ///
    /// # Errors
    /// The problem to tell.
    pub fn community(&self, field: &str, named: &Named) -> Result<CommunityId, Problem> {
        let mut rows = self.rows.communities.iter();
        find(&mut rows, named, |row| (row.id.0, &row.key))
            .map_or_else(|| Err(missing(field)), |row| Ok(row.id))
    }

    /// The pairing that a field names.
    ///
    /// # Errors
    /// The problem to tell.
    pub fn pairing(&self, field: &str, named: &Named) -> Result<PairingId, Problem> {
        let mut rows = self.rows.pairings.iter();
        find(&mut rows, named, |row| (row.id.0, &row.key))
            .map_or_else(|| Err(missing(field)), |row| Ok(row.id))
    }

    /// The practice that a field names.
    ///
    /// # Errors
    /// The problem to tell.
    pub fn practice(&self, field: &str, named: &Named) -> Result<PracticeId, Problem> {
        let mut rows = self.rows.practices.iter();
        find(&mut rows, named, |row| (row.id.0, &row.key))
            .map_or_else(|| Err(missing(field)), |row| Ok(row.id))
    }

    /// The target that a field names.
    ///
    /// # Errors
    /// The problem to tell.
    pub fn target(&self, field: &str, named: &Named) -> Result<TargetId, Problem> {
        let mut rows = self.rows.targets.iter();
        find(&mut rows, named, |row| (row.id.0, &row.key))
            .map_or_else(|| Err(missing(field)), |row| Ok(row.id))
    }

    /// The source that a field names.
    ///
    /// # Errors
    /// The problem to tell.
    pub fn source(&self, field: &str, named: &Named) -> Result<SourceId, Problem> {
        let mut rows = self.rows.sources.iter();
        find(&mut rows, named, |row| (row.id.0, &row.key))
            .map_or_else(|| Err(missing(field)), |row| Ok(row.id))
    }

    /// The person that a field names, of those whom the viewer may see.
    ///
    /// # Errors
    /// The problem to tell.
    pub fn person(&self, field: &str, named: &Named) -> Result<PersonId, Problem> {
        let mut rows = self.rows.people.iter();
        find(&mut rows, named, |row| (row.id.0, &row.key))
            .filter(|row| self.viewer.may_see_person(&self.before, row.id))
            .map_or_else(|| Err(missing(field)), |row| Ok(row.id))
    }

    /// The organisation that a field names, of this project or of any that the command names.
    ///
    /// # Errors
    /// The problem to tell.
    pub fn organisation(&self, field: &str, named: &Named) -> Result<organisation::Model, Problem> {
        let own = self.rows.organisations.iter();
        let mut rows = own.chain(&self.shared.organisations);
        find(&mut rows, named, |row| (row.id.0, &row.key))
            .cloned()
            .ok_or_else(|| missing(field))
    }

    /// The same organisation, if the viewer knows it from this project or another one.
    ///
    /// # Errors
    /// The problem to tell.
    pub(super) fn known_organisation(
        &self,
        row: organisation::Model,
    ) -> Result<organisation::Model, Problem> {
        let is_own = self.before.holds(row.id) || self.known.contains(&row.id.0);
        is_own.then_some(row).ok_or_else(|| missing("organisation"))
    }

    /// The output of a kind that a field names.
    ///
    /// # Errors
    /// The problem to tell.
    pub fn output_of(
        &self,
        kind: OutputKind,
        field: &str,
        named: &Named,
    ) -> Result<OutputId, Problem> {
        let mut rows = self.rows.outputs.iter().filter(|row| row.kind == kind);
        find(&mut rows, named, |row| (row.id.0, &row.key))
            .map_or_else(|| Err(missing(field)), |row| Ok(row.id))
    }

    /// The output that an id names.
    ///
    /// # Errors
    /// `NOT_FOUND`.
    pub fn output(&self, field: &str, named: &Named) -> Result<OutputId, Problem> {
        let mut rows = self.rows.outputs.iter();
        find(&mut rows, named, |row| (row.id.0, &row.key))
            .map_or_else(|| Err(missing(field)), |row| Ok(row.id))
    }
}

/// The place after all of these.
pub(super) fn next_place(positions: impl Iterator<Item = i32>) -> i32 {
    positions.max().map_or(0, |last| last + 1)
}

/// A key such as `pairing-8` that is not taken.
pub(super) fn free_key(name: &str, count: usize, is_taken: impl Fn(&str) -> bool) -> String {
    (count + 1..)
        .map(|number| format!("{name}-{number}"))
        .find(|key| !is_taken(key))
        .expect("there is always another number")
}

/// The keys of the notes that are about a record, such as `target:visits`.
pub(super) fn notes_about(draft: &Draft, record: &str) -> Vec<String> {
    let notes = draft.rows.notes.iter();
    notes
        .filter(|note| note.about.0.iter().any(|about| about == record))
        .map(|note| note.key.clone())
        .collect()
}

fn find<'a, R>(
    rows: &mut impl Iterator<Item = &'a R>,
    named: &Named,
    called: impl Fn(&'a R) -> (Uuid, &'a String),
) -> Option<&'a R> {
    rows.find(|row| {
        let (id, key) = called(row);
        match named {
            Named::Id(wanted) => id == *wanted,
            Named::Key(wanted) => key == wanted,
        }
    })
}

/// There is none of that name.
#[must_use]
pub fn missing(field: &str) -> Problem {
    Problem::new(Cow::Owned(field.to_owned()), Code::NotFound)
}

impl Project {
    /// The version of a record: another one as soon as a field of its own is not what it was. Entries of
    /// lists, and lists, have versions of their own.
    #[must_use]
    pub fn version(&self, record: Uuid) -> String {
        version_of(&self.rows().spelled(record, is_entry_table))
    }

    /// The version of a list of a record: another one as soon as any entry of it is not what it was.
    #[must_use]
    pub fn list_version<P: Part>(&self, parent: impl Into<Uuid>) -> String {
        list_version::<P>(self.rows(), parent.into())
    }

    /// The version of an entry of a list, wherever it stands there.
    #[must_use]
    pub fn entry_version<P: Part>(&self, row: &P::Row) -> String {
        entry_version::<P>(row, self.id())
    }
}
