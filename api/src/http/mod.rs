//! The HTTP gateway: which address shows what, and to whom.

mod account;
mod authentication;
mod body;
mod client_address;
mod cookie;
mod cors;
mod cross_site;
mod encoding;
mod files;
mod graphiql;
mod graphql;
mod health;
mod internal;
mod json;
mod live;
mod metrics;
mod negotiation;
mod origin;
mod outbox;
mod page;
mod report;
mod request;
mod request_id;
mod response;
mod response_cache;
mod sign_in;
mod start;
mod unsubscribe;
mod viewer;

use std::{
    future::Future,
    io,
    net::SocketAddr,
    panic::AssertUnwindSafe,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{files::Files, link::LinkKey, log::follow, store::Store, viewer::Viewer};
use futures::FutureExt;
use poem::{
    Endpoint, Request, Response, Server,
    http::{Method, StatusCode, header},
    listener::TcpAcceptor,
};
use tokio::{net::TcpListener, sync::watch, time::timeout};
use tracing::{Instrument, error, info, info_span, warn};

use encoding::EncodedBody;
use live::{Asker, Live};
use metrics::Metrics;
use response_cache::ResponseCache;

use crate::{
    gateway::{Gateway, Introspection, Limits, RateLimitKey},
    pubsub::PubSub,
    schema::{incident, sdl},
};

pub use client_address::TrustedProxies;
pub use live::LiveLimits;
pub(crate) use origin::origins;
pub use viewer::viewer_of;

/// How long answers that are under way may still take once the server is asked to stop.
const GRACE: Duration = Duration::from_secs(10);

/// How long an answer that holds no more, of a person who was erased for instance, stays in memory.
const TIDIED: Duration = Duration::from_secs(30);
/// How much the answers that are kept may take, if nothing else is said.
const KEPT_BYTES: u64 = 64 * 1024 * 1024;

/// How long a request may take, if nothing else is said.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the API serves.
#[derive(Clone, Debug)]
pub struct Config {
    pub store: Arc<Store>,
    /// The folder of mails that `/outbox` shows; none: there is no such page.
    pub outbox: Option<PathBuf>,
    /// Signs the links in mails, as in the worker.
    pub link_key: LinkKey,
    /// Whether whoever asks from this machine itself is its operator. Not where a proxy on the same
    /// machine may pass on the world's requests as if they were its own.
    pub loopback_is_operator: bool,
    /// How much a request may ask for.
    pub limits: Limits,
    /// How much sockets and event streams may take.
    pub live: LiveLimits,
    /// The sites whose pages may ask from a browser, beside our own, as browsers write them.
    pub origins: Vec<String>,
    /// Who is told what the schema holds.
    pub introspection: Introspection,
    /// Whose word on where a request came from is taken.
    pub proxies: TrustedProxies,
    /// What several processes share; none: there is one process, and it keeps all that itself.
    pub redis: Option<redis::Client>,
    /// How long a server that is asked to stop goes on as before, but for `/readyz`, so that whoever
    /// spreads requests over several has time to notice.
    pub linger: Duration,
    /// How much the answers that are kept may take together, in bytes.
    pub kept_bytes: u64,
    /// How long a request may take; its body has half of that.
    pub patience: Duration,
    /// Where the files that people send are kept; none: nowhere, and none are taken.
    pub files: Option<Files>,
    /// Where `/metrics` is given to everyone; elsewhere it is the operator's.
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
            kept_bytes: KEPT_BYTES,
            patience: PATIENCE,
            files: None,
            metrics_at: None,
        }
    }
}

/// Serves until `shutdown` ends, and keeps the store current meanwhile: changes of other processes
/// come over Redis, where there is one, and are found by polling in any case.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    config: Config,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let bridge = config.redis.clone().map(PubSub::new);
    let (drain, draining) = watch::channel(false);
    let app = Arc::new(App::new(config, draining));
    let linger = app.config.linger;
    let stop = async move {
        shutdown.await;
        drain.send_replace(true);
        tokio::time::sleep(linger).await;
    };
    let server = Server::new_with_acceptor(TcpAcceptor::from_tokio(listener)?)
        .name("api")
        .run_with_graceful_shutdown(Arc::clone(&app), stop, Some(GRACE));
    let ended = async {
        let ended = server.await;
        app.live.ended(GRACE).await;
        ended
    };
    tokio::select! {
        ended = ended => ended,
        ended = internal::serve(&app) => ended,
        () = app.config.store.watch() => Ok(()),
        () = heard(bridge, &app.config.store) => Ok(()),
        () = tidied(&app) => Ok(()),
    }
}

