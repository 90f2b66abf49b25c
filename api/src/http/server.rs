//! The server: its listener, its graceful shutdown, and its background tasks.

use std::{future::Future, io, sync::Arc, time::Duration};

use domain::store::Store;
use futures::future::BoxFuture;
use poem::{Endpoint, Response};
use tokio::{net::TcpListener, sync::watch};

use super::{App, Config, internal, listen::Listener, routes};
use crate::pubsub::PubSub;

/// The grace period of running requests after the shutdown signal.
const GRACE: Duration = Duration::from_secs(10);

/// The interval at which stale responses, such as those with data of an erased person, are removed
/// from memory.
const EVICTION: Duration = Duration::from_secs(30);

/// Serves until `shutdown` completes, and applies the changes of other processes to the store: by
/// pub/sub if there is Redis, and by polling in any case.
///
/// # Errors
/// If the listener fails.
pub fn serve(
    listener: TcpListener,
    config: Config,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> BoxFuture<'static, io::Result<()>> {
    boxed(listener, config, Box::pin(shutdown))
}

/// Boxed, so that binaries and test programs do not compile the server again.
#[inline(never)]
fn boxed(
    listener: TcpListener,
    config: Config,
    shutdown: BoxFuture<'static, ()>,
) -> BoxFuture<'static, io::Result<()>> {
    Box::pin(run(listener, config, shutdown))
}

async fn run(
    listener: TcpListener,
    config: Config,
    shutdown: BoxFuture<'static, ()>,
) -> io::Result<()> {
    let pubsub = config.redis.clone().map(PubSub::new);
    let (drain, draining) = watch::channel(false);
    let app = Arc::new(App::new(config, draining));
    let linger = app.config.linger;
    let stop = async move {
        shutdown.await;
        drain.send_replace(true);
        tokio::time::sleep(linger).await;
    };
    let listener = Listener {
        name: "api",
        socket: listener,
        limits: app.config.listen,
        proxies: app.config.proxies.clone(),
        metrics: app.metrics.connections.clone(),
    };
    let server = listener.serve(routes::service(&app), stop, GRACE);
    let ended = async {
        let ended = server.await;
        app.live.ended(GRACE).await;
        ended
    };
    tokio::select! {
        ended = ended => ended,
        ended = internal::serve(&app) => ended,
        () = app.config.store.watch() => Ok(()),
        () = synchronize(pubsub, &app.config.store) => Ok(()),
        () = evict(&app) => Ok(()),
    }
}

/// The API as one endpoint.
pub fn endpoint(config: Config) -> impl Endpoint<Output = Response> + 'static {
    routes::service(&Arc::new(App::new(config, watch::channel(false).1)))
}

/// Removes stale responses from the cache at an interval.
async fn evict(app: &App) {
    loop {
        tokio::time::sleep(EVICTION).await;
        app.response_cache.evict_stale(&app.config.store);
    }
}

async fn synchronize(pubsub: Option<PubSub>, store: &Store) {
    match pubsub {
        Some(pubsub) => pubsub.run(store).await,
        None => std::future::pending().await,
    }
}
