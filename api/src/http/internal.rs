//! The operator's pages, at a separate address.

use std::{future::pending, io, sync::Arc, time::Duration};

use domain::database;
use poem::{Endpoint, EndpointExt, Request, Response, Route, handler, web::Data};
use tokio::net::TcpListener;

use super::{
    App, health,
    listen::{ListenLimits, Listener},
    metrics::{OPEN_METRICS, Sizes},
    response,
};

/// The maximum number of open connections at this address, where few have anything to ask.
const CONNECTIONS: usize = 250;

/// Serves these pages until dropped, if there is such an address.
pub async fn serve(app: &Arc<App>) -> io::Result<()> {
    let Some(address) = app.config.metrics_at else {
        return pending().await;
    };
    let listener = TcpListener::bind(address).await.map_err(|error| {
        let line = format!("METRICS_LISTEN is wrong: {address} cannot be listened on ({error})");
        io::Error::new(error.kind(), line)
    })?;
    let listener = Listener {
        name: "metrics",
        socket: listener,
        limits: ListenLimits {
            connections: app.config.listen.connections.min(CONNECTIONS),
            ..app.config.listen
        },
        proxies: app.config.proxies.clone(),
        metrics: app.metrics.connections.clone(),
    };
    listener.serve(routes(app), pending(), Duration::ZERO).await
}

/// The table of these pages, which are the same by any method.
fn routes(app: &Arc<App>) -> impl Endpoint<Output = Response> + use<> {
    Route::new()
        .at("/metrics", metrics)
        .at("/healthz", health::alive)
        .at("/readyz", health::ready)
        .around(|routes, request: Request| async move {
            let response = match routes.call(request).await {
                Ok(response) => response,
                Err(error) => response::of_error(&error),
            };
            Ok(response::secured(response))
        })
        .data(Arc::clone(app))
}

/// The current values of all metrics.
#[handler]
pub fn metrics(Data(app): Data<&Arc<App>>) -> Response {
    let (cached_responses, cached_bytes) = app.response_cache.size();
    let (connections, idle) = database::connections(app.config.store.db());
    let (projects, project_bytes) = app.config.store.cache_size();
    let text = app.metrics.text(&Sizes {
        cached_responses,
        cached_bytes,
        projects,
        project_bytes,
        live: app.live.connections(),
        live_answers: app.gateway.subscription_answers(),
        connections,
        idle,
    });
    response::typed(OPEN_METRICS, text)
}
