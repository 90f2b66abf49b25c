//! What the server is configured with.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use domain::{files::Files, link::LinkKey, store::Store};

use super::{LiveLimits, TrustedProxies};
use crate::gateway::{Introspection, Limits};

/// The default bound of the response cache, in bytes.
const RESPONSE_CACHE_BYTES: u64 = 64 * 1024 * 1024;

/// The default time limit of a request.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// The configuration of the API server.
#[derive(Clone, Debug)]
pub struct Config {
    pub store: Arc<Store>,
    /// The folder of mails that `/outbox` shows. `None`: there is no such page.
    pub outbox: Option<PathBuf>,
    /// Signs the links in mails, as in the worker.
    pub link_key: LinkKey,
    /// Whether a client on this machine itself is its operator. Not where a proxy on the same
    /// machine may pass on the world's requests as if they were its own.
    pub loopback_is_operator: bool,
    /// The limits of one request.
    pub limits: Limits,
    /// The limits of sockets and event streams.
    pub live: LiveLimits,
    /// The origins allowed by CORS, beside our own, as browsers write them.
    pub origins: Vec<String>,
    /// Who may introspect the schema.
    pub introspection: Introspection,
    /// The proxies whose `X-Forwarded-For` is believed.
    pub proxies: TrustedProxies,
    /// What several processes share. `None`: there is one process, and it keeps all that itself.
    pub redis: Option<redis::Client>,
    /// How long a server that is asked to stop goes on as before, but for `/readyz`, so that a load
    /// balancer has time to notice.
    pub linger: Duration,
    /// The bound of the response cache, in bytes; 0 caches nothing.
    pub response_cache_bytes: u64,
    /// The time limit of a request; its body has half of that.
    pub request_timeout: Duration,
    /// Where uploaded files are stored. `None`: nowhere, and uploads are refused.
    pub files: Option<Files>,
    /// An address where `/metrics` is public; elsewhere it is the operator's.
    pub metrics_at: Option<SocketAddr>,
}

impl Config {
    #[must_use]
    pub fn new(store: Arc<Store>, link_key: LinkKey) -> Self {
        Self {
            store,
            outbox: None,
            link_key,
            loopback_is_operator: false,
            limits: Limits::default(),
            live: LiveLimits::default(),
            origins: Vec::new(),
            introspection: Introspection::default(),
            proxies: TrustedProxies::default(),
            redis: None,
            linger: Duration::ZERO,
            response_cache_bytes: RESPONSE_CACHE_BYTES,
            request_timeout: REQUEST_TIMEOUT,
            files: None,
            metrics_at: None,
        }
    }
}
