//! `connection generate`: synthetic projects to measure with.

use std::{collections::HashSet, time::Instant};

use anyhow::{Result, bail, ensure};
use clap::Args;
use domain::{
    error::Error,
    store::Store,
    synthetic::{Maker, PREFIX, key},
};
use entities::{organisation, person, programme, project};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::home::Home;

/// The approximate number of outputs in one transaction.
const AT_ONCE: usize = 5_000;

#[derive(Args, Debug)]
pub struct Generate {
    /// How many projects: `synthetic-0001` and so on; those that are there already are left alone.
    #[arg(long, default_value_t = 1)]
    projects: usize,
    /// How many times CONNECTION's 62 outputs each of them has; below 1 for small ones.
    #[arg(long, default_value_t = 1.0)]
    scale: f64,
    /// The same seed makes the same projects.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Also where the database holds real projects.
    #[arg(long)]
    beside: bool,
    /// Remove all synthetic projects, with their organisations, people and fund, and make none.
    #[arg(long, conflicts_with_all = ["projects", "scale", "seed", "beside"])]
    remove: bool,
    #[command(flatten)]
    home: Home,
}

impl Generate {
    pub async fn run(self) -> Result<()> {
        if self.remove {
            return remove(&self.home.open_existing().await?).await;
        }
        ensure!(
            self.scale > 0.0 && self.scale <= 1000.0,
            "--scale is above 0 and at most 1000"
        );
        let store = self.home.open().await?;
        let keys = store.keys().await?;
        let real = keys.iter().filter(|key| !key.starts_with(PREFIX)).count();
        if real > 0 && !self.beside {
            bail!(
                "this database holds {real} project(s) that are not synthetic: name another with \
                 --data or DATABASE_URL, or say --beside"
            );
        }
        let began = Instant::now();
        let maker = Maker::new(self.seed, self.scale);
        let there: HashSet<String> = keys.into_iter().collect();
        let missing: Vec<usize> = (1..=self.projects)
            .filter(|number| !there.contains(&key(*number)))
            .collect();
        let mut outputs = 0;
        let each = maker.project(1).outputs.len();
        for numbers in missing.chunks((AT_ONCE / each).clamp(1, 200)) {
            let files: Vec<_> = numbers
                .iter()
                .map(|number| maker.project(*number))
                .collect();
            outputs += files.iter().map(|file| file.outputs.len()).sum::<usize>();
            match store.import_many(&files).await {
                Ok(()) => {}
                Err(Error::Invalid(problems)) => bail!("the maker is wrong: {}", problems[0]),
                Err(other) => return Err(other.into()),
            }
        }
        println!(
            "{} synthetic projects with {outputs} outputs in {:.1} s; `connection generate --remove` \
             removes them",
            missing.len(),
            began.elapsed().as_secs_f64()
        );
        Ok(())
    }
}

/// Removes all rows marked as synthetic, with the rows that refer to their projects.
async fn remove(store: &Store) -> Result<()> {
    let write = store.write().await?;
    let projects = project::Entity::delete_many()
        .filter(project::Column::Key.starts_with(PREFIX))
        .exec(&*write)
        .await?
        .rows_affected;
    person::Entity::delete_many()
        .filter(person::Column::Key.starts_with(PREFIX))
        .exec(&*write)
        .await?;
    organisation::Entity::delete_many()
        .filter(organisation::Column::Key.starts_with(PREFIX))
        .exec(&*write)
        .await?;
    programme::Entity::delete_many()
        .filter(programme::Column::Key.starts_with(PREFIX))
        .exec(&*write)
        .await?;
    write.commit().await?;
    println!("{projects} synthetic projects removed");
    Ok(())
}
