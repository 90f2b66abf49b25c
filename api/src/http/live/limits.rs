//! How much live connections may take.

use std::time::Duration;

/// The bounds of sockets and event streams.
#[derive(Clone, Copy, Debug)]
pub struct LiveLimits {
    /// The most connections of all viewers together.
    pub connections: usize,
    /// The most connections of one viewer at one address.
    pub connections_each: usize,
    /// The most operations that run on one socket at once.
    pub streams: usize,
    /// The longest message of a client, in bytes. With `connections` it bounds what all that clients
    /// send can take at once.
    pub message_bytes: usize,
    /// How long a new socket may wait with its `connection_init`.
    pub greeting: Duration,
    /// How often a socket is pinged and an event stream kept alive. A peer that says nothing until
    /// the next ping, or takes as long to read one message, is gone.
    pub ping: Duration,
}

impl Default for LiveLimits {
    fn default() -> Self {
        Self {
            connections: 4_000,
            connections_each: 100,
            streams: 50,
            message_bytes: 128 * 1024,
            greeting: Duration::from_secs(10),
            ping: Duration::from_secs(20),
        }
    }
}
