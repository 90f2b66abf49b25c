//! Payloads of mutations: the record, the errors for which the mutation was refused, and warnings.

use async_graphql::SimpleObject;
use uuid::Uuid;

use super::view::View;

/// An error for which a mutation was refused, or a warning about what it did.
#[derive(Clone, Debug, SimpleObject)]
pub struct UserError {
    /// The path of the input field, such as `ends` or `participants.0.partner`; null if it concerns
    /// the whole input.
    pub field: Option<String>,
    /// A stable code, such as `WRONG_STATE`; `docs/ERRORS.md` lists them.
    pub code: String,
    /// The error or warning in words, in the viewer's language.
    pub message: String,
}

/// The outcome of a mutation, from which its payload is made.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The project and the record after the change; on a conflict, in their current state.
    pub at: Option<(View, Uuid)>,
    pub user_errors: Vec<UserError>,
    pub warnings: Vec<UserError>,
}

/// Declares the payload of a mutation: its records, errors and warnings.
macro_rules! payload {
    ($($(#[$doc:meta])+ $name:ident { $($(#[$fdoc:meta])+ $field:ident: $type:ty = $find:expr),+ })+) => {$(
        $(#[$doc])+
        #[derive(Debug, async_graphql::SimpleObject)]
        pub struct $name {
            $($(#[$fdoc])+ $field: Option<$type>,)+
            /// The errors for which the mutation was refused; empty if it succeeded.
            user_errors: Vec<$crate::schema::base::payload::UserError>,
            /// Warnings about a mutation that succeeded; empty if there are none.
            warnings: Vec<$crate::schema::base::payload::UserError>,
        }

        impl From<$crate::schema::base::payload::Outcome> for $name {
            fn from(outcome: $crate::schema::base::payload::Outcome) -> Self {
                Self {
                    $($field: outcome.at.as_ref().and_then(|(view, record)| {
                        let find: fn(&$crate::schema::base::view::View, uuid::Uuid) -> Option<$type> =
                            $find;
                        find(view, *record)
                    }),)+
                    user_errors: outcome.user_errors,
                    warnings: outcome.warnings,
                }
            }
        }
    )+};
}
pub(crate) use payload;
