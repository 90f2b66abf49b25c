//! The configuration of the API server.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use domain::{files::Files, link::LinkKey, store::Store};

use super::{ListenLimits, LiveLimits, TrustedProxies, operator::OperatorKey};
use crate::gateway::{Introspection, Limits};

/// The default bound of the response cache, in bytes.
const RESPONSE_CACHE_BYTES: u64 = 64 * 1024 * 1024;

/// The default time limit of a request.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// The configuration of the API server.
#[derive(Clone, Debug)]
pub struct Config {
    pub store: Arc<Store>,
    /// The folder of mails that `/outbox` shows; `None` for no such page.
    pub outbox: Option<PathBuf>,
    /// The key that signs the links in mails, the same as in the worker.
    pub link_key: LinkKey,
    /// Whether a client on this machine is its operator. Must be false if a proxy on the same
    /// machine forwards requests of others.
    pub loopback_is_operator: bool,
    /// The key of the operator of a `connection up`; `None` for none.
    pub operator_key: Option<OperatorKey>,
    /// The limits of one request.
    pub limits: Limits,
    /// The limits of connections of any kind.
    pub listen: ListenLimits,
    /// The limits of sockets and event streams.
    pub live: LiveLimits,
    /// The origins allowed by CORS besides our own, in the form that browsers send.
    pub origins: Vec<String>,
    /// Whether browsers reach the API by https alone, and are told to stay with that.
    pub is_https: bool,
    /// The policy of introspection.
    pub introspection: Introspection,
    /// The trusted proxies, whose `X-Forwarded-For` is used.
    pub proxies: TrustedProxies,
    /// Redis, which several processes share; `None` for a single process.
    pub redis: Option<redis::Client>,
    /// The time during which a server that is shutting down serves as before, except for `/readyz`,
    /// so that a load balancer can notice.
    pub linger: Duration,
    /// The bound of the response cache, in bytes; 0 caches nothing.
    pub response_cache_bytes: u64,
    /// The time limit of a request; its body has half of that.
    pub request_timeout: Duration,
    /// The store of uploaded files; `None` refuses uploads.
    pub files: Option<Files>,
    /// An address at which `/metrics` is public; otherwise only the operator may read it.
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
            operator_key: None,
            limits: Limits::default(),
            listen: ListenLimits::default(),
            live: LiveLimits::default(),
            origins: Vec::new(),
            is_https: false,
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
