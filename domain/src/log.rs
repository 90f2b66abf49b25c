//! How the processes log: to standard error, readable or as JSON.

use std::io::IsTerminal;

use tracing_subscriber::{EnvFilter, filter::LevelFilter};

use crate::settings::{LOG, LOG_FORMAT, Wrong};

/// Starts logging as `LOG` and `LOG_FORMAT` say; `level` holds where `LOG` is not set.
///
/// # Errors
/// When one of them is wrong.
pub fn start(level: LevelFilter) -> Result<(), Wrong> {
    let filter = match LOG.value() {
        Some(text) => EnvFilter::try_new(&text).map_err(|error| LOG.wrong(error))?,
        None => ours(level),
    };
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .log_internal_errors(false)
        .with_ansi(std::io::stderr().is_terminal());
    match LOG_FORMAT.value().as_deref() {
        None | Some("text") => log.with_target(false).init(),
        Some("json") => log.json().init(),
        Some(_) => return Err(LOG_FORMAT.wrong("it is neither text nor json")),
    }
    Ok(())
}

/// Our own crates as asked for; the libraries only when they warn.
fn ours(level: LevelFilter) -> EnvFilter {
    let ours = ["api", "connection", "domain", "worker"].map(|name| format!("{name}={level}"));
    EnvFilter::new(format!("warn,{}", ours.join(",")))
}

pub use tracing_subscriber::filter::LevelFilter as Level;
