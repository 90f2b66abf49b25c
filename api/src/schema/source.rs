//! Sources: the documents that records refer to.

use async_graphql::{ID, Object};
use entities::{SourceId, source};

use super::{
    connection::{BY_POSITION, List},
    id::id,
    view::View,
};

/// A document that records refer to.
#[derive(Clone, Debug)]
pub struct Source {
    view: View,
    id: SourceId,
}

impl Source {
    pub fn new(view: &View, id: SourceId) -> Self {
        let view = view.clone();
        Self { view, id }
    }

    fn row(&self) -> &source::Model {
        self.view.source(self.id)
    }
}

/// A document that records refer to.
#[Object]
impl Source {
    /// Names the record; `node` finds it again.
    async fn id(&self) -> ID {
        id("Source", self.view.id(), self.id)
    }

    /// Names it in citations.
    async fn key(&self) -> &str {
        &self.row().key
    }

    /// Its title.
    async fn title(&self) -> &str {
        &self.row().title
    }

    /// Who published it.
    async fn publisher(&self) -> Option<&str> {
        self.row().publisher.as_deref()
    }

    /// Where it is found on the web.
    async fn address(&self) -> Option<&str> {
        self.row().address.as_deref()
    }
}

/// The project's sources.
pub fn list(view: &View) -> List<Source> {
    List::new(
        BY_POSITION,
        view.sources.iter().map(|row| {
            let key = vec![row.position.into(), row.id.to_string().into()];
            (key, Source::new(view, row.id))
        }),
    )
}
