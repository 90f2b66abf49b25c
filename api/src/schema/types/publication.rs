//! Publications about the project.

use async_graphql::{ID, InputObject, MergedObject, Object, Result};
use domain::record::Kind;
use entities::publication;

use super::{
    citation::{self, Citation},
    community::{self, Community},
    tracked::TrackedPublication,
    translation::{self, Translation},
};
use crate::schema::base::{
    connection::{BY_POSITION, List},
    id::id,
    scalar::PartialDate,
    view::View,
};

/// A publication about the project.
#[derive(Clone, Debug, MergedObject)]
pub struct Publication(PublicationFields, TrackedPublication);

impl Publication {
    pub fn new(view: &View, row: &publication::Model) -> Self {
        let tracked = TrackedPublication::new(view, row.id);
        let (view, row) = (view.clone(), row.clone());
        Self(PublicationFields { view, row }, tracked)
    }
}

#[derive(Clone, Debug)]
struct PublicationFields {
    view: View,
    row: publication::Model,
}

#[Object]
impl PublicationFields {
    /// The opaque id of the record, for `node`.
    async fn id(&self) -> ID {
        id(Kind::Publication, self.view.id(), self.row.id)
    }

    /// Its texts in other languages, for whoever edits them; a reader asks for a field with `locale`.
    async fn translations(&self) -> Vec<Translation> {
        translation::all(&self.row.translations)
    }

    /// The key, unique in the project.
    async fn key(&self) -> &str {
        &self.row.key
    }

    /// The title, in the language of the publication.
    async fn title(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> &str {
        let row = &self.row;
        self.view
            .said(&row.translations, "title", &row.title, locale.as_deref())
    }

    /// The date of publication, as precisely as it is known.
    async fn published(&self) -> Option<PartialDate> {
        self.row.published.map(PartialDate)
    }

    /// The web address.
    async fn url(&self) -> Option<&str> {
        self.row.url.as_deref()
    }

    /// The community that it is about; null if it is about the whole project.
    async fn community(&self) -> Option<Community> {
        Some(Community::new(&self.view, self.row.community_id?))
    }

    /// The sources of the record.
    async fn sources(&self) -> Vec<Citation> {
        citation::all(&self.view, &self.row.sources)
    }
}

/// A filter of publications.
#[derive(Clone, Debug, Default, InputObject)]
pub struct PublicationFilter {
    /// Only publications about this community: its key or its id.
    community: Option<ID>,
}

/// The project's publications.
pub fn list(view: &View, filter: Option<PublicationFilter>) -> Result<List<Publication>> {
    let community = match filter.and_then(|filter| filter.community) {
        Some(name) => Some(community::named(view, "filter.community", &name)?),
        None => None,
    };
    let rows = view.there(&view.publications);
    let fits = rows.filter(|row| community.is_none() || community == row.community_id);
    let items = fits.map(|row| {
        let key = vec![row.position.into(), row.id.to_string().into()];
        (key, Publication::new(view, row))
    });
    Ok(List::new(BY_POSITION, items))
}
