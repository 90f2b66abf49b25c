//! What only the operator may see of a project: people, mail and reports.

use async_graphql::{Context, Object, Result};

use super::{
    connection::{Connection, Page},
    person::{self, Person},
    view::{View, people_visible},
};

/// What only the operator may see of a project.
#[derive(Clone, Debug)]
pub struct ProjectLedger(pub View);

#[Object]
impl ProjectLedger {
    /// The people and mailboxes with a role in the project, by key; for the operator only.
    async fn people(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many from the front: 1 to 100, 50 if left out.")]
        first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "At most so many from the back: 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Person>>> {
        people_visible(ctx, "People")?;
        let page = Page {
            first,
            after,
            last,
            before,
        };
        person::list(&self.0).page(&page).map(Some)
    }
}
