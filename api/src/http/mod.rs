//! The HTTP server. [`routes`] is the table of endpoints; [`request`] is a GraphQL request and
//! [`graphql`] handles it.

mod account;
mod app;
mod authentication;
mod bearer;
mod body;
mod charge;
mod client_address;
mod config;
mod cookie;
mod cors;
mod cross_site;
mod encoding;
mod files;
mod graphiql;
mod graphql;
mod graphql_json;
mod health;
mod internal;
mod json;
mod listen;
mod live;
mod metrics;
mod negotiation;
mod observe;
mod operation;
mod operator;
mod origin;
mod outbox;
mod page;
mod readiness;
mod report;
mod request;
mod request_id;
mod response;
mod response_cache;
mod routes;
mod server;
mod sign_in;
mod start;
mod transfers;
mod unsubscribe;
mod viewer;

pub use client_address::TrustedProxies;
pub use config::Config;
pub use graphiql::questions;
pub use listen::{ListenLimits, raise_open_files};
pub use live::LiveLimits;
pub use operator::OperatorKey;
pub(crate) use origin::origins;
pub use server::{endpoint, serve};
pub use viewer::viewer_of;

use app::App;
