//! The limits of live connections.

use std::time::Duration;

/// The limits of WebSockets and event streams.
#[derive(Clone, Copy, Debug)]
pub struct LiveLimits {
    /// The maximum number of connections of all viewers together.
    pub connections: usize,
    /// The maximum number of connections of one viewer at one address.
    pub connections_each: usize,
    /// The maximum number of concurrent operations on one socket.
    pub streams: usize,
    /// The maximum size of a client's message, in bytes. With `connections` it bounds the memory of
    /// all received messages.
    pub message_bytes: usize,
    /// The time in which a new socket must send its `connection_init`.
    pub greeting: Duration,
    /// The interval of pings on sockets and of keep-alive messages in event streams. A peer that
    /// sends nothing until the next ping, or takes as long to read one message, counts as
    /// disconnected.
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
