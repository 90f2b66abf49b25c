//! The file descriptors of the process.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tracing::warn;

/// Raises the limit of open files as far as the process may: the soft limit, which many systems set
/// to 1,024 for the sake of old programs, to the hard one.
pub fn raise_open_files() {
    let limit = getrlimit(Resource::Nofile);
    if limit.current == limit.maximum {
        return;
    }
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        warn!(%error, "The limit of open files cannot be raised");
    }
}

/// How many files the process may have open; `None` for any number.
pub fn open_files() -> Option<usize> {
    let files = getrlimit(Resource::Nofile).current?;
    Some(usize::try_from(files).unwrap_or(usize::MAX))
}
