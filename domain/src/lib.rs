//! What Connection does: rules, progress, plan, import and export.
//!
//! No HTTP, GraphQL, queue, SMTP or templates. Rules about dates, figures and mail are pure
//! functions over [`project::Project`], one project whole in memory.

pub mod account;
pub mod actor;
mod audit;
pub mod brief;
pub mod changed;
pub mod clock;
pub mod command;
pub mod data;
pub mod database;
pub mod duty;
pub mod error;
pub mod file;
pub mod files;
pub mod ids;
pub mod job;
pub mod ledger;
pub mod link;
pub mod log;
pub mod plan;
pub mod private;
pub mod progress;
pub mod project;
pub mod record;
pub mod retention;
pub mod search;
pub mod secret;
pub mod settings;
pub mod shutdown;
pub mod store;
pub mod synthetic;
pub mod viewer;
pub mod visible;
pub mod zone;
