//! The viewer's own account. Only the viewer can see it, and it is never cached.

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

/// The query root of one's own account.
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
    /// Whether the viewer is signed in, rather than using an API token.
    fn is_signed_in(&self) -> bool {
        matches!(self.signed_in.by, Credential::Session(_))
    }

    /// Whether the credential shows people.
    fn sees_people(&self) -> bool {
        Looks::Person(self.signed_in).sees_people()
    }

    /// Whether the credential is valid for a project: a token for one, a session for all.
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

    /// Your name; null with an API token without people.
    async fn name(&self) -> Option<&str> {
        self.row.name.as_deref().filter(|_| self.sees_people())
    }

    /// Your mail address; null if you have none, or with an API token without people.
    async fn address(&self) -> Option<&str> {
        self.row.address.as_deref().filter(|_| self.sees_people())
    }

    /// The language of your mail, as a BCP 47 tag.
    async fn locale(&self) -> &str {
        &self.row.locale
    }

    /// The IANA name of your time zone.
    async fn time_zone(&self) -> &str {
        &self.row.time_zone
    }

    /// The frequency of your digest.
    async fn digest(&self) -> DigestFrequency {
        self.row.digest
    }

    /// The hour of the day at which your digest is sent, from 0 to 23 in your time zone.
    async fn digest_hour(&self) -> i32 {
        self.row.digest_hour
    }

    /// Planned mail to you is paused until this day; null if it is not paused.
    async fn paused_until(&self) -> Option<Date> {
        self.row.paused_until.map(Date)
    }

    /// The instant since which mail to your address is suppressed, because a mail server refused it
    /// for good; null if it is not suppressed.
    async fn suppressed_at(&self) -> Option<DateTime> {
        self.row.suppressed_at.map(DateTime)
    }

    /// Whether you may create projects; always false with an API token.
    async fn may_create_projects(&self) -> bool {
        self.is_signed_in() && self.row.may_create_projects
    }

    /// Your roles that are in force today, by project; with an API token, those in its project.
    async fn roles(&self, ctx: &Context<'_>) -> Result<Vec<ViewerRole>> {
        let roles = user::roles(store(ctx)?, self.row.id).await;
        let roles = roles.map_err(error::of_domain)?.into_iter();
        let reachable = roles.filter(|role| role.is_in_force && self.reaches(role.project));
        Ok(reachable.map(ViewerRole).collect())
    }

    /// Your duties in all your projects, overdue ones first, then by day; each with the mutation
    /// that completes it.
    async fn duties(&self, ctx: &Context<'_>) -> Result<Vec<Duty>> {
        let reads = reads(ctx)?;
        let roles = user::roles(store(ctx)?, self.row.id).await;
        let mut projects: Vec<_> = roles
            .map_err(error::of_domain)?
            .into_iter()
            .filter(|role| role.is_in_force)
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

    /// Your API tokens that are not revoked, newest first; null if the request uses an API token.
    async fn tokens(&self, ctx: &Context<'_>) -> Result<Option<Vec<ApiToken>>> {
        if !self.is_signed_in() {
            return Ok(None);
        }
        let rows = token::list(store(ctx)?, self.row.id).await;
        let rows = rows.map_err(error::of_domain)?.into_iter();
        Ok(Some(rows.map(ApiToken).collect()))
    }

    /// The browsers in which you are signed in, the most recently used first; null if the request
    /// uses an API token.
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

/// A role of the viewer in a project.
#[derive(Debug)]
pub struct ViewerRole(user::RoleIn);

/// A role of the viewer in a project.
#[Object]
impl ViewerRole {
    /// The kind of role.
    async fn kind(&self) -> RoleKind {
        self.0.kind
    }

    /// The first day of the role; null if it had no beginning.
    async fn from(&self) -> Option<Date> {
        self.0.days.0.map(Date)
    }

    /// The last day of the role; null if it has no end.
    async fn until(&self) -> Option<Date> {
        self.0.days.1.map(Date)
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

/// An API token, with which a dashboard or a script acts on your behalf in one project. Its secret
/// is shown only once, when it is created.
#[derive(Debug)]
pub struct ApiToken(pub api_token::Model);

/// An API token, with which a dashboard or a script acts on your behalf in one project. Its secret
/// is shown only once, when it is created.
#[Object]
impl ApiToken {
    /// The opaque id of the token, for `revokeApiToken`.
    async fn id(&self) -> ID {
        id("ApiToken", self.0.project_id, self.0.id)
    }

    /// The name, which says what it is for.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The key of the project for which it is valid.
    async fn project_key(&self, ctx: &Context<'_>) -> Result<String> {
        let project = reads(ctx)?.project_by_id(self.0.project_id).await;
        let project = project.map_err(error::of_domain)?;
        Ok(project.key().to_owned())
    }

    /// Whether it may change what you may change; otherwise it can only read.
    async fn may_write(&self) -> bool {
        self.0.may_write
    }

    /// Whether it sees the people that you may see; otherwise it sees no name and no address.
    async fn sees_people(&self) -> bool {
        self.0.sees_people
    }

    /// The instant of its creation.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// The instant at which it expires.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// The instant of its last use, to the minute; null if it was never used.
    async fn last_used_at(&self) -> Option<DateTime> {
        self.0.last_used_at.map(DateTime)
    }
}

/// A session: a browser in which you are signed in.
#[derive(Debug, SimpleObject)]
pub struct BrowserSession {
    /// Whether it is the session of this request.
    is_this: bool,
    /// The instant at which you signed in.
    created_at: DateTime,
    /// The instant of its last use, to the minute.
    last_used_at: DateTime,
    /// The instant at which the session expires.
    expires_at: DateTime,
}
