//! How much live connections may take.

use std::time::Duration;

use domain::settings::{
    LIVE_CONNECTIONS, LIVE_GREETING_SECONDS, LIVE_PING_SECONDS, LIVE_STREAMS, Wrong,
};

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

impl LiveLimits {
    /// Those of the environment.
    ///
    /// # Errors
    /// When one of them is out of its bounds.
    pub fn from_settings() -> Result<Self, Wrong> {
        let limits = Self::default();
        let connections_each = LIVE_CONNECTIONS.number(1..=limits.connections)?;
        let greeting = LIVE_GREETING_SECONDS.number(1..=600)?;
        let ping = LIVE_PING_SECONDS.number(1..=600)?;
        Ok(Self {
            connections_each: connections_each.unwrap_or(limits.connections_each),
            streams: LIVE_STREAMS.number(1..=1_000)?.unwrap_or(limits.streams),
            greeting: greeting.map_or(limits.greeting, Duration::from_secs),
            ping: ping.map_or(limits.ping, Duration::from_secs),
            ..limits
        })
    }
}
