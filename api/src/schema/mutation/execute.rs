//! Executes a command for a mutation: finds the record that the input names, takes the right that the
//! command needs, and turns the result into an outcome.

use async_graphql::{Context, ErrorExtensions, ID, Result};
use domain::{
    actor::Actor,
    command::{self, Code, Command, Draft, Problem, Refusal},
    project::Project,
    record::{Entry, Kind},
    viewer::{CoordinatorOf, Denied, Viewer},
};
use std::sync::Arc;
use uuid::Uuid;

use super::{
    input::{has_dated_facts, input_path},
    words,
};
use crate::schema::{
    base::{
        error,
        id::NodeId,
        payload::{Outcome, UserError},
        reads::Reads,
        view::{View, viewer},
    },
    types::node::Node,
};

/// The record that an input names, in a project that the viewer may see.
#[derive(Debug)]
pub struct Subject {
    pub project: Arc<Project>,
    pub row: Uuid,
}

impl Subject {
    /// Another record of the same project.
    pub fn beside(&self, row: impl Into<Uuid>) -> Self {
        Self {
            project: Arc::clone(&self.project),
            row: row.into(),
        }
    }
}

/// The record of an id, of this kind.
///
/// # Errors
/// `NOT_FOUND` where there is none that the viewer may see.
pub async fn find_record(ctx: &Context<'_>, id: &ID, kind: Kind) -> Result<Subject> {
    let name = kind.name();
    find(ctx, id, &name.to_lowercase(), |of| of == name).await
}

/// The entry of an id, of this kind.
///
/// # Errors
/// `NOT_FOUND` where there is none that the viewer may see.
pub async fn find_entry(ctx: &Context<'_>, id: &ID, entry: Entry) -> Result<Subject> {
    let name = entry.name();
    find(ctx, id, &name.to_lowercase(), |of| of == name).await
}

/// The output of an id, of whatever kind.
///
/// # Errors
/// `NOT_FOUND` where there is none that the viewer may see.
pub async fn find_output(ctx: &Context<'_>, id: &ID) -> Result<Subject> {
    let is_output = |name: &str| matches!(name.parse::<Kind>(), Ok(Kind::Output(_)));
    find(ctx, id, "output", is_output).await
}

async fn find(
    ctx: &Context<'_>,
    id: &ID,
    what: &str,
    is_kind: impl Fn(&str) -> bool + Send,
) -> Result<Subject> {
    let none = || error::not_found(what);
    let node = NodeId::decode(id).ok_or_else(none)?;
    let row = node.uuid().ok_or_else(none)?;
    if !is_kind(&node.kind) {
        return Err(none());
    }
    let viewer = viewer(ctx);
    let project = ctx
        .data::<Arc<Reads>>()?
        .visible_by_id(viewer, node.project)
        .await
        .map_err(|error| match error {
            domain::error::Error::NotFound(_) => none(),
            other => error::of_domain(other),
        })?;
    // The same command, under the same idempotency key, may have removed it.
    let is_there = || Node::is_there(&project, &node) && viewer.may_see_record(&project, row);
    let may_know = is_there() || is_repeated(ctx).await?;
    match may_know {
        true => Ok(Subject { project, row }),
        false => Err(none()),
    }
}

/// Whether the request repeats an earlier one under its idempotency key.
async fn is_repeated(ctx: &Context<'_>) -> Result<bool> {
    let store = ctx.data::<Arc<Reads>>()?.store();
    let is_repeated = store.is_repeat(&actor(ctx)).await;
    is_repeated.map_err(error::of_domain)
}

/// The project that a key or an id names.
///
/// # Errors
/// `NOT_FOUND` where there is none that the viewer may see.
pub async fn find_project(ctx: &Context<'_>, named: &str) -> Result<Subject> {
    if NodeId::decode(named).is_some() {
        return find_record(ctx, &ID::from(named), Kind::Project).await;
    }
    let project = ctx
        .data::<Arc<Reads>>()?
        .visible(viewer(ctx), named)
        .await
        .map_err(error::of_domain)?;
    Ok(Subject {
        row: project.id().into(),
        project,
    })
}

/// The actor, for the audit, with the idempotency key of this field.
pub fn actor(ctx: &Context<'_>) -> Actor {
    let mut actor = ctx
        .data_opt::<Actor>()
        .cloned()
        .unwrap_or_else(|| Actor::new(viewer(ctx)));
    if let Some(key) = &mut actor.idempotency_key {
        let field = ctx.field();
        key.field = field.alias().unwrap_or(field.name()).to_owned();
    }
    actor
}

/// Executes a command on the project of a record.
///
/// # Errors
/// `UNAUTHENTICATED`, `NOT_FOUND`, or when the database fails.
pub async fn execute(
    ctx: &Context<'_>,
    subject: &Subject,
    command: Command,
    change: impl FnOnce(&mut Draft) -> std::result::Result<Uuid, Refusal> + Send,
) -> Result<Outcome> {
    let reads = ctx.data::<Arc<Reads>>()?;
    let actor = actor(ctx);
    let key = subject.project.key();
    // On the heap: the request that waits for it may be nested deeply.
    match Box::pin(reads.store().execute(&actor, key, command, change)).await {
        Ok(outcome) => Ok(success(ctx, reads, outcome)),
        Err(refusal) => refuse(ctx, Some(subject), refusal).await,
    }
}

