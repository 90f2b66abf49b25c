//! A change of what other projects show is held back, and they are asked.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Utc};
use entities::*;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{Shared, change, coordinated};
use crate::{
    actor::Actor,
    audit::{self, Act, Entry},
    command::{
        Code, Problem, Problems, Refusal,
        fields::object,
        joint::{Joint, Reason},
        output::given,
    },
    error::Result,
    ids::Ids,
    project::{AsOf, Project, ProposalState},
    record::rows::{Change, Row, Rows, save, values},
    record::{Names, Organisation, Stand},
    store::Write,
    viewer::Viewer,
    zone::day_in,
};

/// For how many days it is open where nothing else is said.
const OPEN_FOR: Days = Days::new(14);

/// Who proposes, when, and why.
#[derive(Debug)]
pub(in crate::command) struct Asking<'a> {
    pub viewer: Viewer,
    pub project: &'a Project,
    pub now: DateTime<Utc>,
    pub ids: Ids,
    pub reason: &'a Reason,
}

/// A change that was held back: its proposal, and who is asked.
#[derive(Debug)]
pub(in crate::command) struct Proposed {
    pub row: proposal::Model,
    pub asked: Vec<ProjectId>,
}

/// The shared rows that differ between two states, each once.
pub(in crate::command) fn rows_that_differ(changes: &[Change]) -> Vec<Shared> {
    changes.iter().filter_map(Shared::of).collect()
}

/// Takes out of the next state what other projects show and the viewer may not change alone, and puts
/// proposals of it there.
///
/// # Errors
/// `TAKEN` where one of the same record is open already; `REASON_REQUIRED`; `OUT_OF_RANGE` for a last
/// day before today.
pub(in crate::command) async fn hold_back(
    write: &Write<'_>,
    asking: &Asking<'_>,
    (old, new): (&Rows, &mut Rows),
    changed: &[Shared],
) -> Result<Vec<Proposed>, Refusal> {
    let mut all = Vec::new();
    for shared in changed {
        if old.introduction(shared.id).is_some() {
            introduce_anew(*shared, new);
            take_back(*shared, old, new);
            continue;
        }
        let shown_by = shared.shown_by(&**write, asking.project.id()).await?;
        let shown_by: Vec<_> = shown_by.into_iter().map(|(id, _)| id).collect();
        let coordinated = coordinated(&**write, asking.viewer, &shown_by).await?;
        if shown_by.iter().all(|id| coordinated.contains(id)) {
            continue;
        }
        let changes = change::between(*shared, old, new);
        take_back(*shared, old, new);
        // What no record says of itself, such as when an address was refused, is nobody's to propose.
        if changes.0.is_empty() {
            continue;
        }
        let row = asking.proposal(*shared, changes, new)?;
        new.proposals.push(row.clone());
        all.push(Proposed {
            row,
            asked: shown_by
                .into_iter()
                .filter(|id| !coordinated.contains(id))
                .collect(),
        });
    }
    Ok(all)
}

/// What a project says of whom it does not know stays its own.
fn introduce_anew(shared: Shared, new: &mut Rows) {
    let names = Names::default();
    let nothing = Rows::empty(Default::default(), Default::default());
    let mut rows = new.organisations.iter();
    if let Some(row) = rows.find(|row| row.id.0 == shared.id) {
        let given = object(&Organisation::load(row, &nothing, &names));
        for introduction in &mut new.introductions {
            if introduction.of() == shared.id {
                introduction.given = given.clone().into();
            }
        }
    }
}

/// Takes a shared row back to what it was.
pub(in crate::command) fn take_back(shared: Shared, old: &Rows, new: &mut Rows) {
    fn restore<R: Row>(id: Uuid, old: &[R], new: &mut [R]) {
        let before = old.iter().find(|row| row.uuid() == id);
        let mut rows = new.iter_mut();
        if let (Some(before), Some(row)) = (before, rows.find(|row| row.uuid() == id)) {
            row.clone_from(before);
        }
    }
    restore(shared.id, &old.organisations, &mut new.organisations);
    restore(shared.id, &old.people, &mut new.people);
    if new.programme.id.0 == shared.id {
        new.programme.clone_from(&old.programme);
    }
}

