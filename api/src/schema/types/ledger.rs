//! The fields of a project that need a role: people, mail, audit log and reports.

use async_graphql::{Context, Object, Result, meter::work};

use super::{
    audit::{self, AuditEntry, AuditFilter},
    notification::{self, Notification, NotificationFilter, NotificationPreview},
    person::{self, Person},
    proposal::{self, Proposal},
    report::{self, Report},
    vocabulary::ProposalState,
};
use crate::schema::base::{
    connection::{Connection, Page},
    view::{View, allowed, store, viewer},
};

/// The fields of a project that need a role.
#[derive(Clone, Debug)]
pub struct ProjectLedger(pub View);

#[Object]
impl ProjectLedger {
    /// The people and mailboxes with a role in the project, by key; as of a past day, those whose roles
    /// had begun by then. Its coordinator and experts see all of them, a partner those of its own
    /// organisation.
    async fn people(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns at most the first n records: 1 to 100, 50 if left out.")]
        first: Option<i32>,
        #[graphql(desc = "Returns only records after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns at most the last n records: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Returns only records before this cursor.")] before: Option<String>,
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

    /// The proposals about what other projects show, too: those that this project made, and those that it
    /// is asked to agree to. For the project's coordinator.
    #[allow(
        clippy::too_many_arguments,
        reason = "the arguments of the API's field"
    )]
    async fn shared_proposals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only proposals in this state; all if left out.")] state: Option<
            ProposalState,
        >,
        #[graphql(desc = "Returns at most the first n records: 1 to 100, 50 if left out.")]
        first: Option<i32>,
        #[graphql(desc = "Returns only records after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns at most the last n records: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Returns only records before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Proposal>>> {
        allowed(viewer(ctx).coordinates(&self.0), "Proposals")?;
        let page = Page {
            first,
            after,
            last,
            before,
        };
        proposal::list(&self.0, state, true).page(&page).map(Some)
    }

    /// The mail ledger: deliveries that were claimed, sent, skipped or failed, in descending order
    /// of their due time; those that were claimed by the project's `knownAt`, of which mail that was sent
    /// later was still due. For its coordinator.
    #[allow(
        clippy::too_many_arguments,
        reason = "the arguments of the API's field"
    )]
    async fn notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The filter; all records if left out.")] filter: Option<
            NotificationFilter,
        >,
        #[graphql(desc = "Returns at most the first n records: 1 to 100, 50 if left out.")]
        first: Option<i32>,
        #[graphql(desc = "Returns only records after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns at most the last n records: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Returns only records before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Notification>>> {
        allowed(viewer(ctx).coordinates(&self.0), "Notifications")?;
        let page = Page {
            first,
            after,
            last,
            before,
        };
        let mails = notification::ledger(&self.0, store(ctx)?, filter, &page).await?;
        Ok(Some(mails))
    }

    /// A preview of the mails of the next days, as planned now, in order of their due time. For the
    /// project's coordinator.
    #[allow(
        clippy::too_many_arguments,
        reason = "the arguments of the API's field"
    )]
    async fn preview_notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number of days from now: 1 to 366.")] days: i32,
        #[graphql(desc = "Returns at most the first n records: 1 to 100, 50 if left out.")]
        first: Option<i32>,
        #[graphql(desc = "Returns only records after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns at most the last n records: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Returns only records before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<NotificationPreview>>> {
        allowed(viewer(ctx).coordinates(&self.0), "Notifications")?;
        let page = Page {
            first,
            after,
            last,
            before,
        };
        work(2 * self.0.outputs.len()).await;
        let mails = notification::preview(&self.0, store(ctx)?, days)?;
        mails.page(&page).map(Some)
    }

    /// The audit log of the project, newest first; the changes that were recorded by its `knownAt`. For
    /// its coordinator.
    #[allow(
        clippy::too_many_arguments,
        reason = "the arguments of the API's field"
    )]
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The filter; all records if left out.")] filter: Option<AuditFilter>,
        #[graphql(desc = "Returns at most the first n records: 1 to 100, 50 if left out.")]
        first: Option<i32>,
        #[graphql(desc = "Returns only records after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns at most the last n records: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Returns only records before this cursor.")] before: Option<String>,
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

    /// The progress reports, newest first; those that were requested by the project's `knownAt`, each as
    /// it was then. For people with a role in the project.
    async fn reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Returns at most the first n records: 1 to 100, 50 if left out.")]
        first: Option<i32>,
        #[graphql(desc = "Returns only records after this cursor.")] after: Option<String>,
        #[graphql(desc = "Returns at most the last n records: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Returns only records before this cursor.")] before: Option<String>,
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
