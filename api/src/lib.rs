//! The GraphQL API and its HTTP server.
//!
//! [`serve`] runs it; [`Gateway`] answers requests without HTTP.

mod gateway;
mod http;
mod pubsub;
mod schema;
mod settings;

pub use gateway::{
    Access, Execution, Extensions, Gateway, Introspection, LIMITS, Limit, Limits, Operation,
    PersistedQuery, PreparedOperation, RateLimitKey, RateLimiter, Rejection, RetryAfter,
    Unfinished,
};
pub use http::{
    Config, ListenLimits, LiveLimits, OperatorKey, TrustedProxies, endpoint, questions,
    raise_open_files, serve, viewer_of,
};
pub use pubsub::PubSub;
pub use schema::{Schema, schema, sdl};
pub use settings::Settings;
