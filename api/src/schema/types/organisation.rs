//! Organisations, which all projects share.

use async_graphql::{ID, MergedObject, Object};
use domain::{project::Titles, record::Kind};
use entities::{OrganisationId, organisation};

use super::{
    partner::Partner,
    tracked::TrackedOrganisation,
    translation::{self, Translation},
    vocabulary::OrganisationKind,
};
use crate::schema::base::{id::id, view::View};

/// An organisation: a city, a network, an expert, a funder.
#[derive(Clone, Debug, MergedObject)]
pub struct Organisation(OrganisationFields, TrackedOrganisation);

impl Organisation {
    pub fn new(view: &View, id: OrganisationId) -> Self {
        let tracked = TrackedOrganisation::new(view, id);
        let view = view.clone();
        Self(OrganisationFields { view, id }, tracked)
    }
}

#[derive(Clone, Debug)]
struct OrganisationFields {
    view: View,
    id: OrganisationId,
}

impl OrganisationFields {
    fn row(&self) -> &organisation::Model {
        self.view.organisation(self.id)
    }
}

#[Object]
impl OrganisationFields {
    /// The opaque id of the record in this project, for `node`.
    async fn id(&self) -> ID {
        id(Kind::Organisation, self.view.id(), self.id)
    }

    /// Its texts in other languages, for whoever edits them; a reader asks for a field with `locale`.
    async fn translations(&self) -> Vec<Translation> {
        translation::all(&self.row().translations)
    }

    /// The key, unique in all projects, such as `torino`.
    async fn key(&self) -> &str {
        &self.row().key
    }

    /// The kind of organisation, which does not depend on its role in a project.
    async fn kind(&self) -> OrganisationKind {
        self.row().kind
    }

    /// The name: the native one where that is in the language asked for, else the one used in English
    /// texts.
    async fn name(
        &self,
        #[graphql(
            desc = "The language of the reader, such as `it`; the name used in English texts if left \
                    out."
        )]
        locale: Option<String>,
    ) -> String {
        let name = locale
            .as_deref()
            .map_or(self.row().name.as_str(), |locale| {
                Titles::new(&self.view, locale).organisation(self.id)
            });
        name.to_owned()
    }

    /// The name in its own language, if that differs.
    async fn native_name(&self) -> Option<&str> {
        self.row().native_name.as_deref()
    }

    /// The country as an ISO 3166-1 alpha-2 code, such as `IT`; Greece is `GR`.
    async fn country(&self) -> Option<&str> {
        self.row().country.as_deref()
    }

    /// The IANA name of its time zone, such as `Europe/Rome`.
    async fn time_zone(&self) -> &str {
        &self.row().time_zone
    }

    /// Its working language, as a BCP 47 tag.
    async fn locale(&self) -> &str {
        &self.row().locale
    }

    /// The latitude in degrees north.
    async fn latitude(&self) -> Option<f64> {
        self.row().latitude
    }

    /// The longitude in degrees east.
    async fn longitude(&self) -> Option<f64> {
        self.row().longitude
    }

    /// The number of its place at geonames.org.
    async fn geonames_id(&self) -> Option<i64> {
        self.row().geonames_id
    }

    /// The id of its item at wikidata.org, such as `Q495`.
    async fn wikidata_id(&self) -> Option<&str> {
        self.row().wikidata_id.as_deref()
    }

    /// The partner that it is in the project; null if it is not a partner.
    async fn partner(&self) -> Option<Partner> {
        let partners = &self.view.partners;
        let row = partners.iter().find(|row| row.organisation_id == self.id)?;
        Some(Partner::new(&self.view, row.id))
    }
}
