//! Executing a command: one command, one transaction. The project is locked, the command's function
//! makes its next state, and the difference is written, audited and stored under the actor's
//! idempotency key. When anything fails, nothing is left behind.

use std::{slice::from_ref, sync::Arc};

use entities::*;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, prelude::Uuid,
};

use super::{
    Code, Draft, Named, Problem, Refusal, StoredOutcome,
    shared::{Asking, ask, ask_to_meet, hold_back, joint, known, rows_that_differ, write_joint},
};
use crate::{
    actor::Actor,
    audit::{self, Act, Entry},
    error::{Error, Result},
    file,
    project::Project,
    record::rows::{Change, ChangeKind, Recorded, Rows, SharedRows, save},
    store::{Store, Write},
    viewer::Denied,
};

/// What a command is about, beyond the function that it executes.
#[derive(Clone, Debug, Default)]
pub struct Command {
    /// The name of the mutation, as the audit has it.
    pub name: &'static str,
    /// Whether it changes what projects share: organisations or people.
    pub is_shared: bool,
    /// Keys or ids of organisations beyond the project's own that the command may name.
    pub organisations: Vec<Named>,
    /// Addresses or ids of people beyond the project's own.
    pub people: Vec<Named>,
    /// The proposal that it decides: other projects may have to agree, too.
    pub proposal: Option<Uuid>,
}

impl Command {
    #[must_use]
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            ..Self::default()
        }
    }

    /// One that may change what other projects show, too.
    #[must_use]
    pub fn shared(name: &'static str) -> Self {
        Self {
            is_shared: true,
            ..Self::new(name)
        }
    }
}

/// The outcome of a command.
#[derive(Debug)]
pub struct Outcome {
    /// The project after it.
    pub project: Arc<Project>,
    /// The record that it was about.
    pub record: Uuid,
    pub warnings: Vec<Problem>,
    /// Whether it was executed before, under the same idempotency key.
    pub is_repeat: bool,
}

impl Store {
    /// Executes a command on the project of a key: its function makes the next state of the draft,
    /// and gives the record that it is about.
    ///
    /// # Errors
    /// Why not; nothing is changed then.
    pub async fn execute(
        &self,
        actor: &Actor,
        key: &str,
        command: Command,
        edit: impl FnOnce(&mut Draft) -> Result<Uuid, Refusal> + Send,
    ) -> Result<Outcome, Refusal> {
        let mut write = match command.is_shared {
            true => self.write_shared().await?,
            false => self.write().await?,
        };
        if let Some(outcome) = self.stored_outcome(&*write, actor).await? {
            write.rollback().await?;
            return self.replay_outcome(actor, outcome).await;
        }
        let before = match self.lock_project(&*write, key).await {
            Err(Error::NotFound(_)) => return Err(Denied::Unknown.into()),
            project => project?,
        };
        if !actor.viewer.may_see(&before) {
            return Err(Denied::Unknown.into());
        }
        let now = self.clock().now();
        let shared = shared_rows(&*write, &command).await?;
        let mut draft = Draft::new(Arc::clone(&before), actor.viewer, now, self.ids(), shared);
        if let Some(proposal) = command.proposal {
            let mut proposals = before.proposals.iter();
            if let Some(row) = proposals.find(|row| row.id.0 == proposal) {
                draft.joint = joint(&*write, actor.viewer, row).await?;
            }
        }
        let undecided = draft.joint.clone();
        draft.known = known(&*write, actor.viewer, &before, &draft.shared).await?;
        let mut record = edit(&mut draft)?;
        let Draft {
            mut rows,
            mut warnings,
            shared,
            reason,
            joint: decided,
            is_agreed,
            ..
        } = draft;
        // What was there beyond the project is not new in it.
        let mut compared = before.rows().clone();
        adopt(
            &mut compared.organisations,
            &shared.organisations,
            &rows.organisations,
            |r| r.id.0,
        );
        adopt(&mut compared.people, &shared.people, &rows.people, |r| {
            r.id.0
        });
        resume(
            &mut compared.organisations,
            &shared.organisations,
            &rows.organisations,
            |r| r.id.0,
        );
        resume(&mut compared.people, &shared.people, &rows.people, |r| {
            r.id.0
        });
        let asking = Asking {
            viewer: actor.viewer,
            project: &before,
            now,
            ids: self.ids(),
            reason: &reason,
        };
        let changed = rows_that_differ(&rows.changes_since(&compared));
        let mut proposed = match is_agreed {
            true => Vec::new(),
            false => hold_back(&write, &asking, (&compared, &mut rows), &changed).await?,
        };
        for one in &proposed {
            if one.row.record_id == Some(record) {
                record = one.row.id.into();
            }
            warnings.push(Problem::new("", Code::Proposed));
        }
        for introduction in &rows.introductions {
            if before.rows().introduction(introduction.of()).is_none() {
                proposed.extend(ask_to_meet(&write, &asking, introduction).await?);
            }
        }
        rows.sort();
        let changes = rows.recorded_since(&compared);
        let stored = StoredOutcome {
            record,
            warnings,
            project: Some(key.to_owned()),
        };
        let project = if changes.is_empty() {
            before
        } else {
            rows.project.revision += 1;
            rows.project.next_plan_at = None;
            self.write_difference(&mut write, &compared, &rows, &changes)
                .await?;
            let by = (actor, command.name, now);
            ask(&mut write, self.ids(), by, &proposed).await?;
            write_joint(&mut write, self.ids(), by, &undecided, &decided).await?;
            rows.introduce();
            let after = Arc::new(Project::new(rows).at(now));
            let act = Act {
                verb: command.name,
                project: Some(after.id()),
                revision: Some(after.revision()),
                now,
            };
            let entries = audit::entries(changes, &before, &after);
            audit::write(&*write, self.ids(), actor, act, entries).await?;
            after
        };
        self.store_outcome(&*write, actor, &stored).await?;
        write.commit_with(&project).await?;
        Ok(Outcome {
            project,
            record,
            warnings: stored.warnings,
            is_repeat: false,
        })
    }

