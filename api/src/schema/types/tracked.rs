//! How a record came to be as it is, and whether somebody was faster: what all records that can be
//! changed tell. Each has a type of its own for it, since what is merged into a type must not lead
//! back to that type by way of another.

use async_graphql::{Context, Object, Result};
use uuid::Uuid;

use super::audit::{self, AuditEntry};
use crate::schema::base::{
    connection::Connection,
    view::{View, allowed, store, viewer},
};

macro_rules! tracked {
    ($($name:ident of $kind:literal,)+) => {$(
        #[doc = concat!("What changed of a ", $kind, ".")]
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
            /// Who changed it, by which verb, from what to what; the newest first. For the project's
            /// coordinator.
            async fn history(
                &self,
                ctx: &Context<'_>,
                #[graphql(desc = "At most so many from the front: 1 to 100, 50 if left out.")]
                first: Option<i32>,
                #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
            ) -> Result<Option<Connection<AuditEntry>>> {
                allowed(viewer(ctx).coordinates(&self.view), "Audit entries")?;
                let found = audit::history(&self.view, store(ctx)?, $kind, self.id, first, after);
                found.await.map(Some)
            }

            /// Another one as soon as anything of it is different: give it as `expectedVersion`, and
            /// nothing is done where somebody else was faster.
            async fn version(&self) -> String {
                self.view.version(self.id)
            }
        }
    )+};
}

tracked! {
    TrackedBudgetLine of "BudgetLine",
    TrackedCall of "Call",
    TrackedCommunity of "Community",
    TrackedForum of "Forum",
    TrackedNote of "Note",
    TrackedOrganisation of "Organisation",
    TrackedPairing of "Pairing",
    TrackedPartner of "Partner",
    TrackedPerson of "Person",
    TrackedPractice of "Practice",
    TrackedPublication of "Publication",
    TrackedReminderRule of "ReminderRule",
    TrackedSource of "Source",
    TrackedTarget of "Target",
}
