//! What inputs of several mutations share.

use async_graphql::{ID, InputObject, MaybeUndefined};
use domain::command::{Named, by_language};
use entities::Localized;

use crate::schema::base::id::NodeId;

/// A text in one language.
#[derive(Clone, Debug, InputObject)]
pub struct TextInput {
    /// The language, as a BCP 47 tag such as `it`.
    pub locale: String,
    /// The text in it.
    pub text: String,
}

/// Texts by language; one language named twice is told by the verb.
pub fn localized(texts: Vec<TextInput>) -> Localized {
    by_language(texts.into_iter().map(|one| (one.locale, one.text)))
}

/// The record that a field names: by the id that another answer gave it, or by its key.
pub fn named(id: &ID) -> Named {
    NodeId::decode(id)
        .and_then(|node| node.uuid())
        .map_or_else(|| Named::Key(id.to_string()), Named::Id)
}

/// What an input says of a field: nothing, that it goes, or what it is from now on.
pub fn changed<T, U>(field: MaybeUndefined<T>, into: impl FnOnce(T) -> U) -> Option<Option<U>> {
    match field {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(into(value))),
    }
}

/// What an input says of a record that a field names.
pub fn renamed(field: MaybeUndefined<ID>) -> Option<Option<Named>> {
    changed(field, |id| named(&id))
}