    /// The outcome of a command that was executed before, where the viewer may still see its record.
    async fn replay_outcome(
        &self,
        actor: &Actor,
        stored: StoredOutcome,
    ) -> Result<Outcome, Refusal> {
        let project = self.fresh(&stored.project.unwrap_or_default()).await?;
        let may_see =
            actor.viewer.may_see(&project) && actor.viewer.may_see_record(&project, stored.record);
        if !may_see {
            return Err(Denied::Unknown.into());
        }
        Ok(Outcome {
            project,
            record: stored.record,
            warnings: stored.warnings,
            is_repeat: true,
        })
    }

    /// Writes the difference between two states, and raises every project that shows it.
    async fn write_difference(
        &self,
        write: &mut Write<'_>,
        old: &Rows,
        new: &Rows,
        changes: &[Recorded],
    ) -> Result<()> {
        save(&**write, &old.organisations, &new.organisations).await?;
        save(&**write, &old.people, &new.people).await?;
        save(&**write, from_ref(&old.programme), from_ref(&new.programme)).await?;
        // Raising, below, is what moves the revision.
        let project = project::Model {
            revision: old.project.revision,
            next_plan_at: old.project.next_plan_at,
            ..new.project.clone()
        };
        save(&**write, from_ref(&old.project), from_ref(&project)).await?;
        new.save_own(&**write, old).await?;
        write.raise(new.project.id).await?;
        let changes: Vec<_> = changes.iter().map(|one| one.change.clone()).collect();
        for id in projects_showing(&**write, &changes).await? {
            write.raise(id).await?;
        }
        Ok(())
    }

    /// Inserts a project: the rows that a file makes, with the role of whoever creates it.
    ///
    /// # Errors
    /// Why not; nothing is changed then.
    pub(super) async fn insert_project(
        &self,
        actor: &Actor,
        command: &'static str,
        file: &file::ProjectFile,
    ) -> Result<Outcome, Refusal> {
        let mut write = self.write_shared().await?;
        if let Some(outcome) = self.stored_outcome(&*write, actor).await? {
            write.rollback().await?;
            return self.replay_outcome(actor, outcome).await;
        }
        let founder = match actor.viewer.person() {
            Some(id) => person::Entity::find_by_id(id).one(&*write).await?,
            None => None,
        };
        actor.viewer.founder(founder.as_ref())?;
        let key = &file.project.key;
        let taken = project::Entity::find()
            .filter(project::Column::Key.eq(key))
            .one(&*write)
            .await?;
        if taken.is_some() {
            return Err(Problem::new("key", Code::Taken).into());
        }
        let now = self.clock().now();
        let programme = programme::Entity::find()
            .filter(programme::Column::Key.eq(&file.project.programme.key))
            .one(&*write)
            .await?;
        let shared = SharedRows {
            programme: programme.clone(),
            ..Default::default()
        };
        let (mut rows, _) =
            file::rows_of(file, None, &shared, self.ids(), now, false).map_err(Error::Invalid)?;
        // A programme is shared: whoever creates a project of it does not rename it.
        if let Some(programme) = programme {
            rows.programme = programme;
        } else {
            save(&*write, &[], from_ref(&rows.programme)).await?;
        }
        rows.project.revision = 1;
        if let Some(founder) = founder {
            rows.roles.push(role::Model {
                id: self.ids().make("role", founder.id.into(), key).into(),
                project_id: rows.project.id,
                person_id: founder.id,
                partner_id: None,
                kind: RoleKind::Coordinator,
                from_on: None,
                until_on: None,
                position: 0,
            });
            rows.people.push(founder);
        }
        let empty = Rows::empty(rows.project.clone(), rows.programme.clone());
        save(&*write, &[], from_ref(&rows.project)).await?;
        rows.save_own(&*write, &empty).await?;
        write.raise_new(&rows.project);
        let record = rows.project.id.into();
        let after = Arc::new(Project::new(rows).at(now));
        let act = Act {
            verb: command,
            project: Some(after.id()),
            revision: Some(1),
            now,
        };
        // The founder was there before.
        let mut before = empty;
        before.people.clone_from(&after.rows().people);
        let changes = after.rows().recorded_since(&before);
        let mut entries = vec![Entry::of_new(&after.rows().project)];
        entries.extend(audit::entries(changes, &Project::new(before), &after));
        audit::write(&*write, self.ids(), actor, act, entries).await?;
        let stored = StoredOutcome {
            record,
            warnings: Vec::new(),
            project: Some(key.clone()),
        };
        self.store_outcome(&*write, actor, &stored).await?;
        write.commit_with(&after).await?;
        Ok(Outcome {
            project: after,
            record,
            warnings: Vec::new(),
            is_repeat: false,
        })
    }
}

