//! The GraphQL API and its HTTP front.
//!
//! [`serve`] runs it; [`Front`] answers requests without HTTP.

mod bridge;
mod front;
mod http;
mod schema;
mod settings;

pub use bridge::Bridge;
pub use front::{
    Allowance, Extensions, Front, Introspection, LIMITS, Limit, Limits, May, Operation, Payer,
    PersistedQuery, Ready, Refused, Wait,
};
pub use http::{Config, LiveLimits, TrustedProxies, endpoint, serve, viewer_of};
pub use schema::{Schema, schema, sdl};
pub use settings::Settings;
