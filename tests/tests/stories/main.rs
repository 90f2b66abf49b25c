//! End-to-end stories: the real binaries, on real servers; and the arrows between the modules.
//!
//! `tests/run` builds the binaries and starts the servers. Without them, the stories that need
//! servers say that they are skipped; with `CONNECTION_TEST_SERVICES` set they fail instead.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on fails")]

mod arrows;
mod attacks;
mod backup;
mod browser;
mod clients;
mod commands;
mod doctor;
mod embedded;
mod files;
mod generate;
mod live;
mod private;
mod process;
mod production;
mod replay;
mod settings;
mod sign_in;
mod upgrade;
mod walk;
