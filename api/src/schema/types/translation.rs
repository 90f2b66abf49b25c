//! Texts of a record in other languages than the one in which the record has them.

use async_graphql::SimpleObject;
use entities::Translations;

/// A text of a record in another language than the one in which the record has it.
#[derive(Clone, Debug, SimpleObject)]
pub struct Translation {
    /// The field of the record, such as `note`.
    field: String,
    /// The language, as a BCP 47 tag such as `it`.
    locale: String,
    /// The text; null for a field that is a list.
    text: Option<String>,
    /// All texts of a field that is a list.
    texts: Option<Vec<String>>,
}

/// All texts of a record in other languages.
pub fn all(translations: &Translations) -> Vec<Translation> {
    let fields = translations.0.iter();
    let texts = fields.flat_map(|(field, texts)| texts.iter().map(move |one| (field, one)));
    texts
        .map(|(field, (locale, translation))| {
            let (text, texts) = match translation {
                entities::Translation::Text(text) => (Some(text.clone()), None),
                entities::Translation::Texts(texts) => (None, Some(texts.clone())),
            };
            Translation {
                field: field.clone(),
                locale: locale.clone(),
                text,
                texts,
            }
        })
        .collect()
}

/// The same of a record whose field is shown only later.
pub fn without(translations: &Translations, field: &str) -> Vec<Translation> {
    let mut all = all(translations);
    all.retain(|one| one.field != field);
    all
}
