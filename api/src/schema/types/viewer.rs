//! The viewer's own account. Nobody else sees any of it, and it is never cached.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use domain::{
    account::{session, token, user},
    viewer::{Credential, SignedIn, Viewer as Looks},
};
use entities::{ProjectId, api_token, person};

use super::{
    duty::Duty,
    project::Project,
    vocabulary::{DigestFrequency, RoleKind},
};
use crate::schema::base::{
    error,
    id::id,
    scalar::{Date, DateTime},
    view::{View, reads, store, viewer},
};

/// The root from which one's own account is read.
#[derive(Debug, Default)]
pub struct ViewerQuery;

#[Object]
impl ViewerQuery {
    /// The account of the session or token of the request; null without either.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Option<Viewer>> {
        // The answer differs by viewer and is not cached.
        let store = store(ctx)?;
        let Looks::Person(signed_in) = viewer(ctx) else {
            return Ok(None);
        };
        let row = user::by_id(store, signed_in.person)
            .await
            .map_err(error::of_domain)?;
        Ok(Some(Viewer { row, signed_in }))
    }
}

/// The viewer's account.
#[derive(Debug)]
pub struct Viewer {
    row: person::Model,
    signed_in: SignedIn,
}

impl Viewer {
    /// Whether they are signed in, rather than using a token.
    fn is_signed_in(&self) -> bool {
        matches!(self.signed_in.by, Credential::Session(_))
    }

    /// Whether a token leads into a project; a session leads into all.
    fn reaches(&self, project: ProjectId) -> bool {
        match self.signed_in.by {
            Credential::Session(_) => true,
            Credential::Token { project: own, .. } => own == project,
        }
    }
}

/// The viewer's account.
#[Object]
impl Viewer {
    /// Your key, unique in all projects.
    async fn key(&self) -> &str {
        &self.row.key
    }

    /// Your name.
    async fn name(&self) -> Option<&str> {
        self.row.name.as_deref()
    }

    /// Your mail address.
    async fn address(&self) -> Option<&str> {
        self.row.address.as_deref()
    }

    /// The language of your mail, as a BCP 47 tag.
    async fn locale(&self) -> &str {
        &self.row.locale
    }

    /// The IANA name of your time zone.
    async fn time_zone(&self) -> &str {
        &self.row.time_zone
    }

    /// How often you want a digest.
    async fn digest(&self) -> DigestFrequency {
        self.row.digest
    }

    /// At which hour of your day a digest comes.
    async fn digest_hour(&self) -> i32 {
        self.row.digest_hour
    }

    /// No mail that the plan asks for goes to you before this day.
    async fn paused_until(&self) -> Option<Date> {
        self.row.paused_until.map(Date)
    }

    /// Since when mail to your address is suppressed, because a server refused it for good.
    async fn suppressed_at(&self) -> Option<DateTime> {
        self.row.suppressed_at.map(DateTime)
    }

    /// Whether you may create projects; a token never may.
    async fn may_create_projects(&self) -> bool {
        self.is_signed_in() && self.row.may_create_projects
    }

    /// Your roles, by project; with a token, those in its project.
    async fn roles(&self, ctx: &Context<'_>) -> Result<Vec<ViewerRole>> {
        let roles = user::roles(store(ctx)?, self.row.id).await;
        let roles = roles.map_err(error::of_domain)?.into_iter();
        let reachable = roles.filter(|role| self.reaches(role.project));
        Ok(reachable.map(ViewerRole).collect())
    }

