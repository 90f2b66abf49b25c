//! How the processes log: to standard error, readable or as JSON, and as traces to a collector.

mod traces;

use std::io::IsTerminal;

use tracing::warn;
use tracing_subscriber::{
    EnvFilter, Layer, Registry, filter::LevelFilter, layer::SubscriberExt, util::SubscriberInitExt,
};

use crate::settings::{LOG, LOG_FORMAT, Wrong, deprecation_warnings};

pub use traces::{Traces, follow};
pub use tracing_subscriber::filter::LevelFilter as Level;

/// Starts logging as `LOG` and `LOG_FORMAT` say; `level` holds where `LOG` is not set. What it gives
/// is kept until the process ends.
///
/// # Errors
/// When one of them is wrong.
pub fn start(process: &'static str, level: LevelFilter) -> Result<Option<Traces>, Wrong> {
    let filter = match LOG.value() {
        Some(text) => EnvFilter::try_new(&text).map_err(|error| LOG.wrong(error))?,
        None => ours(level),
    };
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .log_internal_errors(false)
        .with_ansi(std::io::stderr().is_terminal());
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match LOG_FORMAT.value().as_deref() {
        None | Some("text") => Box::new(lines.with_target(false)),
        Some("json") => Box::new(lines.json()),
        Some(_) => return Err(LOG_FORMAT.wrong("it is neither text nor json")),
    };
    let traces = Traces::start(process)?;
    let spans = traces
        .as_ref()
        .map(|traces| tracing_opentelemetry::layer().with_tracer(traces.tracer()));
    tracing_subscriber::registry()
        .with(lines)
        .with(spans)
        .with(filter)
        .init();
    for warning in deprecation_warnings() {
        warn!("{warning}");
    }
    Ok(traces)
}

/// Our own crates as asked for; the libraries only when they warn.
fn ours(level: LevelFilter) -> EnvFilter {
    let ours = ["api", "connection", "domain", "worker"].map(|name| format!("{name}={level}"));
    EnvFilter::new(format!("warn,{}", ours.join(",")))
}
