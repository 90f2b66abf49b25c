//! From an input to what became of it.

use async_graphql::{Context, ErrorExtensions, ID, Result, SimpleObject};
use domain::{
    actor::Actor,
    command::{Code, Command, Draft, Outcome, Problem, Refusal},
    project::Project,
    viewer::{CoordinatorOf, Denied, Viewer},
};
use std::sync::Arc;
use uuid::Uuid;

use super::words;
use crate::schema::{
    base::{
        error,
        id::NodeId,
        reads::Reads,
        view::{View, viewer},
    },
    types::node::Node,
};

/// Why an input was not taken as it is, or what to look at although it was.
#[derive(Clone, Debug, SimpleObject)]
pub struct UserError {
    /// The field of the input that it is about, such as `ends` or `participants.0.partner`; null:
    /// all of it.
    field: Option<String>,
    /// A stable code, such as `WRONG_STATE`; `docs/ERRORS.md` lists them.
    code: String,
    /// The same in words, in the viewer's language.
    message: String,
}

/// What became of an input.
#[derive(Debug, Default)]
pub struct Settled {
    /// The project with the change, and the record that it was about; where nothing was done
    /// because somebody else was faster, as it is now.
    pub at: Option<(View, Uuid)>,
    pub user_errors: Vec<UserError>,
    pub warnings: Vec<UserError>,
}

