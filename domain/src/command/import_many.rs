//! Importing many new projects at once.

use std::collections::{HashMap, HashSet};

use entities::*;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    error::{Error, Result},
    file::{self, ProjectFile},
    record::rows::{Rows, SharedRows, save},
    store::Store,
};

impl Store {
    /// Writes many new projects in one transaction, table by table. None of them may be there
    /// already; the organisations and the programme that they share may, and stay as they are.
    ///
    /// # Errors
    /// `Invalid` with every problem of the first file that has one; nothing is written then.
    pub async fn import_many(&self, files: &[ProjectFile]) -> Result<()> {
        let now = self.clock().now();
        let mut write = self.write_shared().await?;
        let keys: HashSet<&str> = files
            .iter()
            .flat_map(|file| &file.organisations)
            .map(|row| row.key.as_str())
            .collect();
        let there = organisation::Entity::find()
            .filter(organisation::Column::Key.is_in(keys))
            .all(&*write)
            .await?;
        let programmes = programme::Entity::find().all(&*write).await?;
        let mut organisations: HashMap<String, organisation::Model> = there
            .iter()
            .map(|row| (row.key.clone(), row.clone()))
            .collect();
        let mut programme = None;
        let mut projects = Vec::new();
        let mut people = Vec::new();
        let mut all: Option<Rows> = None;
        for file in files {
            let problems = file::check(file);
            if !problems.is_empty() {
                return Err(Error::Invalid(problems));
            }
            let shown = file.organisations.iter();
            let fund = &file.project.programme.key;
            let shared = SharedRows {
                programme: programmes
                    .iter()
                    .chain(&programme)
                    .find(|row| row.key == *fund)
                    .cloned(),
                organisations: shown
                    .filter_map(|row| organisations.get(&row.key).cloned())
                    .collect(),
                people: Vec::new(),
            };
            let (mut rows, _) = file::rows_of(file, None, &shared, self.ids(), now, false)
                .map_err(Error::Invalid)?;
            rows.project.revision = 1;
            let is_there = programmes.iter().any(|row| row.id == rows.programme.id);
            programme = Some(rows.programme.clone())
                .filter(|_| !is_there)
                .or(programme);
            for row in &rows.organisations {
                let known = organisations.entry(row.key.clone());
                known.or_insert_with(|| row.clone());
            }
            people.append(&mut rows.people);
            projects.push(rows.project.clone());
            match &mut all {
                None => all = Some(rows),
                Some(all) => all.append(rows),
            }
        }
        let Some(all) = all else {
            return Ok(());
        };
        let organisations: Vec<_> = organisations.into_values().collect();
        save(&*write, &programmes, programme.as_slice()).await?;
        save(&*write, &there, &organisations).await?;
        save(&*write, &[], &people).await?;
        save(&*write, &[], &projects).await?;
        let nothing = Rows::empty(all.project.clone(), all.programme.clone());
        all.save_own(&*write, &nothing).await?;
        for row in &projects {
            write.raise_new(row);
        }
        write.commit().await
    }
}