/// Creates a record in the project that a key or an id names.
///
/// # Errors
/// As [`execute`].
pub async fn create_record<R, P: From<Outcome>>(
    ctx: &Context<'_>,
    command: Command,
    key: &str,
    right: fn(Viewer, &Project) -> std::result::Result<R, Denied>,
    change: impl FnOnce(&mut Draft, &R) -> std::result::Result<Uuid, Refusal> + Send,
) -> Result<Option<P>> {
    let subject = find_project(ctx, key).await?;
    let outcome = execute(ctx, &subject, command, |draft| {
        let right = right(draft.viewer, &draft.project())?;
        change(draft, &right)
    });
    Ok(Some(Box::pin(outcome).await?.into()))
}

/// How an input names the record to be edited: its kind, its id, and the version that the client read.
#[derive(Debug)]
pub struct RecordInput<'a> {
    pub kind: Kind,
    pub id: &'a ID,
    pub version: Option<String>,
}

/// Edits a record: finds it, checks the right to it and its version, and executes the command.
///
/// # Errors
/// As [`execute`].
pub async fn edit_record<R, P: From<Outcome>>(
    ctx: &Context<'_>,
    command: Command,
    record: RecordInput<'_>,
    right: fn(Viewer, &Project, Uuid) -> std::result::Result<R, Denied>,
    change: impl FnOnce(&mut Draft, &R, Uuid) -> std::result::Result<(), Refusal> + Send,
) -> Result<Option<P>> {
    let subject = find_record(ctx, record.id, record.kind).await?;
    let row = subject.row;
    let outcome = execute(ctx, &subject, command, |draft| {
        draft.still(row)?;
        let right = right(draft.viewer, &draft.project(), row)?;
        draft.expect(row, record.version.as_deref())?;
        change(draft, &right, row)?;
        Ok(row)
    });
    Ok(Some(Box::pin(outcome).await?.into()))
}

/// The right to coordinate a project, for any of its records.
///
/// # Errors
/// Why the viewer has no such right.
pub fn coordinates(
    viewer: Viewer,
    project: &Project,
    _: Uuid,
) -> std::result::Result<CoordinatorOf, Denied> {
    viewer.coordinator_of(project)
}

/// The outcome of a command that succeeded.
pub fn success(ctx: &Context<'_>, reads: &Reads, outcome: command::Outcome) -> Outcome {
    reads.changed(&outcome.project);
    let locale = language(ctx, Some(&outcome.project));
    Outcome {
        warnings: user_errors(ctx, locale, &outcome.warnings),
        at: Some((View::today(outcome.project, reads), outcome.record)),
        user_errors: Vec::new(),
    }
}

/// The outcome of a command that was refused.
///
/// # Errors
/// The reasons that no input could mend: `UNAUTHENTICATED`, `NOT_FOUND`, or that the database failed.
pub async fn refuse(
    ctx: &Context<'_>,
    subject: Option<&Subject>,
    refusal: Refusal,
) -> Result<Outcome> {
    let problems = match refusal {
        Refusal::Failed(cause) => return Err(error::of_domain(cause)),
        Refusal::Denied(Denied::Unknown) => return Err(error::not_found("record")),
        Refusal::Denied(Denied::SignIn) => return Err(sign_in()),
        Refusal::Denied(Denied::Forbidden) => vec![Problem::new("", Code::Forbidden)],
        Refusal::Denied(Denied::ReadOnly) => vec![Problem::new("", Code::ReadOnlyToken)],
        Refusal::Denied(Denied::OwnReport) => vec![Problem::new("", Code::OwnReport)],
        Refusal::Problems(problems) => problems,
    };
    let reads = ctx.data::<Arc<Reads>>()?;
    let is_conflict = problems
        .iter()
        .any(|problem| problem.code == Code::Conflict);
    let at = match subject {
        Some(subject) if is_conflict => {
            let fresh = reads.store().fresh(subject.project.key()).await;
            let project = fresh.map_err(error::of_domain)?;
            reads.changed(&project);
            Some((View::today(project, reads), subject.row))
        }
        _ => None,
    };
    let locale = language(ctx, subject.map(|subject| &subject.project));
    Ok(Outcome {
        at,
        user_errors: user_errors(ctx, locale, &problems),
        warnings: Vec::new(),
    })
}

/// The error for a viewer who is not signed in.
pub fn sign_in() -> async_graphql::Error {
    async_graphql::Error::new("Sign in first, or send a token.")
        .extend_with(|_, extensions| extensions.set("code", "UNAUTHENTICATED"))
}

fn user_errors(ctx: &Context<'_>, locale: &str, problems: &[Problem]) -> Vec<UserError> {
    let is_dated = !problems.is_empty() && has_dated_facts(ctx);
    let user_error = |problem: &Problem| UserError {
        field: Some(input_path(problem, is_dated)).filter(|field| !field.is_empty()),
        code: problem.code.name().to_owned(),
        message: words::of_problem(locale, problem),
    };
    problems.iter().map(user_error).collect()
}

/// The language for the viewer: their own, else the project's.
fn language<'a>(ctx: &Context<'_>, project: Option<&'a Arc<Project>>) -> &'a str {
    let Some(project) = project else {
        return "en";
    };
    let person = viewer(ctx).person();
    let mut people = project.people.iter();
    person
        .and_then(|id| people.find(|row| row.id == id))
        .map_or(project.default_locale(), |row| &row.locale)
}
