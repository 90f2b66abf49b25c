//! The rows of the database, their enums and their typed ids. No behaviour.
//!
//! One module per table; the tables themselves are made by the `migration` crate.

mod ids;
mod partial_date;
mod values;
mod vocabulary;

pub mod action_plan;
pub mod agenda_item;
pub mod api_token;
pub mod audit_entry;
pub mod budget_line;
pub mod champion;
pub mod champion_workshop;
pub mod community;
pub mod endorsement;
pub mod event;
pub mod evidence;
pub mod forum;
pub mod forum_meeting;
pub mod forum_member;
pub mod forum_topic;
pub mod guide;
pub mod learning;
pub mod measure;
pub mod member;
pub mod note;
pub mod notification;
pub mod open_call;
pub mod organisation;
pub mod output;
pub mod output_event;
pub mod pairing;
pub mod pairing_party;
pub mod participation;
pub mod partner;
pub mod person;
pub mod policy;
pub mod practice;
pub mod programme;
pub mod project;
pub mod proposal;
pub mod publication;
pub mod reminder_rule;
pub mod repeated_act;
pub mod report;
pub mod report_file;
pub mod reporter;
pub mod role;
pub mod session;
pub mod sign_in_link;
pub mod source;
pub mod staff_exchange;
pub mod stakeholder;
pub mod target;
pub mod training;
pub mod unsubscription;
pub mod upload;
pub mod video;
pub mod visit;
pub mod visit_practice;

pub use ids::*;
pub use partial_date::{NotADate, PartialDate};
pub use values::*;
pub use vocabulary::*;