/// Declares what a mutation answers with: a record, errors and warnings.
macro_rules! payload {
    ($($(#[$doc:meta])+ $name:ident { $(#[$fdoc:meta])+ $field:ident: $type:ty = $find:expr })+) => {$(
        $(#[$doc])+
        #[derive(Debug, async_graphql::SimpleObject)]
        pub struct $name {
            $(#[$fdoc])+
            $field: Option<$type>,
            /// All that kept it from being done; empty where it was.
            user_errors: Vec<$crate::schema::mutation::settle::UserError>,
            /// What to look at, although it was done.
            warnings: Vec<$crate::schema::mutation::settle::UserError>,
        }

        impl From<$crate::schema::mutation::settle::Settled> for $name {
            fn from(settled: $crate::schema::mutation::settle::Settled) -> Self {
                let find: fn(&$crate::schema::base::view::View, uuid::Uuid) -> Option<$type> = $find;
                Self {
                    $field: settled.at.and_then(|(view, record)| find(&view, record)),
                    user_errors: settled.user_errors,
                    warnings: settled.warnings,
                }
            }
        }
    )+};
}
pub(super) use payload;

/// The record that an input names, in a project that the viewer may see.
#[derive(Debug)]
pub struct Found {
    pub project: Arc<Project>,
    pub row: Uuid,
}

impl Found {
    /// Another record of the same project.
    pub fn beside(&self, row: impl Into<Uuid>) -> Self {
        Self {
            project: Arc::clone(&self.project),
            row: row.into(),
        }
    }
}

/// The record of an id that is of one of these kinds.
///
/// # Errors
/// `NOT_FOUND` where there is none that the viewer may see.
pub async fn found(ctx: &Context<'_>, id: &ID, kinds: &[&str]) -> Result<Found> {
    let what = kinds.first().copied().unwrap_or("record");
    let what = what.to_lowercase();
    let none = || error::not_found(&what);
    let node = NodeId::decode(id).ok_or_else(none)?;
    let row = node.uuid().ok_or_else(none)?;
    if !kinds.contains(&node.kind.as_str()) {
        return Err(none());
    }
    let project = ctx
        .data::<Arc<Reads>>()?
        .project_by_id(node.project)
        .await
        .map_err(|error| match error {
            domain::error::Error::NotFound(_) => none(),
            other => error::of_domain(other),
        })?;
    // What was done before, under the actor's key, may have removed it.
    let viewer = viewer(ctx);
    let is_there = || Node::is_there(&project, &node) && viewer.may_see_record(&project, row);
    let knows = viewer.may_see(&project) && (is_there() || was_done(ctx).await?);
    match knows {
        true => Ok(Found { project, row }),
        false => Err(none()),
    }
}

/// Whether the actor sent the same command before, under the same key.
async fn was_done(ctx: &Context<'_>) -> Result<bool> {
    let store = ctx.data::<Arc<Reads>>()?.store();
    let done = store.is_repeat(&actor(ctx)).await;
    done.map_err(error::of_domain)
}

/// The names of the types that are outputs.
pub const OUTPUTS: [&str; 9] = [
    "StaffExchange",
    "Visit",
    "Event",
    "ActionPlan",
    "Policy",
    "Champion",
    "ChampionWorkshop",
    "Guide",
    "Video",
];

/// The project that a key or an id names.
///
/// # Errors
/// `NOT_FOUND` where there is none that the viewer may see.
pub async fn project(ctx: &Context<'_>, named: &str) -> Result<Found> {
    if NodeId::decode(named).is_some() {
        return found(ctx, &ID::from(named), &["Project"]).await;
    }
    let project = ctx
        .data::<Arc<Reads>>()?
        .project(named)
        .await
        .map_err(error::of_domain)?;
    if !viewer(ctx).may_see(&project) {
        return Err(error::not_found("project"));
    }
    Ok(Found {
        row: project.id().into(),
        project,
    })
}

/// Who asks, as the audit tells it, and under which key.
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

/// Does a verb to the project of a record, and tells what became of it.
///
/// # Errors
/// Where the viewer is nobody, or may not know of it, or something failed.
pub async fn settle(
    ctx: &Context<'_>,
    found: &Found,
    command: Command,
    verb: impl FnOnce(&mut Draft) -> std::result::Result<Uuid, Refusal> + Send,
) -> Result<Settled> {
    let reads = ctx.data::<Arc<Reads>>()?;
    let actor = actor(ctx);
    let key = found.project.key();
    // On the heap: what asks may be nested deeply.
    match Box::pin(reads.store().execute(&actor, key, command, verb)).await {
        Ok(outcome) => Ok(settled(ctx, reads, outcome)),
        Err(refusal) => refused(ctx, Some(found), refusal).await,
    }
}

/// Makes a record in the project that a key or an id names.
///
/// # Errors
/// Where the viewer is nobody, or may not know of it, or something failed.
pub async fn made<R, P: From<Settled>>(
    ctx: &Context<'_>,
    command: Command,
    key: &str,
    right: fn(Viewer, &Project) -> std::result::Result<R, Denied>,
    verb: impl FnOnce(&mut Draft, &R) -> std::result::Result<Uuid, Refusal> + Send,
) -> Result<Option<P>> {
    let found = project(ctx, key).await?;
    let settled = settle(ctx, &found, command, |draft| {
        let right = right(draft.viewer, &draft.project())?;
        verb(draft, &right)
    });
    Ok(Some(Box::pin(settled).await?.into()))
}

/// A record that an input names: what it is, its id, and its version as the caller knows it.
#[derive(Debug)]
pub struct Known<'a> {
    pub kind: &'a str,
    pub id: &'a ID,
    pub version: Option<String>,
}

/// Finds a record, checks the right to it and its version, and does the verb.
///
/// # Errors
/// Where the viewer is nobody, or may not know of it, or something failed.
pub async fn done_to<R, P: From<Settled>>(
    ctx: &Context<'_>,
    command: Command,
    known: Known<'_>,
    right: fn(Viewer, &Project, Uuid) -> std::result::Result<R, Denied>,
    verb: impl FnOnce(&mut Draft, &R, Uuid) -> std::result::Result<(), Refusal> + Send,
) -> Result<Option<P>> {
    let found = found(ctx, known.id, &[known.kind]).await?;
    let row = found.row;
    let settled = settle(ctx, &found, command, |draft| {
        draft.still(row)?;
        let right = right(draft.viewer, &draft.project(), row)?;
        draft.expect(row, known.version.as_deref())?;
        verb(draft, &right, row)?;
        Ok(row)
    });
    Ok(Some(Box::pin(settled).await?.into()))
}

/// The right to steer a project, whatever the record.
///
/// # Errors
/// Why not.
pub fn steers(
    viewer: Viewer,
    project: &Project,
    _: Uuid,
) -> std::result::Result<CoordinatorOf, Denied> {
    viewer.coordinator_of(project)
}

/// What was done, told.
pub fn settled(ctx: &Context<'_>, reads: &Reads, outcome: Outcome) -> Settled {
    reads.changed(&outcome.project);
    let words = words::of(language(ctx, Some(&outcome.project)));
    Settled {
        warnings: told(words, &outcome.warnings),
        at: Some((View::today(outcome.project, reads), outcome.record)),
        user_errors: Vec::new(),
    }
}

/// Why it was not done, told.
///
/// # Errors
/// What is no matter of the input.
pub async fn refused(
    ctx: &Context<'_>,
    found: Option<&Found>,
    refusal: Refusal,
) -> Result<Settled> {
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
    let at = match found {
        Some(found) if is_conflict => {
            let fresh = reads.store().fresh(found.project.key()).await;
            let project = fresh.map_err(error::of_domain)?;
            reads.changed(&project);
            Some((View::today(project, reads), found.row))
        }
        _ => None,
    };
    let words = words::of(language(ctx, found.map(|found| &found.project)));
    Ok(Settled {
        at,
        user_errors: told(words, &problems),
        warnings: Vec::new(),
    })
}

/// Nobody may without signing in.
pub fn sign_in() -> async_graphql::Error {
    async_graphql::Error::new("Sign in first, or send a token.")
        .extend_with(|_, extensions| extensions.set("code", "UNAUTHENTICATED"))
}

fn told(words: &words::Words, problems: &[Problem]) -> Vec<UserError> {
    let told = |problem: &Problem| UserError {
        field: Some(problem.field.to_string()).filter(|field| !field.is_empty()),
        code: problem.code.name().to_owned(),
        message: words.of_problem(problem),
    };
    problems.iter().map(told).collect()
}

/// The viewer's language: their own, else the project's.
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
