//! The API from outside: its schema, its answers and its binary. One program, so that the crate is
//! linked once.

#![expect(clippy::unwrap_used, reason = "tests say what they expect by failing")]

mod actions;
mod advice;
mod agreement;
mod as_of;
mod attacks;
mod city;
mod cors;
mod cursors;
mod duties;
mod entries;
mod facts;
mod files;
mod gateway;
mod generated;
mod hidden;
mod http;
mod known_at;
mod languages;
mod ledger;
mod lists;
mod live;
mod made;
mod mutations;
mod mutations_details;
mod mutations_nouns;
mod operable;
mod operator;
mod over_http;
mod process;
mod progress;
mod projects;
mod pubsub;
mod questions;
mod reading;
mod record_rules;
mod response_cache;
mod rights;
mod role_days;
mod roles;
mod rules;
mod rules_more;
mod schema_file;
mod search;
mod sign_in;
mod subscriptions;
mod support;
mod unsubscribe;
