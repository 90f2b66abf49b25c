//! Organisations, shared by all projects that they take part in.

use async_graphql::{Context, ID, Object, Result};
use entities::{OrganisationId, organisation};

use super::{
    audit::{self, AuditEntry},
    connection::Connection,
    id::id,
    partner::Partner,
    view::{View, allowed, store, viewer},
    vocabulary::OrganisationKind,
};

/// An organisation: a city, a network, an expert, a funder.
#[derive(Clone, Debug)]
pub struct Organisation {
    view: View,
    id: OrganisationId,
}

impl Organisation {
    pub fn new(view: &View, id: OrganisationId) -> Self {
        let view = view.clone();
        Self { view, id }
    }

    fn row(&self) -> &organisation::Model {
        self.view.organisation(self.id)
    }
}

/// An organisation: a city, a network, an expert, a funder.
#[Object]
impl Organisation {
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
        let found = audit::history(
            &self.view,
            store(ctx)?,
            "Organisation",
            self.id,
            first,
            after,
        );
        found.await.map(Some)
    }

    /// Another one as soon as anything of it is different: give it as `expectedVersion`, and nothing
    /// is done where somebody else was faster.
    async fn version(&self) -> String {
        self.view.version(self.id.into())
    }

    /// Names the record, as seen from its project; `node` finds it again.
    async fn id(&self) -> ID {
        id("Organisation", self.view.id(), self.id)
    }

    /// Names it everywhere, such as `torino`.
    async fn key(&self) -> &str {
        &self.row().key
    }

    /// What it is by itself, whatever its part in a project.
    async fn kind(&self) -> OrganisationKind {
        self.row().kind.into()
    }

    /// Its name in English texts.
    async fn name(&self) -> &str {
        &self.row().name
    }

    /// Its name at home, where that differs.
    async fn native_name(&self) -> Option<&str> {
        self.row().native_name.as_deref()
    }

    /// ISO 3166-1 alpha-2, such as `IT`; Greece is `GR`.
    async fn country(&self) -> Option<&str> {
        self.row().country.as_deref()
    }

    /// The IANA name of its time zone, such as `Europe/Rome`.
    async fn time_zone(&self) -> &str {
        &self.row().time_zone
    }

    /// The language in which it works, as a BCP 47 tag.
    async fn locale(&self) -> &str {
        &self.row().locale
    }

    /// Degrees north.
    async fn latitude(&self) -> Option<f64> {
        self.row().latitude
    }

    /// Degrees east.
    async fn longitude(&self) -> Option<f64> {
        self.row().longitude
    }

    /// Its number at geonames.org.
    async fn geonames_id(&self) -> Option<i64> {
        self.row().geonames_id
    }

    /// Its item at wikidata.org.
    async fn wikidata_id(&self) -> Option<&str> {
        self.row().wikidata_id.as_deref()
    }

    /// Its place in the project; null where it has none.
    async fn partner(&self) -> Option<Partner> {
        let partners = &self.view.partners;
        let row = partners.iter().find(|row| row.organisation_id == self.id)?;
        Some(Partner::new(&self.view, row.id))
    }
}