/// Drops, over and over, the kept answers that hold no more.
async fn tidied(app: &App) {
    loop {
        tokio::time::sleep(TIDIED).await;
        app.kept.tidy(&app.config.store);
    }
}

async fn heard(bridge: Option<PubSub>, store: &Store) {
    match bridge {
        Some(bridge) => bridge.run(store).await,
        None => std::future::pending().await,
    }
}

/// All pages of the API as one endpoint.
pub fn endpoint(config: Config) -> impl Endpoint<Output = Response> + 'static {
    App::new(config, watch::channel(false).1)
}

struct App {
    config: Config,
    gateway: Arc<Gateway>,
    kept: ResponseCache,
    metrics: Metrics,
    live: Live,
    sdl: EncodedBody,
    /// Whether the server was asked to stop; streams end then.
    draining: watch::Receiver<bool>,
}

impl Endpoint for App {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let began = Instant::now();
        let id = request_id::of(request.headers());
        request.headers_mut().insert(request_id::HEADER, id.clone());
        let method = request.method().clone();
        let path = request.uri().path().to_owned();
        let name = id.to_str().unwrap_or_default();
        let shown = sign_in::shown(&path);
        let span = info_span!("request", id = name, method = method.as_str(), path = shown);
        if let Some(caller) = request.header("traceparent") {
            follow(&span, caller);
        }
        let reader = cors::reader(request.headers(), &self.config.origins);
        let answered = self.answered(&mut request, &path).instrument(span);
        let mut response = response::secured(answered.await);
        if path == "/graphql" && !self.config.origins.is_empty() {
            cors::readable(response.headers_mut(), reader);
        }
        response.headers_mut().insert(request_id::HEADER, id);
        let status = response.status();
        self.metrics
            .answered(&method, &path, status, began.elapsed());
        Ok(response)
    }
}

impl App {
    /// Serves as usual until `draining` says that the server is about to end.
    fn new(config: Config, draining: watch::Receiver<bool>) -> Self {
        let redis = config.redis.clone();
        let gateway = Gateway::shared(config.limits, config.introspection, redis);
        let gateway = Arc::new(gateway);
        Self {
            kept: ResponseCache::new(config.kept_bytes),
            metrics: Metrics::new(),
            live: Live::new(config.live, draining.clone()),
            sdl: EncodedBody::new("text/plain; charset=utf-8", sdl(gateway.schema())),
            gateway,
            config,
            draining,
        }
    }

    /// The answer, in time, and whatever happens.
    async fn answered(&self, request: &mut Request, path: &str) -> Response {
        let route = AssertUnwindSafe(self.route(request, path)).catch_unwind();
        let response = match timeout(self.config.patience, route).await {
            Ok(Ok(response)) => response,
            Ok(Err(_)) => {
                let id = incident();
                error!(incident = %id, "A request panicked");
                response::failed(id)
            }
            Err(_) => {
                warn!("A request took too long");
                response::error(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "TIMEOUT",
                    "This took too long and was given up. Ask for less at once, or try again.",
                )
            }
        };
        info!(status = response.status().as_u16(), "Execution");
        response
    }

    fn asker(&self, viewer: Viewer, rate_limit_key: RateLimitKey) -> Asker {
        Asker {
            gateway: Arc::clone(&self.gateway),
            store: Arc::clone(&self.config.store),
            viewer,
            rate_limit_key,
            patience: self.config.patience,
        }
    }

