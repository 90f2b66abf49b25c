//! Videos.

use async_graphql::Object;

use super::output::output_kind;

output_kind! {
    /// A video.
    Video { VideoFields: video -> video }
}

#[Object]
impl VideoFields {
    /// The language, as a BCP 47 tag.
    async fn language(&self) -> Option<&str> {
        self.row_once_reported()?.language.as_deref()
    }

    /// The web address.
    async fn url(&self) -> Option<&str> {
        self.row_once_reported()?.url.as_deref()
    }
}
