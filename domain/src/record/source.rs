//! Sources: the documents that records refer to.

use entities::Translations;

use super::declare::{part, record};

record! {
    /// A document that the records refer to.
    Source of source {
        /// Names it in citations.
        key: String = Key;
        /// Its title, in its own language.
        title: String = Name;
        /// Who published it.
        publisher: Option<String> = Name;
        /// Where it is found on the web.
        address: Option<String> = Url;
        /// Its texts in other languages than the project's: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| Source::FIELDS, &["title", "publisher"]);
    }
}

part! {
    Source in sources, project_id known by key => |record, _| Some(record.key.clone());
}