    /// Your duties in all your projects, overdue first, then by day; each with the mutation that
    /// fulfils it.
    async fn duties(&self, ctx: &Context<'_>) -> Result<Vec<Duty>> {
        let reads = reads(ctx)?;
        let roles = user::roles(store(ctx)?, self.row.id).await;
        let mut projects: Vec<_> = roles
            .map_err(error::of_domain)?
            .into_iter()
            .map(|role| role.project)
            .filter(|project| self.reaches(*project))
            .collect();
        projects.sort_unstable();
        projects.dedup();
        let mut duties = Vec::new();
        for id in projects {
            let project = reads.project_by_id(id).await.map_err(error::of_domain)?;
            duties.extend(Duty::all(&View::today(project, reads), viewer(ctx)));
        }
        duties.sort_by_key(|duty| (!duty.overdue, duty.day));
        Ok(duties)
    }

    /// Your API tokens that are not revoked, the newest first; null where you come with a token.
    async fn tokens(&self, ctx: &Context<'_>) -> Result<Option<Vec<ApiToken>>> {
        if !self.is_signed_in() {
            return Ok(None);
        }
        let rows = token::list(store(ctx)?, self.row.id).await;
        let rows = rows.map_err(error::of_domain)?.into_iter();
        Ok(Some(rows.map(ApiToken).collect()))
    }

    /// The browsers in which you are signed in, the one used last first; null where you come with a
    /// token.
    async fn sessions(&self, ctx: &Context<'_>) -> Result<Option<Vec<BrowserSession>>> {
        let Credential::Session(own) = self.signed_in.by else {
            return Ok(None);
        };
        let rows = session::list(store(ctx)?, self.row.id).await;
        let rows = rows.map_err(error::of_domain)?.into_iter();
        let sessions = rows.map(|row| BrowserSession {
            is_this: row.id == own,
            created_at: DateTime(row.created_at),
            last_used_at: DateTime(row.last_used_at),
            expires_at: DateTime(row.expires_at),
        });
        Ok(Some(sessions.collect()))
    }
}

/// A role of yours.
#[derive(Debug)]
pub struct ViewerRole(user::RoleIn);

/// A role of yours.
#[Object]
impl ViewerRole {
    /// The kind of role.
    async fn kind(&self) -> RoleKind {
        self.0.kind
    }

    /// The key of its project.
    async fn project_key(&self) -> &str {
        &self.0.key
    }

    /// Its project, as of today.
    async fn project(&self, ctx: &Context<'_>) -> Result<Option<Project>> {
        let reads = reads(ctx)?;
        let project = reads.project_by_id(self.0.project).await;
        let project = project.map_err(error::of_domain)?;
        let may_see = viewer(ctx).may_see(&project);
        Ok(may_see.then(|| Project::new(&View::today(Arc::clone(&project), reads))))
    }
}

/// What a dashboard or a script signs in with on your behalf, in one project. The token itself is
/// shown once, when it is made.
#[derive(Debug)]
pub struct ApiToken(pub api_token::Model);

/// What a dashboard or a script signs in with on your behalf, in one project. The token itself is
/// shown once, when it is made.
#[Object]
impl ApiToken {
    /// Names it.
    async fn id(&self) -> ID {
        id("ApiToken", self.0.project_id, self.0.id)
    }

    /// What it is for.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The key of the project in which it is of use.
    async fn project_key(&self, ctx: &Context<'_>) -> Result<String> {
        let project = reads(ctx)?.project_by_id(self.0.project_id).await;
        let project = project.map_err(error::of_domain)?;
        Ok(project.key().to_owned())
    }

    /// Whether it may change what you may change; else it only reads.
    async fn may_write(&self) -> bool {
        self.0.may_write
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Until when it holds.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// When it was last used, to the minute; null where it never was.
    async fn last_used_at(&self) -> Option<DateTime> {
        self.0.last_used_at.map(DateTime)
    }
}

/// A browser in which you are signed in.
#[derive(Debug, SimpleObject)]
pub struct BrowserSession {
    /// Whether it is the one that you ask from.
    is_this: bool,
    /// When you signed in.
    created_at: DateTime,
    /// When it was last used, to the minute.
    last_used_at: DateTime,
    /// Until when you stay signed in.
    expires_at: DateTime,
}
