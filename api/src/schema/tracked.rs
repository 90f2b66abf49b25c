//! How a record came to be as it is, and whether somebody was faster.

use async_graphql::{Context, Object, Result};
use uuid::Uuid;

use super::{
    audit::{self, AuditEntry},
    connection::Connection,
    view::{View, allowed, store, viewer},
};

/// The fields of a record whose changes are told.
#[derive(Clone, Debug)]
pub struct Tracked {
    view: View,
    /// The name of its GraphQL type.
    kind: &'static str,
    id: Uuid,
}

impl Tracked {
    pub fn new(view: &View, kind: &'static str, id: impl Into<Uuid>) -> Self {
        let (view, id) = (view.clone(), id.into());
        Self { view, kind, id }
    }
}

#[Object]
impl Tracked {
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
        let found = audit::history(&self.view, store(ctx)?, self.kind, self.id, first, after);
        found.await.map(Some)
    }

    /// Another one as soon as anything of it is different: give it as `expectedVersion`, and nothing
    /// is done where somebody else was faster.
    async fn version(&self) -> String {
        self.view.version(self.id)
    }
}
