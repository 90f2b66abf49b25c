//! Importing a project file: a command, which the audit names.

use std::{collections::HashMap, slice::from_ref};

use entities::*;
use heck::ToLowerCamelCase;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{
    Reason, Refusal,
    execute::projects_showing,
    import_files::{GivenFiles, check_files},
    shared::{Asking, Proposed, Shared, ask, hold_back, rows_that_differ, take_back},
};
use crate::{
    actor::Actor,
    audit::{self, Act, Entry},
    error::{Error, Result},
    file::{self, ProjectFile},
    project::Project,
    record::rows::{Change, ChangeKind, Rows, SharedRows, save},
    record::{Code, Problem, mail_address},
    store::{Store, Write, load_for_update},
    viewer::Viewer,
};

/// Values that one statement carries.
const CHUNK: usize = 500;

impl Store {
    /// Writes a project file: a new project, or an update of the one with its key. Records that a
    /// newer file leaves out are kept, unless `prune` is set. With `dry_run` nothing is written.
    /// The audit names every record that it changes; of a new project, the project alone.
    ///
    /// # Errors
    /// `Invalid` with every problem, and nothing written.
    pub async fn import(&self, file: &ProjectFile, how: Import) -> Result<Imported> {
        self.import_with(file, how, &GivenFiles::default()).await
    }

