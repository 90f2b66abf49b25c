//! The fields `history` and `version`, which all records that can be edited have. Each record has a
//! type of its own for them, since a type merged into an object must not refer back to that object
//! through another type.

use async_graphql::{Context, Object, Result};
use uuid::Uuid;

use super::audit::{self, AuditEntry};
use crate::schema::base::{
    connection::Connection,
    view::{View, allowed, store, viewer},
};
use domain::record::Kind;

macro_rules! tracked {
    ($($name:ident of $kind:ident,)+) => {$(
        #[doc = concat!("Audit history and version of a ", stringify!($kind), ".")]
        #[derive(Clone, Debug)]
        pub struct $name {
            view: View,
            id: Uuid,
        }

        impl $name {
            pub fn new(view: &View, id: impl Into<Uuid>) -> Self {
                let (view, id) = (view.clone(), id.into());
                Self { view, id }
            }
        }

        #[Object]
        impl $name {
            /// The audit entries of the record, newest first. For the project's coordinator.
            async fn history(
                &self,
                ctx: &Context<'_>,
                #[graphql(desc = "Returns at most the first n records: 1 to 100, 50 if left out.")]
                first: Option<i32>,
                #[graphql(desc = "Returns only records after this cursor.")] after: Option<String>,
            ) -> Result<Option<Connection<AuditEntry>>> {
                allowed(viewer(ctx).coordinates(&self.view), "Audit entries")?;
                let entries = audit::history(&self.view, store(ctx)?, Kind::$kind, self.id, first, after);
                entries.await.map(Some)
            }

            /// A hash of the record's own fields, which changes with every edit of them; entries of its lists have versions of their own. A mutation whose
            /// `expectedVersion` differs from the current one is refused with CONFLICT.
            async fn version(&self) -> String {
                self.view.version(self.id)
            }
        }
    )+};
}

tracked! {
    TrackedBudgetLine of BudgetLine,
    TrackedCall of Call,
    TrackedCommunity of Community,
    TrackedForum of Forum,
    TrackedNote of Note,
    TrackedOrganisation of Organisation,
    TrackedPairing of Pairing,
    TrackedPartner of Partner,
    TrackedPerson of Person,
    TrackedPractice of Practice,
    TrackedProposal of Proposal,
    TrackedPublication of Publication,
    TrackedReminderRule of ReminderRule,
    TrackedSource of Source,
    TrackedTarget of Target,
}