impl Asking<'_> {
    /// The open proposal that the project has made about a shared row.
    pub(in crate::command) fn open_about(&self, shared: Shared) -> Option<&proposal::Model> {
        let today = AsOf::today(day_in(self.now, self.project.zone()));
        let mut own = self.project.proposals.iter();
        own.find(|row| {
            let state = self.project.proposal_state(row, today);
            row.record_id == Some(shared.id) && !row.is_asked && state == Some(ProposalState::Open)
        })
    }

    pub(super) fn proposal(
        &self,
        shared: Shared,
        changes: ProposedChanges,
        rows: &Rows,
    ) -> Result<proposal::Model, Refusal> {
        let today = day_in(self.now, self.project.zone());
        let mut problems = Problems::default();
        if let Some(open) = self.open_about(shared) {
            problems.push(Problem::new("id", Code::Taken).with(&open.key));
        }
        let reason = given(&mut problems, "reason", &self.reason.reason).unwrap_or_default();
        let until = self.reason.until;
        let until = until.or_else(|| today.checked_add_days(OPEN_FOR));
        let until = until.unwrap_or(today);
        if until < today {
            problems.push(Problem::new("until", Code::OutOfRange).with(format!("{today}..")));
        }
        problems.none()?;
        let positions = rows.proposals.iter().map(|row| row.position);
        let project = self.project.id();
        let name = format!("{}/{}", self.project.revision(), shared.id);
        let change = self.ids.make("change", project.into(), &name);
        Ok(proposal::Model {
            id: self.ids.make("proposal", project.into(), &name).into(),
            project_id: project,
            key: key_of(change),
            position: positions.max().map_or(0, |last| last + 1),
            kind: shared.kind,
            person_id: self.viewer.person(),
            proposed_at: self.now,
            reason,
            until,
            change_id: Some(change),
            record_id: Some(shared.id),
            changes,
            ..Default::default()
        })
    }

    /// The question whether this project may show what others know.
    pub(super) fn question(&self, shared: Shared, change: Uuid) -> proposal::Model {
        let today = day_in(self.now, self.project.zone());
        proposal::Model {
            project_id: self.project.id(),
            kind: shared.kind,
            proposed_at: self.now,
            reason: self.reason.reason.trim().to_owned(),
            until: today.checked_add_days(OPEN_FOR).unwrap_or(today),
            change_id: Some(change),
            record_id: Some(shared.id),
            ..Default::default()
        }
    }
}

/// The key of a proposal that several projects decide: no file has one like it.
fn key_of(change: Uuid) -> String {
    format!("change-{}", &change.simple().to_string()[12..])
}

/// Asks projects to agree to proposals. They learn what would change, why and until when, and neither who
/// proposes it nor in which project.
pub(in crate::command) async fn ask(
    write: &mut Write<'_>,
    ids: Ids,
    (actor, verb, now): (&Actor, &str, DateTime<Utc>),
    proposed: &[Proposed],
) -> Result<()> {
    let mut entries: BTreeMap<ProjectId, Vec<Entry>> = BTreeMap::new();
    for Proposed { row, asked } in proposed {
        for project in asked {
            // It is locked from here on, so that its next place is free.
            write.raise(*project).await?;
            let row = asked_row(write, ids, row, *project).await?;
            save(&**write, &[], std::slice::from_ref(&row)).await?;
            entries.entry(*project).or_default().push(Entry {
                kind: "Proposal",
                record: row.id.into(),
                before: None,
                after: Some(values(&row, None).into()),
            });
        }
    }
    for (project, entries) in entries {
        let act = Act {
            verb,
            project: Some(project),
            revision: write.revision_of(project),
            now,
        };
        audit::write(&**write, ids, &actor.unnamed(), act, entries).await?;
    }
    Ok(())
}

/// The row of a proposal in a project that is asked.
async fn asked_row(
    write: &Write<'_>,
    ids: Ids,
    proposal: &proposal::Model,
    project: ProjectId,
) -> Result<proposal::Model> {
    let last: Option<Option<i32>> = proposal::Entity::find()
        .select_only()
        .column_as(proposal::Column::Position.max(), "last")
        .filter(proposal::Column::ProjectId.eq(project))
        .into_tuple()
        .one(&**write)
        .await?;
    let change = proposal.change_id.unwrap_or_default();
    let id = ids.make("proposal", project.into(), &change.to_string());
    Ok(proposal::Model {
        id: id.into(),
        project_id: project,
        key: key_of(change),
        position: last.flatten().map_or(0, |last| last + 1),
        by_id: None,
        person_id: None,
        is_asked: true,
        agreed_at: None,
        decision: None,
        decided_at: None,
        decided_by_id: None,
        answer: None,
        ..proposal.clone()
    })
}

/// Writes what a decision means for the rows of the same proposal in other projects, and asks those
/// that show the record only since.
pub(in crate::command) async fn write_joint(
    write: &mut Write<'_>,
    ids: Ids,
    by: (&Actor, &str, DateTime<Utc>),
    before: &Joint,
    after: &Joint,
) -> Result<()> {
    let (actor, verb, now) = by;
    for (old, new) in before.rows.iter().zip(&after.rows) {
        if old == new {
            continue;
        }
        write.raise(new.project_id).await?;
        save(
            &**write,
            std::slice::from_ref(old),
            std::slice::from_ref(new),
        )
        .await?;
        let act = Act {
            verb,
            project: Some(new.project_id),
            revision: write.revision_of(new.project_id),
            now,
        };
        let entry = Entry {
            kind: "Proposal",
            record: new.id.into(),
            before: Some(values(old, None).into()),
            after: Some(values(new, None).into()),
        };
        audit::write(&**write, ids, &actor.unnamed(), act, vec![entry]).await?;
    }
    if let Some(id) = after.met {
        let row = introduction::Entity::find_by_id(IntroductionId(id));
        if let Some(row) = row.one(&**write).await? {
            write.raise(row.project_id).await?;
            introduction::Entity::delete_by_id(row.id)
                .exec(&**write)
                .await?;
        }
    }
    let Some(row) = after.to_ask.clone() else {
        return Ok(());
    };
    let asked = after.ask.clone();
    ask(write, ids, by, &[Proposed { row, asked }]).await
}
