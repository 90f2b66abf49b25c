//! Publications about the project.

use async_graphql::{ID, InputObject, MergedObject, Object, Result};
use domain::record::Kind;
use entities::publication;

use super::{
    citation::{self, Citation},
    community::{self, Community},
    tracked::TrackedPublication,
};
use crate::schema::base::{
    connection::{BY_POSITION, List},
    id::id,
    scalar::PartialDate,
    view::View,
};

/// Something published about the project.
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

    /// The key, unique in the project.
    async fn key(&self) -> &str {
        &self.row.key
    }

    /// Its title, in its own language.
    async fn title(&self) -> &str {
        &self.row.title
    }

    /// When it was published.
    async fn published(&self) -> Option<PartialDate> {
        self.row.published.map(PartialDate)
    }

    /// Its address on the web.
    async fn url(&self) -> Option<&str> {
        self.row.url.as_deref()
    }

    /// The community that it is about.
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
    /// Only of this community: its key or its id.
    community: Option<ID>,
}

/// The project's publications.
pub fn list(view: &View, filter: Option<PublicationFilter>) -> Result<List<Publication>> {
    let community = match filter.and_then(|filter| filter.community) {
        Some(name) => Some(community::named(view, "filter.community", &name)?),
        None => None,
    };
    let rows = view.publications.iter();
    let fits = rows.filter(|row| community.is_none() || community == row.community_id);
    let items = fits.map(|row| {
        let key = vec![row.position.into(), row.id.to_string().into()];
        (key, Publication::new(view, row))
    });
    Ok(List::new(BY_POSITION, items))
}
