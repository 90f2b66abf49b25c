//! Evidence: the means of verification of an output.

use async_graphql::{ID, Object};
use domain::record::Entry;
use entities::evidence;

use super::{
    source::Source,
    translation::{self, Translation},
    vocabulary::EvidenceKind,
};
use crate::schema::base::{id::id, scalar::Quantity, view::View};

/// A means of verification: a source, an address or a stored file.
#[derive(Clone, Debug)]
pub struct Evidence {
    view: View,
    row: evidence::Model,
}

impl Evidence {
    pub fn new(view: &View, row: &evidence::Model) -> Self {
        Self {
            view: view.clone(),
            row: row.clone(),
        }
    }
}

/// A means of verification: a source, an address or a stored file.
#[Object]
impl Evidence {
    /// The opaque id of the entry.
    async fn id(&self) -> ID {
        id(Entry::Evidence.name(), self.view.id(), self.row.id)
    }

    /// Its texts in other languages, for whoever edits them; a reader asks for a field with `locale`.
    async fn translations(&self) -> Vec<Translation> {
        translation::all(&self.row.translations)
    }

    /// A hash of the entry, which changes with every edit.
    async fn version(&self) -> String {
        self.view
            .entry_version::<domain::record::Evidence>(&self.row)
    }

    /// The kind of evidence: a source, a web address or a file.
    async fn kind(&self) -> EvidenceKind {
        self.row.kind
    }

    /// The title.
    async fn title(
        &self,
        #[graphql(
            desc = "The language of the text, such as `it`; the project's default if left out."
        )]
        locale: Option<String>,
    ) -> Option<&str> {
        let row = &self.row;
        let own = row.title.as_deref()?;
        Some(
            self.view
                .said(&row.translations, "title", own, locale.as_deref()),
        )
    }

    /// The source; null for evidence of other kinds.
    async fn source(&self) -> Option<Source> {
        Some(Source::new(&self.view, self.row.source_id?))
    }

    /// The place in the source, such as a page; null for the whole source.
    async fn locator(&self) -> Option<&str> {
        self.row.locator.as_deref()
    }

    /// The web address; null for evidence of other kinds.
    async fn url(&self) -> Option<&str> {
        self.row.url.as_deref()
    }

    /// The path of the stored file on this server, for people with a role in the project; null for
    /// evidence of other kinds.
    async fn download_path(&self) -> Option<String> {
        self.row.sha256.as_ref()?;
        Some(format!("/evidence/{}", self.row.id))
    }

    /// The SHA-256 hash of the stored file, in hexadecimal digits.
    async fn sha256(&self) -> Option<&str> {
        self.row.sha256.as_deref()
    }

    /// The media type of the stored file.
    async fn media_type(&self) -> Option<&str> {
        self.row.media_type.as_deref()
    }

    /// The size of the stored file in bytes.
    async fn size(&self) -> Option<Quantity> {
        self.row.size.map(Quantity)
    }
}
