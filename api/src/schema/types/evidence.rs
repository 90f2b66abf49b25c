//! Evidence: the means of verification of an output.

use async_graphql::{Context, ID, Object};
use domain::record::Entry;
use entities::evidence;

use super::{
    source::Source,
    translation::{self, Translation},
    vocabulary::EvidenceKind,
};
use crate::schema::base::{
    id::id,
    scalar::Quantity,
    view::{View, viewer},
};

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

    fn may_read_file(&self, ctx: &Context<'_>) -> bool {
        viewer(ctx).may_read_files(&self.view)
    }

    /// The row, for whoever may read its file.
    fn file(&self, ctx: &Context<'_>) -> Option<&evidence::Model> {
        self.may_read_file(ctx).then_some(&self.row)
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

    /// A hash of the entry, which changes with every edit. Without a role in the project it does not
    /// go by the stored file.
    async fn version(&self, ctx: &Context<'_>) -> String {
        let row = match self.may_read_file(ctx) {
            true => &self.row,
            // Else whoever has a file could tell by it whether it is this one.
            false => &evidence::Model {
                sha256: None,
                media_type: None,
                size: None,
                ..self.row.clone()
            },
        };
        self.view.entry_version::<domain::record::Evidence>(row)
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
    /// everyone else, and for evidence of other kinds.
    async fn download_path(&self, ctx: &Context<'_>) -> Option<String> {
        self.file(ctx)?.sha256.as_ref()?;
        Some(format!("/evidence/{}", self.row.id))
    }

    /// The SHA-256 hash of the stored file, in hexadecimal digits, for people with a role in the
    /// project; null for everyone else, and for evidence of other kinds.
    async fn sha256(&self, ctx: &Context<'_>) -> Option<&str> {
        self.file(ctx)?.sha256.as_deref()
    }

    /// The media type of the stored file, for people with a role in the project; null for everyone
    /// else, and for evidence of other kinds.
    async fn media_type(&self, ctx: &Context<'_>) -> Option<&str> {
        self.file(ctx)?.media_type.as_deref()
    }

    /// The size of the stored file in bytes, for people with a role in the project; null for
    /// everyone else, and for evidence of other kinds.
    async fn size(&self, ctx: &Context<'_>) -> Option<Quantity> {
        self.file(ctx)?.size.map(Quantity)
    }
}