    /// As [`Store::import`], of a project file that came with files, which are stored already.
    ///
    /// # Errors
    /// `Invalid` with every problem, and nothing written.
    pub async fn import_with(
        &self,
        file: &ProjectFile,
        how: Import,
        given: &GivenFiles,
    ) -> Result<Imported> {
        let mut write = self.write_shared().await?;
        let old = load_for_update(&*write, &file.project.key).await?;
        let mut verdict = match &old {
            None => file::Verdict {
                problems: file::check(file),
                warnings: Vec::new(),
            },
            Some(old) => file::judge(file, &file::export(&Project::new(old.clone()))),
        };
        verdict
            .problems
            .extend(taken_addresses(&*write, file, old.as_ref()).await?);
        let evidence = old.as_ref().map_or(&[][..], |old| &old.evidence);
        (verdict.problems).extend(check_files(file, evidence, given));
        verdict.warnings.extend(file::warnings(file));
        if !verdict.problems.is_empty() {
            return Err(Error::Invalid(verdict.problems));
        }
        let mut shared = shared_rows(&*write, file).await?;
        let now = self.clock().now();
        let (mut new, kept) =
            file::rows_of(file, old.as_ref(), &shared, self.ids(), now, how.prune)
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
        keep_introduced(&before, &compared, &mut new);
        let changes = new.changes_since(&compared);
        let is_new = old.is_none();
        let elsewhere = shown_elsewhere(&*write, file, &new, &changes).await?;
        if !how.dry_run && how.shared == SharedChanges::Refuse && !elsewhere.is_empty() {
            return Err(Error::Invalid(elsewhere));
        }
        let proposed = match how.shared {
            SharedChanges::Propose => {
                let reason = Reason {
                    reason: how.reason.clone(),
                    until: None,
                };
                let state = Project::new(before.clone());
                let asking = Asking {
                    viewer: Viewer::Anonymous,
                    project: &state,
                    now,
                    ids: self.ids(),
                    reason: &reason,
                };
                propose(&write, &asking, (&compared, &mut new), &changes).await?
            }
            SharedChanges::Refuse | SharedChanges::Make => Vec::new(),
        };
        let changes = new.changes_since(&compared);
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
            let by = (&Actor::COMMAND, "import", now);
            ask(&mut write, self.ids(), by, &proposed).await?;
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
            warnings: verdict.warnings,
            elsewhere,
            proposed: proposed.into_iter().map(|one| one.row.key).collect(),
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

/// Holds back what other projects show, and proposes it to their coordinators. What this project has
/// proposed already, and is open, stays as it is.
async fn propose(
    write: &Write<'_>,
    asking: &Asking<'_>,
    (old, new): (&Rows, &mut Rows),
    changes: &[Change],
) -> Result<Vec<Proposed>> {
    let mut changed = rows_that_differ(changes);
    changed.retain(|shared| {
        let is_open = asking.open_about(*shared).is_some();
        if is_open {
            take_back(*shared, old, new);
        }
        !is_open
    });
    match hold_back(write, asking, (old, new), &changed).await {
        Ok(proposed) => Ok(proposed),
        Err(Refusal::Failed(error)) => Err(error),
        Err(Refusal::Problems(problems)) => Err(Error::Invalid(problems)),
        Err(Refusal::Denied(_)) => Err(Error::NotFound("project")),
    }
}

/// What a project says of whom it does not know stays as it said it: no file changes what others show.
fn keep_introduced(old: &Rows, compared: &Rows, new: &mut Rows) {
    for introduction in &old.introductions {
        let of = introduction.of();
        for row in &mut new.organisations {
            let mut known = compared.organisations.iter();
            if row.id.0 == of
                && let Some(known) = known.find(|known| known.id == row.id)
            {
                row.clone_from(known);
            }
        }
        for row in &mut new.people {
            let mut known = compared.people.iter();
            if row.id.0 == of
                && let Some(known) = known.find(|known| known.id == row.id)
            {
                row.clone_from(known);
            }
        }
    }
}

/// What an import does about organisations, people and programmes that other projects show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SharedChanges {
    /// A change of them is refused, with the rest of the file.
    #[default]
    Refuse,
    /// They are changed for all projects: the operator may.
    Make,
    /// They stay as they are, and the coordinators of the other projects are asked.
    Propose,
}

/// How a file is imported.
#[derive(Clone, Debug, Default)]
pub struct Import {
    /// Only say what would change.
    pub dry_run: bool,
    /// Remove the records that the file leaves out.
    pub prune: bool,
    /// What is done about what other projects show, too.
    pub shared: SharedChanges,
    /// Why that is proposed.
    pub reason: String,
}

/// What an import changed, or would change.
#[derive(Debug)]
pub struct Imported {
    pub is_new: bool,
    pub changes: Vec<Change>,
    /// Records that the file leaves out and that were kept, such as `practices moi`.
    pub kept: Vec<String>,
    /// What is as wrong in the project already, and stays as it is.
    pub warnings: Vec<Problem>,
    /// What changes, or would change, for the other projects that show it.
    pub elsewhere: Vec<Problem>,
    /// The keys of the proposals that it made to other projects.
    pub proposed: Vec<String>,
    /// The rows after it, to name the changed ones by.
    pub names: Rows,
}

/// Adds what the project has, the file leaves out and the import keeps: it is there already.
fn keep_left_out(shared: &mut SharedRows, old: &Rows, new: &Rows) {
    for row in &old.organisations {
        let stays = new.organisations.iter().any(|other| other.id == row.id);
        if stays && shared.organisations.iter().all(|other| other.id != row.id) {
            shared.organisations.push(row.clone());
        }
    }
    for row in &old.people {
        let stays = new.people.iter().any(|other| other.id == row.id);
        if stays && shared.people.iter().all(|other| other.id != row.id) {
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

/// Addresses of the file that belong to people under other keys; whom the project added without knowing
/// them, it calls as it likes.
async fn taken_addresses(
    db: &impl ConnectionTrait,
    file: &ProjectFile,
    old: Option<&Rows>,
) -> Result<Vec<Problem>> {
    let addresses = file.people.iter().enumerate().filter_map(|(at, person)| {
        let address = person.address.as_deref().and_then(mail_address)?;
        Some((address, (at, person.key.as_str())))
    });
    let addresses: HashMap<_, _> = addresses.collect();
    let mut problems = Vec::new();
    for chunk in addresses.keys().collect::<Vec<_>>().chunks(CHUNK) {
        let people = person::Entity::find()
            .filter(person::Column::Address.is_in(chunk.iter().copied()))
            .all(db)
            .await?;
        for row in people {
            let named = addresses.get(row.address.as_deref().unwrap_or_default());
            let is_introduced = old.is_some_and(|old| old.introduction(row.id).is_some());
            if let Some((at, key)) = named
                && *key != row.key
                && !is_introduced
            {
                let path = format!("people.{at}.address");
                problems.push(Problem::new(path, Code::Taken).with(row.key));
            }
        }
    }
    Ok(problems)
}

/// The fields by which an import changes what other projects show, with the keys of these projects.
async fn shown_elsewhere(
    db: &impl ConnectionTrait,
    file: &ProjectFile,
    new: &Rows,
    changes: &[Change],
) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for change in changes {
        let ChangeKind::Changed(columns) = &change.kind else {
            continue;
        };
        let place = match change.table {
            "organisation" => {
                let row = new.organisations.iter().find(|row| row.id.0 == change.id);
                let mut all = file.organisations.iter();
                row.and_then(|row| all.position(|other| other.key == row.key))
                    .map(|at| format!("organisations.{at}"))
            }
            "person" => {
                let row = new.people.iter().find(|row| row.id.0 == change.id);
                let mut all = file.people.iter();
                row.and_then(|row| all.position(|other| other.key == row.key))
                    .map(|at| format!("people.{at}"))
            }
            "programme" => Some("project.programme".to_owned()),
            _ => continue,
        };
        let projects: Vec<String> = match Shared::of(change) {
            Some(shared) => {
                let projects = shared.shown_by(db, new.project.id).await?;
                projects.into_iter().map(|(_, key)| key).collect()
            }
            None => Vec::new(),
        };
        let Some(place) = place.filter(|_| !projects.is_empty()) else {
            continue;
        };
        let columns = columns.iter().filter(|column| **column != "suppressed_at");
        for column in columns {
            let path = format!("{place}.{}", column.to_lower_camel_case());
            problems.push(Problem::new(path, Code::ShownElsewhere).with(projects.join(", ")));
        }
    }
    Ok(problems)
}

async fn save_shared(db: &impl ConnectionTrait, old: &SharedRows, new: &Rows) -> Result<()> {
    save(db, old.programme.as_slice(), from_ref(&new.programme)).await?;
    save(db, &old.organisations, &new.organisations).await?;
    save(db, &old.people, &new.people).await?;
    Ok(())
}
