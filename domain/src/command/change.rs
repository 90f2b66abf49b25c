//! One verb, one transaction: the project is locked, the verb makes its next state, and the
//! difference is written, audited and remembered under the caller's key. When anything fails,
//! nothing is left behind.

use std::{slice::from_ref, sync::Arc};

use entities::*;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, prelude::Uuid};

use super::{
    Code, Draft, Problem, Refusal,
    audit::{self, Act, Entry},
    draft::Shared,
    repeat::{Outcome, Repeat, Under},
};
use crate::{
    error::{Error, Result},
    file,
    project::Project,
    rows::{Rows, save},
    store::{Store, Write, showing},
    viewer::{Denied, Viewer},
};

/// Who asks for a change, and how.
#[derive(Clone, Debug)]
pub struct Caller {
    pub viewer: Viewer,
    /// The request, as the log names it.
    pub request_id: Option<String>,
    /// Asking again under the same key does nothing more.
    pub repeat: Option<Repeat>,
    /// Where it is no request at all.
    pub channel: Option<Channel>,
}

impl Caller {
    /// A caller that asks once.
    #[must_use]
    pub fn new(viewer: Viewer) -> Self {
        Self {
            viewer,
            request_id: None,
            repeat: None,
            channel: None,
        }
    }

    /// A command of `connection`.
    #[must_use]
    pub fn command() -> Self {
        Self {
            channel: Some(Channel::Command),
            ..Self::new(Viewer::Operator)
        }
    }

    pub(super) fn channel(&self) -> Channel {
        self.channel.unwrap_or_else(|| self.viewer.channel())
    }

    /// Under whose key, and which, it is remembered.
    pub(super) fn under(&self) -> Option<Under<'_>> {
        // Nobody in particular changes nothing, and is no one to remember anything of.
        let repeat = (self.repeat.as_ref()).filter(|_| self.viewer != Viewer::Anonymous)?;
        Some(repeat.of(self.viewer.person()))
    }
}

/// What a verb is about.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The name of the mutation, as the audit tells it.
    pub verb: &'static str,
    /// Whether it changes what projects share: organisations or people.
    pub is_shared: bool,
    /// Keys or ids of organisations beyond the project's own that the verb may speak of.
    pub organisations: Vec<super::Named>,
    /// Addresses or ids of people beyond the project's own.
    pub people: Vec<super::Named>,
}

impl Asked {
    #[must_use]
    pub fn to(verb: &'static str) -> Self {
        Self {
            verb,
            ..Self::default()
        }
    }

    /// A verb that may change what other projects show, too.
    #[must_use]
    pub fn to_shared(verb: &'static str) -> Self {
        Self {
            is_shared: true,
            ..Self::to(verb)
        }
    }
}

/// What was done.
#[derive(Debug)]
pub struct Done {
    /// The project with it.
    pub project: Arc<Project>,
    /// The record that it was about.
    pub record: Uuid,
    pub warnings: Vec<Problem>,
    /// Whether it had been done before, under the same key.
    pub is_repeat: bool,
}

impl Store {
    /// Does a verb to the project of a key.
    ///
    /// # Errors
    /// Why not; nothing is changed then.
    pub async fn change(
        &self,
        caller: &Caller,
        key: &str,
        asked: Asked,
        verb: impl FnOnce(&mut Draft) -> Result<Uuid, Refusal> + Send,
    ) -> Result<Done, Refusal> {
        let mut write = match asked.is_shared {
            true => self.write_shared().await?,
            false => self.write().await?,
        };
        if let Some(done) = self.repeated(&*write, caller.under()).await? {
            write.rollback().await?;
            return self.done_before(caller, done).await;
        }
        let before = match self.locked(&*write, key).await {
            Err(Error::NotFound(_)) => return Err(Denied::Unknown.into()),
            found => found?,
        };
        if !caller.viewer.may_see(&before) {
            return Err(Denied::Unknown.into());
        }
        let now = self.clock().now();
        let known = known(&*write, &asked).await?;
        let mut draft = Draft::new(Arc::clone(&before), caller.viewer, now, self.ids(), known);
        let record = verb(&mut draft)?;
        let Draft {
            mut rows,
            warnings,
            known,
            ..
        } = draft;
        // What was known beyond the project is no news in it.
        let mut compared = before.rows().clone();
        adopt(
            &mut compared.organisations,
            &known.organisations,
            &rows.organisations,
            |r| r.id.0,
        );
        adopt(&mut compared.people, &known.people, &rows.people, |r| {
            r.id.0
        });
        rows.sort();
        let changes = rows.recorded_since(&compared);
        let outcome = Outcome {
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
            let after = Arc::new(Project::new(rows));
            let act = Act {
                verb: asked.verb,
                project: Some(after.id()),
                revision: Some(after.revision()),
                now,
            };
            let entries = audit::entries(changes, &before, &after);
            audit::write(&*write, self.ids(), caller, act, entries).await?;
            after
        };
        self.remember(&*write, caller.under(), &outcome).await?;
        write.commit_with(&project).await?;
        Ok(Done {
            project,
            record,
            warnings: outcome.warnings,
            is_repeat: false,
        })
    }

