//! Sources: the documents that records refer to.

use async_graphql::{ID, InputObject, MergedObject, Object};
use domain::record::Kind;
use entities::{SourceId, source};

use super::tracked::TrackedSource;
use super::translation::{self, Translation};
use crate::schema::base::{
    connection::{BY_POSITION, List},
    id::id,
    view::View,
};

/// A source: a document that records refer to.
#[derive(Clone, Debug, MergedObject)]
pub struct Source(SourceFields, TrackedSource);

impl Source {
    pub fn new(view: &View, id: SourceId) -> Self {
        let tracked = TrackedSource::new(view, id);
        let view = view.clone();
        Self(SourceFields { view, id }, tracked)
    }
}

#[derive(Clone, Debug)]
struct SourceFields {
    view: View,
    id: SourceId,
}

impl SourceFields {
    fn row(&self) -> &source::Model {
        self.view.source(self.id)
    }
}

#[Object]
impl SourceFields {
    /// The opaque id of the record, for `node`.
    async fn id(&self) -> ID {
        id(Kind::Source, self.view.id(), self.id)
    }

    /// Its texts in other languages, for whoever edits them; a reader asks for a field with `locale`.
    async fn translations(&self) -> Vec<Translation> {
        translation::all(&self.row().translations)
    }

    /// The key, by which citations refer to it.
    async fn key(&self) -> &str {
        &self.row().key
    }

    /// The title.
    async fn title(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> &str {
        let row = self.row();
        self.view
            .said(&row.translations, "title", &row.title, locale.as_deref())
    }

    /// The publisher.
    async fn publisher(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let row = self.row();
        let own = row.publisher.as_deref()?;
        Some(
            self.view
                .said(&row.translations, "publisher", own, locale.as_deref()),
        )
    }

    /// The web address.
    async fn address(&self) -> Option<&str> {
        self.row().address.as_deref()
    }
}

/// A filter of sources.
#[derive(Clone, Debug, Default, InputObject)]
pub struct SourceFilter {
    /// Only sources whose title or publisher contains this text; case is ignored.
    text: Option<String>,
}

/// The project's sources.
pub fn list(view: &View, filter: Option<SourceFilter>) -> List<Source> {
    let text = filter
        .and_then(|filter| filter.text)
        .map(|text| text.to_lowercase());
    let holds = |words: &str, text: &str| words.to_lowercase().contains(text);
    let rows = view.sources.iter().filter(|row| {
        text.as_deref().is_none_or(|text| {
            holds(&row.title, text) || row.publisher.as_deref().is_some_and(|one| holds(one, text))
        })
    });
    let items = rows.map(|row| {
        let key = vec![row.position.into(), row.id.to_string().into()];
        (key, Source::new(view, row.id))
    });
    List::new(BY_POSITION, items)
}
