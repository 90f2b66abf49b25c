//! The limits of connections.

use std::time::Duration;

use tracing::warn;

/// File descriptors that are left for databases, files, Redis and the standard streams.
const OTHER_FILES: usize = 100;

/// The limits of connections of any kind, before a request is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListenLimits {
    /// The maximum number of open connections.
    pub connections: usize,
    /// The maximum number of open connections of one address, of IPv6 of one /64 network. Trusted
    /// proxies are exempt.
    pub connections_each: usize,
    /// The time limit of a request's head.
    pub head: Duration,
    /// The time limit of a connection that waits for its next request.
    pub idle: Duration,
    /// The time limit of a client that takes nothing, or next to nothing, of its answer.
    pub stall: Duration,
}

impl Default for ListenLimits {
    fn default() -> Self {
        Self {
            connections: 8_000,
            connections_each: 250,
            head: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            stall: Duration::from_secs(30),
        }
    }
}

impl ListenLimits {
    /// The same with no more connections than there are file descriptors.
    #[must_use]
    pub fn within(self, open_files: Option<usize>) -> Self {
        let Some(open_files) = open_files else {
            return self;
        };
        let most = open_files.saturating_sub(OTHER_FILES).max(open_files / 2);
        if most < self.connections {
            let wanted = self.connections;
            warn!(
                wanted,
                most, "The limit of open files is lower than CONNECTIONS"
            );
        }
        Self {
            connections: self.connections.min(most),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_no_more_connections_than_files() {
        let limits = ListenLimits::default();
        let within = |files| limits.within(files).connections;
        assert_eq!(within(None), 8_000);
        assert_eq!(within(Some(1_000_000)), 8_000);
        assert_eq!(within(Some(1_024)), 924);
        assert_eq!(within(Some(100)), 50);
    }
}
