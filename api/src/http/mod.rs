//! The HTTP front: which address shows what, and to whom.

mod accept;
mod answer;
mod encoded;
mod graphiql;
mod graphql;
mod health;
mod kept;
mod outbox;
mod page;
mod report;
mod start;
mod unsubscribe;
mod viewer;

use std::{future::Future, io, path::PathBuf, sync::Arc, time::Duration};

use domain::{link::LinkKey, store::Store, viewer::Viewer};
use poem::{
    Endpoint, EndpointExt, Request, Response, Server,
    http::{Method, StatusCode},
    listener::TcpAcceptor,
    middleware::CatchPanic,
};
use tokio::{net::TcpListener, sync::watch};
use tracing::info;

use encoded::Encoded;
use kept::Kept;

use crate::{
    front::{Front, Limits},
    schema::{incident, sdl},
};

pub use viewer::viewer_of;

/// How long answers that are under way may still take once the server is asked to stop.
const GRACE: Duration = Duration::from_secs(10);

/// How much the answers that are kept may take, if nothing else is said.
const KEPT_BYTES: u64 = 64 * 1024 * 1024;

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
    /// What several processes share; none: there is one process, and it keeps all that itself.
    pub redis: Option<redis::Client>,
    /// How long a server that is asked to stop goes on as before, but for `/readyz`, so that whoever
    /// spreads requests over several has time to notice.
    pub linger: Duration,
    /// How much the answers that are kept may take together, in bytes.
    pub kept_bytes: u64,
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
            redis: None,
            linger: Duration::ZERO,
            kept_bytes: KEPT_BYTES,
        }
    }
}

/// Serves until `shutdown` ends, and keeps the store current meanwhile.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    config: Config,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let store = Arc::clone(&config.store);
    let (drain, draining) = watch::channel(false);
    let linger = config.linger;
    let stop = async move {
        shutdown.await;
        drain.send_replace(true);
        tokio::time::sleep(linger).await;
    };
    let server = Server::new_with_acceptor(TcpAcceptor::from_tokio(listener)?)
        .name("api")
        .run_with_graceful_shutdown(draining_endpoint(config, draining), stop, Some(GRACE));
    tokio::select! {
        ended = server => ended,
        () = store.watch() => Ok(()),
    }
}

/// All pages of the API as one endpoint.
pub fn endpoint(config: Config) -> impl Endpoint<Output = Response> + 'static {
    draining_endpoint(config, watch::channel(false).1)
}

/// As [`endpoint`], until `draining` says that the server is about to end.
fn draining_endpoint(
    config: Config,
    draining: watch::Receiver<bool>,
) -> impl Endpoint<Output = Response> + 'static {
    let front = Front::new(config.limits);
    let sdl = Encoded::new("text/plain; charset=utf-8", sdl(front.schema()));
    let kept = Kept::new(config.kept_bytes);
    let app = App {
        config,
        front,
        kept,
        sdl,
        draining,
    };
    app.with(CatchPanic::new().with_handler(|_| {
        let id = incident();
        tracing::error!(incident = %id, "A request panicked");
        answer::failed(id)
    }))
}

struct App {
    config: Config,
    front: Front,
    kept: Kept,
    sdl: Encoded,
    /// Whether the server was asked to stop; streams end then.
    draining: watch::Receiver<bool>,
}

impl Endpoint for App {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let method = request.method().clone();
        let path = request.uri().path().to_owned();
        let response = self.route(request, &path).await;
        info!(method = %method, path = path, status = response.status().as_u16(), "Answered");
        Ok(answer::secured(response))
    }
}

impl App {
    async fn route(&self, request: Request, path: &str) -> Response {
        let viewer = if self.config.loopback_is_operator {
            viewer_of(
                request.remote_addr().as_socket_addr().copied(),
                request.headers(),
            )
        } else {
            Viewer::Anonymous
        };
        if path == "/graphql" {
            return match *request.method() {
                Method::POST => graphql::post(self, viewer, request).await,
                Method::GET => graphql::get(self, viewer, &request).await,
                _ => answer::not_allowed("GET, POST"),
            };
        }
        if path == "/unsubscribe" {
            return unsubscribe::answer(&self.config.store, &self.config.link_key, &request).await;
        }
        let page = self.page(viewer, &request, path).await;
        match page {
            None => answer::plain(StatusCode::NOT_FOUND, "There is no such page."),
            Some(page) => page,
        }
    }

    /// The pages that are only read.
    async fn page(&self, viewer: Viewer, request: &Request, path: &str) -> Option<Response> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) && self.knows(viewer, path) {
            return Some(answer::not_allowed("GET, HEAD"));
        }
        match path {
            "/" => Some(start::page(self.config.outbox.is_some(), viewer)),
            "/schema.graphql" => Some(self.sdl.kept_response(request.headers())),
            "/healthz" => Some(health::alive()),
            "/readyz" => {
                let is_draining = *self.draining.borrow();
                Some(health::ready(&self.config.store, is_draining).await)
            }
            _ => {
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
        ["/", "/schema.graphql", "/healthz", "/readyz"].contains(&path)
            || graphiql::is_file(path)
            || self.outbox_of(viewer, path).is_some()
            || path.starts_with("/reports/")
    }

    /// The folder of the outbox, where the path is one of its pages and the viewer may see it.
    fn outbox_of(&self, viewer: Viewer, path: &str) -> Option<PathBuf> {
        let is_outbox = path == "/outbox" || path.starts_with("/outbox/");
        let folder = self.config.outbox.clone()?;
        (is_outbox && viewer.may_see_people()).then_some(folder)
    }
}
