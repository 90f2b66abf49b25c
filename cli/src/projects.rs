//! Problems of the projects in a database by the rules of this release, as `connection doctor`
//! prints them. A release may have more rules than the one that wrote a value; such a value stays
//! until it is changed.

use anyhow::Result;
use domain::{
    clock::Clock,
    duty, file,
    ids::Ids,
    project::Project,
    record::{Kind, Problem},
    store::Store,
    viewer::Viewer,
};
use entities::ProposalId;
use sea_orm::DatabaseConnection;

use crate::problem::line;

/// The maximum number of printed problems.
const MOST: usize = 50;
/// The name of this check in the list of checks.
const NAME: &str = "projects";

/// Checks every project of a database and prints a line for each problem. These are warnings: the
/// product works with such values.
pub async fn check(db: DatabaseConnection) -> Result<()> {
    let warn = |text: String| println!("warn  {NAME:<25} {text}");
    match migration::pending(&db).await {
        Ok(0) => {}
        Ok(_) => {
            warn("not checked: the database is brought up to date at the next start".to_owned());
            return Ok(());
        }
        Err(error) => {
            warn(format!("not checked: {error:#}"));
            return Ok(());
        }
    }
    let store = Store::new(db, Clock::System, Ids::Fresh);
    let keys = store.keys().await?;
    let (mut count, mut wrong) = (0, 0);
    for key in &keys {
        let problems = match store.project(key).await {
            Ok(project) => {
                for waiting in waiting(&project, store.clock()) {
                    warn(waiting);
                }
                problems(&project)
            }
            Err(error) => {
                wrong += 1;
                warn(format!("{key} cannot be read: {error:#}"));
                continue;
            }
        };
        wrong += usize::from(!problems.is_empty());
        for problem in &problems {
            if count < MOST {
                warn(format!("{key} {}", line(problem)));
            }
            count += 1;
        }
    }
    if count > MOST {
        warn(format!("and {} more", count - MOST));
    }
    match wrong {
        0 => println!("ok    {NAME:<25} {}: the rules refuse nothing", keys.len()),
        _ => warn(format!(
            "{wrong} of {}: the rules refuse {count} value(s), which stay as they are until they \
             change; each place is one in `connection export KEY`",
            keys.len()
        )),
    }
    Ok(())
}

/// The proposals that are the operator's to decide, since nobody coordinates the project.
fn waiting(project: &Project, clock: &Clock) -> Vec<String> {
    let today = clock.today(project.zone());
    let duties = duty::duties_for(project, Viewer::Operator, today.into()).into_iter();
    let proposals = duties.filter_map(|duty| Some((duty.proposal()?, duty.day)));
    let key = |id| {
        Kind::Proposal
            .key_in(id, project.rows())
            .unwrap_or_default()
    };
    let line = |(id, day): (ProposalId, _)| {
        format!(
            "{} has no coordinator: the proposal {} waits for the operator, until {day}",
            project.key(),
            key(id.0)
        )
    };
    proposals.map(line).collect()
}

/// The problems with which an import of the project's own export would be refused.
fn problems(project: &Project) -> Vec<Problem> {
    match file::read(&file::export(project).to_json()) {
        Ok(file) => file::check(&file),
        Err(problems) => problems,
    }
}