    /// What an act did that was asked for before, where the caller may still see it.
    async fn done_before(&self, caller: &Caller, outcome: Outcome) -> Result<Done, Refusal> {
        let project = self.fresh(&outcome.project.unwrap_or_default()).await?;
        let may_see = caller.viewer.may_see(&project)
            && caller.viewer.may_see_record(&project, outcome.record);
        if !may_see {
            return Err(Denied::Unknown.into());
        }
        Ok(Done {
            project,
            record: outcome.record,
            warnings: outcome.warnings,
            is_repeat: true,
        })
    }

    /// Writes the difference between two states, and raises every project that shows it.
    async fn write_difference(
        &self,
        write: &mut Write<'_>,
        old: &Rows,
        new: &Rows,
        changes: &[crate::rows::Recorded],
    ) -> Result<()> {
        save(&**write, &old.organisations, &new.organisations).await?;
        save(&**write, &old.people, &new.people).await?;
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
        for id in showing(&**write, &changes).await? {
            write.raise(id).await?;
        }
        Ok(())
    }

    /// Begins a project: the rows that a file's text makes, with the roles of whoever begins it.
    ///
    /// # Errors
    /// Why not; nothing is changed then.
    pub async fn found(
        &self,
        caller: &Caller,
        verb: &'static str,
        file: &file::ProjectFile,
    ) -> Result<Done, Refusal> {
        let mut write = self.write_shared().await?;
        if let Some(done) = self.repeated(&*write, caller.under()).await? {
            write.rollback().await?;
            return self.done_before(caller, done).await;
        }
        let founder = match caller.viewer.person() {
            Some(id) => person::Entity::find_by_id(id).one(&*write).await?,
            None => None,
        };
        caller.viewer.founder(founder.as_ref())?;
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
        let shared = crate::store::Shared {
            programme: programme.clone(),
            ..Default::default()
        };
        let (mut rows, _) =
            file::rows_of(file, None, &shared, self.ids(), now, false).map_err(Error::Invalid)?;
        // A programme is shared: whoever begins a project of it does not rename it.
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
                position: 0,
            });
            rows.people.push(founder);
        }
        let empty = Rows::empty(rows.project.clone(), rows.programme.clone());
        save(&*write, &[], from_ref(&rows.project)).await?;
        rows.save_own(&*write, &empty).await?;
        write.inserted(&rows.project);
        let record = rows.project.id.into();
        let after = Arc::new(Project::new(rows));
        let act = Act {
            verb,
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
        audit::write(&*write, self.ids(), caller, act, entries).await?;
        let outcome = Outcome {
            record,
            warnings: Vec::new(),
            project: Some(key.clone()),
        };
        self.remember(&*write, caller.under(), &outcome).await?;
        write.commit_with(&after).await?;
        Ok(Done {
            project: after,
            record,
            warnings: Vec::new(),
            is_repeat: false,
        })
    }
}

/// The shared rows that a verb may speak of.
async fn known(db: &impl ConnectionTrait, asked: &Asked) -> Result<Shared> {
    let split = |named: &[super::Named]| {
        let (mut ids, mut keys) = (Vec::new(), Vec::new());
        for one in named {
            match one {
                super::Named::Id(id) => ids.push(*id),
                super::Named::Key(key) => keys.push(key.clone()),
            }
        }
        (ids, keys)
    };
    let mut shared = Shared::default();
    if !asked.organisations.is_empty() {
        let (ids, keys) = split(&asked.organisations);
        shared.organisations = organisation::Entity::find()
            .filter(
                Condition::any()
                    .add(organisation::Column::Id.is_in(ids))
                    .add(organisation::Column::Key.is_in(keys)),
            )
            .all(db)
            .await?;
    }
    if !asked.people.is_empty() {
        let (ids, addresses) = split(&asked.people);
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

/// Takes what was known and is now part of the project into what it is compared with.
fn adopt<R: Clone>(into: &mut Vec<R>, known: &[R], new: &[R], id: impl Fn(&R) -> Uuid) {
    for row in known {
        let is_new = !into.iter().any(|there| id(there) == id(row));
        if is_new && new.iter().any(|there| id(there) == id(row)) {
            into.push(row.clone());
        }
    }
}
