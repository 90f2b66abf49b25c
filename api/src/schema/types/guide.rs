//! How-to guides.

use async_graphql::Object;

use super::output::output_kind;

output_kind! {
    /// A how-to guide for other cities.
    Guide { GuideFields: guide -> guide }
}

#[Object]
impl GuideFields {
    /// The language, as a BCP 47 tag.
    async fn language(&self) -> Option<&str> {
        self.row_once_reported()?.language.as_deref()
    }

    /// The address of the web page that presents it.
    async fn landing_url(&self) -> Option<&str> {
        self.row_once_reported()?.landing_url.as_deref()
    }

    /// The web address of the file.
    async fn file_url(&self) -> Option<&str> {
        self.row_once_reported()?.file_url.as_deref()
    }
}
