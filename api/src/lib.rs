//! The GraphQL API and its HTTP front.
//!
//! [`serve`] runs it; [`Front`] answers requests without HTTP.

mod bridge;
mod front;
mod http;
mod schema;

pub use bridge::Bridge;
pub use front::{Front, LIMITS, Limit, Limits, May, Operation, Ready, Refused};
pub use http::{Config, LiveLimits, endpoint, origins, serve, viewer_of};
pub use schema::{Schema, schema, sdl};
