//! People: humans, and mailboxes that roles share. For few eyes only.

use async_graphql::{Context, ID, Object, Result};
use domain::viewer::Viewer;
use entities::{PersonId, person};

use super::{
    audit::{self, AuditEntry},
    connection::{Connection, List, Order},
    id::id,
    partner::{Partner, Role},
    scalar::{Date, DateTime},
    view::{View, allowed, store, viewer},
    vocabulary::{DigestFrequency, PersonKind},
};

/// A human being, or a mailbox that a role shares.
#[derive(Clone, Debug)]
pub struct Person {
    view: View,
    id: PersonId,
}

impl Person {
    pub fn new(view: &View, id: PersonId) -> Self {
        let view = view.clone();
        Self { view, id }
    }

    fn row(&self) -> &person::Model {
        self.view.person(self.id)
    }
}

/// A human being, or a mailbox that a role shares.
#[Object]
impl Person {
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
        let found = audit::history(&self.view, store(ctx)?, "Person", self.id, first, after);
        found.await.map(Some)
    }

    /// Names the record; `node` finds it again.
    async fn id(&self) -> ID {
        id("Person", self.view.id(), self.id)
    }

    /// Another one as soon as anything of them is different, such as their roles: give it as
    /// `expectedVersion`, and nothing is done where somebody else was faster.
    async fn version(&self) -> String {
        self.view.version(self.id.into())
    }

    /// Names them everywhere.
    async fn key(&self) -> &str {
        &self.row().key
    }

    /// Whether it is one human being or a shared mailbox.
    async fn kind(&self) -> PersonKind {
        self.row().kind.into()
    }

    /// What they are called.
    async fn name(&self) -> Option<&str> {
        self.row().name.as_deref()
    }

    /// Their address; without one, mail to them is skipped.
    async fn address(&self) -> Option<&str> {
        self.row().address.as_deref()
    }

    /// The language of their mail, as a BCP 47 tag.
    async fn locale(&self) -> &str {
        &self.row().locale
    }

    /// The IANA name of their time zone.
    async fn time_zone(&self) -> &str {
        &self.row().time_zone
    }

    /// How often they want a digest.
    async fn digest(&self) -> DigestFrequency {
        self.row().digest.into()
    }

    /// At which hour of their day a digest comes.
    async fn digest_hour(&self) -> i32 {
        self.row().digest_hour
    }

    /// No mail goes to them before this day.
    async fn paused_until(&self) -> Option<Date> {
        self.row().paused_until.map(Date)
    }

    /// Since when their address counts as refused for good.
    async fn suppressed_at(&self) -> Option<DateTime> {
        self.row().suppressed_at.map(DateTime)
    }

    /// Their roles in the project.
    async fn roles(&self) -> Vec<Role> {
        self.view
            .roles_of(self.id)
            .iter()
            .map(|row| Role {
                kind: row.kind.into(),
                partner: row
                    .partner_id
                    .map(|partner| Partner::new(&self.view, partner)),
            })
            .collect()
    }
}

/// The person that a record names, where the viewer may see who it is.
pub fn seen(ctx: &Context<'_>, view: &View, person: Option<PersonId>) -> Option<Person> {
    let id = person.filter(|id| view.holds(*id))?;
    let may = viewer(ctx).may_see_person(view, id);
    may.then(|| Person::new(view, id))
}

const BY_KEY: Order = Order {
    name: "key",
    descending: false,
};

/// The project's people that a viewer may see, by key.
pub fn list(view: &View, viewer: Viewer) -> List<Person> {
    let visible = view
        .people
        .iter()
        .filter(|row| viewer.may_see_person(view, row.id));
    let items = visible.map(|row| {
        let key = vec![row.key.as_str().into(), row.id.to_string().into()];
        (key, Person::new(view, row.id))
    });
    List::new(BY_KEY, items)
}
