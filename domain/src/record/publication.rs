//! Publications about the project.

use entities::{PartialDate, Strings, Translations};

use super::{
    Kind,
    declare::{part, record},
};

record! {
    /// Something published about the project.
    Publication of publication {
        /// Names it in the project.
        key: String = Key;
        /// Its title, in its own language.
        title: String = Name;
        /// When it was published, as exact as that is known.
        published: Option<PartialDate> = Any;
        /// Where it is found on the web.
        url: Option<String> = Url;
        /// The community that it is about, by key.
        community: Option<String> = Reference(Kind::Community), column community_id;
        /// Citations, each the key of a source, or `key:place` in it.
        #[serde(default)]
        sources: Strings = Citations;
        /// Its texts in other languages than the project's: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| Publication::FIELDS, &["title"]);
    }
}

part! {
    Publication in publications, project_id known by key => |record, _| Some(record.key.clone());
}
