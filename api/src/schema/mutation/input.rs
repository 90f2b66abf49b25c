//! What inputs of several mutations share.

use async_graphql::{ID, InputObject, MaybeUndefined};
use domain::verb::{Named, plan::NewParticipant};
use entities::Localized;

use super::super::{id::NodeId, vocabulary::ParticipationStatus};

/// A text in one language.
#[derive(Clone, Debug, InputObject)]
pub struct TextInput {
    /// The language, as a BCP 47 tag such as `it`.
    pub locale: String,
    /// The text in it.
    pub text: String,
}

/// Texts by language.
pub fn localized(texts: Vec<TextInput>) -> Localized {
    Localized(
        texts
            .into_iter()
            .map(|one| (one.locale, one.text))
            .collect(),
    )
}

/// The record that a field names: by the id that another answer gave it, or by its key.
pub fn named(id: &ID) -> Named {
    NodeId::decode(id)
        .and_then(|node| node.uuid())
        .map_or_else(|| Named::Key(id.to_string()), Named::Id)
}

/// Somebody who takes part. Name a partner, a person or who else it is.
#[derive(Clone, Debug, InputObject)]
pub struct ParticipantInput {
    /// The partner that they come from: its id, or its organisation's key.
    pub partner: Option<ID>,
    /// The person: their id or key.
    pub person: Option<ID>,
    /// A role or group, where neither is named.
    pub who: Option<String>,
    /// Whether they took part; expected if left out.
    pub status: Option<ParticipationStatus>,
    /// Why they did not come.
    pub reason: Option<String>,
}

/// Those who take part, as the verbs know them.
pub fn participants(all: Vec<ParticipantInput>) -> Vec<NewParticipant> {
    all.into_iter()
        .map(|one| NewParticipant {
            partner: one.partner.as_ref().map(named),
            person: one.person.as_ref().map(named),
            who: one.who,
            status: one
                .status
                .map_or(entities::ParticipationStatus::Expected, Into::into),
            reason: one.reason,
        })
        .collect()
}

/// What an input says of a field: nothing, that it goes, or what it is from now on.
pub fn changed<T, U>(field: MaybeUndefined<T>, into: impl FnOnce(T) -> U) -> Option<Option<U>> {
    match field {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(into(value))),
    }
}
