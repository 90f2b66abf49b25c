//! `connection import FILE`

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use domain::{
    command::{self, GivenFiles, Imported, SharedChanges},
    error::Error,
    file::{self, ProjectFile},
    record::Problem,
    record::rows::ChangeKind,
};

use crate::{evidence, home::Home, problem::line};

#[derive(Args, Debug)]
pub struct Import {
    /// A project file, as docs/PROJECT_FILE.md describes it.
    file: PathBuf,
    /// Only say what would change.
    #[arg(long)]
    dry_run: bool,
    /// Remove the records that the file leaves out; without it they stay.
    #[arg(long)]
    prune: bool,
    /// Change organisations, people and programmes that other projects show, too.
    #[arg(long, conflicts_with = "propose_shared")]
    change_shared: bool,
    /// Leave what other projects show, too, as it is, and propose the changes to their coordinators,
    /// with this reason.
    #[arg(long, value_name = "REASON")]
    propose_shared: Option<String>,
    /// The folder with the files of evidence that the project file names and the project does not
    /// have yet, as `connection export --files` writes them.
    #[arg(long, value_name = "DIR")]
    files: Option<PathBuf>,
    #[command(flatten)]
    home: Home,
}

impl Import {
    pub async fn run(self) -> Result<()> {
        let shown = self.file.display();
        let text = std::fs::read_to_string(&self.file)
            .with_context(|| format!("{shown} cannot be read"))?;
        let file = file::read(&text).or_else(|problems| refuse(&problems))?;
        let store = self.home.open().await?;
        let how = command::Import {
            dry_run: self.dry_run,
            prune: self.prune,
            shared: match (&self.propose_shared, self.change_shared) {
                (Some(_), _) => SharedChanges::Propose,
                (None, true) => SharedChanges::Make,
                (None, false) => SharedChanges::Refuse,
            },
            reason: self.propose_shared.clone().unwrap_or_default(),
        };
        let given = self.given(&file).await?;
        let imported = match store.import_with(&file, how, &given).await {
            Ok(imported) => imported,
            Err(Error::Invalid(problems)) => return refuse(&problems),
            Err(error) => return Err(error.into()),
        };
        self.print(&file.project.key, &imported);
        Ok(())
    }

    /// The files that come with the project file. What is refused later goes with the files that
    /// nothing refers to.
    async fn given(&self, file: &ProjectFile) -> Result<GivenFiles> {
        let Some(folder) = &self.files else {
            return Ok(GivenFiles::default());
        };
        let shown = folder.display();
        if !folder.is_dir() {
            bail!("--files: there is no folder {shown}");
        }
        let files = self.home.files()?;
        let files = files.context("no files are kept here: FILE_MB is 0")?;
        match self.dry_run {
            false => evidence::take_in(&files, folder, file).await,
            true => {
                let aside = tempfile::tempdir().context("no temporary folder")?;
                evidence::take_in(&files.moved_to(aside.path()), folder, file).await
            }
        }
    }

    fn print(&self, key: &str, imported: &Imported) {
        for problem in &imported.warnings {
            println!("warning    {}", line(problem));
        }
        for problem in &imported.elsewhere {
            println!("shared     {}", line(problem));
        }
        for key in &imported.proposed {
            println!("proposed   {key}");
        }
        let labels = imported.names.labels();
        let label = |id| labels.get(&id).map_or("", String::as_str);
        if imported.is_new {
            let verb = if self.dry_run {
                "would be new"
            } else {
                "is new"
            };
            println!("{key} {verb}: {} rows", imported.changes.len() + 1);
            return;
        }
        for change in &imported.changes {
            let what = match &change.kind {
                ChangeKind::Added => "added".to_owned(),
                ChangeKind::Removed => "removed".to_owned(),
                ChangeKind::Changed(columns) => format!("changed ({})", columns.join(", ")),
            };
            println!("{what:<10} {} {}", change.table, label(change.id));
        }
        for label in &imported.kept {
            println!("kept       {label} (not in the file; --prune removes it)");
        }
        let count = imported.changes.len();
        if count == 0 {
            println!("{key} is as the file says: nothing to change");
        } else if self.dry_run {
            println!("{key}: {count} rows would change; nothing was written");
        } else {
            println!("{key}: {count} rows changed");
        }
    }
}

/// The error for a refused file, with all problems.
fn refuse<T>(problems: &[Problem]) -> Result<T> {
    for problem in problems {
        eprintln!("{}", line(problem));
    }
    bail!(
        "the file is refused whole: {} problem(s), nothing was written",
        problems.len()
    )
}
