//! The state of the server, which all endpoints share.

use std::{net::IpAddr, sync::Arc};

use domain::viewer::Viewer;
use poem::Request;
use tokio::sync::watch;

use super::{
    Config, client_address,
    encoding::EncodedBody,
    live::{Executor, Live},
    metrics::Metrics,
    readiness::Readiness,
    response_cache::ResponseCache,
    transfers::Transfers,
};
use crate::{
    gateway::{Gateway, RateLimitKey},
    schema::sdl,
};

/// The state of the server.
pub struct App {
    pub config: Config,
    pub gateway: Arc<Gateway>,
    pub response_cache: ResponseCache,
    pub metrics: Metrics,
    pub live: Live,
    pub readiness: Readiness,
    /// The files that are sent.
    pub uploads: Arc<Transfers>,
    /// The files that are fetched.
    pub downloads: Arc<Transfers>,
    pub sdl: EncodedBody,
    /// Whether the server is shutting down; streams end then.
    pub draining: watch::Receiver<bool>,
}

impl App {
    /// The state of a server that serves until `draining` is true.
    pub fn new(config: Config, draining: watch::Receiver<bool>) -> Self {
        let redis = config.redis.clone();
        let gateway = Gateway::shared(config.limits, config.introspection, redis);
        Self {
            response_cache: ResponseCache::new(config.response_cache_bytes),
            metrics: Metrics::new(gateway.unfinished()),
            readiness: Readiness::default(),
            live: Live::new(config.live, draining.clone()),
            uploads: Transfers::new(&config.limits),
            downloads: Transfers::new(&config.limits),
            sdl: EncodedBody::new("text/plain; charset=utf-8", sdl(gateway.schema())),
            gateway: Arc::new(gateway),
            config,
            draining,
        }
    }

    /// The context in which operations run on a viewer's behalf.
    pub fn executor(&self, viewer: Viewer, rate_limit_key: RateLimitKey) -> Executor {
        Executor {
            gateway: Arc::clone(&self.gateway),
            store: Arc::clone(&self.config.store),
            viewer,
            rate_limit_key,
            patience: self.config.request_timeout,
        }
    }

    /// The network of a request's client, behind trusted proxies.
    pub fn client_network(&self, request: &Request) -> IpAddr {
        let peer = request.remote_addr().as_socket_addr().copied();
        client_address::client_network(peer, request.headers(), &self.config.proxies)
    }

    /// The rate limit key of a request: the client whose token bucket is charged.
    pub fn rate_limit_key(&self, viewer: Viewer, request: &Request) -> RateLimitKey {
        let peer = request.remote_addr().as_socket_addr().copied();
        client_address::rate_limit_key(viewer, peer, request.headers(), &self.config.proxies)
    }
}
