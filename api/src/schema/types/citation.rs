//! Citations: the places in sources where statements are found.

use async_graphql::{Object, SimpleObject};
use entities::Strings;

use super::source::Source;
use crate::schema::base::view::View;

/// A place in a source.
#[derive(Clone, Debug)]
pub struct Citation {
    view: View,
    text: String,
}

impl Citation {
    /// From a citation as it is stored: `KEY`, or `KEY:place`.
    pub fn new(view: &View, text: &str) -> Self {
        Self {
            view: view.clone(),
            text: text.to_owned(),
        }
    }

    pub fn maybe(view: &View, text: Option<&String>) -> Option<Self> {
        text.map(|text| Self::new(view, text))
    }

    fn parts(&self) -> (&str, Option<&str>) {
        match self.text.split_once(':') {
            Some((key, place)) => (key, Some(place)),
            None => (&self.text, None),
        }
    }
}

/// A list of citations.
pub fn all(view: &View, citations: &Strings) -> Vec<Citation> {
    citations
        .0
        .iter()
        .map(|text| Citation::new(view, text))
        .collect()
}

/// A place in a source.
#[Object]
impl Citation {
    /// The key of the source.
    async fn key(&self) -> &str {
        self.parts().0
    }

    /// The place in the source, such as the number of a quotation; null for the whole of it.
    async fn locator(&self) -> Option<&str> {
        self.parts().1
    }

    /// The source.
    async fn source(&self) -> Option<Source> {
        let row = self.view.source_by_key(self.parts().0)?;
        Some(Source::new(&self.view, row.id))
    }
}

/// The derivation of a value that no source states.
#[derive(Clone, Debug, SimpleObject)]
pub struct Basis {
    /// The field, as the project file spells it, such as `starts` or `title.it`.
    field: String,
    /// How its value was derived.
    reason: String,
}

/// A record's bases, by field.
pub fn basis(basis: &entities::Basis) -> Vec<Basis> {
    let entry = |(field, reason): (&String, &String)| Basis {
        field: field.clone(),
        reason: reason.clone(),
    };
    basis.0.iter().map(entry).collect()
}

/// A web address, with its source.
#[derive(Clone, Debug, SimpleObject)]
pub struct WebLink {
    /// The web address.
    url: String,
    /// The source of the address.
    citation: Option<Citation>,
}

/// A project's or a record's addresses.
pub fn links(view: &View, links: &entities::Links) -> Vec<WebLink> {
    let entry = |link: &entities::Link| WebLink {
        url: link.url.clone(),
        citation: Citation::maybe(view, link.source.as_ref()),
    };
    links.0.iter().map(entry).collect()
}