    /// Pages and questions that are rare are boxed, or each request would carry the room for them.
    async fn route(&self, request: &mut Request, path: &str) -> Response {
        match path {
            "/healthz" if is_read(request) => return health::alive(),
            "/readyz" if is_read(request) => return Box::pin(health::ready(self)).await,
            "/unsubscribe" => {
                let config = &self.config;
                let answer = unsubscribe::answer(&config.store, &config.link_key, request);
                return Box::pin(answer).await;
            }
            _ if sign_in::is_page(path) => {
                return Box::pin(sign_in::answer(self, request, path)).await;
            }
            _ => {}
        }
        // A browser that asks whether a page may ask brings nothing that says who.
        let known = match *request.method() {
            Method::OPTIONS => Viewer::Anonymous.into(),
            _ => match authentication::authenticate(self, request).await {
                Ok(known) => known,
                Err(response) => return *response,
            },
        };
        let mut response = self.routed(known.viewer, request, path).await;
        if let Some(cookie) = known.cookie {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }

    /// The answer to somebody.
    async fn routed(&self, viewer: Viewer, request: &mut Request, path: &str) -> Response {
        if path == "/graphql" {
            return match *request.method() {
                Method::POST => graphql::post(self, viewer, request).await,
                Method::GET if live::is_asked_for(request.headers()) => {
                    let guest = graphql::guest(viewer, request);
                    let rate_limit_key = self.rate_limit_key(viewer, request);
                    let (asker, origins) =
                        (self.asker(viewer, rate_limit_key), &self.config.origins);
                    live::upgraded(&self.live, asker, guest, origins, request)
                }
                Method::GET => Box::pin(graphql::get(self, viewer, request)).await,
                Method::OPTIONS => cors::preflight(request, &self.config.origins)
                    .unwrap_or_else(|| response::not_allowed("GET, POST")),
                _ => response::not_allowed("GET, POST"),
            };
        }
        if path == "/account/data.json" {
            return match *request.method() {
                Method::GET => Box::pin(account::data(self, viewer)).await,
                _ => response::not_allowed("GET"),
            };
        }
        if path == "/uploads" {
            return match *request.method() {
                Method::POST => Box::pin(files::upload(self, viewer, request)).await,
                _ => response::not_allowed("POST"),
            };
        }
        let page = Box::pin(self.page(viewer, request, path)).await;
        match page {
            None => response::plain(StatusCode::NOT_FOUND, "There is no such page."),
            Some(page) => page,
        }
    }

    /// Who pays for a request.
    fn rate_limit_key(&self, viewer: Viewer, request: &Request) -> RateLimitKey {
        let peer = request.remote_addr().as_socket_addr().copied();
        client_address::rate_limit_key(viewer, peer, request.headers(), &self.config.proxies)
    }

    /// The pages that are only read.
    async fn page(&self, viewer: Viewer, request: &Request, path: &str) -> Option<Response> {
        if !is_read(request) && self.knows(viewer, path) {
            return Some(response::not_allowed("GET, HEAD"));
        }
        match path {
            "/" => Some(start::page(self, viewer).await),
            _ if !self.gateway.tells_schema(viewer) && tells_schema(path) => None,
            "/schema.graphql" => Some(self.sdl.kept_response(request.headers())),
            "/metrics" if viewer == Viewer::Operator => Some(metrics::page(self)),
            _ => {
                if let Some(id) = path.strip_prefix("/evidence/") {
                    return files::evidence(self, viewer, id).await;
                }
                if let Some(id) = path.strip_prefix("/reports/") {
                    return report::file(&self.config.store, viewer, id, request).await;
                }
                if let Some(folder) = self.outbox_of(viewer, path) {
                    return outbox::page(folder, path, request).await;
                }
                graphiql::file(path, request.headers())
            }
        }
    }

    /// Whether a path is one of the pages that are only read.
    fn knows(&self, viewer: Viewer, path: &str) -> bool {
        if tells_schema(path) {
            return self.gateway.tells_schema(viewer);
        }
        ["/", "/healthz", "/readyz"].contains(&path)
            || self.outbox_of(viewer, path).is_some()
            || path.starts_with("/reports/")
            || path.starts_with("/evidence/")
    }

    /// The folder of the outbox, where the path is one of its pages and the viewer may see it.
    fn outbox_of(&self, viewer: Viewer, path: &str) -> Option<PathBuf> {
        let is_outbox = path == "/outbox" || path.starts_with("/outbox/");
        let folder = self.config.outbox.clone()?;
        (is_outbox && viewer == Viewer::Operator).then_some(folder)
    }
}

fn is_read(request: &Request) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD)
}

/// Whether a page tells what the schema holds, or is of no use without it.
fn tells_schema(path: &str) -> bool {
    path == "/schema.graphql" || graphiql::is_file(path)
}
