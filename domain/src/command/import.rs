//! Importing a project file: a command, which the audit names.

use std::slice::from_ref;

use entities::*;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::execute::projects_showing;
use crate::{
    actor::Actor,
    audit::{self, Act, Entry},
    error::{Error, Result},
    file::{self, ProjectFile},
    project::Project,
    rows::{Change, Rows, SharedRows, save},
    store::{Store, load_for_update},
};

impl Store {
    /// Writes a project file: a new project, or an update of the one with its key. Records that a
    /// newer file leaves out are kept, unless `prune` is set. With `dry_run` nothing is written.
    /// The audit names every record that it changes; of a new project, the project alone.
    ///
    /// # Errors
    /// `Invalid` with every problem, and nothing written.
    pub async fn import(&self, file: &ProjectFile, how: Import) -> Result<Imported> {
        let problems = file::check(file);
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        let mut write = self.write_shared().await?;
        let old = load_for_update(&*write, &file.project.key).await?;
        let mut shared = shared_rows(&*write, file).await?;
        let now = self.clock().now();
        let (new, kept) = file::rows_of(file, old.as_ref(), &shared, self.ids(), now, how.prune)
            .map_err(Error::Invalid)?;
        if let Some(old) = &old {
            keep_left_out(&mut shared, old, &new);
        }
        let before = old
            .clone()
            .unwrap_or_else(|| Rows::empty(new.project.clone(), new.programme.clone()));
        let mut compared = before.clone();
        compared.organisations.clone_from(&shared.organisations);
        compared.people.clone_from(&shared.people);
        if let Some(programme) = &shared.programme {
            compared.programme.clone_from(programme);
        }
        let changes = new.changes_since(&compared);
        let is_new = old.is_none();
        if !how.dry_run && (is_new || !changes.is_empty()) {
            save_shared(&*write, &shared, &new).await?;
            if is_new {
                save(&*write, &[], from_ref(&new.project)).await?;
            } else {
                save(&*write, from_ref(&before.project), from_ref(&new.project)).await?;
            }
            new.save_own(&*write, &before).await?;
            write.raise(new.project.id).await?;
            for id in projects_showing(&*write, &changes).await? {
                write.raise(id).await?;
            }
            let act = Act {
                verb: "import",
                project: Some(new.project.id),
                revision: Some(new.project.revision + 1),
                now,
            };
            let entries = entries(&compared, &new, is_new);
            audit::write(&*write, self.ids(), &Actor::COMMAND, act, entries).await?;
            write.commit().await?;
            self.fresh(&file.project.key).await?;
        } else {
            write.rollback().await?;
        }
        Ok(Imported {
            is_new,
            changes,
            kept,
            names: new,
        })
    }
}

/// The audit entries of an import.
fn entries(old: &Rows, new: &Rows, is_new: bool) -> Vec<Entry> {
    let mut recorded = new.recorded_since(old);
    let mut entries = Vec::new();
    if is_new {
        // The records of a new project stand in its file.
        recorded.retain(|one| one.before.is_some());
        entries.push(Entry::of_new(&new.project));
    }
    let (old, new) = (Project::new(old.clone()), Project::new(new.clone()));
    entries.extend(audit::entries(recorded, &old, &new));
    entries
}

/// How a file is imported.
#[derive(Clone, Copy, Debug, Default)]
pub struct Import {
    /// Only say what would change.
    pub dry_run: bool,
    /// Remove the records that the file leaves out.
    pub prune: bool,
}

/// What an import changed, or would change.
#[derive(Debug)]
pub struct Imported {
    pub is_new: bool,
    pub changes: Vec<Change>,
    /// Records that the file leaves out and that were kept, such as `practices moi`.
    pub kept: Vec<String>,
    /// The rows after it, to name the changed ones by.
    pub names: Rows,
}

<<<<<<< HEAD:domain/src/command/import.rs
/// Adds what the project has, the file leaves out and the import keeps: it is there already.
fn keep_left_out(shared: &mut SharedRows, old: &Rows, new: &Rows) {
    for row in &old.organisations {
        let stays = new.organisations.iter().any(|other| other.id == row.id);
        if stays && shared.organisations.iter().all(|other| other.id != row.id) {
=======
/// Takes in what the project has, the file leaves out and the import keeps: it is there already.
fn keep_left_out(shared: &mut Shared, old: &Rows, new: &Rows) {
    for row in &old.organisations {
        let is_kept = new.organisations.iter().any(|kept| kept.id == row.id);
        if is_kept && shared.organisations.iter().all(|known| known.id != row.id) {
>>>>>>> 3380a50 (domain: Give each kind of record one room):domain/src/store/import.rs
            shared.organisations.push(row.clone());
        }
    }
    for row in &old.people {
<<<<<<< HEAD:domain/src/command/import.rs
        let stays = new.people.iter().any(|other| other.id == row.id);
        if stays && shared.people.iter().all(|other| other.id != row.id) {
=======
        let is_kept = new.people.iter().any(|kept| kept.id == row.id);
        if is_kept && shared.people.iter().all(|known| known.id != row.id) {
>>>>>>> 3380a50 (domain: Give each kind of record one room):domain/src/store/import.rs
            shared.people.push(row.clone());
        }
    }
}

/// The shared rows that a file names, as they are now.
async fn shared_rows(db: &impl ConnectionTrait, file: &ProjectFile) -> Result<SharedRows> {
    let organisations = file.organisations.iter().map(|row| row.key.as_str());
    let people = file.people.iter().map(|row| row.key.as_str());
    Ok(SharedRows {
        programme: programme::Entity::find()
            .filter(programme::Column::Key.eq(&file.project.programme.key))
            .one(db)
            .await?,
        organisations: organisation::Entity::find()
            .filter(organisation::Column::Key.is_in(organisations))
            .all(db)
            .await?,
        people: person::Entity::find()
            .filter(person::Column::Key.is_in(people))
            .all(db)
            .await?,
    })
}

async fn save_shared(db: &impl ConnectionTrait, old: &SharedRows, new: &Rows) -> Result<()> {
    save(db, old.programme.as_slice(), from_ref(&new.programme)).await?;
    save(db, &old.organisations, &new.organisations).await?;
    save(db, &old.people, &new.people).await?;
    Ok(())
}