/// The shared rows that a command may name.
async fn shared_rows(db: &impl ConnectionTrait, command: &Command) -> Result<SharedRows> {
    let split = |named: &[Named]| {
        let (mut ids, mut keys) = (Vec::new(), Vec::new());
        for one in named {
            match one {
                Named::Id(id) => ids.push(*id),
                Named::Key(key) => keys.push(key.clone()),
            }
        }
        (ids, keys)
    };
    let mut shared = SharedRows::default();
    if !command.organisations.is_empty() {
        let (ids, keys) = split(&command.organisations);
        shared.organisations = organisation::Entity::find()
            .filter(
                Condition::any()
                    .add(organisation::Column::Id.is_in(ids))
                    .add(organisation::Column::Key.is_in(keys)),
            )
            .all(db)
            .await?;
    }
    if !command.people.is_empty() {
        let (ids, addresses) = split(&command.people);
        let addresses = addresses.iter().map(|address| address.to_lowercase());
        shared.people = person::Entity::find()
            .filter(
                Condition::any()
                    .add(person::Column::Id.is_in(ids))
                    .add(person::Column::Address.is_in(addresses)),
            )
            .all(db)
            .await?;
    }
    Ok(shared)
}

/// Takes shared rows that are now part of the project into what it is compared with.
fn adopt<R: Clone>(into: &mut Vec<R>, shared: &[R], new: &[R], id: impl Fn(&R) -> Uuid) {
    for row in shared {
        let is_new = !into.iter().any(|there| id(there) == id(row));
        if is_new && new.iter().any(|there| id(there) == id(row)) {
            into.push(row.clone());
        }
    }
}

/// Takes shared rows that the project shows again as they are, and not as it introduced them, into what it
/// is compared with: they are not changed.
fn resume<R: Clone + PartialEq>(into: &mut [R], shared: &[R], new: &[R], id: impl Fn(&R) -> Uuid) {
    for there in into {
        let of = id(there);
        let mut shared = shared.iter().filter(|row| id(row) == of);
        if let Some(row) = shared.find(|row| new.contains(row)) {
            there.clone_from(row);
        }
    }
}

/// The projects that show a changed organisation or person. One that was only removed from a project
/// is what it was.
pub(super) async fn projects_showing(
    db: &impl ConnectionTrait,
    changes: &[Change],
) -> Result<Vec<ProjectId>> {
    let ids = |table: &'static str| {
        changes
            .iter()
            .filter(move |change| change.table == table && change.kind != ChangeKind::Removed)
            .map(|change| change.id)
    };
    let mut projects: Vec<ProjectId> = partner::Entity::find()
        .select_only()
        .column(partner::Column::ProjectId)
        .filter(partner::Column::OrganisationId.is_in(ids("organisation")))
        .into_tuple()
        .all(db)
        .await?;
    let by_people: Vec<ProjectId> = role::Entity::find()
        .select_only()
        .column(role::Column::ProjectId)
        .filter(role::Column::PersonId.is_in(ids("person")))
        .into_tuple()
        .all(db)
        .await?;
    projects.extend(by_people);
    let by_programme: Vec<ProjectId> = project::Entity::find()
        .select_only()
        .column(project::Column::Id)
        .filter(project::Column::ProgrammeId.is_in(ids("programme")))
        .into_tuple()
        .all(db)
        .await?;
    projects.extend(by_programme);
    projects.sort_unstable();
    projects.dedup();
    Ok(projects)
}
