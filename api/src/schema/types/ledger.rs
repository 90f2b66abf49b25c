//! What only some may see of a project: people, mail and reports.

use async_graphql::{Context, Object, Result};

use super::{
    audit::{self, AuditEntry, AuditFilter},
    notification::{self, Notification, NotificationFilter, NotificationPreview},
    person::{self, Person},
    report::{self, Report},
};
use crate::schema::base::{
    connection::{Connection, Page},
    view::{View, allowed, store, viewer},
};

/// What only some may see of a project.
#[derive(Clone, Debug)]
pub struct ProjectLedger(pub View);

#[Object]
impl ProjectLedger {
    /// The people and mailboxes with a role in the project, by key: all of them for its coordinator
    /// and its experts, the colleagues of one's own organisation for a partner.
    async fn people(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many from the front: 1 to 100, 50 if left out.")]
        first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "At most so many from the back: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Person>>> {
        let viewer = viewer(ctx);
        allowed(viewer.has_role(&self.0), "People")?;
        let page = Page {
            first,
            after,
            last,
            before,
        };
        person::list(&self.0, viewer).page(&page).map(Some)
    }

    /// The ledger of mail: what was claimed, sent, skipped or failed, what was due last first; for
    /// its coordinator.
    #[allow(
        clippy::too_many_arguments,
        reason = "the arguments of the API's field"
    )]
    async fn notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them; all if left out.")] filter: Option<NotificationFilter>,
        #[graphql(desc = "At most so many from the front: 1 to 100, 50 if left out.")]
        first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "At most so many from the back: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Notification>>> {
        allowed(viewer(ctx).coordinates(&self.0), "Notifications")?;
        let page = Page {
            first,
            after,
            last,
            before,
        };
        let found = notification::ledger(&self.0, store(ctx)?, filter, &page).await?;
        Ok(Some(found))
    }

    /// The mails that the next days will bring, by the plan as it stands now, the soonest first; for
    /// its coordinator.
    #[allow(
        clippy::too_many_arguments,
        reason = "the arguments of the API's field"
    )]
    async fn preview_notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many days from now: 1 to 366.")] days: i32,
        #[graphql(desc = "At most so many from the front: 1 to 100, 50 if left out.")]
        first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "At most so many from the back: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<NotificationPreview>>> {
        allowed(viewer(ctx).coordinates(&self.0), "Notifications")?;
        let page = Page {
            first,
            after,
            last,
            before,
        };
        let found = notification::preview(&self.0, store(ctx)?, days)?;
        found.page(&page).map(Some)
    }

    /// Why every record is as it is: who changed it, by which verb, from what to what; the newest
    /// first. For its coordinator.
    #[allow(
        clippy::too_many_arguments,
        reason = "the arguments of the API's field"
    )]
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them; all if left out.")] filter: Option<AuditFilter>,
        #[graphql(desc = "At most so many from the front: 1 to 100, 50 if left out.")]
        first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "At most so many from the back: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<AuditEntry>>> {
        allowed(viewer(ctx).coordinates(&self.0), "Audit entries")?;
        let page = Page {
            first,
            after,
            last,
            before,
        };
        audit::log(&self.0, store(ctx)?, filter, &page)
            .await
            .map(Some)
    }

    /// The progress reports, the newest first; for whoever has a role in the project.
    async fn reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many from the front: 1 to 100, 50 if left out.")]
        first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "At most so many from the back: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Report>>> {
        let viewer = viewer(ctx);
        allowed(viewer.has_role(&self.0), "Reports")?;
        let page = Page {
            first,
            after,
            last,
            before,
        };
        report::list(&self.0, store(ctx)?, &page).await.map(Some)
    }
}
