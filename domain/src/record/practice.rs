//! Good practices of cities.

use entities::{Facts, PartialDate, Strings, Translations};

use super::{
    Kind,
    declare::{part, record},
};

record! {
    /// A good practice of a city.
    Practice of practice {
        /// Names it in the project.
        key: String = Key;
        /// What it is called, in its own language.
        name: String = Name;
        /// What kind of practice it is, in a few words.
        kind: String = Name;
        /// The city, by its organisation's key.
        partner: Option<String> = Reference(Kind::Partner), column partner_id;
        /// Since when it is done, as exact as that is known.
        since: Option<PartialDate> = Any;
        /// What it is.
        description: Option<String> = LongText;
        /// What is known about it, a sentence each.
        #[serde(default)]
        facts: Facts = Texts;
        /// A remark.
        note: Option<String> = LongText;
        /// Citations, each the key of a source, or `key:place` in it.
        #[serde(default)]
        sources: Strings = Citations;
        /// Its texts in other languages than the project's: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| Practice::FIELDS, &["name", "kind", "description", "note"]);
    }
}

part! {
    Practice in practices, project_id known by key => |record, _| Some(record.key.clone());
}
