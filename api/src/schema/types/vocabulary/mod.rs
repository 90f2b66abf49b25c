//! The closed vocabularies as the API spells and explains them.

mod account;
mod people;
mod work;

pub use account::*;
pub use people::*;
pub use work::*;

/// Declares enums of the API for enums of the inner crates. A variant that is missing on either side
/// does not compile.
macro_rules! vocabulary {
    ($($(#[$doc:meta])+ $name:ident = $inner:path {
        $($(#[$vdoc:meta])+ $variant:ident),+ $(,)?
    })+) => {$(
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, async_graphql::Enum)]
        pub enum $name {
            $($(#[$vdoc])+ $variant),+
        }

        impl From<$inner> for $name {
            fn from(inner: $inner) -> Self {
                use $inner as Inner;
                match inner {
                    $(Inner::$variant => Self::$variant),+
                }
            }
        }

        impl From<$name> for $inner {
            fn from(outer: $name) -> Self {
                use $inner as Inner;
                match outer {
                    $($name::$variant => Inner::$variant),+
                }
            }
        }
    )+};
}

use vocabulary;
